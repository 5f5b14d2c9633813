"""Zip files of archives: written whole or not at all, and read without believing what they say."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.library.archive_rows import ArchiveError
from app.library.backup_copy import sync_folder
from app.library.errors import LibraryError
from assessment.control import Control

MANIFEST = "manifest.json"
_TABLE = re.compile(r"tables/([a-z_]{1,40})\.jsonl")
_RECORDING = re.compile(r"recordings/([0-9a-f]{64})\.flac")

# What honest archives stay far below. Text shrinks to a tenth or so, and by deflate at most to a thousandth.
_MOST_ENTRIES = 1_000_000
_MOST_DIRECTORY_BYTES = 256 * 2**20
_MOST_MANIFEST_BYTES = 2**20
_MOST_LINE_BYTES = 64 * 2**20
_MOST_RECORDING_BYTES = 512 * 2**20
_FREE_BYTES = 64 * 2**20
_MOST_TIMES_LARGER = 100

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 2**16
# Before the end of a large zip file (zip64) are its own numbers, and where they are.
_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_LARGE_BYTES = 56 + _LOCATOR_BYTES


def table_name(table: str) -> str:
    """Return the name of a table's lines in the archive."""
    return f"tables/{table}.jsonl"


def recording_name(digest: str) -> str:
    """Return the name of a recording in the archive."""
    return f"recordings/{digest}.flac"


@contextmanager
def written(path: Path) -> Iterator[zipfile.ZipFile]:
    """Write a zip file: it appears under its name when all is written, or not at all.

    Parameters
    ----------
    path : Path
        Where to; what is there is replaced at the end.

    Raises
    ------
    LibraryError
        If it cannot be written.
    """
    unfinished: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(
            prefix=f".{path.name[:40]}-", suffix=".unfinished", dir=path.parent
        )
        unfinished = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield archive
            file.flush()
            os.fsync(descriptor)
        os.replace(unfinished, path)
        sync_folder(path.parent)
    except OSError as problem:
        raise LibraryError(
            f'The archive "{path}" cannot be written ({problem.strerror or problem}). Check that the disk is '
            "not full and that this folder can be written, or choose another one."
        ) from problem
    finally:
        if unfinished is not None:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


@contextmanager
def opened(path: Path, control: Control) -> Iterator[Reader]:
    """Open an archive for reading.

    Raises
    ------
    ArchiveError
        If it cannot be read, is no archive, or holds what does not belong into one.
    """
    if path.exists() and not path.is_file():  # reading a pipe would never end
        raise ArchiveError(f'"{path.name}" is not a file. Choose an archive that Elocute exported.')
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            _check_directory(file, size)
            with _zip_file(file) as archive:
                yield Reader(archive, size, control)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as problem:
        raise ArchiveError(
            f'"{path.name}" is damaged, or is no archive of Elocute ({problem}). Export it again.'
        ) from problem
    except OSError as problem:
        raise ArchiveError(
            f'The archive "{path}" cannot be read ({problem.strerror or problem}). Check that it is there.'
        ) from problem


