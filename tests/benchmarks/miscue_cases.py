"""Part of the benchmark `miscues`: texts with a word more, less or another, and audio with words repeated."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assessment.audio import SAMPLE_RATE
from assessment.heard import GAP_COST, paired
from assessment.lexicon import Lexicon, Pronunciation
from assessment.phones import feature_distance
from tests.benchmarks.common import BenchmarkError
from tests.benchmarks.readings import Reading

NOT_SPOKEN, NOT_IN_TEXT, REPLACED = "not spoken", "not in the text", "replaced"
TEXT_KINDS = (NOT_SPOKEN, NOT_IN_TEXT, REPLACED)
DOUBLED, RESTARTED = "doubled", "restarted"
# By kind how many words are said twice, and how long the reader may pause before the second time, in seconds.
REPEATS = {DOUBLED: ((1,), (0.0, 0.05, 0.2, 0.4)), RESTARTED: ((2, 3, 4), (0.05, 0.2, 0.4, 0.8))}
# Words sound unlike from this cost a phone on.
UNLIKE = 0.45
# Pronunciations of a word that are compared.
VARIANTS = 2
TRIES = 1_000
FADE_SECONDS = 0.005

Samples = NDArray[np.float32]
Span = tuple[float, float]


@dataclass(frozen=True)
class TextCase:
    """A text that is not quite what was said.

    Attributes
    ----------
    kind : str
        One of `TEXT_KINDS`.
    reading : Reading
        What was said.
    words : tuple of str
        The text.
    unspoken : int or None
        Index in the text of the word that was not said.
    unwritten : int or None
        Index in what was said of the word that is not in the text.
    """

    kind: str
    reading: Reading
    words: tuple[str, ...]
    unspoken: int | None
    unwritten: int | None


@dataclass(frozen=True, eq=False)
class RepeatCase:
    """A reading in which words are said twice, and when: the first time and the second."""

    kind: str
    reading: Reading
    samples: Samples
    words: tuple[str, ...]
    spans: tuple[Span, Span]


class Vocabulary:
    """The words of a corpus, and how they sound."""

    def __init__(self, texts: Sequence[tuple[str, ...]], lexicon: Lexicon) -> None:
        self.texts = sorted(set(texts))
        self.lexicon = lexicon

    def stranger(self, own: tuple[str, ...], beside: Sequence[str], draw: random.Random) -> str:
        """Draw a word of another text that sounds unlike some words."""
        others = [text for text in self.texts if text != own]
        for _ in range(TRIES if others else 0):
            word = draw.choice(draw.choice(others))
            if all(self.difference(word, other) >= UNLIKE for other in beside):
                return word
        raise BenchmarkError(
            f"No word of the corpus sounds unlike {' and '.join(beside)}: use a larger corpus."
        )

    def difference(self, one: str, two: str) -> float:
        """Return how differently two words sound, for each phone: of their pronunciations the most alike."""
        return min(difference(first, second) for first in self._sounds(one) for second in self._sounds(two))

    def _sounds(self, word: str) -> Sequence[Pronunciation]:
        return self.lexicon.pronunciations(word)[:VARIANTS]


@cache
def difference(one: Pronunciation, two: Pronunciation) -> float:
    """Return what it costs to turn a pronunciation into another one, over the phones of the longer."""
    costs = [
        GAP_COST if place is None or other is None else feature_distance(one[place], two[other])
        for place, other in paired(one, two)
    ]
    return sum(costs) / max(len(one), len(two))


def text_cases(reading: Reading, vocabulary: Vocabulary, draw: random.Random) -> Iterator[TextCase]:
    """Make a case of each of `TEXT_KINDS`."""
    said = reading.words
    place = draw.randrange(len(said) + 1)
    stranger = vocabulary.stranger(said, said[max(0, place - 1) : place + 1], draw)
    yield TextCase(NOT_SPOKEN, reading, (*said[:place], stranger, *said[place:]), place, None)
    place = draw.randrange(len(said))
    yield TextCase(NOT_IN_TEXT, reading, said[:place] + said[place + 1 :], None, place)
    place = draw.randrange(len(said))
    stranger = vocabulary.stranger(said, said[max(0, place - 1) : place + 2], draw)
    yield TextCase(REPLACED, reading, (*said[:place], stranger, *said[place + 1 :]), place, place)


def repeat_case(
    kind: str, reading: Reading, samples: Samples, spans: Sequence[Span | None], draw: random.Random
) -> RepeatCase | None:
    """Have words of a reading said twice, one of `REPEATS`.

    Parameters
    ----------
    samples
        The recording.
    spans
        When each word was said; None for a word that was not found, which is not chosen.

    Returns
    -------
    RepeatCase or None
        None if not enough words one after the other were found.
    """
    counts, pauses = REPEATS[kind]
    count = draw.choice(counts)
    places = [place for place in range(len(spans) - count + 1) if None not in spans[place : place + count]]
    if not places:
        return None
    place = draw.choice(places)
    chosen = [span for span in spans[place : place + count] if span is not None]
    changed, when = said_twice(samples, (chosen[0][0], chosen[-1][1]), draw.choice(pauses))
    return RepeatCase(kind, reading, changed, reading.words[place : place + count], when)


def said_twice(samples: Samples, span: Span, pause: float) -> tuple[Samples, tuple[Span, Span]]:
    """Repeat a part of a recording after a pause; return the recording and when the part is said."""
    first, last = (round(time * SAMPLE_RATE) for time in span)
    silence = np.zeros(round(pause * SAMPLE_RATE), np.float32)
    parts = [part for part in (samples[:last], silence, samples[first:]) if len(part)]
    changed = faded(parts)
    moved = len(changed) - len(samples)
    return changed, (span, (span[0] + moved / SAMPLE_RATE, span[1] + moved / SAMPLE_RATE))


def faded(parts: Sequence[Samples]) -> Samples:
    """Join parts with cross-fades."""
    joined = parts[0]
    for part in parts[1:]:
        length = min(round(FADE_SECONDS * SAMPLE_RATE), len(joined), len(part))
        weight = np.linspace(0, 1, length, dtype=np.float32)
        middle = joined[len(joined) - length :] * (1 - weight) + part[:length] * weight
        joined = np.concatenate([joined[: len(joined) - length], middle, part[length:]])
    return joined
