"""Backups are whole or not there, made while the library is in use, thinned so that none is missed."""

from __future__ import annotations

import os
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library import attempts, backup_copy, backups, learners
from app.library.backup_ages import MONTHLY_FOR, kept
from app.library.backup_copy import opened
from app.library.backups import Backup, back_up, restore, thin
from app.library.errors import LibraryError
from app.library.records import LearnerRow
from app.library.store import DATABASE, Store, open_store
from assessment.control import Control
from assessment.errors import Cancelled
from tests.app.library.conftest import Read
from tests.app.library.disk import small_disk

NOW = datetime(2026, 5, 4, 12, 0, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
LATER = st.timedeltas(timedelta(0), timedelta(days=800))


def names(store: Store) -> list[str]:
    folder = store.folder / backups.BACKUPS
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def name_of(learner: LearnerRow, store: Store) -> str:
    return next(each.name for each in learners.all_learners(store) if each.id == learner.id)


def read_backup(path: Path, wanted: str) -> list[tuple[object, ...]]:
    with opened(path) as connection:
        return connection.execute(wanted).fetchall()


def damage(path: Path) -> None:
    """Write nonsense over every page but the first."""
    data = bytearray(path.read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)
    path.write_bytes(data)


# --- making ---------------------------------------------------------------------------------


def test_a_backup_holds_what_the_library_held(store: Store, learner: LearnerRow, read: Read) -> None:
    read()
    read(1)
    path = back_up(store, NOW)
    assert path == store.folder / "backups" / "library-2026-05-04T12-00-01.db"
    assert backups.backups(store.folder) == [Backup(path, NOW, path.stat().st_size, 1, 2)]
    assert read_backup(path, "SELECT name FROM learners") == [(learner.name,)]
    assert names(store) == [path.name]


def test_a_backup_is_one_file_that_needs_no_other(store: Store, learner: LearnerRow, tmp_path: Path) -> None:
    path = back_up(store, NOW)
    assert path
    alone = tmp_path / "elsewhere.db"
    alone.write_bytes(path.read_bytes())
    connection = sqlite3.connect(alone)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert connection.execute("SELECT count(*) FROM learners").fetchone() == (1,)
    connection.close()


def test_a_second_backup_waits_for_half_an_hour(store: Store) -> None:
    assert back_up(store, NOW)
    assert back_up(store, NOW + timedelta(minutes=29, seconds=59)) is None
    assert back_up(store, NOW + timedelta(minutes=30))
    assert len(names(store)) == 2


def test_a_backup_that_is_wanted_is_made_at_once_and_replaces_none(store: Store) -> None:
    paths = [back_up(store, NOW, force=True) for _ in range(3)]
    assert len(set(paths)) == len(names(store)) == 3


def test_a_clock_that_was_ahead_once_does_not_stop_backups(store: Store) -> None:
    back_up(store, NOW + timedelta(days=400))
    assert back_up(store, NOW)


def test_a_backup_is_made_while_somebody_writes(store: Store, learner: LearnerRow) -> None:
    with store.writing() as session:
        session.connection().exec_driver_sql("UPDATE learners SET name = 'unfinished'")
        path = back_up(store, NOW)
    assert path
    assert read_backup(path, "SELECT name FROM learners") == [("Mia",)]
    assert name_of(learner, store) == "unfinished"


def test_backups_that_are_wanted_at_once_are_made_one_after_the_other(store: Store) -> None:
    threads = [threading.Thread(target=back_up, args=(store, NOW)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(store)) == 1


def test_a_backup_that_is_stopped_leaves_nothing(store: Store, read: Read) -> None:
    read()
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        back_up(store, NOW, control=control)
    assert names(store) == []


def test_a_backup_on_a_full_disk_is_told_and_leaves_nothing(store: Store, read: Read) -> None:
    read()
    with small_disk(20_000), pytest.raises(LibraryError, match="disk is full"):
        back_up(store, NOW)
    assert names(store) == []
    assert back_up(store, NOW)


def test_what_a_power_cut_left_of_a_backup_is_cleared_away(store: Store) -> None:
    folder = store.folder / "backups"
    folder.mkdir()
    for left in (".library-ab12.unfinished", ".library-ab12.unfinished-journal"):
        (folder / left).write_bytes(b"half")
    assert backups.backups(store.folder) == []
    path = back_up(store, NOW)
    assert path
    assert names(store) == [path.name]


def test_a_backup_is_told_from_other_files(store: Store) -> None:
    back_up(store, NOW)
    folder = store.folder / "backups"
    for name in (
        "library-2026-02-31T00-00-00.db",
        "library.db",
        "notes.txt",
        "library-2026-05-04T12-00-01.db-old",
    ):
        (folder / name).write_bytes(b"other")
    (folder / "library-2026-05-04T13-00-00.db").mkdir()
    assert [backup.when for backup in backups.backups(store.folder)] == [NOW]


def test_a_damaged_backup_is_listed_without_numbers(store: Store, read: Read) -> None:
    read()
    path = back_up(store, NOW)
    assert path
    path.write_bytes(b"not a database" * 1000)
    (listed,) = backups.backups(store.folder)
    assert (listed.learners, listed.attempts) == (None, None)


def test_the_backups_of_a_server_are_its_own(tmp_path: Path, url: str) -> None:
    on_server = open_store(tmp_path / "server", url)
    try:
        assert back_up(on_server, NOW) is None
        with pytest.raises(LibraryError, match="pg_dump"):
            back_up(on_server, NOW, force=True)
        assert names(on_server) == []
    finally:
        on_server.close()


# --- thinning -------------------------------------------------------------------------------


@given(st.sets(MOMENTS), MOMENTS)
def test_thinning_twice_is_thinning_once(dates: set[datetime], now: datetime) -> None:
    once = kept(dates, now)
    assert once <= dates
    assert kept(once, now) == once


@given(st.sets(MOMENTS, min_size=1), MOMENTS)
def test_the_newest_backup_is_never_deleted(dates: set[datetime], now: datetime) -> None:
    assert max(dates) in kept(dates, now)


@given(st.sets(MOMENTS, min_size=1), LATER)
def test_every_month_of_the_last_year_stays_reachable(dates: set[datetime], later: timedelta) -> None:
    now = max(dates) + later
    year = {date for date in dates if now - date < MONTHLY_FOR}
    stay = kept(dates, now)
    assert {(date.year, date.month) for date in year} <= {(date.year, date.month) for date in stay}
    if year:  # the month of the oldest is one of them
        assert any(date >= min(year) and date.month == min(year).month for date in stay)


@given(st.sets(MOMENTS), MOMENTS, LATER)
def test_time_never_brings_a_backup_back(dates: set[datetime], now: datetime, later: timedelta) -> None:
    past = {date for date in dates if date <= now}
    assert kept(past, now + later) <= kept(past, now)


@given(st.lists(MOMENTS, unique=True, min_size=1), LATER)
def test_thinning_often_loses_no_more_than_thinning_once(dates: list[datetime], later: timedelta) -> None:
    left: set[datetime] = set()
    for date in sorted(dates):
        left = kept(left | {date}, date)
    end = max(dates) + later
    assert kept(left, end) == kept(dates, end)


def test_a_backup_an_hour_for_a_year_leaves_few() -> None:
    hours = {NOW - timedelta(hours=hour) for hour in range(24 * 365)}
    stay = kept(hours, NOW)
    assert {date for date in hours if NOW - date < timedelta(days=2)} <= stay
    assert 48 + 12 + 6 + 10 <= len(stay) <= 48 + 13 + 7 + 13
    ages = sorted((NOW - date).days for date in stay)
    gaps = [later - earlier for earlier, later in pairwise(ages)]
    assert max(gaps) <= 31


def test_only_backups_that_need_not_be_kept_are_deleted(store: Store) -> None:
    for hours in (0, 1, 70, 71, 72):
        back_up(store, NOW - timedelta(hours=hours), force=True)
    (store.folder / "backups" / "notes.txt").write_text("mine")
    assert thin(store.folder, NOW) == 2
    assert [backup.when for backup in backups.backups(store.folder)] == [
        NOW - timedelta(hours=hours) for hours in (0, 1, 70)
    ]
    assert (store.folder / "backups" / "notes.txt").exists()


# --- restoring ------------------------------------------------------------------------------


def test_a_restored_library_is_as_it_was_and_the_present_one_is_kept(
    store: Store, learner: LearnerRow, read: Read
) -> None:
    first = read()
    path = back_up(store, NOW)
    assert path
    second = read(60)
    learners.rename(store, learner.id, "Mia Later")
    store.close()
    aside = restore(store.folder, path, NOW + timedelta(hours=1))
    with_aside = {backup.path: backup.attempts for backup in backups.backups(store.folder)}
    assert with_aside == {path: 1, aside: 2}
    again = open_store(store.folder)
    assert name_of(learner, again) == "Mia"
    assert attempts.load(again, first).recording is not None
    with pytest.raises(LibraryError):
        attempts.load(again, second)
    again.close()
    assert aside
    restore(store.folder, aside, NOW + timedelta(hours=2))
    third = open_store(store.folder)
    assert attempts.load(third, second).recording is not None
    third.close()


def test_a_restored_reading_whose_recording_was_deleted_is_shown_without_it(store: Store, read: Read) -> None:
    attempt = read()
    path = back_up(store, NOW)
    assert path
    attempts.delete(store, [attempt])
    store.close()
    restore(store.folder, path, NOW)
    again = open_store(store.folder)
    assert attempts.load(again, attempt).recording is None
    again.close()


def test_changes_that_are_only_in_the_log_are_in_what_is_put_aside(store: Store, learner: LearnerRow) -> None:
    path = back_up(store, NOW)
    assert path
    learners.rename(store, learner.id, "Only in the log")
    assert (store.folder / f"{DATABASE}-wal").stat().st_size > 0
    store.close()
    aside = restore(store.folder, path, NOW)
    assert aside
    assert read_backup(aside, "SELECT name FROM learners") == [("Only in the log",)]
    assert not (store.folder / f"{DATABASE}-wal").exists()


def test_a_damaged_backup_is_refused_and_the_library_stays(
    store: Store, learner: LearnerRow, read: Read
) -> None:
    read()
    path = back_up(store, NOW)
    assert path
    store.close()
    before = (store.folder / DATABASE).read_bytes()
    damage(path)
    with pytest.raises(LibraryError, match="is damaged"):
        restore(store.folder, path, NOW)
    assert (store.folder / DATABASE).read_bytes() == before
    assert names(store) == [path.name]


def test_a_database_that_is_no_library_is_refused(store: Store) -> None:
    path = store.folder / "backups" / "library-2026-01-01T00-00-00.db"
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    with pytest.raises(LibraryError, match="no library"):
        restore(store.folder, path, NOW)


def test_a_backup_that_is_gone_is_told(store: Store) -> None:
    with pytest.raises(LibraryError, match="not there any more"):
        restore(store.folder, store.folder / "backups" / "library-2026-01-01T00-00-00.db", NOW)


def test_a_library_in_use_is_not_replaced(
    store: Store, learner: LearnerRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_copy, "PATIENCE_SECONDS", 0.1)
    path = back_up(store, NOW)
    assert path
    learners.rename(store, learner.id, "Now")
    with store.reading() as session:
        session.connection().exec_driver_sql("SELECT * FROM learners").fetchone()
        with pytest.raises(LibraryError, match="in use"):
            restore(store.folder, path, NOW)
    assert name_of(learner, store) == "Now"


def test_a_damaged_library_is_replaced_and_kept_as_it_is(
    store: Store, learner: LearnerRow, read: Read
) -> None:
    for minutes in range(5):
        read(minutes)
    path = back_up(store, NOW)
    assert path
    store.close()
    damage(store.folder / DATABASE)
    before = (store.folder / DATABASE).read_bytes()
    aside = restore(store.folder, path, NOW)
    assert aside is not None
    assert aside.name.startswith("damaged-")
    assert aside.read_bytes() == before
    assert backups.damaged(store.folder) == [aside]
    again = open_store(store.folder)
    assert name_of(learner, again) == "Mia"
    again.close()


@pytest.mark.parametrize("left", [b"", b"nonsense" * 2000], ids=["empty", "nonsense"])
def test_whatever_is_in_the_place_of_the_database_a_backup_replaces_it(
    store: Store, learner: LearnerRow, left: bytes
) -> None:
    path = back_up(store, NOW)
    assert path
    store.close()
    (store.folder / DATABASE).write_bytes(left)
    restore(store.folder, path, NOW)
    again = open_store(store.folder)
    assert name_of(learner, again) == "Mia"
    again.close()


def test_a_library_whose_database_was_deleted_is_restored(store: Store, learner: LearnerRow) -> None:
    path = back_up(store, NOW)
    assert path
    store.close()
    (store.folder / DATABASE).unlink()
    # A log without its database must not be taken for that of the backup.
    (store.folder / f"{DATABASE}-wal").write_bytes(os.urandom(5000))
    assert restore(store.folder, path, NOW) is None
    again = open_store(store.folder)
    assert name_of(learner, again) == "Mia"
    again.close()


def test_restoring_on_a_full_disk_is_told_and_changes_nothing(store: Store, learner: LearnerRow) -> None:
    path = back_up(store, NOW)
    assert path
    learners.rename(store, learner.id, "Now")
    store.close()
    before = sorted(each.name for each in store.folder.rglob("*"))
    with small_disk(20_000), pytest.raises(LibraryError, match="disk is full"):
        restore(store.folder, path, NOW)
    assert sorted(each.name for each in store.folder.rglob("*")) == before
    again = open_store(store.folder)
    assert name_of(learner, again) == "Now"
    again.close()
