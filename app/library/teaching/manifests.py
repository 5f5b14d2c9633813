"""What a folder of recordings holds, said by a table (a manifest) or by text files beside the recordings."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.library.errors import LibraryError
from app.library.learners import MOST_CHARACTERS
from app.library.models import now
from app.library.teaching.roster_columns import key
from app.library.teaching.spreadsheet import SEPARATORS, Row, clean, read_text, rows

EXAMPLE = 'learner,audio,text\nAda Moss,ada/1.wav,"Mark is going to see the elephant."'
AUDIO_SUFFIXES = frozenset(
    {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".caf"}
)
# A folder that holds one of these is described by it.
TABLES = ("manifest.csv", "manifest.tsv")
_TEXT_SUFFIXES = (".txt", ".lab")
_LONGEST_TEXT = 100_000
# Titles and the like may stand above the names of the columns.
_HEADER_WITHIN = 20
_CALLED = {
    "learner": "learner|learner name|name|full name|student|student name|pupil|speaker|reader|participant"
    "|schüler|schülerin|élève|alumno|alumna|学生|姓名",
    "number": "number|learner number|student number|student id|id number|sis id|email|e-mail|matrikelnummer"
    "|numéro|número|学号",
    "audio": "audio|audio file|audio path|file|file name|filename|path|recording|sound|wav|datei|aufnahme"
    "|fichier|enregistrement|archivo|grabación|录音",
    "text": "text|sentence|prompt|reference|reference text|transcript|transcription|script|satz|texte|phrase"
    "|texto|frase|文本",
    "lesson": "lesson|lesson title|unit|lektion|leçon|lección",
    "date": "date|recorded|recorded at|started|datum|fecha|日期",
}
_FIELDS = {key(each): field for field, names in _CALLED.items() for each in names.split("|")}
# With dots the day always comes first; with slashes nobody knows.
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
# A line of a .lab file in which each phone or word has its times.
_TIMED = re.compile(r"\d+(?:\.\d+)? +\d+(?:\.\d+)? +\S+")


@dataclass(frozen=True)
class Line:
    """One recording.

    Attributes
    ----------
    number : int
        Where it stands in the manifest, from 1; in a folder without one, which recording it is.
    learner, learner_number : str
        Who read; either may be "", but not both.
    audio : Path
        The recording.
    text : str
        What was to be read.
    lesson : str
        Id or title of a lesson; "" for none.
    started : datetime or None
        When it was recorded, with its zone; None if that is not said.
    """

    number: int
    learner: str
    audio: Path
    text: str
    lesson: str = ""
    started: datetime | None = None
    learner_number: str = ""


@dataclass(frozen=True)
class Manifest:
    """The recordings that are to be assessed.

    Attributes
    ----------
    path : Path
        The table, or the folder; absolute.
    lines : tuple of Line
        Those that can be used.
    problems : tuple of str
        Why others cannot, a sentence each.
    """

    path: Path
    lines: tuple[Line, ...]
    problems: tuple[str, ...]


def read_manifest(path: Path) -> Manifest:
    """Read a manifest, or look through a folder.

    A manifest is a table as spreadsheets write it (commas, semicolons or tabs between the cells) with the
    columns learner, audio and text, and perhaps number, lesson and date. A path begins at the folder of the
    manifest; as who runs this has written it, or has looked at it, it may lead anywhere. Where a text is
    missing, that of a file beside the recording is taken with the same name and the suffix ``.txt`` or
    ``.lab``.

    In a folder every recording has such a file, and belongs to the learner who has the name of its folder
    (the topmost below the given one). A folder with a ``manifest.csv`` or ``manifest.tsv`` is what that says.

    Parameters
    ----------
    path : Path
        Of the table or the folder.

    Raises
    ------
    LibraryError
        If it cannot be read, or nothing in it can be used.
    """
    path = path.absolute()
    inside = (path / name for name in TABLES)
    path = next((table for table in inside if table.is_file()), path)
    problems: list[str] = []
    lines = tuple(_of_folder(path, problems) if path.is_dir() else _of_table(path, problems))
    if not lines:
        told = f" {problems[0]}" if problems else ""
        raise LibraryError(
            f'There is no recording to assess in "{path}".{told} Give a table such as this, or put a text '
            f"file with the same name beside each recording:\n{EXAMPLE}"
        )
    return Manifest(path, lines, tuple(problems))


# --- tables ---------------------------------------------------------------------------------


def _of_table(path: Path, problems: list[str]) -> Iterator[Line]:
    file = read_text(path)
    found = [each for separator in SEPARATORS if (each := _parted(file.text, separator)) is not None]
    if not found:
        raise LibraryError(
            f"{path.name} has no columns for learner and audio. Write their names into its first row, such "
            f"as here:\n{EXAMPLE}"
        )
    if file.guessed:
        problems.append(
            f"{path.name} does not say how its letters are encoded: {file.guessed} was guessed. If names "
            "look wrong, save it as UTF-8."
        )
    places, table = max(found, key=lambda each: len(each[0]))
    folder = _Folder(path.parent)
    for row in table:
        cells = {field: row.cells[at] for field, at in places.items() if at < len(row.cells)}
        try:
            yield _line(folder, row.line, cells)
        except LibraryError as problem:
            problems.append(f"Line {row.line}: {problem}")


def _parted(text: str, separator: str) -> tuple[dict[str, int], list[Row]] | None:
    """Return which columns there are and the rows below, if this is what parts the cells."""
    try:
        table = list(rows(text, separator))
    except csv.Error:
        return None
    for above, row in enumerate(table[:_HEADER_WITHIN]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            if (field := _FIELDS.get(key(cell))) is not None:
                places.setdefault(field, place)
        if "audio" in places and ("learner" in places or "number" in places):
            return places, table[above + 1 :]
    return None


def _line(folder: _Folder, number: int, cells: dict[str, str]) -> Line:
    name, known_by, audio = (cells.get(field, "") for field in ("learner", "number", "audio"))
    if not name and not known_by:
        raise LibraryError("it does not say who read.")
    if max(len(name), len(known_by)) > MOST_CHARACTERS:
        raise LibraryError(f"the name is longer than {MOST_CHARACTERS} characters.")
    if not audio:
        raise LibraryError("it names no recording.")
    path = folder.find(audio)
    text = cells.get("text", "") or _text_beside(path)
    lesson, started = cells.get("lesson", ""), _moment(cells.get("date", ""))
    return Line(number, name, path, _usable(text, audio), lesson, started, known_by)


def _usable(text: str, audio: str) -> str:
    if not text:
        raise LibraryError(f"what was read in {audio} is not said, nor by a text file beside it.")
    if len(text) > _LONGEST_TEXT:
        raise LibraryError(f"the text of {audio} is longer than {_LONGEST_TEXT:,} characters.")
    return text


def _moment(cell: str) -> datetime | None:
    if not cell:
        return None
    try:
        moment = _read_moment(cell).astimezone(UTC)  # without a zone, that of this computer is meant
        is_past = moment <= now()
    except (ValueError, OverflowError, OSError):
        raise LibraryError(
            f'"{cell[:40]}" is no date. Write it as 2026-05-04 or 2026-05-04 14:30, or leave it out.'
        ) from None
    if not is_past:
        raise LibraryError(f'"{cell[:40]}" is still to come. Write when it was recorded, or leave it out.')
    return moment


def _read_moment(cell: str) -> datetime:
    found = _DAY_FIRST.fullmatch(cell)
    if found is None:
        return datetime.fromisoformat(cell)
    day, month, year, hour, minute, second = (int(each or 0) for each in found.groups())
    return datetime(year, month, day, hour, minute, second)


@dataclass(frozen=True)
class _Folder:
    """A folder in which files are found whose names are written a little differently."""

    path: Path
    _names: dict[Path, dict[str, Path]] = field(default_factory=dict)

    def find(self, name: str) -> Path:
        """Return the path that a cell means."""
        written = self.path / name
        if "\\" in name and not os.path.exists(written):
            written = self.path / name.replace("\\", "/")
        return self._existing(written)

    def _existing(self, path: Path) -> Path:
        """Return the path of what is there: names differ in capitals, spaces and how accents are put on."""
        if os.path.exists(path) or path == path.parent:  # no matter how long a name is
            return path
        folder = self._existing(path.parent)
        if folder not in self._names:
            self._names[folder] = _names(folder)
        return self._names[folder].get(_name_key(path.name), path)


def _names(folder: Path) -> dict[str, Path]:
    try:
        return {_name_key(each.name): each for each in folder.iterdir()}
    except OSError:
        return {}


def _name_key(name: str) -> str:
    return clean(name).casefold()


# --- folders --------------------------------------------------------------------------------


def _of_folder(folder: Path, problems: list[str]) -> Iterator[Line]:
    found = sorted(path for path in folder.rglob("*") if _is_recording(path))
    for number, path in enumerate(found, 1):
        within = path.relative_to(folder)
        learner = clean(within.parts[0] if len(within.parts) > 1 else folder.name)
        try:
            if not learner:
                raise LibraryError("its folder has no name that could be its learner's.")
            text = _usable(_text_beside(path), path.name)
        except LibraryError as problem:
            problems.append(f"{clean(str(within))}: {problem}")
        else:
            yield Line(number, learner, path, text)


def _is_recording(path: Path) -> bool:
    # Macs put a file with properties and the same name, but for the dot, beside each on other disks.
    return path.suffix.lower() in AUDIO_SUFFIXES and not path.name.startswith(".") and path.is_file()


def _text_beside(audio: Path) -> str:
    """Return what a file says that has the name of a recording; "" if there is none.

    Raises
    ------
    LibraryError
        If it cannot be read, or says times besides.
    """
    named = (audio.parent / f"{audio.stem}{suffix}" for suffix in _TEXT_SUFFIXES)
    beside = next(filter(os.path.isfile, named), None)
    if beside is None:
        return ""
    lines = [clean(line) for line in read_text(beside).text.splitlines()]
    said = [line for line in lines if line]
    if said and all(map(_TIMED.fullmatch, said)):
        raise LibraryError(f"{beside.name} has times beside the words. Write only the text into it.")
    return "\n\n".join(" ".join(part.split("\n")) for part in re.split(r"\n{2,}", "\n".join(lines).strip()))
