"""The text of a reading under review: small signs show what a teacher has marked and commented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Flag, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.windows.marks import Mark
from app.windows.text_view import TextView
from assessment.results import Assessment

# Of the size of the letters.
_SIGN = 0.28
_LEAST = 8.0


class Sign(Flag):
    """What stands above a word: it was marked (the same, or otherwise than by the machine), commented."""

    AGREED = auto()
    CHANGED = auto()
    COMMENTED = auto()


class ReviewedText(TextView):
    """Shows how a text was read, with what a teacher made of it; all keys are the page's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.signs: Mapping[int, Sign] = {}
        self.setAccessibleName("Reading under review")

    def revise(
        self, assessment: Assessment, shown: Sequence[Mark], signs: Mapping[int, Sign], alphabet: str
    ) -> None:
        """Show the same words with other marks; the place in them and what is open stay."""
        self.signs = signs
        # Of the same reading: otherwise the current word would be forgotten.
        self.assessment = assessment
        self.set_assessment(assessment, shown, alphabet)

    def leave_words(self) -> None:
        """Have no current word."""
        self.close_detail()
        self.current = -1
        self.update()

    def other_line(self, step: int) -> None:
        """Go to the nearest word of the line above (-1) or below (1)."""
        target = self._above_or_below(step)
        if target is not None:
            self.go_to(target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the page."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, then the signs of the words that are seen."""
        super().paintEvent(event)
        if self.assessment is None or not self.signs:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = QRectF(event.rect())
        for index, sign in self.signs.items():
            box = self.word_box(index)
            if box.adjusted(0, -self.pixels, 0, 0).intersects(clip):
                self._paint(painter, box, sign)
        painter.end()

    def _paint(self, painter: QPainter, word: QRectF, sign: Sign) -> None:
        side = max(_LEAST, _SIGN * self.pixels)
        places = [each for each in (Sign.AGREED, Sign.CHANGED, Sign.COMMENTED) if each in sign]
        drawn = side * 0.85
        left = word.right() - len(places) * side + side - drawn
        # Above the frame of the current word.
        top = word.top() + 1.0 - drawn
        painter.setPen(
            QPen(
                QColor(self.tokens.accent),
                1.5,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        for number, each in enumerate(places):
            box = QRectF(left + number * side, top, drawn, drawn)
            _DRAW[each](painter, box, QColor(self.tokens.accent))


def _tick(painter: QPainter, box: QRectF, _colour: QColor) -> None:
    path = QPainterPath(QPointF(box.left(), box.center().y()))
    path.lineTo(box.left() + box.width() * 0.38, box.bottom() - box.height() * 0.1)
    path.lineTo(box.right(), box.top() + box.height() * 0.1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _diamond(painter: QPainter, box: QRectF, colour: QColor) -> None:
    middle = box.center()
    path = QPainterPath(QPointF(middle.x(), box.top()))
    for point in (
        QPointF(box.right(), middle.y()),
        QPointF(middle.x(), box.bottom()),
        QPointF(box.left(), middle.y()),
    ):
        path.lineTo(point)
    path.closeSubpath()
    painter.setBrush(colour)
    painter.drawPath(path)


def _bubble(painter: QPainter, box: QRectF, _colour: QColor) -> None:
    body = box.adjusted(0, 0, 0, -box.height() * 0.25)
    path = QPainterPath()
    path.addRoundedRect(body, 2, 2)
    path.moveTo(body.left() + body.width() * 0.3, body.bottom())
    path.lineTo(body.left() + body.width() * 0.25, box.bottom())
    path.lineTo(body.left() + body.width() * 0.6, body.bottom())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


_DRAW = {Sign.AGREED: _tick, Sign.CHANGED: _diamond, Sign.COMMENTED: _bubble}
