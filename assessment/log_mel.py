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
# So few frames at a time that the matrix library keeps to one thread: more cost more than they gain.
_CHUNK_FRAMES = 16


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


def log_power(
    samples: NDArray[np.float32], first: int = 0, last: int | None = None, tail: int = 0
) -> NDArray[np.float32]:
    """Return the log10 power of a recording, or of a part of it, in mel bands.

    Frames are centred on multiples of `HOP`, the signal mirrored at its ends, as in Whisper
    (Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision").

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz; n > FFT_SIZE // 2.
    first, last : int
        Frames [first, last) that are wanted; None takes all.
    tail : int
        Zeros that follow the samples.

    Returns
    -------
    ndarray of float32, shape (BANDS, last - first)
    """
    last = (len(samples) + tail) // HOP if last is None else last
    padded = _padded(samples, first * HOP - FFT_SIZE // 2, (last - 1) * HOP + FFT_SIZE // 2, tail)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SIZE)[::HOP]
    window = np.hanning(FFT_SIZE + 1)[:-1].astype(np.float32)
    power = np.empty((BANDS, len(frames)), np.float32)
    for begin in range(0, len(frames), _CHUNK_FRAMES):
        spectrum = np.fft.rfft(frames[begin : begin + _CHUNK_FRAMES] * window)
        squared = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        power[:, begin : begin + _CHUNK_FRAMES] = mel_filters() @ squared.T
    np.log10(np.maximum(power, 1e-20, out=power), out=power)
    return power


def _padded(samples: NDArray[np.float32], begin: int, end: int, tail: int) -> NDArray[np.float32]:
    """Return the samples [begin, end), followed by a tail of zeros, mirrored beyond the ends."""
    inside = samples[max(begin, 0) : end].astype(np.float32, copy=False)
    before = samples[1 : 1 - begin][::-1] if begin < 0 else samples[:0]
    zeros = np.zeros(max(0, min(end, len(samples) + tail) - max(begin, len(samples))), np.float32)
    beyond = end - len(samples) - tail
    ending = np.concatenate([inside, zeros])
    after = ending[-beyond - 1 : -1][::-1] if beyond > 0 else ending[:0]
    return np.concatenate([before, ending, after])


def levelled(power: NDArray[np.float32], peak: float) -> NDArray[np.float32]:
    """Make a spectrogram independent of the recording's level, and scale it as Whisper does, in place.

    Parameters
    ----------
    power : ndarray of float32, shape (BANDS, frames)
        As from `log_power`.
    peak : float
        Log10 power of the recording's loudest band-frame: it is moved to `REFERENCE_PEAK`.

    Returns
    -------
    ndarray of float32, shape (BANDS, frames)
        Speech lies roughly in -1..1.5.
    """
    power += np.float32(REFERENCE_PEAK) - np.float32(peak)
    np.maximum(power, REFERENCE_PEAK - DYNAMIC_RANGE, out=power)
    return (power + 4.0) / 4.0


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log-mel spectrogram of a whole recording: its `log_power`, `levelled`."""
    power = log_power(samples)
    return levelled(power, float(power.max()))
