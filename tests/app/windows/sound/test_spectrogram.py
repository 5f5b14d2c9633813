from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.windows.sound.spectrogram import BIN_HZ, BINS, Spectrogram
from assessment.audio import SAMPLE_RATE
from assessment.control import Control
from assessment.errors import Cancelled

NOISE = (0.1 * np.random.default_rng(3).standard_normal(3 * SAMPLE_RATE)).astype(np.float32)
OF_NOISE = Spectrogram.of(NOISE)


def tone(hz: float, seconds: float) -> np.ndarray:
    return (0.5 * np.sin(2.0 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)).astype(
        np.float32
    )


@pytest.mark.parametrize("hz", [500.0, 1500.0, 4000.0, 6500.0])
@pytest.mark.parametrize("columns", [20, 2000])
def test_a_tone_is_strongest_at_its_frequency_at_any_zoom(hz, columns):
    picture = Spectrogram.of(tone(hz, 1.0)).picture(0.2, 0.8, columns)
    strongest = picture.levels.astype(float).mean(axis=0).argmax() * BIN_HZ
    assert abs(strongest - hz) <= BIN_HZ


@pytest.mark.parametrize("columns", [40, 400, 4000])
def test_a_click_stands_at_its_time_at_any_zoom(columns):
    samples = np.zeros(SAMPLE_RATE, np.float32)
    samples[5000] = 1.0
    picture = Spectrogram.of(samples).picture(0.2, 0.5, columns)
    width = (picture.end - picture.start) / len(picture.levels)
    loud = picture.start + width * (np.flatnonzero(picture.levels.max(axis=1) > 128) + 0.5)
    assert loud.mean() == pytest.approx(5000 / SAMPLE_RATE, abs=width)


def test_silence_is_the_lowest_level_and_speech_is_not():
    samples = np.concatenate((np.zeros(SAMPLE_RATE, np.float32), tone(1000.0, 1.0)))
    spectrogram = Spectrogram.of(samples)
    assert spectrogram.picture(0.1, 0.8, 50).levels.max() == 0
    assert spectrogram.picture(1.2, 1.8, 50).levels.max() > 230


def test_a_recording_of_nothing_can_be_seen():
    assert Spectrogram.of(np.zeros(500, np.float32)).picture(0.0, 0.03, 100).levels.shape[1] == BINS


@given(st.floats(0.0, 2.9), st.floats(0.001, 3.0), st.integers(1, 3000))
def test_a_picture_covers_its_stretch_with_a_bounded_number_of_columns(start, length, columns):
    end = min(start + length, 3.0)
    picture = OF_NOISE.picture(start, end, columns)
    width = (picture.end - picture.start) / len(picture.levels)
    assert start - width - 1e-9 <= picture.start <= start + 1e-9
    assert picture.end >= min(end, 3.0) - 1e-9
    assert len(picture.levels) <= 2 * columns + 2


@given(st.integers(1, 20_000))
def test_every_scale_has_half_the_columns_of_the_one_below(length):
    scales = Spectrogram.of(NOISE[:length]).scales
    assert len(scales[-1]) == 1
    assert [len(scale) for scale in scales[1:]] == [-(-len(scale) // 2) for scale in scales[:-1]]


def test_long_recordings_have_coarser_columns_but_are_as_sharp_when_seen_closely():
    samples = np.zeros(120 * SAMPLE_RATE, np.float32)
    samples[60 * SAMPLE_RATE :] = tone(2000.0, 60.0)
    spectrogram = Spectrogram.of(samples)
    assert len(spectrogram.scales[0]) <= 30_000
    close = spectrogram.picture(59.98, 60.02, 400).levels.max(axis=1)
    assert len(close) >= 70
    assert close[: len(close) // 2 - 12].max() == 0
    assert close[len(close) // 2 + 12 :].min() > 200


def test_the_analysis_can_be_stopped():
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        Spectrogram.of(NOISE, control)
