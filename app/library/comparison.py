"""Compares two readings score by score, word by word and phone by phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from statistics import fmean
from types import MappingProxyType

from assessment.phones import base
from assessment.results import Assessment, ErrorType, Word

ASPECTS = ("overall", "accuracy", "fluency", "completeness", "prosody")
# Scores of a reading or a kind of phone, of a word, and of a phone in it that differ by less are the same.
SAME_SCORE, SAME_WORD, SAME_PHONE = 1.5, 5.0, 10.0
# Worse than any mark of a word that was said.
_LEFT_OUT = 100

# How badly words are marked, by their indexes: the more the worse; those that are missing are right.
Ranks = Mapping[int, int]
# Of what belongs together in the first and in the second; None where it is missing.
_Indexes = tuple[int | None, int | None]
_NO_RANKS: Ranks = MappingProxyType({})


class Change(StrEnum):
    """What something in the second reading is against the same in the first."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    ONLY_ONE = "only-one"


@dataclass(frozen=True)
class ScoreChange:
    """A score in both readings.

    Attributes
    ----------
    name : str
        The aspect, the word, or the phone (ARPAbet without stress).
    first, second : float or None
        0-100; None where it was not scored.
    margin : float
        From which difference on it is better or worse.
    """

    name: str
    first: float | None
    second: float | None
    margin: float

    @property
    def difference(self) -> float | None:
        """How many points the second has more; None unless both are scored."""
        if self.first is None or self.second is None:
            return None
        return self.second - self.first

    @property
    def change(self) -> Change:
        """Which one is better."""
        difference = self.difference
        if difference is None:
            return Change.SAME if self.first == self.second else Change.ONLY_ONE
        if abs(difference) < self.margin:
            return Change.SAME
        return Change.BETTER if difference > 0 else Change.WORSE


