"""Rosters: lists of learners that are taken into the library, again and again as they change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.library.models import Learner, Membership
from app.library.store import Store
from app.library.teaching import classes
from app.library.teaching.records import ClassRow
from app.library.teaching.roster_reading import SEVERAL, Roster, RosterLine, name_key, read_roster
from app.library.teaching.spreadsheet import clean

__all__ = ["Roster", "RosterImported", "RosterLine", "import_roster", "read_roster"]

_NEW_CLASS = "New class"
# By line the classes that its learner is put into.
Where = Mapping[RosterLine, tuple[ClassRow, ...]]


@dataclass(frozen=True)
class RosterImported:
    """What became of a roster.

    Attributes
    ----------
    added : int
        How many learners are new in the library.
    known : int
        How many were in it before.
    moved_in : int
        How many of those were put into a class in which they had not been.
    classes : tuple of str
        The names of the classes in which they are now, in the order of the roster.
    class_id : str
        The first of these.
    absent : tuple of str
        Names of learners who are in these classes, but not on the roster: they stay.
    """

    added: int
    known: int
    moved_in: int
    classes: tuple[str, ...]
    class_id: str
    absent: tuple[str, ...] = ()


def import_roster(store: Store, roster: Roster, class_id: str | None) -> RosterImported:
    """Take a roster into the library, all of it or nothing.

    Who is known is found again by the number, else by the name among the learners of the class, else by the
    name if only one in the library has it; who has another number is somebody else. They keep all that they
    read; a number that they did not have, and consent or its lack, is noted. Nobody is deleted or taken out
    of a class, and importing twice adds nobody.

    Parameters
    ----------
    store : Store
        The library.
    roster : Roster
        Who is to be in.
    class_id : str or None
        The class that all are put into; None for those that the roster names, which are made if they are
        missing. Who is in none there is put into a class with the name of the file.

    Raises
    ------
    LibraryError
        If the class is not there any more, or the library cannot be written.
    """
    with store.writing() as session:
        where = _classes(session, roster, class_id)
        inside = _inside(session, where)
        who = _Search(session, roster.lines).found(where, inside)
        new = [line for line in roster.lines if line not in who]
        who |= {line: Learner(name=line.name) for line in new}
        session.add_all(who.values())
        session.flush()
        for line, learner in who.items():
            _note(learner, line)
        into = {
            each: {who[line].id for line, own in where.items() if each in own}
            for each in dict.fromkeys(each for own in where.values() for each in own)
        }
        for each, ids in into.items():
            classes.enter(session, each.id, ids)
        old = {who[line].id for line in roster.lines} - {who[line].id for line in new}
        return RosterImported(
            added=len(new),
            known=len(old),
            moved_in=len({id_ for each, ids in into.items() for id_ in ids & old - inside[each.id]}),
            classes=tuple(each.name for each in into),
            class_id=next(iter(into)).id,
            absent=_absent(session, inside, {learner.id for learner in who.values()}),
        )


def _classes(session: Session, roster: Roster, class_id: str | None) -> Where:
    """Return by line the classes that its learner is put into."""
    if class_id is not None:
        return dict.fromkeys(roster.lines, (classes.find(session, class_id),))
    by_name: dict[str, ClassRow] = {}

    def named(name: str) -> ClassRow:
        if name not in by_name:
            by_name[name] = classes.named(session, name)
        return by_name[name]

    other = clean(roster.path.stem) or _NEW_CLASS
    return {
        line: tuple(map(named, line.class_name.split(SEVERAL) if line.class_name else [other]))
        for line in roster.lines
    }


def _inside(session: Session, where: Where) -> dict[str, set[str]]:
    """Return by class who was in it before."""
    inside: dict[str, set[str]] = {each.id: set() for own in where.values() for each in own}
    for id_, learner_id in session.execute(select(Membership.class_id, Membership.learner_id)):
        if id_ in inside:
            inside[id_].add(learner_id)
    return inside


class _Search:
    """Finds the learners of a roster in the library, nobody twice."""

    def __init__(self, session: Session, lines: Sequence[RosterLine]) -> None:
        self._lines = lines
        self._by_number: dict[str, list[Learner]] = defaultdict(list)
        self._by_name: dict[str, list[Learner]] = defaultdict(list)
        self._often = Counter(name_key(line.name) for line in lines)
        for learner in session.scalars(select(Learner).order_by(Learner.created, Learner.id)):
            self._by_number[learner.number.casefold()].append(learner)
            self._by_name[name_key(learner.name)].append(learner)

    def found(self, where: Where, inside: Mapping[str, set[str]]) -> dict[RosterLine, Learner]:
        """Return by line the learners who are known, their classes and who was in these given."""
        found = {line: each for line in self._lines if (each := self._numbered(line)) is not None}
        # Names decide last, so that nobody takes the place of somebody whose number is on a later line.
        taken = {learner.id for learner in found.values()}
        for line in self._lines:
            near = {id_ for each in where[line] for id_ in inside[each.id]}
            if line not in found and (learner := self._called(line, near, taken)) is not None:
                found[line] = learner
                taken.add(learner.id)
        return found

    def _numbered(self, line: RosterLine) -> Learner | None:
        same = self._by_number[line.number.casefold()] if line.number else []
        called = [each for each in same if name_key(each.name) == name_key(line.name)]
        return next(iter(called or same), None)

    def _called(self, line: RosterLine, near: set[str], taken: set[str]) -> Learner | None:
        """Return who has the name of a line: somebody in its class, else the only one there is."""
        name = name_key(line.name)
        same = [
            each for each in self._by_name[name] if each.id not in taken and _may_be(each.number, line.number)
        ]
        is_alone = self._often[name] == 1
        inside = [each for each in same if each.id in near]
        if inside and (is_alone or not line.number):
            return inside[0]
        return same[0] if is_alone and len(same) == 1 else None


def _may_be(known: str, given: str) -> bool:
    """Return whether two numbers may be one learner's: of an address, a number says nothing."""
    return not known or not given or ("@" in known) != ("@" in given)


def _note(learner: Learner, line: RosterLine) -> None:
    """Note of a learner what a roster says and the library does not."""
    learner.name = learner.name or line.name
    # A number is better than an address.
    if not learner.number or ("@" in learner.number and line.number and "@" not in line.number):
        learner.number = line.number
    if line.consent is not None:
        learner.may_be_shared = line.consent


def _absent(session: Session, inside: Mapping[str, set[str]], listed: set[str]) -> tuple[str, ...]:
    """Return the names of those who were in the classes and are not on the roster."""
    missing = {id_ for members in inside.values() for id_ in members} - listed
    people = session.execute(select(Learner.id, Learner.name))
    return tuple(sorted((name for id_, name in people if id_ in missing), key=str.casefold))
