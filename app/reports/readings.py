"""Reads whole readings from the library for reports: a few at a time, and without decoding their sound."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import LargeBinary, select, type_coerce
from sqlalchemy.orm import Session

from app.library.models import Comment, Mark, StoredAssessment
from app.library.records import AttemptRow
from app.library.store import Store
from app.library.teaching.records import CommentRow, MarkRow
from app.library.teaching.review import comment_row, mark_row
from app.library.teaching.revised import revised
from app.reports.data import Reading
from assessment.errors import ElocuteError
from assessment.results import Assessment

# An assessment of a long text takes some megabytes.
_AT_A_TIME = 20


def in_full(store: Store, rows: Iterable[AttemptRow], consenting: Collection[str]) -> Iterator[Reading]:
    """Yield readings with all that was found out and said about them.

    Those that are damaged, or that a newer Elocute scored, are left out.

    Parameters
    ----------
    store : Store
        The library.
    rows : iterable of AttemptRow
        Which, in their order.
    consenting : collection of str
        Ids of the learners whose recordings may be given away.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_A_TIME)):
        found = _found(store, [row.id for row in some])
        for row in some:
            machine = _assessment(found.written.get(row.id))
            if machine is not None:
                yield _reading(store, row, machine, found, may_be_heard=row.learner_id in consenting)


def voices(store: Store, comments: Iterable[CommentRow]) -> dict[str, Path]:
    """Return the files of spoken comments by their digests."""
    spoken = {each.recording for each in comments if each.recording is not None}
    files = {digest: store.audio.path(digest) for digest in spoken}
    return {digest: path for digest, path in files.items() if path.is_file()}


@dataclass(frozen=True)
class _Found:
    """What the library has of some attempts, by their ids."""

    written: Mapping[str, bytes]
    marks: Mapping[str, Sequence[MarkRow]]
    comments: Mapping[str, Sequence[CommentRow]]


def _found(store: Store, ids: Sequence[str]) -> _Found:
    with store.reading() as session:
        # As they lie in the database: one that is damaged must not take the others with it.
        written = session.execute(
            select(StoredAssessment.attempt_id, type_coerce(StoredAssessment.json, LargeBinary)).where(
                StoredAssessment.attempt_id.in_(ids)
            )
        )
        return _Found(dict(written.tuples().all()), _marks(session, ids), _comments(session, ids))


def _marks(session: Session, ids: Sequence[str]) -> Mapping[str, Sequence[MarkRow]]:
    found: dict[str, list[MarkRow]] = defaultdict(list)
    for each in session.scalars(select(Mark).where(Mark.attempt_id.in_(ids)).order_by(Mark.created, Mark.id)):
        found[each.attempt_id].append(mark_row(each))
    return found


def _comments(session: Session, ids: Sequence[str]) -> Mapping[str, Sequence[CommentRow]]:
    found: dict[str, list[CommentRow]] = defaultdict(list)
    wanted = select(Comment).where(Comment.attempt_id.in_(ids)).order_by(Comment.created, Comment.id)
    for each in session.scalars(wanted):
        if each.attempt_id is not None:
            found[each.attempt_id].append(comment_row(each))
    return found


def _assessment(written: bytes | None) -> Assessment | None:
    if written is None:
        return None
    try:
        return Assessment.from_json(zlib.decompress(written).decode("utf-8"))
    except (zlib.error, UnicodeDecodeError, ElocuteError):
        return None


def _reading(
    store: Store, row: AttemptRow, machine: Assessment, found: _Found, *, may_be_heard: bool
) -> Reading:
    marks, comments = tuple(found.marks.get(row.id, ())), tuple(found.comments.get(row.id, ()))
    audio = store.audio.path(row.recording) if may_be_heard and row.recording is not None else None
    return Reading(
        row,
        machine,
        revised(machine, marks),
        marks,
        comments,
        audio if audio is not None and audio.is_file() else None,
        voices(store, comments) if may_be_heard else {},
    )
