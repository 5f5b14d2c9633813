"""A journal loses nothing that was written, belongs to who writes it, and is given back when they die."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audio.devices import Problem, SoundError
from app.audio.journal import Abandoned, Journal, abandoned

STARTED = datetime(2026, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))
WRITE = """
import sys, time
from pathlib import Path
import numpy as np
from app.audio.journal import Journal
journal = Journal.begin(Path(sys.argv[1]), sys.argv[2])
journal.add(np.full(8_000, 0.25, np.float32))
print("written", flush=True)
time.sleep(60)
"""


def blocks(count: int) -> list[np.ndarray]:
    generator = np.random.default_rng(1)
    return [generator.uniform(-1.0, 1.0, 800).astype(np.float32) for _ in range(count)]


def left_behind(folder: Path, *written: np.ndarray, text: str = "The river.") -> Path:
    journal = Journal.begin(folder, text, {"learner": "Zoë"}, STARTED)
    for block in written:
        journal.add(block)
    journal.close()
    return journal.path


def test_what_was_written_is_read_bit_for_bit(tmp_path: Path) -> None:
    written = blocks(5)
    left_behind(tmp_path / "new" / "folder", *written)
    (left,) = abandoned(tmp_path / "new" / "folder")
    take = left.read()
    np.testing.assert_array_equal(take.samples, np.concatenate(written))
    assert take.samples.dtype == np.float32
    assert (take.text, take.started, take.extra) == ("The river.", STARTED, {"learner": "Zoë"})
    assert take.seconds == 0.25


@given(text=st.text(), extra=st.dictionaries(st.text(), st.text(), max_size=3))
def test_any_text_is_kept(tmp_path_factory: pytest.TempPathFactory, text: str, extra: dict[str, str]) -> None:
    folder = tmp_path_factory.mktemp("journals")
    journal = Journal.begin(folder, text, extra)
    journal.add(np.ones(3, np.float32))
    journal.close()
    take = Abandoned(journal.path).read()
    assert (take.text, take.extra, len(take.samples)) == (text, extra, 3)
    assert abs(datetime.now(UTC) - take.started) < timedelta(minutes=5)


@given(lost=st.integers(0, 6_400))
def test_a_file_that_was_cut_off_gives_all_whole_samples(
    tmp_path_factory: pytest.TempPathFactory, lost: int
) -> None:
    written = np.concatenate(blocks(2))
    path = left_behind(tmp_path_factory.mktemp("journals"), written)
    os.truncate(path, path.stat().st_size - lost)
    samples = Abandoned(path).read().samples
    assert len(samples) == (written.nbytes - lost) // 4
    np.testing.assert_array_equal(samples, written[: len(samples)])


HEADER = {"format": "elocute-take", "version": 1, "rate": 16_000, "sample": "float32le"}


@pytest.mark.parametrize(
    "content",
    [
        b"nothing",
        b"\x00" * 5_000,
        b"{\n",
        b'{"format": "elo',
        b"[]\n",
        b"[" * 100_000 + b"\n",
        b"\xff\xfe\n",
        json.dumps(HEADER).encode() + b"\n",
        json.dumps({**HEADER, "text": "a", "started": "2026-03-01T12:00:00", "extra": {}}).encode() + b"\n",
        json.dumps({**HEADER, "text": 3, "started": STARTED.isoformat(), "extra": {}}).encode() + b"\n",
        json.dumps({**HEADER, "text": "a", "started": STARTED.isoformat(), "extra": []}).encode() + b"\n",
        json.dumps(
            {**HEADER, "version": 2, "text": "a", "started": STARTED.isoformat(), "extra": {}}
        ).encode()
        + b"\n",
    ],
)
def test_a_damaged_header_is_told_and_the_file_is_set_aside_not_deleted(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "20260301T123000Z-1234abcd.take"
    path.write_bytes(content)
    (left,) = abandoned(tmp_path)
    with pytest.raises(SoundError, match="damaged") as problem:
        left.read()
    assert problem.value.problem == Problem.JOURNAL
    assert abandoned(tmp_path) == []
    (kept,) = tmp_path.iterdir()
    assert kept.name.endswith(".take.damaged")
    assert kept.read_bytes() == content


@given(st.binary(max_size=300))
def test_whatever_is_in_a_file_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("journals") / "a.take"
    path.write_bytes(content)
    with pytest.raises(SoundError):
        Abandoned(path).read()


def test_a_journal_belongs_to_the_process_that_writes_it_until_it_dies(tmp_path: Path) -> None:
    own = Journal.begin(tmp_path, "ours")
    other = subprocess.Popen(
        [sys.executable, "-c", WRITE, str(tmp_path), "theirs"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "written\n"
        own.add(np.ones(5, np.float32))
        assert len(list(tmp_path.iterdir())) == 2
        assert abandoned(tmp_path) == []
        other.kill()
        other.wait(timeout=30)
        (left,) = abandoned(tmp_path)
        take = left.read()
        assert (take.text, len(take.samples)) == ("theirs", 8_000)
    finally:
        other.kill()
        other.wait(timeout=30)
        if other.stdout is not None:
            other.stdout.close()
    own.close()
    assert len(abandoned(tmp_path)) == 2


def test_a_finished_journal_stays_ours_until_it_is_let_go(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, "One.")
    journal.add(np.ones(5, np.float32))
    journal.finish()
    journal.finish()
    journal.add(np.ones(5, np.float32))
    assert abandoned(tmp_path) == []
    journal.close()
    journal.close()
    (left,) = abandoned(tmp_path)
    assert len(left.read().samples) == 5


def test_what_was_discarded_is_gone(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, "One.")
    journal.add(np.ones(5, np.float32))
    journal.discard()
    path = left_behind(tmp_path, *blocks(1))
    Abandoned(path).discard()
    Abandoned(path).discard()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_window_has_only_just_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "20260301T123000Z-1234abcd.take").touch()
    assert abandoned(tmp_path) == []
    assert len(list(tmp_path.iterdir())) == 1


def test_where_there_are_no_journals_none_are_found(tmp_path: Path) -> None:
    assert abandoned(tmp_path / "missing") == []


def test_the_oldest_comes_first(tmp_path: Path) -> None:
    for hour in (14, 9, 11):
        Journal.begin(tmp_path, str(hour), started=STARTED.replace(hour=hour)).close()
    assert [left.read().text for left in abandoned(tmp_path)] == ["9", "11", "14"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full (Linux)")
def test_a_full_disk_is_told_once_and_what_was_written_stays(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, "One.")
    journal.add(np.ones(5, np.float32))
    spare = os.dup(journal._descriptor)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, journal._descriptor)
    with pytest.raises(SoundError, match="disk is full") as problem:
        journal.add(np.ones(5, np.float32))
    assert problem.value.problem == Problem.JOURNAL
    journal.add(np.ones(5, np.float32))
    journal.close()
    os.close(full)
    os.close(spare)
    (left,) = abandoned(tmp_path)
    assert len(left.read().samples) == 5


def test_a_disk_that_takes_a_part_then_fails_keeps_the_whole_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal.begin(tmp_path, "One.")
    write, parts = os.write, [6, 3]

    def failing(descriptor: int, content: memoryview) -> int:
        if not parts:
            raise OSError(errno.EIO, "Input/output error")
        return write(descriptor, content[: parts.pop(0)])

    monkeypatch.setattr("app.audio.journal.os.write", failing)
    with pytest.raises(SoundError, match="Input/output error"):
        journal.add(np.arange(5, dtype=np.float32))
    monkeypatch.undo()
    journal.close()
    (left,) = abandoned(tmp_path)
    np.testing.assert_array_equal(left.read().samples, [0.0, 1.0])


def test_a_disk_that_is_full_from_the_start_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, content: memoryview) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.audio.journal.os.write", full)
    with pytest.raises(SoundError, match="disk is full"):
        Journal.begin(tmp_path, "One.")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SoundError, match="cannot be written"):
        Journal.begin(tmp_path / "file" / "journals", "One.")


def test_an_abandoned_file_that_vanished_is_told(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"gone\.take"):
        Abandoned(tmp_path / "gone.take").read()
