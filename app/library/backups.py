"""Copies of the library's database as it was: made unasked, thinned as they age, restored when asked.

A backup is one SQLite file, ``backups/library-YYYY-MM-DDTHH-MM-SS.db`` (UTC), and needs nothing else. The
recordings are not in it: they lie beside the database under the digests of their content, and are deleted
only when somebody, or the setting of how long they are kept, wants it. A library that is restored shows
readings whose recordings are gone without them.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from app.library.backup_ages import kept
from app.library.backup_copy import IN_USE, connected, copy, demand_sound, opened, sync_folder, told, unsound
from app.library.errors import DamagedLibraryError, LibraryError
from app.library.store import DATABASE, Store
from assessment.control import Control

BACKUPS = "backups"
SERVER = (
    "This library is on a PostgreSQL server: Elocute makes no backups of it. Have the server make them, with "
    "pg_dump for example, and copy the folder of the recordings as well."
)
SHORTEST_GAP = timedelta(minutes=30)

_STAMP = "%Y-%m-%dT%H-%M-%S"
_NAME = re.compile(r"library-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)\.db")
# What is left of a backup that was not finished.
_UNFINISHED = re.compile(r"\.library-.*\.unfinished(-journal|-wal|-shm)?")
_LOGS = ("-wal", "-shm", "-journal")
_DAMAGED = re.compile(rf"damaged-.*\.db({'|'.join(_LOGS)})?")
_working = threading.RLock()


@dataclass(frozen=True, slots=True)
class Backup:
    """A database as it was.

    Attributes
    ----------
    path : Path
        The file.
    when : datetime
        When it was made, in UTC.
    bytes : int
        Size of the file.
    learners, attempts : int or None
        How many are in it; None if it cannot be read.
    """

    path: Path
    when: datetime
    bytes: int
    learners: int | None
    attempts: int | None


def back_up(
    store: Store, now: datetime, *, force: bool = False, control: Control | None = None
) -> Path | None:
    """Make a backup, while the library is in use, unless there is one of the last half hour.

    Parameters
    ----------
    store : Store
        The library.
    now : datetime
        The time, with its zone: gives the backup its name.
    force : bool
        Make one in any case.
    control : Control, optional
        Hears how far it is, and can stop it.

    Returns
    -------
    Path or None
        Of the backup; None if none was made because the last is recent, or the library is on a server.

    Raises
    ------
    LibraryError
        If it cannot be made, or is wanted of a library on a server; nothing of it stays.
    Cancelled
        If it is stopped; nothing of it stays.
    """
    if store.database is None:
        if force:
            raise LibraryError(SERVER)
        return None
    with _working:
        if not force and _is_recent(store.folder, now):
            return None
        _clear_unfinished(store.folder)
        return _copy_aside(store.database, store.folder, now, control or Control())


def backups(folder: Path) -> list[Backup]:
    """Return the backups of a library, the newest first.

    Parameters
    ----------
    folder : Path
        Of the library.
    """
    found = (_described(path, when) for path, when in _dated(folder))
    return sorted((each for each in found if each), key=lambda backup: backup.when, reverse=True)


def thin(folder: Path, now: datetime) -> int:
    """Delete the backups that need not be kept any longer; see `backup_ages.kept`.

    Parameters
    ----------
    folder : Path
        Of the library.
    now : datetime
        The time, with its zone.

    Returns
    -------
    int
        How many were deleted.
    """
    with _working:
        dated = _dated(folder)
        stay = kept((when for _, when in dated), now)
        removed = 0
        for path, when in dated:
            if when not in stay:
                with contextlib.suppress(OSError):  # it is tried again the next time
                    path.unlink()
                    removed += 1
        return removed


def restore(folder: Path, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database, which becomes a backup itself.

    The library must not be in use: close its store first, and open it again afterwards.

    Parameters
    ----------
    folder : Path
        Of the library.
    backup : Path
        The file of the backup.
    now : datetime
        The time, with its zone.

    Returns
    -------
    Path or None
        Where the database now is that was replaced; None if there was none.

    Raises
    ------
    LibraryError
        If the backup is damaged or not there, the library is in use, or something cannot be written; then the
        database is as it was.
    """
    with _working:
        _check(backup)
        _clear_unfinished(folder)
        database = folder / DATABASE
        with told(f'The backup "{backup.name}" cannot be restored'):
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = _unfinished(folder)
            try:
                copy(backup, unfinished, Control())
                aside = _put_aside(database, folder, now)
                os.replace(unfinished, database)
            finally:
                unfinished.unlink(missing_ok=True)
            sync_folder(folder)
        return aside


def change_all(folder: Path, change: Callable[[sqlite3.Connection], None]) -> int:
    """Change something in every backup; those that are damaged are deleted.

    Parameters
    ----------
    folder : Path
        Of the library.
    change : callable
        Gets a connection to each backup, with foreign keys enforced and what is deleted overwritten; its
        changes are kept together or not at all, and the file is written anew.

    Returns
    -------
    int
        How many backups were changed or deleted.

    Raises
    ------
    LibraryError
        If one can neither be changed nor deleted.
    """
    with _working, told("The backups cannot be changed"):
        _clear_unfinished(folder)
        for path in damaged(folder):
            path.unlink()
        return sum(_change(path, change) for path, _ in _dated(folder))


