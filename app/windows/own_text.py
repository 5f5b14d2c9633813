"""A dialog for a text of one's own: type or paste it, or open a file."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from app.windows.flow import SPACE, label
from assessment.errors import TextError
from assessment.text import ReferenceText

# Longer texts are not looked at while they are typed: that would hold up the typing.
_LONG_CHARACTERS = 2_000


class OwnTextDialog(QDialog):
    """Asks for a text, and says at once whether it can be read aloud.

    Parameters
    ----------
    text : str
        What stands in it at first.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Your own text")
        self.resize(640, 420)
        self._edit = QPlainTextEdit(text)
        self._edit.setPlaceholderText("Type or paste an English text here.")
        self._edit.setAccessibleName("Text to read")
        self._edit.setTabChangesFocus(True)
        self._told = label("", quiet=True)
        buttons = QDialogButtonBox()
        self._take = buttons.addButton("Read this", QDialogButtonBox.ButtonRole.AcceptRole)
        self._take.setProperty("primary", True)
        self._take.setToolTip("Ctrl+Enter")
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE)
        page.addWidget(self._edit, 1)
        page.addWidget(self._told)
        page.addWidget(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(Qt.Modifier.CTRL | key), self, self._take.click)
        self._edit.textChanged.connect(self._check)
        self._check()

    @property
    def text(self) -> str:
        """What was typed."""
        return self._edit.toPlainText()

    def _check(self) -> None:
        if not self.text.strip():
            self._tell("", can_be_read=False)
            return
        if len(self.text) > _LONG_CHARACTERS:
            words = len(self.text.split())
            self._tell(f"About {words} words. Shorter texts are easier to practise.", can_be_read=True)
            return
        try:
            words = len(ReferenceText.parse(self.text).words)
        except TextError as problem:
            self._tell(str(problem), can_be_read=False)
            return
        length = f"{words} word{'' if words == 1 else 's'}"
        self._tell(f"{length}.", can_be_read=True)

    def _tell(self, message: str, *, can_be_read: bool) -> None:
        self._told.setText(message)
        self._take.setEnabled(can_be_read)
