"""An open library: how it is kept, who may use it at once, and what is said when something is wrong."""

from __future__ import annotations

import contextlib
import os
import pickle
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.library import attempts, learners
from app.library import store as module
from app.library.errors import DamagedLibraryError, LibraryError
from app.library.models import Learner
from app.library.records import LearnerRow, Purpose
from app.library.store import DATABASE, NEWER, Store, check, open_store
from assessment.results import Assessment
from tests.app.library.conftest import STARTED, Read, tone

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("DELETE FROM learners")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for others."""
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.05)


@pytest.fixture
def folder(store: Store, read: Read) -> Path:
    """The folder of a library that is closed and holds ten readings."""
    for minutes in range(10):
        read(minutes)
    store.close()
    return store.folder


@pytest.fixture
def newer(folder: Path) -> Path:
    """The folder of a library that a newer Elocute wrote."""
    with behind_its_back(folder / DATABASE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '8888'")
    return folder


@contextmanager
def behind_its_back(database: Path) -> Iterator[sqlite3.Connection]:
    """Change a database behind the back of the library."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        with connection:
            yield connection
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def opened(folder: Path, url: str | None = None) -> Iterator[Store]:
    with contextlib.closing(open_store(folder, url)) as made:
        yield made


def setting(store: Store, name: str) -> object:
    with store.reading() as session:
        return session.execute(text(f"PRAGMA {name}")).scalar()


def count(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count(Learner.id))) or 0


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- how it is kept -----------------------------------------------------------------------------


def test_a_library_is_made_with_its_folder(tmp_path: Path) -> None:
    with opened(tmp_path / "a" / "b") as store:
        assert store.database == tmp_path / "a" / "b" / "library.db"
        assert store.database.is_file()
        assert (store.is_read_only, store.note) == (False, "")


def test_what_was_kept_is_there_when_it_is_opened_again(folder: Path) -> None:
    with opened(folder) as store:
        (mia,) = learners.all_learners(store)
        assert (mia.name, mia.attempts) == ("Mia", 10)


def test_a_library_lies_in_a_folder_of_any_name(tmp_path: Path) -> None:
    name = "Zoë's 100% #1? 日本 &x=y"
    strange = tmp_path / (name.replace("?", "") if sys.platform == "win32" else name)
    for _ in range(2):
        with opened(strange) as store:
            learners.add(store, "Mia")
    with opened(strange) as store:
        assert count(store) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [strange.name]


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_a_file_is_safe_from_power_cuts_and_deletes_for_good(store: Store, name: str, value: object) -> None:
    assert setting(store, name) == value
    with store.writing() as session:
        assert session.execute(text(f"PRAGMA {name}")).scalar() == value


def test_foreign_keys_are_enforced_after_the_tables_were_made(store: Store) -> None:
    with pytest.raises(LibraryError, match="FOREIGN KEY"), store.writing() as session:
        session.execute(text("INSERT INTO goals VALUES ('1', 'nobody', 'days', 3, NULL, '2026-05-04')"))


def test_what_is_deleted_is_in_no_file_of_a_closed_library(store: Store, read: Read) -> None:
    secret = learners.add(store, "Unmistakable Name")
    read(learner_id=secret.id)
    assert any(b"Unmistakable Name" in data for data in contents(store.folder).values())
    learners.delete(store, secret.id)
    store.close()
    assert not any(b"Unmistakable Name" in data for data in contents(store.folder).values())
    assert list(store.audio.folder.rglob("*.flac")) == []


# --- together or not at all ---------------------------------------------------------------------


def test_changes_are_kept_together_or_not_at_all(store: Store) -> None:
    def stop_half_way() -> None:
        with store.writing() as session:
            session.add(Learner(name="Mia"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop_half_way()
    assert count(store) == 0


def test_a_full_disk_is_told_and_nothing_half_is_kept(store: Store, read: Read) -> None:
    def fill() -> None:
        with store.writing() as session:
            session.add(Learner(name="first"))
            session.flush()
            session.execute(text("PRAGMA max_page_count = 1"))
            session.add_all(Learner(name="long " * 10_000) for _ in range(100))

    with pytest.raises(LibraryError, match=r"is full\. Make room, then try again: nothing was lost"):
        fill()
    with store.writing() as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
    assert [each.name for each in learners.all_learners(store)] == ["Mia"]
    read()
    check(store.folder / DATABASE)


def test_reading_keeps_nothing(store: Store) -> None:
    with store.reading() as session:
        session.add(Learner(name="Mia"))
        session.flush()
    assert count(store) == 0


# --- several at once ----------------------------------------------------------------------------


def test_threads_write_one_after_the_other(store: Store) -> None:
    def add_to_name(learner_id: str) -> None:
        with store.writing() as session:
            known = session.get(Learner, learner_id)
            assert known is not None
            known.name += "x"

    mia = learners.add(store, "x")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_to_name, [mia.id] * 100))
    assert [each.name for each in learners.all_learners(store)] == ["x" * 101]