class Reader:
    """Reads an archive and counts what really comes out of it.

    Parameters
    ----------
    archive : ZipFile
        The file.
    size : int
        How many bytes it has.
    control : Control
        Hears how much of it was read, and can stop it.

    Attributes
    ----------
    recordings : set of str
        Digests of the recordings that are in it.
    """

    def __init__(self, archive: zipfile.ZipFile, size: int, control: Control) -> None:
        self._archive, self._control = archive, control
        self._left = _FREE_BYTES + _MOST_TIMES_LARGER * size
        self._entries = {entry.filename: entry for entry in archive.infolist()}
        if len(self._entries) != len(archive.filelist):
            raise ArchiveError("The archive is damaged: a name is in it twice. Export it again.")
        for entry in self._entries.values():
            _check_entry(entry)
        self.recordings = {found[1] for name in self._entries if (found := _RECORDING.fullmatch(name))}
        self._total = max(1, sum(entry.compress_size for entry in self._entries.values()))
        self._read = 0

    @property
    def tables(self) -> set[str]:
        """Names of the tables that it has."""
        return {found[1] for name in self._entries if (found := _TABLE.fullmatch(name))}

    def manifest(self) -> bytes:
        """Return what the manifest holds.

        Raises
        ------
        ArchiveError
            If there is none, or it is too large.
        """
        if MANIFEST not in self._entries:
            raise ArchiveError(f'This zip file is no archive of Elocute: there is no "{MANIFEST}" in it.')
        return self._whole(MANIFEST, _MOST_MANIFEST_BYTES)

    def lines(self, table: str) -> Iterator[bytes]:
        """Yield the lines of a table; nothing if it is not there.

        Raises
        ------
        ArchiveError
            If there is more than an honest archive holds, or it is damaged.
        """
        name = table_name(table)
        if name not in self._entries:
            return
        with self._archive.open(self._entries[name]) as file:
            while line := file.readline(_MOST_LINE_BYTES + 1):
                if len(line) > _MOST_LINE_BYTES:
                    raise _too_large(name)
                self._count(len(line), name)
                yield line
        self._done(name)

    def recording(self, digest: str) -> bytes:
        """Return the file of a recording.

        Raises
        ------
        ArchiveError
            If it is not what its name says.
        """
        name = recording_name(digest)
        data = self._whole(name, _MOST_RECORDING_BYTES)
        if hashlib.sha256(data).hexdigest() != digest or not data.startswith(b"fLaC"):
            raise ArchiveError(f'The archive is damaged: "{name}" is not what was recorded. Export it again.')
        return data

    def _whole(self, name: str, most: int) -> bytes:
        with self._archive.open(self._entries[name]) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise _too_large(name)
        self._count(len(data), name)
        self._done(name)
        return data

    def _count(self, read: int, name: str) -> None:
        """Count what was read, and stop what cannot be honest."""
        self._control.check()
        self._left -= read
        if self._left < 0:
            raise _too_large(name)

    def _done(self, name: str) -> None:
        self._read += self._entries[name].compress_size
        self._control.report(min(1.0, self._read / self._total))


def _too_large(name: str) -> ArchiveError:
    return ArchiveError(
        f'"{name}" in the archive is far larger than it can honestly be. It was not imported.'
    )


def _zip_file(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (ValueError, struct.error, OverflowError) as problem:
        raise zipfile.BadZipFile("its list of files is damaged") from problem


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse what does not belong into an archive; no name is ever used as that of a file."""
    name = entry.filename
    if not (name == MANIFEST or _TABLE.fullmatch(name) or _RECORDING.fullmatch(name)):
        raise ArchiveError(
            f'The archive holds "{name[:80]}", which does not belong there. It was not imported.'
        )
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise ArchiveError(f'"{name}" in the archive is a link, not a file. It was not imported.')
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        raise ArchiveError(f'"{name}" in the archive is locked or packed in an unknown way. Export it again.')


def _check_directory(file: IO[bytes], size: int) -> None:
    """Refuse an absurd list of entries before it is read into memory."""
    first = max(0, size - _END_BYTES - _LONGEST_COMMENT)
    file.seek(first)
    tail = file.read()
    file.seek(0)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        raise zipfile.BadZipFile("it is not a zip file")
    entries = int.from_bytes(tail[place + 10 : place + 12], "little")
    length = int.from_bytes(tail[place + 12 : place + 16], "little")
    file.seek(max(0, first + place - _LARGE_BYTES))
    large = file.read(_LARGE_BYTES)
    file.seek(0)
    if large[-_LOCATOR_BYTES:].startswith(_LOCATOR):  # then these numbers count
        entries = int.from_bytes(large[32:40], "little")
        length = int.from_bytes(large[40:48], "little")
    if entries > _MOST_ENTRIES or length > min(size, _MOST_DIRECTORY_BYTES):
        raise ArchiveError("The archive lists far more files than it can honestly hold. It was not imported.")
