"""Readings are kept as long as the settings say, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
