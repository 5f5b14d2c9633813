"""How a learner gets on: scores over days, mastery of each phone, this week, days in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby
from statistics import fmean
from typing import Any

from sqlalchemy import Select, case, func, select

from app.library.models import Attempt, PhoneResult
from app.library.store import Store

# Of a text so many characters are told: enough to know it again.
_TEXT_CHARACTERS = 80
# Below so many judged phones of a kind, or readings, nothing is concluded from them.
LEAST_SAID = 5
LEAST_ATTEMPTS = 3
# A phone said so many times since weighs half; they are counted in steps, the last of which has all
# that is older.
HALF_LIFE = 20
_STEP = 5
_LAST_STEP = 40
# What counts as new when a trend is told: the newest so many.
_NEW_STEPS = HALF_LIFE // _STEP
# A week is compared with so many before it, and a phone has improved from so many points on.
_WEEKS_BEFORE = 4
_LEAST_GAIN = 2.0


@dataclass(frozen=True, slots=True)
class FiveScores:
    """The scores of one reading, or their means: 0-100, None where there is none."""

    overall: float | None = None
    accuracy: float | None = None
    fluency: float | None = None
    completeness: float | None = None
    prosody: float | None = None

    def of(self, aspect: str) -> float | None:
        """Return a score by its name."""
        score: float | None = getattr(self, aspect)
        return score


ASPECTS = tuple(each.name for each in fields(FiveScores))


@dataclass(frozen=True, slots=True)
class ScoredAttempt:
    """An attempt in a chart.

    Attributes
    ----------
    id : str
        Of the attempt.
    started : datetime
        In the zone that was asked for.
    text : str
        The first characters of what was read.
    is_rough : bool
        Whether the scores are a rough estimate.
    scores : FiveScores
        Its scores.
    """

    id: str
    started: datetime
    text: str
    is_rough: bool
    scores: FiveScores


@dataclass(frozen=True, slots=True)
class Day:
    """The attempts of one day: how many, and the means of their scores."""

    day: date
    attempts: int
    scores: FiveScores


@dataclass(frozen=True)
class Trend:
    """Scores over days.

    Attributes
    ----------
    since, until : date
        First and last day of what was asked for; where all was, the day of the first attempt.
    attempts : tuple of ScoredAttempt
        The oldest first.
    days : tuple of Day
        Those with attempts, the oldest first.
    """

    since: date
    until: date
    attempts: tuple[ScoredAttempt, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class PhoneMastery:
    """How well a learner says a phone.

    Attributes
    ----------
    phone : str
        ARPAbet without stress.
    said, wrong : int
        How often it was judged, and how often its score was below 60.
    recent : float
        Mean score, 0-100, in which recent ones weigh more.
    mastery : float or None
        0-1: `recent` as a share, times the share of recent ones that were not wrong. None if it was
        said fewer than 5 times.
    trend : float or None
        By how many points the newest 20 are better than those before; None if there are too few.
    """

    phone: str
    said: int
    wrong: int
    recent: float
    mastery: float | None
    trend: float | None


@dataclass(frozen=True)
class Week:
    """What was done in a week that goes on.

    Attributes
    ----------
    days, attempts : int
        On how many days something was read, and how often.
    minutes : float
        Length of what was read.
    overall : float or None
        Mean overall score; None without one.
    change : float or None
        By how many points that is above the four weeks before; None if either has fewer than three.
    improved : str or None
        The phone (ARPAbet) whose mean rose most above the weeks before; None if none rose by two points.
    """

    days: int
    attempts: int
    minutes: float
    overall: float | None
    change: float | None
    improved: str | None


# --- days ---------------------------------------------------------------------------------------


def day_start(day: date, zone: tzinfo | None) -> datetime:
    """Return the moment at which a day begins in a zone; None for that of the computer."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def week_start(now: datetime, zone: tzinfo | None) -> datetime:
    """Return the moment at which the week of a moment began: on its Monday."""
    today = now.astimezone(zone).date()
    return day_start(today - timedelta(days=today.weekday()), zone)


