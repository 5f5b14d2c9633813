"""What the readings of a class add up to: who handed in, how it went, what is hard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from statistics import fmean

from app.library.progress import ASPECTS, Day, FiveScores
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.teaching.classes import members_of
from app.library.teaching.overview_sums import (
    PhoneSum,
    Scope,
    ScoredReading,
    WordSum,
    phones,
    readings,
    words,
)

# Below so many nothing is concluded.
LEAST_WORDS, LEAST_PHONES, LEAST_READINGS = 3, 5, 6
MOST_WORDS = 50
_BINS = 10
# What is known of all words weighs as much as so many sayings of one.
_PRIOR = 10.0


@dataclass(frozen=True, slots=True)
class LearnerNumbers:
    """One learner of a class.

    Attributes
    ----------
    learner : LearnerRow
        Who; its numbers count all readings, those below the ones that were asked for.
    attempts, handed_in, reviewed, flagged : int
        How many readings, and how many of them are so.
    scores : FiveScores
        Means over the readings.
    change : float or None
        By how many points of the overall score the newer half of the readings is better than the older;
        None with fewer than six.
    last : datetime or None
        When the newest began.
    """

    learner: LearnerRow
    attempts: int
    handed_in: int
    reviewed: int
    flagged: int
    scores: FiveScores
    change: float | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class HardWord:
    """A word that is often not right.

    Attributes
    ----------
    word : str
        As spoken, lower case.
    said, wrong : int
        How often it was to be said, and how often it was left out or scored below 60.
    learners : int
        How many learners had it wrong.
    mean : float
        Mean accuracy, 0-100, where it was said.
    """

    word: str
    said: int
    wrong: int
    learners: int
    mean: float


@dataclass(frozen=True, slots=True)
class HardPhone:
    """A phone that is often not right; see `HardWord`.

    Attributes
    ----------
    phone : str
        ARPAbet without stress.
    """

    phone: str
    said: int
    wrong: int
    learners: int
    mean: float


@dataclass(frozen=True)
class ClassOverview:
    """What the readings of a class add up to.

    Attributes
    ----------
    attempts, handed_in, reviewed, flagged : int
        How many there are.
    scores : FiveScores
        Means over the readings.
    learners : tuple of LearnerNumbers
        Everybody in the class, by name.
    histogram : tuple of int
        How many readings have an overall score in [0, 10), [10, 20) ... [90, 100].
    words : tuple of HardWord
        The hardest first, at most 50; said at least three times.
    phones : tuple of HardPhone
        The hardest first; said at least five times.
    heat : dict of (str, str) to (float, int)
        By learner's id and phone the mean score and how often it was said.
    days : tuple of Day
        Means by day, the oldest first.
    """

    attempts: int
    handed_in: int
    reviewed: int
    flagged: int
    scores: FiveScores
    learners: tuple[LearnerNumbers, ...]
    histogram: tuple[int, ...]
    words: tuple[HardWord, ...]
    phones: tuple[HardPhone, ...]
    heat: dict[tuple[str, str], tuple[float, int]]
    days: tuple[Day, ...]


def overview(
    store: Store,
    class_id: str,
    since: datetime | None = None,
    until: datetime | None = None,
    lesson_id: str | None = None,
    handed_in: bool = False,
    zone: tzinfo | None = None,
) -> ClassOverview:
    """Return what the readings of a class add up to.

    Scores are the machine's, but where a teacher marked: a mark of a whole reading is its overall score, and
    marks of words and phones count for these; of several the newest. The adjustment of the class is
    left to those who show the numbers.

    Parameters
    ----------
    store : Store
        The library.
    class_id : str
        Which class.
    since, until : datetime, optional
        Only readings that began not before the one and before the other, with their zones.
    lesson_id : str, optional
        Only readings of this lesson.
    handed_in : bool
        Only readings that were handed in.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    scope = Scope(class_id, None, since, until, lesson_id, handed_in)
    with store.reading() as session:
        learners = members_of(session, class_id)
        read = list(readings(session, scope))
        of_words = list(words(session, scope))
        of_phones = phones(session, scope, [each.id for each in learners])
    return ClassOverview(
        attempts=len(read),
        handed_in=sum(each.is_handed_in for each in read),
        reviewed=sum(each.is_reviewed for each in read),
        flagged=sum(each.is_flagged for each in read),
        scores=_means(read),
        learners=tuple(_learners(learners, read)),
        histogram=_histogram(read),
        words=_hard_words(of_words, MOST_WORDS),
        phones=_hard_phones(of_phones),
        heat={key: (each.total / each.said, each.said) for key, each in of_phones.items()},
        days=tuple(_days(read, zone)),
    )


