"""Melody, loudness and rhythm are measured as they were made."""

from __future__ import annotations

import csv
import math
from dataclasses import astuple, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import parselmouth
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from parselmouth.praat import call

from assessment import Assessor, Recording
from assessment.pitch import PitchTrack, intensity_db, pitch_track
from assessment.prosody import measure_prosody, npvi
from assessment.results import ErrorType, Phone, Prosody, Syllable, Verdict, Word
from tests.assessment.audio_samples import RATE, glide, silence, speech, voice, white_noise

Floats = NDArray[np.float32]


def vowels(*bounds: tuple[float, float]) -> list[Word]:
    """Return words of one vowel each, from one time to another."""
    phones = [Phone("AA1", start, end, 90.0, -0.1, Verdict.RIGHT) for start, end in bounds]
    return [
        Word("ah", "ah", 0, 2, phone.start, phone.end, 90.0, ErrorType.NONE, (Syllable((phone,), 90.0),))
        for phone in phones
    ]


def measured(samples: Floats, *bounds: tuple[float, float]) -> Prosody:
    """Measure a recording whose vowels lie between these times; by default all of it is one."""
    words = vowels(*(bounds or [(0.0, len(samples) / RATE)]))
    return measure_prosody(words, pitch_track(samples), intensity_db(samples))


@cache
def followed(kind: int) -> tuple[PitchTrack, Floats]:
    """Return pitch and intensity of 10 s of silence, noise, a steady voice, or syllables."""
    samples = [silence(10.0), white_noise(10.0), voice(200.0, 10.0), speech(36)][kind]
    return pitch_track(samples), intensity_db(samples)


def test_the_variability_index_compares_neighbours():
    assert npvi(np.array([0.1, 0.1, 0.1])) == 0.0
    assert npvi(np.array([0.1, 0.3])) == pytest.approx(100.0)
    assert npvi(np.array([0.1, 0.3, 0.1, 0.1])) == pytest.approx(200.0 / 3)


