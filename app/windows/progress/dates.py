"""Chooses which days are written under a chart, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from app.library.progress_words import MONTHS

_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20)
# A day is marked in its middle; on a chart days are counted as `date.toordinal` does.
_NOON = 0.5

Tick = tuple[float, str]


def date_ticks(since: date, until: date, room: int) -> list[Tick]:
    """Return the days to be written under a chart.

    Parameters
    ----------
    since, until : date
        The first and the last day of the chart.
    room : int
        How many fit; at least one.

    Returns
    -------
    list of (float, str)
        Where, in days as of `date.toordinal`, and what: days, Mondays, months or years, evenly.
    """
    ticks: list[Tick] = []
    for write in _ways():
        ticks = list(write(since, until))
        if len(ticks) <= max(room, 1):
            break
    return ticks


def _ways() -> Iterator[Callable[[date, date], Iterator[Tick]]]:
    """Yield the ways to write days, from dense to sparse."""
    yield from (lambda since, until, step=step: _by_days(since, until, step) for step in _DAYS)
    yield from (lambda since, until, step=step: _by_months(since, until, step) for step in _MONTHS)
    yield from (lambda since, until, step=step: _by_years(since, until, step) for step in _YEARS)


def _by_days(since: date, until: date, step: int) -> Iterator[Tick]:
    # Weeks begin on Mondays; 1 January of the year 1, day 1, was one.
    first = since.toordinal()
    first += (1 - first) % step
    for day in map(date.fromordinal, range(first, until.toordinal() + 1, step)):
        yield day.toordinal() + _NOON, f"{day.day} {MONTHS[day.month - 1]}"


def _by_months(since: date, until: date, step: int) -> Iterator[Tick]:
    first = since.year * 12 + since.month - (since.day == 1)
    first += -first % step
    for month in range(first, until.year * 12 + until.month, step):
        day = date(month // 12, month % 12 + 1, 1)
        name = MONTHS[day.month - 1]
        yield float(day.toordinal()), f"{name} {day.year}" if day.month == 1 else name


def _by_years(since: date, until: date, step: int) -> Iterator[Tick]:
    first = since.year + (since > date(since.year, 1, 1))
    first += -first % step
    for year in range(first, until.year + 1, step):
        yield float(date(year, 1, 1).toordinal()), str(year)


def chart_days(since: date, until: date, first: date | None) -> tuple[date, date]:
    """Return which days a chart shows: none before the learner began, but not fewer than a week.

    Parameters
    ----------
    since, until : date
        What was asked for.
    first : date or None
        The learner's first day.
    """
    begin = since if first is None else max(since, first - timedelta(days=1))
    return min(begin, until - timedelta(days=6)), until
