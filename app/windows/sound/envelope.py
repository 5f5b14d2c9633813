"""The outline of a waveform at any zoom: least and greatest samples, found fast in half an hour too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.audio import SAMPLE_RATE

Floats = NDArray[np.float32]
# Samples under one point of the finest level; each further level has that many points of the one below.
_FINEST, _STEP = 64, 4
# A level serves columns of at least so many of its points: their edges then hardly move.
_LEAST_POINTS = 4


@dataclass(frozen=True, eq=False)
class Outline:
    """The waveform of a stretch as columns side by side.

    Attributes
    ----------
    first, size : int
        The first sample of the first column; how many samples a column has (the last may have fewer).
    low, high : ndarray of float32, shape (columns,)
        The least and the greatest sample of each.
    """

    first: int
    size: int
    low: Floats
    high: Floats

    @property
    def times(self) -> NDArray[np.float64]:
        """Middles of the columns in seconds, shape (columns,)."""
        columns: NDArray[np.float64] = np.arange(len(self.low), dtype=np.float64)
        return (self.first + (columns + 0.5) * self.size - 0.5) / SAMPLE_RATE


@dataclass(frozen=True, eq=False)
class Envelope:
    """A waveform with its extremes at several scales.

    Attributes
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz; at least one.
    levels : tuple of (ndarray, ndarray)
        Least and greatest of every 64 samples, of every 256, and so on.
    """

    samples: Floats
    levels: tuple[tuple[Floats, Floats], ...]

    @classmethod
    def of(cls, samples: Floats) -> Envelope:
        """Measure the extremes of a waveform.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, 16 kHz; at least one.
        """
        levels = []
        low, high, step = samples, samples, _FINEST
        while len(low) > step:
            edges = np.arange(0, len(low), step)
            low, high = np.minimum.reduceat(low, edges), np.maximum.reduceat(high, edges)
            levels.append((low, high))
            step = _STEP
        return cls(samples, tuple(levels))

    @property
    def peak(self) -> float:
        """The greatest distance of a sample from zero."""
        low, high = self.levels[-1] if self.levels else (self.samples, self.samples)
        return float(max(-low.min(), high.max()))

    def outline(self, start: int, end: int, columns: int) -> Outline:
        """Return the extremes of a stretch.

        Columns lie on a grid from the beginning of the recording, so that they stand still while the
        stretch moves; the first and the last may reach beyond it.

        Parameters
        ----------
        start, end : int
            Samples [start, end); at least one of the recording.
        columns : int
            As many columns are wanted at least; there are at most twice as many and two more.
        """
        start, end = max(start, 0), min(end, len(self.samples))
        wanted = max(1.0, (end - start) / columns)
        low, high, unit = self._level(wanted)
        points = max(1, int(wanted / unit))
        size = unit * points
        first, last = start // size, -(-end // size)
        inside = slice(first * points, last * points)
        low, high = low[inside], high[inside]
        edges = np.arange(0, len(low), points)
        return Outline(first * size, size, np.minimum.reduceat(low, edges), np.maximum.reduceat(high, edges))

    def _level(self, size: float) -> tuple[Floats, Floats, int]:
        """Return the coarsest level for columns of a size, and how many samples its points have."""
        found, unit = (self.samples, self.samples), 1
        coarser = _FINEST
        for level in self.levels:
            if coarser * _LEAST_POINTS > size:
                break
            found, unit = level, coarser
            coarser *= _STEP
        return *found, unit
