"""Tells how loud a voice is while it speaks, and in a word whether that is good."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from assessment.audio import SAMPLE_RATE
from assessment.quality import FLOOR_DBFS

# What is measured at a time, and how much of it the advice looks back on.
_FRAME = SAMPLE_RATE // 20
_FRAMES_A_SECOND = SAMPLE_RATE / _FRAME
_WINDOW_FRAMES = 40
_ENOUGH_FRAMES = 30
_HOLD_FRAMES = 30
_FALL_DB = 20.0 / _FRAMES_A_SECOND
# A word must be right for so long before it is shown, and is then harder to lose by so much.
_STEADY_FRAMES = 8
_MARGIN_DB = 3.0

# Levels in dBFS. "Loud" is the 90th percentile of the frames, "quiet" the 10th: with the 20th, words that
# follow each other without a pause are taken for a noisy room in a fifth of clean recordings; with this in
# one of 160, and with noise 5 dB under the voice in two of three.
_CLIPPED_PEAK = -1.0
_CLIPPED_FRAMES = 2
_NOISE = -45.0
_NOISE_UNDER_VOICE = 12.0
_VOICE = -60.0
_VOICE_ABOVE_NOISE = 10.0
# Peaks of speech at `assessment.quality.QUIET_DBFS`: the advice agrees with what is said afterwards.
_TOO_QUIET_PEAK = -31.0


class Advice(StrEnum):
    """What to say about the level; nothing where nobody speaks."""

    NONE = ""
    GOOD = "good"
    TOO_QUIET = "too quiet"
    TOO_LOUD = "too loud"
    NOISY_ROOM = "noisy room"

    @property
    def words(self) -> str:
        """What people read."""
        return self.value


@dataclass(frozen=True)
class Level:
    """How loud it is.

    Attributes
    ----------
    dbfs : float
        Root mean square of the last 50 ms, -120 to 0.
    peak_dbfs : float
        The highest sample; held for 1.5 s, then falls by 20 dB a second. -120 to 0.
    advice : Advice
        What the last two seconds were like.
    """

    dbfs: float = FLOOR_DBFS
    peak_dbfs: float = FLOOR_DBFS
    advice: Advice = Advice.NONE


class LevelMeter:
    """Measures a voice block by block.

    It is too loud if samples come within 1 dB of full scale in two or more of the last 40 frames of
    50 ms; the room is noisy if even its quiet frames (10th percentile) lie above -45 dBFS, and less than
    12 dB under the loud ones (90th percentile); a voice is too quiet if no sample reaches -31 dBFS.
    """

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._levels: deque[float] = deque(maxlen=_WINDOW_FRAMES)
        self._peaks: deque[float] = deque(maxlen=_WINDOW_FRAMES)
        self._held = FLOOR_DBFS
        self._held_frames = 0
        self._advice = self._next = Advice.NONE
        self._next_frames = 0

    def add(self, block: NDArray[np.float32]) -> Level:
        """Measure what was captured.

        Parameters
        ----------
        block : ndarray of float32, shape (n,)
            Mono, 16 kHz, of any length.

        Returns
        -------
        Level
            The same however the samples are cut into blocks.
        """
        samples = np.concatenate((self._rest, np.nan_to_num(block, posinf=1.0, neginf=-1.0)))
        whole = len(samples) // _FRAME * _FRAME
        for frame in samples[:whole].reshape(-1, _FRAME):
            self._measure(frame)
        self._rest = samples[whole:]
        return Level(self._levels[-1] if self._levels else FLOOR_DBFS, self._held, self._advice)

    def _measure(self, frame: NDArray[np.float32]) -> None:
        self._levels.append(_dbfs(math.sqrt(float(np.mean(np.square(frame, dtype=np.float64))))))
        self._peaks.append(_dbfs(float(np.abs(frame).max())))
        self._hold(self._peaks[-1])
        self._consider(self._judged())

    def _hold(self, peak: float) -> None:
        self._held_frames += 1
        if peak >= self._held:
            self._held, self._held_frames = peak, 0
        elif self._held_frames > _HOLD_FRAMES:
            self._held = max(peak, self._held - _FALL_DB)

    def _consider(self, advice: Advice) -> None:
        """Take another advice only once it has lasted."""
        self._next_frames = self._next_frames + 1 if advice == self._next else 1
        self._next = advice
        if self._next_frames >= _STEADY_FRAMES:
            self._advice = advice

    def _judged(self) -> Advice:
        levels = sorted(self._levels)
        quiet, loud = levels[len(levels) // 10], levels[len(levels) * 9 // 10]
        if self._is_too_loud():
            return Advice.TOO_LOUD
        if self._is_noisy(quiet, loud):
            return Advice.NOISY_ROOM
        if loud < _VOICE or loud - quiet < _VOICE_ABOVE_NOISE:
            return Advice.NONE
        too_quiet = _TOO_QUIET_PEAK + self._margin(Advice.TOO_QUIET)
        return Advice.TOO_QUIET if max(self._peaks) < too_quiet else Advice.GOOD

    def _is_too_loud(self) -> bool:
        clipped = sum(peak > _CLIPPED_PEAK for peak in self._peaks)
        return clipped >= (1 if self._advice == Advice.TOO_LOUD else _CLIPPED_FRAMES)

    def _is_noisy(self, quiet: float, loud: float) -> bool:
        margin = self._margin(Advice.NOISY_ROOM)
        is_near = loud - quiet < _NOISE_UNDER_VOICE + margin
        return len(self._levels) >= _ENOUGH_FRAMES and quiet > _NOISE - margin and is_near

    def _margin(self, advice: Advice) -> float:
        return _MARGIN_DB if self._advice == advice else 0.0


def _dbfs(value: float) -> float:
    return min(0.0, max(FLOOR_DBFS, 20.0 * math.log10(max(value, 1e-9))))
