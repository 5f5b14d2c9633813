"""Reads tables as spreadsheets and learning platforms write them: CSV with any separator and encoding."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import charset_normalizer

from app.library.errors import LibraryError

MAX_BYTES = 5 * 2**20
# The most columns recognised decides between them.
SEPARATORS = (",", ";", "\t", "|")
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NO_TEXT = {
    b"PK\x03\x04": "an Excel file or another package",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"%PDF-": "a PDF",
}
# Of Western Europe, in the order in which programs there write CSV without saying so: taken if all that is
# not ASCII turns out to be letters of its languages, hardly ever three in a row: those are other alphabets.
_WESTERN = ("cp1252", "mac_roman")
_USUAL = re.compile(r"[\x00-\x7fÀ-ÖØ-öø-ÿªº°’“”–]*")
_OTHER_ALPHABET = re.compile(r"[À-ÿ]{3}")
# The first line by which some programs tell Excel the separator.
_SEPARATOR_LINE = re.compile(r"sep=.", re.IGNORECASE)
# What spreadsheets take for a formula is written with an apostrophe before it.
_NEUTRALISED = re.compile(r"'(?=[=+\-@\t\r])")
_JOINERS = "\u200c\u200d"  # letters of some scripts need them


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    line : int
        On which line of the file it begins, from 1.
    cells : tuple of str
        Without white space around them, control characters and apostrophes against formulas.
    """

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class TextFile:
    """A file of text.

    Attributes
    ----------
    text : str
        What is in it.
    guessed : str
        Its encoding if that had to be guessed, else "".
    """

    text: str
    guessed: str = ""


def read_text(path: Path) -> TextFile:
    """Read the text of a table, however it is encoded.

    Raises
    ------
    LibraryError
        If the file cannot be read, is too large or holds no text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        said = getattr(problem, "strerror", None) or problem
        raise LibraryError(f'"{path}" cannot be read ({said}). Choose another file.') from problem
    if len(data) > MAX_BYTES:
        raise LibraryError(
            f"{path.name} is larger than {MAX_BYTES // 2**20} MB. Split it into smaller files."
        )
    for start, name in _NO_TEXT.items():
        if data.startswith(start):
            raise LibraryError(
                f"{path.name} is {name}. Open it in the program that made it, and save it as CSV."
            )
    found = _decoded(data)
    if found is None or "\0" in found.text:
        raise LibraryError(f"{path.name} holds no text. Choose a CSV file.")
    return found


def _decoded(data: bytes) -> TextFile | None:
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    text = _strictly(data, marked or "utf-8")
    if text is not None or marked is not None:
        return None if text is None else TextFile(text)
    for encoding in _WESTERN:
        text = _strictly(data, encoding)
        if text is not None and _USUAL.fullmatch(text) and not _OTHER_ALPHABET.search(text):
            return TextFile(text)
    best = charset_normalizer.from_bytes(data).best()
    return None if best is None else TextFile(str(best), best.encoding)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def rows(text: str, separator: str) -> Iterator[Row]:
    """Yield the rows of a table that are not empty.

    Parameters
    ----------
    text : str
        The table.
    separator : str
        Between its cells.

    Raises
    ------
    csv.Error
        If a cell is longer than 131,072 characters.
    """
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    line = 1
    for cells in reader:
        row = Row(line, tuple(map(clean, cells)))
        line = reader.line_num + 1
        if any(row.cells) and not (row.line == 1 and _SEPARATOR_LINE.fullmatch(separator.join(cells))):
            yield row


def clean(cell: str) -> str:
    """Return a cell as one line of what can be seen."""
    cell = (
        _NEUTRALISED.sub("", " ".join(cell.split()), count=1) if cell[:1] == "'" else " ".join(cell.split())
    )
    if cell.isascii() and cell.isprintable():
        return cell
    return unicodedata.normalize("NFC", "".join(sign for sign in cell if not _is_invisible(sign))).strip()


def _is_invisible(sign: str) -> bool:
    return sign not in _JOINERS and unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"}
