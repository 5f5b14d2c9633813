"""Draws the signs on the words of a reading: each has a shape of its own, whatever its colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from app.windows.marks import Mark, MarkKind
from app.windows.text_layout import TextLayout
from app.windows.tokens import Tokens

# Of the size of the letters.
_THICK = 0.07
_LABEL = 0.55
_SMALLEST_LABEL = 11


class MarkPainter:
    """Draws marks on a page of text.

    Parameters
    ----------
    painter : QPainter
        With the page's own coordinates.
    page : TextLayout
        Where the words stand.
    tokens : Tokens
        The colours.
    """

    def __init__(self, painter: QPainter, page: TextLayout, tokens: Tokens) -> None:
        self._painter, self._page, self._tokens = painter, page, tokens
        self._size = page.font.pixelSize()
        self._thick = max(1.5, self._size * _THICK)
        self._label_font = QFont(page.font)
        self._label_font.setPixelSize(max(_SMALLEST_LABEL, round(self._size * _LABEL)))

    def draw(self, marks: Sequence[Mark], clip: QRectF) -> None:
        """Draw those marks that stand inside a rectangle of the page."""
        added: dict[int, list[Mark]] = {}
        start, end = self._page.span(_roomy(clip))
        for mark in marks:
            if not start <= mark.start <= end and not start <= mark.end <= end:
                continue
            if mark.kind in (MarkKind.ADDED, MarkKind.AGAIN):
                added.setdefault(mark.start, []).append(mark)
            else:
                self._draw(mark)
        for group in added.values():
            self._beside(group)

    def _boxes(self, mark: Mark) -> list[QRectF]:
        return list(self._page.rectangles(mark.start, mark.end))

    def _draw(self, mark: Mark) -> None:
        if mark.kind in (MarkKind.PAUSE, MarkKind.NO_PAUSE):
            x, middle = self._gap_before(mark.start)
            self._pause(x, middle) if mark.kind is MarkKind.PAUSE else self._missing_pause(x, middle)
            return
        boxes = self._boxes(mark)
        for box in boxes:
            y = self._below(box)
            if mark.kind is MarkKind.NEARLY:
                self._line(box, y, self._tokens.nearly)
            elif mark.kind is MarkKind.WRONG:
                self._line(box, y - 0.4 * self._thick, self._tokens.wrong)
                self._line(box, y + 1.8 * self._thick, self._tokens.wrong)
            else:
                self._line(box, y, self._tokens.quiet, Qt.PenStyle.DashLine)
        if mark.kind is MarkKind.LEFT_OUT:
            self._brackets(boxes)

    def _below(self, box: QRectF) -> float:
        """Return where lines under the letters of a box run."""
        metrics = QFontMetricsF(self._page.font)
        inset = (box.height() - metrics.height()) / 2
        return box.top() + inset + metrics.ascent() + metrics.descent() * 0.72

    def _line(self, box: QRectF, y: float, colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        self._painter.setPen(QPen(QColor(colour), self._thick, style, Qt.PenCapStyle.FlatCap))
        self._painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _brackets(self, boxes: Sequence[QRectF]) -> None:
        if not boxes:
            return
        self._painter.setPen(QPen(QColor(self._tokens.quiet), self._thick * 0.8))
        reach, half = self._size * 0.10, self._size * 0.48
        for x, inwards in ((boxes[0].left() - reach, reach), (boxes[-1].right() + reach, -reach)):
            middle = (boxes[0] if inwards > 0 else boxes[-1]).center().y()
            path = QPainterPath(QPointF(x + inwards, middle - half))
            path.lineTo(x, middle - half)
            path.lineTo(x, middle + half)
            path.lineTo(x + inwards, middle + half)
            self._painter.drawPath(path)

    def _gap_before(self, start: int) -> tuple[float, float]:
        """Return the middle of the space before a word."""
        box = next(iter(self._page.rectangles(start, start)))
        space = QFontMetricsF(self._page.font).horizontalAdvance(" ")
        return box.left() - space / 2, box.center().y()

    def _pause(self, x: float, middle: float) -> None:
        self._painter.setPen(QPen(QColor(self._tokens.nearly), self._thick * 0.8))
        for offset in (-self._thick, self._thick):
            half = self._size * 0.42
            self._painter.drawLine(QPointF(x + offset, middle - half), QPointF(x + offset, middle + half))

    def _missing_pause(self, x: float, middle: float) -> None:
        """Draw a hollow comma."""
        self._painter.setPen(QPen(QColor(self._tokens.nearly), self._thick * 0.8))
        unit = self._size * 0.1
        y = middle + self._size * 0.32
        path = QPainterPath()
        path.addEllipse(QPointF(x, y), unit, unit)
        path.moveTo(x + unit, y)
        path.quadTo(x + unit, y + 2.2 * unit, x - 0.8 * unit, y + 2.6 * unit)
        self._painter.drawPath(path)

    def _beside(self, group: Sequence[Mark]) -> None:
        """Draw words that were said beside the text: a caret or a loop, and above it what was said."""
        x, middle = self._gap_before(group[0].start)
        is_again = all(mark.kind is MarkKind.AGAIN for mark in group)
        self._painter.setPen(QPen(QColor(self._tokens.added), self._thick * 0.9))
        self._loop(x, middle) if is_again else self._caret(x, middle)
        label = " ".join(mark.label for mark in group if mark.label)
        metrics = QFontMetricsF(self._label_font)
        left = max(0.0, x - metrics.horizontalAdvance(label) / 2)
        self._painter.setFont(self._label_font)
        self._painter.drawText(QPointF(left, middle - self._size * 0.52), label)

    def _caret(self, x: float, middle: float) -> None:
        reach, y = self._size * 0.16, middle + self._size * 0.52
        path = QPainterPath(QPointF(x - reach, y))
        path.lineTo(x, y - 1.6 * reach)
        path.lineTo(x + reach, y)
        self._painter.drawPath(path)

    def _loop(self, x: float, middle: float) -> None:
        """Draw an arrow that runs back."""
        reach, y = self._size * 0.17, middle + self._size * 0.5
        path = QPainterPath(QPointF(x - reach, y))
        path.arcTo(QRectF(x - reach, y - reach, 2 * reach, 2 * reach), 180, -250)
        self._painter.drawPath(path)
        tip = QPainterPath(QPointF(x - reach * 1.8, y - reach * 0.3))
        tip.lineTo(x - reach, y + reach * 0.5)
        tip.lineTo(x - reach * 0.2, y - reach * 0.3)
        self._painter.drawPath(tip)


def _roomy(box: QRectF) -> QRectF:
    """Return a box with room for what stands beside it."""
    return box.adjusted(-40.0, -20.0, 40.0, 20.0)
