"""Readings are kept as long as the settings say, whole or not at all."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.library.recordings import KeepError, keep, remove_old
from assessment.audio import Recording
from assessment.results import Assessment
from tests.assessment import examples

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def recording() -> Recording:
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(16_000) / 16_000)
    return Recording.from_samples(tone.astype(np.float32), 16_000, "a tone")


def test_a_reading_is_kept_with_its_assessment(tmp_path: Path, recording: Recording) -> None:
    assessment = examples.good_reading()
    path = keep(tmp_path / "kept", recording, assessment, NOW)
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == 16_000
    assert np.abs(samples - recording.samples).max() < 1e-4
    assert Assessment.from_json(path.with_suffix(".json").read_text(encoding="utf-8")) == assessment


def test_readings_of_one_day_do_not_replace_each_other(tmp_path: Path, recording: Recording) -> None:
    paths = {
        keep(tmp_path, recording, examples.good_reading(), NOW + timedelta(milliseconds=number))
        for number in range(3)
    }
    assert len(paths) == 3


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, recording: Recording) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KeepError, match="cannot be kept"):
        keep(tmp_path / "file", recording, examples.good_reading(), NOW)


@pytest.mark.parametrize(("keeping", "left"), [("always", 3), ("30-days", 2), ("never", 0)])
def test_old_readings_are_deleted_as_the_settings_say(
    tmp_path: Path, recording: Recording, keeping: str, left: int
) -> None:
    for days in (1, 29, 31):
        keep(tmp_path, recording, examples.good_reading(), NOW - timedelta(days=days))
    assert remove_old(tmp_path, keeping, NOW) == 3 - left
    assert len(list(tmp_path.glob("*.flac"))) == len(list(tmp_path.glob("*.json"))) == left


def test_files_of_other_names_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.flac").write_bytes(b"")
    assert remove_old(tmp_path, "never", NOW) == 0
    assert (tmp_path / "mine.flac").exists()
    assert remove_old(tmp_path / "missing", "never", NOW) == 0


@pytest.mark.parametrize("broken", ["replace", "write_text"])
def test_a_reading_that_cannot_be_written_leaves_nothing_half_done(
    tmp_path: Path, recording: Recording, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "replace") if broken == "replace" else (Path, "write_text")), full)
    with pytest.raises(KeepError, match="Make room on the disk"):
        keep(tmp_path, recording, examples.good_reading(), NOW)
    assert list(tmp_path.iterdir()) == []


def test_the_name_tells_the_moment_in_universal_time(tmp_path: Path, recording: Recording) -> None:
    east = datetime(2026, 5, 4, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    path = keep(tmp_path, recording, examples.good_reading(), east)
    assert path.name == "2026-05-03T20-00-00-000000.flac"


@pytest.mark.parametrize("name", ["2026-13-45T99-99-99-0.flac", ".flac", "2020-01-01.flac", "ü.flac"])
def test_damaged_names_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert remove_old(tmp_path, "never", NOW) == 0
    assert (tmp_path / name).exists()


def test_a_reading_that_lost_its_assessment_is_deleted_all_the_same(
    tmp_path: Path, recording: Recording
) -> None:
    path = keep(tmp_path, recording, examples.good_reading(), NOW - timedelta(days=40))
    path.with_suffix(".json").unlink()
    assert remove_old(tmp_path, "30-days", NOW) == 1
    assert list(tmp_path.iterdir()) == []


def test_one_that_cannot_be_deleted_does_not_keep_the_others(
    tmp_path: Path, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = (
        keep(tmp_path, recording, examples.good_reading(), NOW - timedelta(days=days)) for days in (40, 41)
    )
    unlink = Path.unlink

    def unless_stuck(path: Path, missing_ok: bool = False) -> None:
        if path == stuck:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unless_stuck)
    assert remove_old(tmp_path, "30-days", NOW) == 1
    assert stuck.exists()
    assert not other.exists()
