"""The pitch and the loudness of a recording, frame by frame: Praat follows the pitch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import parselmouth
from numpy.typing import NDArray

from assessment.acoustic import FRAME_SECONDS
from assessment.control import Control
from assessment.log_mel import HOP, SAMPLE_RATE

# Hz between which voices are looked for; children reach 500 Hz.
PITCH_FLOOR, PITCH_CEILING = 75.0, 600.0
# A speaker's own limits: multiples of the quartiles of their pitch (Hirst 2011).
QUARTILE_MARGINS = (0.75, 1.5)
# The first search only needs the quartiles.
COARSE_SECONDS = 0.03
_MIN_COARSE = 5
# Long recordings are searched in pieces, lest Praat hold all candidates of an hour.
_PIECE_SECONDS = 20.0
# A voice moves less than this in 10 ms, in semitones; an octave error moves by 12.
_JUMP = 7.0
# Frames this much weaker than the vowels are noise, in dB, even if it is periodic, as hum is.
_VOICE_RANGE_DB = 35.0
_QUIETEST_DB = -100.0

Floats = NDArray[np.float32]
Span = tuple[int, int]


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """The fundamental frequency of a recording.

    Attributes
    ----------
    hz : ndarray of float32, shape (frames,)
        Every 10 ms, at the middles of the frames of `AlignedPhone`; NaN where there is no voice.
    """

    hz: Floats

    @property
    def times(self) -> NDArray[np.float64]:
        """Times of the frames' middles in seconds, shape (frames,)."""
        return FRAME_SECONDS * (np.arange(len(self.hz), dtype=np.float64) + 0.5)

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Where there is voice, shape (frames,)."""
        voiced: NDArray[np.bool_] = ~np.isnan(self.hz)
        return voiced

    @property
    def median(self) -> float | None:
        """The speaker's median pitch in Hz; None without voice."""
        voice = self.hz[self.voiced]
        return float(np.median(voice)) if len(voice) else None

    def semitones(self) -> Floats:
        """Return the pitch in semitones above the speaker's median, NaN where unvoiced."""
        semitones: Floats = (12.0 * np.log2(self.hz / (self.median or 1.0))).astype(np.float32)
        return semitones


def intensity_db(samples: Floats) -> Floats:
    """Measure the intensity every 10 ms, in dB relative to full scale.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.

    Returns
    -------
    ndarray of float32, shape (ceil(n / 160),)
        -100 at the least; each frame is weighted with its neighbours (1, 2, 1), so that the
        periods of a deep voice do not show.
    """
    cut = len(samples) // HOP * HOP
    blocks, rest = samples[:cut].reshape(-1, HOP), samples[cut:]
    power = np.einsum("ij,ij->i", blocks, blocks).astype(np.float64) / HOP
    if len(rest):
        power = np.append(power, float(rest @ rest) / HOP)
    around = np.pad(power, 1)
    smooth = (around[:-2] + 2.0 * power + around[2:]) / 4.0
    decibels: Floats = np.maximum(10.0 * np.log10(smooth + 1e-20), _QUIETEST_DB).astype(np.float32)
    return decibels


def pitch_track(samples: Floats, control: Control | None = None) -> PitchTrack:
    """Follow the pitch with Praat's autocorrelation (Boersma 1993), in two passes (Hirst 2011).

    The first, coarse pass finds the quartiles of the speaker's pitch, the second searches between
    0.75 times the first and 1.5 times the third quartile. Octave errors that are left are dropped.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.
    control : Control, optional
        Hears of the progress, and can stop it.

    Raises
    ------
    Cancelled
        If `control` was cancelled.
    """
    control = control or Control()
    coarse = _search(samples, COARSE_SECONDS, PITCH_FLOOR, PITCH_CEILING, control.part(0.0, 0.5))
    voice = coarse[coarse > 0]
    floor, ceiling = PITCH_FLOOR, PITCH_CEILING
    if len(voice) >= _MIN_COARSE:
        low, high = np.quantile(voice, (0.25, 0.75)) * QUARTILE_MARGINS
        floor, ceiling = max(PITCH_FLOOR, float(low)), min(PITCH_CEILING, float(high))
    hz = _search(samples, FRAME_SECONDS, floor, ceiling, control.part(0.5, 1.0))
    return PitchTrack(_guarded(np.where(hz > 0, hz, np.nan).astype(np.float32), intensity_db(samples)))


def _search(
    samples: Floats, step: float, floor: float, ceiling: float, control: Control
) -> NDArray[np.float64]:
    """Return Praat's pitch in the middle of every `step` seconds, 0 where unvoiced."""
    hop = round(step * SAMPLE_RATE)
    frames = -(-len(samples) // hop)
    # Praat puts its frames symmetrically into the sound: with this margin they fall on our grid.
    margin = round((3.0 / floor - 0.5 * step) / 2.0 * SAMPLE_RATE)
    pieces = []
    length = round(_PIECE_SECONDS / step)
    for first in range(0, frames, length):
        last = min(first + length, frames)
        piece = _piece(samples, first * hop - margin, last * hop + margin)
        sound = parselmouth.Sound(piece, float(SAMPLE_RATE))
        found = sound.to_pitch_ac(
            time_step=step, pitch_floor=floor, max_number_of_candidates=4, pitch_ceiling=ceiling
        )
        pieces.append(found.selected_array["frequency"])
        control.report(last / frames)
    return np.concatenate(pieces)


def _piece(samples: Floats, start: int, stop: int) -> NDArray[np.float64]:
    """Return the samples [start, stop), with zeros beyond the recording."""
    inside = samples[max(start, 0) : stop].astype(np.float64)
    missing = max(-start, 0)
    return np.pad(inside, (missing, stop - start - missing - len(inside)))


def _guarded(hz: Floats, intensity: Floats) -> Floats:
    """Remove voicing that is too weak to be the speaker's, and octave errors."""
    voiced = ~np.isnan(hz)
    if voiced.any():
        loudness = float(np.quantile(intensity[voiced], 0.75))
        hz[intensity < loudness - _VOICE_RANGE_DB] = np.nan
    for first, last in _octave_errors(hz):
        hz[first:last] = np.nan
    return hz


def _octave_errors(hz: Floats) -> list[Span]:
    """Return the shorter of every two stretches of voice that touch but are nearly an octave apart."""
    jumps = np.abs(np.diff(np.log2(hz), prepend=np.nan)) * 12.0 > _JUMP
    pieces = _runs(~np.isnan(hz), jumps)
    touching = [(one, two) for one, two in pairwise(pieces) if one[1] == two[0]]
    return [min(pair, key=lambda span: span[1] - span[0]) for pair in touching]


def _runs(wanted: NDArray[np.bool_], cuts: NDArray[np.bool_]) -> list[Span]:
    """Return the stretches [first, last) of wanted frames, divided before each cut."""
    edges = np.diff(wanted, prepend=False) | cuts
    edges[:1] = True
    starts = np.flatnonzero(edges)
    ends = np.append(starts[1:], len(wanted))
    return [(int(first), int(last)) for first, last in zip(starts, ends, strict=True) if wanted[first]]
