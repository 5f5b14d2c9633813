"""Asks who is who: learners who have handed in, and who may be on the roster, too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.library.teaching.joining import Join, clear_joins
from app.windows.flow import SPACE, clear, label

_HEADING = "The same person?"
_TOLD = (
    "Somebody of the same name is on the roster and has read nothing yet. If it is somebody else, leave it "
    "as it is."
)


# More at once would hold up the window; they follow as these are joined.
_SHOWN = 30


class JoinsView(QWidget):
    """A row for each pair; hidden while there is none.

    Signals
    -------
    asked(object)
        These are the same people, a list of `Join`.
    """

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.all = QPushButton("Join all")
        self._joins: list[Join] = []
        self._rows = QGridLayout()
        self._rows.setColumnStretch(0, 1)
        self._rows.setSpacing(SPACE)
        self.all.clicked.connect(lambda _checked: self.asked.emit(clear_joins(self._joins)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(label(_HEADING, heading=True))
        layout.addWidget(label(_TOLD, quiet=True))
        layout.addLayout(self._rows)
        layout.addWidget(self.all, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def show_joins(self, joins: Sequence[Join]) -> None:
        """Ask about these."""
        self._joins = list(joins)
        clear(self._rows)
        for row, each in enumerate(joins[:_SHOWN]):
            number = f", number {each.listed.number}" if each.listed.number else ""
            button = QPushButton("Join")
            button.setAccessibleName(f"Join {each.incoming.name} and {each.listed.name}{number}")
            button.clicked.connect(lambda _checked, each=each: self.asked.emit([each]))
            self._rows.addWidget(label(f"{each.incoming.name} = {each.listed.name}{number}"), row, 0)
            self._rows.addWidget(button, row, 1)
        if len(joins) > _SHOWN:
            self._rows.addWidget(label(f"… and {len(joins) - _SHOWN} more.", quiet=True), _SHOWN, 0)
        count = len(clear_joins(joins))
        self.all.setText(f"Join all {count}")
        self.all.setVisible(count > 1)
        self.setVisible(bool(joins))