def test_two_programs_write_one_after_the_other(folder: Path) -> None:
    def add(store: Store) -> None:
        for _ in range(20):
            learners.add(store, "one more")

    with opened(folder) as first, opened(folder) as second, ThreadPoolExecutor(2) as pool:
        list(pool.map(add, [first, second]))
        assert count(first) == count(second) == 41


def test_reading_is_as_of_one_moment(tmp_path: Path, url_or_none: str | None) -> None:
    with opened(tmp_path, url_or_none) as store:
        learners.add(store, "Mia")
        with store.reading() as session:
            many = select(func.count(Learner.id))
            assert session.scalar(many) == 1
            with ThreadPoolExecutor(1) as other:
                other.submit(learners.add, store, "Ben").result()
            assert session.scalar(many) == 1
        assert count(store) == 2


def test_reading_goes_on_while_somebody_writes(store: Store, learner: LearnerRow) -> None:
    with store.writing() as session, ThreadPoolExecutor(1) as other:
        session.add(Learner(name="Ben"))
        session.flush()
        assert other.submit(count, store).result(timeout=5) == 1


def test_new_libraries_are_made_once_by_whoever_comes_first(tmp_path: Path, url_or_none: str | None) -> None:
    together = threading.Barrier(4)

    def make(_: int) -> None:
        together.wait()
        with opened(tmp_path, url_or_none) as store:
            learners.add(store, "Mia")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(4)))
    with opened(tmp_path, url_or_none) as store:
        assert count(store) == 4


