"""What is shown where there is nothing yet: what it is for, and buttons that help."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.windows.flow import SPACE, label

_WIDTH = SPACE * 88


class Empty(QWidget):
    """A message with buttons, of which the first helps most.

    Parameters
    ----------
    message : str
        What there is not.
    more : str
        What it would be for, and what to do.
    actions : str
        On the buttons.

    Attributes
    ----------
    buttons : tuple of QPushButton
        For others to connect.
    """

    def __init__(self, message: str, more: str, *actions: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = tuple(map(QPushButton, actions))
        said, told = label(message, heading=True), label(more, quiet=True)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch(1)
        for place, button in enumerate(self.buttons):
            button.setProperty("primary", place == 0)
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(SPACE * 2)
        column.addStretch(1)
        for each in (said, told):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            each.setMaximumWidth(_WIDTH)
            centred = QHBoxLayout()
            centred.addStretch(1)
            centred.addWidget(each, 1_000)
            centred.addStretch(1)
            column.addLayout(centred)
        column.addLayout(row)
        column.addStretch(2)

    @property
    def home(self) -> QWidget:
        """Where the keys go."""
        return self.buttons[0]
