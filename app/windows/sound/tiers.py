"""Draws the words and phones of a recording as tiles along its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from app.windows.marks import symbol
from app.windows.sound.data import PhoneSpan, Tier, WordSpan
from app.windows.sound.stretch import Stretch
from app.windows.theme import ipa_font
from app.windows.tokens import LIGHT, Tokens
from assessment.results import Verdict

HEIGHT = 28
_PIXELS, _SMALL_PIXELS = 14, 11
_ROUND = 4.0
_TINT = 36
# In pixels: tiles stand so far apart; one narrower than that is a stroke; text keeps off the borders;
# strokes begin no closer than that.
_GAP, _NARROW, _MARGIN, _CLOSEST = 1.0, 5.0, 2.0, 2.0
# How high strokes are, of the height of a tile: for what is right, nearly right, wrong.
_STROKES = (0.3, 0.6, 1.0)
AnyTier = Tier[WordSpan] | Tier[PhoneSpan]
# A shortened word has at least so many signs, the dots among them.
_LEAST_LETTERS = 3
_LEAST_ROOM = 12.0


@dataclass(frozen=True)
class Tile:
    """A tile as it is drawn.

    Attributes
    ----------
    span : WordSpan or PhoneSpan
        What it shows.
    box : QRectF
        Where it stands, as far as it is seen.
    text : str
        Shortened where there is too little room; empty where there is none.
    font : QFont
        Smaller where that lets more of the text stand.
    lines : int
        How many stand under it: one for a phone that is nearly right, two for one that is wrong.
    """

    span: WordSpan | PhoneSpan
    box: QRectF
    text: str
    font: QFont
    lines: int


class TierItem(QGraphicsWidget):
    """A row of tiles, words or phones; those without room lose their text, then their shape."""

    def __init__(self) -> None:
        super().__init__()
        self._tier: AnyTier | None = None
        self._stretch = Stretch.whole(1.0)
        self._alphabet = "ipa"
        self._tokens = LIGHT
        self._fonts: tuple[QFont, ...] = (QFont(),)
        self.setMinimumHeight(HEIGHT)
        self.setMaximumHeight(HEIGHT)

    def set_tier(self, tier: AnyTier | None, alphabet: str) -> None:
        """Show spans; phones are written in "ipa" or "arpabet"."""
        self._tier, self._alphabet = tier, alphabet
        self._fonts = (ipa_font(_PIXELS), ipa_font(_SMALL_PIXELS))
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def set_stretch(self, stretch: Stretch) -> None:
        """Show a stretch of the recording over the whole width."""
        self._stretch = stretch
        self.update()

    def tiles(self) -> Iterator[Tile]:
        """Yield the tiles that have room for a border, none over another."""
        numbers, boxes = self._boxes()
        metrics = [QFontMetricsF(font) for font in self._fonts]
        for number, (left, right) in zip(numbers, boxes, strict=True):
            if self._tier is not None and right - left >= _NARROW:
                span = self._tier.spans[number]
                box = QRectF(left, _GAP, right - left - _GAP, HEIGHT - 2 * _GAP)
                text, size = _fitted(self._text(span), metrics, box.width() - 2 * _MARGIN)
                yield Tile(span, box, text, self._fonts[size], int(self._tier.flaws[number]))

    def _boxes(self) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return which spans are drawn, and the pixels from which to which each stands."""
        stretch, width = self._stretch, max(self.size().width(), 1.0)
        if self._tier is None:
            return np.zeros(0, np.intp), np.zeros((0, 2))
        pixels = width / stretch.length
        numbers = self._tier.visible(stretch.start, stretch.end, _CLOSEST / pixels)
        times = np.stack((self._tier.starts[numbers], self._tier.ends[numbers]), axis=1)
        return numbers, np.clip((times - stretch.start) * pixels, 0.0, width)

    def _text(self, span: WordSpan | PhoneSpan) -> str:
        if isinstance(span, PhoneSpan):
            return symbol(span.phone.symbol, self._alphabet)
        return f"+ {span.word.text}" if span.word.is_extra else span.word.text

    def _colour(self, span: WordSpan | PhoneSpan) -> QColor:
        if isinstance(span, WordSpan):
            return QColor(self._tokens.added if span.word.is_extra else self._tokens.text)
        colours = {Verdict.NEARLY: self._tokens.nearly, Verdict.WRONG: self._tokens.wrong}
        return QColor(colours.get(span.phone.verdict, self._tokens.text))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the tiles."""
        self._paint_narrow(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for tile in self.tiles():
            self._paint_tile(painter, tile)

    def _paint_narrow(self, painter: QPainter) -> None:
        """Draw what has no room for a tile as strokes; the worse, the higher."""
        numbers, boxes = self._boxes()
        if self._tier is None:
            return
        flaws, widths = self._tier.flaws[numbers], boxes[:, 1] - boxes[:, 0]
        colours = (self._tokens.line, self._tokens.nearly, self._tokens.wrong)
        for worse, (colour, share) in enumerate(zip(colours, _STROKES, strict=True)):
            high = share * (HEIGHT - 2 * _GAP)
            lefts = boxes[(flaws == worse) & (widths < _NARROW), 0]
            strokes = [QRectF(left, HEIGHT - _GAP - high, _CLOSEST - _GAP, high) for left in lefts]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRects(strokes)

    def _paint_tile(self, painter: QPainter, tile: Tile) -> None:
        colour, lines = self._colour(tile.span), tile.lines
        tint = QColor(colour) if lines else QColor(self._tokens.surface)
        if lines:
            tint.setAlpha(_TINT)
        is_extra = isinstance(tile.span, WordSpan) and tile.span.word.is_extra
        border = QPen(colour if is_extra else QColor(self._tokens.line), 1.0)
        if is_extra:
            border.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(border)
        painter.setBrush(tint)
        painter.drawRoundedRect(tile.box.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        painter.setPen(colour)
        painter.setFont(tile.font)
        painter.drawText(
            tile.box.adjusted(0.0, 0.0, 0.0, -4.0 if lines else 0.0),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip,
            tile.text,
        )
        _underline(painter, tile.box, colour, lines)


def _underline(painter: QPainter, box: QRectF, colour: QColor, lines: int) -> None:
    """Draw the lines that say how a phone was said, as they stand under words."""
    painter.setPen(QPen(colour, 1.5))
    for line in range(lines):
        y = box.bottom() - 3.0 - 3.0 * line
        painter.drawLine(QPointF(box.left() + 3.0, y), QPointF(box.right() - 3.0, y))


def _fitted(text: str, sizes: Sequence[QFontMetricsF], room: float) -> tuple[str, int]:
    """Return a text as it fits into a room, and in which of the sizes; nothing if hardly a letter fits."""
    for size, metrics in enumerate(sizes):
        if metrics.horizontalAdvance(text) <= room:
            return text, size
    if room < _LEAST_ROOM:
        return "", len(sizes) - 1
    short = sizes[-1].elidedText(text, Qt.TextElideMode.ElideRight, room)
    fits = len(short) >= _LEAST_LETTERS and sizes[-1].horizontalAdvance(short) <= room
    return (short if fits else ""), len(sizes) - 1
