"""A question before something that cannot be undone: what will happen in plain words, and one button."""

from __future__ import annotations

import unicodedata

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.windows.flow import SPACE, label


class Question(QDialog):
    """Asks whether to do something; it is accepted or rejected.

    Parameters
    ----------
    title : str
        What is asked.
    text : str
        What will happen.
    action : str
        On the button that does it.
    typed : str
        What must be typed before the button can be pressed; empty for nothing.
    """

    def __init__(
        self, title: str, text: str, action: str, parent: QWidget | None = None, *, typed: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        self._typed = typed
        self.action = QPushButton(action)
        self.field = QLineEdit()
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE)
        page.addWidget(label(title, heading=True))
        page.addWidget(label(text))
        if typed:
            self._ask_to_type(page)
        page.addSpacing(SPACE)
        page.addLayout(self._buttons())
        self.setAccessibleDescription(text)

    def _ask_to_type(self, page: QVBoxLayout) -> None:
        prompt = f"To go on, type {self._typed}"
        page.addWidget(label(prompt, quiet=True))
        page.addWidget(self.field)
        self.field.setAccessibleName(prompt)
        self.field.textChanged.connect(lambda text: self._allow(_same(text, self._typed)))
        self._allow(False)

    def _allow(self, can: bool) -> None:
        """Let it be done, and show that it can be."""
        self.action.setEnabled(can)
        self.action.setProperty("primary", can)
        self.style().unpolish(self.action)
        self.style().polish(self.action)

    def _buttons(self) -> QHBoxLayout:
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.reject)
        self.action.clicked.connect(self.accept)
        # Enter goes back, unless something was typed to confirm what is done.
        (self.action if self._typed else cancel).setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.action)
        if not self._typed:
            self._allow(True)
            cancel.setFocus()
        return row


def _same(one: str, other: str) -> bool:
    """Say whether two texts read the same, however their letters are composed and spaced."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
