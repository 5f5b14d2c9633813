"""What was said and what was to be read: the words of the text that were read, and what was said beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assessment.acoustic import FRAME_SECONDS, Evidence
from assessment.alignment import AlignedPhone
from assessment.audio import Recording
from assessment.lexicon import Pronunciation
from assessment.miscues import Stretch, kept
from assessment.results import ErrorType
from assessment.text import ReferenceText


@dataclass(frozen=True)
class Extra:
    """Something that was said beside the text.

    Attributes
    ----------
    error : ErrorType
        `INSERTION`, or `REPETITION` for a word that was read again later.
    before : int
        Index of the next word of the text that was read; their number if none was.
    word : int or None
        The word of the text that it is, where it is one: said again or out of order.
    first, last : int
        Frames [first, last).
    name : str
        The word; empty if it is not known.
    phones : tuple of str
        ARPAbet without stress.
    """

    error: ErrorType
    before: int
    word: int | None
    first: int
    last: int
    name: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Reading:
    """A recording, its text, and which stretch of it is what.

    Attributes
    ----------
    recording : Recording
        What was said.
    text : ReferenceText
        What was to be read.
    evidence : Evidence
        What the acoustic model makes of the recording.
    accepted : sequence of sequences of Pronunciation
        For each word the pronunciations that count as right.
    phones : tuple of AlignedPhone
        Of the words that were read, in the order of the text.
    extras : tuple of Extra
        What was said beside the text, in the order of time.
    lag : float
        How much later than the truth the acoustic model sees boundaries, in seconds.
    """

    recording: Recording
    text: ReferenceText
    evidence: Evidence
    accepted: Sequence[Sequence[Pronunciation]]
    phones: tuple[AlignedPhone, ...]
    extras: tuple[Extra, ...]
    lag: float

    @property
    def sentences(self) -> list[int]:
        """Sentence of each word."""
        return [word.sentence for word in self.text.words]

    @property
    def word_phones(self) -> list[slice]:
        """For each word where its phones are; nowhere for a word that was left out."""
        words = [phone.word for phone in self.phones]
        bounds = np.searchsorted(words, np.arange(len(self.text.words) + 1)).tolist()
        return [slice(first, last) for first, last in pairwise(bounds)]

    @property
    def times(self) -> list[tuple[float, float]]:
        """Start and end of each phone in seconds, without the model's constant lag."""
        return [(self.seconds(phone.first), self.seconds(phone.last)) for phone in self.phones]

    def seconds(self, frame: int) -> float:
        """Return the time of a frame's start, without the model's constant lag."""
        return round(min(max(frame * FRAME_SECONDS - self.lag, 0.0), self.recording.duration), 4)

    @property
    def scored_phones(self) -> list[AlignedPhone]:
        """The phones of all words of the text, as the scoring model reads them.

        The experts whose marks it has learnt from marked down what was missing, too: phones of a word
        that was left out stand, two frames short, where they are missing.
        """
        frames = len(self.evidence.log_posteriors)
        scored: list[AlignedPhone] = []
        for word, own in enumerate(self.word_phones):
            if own.start < own.stop:
                scored += self.phones[own]
                continue
            missing = self.phones[own.start - 1].last if own.start else 1
            last = min(max(missing + 1, 2), frames)
            scored += [AlignedPhone(symbol, word, last - 2, last) for symbol in self.accepted[word][0]]
        return scored


def beside_text(
    stretches: Sequence[Stretch], aligned: Sequence[Sequence[AlignedPhone]], words: int
) -> list[Extra]:
    """Return what was said beside the text.

    Parameters
    ----------
    stretches : sequence of Stretch
        What was said, in the order of time.
    aligned : sequence of sequences of AlignedPhone
        The phones of each.
    words : int
        Number of words of the text.

    Returns
    -------
    list of Extra
        In the order of time; unknown speech still without name and phones.
    """
    chosen = set(kept(stretches))
    read = {stretches[number].word for number in chosen}
    extras: list[Extra] = []
    before = words
    for number in range(len(stretches) - 1, -1, -1):
        stretch, phones = stretches[number], aligned[number]
        if number in chosen:
            before = _word(stretch, words)
        elif stretch.word is None:
            extras.append(Extra(ErrorType.INSERTION, before, None, stretch.first, stretch.last))
        else:
            error = ErrorType.REPETITION if stretch.word in read else ErrorType.INSERTION
            extras.append(Extra(error, before, stretch.word, phones[0].first, phones[-1].last))
    return extras[::-1]


def _word(stretch: Stretch, words: int) -> int:
    return words if stretch.word is None else stretch.word
