"""What is deleted is gone: recordings as the settings say, a learner with everything, in backups too."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, select, update

from app.library import backups, learners
from app.library.audio_use import unused, used
from app.library.backup_copy import opened
from app.library.errors import LibraryError
from app.library.models import Attempt
from app.library.store import Store

KEPT_DAYS = {"always": None, "30-days": 30, "never": 0}
# A recording is written before the row that refers to it.
_SAFE_SECONDS = 3_600.0
_AT_A_TIME = 500
_PATIENCE_SECONDS = 10.0
_RECORDING_COLUMNS = (("attempts", "recording"), ("items", "recording"), ("comments", "recording"))


def remove_old_recordings(store: Store, keeping: str, now: datetime) -> int:
    """Delete the recordings of attempts that are older than they may become; their scores stay.

    The files are deleted before that is noted in the library: after a power cut in between, the next call
    finishes the work.

    Parameters
    ----------
    store : Store
        The library.
    keeping : {"always", "30-days", "never"}
        As in the settings.
    now : datetime
        The time, with its zone.

    Returns
    -------
    int
        How many recordings were deleted; those that something else refers to are not.

    Raises
    ------
    LibraryError
        If the library cannot be written, or a recording cannot be deleted.
    """
    days = KEPT_DAYS[keeping]
    if days is None:
        return 0
    old: Select[tuple[str, str | None]] = (
        select(Attempt.id, Attempt.recording)
        .where(Attempt.recording.is_not(None), Attempt.started < now - timedelta(days=days))
        .limit(_AT_A_TIME)
    )
    removed = 0
    while True:
        with store.writing() as session:
            found = session.execute(old).all()
            session.execute(
                update(Attempt).where(Attempt.id.in_([id_ for id_, _ in found])).values(recording=None)
            )
            for digest in unused(session, {digest for _, digest in found if digest}):
                removed += store.audio.remove(digest)
        if len(found) < _AT_A_TIME:
            return removed


def remove_unused(store: Store) -> int:
    """Delete the recordings that nothing refers to: what a power cut left.

    What is younger than an hour stays, because its attempt may be about to be written; and what a backup
    refers to, because this may be restored.

    Parameters
    ----------
    store : Store
        The library.

    Returns
    -------
    int
        How many were deleted.

    Raises
    ------
    LibraryError
        If the library cannot be read, or a recording cannot be deleted.
    """
    if store.is_read_only:
        return 0
    old = store.audio.older_than(_SAFE_SECONDS)
    with store.reading() as session:
        left = old - used(session)
    if left:
        left -= _in_backups(store.folder)
    if not left:
        return 0
    with store.writing() as session:  # while nobody can begin to refer to one
        gone = unused(session, left)
        for digest in gone:
            store.audio.remove(digest)
    return len(gone)


def delete_learner(store: Store, learner_id: str) -> str:
    """Delete a learner with everything, so that nothing of it can be found in the library's files any more.

    Attempts, recordings that nobody else refers to, marks, comments, cards and goals go; what is left of them
    in the file of the database and in its log is overwritten. Backups are left alone: see `purge_backups`.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.

    Returns
    -------
    str
        What people should know: that traces could not be overwritten yet; empty if all is well.

    Raises
    ------
    LibraryError
        If there is no such learner, or something cannot be deleted.
    """
    learners.delete(store, learner_id)
    try:
        erase_traces(store)
    except LibraryError as problem:
        return str(problem)
    return ""


def purge_backups(folder: Path, learner_id: str) -> int:
    """Delete a learner with everything from all backups; the others in them stay.

    A backup that is damaged is deleted as a whole, because nobody can say who is in it.

    Parameters
    ----------
    folder : Path
        Of the library.
    learner_id : str
        Who.

    Returns
    -------
    int
        How many backups were changed or deleted.

    Raises
    ------
    LibraryError
        If one can neither be changed nor deleted.
    """

    def forget(connection: sqlite3.Connection) -> None:
        if _has_table(connection, "collected"):
            own = "SELECT id FROM attempts WHERE learner_id = ?"
            connection.execute(f"DELETE FROM collected WHERE attempt_id IN ({own})", (learner_id,))
            named = "SELECT name FROM learners WHERE id = ? AND name <> ''"
            connection.execute(
                f"DELETE FROM collected WHERE attempt_id IS NULL AND learner IN ({named})", (learner_id,)
            )
        if _has_table(connection, "learners"):
            connection.execute("DELETE FROM learners WHERE id = ?", (learner_id,))

    return backups.change_all(folder, forget)


def erase_traces(store: Store) -> None:
    """Write the file of the database anew without what was deleted, and empty its log.

    On a server, PostgreSQL itself clears what was deleted (VACUUM).

    Raises
    ------
    LibraryError
        If that cannot be done now, because the disk is full or another program reads the library for long.
    """
    if store.database is None:
        return
    try:
        with contextlib.closing(
            sqlite3.connect(store.database, timeout=_PATIENCE_SECONDS, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            if not _empty_log(connection):
                raise sqlite3.OperationalError("it is being read")
    except sqlite3.Error as problem:
        raise LibraryError(
            f"It is deleted, but traces of it are still in the library's file ({problem}). Make room on the "
            "disk, close other programs that use the library, then delete something else: that clears both."
        ) from problem


def _empty_log(connection: sqlite3.Connection) -> bool:
    """Bring the log into the database and empty it; wait while somebody reads what is only there."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_busy or time.monotonic() > until:
            return not is_busy
        time.sleep(0.05)


def _in_backups(folder: Path) -> set[str]:
    """Return the digests of all recordings that a backup refers to."""
    found: set[str] = set()
    for backup in backups.backups(folder):
        with contextlib.suppress(sqlite3.Error), opened(backup.path) as connection:
            for table, column in _RECORDING_COLUMNS:
                if _has_table(connection, table):
                    rows = connection.execute(f"SELECT DISTINCT {column} FROM {table}")
                    found |= {digest for (digest,) in rows if digest}
    return found


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    wanted = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(wanted, (name,)).fetchone() is not None
