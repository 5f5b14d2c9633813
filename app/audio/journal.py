"""Keeps what is being recorded on the disk at every moment, so that a crash or a power cut loses nothing.

A journal is one line of JSON that tells of the take, then its samples as little-endian 32-bit floats,
appended as they arrive. Whoever records holds a lock on it; a journal without one was left behind.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.audio.devices import Problem, SoundError
from app.audio.file_lock import lock
from assessment.audio import SAMPLE_RATE

log = logging.getLogger(__name__)

SUFFIX = ".take"
DAMAGED_SUFFIX = ".damaged"
_FORMAT, _VERSION = "elocute-take", 1
_SAMPLE = np.dtype("<f4")
_SYNC_SECONDS = 1.0
# Windows changes line ends without it.
_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, eq=False)
class Take:
    """What was said at one go.

    Attributes
    ----------
    text : str
        What was to be read.
    started : datetime
        When it was begun, with its time zone.
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz, as they were captured; read-only.
    extra : mapping of str to str
        What else the recorder was told about it.
    """

    text: str
    started: datetime
    samples: NDArray[np.float32]
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / SAMPLE_RATE


class Journal:
    """The file that a take is written to while it is recorded; see `begin`.

    Attributes
    ----------
    path : Path
        Where it is.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._has_failed = self._is_closed = False
        self._finishing = threading.Event()
        self._syncing = threading.Thread(target=self._sync_often, name="journal", daemon=True)

    @classmethod
    def begin(
        cls, folder: Path, text: str, extra: Mapping[str, str] | None = None, started: datetime | None = None
    ) -> Journal:
        """Begin a journal in a file of its own.

        Parameters
        ----------
        folder : Path
            Where journals are; made if it is missing.
        text : str
            What is to be read.
        extra : mapping of str to str, optional
            What else to keep with it.
        started : datetime, optional
            With its time zone; now if it is not given.

        Raises
        ------
        SoundError
            If the file cannot be written.
        """
        began = started or datetime.now(UTC)
        path = folder / f"{began.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}{SUFFIX}"
        journal = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            journal = cls(path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600))
            lock(journal._descriptor)
            _write(journal._descriptor, _header(text, began, extra or {}))
        except OSError as problem:
            if journal is not None:
                journal.discard()
            raise _cannot_write(folder, problem) from None
        journal._syncing.start()
        return journal

    def add(self, block: NDArray[np.float32]) -> None:
        """Append samples; they outlive the program from then on, and a power cut after a second.

        Does nothing after it has failed once: what was written before is kept.

        Parameters
        ----------
        block : ndarray of float32, shape (n,)
            Mono, 16 kHz.

        Raises
        ------
        SoundError
            Once, if the disk is full or does not take it.
        """
        if self._has_failed or self._finishing.is_set():
            return
        try:
            _write(self._descriptor, block.astype(_SAMPLE, copy=False).tobytes())
        except OSError as problem:
            self._has_failed = True
            raise _cannot_write(self.path.parent, problem) from None

    def finish(self) -> None:
        """Take no more samples; the file stays, and stays locked, until `close` or `discard`."""
        if self._finishing.is_set():
            return
        self._finishing.set()
        if self._syncing.is_alive():
            self._syncing.join()
        self._sync()

    def close(self) -> None:
        """Let the file go and leave it behind: `abandoned` gives it."""
        if not self._is_closed:
            self.finish()
            self._is_closed = True
            os.close(self._descriptor)

    def discard(self) -> None:
        """Delete the file: the take is kept elsewhere or is not wanted."""
        self.close()
        _delete(self.path)

    def _sync_often(self) -> None:
        """Have the system write to the disk itself; on a thread of its own, as a slow disk takes seconds."""
        while not self._finishing.wait(_SYNC_SECONDS):
            self._sync()

    def _sync(self) -> None:
        # A disk that cannot is told of when the next block is written.
        with suppress(OSError):
            os.fsync(self._descriptor)


