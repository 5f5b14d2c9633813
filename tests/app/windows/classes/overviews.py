"""Overviews of classes by hand, for tests of what shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from app.library.progress import Day, FiveScores
from app.library.records import LearnerRow
from app.library.teaching.overview import ClassOverview, HardPhone, HardWord, LearnerNumbers
from app.library.teaching.records import Adjustment, ClassRow

WHEN = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
# What a teacher marks who is kinder than the machine.
KIND = Adjustment(slope=0.5, intercept=40.0)


def scores(overall: float | None) -> FiveScores:
    """Five scores, each a point above the one before."""
    return FiveScores() if overall is None else FiveScores(*(overall + each for each in range(5)))


def learner(
    name: str,
    attempts: int = 4,
    *,
    number: str = "",
    consent: bool = False,
    overall: float | None = 70.0,
    change: float | None = None,
) -> LearnerNumbers:
    """A learner whose id is the name in lower case; half of the readings were handed in and reviewed."""
    row = LearnerRow(name.casefold(), name, WHEN, consent, attempts, WHEN, number)
    mean = scores(overall if attempts else None)
    half, last = attempts // 2, WHEN if attempts else None
    return LearnerNumbers(row, attempts, half, half, int(attempts > 2), mean, change, last)


def overview(
    *learners: LearnerNumbers, heat: Mapping[tuple[str, str], tuple[float, int]] | None = None
) -> ClassOverview:
    """What the readings of these learners add up to; their scores are in the seventies."""
    attempts = sum(each.attempts for each in learners)
    return ClassOverview(
        attempts=attempts,
        handed_in=sum(each.handed_in for each in learners),
        reviewed=sum(each.reviewed for each in learners),
        flagged=sum(each.flagged for each in learners),
        scores=scores(70.0 if attempts else None),
        learners=tuple(sorted(learners, key=lambda each: each.learner.name)),
        histogram=(0, 0, 0, 0, 0, 1, 0, attempts, 0, 2) if attempts else (0,) * 10,
        words=(HardWord("three", 10, 6, 2, 41.0), HardWord("world", 9, 2, 1, 62.0)) if attempts else (),
        phones=(HardPhone("TH", 20, 9, 2, 44.0), HardPhone("R", 30, 8, 1, 66.0)) if attempts else (),
        heat=dict(heat or {}),
        days=(Day(date(2026, 5, 4), 3, scores(60.0)), Day(date(2026, 5, 6), 1, scores(80.0)))
        if attempts
        else (),
    )


def a_class(name: str = "9b", keep_days: int | None = None, adjustment: Adjustment | None = None) -> ClassRow:
    """A class whose id is its name."""
    return ClassRow(name, name, WHEN, keep_days, adjustment, 2)
