"""The history: which attempts there are, filtered and searched, the newest first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from app.library import attempts as kept
from app.library.models import Attempt, Learner, Lesson, PhoneResult
from app.library.models import Session as Sitting
from app.library.records import AttemptRow
from app.library.store import Store

_ESCAPE = "/"
_AT_A_TIME = 500
_ROWS_AT_A_TIME = 200


@dataclass(frozen=True)
class Filter:
    """Which attempts are wanted: those that fit everything that is given.

    Attributes
    ----------
    learner_id : str or None
        Whose; None for everybody's.
    search : str
        Must be in the text, the title of the lesson or the name of the learner, in capitals or not; every
        sign stands for itself, and any white space for any other.
    lesson_id : str or None
        Read in this lesson.
    since, until : datetime or None
        Begun not before the one and before the other, with their zones.
    least, most : float or None
        Overall score, 0-100, not below the one and below the other.
    starred, with_recording : bool
        Only those that are starred, or whose recording is kept.
    phone : str or None
        In which this phone (ARPAbet without stress) was wrong at least once.
    """

    learner_id: str | None
    search: str = ""
    lesson_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    least: float | None = None
    most: float | None = None
    starred: bool = False
    with_recording: bool = False
    phone: str | None = None


@dataclass(frozen=True)
class Extent:
    """What there is to choose from.

    Attributes
    ----------
    attempts : int
        How many attempts there are.
    learners : int
        How many learners there are.
    lessons : tuple of (str, str)
        Ids and titles of the lessons that were read, by title.
    """

    attempts: int
    learners: int
    lessons: tuple[tuple[str, str], ...]


def attempts(store: Store, wanted: Filter, *more: ColumnElement[bool]) -> list[AttemptRow]:
    """Return attempts, the newest first.

    Parameters
    ----------
    store : Store
        The library.
    wanted : Filter
        Which.
    *more : ColumnElement
        What else must be true of an attempt, for those who know the tables.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    statement = kept.rows().where(*_conditions(wanted), *more).order_by(Attempt.started.desc(), Attempt.id)
    with store.reading() as session:
        # Not through the session, which would take half as long again.
        found = session.connection().execute(statement, execution_options={"yield_per": _ROWS_AT_A_TIME})
        # All in one go would keep other threads waiting, that of the window too.
        rows = [_row(each) for each in found]
    words = _plain(wanted.search)
    # The database has sorted out most, but it may not know capitals beyond A-Z.
    return [each for each in rows if _has(each, words)] if words else rows


def extent(store: Store, learner_id: str | None) -> Extent:
    """Return how many attempts a learner (or everybody, for None) has made, and of which lessons.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    counted = select(func.count()).select_from(Attempt)
    lessons = select(Lesson.id, Lesson.title).join(Sitting, Sitting.lesson_id == Lesson.id).distinct()
    if learner_id is not None:
        counted = counted.where(Attempt.learner_id == learner_id)
        lessons = lessons.where(Sitting.learner_id == learner_id)
    with store.reading() as session:
        return Extent(
            session.scalar(counted) or 0,
            session.scalar(select(func.count()).select_from(Learner)) or 0,
            tuple(sorted(session.execute(lessons).tuples(), key=lambda each: (each[1].casefold(), each[0]))),
        )


def star(store: Store, attempt_ids: Collection[str], *, is_starred: bool) -> None:
    """Mark attempts, or take the marks away; all or none.

    Raises
    ------
    LibraryError
        If the library cannot be written.
    """
    ids = sorted(attempt_ids)
    with store.writing() as session:
        for first in range(0, len(ids), _AT_A_TIME):
            some = Attempt.id.in_(ids[first : first + _AT_A_TIME])
            session.execute(update(Attempt).where(some).values(is_starred=is_starred))


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """Yield what must be true of an attempt."""
    if wanted.learner_id is not None:
        yield Attempt.learner_id == wanted.learner_id
    if wanted.lesson_id is not None:
        yield Sitting.lesson_id == wanted.lesson_id
    if wanted.since is not None:
        yield Attempt.started >= wanted.since
    if wanted.until is not None:
        yield Attempt.started < wanted.until
    if wanted.least is not None:
        yield Attempt.overall >= wanted.least
    if wanted.most is not None:
        yield Attempt.overall < wanted.most
    if wanted.starred:
        yield Attempt.is_starred.is_(True)
    if wanted.with_recording:
        yield Attempt.recording.is_not(None)
    if wanted.phone is not None:
        yield Attempt.id.in_(_wrong(wanted.phone))
    if _plain(wanted.search):
        yield _looks_like(wanted.search)


def _wrong(phone: str) -> Select[tuple[str]]:
    return select(PhoneResult.attempt_id).where(PhoneResult.phone == phone, PhoneResult.wrong > 0)


def _looks_like(search: str) -> ColumnElement[bool]:
    """Return a condition that holds wherever a search is found, and in few other places.

    What is not ASCII stands for any one sign here: SQLite knows no capitals of it.
    """
    escaped = re.sub(rf"([%_{_ESCAPE}])", rf"{_ESCAPE}\1", " ".join(search.split()))
    pattern = re.sub(r"[^\x00-\x7f]", "_", escaped).replace(" ", "%")
    columns = (Attempt.text, Lesson.title, Learner.name)
    return or_(*(column.ilike(f"%{pattern}%", escape=_ESCAPE) for column in columns))


def _row(values: Sequence[Any]) -> AttemptRow:
    """Return an attempt as it is listed: what `attempts.row` returns, in a third of its time."""
    id_, learner_id, learner, lesson_id, lesson, *rest = values
    return AttemptRow(id_, learner_id, learner, lesson_id, lesson or "", *rest)


def _has(row: AttemptRow, words: str) -> bool:
    return any(words in _plain(each) for each in (row.text, row.lesson, row.learner))


def _plain(text: str) -> str:
    """Return a text without capitals and line breaks."""
    return " ".join(text.casefold().split())