@dataclass(frozen=True)
class Abandoned:
    """A journal that nobody writes any more: the program ended while it recorded.

    Attributes
    ----------
    path : Path
        Where it is.
    """

    path: Path

    def read(self) -> Take:
        """Return what was recorded, without what was cut off in the middle of a sample.

        Raises
        ------
        SoundError
            If the file cannot be read, or is damaged: then it is set aside under another name.
        """
        try:
            content = self.path.read_bytes()
        except OSError as problem:
            raise SoundError(
                f"The recording {self.path} cannot be read: {problem.strerror}. Check the disk and the "
                "file's permissions, then start Elocute again.",
                Problem.JOURNAL,
            ) from None
        line, _, samples = content.partition(b"\n")
        try:
            header = _parsed(line)
        except (KeyError, TypeError, ValueError, RecursionError):
            raise self._set_aside() from None
        return Take(header.text, header.started, _samples(samples), header.extra)

    def close(self) -> None:
        """Leave it where it is, as `Journal.close` does: nothing needs to be let go."""

    def discard(self) -> None:
        """Delete the file: the take is kept elsewhere or is not wanted."""
        _delete(self.path)

    def _set_aside(self) -> SoundError:
        aside = self.path.with_name(self.path.name + DAMAGED_SUFFIX)
        with suppress(OSError):
            self.path.replace(aside)
        return SoundError(
            f"The recording {self.path.name} that was left behind is damaged and cannot be restored. "
            f"It is kept as {aside}; delete it if you do not need it.",
            Problem.JOURNAL,
        )


def abandoned(folder: Path) -> list[Abandoned]:
    """Find the journals that were left behind, the oldest first.

    Parameters
    ----------
    folder : Path
        Where journals are; need not exist.

    Returns
    -------
    list of Abandoned
        Without those that a living process, this or another one, writes or has not let go.
    """
    try:
        paths = sorted(folder.glob(f"*{SUFFIX}"))
    except OSError:
        return []
    return [Abandoned(path) for path in paths if _is_abandoned(path)]


def _is_abandoned(path: Path) -> bool:
    try:
        # One that was begun this moment is empty and not yet locked: leave it alone.
        if path.stat().st_size == 0:
            return False
        descriptor = os.open(path, os.O_RDWR | _BINARY)
    except OSError:
        return False
    try:
        return lock(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class _Header:
    text: str
    started: datetime
    extra: dict[str, str]


def _header(text: str, started: datetime, extra: Mapping[str, str]) -> bytes:
    """Return the first line; surrogates of broken texts pass, as everything is ASCII."""
    header = {
        "format": _FORMAT,
        "version": _VERSION,
        "rate": SAMPLE_RATE,
        "sample": "float32le",
        "text": text,
        "started": started.isoformat(),
        "extra": dict(extra),
    }
    return json.dumps(header).encode() + b"\n"


def _parsed(line: bytes) -> _Header:
    header: dict[str, Any] = json.loads(line)
    described = (header["format"], header["version"], header["rate"], header["sample"])
    if described != (_FORMAT, _VERSION, SAMPLE_RATE, "float32le"):
        raise ValueError("another format")
    text, started, extra = header["text"], datetime.fromisoformat(header["started"]), header["extra"]
    if not isinstance(text, str) or not isinstance(extra, dict) or started.tzinfo is None:
        raise ValueError("no text or no time zone")
    return _Header(text, started, {str(key): str(value) for key, value in extra.items()})


def _samples(content: bytes) -> NDArray[np.float32]:
    samples = np.frombuffer(content, _SAMPLE, len(content) // _SAMPLE.itemsize).astype(np.float32, copy=False)
    samples.flags.writeable = False
    return samples


def _write(descriptor: int, content: bytes) -> None:
    """Write all of it: the system may take a part at a time."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        log.warning("%s cannot be deleted: %s", path, problem)


def _cannot_write(folder: Path, problem: OSError) -> SoundError:
    if problem.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return SoundError(
            f"The disk is full, so this recording is kept in memory only. Make room where {folder} is, "
            "and read short texts until then.",
            Problem.JOURNAL,
        )
    return SoundError(
        f"The safety copy of this recording cannot be written to {folder} ({problem.strerror or problem}), "
        "so it is kept in memory only. Check that you may write there.",
        Problem.JOURNAL,
    )