def first_day(store: Store, learner_id: str, zone: tzinfo | None = None) -> date | None:
    """Return the day of a learner's first attempt; None if there is none.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    with store.reading() as session:
        first = session.scalar(select(func.min(Attempt.started)).where(Attempt.learner_id == learner_id))
    return None if first is None else first.astimezone(zone).date()


# --- scores over days ---------------------------------------------------------------------------


def scores_over_days(
    store: Store, learner_id: str, since: date | None, until: date, zone: tzinfo | None = None
) -> Trend:
    """Return the attempts of a learner and the means of each day.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    since, until : date
        The first and the last day; None for since the first attempt.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    wanted = select(
        Attempt.id,
        Attempt.started,
        func.substr(Attempt.text, 1, _TEXT_CHARACTERS),
        Attempt.is_rough,
        *(getattr(Attempt, aspect) for aspect in ASPECTS),
    ).where(Attempt.learner_id == learner_id, Attempt.started < day_start(until + timedelta(days=1), zone))
    if since is not None:
        wanted = wanted.where(Attempt.started >= day_start(since, zone))
    with store.reading() as session:
        attempts = tuple(
            ScoredAttempt(id_, started.astimezone(zone), text, is_rough, FiveScores(*scores))
            for id_, started, text, is_rough, *scores in session.execute(wanted.order_by(Attempt.started))
        )
    first = attempts[0].started.date() if attempts else until
    return Trend(since or first, until, attempts, tuple(_days(attempts)))


def _days(attempts: Iterable[ScoredAttempt]) -> Iterator[Day]:
    for day, group in groupby(attempts, key=lambda attempt: attempt.started.date()):
        scores = [attempt.scores for attempt in group]
        yield Day(day, len(scores), FiveScores(*(_mean(scores, aspect) for aspect in ASPECTS)))


def _mean(scores: Sequence[FiveScores], aspect: str) -> float | None:
    there = [score for each in scores if (score := each.of(aspect)) is not None]
    return fmean(there) if there else None


# --- mastery of phones --------------------------------------------------------------------------


def phone_mastery(store: Store, learner_id: str, now: datetime) -> list[PhoneMastery]:
    """Return how well a learner says each phone that was said at least once.

    The judged phones of a kind are numbered from the newest, n = 0, 1, 2, …; those of one attempt have the
    number of its first. Number n weighs ``0.5 ** (5 * floor(n / 5) / 20)``: twenty later, half as much. What
    counts is practice, not days: nothing is forgotten in the holidays. Means of scores and shares of wrong
    ones are weighted so. The half-life is our choice, not fitted.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    now : datetime
        Attempts that began later do not count.

    Returns
    -------
    list of PhoneMastery
        By their symbols.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    with store.reading() as session:
        rows = session.execute(_steps(learner_id, now)).all()
    return [
        _mastery(phone, [tuple(row) for row in group]) for phone, group in groupby(rows, lambda row: row[0])
    ]


def _steps(learner_id: str, now: datetime) -> Select[Any]:
    """Select for each phone and step: how many were said, how many wrong, and the sum of their scores."""
    so_far = func.sum(PhoneResult.said).over(
        partition_by=PhoneResult.phone, order_by=(Attempt.started.desc(), Attempt.id), rows=(None, 0)
    )
    each = (
        select(
            PhoneResult.phone,
            PhoneResult.said,
            PhoneResult.wrong,
            PhoneResult.mean,
            (so_far - PhoneResult.said).label("later"),
        )
        .join(Attempt, Attempt.id == PhoneResult.attempt_id)
        .where(Attempt.learner_id == learner_id, Attempt.started <= now)
        .subquery()
    )
    step = case((each.c.later >= _LAST_STEP * _STEP, _LAST_STEP), else_=each.c.later // _STEP).label("step")
    return (
        select(
            each.c.phone,
            step,
            func.sum(each.c.said),
            func.sum(each.c.wrong),
            func.sum(each.c.said * each.c.mean),
        )
        .group_by(each.c.phone, step)
        .order_by(each.c.phone, step)
    )


def _mastery(phone: str, rows: Sequence[tuple[Any, ...]]) -> PhoneMastery:
    """Sum up the steps of one phone."""
    # PostgreSQL gives sums as decimals.
    steps = [(int(step), int(said), int(wrong), float(total)) for _, step, said, wrong, total in rows]
    said, wrong = sum(step[1] for step in steps), sum(step[2] for step in steps)
    weighted, weighted_wrong, recent = _weighed(steps)
    right = 1.0 - weighted_wrong / weighted
    mastery = min(max(recent / 100.0 * right, 0.0), 1.0) if said >= LEAST_SAID else None
    return PhoneMastery(phone, said, wrong, recent, mastery, _gain(steps))


def _weighed(steps: Sequence[tuple[int, int, int, float]]) -> tuple[float, float, float]:
    """Return the weights of all that were said, of those that were wrong, and the weighted mean score."""
    weights = [0.5 ** (step[0] * _STEP / HALF_LIFE) for step in steps]
    said, wrong, total = (
        sum(weight * step[place] for weight, step in zip(weights, steps, strict=True)) for place in (1, 2, 3)
    )
    return said, wrong, total / said


def _gain(steps: Sequence[tuple[int, int, int, float]]) -> float | None:
    new = [step for step in steps if step[0] < _NEW_STEPS]
    old = [step for step in steps if step[0] >= _NEW_STEPS]
    if any(sum(step[1] for step in some) < LEAST_SAID for some in (new, old)):
        return None
    return _weighed(new)[2] - _weighed(old)[2]


# --- this week ----------------------------------------------------------------------------------


def this_week(store: Store, learner_id: str, now: datetime, zone: tzinfo | None = None) -> Week:
    """Return what was done since Monday, compared with the four weeks before.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    now : datetime
        In the week that is meant.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    start = week_start(now, zone)
    before = start - timedelta(weeks=_WEEKS_BEFORE)
    mine = (Attempt.learner_id == learner_id, Attempt.started <= now)
    with store.reading() as session:
        rows = session.execute(
            select(Attempt.started, Attempt.seconds, Attempt.overall).where(*mine, Attempt.started >= start)
        ).all()
        earlier = session.execute(
            select(func.count(Attempt.overall), func.avg(Attempt.overall)).where(
                Attempt.learner_id == learner_id, Attempt.started >= before, Attempt.started < start
            )
        ).one()
        phones = session.execute(_phones_of_weeks(start).where(*mine, Attempt.started >= before)).all()
    scores = [score for _, _, score in rows if score is not None]
    is_comparable = len(scores) >= LEAST_ATTEMPTS and earlier[0] >= LEAST_ATTEMPTS
    return Week(
        days=len({started.astimezone(zone).date() for started, _, _ in rows}),
        attempts=len(rows),
        minutes=sum(seconds for _, seconds, _ in rows) / 60.0,
        overall=fmean(scores) if scores else None,
        change=fmean(scores) - earlier[1] if is_comparable else None,
        improved=_improved([tuple(row) for row in phones]),
    )


