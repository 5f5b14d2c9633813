"""Speech to text while somebody speaks: partial text at once, which final text replaces.

The stretch that is not yet settled is recognised again and again. Words on which two successive
hypotheses agree are confirmed (LocalAgreement-2: Liu, Spanakis and Niehues 2020; Macháček, Dabre and
Bojar 2023), and all are at a pause. What is confirmed is never taken back.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

import numpy as np
from numpy.typing import ArrayLike

from assessment.audio import SAMPLE_RATE
from assessment.quality import find_speech
from assessment.transcript import TranscribedWord, Transcript, joined
from assessment.transcription import Transcriber
from assessment.transcription_engines import Samples

# New sound that is waited for before the unsettled stretch is recognised again ...
STEP_SECONDS = 0.5
# ... or this many times as long as that took, so that a slow machine keeps up.
_STEP_PER_DECODING = 1.3
# A silence that ends a stretch.
PAUSE_SECONDS = 0.7
# A word that ends later than this before the end of the sound may be part of a longer one.
_WHOLE_SECONDS = 0.4
# A stretch of this length is cut between two confirmed words, ...
LONG_SECONDS = 8.0
# ... and of this length so long before its end, whether the words before are confirmed or not.
MAX_SECONDS = 12.0
_UNCERTAIN_SECONDS = 1.5
# What is kept of silence before a voice.
_LEAD_SECONDS = 0.5
_HOP_SECONDS = 0.02
_FRAME_SECONDS = 0.04
_IGNORED = re.compile(r"[^\w']")


@dataclass(frozen=True)
class LiveText:
    """What was understood so far.

    Attributes
    ----------
    confirmed : tuple of TranscribedWord
        All words that are settled; they stay as they are.
    partial : tuple of TranscribedWord
        The words after them, as far as they can be told yet: they will be replaced.
    """

    confirmed: tuple[TranscribedWord, ...]
    partial: tuple[TranscribedWord, ...]

    @property
    def text(self) -> str:
        """All words as running text."""
        return joined((*self.confirmed, *self.partial))


class LocalAgreement:
    """Confirms the words on which two successive hypotheses agree, from the first on.

    Parameters
    ----------
    previous : sequence of TranscribedWord
        The hypothesis before, without what was confirmed of it.
    """

    def __init__(self, previous: Sequence[TranscribedWord] = ()) -> None:
        self._previous = _keys(previous)

    def agreed(self, hypothesis: Sequence[TranscribedWord]) -> int:
        """Count the first words of the next hypothesis on which both agree.

        Parameters
        ----------
        hypothesis : sequence of TranscribedWord
            What was understood, without the words that are confirmed already.

        Returns
        -------
        int
            Letter case and punctuation do not count.
        """
        pairs = zip(_keys(hypothesis), self._previous, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def remaining(
    confirmed: Sequence[TranscribedWord], hypothesis: Sequence[TranscribedWord]
) -> tuple[TranscribedWord, ...]:
    """Return the words of a hypothesis that come after the confirmed words of the same stretch.

    Of all beginnings of the hypothesis, that is left out which differs least from the confirmed words
    (Levenshtein distance); of several, the one that ends nearest to where the confirmed words end.
    """
    known, heard = _keys(confirmed), _keys(hypothesis)
    costs = list(range(len(heard) + 1))
    for row, expected in enumerate(known, 1):
        diagonal, costs[0] = costs[0], row
        for column, word in enumerate(heard, 1):
            cheapest = min(costs[column] + 1, costs[column - 1] + 1, diagonal + (word != expected))
            diagonal, costs[column] = costs[column], cheapest
    end = confirmed[-1].end if confirmed else 0.0
    ends = [0.0, *(word.end for word in hypothesis)]
    best = min(range(len(costs)), key=lambda count: (costs[count], abs(ends[count] - end)))
    return tuple(hypothesis[best if confirmed else 0 :])


class LiveTranscriber:
    """Writes down speech as it comes.

    Parameters
    ----------
    transcriber : Transcriber
        Recognises.
    """

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self._agreement = LocalAgreement()
        self._buffer: Samples = np.zeros(0, np.float32)
        # Samples before the buffer, and new ones in it since it was last recognised.
        self._passed = 0
        self._new = 0
        self._step = STEP_SECONDS
        self._confirmed: list[TranscribedWord] = []
        # How many of them were spoken before what is in the buffer.
        self._settled = 0
        self._partial: tuple[TranscribedWord, ...] = ()

    @property
    def buffered_seconds(self) -> float:
        """Length of the sound that is held in memory, at most `MAX_SECONDS` and the next block."""
        return len(self._buffer) / SAMPLE_RATE

    def feed(self, samples: ArrayLike) -> LiveText | None:
        """Take the next sound.

        Parameters
        ----------
        samples : array_like of float, shape (n,)
            Mono, 16 kHz, full scale +-1; any number.

        Returns
        -------
        LiveText or None
            What was understood so far, if that may have changed.
        """
        text = None
        sound = np.asarray(samples, np.float32).reshape(-1)
        # A long block is taken in steps, so that the buffer stays short.
        size = round(STEP_SECONDS * SAMPLE_RATE)
        for first in range(0, len(sound), size):
            text = self._take(sound[first : first + size]) or text
        return text

    def finish(self) -> Transcript:
        """Settle what is left and return all that was said."""
        duration = (self._passed + len(self._buffer)) / SAMPLE_RATE
        self._settle()
        return self._transcriber.transcript(self._confirmed, duration)

    def _take(self, samples: Samples) -> LiveText | None:
        self._buffer = np.concatenate((self._buffer, samples))
        self._new += len(samples)
        if self._new < self._step * SAMPLE_RATE and self.buffered_seconds < MAX_SECONDS:
            return None
        self._new = 0
        voiced = np.flatnonzero(find_speech(self._buffer))
        if not len(voiced):
            return self._skip_silence()
        silence = self.buffered_seconds - (float(voiced[-1]) * _HOP_SECONDS + _FRAME_SECONDS)
        if silence >= PAUSE_SECONDS:
            self._settle()
        else:
            self._recognise()
        return LiveText(tuple(self._confirmed), self._partial)

    def _skip_silence(self) -> LiveText | None:
        self._keep_lead()
        had_partial = bool(self._partial)
        self._partial = ()
        return LiveText(tuple(self._confirmed), ()) if had_partial else None

    def _settle(self) -> None:
        """Confirm all that is in the buffer, and empty it."""
        if find_speech(self._buffer).any():
            self._confirmed += self._heard(quick=False)
        self._partial = ()
        self._keep_lead()

    def _keep_lead(self) -> None:
        """Empty the buffer but for the silence before what comes next."""
        self._cut(len(self._buffer) - round(_LEAD_SECONDS * SAMPLE_RATE), len(self._confirmed))
        self._agreement = LocalAgreement()

    def _recognise(self) -> None:
        started = time.perf_counter()
        heard = self._heard(quick=True)
        self._step = max(STEP_SECONDS, _STEP_PER_DECODING * (time.perf_counter() - started))
        agreed = min(self._agreement.agreed(heard), self._count_before(heard, _WHOLE_SECONDS))
        if self.buffered_seconds >= MAX_SECONDS:
            agreed = max(agreed, self._count_before(heard, _UNCERTAIN_SECONDS))
        self._agreement = LocalAgreement(heard[agreed:])
        self._confirmed += heard[:agreed]
        self._partial = heard[agreed:]
        if self.buffered_seconds >= LONG_SECONDS:
            self._shorten()

    def _count_before(self, words: Sequence[TranscribedWord], seconds: float) -> int:
        """Count the words that end at least so long before the end of the sound."""
        limit = (self._passed + len(self._buffer)) / SAMPLE_RATE - seconds
        return sum(word.end <= limit for word in words)

    def _heard(self, *, quick: bool) -> tuple[TranscribedWord, ...]:
        """Return the words of the buffer that are not yet confirmed, with times from the start."""
        passed = self._passed / SAMPLE_RATE
        words = [word.shifted(passed) for word in self._transcriber.engine.words(self._buffer, quick=quick)]
        return remaining(self._confirmed[self._settled :], words)

    def _shorten(self) -> None:
        """Cut the buffer at the longest pause between confirmed words in its second half."""
        half = self._passed / SAMPLE_RATE + self.buffered_seconds / 2
        words = list(enumerate(pairwise(self._confirmed[self._settled :]), self._settled + 1))
        places = [(after.start - word.end, number) for number, (word, after) in words if word.end >= half]
        if places:
            number = max(places)[1]
            middle = (self._confirmed[number - 1].end + self._confirmed[number].start) / 2
            self._cut(round(middle * SAMPLE_RATE) - self._passed, number)
        elif self.buffered_seconds >= MAX_SECONDS:
            self._cut(len(self._buffer) - round(_UNCERTAIN_SECONDS * SAMPLE_RATE), len(self._confirmed))

    def _cut(self, samples: int, settled: int) -> None:
        """Leave out the first samples of the buffer, in which so many of the confirmed words were."""
        count = min(len(self._buffer), max(0, samples))
        self._buffer = self._buffer[count:]
        self._passed += count
        self._settled = settled


def _keys(words: Sequence[TranscribedWord]) -> tuple[str, ...]:
    return tuple(_IGNORED.sub("", word.text.lower()) for word in words)
