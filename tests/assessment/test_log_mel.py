"""The spectrogram is Whisper's, but for a shift that makes it independent of the recording's level."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.log_mel import (
    BANDS,
    FFT_SIZE,
    HOP,
    REFERENCE_PEAK,
    SAMPLE_RATE,
    levelled,
    log_mel,
    log_power,
    mel_filters,
)
from tests.assessment.audio_samples import Floats, pink_noise, speech, tone, white_noise

# The highest value that the spectrogram can have, and how far below it the floor is.
PEAK = (REFERENCE_PEAK + 4.0) / 4.0
RANGE = 2.0

signals = pytest.mark.parametrize(
    "signal",
    [speech(), speech(pitch=230.0), pink_noise(1.5), tone(1.0, hertz=1_234.0), white_noise(0.3)],
    ids=["speech", "higher voice", "pink noise", "tone", "white noise"],
)


def slaney_filters() -> NDArray[np.float64]:
    """Build the filters of the Auditory Toolbox one weight at a time."""

    def hertz(mel: float) -> float:
        return mel * 200.0 / 3.0 if mel < 15.0 else 1_000.0 * 6.4 ** ((mel - 15.0) / 27.0)

    highest = 15.0 + 27.0 * np.log(SAMPLE_RATE / 2 / 1_000.0) / np.log(6.4)
    edges = [hertz(highest * number / (BANDS + 1)) for number in range(BANDS + 2)]
    filters = np.zeros((BANDS, FFT_SIZE // 2 + 1))
    for band, (low, centre, high) in enumerate(zip(edges, edges[1:], edges[2:], strict=False)):
        for column in range(FFT_SIZE // 2 + 1):
            frequency = column * SAMPLE_RATE / FFT_SIZE
            rising, falling = (frequency - low) / (centre - low), (high - frequency) / (high - centre)
            filters[band, column] = max(0.0, min(rising, falling)) * 2.0 / (high - low)
    return filters


def whisper_log_mel(samples: Floats) -> NDArray[np.float64]:
    """Compute the spectrogram as Whisper publishes it, without our shift of the level."""
    signal = torch.from_numpy(samples).double()
    window = torch.hann_window(FFT_SIZE, dtype=torch.float64)
    spectrum = torch.stft(signal, FFT_SIZE, HOP, window=window, return_complex=True, pad_mode="reflect")
    power = spectrum[:, :-1].abs() ** 2
    logarithm = (torch.from_numpy(slaney_filters()) @ power).clamp(min=1e-10).log10()
    floored = torch.maximum(logarithm, logarithm.max() - 8.0)
    return np.asarray(((floored + 4.0) / 4.0).numpy())


@signals
def test_spectrogram_is_whispers_but_for_a_constant(signal: Floats) -> None:
    ours, whispers = log_mel(signal), whisper_log_mel(signal)
    assert ours.shape == (BANDS, len(signal) // HOP) == whispers.shape
    np.testing.assert_allclose(ours - ours.max(), whispers - whispers.max(), atol=2e-3)


@signals
@pytest.mark.parametrize("decibels", [-20.0, -7.0, 20.0])
def test_gain_does_not_change_the_spectrogram(signal: Floats, decibels: float) -> None:
    louder = signal * np.float32(10.0 ** (decibels / 20.0))
    np.testing.assert_allclose(log_mel(louder), log_mel(signal), rtol=0, atol=1e-3)


@signals
def test_loudest_point_is_always_the_same_and_the_rest_at_most_80_db_below(signal: Floats) -> None:
    spectrogram = log_mel(signal)
    assert spectrogram.max() == pytest.approx(PEAK, abs=1e-5)
    assert spectrogram.min() >= PEAK - RANGE - 1e-5


@given(st.integers(FFT_SIZE // 2 + 1, 12_000))
def test_there_is_a_frame_for_every_10_ms(length: int) -> None:
    spectrogram = log_mel(white_noise(length / SAMPLE_RATE)[:length])
    assert spectrogram.shape == (BANDS, length // HOP)
    assert np.isfinite(spectrogram).all()


def test_digital_silence_has_a_finite_spectrogram() -> None:
    assert np.isfinite(log_mel(np.zeros(SAMPLE_RATE, np.float32))).all()


def test_long_recordings_are_the_same_as_short_ones_frame_by_frame() -> None:
    # The signal repeats with the frames, so that every part of it is as loud as the whole.
    second = speech(4, pause=0.0)[:SAMPLE_RATE]
    long = log_mel(np.tile(second, 65))
    short = log_mel(np.tile(second, 3))
    np.testing.assert_allclose(long[:, 3_000:3_100], short[:, 100:200], atol=1e-5)
    np.testing.assert_allclose(long[:, 2_950:3_050], short[:, 50:150], atol=1e-5)


@given(st.integers(1_600, 12_000), st.integers(0, 4_800), st.data())
def test_a_part_is_that_part_of_the_whole(length: int, tail: int, data: st.DataObject) -> None:
    samples = white_noise(1.0)[:length]
    frames = (length + tail) // HOP
    first = data.draw(st.integers(0, frames - 1))
    last = data.draw(st.integers(first + 1, frames))
    whole = log_power(np.pad(samples, (0, tail)))
    np.testing.assert_allclose(log_power(samples, first, last, tail), whole[:, first:last], rtol=0, atol=1e-5)


def test_a_louder_peak_elsewhere_lowers_a_part_down_to_the_floor() -> None:
    power = log_power(speech())
    alone = levelled(power.copy(), float(power.max()))
    beside = levelled(power.copy(), float(power.max()) + 1.0)
    np.testing.assert_allclose(beside, np.maximum(alone - 0.25, PEAK - RANGE), atol=1e-5)


@pytest.mark.parametrize("hertz", [200.0, 700.0, 1_500.0, 4_000.0, 7_000.0])
def test_a_tone_is_loudest_in_the_band_around_it(hertz: float) -> None:
    loudest = int(log_mel(tone(0.5, hertz=hertz)).mean(axis=1).argmax())
    weights = mel_filters()[loudest]
    assert weights[round(hertz * FFT_SIZE / SAMPLE_RATE)] > 0.0


def test_later_sound_is_in_later_frames() -> None:
    signal = np.concatenate([np.zeros(8_000, np.float32), tone(0.5), np.zeros(8_000, np.float32)])
    loud = np.flatnonzero(log_mel(signal).max(axis=0) > PEAK - 0.2)
    assert loud[0] == pytest.approx(50, abs=1)
    assert loud[-1] == pytest.approx(100, abs=1)
