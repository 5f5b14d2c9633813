"""Lesson packs: read from folders and .zip files that anybody may have made, checked, and written."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.library import pack_audio, pack_manifest
from app.library.lessons import Lesson, LessonError
from app.library.pack_files import PackFiles, open_pack

# The oldest time that a .zip can give: the same lesson always gives the same file.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


@dataclass(frozen=True)
class Pack:
    """A lesson with its recordings.

    Attributes
    ----------
    lesson : Lesson
        What the manifest says.
    audio : dict of str to bytes
        The audio files that its items name, by these names.
    """

    lesson: Lesson
    audio: dict[str, bytes] = field(default_factory=dict)


def read_pack(path: Path) -> Pack:
    """Read a lesson pack. Nothing of it is run or unpacked to the disk, whoever made it.

    Parameters
    ----------
    path : Path
        A folder or a .zip file with ``lesson.toml`` or ``lesson.json``, recordings, and whatever else.

    Raises
    ------
    LessonError
        If it is not in order; `LessonError.problems` says all that is wrong.
    """
    try:
        with open_pack(path) as files:
            return _read(files)
    except LessonError as problem:
        raise LessonError(_summary(path, problem.problems), problem.problems) from problem


def check_pack(path: Path) -> list[str]:
    """Return all that is wrong with a lesson pack, a sentence each; nothing if `read_pack` takes it."""
    try:
        read_pack(path)
    except LessonError as problem:
        return list(problem.problems)
    return []


def write_pack(lesson: Lesson, audio: Mapping[str, bytes], path: Path) -> None:
    """Write a lesson as a pack; the same lesson always gives the same bytes.

    Parameters
    ----------
    lesson : Lesson
        What the manifest is to say.
    audio : mapping of str to bytes
        The audio files that its items name.
    path : Path
        The .zip file: replaced if it is there, and whole or not written.

    Raises
    ------
    LessonError
        If the lesson is not in order, a recording is missing, or the file cannot be written: only what can
        be read again is written.
    """
    pack_manifest.check_lesson(lesson)
    files = {pack_manifest.TOML: pack_manifest.write(lesson)}
    files |= {name: audio[name] for name in recordings(lesson) if name in audio}
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(_zipped(files))
        read_pack(unfinished)
        os.replace(unfinished, path)
    except LessonError as problem:
        raise LessonError(
            f"The lesson cannot be exported. {problem.problems[0]}", problem.problems
        ) from problem
    except OSError as problem:
        raise LessonError(
            f'The lesson cannot be written to "{path}" ({problem.strerror or problem}). Choose another place.'
        ) from problem
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()


def recordings(lesson: Lesson) -> list[str]:
    """Return the names of the audio files that a lesson names, each once, with slashes."""
    names = (item.recording.as_posix() for item in lesson.items if item.recording is not None)
    return list(dict.fromkeys(names))


def _read(files: PackFiles) -> Pack:
    problems: list[str] = []
    lesson = _lesson(files, problems)
    wanted = recordings(lesson) if lesson else []
    problems += _missing(lesson, files) if lesson else []
    audio = _audio(files, set(wanted), problems)
    problems += pack_audio.problems(audio)
    if problems or lesson is None:
        raise LessonError(problems[0], problems)
    return Pack(lesson, audio)


def _lesson(files: PackFiles, problems: list[str]) -> Lesson | None:
    """Read the manifest; what is wrong with it is added to `problems`."""
    names = [name for name in pack_manifest.NAMES if name in files.names]
    if len(names) != 1:
        there = "Both lesson.toml and lesson.json are" if names else "Neither lesson.toml nor lesson.json is"
        problems.append(f"{there} in the pack. It needs one of them.")
        return None
    try:
        return pack_manifest.parse(names[0], files.read(names[0], pack_manifest.MAX_BYTES))
    except LessonError as problem:
        problems += problem.problems
        return None


def _missing(lesson: Lesson, files: PackFiles) -> list[str]:
    there = set(files.names)
    return [
        f'Item {number}: its recording "{pack_manifest.shown(item.recording.as_posix())}" is not in the pack.'
        for number, item in enumerate(lesson.items, start=1)
        if item.recording is not None and item.recording.as_posix() not in there
    ]


def _audio(files: PackFiles, wanted: Container[str], problems: list[str]) -> dict[str, bytes]:
    """Read all files, to know how large they are, and return the wanted ones."""
    audio: dict[str, bytes] = {}
    for name in files.names:
        if name in pack_manifest.NAMES:
            continue
        try:
            data = files.read(name)
        except LessonError as problem:
            problems += problem.problems
            if files.is_exhausted:
                break
            continue
        if name in wanted:
            audio[name] = data
    return audio


def _summary(path: Path, problems: tuple[str, ...]) -> str:
    name = pack_manifest.shown(path.name or str(path), 100)
    more = f" (There are {len(problems) - 1} more problems.)" if len(problems) > 1 else ""
    return f'The lesson pack "{name}" cannot be used. {problems[0]}{more}'


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.create_system, info.external_attr = 3, _PLAIN_FILE
            # Recordings are compressed already.
            info.compress_type = zipfile.ZIP_DEFLATED if name == pack_manifest.TOML else zipfile.ZIP_STORED
            archive.writestr(info, data)
    return buffer.getvalue()
