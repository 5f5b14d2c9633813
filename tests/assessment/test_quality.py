from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.quality import (
    FLOOR_DBFS,
    MAX_SNR_DB,
    SAMPLE_RATE,
    ClippingMeter,
    find_speech,
    measure_quality,
    quality_notices,
)
from assessment.results import RecordingQuality
from tests.assessment.audio_samples import hum, pink_noise, rustling, speech, tone, white_noise

GOOD = RecordingQuality(-25.0, -6.0, 0.0, 35.0, 3.0, 7_900.0)


def with_noise(signal: np.ndarray, snr_db: float) -> np.ndarray:
    """Add white noise to a signal of `speech`, whose first and last half second are pauses."""
    power = np.mean(signal[8_000:-8_000].astype(np.float64) ** 2)
    return signal + white_noise(len(signal) / SAMPLE_RATE, float(np.sqrt(power / 10.0 ** (snr_db / 10.0))))


@cache
def recordings(folder: Path, step: int) -> list[np.ndarray]:
    """Return every `step`-th recording of a corpus."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [soundfile.read(folder / row["audio"], dtype="float32")[0] for row in rows[::step]]


def codes(quality: RecordingQuality) -> list[str]:
    return [notice.code for notice in quality_notices(quality)]


class TestSpeech:
    @pytest.mark.parametrize(
        "signal",
        [
            np.zeros(3 * SAMPLE_RATE, np.float32),
            white_noise(3.0),
            pink_noise(3.0),
            hum(3.0),
            tone(3.0),
            hum(3.0) + white_noise(3.0, 0.01),
            np.full(SAMPLE_RATE, 0.5, np.float32),
        ],
        ids=["silence", "white", "pink", "hum", "tone", "hum and noise", "constant"],
    )
    def test_none_is_found_in_steady_sounds(self, signal):
        quality = measure_quality(signal)
        assert quality.speech_seconds == 0.0
        assert quality.snr_db is None

    @pytest.mark.parametrize("hertz", [50.0, 120.0])
    def test_none_is_found_in_noise_over_a_hum(self, hertz):
        assert measure_quality(hum(3.0, 0.02, hertz) + rustling(3.0, 0.3)).speech_seconds == 0.0

    @given(seed=st.integers(0, 2**31), colour=st.sampled_from([white_noise, pink_noise, rustling]))
    @settings(max_examples=30)
    def test_none_is_found_in_noise_steady_or_swelling(self, seed, colour):
        assert measure_quality(colour(2.0, seed=seed)).speech_seconds == 0.0

    @pytest.mark.parametrize("pitch", [85.0, 120.0, 220.0, 330.0])
    @pytest.mark.parametrize("syllables", [4, 12])
    def test_its_length_is_about_right_whatever_the_voice(self, syllables, pitch):
        quality = measure_quality(speech(syllables, pitch))
        assert quality.speech_seconds == pytest.approx(0.25 * syllables, rel=0.25)

    @pytest.mark.parametrize("snr_db", [30.0, 20.0, 10.0])
    def test_it_is_found_in_noise(self, snr_db):
        assert measure_quality(with_noise(speech(), snr_db)).speech_seconds == pytest.approx(2.0, rel=0.3)

    def test_it_is_found_where_it_is(self):
        frames = find_speech(speech(syllables=8, pause=1.0))
        found = np.flatnonzero(frames) * 0.02
        assert found[0] == pytest.approx(1.0, abs=0.1)
        assert found[-1] == pytest.approx(3.0, abs=0.1)

    def test_a_word_in_a_long_silence_is_found(self):
        silence = np.zeros(20 * SAMPLE_RATE, np.float32)
        quality = measure_quality(np.concatenate([silence, speech(2), silence]))
        assert quality.speech_seconds == pytest.approx(0.5, rel=0.4)


class TestGain:
    @settings(max_examples=30)
    @given(gain_db=st.floats(-50.0, 6.0))
    def test_it_changes_the_level_and_nothing_else(self, gain_db):
        signal = with_noise(speech(), 25.0)
        before = measure_quality(signal)
        after = measure_quality(signal * np.float32(10.0 ** (gain_db / 20.0)), clipped=0.0)
        assert after.level_dbfs == pytest.approx(before.level_dbfs + gain_db, abs=0.1)
        assert after.peak_dbfs == pytest.approx(before.peak_dbfs + gain_db, abs=0.1)
        assert after.snr_db == pytest.approx(before.snr_db, abs=0.3)
        assert after.speech_seconds == pytest.approx(before.speech_seconds, abs=0.041)
        assert after.bandwidth_hz == pytest.approx(before.bandwidth_hz, abs=50.0)


class TestLevel:
    def test_pauses_do_not_lower_it(self):
        assert measure_quality(speech(pause=3.0)).level_dbfs == pytest.approx(
            measure_quality(speech(pause=0.3)).level_dbfs, abs=0.5
        )

    def test_without_speech_it_is_that_of_the_whole(self):
        quality = measure_quality(tone(2.0, peak=0.5))
        assert quality.level_dbfs == pytest.approx(-9.03, abs=0.05)
        assert quality.peak_dbfs == pytest.approx(-6.02, abs=0.05)

    def test_it_never_exceeds_full_scale(self):
        square = np.sign(speech() + np.float32(1e-9)).astype(np.float32)
        quality = measure_quality(square)
        assert quality.level_dbfs <= 0.0
        assert quality.peak_dbfs == 0.0

    @pytest.mark.parametrize("length", [0, 1, 639, 1_600])
    def test_silence_of_any_length_has_finite_measures(self, length):
        quality = measure_quality(np.zeros(length, np.float32))
        assert quality == RecordingQuality(FLOOR_DBFS, FLOOR_DBFS, 0.0, None, 0.0, 0.0)


class TestNoise:
    @pytest.mark.parametrize(("snr_db", "tolerance"), [(40.0, 2.0), (30.0, 1.5), (20.0, 1.5), (10.0, 2.5)])
    def test_its_ratio_to_speech_is_estimated(self, snr_db, tolerance):
        assert measure_quality(with_noise(speech(), snr_db)).snr_db == pytest.approx(snr_db, abs=tolerance)

    def test_digital_silence_between_words_gives_the_cap(self):
        assert measure_quality(speech()).snr_db == MAX_SNR_DB


class TestBandwidth:
    @pytest.mark.parametrize(("rate", "expected"), [(8_000, 3_900.0), (11_025, 5_400.0), (16_000, 7_950.0)])
    def test_it_is_that_of_the_narrowest_stage(self, rate, expected):
        signal = with_noise(speech(), 30.0)
        narrowed = soxr.resample(soxr.resample(signal, SAMPLE_RATE, rate), rate, SAMPLE_RATE)
        assert measure_quality(narrowed).bandwidth_hz == pytest.approx(expected, abs=150.0)


class TestClipping:
    def test_undistorted_speech_has_none(self):
        sixteen_bit = np.round(with_noise(speech(), 30.0) * 32_767.0) / 32_767.0
        assert measure_quality(sixteen_bit.astype(np.float32)).clipped == 0.0

    @pytest.mark.parametrize("turned_down", [1.0, 0.5, 0.3])
    def test_flat_tops_are_counted_even_if_turned_down_later(self, turned_down):
        distorted = np.clip(4.0 * speech(), -1.0, 1.0)
        expected = np.mean(np.abs(distorted) == 1.0)
        measured = measure_quality((distorted * turned_down).astype(np.float32)).clipped
        assert measured == pytest.approx(expected, rel=0.2)
        assert measured > 0.01

    def test_single_full_scale_samples_are_no_clipping(self):
        signal = white_noise(1.0)
        signal[::100] = 1.0
        assert measure_quality(signal).clipped == 0.0

    def test_what_looked_flat_is_forgotten_when_something_louder_comes(self):
        meter = ClippingMeter()
        meter.add(np.full(100, 0.5, np.float32))
        assert meter.fraction == 1.0
        meter.add(tone(0.1, peak=0.9))
        assert meter.fraction == 0.0

    def test_blocks_add_up(self):
        distorted = np.clip(tone(1.0, peak=2.0), -1.0, 1.0)
        whole, parts = ClippingMeter(), ClippingMeter()
        whole.add(distorted)
        for block in np.split(distorted, 8):
            parts.add(block)
        assert parts.fraction == pytest.approx(whole.fraction, abs=0.002)
        assert whole.fraction > 0.5

    def test_a_fraction_counted_before_resampling_is_taken_over(self):
        assert measure_quality(tone(), clipped=0.25).clipped == 0.25


class TestNotices:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, []),
            ({"peak_dbfs": -70.0, "level_dbfs": -80.0, "speech_seconds": 0.0, "snr_db": None}, ["silent"]),
            ({"clipped": 0.02}, ["clipped"]),
            ({"speech_seconds": 0.0, "snr_db": None}, ["no-speech"]),
            ({"speech_seconds": 0.0, "snr_db": None, "clipped": 0.1}, ["clipped", "no-speech"]),
            ({"level_dbfs": -50.0}, ["too-quiet"]),
            ({"snr_db": 8.0}, ["noisy"]),
            ({"bandwidth_hz": 3_900.0}, ["narrow-band"]),
            ({"snr_db": 8.0, "bandwidth_hz": 3_900.0}, ["noisy", "narrow-band"]),
        ],
    )
    def test_each_problem_has_its_own(self, changes, expected):
        assert codes(RecordingQuality(**{**vars(GOOD), **changes})) == expected

    @pytest.mark.parametrize(
        ("signal", "expected"),
        [
            (np.zeros(SAMPLE_RATE, np.float32), ["silent"]),
            (white_noise(2.0), ["no-speech"]),
            (with_noise(speech(), 30.0), []),
            (with_noise(speech(), 8.0), ["noisy"]),
            (0.02 * with_noise(speech(), 30.0), ["too-quiet"]),
            (np.clip(6.0 * with_noise(speech(), 30.0), -1.0, 1.0), ["clipped"]),
        ],
        ids=["silence", "noise", "good", "noisy", "quiet", "distorted"],
    )
    def test_sounds_get_the_notice_they_deserve(self, signal, expected):
        assert codes(measure_quality(signal.astype(np.float32))) == expected

    def test_a_telephone_recording_is_told_what_it_lacks(self):
        quality = RecordingQuality(**{**vars(GOOD), "bandwidth_hz": 3_900.0})
        message = quality_notices(quality)[0].message
        assert "nothing above 3.9 kHz" in message
        assert "S and F" in message


class TestRealRecordings:
    @pytest.mark.parametrize(("name", "step"), [("librispeech", 500), ("speechocean762", 300)])
    def test_good_recordings_get_no_notice(self, corpora, name, step):
        complaints = [codes(measure_quality(samples)) for samples in recordings(corpora / name, step)]
        assert complaints == [[]] * len(complaints)

    def test_clean_speech_is_as_long_as_its_energy_says(self, corpora):
        for samples in recordings(corpora / "librispeech", 500):
            frames = np.square(samples[: len(samples) // 320 * 320]).reshape(-1, 320).mean(axis=1)
            loud = 0.02 * np.count_nonzero(frames > np.percentile(frames, 98) * 10.0**-3.8)
            assert measure_quality(samples).speech_seconds == pytest.approx(loud, rel=0.25)

    @pytest.mark.parametrize("snr_db", [10.0, 15.0, 20.0])
    def test_the_ratio_of_speech_to_added_noise_is_measured(self, corpora, snr_db):
        errors = []
        for samples in recordings(corpora / "librispeech", 500):
            speaking = np.repeat(find_speech(samples), 320)
            power = np.mean(samples[: len(speaking)][speaking].astype(np.float64) ** 2)
            rms = float(np.sqrt(power / 10.0 ** (snr_db / 10.0)))
            mixed = samples + white_noise(len(samples) / SAMPLE_RATE + 1.0, rms)[: len(samples)]
            errors.append((measure_quality(mixed).snr_db or 0.0) - snr_db)
        assert abs(np.mean(errors)) < 2.0
        assert np.max(np.abs(errors)) < 4.0
