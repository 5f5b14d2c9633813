"""Asks the library for what the overview of a class adds up, a teacher's marks in place of the machine's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.library.attempts import WRONG_BELOW
from app.library.models import Attempt, Mark, Membership, PhoneResult, WordResult
from app.library.models import Session as Sitting
from app.library.progress import FiveScores
from app.library.teaching.marked import marked_phones, newest, rows
from assessment.results import ErrorType


@dataclass(frozen=True)
class Scope:
    """Which readings are wanted: those that fit everything that is given.

    Attributes
    ----------
    class_id, learner_id : str or None
        Of learners of this class, of this learner.
    since, until : datetime or None
        Begun not before the one and before the other, with their zones.
    lesson_id : str or None
        Read in this lesson.
    handed_in : bool
        Only those that were handed in.
    """

    class_id: str | None = None
    learner_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    lesson_id: str | None = None
    handed_in: bool = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what must be true of an attempt."""
        if self.class_id is not None:
            inside = select(Membership.learner_id).where(Membership.class_id == self.class_id)
            yield Attempt.learner_id.in_(inside)
        if self.learner_id is not None:
            yield Attempt.learner_id == self.learner_id
        if self.since is not None:
            yield Attempt.started >= self.since
        if self.until is not None:
            yield Attempt.started < self.until
        if self.lesson_id is not None:
            yield Attempt.session_id.in_(select(Sitting.id).where(Sitting.lesson_id == self.lesson_id))
        if self.handed_in:
            yield Attempt.is_handed_in.is_(True)


@dataclass(frozen=True, slots=True)
class ScoredReading:
    """One reading: who read when, how it went, and what became of it."""

    learner_id: str
    started: datetime
    scores: FiveScores
    is_handed_in: bool
    is_reviewed: bool
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class WordSum:
    """One word over many readings.

    Attributes
    ----------
    said, wrong, learners : int
        As in `overview.HardWord`.
    mean : float or None
        Mean accuracy, 0-100, where it was said; None if it always was left out.
    """

    word: str
    said: int
    wrong: int
    learners: int
    mean: float | None


@dataclass(slots=True)
class PhoneSum:
    """One phone of one learner over many readings; `total` is the sum of its scores."""

    said: int = 0
    wrong: int = 0
    total: float = 0.0

    def add(self, said: int, wrong: int, total: float) -> None:
        """Add what was found out in other readings."""
        self.said += said
        self.wrong += wrong
        self.total += total


def readings(session: Session, scope: Scope) -> Iterator[ScoredReading]:
    """Yield readings, the oldest first; a teacher's mark of a whole reading is its overall score."""
    mark = newest(Mark.word.is_(None))
    wanted = (
        select(
            Attempt.learner_id,
            Attempt.started,
            Attempt.is_handed_in,
            Attempt.reviewed,
            Attempt.is_flagged,
            func.coalesce(mark.c.score, Attempt.overall),
            Attempt.accuracy,
            Attempt.fluency,
            Attempt.completeness,
            Attempt.prosody,
        )
        .join(mark, mark.c.attempt_id == Attempt.id, isouter=True)
        .where(*scope.conditions())
        .order_by(Attempt.started, Attempt.id)
    )
    for learner_id, started, is_handed_in, reviewed, is_flagged, *scores in rows(session, wanted):
        is_reviewed = reviewed is not None
        yield ScoredReading(learner_id, started, FiveScores(*scores), is_handed_in, is_reviewed, is_flagged)


def words(session: Session, scope: Scope) -> Iterator[WordSum]:
    """Yield the words of the texts that were read."""
    mark = newest(and_(Mark.word.is_not(None), Mark.phone.is_(None)))
    # As in `revised`: who marks a word and does not say that it was left out has heard it.
    is_marked = mark.c.attempt_id.is_not(None)
    error = case((is_marked, func.coalesce(mark.c.error, "")), else_=WordResult.error)
    is_left_out = error == ErrorType.OMISSION.value
    score = func.coalesce(mark.c.score, WordResult.score)
    is_wrong = or_(is_left_out, score < WRONG_BELOW)
    wanted = (
        select(
            WordResult.word,
            func.count(),
            func.sum(case((is_wrong, 1), else_=0)),
            func.count(case((is_wrong, Attempt.learner_id)).distinct()),
            func.avg(case((~is_left_out, score))),
        )
        .join(Attempt, Attempt.id == WordResult.attempt_id)
        .join(
            mark,
            and_(mark.c.attempt_id == WordResult.attempt_id, mark.c.word == WordResult.position),
            isouter=True,
        )
        .where(*scope.conditions())
        .group_by(WordResult.word)
    )
    for row in rows(session, wanted):
        yield WordSum(*row)


def phones(session: Session, scope: Scope, learner_ids: Iterable[str]) -> dict[tuple[str, str], PhoneSum]:
    """Return by learner's id and phone how it was said by some learners."""
    found: dict[tuple[str, str], PhoneSum] = defaultdict(PhoneSum)
    # One after the other: to bring the rows of all into an order takes a database twice as long.
    for learner_id in learner_ids:
        own = replace(scope, class_id=None, learner_id=learner_id)
        for phone, said, wrong, total in rows(session, _phones_of(own)):
            found[learner_id, phone].add(int(said), int(wrong), float(total))
    for each in marked_phones(session, *scope.conditions()):
        if (known := found.get((each.learner_id, each.phone))) is not None:
            change = int(each.teacher < WRONG_BELOW) - int(each.machine < WRONG_BELOW)
            known.add(0, change, each.teacher - each.machine)
    return found


def _phones_of(scope: Scope) -> Select[Any]:
    return (
        select(
            PhoneResult.phone,
            func.sum(PhoneResult.said),
            func.sum(PhoneResult.wrong),
            func.sum(PhoneResult.said * PhoneResult.mean),
        )
        .join(Attempt, Attempt.id == PhoneResult.attempt_id)
        .where(*scope.conditions())
        .group_by(PhoneResult.phone)
    )
