"""What speech that is not in the text most likely was: words of the text, common words, else its phones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from assessment.heard import GAP_COST, heard_string
from assessment.lexicon import Lexicon, Pronunciation
from assessment.phones import PHONE_INDEX, PHONES, base, feature_distance
from assessment.reading import Extra, Reading
from assessment.resources import resource
from assessment.results import ErrorType

# A word fits where its phones differ from those heard by no more than this a phone
# (`feature_distance`, or `GAP_COST` for one that is missing or too many).
FITS = 0.2
# Words of the text that surround it are more likely than any other: they may cost so much more a phone.
NEAR_BONUS = 0.1
_NEAR_WORDS = 4
# Each word of a sequence costs as much as this of a wrong phone, so that few long words win.
_WORD_COST = 0.25
_LONGEST = 12
# Longer speech is no longer named, in phones.
_MOST_PHONES = 40

Floats = NDArray[np.float32]


@cache
def _distances() -> Floats:
    """Return the distance of each pair of phones, shape (39, 39)."""
    return np.array([[feature_distance(one, other) for other in PHONES] for one in PHONES], np.float32)


class Vocabulary:
    """Words with their phones, searched for those that sound like what was heard.

    Parameters
    ----------
    words : iterable of (word, pronunciation)
        The likelier first.
    """

    def __init__(self, words: Iterable[tuple[str, Pronunciation]]) -> None:
        by_length: dict[int, list[tuple[str, list[int]]]] = {}
        for word, pronunciation in words:
            phones = [PHONE_INDEX[base(phone)] for phone in pronunciation]
            by_length.setdefault(len(phones), []).append((word, phones))
        self._names = {length: [word for word, _ in own] for length, own in by_length.items()}
        self._phones = {length: np.array([phones for _, phones in own]) for length, own in by_length.items()}

    def best(self, heard: Sequence[str]) -> tuple[float, str]:
        """Return the lowest cost of a word for the phones heard, and the word.

        Parameters
        ----------
        heard : sequence of str
            ARPAbet without stress.
        """
        columns = [PHONE_INDEX[phone] for phone in heard]
        found = (np.inf, "")
        for length, phones in self._phones.items():
            if abs(length - len(columns)) * GAP_COST > FITS * max(length, len(columns)):
                continue
            costs = _costs(phones, columns)
            best = int(costs.argmin())
            found = min(found, (float(costs[best]), self._names[length][best]))
        return found


def _costs(phones: NDArray[np.int64], heard: Sequence[int]) -> Floats:
    """Return the edit distance of each row of phones from what was heard."""
    distances = _distances()
    row = [np.full(len(phones), GAP_COST * place, np.float32) for place in range(len(heard) + 1)]
    for number in range(phones.shape[1]):
        new = [row[0] + np.float32(GAP_COST)]
        for place, column in enumerate(heard):
            replaced = row[place] + distances[phones[:, number], column]
            one_off = np.minimum(row[place + 1], new[place]) + np.float32(GAP_COST)
            new.append(np.minimum(replaced, one_off))
        row = new
    return row[-1]


class Namer:
    """Names speech that is not in the text.

    Parameters
    ----------
    lexicon : Lexicon
        Gives the pronunciations of common words.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    @cached_property
    def _common(self) -> Vocabulary:
        lines = resource("lexicon", "en-US", "common_words.txt").read_text(encoding="utf-8").split()
        return Vocabulary(_pronounced(lines, self._lexicon))

    def named(self, reading: Reading) -> tuple[Extra, ...]:
        """Return what was said beside the text with names and phones.

        An unknown stretch that sounds like the words just before or after it was said again.

        Parameters
        ----------
        reading : Reading
            Of which `extras` have no names yet.
        """
        return tuple(self._named(extra, reading) for extra in reading.extras)

    def _named(self, extra: Extra, reading: Reading) -> Extra:
        words = reading.text.words
        if extra.word is not None:
            canonical = reading.accepted[extra.word][0]
            return replace(extra, name=words[extra.word].spoken, phones=tuple(map(base, canonical)))
        phones = heard_string(reading.evidence.log_posteriors, extra.first, extra.last)
        extra = replace(extra, phones=phones)
        if not 0 < len(phones) <= _MOST_PHONES:
            return extra
        near = range(max(0, extra.before - _NEAR_WORDS), min(len(words), extra.before + _NEAR_WORDS))
        pronounced = [(str(number), variant) for number in near for variant in reading.accepted[number]]
        cost, again = Vocabulary(pronounced).best(phones) if pronounced else (np.inf, "")
        most = min(FITS, self._common.best(phones)[0] / len(phones) + NEAR_BONUS) * len(phones)
        if cost <= most and len(phones) > 1:
            word = int(again)
            error = ErrorType.REPETITION if word in (extra.before - 1, extra.before) else extra.error
            return replace(extra, error=error, word=word, name=words[word].spoken)
        return replace(extra, name=" ".join(self._sequence(phones)))

    def _sequence(self, phones: Sequence[str]) -> list[str]:
        """Return the common words that fit the phones best; none if nothing fits."""
        costs = [0.0] + [np.inf] * len(phones)
        chosen: list[tuple[int, str]] = [(0, "")] * (len(phones) + 1)
        for last in range(1, len(phones) + 1):
            for first in range(max(0, last - _LONGEST), last):
                cost, word = self._common.best(phones[first:last])
                if costs[first] + cost + _WORD_COST < costs[last]:
                    costs[last], chosen[last] = costs[first] + cost + _WORD_COST, (first, word)
        names = list(_traced(chosen)) if np.isfinite(costs[-1]) else []
        spent = costs[-1] - _WORD_COST * len(names)
        return names[::-1] if spent <= FITS * len(phones) else []


def _traced(chosen: Sequence[tuple[int, str]]) -> Iterator[str]:
    at = len(chosen) - 1
    while at:
        at, word = chosen[at]
        yield word


def _pronounced(words: Iterable[str], lexicon: Lexicon) -> Iterator[tuple[str, Pronunciation]]:
    for word in words:
        for variant in lexicon.pronunciations(word):
            yield word, variant
