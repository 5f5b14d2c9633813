"""What of a library goes into an archive, so that everything a row refers to goes with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, false, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.library.archive_rows import ASSESSMENT, TABLES
from app.library.models import (
    Attempt,
    Card,
    Comment,
    Goal,
    Item,
    Learner,
    Lesson,
    Mark,
    Membership,
    SchoolClass,
    StoredAssessment,
)
from app.library.models import Session as Sitting
from app.library.store import Store

# An assessment of a long text takes some megabytes.
_AT_A_TIME = 50

Condition = ColumnElement[bool]


class Choice:
    """Chooses rows.

    Parameters
    ----------
    learners, attempts : collection of str or None
        Ids: see `archive.export_all`; None for all.
    """

    def __init__(self, learners: Collection[str] | None, attempts: Collection[str] | None) -> None:
        self._learners = learners
        self._attempts = attempts
        self._conditions = self._all()

    @contextmanager
    def reading(self, store: Store) -> Iterator[Rows]:
        """Give the rows that are chosen, all as of one moment.

        Raises
        ------
        LibraryError
            If the library cannot be read.
        """
        with store.reading() as session:
            yield Rows(session, self._conditions)

    def _all(self) -> dict[str, Condition]:
        """Return by its name what the rows of each table must fulfil."""
        attempts, learners, lessons = self._of_attempts(), self._of_learners(), self._of_lessons()
        whole = true() if self._attempts is None else false()
        members = self._belongs(Membership.learner_id) & whole
        return {
            "learners": learners,
            "classes": whole
            if self._learners is None
            else whole & SchoolClass.id.in_(select(Membership.class_id).where(members)),
            "memberships": members,
            "lessons": lessons,
            "items": true() if self._is_everything else Item.lesson_id.in_(select(Lesson.id).where(lessons)),
            "sessions": self._of_sittings(),
            "attempts": attempts,
            "marks": Mark.attempt_id.in_(select(Attempt.id).where(attempts)),
            "comments": self._belongs(Comment.learner_id)
            if self._attempts is None
            else Comment.attempt_id.in_(select(Attempt.id).where(attempts)),
            "cards": self._belongs(Card.learner_id) & whole,
            "goals": self._belongs(Goal.learner_id) & whole,
        }

    @property
    def _is_everything(self) -> bool:
        return self._learners is None and self._attempts is None

    def _belongs(self, column: InstrumentedAttribute[str]) -> Condition:
        return true() if self._learners is None else column.in_(self._learners)

    def _of_attempts(self) -> Condition:
        chosen = true() if self._attempts is None else Attempt.id.in_(self._attempts)
        return self._belongs(Attempt.learner_id) & chosen

    def _of_learners(self) -> Condition:
        if self._attempts is None:
            return self._belongs(Learner.id)
        return Learner.id.in_(select(Attempt.learner_id).where(self._of_attempts()))

    def _of_sittings(self) -> Condition:
        if self._attempts is None:
            return self._belongs(Sitting.learner_id)
        return Sitting.id.in_(select(Attempt.session_id).where(self._of_attempts()))

    def _of_lessons(self) -> Condition:
        """Choose the lessons that were read: those of the sittings, and those of the attempts' items."""
        if self._is_everything:
            return true()
        items = select(Attempt.item_id).where(self._of_attempts())
        return Lesson.id.in_(select(Sitting.lesson_id).where(self._of_sittings())) | Lesson.id.in_(
            select(Item.lesson_id).where(Item.id.in_(items))
        )


class Rows:
    """The rows that are chosen.

    Parameters
    ----------
    session : Session
        Reads them.
    conditions : dict of str to Condition
        By the table what its rows must fulfil.
    """

    def __init__(self, session: Session, conditions: dict[str, Condition]) -> None:
        self._session, self._conditions = session, conditions

    @property
    def total(self) -> int:
        """How many there are in all tables."""
        counted = (
            select(func.count()).select_from(table).where(self._conditions[table.name]) for table in TABLES
        )
        return sum(self._session.scalar(each) or 0 for each in counted)

    def of(self, table: Table) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table by the names of its columns; an attempt with its assessment as JSON."""
        wanted: Select[Any] = select(table).where(self._conditions[table.name])
        if table.name == "attempts":
            wanted = wanted.join(StoredAssessment, StoredAssessment.attempt_id == table.c.id).add_columns(
                StoredAssessment.json.label(ASSESSMENT)
            )
        wanted = wanted.order_by(*table.primary_key).execution_options(yield_per=_AT_A_TIME)
        for row in self._session.execute(wanted).mappings():
            yield dict(row)
