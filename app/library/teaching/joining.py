"""Who is who: somebody of a roster and somebody who has handed in become one learner."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from app.library.errors import LibraryError
from app.library.learners import all_learners
from app.library.models import Attempt, Card, Comment, Goal, Learner, Membership
from app.library.models import Session as Sitting
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.teaching.roster_reading import name_key


@dataclass(frozen=True)
class Join:
    """Two learners who may be one: somebody of a roster, and somebody who has handed in."""

    listed: LearnerRow
    incoming: LearnerRow


def possible_joins(store: Store, learner_ids: Collection[str]) -> list[Join]:
    """Return who of a roster, without readings yet, has the name of somebody who has handed in.

    Parameters
    ----------
    store : Store
        The library.
    learner_ids : collection of str
        Those who have handed in. On a roster is who has a number, or is in a class.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    learners = all_learners(store)
    with store.reading() as session:
        members = set(session.scalars(select(Membership.learner_id)))
    waiting: dict[str, list[LearnerRow]] = defaultdict(list)
    for each in learners:
        if each.name and not each.attempts and (each.number or each.id in members):
            waiting[name_key(each.name)].append(each)
    return [
        Join(listed, each)
        for each in learners
        if each.id in learner_ids and each.attempts
        for listed in waiting.get(name_key(each.name), ())
        # Two numbers are two people.
        if not (each.number and listed.number) or each.number == listed.number
    ]


def clear_joins(joins: Sequence[Join]) -> list[Join]:
    """Return those in which nobody is named twice: of the others only people know which are right."""
    often = Counter(id_ for each in joins for id_ in (each.listed.id, each.incoming.id))
    return [each for each in joins if often[each.listed.id] == often[each.incoming.id] == 1]


def join(store: Store, listed_id: str, incoming_id: str) -> None:
    """Make two learners one: the incoming keeps its id, so that its next hand-in is known again.

    It takes name, number and classes of the listed one, and everything else that belongs to it.

    Parameters
    ----------
    store : Store
        The library.
    listed_id, incoming_id : str
        Of the learner who goes, and of the one who stays.

    Raises
    ------
    LibraryError
        If one of them is not there any more, or both are the same, or the library cannot be written.
    """
    with store.writing() as session:
        listed, incoming = session.get(Learner, listed_id), session.get(Learner, incoming_id)
        if listed is None or incoming is None or listed is incoming:
            raise LibraryError(
                "One of these learners is not in the library any more. Take the files in again."
            )
        incoming.name = listed.name or incoming.name
        incoming.number = listed.number or incoming.number
        incoming.may_be_shared = incoming.may_be_shared or listed.may_be_shared
        inside = select(Membership.class_id).where(Membership.learner_id == incoming_id)
        known = select(Card.phone).where(Card.learner_id == incoming_id)
        session.execute(
            delete(Membership).where(Membership.learner_id == listed_id, Membership.class_id.in_(inside))
        )
        session.execute(delete(Card).where(Card.learner_id == listed_id, Card.phone.in_(known)))
        for table in (Membership, Sitting, Attempt, Comment, Card, Goal):
            session.execute(update(table).where(table.learner_id == listed_id).values(learner_id=incoming_id))
        session.flush()
        session.delete(listed)
