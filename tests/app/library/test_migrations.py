"""Every library that was ever released can be opened, and a migration that is cut off leaves the old one."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from app.library import attempts, learners, migrations
from app.library import store as module
from app.library.errors import LibraryError
from app.library.migrations import HEAD, VERSIONS, is_known
from app.library.models import Base
from app.library.store import DATABASE, open_store
from tests.app.library.make_schema import SCHEMAS

Rows = dict[str, list[dict[str, Any]]]

# It changes and deletes rows, and makes two tables anew: one that others refer to, and a large one.
NEXT = """
import os, signal, sys
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"

def upgrade():
    steps = [change, delete, learners_anew, attempts_anew, nothing]
    for number, step in enumerate(steps):
        if number == {cut_before}:
            {cut}
        step()

def change():
    op.execute("UPDATE learners SET name = 'changed'")

def delete():
    op.execute("DELETE FROM goals")

def learners_anew():
    with op.batch_alter_table("learners", recreate="always") as table:
        table.add_column(sa.Column("nickname", sa.Text(), nullable=False, server_default=""))

def attempts_anew():
    with op.batch_alter_table("attempts", recreate="always") as table:
        table.alter_column("text", new_column_name="said")
        table.drop_column("is_handed_in")

def nothing():
    pass
"""
# What has become of others' changes is not kept in memory, but written to the log.
SPILL = 'op.execute("PRAGMA cache_size = 1")'
PROGRAM = """
import sys
from pathlib import Path
from app.library import migrations, store

migrations.VERSIONS = Path(sys.argv[1])
migrations.HEAD = store.HEAD = "9999"
store.open_store(Path(sys.argv[2]), *sys.argv[3:])
"""


def revisions() -> list[str]:
    """Return all forms of the tables, the oldest first."""
    return [script.revision for script in scripts().walk_revisions()][::-1]


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    return ScriptDirectory.from_config(config)


def database(folder: Path, revision: str) -> Path:
    """Make a library as the program left it that had tables of this form."""
    path = folder / DATABASE
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript((SCHEMAS / f"{revision}.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def rows(path: Path) -> Rows:
    """Return what is in all tables."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            table: sorted(map(dict, connection.execute(f'SELECT * FROM "{table}"')), key=repr)
            for table in tables
        }


