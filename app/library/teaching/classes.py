"""Classes: learners who are taught together, with what is agreed on for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy import delete as deletion
from sqlalchemy.orm import Session

from app.library.audio_use import unused
from app.library.errors import LibraryError
from app.library.models import Attempt, Comment, Learner, Membership, SchoolClass
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.teaching.records import Adjustment, ClassRow

MOST_CHARACTERS = 200
# A hundred years.
MOST_DAYS = 36_500
# SQLite takes no more variables in one statement than some thousands.
_AT_A_TIME = 500


# --- classes --------------------------------------------------------------------------------


def add(store: Store, name: str) -> ClassRow:
    """Add a class without learners.

    Parameters
    ----------
    store : Store
        The library.
    name : str
        What to call it; white space at its ends does not count.

    Raises
    ------
    LibraryError
        If the name is empty, too long or that of another class, or the library cannot be written.
    """
    with store.writing() as session:
        made = SchoolClass(name=_free_name(session, name))
        session.add(made)
        session.flush()
        return _row(made, 0)


def find(session: Session, class_id: str) -> ClassRow:
    """Return a class within a session.

    Raises
    ------
    LibraryError
        If there is no such class.
    """
    return _row(_class(session, class_id), 0)


def named(session: Session, name: str) -> ClassRow:
    """Return within a session the class of a name, which is made if it is missing.

    Raises
    ------
    LibraryError
        If the name is empty or too long.
    """
    for found in session.scalars(select(SchoolClass).order_by(SchoolClass.created)):
        if found.name.casefold() == name.casefold():
            return _row(found, 0)
    made = SchoolClass(name=_free_name(session, name))
    session.add(made)
    session.flush()
    return _row(made, 0)


def all_classes(store: Store) -> list[ClassRow]:
    """Return the classes by name.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    wanted = (
        select(SchoolClass, func.count(Membership.learner_id))
        .join(Membership, Membership.class_id == SchoolClass.id, isouter=True)
        .group_by(SchoolClass.id)
    )
    with store.reading() as session:
        rows = [_row(each, learners) for each, learners in session.execute(wanted)]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.created))


def rename(store: Store, class_id: str, name: str) -> None:
    """Give a class another name.

    Raises
    ------
    LibraryError
        If there is no such class, or the name is empty, too long or that of another class.
    """
    with store.writing() as session:
        found = _class(session, class_id)
        found.name = _free_name(session, name, but=class_id)


def delete(store: Store, class_id: str) -> None:
    """Delete a class; its learners stay, with all that they read.

    Raises
    ------
    LibraryError
        If there is no such class, or the library cannot be written.
    """
    with store.writing() as session:
        session.delete(_class(session, class_id))


def set_retention(store: Store, class_id: str, keep_days: int | None) -> None:
    """Say how long recordings of a class's learners are kept; see `remove_expired`.

    Parameters
    ----------
    store : Store
        The library.
    class_id : str
        Which.
    keep_days : int or None
        So many days, at least 0 and at most 36,500; None for always.

    Raises
    ------
    LibraryError
        If there is no such class, or the number is impossible.
    """
    if keep_days is not None and not 0 <= keep_days <= MOST_DAYS:
        raise LibraryError(
            f"Recordings cannot be kept for {keep_days} days. "
            f"Give 0 to {MOST_DAYS:,} days, or none for always."
        )
    with store.writing() as session:
        _class(session, class_id).keep_days = keep_days


def set_adjustment(store: Store, class_id: str, adjustment: Adjustment | None) -> None:
    """Say by which function of the machine's scores a class's are shown; None for as they are.

    Raises
    ------
    LibraryError
        If there is no such class, or the library cannot be written.
    """
    with store.writing() as session:
        found = _class(session, class_id)
        found.slope = None if adjustment is None else adjustment.slope
        found.intercept = None if adjustment is None else adjustment.intercept


# --- who is in them -------------------------------------------------------------------------