class TestMeasures:
    def test_of_a_steady_voice(self):
        found = measured(voice(200.0, 2.0))
        assert found.pitch_median == pytest.approx(200.0, abs=1.0)
        assert found.pitch_range == pytest.approx(0.0, abs=0.05)
        assert found.pitch_slope == pytest.approx(0.0, abs=0.1)
        assert found.monotone > 0.99

    def test_of_a_glide_over_an_octave(self):
        found = measured(voice(glide(300.0, 150.0, 2.0), 2.0))
        assert found.pitch_median == pytest.approx(300.0 / math.sqrt(2.0), rel=0.01)
        assert found.pitch_range == pytest.approx(12.0 * 0.9, abs=0.3)
        assert found.pitch_deviation == pytest.approx(12.0 / math.sqrt(12.0), abs=0.1)
        assert found.pitch_slope == pytest.approx(-6.0, abs=0.1)
        assert found.final_slope == pytest.approx(-6.0, abs=0.3)
        assert found.monotone < 0.01

    def test_the_end_is_measured_apart(self):
        found = measured(
            np.concatenate([voice(200.0, 2.0), voice(glide(200.0, 250.0, 0.5), 0.5), silence(0.5)])
        )
        assert found.final_slope == pytest.approx(24.0 * math.log2(1.25), abs=1.0)
        assert abs(found.pitch_slope) < 3.0

    def test_loudness_and_length_of_vowels(self):
        loud, soft = voice(200.0, 0.3), 0.1 * voice(200.0, 0.1)
        found = measured(
            np.concatenate([loud, soft, loud, soft]), (0.0, 0.3), (0.3, 0.4), (0.4, 0.7), (0.7, 0.8)
        )
        assert found.loudness_range == pytest.approx(20.0, abs=2.0)
        assert found.vowel_duration == 0.2
        assert found.vowel_variability == pytest.approx(100.0)

    def test_what_lies_outside_the_words_does_not_count(self):
        samples = np.concatenate([voice(200.0, 1.0), voice(260.0, 1.0)])
        assert measured(samples, (0.05, 0.95)).pitch_median == pytest.approx(200.0, abs=1.0)

    @pytest.mark.parametrize("samples", [silence(1.0), white_noise(2.0)], ids=["silence", "whisper"])
    def test_without_voice_there_is_no_pitch(self, samples):
        found = measured(samples, (0.1, 0.4), (0.5, 0.9))
        pitch = (found.pitch_median, found.pitch_range, found.pitch_deviation, found.pitch_slope)
        assert {*pitch, found.final_slope} == {None}
        assert found.monotone == 0.0
        assert found.vowel_duration == 0.35

    def test_too_little_voice_is_not_called_monotone(self):
        assert measured(voice(200.0, 1.0)).monotone == 0.0

    def test_words_left_out_and_words_without_time_do_no_harm(self):
        samples = voice(200.0, 1.0)
        left_out = [replace(word, syllables=()) for word in vowels((0.1, 0.4))]
        found = measure_prosody(left_out, pitch_track(samples), intensity_db(samples))
        assert found == Prosody(None, None, None, None, None, 0.0, 0.0, None, 0.0)
        assert measured(samples, (1.0, 1.0), (1.0, 1.0)).vowel_variability is None

    @given(st.lists(st.floats(0.0, 11.0), min_size=2, max_size=12), st.integers(0, 3))
    def test_all_are_finite(self, times, kind):
        bounds = [(round(a, 4), round(b, 4)) for a, b in pairwise(sorted(times))]
        found = measure_prosody(vowels(*bounds), *followed(kind))
        assert all(value is None or math.isfinite(value) for value in astuple(found))
        assert 0.0 <= found.monotone <= 1.0

    @given(st.integers(0, 200), st.floats(0.01, 2.0))
    @settings(max_examples=20)
    def test_neither_when_nor_how_loudly_somebody_reads_matters(self, frames, gain):
        samples = np.concatenate(
            [voice(glide(180.0, 240.0, 1.0), 1.0), silence(0.2), 0.3 * voice(200.0, 1.0)]
        )
        bounds = [(0.1, 0.6), (0.7, 0.9), (1.3, 2.1)]
        later = np.concatenate([silence(frames / 100), gain * samples, silence(0.3)]).astype(np.float32)
        moved = [(round(a + frames / 100, 4), round(b + frames / 100, 4)) for a, b in bounds]
        found, other = measured(samples, *bounds), measured(later, *moved)
        assert astuple(other) == pytest.approx(astuple(found), rel=0.01, abs=0.1)


def flattened(samples: Floats) -> Floats:
    """Say a recording again on its median pitch, by Praat's overlap-add resynthesis."""
    sound = parselmouth.Sound(samples.astype(np.float64), float(RATE))
    manipulation = call(sound, "To Manipulation", 0.01, 75, 600)
    tier = call(manipulation, "Extract pitch tier")
    points = [call(tier, "Get value at index", n + 1) for n in range(call(tier, "Get number of points"))]
    call(tier, "Formula", str(np.median(points)))
    call([tier, manipulation], "Replace pitch tier")
    return call(manipulation, "Get resynthesis (overlap-add)").values[0].astype(np.float32)


@pytest.fixture(scope="module")
def natives(corpora: Path) -> list[tuple[Floats, tuple[Word, ...]]]:
    assessor = Assessor.load(threads=1)
    rows = [*listed(corpora / "librispeech", 300), *listed(corpora / "ljspeech", 30)]
    opened = [(Recording.open(path), text) for path, text in rows]
    return [(recording.samples, assessor.assess(recording, text).words) for recording, text in opened]


class TestNativeReadings:
    """Native readers vary their pitch; the same readings on one pitch are monotone."""

    def test_monotone_is_what_was_made_so(self, natives):
        confidences = [
            [measure_prosody(words, pitch_track(given), intensity_db(given)).monotone for given in pair]
            for pair, words in (((samples, flattened(samples)), words) for samples, words in natives)
        ]
        original, flat = np.array(confidences).T
        judged = flat > 0.0
        assert np.count_nonzero(judged) >= 20
        assert original.max() < 0.3
        assert flat[judged].min() > 0.8


def listed(corpus: Path, step: int) -> list[tuple[Path, str]]:
    with (corpus / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(corpus / row["audio"], row["text"]) for row in rows[::step]]
