"""Prepares the chart of scores away from the thread of the window: thousands of readings as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from app.library.progress import ASPECTS, ScoredAttempt, Trend
from app.library.progress_words import trend_words
from app.windows.progress.dates import chart_days

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dots:
    """The readings that have one of the scores.

    Attributes
    ----------
    attempts : tuple of ScoredAttempt
        The oldest first.
    xs, ys : ndarray of float64, shape (n,)
        When, in days as of `date.toordinal`; the score, 0-100.
    is_rough : ndarray of bool, shape (n,)
        Whether the score is a rough estimate.
    means : tuple of ndarray of float64, shape (days,)
        The noon of each day, and the mean of its scores.
    course : str
        How the score went, in words.
    """

    attempts: tuple[ScoredAttempt, ...]
    xs: Floats
    ys: Floats
    is_rough: NDArray[np.bool_]
    means: tuple[Floats, Floats]
    course: str


@dataclass(frozen=True, eq=False)
class ChartData:
    """What the chart shows.

    Attributes
    ----------
    since, until : date
        The first and the last day.
    dots : dict of str to Dots
        By the names of the scores.
    """

    since: date
    until: date
    dots: dict[str, Dots]


def chart_data(trend: Trend, first: date | None) -> ChartData:
    """Prepare scores over days for the chart.

    Parameters
    ----------
    trend : Trend
        What was asked for.
    first : date or None
        The learner's first day: the chart begins no earlier.
    """
    since, until = chart_days(trend.since, trend.until, first)
    return ChartData(since, until, {aspect: _dots(trend, aspect) for aspect in ASPECTS})


def _dots(trend: Trend, aspect: str) -> Dots:
    attempts = tuple(each for each in trend.attempts if each.scores.of(aspect) is not None)
    days = [day for day in trend.days if day.scores.of(aspect) is not None]
    return Dots(
        attempts,
        np.array([_place(each.started) for each in attempts]),
        np.array([each.scores.of(aspect) for each in attempts], dtype=np.float64),
        np.array([each.is_rough for each in attempts], dtype=np.bool_),
        (
            np.array([day.day.toordinal() + 0.5 for day in days]),
            np.array([day.scores.of(aspect) for day in days], dtype=np.float64),
        ),
        trend_words(trend, aspect),
    )


def _place(moment: datetime) -> float:
    """Return where a moment stands: in days, as of `date.toordinal`."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return moment.date().toordinal() + seconds / 86_400.0
