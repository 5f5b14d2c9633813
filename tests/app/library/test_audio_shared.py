"""On a server the recordings are everybody's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine

from app.library import attempts, learners
from app.library.archive import export_all
from app.library.audio_shared import SharedAudioStore
from app.library.audio_store import AudioStore
from app.library.errors import LibraryError
from app.library.health import examine
from app.library.records import Purpose
from app.library.store import RECORDINGS, Store, open_store
from app.library.upkeep import upkeep
from assessment.control import Control
from tests.app.library.conftest import STARTED, tone
from tests.assessment import examples
from tests.postgresql import Server


@pytest.fixture
def here(tmp_path: Path, url: str) -> Iterator[Store]:
    opened = open_store(tmp_path / "here", url)
    yield opened
    opened.close()


@pytest.fixture
def there(tmp_path: Path, url: str, here: Store) -> Iterator[Store]:
    """The same library, opened on another computer."""
    opened = open_store(tmp_path / "there", url)
    yield opened
    opened.close()


def read_here(store: Store, pitch: int = 220) -> str:
    mia = learners.add(store, "Mia").id
    return attempts.add(store, Purpose(mia), tone(pitch), examples.good_reading(), STARTED)


def test_what_was_recorded_on_one_computer_is_heard_on_another(here: Store, there: Store) -> None:
    found = attempts.load(there, read_here(here)).recording
    assert found is not None
    assert np.abs(found.samples - tone(220).samples).max() < 1e-3


def test_what_was_deleted_on_one_computer_is_nowhere_any_more(here: Store, there: Store) -> None:
    attempt_id = read_here(here)
    digest = attempts.load(there, attempt_id).row.recording
    assert digest is not None
    attempts.delete(here, [attempt_id])
    assert there.audio.digests() == {digest}  # this computer's copy
    assert here.audio.digests() == set()
    path = there.audio.path(digest)
    os.utime(path, (0, 0))
    upkeep(there, "always")
    assert there.audio.digests() == set()
    assert not path.exists()


def test_a_recording_that_is_nowhere_is_missing_and_no_error(here: Store) -> None:
    attempt_id = read_here(here)
    for digest in here.audio.digests():
        assert here.audio.remove(digest)
        assert not here.audio.remove(digest)
    assert attempts.load(here, attempt_id).recording is None


def test_recordings_of_a_library_of_before_are_given_to_the_others(here: Store, there: Store) -> None:
    attempt_id = read_here(here)
    (digest,) = here.audio.digests()
    data = here.audio.path(digest).read_bytes()
    here.audio.remove(digest)
    AudioStore(here.folder / RECORDINGS).add_file(data)  # as Elocute kept it before
    assert attempts.load(there, attempt_id).recording is None
    upkeep(here, "always")
    assert attempts.load(there, attempt_id).recording is not None


def test_an_archive_and_an_examination_have_the_recordings_of_all(
    here: Store, there: Store, tmp_path: Path
) -> None:
    read_here(here)
    read_here(there, 440)
    written = export_all(there, tmp_path / "all.elocute", Control())
    assert (written.recordings, written.missing) == (2, 0)
    health = examine(here, Control())
    assert (health.recordings, health.missing, health.damaged) == (2, 0, 0)


def test_a_server_that_is_gone_is_told(tmp_path: Path, server: Server) -> None:
    engine = create_engine("postgresql+psycopg://nobody@localhost:1/nothing")
    with pytest.raises(LibraryError, match="cannot be reached"):
        SharedAudioStore(tmp_path, engine).digests()
