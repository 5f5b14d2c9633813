"""Recordings are kept under the digests of their files: once, whole or not at all, deleted for good."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.library import audio_store as module
from app.library.audio_store import AudioStore
from app.library.errors import LibraryError
from assessment.audio import SAMPLE_RATE, Recording
from assessment.errors import ElocuteError
from tests.app.library.conftest import tone


@pytest.fixture
def audio(tmp_path: Path) -> AudioStore:
    return AudioStore(tmp_path / "recordings")


def files(audio: AudioStore) -> list[Path]:
    return sorted(path for path in audio.folder.rglob("*") if path.is_file())


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_recording_is_kept_as_16_bits_a_sample(audio: AudioStore, recording: Recording) -> None:
    again = audio.open(audio.add(recording))
    assert np.abs(again.samples - recording.samples).max() < 2**-15
    assert again.notices == ()


def test_a_file_has_the_name_of_its_digest(audio: AudioStore, recording: Recording) -> None:
    digest = audio.add(recording)
    (path,) = files(audio)
    assert path == audio.path(digest) == audio.folder / digest[:2] / f"{digest}.flac"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert path.read_bytes().startswith(b"fLaC")


def test_a_recording_is_kept_once(audio: AudioStore, recording: Recording) -> None:
    digest = audio.add(recording)
    when = audio.path(digest).stat().st_mtime_ns
    assert audio.add(recording) == audio.add(audio.open(digest)) == digest
    assert audio.path(digest).stat().st_mtime_ns == when
    assert files(audio) == [audio.path(digest)]


def test_threads_that_keep_the_same_recording_keep_it_once(audio: AudioStore, recording: Recording) -> None:
    with ThreadPoolExecutor(4) as pool:
        (digest,) = set(pool.map(audio.add, [recording] * 8))
    assert files(audio) == [audio.path(digest)]


@given(st.lists(st.binary(max_size=50), max_size=12), st.randoms())
@settings(max_examples=30)
def test_what_is_kept_is_there_and_what_is_removed_is_not(data: list[bytes], chance: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        audio = AudioStore(Path(folder, "recordings"))
        digests = [audio.add_file(each) for each in data]
        assert digests == [hashlib.sha256(each).hexdigest() for each in data]
        assert audio.digests() == set(digests)
        gone = set(digests[::2])
        for digest in [*gone, *gone]:
            audio.remove(digest)
        assert audio.digests() == set(digests) - gone
        assert {audio.path(digest) for digest in audio.digests()} == set(files(audio))


@given(st.text() | st.from_regex(r"[0-9a-fA-F]{60,68}|\.\./.*|[0-9a-f]{64}\n", fullmatch=True))
def test_what_is_no_digest_names_no_file(text: str) -> None:
    is_digest = len(text) == 64 and set(text) <= set("0123456789abcdef")
    if is_digest:
        assert AudioStore(Path("recordings")).path(text).parts[-2:] == (text[:2], f"{text}.flac")
        return
    audio = AudioStore(Path("recordings"))
    for use in (audio.path, audio.open, audio.remove):
        with pytest.raises(ValueError, match="is no SHA-256"):
            use(text)


def test_files_of_other_names_are_no_recordings(audio: AudioStore, recording: Recording) -> None:
    digest = audio.add(recording)
    for name in ("2026-05-04T12-00-00-000000.flac", "ab/mine.flac", "ab/notes.txt"):
        path = audio.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"mine")
    assert audio.digests() == {digest}


def test_no_recordings_are_kept_before_the_first(audio: AudioStore) -> None:
    assert audio.digests() == set()
    audio.remove("0" * 64)
    audio.clear_unfinished()
    assert not audio.folder.exists()


def test_the_folder_of_the_last_recording_is_removed_with_it(audio: AudioStore, recording: Recording) -> None:
    audio.remove(audio.add(recording))
    assert list(audio.folder.iterdir()) == []


def test_a_file_that_was_cut_off_is_written_anew(audio: AudioStore, recording: Recording) -> None:
    digest = audio.add(recording)
    whole = audio.path(digest).read_bytes()
    audio.path(digest).write_bytes(whole[:100])
    audio.add(recording)
    assert audio.path(digest).read_bytes() == whole


def test_a_recording_that_is_gone_is_told(audio: AudioStore, recording: Recording) -> None:
    digest = audio.add(recording)
    audio.path(digest).write_bytes(b"nothing to hear")
    with pytest.raises(ElocuteError):
        audio.open(digest)
    audio.remove(digest)
    with pytest.raises(ElocuteError):
        audio.open(digest)


@pytest.mark.parametrize("step", ["fsync", "replace", "fdopen"])
def test_a_full_disk_is_told_and_leaves_nothing(
    audio: AudioStore, recording: Recording, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(module.os, step, full)
    with pytest.raises(LibraryError, match=r"No space left on device.*disk is not full"):
        audio.add(recording)
    assert files(audio) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, recording: Recording) -> None:
    (tmp_path / "recordings").write_text("in the way")
    with pytest.raises(LibraryError, match="Check that this folder can be written"):
        AudioStore(tmp_path / "recordings").add(recording)


def test_a_recording_that_cannot_be_deleted_is_told(
    audio: AudioStore, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    digest = audio.add(recording)
    monkeypatch.setattr(Path, "unlink", busy)
    with pytest.raises(LibraryError, match="Close the programs that use it, then delete it again"):
        audio.remove(digest)


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In which order things were made safe from a power cut, and got their names."""
    done: list[str] = []

    def noting(name: str, act: Callable[..., None]) -> Callable[..., None]:
        def noted(*arguments: object) -> None:
            act(*arguments)
            done.append(name if name != "folder" else Path(str(arguments[0])).name)

        return noted

    monkeypatch.setattr(module, "_sync_folder", noting("folder", module._sync_folder))
    monkeypatch.setattr(module.os, "replace", noting("named", os.replace))
    return done


def test_the_names_of_new_folders_survive_a_power_cut_too(
    audio: AudioStore, recording: Recording, synced: list[str], tmp_path: Path
) -> None:
    digest = audio.add(recording)
    assert synced == ["named", digest[:2], "recordings", tmp_path.name]
    audio.path(digest).write_bytes(b"cut off")
    audio.add(recording)
    assert synced[4:] == ["named", digest[:2]]


def test_what_was_cut_off_long_ago_is_deleted(audio: AudioStore) -> None:
    digest = audio.add(tone(220))
    old, young = audio.folder / ".old.unfinished", audio.folder / ".young.unfinished"
    for path in (old, young):
        path.write_bytes(b"somebody's voice")
    os.utime(old, (time.time() - 7_200,) * 2)
    audio.clear_unfinished()
    assert files(audio) == sorted([young, audio.path(digest)])


def test_silence_of_a_moment_is_kept(audio: AudioStore) -> None:
    silence = Recording.from_samples(np.zeros(SAMPLE_RATE // 2, np.float32), SAMPLE_RATE, "silence")
    assert not audio.open(audio.add(silence)).samples.any()
