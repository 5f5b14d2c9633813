"""Which names files in a lesson pack may have: those that are safe and the same on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

MAX_CHARACTERS = 200
# File systems take no longer name of one file or folder.
_MAX_PART_BYTES = 240
_DRIVE = re.compile(r"[A-Za-z]:")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# The names of Windows' devices, whatever ending follows.
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)


def name_problem(name: str) -> str | None:
    """Say what is wrong with the name of a file in a pack.

    Parameters
    ----------
    name : str
        With its folders, separated by slashes, as the pack gives it.

    Returns
    -------
    str or None
        The end of a sentence that begins with the name; None if nothing is wrong.
    """
    if not name:
        return "is empty"
    if not name.isprintable():
        return "has characters that cannot be seen"
    if "\\" in name:
        return "has a backslash"
    if name.startswith("/") or _DRIVE.match(name):
        return "leads out of the pack: it begins at the root of a disk"
    if len(name) > MAX_CHARACTERS:
        return f"is longer than {MAX_CHARACTERS} characters"
    return next(filter(None, map(_part_problem, name.split("/"))), None)


def _part_problem(part: str) -> str | None:
    if part == "..":
        return 'leads out of the pack: it has ".." in it'
    if part in ("", "."):
        return "has an empty part between its slashes"
    if part.endswith((".", " ")) or part.startswith(" "):
        return "has a part that ends in a dot, or begins or ends with a space"
    if _FORBIDDEN.search(part):
        return 'has one of the signs < > : " | ? *'
    if _DEVICE.fullmatch(part):
        return f'has "{part}" in it, which is the name of a device on Windows'
    if len(part.encode("utf-8")) > _MAX_PART_BYTES:
        return "is too long"
    return None


def clashes(names: Iterable[str]) -> Iterator[str]:
    """Yield the names of files that could not stand beside others where capitals do not count."""
    known: set[str] = set()
    folders: set[str] = set()
    for name in names:
        key = _key(name)
        above = {str(folder) for folder in PurePosixPath(key).parents}
        if key in known or key in folders or known & above:
            yield name
        known.add(key)
        folders |= above


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
