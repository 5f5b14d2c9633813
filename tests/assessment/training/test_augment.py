"""Distorted recordings: reproducible, of the right length and loudness, with formants moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.log_mel import BANDS, log_mel
from assessment.training import augment as module
from assessment.training.augment import SPEED, TRACT, augment, generator, warp_bands
from tests.assessment.audio_samples import RATE, Floats, hum, pink_noise, speech, tone, write

SPEECH = speech(3, pause=0.1)
seeds = st.integers(0, 2**32 - 1)


def draw(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


# --- draws --------------------------------------------------------------------------------------


def test_draws_depend_on_names_and_seed_only() -> None:
    first = generator(1, "corpus", "u1").random(4)
    generator(1, "corpus", "u2").random(9)
    np.testing.assert_array_equal(generator(1, "corpus", "u1").random(4), first)
    for other in (generator(2, "corpus", "u1"), generator(1, "corpus", "u2"), generator(1, "corpusu", "1")):
        assert not np.array_equal(other.random(4), first)


@given(seeds)
def test_the_same_draw_gives_the_same_recording(seed: int) -> None:
    one, two = augment(SPEECH, [], draw(seed)), augment(SPEECH, [], draw(seed))
    assert (one.speed, one.tract) == (two.speed, two.tract)
    np.testing.assert_array_equal(one.samples, two.samples)


@given(seeds)
def test_any_draw_keeps_its_promises(seed: int) -> None:
    drawn = augment(SPEECH, [], draw(seed))
    assert drawn.samples.dtype == np.float32
    assert np.isfinite(drawn.samples).all()
    assert drawn.speed == 1.0 or SPEED[0] <= drawn.speed <= SPEED[1]
    assert drawn.tract == 1.0 or TRACT[0] <= drawn.tract <= TRACT[1]
    assert len(drawn.samples) == pytest.approx(len(SPEECH) / drawn.speed, abs=2)


@given(seeds)
def test_silence_stays_without_speech(seed: int) -> None:
    assert np.isfinite(augment(np.zeros(RATE, np.float32), [], draw(seed)).samples).all()


def test_recordings_are_left_as_they_are_sometimes_and_distorted_mostly() -> None:
    drawn = [augment(SPEECH, [], draw(seed)) for seed in range(100)]
    untouched = sum(np.array_equal(each.samples, SPEECH) and each.tract == 1.0 for each in drawn)
    assert 0 < untouched < 30
    assert 30 < sum(each.speed != 1.0 for each in drawn) < 70
    assert 30 < sum(each.tract != 1.0 for each in drawn) < 70


def test_a_recording_that_is_sped_up_is_higher() -> None:
    signal = tone(1.0, hertz=500.0)
    drawn = next(each for each in (augment(signal, [], draw(seed)) for seed in range(99)) if each.speed > 1.1)
    spectrum = np.abs(np.fft.rfft(drawn.samples[:8_000]))
    assert 2.0 * spectrum.argmax() == pytest.approx(500.0 * drawn.speed, abs=4.0)


# --- noise and rooms ----------------------------------------------------------------------------


@pytest.mark.parametrize("snr_db", [5.0, 20.0])
def test_noise_is_added_at_its_level(snr_db: float) -> None:
    noise = pink_noise(len(SPEECH) / RATE)[: len(SPEECH)]
    added = module._with_noise(SPEECH, noise, snr_db) - SPEECH
    assert 10 * np.log10(np.mean(SPEECH**2) / np.mean(added**2)) == pytest.approx(snr_db, abs=0.1)


def test_noise_comes_from_the_recordings_of_noise(tmp_path: Path) -> None:
    paths = [write(tmp_path / "hum.wav", hum(0.3))]
    drawn = [module._noise(paths, 3 * RATE, draw(seed)) for seed in range(40)]
    assert {len(noise) for noise in drawn} == {3 * RATE}
    hums = sum(np.abs(np.fft.rfft(noise)).argmax() == 150 for noise in drawn)
    assert 25 <= hums < 40


def test_a_silent_recording_of_noise_changes_nothing() -> None:
    np.testing.assert_array_equal(module._with_noise(SPEECH, np.zeros_like(SPEECH), 10.0), SPEECH)


def test_a_room_adds_a_tail_after_the_sound_that_dies_away() -> None:
    click = np.zeros(RATE, np.float32)
    click[1_000] = 0.5
    wet = module._in_room(click, draw(0))
    assert wet.shape == click.shape
    assert np.abs(wet[:1_000]).max() < 1e-6
    assert wet.argmax() == 1_000
    early, late = (np.abs(wet[start : start + 500]).mean() for start in (1_001, 2_500))
    assert early > late > 0.0


# --- vocal tract length -------------------------------------------------------------------------


def test_a_tract_of_one_changes_nothing() -> None:
    mel = log_mel(SPEECH)
    assert warp_bands(mel, 1.0) is mel


def spectrogram_of_a_tone() -> Floats:
    return log_mel(tone(0.3, hertz=1_500.0))


def test_a_longer_tract_moves_formants_down_and_a_shorter_up() -> None:
    mel = spectrogram_of_a_tone()
    longer, before, shorter = (warp_bands(mel, tract).mean(axis=1).argmax() for tract in (1.1, 1.0, 0.9))
    assert longer == pytest.approx(before / 1.1, abs=1)
    assert shorter == pytest.approx(before / 0.9, abs=1)


@given(st.floats(*TRACT))
def test_warping_keeps_the_shape_and_the_range(tract: float) -> None:
    mel = spectrogram_of_a_tone()
    warped = warp_bands(mel, tract)
    assert warped.shape == mel.shape
    assert warped.shape[0] == BANDS
    assert warped.dtype == np.float32
    assert warped.min() >= mel.min() - 1e-5
    assert warped.max() <= mel.max() + 1e-5
