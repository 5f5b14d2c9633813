"""What a teacher does with attempts: goes through them, marks, comments, and lays them aside."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from app.library import attempts as kept
from app.library import history
from app.library.audio_use import unused
from app.library.errors import LibraryError
from app.library.models import Attempt, Comment, Learner, Mark, Membership, WordResult, now
from app.library.records import AttemptRow
from app.library.store import Store
from app.library.teaching.records import CommentRow, MarkRow, Rendering, Review
from assessment.audio import Recording
from assessment.results import ErrorType

MOST_CHARACTERS = 10_000
# As many as somebody listens to.
_MOST_RENDERINGS = 200
_AT_A_TIME = 500
_GONE = "This reading is not in the library any more."


@dataclass(frozen=True)
class Queue:
    """Which attempts are to be reviewed: those that fit everything that is given.

    Attributes
    ----------
    class_id, lesson_id, learner_id : str or None
        Of learners of this class, of this lesson, of this learner.
    least, most : float or None
        Overall score, 0-100, not below the one and below the other.
    flagged, unreviewed, handed_in : bool
        Only those that are so.
    search : str
        Must be in the text, the title of the lesson or the name of the learner.
    word : str or None
        In which this word (as spoken, lower case) was left out or scored below 60.
    phone : str or None
        In which this phone (ARPAbet without stress) scored below 60 at least once.
    since, until : datetime or None
        Begun not before the one and before the other, with their zones.
    """

    class_id: str | None = None
    lesson_id: str | None = None
    learner_id: str | None = None
    least: float | None = None
    most: float | None = None
    flagged: bool = False
    unreviewed: bool = False
    handed_in: bool = False
    search: str = ""
    word: str | None = None
    phone: str | None = None
    since: datetime | None = None
    until: datetime | None = None


# --- going through --------------------------------------------------------------------------


def queue(store: Store, wanted: Queue) -> list[AttemptRow]:
    """Return attempts: those that nobody has reviewed first, then the oldest first.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    fitting = history.Filter(
        wanted.learner_id,
        wanted.search,
        wanted.lesson_id,
        wanted.since,
        wanted.until,
        wanted.least,
        wanted.most,
        phone=wanted.phone,
    )
    rows = history.attempts(store, fitting, *_conditions(wanted))
    return sorted(rows, key=lambda row: (row.reviewed is not None, row.started, row.id))


def _conditions(wanted: Queue) -> Iterator[ColumnElement[bool]]:
    if wanted.class_id is not None:
        yield Attempt.learner_id.in_(_members(wanted.class_id))
    if wanted.flagged:
        yield Attempt.is_flagged.is_(True)
    if wanted.unreviewed:
        yield Attempt.reviewed.is_(None)
    if wanted.handed_in:
        yield Attempt.is_handed_in.is_(True)
    if wanted.word is not None:
        is_wrong = or_(WordResult.score < kept.WRONG_BELOW, WordResult.error == ErrorType.OMISSION.value)
        yield Attempt.id.in_(select(WordResult.attempt_id).where(WordResult.word == wanted.word, is_wrong))


def _members(class_id: str) -> Select[tuple[str]]:
    return select(Membership.learner_id).where(Membership.class_id == class_id)


def open_review(store: Store, attempt_id: str) -> Review:
    """Read an attempt with everything that was said about it.

    Raises
    ------
    LibraryError
        If there is no such attempt, or it is damaged.
    ElocuteError
        If its assessment was written by a newer Elocute.
    """
    found = kept.load(store, attempt_id)
    with store.reading() as session:
        marks = session.scalars(
            select(Mark).where(Mark.attempt_id == attempt_id).order_by(Mark.created, Mark.id)
        )
        about = or_(
            Comment.attempt_id == attempt_id,
            Comment.attempt_id.is_(None) & (Comment.learner_id == found.row.learner_id),
        )
        comments = session.scalars(select(Comment).where(about).order_by(Comment.created, Comment.id))
        return Review(found, tuple(map(mark_row, marks)), tuple(map(comment_row, comments)))


