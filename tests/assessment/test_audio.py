from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assessment import audio
from assessment.audio import SAMPLE_RATE, Recording
from assessment.errors import RecordingError
from tests.assessment.audio_samples import (
    cut,
    declare_flac_frames,
    hum,
    speech,
    tone,
    white_noise,
    write,
)

WAV_SUBTYPES = ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"]
FORMATS = [
    *[("wav", {"subtype": subtype}) for subtype in WAV_SUBTYPES],
    ("wav", {"format": "WAVEX", "subtype": "PCM_24"}),
    ("flac", {"subtype": "PCM_16"}),
    ("flac", {"subtype": "PCM_24"}),
    ("aiff", {"subtype": "PCM_16"}),
    ("ogg", {"format": "OGG", "subtype": "VORBIS"}),
    ("opus", {"format": "OGG", "subtype": "OPUS"}),
    ("mp3", {"format": "MP3"}),
]


def frequency(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax()) * SAMPLE_RATE / len(samples)


def level_db(samples: np.ndarray) -> float:
    return float(10.0 * np.log10(np.mean(samples.astype(np.float64) ** 2)))


def middle(samples: np.ndarray) -> np.ndarray:
    return samples[len(samples) // 4 : -len(samples) // 4]


def codes(recording: Recording) -> list[str]:
    return [notice.code for notice in recording.notices]


def complaint(path: Path | str) -> str:
    with pytest.raises(RecordingError) as caught:
        Recording.open(path)
    return str(caught.value)


class TestFormats:
    @pytest.mark.parametrize("channels", [1, 2])
    @pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
    @pytest.mark.parametrize(("suffix", "options"), FORMATS, ids=lambda value: str(value))
    def test_a_tone_keeps_its_pitch_level_and_length(self, tmp_path, suffix, options, rate, channels):
        signal = np.repeat(tone(1.0, rate)[:, None], channels, axis=1)
        recording = Recording.open(write(tmp_path / f"tone.{suffix}", signal, rate, **options))
        assert frequency(recording.samples) == pytest.approx(440.0, abs=2.0)
        assert level_db(middle(recording.samples)) == pytest.approx(level_db(tone()), abs=0.5)
        assert recording.duration == pytest.approx(1.0, abs=0.01)
        assert recording.notices == ()

    @pytest.mark.parametrize("rate", [4_000, 11_025, 22_050, 44_100, 96_000, 192_000])
    def test_any_sampling_rate_is_resampled(self, tmp_path, rate):
        recording = Recording.open(write(tmp_path / "tone.wav", tone(1.0, rate), rate))
        assert frequency(recording.samples) == pytest.approx(440.0, abs=2.0)
        assert recording.duration == pytest.approx(1.0, abs=0.001)

    def test_audio_without_a_file_ending_is_recognised_by_its_content(self, tmp_path):
        path = write(tmp_path / "tone.wav", tone())
        assert Recording.open(path.rename(tmp_path / "tone")).duration == 1.0

    def test_names_in_any_script_are_opened(self, tmp_path):
        path = write(tmp_path / "täst 录音.wav", tone())
        assert Recording.open(str(path)).source == "täst 录音.wav"

    def test_a_wav_of_undeclared_size_is_read_to_its_end(self, tmp_path):
        path = write(tmp_path / "streamed.wav", tone())
        content = bytearray(path.read_bytes())
        content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
        path.write_bytes(content)
        recording = Recording.open(path)
        assert recording.duration == 1.0
        assert recording.notices == ()

    def test_a_flac_of_undeclared_length_is_read_to_its_end(self, tmp_path):
        path = declare_flac_frames(write(tmp_path / "streamed.flac", tone(1.3)), 0)
        recording = Recording.open(path)
        assert recording.duration == 1.3
        assert recording.notices == ()


class TestConditioning:
    def test_samples_are_mono_16_khz_float32_and_read_only(self, tmp_path):
        samples = Recording.open(write(tmp_path / "a.wav", tone(0.5, 48_000), 48_000)).samples
        assert samples.dtype == np.float32
        assert samples.shape == (8_000,)
        with pytest.raises(ValueError, match="read-only"):
            samples[0] = 1.0

    def test_the_callers_array_is_neither_kept_nor_changed(self):
        given_samples = tone() + np.float32(0.1)
        before = given_samples.copy()
        recording = Recording.from_samples(given_samples, SAMPLE_RATE)
        given_samples[:] = 0.0
        np.testing.assert_allclose(recording.samples, before - before.mean(), atol=1e-6)

    def test_a_constant_offset_is_removed(self, tmp_path):
        recording = Recording.open(write(tmp_path / "a.wav", tone(peak=0.25) + 0.3))
        assert abs(recording.samples.mean()) < 1e-4
        assert level_db(recording.samples) == pytest.approx(level_db(tone()), abs=0.1)

    def test_a_dead_channel_is_left_out_and_mentioned(self, tmp_path):
        stereo = np.stack([tone(), np.zeros(SAMPLE_RATE, np.float32)], axis=1)
        recording = Recording.open(write(tmp_path / "a.wav", stereo))
        assert level_db(recording.samples) == pytest.approx(level_db(tone()), abs=0.1)
        assert codes(recording) == ["dead-channel"]
        assert "1 of the 2 channels of a.wav" in recording.notices[0].message

    def test_silence_on_all_channels_is_not_a_dead_channel(self):
        recording = Recording.from_samples(np.zeros((SAMPLE_RATE, 2)), SAMPLE_RATE)
        assert recording.notices == ()
        assert not recording.samples.any()

    @pytest.mark.parametrize("gain", [-1.0, -0.8])
    def test_channels_of_opposite_polarity_do_not_cancel(self, gain):
        recording = Recording.from_samples(np.stack([tone(), gain * tone()], axis=1), SAMPLE_RATE)
        assert level_db(recording.samples) == pytest.approx(level_db(tone()), abs=0.1)
        assert codes(recording) == ["opposite-polarity"]

    def test_a_channel_that_is_merely_much_weaker_is_ignored_without_fuss(self):
        stereo = np.stack([tone(), -0.02 * tone(hertz=660.0)], axis=1)
        recording = Recording.from_samples(stereo, SAMPLE_RATE)
        assert level_db(recording.samples) == pytest.approx(level_db(tone()), abs=0.1)
        assert recording.notices == ()

    def test_different_channels_are_mixed_evenly(self):
        stereo = np.stack([tone(hertz=400.0), tone(hertz=600.0)], axis=1)
        mixed = Recording.from_samples(stereo, SAMPLE_RATE)
        np.testing.assert_allclose(mixed.samples, stereo.mean(axis=1), atol=1e-5)
        assert mixed.notices == ()

    def test_a_few_samples_that_are_not_numbers_are_silenced_and_mentioned(self, tmp_path):
        signal = tone()
        signal[100:110] = np.nan
        signal[200] = np.inf
        recording = Recording.open(write(tmp_path / "a.wav", signal, subtype="FLOAT"))
        assert np.isfinite(recording.samples).all()
        assert abs(recording.samples[100:110]).max() < 0.01
        assert codes(recording) == ["non-finite"]
        assert "11 samples of a.wav" in recording.notices[0].message

    def test_many_samples_that_are_not_numbers_are_refused(self, tmp_path):
        signal = tone()
        signal[:1_600] = np.nan
        message = complaint(write(tmp_path / "a.wav", signal, subtype="FLOAT"))
        assert "a.wav is damaged: 10% of its samples" in message

    def test_floats_beyond_full_scale_are_clipped(self, tmp_path):
        recording = Recording.open(write(tmp_path / "a.wav", tone(peak=3.0), subtype="FLOAT"))
        assert np.abs(recording.samples).max() == 1.0
        assert recording.quality.clipped > 0.5

    def test_clipping_is_counted_before_resampling_hides_it(self, tmp_path):
        loud = np.clip(tone(1.0, 44_100, peak=2.0), -0.9, 0.9)
        recording = Recording.open(write(tmp_path / "a.wav", loud, 44_100))
        assert recording.quality.clipped == pytest.approx(np.mean(np.abs(loud) >= 0.9), abs=0.01)

    def test_quality_speaks_of_telephone_bandwidth(self, tmp_path):
        recording = Recording.open(
            write(tmp_path / "a.wav", speech()[::2] + white_noise(2.0)[:24_000], 8_000)
        )
        assert recording.quality.bandwidth_hz == pytest.approx(3_900, abs=200)

    @pytest.mark.parametrize("signal", [np.zeros(SAMPLE_RATE, np.float32), white_noise(1.0), hum(1.0)])
    def test_silence_noise_and_hum_are_recordings_without_speech(self, signal):
        assert Recording.from_samples(signal, SAMPLE_RATE).quality.speech_seconds == 0.0

    def test_a_recording_can_be_sent_to_another_process(self):
        recording = Recording.from_samples(tone(), SAMPLE_RATE)
        copy = pickle.loads(pickle.dumps(recording))
        np.testing.assert_array_equal(copy.samples, recording.samples)
        assert copy.quality == recording.quality


class TestDamagedFiles:
    @pytest.mark.parametrize(
        ("suffix", "options"),
        [
            ("wav", {"subtype": "PCM_16"}),
            ("aiff", {"subtype": "PCM_16"}),
            ("flac", {"subtype": "PCM_16"}),
            ("mp3", {"format": "MP3"}),
            ("ogg", {"format": "OGG", "subtype": "VORBIS"}),
            ("opus", {"format": "OGG", "subtype": "OPUS"}),
        ],
    )
    def test_what_is_left_of_a_truncated_file_is_used(self, tmp_path, suffix, options):
        path = write(tmp_path / f"cut.{suffix}", tone(10.0) + white_noise(10.0), **options)
        recording = Recording.open(cut(path, 0.5))
        assert 3.5 < recording.duration < 6.5
        assert codes(recording) == ["truncated"]
        assert f"cut.{suffix} is cut off or damaged" in recording.notices[0].message

    @pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg"])
    def test_a_file_cut_within_its_header_is_refused(self, tmp_path, suffix):
        path = write(tmp_path / f"cut.{suffix}", tone())
        path.write_bytes(path.read_bytes()[:30])
        assert f"cut.{suffix} cannot be decoded: it is damaged" in complaint(path)

    def test_sound_after_a_damaged_place_is_given_up(self, tmp_path):
        path = write(tmp_path / "hole.flac", tone(10.0) + white_noise(10.0))
        content = bytearray(path.read_bytes())
        content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
        path.write_bytes(content)
        recording = Recording.open(path)
        assert 4.0 < recording.duration < 5.1
        assert codes(recording) == ["truncated"]

    def test_an_mp3_whose_length_was_guessed_too_short_says_so(self, tmp_path):
        signal = np.concatenate([white_noise(3.0, 0.2), np.zeros(60 * SAMPLE_RATE, np.float32)])
        path = write(tmp_path / "vbr.mp3", signal, bitrate_mode="VARIABLE", compression_level=0.0)
        # Without its table of contents the length is guessed from the first frames' bit rate.
        path.write_bytes(path.read_bytes().replace(b"Xing", b"\0\0\0\0", 1))
        recording = Recording.open(path)
        assert recording.duration < 60.0
        assert codes(recording) == ["truncated"]

    @settings(max_examples=40)
    @given(data=st.data(), suffix=st.sampled_from(["wav", "flac", "ogg", "aiff"]))
    def test_no_damage_whatever_raises_anything_but_a_recording_error(self, tmp_path_factory, data, suffix):
        path = write(tmp_path_factory.mktemp("fuzz") / f"a.{suffix}", tone(0.3))
        content = bytearray(path.read_bytes())
        for place in data.draw(st.lists(st.integers(0, min(200, len(content) - 1)), max_size=8)):
            content[place] = data.draw(st.integers(0, 255))
        path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
        try:
            samples = Recording.open(path).samples
        except RecordingError:
            return
        assert np.isfinite(samples).all()


class TestRefusals:
    def test_a_missing_file(self, tmp_path):
        assert complaint(tmp_path / "no.wav").startswith("no.wav does not exist")

    def test_a_file_below_a_file(self, tmp_path):
        path = write(tmp_path / "a.wav", tone())
        assert complaint(path / "b.wav").startswith("b.wav cannot be read")

    def test_a_folder(self, tmp_path):
        folder = tmp_path / "takes"
        folder.mkdir()
        assert complaint(folder).startswith("takes is a folder")

    @pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
    def test_a_file_without_permission(self, tmp_path):
        path = write(tmp_path / "private.wav", tone())
        path.chmod(0)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65_534)
        try:
            message = complaint(path)
        finally:
            os.seteuid(user)
        assert message.startswith("private.wav may not be read")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_named_pipe_does_not_hang(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.wav")
        assert complaint(tmp_path / "pipe.wav").startswith("pipe.wav is a device or a pipe")

    @pytest.mark.skipif(sys.platform == "win32", reason="needs device files")
    def test_a_device(self):
        assert complaint("/dev/null").startswith("null is a device or a pipe")

    @pytest.mark.parametrize("name", ["a\0b.wav", "x" * 5_000 + ".wav"])
    def test_an_impossible_name(self, name):
        assert "cannot be read" in complaint(name)

    def test_an_empty_file(self, tmp_path):
        (tmp_path / "a.wav").touch()
        assert complaint(tmp_path / "a.wav").startswith("a.wav is empty (0 bytes)")

    def test_text(self, tmp_path):
        (tmp_path / "a.wav").write_text("Mark is going to see the élephant.\n" * 500, encoding="utf-8")
        assert complaint(tmp_path / "a.wav").startswith("a.wav is a text file")

    @pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.raw"])
    def test_bytes_that_are_no_audio(self, tmp_path, name):
        (tmp_path / name).write_bytes(np.random.default_rng(3).bytes(5_000))
        assert complaint(tmp_path / name).startswith(f"{name} cannot be decoded")

    @pytest.mark.parametrize(
        ("start", "kind"),
        [
            (b"\0\0\0\x20ftypM4A \0\0\0\0", "an MPEG-4 file"),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81", "a WebM or Matroska file"),
            (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
            (b"#!AMR\n\x3c\x91", "an AMR file"),
        ],
    )
    def test_common_formats_that_cannot_be_opened_are_named(self, tmp_path, start, kind):
        (tmp_path / "voice").write_bytes(start + bytes(2_000))
        assert complaint(tmp_path / "voice").startswith(f"voice is {kind}")

    def test_a_format_that_is_no_usual_recording(self, tmp_path):
        path = write(tmp_path / "a.mat", tone(), format="MAT5", subtype="FLOAT")
        assert complaint(path).startswith("a.mat cannot be decoded")

    def test_no_samples(self, tmp_path):
        assert "has 0 samples" in complaint(write(tmp_path / "a.wav", tone(0.0)))

    def test_too_short(self, tmp_path):
        path = write(tmp_path / "a.wav", tone(0.09, 44_100), 44_100)
        assert complaint(path).startswith("a.wav is too short: it lasts 0.09 s")

    def test_three_hours_are_refused_by_the_header_alone(self, tmp_path):
        path = declare_flac_frames(write(tmp_path / "a.flac", tone()), 3 * 3_600 * SAMPLE_RATE)
        assert complaint(path).startswith("a.flac is too long: 60 minutes")

    def test_an_hour_is_not_too_long(self, tmp_path):
        path = declare_flac_frames(write(tmp_path / "a.flac", tone()), 3_600 * SAMPLE_RATE)
        assert codes(Recording.open(path)) == ["truncated"]

    def test_a_header_that_hides_the_length_does_not_evade_the_limit(self, tmp_path, monkeypatch):
        monkeypatch.setattr(audio, "MAX_SECONDS", 6.0)
        path = declare_flac_frames(write(tmp_path / "a.flac", tone(7.0)), 0)
        assert complaint(path).startswith("a.flac is too long")

    @pytest.mark.skipif(sys.platform == "win32", reason="would take up the space")
    def test_a_file_that_is_too_large(self, tmp_path):
        path = write(tmp_path / "a.wav", tone())
        os.truncate(path, audio.MAX_BYTES + 1)
        assert complaint(path).startswith("a.wav is too large: 1,024 MB")

    def test_too_many_channels(self, tmp_path):
        path = write(tmp_path / "a.wav", np.zeros((SAMPLE_RATE, 9), np.float32))
        assert complaint(path).startswith("a.wav has 9 channels, and at most 8")

    @pytest.mark.parametrize("rate", [3_999, 192_001])
    def test_an_unusual_sampling_rate(self, tmp_path, rate):
        path = write(tmp_path / "a.wav", tone(1.0, rate), rate)
        assert complaint(path).startswith(f"a.wav has {rate:,} samples per second")


class TestFromSamples:
    @pytest.mark.parametrize(
        "dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", ">i2", "f2", "f8"]
    )
    def test_every_type_of_number_keeps_the_level(self, dtype):
        kind = np.dtype(dtype)
        values = tone().astype(np.float64)
        if kind.kind != "f":
            full_scale = 2.0 ** (8 * kind.itemsize - 1)
            values = np.round(values * full_scale + (full_scale if kind.kind == "u" else 0.0))
        recording = Recording.from_samples(values.astype(kind), SAMPLE_RATE)
        np.testing.assert_allclose(recording.samples, tone(), atol=0.006)

    def test_the_extremes_of_integers_are_full_scale(self):
        square = np.tile(np.array([32_767, -32_768], np.int16), SAMPLE_RATE // 2)
        samples = Recording.from_samples(square, SAMPLE_RATE).samples
        assert samples.min() == pytest.approx(-1.0, abs=1e-4)
        assert samples.max() == pytest.approx(1.0, abs=1e-4)

    def test_it_agrees_with_opening_the_same_sound(self, tmp_path):
        signal = np.stack([tone(1.0, 44_100), tone(1.0, 44_100, 660.0)], axis=1)
        opened = Recording.open(write(tmp_path / "a.wav", signal, 44_100, subtype="FLOAT"))
        np.testing.assert_array_equal(Recording.from_samples(signal, 44_100).samples, opened.samples)

    def test_lists_and_non_contiguous_arrays_are_taken(self):
        strided = np.repeat(tone(), 3)[::3]
        from_list = Recording.from_samples(tone().tolist(), SAMPLE_RATE)
        np.testing.assert_array_equal(from_list.samples, Recording.from_samples(strided, SAMPLE_RATE).samples)

    def test_the_source_names_it_in_messages(self):
        with pytest.raises(RecordingError, match=r"^take 3 is too short"):
            Recording.from_samples(tone(0.05), SAMPLE_RATE, source="take 3")

    @pytest.mark.parametrize(
        ("samples", "problem"),
        [
            (np.zeros((10, 10, 10)), "not float64 of shape"),
            (np.float64(0.5), "not float64 of shape"),
            (np.zeros(16_000, complex), "not complex128"),
            (np.zeros(16_000, bool), "not bool"),
            ("abc", "cannot be used as audio"),
            ([[0.0], [0.0, 1.0]], "channels differ in length"),
            ([], "has 0 samples"),
            (np.zeros((0, 2)), "has 0 samples"),
            (np.zeros((16_000, 0)), "has 0 samples"),
            (np.zeros((2, 16_000)), "has 16000 channels"),
        ],
    )
    def test_what_is_no_audio_is_refused(self, samples, problem):
        with pytest.raises(RecordingError, match=problem):
            Recording.from_samples(samples, SAMPLE_RATE)

    def test_too_long_is_refused(self):
        with pytest.raises(RecordingError, match="too long"):
            Recording.from_samples(np.broadcast_to(np.int8(0), (3_601 * 4_000,)), 4_000)

    @settings(max_examples=50)
    @given(
        samples=hnp.arrays(
            st.sampled_from([np.float16, np.float32, np.float64, np.int16, np.uint8]),
            st.one_of(st.tuples(st.integers(0, 3_000)), st.tuples(st.integers(0, 2_000), st.integers(1, 3))),
        ),
        rate=st.sampled_from([4_000, 8_000, 11_025, 16_000, 44_100]),
    )
    def test_samples_are_always_finite_and_within_full_scale(self, samples, rate):
        try:
            recording = Recording.from_samples(samples, rate)
        except RecordingError:
            return
        assert np.isfinite(recording.samples).all()
        assert np.abs(recording.samples).max() <= 1.0
        assert recording.duration == pytest.approx(len(samples) / rate, abs=0.001)
        assert 0.0 <= recording.quality.speech_seconds <= recording.duration
        assert 0.0 <= recording.quality.clipped <= 1.0
