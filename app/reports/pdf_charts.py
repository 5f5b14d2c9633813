"""Puts the drawings of a report into its text as lines: Qt's rich text itself knows pictures only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from PySide6.QtCore import QByteArray, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPyTextObject, QTextDocument, QTextFormat
from PySide6.QtSvg import QSvgRenderer

from app.reports.errors import ReportError

_DRAWING = re.compile(r"<svg\b(?:[^>]*/>|.*?</svg\s*>)", re.DOTALL | re.IGNORECASE)
_OPENED = re.compile(r"<svg\b", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_NAMESPACE = "http://www.w3.org/2000/svg"
# The share of the height of a page that a chart may fill: its heading is to stand above it.
_HEIGHT = 0.9
_WRONG = (
    "Drawing {number} of the report is not good SVG ({problem}). Correct it in the template of the report, "
    "or use the templates of Elocute."
)


@dataclass(frozen=True, eq=False)
class Chart:
    """One drawing.

    Attributes
    ----------
    renderer : QSvgRenderer
        Draws it.
    size : QSizeF
        Width and height in the pixels of a page of HTML, 96 to the inch.
    words : str
        What is written in it.
    """

    renderer: QSvgRenderer
    size: QSizeF
    words: str


def take_charts(html: str) -> tuple[str, tuple[Chart, ...]]:
    """Take the drawings out of a page of HTML.

    Parameters
    ----------
    html : str
        With `<svg>` elements.

    Returns
    -------
    str
        The page with pictures named "chart:0", "chart:1" … in their place.
    tuple of Chart
        The drawings in their order.

    Raises
    ------
    ReportError
        If one of them is not good SVG.
    """
    charts: list[Chart] = []

    def take(found: re.Match[str]) -> str:
        charts.append(_chart(found[0], len(charts) + 1))
        return f'<div><img src="chart:{len(charts) - 1}"></div>'

    rest = _DRAWING.sub(take, html)
    if _OPENED.search(rest):
        raise ReportError(_WRONG.format(number=len(charts) + 1, problem="it has no end"))
    return rest, tuple(charts)


def _chart(source: str, number: int) -> Chart:
    if "xmlns=" not in source[: source.index(">")]:  # HTML does not ask for it
        source = f'{source[:4]} xmlns="{_NAMESPACE}"{source[4:]}'
    try:
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError as problem:
        raise ReportError(_WRONG.format(number=number, problem=problem)) from problem
    renderer = QSvgRenderer(QByteArray(source.encode()))
    size = QSizeF(_length(root.get("width")), _length(root.get("height")))
    if not renderer.isValid() or size.isEmpty():
        raise ReportError(_WRONG.format(number=number, problem="it has no width and height in pixels"))
    return Chart(renderer, size, " ".join("".join(root.itertext()).split()))


def _length(text: str | None) -> float:
    """Return a length in pixels, or 0 if it is none."""
    found = _LENGTH.fullmatch(text or "")
    return float(found[1]) if found else 0.0


class ChartObject(QPyTextObject):
    """Draws charts where the text has pictures.

    Parameters
    ----------
    charts : tuple of Chart
        Those that the pictures name.
    scale : float
        How many units of the paper a pixel of HTML is.
    room : QSizeF
        What the text may fill of a page, in units of the paper: larger charts are made smaller.
    """

    def __init__(self, charts: tuple[Chart, ...], scale: float, room: QSizeF) -> None:
        super().__init__()
        self._charts = charts
        self._scale = scale
        self._room = room

    def intrinsicSize(self, _doc: QTextDocument, _place: int, picture: QTextFormat) -> QSizeF:
        """Return how large a chart is on the paper."""
        chart = self._named(picture)
        if chart is None:
            return QSizeF()
        size = chart.size * self._scale
        share = min(1.0, self._room.width() / size.width(), _HEIGHT * self._room.height() / size.height())
        return size * share

    def drawObject(
        self, painter: QPainter, place: QRectF | QRect, _doc: QTextDocument, _place: int, picture: QTextFormat
    ) -> None:
        """Draw a chart."""
        chart = self._named(picture)
        if chart is None:
            return
        painter.save()
        painter.setClipRect(place, Qt.ClipOperation.IntersectClip)  # nothing reaches over its edges
        chart.renderer.render(painter, QRectF(place))
        painter.restore()

    def _named(self, picture: QTextFormat) -> Chart | None:
        """Return the chart that a picture names; other pictures are left out."""
        scheme, _, number = picture.toImageFormat().name().partition(":")
        return self._charts[int(number)] if scheme == "chart" else None
