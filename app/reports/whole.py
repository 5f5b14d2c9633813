"""Files and folders that appear under their names when all is written, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.reports.errors import ReportError

_UNFINISHED = ".unfinished"
# Others may read what is put into a folder that they share.
_READABLE, _OPEN = 0o644, 0o755


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a new file beside a path, which takes its place at the end; what is there is replaced.

    Raises
    ------
    ReportError
        If it cannot be written; then nothing of it stays, as after any exception.
    """
    with _told(path):
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=_UNFINISHED, dir=path.parent)
        try:
            try:
                yield Path(name)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.chmod(name, _READABLE)
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a new folder beside a path, which takes its place at the end; see `whole_file`.

    Raises
    ------
    ReportError
        If there is something in a folder of this name, or it cannot be written.
    """
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise ReportError(f'"{path}" holds something else. Choose a new folder, or an empty one.')
    with _told(path):
        made = Path(tempfile.mkdtemp(prefix=".", suffix=_UNFINISHED, dir=path.parent))
        try:
            yield made
            made.chmod(_OPEN)
            if path.is_dir():
                path.rmdir()
            os.replace(made, path)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise ReportError(
            f'The report "{path}" cannot be written ({problem.strerror or problem}). Check that the disk is '
            "not full and that this folder can be written, or choose another one."
        ) from problem