def test_who_keeps_a_recording_loses_nothing_to_who_deletes_it(
    store: Store, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, keep = read(), store.audio.add_file

    def keep_while_it_is_deleted(said: bytes) -> str:
        digest = keep(said)
        deleting.append(other.submit(attempts.delete, store, [first]))
        wait(deleting, timeout=0.2)
        return digest

    deleting: list[Future[None]] = []
    with ThreadPoolExecutor(1) as other:
        monkeypatch.setattr(store.audio, "add_file", keep_while_it_is_deleted)
        second = read(1)
        deleting[0].result()
    assert attempts.load(store, second).recording is not None
    with pytest.raises(LibraryError):
        attempts.load(store, first)


@pytest.mark.usefixtures("impatient")
def test_another_program_that_writes_for_long_is_told(folder: Path) -> None:
    with opened(folder) as store:
        command = [sys.executable, "-c", HOLDER, str(folder / DATABASE)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdin is not None
            assert other.stdout is not None
            assert other.stdout.readline().strip() == b"held"
            with pytest.raises(LibraryError, match=r"in use by another program. Close that program"):
                learners.add(store, "Ben")
            assert count(store) == 1
            other.stdin.close()
        learners.add(store, "Ben")
        assert count(store) == 2


@pytest.mark.usefixtures("impatient")
def test_a_library_opens_while_another_program_writes(folder: Path) -> None:
    with opened(folder) as first, first.writing() as session:
        session.add(Learner(name="Ben"))
        session.flush()
        with opened(folder) as second:
            assert count(second) == 1


@pytest.mark.usefixtures("impatient")
def test_a_library_that_somebody_has_for_himself_does_not_open(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryError, match="locked") as told:
            open_store(folder)
    assert not isinstance(told.value, DamagedLibraryError)


# --- newer than the program ---------------------------------------------------------------------


def test_a_newer_library_can_be_looked_at(newer: Path) -> None:
    with opened(newer) as store:
        assert store.is_read_only
        assert store.note == NEWER
        (mia,) = learners.all_learners(store)
        with store.reading() as session:
            (first, *_) = session.execute(attempts.rows()).all()
        kept = attempts.load(store, attempts.row(first).id)
    assert (mia.name, mia.attempts) == ("Mia", 10)
    assert kept.recording is not None


def test_a_newer_library_is_not_written(newer: Path) -> None:
    before = contents(newer)
    with opened(newer) as store:
        mia = learners.all_learners(store)[0]
        refused = [
            lambda: learners.add(store, "Ben"),
            lambda: learners.rename(store, mia.id, "Maria"),
            lambda: learners.delete(store, mia.id),
            lambda: attempts.star(store, "any", True),
            lambda: attempts.delete(store, ["any"]),
        ]
        for change in refused:
            with pytest.raises(LibraryError, match=r"written by a newer Elocute.*Install the newest"):
                change()
        with pytest.raises(LibraryError, match="readonly"), store.reading() as session:
            session.execute(text("DELETE FROM learners"))
    assert contents(newer) == before


def test_an_attempt_that_a_newer_library_refuses_leaves_no_recording(
    newer: Path, assessment: Assessment
) -> None:
    before = contents(newer)
    with opened(newer) as store:
        purpose = Purpose(learners.all_learners(store)[0].id)
        with pytest.raises(LibraryError, match="newer Elocute"):
            attempts.add(store, purpose, tone(500), assessment, STARTED)
    assert contents(newer) == before


# --- damaged ------------------------------------------------------------------------------------


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def last_page_cut_off(data: bytes) -> bytes:
    return data[:-4096]


def overwritten(data: bytes) -> bytes:
    return data[:8192] + os.urandom(len(data) - 8192)


def beginning_overwritten(data: bytes) -> bytes:
    return os.urandom(4096) + data[4096:]


def another_file(_: bytes) -> bytes:
    return b"%PDF-1.7 this is something else" * 100


def zeros(data: bytes) -> bytes:
    return bytes(len(data))


def first_table_flipped(data: bytes) -> bytes:
    return data[:100] + bytes(255 - byte for byte in data[100:400]) + data[400:]


DAMAGES = [truncated, last_page_cut_off, overwritten, beginning_overwritten, another_file, zeros]


@pytest.mark.parametrize("damage", [*DAMAGES, first_table_flipped], ids=lambda damage: damage.__name__)
def test_a_damaged_library_is_told_and_left_as_it_is(folder: Path, damage: object) -> None:
    database = folder / DATABASE
    assert callable(damage)
    database.write_bytes(damage(database.read_bytes()))
    refused_and_left(folder)


def test_a_damaged_library_with_unfinished_business_is_left_as_it_is(folder: Path) -> None:
    database = folder / DATABASE
    with opened(folder) as store:
        learners.add(store, "Ben")  # is in the log beside the file
        killed = contents(folder)
    for name, data in killed.items():
        (folder / name).write_bytes(data)
    database.write_bytes(overwritten(database.read_bytes()))
    (folder / f"{DATABASE}-shm").unlink()
    assert (folder / f"{DATABASE}-wal").stat().st_size
    refused_and_left(folder)


def refused_and_left(folder: Path) -> None:
    before = contents(folder)
    for _ in range(2):
        with pytest.raises(DamagedLibraryError, match="restore a backup, or begin a new library"):
            open_store(folder)
    after = contents(folder)
    assert after | before == after  # what was there is as it was
    helpers = {name: after[name] for name in set(after) - set(before)}
    assert set(helpers) <= {f"{DATABASE}-wal", f"{DATABASE}-shm"}
    assert not helpers.get(f"{DATABASE}-wal")


def test_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    with opened(tmp_path) as store:
        assert count(store) == 0


def test_another_database_is_not_taken_for_a_library(tmp_path: Path) -> None:
    with behind_its_back(tmp_path / DATABASE) as connection:
        connection.execute("CREATE TABLE learners (something)")
    with pytest.raises(LibraryError):
        open_store(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        assert [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master")] == [
            "CREATE TABLE learners (something)"
        ]


# --- cannot be opened ---------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError, match=r"folder .* cannot be made \(.+\). Check that"):
        open_store(tmp_path / "file" / "library")
    with pytest.raises(LibraryError, match="cannot be made"):
        open_store(tmp_path / "file")


def test_a_database_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(LibraryError, match="cannot be opened"):
        open_store(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    folder.chmod(0o500)
    try:
        with pytest.raises(LibraryError, match=r"Check"):
            open_store(folder)
    finally:
        folder.chmod(0o700)


def test_a_disk_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(connection: sqlite3.Connection, _: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(module, "_set_up", broken)
    with pytest.raises(
        LibraryError, match=r"cannot be used \(disk I/O error\). Check that it can be reached"
    ):
        open_store(tmp_path)


@pytest.mark.parametrize("url", ["mysql://somebody@server/db", "library.db", "", "sqlite:///library.db"])
def test_an_address_of_another_kind_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(LibraryError, match=r"is no kind of library. Give the address of a PostgreSQL"):
        open_store(tmp_path, url)


@pytest.mark.parametrize("url", ["postgresql://user@server:port/db", "postgresql://[::1/db"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(LibraryError) as told:
        open_store(tmp_path, url)
    assert "postgresql://user@server/elocute" in str(told.value)


def test_no_message_tells_a_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="needs the Python package psycopg")
    for address in ("127.0.0.1:1/db", "127.0.0.1:port/db", "/db?host=/nowhere"):
        with pytest.raises(LibraryError) as told:
            open_store(tmp_path, f"postgresql://mia:Ge%20heim@{address}")
        assert "heim" not in str(told.value)


def test_another_process_that_is_sent_a_library_opens_it_for_itself(any_store: Store) -> None:
    with contextlib.closing(pickle.loads(pickle.dumps(any_store))) as again:
        learners.add(again, "Ada")
        digest = again.audio.add(tone(300))
    assert count(any_store) == 1
    assert any_store.audio.open(digest).duration == 0.5


def test_a_library_that_may_only_be_read_may_be_by_another_process_too(newer: Path) -> None:
    with opened(newer) as store, contextlib.closing(pickle.loads(pickle.dumps(store))) as again:
        assert again.note == NEWER
        assert count(again) == count(store)
        with pytest.raises(LibraryError, match="newer Elocute"):
            learners.add(again, "Ada")
