"""The signs for what is better, worse, the same or in one reading only: each has a shape of its own."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.library.comparison import Change
from app.windows.tokens import LIGHT, Tokens

_THICK = 1.5


def draw_sign(painter: QPainter, box: QRectF, change: Change, tokens: Tokens) -> None:
    """Draw a sign.

    Parameters
    ----------
    painter : QPainter
        Where.
    box : QRectF
        What it fills.
    change : Change
        A full triangle that points up is better, a hollow one that points down is worse, two lines are the
        same, a ring is in one reading only.
    tokens : Tokens
        The colours.
    """
    colours = {Change.BETTER: tokens.good, Change.WORSE: tokens.wrong, Change.ONLY_ONE: tokens.added}
    colour = QColor(colours.get(change, tokens.quiet))
    painter.save()
    painter.setPen(QPen(colour, _THICK, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour if change is Change.BETTER else Qt.BrushStyle.NoBrush)
    painter.drawPath(_shape(box, change))
    painter.restore()


def _shape(box: QRectF, change: Change) -> QPainterPath:
    path = QPainterPath()
    if change is Change.ONLY_ONE:
        path.addEllipse(box)
    elif change is Change.SAME:
        for part in (0.3, 0.7):
            y = box.top() + part * box.height()
            path.moveTo(box.left(), y)
            path.lineTo(box.right(), y)
    else:
        point, base = box.top(), box.bottom()
        if change is Change.WORSE:
            point, base = base, point
        path.moveTo(QPointF(box.center().x(), point))
        path.lineTo(QPointF(box.right(), base))
        path.lineTo(QPointF(box.left(), base))
        path.closeSubpath()
    return path


class Sign(QWidget):
    """Shows a sign by itself."""

    def __init__(self, change: Change = Change.SAME, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._change, self._tokens = change, LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for as much as a letter takes."""
        return QSize(16, 16)

    def set_change(self, change: Change) -> None:
        """Show another sign."""
        self._change = change
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_sign(painter, QRectF(self.rect()).adjusted(3, 3, -3, -3), self._change, self._tokens)
        painter.end()