def damaged(folder: Path) -> list[Path]:
    """Return the files of damaged databases that were put aside when a backup was restored."""
    return [path for path in _files(folder) if _DAMAGED.fullmatch(path.name)]


# --- which there are ------------------------------------------------------------------------


def _files(folder: Path) -> list[Path]:
    try:
        return sorted((folder / BACKUPS).iterdir())
    except OSError:  # no backups yet
        return []


def _dated(folder: Path) -> list[tuple[Path, datetime]]:
    found = []
    for path in _files(folder):
        name = _NAME.fullmatch(path.name)
        with contextlib.suppress(ValueError):  # the 31st of February
            if name and path.is_file():
                found.append((path, datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)))
    return found


def _is_recent(folder: Path, now: datetime) -> bool:
    """Say whether there is a backup of the last half hour; of the future are those of a wrong clock."""
    return any(timedelta(0) <= now - when < SHORTEST_GAP for _, when in _dated(folder))


def _described(path: Path, when: datetime) -> Backup | None:
    try:
        size = path.stat().st_size
    except OSError:  # it was just deleted
        return None
    try:
        with opened(path) as connection:
            learners, attempts = (
                int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
                for table in ("learners", "attempts")
            )
    except sqlite3.Error:
        return Backup(path, when, size, None, None)
    return Backup(path, when, size, learners, attempts)


# --- copying --------------------------------------------------------------------------------


def _copy_aside(database: Path, folder: Path, now: datetime, control: Control) -> Path:
    """Make a backup of a database under a name that nothing has."""
    with told("No backup can be made"):
        (folder / BACKUPS).mkdir(parents=True, exist_ok=True)
        unfinished = _unfinished(folder / BACKUPS)
        try:
            copy(database, unfinished, control)
            path = _free(folder, "library", now)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(path.parent)
    return path


def _put_aside(database: Path, folder: Path, now: datetime) -> Path | None:
    """Keep the database that is going to be replaced, and leave no log beside it that belongs to it."""
    if not database.exists():
        _remove_logs(database)
        return None
    try:
        aside = _copy_aside(database, folder, now, Control())
    except DamagedLibraryError:
        return _put_damaged_aside(database, folder, now)
    with contextlib.closing(connected(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()  # fails if somebody else has it open
    if _beside(database, "-wal").exists():
        raise LibraryError(IN_USE)
    return aside


def _put_damaged_aside(database: Path, folder: Path, now: datetime) -> Path:
    """Keep a damaged database as it is: somebody may be able to save what is in it."""
    (folder / BACKUPS).mkdir(parents=True, exist_ok=True)
    aside = _free(folder, "damaged", now)
    for ending in ("", *_LOGS):
        path = _beside(database, ending)
        if path.exists():
            shutil.copyfile(path, _beside(aside, ending))
    sync_folder(aside.parent)
    _remove_logs(database)
    return aside


def _remove_logs(database: Path) -> None:
    """Delete what SQLite would take for part of the database that comes in its place."""
    for ending in _LOGS:
        _beside(database, ending).unlink(missing_ok=True)


def _change(path: Path, change: Callable[[sqlite3.Connection], None]) -> bool:
    try:
        with contextlib.closing(connected(path)) as connection:
            for setting in ("foreign_keys=ON", "secure_delete=ON"):
                connection.execute(f"PRAGMA {setting}")
            before = connection.total_changes
            connection.execute("BEGIN IMMEDIATE")
            change(connection)
            is_changed = connection.total_changes > before
            connection.execute("COMMIT")
            if is_changed:
                connection.execute("VACUUM")
            return is_changed
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        path.unlink()
        return True


# --- parts ----------------------------------------------------------------------------------


def _check(backup: Path) -> None:
    """Make sure that a backup is a sound library."""
    if not backup.is_file():
        raise LibraryError(f'The backup "{backup.name}" is not there any more. Choose another one.')
    try:
        with opened(backup) as connection:
            demand_sound(backup, connection)
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as problem:
        raise unsound(backup, problem) from problem
    if not {"alembic_version", "learners", "attempts"} <= tables:
        raise unsound(backup, "it is no library")


def _unfinished(folder: Path) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=".library-", suffix=".unfinished", dir=folder)
    os.close(descriptor)
    return Path(name)


def _clear_unfinished(folder: Path) -> None:
    """Delete what a power cut left: nothing else is being made while the lock is held."""
    for each in (folder, folder / BACKUPS):
        with contextlib.suppress(OSError):
            for path in each.iterdir():
                if _UNFINISHED.fullmatch(path.name):
                    path.unlink()


def _free(folder: Path, kind: str, now: datetime) -> Path:
    """Return a name that no backup has: that of the moment, or of the next second that is free."""
    names = (f"{kind}-{(now + timedelta(seconds=n)).astimezone(UTC).strftime(_STAMP)}.db" for n in count())
    return next(path for name in names if not os.path.lexists(path := folder / BACKUPS / name))


def _beside(database: Path, ending: str) -> Path:
    return database.with_name(f"{database.name}{ending}")
