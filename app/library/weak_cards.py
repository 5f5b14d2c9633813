"""Decides when a phone is to be practised again: one review a day of each phone, by the package `fsrs`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler, State
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.library.models import Card
from app.library.progress import day_start
from app.library.weak_words import EASY_FROM, GOOD_FROM, HARD_FROM
from assessment.phones import PHONES

# A phone counts for an attempt only if so many of it were judged.
LEAST_TOKENS = 2
# Nobody should go longer without hearing about a sound that was once hard.
LONGEST_DAYS = 90
# A review later than the present one by more was dated by a clock that was wrong.
_WRONG_CLOCK_DAYS = 31
# In days: no card that we write is so stable.
_MOST_STABLE = 1e6
# Steps of minutes are for vocabulary cards: a sound that was wrong is practised again tomorrow. And sooner
# than cards, of which a tenth may be forgotten: who says a sound wrongly practises it wrongly.
_SCHEDULER = Scheduler(
    desired_retention=0.95,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)
_FIELDS = ("phone", "said", "wrong", "mean")
# Beside what `fsrs` writes, the state of a card has this.
_TODAY = "today"
_WAS_WEAK = "was_weak"


@dataclass(frozen=True)
class _Day:
    """What was said of a phone on the day of its last review.

    Attributes
    ----------
    before : dict or None
        The state of the card on the morning of that day, without its own "today"; None if it was new.
    said : int
        How many were judged.
    thousandths : int
        The sum of their scores, in thousandths: whole numbers add up to the same in any order.
    """

    before: dict[str, Any] | None
    said: int = 0
    thousandths: int = 0

    @property
    def mean(self) -> float:
        """Their mean score, 0-100."""
        return self.thousandths / 1000.0 / self.said


@dataclass(frozen=True)
class Schedule:
    """When a phone is due.

    Attributes
    ----------
    due : datetime
        The first moment of the day on which it is to be practised.
    was_weak : bool
        Whether it was below "easy" on some day: what was always easy needs no practice when it is due.
    """

    due: datetime
    was_weak: bool


def rating(mean: float) -> Rating:
    """Return how `fsrs` is told of a mean score.

    Below 60, where phones are marked as wrong, it is "again"; below 75 "hard"; below 90 "good"; from there on
    "easy". The thresholds are our choice.
    """
    if mean < HARD_FROM:
        return Rating.Again
    if mean < GOOD_FROM:
        return Rating.Hard
    return Rating.Good if mean < EASY_FROM else Rating.Easy


def review(
    session: Session,
    learner_id: str,
    results: Iterable[Any],
    when: datetime,
    zone: tzinfo | None = None,
) -> None:
    """Take the phones of an attempt into account.

    All attempts of a day are one review of each phone, rated by the mean score of all of it that was said on
    that day: after each attempt the review of the day is done again from the state of the morning. So one
    long evening cannot push a sound months away, and the order of its attempts does not matter. Intervals
    are days: what is due is due from midnight.

    Parameters
    ----------
    session : Session
        In which the cards are changed; not committed.
    learner_id : str
        Who; must be in the library.
    results : iterable of mapping or sequence
        For each phone "phone", "said", "wrong" and "mean", or the four in this order. What is no phone, has
        no score of 0-100, or was said fewer than `LEAST_TOKENS` times, does not count.
    when : datetime
        When the attempt began; UTC if it has no zone. Attempts of a day before the last review come too late
        and do not count.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.
    """
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    try:
        day = when.astimezone(zone).date()
        day_start(day + timedelta(days=LONGEST_DAYS), zone)
    except (OverflowError, ValueError, OSError):  # no calendar has this day
        return
    cards = {card.phone: card for card in session.scalars(_of(learner_id))}
    for phone, said, mean in filter(None, map(_result, results)):
        card = cards.get(phone)
        state = _reviewed(card.state if card else None, phone, said, mean, day)
        if state is None:
            continue
        due = day_start(datetime.fromisoformat(state["due"]).date(), zone)
        if card is None:
            card = cards[phone] = Card(learner_id=learner_id, phone=phone)
            session.add(card)
        card.state, card.due = state, due


def _of(learner_id: str) -> Select[tuple[Card]]:
    return select(Card).where(Card.learner_id == learner_id)


def _result(result: Any) -> tuple[str, int, float] | None:
    """Read the result of a phone; None for what cannot be counted."""
    try:
        values = result if isinstance(result, Mapping) else dict(zip(_FIELDS, result, strict=True))
        phone, said, mean = str(values["phone"]), int(values["said"]), float(values["mean"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    is_there = phone in PHONES and said >= LEAST_TOKENS and math.isfinite(mean) and 0.0 <= mean <= 100.0
    return (phone, said, mean) if is_there else None


def _reviewed(
    state: dict[str, Any] | None, phone: str, said: int, mean: float, day: date
) -> dict[str, Any] | None:
    """Return the state of a card after an attempt; None if it stays as it is."""
    last = _last_review(state)
    if state is None or last is None or (last - day).days > _WRONG_CLOCK_DAYS:
        today = _Day(None)
    elif last > day:
        return None
    elif last == day:
        today = _day(state)
    else:
        today = _Day({name: value for name, value in state.items() if name != _TODAY})
    thousandths = today.thousandths + round(said * mean * 1000.0)
    return _rated(_Day(today.before, today.said + said, thousandths), phone, day)


def _rated(today: _Day, phone: str, day: date) -> dict[str, Any]:
    grade = rating(today.mean)
    card = _card(today.before) or FsrsCard(card_id=PHONES.index(phone), due=_moment(day))
    # Days are counted by the calendar: for `fsrs` each attempt was at midnight in Greenwich.
    reviewed, _log = _SCHEDULER.review_card(card, grade, _moment(day))
    return {
        **reviewed.to_dict(),
        _WAS_WEAK: was_weak(today.before) or grade is not Rating.Easy,
        _TODAY: {"before": today.before, "said": today.said, "thousandths": today.thousandths},
    }


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _card(state: dict[str, Any] | None) -> FsrsCard | None:
    """Read a card; None if there is none, or it is none that we have written."""
    try:
        card = FsrsCard.from_dict(state)  # type: ignore[arg-type]
        is_dated = card.last_review is not None and card.last_review.utcoffset() == timedelta(0)
        stability, difficulty = card.stability or math.nan, card.difficulty or math.nan
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    is_sound = is_dated and 0.0 < stability < _MOST_STABLE and 1.0 <= difficulty <= 10.0
    return card if is_sound and card.state is State.Review else None


def _last_review(state: dict[str, Any] | None) -> date | None:
    card = _card(state)
    return None if card is None or card.last_review is None else card.last_review.date()


def _day(state: dict[str, Any]) -> _Day:
    """Read what was said on the day of the last review; nothing if the state does not tell."""
    try:
        today = state[_TODAY]
        found = _Day(today["before"], int(today["said"]), int(today["thousandths"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return _Day(None)
    return found if found.said >= 0 else _Day(None)


def was_weak(state: Any) -> bool:
    """Return whether a phone was below "easy" on some day, by the state of its card."""
    return bool(state.get(_WAS_WEAK, True)) if isinstance(state, Mapping) else False


def schedules(session: Session, learner_id: str) -> dict[str, Schedule]:
    """Return when the phones of a learner are due, by phone; those that were never judged are not there."""
    return {card.phone: Schedule(card.due, was_weak(card.state)) for card in session.scalars(_of(learner_id))}
