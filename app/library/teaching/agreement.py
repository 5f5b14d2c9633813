"""How far a teacher's marks agree with the machine's scores, and how a class's scores can follow them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.library.models import Attempt, Mark, Membership, WordResult
from app.library.store import Store
from app.library.teaching.marked import marked_phones, newest, rows
from app.library.teaching.records import Adjustment
from assessment.results import ErrorType

LEAST_CORRELATED, LEAST_PAIRS = 3, 10
LOWEST_SLOPE, HIGHEST_SLOPE = 0.25, 2.0
# That a teacher marks as the machine does is believed as if so many marks had said it, the machine's scores
# of them lying 25 points from their mean: about as far as words of learners do.
_PRIOR_PAIRS, _PRIOR_SPREAD = 10.0, 25.0
_LEFT_OUT = ErrorType.OMISSION.value

Level = Literal["word", "phone", "reading"]
Pair = tuple[float, float]


@dataclass(frozen=True)
class Agreement:
    """A teacher's marks beside the machine's scores.

    Attributes
    ----------
    pairs : int
        How many there are.
    correlation : float or None
        Pearson's, -1 to 1; None with fewer than three pairs, or if all scores of one side are equal.
    mean_difference : float or None
        Teacher less machine, in points: above 0, the teacher is kinder. None without pairs.
    mean_absolute : float or None
        By how many points they differ; None without pairs.
    points : tuple of (float, float)
        Machine and teacher, 0-100, in the order of the readings.
    """

    pairs: int
    correlation: float | None
    mean_difference: float | None
    mean_absolute: float | None
    points: tuple[Pair, ...]


def agreement(
    store: Store, class_id: str | None, author: str | None = None, level: Level = "word"
) -> Agreement:
    """Compare a teacher's marks with the machine's scores of the same things.

    A teacher agrees by a mark that is equal to the machine's score. Only what both gave a score is a pair:
    not a word of which the teacher only says what is wrong, that either of them says was left out, or that
    was said beside the text.

    Parameters
    ----------
    store : Store
        The library.
    class_id : str or None
        Of readings of this class's learners; None for all.
    author : str, optional
        Whose marks; by default everybody's, of which the newest counts.
    level : {"word", "phone", "reading"}
        What was marked; a whole reading's mark is compared with its overall score.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    inside = select(Membership.learner_id).where(Membership.class_id == class_id)
    conditions = () if class_id is None else (Attempt.learner_id.in_(inside),)
    read = {"word": _words, "phone": _phones, "reading": _readings}[level]
    with store.reading() as session:
        return of_pairs(tuple(read(session, conditions, author)))


def of_pairs(points: tuple[Pair, ...]) -> Agreement:
    """Return how far pairs of the machine's and the teacher's score agree.

    The correlation is Pearson's, r = Σ(m − m̄)(t − t̄) / √(Σ(m − m̄)² Σ(t − t̄)²).
    """
    differences = [teacher - machine for machine, teacher in points]
    return Agreement(
        pairs=len(points),
        correlation=_correlation(points),
        mean_difference=fmean(differences) if points else None,
        mean_absolute=fmean(map(abs, differences)) if points else None,
        points=points,
    )


def fit(agreement: Agreement) -> Adjustment | None:
    """Return the function by which the machine's scores become those that the teacher would give.

    With n pairs of m (machine) and t (teacher), it is the line t = s·m + i with

    s = (Σ(m − m̄)(t − t̄) + 10·25²) / (Σ(m − m̄)² + 10·25²), kept within 0.25 and 2,

    i = m̄·(1 − s) + (t̄ − m̄)·n/(n + 10).

    This is the ridge regression of t − m on m − m̄ (A. Hoerl and R. Kennard, "Ridge regression",
    *Technometrics* 12, 1970): least squares that are drawn towards the machine's own scores, s = 1 and i = 0,
    with the weight of ten marks, so that few marks move little.

    Parameters
    ----------
    agreement : Agreement
        Of words.

    Returns
    -------
    Adjustment or None
        None with fewer than ten pairs, or if the machine gave all the same score.
    """
    machine = [each for each, _ in agreement.points]
    if len(machine) < LEAST_PAIRS or min(machine) == max(machine):
        return None
    mean, to = _means(agreement.points)
    prior = _PRIOR_PAIRS * _PRIOR_SPREAD**2
    across = sum((m - mean) * (t - to) for m, t in agreement.points)
    spread = sum((m - mean) ** 2 for m in machine)
    slope = min(HIGHEST_SLOPE, max(LOWEST_SLOPE, (across + prior) / (spread + prior)))
    shift = (to - mean) * len(machine) / (len(machine) + _PRIOR_PAIRS)
    return Adjustment(slope, mean * (1.0 - slope) + shift)


def _correlation(points: tuple[Pair, ...]) -> float | None:
    if len(points) < LEAST_CORRELATED or any(len(set(side)) == 1 for side in zip(*points, strict=True)):
        return None
    mean, to = _means(points)
    across = sum((m - mean) * (t - to) for m, t in points)
    spread = sum((m - mean) ** 2 for m, _ in points) * sum((t - to) ** 2 for _, t in points)
    # Scores that differ by less than a number can tell have no spread.
    return min(1.0, max(-1.0, across / sqrt(spread))) if spread > 0.0 else None


def _means(points: tuple[Pair, ...]) -> Pair:
    return fmean(machine for machine, _ in points), fmean(teacher for _, teacher in points)


# --- what was marked ------------------------------------------------------------------------

Conditions = tuple[ColumnElement[bool], ...]


def _words(session: Session, conditions: Conditions, author: str | None) -> Iterator[Pair]:
    mark = newest(and_(Mark.word.is_not(None), Mark.phone.is_(None)), author)
    wanted = (
        select(WordResult.score, mark.c.score)
        .join(mark, and_(mark.c.attempt_id == WordResult.attempt_id, mark.c.word == WordResult.position))
        .join(Attempt, Attempt.id == WordResult.attempt_id)
        .where(mark.c.score.is_not(None), func.coalesce(mark.c.error, "") != _LEFT_OUT, *conditions)
        .where(WordResult.error != _LEFT_OUT)
        .order_by(Attempt.started, Attempt.id, WordResult.position)
    )
    return ((machine, teacher) for machine, teacher in rows(session, wanted))


def _phones(session: Session, conditions: Conditions, author: str | None) -> Iterator[Pair]:
    marked = marked_phones(session, *conditions, author=author)
    return ((each.machine, each.teacher) for each in marked)


def _readings(session: Session, conditions: Conditions, author: str | None) -> Iterator[Pair]:
    mark = newest(Mark.word.is_(None), author)
    wanted = (
        select(Attempt.overall, mark.c.score)
        .join(mark, mark.c.attempt_id == Attempt.id)
        .where(mark.c.score.is_not(None), Attempt.overall.is_not(None), *conditions)
        .order_by(Attempt.started, Attempt.id)
    )
    return ((machine, teacher) for machine, teacher in rows(session, wanted))
