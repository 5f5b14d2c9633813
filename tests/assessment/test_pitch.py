"""Praat's pitch track holds up against traps, and the loudness is that of the sound."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import pitch
from assessment.control import Control
from assessment.errors import Cancelled
from assessment.pitch import PitchTrack, intensity_db, pitch_track
from tests.assessment.audio_samples import RATE, glide, hum, silence, speech, tone, voice, white_noise


class TestPitch:
    @pytest.mark.parametrize("hertz", [85.0, 120.0, 210.0, 350.0, 480.0])
    def test_steady_voices_of_men_women_and_children(self, hertz):
        track = pitch_track(voice(hertz, 1.0))
        inner = track.hz[5:-5]
        assert not np.isnan(inner).any()
        np.testing.assert_allclose(inner, hertz, rtol=0.01)
        assert track.median == pytest.approx(hertz, rel=0.01)

    @pytest.mark.parametrize(("low", "high"), [(90.0, 170.0), (220.0, 150.0), (250.0, 420.0)])
    def test_a_glide_is_followed_at_its_time(self, low, high):
        pitch = glide(low, high, 1.5)
        track = pitch_track(voice(pitch, 1.5))
        inner = slice(8, -8)
        np.testing.assert_allclose(track.hz[inner], pitch(track.times[inner]), rtol=0.02)

    @pytest.mark.parametrize("samples", [1, 100, 161, 4_001, 16_000])
    def test_frames_are_those_of_the_posteriors(self, samples):
        noise = white_noise(1.0)[:samples]
        frames = -(-samples // 160)
        assert len(pitch_track(noise).hz) == len(intensity_db(noise)) == frames

    def test_middles_of_frames_are_their_times(self):
        np.testing.assert_allclose(PitchTrack(np.ones(3, np.float32)).times, [0.005, 0.015, 0.025])

    @pytest.mark.parametrize("hertz", [110.0, 240.0])
    def test_a_missing_fundamental_does_not_raise_it_by_an_octave(self, hertz):
        times = np.arange(RATE) / RATE
        telephone = sum(np.cos(2 * np.pi * hertz * number * times) for number in range(2, 12))
        track = pitch_track(np.asarray(0.05 * telephone, np.float32))
        np.testing.assert_allclose(track.hz[5:-5], hertz, rtol=0.01)

    def test_periods_that_alternate_a_little_do_not_lower_it_by_an_octave(self):
        track = pitch_track(voice(200.0, 1.0) + 0.05 * voice(100.0, 1.0))
        np.testing.assert_allclose(track.hz[5:-5], 200.0, rtol=0.01)

    def test_a_short_stretch_in_another_octave_is_dropped(self):
        # Both octaves lie within the limits of a speaker with a range as wide as this.
        up, down = voice(glide(140.0, 270.0, 1.0), 1.0), voice(glide(270.0, 140.0, 1.0), 1.0)
        track = pitch_track(np.concatenate([up, voice(135.0, 0.1), down]))
        assert not track.voiced[103:107].any()
        assert np.count_nonzero(track.voiced) > 175

    def test_what_is_far_below_the_speakers_range_is_not_their_pitch(self):
        creak = np.concatenate([silence(0.2), voice(85.0, 0.2), silence(0.2)])
        track = pitch_track(np.concatenate([voice(200.0, 1.0), creak, voice(210.0, 1.0)]))
        assert track.hz[track.voiced].min() > 150.0

    @pytest.mark.parametrize(
        "samples",
        [silence(1.0), white_noise(1.0), 1e-7 * white_noise(1.0), silence(0.01)],
        ids=["silence", "whisper", "faint", "short"],
    )
    def test_without_voice_there_is_none(self, samples):
        track = pitch_track(samples)
        assert not track.voiced.any()
        assert track.median is None
        assert np.isnan(track.semitones()).all()

    def test_a_hum_far_below_the_voice_is_not_the_speaker(self):
        # So long that a part of it holds nothing else.
        track = pitch_track(np.concatenate([voice(200.0, 50.0), silence(75.0)]) + hum(125.0, 1e-4, 200.0))
        assert track.voiced[5:4_995].all()
        assert not track.voiced[5_010:].any()

    def test_long_recordings_are_followed_as_short_ones_are(self):
        phrase = np.concatenate([voice(glide(150.0, 250.0, 2.0), 2.0), silence(0.5)])
        once, often = pitch_track(phrase), pitch_track(np.tile(phrase, 30))
        assert len(often.hz) == 30 * len(once.hz)
        for start in range(0, len(often.hz), len(once.hz)):
            part = often.hz[start : start + len(once.hz)]
            np.testing.assert_allclose(part[5:190], once.hz[5:190], rtol=0.01)

    @given(
        st.lists(st.floats(95.0, 380.0), min_size=2, max_size=5),
        # Voices that touch may be taken for octave errors, and then one frame decides which of them stays.
        st.floats(0.1, 0.4),
        st.floats(0.6, 1.5),
    )
    @settings(max_examples=25, deadline=None)
    def test_where_a_recording_is_cut_into_pieces_does_not_show(self, pitches, pause, piece_seconds):
        sounds = [part for hertz in pitches for part in (voice(hertz, 0.6), silence(pause))]
        samples = np.concatenate(sounds)
        whole = pitch_track(samples)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pitch, "_PIECE_SECONDS", piece_seconds)
            cut = pitch_track(samples)
        assert cut.hz.shape == whole.hz.shape
        both = cut.voiced & whole.voiced
        np.testing.assert_allclose(cut.hz[both], whole.hz[both], rtol=0.02)
        assert (cut.voiced == whole.voiced).mean() > 0.95

    def test_a_cut_within_a_steady_voice_changes_nothing(self, monkeypatch):
        samples = voice(180.0, 3.0)
        whole = pitch_track(samples)
        monkeypatch.setattr(pitch, "_PIECE_SECONDS", 0.9)
        np.testing.assert_allclose(pitch_track(samples).hz, whole.hz, rtol=1e-4)

    def test_progress_rises_to_the_end_piece_by_piece(self, monkeypatch):
        monkeypatch.setattr(pitch, "_PIECE_SECONDS", 0.6)
        told = []
        pitch_track(voice(180.0, 3.0), Control(told.append))
        assert len(told) >= 6
        assert all(earlier < later for earlier, later in pairwise(told))
        assert told[-1] == 1.0

    def test_cancelling_stops_at_the_next_piece(self, monkeypatch):
        monkeypatch.setattr(pitch, "_PIECE_SECONDS", 0.6)
        told = []
        control = Control(lambda share: (told.append(share), control.cancel()))
        with pytest.raises(Cancelled):
            pitch_track(voice(180.0, 3.0), control)
        assert len(told) == 1

    @given(st.floats(0.01, 2.0))
    @settings(max_examples=20)
    def test_loudness_changes_no_pitch(self, gain):
        samples = speech(4, pitch=160.0)
        track, other = pitch_track(samples), pitch_track((gain * samples).astype(np.float32))
        np.testing.assert_array_equal(track.voiced, other.voiced)
        np.testing.assert_allclose(track.hz, other.hz, rtol=1e-3)


class TestIntensity:
    def test_of_a_sine_is_its_level(self):
        np.testing.assert_allclose(intensity_db(tone(1.0, hertz=400.0, peak=0.1))[2:-2], -23.01, atol=0.05)

    @given(st.integers(1, 60), st.integers(1, 60), st.floats(0.0, 1.0))
    def test_of_joined_recordings_is_theirs_but_at_the_seam(self, first, second, gain):
        one, two = white_noise(1.0)[: 160 * first], gain * tone(1.0)[: 160 * second]
        joined = intensity_db(np.concatenate([one, two]).astype(np.float32))
        np.testing.assert_allclose(joined[: first - 1], intensity_db(one)[:-1], atol=1e-4)
        np.testing.assert_allclose(joined[first + 1 :], intensity_db(two.astype(np.float32))[1:], atol=1e-4)

    def test_of_silence_is_finite(self):
        np.testing.assert_array_equal(intensity_db(silence(0.1)), -100.0)
