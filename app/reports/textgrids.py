"""A reading as a TextGrid for Praat: the machine's tiers, and the teacher's marks and comments below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.library.teaching.revised import by_place
from app.reports.data import Reading
from assessment.exchange.textgrid import Interval, TextGrid, Tier, textgrid, write_textgrid


def reading_textgrid(reading: Reading) -> str:
    """Return a TextGrid: the tiers of `assessment.exchange.textgrid`, and "teacher" and "comments".

    Raises
    ------
    ExchangeError
        If the reading has no duration.
    """
    grid = textgrid(reading.machine)
    marks = by_place(reading.marks)

    def mark(index: int) -> str:
        found = marks.get((index, None))
        if found is None:
            return ""
        return found.error or "" if found.score is None else f"{found.score:.0f}"

    def comment(index: int) -> str:
        return " ".join(each.text for each in reading.comments if each.word == index)

    added = tuple(
        Tier(name, tuple(_intervals(reading, grid.end, label)))
        for name, label in (("teacher", mark), ("comments", comment))
    )
    return write_textgrid(TextGrid(grid.start, grid.end, (*grid.tiers, *added)))


def _intervals(reading: Reading, end: float, label: Callable[[int], str]) -> Iterator[Interval]:
    """Yield the words that have a label, cut where the recording ends."""
    last = 0.0
    for index, word in enumerate(reading.machine.words):
        first, until = max(last, word.start), min(word.end, end)
        if (text := label(index)) and until > first:
            last = until
            yield Interval(first, until, text)
