"""A library on a real PostgreSQL server: what is said of it and of its troubles; see also the tests with
`any_store` and `url_or_none`, which run on both databases."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, inspect, select, text

from app.library import attempts, learners, migrations
from app.library import store as module
from app.library.errors import LibraryError
from app.library.migrations import HEAD, VERSIONS, upgrade
from app.library.models import Attempt, Base, Learner
from app.library.records import LearnerRow, Purpose
from app.library.store import NEWER, Store, open_store
from assessment.audio import Recording
from assessment.results import Assessment
from tests.app.library.conftest import STARTED, Read, tone
from tests.postgresql import Server

NEXT = """
import os
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"

def upgrade():
    op.execute("UPDATE learners SET name = 'changed'")
    op.execute("DELETE FROM attempts")
    with op.batch_alter_table("learners") as table:
        table.add_column(sa.Column("nickname", sa.Text(), nullable=False, server_default=""))
        table.alter_column("name", new_column_name="called")
    {cut}
"""
PROGRAM = """
import sys
from pathlib import Path
from app.library import migrations, store

migrations.VERSIONS = Path(sys.argv[1])
store.HEAD = "9999"
store.open_store(Path(sys.argv[2]), sys.argv[3])
"""


@pytest.fixture
def store(tmp_path: Path, url: str) -> Iterator[Store]:
    opened = open_store(tmp_path / "library", url)
    yield opened
    opened.close()


def count(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count(Attempt.id))) or 0


def next_form(folder: Path, cut: str) -> Path:
    """Write the migrations of a later program."""
    versions = folder / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    (versions / "9999_next.py").write_text(NEXT.format(head=HEAD, cut=cut))
    return versions


# --- a library ----------------------------------------------------------------------------------


def test_only_recordings_lie_in_the_folder(store: Store, read: Read) -> None:
    read()
    assert store.database is None
    assert [path.name for path in store.folder.iterdir()] == ["recordings"]


def test_what_was_kept_is_there_when_it_is_opened_again(store: Store, read: Read, url: str) -> None:
    attempt_id = read()
    store.close()
    with contextlib.closing(open_store(store.folder, url)) as again:
        kept = attempts.load(again, attempt_id)
        assert (kept.row.learner, kept.row.started) == ("Mia", STARTED)
        assert kept.recording is not None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_addresses_of_all_kinds_are_understood(tmp_path: Path, url: str, scheme: str) -> None:
    with contextlib.closing(open_store(tmp_path, url.replace("postgresql", scheme, 1))) as store:
        assert learners.all_learners(store) == []


def test_the_address_is_told_without_the_password(tmp_path: Path, url: str) -> None:
    with contextlib.closing(open_store(tmp_path, url.replace("@", ":Geheim@", 1))) as store:
        assert "Geheim" not in store.url
        assert "elocute" in store.url


def test_foreign_keys_are_enforced(store: Store) -> None:
    with pytest.raises(LibraryError, match="foreign key"), store.writing() as session:
        session.execute(text("INSERT INTO goals VALUES ('1', 'nobody', 'days', 3, NULL, now())"))


def test_reading_cannot_write(store: Store, learner: LearnerRow) -> None:
    with pytest.raises(LibraryError, match="read-only transaction"), store.reading() as session:
        session.execute(text("DELETE FROM learners"))
    assert learners.all_learners(store) == [learner]
    learners.rename(store, learner.id, "Maria")  # the connection may write again


def test_a_letter_that_the_server_cannot_keep_is_told(store: Store) -> None:
    with pytest.raises(LibraryError, match="NUL"):
        learners.add(store, "M\x00ia")


# --- several at once ----------------------------------------------------------------------------


def test_two_programs_keep_what_both_read(
    store: Store, learner: LearnerRow, recording: Recording, assessment: Assessment, url: str, tmp_path: Path
) -> None:
    together = threading.Barrier(2)

    def read(first: int, opened: Store) -> None:
        together.wait()
        for number in range(first, first + 15):
            started = STARTED + timedelta(hours=number)
            attempts.add(opened, Purpose(learner.id), recording, assessment, started)

    with contextlib.closing(open_store(tmp_path / "other", url)) as other, ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(read, 0, store), pool.submit(read, 100, other)]:
            done.result()
        assert count(store) == count(other) == 30
        (row,) = learners.all_learners(other)
    assert (row.attempts, row.last) == (30, STARTED + timedelta(hours=114))


def test_an_attempt_that_two_threads_keep_is_kept_once(store: Store, read: Read) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(read, [0] * 8))) == 1
    assert count(store) == 1


def test_a_learner_is_not_deleted_while_an_attempt_is_kept(
    store: Store, learner: LearnerRow, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = attempts.review

    def delete_meanwhile(*arguments: Any) -> None:
        deleting.append(other.submit(learners.delete, store, learner.id))
        wait(deleting, timeout=0.3)
        review(*arguments)

    deleting: list[Future[None]] = []
    with ThreadPoolExecutor(1) as other:
        monkeypatch.setattr(attempts, "review", delete_meanwhile)
        read()
        deleting[0].result()
    assert (count(store), learners.all_learners(store), store.audio.digests()) == (0, [], set())


# --- trouble ------------------------------------------------------------------------------------


def test_a_server_that_is_gone_is_told_and_found_again(store: Store, read: Read, server: Server) -> None:
    attempt_id = read()
    with server.stopped():
        for use in (lambda: read(1), lambda: attempts.load(store, attempt_id)):
            with pytest.raises(LibraryError, match=r"cannot be used .* Check that it can be reached"):
                use()
        with pytest.raises(LibraryError, match="cannot be used"):
            open_store(store.folder, server.url)
    assert read(1) != attempt_id
    assert count(store) == 2
    assert len(store.audio.digests()) == 1


def test_a_server_that_fails_while_an_attempt_is_kept_keeps_nothing_of_it(
    store: Store, read: Read, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(0, tone(440))
    review = attempts.review

    def fail(*arguments: Any) -> None:
        server.stop()
        review(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(attempts, "review", fail)
        with pytest.raises(LibraryError, match="Check that it can be reached"):
            read(1)
    server.start()
    assert count(store) == 1
    read(1)
    assert count(store) == 2


def test_a_server_that_fails_while_something_is_read_is_told(
    store: Store, read: Read, server: Server
) -> None:
    read()

    def look_twice() -> None:
        with store.reading() as session:
            session.scalars(select(Learner)).all()
            with server.stopped():
                session.scalars(select(Attempt)).all()

    with pytest.raises(LibraryError, match="Check that it can be reached"):
        look_twice()
    assert count(store) == 1


def test_what_is_not_there_or_not_allowed_is_told_without_a_password(tmp_path: Path, url: str) -> None:
    for wrong in (
        url.replace("/postgres?", "/missing?"),
        url.replace("elocute@", "nobody:Geheim@"),
        url.replace("?host=", "?host=/nowhere"),
    ):
        with pytest.raises(LibraryError, match=r"cannot be used \(.+\)\. Check") as told:
            open_store(tmp_path, wrong)
        assert "Geheim" not in str(told.value)
        assert "\n" not in str(told.value)


# --- migrations ---------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", sorted(path.stem.split("_")[0] for path in VERSIONS.glob("[0-9]*.py")))
def test_a_library_of_every_form_is_opened(tmp_path: Path, url: str, revision: str) -> None:
    engine = create_engine(url.replace("postgresql", "postgresql+psycopg", 1))
    with engine.begin() as connection:
        upgrade(connection, revision)
        columns = {each["name"] for each in inspect(connection).get_columns("learners")}
        more, empty = (", number", ", ''") if "number" in columns else ("", "")
        added = f"(id, name, created, may_be_shared{more}) VALUES ('1', 'Mia', now(), false{empty})"
        connection.execute(text(f"INSERT INTO learners {added}"))
    with contextlib.closing(open_store(tmp_path, url)) as store:
        assert [each.name for each in learners.all_learners(store)] == ["Mia"]
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()


@pytest.mark.parametrize("cut", ['op.execute("SELECT 1 FROM nowhere")', "os._exit(9)"])
def test_a_migration_that_is_cut_off_leaves_the_old_library(
    store: Store, learner: LearnerRow, read: Read, tmp_path: Path, root: Path, cut: str, server: Server
) -> None:
    read()
    versions = next_form(tmp_path, cut)
    command = [sys.executable, "-c", PROGRAM, str(versions), str(store.folder), server.url]
    assert subprocess.run(command, cwd=root, check=False, stderr=subprocess.DEVNULL).returncode != 0
    with contextlib.closing(open_store(store.folder, server.url)) as again:
        assert not again.is_read_only
        assert [(each.name, each.attempts) for each in learners.all_learners(again)] == [("Mia", 1)]
        learners.rename(again, learner.id, "Maria")


def test_a_newer_library_can_only_be_looked_at(
    store: Store, learner: LearnerRow, tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "VERSIONS", next_form(tmp_path, "pass"))
        patch.setattr(module, "HEAD", "9999")
        open_store(store.folder, url).close()
    with contextlib.closing(open_store(store.folder, url)) as old:
        assert (old.is_read_only, old.note) == (True, NEWER)
        with old.reading() as session:
            assert session.scalar(text("SELECT called FROM learners")) == "changed"
        with pytest.raises(LibraryError, match="newer Elocute"):
            learners.delete(old, learner.id)
