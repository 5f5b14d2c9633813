"""Melody, loudness and rhythm of a reading, measured on its pitch track and its phones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessment.acoustic import FRAME_SECONDS
from assessment.phones import is_vowel
from assessment.pitch import Floats, PitchTrack, Span
from assessment.results import Prosody, Word

# The end of a reading, whose slope tells whether the voice falls: half a second.
_FINAL_FRAMES = 50
# Fewest voiced frames for measures of pitch, and for judging whether it is monotone.
_MIN_VOICED = 10
_MIN_MONOTONE = 150
# Deviation of the pitch in semitones at which a reading is as likely monotone as not, and how fast that
# changes. Of 270 native readings none had less than 1.4; flattened by resynthesis all had less than 0.6.
_MONOTONE_DEVIATION, _MONOTONE_SPREAD = 1.05, 0.13


def _slope(semitones: Floats) -> float:
    """Return the slope of a line through what is voiced, in semitones a second; 0 for under 3 frames."""
    at = np.flatnonzero(~np.isnan(semitones))
    if len(at) < 3:
        return 0.0
    times = (at - at.mean()) * FRAME_SECONDS
    return float(times @ semitones[at] / (times @ times))


def npvi(durations: NDArray[np.float64]) -> float:
    """Return the normalised pairwise variability index of at least two durations.

    100 times the mean difference of neighbours relative to their mean (Low, Grabe and Nolan
    2000), 0-200.
    """
    one, two = durations[:-1], durations[1:]
    return float(100.0 * np.mean(np.abs(one - two) / ((one + two) / 2.0)))


def _voice(pitch: Floats, spans: Sequence[Span]) -> Floats:
    """Return the voiced frames of some stretches one after another."""
    inside = np.concatenate([pitch[:0], *(pitch[first:last] for first, last in spans)])
    voice: Floats = inside[~np.isnan(inside)]
    return voice


def _tail(semitones: Floats) -> Floats:
    """Return the half second up to the last voiced frame."""
    at = np.flatnonzero(~np.isnan(semitones))
    return semitones[max(0, at[-1] + 1 - _FINAL_FRAMES) : at[-1] + 1] if len(at) else semitones[:0]


def measure_prosody(words: Sequence[Word], track: PitchTrack, intensity: Floats) -> Prosody:
    """Measure the melody, loudness and rhythm of a reading.

    Range and deviation of the pitch are those of the voiced frames of vowels, slopes those of all
    voiced frames of the reading. How monotone it is, is a logistic function of the deviation
    (Hincks 2005 takes the deviation relative to the mean), 0 for readings with less than 1.5 s of voice.

    Parameters
    ----------
    words : sequence of Word
        The words of the text; those without syllables were not spoken.
    track : PitchTrack
        Of the recording.
    intensity : ndarray of float32, shape (frames,)
        Of the recording, as from `intensity_db`.
    """
    phones = [phone for word in words for phone in word.phones]
    spans = _spans([(phone.start, phone.end) for phone in phones], len(track.hz))
    vowels = [span for span, phone in zip(spans, phones, strict=True) if is_vowel(phone.symbol)]
    lengths = np.array([phone.end - phone.start for phone in phones if is_vowel(phone.symbol)])
    seconds = lengths[lengths > 0.0]  # at the recording's end a phone may be cut off
    semitones = track.semitones()
    reading = semitones[spans[0][0] : spans[-1][1]] if spans else semitones[:0]
    end = _tail(reading)
    melody = _voice(semitones, vowels)
    heard = len(melody) >= _MIN_VOICED
    judged = heard and len(_voice(semitones, spans)) >= _MIN_MONOTONE
    return Prosody(
        pitch_median=_median_hz(track, spans) if heard else None,
        pitch_range=round(_spread(melody, 0.05), 2) if heard else None,
        pitch_deviation=round(float(melody.std()), 2) if heard else None,
        pitch_slope=round(_slope(reading), 2) if heard else None,
        final_slope=round(_slope(end), 2) if np.count_nonzero(~np.isnan(end)) >= _MIN_VOICED else None,
        loudness_range=round(_spread(_loudness(intensity, vowels), 0.1), 1),
        vowel_duration=round(float(seconds.mean()), 3) if len(seconds) else 0.0,
        vowel_variability=round(npvi(seconds), 1) if len(seconds) > 1 else None,
        monotone=round(_monotone(float(melody.std())), 3) if judged else 0.0,
    )


def _spans(times: Sequence[tuple[float, float]], frames: int) -> list[Span]:
    """Return stretches in seconds as frames [first, last), within the recording."""
    bounds = np.clip(np.rint(np.array(times).reshape(-1, 2) / FRAME_SECONDS), 0, frames).astype(int)
    return [(first, last) for first, last in bounds.tolist()]


def _median_hz(track: PitchTrack, spans: Sequence[Span]) -> float:
    return round(float(np.median(_voice(track.hz, spans))), 1)


def _loudness(intensity: Floats, spans: Sequence[Span]) -> Floats:
    """Return the mean intensity of each stretch that is not empty."""
    return np.array([intensity[first:last].mean() for first, last in spans if last > first], np.float32)


def _spread(values: Floats, tail: float) -> float:
    """Return the distance between the quantiles `tail` and 1 - `tail`, 0 without values."""
    return float(np.subtract(*np.quantile(values, (1.0 - tail, tail)))) if len(values) else 0.0


def _monotone(deviation: float) -> float:
    """Return the confidence that a pitch with this deviation in semitones is monotone, 0-1."""
    return 1.0 / (1.0 + float(np.exp((deviation - _MONOTONE_DEVIATION) / _MONOTONE_SPREAD)))
