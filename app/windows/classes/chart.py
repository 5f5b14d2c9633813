"""A chart whose marks can be pointed at, walked to and asked: what histogram and trend have in common."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.windows.classes.sheet_table import SMALL_PIXELS, sized
from app.windows.flow import SPACE
from app.windows.tokens import LIGHT, Tokens

HELP = "Left and Right go from one to the next, Enter shows the recordings."
_LEAST_HEIGHT, _HEIGHT = SPACE * 16, SPACE * 28
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


@dataclass(frozen=True)
class Mark:
    """Something in a chart.

    Attributes
    ----------
    words : str
        What it tells.
    asks : mapping or None
        By which fields of a `Queue` the recordings behind it are asked; None if there are none.
    """

    words: str
    asks: Mapping[str, Any] | None


class Chart(QWidget):
    """Draws marks; mouse and keys go from one to the next.

    Parameters
    ----------
    name : str
        What it shows, for screen readers.

    Signals
    -------
    asked(object)
        The recordings behind a mark are to be shown: fields of a `Queue`.
    pointed(str)
        What the mark that was pointed at or walked to tells; "" for none.
    """

    asked = Signal(object)
    pointed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks: tuple[Mark, ...] = ()
        self.current: int | None = None
        self.tokens = LIGHT
        self.course = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Ask for room."""
        return QSize(SPACE * 50, _HEIGHT)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.tokens = tokens
        self.update()

    def show_marks(self, marks: Sequence[Mark], course: str) -> None:
        """Show marks from left to right; `course` tells about all of them in a sentence."""
        self.marks, self.course = tuple(marks), course
        self._choose(None)
        self.update()

    # --- what a chart says of itself --------------------------------------------------------

    def area(self) -> QRectF:
        """Return where marks are drawn, in pixels of the widget."""
        return QRectF(self.rect())

    def box_of(self, number: int) -> QRectF:
        """Return where a mark is, in pixels of the widget."""
        raise NotImplementedError

    def mark_at(self, point: QPointF) -> int | None:
        """Return the mark at a point."""
        return next((each for each in range(len(self.marks)) if self.box_of(each).contains(point)), None)

    def draw(self, painter: QPainter) -> None:
        """Draw marks and what is around them."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chart."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(SMALL_PIXELS))
        painter.fillRect(self.area(), QColor(self.tokens.surface))
        self.draw(painter)
        is_on_it = self.hasFocus()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.tokens.accent if is_on_it else self.tokens.line), 1.0 + is_on_it))
        painter.drawRect(self.area())

    # --- mouse and keys ---------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is pointed at."""
        number = self.mark_at(event.position())
        if number == self.current:
            return
        self._choose(number)
        if number is None:
            self.unsetCursor()
            QToolTip.hideText()
            return
        mark = self.marks[number]
        self.setCursor(Qt.CursorShape.PointingHandCursor if mark.asks else Qt.CursorShape.ArrowCursor)
        QToolTip.showText(event.globalPosition().toPoint(), f"<qt>{html.escape(mark.words)}</qt>", self)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was pointed at."""
        super().leaveEvent(event)
        self._choose(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show the recordings behind what was clicked."""
        number = self.mark_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and number is not None:
            self._choose(number)
            self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, and ask."""
        key = Qt.Key(event.key())
        if self.marks and key in _STEPS:
            start = self.current if self.current is not None else (-1 if _STEPS[key] > 0 else len(self.marks))
            self._choose(min(max(start + _STEPS[key], 0), len(self.marks) - 1))
        elif self.marks and key in _ENDS:
            self._choose(range(len(self.marks))[_ENDS[key]])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._ask()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self._choose(None)

    def _ask(self) -> None:
        asks = None if self.current is None else self.marks[self.current].asks
        if asks is not None:
            self.asked.emit(dict(asks))

    def _choose(self, number: int | None) -> None:
        self.current = number
        words = "" if number is None else self.marks[number].words
        self.pointed.emit(words)
        self.setAccessibleDescription(" ".join(filter(None, (words, self.course, HELP))))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()
