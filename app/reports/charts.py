"""Charts as SVG: each is readable in grey, and tells in words what it shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from app.library.progress import LEAST_SAID
from app.library.teaching.revised import CLEAR_FROM, MISPRONOUNCED_BELOW
from app.reports.shapes import (
    FILL,
    INK,
    LINE,
    NEARLY,
    NEARLY_TINT,
    QUIET,
    SMALL,
    WRONG,
    WRONG_TINT,
    area,
    cut,
    dot,
    drawing,
    field,
    path,
    text,
    width_of,
)

WIDTH = 640
# Rows of a heat map that leave room for something else on a page of paper.
MOST_ROWS = 20
_GAP = 8.0
_ROW = 24.0
_LONGEST_NAME = 170.0
# So many of the worst are told in the words of a heat map.
_MOST_TOLD = 30


# --- numbers ----------------------------------------------------------------------------------


def histogram(counts: Sequence[int], title: str) -> str:
    """Return how many readings have scores from 0 to 10, 10 to 20 and so on.

    Parameters
    ----------
    counts : sequence of int
        Of equally wide ranges from 0 to 100.
    title : str
        What the chart shows.
    """
    base, left, right = 150.0, 20.0, WIDTH - 20.0
    step, wide = (right - left) / len(counts), 100 // len(counts)
    most = max(1, *counts)
    parts = [path([(left, base), (right, base)])]
    for place, count in enumerate(counts):
        x, high = left + place * step, (base - 30) * count / most
        parts.append(text(x, base + 18, str(place * wide), anchor="middle", colour=QUIET, size=SMALL))
        if count:
            parts.append(area(x + 3, base - high, step - 6, high, FILL))
            parts.append(text(x + step / 2, base - high - 6, str(count), anchor="middle"))
    parts.append(text(right, base + 18, "100", anchor="middle", colour=QUIET, size=SMALL))
    told = (f"{place * wide}–{place * wide + wide}: {count}" for place, count in enumerate(counts) if count)
    return drawing((WIDTH, base + 28), title, told, parts)


def bar(share: float, name: str, told: str) -> str:
    """Return one bar, to stand in a line of a table beside the number that it shows.

    Parameters
    ----------
    share : float
        Its length, 0-1 of the track behind it.
    name, told : str
        What it is about, and what it shows.
    """
    width, height = 160, 12
    length = (width - 1) * min(1.0, max(0.0, share))
    parts = [
        area(0.5, 0.5, length, height - 1, FILL),
        field(0.5, 0.5, width - 1, height - 1, "none", QUIET, dashed=False),
    ]
    return drawing((width, height), name, [told], parts, kind="bar")


# --- scores over days -------------------------------------------------------------------------


def trend(days: Sequence[tuple[date, float]], title: str, written: Callable[[date], str]) -> str:
    """Return scores over days as a line with a dot a day, and the newest score.

    The scale begins at the multiple of 25 below the lowest score.

    Parameters
    ----------
    days : sequence of (date, float)
        The oldest first, at least one; scores 0-100.
    title : str
        What the chart shows.
    written : callable
        Writes a day, in short.
    """
    plot = _Plot(days)
    parts = [*plot.grid(), *plot.ticks(written), *plot.line()]
    told = (f"{written(day)}: {score:.0f}" for day, score in days)
    return drawing((WIDTH, plot.base + 32), title, told, parts)


class _Plot:
    """Where days and scores lie in the chart of scores over days."""

    top, base, left, right = 16.0, 160.0, 36.0, WIDTH - 36.0
    _few_days, _most_ticks = 60, 4

    def __init__(self, points: Sequence[tuple[date, float]]) -> None:
        self._points = points
        self._first = points[0][0]
        self._days = (points[-1][0] - self._first).days
        self._low = max(0, 25 * math.floor((min(score for _, score in points) - 1) / 25))

    def grid(self) -> Iterator[str]:
        """Yield the lines of the scale."""
        for score in range(self._low, 101, 25):
            y = self._y(score)
            yield path([(self.left, y), (self.right, y)])
            yield text(self.left - 6, y + 4, str(score), anchor="end", colour=QUIET, size=SMALL)

    def ticks(self, written: Callable[[date], str]) -> Iterator[str]:
        """Yield the days that are written below: the first, the last, and some between."""
        steps = max(1, min(self._most_ticks, self._days // self._most_ticks)) if self._days else 0
        for step in range(steps + 1):
            day = self._first + timedelta(round(self._days * step / max(1, steps)))
            anchor = "middle" if 0 < step < steps or not steps else "end" if step else "start"
            yield text(self._x(day), self.base + 20, written(day), anchor=anchor, colour=QUIET, size=SMALL)

    def line(self) -> Iterator[str]:
        """Yield the line, its dots, and the newest score beside the last one."""
        places = [(self._x(day), self._y(score)) for day, score in self._points]
        yield path(places, FILL, 2.0)
        radius = 3.5 if len(places) <= self._few_days else 2.0
        yield from (dot(x, y, radius) for x, y in places)
        x, y = places[-1]
        yield text(x + _GAP, y + 4, f"{self._points[-1][1]:.0f}")

    def _x(self, day: date) -> float:
        at = (day - self._first).days / self._days if self._days else 0.5
        return self.left + (self.right - self.left) * at

    def _y(self, score: float) -> float:
        return self.base - (self.base - self.top) * (score - self._low) / (100 - self._low)


# --- sounds by learners -----------------------------------------------------------------------


def heat_map(
    learners: Sequence[tuple[str, str]],
    phones: Sequence[tuple[str, str]],
    heat: Mapping[tuple[str, str], tuple[float, int]],
    title: str,
    legend: Sequence[str],
) -> str:
    """Return the mean scores of phones by learners: numbers with two lines, one line or none below them.

    Parameters
    ----------
    learners, phones : sequence of (str, str)
        Keys, and what is shown of them: the rows and the columns.
    heat : mapping of (str, str) to (float, int)
        By learner and phone the mean score, 0-100, and how often it was said.
    title : str
        What the chart shows.
    legend : sequence of str
        What fields mean that are wrong, nearly right, right, and said too rarely to tell.
    """
    left = min(_LONGEST_NAME, max((width_of(name) for _, name in learners), default=0.0)) + 2 * _GAP
    top, bottom = 26.0, 26.0 + _ROW * len(learners)
    wide = min(56.0, (WIDTH - left) / max(1, len(phones)))
    parts = [
        text(left + wide * (column + 0.5), top - _GAP, shown, anchor="middle")
        for column, (_, shown) in enumerate(phones)
    ]
    for row, (learner, name) in enumerate(learners):
        y = top + row * _ROW
        parts.append(text(left - _GAP, y + 16, cut(name, _LONGEST_NAME), anchor="end"))
        for column, (phone, _) in enumerate(phones):
            mean, said = heat.get((learner, phone), (0.0, 0))
            if said:
                parts += _cell(left + wide * column, y, wide, f"{mean:.0f}", _level(mean, said))
    parts += _legend(bottom + _GAP, legend)
    return drawing((WIDTH, bottom + 2 * _GAP + 2 * _ROW), title, _worst(learners, phones, heat), parts)


def _worst(
    learners: Sequence[tuple[str, str]],
    phones: Sequence[tuple[str, str]],
    heat: Mapping[tuple[str, str], tuple[float, int]],
) -> list[str]:
    """Tell the fields that are wrong, the worst first."""
    fields = [
        (*heat.get((learner, phone), (0.0, 0)), name, shown)
        for learner, name in learners
        for phone, shown in phones
    ]
    wrong = sorted(each for each in fields if _level(*each[:2]) == 0)
    return [f"{name} /{shown}/ {mean:.0f}" for mean, _, name, shown in wrong[:_MOST_TOLD]]


def _level(mean: float, said: int) -> int:
    """Return how a field is drawn: 0 wrong, 1 nearly right, 2 right, 3 said too rarely."""
    if said < LEAST_SAID:
        return 3
    return 0 if mean < MISPRONOUNCED_BELOW else 1 if mean < CLEAR_FROM else 2


_FIELDS = ((WRONG_TINT, WRONG, 2), (NEARLY_TINT, NEARLY, 1), ("none", LINE, 0), ("none", LINE, 0))


def _cell(x: float, y: float, wide: float, number: str, level: int) -> Iterator[str]:
    """Yield a field: as on the text of a reading, two lines are wrong and one is nearly right."""
    tint, colour, lines = _FIELDS[level]
    is_sure = level < len(_FIELDS) - 1
    yield field(x + 1, y + 1, wide - 2, _ROW - 2, tint, LINE, dashed=not is_sure)
    middle, half = x + wide / 2, min(8.0, wide / 2 - 3)
    yield text(middle, y + 14, number, anchor="middle", size=SMALL, colour=INK if is_sure else QUIET)
    for line in range(lines):
        below = y + 17.5 + 2.5 * line
        yield path([(middle - half, below), (middle + half, below)], colour)


def _legend(y: float, legend: Sequence[str]) -> Iterator[str]:
    """Yield sample fields with words, two in a line."""
    for level, (number, words) in enumerate(zip(("45", "70", "90", "45"), legend, strict=True)):
        x, top = _GAP + WIDTH / 2 * (level % 2), y + _ROW * (level // 2)
        yield from _cell(x, top, 30.0, number, level)
        yield text(x + 36, top + 16, words, size=SMALL, colour=QUIET)
