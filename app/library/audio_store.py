"""Recordings on the disk, each by the digest of its file: what was recorded twice is kept once."""

from __future__ import annotations

import contextlib
import hashlib
import io
import math
import os
import re
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

import soundfile

from app.library.errors import LibraryError
from assessment.audio import SAMPLE_RATE, Recording

_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".unfinished"
# Nobody takes longer to write one.
_LONGEST_SECONDS = 3_600.0


class AudioStore:
    """FLAC files in a folder: ``ab/abcd….flac`` for the digest ``abcd…``.

    Parameters
    ----------
    folder : Path
        Where they lie; made when the first is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, recording: Recording) -> str:
        """Keep a recording.

        Parameters
        ----------
        recording : Recording
            What to keep.

        Returns
        -------
        str
            SHA-256 of the file, in hexadecimal digits. When this returns, the file survives a power cut.

        Raises
        ------
        LibraryError
            If it cannot be written; then nothing of it stays.
        """
        return self.add_file(flac(recording))

    def add_file(self, data: bytes) -> str:
        """Keep the bytes of a FLAC file; see `add`."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._place(digest)
        try:
            if not path.is_file() or path.stat().st_size != len(data):
                self._write(path, data)
        except OSError as problem:
            raise LibraryError(
                f'The recording cannot be kept in "{self.folder}" ({problem.strerror or problem}). Check '
                "that this folder can be written and that the disk is not full."
            ) from problem
        return digest

    def path(self, digest: str) -> Path:
        """Return where the recording of a digest lies, whether it is there or not.

        Raises
        ------
        ValueError
            If that is no digest.
        """
        return self._place(digest)

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest!r} is no SHA-256")
        return self.folder / digest[:2] / f"{digest}.flac"

    def open(self, digest: str) -> Recording:
        """Read a recording.

        Raises
        ------
        RecordingError
            If it is not there any more, or was damaged.
        """
        return Recording.open(self.path(digest))

    def remove(self, digest: str) -> bool:
        """Delete a recording; return whether it was there.

        Raises
        ------
        LibraryError
            If it cannot be deleted.
        """
        path = self._place(digest)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        except OSError as problem:
            raise LibraryError(
                f'The recording "{path}" cannot be deleted ({problem.strerror or problem}). Close the '
                "programs that use it, then delete it again."
            ) from problem
        with contextlib.suppress(OSError):  # others are in it
            path.parent.rmdir()
        return True

    def digests(self) -> set[str]:
        """Return the digests of all recordings that are there."""
        return {path.stem for path in self.folder.glob("??/*.flac") if _DIGEST.fullmatch(path.stem)}

    def older_than(self, seconds: float) -> set[str]:
        """Return the digests of the recordings that were kept longer ago."""
        latest = time.time() - seconds
        return {digest for digest in AudioStore.digests(self) if self._kept(digest) < latest}

    def _kept(self, digest: str) -> float:
        try:
            return self._place(digest).stat().st_mtime
        except OSError:  # it was just deleted
            return math.inf

    def share(self, digests: Collection[str]) -> None:
        """Give others those recordings that only this computer has; here nobody else asks for them."""

    def clear_unfinished(self) -> None:
        """Delete what is left of recordings whose writing was cut off: somebody's voice."""
        for path in self.folder.glob(f".*{_UNFINISHED}"):
            with contextlib.suppress(OSError):  # it is tried again the next time
                if time.time() - path.stat().st_mtime > _LONGEST_SECONDS:
                    path.unlink()

    def _write(self, path: Path, data: bytes) -> None:
        """Write a file in one step, so that a power cut leaves it whole or not there."""
        is_new = not path.parent.is_dir()
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=_UNFINISHED, dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(descriptor)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        for folder in [path.parent, self.folder, self.folder.parent] if is_new else [path.parent]:
            _sync_folder(folder)


def flac(recording: Recording) -> bytes:
    """Return a recording as the file that is kept of it: FLAC with 16 bits a sample."""
    encoded = io.BytesIO()
    soundfile.write(encoded, recording.samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return encoded.getvalue()


def _sync_folder(folder: Path) -> None:
    """Have the new name survive a power cut; Windows does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