def _phones_of_weeks(start: datetime) -> Select[Any]:
    """Select for each phone, from a moment on and before it: how many were said, and the sum of scores."""
    is_new, said = Attempt.started >= start, PhoneResult.said
    total = said * PhoneResult.mean
    return (
        select(
            PhoneResult.phone,
            func.sum(case((is_new, said), else_=0)),
            func.sum(case((is_new, total), else_=0.0)),
            func.sum(case((is_new, 0), else_=said)),
            func.sum(case((is_new, 0.0), else_=total)),
        )
        .join(Attempt, Attempt.id == PhoneResult.attempt_id)
        .group_by(PhoneResult.phone)
    )


def _improved(phones: Iterable[tuple[Any, ...]]) -> str | None:
    gains: dict[str, float] = defaultdict(float)
    for phone, said, total, said_before, total_before in phones:
        if min(said, said_before) >= LEAST_SAID:
            gains[phone] = float(total) / int(said) - float(total_before) / int(said_before)
    best = max(sorted(gains), key=gains.__getitem__, default=None)
    return best if best is not None and gains[best] >= _LEAST_GAIN else None


# --- days in a row ------------------------------------------------------------------------------


def streak(store: Store, learner_id: str, today: date, zone: tzinfo | None = None) -> int:
    """Return on how many days in a row a learner has practised.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    today : date
        The last day; if it is without practice so far, the days up to yesterday count.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    wanted = (
        select(Attempt.started)
        .where(Attempt.learner_id == learner_id, Attempt.started < day_start(today + timedelta(days=1), zone))
        .order_by(Attempt.started.desc())
        .execution_options(yield_per=200)
    )
    length, awaited = 0, today
    with store.reading() as session, session.scalars(wanted) as moments:
        # The newest first, and no further than the first gap.
        for day, _ in groupby(moment.astimezone(zone).date() for moment in moments):
            if day != awaited and (length or day != today - timedelta(days=1)):
                break
            length, awaited = length + 1, day - timedelta(days=1)
    return length