def latest(store: Store, learner_id: str, limit: int = 10) -> list[AttemptRow]:
    """Return the newest attempts of a learner, the newest first."""
    wanted = (
        kept.rows()
        .where(Attempt.learner_id == learner_id)
        .order_by(Attempt.started.desc(), Attempt.id)
        .limit(limit)
    )
    with store.reading() as session:
        return [kept.row(each) for each in session.execute(wanted)]


def renderings(store: Store, word: str, class_id: str | None) -> list[Rendering]:
    """Return how a word was said by everybody in a class, the worst first.

    Parameters
    ----------
    store : Store
        The library.
    word : str
        As spoken, lower case.
    class_id : str or None
        The class; None for all learners.

    Returns
    -------
    list of Rendering
        At most 200, of attempts whose recording is kept; not those in which the word was left out.
    """
    where = WordResult
    wanted = (
        kept.rows()
        .add_columns(where.position, where.score, where.error, where.start, where.end)
        .join(where, where.attempt_id == Attempt.id)
        .where(where.word == word, where.error != ErrorType.OMISSION.value, Attempt.recording.is_not(None))
        .order_by(where.score, Attempt.started, where.position)
        .limit(_MOST_RENDERINGS)
    )
    if class_id is not None:
        wanted = wanted.where(Attempt.learner_id.in_(_members(class_id)))
    with store.reading() as session:
        return [Rendering(kept.row(each[:-5]), *each[-5:]) for each in session.execute(wanted)]


# --- marks ----------------------------------------------------------------------------------


def mark(
    store: Store,
    attempt_id: str,
    author: str,
    word: int | None,
    phone: int | None = None,
    *,
    score: float | None = None,
    error: str | None = None,
) -> MarkRow:
    """Say what a teacher says instead of the machine; what the same author said before is replaced.

    Parameters
    ----------
    store : Store
        The library.
    attempt_id : str
        Of the attempt.
    author : str
        Who marks.
    word : int or None
        In `Assessment.words`; None for the whole reading.
    phone : int or None
        In `Word.phones`; None for the whole word.
    score : float, optional
        0-100.
    error : str, optional
        Error type of a word, such as "omission" or "none".

    Raises
    ------
    LibraryError
        If neither or something impossible is said, the attempt is not there, or the library cannot be
        written.
    """
    _check(word, phone, score, error)
    with store.writing() as session:
        if session.get(Attempt, attempt_id) is None:
            raise LibraryError(_GONE)
        found = _mark(session, attempt_id, author, word, phone)
        if found is None:
            found = Mark(attempt_id=attempt_id, author=author, word=word, phone=phone)
            session.add(found)
        found.score, found.error, found.created = score, error, now()
        session.flush()
        return mark_row(found)


def _check(word: int | None, phone: int | None, score: float | None, error: str | None) -> None:
    if score is None and error is None:
        raise LibraryError("A mark says nothing. Give a score or what is wrong.")
    if score is not None and not 0.0 <= score <= 100.0:
        raise LibraryError(f"A mark of {score:g} is not possible. Give 0 to 100.")
    if error is not None and error not in set(ErrorType):
        raise LibraryError(f'"{error}" is nothing that can be wrong with a word.')
    if (word is None and phone is not None) or min(word or 0, phone or 0) < 0:
        raise LibraryError(f"There is no phone {phone} of word {word}.")


def unmark(
    store: Store, attempt_id: str, author: str, word: int | None, phone: int | None = None
) -> MarkRow | None:
    """Take a mark away; return what it was, None if there was none."""
    with store.writing() as session:
        found = _mark(session, attempt_id, author, word, phone)
        if found is None:
            return None
        row = mark_row(found)
        session.delete(found)
        return row


def _mark(session: Session, attempt_id: str, author: str, word: int | None, phone: int | None) -> Mark | None:
    return session.scalar(
        select(Mark).where(
            Mark.attempt_id == attempt_id, Mark.author == author, Mark.word == word, Mark.phone == phone
        )
    )


