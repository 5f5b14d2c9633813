"""Finds the phones that a learner says worst, and those that are due."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.library.models import Attempt, PhoneResult, StoredAssessment
from app.library.progress import LEAST_SAID, phone_mastery
from app.library.store import Store
from app.library.weak_cards import Schedule, schedules
from app.library.weak_words import EASY_FROM, GOOD_FROM, Facts, Heard, reason
from assessment.errors import ElocuteError
from assessment.phones import PHONES, base, ipa
from assessment.results import Assessment

# Scores of single phones lie about so far from their mean, in points, where too little was read to tell.
_USUAL_SPREAD = 20.0
_LEAST_FREEDOM = 10
# Of phones that differ by less nobody can say which is worse, in points.
_LEAST_DIFFERENCE = 1.0
# A mean whose weights halve every 20 phones is as sure as one of (1 + q) / (1 - q), with q ** 20 = 0.5.
_MOST_TOKENS = 58
# What is heard instead is looked up in so many of the newest readings in which a phone was wrong.
_READINGS = 5
# It may be a slip if it was heard less often.
_LEAST_HEARD = 2


@dataclass(frozen=True)
class WeakPhone:
    """A phone that a learner may practise.

    Attributes
    ----------
    phone : str
        ARPAbet without stress.
    ipa : str
        Its IPA.
    mean : float
        How well it is said, 0-100: the mean of recent scores, drawn to the learner's own average where few
        were judged (see `shrunken`).
    said, wrong : int
        How often it was judged, and how often its score was below 60.
    due : datetime or None
        When it is due by its card; None if it has none, because never two of it were judged in one reading.
    is_due : bool
        Whether it is to be practised now: its card is due, and it was not easy from the beginning; or it has
        no card, and is not said well.
    heard : str or None
        The phone that is heard instead most often, `NO_PHONE` if none is; None if that is not clear.
    reason : str
        Why, in a sentence or two.
    """

    phone: str
    ipa: str
    mean: float
    said: int
    wrong: int
    due: datetime | None
    is_due: bool
    heard: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """How well a phone was said.

    Attributes
    ----------
    phone : str
        ARPAbet without stress.
    tokens : float
        Of how many judged phones the mean is; more than 0.
    mean : float
        Score, 0-100.
    """

    phone: str
    tokens: float
    mean: float


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a learner stands with a phone."""

    phone: str
    said: int
    wrong: int
    mean: float
    last_well: datetime | None
    schedule: Schedule | None
    is_due: bool

    @property
    def order(self) -> tuple[bool, float, str]:
        """By which phones are sorted: those that are due first, then the worst."""
        return not self.is_due, round(self.mean, 3), self.phone


def weak_phones(
    store: Store, learner_id: str, now: datetime, limit: int, alphabet: str = "ipa"
) -> list[WeakPhone]:
    """Return the phones to practise, those that are due first, and of these the worst first.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    now : datetime
        The present; attempts that began later do not count.
    limit : int
        How many at most.
    alphabet : {"ipa", "arpabet"}
        In which reasons are written.

    Returns
    -------
    list of WeakPhone
        None that was judged fewer than 5 times, unless it is due.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    chosen = _standings(store, learner_id, now)[: max(0, limit)]
    with store.reading() as session:
        heard = _heard_instead(session, learner_id, now, [each.phone for each in chosen])
    return [_weak_phone(each, heard.get(each.phone), now, alphabet) for each in chosen]


def due_count(store: Store, learner_id: str, now: datetime) -> int:
    """Return how many phones are due.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    return sum(each.is_due for each in _standings(store, learner_id, now))


def _weak_phone(standing: _Standing, heard: Heard | None, now: datetime, alphabet: str) -> WeakPhone:
    facts = Facts(standing.said, standing.wrong, standing.mean, standing.last_well, heard)
    return WeakPhone(
        standing.phone,
        ipa(standing.phone),
        standing.mean,
        standing.said,
        standing.wrong,
        standing.schedule.due if standing.schedule else None,
        standing.is_due,
        heard.phone if heard else None,
        reason(facts, now, alphabet),
    )


# --- how well phones are said --------------------------------------------------------------------


def _standings(store: Store, learner_id: str, now: datetime) -> list[_Standing]:
    """Return where a learner stands with each phone that may be practised, in order."""
    mastery = [each for each in phone_mastery(store, learner_id, now) if each.phone in PHONES]
    with store.reading() as session:
        sums = {row[0]: row for row in session.execute(_sums(learner_id, now)).tuples()}
        cards = schedules(session, learner_id)
    said = [Said(each.phone, min(each.said, _MOST_TOKENS), each.recent) for each in mastery]
    means = shrunken(said, _within(sums.values()))
    found = []
    for each in mastery:
        card, mean, is_known = cards.get(each.phone), means[each.phone], each.said >= LEAST_SAID
        is_due = card.due <= now and card.was_weak if card else is_known and mean < EASY_FROM
        if is_known or is_due:
            last_well = sums[each.phone][-1]
            found.append(_Standing(each.phone, each.said, each.wrong, mean, last_well, card, is_due))
    return sorted(found, key=lambda standing: standing.order)


