"""Recordings on the disk, each by the digest of its file: what was recorded twice is kept once."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import tempfile
import time
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
            What to keep: as FLAC with 16 bits a sample.

        Returns
        -------
        str
            SHA-256 of the file, in hexadecimal digits. When this returns, the file survives a power cut.

        Raises
        ------
        LibraryError
            If it cannot be written; then nothing of it stays.
        """
        encoded = io.BytesIO()
        soundfile.write(encoded, recording.samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
        return self.add_file(encoded.getvalue())

    def add_file(self, data: bytes) -> str:
        """Keep the bytes of a FLAC file; see `add`."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
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

    def remove(self, digest: str) -> None:
        """Delete a recording; nothing happens if it is not there.

        Raises
        ------
        LibraryError
            If it cannot be deleted.
        """
        path = self.path(digest)
        try:
            path.unlink(missing_ok=True)
        except OSError as problem:
            raise LibraryError(
                f'The recording "{path}" cannot be deleted ({problem.strerror or problem}). Close the '
                "programs that use it, then delete it again."
            ) from problem
        with contextlib.suppress(OSError):  # others are in it
            path.parent.rmdir()

    def digests(self) -> set[str]:
        """Return the digests of all recordings that are there."""
        return {path.stem for path in self.folder.glob("??/*.flac") if _DIGEST.fullmatch(path.stem)}

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


def _sync_folder(folder: Path) -> None:
    """Have the new name survive a power cut; Windows does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
