"""Augmentation of recordings, so that children, laptops and classrooms are in the training data."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from assessment.log_mel import BANDS, SAMPLE_RATE

Samples = NDArray[np.float32]

SPEED = (0.87, 1.15)
TRACT = (0.85, 1.15)
SNR_DB = (5.0, 30.0)
REVERBERATION_S = (0.1, 0.6)
GAIN_DB = (-6.0, 18.0)


@dataclass(frozen=True)
class Augmentation:
    """A drawn distortion of one recording.

    Attributes
    ----------
    speed : float
        Tempo and pitch factor, 1 for none.
    tract : float
        Factor by which the frequency axis of the log-mel spectrogram is stretched (vocal tract
        length perturbation, Jaitly and Hinton 2013), 1 for none.
    samples : ndarray of float32, shape (n,)
        The distorted recording, before `tract` is applied.
    """

    speed: float
    tract: float
    samples: Samples


def generator(seed: int, *names: object) -> np.random.Generator:
    """Return a random generator that depends on names only, not on the order of processing."""
    return np.random.default_rng([seed, zlib.crc32(repr(names).encode())])


def augment(samples: Samples, noises: Sequence[Path], random: np.random.Generator) -> Augmentation:
    """Draw speed, room, noise and level, each for about half of the recordings.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.
    noises : sequence of Path
        Recordings of noise at 16 kHz; none leaves white noise.
    random : numpy.random.Generator
        Source of every draw.
    """
    speed = float(random.uniform(*SPEED)) if random.random() < 0.5 else 1.0
    if speed != 1.0:
        samples = soxr.resample(samples, SAMPLE_RATE * speed, SAMPLE_RATE)
    if random.random() < 0.4:
        samples = _in_room(samples, random)
    if random.random() < 0.5:
        samples = _with_noise(samples, _noise(noises, len(samples), random), float(random.uniform(*SNR_DB)))
    if random.random() < 0.3:
        samples = np.clip(samples * 10 ** (random.uniform(*GAIN_DB) / 20), -1.0, 1.0)
    tract = float(random.uniform(*TRACT)) if random.random() < 0.5 else 1.0
    return Augmentation(speed, tract, samples.astype(np.float32))


def warp_bands(mel: NDArray[np.float32], tract: float) -> NDArray[np.float32]:
    """Stretch the frequency axis of a log-mel spectrogram.

    Parameters
    ----------
    mel : ndarray of float32, shape (BANDS, frames)
        As from `log_mel`.
    tract : float
        Above 1 moves formants down, as a longer vocal tract does.
    """
    if tract == 1.0:
        return mel
    position = np.clip(np.arange(BANDS) * tract, 0, BANDS - 1)
    low = np.floor(position).astype(int)
    high = np.minimum(low + 1, BANDS - 1)
    part = (position - low).astype(np.float32)[:, None]
    warped: NDArray[np.float32] = mel[low] * (1 - part) + mel[high] * part
    return warped


def _in_room(samples: Samples, random: np.random.Generator) -> Samples:
    """Convolve with exponentially decaying noise after a direct sound (Polack's model)."""
    decay = random.uniform(*REVERBERATION_S)
    length = int(decay * SAMPLE_RATE)
    tail = random.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    response = tail * random.uniform(0.1, 0.5) / np.sqrt(np.sum(tail**2))
    response[0] += 1.0
    size = len(samples) + length - 1
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)
    return wet[: len(samples)].astype(np.float32)


def _noise(noises: Sequence[Path], length: int, random: np.random.Generator) -> Samples:
    if not noises or random.random() < 0.2:
        return random.standard_normal(length).astype(np.float32)
    noise, _ = soundfile.read(noises[int(random.integers(len(noises)))], dtype="float32")
    start = int(random.integers(len(noise)))
    return np.resize(np.roll(noise, -start), length)


def _with_noise(samples: Samples, noise: Samples, snr_db: float) -> Samples:
    power = float(np.mean(noise**2))
    if power == 0.0:
        return samples
    gain = np.sqrt(np.mean(samples**2) / power * 10 ** (-snr_db / 10))
    noisy: Samples = samples + np.float32(gain) * noise
    return noisy
