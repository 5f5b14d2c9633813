"""One lesson in the list: its name, what it is about, and how far the learner has come."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QProgressBar, QVBoxLayout, QWidget

from app.library.lesson_rows import LessonRow
from app.windows.flow import SPACE, IconButton, label
from app.windows.tokens import Tokens
from assessment.bands import band

# With the look at the result a text takes about so long.
_SECONDS_OF_TEXT = 35
_BAR_WIDTH = 120
START, EDIT, COPY, EXPORT, DELETE = "start", "edit", "copy", "export", "delete"
_KEYS = {
    Qt.Key.Key_Return: START,
    Qt.Key.Key_Enter: START,
    Qt.Key.Key_Space: START,
    Qt.Key.Key_E: EDIT,
    Qt.Key.Key_D: COPY,
    Qt.Key.Key_X: EXPORT,
    Qt.Key.Key_Delete: DELETE,
}


class LessonLine(QFrame):
    """Shows a lesson; what is done with it is told.

    Signals
    -------
    asked(str, object)
        "start", "edit", "copy", "export" or "delete", and the `LessonRow`.
    walked(int)
        The line above (-1) or below (1) is to be gone to.
    """

    asked = Signal(str, object)
    walked = Signal(int)

    def __init__(self, row: LessonRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.setObjectName("line")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{row.title}, level {row.level}. {told(row)}")
        self.setAccessibleDescription(row.description)
        self._more = IconButton("list", "", f"More about {row.title}")
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._more.clicked.connect(lambda: self._menu(self._more.mapToGlobal(QPoint(0, self._more.height()))))
        self._build()

    def _build(self) -> None:
        row = self.row
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(label(row.title))
        names.addWidget(label(row.description, quiet=True))
        bar = QProgressBar()
        bar.setRange(0, max(row.items, 1))
        bar.setValue(row.attempted)
        bar.setTextVisible(False)
        bar.setFixedSize(_BAR_WIDTH, SPACE)
        state = QVBoxLayout()
        state.setSpacing(SPACE // 2)
        state.addStretch(1)
        state.addWidget(label(told(row), quiet=True, wraps=False), 0, Qt.AlignmentFlag.AlignRight)
        state.addWidget(bar, 0, Qt.AlignmentFlag.AlignRight)
        state.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(SPACE * 2, SPACE, SPACE, SPACE)
        line.setSpacing(SPACE * 2)
        line.addLayout(names, 1)
        line.addLayout(state)
        line.addWidget(self._more)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._more.set_tokens(tokens)

    # --- what is done with it ---------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do with the keyboard what can be done with a lesson."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _KEYS:
            self.asked.emit(_KEYS[key], self.row)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Start the lesson."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.asked.emit(START, self.row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done."""
        self._menu(event.globalPos())

    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_shipped = self.row.origin == "shipped"
        for name, what in (
            ("Read it (Enter)", START),
            ("Edit a copy (E)" if is_shipped else "Edit (E)", EDIT),
            ("Duplicate (D)", COPY),
            ("Export … (X)", EXPORT),
            ("Delete … (Delete)", DELETE),
        ):
            entry = menu.addAction(name)
            entry.setEnabled(what != DELETE or not is_shipped)
            entry.triggered.connect(lambda _on=False, chosen=what: self.asked.emit(chosen, self.row))
        menu.popup(place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Be seen as the line that keys are for."""
        super().focusInEvent(event)
        self.update()


def told(row: LessonRow) -> str:
    """Return in words how long a lesson is, and how far somebody has come."""
    minutes = max(1, round(row.items * _SECONDS_OF_TEXT / 60))
    if not row.attempted:
        return f"{row.items} texts, {minutes} min"
    best = "" if row.best is None else f", {band('overall', row.best).name}"
    return f"{row.attempted} of {row.items}{best}"
