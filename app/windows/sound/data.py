"""What the panel of the sound shows of a recording, computed before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.windows.sound.envelope import Envelope
from app.windows.sound.spectrogram import Spectrogram
from assessment.acoustic import FRAME_SECONDS
from assessment.audio import Recording
from assessment.control import Control
from assessment.pitch import intensity_db, pitch_track
from assessment.results import Assessment, ErrorType, Phone, Verdict, Word

Times = NDArray[np.float64]
Floats = NDArray[np.float32]
_FLAWS = {Verdict.RIGHT: 0, Verdict.NEARLY: 1, Verdict.WRONG: 2}


@dataclass(frozen=True, eq=False)
class Bars:
    """Between which values a measure moves, column by column.

    Attributes
    ----------
    times : ndarray of float64, shape (columns,)
        In seconds.
    low, high : ndarray of float32, shape (columns,)
        NaN where there are no values.
    """

    times: Times
    low: Floats
    high: Floats

    def joined(self) -> Bars:
        """Return bars each of which touches the one before, so that no gaps are seen in a steep line."""
        low, high = self.low.copy(), self.high.copy()
        np.minimum(low[1:], self.high[:-1], out=low[1:])
        np.maximum(high[1:], self.low[:-1], out=high[1:])
        return Bars(self.times, low, high)


@dataclass(frozen=True, eq=False)
class Curve:
    """A measure that changes with time.

    Attributes
    ----------
    times : ndarray of float64, shape (n,)
        In seconds, rising.
    values : ndarray of float32, shape (n,)
        NaN where there is none.

    Raises
    ------
    ValueError
        If there are not as many times as values.
    """

    times: Times
    values: Floats

    def __post_init__(self) -> None:
        """Refuse times and values that do not belong together."""
        if self.times.shape != self.values.shape or self.times.ndim != 1:
            raise ValueError(f"has times of shape {self.times.shape}, values of {self.values.shape}")

    @classmethod
    def of(cls, times: ArrayLike, values: ArrayLike) -> Curve:
        """Make a curve of any numbers."""
        return cls(np.asarray(times, np.float64), np.asarray(values, np.float32))

    def parted(self, longest: float) -> Curve:
        """Return the curve with a gap wherever two times are further apart than this, in seconds."""
        cuts = np.flatnonzero(np.diff(self.times) > longest) + 1
        times = np.insert(self.times, cuts, (self.times[cuts - 1] + self.times[cuts]) / 2.0)
        return Curve(times, np.insert(self.values, cuts, np.float32(np.nan)))

    def between(self, start: float, end: float) -> Curve:
        """Return a stretch, with a point more on either side, so that lines run on to the edges."""
        inside = self._inside(start, end)
        return Curve(self.times[inside], self.values[inside])

    def sampled(self, start: float, end: float, step: float) -> Curve:
        """Return the values of a stretch at multiples of a step, in seconds, read off between the points."""
        times = step * np.arange(np.floor(start / step), np.ceil(end / step) + 1.0)
        return Curve.of(times, np.interp(times, self.times, self.values, np.nan, np.nan))

    def is_dense(self, start: float, end: float, columns: int) -> bool:
        """Say whether a stretch has more than two points a column: then a line would fill it."""
        inside = self._inside(start, end)
        return len(self.times[inside]) > 2 * columns

    def bars(self, start: float, end: float, columns: int) -> Bars:
        """Return the least and the greatest values of a dense stretch.

        Parameters
        ----------
        start, end : float
            In seconds.
        columns : int
            As many bars are wanted at least; there are at most twice as many and two more.
        """
        inside = self._inside(start, end)
        step = max(1, (inside.stop - inside.start) // columns)
        first = inside.start - inside.start % step
        values = self.values[first : inside.stop]
        edges = np.arange(0, len(values), step)
        times = self.times[first : inside.stop][edges]
        return Bars(times, np.fmin.reduceat(values, edges), np.fmax.reduceat(values, edges))

    def _inside(self, start: float, end: float) -> slice:
        first = max(int(np.searchsorted(self.times, start)) - 1, 0)
        return slice(first, min(int(np.searchsorted(self.times, end, side="right")) + 1, len(self.times)))

    def spread(self, low: float, high: float) -> tuple[float, float] | None:
        """Return two quantiles of the values; None if there are none."""
        there = self.values[np.isfinite(self.values)]
        if not len(there):
            return None
        below, above = np.quantile(there, (low, high))
        return float(below), float(above)


@dataclass(frozen=True)
class WordSpan:
    """A word that can be heard in the recording.

    Attributes
    ----------
    index : int
        In `Assessment.words`.
    word : Word
        The word itself.
    """

    index: int
    word: Word

    @property
    def start(self) -> float:
        """When it begins, in seconds."""
        return self.word.start

    @property
    def end(self) -> float:
        """When it ends, in seconds."""
        return self.word.end


@dataclass(frozen=True)
class PhoneSpan:
    """A phone in the recording.

    Attributes
    ----------
    index : int
        In `Assessment.words`, of the word that it belongs to.
    phone : Phone
        The phone itself.
    """

    index: int
    phone: Phone

    @property
    def start(self) -> float:
        """When it begins, in seconds."""
        return self.phone.start

    @property
    def end(self) -> float:
        """When it ends, in seconds."""
        return self.phone.end


Span = TypeVar("Span", WordSpan, PhoneSpan)


@dataclass(frozen=True, eq=False)
class Tier(Generic[Span]):
    """Spans side by side, found fast.

    Attributes
    ----------
    spans : tuple of WordSpan or PhoneSpan
        In the order of time, none empty.
    starts, ends : ndarray of float64, shape (spans,)
        Their times in seconds.
    flaws : ndarray of int8, shape (spans,)
        2 for a phone that is wrong, 1 for one that is nearly right, else 0.
    """

    spans: tuple[Span, ...]
    starts: Times
    ends: Times
    flaws: NDArray[np.int8]

    @classmethod
    def of(cls, spans: Sequence[Span]) -> Tier[Span]:
        """Make a tier of spans in any order; those without a length are left out."""
        kept = tuple(sorted((span for span in spans if span.end > span.start), key=lambda span: span.start))
        starts = np.array([span.start for span in kept], np.float64)
        ends = np.array([span.end for span in kept], np.float64)
        flaws = np.array([_flaws(span) for span in kept], np.int8)
        return cls(kept, starts, ends, flaws)

    def visible(self, start: float, end: float, shortest: float) -> NDArray[np.intp]:
        """Return which spans to draw of a stretch: of those that begin in one place, the worst.

        Parameters
        ----------
        start, end : float
            In seconds.
        shortest : float
            Length of a place in seconds: what is drawn is so far apart.
        """
        inside = np.flatnonzero((self.starts < end) & (self.ends > start))
        if len(inside) * shortest < (end - start) / 2.0:
            return inside
        places = np.floor(self.starts[inside] / shortest).astype(np.int64)
        order = np.lexsort((-self.flaws[inside], places))
        _, firsts = np.unique(places[order], return_index=True)
        return inside[order][firsts]

    def at(self, time: float) -> Span | None:
        """Return the span that is heard at a time; None if none is."""
        found = int(np.searchsorted(self.starts, time, side="right")) - 1
        return self.spans[found] if found >= 0 and time < self.ends[found] else None


def _flaws(span: WordSpan | PhoneSpan) -> int:
    return _FLAWS[span.phone.verdict] if isinstance(span, PhoneSpan) else 0


@dataclass(frozen=True, eq=False)
class SoundData:
    """What is seen of a recording.

    Attributes
    ----------
    assessment : Assessment
        The result that words and phones are taken from.
    duration : float
        Length of the recording in seconds.
    envelope : Envelope
        The waveform.
    spectrogram : Spectrogram
        How strong which frequency is.
    pitch : Curve
        In semitones above the speaker's median, every 10 ms; NaN where there is no voice.
    loudness : Curve
        In dB relative to full scale, every 10 ms.
    words : Tier of WordSpan
    phones : Tier of PhoneSpan
        Those that were said.
    """

    assessment: Assessment
    duration: float
    envelope: Envelope
    spectrogram: Spectrogram
    pitch: Curve
    loudness: Curve
    words: Tier[WordSpan]
    phones: Tier[PhoneSpan]


def sound_data(recording: Recording, assessment: Assessment, control: Control | None = None) -> SoundData:
    """Compute what the panel of the sound shows; takes seconds, so never on the thread of the window.

    Parameters
    ----------
    recording : Recording
        The learner's reading.
    assessment : Assessment
        Its result.
    control : Control, optional
        Hears of the progress, and can stop it.

    Raises
    ------
    Cancelled
        If `control` was cancelled.
    """
    control = control or Control()
    samples = recording.samples
    track = pitch_track(samples, control.part(0.0, 0.6))
    spectrogram = Spectrogram.of(samples, control.part(0.6, 0.95))
    loudness = intensity_db(samples)
    middles = FRAME_SECONDS * (np.arange(len(loudness), dtype=np.float64) + 0.5)
    words = [
        WordSpan(index, word)
        for index, word in enumerate(assessment.words)
        if word.error is not ErrorType.OMISSION
    ]
    phones = [PhoneSpan(span.index, phone) for span in words for phone in span.word.phones]
    data = SoundData(
        assessment,
        recording.duration,
        Envelope.of(samples),
        spectrogram,
        Curve(track.times, track.semitones()),
        Curve(middles, loudness),
        Tier.of(words),
        Tier.of(phones),
    )
    control.report(1.0)
    return data
