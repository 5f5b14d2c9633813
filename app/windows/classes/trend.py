"""How the scores of a class went: a dot for each day with readings, joined by a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.library.progress import Day, Trend
from app.library.progress_words import counted, day_words, trend_words
from app.windows.classes.chart import Chart, Mark
from app.windows.classes.scope import of_day
from app.windows.flow import SPACE
from app.windows.progress.dates import date_ticks

_LEFT, _BELOW, _INSIDE = 36.0, 32.0, 12.0
_DOT, _CHOSEN_DOT, _LINE = 4.0, 7.0, 2.0
# So near in pixels, from side to side, a dot is pointed at.
_NEAR = 16.0
_DATE_WIDTH = 84.0
_STEP = 20


class TrendChart(Chart):
    """Shows the mean score of each day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Mean scores by day", parent)
        self._days: tuple[Day, ...] = ()
        self._scores: tuple[float, ...] = ()

    def show_days(self, days: Sequence[Day], aspect: str) -> None:
        """Show the means of days, the oldest first, of one score: one of `progress.ASPECTS`."""
        scored = [(day, score) for day in days if (score := day.scores.of(aspect)) is not None]
        self._days = tuple(day for day, _ in scored)
        self._scores = tuple(score for _, score in scored)
        marks = [Mark(_told(day, aspect, score), of_day(day.day)) for day, score in scored]
        self.show_marks(marks, _course(self._days, aspect))

    # --- where things stand -----------------------------------------------------------------

    def area(self) -> QRectF:
        """Return where dots stand."""
        return QRectF(self.rect()).adjusted(_LEFT, 1.0, -1.0, -_BELOW)

    def _x(self, place: float) -> float:
        """Return where a day stands, given as of `date.toordinal`."""
        first, last = self._days[0].day.toordinal(), self._days[-1].day.toordinal() + 1.0
        area = self.area().adjusted(_INSIDE, 0.0, -_INSIDE, 0.0)
        return area.left() + (place - first) / (last - first) * area.width()

    def _y(self, score: float) -> float:
        area = self.area().adjusted(0.0, _INSIDE, 0.0, -_INSIDE)
        return area.bottom() - score / 100.0 * area.height()

    def point_of(self, number: int) -> QPointF:
        """Return the middle of a dot."""
        return QPointF(self._x(self._days[number].day.toordinal() + 0.5), self._y(self._scores[number]))

    def box_of(self, number: int) -> QRectF:
        """Return the place of a dot."""
        point = self.point_of(number)
        return QRectF(point.x() - _NEAR, point.y() - _NEAR, 2.0 * _NEAR, 2.0 * _NEAR)

    def mark_at(self, point: QPointF) -> int | None:
        """Return the day that is nearest from side to side."""
        if not self._days or not self.area().contains(point):
            return None
        nearest = min(range(len(self._days)), key=lambda each: abs(self.point_of(each).x() - point.x()))
        return nearest if abs(self.point_of(nearest).x() - point.x()) <= _NEAR else None

    # --- looks ------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        """Draw lines, dots, scores at the left and days below."""
        self._draw_scores(painter)
        if not self._days:
            painter.drawText(self.area(), Qt.AlignmentFlag.AlignCenter, "No readings with this score.")
            return
        self._draw_dates(painter)
        accent = QColor(self.tokens.accent)
        points = [self.point_of(number) for number in range(len(self._days))]
        painter.setPen(QPen(accent, _LINE))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(QColor(self.tokens.surface), 1.5))
        painter.setBrush(accent)
        for number, point in enumerate(points):
            size = _CHOSEN_DOT if number == self.current else _DOT
            painter.drawEllipse(point, size, size)

    def _draw_scores(self, painter: QPainter) -> None:
        area = self.area()
        for score in range(0, 101, _STEP):
            y = self._y(score)
            painter.setPen(QColor(self.tokens.line))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(self.tokens.quiet))
            box = QRectF(0.0, y - SPACE, _LEFT - SPACE, 2.0 * SPACE)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(score))

    def _draw_dates(self, painter: QPainter) -> None:
        area, first, last = self.area(), self._days[0].day, self._days[-1].day
        painter.setPen(QColor(self.tokens.quiet))
        for place, name in date_ticks(first, last, int(area.width() // _DATE_WIDTH)):
            x = self._x(place)
            box = QRectF(x - _DATE_WIDTH / 2.0, area.bottom() + 4.0, _DATE_WIDTH, _BELOW - SPACE)
            # What would not fit at an end is left out.
            if box.left() >= 0.0 and box.right() <= self.width():
                painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 4.0))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)


def _told(day: Day, aspect: str, score: float) -> str:
    readings = counted(day.attempts, "reading")
    return f"{day_words(day.day)}: {aspect} about {score:.0f}, {readings}"


def _course(days: Sequence[Day], aspect: str) -> str:
    if not days:
        return "No readings with this score."
    return trend_words(Trend(days[0].day, days[-1].day, (), tuple(days)), aspect)
