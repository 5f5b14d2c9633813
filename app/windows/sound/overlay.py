"""What lies over the rows of the panel of the sound: the selection, the play cursor, the legend."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.windows.tokens import LIGHT, Tokens

SMALL = 12
_TINT = 40
_CURSOR = 1.5


def small_font() -> QFont:
    """Return the font of axes and legends."""
    font = QFont(QApplication.font())
    font.setPixelSize(SMALL)
    return font


class Overlay(QGraphicsItem):
    """Draws the selected span and the play cursor over all rows, in pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(100.0)
        self._area = QRectF()
        self._selection: tuple[float, float] | None = None
        self._cursor: float | None = None
        self._has_focus = False
        self._tokens = LIGHT

    def boundingRect(self) -> QRectF:
        """Return the area of the rows."""
        return self._area

    def set_area(self, area: QRectF) -> None:
        """Take the area of the rows, in the coordinates of the scene."""
        if area != self._area:
            self.prepareGeometryChange()
            self._area = area

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def set_selection(self, selection: tuple[float, float] | None) -> None:
        """Show a selection by where it begins and ends; None for none."""
        if selection != self._selection:
            self._selection = selection
            self.update()

    def set_focus(self, has_focus: bool) -> None:
        """Show whether keys come here."""
        self._has_focus = has_focus
        self.update()

    def set_cursor(self, cursor: float | None) -> None:
        """Show where the recording is played; None for nowhere."""
        for place in (self._cursor, cursor):
            if place is not None and cursor != self._cursor:
                self.update(QRectF(place - 2.0, self._area.top(), 4.0, self._area.height()))
        self._cursor = cursor

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw what there is."""
        painter.setClipRect(self._area, Qt.ClipOperation.IntersectClip)
        if self._selection is not None:
            self._paint_selection(painter, *self._selection)
        if self._cursor is not None:
            self._paint_line(painter, self._cursor, QPen(QColor(self._tokens.text), _CURSOR))
        if self._has_focus:
            painter.setPen(QPen(QColor(self._tokens.accent), 2.0))
            painter.drawRect(self._area.adjusted(1.0, 1.0, -1.0, -1.0))

    def _paint_selection(self, painter: QPainter, left: float, right: float) -> None:
        tint = QColor(self._tokens.accent)
        tint.setAlpha(_TINT)
        painter.fillRect(QRectF(left, self._area.top(), right - left, self._area.height()), tint)
        for edge in (left, right):
            self._paint_line(painter, edge, QPen(QColor(self._tokens.accent), 1.0))

    def _paint_line(self, painter: QPainter, x: float, pen: QPen) -> None:
        painter.setPen(pen)
        painter.drawLine(QPointF(x, self._area.top()), QPointF(x, self._area.bottom()))


class Legend(QGraphicsItem):
    """Says in words which line is whose, at the top right of a row."""

    _LINE, _GAP, _MARGIN = 32.0, 8.0, 6.0

    def __init__(self, row: QGraphicsItem) -> None:
        super().__init__(row)
        self.setZValue(10.0)
        self._entries: tuple[tuple[str, QPen], ...] = ()
        self._tokens = LIGHT

    def set_entries(self, entries: Sequence[tuple[str, QPen]], tokens: Tokens) -> None:
        """Show names beside lines drawn with their pens."""
        self._entries, self._tokens = tuple(entries), tokens
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the row, somewhere in which the legend stands."""
        return self.parentItem().boundingRect()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw lines and names on a ground of their own, so that no curve runs through them."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(small_font())
        widths = [metrics.horizontalAdvance(name) for name, _ in self._entries]
        width = sum(widths) + (self._LINE + 2 * self._GAP) * len(widths)
        area, height = self.boundingRect(), metrics.height() + 2.0
        left = area.right() - self._MARGIN - width
        ground = QRectF(left, area.top() + 3.0, width, height)
        painter.fillRect(ground, QColor(self._tokens.surface))
        painter.setFont(small_font())
        left += self._GAP
        for (name, pen), wide in zip(self._entries, widths, strict=True):
            painter.setPen(pen)
            middle = ground.center().y()
            painter.drawLine(QPointF(left, middle), QPointF(left + self._LINE, middle))
            painter.setPen(QColor(self._tokens.quiet))
            left += self._LINE + self._GAP
            box = QRectF(left, ground.top(), wide, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, name)
            left += wide + self._GAP