def _sums(learner_id: str, now: datetime) -> Select[Any]:
    """Select for each phone what its spread is reckoned from, and when it was last said well."""
    said, mean = PhoneResult.said, PhoneResult.mean
    return (
        select(
            PhoneResult.phone,
            func.count(),
            func.sum(said),
            func.sum(said * mean),
            func.sum(said * mean * mean),
            func.max(case((mean >= GOOD_FROM, Attempt.started))),
        )
        .join(Attempt, Attempt.id == PhoneResult.attempt_id)
        .where(Attempt.learner_id == learner_id, Attempt.started <= now, said > 0)
        .group_by(PhoneResult.phone)
    )


def _within(sums: Iterable[tuple[Any, ...]]) -> float:
    """Return the variance of the scores of single phones, from the means of readings.

    The mean of n phones has an n-th of the variance of one: so n times its squared distance from the mean of
    all readings, summed over the readings, estimates the variance as often as there are readings less one.
    """
    squares, freedom = 0.0, 0
    for _, readings, said, total, total_of_squares, _ in sums:
        squares += max(0.0, float(total_of_squares) - float(total) ** 2 / float(said))
        freedom += int(readings) - 1
    return squares / freedom if freedom >= _LEAST_FREEDOM and squares > 0.0 else _USUAL_SPREAD**2


def shrunken(phones: Sequence[Said], within: float = _USUAL_SPREAD**2) -> dict[str, float]:
    """Return how well phones are said, where little was said by what is usual for the learner.

    Parametric empirical Bayes for normal means (Efron and Morris 1975): the true means of a learner's phones
    are taken to lie around the learner's average, with a variance that the observed ones tell by the
    estimator of the one-way analysis of variance. Each mean then weighs as much as it has phones, and the
    average as much as the variance within phones is larger than that between them.

    Parameters
    ----------
    phones : sequence of Said
        What was observed, of one learner.
    within : float
        Variance of the scores of single phones of a kind, in points squared.

    Returns
    -------
    dict of str to float
        By phone a mean between the observed one and the average.
    """
    if not phones:
        return {}
    tokens = sum(each.tokens for each in phones)
    average = sum(each.tokens * each.mean for each in phones) / tokens
    prior = within / _between(phones, tokens, average, within)
    return {
        each.phone: (each.tokens * each.mean + prior * average) / (each.tokens + prior) for each in phones
    }


def _between(phones: Sequence[Said], tokens: float, average: float, within: float) -> float:
    """Return the variance of the true means of phones."""
    scale = tokens - sum(each.tokens**2 for each in phones) / tokens
    squares = sum(each.tokens * (each.mean - average) ** 2 for each in phones)
    least = _LEAST_DIFFERENCE**2
    return max(least, (squares - (len(phones) - 1) * within) / scale) if scale > 0.0 else least


# --- what is heard instead -----------------------------------------------------------------------


def _heard_instead(
    session: Session, learner_id: str, now: datetime, phones: Sequence[str]
) -> dict[str, Heard]:
    """Return what is heard most often in place of phones, in the newest readings where they were wrong."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for phone in phones:
        for attempt_id in session.scalars(_wrong(learner_id, now, phone)):
            wanted[attempt_id].add(phone)
    tries: Counter[str] = Counter()
    heard: dict[str, Counter[str]] = defaultdict(Counter)
    for attempt_id, there in sorted(wanted.items()):
        for phone, instead in _replaced(session, attempt_id, there):
            tries[phone] += 1
            if instead is not None:
                heard[phone][instead] += 1
    leading = {phone: _most_often(counts, tries[phone]) for phone, counts in heard.items()}
    return {phone: lead for phone, lead in leading.items() if lead.times >= _LEAST_HEARD}


def _wrong(learner_id: str, now: datetime, phone: str) -> Select[tuple[str]]:
    return (
        select(Attempt.id)
        .join(PhoneResult, PhoneResult.attempt_id == Attempt.id)
        .where(
            Attempt.learner_id == learner_id,
            Attempt.started <= now,
            PhoneResult.phone == phone,
            PhoneResult.wrong > 0,
        )
        .order_by(Attempt.started.desc(), Attempt.id)
        .limit(_READINGS)
    )


def _replaced(session: Session, attempt_id: str, phones: set[str]) -> Iterator[tuple[str, str | None]]:
    """Yield each phone of some kinds in an attempt, with what was heard instead."""
    kept = session.get(StoredAssessment, attempt_id)
    try:
        words = Assessment.from_json(kept.json).words if kept else ()
    except ElocuteError:  # a newer Elocute wrote it: the others tell enough
        return
    for word in words:
        for phone in word.phones:
            if base(phone.symbol) in phones:
                yield base(phone.symbol), phone.heard_instead


def _most_often(counts: Mapping[str, int], tries: int) -> Heard:
    phone, times = min(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return Heard(phone, times, tries)
