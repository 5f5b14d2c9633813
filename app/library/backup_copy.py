"""Copies SQLite databases, in use or not, into single sound files that survive a power cut."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.library.errors import DamagedLibraryError, LibraryError
from assessment.control import Control

IN_USE = "The library is in use by another program. Close that program, then try again."
PATIENCE_SECONDS = 10.0
# So much is copied between two looks at whether to stop.
_PAGES = 2_000


def copy(source: Path, target: Path, control: Control) -> None:
    """Copy a database that may be in use, as of one moment.

    Parameters
    ----------
    source : Path
        The file of the database; changes that are only in its log are copied, too.
    target : Path
        An empty file: becomes one that needs no other, was checked, and survives a power cut.
    control : Control
        Hears how far it is, and can stop it.

    Raises
    ------
    DamagedLibraryError
        If the copy is damaged.
    sqlite3.Error, OSError
        If something cannot be read or written.
    Cancelled
        If it is stopped.
    """

    def look(_status: int, remaining: int, total: int) -> None:
        control.report(1 - remaining / max(1, total))

    with contextlib.closing(connected(source)) as old, contextlib.closing(connected(target)) as new:
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on nothing moves
        old.backup(new, pages=_PAGES, progress=look)
        new.execute("PRAGMA journal_mode=DELETE").fetchone()  # or a second file would belong to it
        demand_sound(target, new)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def opened(backup: Path) -> Iterator[sqlite3.Connection]:
    """Open a backup for reading; nothing is written, not even beside it."""
    uri = f"{backup.absolute().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
        yield connection


def sync_folder(folder: Path) -> None:
    """Have new names in a folder survive a power cut; Windows does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def connected(path: Path) -> sqlite3.Connection:
    """Open a database for writing; transactions are begun by hand."""
    return sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)


def demand_sound(path: Path, connection: sqlite3.Connection) -> None:
    """Look at every page of a copy.

    Raises
    ------
    DamagedLibraryError
        If something is wrong with it.
    """
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise unsound(path, found)


def unsound(path: Path, problem: object) -> DamagedLibraryError:
    """Return what says that a copy is damaged."""
    return DamagedLibraryError(
        f'The copy "{path.name}" is damaged ({problem}) and cannot be used. Choose another one.'
    )


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what the system and the database say in words for people.

    Raises
    ------
    DamagedLibraryError
        If a database is damaged.
    LibraryError
        If it is in use, the disk is full, or a file cannot be read or written.
    """
    try:
        yield
    except sqlite3.OperationalError as problem:
        raise LibraryError(f"{what}: {_words(str(problem))}") from problem
    except sqlite3.DatabaseError as problem:
        raise DamagedLibraryError(
            f"{what}: the library is damaged ({problem}). Restore a backup of the time before."
        ) from problem
    except OSError as problem:
        raise LibraryError(
            f"{what} ({problem.strerror or problem}). Check that the disk is not full and may be written."
        ) from problem


def _words(said: str) -> str:
    if "locked" in said:
        return IN_USE[0].lower() + IN_USE[1:]
    if "full" in said or "disk I/O" in said:
        return "the disk is full, or it fails. Make room, then try again."
    return f"{said}. Check that the library can be read and its folder be written."
