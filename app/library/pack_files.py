"""Reads the files of a lesson pack, folder or .zip, without unpacking: whatever is in it, nothing happens."""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.library.lessons import LessonError
from app.library.pack_manifest import MAX_PROBLEMS, NAMES, shown
from app.library.pack_names import clashes, name_problem

MAX_FILES = 2_000
MAX_FILE_BYTES = 20 * 2**20
MAX_BYTES = 200 * 2**20

_BLOCK = 2**16
# More than the directory of so many files takes; it is read at once.
_MAX_DIRECTORY = 2**20
_ENCRYPTED = 0x2041
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Windows' other kind of link.
_JUNCTION = 0xA0000003
# What systems put beside the files of people.
_HIDDEN = re.compile(r"__MACOSX/|(?:.*/)?\.")
_TOO_MANY = f"There are more than {MAX_FILES:,} files and folders in it. Split the pack, or leave some out."
_TWICE = "stands there twice, if capitals do not count: give one of them another name"
_NESTED = "is an archive in the pack: unpack it, or leave it out"
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)

Opener = Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Entry:
    """A file of a pack, not read yet.

    Attributes
    ----------
    open : callable
        Opens it.
    bytes : int or None
        How many it says it has; None if nothing says so.
    """

    open: Opener
    bytes: int | None = None


class PackFiles:
    """The files of an open pack: names that are safe, content that is not known yet.

    Parameters
    ----------
    entries : mapping of str to Entry
        By names relative to the pack, with slashes.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._left = MAX_BYTES

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files."""
        return tuple(self._entries)

    @property
    def is_exhausted(self) -> bool:
        """Whether the files that were read hold more than a pack may, so that no more need be read."""
        return self._left < 0

    def read(self, name: str, most: int = MAX_FILE_BYTES) -> bytes:
        """Read a file; what it says of its size is not relied on.

        Parameters
        ----------
        name : str
            One of `names`.
        most : int
            Bytes that it may have.

        Raises
        ------
        LessonError
            If it holds more, or something else than it says, all files together hold too much, or it
            cannot be read.
        """
        entry, parts, size = self._entries[name], list[bytes](), 0
        try:
            with entry.open() as file:
                while part := file.read(_BLOCK):
                    parts.append(part)
                    size += len(part)
                    self._left -= len(part)
                    if size > most or self._left < 0:
                        raise self._too_large(name, size, most)
        except OSError as problem:
            raise LessonError(f'"{shown(name)}" cannot be read: {problem.strerror or problem}.') from problem
        except _DAMAGE as problem:
            raise LessonError(f'"{shown(name)}" is damaged. Make the pack again.') from problem
        if entry.bytes not in (None, size):
            raise LessonError(
                f'"{shown(name)}" holds {size:,} bytes, but says {entry.bytes:,}. Make the pack again.'
            )
        return b"".join(parts)

    def _too_large(self, name: str, size: int, most: int) -> LessonError:
        if size > most:
            return LessonError(
                f'"{shown(name)}" holds more than {most // 2**20} MB. Make it smaller, or leave it out.'
            )
        return LessonError(f"The files hold more than {MAX_BYTES // 2**20} MB in all. Split the pack.")


@contextmanager
def open_pack(path: Path) -> Iterator[PackFiles]:
    """Open a pack.

    Parameters
    ----------
    path : Path
        A folder or a .zip file. In a .zip, everything may be in one folder. What begins with a dot is no part
        of the pack.

    Raises
    ------
    LessonError
        If it is neither, cannot be read, or holds anything but files and folders with safe names; with all
        problems.
    """
    with ExitStack() as stack:
        try:
            files = _files(path, stack)
        except OSError as problem:
            raise LessonError(f"It cannot be read: {problem.strerror or problem}.") from problem
        except _DAMAGE as problem:
            raise LessonError(
                "It is no .zip file, or damaged. A pack is a folder or a .zip file."
            ) from problem
        yield files


def _files(path: Path, stack: ExitStack) -> PackFiles:
    if path.is_dir():
        return _checked(*_folder(path))
    if not path.is_file():
        raise LessonError("There is no such folder or file. Check the name.")
    file = stack.enter_context(_Careful(path))
    return _checked(*_archive(stack.enter_context(zipfile.ZipFile(file))))


