"""Log-mel spectrogram as OpenAI Whisper's encoder reads it, made independent of recording level."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
FFT_SIZE = 400
HOP = 160
BANDS = 80
# Log10 power below the loudest band-frame at which the spectrogram is floored, as in Whisper.
DYNAMIC_RANGE = 8.0
# The loudest band-frame is moved to this log10 power, the median of read speech at usual levels:
# Whisper takes the level as it comes, but a learner's score must not depend on the microphone's gain.
REFERENCE_PEAK = 1.0
_CHUNK_FRAMES = 3_000


def _hz_to_mel(frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's mel scale: linear below 1 kHz, logarithmic above (Auditory Toolbox, 1998)."""
    linear = frequency / (200.0 / 3.0)
    logarithmic = 15.0 + np.log(np.maximum(frequency, 1e-9) / 1000.0) / (np.log(6.4) / 27.0)
    return np.where(frequency < 1000.0, linear, logarithmic)


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mel < 15.0, mel * (200.0 / 3.0), 1000.0 * np.exp((mel - 15.0) * (np.log(6.4) / 27.0)))


@cache
def mel_filters() -> NDArray[np.float32]:
    """Return the triangular mel filters, area-normalised (Slaney).

    Returns
    -------
    ndarray of float32, shape (BANDS, FFT_SIZE // 2 + 1)
        Weight of each FFT bin in each band.
    """
    bins = np.linspace(0.0, SAMPLE_RATE / 2, FFT_SIZE // 2 + 1)
    ends = _hz_to_mel(np.array([0.0, SAMPLE_RATE / 2]))
    centres = _mel_to_hz(np.linspace(ends[0], ends[1], BANDS + 2))
    widths = np.diff(centres)
    slopes = centres[:, None] - bins[None, :]
    rising = -slopes[:-2] / widths[:-1, None]
    falling = slopes[2:] / widths[1:, None]
    weights = np.maximum(0.0, np.minimum(rising, falling))
    weights *= (2.0 / (centres[2:] - centres[:-2]))[:, None]
    return weights.astype(np.float32)


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log-mel spectrogram of a recording.

    Frames are centred on multiples of `HOP`, the signal mirrored at its ends, as in Whisper
    (Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision"); the level
    is then moved so that the loudest band-frame has log10 power `REFERENCE_PEAK`.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz, any level; n > FFT_SIZE // 2.

    Returns
    -------
    ndarray of float32, shape (BANDS, n // HOP)
        Log power, scaled as Whisper scales it (speech lies roughly in -1..1.5).
    """
    padded = np.pad(samples.astype(np.float32, copy=False), FFT_SIZE // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SIZE)[::HOP][: len(samples) // HOP]
    window = np.hanning(FFT_SIZE + 1)[:-1].astype(np.float32)
    log_power = np.empty((BANDS, len(frames)), np.float32)
    for first in range(0, len(frames), _CHUNK_FRAMES):
        spectrum = np.fft.rfft(frames[first : first + _CHUNK_FRAMES] * window)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        log_power[:, first : first + _CHUNK_FRAMES] = mel_filters() @ power.T
    np.log10(np.maximum(log_power, 1e-20, out=log_power), out=log_power)
    log_power += REFERENCE_PEAK - log_power.max()
    np.maximum(log_power, REFERENCE_PEAK - DYNAMIC_RANGE, out=log_power)
    return (log_power + 4.0) / 4.0
