"""Slowed speech lasts longer at the pitch that it had."""

from __future__ import annotations

import numpy as np
import parselmouth
import pytest
from hibari import Hibari
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio.stretch import slowed

RATE = 24_000


def pitch(samples: np.ndarray, rate: int) -> float:
    frequencies = parselmouth.Sound(samples.astype(float), float(rate)).to_pitch().selected_array["frequency"]
    return float(np.median(frequencies[frequencies > 0.0]))


@pytest.fixture(scope="module")
def voice() -> np.ndarray:
    return np.asarray(Hibari("heart")("The old library stands behind the market.", seed=1), np.float32)


@pytest.mark.parametrize("speed", [0.5, 0.6, 0.75, 0.9, 1.25, 1.5])
def test_a_voice_keeps_its_pitch_and_takes_its_time(voice: np.ndarray, speed: float) -> None:
    slow = slowed(voice, RATE, speed)
    assert slow.dtype == np.float32
    assert len(slow) == pytest.approx(len(voice) / speed, rel=0.01)
    assert pitch(slow, RATE) == pytest.approx(pitch(voice, RATE), rel=0.04)
    assert np.sqrt(np.mean(slow**2)) == pytest.approx(np.sqrt(np.mean(voice**2)), rel=0.15)


@pytest.mark.parametrize("frequency", [110.0, 220.0])
def test_a_tone_keeps_its_frequency(frequency: float) -> None:
    times = np.arange(16_000) / 16_000
    tone = sum(np.sin(2.0 * np.pi * frequency * n * times) / n for n in range(1, 6)).astype(np.float32)
    assert pitch(slowed(0.2 * tone, 16_000, 0.5), 16_000) == pytest.approx(frequency, rel=0.02)


@given(
    count=st.integers(0, 4_000),
    rate=st.sampled_from([8_000, 16_000, 22_050, 48_000]),
    speed=st.floats(0.34, 3.0),
    gain=st.sampled_from([0.0, 0.3]),
)
@settings(max_examples=60)
def test_whatever_is_slowed_stays_finite_and_has_its_length_or_is_left_alone(
    count: int, rate: int, speed: float, gain: float
) -> None:
    samples = (gain * np.random.default_rng(count).standard_normal(count)).astype(np.float32)
    slow = slowed(samples, rate, speed)
    assert np.isfinite(slow).all()
    if count < 0.042 * rate:
        np.testing.assert_array_equal(slow, samples)
    else:
        assert len(slow) == pytest.approx(count / speed, abs=2.0)


def test_the_usual_speed_changes_nothing(voice: np.ndarray) -> None:
    np.testing.assert_array_equal(slowed(voice, RATE, 1.0), voice)


@pytest.mark.parametrize("speed", [0.0, -1.0, 0.2, 4.0, float("nan")])
def test_a_speed_out_of_range_is_refused(voice: np.ndarray, speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        slowed(voice, RATE, speed)
