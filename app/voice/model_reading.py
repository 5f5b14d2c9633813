"""How a text should sound: said by a voice, with the times of its words and phones, and its melody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.voice.homographs import fitting
from app.voice.speech import Floats, Spoken, Voice, VoiceError
from assessment.audio import Recording
from assessment.control import Control
from assessment.engine import Assessor
from assessment.errors import AlignmentError
from assessment.lexicon import Pronunciation
from assessment.pitch import PitchTrack, pitch_track
from assessment.reading import Reading
from assessment.results import Assessment, Word
from assessment.text import ReferenceText

# About half an hour of speech.
MAX_WORDS = 5_000
# What is heard before and after words that are cut out, in seconds; it is faded.
MARGIN_SECONDS = 0.03
# The shares of the work after which the text is said, and its words are found.
_SAID, _FOUND = 0.2, 0.85

Times = NDArray[np.float64]


class ModelPhone(NamedTuple):
    """A phone of the model reading: ARPAbet with stress, start and end in seconds, index of its word."""

    symbol: str
    start: float
    end: float
    word: int


@dataclass(frozen=True, eq=False)
class ModelReading:
    """A text as a voice reads it.

    Attributes
    ----------
    spoken : Spoken
        The voice, to be heard.
    recording : Recording
        The same at 16 kHz, as the engine heard it; all times are those of either.
    words : tuple of (float, float)
        Start and end of each word of the text in seconds.
    phones : tuple of ModelPhone
        In the order of time.
    pitch : PitchTrack
        Every 10 ms.
    """

    spoken: Spoken
    recording: Recording
    words: tuple[tuple[float, float], ...]
    phones: tuple[ModelPhone, ...]
    pitch: PitchTrack

    @property
    def recording_rate(self) -> int:
        """Samples a second of what `slice` returns."""
        return self.spoken.rate

    def slice(self, first: int, last: int) -> Floats:
        """Cut words out.

        Parameters
        ----------
        first, last : int
            Words [first, last) of the text, at least one.

        Returns
        -------
        ndarray of float32, shape (n,)
            Of `recording_rate`; with 30 ms more on either side, faded in and out. All words give the whole
            sound as it is.

        Raises
        ------
        ValueError
            If there are no such words.
        """
        if not 0 <= first < last <= len(self.words):
            raise ValueError(f"there are no words [{first}, {last}) among {len(self.words)}")
        rate, samples = self.spoken.rate, self.spoken.samples
        if (first, last) == (0, len(self.words)):
            return samples
        start = max(0, round((self.words[first][0] - MARGIN_SECONDS) * rate))
        end = min(len(samples), round((self.words[last - 1][1] + MARGIN_SECONDS) * rate))
        return _faded(samples[start:end], round(MARGIN_SECONDS * rate))


def _faded(samples: Floats, margin: int) -> Floats:
    faded = samples.copy()
    ramp = np.linspace(0.0, 1.0, min(margin, len(samples) // 2), dtype=np.float32)
    faded[: len(ramp)] *= ramp
    faded[len(faded) - len(ramp) :] *= ramp[::-1]
    return faded


def read_model(
    assessor: Assessor,
    voice: Voice,
    reference: ReferenceText,
    control: Control | None = None,
    own: Mapping[str, Sequence[Pronunciation]] | None = None,
) -> ModelReading:
    """Have a voice say a text, and find its words, phones and pitch.

    Parameters
    ----------
    assessor : Assessor
        Finds the words, as it does with a learner's.
    voice : Voice
        Who is to say it.
    reference : ReferenceText
        The text, of at most `MAX_WORDS` words.
    control : Control, optional
        Hears of the progress, and can stop the work.
    own : mapping of str to sequence of Pronunciation, optional
        Pronunciations, by the word in lower case, that are taken instead of the lexicon's.

    Raises
    ------
    VoiceError
        If the text is too long, or the voice cannot say it.
    RecordingError
        If the recording of a lesson cannot be opened.
    Cancelled
        If `control` was cancelled.
    """
    if len(reference.words) > MAX_WORDS:
        raise VoiceError(
            f"The text is too long for the model voice: it has {len(reference.words):,} words, and at most "
            f"{MAX_WORDS:,} can be said. Listen to a part of it."
        )
    control = control or Control()
    listed = assessor.pronunciations(reference, own)
    said = fitting(reference, listed)
    spoken = voice.say(reference, said, control=control.part(0.0, _SAID))
    recording = Recording.from_samples(spoken.samples, spoken.rate, "the model voice")
    expected: Sequence[Sequence[Pronunciation]] = [(each,) for each in said] if voice.says_phones else listed
    reading = _read(assessor, recording, reference, expected, control.part(_SAID, _FOUND))
    pitch = pitch_track(recording.samples, control.part(_FOUND, 1.0))
    return ModelReading(spoken, recording, _words(reading), _phones(reading), pitch)


def _read(
    assessor: Assessor,
    recording: Recording,
    reference: ReferenceText,
    expected: Sequence[Sequence[Pronunciation]],
    control: Control,
) -> Reading:
    try:
        return assessor.read(recording, reference, expected, enable_miscue=False, control=control)
    except AlignmentError as problem:
        raise VoiceError(
            f"The model lasts {recording.duration:.1f} s, too short for the {len(reference.words)} words of "
            "the text. Use a recording of the whole text, or another voice."
        ) from problem


def _phones(reading: Reading) -> tuple[ModelPhone, ...]:
    return tuple(
        ModelPhone(phone.symbol, start, end, phone.word)
        for phone, (start, end) in zip(reading.phones, reading.times, strict=True)
    )


def _words(reading: Reading) -> tuple[tuple[float, float], ...]:
    """Return where each word is; one that was not found has no length, after the word before it."""
    times = reading.times
    words: list[tuple[float, float]] = []
    for own in reading.word_phones:
        before = words[-1][1] if words else 0.0
        words.append((times[own.start][0], times[own.stop - 1][1]) if times[own] else (before, before))
    return tuple(words)


def aligned_pitch(model: ModelReading, assessment: Assessment) -> tuple[Times, Floats]:
    """Move the model's melody to the times at which a learner said the words.

    Each word is stretched evenly from its time in the model to its time in the learner's reading.

    Parameters
    ----------
    model : ModelReading
        Of the text that was read.
    assessment : Assessment
        Of the learner's reading.

    Returns
    -------
    times : ndarray of float64, shape (n,)
        In seconds of the learner's recording, rising.
    semitones : ndarray of float32, shape (n,)
        Above the model's median pitch; NaN where it has no voice, and once where words are parted: by
        words that the learner left out, whose melody is left out too.

    Raises
    ------
    ValueError
        If the assessment is of another text.
    """
    words = [word for word in assessment.words if not word.is_extra]
    if len(words) != len(model.words):
        raise ValueError(f"the model has {len(model.words)} words, the assessed text {len(words)}")
    pieces = list(_moved(model, words))
    times = np.concatenate([np.zeros(0), *(piece[0] for piece in pieces)])
    semitones = np.concatenate([np.zeros(0, np.float32), *(piece[1] for piece in pieces)])
    return times, semitones


def _moved(model: ModelReading, words: Sequence[Word]) -> Iterator[tuple[Times, Floats]]:
    """Yield the melody of each word that the learner read."""
    melody, middles = model.pitch.semitones(), model.pitch.times
    is_gap = False
    for (start, end), word in zip(model.words, words, strict=True):
        if not word.syllables or word.end <= word.start or end <= start:
            is_gap = True
            continue
        if is_gap:
            yield np.array([word.start]), np.array([np.nan], np.float32)
        is_gap = False
        inside = slice(*np.searchsorted(middles, (start, end)))
        shares = (middles[inside] - start) / (end - start)
        yield word.start + shares * (word.end - word.start), melody[inside]
