"""The sides of the chart of scores: numbers at the left, days below, what scores mean at the right."""

from __future__ import annotations

from datetime import date

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem, QWidget

from app.windows.progress.dates import date_ticks
from app.windows.tokens import LIGHT, Tokens
from assessment.bands import BANDS

# A little room for dots at both ends.
LOWEST, HIGHEST = -3.0, 103.0
_SMALL = 13
_NUMBERS_WIDTH = 36
_DATE_WIDTH = 84
_WORDS_WIDE, _WORDS_NARROW = 144, 96
_WIDE_FROM = 760
_LEAST_HEIGHT = 16.0


def small_font() -> QFont:
    """Return the font of the sides of the chart."""
    font = QFont(QApplication.font())
    font.setPixelSize(_SMALL)
    return font


class _Side(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """An axis in the colours of a theme."""

    def __init__(self, side: str) -> None:
        super().__init__(side, maxTickLength=4)
        self.setStyle(tickFont=small_font(), hideOverlappingLabels=True)
        self.enableAutoSIPrefix(False)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.setPen(pg.mkPen(tokens.line))
        self.setTickPen(pg.mkPen(tokens.line))
        self.setTextPen(pg.mkPen(tokens.quiet))


class Numbers(_Side):
    """The scores from 0 to 100."""

    def __init__(self) -> None:
        super().__init__("left")
        self.setWidth(_NUMBERS_WIDTH)
        self.setTicks([[(float(score), str(score)) for score in range(0, 101, 20)]])


class Dates(_Side):
    """The days, as many as fit."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setHeight(28)

    def show_days(self, since: date, until: date, width: float) -> None:
        """Write days under so many pixels."""
        first, days = since.toordinal(), until.toordinal() + 1 - since.toordinal()
        margin = days * _DATE_WIDTH / 2.0 / max(width, 1.0)
        ticks = date_ticks(since, until, int(width // _DATE_WIDTH))
        # What would not fit at an end is left out.
        self.setTicks([[tick for tick in ticks if margin <= tick[0] - first <= days - margin]])


class BandWords(pg.GraphicsWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """What scores mean, each beside its range."""

    def __init__(self) -> None:
        super().__init__()
        self._aspect = "overall"
        self._tokens = LIGHT
        self.fit(_WIDE_FROM)

    def fit(self, width: float) -> None:
        """Take as much room as a chart of so many pixels can spare."""
        wanted = _WORDS_WIDE if width >= _WIDE_FROM else _WORDS_NARROW
        self.setFixedWidth(wanted)

    def set_aspect(self, aspect: str) -> None:
        """Tell about another score."""
        self._aspect = aspect
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Write the words."""
        painter.setFont(small_font())
        painter.setPen(QColor(self._tokens.quiet))
        area: QRectF = self.boundingRect()
        upper = 100.0
        for band in BANDS[self._aspect]:
            top, bottom = (area.height() * (HIGHEST - y) / (HIGHEST - LOWEST) for y in (upper, band.lower))
            middle, high = (top + bottom) / 2.0, max(bottom - top, _LEAST_HEIGHT)
            box = QRectF(8.0, middle - high / 2.0, area.width() - 8.0, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, band.name)
            upper = band.lower


def band_bounds(aspect: str) -> list[float]:
    """Return the scores at which one band ends and the next begins."""
    return [band.lower for band in BANDS[aspect] if 0.0 < band.lower < 100.0]
