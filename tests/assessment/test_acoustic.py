"""The acoustic model at run time: windows without seams, level, damaged model folders."""

from __future__ import annotations

import json
import shutil
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessment import acoustic
from assessment.acoustic import (
    CORE_FRAMES,
    MARGIN_FRAMES,
    TAIL_SAMPLES,
    WHOLE_FRAMES,
    AcousticModel,
    Evidence,
    Manifest,
    open_session,
    windows,
)
from assessment.audio import Recording
from assessment.control import Control
from assessment.errors import Cancelled, ModelError
from assessment.log_mel import HOP, levelled, log_mel, log_power
from assessment.phones import MODEL_PHONES, PHONE_INDEX, SILENCE
from assessment.resources import resource
from tests.assessment.audio_samples import Floats

# Whisper's encoder reads no more than this many frames at once.
MOST_FRAMES = 3_000


@pytest.fixture(scope="module")
def folder() -> Path:
    return resource("models", "en-US")


@pytest.fixture(scope="module")
def model(folder: Path) -> AcousticModel:
    return AcousticModel(Manifest.read(folder))


@pytest.fixture(scope="module")
def speech() -> Floats:
    return Recording.open(resource("demo", "well_read.flac")).samples


@pytest.fixture(scope="module")
def evidence(model: AcousticModel, speech: Floats) -> Evidence:
    return model.analyse(speech)


# --- windows ------------------------------------------------------------------------------------


@given(st.integers(8, 200_000).map(lambda half: 2 * half))
@example(WHOLE_FRAMES)
@example(WHOLE_FRAMES + 2)
@example(CORE_FRAMES * 4)
@example(CORE_FRAMES * 4 + 2)
def test_windows_keep_every_frame_once_and_in_order(frames: int) -> None:
    cut = windows(frames)
    kept = [(first + keep.start, first + keep.stop) for first, _, keep in cut]
    assert kept[0][0] == 0
    assert kept[-1][1] == frames
    assert all(end == start for (_, end), (start, _) in pairwise(kept))
    for first, last, keep in cut:
        assert 0 <= keep.start < keep.stop <= last - first
        assert all(bound % 2 == 0 for bound in (first, last, keep.start, keep.stop))
        assert 0 <= first < last <= frames
        assert last - first <= MOST_FRAMES


