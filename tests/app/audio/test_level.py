"""The level meter measures what comes, and gives advice that is right and steady."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hibari import Hibari
from hypothesis import given
from hypothesis import strategies as st

from app.audio.level import Advice, Level, LevelMeter
from assessment.audio import SAMPLE_RATE, Recording

BLOCK = 800


def levels(samples: np.ndarray, size: int = BLOCK, meter: LevelMeter | None = None) -> list[Level]:
    meter = meter or LevelMeter()
    samples = samples.astype(np.float32)
    return [meter.add(samples[at : at + size]) for at in range(0, len(samples), size)]


def white(seconds: float, dbfs: float) -> np.ndarray:
    samples = np.random.default_rng(1).standard_normal(int(seconds * SAMPLE_RATE))
    return samples * 10.0 ** (dbfs / 20.0)


@pytest.fixture(scope="module")
def voice() -> np.ndarray:
    """Five seconds of speech whose loudest sample is 1, with the breaths of a reader."""
    said = np.asarray(
        Hibari("heart")("The old library stands behind the market. My sister bought seven bananas.", seed=1)
    )
    samples = Recording.from_samples(said, 24_000).samples
    return samples / np.abs(samples).max()


def at_peak(voice: np.ndarray, dbfs: float) -> np.ndarray:
    return voice * 10.0 ** (dbfs / 20.0)


def test_a_tone_of_half_the_full_scale_lies_6_db_below_it_at_its_peak_and_9_on_average() -> None:
    tone = 0.5 * np.sin(2.0 * np.pi * 200.0 * np.arange(SAMPLE_RATE) / SAMPLE_RATE)
    level = levels(tone)[-1]
    assert level.peak_dbfs == pytest.approx(-6.02, abs=0.05)
    assert level.dbfs == pytest.approx(-9.03, abs=0.05)


def test_a_peak_is_held_for_one_and_a_half_seconds_then_falls_by_20_db_a_second() -> None:
    meter = LevelMeter()
    click = np.zeros(BLOCK)
    click[400] = 1.0
    meter.add(click.astype(np.float32))
    after = [level.peak_dbfs for level in levels(np.zeros(4 * SAMPLE_RATE), meter=meter)]
    assert after[:29] == [0.0] * 29
    assert after[-1] < -40.0
    falls = np.diff(after[35:])
    np.testing.assert_allclose(falls, -1.0, atol=1e-6)


def test_a_voice_at_a_good_level_is_good_all_the_time_once_it_is_heard(voice: np.ndarray) -> None:
    advice = [level.advice for level in levels(at_peak(voice, -12.0))]
    assert Advice.GOOD in advice[:30]
    assert set(advice[advice.index(Advice.GOOD) :]) == {Advice.GOOD}


@pytest.mark.parametrize(
    ("peak", "advice"), [(-45.0, Advice.TOO_QUIET), (-25.0, Advice.GOOD), (-3.0, Advice.GOOD)]
)
def test_the_advice_for_a_voice_is_that_of_its_level(voice: np.ndarray, peak: float, advice: Advice) -> None:
    assert levels(at_peak(voice, peak))[-1].advice == advice


def test_a_voice_that_clips_is_too_loud(voice: np.ndarray) -> None:
    assert levels(np.clip(at_peak(voice, 9.0), -1.0, 1.0))[-1].advice == Advice.TOO_LOUD


def test_a_single_knock_is_no_loud_voice(voice: np.ndarray) -> None:
    samples = at_peak(voice, -12.0)
    samples[SAMPLE_RATE] = 1.0
    assert Advice.TOO_LOUD not in {level.advice for level in levels(samples)}


def test_a_voice_in_noise_is_in_a_noisy_room_and_so_is_the_noise_alone(voice: np.ndarray) -> None:
    noisy = at_peak(voice, -12.0) + white(len(voice) / SAMPLE_RATE, -30.0)
    assert levels(noisy)[-1].advice == Advice.NOISY_ROOM
    assert levels(white(3.0, -35.0))[-1].advice == Advice.NOISY_ROOM


@pytest.mark.parametrize("samples", [np.zeros(3 * SAMPLE_RATE), white(3.0, -70.0)], ids=["digital", "quiet"])
def test_about_silence_nothing_is_said(samples: np.ndarray) -> None:
    assert {level.advice for level in levels(samples)} == {Advice.NONE}
    assert Advice.NONE.words == ""


def test_the_advice_goes_when_nobody_speaks_any_more(voice: np.ndarray) -> None:
    samples = np.concatenate((at_peak(voice, -12.0), white(4.0, -70.0)))
    assert levels(samples)[-1].advice == Advice.NONE


@pytest.mark.parametrize("peak", np.arange(-33.0, -27.0, 0.5))
def test_the_advice_does_not_flicker_near_a_threshold(voice: np.ndarray, peak: float) -> None:
    advice = [level.advice for level in levels(at_peak(voice, peak))]
    changes = sum(one != other for one, other in pairwise(advice))
    assert changes <= 3


pieces = st.lists(
    st.tuples(
        st.integers(0, 6_000),
        st.sampled_from([0.0, 1e-6, 0.001, 0.05, 0.5, 1.0, 3.0, math.inf, math.nan]),
        st.integers(0, 9),
    ),
    max_size=12,
)


def signal(parts: list[tuple[int, float, int]]) -> np.ndarray:
    blocks = []
    for count, gain, seed in parts:
        raw = np.random.default_rng(seed).uniform(-1.0, 1.0, count)
        blocks.append(raw * gain if np.isfinite(gain) else np.full(count, gain))
    return np.concatenate([np.zeros(0), *blocks]).astype(np.float32)


@given(pieces, st.lists(st.integers(0, 3_000), max_size=20))
def test_whatever_comes_in_whatever_pieces_the_level_is_the_same_and_in_range(
    parts: list[tuple[int, float, int]], cuts: list[int]
) -> None:
    samples = signal(parts)
    whole, pieced = LevelMeter(), LevelMeter()
    expected = whole.add(samples)
    for cut in cuts:
        head, samples = samples[:cut], samples[cut:]
        pieced.add(head)
    level = pieced.add(samples)
    assert level == expected
    assert -120.0 <= level.dbfs <= level.peak_dbfs + 1e-6 <= 1e-6
    assert level.advice in Advice


@given(pieces)
def test_what_is_never_louder_than_the_softest_step_gets_no_advice(
    parts: list[tuple[int, float, int]],
) -> None:
    samples = np.nan_to_num(signal(parts)).clip(-1.0, 1.0) * np.float32(1e-4)
    assert LevelMeter().add(samples).advice == Advice.NONE
