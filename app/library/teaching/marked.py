"""What teachers marked, beside what the machine had said of it."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, Subquery, func, select, type_coerce
from sqlalchemy.orm import Session

from app.library.models import Attempt, Mark, StoredAssessment
from assessment.phones import base
from assessment.results import ErrorType

# Rows that are fetched in one go keep other threads waiting, that of the window too.
_ROWS_AT_A_TIME = 200
# An assessment of a long text takes some megabytes.
_ASSESSMENTS_AT_A_TIME = 20
_EXTRA = (ErrorType.INSERTION, ErrorType.REPETITION)

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MarkedPhone:
    """A phone with both marks.

    Attributes
    ----------
    learner_id : str
        Who said it.
    phone : str
        ARPAbet without stress.
    machine, teacher : float
        Scores, 0-100.
    """

    learner_id: str
    phone: str
    machine: float
    teacher: float


def rows(session: Session, wanted: Select[Any]) -> Iterator[Any]:
    """Yield rows so that other threads get their turn in between."""
    # Not through the session, which would take half as long again.
    yield from session.connection().execute(wanted, execution_options={"yield_per": _ROWS_AT_A_TIME})


def newest(which: ColumnElement[bool], author: str | None = None) -> Subquery:
    """Return some marks as a table to join: of several for the same thing the newest.

    Parameters
    ----------
    which : ColumnElement
        What must be true of a mark.
    author : str, optional
        Whose marks; by default everybody's.

    Returns
    -------
    Subquery
        With the columns attempt_id, word, phone, score and error.
    """
    same = (Mark.attempt_id, Mark.word, Mark.phone)
    order = func.row_number().over(partition_by=same, order_by=(Mark.created.desc(), Mark.id))
    ordered = select(*same, Mark.score, Mark.error, order.label("place")).where(which)
    if author is not None:
        ordered = ordered.where(Mark.author == author)
    each = ordered.subquery()
    columns = (each.c.attempt_id, each.c.word, each.c.phone, each.c.score, each.c.error)
    return select(*columns).where(each.c.place == 1).subquery()


def marked_phones(
    session: Session, *conditions: ColumnElement[bool], author: str | None = None
) -> Iterator[MarkedPhone]:
    """Yield the phones that were marked.

    Left out are those of words that were said beside the text, those that are not there, and those of
    assessments that cannot be read.

    Parameters
    ----------
    session : Session
        In which the library is read.
    *conditions : ColumnElement
        What must be true of their attempts.
    author : str, optional
        Whose marks; by default everybody's, of which the newest counts.
    """
    mark = newest(Mark.phone.is_not(None), author)
    wanted = (
        select(mark.c.attempt_id, Attempt.learner_id, mark.c.word, mark.c.phone, mark.c.score)
        .join(Attempt, Attempt.id == mark.c.attempt_id)
        .where(mark.c.score.is_not(None), *conditions)
        .order_by(Attempt.started, mark.c.attempt_id, mark.c.word, mark.c.phone)
    )
    marks: dict[str, dict[Place, float]] = defaultdict(dict)
    whose = {}
    for attempt_id, learner_id, word, phone, score in rows(session, wanted):
        marks[attempt_id][word, phone] = score
        whose[attempt_id] = learner_id
    for attempt_id, written in _assessments(session, list(marks)):
        for (symbol, machine), teacher in _said(written, marks[attempt_id]):
            yield MarkedPhone(whose[attempt_id], base(symbol), machine, teacher)


def _assessments(session: Session, attempt_ids: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield assessments as they lie in the database, a few at a time."""
    for first in range(0, len(attempt_ids), _ASSESSMENTS_AT_A_TIME):
        some = attempt_ids[first : first + _ASSESSMENTS_AT_A_TIME]
        found = session.execute(
            select(StoredAssessment.attempt_id, type_coerce(StoredAssessment.json, LargeBinary)).where(
                StoredAssessment.attempt_id.in_(some)
            )
        )
        written = dict(found.tuples().all())
        yield from ((each, written[each]) for each in some if each in written)


def _said(written: bytes, marks: Mapping[Place, float]) -> list[tuple[tuple[str, float], float]]:
    """Return what the machine says of marked phones, symbol and score, each with the teacher's score.

    No whole assessment is built: that would take ten times as long, and there may be thousands.
    """
    try:
        words = json.loads(zlib.decompress(written))["words"]
        said = ((_phone(words, *place), teacher) for place, teacher in marks.items())
        return [(found, teacher) for found, teacher in said if found is not None]
    except (zlib.error, ValueError, KeyError, TypeError):  # told when the attempt is opened
        return []


def _phone(words: list[dict[str, Any]], word: int, number: int) -> tuple[str, float] | None:
    """Return symbol and score of a phone of the text; None if it is not there."""
    if word >= len(words) or words[word]["error"] in _EXTRA:
        return None
    phones = [phone for syllable in words[word]["syllables"] for phone in syllable["phones"]]
    return (phones[number]["symbol"], phones[number]["score"]) if number < len(phones) else None
