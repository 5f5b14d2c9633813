"""The learners of a library."""

from __future__ import annotations

from sqlalchemy import delete as deletion
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.library.audio_use import unused
from app.library.errors import LibraryError
from app.library.models import Attempt, Collected, Comment, Learner
from app.library.records import LearnerRow
from app.library.store import Store

MOST_CHARACTERS = 200


def add(store: Store, name: str) -> LearnerRow:
    """Add a learner.

    Parameters
    ----------
    store : Store
        The library.
    name : str
        What to call the learner; may be empty, and several may have the same.

    Raises
    ------
    LibraryError
        If the name is too long, or the library cannot be written.
    """
    learner = Learner(name=_name(name))
    with store.writing() as session:
        session.add(learner)
    return LearnerRow(learner.id, learner.name, learner.created, learner.may_be_shared, number=learner.number)


def all_learners(store: Store) -> list[LearnerRow]:
    """Return the learners by name, with how much they have read."""
    wanted = (
        select(Learner, func.count(Attempt.id), func.max(Attempt.started))
        .join(Attempt, Attempt.learner_id == Learner.id, isouter=True)
        .group_by(Learner.id)
    )
    with store.reading() as session:
        rows = [
            LearnerRow(each.id, each.name, each.created, each.may_be_shared, count, newest, each.number)
            for each, count, newest in session.execute(wanted)
        ]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.created))


def rename(store: Store, learner_id: str, name: str) -> None:
    """Give a learner another name.

    Raises
    ------
    LibraryError
        If there is no such learner, the name is too long, or the library cannot be written.
    """
    with store.writing() as session:
        _learner(session.get(Learner, learner_id)).name = _name(name)


def delete(store: Store, learner_id: str) -> None:
    """Delete a learner with everything: attempts, recordings, marks, comments, cards and goals.

    Raises
    ------
    LibraryError
        If there is no such learner, or something cannot be deleted.
    """
    with store.writing() as session:
        # On a server: who is keeping an attempt of the learner comes first, or is refused.
        learner = _learner(session.get(Learner, learner_id, with_for_update=True))
        heard = set(session.scalars(select(Attempt.recording).where(Attempt.learner_id == learner_id)))
        heard |= set(session.scalars(select(Comment.recording).where(Comment.learner_id == learner_id)))
        _forget_deliveries(session, learner)
        session.delete(learner)
        session.flush()
        # Before the end: if a recording cannot be deleted, the learner stays and can be deleted again.
        for digest in unused(session, {digest for digest in heard if digest}):
            store.audio.remove(digest)


def _forget_deliveries(session: Session, learner: Learner) -> None:
    """Delete what tells of recordings that were collected from the learner."""
    own = select(Attempt.id).where(Attempt.learner_id == learner.id)
    named = Collected.attempt_id.is_(None) & Collected.learner.in_({learner.name, learner.number} - {""})
    session.execute(deletion(Collected).where(Collected.attempt_id.in_(own) | named))


def _learner(found: Learner | None) -> Learner:
    if found is None:
        raise LibraryError("This learner is not in the library any more. Choose another one.")
    return found


def _name(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > MOST_CHARACTERS:
        raise LibraryError(f"The name is longer than {MOST_CHARACTERS} characters. Give a shorter one.")
    return name
