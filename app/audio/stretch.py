"""Slows speech down, or speeds it up, without changing its pitch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SLOWEST, FASTEST = 0.34, 3.0
# Between these the pitch of a voice is looked for, in Hz.
_LOWEST_PITCH, _HIGHEST_PITCH = 75.0, 600.0
# Praat needs three periods of the lowest pitch to find any.
_SHORTEST_SECONDS = 3.0 / _LOWEST_PITCH + 0.002


def slowed(samples: NDArray[np.float32], rate: int, speed: float) -> NDArray[np.float32]:
    """Speak slower or faster at the same pitch.

    Praat's "Lengthen (overlap-add)": pitch-synchronous overlap and add (Moulines and Charpentier 1990).

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, finite.
    rate : int
        Samples a second.
    speed : float
        0.5 takes twice as long; 0.34-3.

    Returns
    -------
    ndarray of float32, shape (about n / speed,)
        The samples themselves if they last less than 42 ms: too short to have a pitch, or to be slow.

    Raises
    ------
    ValueError
        If the speed is out of range.
    """
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"speed {speed} is not within {SLOWEST}-{FASTEST}")
    if speed == 1.0 or len(samples) < _SHORTEST_SECONDS * rate:
        return samples
    # Imported here because it takes a quarter of a second.
    import parselmouth

    sound = parselmouth.Sound(samples.astype(np.float64), float(rate))
    slow = sound.lengthen(_LOWEST_PITCH, _HIGHEST_PITCH, 1.0 / speed)
    return np.asarray(slow.values[0], np.float32)
