"""Finds the signs that no font of the computer has."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from PySide6.QtGui import QFont, QGlyphRun, QTextLayout

_OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
_ENDLESS = 1e6


def plain_font(points: float) -> QFont:
    """Return the font of the computer for plain text.

    Parameters
    ----------
    points : float
        Its size; 72 points are an inch.
    """
    font = QFont()
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPointSizeF(points)
    font.setFeature(QFont.Tag("liga"), 0)  # who copies "ff" gets two letters, and not one sign for both
    return font


def missing_signs(text: str) -> str:
    """Return the signs of a text for which boxes are drawn.

    Parameters
    ----------
    text : str
        In lines, of any length.

    Returns
    -------
    str
        Each sign once, in the order of their numbers.
    """
    return "".join(sorted({sign for line in text.splitlines() for sign in _missing(line)}))


def _missing(line: str) -> Iterator[str]:
    layout = QTextLayout(line, plain_font(10.0))
    layout.beginLayout()
    layout.createLine().setLineWidth(_ENDLESS)
    layout.endLayout()
    units = line.encode("utf-16-le")  # Qt counts in them
    for run in layout.glyphRuns(-1, -1, QTextLayout.GlyphRunRetrievalFlag.RetrieveAll):
        signs = (_sign(units, index) for index in _boxes(run))
        yield from (sign for sign in signs if _is_seen(sign))


def _boxes(run: QGlyphRun) -> Iterator[int]:
    """Yield the places of the signs for which a box is drawn."""
    # Letters of a script that no font has come from a font of Qt's own, which has boxes only and no size.
    is_of_boxes = run.rawFont().pixelSize() < 0
    for glyph, index in zip(run.glyphIndexes(), run.stringIndexes(), strict=True):
        if is_of_boxes or glyph == 0:
            yield index


def _sign(units: bytes, index: int) -> str:
    """Return the sign at a place: one unit or a pair."""
    return units[2 * index : 2 * index + 4].decode("utf-16-le", "replace")[:1]


def _is_seen(sign: str) -> bool:
    return sign != _OBJECT and unicodedata.category(sign)[0] in "LMNPS"