def is_sound(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        checks = [
            connection.execute(f"PRAGMA {name}").fetchall()
            for name in ("integrity_check", "foreign_key_check")
        ]
    return checks == [[("ok",)], []]


def differences(connection: Connection) -> list[Any]:
    """Return in what the tables differ from the models."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, Base.metadata))


# --- from every released form -------------------------------------------------------------------


def test_the_newest_form_is_the_one_of_the_program() -> None:
    assert scripts().get_heads() == [HEAD]
    assert revisions()[-1] == HEAD


def test_every_form_is_known_and_no_other() -> None:
    assert all(is_known(revision) for revision in revisions())
    assert [name for name in ("", "9999", "000", "0001_", "00011", "*", "__init__") if is_known(name)] == []


def test_every_form_is_kept_with_rows_in_all_tables(tmp_path: Path) -> None:
    missing = [revision for revision in revisions() if not (SCHEMAS / f"{revision}.sql").is_file()]
    assert missing == [], "run: python -m tests.app.library.make_schema"
    found = rows(database(tmp_path, HEAD))
    assert set(found) == {*Base.metadata.tables, "alembic_version"}
    assert [table for table, there in found.items() if not there] == []


@pytest.mark.parametrize("revision", revisions())
def test_a_library_of_every_form_is_opened_with_all_that_is_in_it(tmp_path: Path, revision: str) -> None:
    path = database(tmp_path, revision)
    before = rows(path)
    with contextlib.closing(open_store(tmp_path)) as store:
        assert not store.is_read_only
        with store.reading() as session:
            assert differences(session.connection()) == []
            listed = [attempts.row(each) for each in session.execute(attempts.rows())]
        assert {each.name for each in learners.all_learners(store)} == {"Mia Müller", ""}
        for each in listed:
            assert attempts.load(store, each.id).assessment.text == each.text
        assert len(listed) == len(before["attempts"])
        learners.add(store, "Ben")
        learners.delete(store, "1" * 32)
    assert is_sound(path)


@pytest.mark.parametrize("revision", revisions())
def test_rows_are_as_they_were(tmp_path: Path, revision: str) -> None:
    path = database(tmp_path, revision)
    before = rows(path)
    open_store(tmp_path).close()
    after = rows(path)
    assert before.pop("alembic_version") == [{"version_num": revision}]
    assert after.pop("alembic_version") == [{"version_num": HEAD}]
    for table in before.keys() & after.keys():
        both = before[table][0].keys() & after[table][0].keys()
        assert [{name: row[name] for name in both} for row in before[table]] == [
            {name: row[name] for name in both} for row in after[table]
        ]


def test_a_new_library_has_the_tables_of_the_models(tmp_path: Path, url_or_none: str | None) -> None:
    open_store(tmp_path, url_or_none).close()
    address = (
        url_or_none.replace("://", "+psycopg://", 1) if url_or_none else f"sqlite:///{tmp_path / DATABASE}"
    )
    engine = create_engine(address)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


# --- cut off ------------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of a library of the newest form, which will be old."""
    (tmp_path / "library").mkdir()
    database(tmp_path / "library", HEAD)
    open_store(tmp_path / "library").close()
    return tmp_path / "library"


def next_form(folder: Path, cut: str = "pass", before: int = 0) -> Path:
    """Write the migrations of a later program, which does something before a step of the last."""
    versions = folder / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    (versions / "9999_next.py").write_text(NEXT.format(head=HEAD, cut=cut, cut_before=before))
    return versions


def be_the_next_program(monkeypatch: pytest.MonkeyPatch, versions: Path) -> None:
    monkeypatch.setattr(migrations, "VERSIONS", versions)
    monkeypatch.setattr(migrations, "HEAD", "9999")
    monkeypatch.setattr(module, "HEAD", "9999")


def check_usable(folder: Path, before: Rows) -> None:
    """Make sure that the old program can go on as if nothing had been."""
    with contextlib.closing(open_store(folder)) as store:
        assert not store.is_read_only
        assert is_sound(folder / DATABASE)
        assert rows(folder / DATABASE) == before
        learners.add(store, "Ben")
        with store.reading() as session:
            assert differences(session.connection()) == []


def test_a_migration_keeps_what_refers_to_tables_that_are_made_anew(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(old / DATABASE)
    versions = next_form(tmp_path)
    with monkeypatch.context() as patch:
        be_the_next_program(patch, versions)
        for _ in range(2):
            open_store(old).close()
    after = rows(old / DATABASE)
    assert after["alembic_version"] == [{"version_num": "9999"}]
    assert {row["name"] for row in after["learners"]} == {"changed"}
    assert {row["nickname"] for row in after["learners"]} == {""}
    assert [row["said"] for row in after["attempts"]] == [row["text"] for row in before["attempts"]]
    changed = {"alembic_version", "learners", "attempts", "goals"}
    assert {name: after[name] for name in after.keys() - changed} == {
        name: before[name] for name in before.keys() - changed
    }
    assert [len(after[name]) for name in ("learners", "attempts", "goals")] == [
        len(before["learners"]), len(before["attempts"]), 0,
    ]  # fmt: skip
    assert is_sound(old / DATABASE)


def test_a_program_of_before_can_only_look_at_what_was_migrated(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        be_the_next_program(patch, next_form(tmp_path))
        open_store(old).close()
    with contextlib.closing(open_store(old)) as store:
        assert store.is_read_only
        assert {each.name for each in learners.all_learners(store)} == {"changed"}


@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize("spill", ["pass", SPILL], ids=["in-memory", "in-the-log"])
def test_a_power_cut_in_the_midst_of_a_migration_leaves_the_old_library(
    old: Path, tmp_path: Path, root: Path, step: int, spill: str
) -> None:
    before = rows(old / DATABASE)
    versions = next_form(tmp_path, "os._exit(9)", step)
    script = versions / "9999_next.py"
    script.write_text(script.read_text().replace("    steps =", f"    {spill}\n    steps ="))
    command = [sys.executable, "-c", PROGRAM, str(versions), str(old)]
    assert subprocess.run(command, cwd=root, check=False).returncode == 9
    check_usable(old, before)


def test_a_migration_is_done_when_the_end_of_the_log_has_reached_the_disk_and_not_before(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(old / DATABASE)
    with monkeypatch.context() as patch:
        be_the_next_program(patch, next_form(tmp_path))
        with contextlib.closing(open_store(old)):
            shutil.copytree(old, tmp_path / "taken")
    log = (tmp_path / "taken" / f"{DATABASE}-wal").read_bytes()
    for size in (0, 20, 5_000, len(log) // 2, len(log) - 5_000, len(log) - 1):
        folder = cut_off(tmp_path, log[:size])
        check_usable(folder, before)
    assert rows(cut_off(tmp_path, log) / DATABASE) == rows(old / DATABASE) != before


def cut_off(tmp_path: Path, log: bytes) -> Path:
    """Return the folder of a library as a power cut left it of which so much of the log was written."""
    folder = tmp_path / f"cut-{len(log)}"
    folder.mkdir()
    shutil.copy(tmp_path / "taken" / DATABASE, folder)
    (folder / f"{DATABASE}-wal").write_bytes(log)
    return folder


@pytest.mark.parametrize("step", range(5))
def test_a_migration_that_fails_leaves_the_old_library(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    before = rows(old / DATABASE)
    with monkeypatch.context() as patch:
        be_the_next_program(patch, next_form(tmp_path, 'op.execute("SELECT 1 FROM nowhere")', step))
        with pytest.raises(LibraryError, match="no such table: nowhere"):
            open_store(old)
    check_usable(old, before)


def test_a_migration_that_would_leave_something_without_its_owner_is_refused(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(old / DATABASE)
    with monkeypatch.context() as patch:
        be_the_next_program(patch, next_form(tmp_path, 'op.execute("DELETE FROM learners")', 3))
        with pytest.raises(LibraryError, match="could not be brought to the newest form"):
            open_store(old)
    check_usable(old, before)


def test_a_disk_that_is_full_during_a_migration_leaves_the_old_library(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(old / DATABASE)
    more = "CREATE TABLE more AS SELECT * FROM assessments"
    full = f"op.execute('PRAGMA max_page_count = 1'); op.execute('{more}')"
    with monkeypatch.context() as patch:
        be_the_next_program(patch, next_form(tmp_path, full, 4))
        with pytest.raises(LibraryError, match=r"is full\. Make room"):
            open_store(old)
    check_usable(old, before)
