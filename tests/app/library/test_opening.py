"""The library opens with somebody to practise, and with what earlier versions have left."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sqlalchemy import select

from app.library import attempts, learners
from app.library.models import Attempt
from app.library.opening import open_library
from app.library.store import open_store
from app.settings import Settings
from tests.assessment import examples

WHEN = datetime(2026, 11, 3, 14, 5, 6, 789_000, tzinfo=UTC)
STAMP = "2026-11-03T14-05-06-789000"


def left_by_the_first_version(folder: Path, stem: str = STAMP) -> Path:
    """Keep a reading as the first version did."""
    recordings = folder / "recordings"
    recordings.mkdir(parents=True, exist_ok=True)
    path = recordings / f"{stem}.flac"
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(16_000) / 16_000)
    soundfile.write(path, tone.astype(np.float32), 16_000, format="FLAC", subtype="PCM_16")
    path.with_suffix(".json").write_text(examples.good_reading().to_json(), encoding="utf-8")
    return path


def ids(folder: Path) -> list[str]:
    store = open_store(folder)
    with store.reading() as session:
        return list(session.scalars(select(Attempt.id)))


def test_a_new_library_has_somebody_to_practise(tmp_path: Path) -> None:
    opened = open_library(tmp_path, Settings().changed("learner", name="Amina"))
    assert [each.name for each in learners.all_learners(opened.store)] == ["Amina"]
    assert opened.learner_id == opened.learner.id


def test_whoever_practised_last_practises_again(tmp_path: Path) -> None:
    opened = open_library(tmp_path, Settings())
    other = learners.add(opened.store, "Berit")
    opened.store.close()
    again = open_library(tmp_path, Settings().changed("learner", id=other.id, name="Berit"))
    assert again.learner.id == other.id
    assert len(learners.all_learners(again.store)) == 2


@pytest.mark.parametrize("name", ["Berit", "somebody else"])
def test_settings_that_know_nobody_take_whoever_has_the_name_or_anybody(tmp_path: Path, name: str) -> None:
    opened = open_library(tmp_path, Settings().changed("learner", name="Amina"))
    learners.add(opened.store, "Berit")
    opened.store.close()
    again = open_library(tmp_path, Settings().changed("learner", id="f" * 32, name=name))
    assert again.learner.name == ("Berit" if name == "Berit" else "Amina")


def test_readings_of_the_first_version_are_taken_in(tmp_path: Path) -> None:
    path = left_by_the_first_version(tmp_path)
    opened = open_library(tmp_path, Settings())
    opened.store.close()
    (kept,) = (attempts.load(open_store(tmp_path), each) for each in ids(tmp_path))
    assert kept.assessment == examples.good_reading()
    assert kept.row.started == WHEN
    assert kept.row.learner_id == opened.learner_id
    assert kept.recording is not None
    assert kept.recording.duration == 1.0
    assert not path.exists()
    assert not path.with_suffix(".json").exists()


def test_readings_of_the_first_version_that_cannot_be_read_stay(tmp_path: Path) -> None:
    damaged = left_by_the_first_version(tmp_path)
    damaged.with_suffix(".json").write_text("{", encoding="utf-8")
    foreign = left_by_the_first_version(tmp_path, "holiday")
    alone = left_by_the_first_version(tmp_path, "2026-11-03T14-05-06-000001")
    alone.with_suffix(".json").unlink()
    open_library(tmp_path, Settings()).store.close()
    assert ids(tmp_path) == []
    assert all(path.exists() for path in (damaged, foreign, alone))


def test_readings_that_were_taken_in_before_a_power_cut_are_not_taken_twice(tmp_path: Path) -> None:
    left_by_the_first_version(tmp_path)
    open_library(tmp_path, Settings()).store.close()
    left_by_the_first_version(tmp_path)
    open_library(tmp_path, Settings()).store.close()
    assert len(ids(tmp_path)) == 1
