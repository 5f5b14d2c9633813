"""Attempts: kept as soon as they are scored, read again, starred, deleted."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from importlib import metadata
from typing import Any

from sqlalchemy import LargeBinary, Select, insert, select, type_coerce, update
from sqlalchemy import delete as deletion
from sqlalchemy.orm import Session

from app.library.audio_store import flac
from app.library.audio_use import unused
from app.library.errors import DamagedLibraryError, LibraryError
from app.library.models import (
    Attempt,
    Comment,
    Item,
    Learner,
    Lesson,
    PhoneResult,
    StoredAssessment,
    WordResult,
)
from app.library.models import Session as Sitting
from app.library.records import AttemptRow, Purpose
from app.library.store import Store
from app.library.weak_cards import review
from assessment.audio import Recording
from assessment.errors import ElocuteError
from assessment.phones import base
from assessment.results import Assessment

# An attempt belongs to the sitting before if no more time has passed since its last one.
SITTING_GAP = timedelta(minutes=30)
WRONG_BELOW = 60.0
_AT_A_TIME = 500
# An assessment of a long text takes some megabytes.
_INDEXED_AT_A_TIME = 20
_ROW = [each.name for each in fields(AttemptRow)]


@dataclass(frozen=True, eq=False)
class KeptAttempt:
    """An attempt as it was kept.

    Attributes
    ----------
    row : AttemptRow
        Who read what when.
    assessment : Assessment
        How it was read.
    recording : Recording or None
        What was said; None if no recording is kept, or it is missing.
    """

    row: AttemptRow
    assessment: Assessment
    recording: Recording | None


def add(
    store: Store,
    purpose: Purpose,
    recording: Recording,
    assessment: Assessment,
    started: datetime,
    *,
    keep_recording: bool = True,
    note: Callable[[Session, str], None] | None = None,
) -> str:
    """Keep an attempt: once this returns it survives whatever happens to the program or the power.

    Parameters
    ----------
    store : Store
        The library.
    purpose : Purpose
        Who read, and why.
    recording : Recording
        What was said.
    assessment : Assessment
        How it was read.
    started : datetime
        When the recording began, with its time zone.
    keep_recording : bool
        Whether the recording is kept with the scores.
    note : callable, optional
        Writes more into the library: it gets the session and the attempt's id, and both are kept or neither.

    Returns
    -------
    str
        Id of the attempt. The same recording of the same text that began at the same time is kept once.

    Raises
    ------
    LibraryError
        If it cannot be kept; then nothing of it is.
    """
    made = _rows(assessment)
    audio = flac(recording) if keep_recording else None
    digest = None
    try:
        with store.writing() as session:
            _wait_for(session, purpose.learner_id)
            known = session.scalar(
                _same(started, assessment.text).where(Attempt.learner_id == purpose.learner_id)
            )
            if known is None:
                # While nobody else can write: who deletes an attempt with the same recording waits.
                digest = None if audio is None else store.audio.add_file(audio)
                known = _add(session, purpose, made, started, digest)
            if note is not None:
                note(session, known)
            return known
    except BaseException:
        if digest is not None:
            with contextlib.suppress(LibraryError):
                _remove_if_unused(store, digest)
        raise


@dataclass(frozen=True, eq=False)
class _Rows:
    """An assessment as the tables take it, made before anybody has to wait for the library."""

    attempt: dict[str, Any]
    json: str
    phones: list[dict[str, Any]]
    words: list[dict[str, Any]]


def _rows(assessment: Assessment) -> _Rows:
    scores = assessment.scores
    attempt = {
        "text": assessment.text,
        "seconds": assessment.duration,
        "overall": scores.overall,
        "accuracy": scores.accuracy,
        "fluency": scores.fluency,
        "completeness": scores.completeness,
        "prosody": scores.prosody,
        "is_rough": assessment.confidence.is_rough,
        "engine_version": _version(),
        "model": f"{assessment.model.name} {assessment.model.version}",
    }
    json = assessment.to_json(indent=None)
    return _Rows(attempt, json, phone_results(assessment), word_results(assessment))


@cache
def _version() -> str:
    return metadata.version("elocute")


def _wait_for(session: Session, learner_id: str) -> None:
    """Make sure that there is a learner; on a server, let one attempt of a learner follow the other."""
    if session.get(Learner, learner_id, with_for_update=True) is None:
        raise LibraryError(
            "This learner is not in the library any more. Choose another one, then read again."
        )


def _remove_if_unused(store: Store, digest: str) -> None:
    with store.writing() as session:
        if unused(session, {digest}):
            store.audio.remove(digest)


def is_kept(store: Store, started: datetime, text: str) -> bool:
    """Return whether the recording of a text that began at a time has been kept."""
    with store.reading() as session:
        return session.scalar(_same(started, text)) is not None


def _same(started: datetime, text: str) -> Select[tuple[str]]:
    return select(Attempt.id).where(Attempt.started == started, Attempt.text == text)


def _add(session: Session, purpose: Purpose, made: _Rows, started: datetime, digest: str | None) -> str:
    item = session.get(Item, purpose.item_id) if purpose.item_id else None
    attempt = Attempt(
        learner_id=purpose.learner_id,
        session_id=_sitting(session, purpose, started, made.attempt["seconds"]),
        item_id=item.id if item else None,
        started=started,
        recording=digest,
        **made.attempt,
    )
    session.add(attempt)
    session.flush()
    session.add(StoredAssessment(attempt_id=attempt.id, json=made.json))
    session.add_all(PhoneResult(attempt_id=attempt.id, **each) for each in made.phones)
    words = [{"attempt_id": attempt.id, **each} for each in made.words]
    if words:
        session.execute(insert(WordResult), words)
    review(session, purpose.learner_id, made.phones, started)
    return attempt.id


def _sitting(session: Session, purpose: Purpose, started: datetime, seconds: float) -> str:
    """Return the sitting that an attempt belongs to: the one that goes on, or a new one."""
    ended = started + timedelta(seconds=seconds)
    # A session of weak phones goes through several lessons.
    is_lesson = purpose.lesson_id and purpose.kind != "weak-sounds"
    lesson = session.get(Lesson, purpose.lesson_id) if is_lesson else None
    same: Select[tuple[Sitting]] = (
        select(Sitting)
        .where(
            Sitting.learner_id == purpose.learner_id,
            Sitting.kind == purpose.kind,
            Sitting.lesson_id == (lesson.id if lesson else None),
            Sitting.ended >= started - SITTING_GAP,
            Sitting.started <= started,
        )
        .order_by(Sitting.ended.desc())
        .limit(1)
    )
    sitting = session.scalar(same)
    if sitting is None:
        sitting = Sitting(
            learner_id=purpose.learner_id,
            lesson_id=lesson.id if lesson else None,
            kind=purpose.kind,
            started=started,
            ended=ended,
        )
        session.add(sitting)
        session.flush()
    sitting.ended = max(sitting.ended, ended)
    return sitting.id


def phone_results(assessment: Assessment) -> list[dict[str, Any]]:
    """Return how well each kind of phone was said in a reading.

    Returns
    -------
    list of dict
        With "phone" (ARPAbet without stress), "said", "wrong" (scored below 60) and "mean" (0-100). Words
        that were left out, or said beside the text, do not count.
    """
    scores: dict[str, list[float]] = {}
    for word in assessment.words:
        if word.is_extra:
            continue
        for phone in word.phones:
            scores.setdefault(base(phone.symbol), []).append(phone.score)
    return [
        {
            "phone": phone,
            "said": len(each),
            "wrong": sum(score < WRONG_BELOW for score in each),
            "mean": sum(each) / len(each),
        }
        for phone, each in sorted(scores.items())
    ]


def word_results(assessment: Assessment) -> list[dict[str, Any]]:
    """Return how each word of the text was said in a reading.

    Returns
    -------
    list of dict
        With the columns of `models.WordResult` but the attempt.
    """
    return [
        {
            "position": position,
            "word": word.spoken,
            "score": word.accuracy,
            "error": word.error.value,
            "start": word.start,
            "end": word.end,
        }
        for position, word in enumerate(assessment.words)
        if not word.is_extra
    ]


def index_words(store: Store) -> int:
    """Note of attempts that an older Elocute kept how their words were said; return of how many.

    Raises
    ------
    LibraryError
        If the library cannot be written.
    """
    done = 0
    after = ""
    while True:
        with store.writing() as session:
            found = session.execute(_without_words(after)).all()
            for attempt_id, written in found:
                done += _index(session, attempt_id, written)
        if not found:
            return done
        after = found[-1][0]


def _without_words(after: str) -> Select[tuple[str, bytes]]:
    indexed = select(WordResult.attempt_id).where(WordResult.attempt_id == StoredAssessment.attempt_id)
    return (
        select(StoredAssessment.attempt_id, type_coerce(StoredAssessment.json, LargeBinary))
        .where(StoredAssessment.attempt_id > after, ~indexed.exists())
        .order_by(StoredAssessment.attempt_id)
        .limit(_INDEXED_AT_A_TIME)
    )


def _index(session: Session, attempt_id: str, written: bytes) -> bool:
    try:
        words = word_results(Assessment.from_json(zlib.decompress(written).decode("utf-8")))
    except (zlib.error, UnicodeDecodeError, ElocuteError):  # told when the attempt is opened
        return False
    if words:
        session.execute(insert(WordResult), [{"attempt_id": attempt_id, **each} for each in words])
    return bool(words)


def rows() -> Select[Any]:
    """Return the statement that selects what `row` takes."""
    return (
        select(
            Attempt.id,
            Attempt.learner_id,
            Learner.name,
            Sitting.lesson_id,
            Lesson.title,
            Attempt.item_id,
            Attempt.text,
            Attempt.started,
            Attempt.seconds,
            Attempt.overall,
            Attempt.accuracy,
            Attempt.fluency,
            Attempt.completeness,
            Attempt.prosody,
            Attempt.is_rough,
            Attempt.is_starred,
            Attempt.recording,
            Attempt.is_handed_in,
            Attempt.is_flagged,
            Attempt.reviewed,
            Attempt.reviewer,
        )
        .join(Learner, Learner.id == Attempt.learner_id)
        .join(Sitting, Sitting.id == Attempt.session_id)
        .join(Lesson, Lesson.id == Sitting.lesson_id, isouter=True)
    )


def row(values: Sequence[Any]) -> AttemptRow:
    """Return an attempt as it is listed, from what `rows` selects."""
    named = dict(zip(_ROW, values, strict=True))
    return AttemptRow(**(named | {"lesson": named["lesson"] or ""}))


def load(store: Store, attempt_id: str) -> KeptAttempt:
    """Read an attempt again.

    Raises
    ------
    LibraryError
        If there is no such attempt, or it is damaged.
    ElocuteError
        If its assessment was written by a newer Elocute.
    """
    with store.reading() as session:
        found = session.execute(rows().where(Attempt.id == attempt_id)).first()
        written = _written(session, attempt_id)
    if found is None or written is None:
        raise LibraryError("This reading is not in the library any more.")
    listed = row(found)
    return KeptAttempt(listed, Assessment.from_json(written), _recording(store, listed.recording))


def _written(session: Session, attempt_id: str) -> str | None:
    """Return the assessment of an attempt as JSON."""
    try:
        return session.scalar(select(StoredAssessment.json).where(StoredAssessment.attempt_id == attempt_id))
    except (zlib.error, UnicodeDecodeError) as problem:
        raise DamagedLibraryError(
            f"The scores of this reading are damaged ({problem}). Restore a backup, or delete the reading."
        ) from problem


def _recording(store: Store, digest: str | None) -> Recording | None:
    if digest is None:
        return None
    try:
        return store.audio.open(digest)
    except ElocuteError:  # the scores are shown without it
        return None


def star(store: Store, attempt_id: str, is_starred: bool) -> None:
    """Mark an attempt, or take the mark away."""
    with store.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == attempt_id).values(is_starred=is_starred))


def delete(store: Store, attempt_ids: Iterable[str]) -> None:
    """Delete attempts with their recordings and spoken comments, unless something else refers to these.

    Raises
    ------
    LibraryError
        If something cannot be deleted.
    """
    ids = sorted(attempt_ids)
    heard: set[str] = set()
    with store.writing() as session:
        for first in range(0, len(ids), _AT_A_TIME):
            wanted = Attempt.id.in_(ids[first : first + _AT_A_TIME])
            said = select(Comment.recording).join(Attempt, Attempt.id == Comment.attempt_id).where(wanted)
            for digests in (select(Attempt.recording).where(wanted), said):
                heard |= {digest for digest in session.scalars(digests) if digest}
            session.execute(deletion(Attempt).where(wanted))
        # Before the end: if a recording cannot be deleted, the attempts stay and can be deleted again.
        for digest in unused(session, heard):
            store.audio.remove(digest)


def last_place(store: Store, learner_id: str) -> tuple[str, int] | None:
    """Return the lesson that a learner read last, and which of its texts; None before the first."""
    wanted = (
        select(Item.lesson_id, Item.position)
        .join(Attempt, Attempt.item_id == Item.id)
        .where(Attempt.learner_id == learner_id)
        .order_by(Attempt.started.desc())
        .limit(1)
    )
    with store.reading() as session:
        found = session.execute(wanted).first()
    return None if found is None else (found[0], found[1])
