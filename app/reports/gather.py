"""Gathers from the library what a report is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby, islice
from statistics import fmean

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.library import history
from app.library.history import Filter
from app.library.learners import all_learners
from app.library.models import Attempt, Comment, Mark, Membership, now
from app.library.progress import ASPECTS, LEAST_SAID, Day, FiveScores, PhoneMastery
from app.library.records import AttemptRow, LearnerRow
from app.library.store import Store
from app.library.teaching import classes
from app.library.teaching.overview import HardWord, hard_words, overview
from app.library.teaching.overview_sums import PhoneSum, Scope, ScoredReading
from app.library.teaching.overview_sums import phones as phones_said
from app.library.teaching.overview_sums import readings as scored_readings
from app.library.teaching.records import ClassRow, CommentRow
from app.library.teaching.review import comment_row
from app.reports.data import ClassReport, LearnerReport, Reading, Wanted
from app.reports.errors import ReportError
from app.reports.readings import in_full, voices

# A report that people read shows so many readings, words and phones.
MOST_READINGS = 20
MOST_WORDS = 20
MOST_PHONES = 12


def learner_report(store: Store, wanted: Wanted, zone: tzinfo | None = None) -> LearnerReport:
    """Return what is told of a learner.

    Means, sounds and words are those of the readings that are wanted, a teacher's marks in place of the
    machine's.

    Parameters
    ----------
    store : Store
        The library.
    wanted : Wanted
        With a learner.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.

    Raises
    ------
    ReportError
        If the learner is not in the library.
    LibraryError
        If the library cannot be read.
    """
    assert wanted.learner_id is not None
    learner = _learner(store, wanted.learner_id)
    found = rows(store, wanted)
    scope = _Chosen.of(wanted)
    with store.reading() as session:
        scored = list(scored_readings(session, scope))
        said = phones_said(session, scope, [learner.id])
        comments = _general_comments(session, learner.id)
        models = _models(session, scope)
    days = tuple(_days(scored, zone))
    consenting = {learner.id} if learner.may_be_shared else set()
    return LearnerReport(
        learner=learner,
        since=days[0].day if days else None,
        until=days[-1].day if days else None,
        created=now(),
        attempts=len(found),
        minutes=sum(row.seconds for row in found) / 60,
        scores=_means(scored),
        days=days,
        phones=_hardest({phone: each for (_, phone), each in said.items()}),
        words=_words(store, wanted),
        readings=tuple(islice(in_full(store, reversed(found), consenting), MOST_READINGS)),
        comments=comments,
        models=models,
        rough=sum(row.is_rough for row in found),
        reviewed=sum(row.reviewed is not None for row in found),
        voices=voices(store, comments) if consenting else {},
    )


def class_report(store: Store, wanted: Wanted, zone: tzinfo | None = None) -> ClassReport:
    """Return what is told of a class; see `learner_report`."""
    assert wanted.class_id is not None
    found = school_class(store, wanted.class_id)
    summed = overview(store, found.id, wanted.since, wanted.until, wanted.lesson_id, wanted.handed_in, zone)
    consenting = {each.learner.id for each in summed.learners if each.learner.may_be_shared}
    marked = reversed(rows(store, wanted, _has_been_marked()))
    with store.reading() as session:
        models = _models(session, _Chosen.of(wanted))
        rough = _rough(session, _Chosen.of(wanted))
    return ClassReport(
        school_class=found,
        created=now(),
        overview=summed,
        readings=tuple(islice(in_full(store, marked, consenting), MOST_READINGS)),
        models=models,
        rough=rough,
    )


def readings(store: Store, wanted: Wanted) -> Iterator[Reading]:
    """Yield all readings, the oldest first; those that cannot be read are left out.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    consenting = {each.id for each in all_learners(store) if each.may_be_shared}
    return in_full(store, rows(store, wanted), consenting)


