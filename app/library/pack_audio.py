"""Recordings of lesson packs: opened from their bytes, and refused if they are none or too long."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import soundfile

from app.library.lessons import LessonError
from app.library.pack_manifest import shown
from assessment.audio import Recording
from assessment.errors import RecordingError

MAX_SECONDS = 120.0
# All together: so much is decoded in some seconds.
MAX_SECONDS_IN_ALL = 3 * 3_600.0
# Who has made so many mistakes is told of no more: each may take long to find.
_MAX_PROBLEMS = 10


def open_recording(name: str, data: bytes) -> Recording:
    """Decode a recording of a pack.

    Parameters
    ----------
    name : str
        Of its file.
    data : bytes
        Its content.

    Raises
    ------
    LessonError
        If it cannot be decoded, or lasts longer than `MAX_SECONDS`.
    """
    with tempfile.TemporaryDirectory(prefix="elocute-") as folder:
        path = Path(folder, PurePosixPath(name).name)
        path.write_bytes(data)
        try:
            if _says_too_long(path):
                raise _too_long(name)
            recording = Recording.open(path)
        except RecordingError as problem:
            raise LessonError(f'The recording "{shown(name)}" cannot be used. {problem}') from problem
    check_length(name, recording)
    return recording


def check_length(name: str, recording: Recording) -> None:
    """Make sure that a recording is short enough for a lesson.

    Raises
    ------
    LessonError
        If it is not.
    """
    if recording.duration > MAX_SECONDS:
        raise _too_long(name)


def problems(audio: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with the recordings of a pack; after ten problems no more is looked for."""
    found, seconds = 0, 0.0
    for name, data in audio.items():
        try:
            seconds += open_recording(name, data).duration
        except LessonError as problem:
            found += 1
            yield str(problem)
        if found >= _MAX_PROBLEMS:
            return
        if seconds > MAX_SECONDS_IN_ALL:
            yield f"The recordings last longer than {MAX_SECONDS_IN_ALL / 3_600:g} hours. Split the pack."
            return


def _says_too_long(path: Path) -> bool:
    """Tell whether a file says of itself that it is too long, before much of it is decoded."""
    try:
        return float(soundfile.info(path).duration) > MAX_SECONDS
    except (soundfile.LibsndfileError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return False  # `Recording.open` knows what to say


def _too_long(name: str) -> LessonError:
    return LessonError(
        f'The recording "{shown(name)}" is longer than {MAX_SECONDS:g} seconds. Cut it to what is read.'
    )