def members(store: Store, class_id: str) -> list[LearnerRow]:
    """Return the learners of a class by name, with how much they have read.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    with store.reading() as session:
        return members_of(session, class_id)


def members_of(session: Session, class_id: str) -> list[LearnerRow]:
    """Return what `members` does, within a session."""
    wanted = (
        select(Learner, func.count(Attempt.id), func.max(Attempt.started))
        .join(Membership, Membership.learner_id == Learner.id)
        .join(Attempt, Attempt.learner_id == Learner.id, isouter=True)
        .where(Membership.class_id == class_id)
        .group_by(Learner.id)
    )
    rows = [
        LearnerRow(each.id, each.name, each.created, each.may_be_shared, count, newest, each.number)
        for each, count, newest in session.execute(wanted)
    ]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.created))


def put(store: Store, class_id: str, learner_ids: Collection[str]) -> None:
    """Put learners into a class, all or none; those who are in it stay.

    Raises
    ------
    LibraryError
        If the class or a learner is not there any more, or the library cannot be written.
    """
    with store.writing() as session:
        _class(session, class_id)
        enter(session, class_id, learner_ids)


def enter(session: Session, class_id: str, learner_ids: Collection[str]) -> int:
    """Put learners into a class within a session; return how many were not in it before."""
    inside = set(session.scalars(select(Membership.learner_id).where(Membership.class_id == class_id)))
    new = sorted(set(learner_ids) - inside)
    for some in _parts(new):
        if len(session.scalars(select(Learner.id).where(Learner.id.in_(some))).all()) < len(some):
            raise LibraryError("A learner is not in the library any more. Choose again who is to be added.")
    session.add_all(Membership(class_id=class_id, learner_id=each) for each in new)
    session.flush()
    return len(new)


def take_out(store: Store, class_id: str, learner_ids: Collection[str]) -> None:
    """Take learners out of a class, all or none; they stay in the library.

    Raises
    ------
    LibraryError
        If the class is not there any more, or the library cannot be written.
    """
    with store.writing() as session:
        _class(session, class_id)
        for some in _parts(sorted(learner_ids)):
            session.execute(
                deletion(Membership).where(Membership.class_id == class_id, Membership.learner_id.in_(some))
            )


def set_consent(store: Store, learner_ids: Collection[str], has_consented: bool) -> None:
    """Say whether learners, or who answers for them, agree that recordings are given to others; all or none.

    Raises
    ------
    LibraryError
        If the library cannot be written.
    """
    with store.writing() as session:
        for some in _parts(sorted(learner_ids)):
            session.execute(update(Learner).where(Learner.id.in_(some)).values(may_be_shared=has_consented))


def set_number(store: Store, learner_id: str, number: str) -> None:
    """Say by which number a school knows a learner.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    number : str
        Any signs; "" for none.

    Raises
    ------
    LibraryError
        If there is no such learner, or the number is too long or somebody else's.
    """
    number = _short(number, "number")
    with store.writing() as session:
        learner = session.get(Learner, learner_id)
        if learner is None:
            raise LibraryError("This learner is not in the library any more. Choose another one.")
        same = select(Learner.name).where(Learner.number == number, Learner.id != learner_id)
        if number and (other := session.scalar(same.limit(1))) is not None:
            raise LibraryError(
                f'The number "{number}" is that of {other or "another learner"}. Give another.'
            )
        learner.number = number


# --- how long recordings are kept -----------------------------------------------------------


def remove_expired(store: Store, now: datetime) -> int:
    """Delete the recordings of classes' learners that are older than agreed; scores and what is written stay.

    Attempts are as old as their recordings, spoken comments on a learner as old as they are; a comment of
    which nothing is left goes, too. For who is in several classes, the shortest time counts. As in
    `app.library.privacy`, the files are deleted before that is noted: after a power cut in between, the
    next call finishes the work.

    Parameters
    ----------
    store : Store
        The library.
    now : datetime
        The time, with its zone.

    Returns
    -------
    int
        How many recordings were deleted; those that something else refers to are not.

    Raises
    ------
    LibraryError
        If the library cannot be written, or a recording cannot be deleted.
    """
    with store.reading() as session:
        agreed = set(session.scalars(select(SchoolClass.keep_days).where(SchoolClass.keep_days.is_not(None))))
    removed = 0
    for days in sorted(each for each in agreed if each is not None):
        while (gone := _remove_some(store, days, now - timedelta(days=days))) is not None:
            removed += gone
    return removed


def _remove_some(store: Store, days: int, before: datetime) -> int | None:
    """Delete some recordings of learners for whom so many days are agreed; None if there are none."""
    whose = _kept_for(days)
    read = select(Attempt.id, Attempt.recording).where(
        Attempt.learner_id.in_(whose), Attempt.recording.is_not(None), Attempt.started < before
    )
    said = select(Comment.id, Comment.recording).where(
        Comment.learner_id.in_(whose), Comment.recording.is_not(None), Comment.created < before
    )
    with store.writing() as session:
        attempts, comments = (session.execute(each.limit(_AT_A_TIME)).all() for each in (read, said))
        session.execute(
            update(Attempt).where(Attempt.id.in_([id_ for id_, _ in attempts])).values(recording=None)
        )
        some = Comment.id.in_([id_ for id_, _ in comments])
        session.execute(deletion(Comment).where(some, Comment.text == ""))
        session.execute(update(Comment).where(some).values(recording=None))
        digests = {digest for _, digest in (*attempts, *comments) if digest}
        gone = sum(store.audio.remove(digest) for digest in unused(session, digests))
    return gone if digests else None


def _kept_for(days: int) -> Select[tuple[str]]:
    """Select the learners for whom so many days are agreed: the fewest of all their classes."""
    return (
        select(Membership.learner_id)
        .join(SchoolClass, SchoolClass.id == Membership.class_id)
        .where(SchoolClass.keep_days.is_not(None))
        .group_by(Membership.learner_id)
        .having(func.min(SchoolClass.keep_days) == days)
    )


# --- what is checked ------------------------------------------------------------------------


def _row(found: SchoolClass, learners: int) -> ClassRow:
    fitted = None
    if found.slope is not None and found.intercept is not None:
        fitted = Adjustment(found.slope, found.intercept)
    return ClassRow(found.id, found.name, found.created, found.keep_days, fitted, learners)


def _class(session: Session, class_id: str) -> SchoolClass:
    found = session.get(SchoolClass, class_id)
    if found is None:
        raise LibraryError("This class is not in the library any more. Choose another one.")
    return found


def _free_name(session: Session, name: str, but: str = "") -> str:
    """Return a name as it is kept, if no class but one has it."""
    name = _short(name, "name")
    if not name:
        raise LibraryError("The class has no name. Give it one, such as 3B.")
    for id_, other in session.execute(select(SchoolClass.id, SchoolClass.name)):
        if other.casefold() == name.casefold() and id_ != but:
            raise LibraryError(f'There is a class "{other}" already. Give this one another name.')
    return name


def _short(text: str, what: str) -> str:
    text = " ".join(text.split())
    if len(text) > MOST_CHARACTERS:
        raise LibraryError(f"The {what} is longer than {MOST_CHARACTERS} characters. Give a shorter one.")
    return text


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(ids), _AT_A_TIME):
        yield ids[first : first + _AT_A_TIME]
