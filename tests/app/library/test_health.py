"""A check finds what is damaged or missing, and what lies where is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.library import backups
from app.library.errors import DamagedLibraryError
from app.library.health import Health, examine, measure
from app.library.models import now
from app.library.store import Store, open_store
from assessment.control import Control
from assessment.errors import Cancelled
from tests.app.library.filled import fill


def test_a_sound_library_is_found_sound(store: Store) -> None:
    fill(store, "Mia")
    assert examine(store, Control()) == Health(4, 0, 0)


def test_what_is_missing_or_damaged_is_counted(store: Store) -> None:
    fill(store, "Mia")
    first, second, *_ = sorted(store.audio.digests())
    store.audio.remove(first)
    store.audio.path(second).write_bytes(b"something else")
    assert examine(store, Control()) == Health(3, 1, 1)


def test_a_damaged_database_is_told(store: Store) -> None:
    fill(store, "Mia")
    store.close()
    database = store.folder / "library.db"
    data = database.read_bytes()
    database.write_bytes(data[:4096] + b"\x5a" * (len(data) - 4096))
    with pytest.raises(DamagedLibraryError):
        examine(store, Control())


def test_a_check_can_be_stopped(store: Store) -> None:
    fill(store, "Mia")
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        examine(store, control)


def test_what_lies_where_is_measured(store: Store) -> None:
    mia = fill(store, "Mia")
    backup = backups.back_up(store, now())
    assert backup
    found = measure(store.folder, store)
    assert (found.folder, found.server, found.recordings) == (store.folder, "", 4)
    assert found.recording_bytes == sum(
        store.audio.path(each).stat().st_size for each in store.audio.digests()
    )
    assert found.backup_bytes == backup.stat().st_size
    assert found.database_bytes >= (store.folder / "library.db").stat().st_size
    assert [each.id for each in found.learners] == [mia.id]


def test_without_an_open_library_its_files_are_measured(tmp_path: Path) -> None:
    found = measure(tmp_path, None)
    assert (found.database_bytes, found.recordings, found.backups, found.learners) == (0, 0, (), ())


def test_of_a_library_on_a_server_its_address_is_told(tmp_path: Path, url: str) -> None:
    on_server = open_store(tmp_path, url)
    try:
        fill(on_server, "Mia")
        found = measure(tmp_path, on_server)
        assert found.server.startswith("postgresql")
        assert (found.database_bytes, found.recordings, len(found.learners)) == (0, 4, 1)
        assert examine(on_server, Control()) == Health(4, 0, 0)
    finally:
        on_server.close()