@dataclass(frozen=True)
class WordPair:
    """A word of the one reading and the same of the other.

    Attributes
    ----------
    indexes : (int or None, int or None)
        In `Assessment.words` of the first and the second; None where the word is not.
    change : Change
        Of its mark; where that is the same, of its score.
    score : ScoreChange or None
        Its accuracy; None unless it was said in both.
    phones : tuple of ScoreChange
        Those of its phones that got better or worse, in the order of the word.
    """

    indexes: tuple[int | None, int | None]
    change: Change
    score: ScoreChange | None = None
    phones: tuple[ScoreChange, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two readings beside each other.

    Attributes
    ----------
    is_same_text : bool
        Whether both are of one text.
    words : tuple of WordPair
        In the order of the texts.
    scores : tuple of ScoreChange
        In the order of `ASPECTS`.
    phones : tuple of ScoreChange
        The kinds of phones that got better or worse on the average of the reading, the largest change first.
    """

    is_same_text: bool
    words: tuple[WordPair, ...]
    scores: tuple[ScoreChange, ...]
    phones: tuple[ScoreChange, ...]

    @cached_property
    def by_index(self) -> tuple[Mapping[int, WordPair], Mapping[int, WordPair]]:
        """The pairs by the index of their word in the first and in the second reading."""
        first, second = (
            {index: pair for pair in self.words if (index := pair.indexes[side]) is not None}
            for side in (0, 1)
        )
        return first, second


def compare(
    first: Assessment, second: Assessment, ranks: tuple[Ranks, Ranks] = (_NO_RANKS, _NO_RANKS)
) -> Comparison:
    """Compare two readings; of one text word by word, else the words that are in both.

    Parameters
    ----------
    first, second : Assessment
        The readings.
    ranks : (mapping of int to int, mapping of int to int), optional
        For each reading how badly its words are marked, by their indexes: the higher the worse, 0 (as for
        those that are missing) is right. Without them only the scores tell what is better.
    """
    return Comparison(
        first.text == second.text,
        tuple(
            _pair(first, second, indexes, ranks)
            for indexes in _pairs(_places(first.words), _places(second.words))
            if indexes != (None, None)
        ),
        tuple(
            ScoreChange(name, getattr(first.scores, name), getattr(second.scores, name), SAME_SCORE)
            for name in ASPECTS
        ),
        _kinds_of_phones(first, second),
    )


def _pair(first: Assessment, second: Assessment, indexes: _Indexes, ranks: tuple[Ranks, Ranks]) -> WordPair:
    one, other = indexes
    if one is None or other is None:
        return WordPair(indexes, Change.ONLY_ONE)
    words = first.words[one], second.words[other]
    rank, other_rank = _rank(words[0], one, ranks[0]), _rank(words[1], other, ranks[1])
    score = None
    if words[0].phones and words[1].phones:
        score = ScoreChange(words[0].text, words[0].accuracy, words[1].accuracy, SAME_WORD)
    if rank != other_rank:
        change = Change.BETTER if other_rank < rank else Change.WORSE
    else:
        change = Change.SAME if score is None else score.change
    return WordPair(indexes, change, score, tuple(_changed_phones(*words)))


def _rank(word: Word, index: int, ranks: Ranks) -> int:
    return _LEFT_OUT if word.error is ErrorType.OMISSION else ranks.get(index, 0)


def _changed_phones(first: Word, second: Word) -> Iterator[ScoreChange]:
    """Yield the phones of a word that got better or worse."""
    one, other = (
        [_Place(base(each.symbol), index) for index, each in enumerate(word.phones)]
        for word in (first, second)
    )
    for place, other_place in _pairs(one, other):
        if place is None or other_place is None:
            continue
        before, after = first.phones[place], second.phones[other_place]
        found = ScoreChange(base(before.symbol), before.score, after.score, SAME_PHONE)
        if found.change is not Change.SAME:
            yield found


def _kinds_of_phones(first: Assessment, second: Assessment) -> tuple[ScoreChange, ...]:
    """Return the kinds of phones of which the average changed."""
    means, other_means = _means(first), _means(second)
    both = (
        ScoreChange(phone, means[phone], other_means[phone], SAME_WORD)
        for phone in means
        if phone in other_means
    )
    changed = [each for each in both if each.change is not Change.SAME]
    return tuple(sorted(changed, key=lambda each: -abs(each.difference or 0.0)))


def _means(assessment: Assessment) -> dict[str, float]:
    scores: dict[str, list[float]] = {}
    for word in assessment.words:
        for phone in word.phones:
            scores.setdefault(base(phone.symbol), []).append(phone.score)
    return {phone: fmean(said) for phone, said in scores.items()}


# --- what belongs together ------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Something in a row; two of them belong together if they have the same key.

    Attributes
    ----------
    key : str
        What it is.
    index : int or None
        Where it is; None for the end of the row.
    beside : tuple of _Place
        What stands before it, but does not belong into the row.
    """

    key: str
    index: int | None = field(default=None, compare=False)
    beside: tuple[_Place, ...] = field(default=(), compare=False)


def _places(words: Sequence[Word]) -> list[_Place]:
    """Return the words of the text, each with what was said beside the text before it."""
    places: list[_Place] = []
    beside: list[_Place] = []
    for index, word in enumerate(words):
        key = word.spoken or word.text
        if word.is_extra:
            beside.append(_Place(key, index))
        else:
            places.append(_Place(key, index, tuple(beside)))
            beside = []
    return [*places, _Place("", None, tuple(beside))]


def _pairs(first: Sequence[_Place], second: Sequence[_Place]) -> Iterator[_Indexes]:
    """Yield which indexes belong together, in order; None for one that stands alone."""
    for one, other in _aligned(first, second):
        yield from _pairs(one.beside if one else (), other.beside if other else ())
        yield one.index if one else None, other.index if other else None


def _aligned(
    first: Sequence[_Place], second: Sequence[_Place]
) -> Iterator[tuple[_Place | None, _Place | None]]:
    # Of the same text, whatever it repeats, each word belongs to itself.
    if first == second:
        yield from zip(first, second, strict=True)
        return
    for kind, start, end, other_start, other_end in SequenceMatcher(None, first, second).get_opcodes():
        if kind == "equal":
            yield from zip(first[start:end], second[other_start:other_end], strict=True)
            continue
        yield from ((each, None) for each in first[start:end])
        yield from ((None, each) for each in second[other_start:other_end])