def rows(store: Store, wanted: Wanted, *more: ColumnElement[bool]) -> list[AttemptRow]:
    """Return the readings as they are listed, the oldest first.

    Parameters
    ----------
    store : Store
        The library.
    wanted : Wanted
        Which.
    *more : ColumnElement
        What else must be true of an attempt.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    fitting = Filter(wanted.learner_id, lesson_id=wanted.lesson_id, since=wanted.since, until=wanted.until)
    found = history.attempts(store, fitting, *_conditions(wanted), *more)
    chosen = set(wanted.attempts)
    return [row for row in reversed(found) if not chosen or row.id in chosen]


def school_class(store: Store, class_id: str) -> ClassRow:
    """Return a class.

    Raises
    ------
    ReportError
        If it is not in the library.
    """
    found = next((each for each in classes.all_classes(store) if each.id == class_id), None)
    if found is None:
        raise ReportError("This class is not in the library any more. Choose another one.")
    return found


def _learner(store: Store, learner_id: str) -> LearnerRow:
    found = next((each for each in all_learners(store) if each.id == learner_id), None)
    if found is None:
        raise ReportError("This learner is not in the library any more. Choose another one.")
    return found


# --- which readings ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chosen(Scope):
    """Which readings sums are made of; `attempts` as in `Wanted`."""

    attempts: tuple[str, ...] = ()

    @classmethod
    def of(cls, wanted: Wanted) -> _Chosen:
        """Return those that are wanted."""
        return cls(
            wanted.class_id,
            wanted.learner_id,
            wanted.since,
            wanted.until,
            wanted.lesson_id,
            wanted.handed_in,
            wanted.attempts,
        )

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what must be true of an attempt."""
        yield from super().conditions()
        if self.attempts:
            yield Attempt.id.in_(self.attempts)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Yield what the history's own filter does not know."""
    if wanted.class_id is not None:
        members = select(Membership.learner_id).where(Membership.class_id == wanted.class_id)
        yield Attempt.learner_id.in_(members)
    if wanted.handed_in:
        yield Attempt.is_handed_in.is_(True)


def _has_been_marked() -> ColumnElement[bool]:
    return or_(
        exists().where(Mark.attempt_id == Attempt.id).correlate(Attempt),
        exists().where(Comment.attempt_id == Attempt.id).correlate(Attempt),
    )


# --- what they add up to ----------------------------------------------------------------------


def _models(session: Session, scope: Scope) -> tuple[str, ...]:
    return tuple(sorted(session.scalars(select(Attempt.model).where(*scope.conditions()).distinct())))


def _rough(session: Session, scope: Scope) -> int:
    return session.scalar(select(func.count()).where(Attempt.is_rough.is_(True), *scope.conditions())) or 0


def _general_comments(session: Session, learner_id: str) -> tuple[CommentRow, ...]:
    about = (Comment.learner_id == learner_id, Comment.attempt_id.is_(None))
    found = session.scalars(select(Comment).where(*about).order_by(Comment.created, Comment.id))
    return tuple(map(comment_row, found))


def _words(store: Store, wanted: Wanted) -> tuple[HardWord, ...]:
    """Return the hardest words; of single readings nothing is concluded."""
    if wanted.attempts:
        return ()
    return hard_words(
        store,
        learner_id=wanted.learner_id,
        since=wanted.since,
        until=wanted.until,
        lesson_id=wanted.lesson_id,
        handed_in=wanted.handed_in,
        limit=MOST_WORDS,
    )


def _hardest(said: Mapping[str, PhoneSum]) -> tuple[PhoneMastery, ...]:
    judged = [
        _mastery(phone, each) for phone, each in said.items() if each.said >= LEAST_SAID and each.wrong > 0
    ]
    return tuple(sorted(judged, key=lambda each: (each.mastery or 0.0, each.phone))[:MOST_PHONES])


def _mastery(phone: str, said: PhoneSum) -> PhoneMastery:
    """Return as `app.library.progress` does how a phone was said, but with all sayings weighing the same."""
    mean, right = said.total / said.said, 1.0 - said.wrong / said.said
    return PhoneMastery(phone, said.said, said.wrong, mean, mean / 100.0 * right, None)


def _days(scored: Sequence[ScoredReading], zone: tzinfo | None) -> Iterator[Day]:
    for day, group in groupby(scored, key=lambda each: each.started.astimezone(zone).date()):
        some = list(group)
        yield Day(day, len(some), _means(some))


def _means(scored: Sequence[ScoredReading]) -> FiveScores:
    return FiveScores(*(_mean(scored, aspect) for aspect in ASPECTS))


def _mean(scored: Sequence[ScoredReading], aspect: str) -> float | None:
    there = [score for each in scored if (score := each.scores.of(aspect)) is not None]
    return fmean(there) if there else None
