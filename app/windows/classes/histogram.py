"""How the overall scores of a class are distributed: a bar for each range, with the number on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.library.progress_words import counted
from app.library.teaching.records import Adjustment
from app.windows.classes.adjusting import bounds
from app.windows.classes.chart import Chart, Mark
from app.windows.flow import SPACE

_BELOW, _ABOVE = 32.0, 24.0
_GAP = 0.12
# A bar of one reading among hundreds must be seen, in pixels.
_LEAST_HEIGHT = 3.0


class Histogram(Chart):
    """Shows how many readings have a score in each range."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Distribution of overall scores", parent)
        self._counts: tuple[int, ...] = ()
        self._bounds: list[float] = []

    def show_counts(self, counts: Sequence[int], adjustment: Adjustment | None = None) -> None:
        """Show how many readings are in each range.

        Parameters
        ----------
        counts : sequence of int
            At least one, from low to high: of ranges of the machine's scores that are equally wide.
        adjustment : Adjustment, optional
            By which the ranges are written as the teacher marks.
        """
        self._counts = tuple(counts)
        self._bounds = bounds(len(counts), adjustment)
        width = 100.0 / len(counts)
        marks = [
            Mark(self._told(number), _asks(number, len(counts), width) if count else None)
            for number, count in enumerate(counts)
        ]
        self.show_marks(marks, self._course())

    def _course(self) -> str:
        if not any(self._counts):
            return "No scores yet."
        most = max(range(len(self._counts)), key=self._counts.__getitem__)
        return f"Most: {self._told(most)}."

    def _told(self, number: int) -> str:
        low, high = self._bounds[number : number + 2]
        return f"{counted(self._counts[number], 'reading')} from {low:.0f} to {high:.0f}"

    # --- looks ------------------------------------------------------------------------------

    def area(self) -> QRectF:
        """Return where the bars stand."""
        return QRectF(self.rect()).adjusted(1.0, 1.0, -1.0, -_BELOW)

    def box_of(self, number: int) -> QRectF:
        """Return the column of a bar: all of it can be clicked."""
        area = self.area()
        width = area.width() / len(self._counts)
        return QRectF(area.left() + number * width, area.top(), width, area.height())

    def bar_of(self, number: int) -> QRectF:
        """Return the bar itself."""
        column, count = self.box_of(number), self._counts[number]
        full = column.height() - _ABOVE
        height = max(full * count / max(*self._counts, 1), _LEAST_HEIGHT if count else 0.0)
        gap = column.width() * _GAP
        return QRectF(column.left() + gap, column.bottom() - height, column.width() - 2.0 * gap, height)

    def draw(self, painter: QPainter) -> None:
        """Draw bars, their numbers, and the ranges below."""
        tokens, centred = self.tokens, Qt.AlignmentFlag.AlignCenter
        for number, count in enumerate(self._counts):
            column, bar = self.box_of(number), self.bar_of(number)
            fill = QColor(tokens.accent)
            fill.setAlpha(255 if number == self.current else 150)
            painter.fillRect(bar, fill)
            painter.setPen(QColor(tokens.text if count else tokens.quiet))
            above = QRectF(column.left(), bar.top() - _ABOVE + 2.0, column.width(), _ABOVE - 4.0)
            painter.drawText(above, centred, f"{count:,}" if count else "")
            if number == self.current:
                painter.setPen(QPen(QColor(tokens.accent), 2.0))
                painter.drawRect(column.adjusted(3.0, 3.0, -3.0, -1.0))
        self._draw_bounds(painter)

    def _draw_bounds(self, painter: QPainter) -> None:
        area = self.area()
        painter.setPen(QColor(self.tokens.quiet))
        for number, score in enumerate(self._bounds):
            x = area.left() + area.width() * number / len(self._counts)
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 4.0))
            left = min(max(x - SPACE * 3, 0.0), self.width() - SPACE * 6.0)
            box = QRectF(left, area.bottom() + 4.0, SPACE * 6.0, _BELOW - SPACE)
            side = Qt.AlignmentFlag.AlignHCenter
            if number == 0:
                side = Qt.AlignmentFlag.AlignLeft
            elif number == len(self._counts):
                side = Qt.AlignmentFlag.AlignRight
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, f"{score:.0f}")


def _asks(number: int, bars: int, width: float) -> dict[str, float | None]:
    """Return the machine's scores of a bar; the last one has its upper end, too."""
    return {"least": number * width, "most": None if number == bars - 1 else (number + 1) * width}