def mark_row(found: Mark) -> MarkRow:
    """Return a mark as plain data."""
    return MarkRow(
        found.id,
        found.attempt_id,
        found.word,
        found.phone,
        found.score,
        found.error,
        found.author,
        found.created,
    )


# --- comments -------------------------------------------------------------------------------


def comment(
    store: Store,
    learner_id: str,
    author: str,
    text: str,
    *,
    attempt_id: str | None = None,
    word: int | None = None,
    recording: Recording | None = None,
) -> CommentRow:
    """Write or speak a comment on a learner, an attempt, or a word of one.

    Raises
    ------
    LibraryError
        If it says nothing or too much, its learner or attempt is not there, or it cannot be kept.
    """
    text = _text(text, is_spoken=recording is not None)
    with store.writing() as session:
        _check_owner(session, learner_id, attempt_id)
        # While nobody else can write: who deletes a comment with the same recording waits.
        digest = None if recording is None else store.audio.add(recording)
        made = Comment(
            learner_id=learner_id,
            attempt_id=attempt_id,
            word=word,
            text=text,
            recording=digest,
            author=author,
            created=now(),
        )
        session.add(made)
        session.flush()
        return comment_row(made)


def _check_owner(session: Session, learner_id: str, attempt_id: str | None) -> None:
    if session.get(Learner, learner_id) is None:
        raise LibraryError("This learner is not in the library any more.")
    if attempt_id is not None:
        attempt = session.get(Attempt, attempt_id)
        if attempt is None or attempt.learner_id != learner_id:
            raise LibraryError(_GONE)


def _text(text: str, *, is_spoken: bool) -> str:
    text = text.strip()
    if not text and not is_spoken:
        raise LibraryError("The comment is empty. Write something, or speak it.")
    if len(text) > MOST_CHARACTERS:
        raise LibraryError(f"The comment is longer than {MOST_CHARACTERS:,} characters. Make it shorter.")
    return text


def change_comment(store: Store, comment_id: str, text: str) -> None:
    """Write another text into a comment.

    Raises
    ------
    LibraryError
        If the comment is not there, or the text is empty or too long.
    """
    with store.writing() as session:
        found = _comment(session, comment_id)
        found.text = _text(text, is_spoken=found.recording is not None)


def delete_comment(store: Store, comment_id: str) -> None:
    """Delete a comment, and what was spoken.

    Raises
    ------
    LibraryError
        If the comment is not there, or cannot be deleted.
    """
    with store.writing() as session:
        found = _comment(session, comment_id)
        digest = found.recording
        session.delete(found)
        session.flush()
        for each in unused(session, {digest} if digest else set()):
            store.audio.remove(each)


def _comment(session: Session, comment_id: str) -> Comment:
    found = session.get(Comment, comment_id)
    if found is None:
        raise LibraryError("This comment is not in the library any more.")
    return found


def comment_row(found: Comment) -> CommentRow:
    """Return a comment as plain data."""
    return CommentRow(
        found.id,
        found.learner_id,
        found.attempt_id,
        found.word,
        found.text,
        found.recording,
        found.author,
        found.created,
    )


# --- laying aside ---------------------------------------------------------------------------


def set_reviewed(store: Store, attempt_ids: Collection[str], author: str, is_reviewed: bool = True) -> None:
    """Say that attempts were reviewed, or that they are to be reviewed again; all or none."""
    values = {"reviewed": now(), "reviewer": author} if is_reviewed else {"reviewed": None, "reviewer": ""}
    _set(store, attempt_ids, values)


def set_flag(store: Store, attempt_ids: Collection[str], is_flagged: bool) -> None:
    """Mark attempts to come back to them, or take that away; all or none."""
    _set(store, attempt_ids, {"is_flagged": is_flagged})


def _set(store: Store, attempt_ids: Collection[str], values: dict[str, Any]) -> None:
    ids = sorted(attempt_ids)
    with store.writing() as session:
        for first in range(0, len(ids), _AT_A_TIME):
            some = Attempt.id.in_(ids[first : first + _AT_A_TIME])
            session.execute(update(Attempt).where(some).values(**values))