def hard_words(
    store: Store,
    *,
    class_id: str | None = None,
    learner_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    lesson_id: str | None = None,
    handed_in: bool = False,
    limit: int = MOST_WORDS,
) -> tuple[HardWord, ...]:
    """Return the words that are most often left out or not clear, the hardest first.

    They are ranked by the share of wrong ones to expect next time: the mean of a Beta distribution whose
    prior is the share over all words, worth ten sayings, so that a word that was said thrice does not
    lead. (A. Gelman et al., *Bayesian Data Analysis*, 3rd ed., 2013, section 2.4.)

    Parameters
    ----------
    store : Store
        The library.
    class_id, learner_id : str, optional
        Only readings of learners of this class, of this learner.
    since, until : datetime, optional
        Only readings that began not before the one and before the other, with their zones.
    lesson_id : str, optional
        Only readings of this lesson.
    handed_in : bool
        Only readings that were handed in.
    limit : int
        At most so many.

    Returns
    -------
    tuple of HardWord
        Only words that were to be said at least three times, and were wrong at least once. A teacher's
        marks count in place of the machine's.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    scope = Scope(class_id, learner_id, since, until, lesson_id, handed_in)
    with store.reading() as session:
        return _hard_words(list(words(session, scope)), limit)


def _hard_words(found: Sequence[WordSum], limit: int) -> tuple[HardWord, ...]:
    prior = _share(found)
    hard = [
        HardWord(each.word, each.said, each.wrong, each.learners, each.mean or 0.0)
        for each in found
        if each.said >= LEAST_WORDS and each.wrong
    ]
    hard.sort(key=lambda each: (-_expected(each, prior), each.word))
    return tuple(hard[:limit])


def _hard_phones(found: Mapping[tuple[str, str], PhoneSum]) -> tuple[HardPhone, ...]:
    by_phone: dict[str, list[PhoneSum]] = defaultdict(list)
    for (_, phone), each in found.items():
        by_phone[phone].append(each)
    hard = [_hard_phone(phone, each) for phone, each in by_phone.items()]
    prior = _share(hard)
    hard.sort(key=lambda each: (-_expected(each, prior), each.phone))
    return tuple(each for each in hard if each.said >= LEAST_PHONES)


def _hard_phone(phone: str, of_learners: Sequence[PhoneSum]) -> HardPhone:
    said = sum(each.said for each in of_learners)
    wrong = sum(each.wrong for each in of_learners)
    mean = sum(each.total for each in of_learners) / said
    return HardPhone(phone, said, wrong, sum(each.wrong > 0 for each in of_learners), mean)


def _share(found: Iterable[WordSum | HardPhone]) -> float:
    """Return which share of all that was to be said was wrong."""
    counts = [(each.wrong, each.said) for each in found]
    return sum(wrong for wrong, _ in counts) / max(1, sum(said for _, said in counts))


def _expected(each: HardWord | HardPhone, prior: float) -> float:
    """Return the share of wrong ones to expect; see `hard_words`."""
    return (each.wrong + _PRIOR * prior) / (each.said + _PRIOR)


def _learners(learners: Iterable[LearnerRow], read: Iterable[ScoredReading]) -> Iterable[LearnerNumbers]:
    by_learner: dict[str, list[ScoredReading]] = defaultdict(list)
    for each in read:
        by_learner[each.learner_id].append(each)
    for learner in learners:
        own = by_learner[learner.id]
        yield LearnerNumbers(
            learner,
            attempts=len(own),
            handed_in=sum(each.is_handed_in for each in own),
            reviewed=sum(each.is_reviewed for each in own),
            flagged=sum(each.is_flagged for each in own),
            scores=_means(own),
            change=_change(own),
            last=own[-1].started if own else None,
        )


def _means(read: Sequence[ScoredReading]) -> FiveScores:
    return FiveScores(*(_mean(_scores(read, aspect)) for aspect in ASPECTS))


def _scores(read: Iterable[ScoredReading], aspect: str = "overall") -> list[float]:
    return [score for each in read if (score := each.scores.of(aspect)) is not None]


def _mean(scores: Sequence[float]) -> float | None:
    return fmean(scores) if scores else None


def _change(read: Iterable[ScoredReading]) -> float | None:
    """Return by how much the newer half of somebody's readings is better than the older."""
    scores = _scores(read)
    half = len(scores) // 2
    return fmean(scores[half:]) - fmean(scores[:half]) if len(scores) >= LEAST_READINGS else None


def _histogram(read: Iterable[ScoredReading]) -> tuple[int, ...]:
    bins = [0] * _BINS
    for score in _scores(read):
        bins[min(int(score * _BINS / 100.0), _BINS - 1)] += 1
    return tuple(bins)


def _days(read: Iterable[ScoredReading], zone: tzinfo | None) -> Iterable[Day]:
    by_day: dict[date, list[ScoredReading]] = defaultdict(list)
    for each in read:
        by_day[each.started.astimezone(zone).date()].append(each)
    return (Day(day, len(some), _means(some)) for day, some in by_day.items())
