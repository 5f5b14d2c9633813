"""Live follow-along: from audio as it arrives to the reader's place in the text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assessment.acoustic import FRAME_SECONDS, AcousticModel
from assessment.alignment import ReadingGraph, align, scaled_likelihoods
from assessment.audio import SAMPLE_RATE, Recording
from assessment.gop import phone_features
from assessment.lexicon import Pronunciation
from assessment.log_mel import HOP
from assessment.miscues import Place, ReadingSearch, Stretch, kept
from assessment.phones import MODEL_PHONES, PHONE_INDEX, SILENCE
from assessment.results import Assessment
from assessment.text import ReferenceText

# The newest audio is looked at so often, in seconds; with the time that this takes it is how far the
# follower is behind the voice.
HOP_SECONDS = 0.12
# Audio before it that the acoustic model hears as context, in seconds.
CONTEXT_SECONDS = 1.0
# The newest frames lack their right context: they are looked at once more before they count.
_UNSETTLED_FRAMES = 14
# The reading is over when the last word was read and so much silence follows, or after so much silence.
END_PAUSE_SECONDS = 0.8
END_SILENCE_SECONDS = 8.0
# A frame in which silence is less probable than this holds a sound.
_SILENT_POSTERIOR = 0.5
# Log10 power of the loudest band-frame of quiet speech: the least that is taken for a voice.
_QUIET_SPEECH = -0.5
_QUIETEST_DBFS = -120.0
# Between two looks a reader comes so many words further; a longer way is a skip.
_STEP_WORDS = 2
# The way to the reader's place is decided so many steps back.
_SETTLE_STEPS = 250
# Posteriors are kept for scoring words for so many frames.
_RECENT_FRAMES = 1_000
# A preliminary score is 100 where the largest log posteriors of a word's phones, whose boundaries are not
# yet sure, are 0 on average, and falls by a factor of e per so much.
_SCORE_SCALE = 3.0
# Score of a word that was too short to be judged.
_UNKNOWN_SCORE = 50.0
_SILENT = PHONE_INDEX[SILENCE]

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class FollowedWord:
    """A word of the text that the reader has passed.

    Attributes
    ----------
    index : int
        In the text.
    text : str
        Its display form.
    is_read : bool
        False if it was skipped.
    score : float or None
        Preliminary accuracy, 0-100; None if it was skipped.
    start, end : float
        Times in seconds; of a skipped word both the end of the word before.
    """

    index: int
    text: str
    is_read: bool
    score: float | None
    start: float
    end: float


@dataclass(frozen=True)
class Position:
    """How far a reader has come.

    Attributes
    ----------
    seconds : float
        Of audio taken in.
    level : float
        Loudness of the newest block (RMS) in dBFS, -120 to 0.
    current : int or None
        Index of the word being read, or to be read next; None after the last.
    words : tuple of FollowedWord
        The words passed so far, in the order of the text.
    end : {None, "read", "silence"}
        Whether the reading is over: the last word was read and a pause follows, or it is silent for long.
    """

    seconds: float = 0.0
    level: float = _QUIETEST_DBFS
    current: int | None = 0
    words: tuple[FollowedWord, ...] = ()
    end: str | None = None


@dataclass(eq=False)
class _Sound:
    """Everything that was heard."""

    blocks: list[Floats] = field(default_factory=list)
    samples: int = 0

    def add(self, block: Floats) -> None:
        self.blocks.append(block)
        self.samples += len(block)

    def since(self, first: int) -> Floats:
        """Return the samples from `first` on."""
        wanted: list[Floats] = []
        have = self.samples
        for block in reversed(self.blocks):
            if have <= first:
                break
            have -= len(block)
            wanted.append(block)
        joined = np.concatenate(wanted[::-1]) if wanted else np.zeros(0, np.float32)
        return joined[max(0, first - have) :]


class Follower:
    """Follows a reader through a text while audio arrives.

    Made by `Assessor.follow`.

    Parameters
    ----------
    text : ReferenceText
        What is being read.
    words : sequence of sequences of Pronunciation
        For each word its pronunciations.
    acoustic : AcousticModel
        Samples to posteriors.
    assess : callable
        Assesses a recording of the text, at the end.
    """

    def __init__(
        self,
        text: ReferenceText,
        words: Sequence[Sequence[Pronunciation]],
        acoustic: AcousticModel,
        assess: Callable[[Recording, ReferenceText], Assessment],
    ) -> None:
        self.text = text
        self._words = words
        self._acoustic = acoustic
        self._assess = assess
        self._search = ReadingSearch(words, acoustic.log_priors, settle_steps=_SETTLE_STEPS)
        self._sound = _Sound()
        self._looked_at = 0
        self._settled = 0
        self._loudest = _QUIET_SPEECH
        # Frames up to the last one that was not silent.
        self._sounding = 0
        self._place = 0
        self._jump: int | None = None
        self._scores: dict[tuple[int, int], float] = {}
        self._recent = np.zeros((0, len(MODEL_PHONES)), np.float32)
        self._position = Position()

    @property
    def recording(self) -> Recording:
        """Everything that was fed so far.

        Raises
        ------
        RecordingError
            If that is too short.
        """
        return Recording.from_samples(self._sound.since(0), SAMPLE_RATE, "the recording")

    def feed(self, samples: NDArray[np.float32]) -> Position:
        """Take in the next samples and say where the reader is.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, 16 kHz; any number, also none.
        """
        block = np.array(samples, np.float32).reshape(-1)
        self._sound.add(block)
        if self._sound.samples - self._looked_at >= HOP_SECONDS * SAMPLE_RATE:
            self._look()
        level = _level(block) if len(block) else self._position.level
        seconds = self._sound.samples / SAMPLE_RATE
        self._position = replace(self._position, seconds=seconds, level=level)
        return self._position

    def finish(self) -> Assessment:
        """Assess the whole reading, just as `Assessor.assess` assesses the recording of it.

        Raises
        ------
        RecordingError
            If the recording is too short.
        """
        return self._assess(self.recording, self.text)

    def _look(self) -> None:
        """Take the audio that arrived since the last look through the acoustic model and the search."""
        frames = self._sound.samples // HOP // 2 * 2
        first = max(0, self._settled - round(CONTEXT_SECONDS / FRAME_SECONDS)) // 2 * 2
        samples = self._sound.since(first * HOP)[: (frames - first) * HOP]
        log_posteriors, self._loudest = self._acoustic.live(samples, self._loudest)
        new = log_posteriors[self._settled - first :]
        certain = max(0, len(new) - _UNSETTLED_FRAMES) // 2 * 2
        self._search.push(new[:certain])
        self._recent = np.concatenate([self._recent, new[:certain]])[-_RECENT_FRAMES:]
        self._settled += certain
        self._looked_at = self._sound.samples
        sounding = np.flatnonzero(log_posteriors[:, _SILENT] < math.log(_SILENT_POSTERIOR))
        if len(sounding):
            self._sounding = first + int(sounding[-1]) + 1
        self._advance(self._search.place(new[certain:]))

    def _advance(self, place: Place) -> None:
        """Believe in short steps forward at once, in any other only at the second look."""
        if 0 <= place.word - self._place <= _STEP_WORDS or place.word == self._jump:
            self._place, self._jump = place.word, None
        else:
            self._jump = place.word
        words = tuple(self._passed(self._search.stretches(is_over=False)))
        current = self._place if self._place < len(self._words) else None
        self._position = replace(self._position, current=current, words=words, end=self._end())

    def _passed(self, stretches: Sequence[Stretch]) -> Iterator[FollowedWord]:
        """Yield the words before the current one that are over for certain."""
        chosen = [stretches[number] for number in kept(stretches)]
        read = {stretch.word: stretch for stretch in chosen if stretch.last < self._settled}
        time = 0.0
        last = max((word for word in read if word is not None and word < self._place), default=-1)
        for index in range(last + 1):
            stretch = read.get(index)
            text = self.text.display(self.text.words[index])
            if stretch is None:
                yield FollowedWord(index, text, False, None, time, time)
                continue
            start, time = (round(frame * FRAME_SECONDS, 2) for frame in (stretch.first, stretch.last))
            yield FollowedWord(index, text, True, self._score(index, stretch), start, time)

    def _score(self, word: int, stretch: Stretch) -> float:
        """Return the preliminary score of a word, the same ever after the first time."""
        key = word, stretch.first
        if key not in self._scores:
            begin = self._settled - len(self._recent)
            frames = self._recent[max(0, stretch.first - begin) : max(0, stretch.last - begin)]
            self._scores[key] = self._judged(frames, word)
        return self._scores[key]

    def _judged(self, log_posteriors: Floats, word: int) -> float:
        graph = ReadingGraph.build([self._words[word]])
        if len(log_posteriors) < graph.min_frames:
            return _UNKNOWN_SCORE
        likelihoods = scaled_likelihoods(log_posteriors, self._acoustic.log_priors)
        features = phone_features(log_posteriors, align(likelihoods, graph).phones)
        best = features.maximum[np.arange(len(features.expected)), features.expected]
        return round(100.0 * math.exp(float(best.mean()) / _SCORE_SCALE), 1)

    def _end(self) -> str | None:
        silent = self._looked_at / SAMPLE_RATE - self._sounding * FRAME_SECONDS
        if self._place == len(self._words) and silent >= END_PAUSE_SECONDS:
            return "read"
        return "silence" if silent >= END_SILENCE_SECONDS else None


def _level(samples: Floats) -> float:
    """Return the loudness of samples in dBFS."""
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return round(max(10.0 * math.log10(power), _QUIETEST_DBFS), 1) if power > 0.0 else _QUIETEST_DBFS