def _checked(found: list[tuple[str, Entry]], problems: list[str]) -> PackFiles:
    """Return the files that were found if nothing is wrong with them."""
    names = [name for name, _entry in found]
    problems += [_problem(name, _TWICE) for name in clashes(names)]
    problems += [_problem(name, _NESTED) for name in names if name.lower().endswith(".zip")]
    if problems:
        raise LessonError(problems[0], problems[:MAX_PROBLEMS])
    return PackFiles(dict(found))


def _problem(name: str, what: str) -> str:
    return f'"{shown(name)}" {what}.'


# --- folders ------------------------------------------------------------------------------------


def _folder(folder: Path) -> tuple[list[tuple[str, Entry]], list[str]]:
    """Return the files of a folder, and what is wrong."""
    found: list[tuple[str, Entry]] = []
    problems: list[str] = []
    waiting, count = [""], 0
    while waiting:
        above = waiting.pop()
        for each in _visible(folder / above):
            name, count = f"{above}{each.name}", count + 1
            if count > MAX_FILES:
                raise LessonError(_TOO_MANY)
            status = each.stat(follow_symlinks=False)
            if what := name_problem(name) or _kind_problem(status):
                problems.append(_problem(name, what))
            elif stat.S_ISDIR(status.st_mode):
                waiting.append(f"{name}/")
            else:
                found.append((name, Entry(_opener(folder / name))))
    return found, problems


def _visible(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from (each for each in entries if not each.name.startswith("."))


def _opener(path: Path) -> Opener:
    return lambda: io.FileIO(path)


def _kind_problem(status: os.stat_result) -> str | None:
    is_junction = getattr(status, "st_reparse_tag", 0) == _JUNCTION
    return _mode_problem(stat.S_IFLNK if is_junction else status.st_mode)


def _mode_problem(mode: int) -> str | None:
    if stat.S_ISLNK(mode):
        return "is a link, which leads out of the pack: put the file itself there"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is no file, but a device or a pipe: leave it out"
    return None


# --- archives -----------------------------------------------------------------------------------


class _Careful(io.FileIO):
    """A file of which nobody can be led to read much at once, as by a directory of millions of entries."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read; too much is an error."""
        wanted = _MAX_DIRECTORY + 1 if size is None or size < 0 else size
        data = super().read(min(wanted, _MAX_DIRECTORY + 1))
        if len(data) > _MAX_DIRECTORY:
            raise LessonError(_TOO_MANY)
        return data


def _archive(archive: zipfile.ZipFile) -> tuple[list[tuple[str, Entry]], list[str]]:
    """Return the files of an archive, and what is wrong."""
    infos = archive.infolist()
    if len(infos) > MAX_FILES:
        raise LessonError(_TOO_MANY)
    problems = [_problem(info.orig_filename, what) for info in infos if (what := _info_problem(info))]
    files = [info for info in infos if not info.is_dir() and not _HIDDEN.match(info.filename)]
    top = _top([info.filename for info in files])
    return [(info.filename.removeprefix(top), _entry(archive, info)) for info in files], problems


def _info_problem(info: zipfile.ZipInfo) -> str | None:
    # zipfile has changed the other name: cut it at a zero, and turned backslashes on Windows.
    name = info.orig_filename
    if what := name_problem(name.removesuffix("/")) or _mode_problem(info.external_attr >> 16):
        return what
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted: make the pack without a password"
    if info.compress_type not in _COMPRESSIONS:
        return "is compressed in an unusual way: make the pack as an ordinary .zip file"
    return None


def _top(names: list[str]) -> str:
    """Return the folder, with its slash, that everything is in; "" if there is none."""
    if any(name in names for name in NAMES):
        return ""
    tops = {name.partition("/")[0] if "/" in name else "" for name in names}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top else ""


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    said = info.file_size

    def opened() -> IO[bytes]:
        # zipfile would stop where the file says that it ends: let that be beyond what is read.
        info.file_size = MAX_FILE_BYTES + 2 * _BLOCK
        return archive.open(info)

    return Entry(opened, said)
