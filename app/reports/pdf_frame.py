"""Draws the head and the foot of the pages of a report."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.reports.pdf_logo import Logo
from app.reports.pdf_sheets import Sheets
from app.reports.pdf_signs import plain_font

# In millimetres, on an A4 page of 210 by 297.
_WIDTH = 174.0
_SIDE = 18.0
_HEAD_TOP, _HEAD_HEIGHT = 9.0, 10.0
_FOOT_TOP, _FOOT_HEIGHT = 278.0, 9.0
_GAP = 3.0
_LOGO_WIDTH = 45.0
_CENTRED = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_POINTS = 8.0
_TEXT = QColor("#555555")
_LINE = QColor("#bbbbbb")


class Frame:
    """The head and the foot of each page.

    Parameters
    ----------
    sheets : Sheets
        What they say.
    unit : float
        How many units of the paper a millimetre is.

    Raises
    ------
    ReportError
        If the logo cannot be read.
    """

    def __init__(self, sheets: Sheets, unit: float) -> None:
        self._sheets = sheets
        self._unit = unit
        self._logo = Logo(sheets.logo) if sheets.logo is not None else None

    @property
    def room(self) -> QRectF:
        """What is left for the text."""
        top = _HEAD_TOP + _HEAD_HEIGHT + 2 * _GAP
        return self._area(_SIDE, top, _WIDTH, _FOOT_TOP - _GAP - top)

    def draw_head(self, painter: QPainter, page: int) -> None:
        """Draw the head of a page.

        Parameters
        ----------
        painter : QPainter
            Paints on the whole page.
        page : int
            Which, from 1.
        """
        title = self._sheets.title if page > 1 else ""
        if not (title or self._sheets.header or self._logo):
            return
        painter.setFont(plain_font(_POINTS))
        area = self._area(_SIDE, _HEAD_TOP, _WIDTH, _HEAD_HEIGHT)
        self._rule(painter, area.bottom() + _GAP / 2 * self._unit)
        if self._logo is not None:
            width = self._logo.draw(painter, area, _LOGO_WIDTH * self._unit)
            area.setLeft(area.left() + width + _GAP * self._unit)
        painter.setPen(_TEXT)
        school = _cut(painter, self._sheets.header, area.width() * (0.6 if title else 1.0))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | _CENTRED, school)
        area.setLeft(area.left() + _metrics(painter).horizontalAdvance(school) + _GAP * self._unit)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | _CENTRED, _cut(painter, title, area.width()))

    def draw_foot(self, painter: QPainter, page: int, pages: int) -> None:
        """Draw the foot of a page.

        Parameters
        ----------
        painter : QPainter
            Paints on the whole page.
        page, pages : int
            Which, from 1, of how many.
        """
        painter.setFont(plain_font(_POINTS))
        footer = self._sheets.footer.replace("{pages}", str(pages)).replace("{page}", str(page))
        area = self._area(_SIDE, _FOOT_TOP, _WIDTH, _FOOT_HEIGHT)
        self._rule(painter, area.top())
        painter.setPen(_TEXT)
        left, _, right = footer.partition("\t")
        area.setTop(area.top() + _GAP / 2 * self._unit)
        above = Qt.AlignmentFlag.AlignTop
        taken = _metrics(painter).horizontalAdvance(right) + _GAP * self._unit if right else 0.0
        rest = area.adjusted(0.0, 0.0, -taken, 0.0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignLeft | above | Qt.TextFlag.TextWordWrap, left)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | above, right)

    def _rule(self, painter: QPainter, height: float) -> None:
        painter.setPen(QPen(_LINE, 0.2 * self._unit))
        line = self._area(_SIDE, 0, _WIDTH, 0)
        painter.drawLine(QLineF(line.left(), height, line.right(), height))

    def _area(self, left: float, top: float, width: float, height: float) -> QRectF:
        unit = self._unit
        return QRectF(left * unit, top * unit, width * unit, height * unit)


def _cut(painter: QPainter, text: str, width: float) -> str:
    """Return a text, cut short if it is wider than its place."""
    return _metrics(painter).elidedText(text, Qt.TextElideMode.ElideRight, width)


def _metrics(painter: QPainter) -> QFontMetricsF:
    return QFontMetricsF(painter.font(), painter.device())
