"""Looks at a whole library: whether its database and its recordings are sound, and how much room it takes."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.library import store as library
from app.library.audio_use import used
from app.library.backups import Backup, backups
from app.library.learners import all_learners
from app.library.records import LearnerRow
from app.library.store import DATABASE, Store
from assessment.control import Control


@dataclass(frozen=True)
class Health:
    """What was found in a library whose database is sound.

    Attributes
    ----------
    recordings : int
        How many recordings are there.
    missing : int
        How many that something refers to are not.
    damaged : int
        How many are there, but are not what was recorded.
    """

    recordings: int
    missing: int
    damaged: int


@dataclass(frozen=True)
class Room:
    """What lies where, and how much room it takes.

    Attributes
    ----------
    folder : Path
        Of the library.
    server : str
        Address of the database if it is on a server; else empty.
    database_bytes, recording_bytes, backup_bytes : int
        How much room the parts take.
    recordings : int
        How many there are.
    backups : tuple of Backup
        The newest first.
    learners : tuple of LearnerRow
        By name; empty if the library is not open.
    """

    folder: Path
    server: str
    database_bytes: int
    recordings: int
    recording_bytes: int
    backups: tuple[Backup, ...]
    backup_bytes: int
    learners: tuple[LearnerRow, ...]


def examine(store: Store, control: Control) -> Health:
    """Look at every page of the database and at every recording.

    Parameters
    ----------
    store : Store
        The library.
    control : Control
        Hears how far it is, and can stop it.

    Raises
    ------
    DamagedLibraryError
        If the database is damaged.
    LibraryError
        If it cannot be read.
    Cancelled
        If it is stopped.
    """
    if store.database is not None:
        library.check(store.database)
    with store.reading() as session:
        wanted = used(session)
    there = store.audio.digests()
    damaged = 0
    for number, digest in enumerate(sorted(there)):
        control.report(number / len(there))
        with contextlib.suppress(OSError):  # it was just deleted
            damaged += _digest(store.audio.path(digest)) != digest
    return Health(len(there), len(wanted - there), damaged)


def measure(folder: Path, store: Store | None) -> Room:
    """Find out what lies where.

    Parameters
    ----------
    folder : Path
        Of the library.
    store : Store or None
        The library, if it is open.

    Raises
    ------
    LibraryError
        If it cannot be read.
    """
    is_on_server = store is not None and store.database is None
    recordings = [_size(path) for path in (folder / library.RECORDINGS).glob("??/*.flac")]
    files = [] if is_on_server else [folder / f"{DATABASE}{ending}" for ending in ("", "-wal", "-shm")]
    kept = tuple(backups(folder))
    return Room(
        folder=folder,
        server=store.url if store is not None and is_on_server else "",
        database_bytes=sum(map(_size, files)),
        recordings=len(recordings),
        recording_bytes=sum(recordings),
        backups=kept,
        backup_bytes=sum(backup.bytes for backup in kept),
        learners=() if store is None else tuple(all_learners(store)),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
