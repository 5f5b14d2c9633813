"""Finds the learners whom a manifest names, and adds those who are not in the library."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.library.errors import LibraryError
from app.library.models import Learner, Membership
from app.library.teaching import classes
from app.library.teaching.manifests import Line
from app.library.teaching.roster_reading import name_key


class Readers:
    """The learners of a library, as those who read are looked up among them.

    Parameters
    ----------
    session : Session
        In which learners are added.
    class_id : str or None
        The class that they are put into.

    Raises
    ------
    LibraryError
        If there is no such class.
    """

    def __init__(self, session: Session, class_id: str | None) -> None:
        self._session = session
        self._inside, self._elsewhere = set[str](), set[str]()
        if class_id is not None:
            classes.find(session, class_id)
            for each, learner_id in session.execute(select(Membership.class_id, Membership.learner_id)):
                (self._inside if each == class_id else self._elsewhere).add(learner_id)
        self._has_class = class_id is not None
        self._by_number: dict[str, list[Learner]] = defaultdict(list)
        self._by_name: dict[str, list[Learner]] = defaultdict(list)
        for learner in session.scalars(select(Learner).order_by(Learner.created, Learner.id)):
            self._note(learner)

    def _note(self, learner: Learner) -> None:
        if learner.number:
            self._by_number[learner.number.casefold()].append(learner)
        self._by_name[name_key(learner.name)].append(learner)

    def id_of(self, line: Line) -> str:
        """Return the id of the learner of a line, who is known by the number, else by the name.

        Somebody with that name counts who is in the class, else who is in none; without a class, whoever it
        is. Who is not found is added.

        Raises
        ------
        LibraryError
            If there are several who could be meant.
        """
        learner = self._numbered(line) or self._called(line)
        if learner is None:
            learner = Learner(name=line.learner or line.learner_number, number=line.learner_number)
            self._session.add(learner)
            self._session.flush()
            self._note(learner)
            self._inside.add(learner.id)
        elif line.learner_number and not learner.number:
            learner.number = line.learner_number
            self._by_number[learner.number.casefold()].append(learner)
        return learner.id

    def _numbered(self, line: Line) -> Learner | None:
        same = self._by_number.get(line.learner_number.casefold(), []) if line.learner_number else []
        called = [each for each in same if name_key(each.name) == name_key(line.learner)]
        return next(iter(called or same), None)

    def _called(self, line: Line) -> Learner | None:
        if not line.learner:
            return None
        # Somebody with another number is somebody else.
        same = [
            each
            for each in self._by_name.get(name_key(line.learner), [])
            if not (each.number and line.learner_number)
        ]
        if self._has_class:
            near = [each for each in same if each.id in self._inside]
            same = near or [each for each in same if each.id not in self._elsewhere][:1]
        if len(same) > 1:
            where = "in this class" if self._has_class else "in the library"
            raise LibraryError(
                f"There are {len(same)} learners {where} who are called {line.learner}. Give their numbers "
                "in a column of its own, so that they can be told apart."
            )
        return same[0] if same else None
