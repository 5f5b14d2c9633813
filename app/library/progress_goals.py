"""The goals that learners set themselves, and how far they have come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from statistics import fmean
from types import MappingProxyType

from sqlalchemy import delete, select

from app.library.errors import LibraryError
from app.library.models import Attempt, Goal, Learner
from app.library.progress import Week, phone_mastery, this_week
from app.library.progress_words import counted, phone_words
from app.library.store import Store
from assessment.phones import PHONES

# What each kind may aim at.
TARGETS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"days": (1, 7), "attempts": (1, 1000), "overall": (1, 100), "phone": (1, 100)}
)
# An overall score is reached when so many readings have it on average: one lucky one does not.
_READINGS = 10


@dataclass(frozen=True)
class GoalState:
    """A goal, and how far it is reached.

    Attributes
    ----------
    id : str
        Of the goal.
    kind : {"days", "attempts", "overall", "phone"}
        Days with practice this week, readings this week, the mean overall score of the last ten
        readings, or the mastery of a phone in hundredths.
    target : float
        What is to be reached.
    phone : str or None
        Which phone, ARPAbet without stress.
    done : float
        What is reached, in the unit of `target`.
    share : float
        What is reached of the target, 0-1.
    sentence : str
        The same in words.
    """

    id: str
    kind: str
    target: float
    phone: str | None
    done: float
    share: float
    sentence: str


def goals(
    store: Store, learner_id: str, now: datetime, zone: tzinfo | None = None, alphabet: str = "ipa"
) -> list[GoalState]:
    """Return the goals of a learner, the oldest first.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    now : datetime
        In the week that counts.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.
    alphabet : {"ipa", "arpabet"}
        In which phones are written.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    with store.reading() as session:
        kept = session.scalars(
            select(Goal).where(Goal.learner_id == learner_id).order_by(Goal.created, Goal.id)
        ).all()
        found = [(goal.id, goal.kind, goal.target, goal.phone) for goal in kept]
    reached = _Reached(store, learner_id, now, zone, alphabet)
    return [reached.state(*goal) for goal in found]


class _Reached:
    """What a learner has reached; each part is asked for once, and only if a goal needs it."""

    def __init__(
        self, store: Store, learner_id: str, now: datetime, zone: tzinfo | None, alphabet: str
    ) -> None:
        self._store, self._learner_id, self._now, self._zone = store, learner_id, now, zone
        self._alphabet = alphabet

    @cached_property
    def _week(self) -> Week:
        return this_week(self._store, self._learner_id, self._now, self._zone)

    @cached_property
    def _mastery(self) -> dict[str, float | None]:
        return {each.phone: each.mastery for each in phone_mastery(self._store, self._learner_id, self._now)}

    def state(self, goal_id: str, kind: str, target: float, phone: str | None) -> GoalState:
        """Return how far a goal is reached."""
        done, words = self._done(kind, target, phone)
        share = min(max((done or 0.0) / target, 0.0), 1.0)
        return GoalState(goal_id, kind, target, phone, done or 0.0, share, words)

    def _done(self, kind: str, target: float, phone: str | None) -> tuple[float | None, str]:
        """Return what is reached, None if that is not known, and say it in words."""
        if kind == "days":
            return self._week.days, _days(target, self._week.days)
        if kind == "attempts":
            return self._week.attempts, _attempts(target, self._week.attempts)
        if kind == "overall":
            overall = _overall(self._store, self._learner_id, self._now)
            return overall, _score(target, overall)
        assert phone is not None
        mastery = self._mastery.get(phone)
        done = None if mastery is None else 100.0 * mastery
        return done, _phone(target, phone_words(phone, self._alphabet), done)


def _overall(store: Store, learner_id: str, now: datetime) -> float | None:
    wanted = (
        select(Attempt.overall)
        .where(Attempt.learner_id == learner_id, Attempt.started <= now, Attempt.overall.is_not(None))
        .order_by(Attempt.started.desc())
        .limit(_READINGS)
    )
    with store.reading() as session:
        scores = [score for score in session.scalars(wanted) if score is not None]
    return fmean(scores) if scores else None


def _days(target: float, done: int) -> str:
    aim = f"Practise on {counted(round(target), 'day')} a week"
    return f"{aim}: reached, with {counted(done, 'day')}." if done >= target else f"{aim}: {done} so far."


def _attempts(target: float, done: int) -> str:
    aim = f"{counted(round(target), 'reading')} a week"
    return f"{aim}: reached, with {done}." if done >= target else f"{aim}: {done} so far."


def _score(target: float, done: float | None) -> str:
    aim = f"Reach {target:.0f} overall"
    if done is None:
        return f"{aim}: read something to see where you are."
    if done >= target:
        return f"{aim}: reached, with {done:.0f} in your last readings."
    return f"{aim}: your last readings have {_below(done, target)}."


def _phone(target: float, name: str, done: float | None) -> str:
    aim = f"Bring {name} to {target:.0f}"
    if done is None:
        return f"{aim}: say it a few more times to see where it is."
    return (
        f"{aim}: reached, with {done:.0f}." if done >= target else f"{aim}: it is at {_below(done, target)}."
    )


def _below(done: float, target: float) -> str:
    """Write a number that is below another so that it looks so."""
    return f"{min(round(done), round(target) - 1)}"


def add_goal(store: Store, learner_id: str, kind: str, target: float, phone: str | None = None) -> str:
    """Add a goal; one that is about the same takes the new target.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Whose.
    kind : {"days", "attempts", "overall", "phone"}
        As in `GoalState`.
    target : float
        Days (1-7), attempts (1-1000), or score (1-100).
    phone : str, optional
        For the kind "phone": ARPAbet without stress.

    Returns
    -------
    str
        Id of the goal.

    Raises
    ------
    LibraryError
        If there is no such learner or such a goal cannot be, or the library cannot be written.
    """
    phone = phone if kind == "phone" else None
    _check(kind, target, phone)
    with store.writing() as session:
        if session.get(Learner, learner_id) is None:
            raise LibraryError("This learner is not in the library any more. Choose another one.")
        same = select(Goal).where(Goal.learner_id == learner_id, Goal.kind == kind, Goal.phone == phone)
        goal = session.scalar(same)
        if goal is None:
            goal = Goal(learner_id=learner_id, kind=kind, phone=phone)
            session.add(goal)
        goal.target = target
        session.flush()
        return goal.id


def _check(kind: str, target: float, phone: str | None) -> None:
    if kind not in TARGETS:
        raise LibraryError(f'There are no goals of the kind "{kind}". Choose one of {", ".join(TARGETS)}.')
    least, most = TARGETS[kind]
    if not least <= target <= most:
        raise LibraryError(f"The goal {target:g} cannot be reached. Choose one from {least} to {most}.")
    if kind == "phone" and phone not in PHONES:
        raise LibraryError(f'"{phone}" is no sound of English. Choose one from the list.')


def remove_goal(store: Store, goal_id: str) -> None:
    """Remove a goal; one that is not there any more is no trouble.

    Raises
    ------
    LibraryError
        If the library cannot be written.
    """
    with store.writing() as session:
        session.execute(delete(Goal).where(Goal.id == goal_id))
