"""The spectrogram of a recording at any zoom: coarse columns are stored, fine ones computed when wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.audio import SAMPLE_RATE
from assessment.control import Control

Floats = NDArray[np.float32]
Levels = NDArray[np.uint8]

# Wideband: the window of 5 ms blurs the harmonics into formants and shows each beat of the vocal folds.
WINDOW_SECONDS = 0.005
_WINDOW = round(2 * WINDOW_SECONDS * SAMPLE_RATE)
_FFT = 256
BINS = _FFT // 2 + 1
BIN_HZ = SAMPLE_RATE / _FFT
# What is weaker than the strongest sounds by more than this is drawn as silence, in dB.
RANGE_DB = 50.0
# The strongest sounds are those of this quantile: a click must not darken all the rest.
_STRONG = 0.9995
# Above this frequency the spectrum is raised by 6 dB an octave, as hearing and formants want it.
_EMPHASIS_HZ = 50.0
_EMPHASIS = np.float32(np.exp(-2.0 * np.pi * _EMPHASIS_HZ / SAMPLE_RATE))
# Up to a minute a column is stored every 2 ms; of a longer recording so many in all.
_FINEST_HOP = 32
_MOST_COLUMNS = 30_000
# No zoom shows more: half a millisecond is a tenth of the window.
_DETAIL_HOP = 8
_AT_A_TIME = 1024


@dataclass(frozen=True, eq=False)
class Picture:
    """The spectrogram of a stretch.

    Attributes
    ----------
    levels : ndarray of uint8, shape (columns, BINS)
        From 0, silence, to 255, the strongest; the middle of bin k is at `BIN_HZ` * k.
    start, end : float
        Where the first column begins and the last one ends, in seconds.
    """

    levels: Levels
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class Spectrogram:
    """The spectrogram of a whole recording.

    Attributes
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.
    hop : int
        Samples from one stored column to the next.
    scales : tuple of ndarray of uint8, shape (columns, BINS)
        The stored columns; then the means of every two of them, of every four, and so on.
    ceiling_db : float
        Level of the strongest sounds.
    """

    samples: Floats
    hop: int
    scales: tuple[Levels, ...]
    ceiling_db: float

    @classmethod
    def of(cls, samples: Floats, control: Control | None = None) -> Spectrogram:
        """Analyse a recording.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, 16 kHz; at least one.
        control : Control, optional
            Hears of the progress, and can stop it.

        Raises
        ------
        Cancelled
            If `control` was cancelled.
        """
        hop = max(_FINEST_HOP, -(-len(samples) // _MOST_COLUMNS))
        columns = -(-len(samples) // hop)
        decibels = np.empty((columns, BINS), np.float16)
        for first in range(0, columns, _AT_A_TIME):
            last = min(first + _AT_A_TIME, columns)
            decibels[first:last] = _decibels(samples, hop, first, last)
            if control is not None:
                control.report(last / columns)
        ceiling = float(np.quantile(decibels[:: max(1, columns // _AT_A_TIME)].astype(np.float32), _STRONG))
        scales = [_levels(decibels, ceiling)]
        while len(scales[-1]) > 1:
            scales.append(_halved(scales[-1]))
        return cls(samples, hop, tuple(scales), ceiling)

    def picture(self, start: float, end: float, columns: int) -> Picture:
        """Return the columns of a stretch.

        Parameters
        ----------
        start, end : float
            In seconds, within the recording.
        columns : int
            About how many are wanted; there are at most twice as many and two more.
        """
        wanted = (end - start) * SAMPLE_RATE / columns
        if wanted < self.hop:
            hop = min(max(_DETAIL_HOP, round(wanted)), self.hop)
            first, last = self._grid(start, end, hop)
            return _placed(_levels(_decibels(self.samples, hop, first, last), self.ceiling_db), first, hop)
        scale = min(int(np.log2(wanted / self.hop)), len(self.scales) - 1)
        hop = self.hop * 2**scale
        first, last = self._grid(start, end, hop)
        return _placed(self.scales[scale][first:last], first, hop)

    def _grid(self, start: float, end: float, hop: int) -> tuple[int, int]:
        """Return which columns [first, last) a stretch touches."""
        most = -(-len(self.samples) // hop)
        first = min(max(int(start * SAMPLE_RATE / hop), 0), most - 1)
        return first, min(max(first + 1, int(np.ceil(end * SAMPLE_RATE / hop))), most)


def _placed(levels: Levels, first: int, hop: int) -> Picture:
    seconds = hop / SAMPLE_RATE
    return Picture(levels, first * seconds, (first + len(levels)) * seconds)


def _window() -> Floats:
    """Return the Gaussian that Praat uses, twice as long as the time that it is named by (Boersma 1993)."""
    middle, edge = (_WINDOW - 1) / 2.0, np.exp(-12.0)
    bell = np.exp(-48.0 * ((np.arange(_WINDOW) - middle) / (_WINDOW + 1)) ** 2)
    window: Floats = ((bell - edge) / (1.0 - edge)).astype(np.float32)
    return window


_GAUSSIAN = _window()


def _decibels(samples: Floats, hop: int, first: int, last: int) -> Floats:
    """Return the spectra of columns [first, last), whose middles are half a hop from their beginnings."""
    begin = first * hop + hop // 2 - _WINDOW // 2 - 1
    stop = begin + (last - first - 1) * hop + _WINDOW + 1
    inside = samples[max(begin, 0) : max(stop, 0)]
    before = min(max(-begin, 0), stop - begin)
    around = np.pad(inside, (before, stop - begin - before - len(inside)))
    emphasised = around[1:] - _EMPHASIS * around[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(emphasised, _WINDOW)[::hop]
    spectrum = np.fft.rfft(frames * _GAUSSIAN, _FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    decibels: Floats = np.float32(10.0) * np.log10(power + np.float32(1e-12))
    return decibels


def _levels(decibels: NDArray[np.float16] | Floats, ceiling: float) -> Levels:
    """Return levels from 0 at the bottom of the range to 255 at its top."""
    share = (decibels.astype(np.float32) - np.float32(ceiling - RANGE_DB)) * np.float32(255.0 / RANGE_DB)
    levels: Levels = np.clip(share, 0.0, 255.0).astype(np.uint8)
    return levels


def _halved(levels: Levels) -> Levels:
    """Return the means of every two columns; an odd last one stays as it is."""
    odd = levels if len(levels) % 2 == 0 else np.concatenate((levels, levels[-1:]))
    means: Levels = ((odd[0::2].astype(np.uint16) + odd[1::2] + 1) // 2).astype(np.uint8)
    return means
