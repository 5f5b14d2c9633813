"""The encoder's states are kept on disk, and an interruption costs one recording at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from assessment.acoustic import TAIL_SAMPLES
from assessment.errors import CorpusError
from assessment.log_mel import log_mel
from assessment.training import states as module
from assessment.training.corpora import Utterance
from assessment.training.network import WIDTH, Encoder
from assessment.training.states import MAX_SECONDS, StateStore, encode, extract
from tests.assessment.audio_samples import RATE, speech, tone, write
from tests.assessment.training.miniature import CORPUS, recordings

SPEECH = speech(3, pause=0.1)

# torch's exporter is slow where other programs compute beside it.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def utterances(tmp_path_factory: pytest.TempPathFactory) -> list[Utterance]:
    return recordings(tmp_path_factory.mktemp("recordings"), 4)


def rows(length: int, start: float = 0.0, width: int = 3) -> NDArray[np.float16]:
    return (start + np.arange(length * width).reshape(length, width)).astype(np.float16)


def named(name: str) -> Utterance:
    return Utterance(name, CORPUS, "s", Path(f"{name}.wav"), "")


def states_of(store: StateStore, name: str) -> NDArray[np.float16]:
    entry = store.entries[CORPUS, name]
    return store.open()[entry.offset : entry.offset + entry.length]


# --- the store ----------------------------------------------------------------------------------


def test_stored_states_are_read_back(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "new folder", 3)
    store.add(named("a"), rows(4), 1.0)
    store.add(named("b"), rows(2, 100.0), 1.1)
    for opened in (store, StateStore(tmp_path / "new folder", 3)):
        np.testing.assert_array_equal(states_of(opened, "a"), rows(4))
        np.testing.assert_array_equal(states_of(opened, "b"), rows(2, 100.0))
        assert [entry.speed for entry in opened.entries.values()] == [1.0, 1.1]


@pytest.mark.parametrize("left", [1, 20, 1_000])
def test_a_recording_whose_index_line_was_cut_off_is_stored_again(tmp_path: Path, left: int) -> None:
    store = StateStore(tmp_path, 3)
    store.add(named("a"), rows(4), 1.0)
    store.add(named("b"), rows(2, 100.0), 1.0)
    first, second = (tmp_path / "index.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "index.jsonl").write_bytes(first + second.rstrip()[: min(left, len(second) - 5)])
    resumed = StateStore(tmp_path, 3)
    assert list(resumed.entries) == [(CORPUS, "a")]
    resumed.add(named("b"), rows(3, 200.0), 1.0)
    resumed.add(named("c"), rows(1, 300.0), 1.0)
    again = StateStore(tmp_path, 3)
    assert list(again.entries) == [(CORPUS, "a"), (CORPUS, "b"), (CORPUS, "c")]
    np.testing.assert_array_equal(again.open(), np.concatenate([rows(4), rows(3, 200.0), rows(1, 300.0)]))


def test_states_without_index_line_are_written_over(tmp_path: Path) -> None:
    store = StateStore(tmp_path, 3)
    store.add(named("a"), rows(4), 1.0)
    with (tmp_path / "states.f16").open("ab") as file:
        file.write(rows(5, 100.0).tobytes()[:-7])
    resumed = StateStore(tmp_path, 3)
    resumed.add(named("b"), rows(2, 200.0), 1.0)
    np.testing.assert_array_equal(resumed.open(), np.concatenate([rows(4), rows(2, 200.0)]))


def test_an_empty_store_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no states in .*clean: run the step"):
        StateStore(tmp_path / "clean", 3).open()


# --- encoding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("samples", [1_600, 8_000, 16_159, MAX_SECONDS * RATE])
def test_exported_encoder_gives_the_states_of_torch_for_any_length(
    encoder: Encoder, exported: InferenceSession, samples: int
) -> None:
    signal = np.resize(SPEECH, samples)
    mel = torch.from_numpy(log_mel(np.pad(signal, (0, TAIL_SAMPLES))))
    with torch.inference_mode():
        expected = encoder(mel[None, :, : mel.shape[1] // 2 * 2])[0].numpy()
    found = encode(exported, signal)
    assert found.dtype == np.float16
    np.testing.assert_allclose(found.astype(np.float32), expected, rtol=5e-3, atol=5e-3)


def test_states_do_not_depend_on_the_level(exported: InferenceSession) -> None:
    quiet = encode(exported, SPEECH * np.float32(0.1)).astype(np.float32)
    np.testing.assert_allclose(quiet, encode(exported, SPEECH).astype(np.float32), atol=0.01)


# --- extraction ---------------------------------------------------------------------------------


def test_every_recording_is_encoded(
    exported: InferenceSession, utterances: Sequence[Utterance], tmp_path: Path
) -> None:
    store = extract(exported, WIDTH, utterances, tmp_path)
    assert [key[1] for key in store.entries] == [utterance.id for utterance in utterances]
    assert {entry.speed for entry in store.entries.values()} == {1.0}


def test_recordings_too_long_for_the_encoder_are_left_out(
    exported: InferenceSession, utterances: Sequence[Utterance], tmp_path: Path
) -> None:
    audio = write(tmp_path / "long.wav", tone(MAX_SECONDS + 0.1))
    long = replace(utterances[0], id="long", audio=audio)
    assert list(extract(exported, WIDTH, [long, utterances[0]], tmp_path).entries) == [(CORPUS, "u0")]


def test_an_interrupted_extraction_goes_on_where_it_stopped(
    exported: InferenceSession,
    utterances: Sequence[Utterance],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = extract(exported, WIDTH, utterances, tmp_path / "whole")
    encoded: list[int] = []

    def counting(*given: Any) -> NDArray[np.float16]:
        if len(encoded) == 2:
            encoded.append(0)
            raise KeyboardInterrupt
        encoded.append(1)
        return encode(*given)

    monkeypatch.setattr(module, "encode", counting)
    with pytest.raises(KeyboardInterrupt):
        extract(exported, WIDTH, utterances, tmp_path / "parts")
    resumed = extract(exported, WIDTH, utterances, tmp_path / "parts")
    assert sum(encoded) == len(utterances)
    assert resumed.entries == whole.entries
    np.testing.assert_array_equal(resumed.open(), whole.open())


def test_distortion_depends_on_the_recording_and_not_on_its_place(
    exported: InferenceSession, utterances: Sequence[Utterance], tmp_path: Path
) -> None:
    one = extract(exported, WIDTH, utterances, tmp_path / "one", augmented=True)
    two = extract(exported, WIDTH, utterances[::-1], tmp_path / "two", augmented=True)
    other = extract(exported, WIDTH, utterances, tmp_path / "other", augmented=True, seed=1)
    clean = extract(exported, WIDTH, utterances, tmp_path / "clean")
    for utterance in utterances:
        np.testing.assert_array_equal(states_of(one, utterance.id), states_of(two, utterance.id))
    assert not np.array_equal(one.open()[:100], other.open()[:100])
    assert {entry.speed for entry in one.entries.values()} != {1.0}
    for entry, before in zip(one.entries.values(), clean.entries.values(), strict=True):
        tail = TAIL_SAMPLES / 320
        assert entry.length - tail == pytest.approx((before.length - tail) / entry.speed, abs=2)
