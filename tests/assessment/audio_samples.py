"""Synthesises signals and audio files for tests, so that no recording needs to be kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 16_000
Floats = NDArray[np.float32]


def tone(seconds: float = 1.0, rate: int = RATE, hertz: float = 440.0, peak: float = 0.25) -> Floats:
    """Return a sine."""
    times = np.arange(round(seconds * rate)) / rate
    return (peak * np.sin(2.0 * np.pi * hertz * times)).astype(np.float32)


def white_noise(seconds: float, rms: float = 0.05, seed: int = 0) -> Floats:
    """Return Gaussian white noise at 16 kHz."""
    noise = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return (rms * noise).astype(np.float32)


def pink_noise(seconds: float, rms: float = 0.05, seed: int = 0) -> Floats:
    """Return noise whose power falls by 3 dB an octave, at 16 kHz."""
    spectrum = np.fft.rfft(white_noise(seconds, 1.0, seed).astype(np.float64))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(1.0, np.arange(len(spectrum)))))
    return (rms * pink / pink.std()).astype(np.float32)


def hum(seconds: float, peak: float = 0.1, hertz: float = 50.0) -> Floats:
    """Return a hum, as of the mains (50 Hz) or a fan: a tone with falling harmonics."""
    return np.sum([tone(seconds, RATE, hertz * n, peak / n) for n in range(1, 8)], axis=0, dtype=np.float32)


def rustling(seconds: float, rms: float = 0.05, seed: int = 0) -> Floats:
    """Return white noise that swells four times a second, as syllables do."""
    swell = np.abs(tone(seconds, RATE, 2.0, 1.0)) ** 4
    return white_noise(seconds, rms, seed) * swell + white_noise(seconds, rms / 100.0, seed + 1)


def _vowel(seconds: float, pitch: float, formants: tuple[float, ...]) -> Floats:
    times = np.arange(round(seconds * RATE)) / RATE
    phase = 2.0 * np.pi * np.cumsum(pitch * (1.0 + 0.1 * np.cos(np.pi * times / seconds))) / RATE
    voice = np.zeros(len(times))
    for harmonic in range(1, int(4_000.0 / pitch)):
        distances = (harmonic * pitch - np.array(formants)) / 120.0
        voice += np.sum(1.0 / (1.0 + distances**2)) / harmonic * np.cos(harmonic * phase)
    return (voice * np.hanning(len(times)) ** 0.3).astype(np.float32)


def _fricative(seconds: float, seed: int) -> Floats:
    hiss = np.diff(white_noise(seconds, 0.05, seed), prepend=np.float32(0.0))
    return hiss * np.hanning(len(hiss)).astype(np.float32)


def speech(syllables: int = 8, pitch: float = 120.0, pause: float = 0.5) -> Floats:
    """Return something like speech: `pause`, syllables of 0.25 s (0.07 s hiss, 0.18 s vowel), `pause`."""
    vowels = ((700.0, 1_200.0, 2_500.0), (300.0, 2_200.0, 2_900.0), (350.0, 800.0, 2_400.0))
    silence = np.zeros(round(pause * RATE), np.float32)
    parts = [silence]
    for index in range(syllables):
        parts += [_fricative(0.07, index), _vowel(0.18, pitch, vowels[index % 3])]
    signal = np.concatenate([*parts, silence])
    return 0.5 * signal / np.abs(signal).max()


def write(path: Path, samples: NDArray[Any], rate: int = RATE, **options: Any) -> Path:
    """Write an audio file with `soundfile.write` and return its path."""
    soundfile.write(path, samples, rate, **options)
    return path


def cut(path: Path, fraction: float) -> Path:
    """Keep only the first part of a file, as a broken copy does."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * fraction)])
    return path


def declare_flac_frames(path: Path, frames: int) -> Path:
    """Change the number of frames that a FLAC file's header declares; 0 means unknown."""
    content = bytearray(path.read_bytes())
    # STREAMINFO follows the 4 bytes "fLaC" and 4 of block header; the count is its bits 108 to 143.
    declared = int.from_bytes(content[21:26], "big") & ~((1 << 36) - 1) | frames
    content[21:26] = declared.to_bytes(5, "big")
    path.write_bytes(content)
    return path


def voice(hertz: Callable[[NDArray[np.float64]], NDArray[np.float64]] | float, seconds: float) -> Floats:
    """Return a buzz of twelve harmonics whose pitch is a function of time."""
    times = np.arange(round(seconds * RATE)) / RATE
    pitch = hertz(times) if callable(hertz) else np.full(len(times), hertz)
    phase = 2.0 * np.pi * np.cumsum(pitch) / RATE
    buzz = sum(np.cos(number * phase) / number for number in range(1, 13))
    return np.asarray(0.1 * buzz, np.float32)


def silence(seconds: float) -> Floats:
    return np.zeros(round(seconds * RATE), np.float32)


def glide(low: float, high: float, seconds: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return a pitch that rises by the same musical interval in every second."""
    return lambda times: low * (high / low) ** (times / seconds)
