"""The shapes of charts as SVG: only those that browsers and Qt's drawing (SVG Tiny 1.2) have in common.

They need no style sheet. The colours are those of a light page; a dark one swaps them for those of `DARK`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from types import MappingProxyType
from unicodedata import category, east_asian_width

INK, QUIET, LINE, FILL = "#1F2328", "#5B6470", "#D9D6CE", "#3A4FB8"
WRONG, NEARLY, WRONG_TINT, NEARLY_TINT = "#B3261E", "#8A5A00", "#F7D4D0", "#F6E7C6"
DARK: Mapping[str, str] = MappingProxyType(
    {
        INK: "#E8E6E1",
        QUIET: "#A3ABB5",
        LINE: "#3B4048",
        FILL: "#A9B4FF",
        WRONG: "#FF8A80",
        NEARLY: "#F0B429",
        WRONG_TINT: "#5C2B2B",
        NEARLY_TINT: "#4A3A12",
    }
)
"""By the colours of charts those that they have on a dark page."""

USUAL, SMALL = 13, 11
"""Sizes of letters, in pixels."""


def drawing(
    size: tuple[float, float], title: str, told: Iterable[str], parts: Iterable[str], *, kind: str = ""
) -> str:
    """Return a drawing.

    Parameters
    ----------
    size : (float, float)
        Width and height in pixels.
    title : str
        What it shows.
    told : iterable of str
        The same in words, for those who do not see it.
    parts : iterable of str
        Its shapes.
    kind : str
        One more name for style sheets.
    """
    width, height = (f"{each:.0f}" for each in size)
    words = f"<title>{_plain(title)}</title><desc>{_plain(', '.join(told))}</desc>"
    return (
        f'<svg class="{f"chart {kind}".strip()}" xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img">{words}'
        f'<g font-family="sans-serif" font-size="{USUAL}" fill="{INK}">{"".join(parts)}</g></svg>'
    )


def text(
    x: float, y: float, shown: str, *, anchor: str = "start", colour: str = INK, size: int = USUAL
) -> str:
    """Return a text whose base line begins, ends or has its middle at a place."""
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' fill="{colour}"' if colour != INK else ""
    more += f' font-size="{size}"' if size != USUAL else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{_plain(shown)}</text>'


def area(x: float, y: float, width: float, height: float, colour: str) -> str:
    """Return a filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def field(x: float, y: float, width: float, height: float, fill: str, stroke: str, *, dashed: bool) -> str:
    """Return a rectangle with a border."""
    dashes = ' stroke-dasharray="2 2"' if dashed else ""
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{fill}" stroke="{stroke}"{dashes}/>'


def path(places: Iterable[tuple[float, float]], colour: str = LINE, thickness: float = 1.0) -> str:
    """Return a line through some places."""
    steps = " ".join(f"{'L' if number else 'M'}{x:.1f} {y:.1f}" for number, (x, y) in enumerate(places))
    return f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="{thickness:g}"/>'


def dot(x: float, y: float, radius: float) -> str:
    """Return a filled circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{FILL}"/>'


def _plain(shown: str) -> str:
    """Return a text as XML takes it: escaped, and without signs that nobody sees."""
    return escape("".join(" " if category(sign) in ("Cc", "Cs") else sign for sign in shown))


# --- how wide texts are -----------------------------------------------------------------------


def width_of(shown: str, size: float = USUAL) -> float:
    """Return about how wide a text is drawn, in pixels: nothing here knows the font."""
    return size * sum(map(_ems, shown))


def _ems(sign: str) -> float:
    if category(sign) in ("Mn", "Me", "Cf"):
        return 0.0
    if east_asian_width(sign) in "WF":
        return 1.0
    return 0.72 if sign.isupper() or sign in "mwMW@%" else 0.58


def cut(shown: str, room: float) -> str:
    """Return a text, cut where it is wider than its place."""
    if width_of(shown) <= room:
        return shown
    while shown and width_of(shown) > room - USUAL:
        shown = shown[:-1]
    return f"{shown.rstrip()}…"