@given(st.integers(WHOLE_FRAMES // 2 + 1, 100_000).map(lambda half: 2 * half))
def test_windows_see_speech_on_both_sides_of_what_they_keep(frames: int) -> None:
    for first, last, keep in windows(frames):
        assert first == 0 or keep.start == MARGIN_FRAMES
        assert last == frames or last - first - keep.stop == MARGIN_FRAMES


# --- evidence -----------------------------------------------------------------------------------


def test_there_are_posteriors_for_each_10_ms_and_states_for_each_20(
    evidence: Evidence, speech: Floats
) -> None:
    frames = -(-len(speech) // 160)
    assert evidence.log_posteriors.shape == (frames, len(MODEL_PHONES))
    assert evidence.states.shape[0] == -(-frames // 2)


def test_posteriors_of_a_frame_add_up_to_one(evidence: Evidence) -> None:
    np.testing.assert_allclose(np.exp(evidence.log_posteriors).sum(axis=1), 1.0, atol=1e-4)


def test_a_quiet_room_is_silence(model: AcousticModel, speech: Floats) -> None:
    room = np.random.default_rng(1).normal(0, 1e-4, 16_000).astype(np.float32)
    found = model.analyse(np.concatenate([room, speech, room])).log_posteriors.argmax(axis=1)
    assert (found[10:90] == PHONE_INDEX[SILENCE]).mean() > 0.9
    assert (found[-90:-10] == PHONE_INDEX[SILENCE]).mean() > 0.9
    assert (found[120:-120] == PHONE_INDEX[SILENCE]).mean() < 0.5


@pytest.mark.parametrize("decibels", [-15.0, 10.0])
def test_gain_does_not_change_the_evidence(
    model: AcousticModel, speech: Floats, evidence: Evidence, decibels: float
) -> None:
    louder = model.analyse(speech * np.float32(10.0 ** (decibels / 20.0)))
    np.testing.assert_allclose(
        np.exp(louder.log_posteriors), np.exp(evidence.log_posteriors), rtol=0, atol=0.02
    )


def test_seams_between_windows_do_not_show(
    model: AcousticModel, speech: Floats, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = np.tile(speech, 3)
    whole = np.exp(model.analyse(long).log_posteriors)
    monkeypatch.setattr(acoustic, "WHOLE_FRAMES", 500)
    monkeypatch.setattr(acoustic, "CORE_FRAMES", 400)
    cut = np.exp(model.analyse(long).log_posteriors)
    assert cut.shape == whole.shape
    assert np.abs(cut - whole).sum(axis=1).mean() / 2 < 0.05
    assert (cut.argmax(axis=1) == whole.argmax(axis=1)).mean() > 0.95


@pytest.mark.parametrize("samples", [1_600, 1_601, 1_759, 1_760, 4_000])
def test_any_length_from_a_tenth_of_a_second_gives_evidence(model: AcousticModel, samples: int) -> None:
    evidence = model.analyse(np.random.default_rng(0).normal(0, 0.1, samples).astype(np.float32))
    assert len(evidence.log_posteriors) == -(-samples // 160)
    assert np.isfinite(evidence.log_posteriors).all()


def test_threads_do_not_change_the_evidence(folder: Path, speech: Floats, evidence: Evidence) -> None:
    one = AcousticModel(Manifest.read(folder), threads=1).analyse(speech)
    np.testing.assert_allclose(one.log_posteriors, evidence.log_posteriors, atol=1e-2)


def test_a_short_recording_is_read_in_one_piece(folder: Path, speech: Floats) -> None:
    manifest = Manifest.read(folder)
    mel = log_mel(np.pad(speech, (0, TAIL_SAMPLES)))
    mel = mel[:, : mel.shape[1] // 2 * 2]
    posteriors, states = open_session(manifest.file("acoustic.onnx"), 1).run(None, {"mel": mel[None]})
    evidence = AcousticModel(manifest, threads=1).analyse(speech)
    np.testing.assert_array_equal(evidence.log_posteriors, posteriors[0, : len(evidence.log_posteriors)])
    np.testing.assert_array_equal(evidence.states, states[0, : len(evidence.states)])


@pytest.mark.parametrize("beyond", [-4_800, -161, -1, 0, 1, 159, 161, 2_000])
def test_the_end_of_a_long_recording_falls_anywhere_in_a_window(
    model: AcousticModel, speech: Floats, monkeypatch: pytest.MonkeyPatch, beyond: int
) -> None:
    monkeypatch.setattr(acoustic, "WHOLE_FRAMES", 150)
    monkeypatch.setattr(acoustic, "CORE_FRAMES", 100)
    samples = speech[: 200 * HOP + beyond]
    evidence = model.analyse(samples)
    frames = -(-len(samples) // HOP)
    assert len(evidence.log_posteriors) == frames
    assert len(evidence.states) == -(-frames // 2)
    np.testing.assert_allclose(np.exp(evidence.log_posteriors).sum(axis=1), 1.0, atol=1e-4)


# --- long work ----------------------------------------------------------------------------------


@pytest.fixture
def long_speech(speech: Floats, monkeypatch: pytest.MonkeyPatch) -> Floats:
    monkeypatch.setattr(acoustic, "WHOLE_FRAMES", 300)
    monkeypatch.setattr(acoustic, "CORE_FRAMES", 200)
    return speech


def test_progress_rises_to_the_end_window_by_window(model: AcousticModel, long_speech: Floats) -> None:
    told: list[float] = []
    model.analyse(long_speech, Control(told.append))
    assert len(told) >= 3
    assert told[0] > 0.0
    assert all(earlier < later for earlier, later in pairwise(told))
    assert told[-1] == 1.0


def test_hearing_of_the_progress_does_not_change_the_evidence(
    model: AcousticModel, long_speech: Floats
) -> None:
    told: list[float] = []
    heard, alone = model.analyse(long_speech, Control(told.append)), model.analyse(long_speech)
    np.testing.assert_array_equal(heard.log_posteriors, alone.log_posteriors)
    np.testing.assert_array_equal(heard.states, alone.states)


def test_cancelling_between_windows_stops_there_and_leaves_the_model_fit_for_more(
    model: AcousticModel, long_speech: Floats
) -> None:
    before = model.analyse(long_speech)
    told: list[float] = []
    control = Control(lambda share: (told.append(share), control.cancel())[0])
    with pytest.raises(Cancelled):
        model.analyse(long_speech, control)
    assert len(told) == 1
    np.testing.assert_array_equal(model.analyse(long_speech).log_posteriors, before.log_posteriors)


def test_work_that_was_cancelled_before_is_not_begun(model: AcousticModel, speech: Floats) -> None:
    told: list[float] = []
    control = Control(told.append)
    control.cancel()
    with pytest.raises(Cancelled):
        model.analyse(speech, control)
    assert told == []


def test_another_thread_stops_the_analysis(model: AcousticModel, speech: Floats) -> None:
    began = threading.Event()
    control = Control(lambda _: began.set())

    def cancel() -> None:
        began.wait(timeout=60.0)
        control.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    # So long that it cannot be over before the other thread is heard.
    with pytest.raises(Cancelled):
        model.analyse(np.tile(speech, 20), control)
    thread.join()


def test_a_run_stops_even_if_it_was_cancelled_in_the_moment_before_it(folder: Path, speech: Floats) -> None:
    session = open_session(Manifest.read(folder).file("acoustic.onnx"), 1)
    control, options = Control(), onnxruntime.RunOptions()
    finished = False

    def run() -> None:
        nonlocal finished
        with control.stopping(lambda: setattr(options, "terminate", True)):
            control.cancel()
            session.run(None, {"mel": log_mel(speech)[None, :, :200]}, options)
            finished = True

    with pytest.raises(Cancelled):
        run()
    assert not finished


# --- live ---------------------------------------------------------------------------------------


def test_a_live_stretch_is_seen_as_the_recording_of_it_is(model: AcousticModel, speech: Floats) -> None:
    stretch = speech[: 300 * HOP]
    live, peak = model.live(stretch, -np.inf)
    assert peak == pytest.approx(float(log_power(stretch).max()))
    assert live.shape == (300, len(MODEL_PHONES))
    recorded = model.analyse(stretch).log_posteriors
    # But for the end, which silence follows there and nothing here.
    assert (live.argmax(axis=1) == recorded.argmax(axis=1))[:270].mean() > 0.9


def test_a_live_stretch_is_levelled_by_the_loudest_so_far(folder: Path, speech: Floats) -> None:
    manifest = Manifest.read(folder)
    stretch = speech[: 120 * HOP]
    power = log_power(stretch)
    loud = float(power.max()) + 2.0
    live, peak = AcousticModel(manifest, threads=1).live(stretch, loud)
    session = open_session(manifest.file("acoustic.onnx"), 1)
    expected = session.run(["log_posteriors"], {"mel": levelled(power, loud)[None]})[0][0]
    assert peak == loud
    np.testing.assert_array_equal(live, expected)


# --- model folders ------------------------------------------------------------------------------


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "model"))


def edited(folder: Path, **changes: Any) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def test_bundled_model_says_what_it_is(folder: Path) -> None:
    info = Manifest.read(folder).info
    assert info.name
    assert info.version
    assert len(bytes.fromhex(info.sha256)) == 32


def test_digest_of_the_model_changes_with_a_file(copy: Path) -> None:
    before = Manifest.read(copy).info.sha256
    path = copy / "scoring.onnx"
    path.write_bytes(path.read_bytes() + b"\0")
    files = json.loads((copy / "model.json").read_text(encoding="utf-8"))["files"]
    edited(copy, files=files | {"scoring.onnx": acoustic.file_digest(path)})
    assert Manifest.read(copy).info.sha256 != before


def test_no_model_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no readable model in .*nowhere"):
        Manifest.read(tmp_path / "nowhere")


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '"model"', "\x00"])
def test_a_damaged_manifest_is_an_error_that_names_the_folder(copy: Path, content: str) -> None:
    (copy / "model.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="model"):
        Manifest.read(copy)


@pytest.mark.parametrize("missing", ["files", "name", "version", "log_priors", "boundary_offset_seconds"])
def test_a_manifest_that_lacks_something_is_an_error(copy: Path, missing: str) -> None:
    path = copy / "model.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    del data[missing]
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ModelError, match="model"):
        Manifest.read(copy)


def test_a_model_of_other_phones_is_refused(copy: Path) -> None:
    edited(copy, phones=list(reversed(MODEL_PHONES)))
    with pytest.raises(ModelError, match="other phones"):
        Manifest.read(copy)


@pytest.mark.parametrize("name", ["acoustic.onnx", "scoring.onnx"])
def test_a_missing_model_file_is_an_error_that_names_it(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=f"{name} is missing"):
        Manifest.read(copy)


@pytest.mark.parametrize("name", ["acoustic.onnx", "scoring.onnx"])
def test_a_damaged_model_file_is_an_error_that_names_it(copy: Path, name: str) -> None:
    path = copy / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=f"{name} is damaged"):
        Manifest.read(copy)


def test_a_file_that_is_no_model_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "acoustic.onnx"
    path.write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"acoustic\.onnx cannot be read"):
        open_session(path, 1)
