"""Reads rosters: lists of learners as CSV, and as learning platforms export them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.library.errors import LibraryError
from app.library.learners import MOST_CHARACTERS
from app.library.teaching import roster_columns as headers
from app.library.teaching.roster_columns import Columns, consent, is_learner
from app.library.teaching.spreadsheet import SEPARATORS, Row, read_text, rows

EXAMPLE = "Name;Number;Class;Consent\nAda Moss;1001;3B;yes\nLi Wei;1002;3B;no"
# Between several classes of one learner.
SEVERAL = "; "
# Titles and the like may stand above the names of the columns.
_HEADER_WITHIN = 20
# Beneath the names of the columns some platforms say how many points there are.
_NO_NAMES = {
    headers.key(each)
    for each in ("Points Possible", "Points", "Date", "Student, Test", "Test Student", "Class average")
}


@dataclass(frozen=True)
class RosterLine:
    """A learner on a roster.

    Attributes
    ----------
    line : int
        Where in the file, from 1.
    name : str
        First name first, not empty.
    number : str
        By which the school knows the learner: a number, or else a login or an e-mail address; "" for none.
    class_name : str
        In which class or group; several are parted by "; ". "" for none.
    consent : bool or None
        Whether recordings may be shared; None if the roster does not say.
    """

    line: int
    name: str
    number: str
    class_name: str
    consent: bool | None


@dataclass(frozen=True)
class Roster:
    """What a file says of learners.

    Attributes
    ----------
    path : Path
        The file.
    lines : tuple of RosterLine
        In the order of the file; nobody twice.
    problems : tuple of str
        Sentences for people on what was left out or guessed, by line.
    kind : str
        Of which platform the export is, such as "Moodle"; "CSV" if of none that is known.
    """

    path: Path
    lines: tuple[RosterLine, ...]
    problems: tuple[str, ...]
    kind: str


def read_roster(path: Path) -> Roster:
    """Read a roster.

    Columns are known by their names in several languages, see `roster_columns`: a name in one cell or in
    two, and, where they are there, a number, an e-mail address, a class, and whether there is consent. "Last,
    First" is turned round. Separator and encoding are found out.

    Parameters
    ----------
    path : Path
        A CSV file, or one that is parted by tabs.

    Returns
    -------
    Roster
        With at least one learner.

    Raises
    ------
    LibraryError
        If the file cannot be read, is no roster, or nobody is on it.
    """
    file = read_text(path)
    found, table = _table(path, file.text)
    problems = []
    if file.guessed:
        problems.append(
            f"{path.name} does not say how its letters are encoded: {file.guessed} was guessed. If names "
            "look wrong, save it as UTF-8."
        )
    lines = tuple(_merged(_lines(found, table, problems), problems))
    if not lines:
        why = " ".join(problems[:1]) or "There is nothing beneath the names of the columns."
        raise LibraryError(f"No learner could be read from {path.name}. {why}")
    return Roster(path, lines, tuple(problems), found.kind)


def _table(path: Path, text: str) -> tuple[Columns, list[Row]]:
    """Return the columns of a table and the rows beneath, by the separator with which most is recognised."""
    found = [each for separator in SEPARATORS if (each := _parted(text, separator)) is not None]
    if not found:
        raise LibraryError(
            f"{path.name} is no roster: none of its columns is called Name, or First name and Last name. "
            f"A roster looks like this:\n{EXAMPLE}"
        )
    return max(found, key=lambda each: (len(each[0].places), -_beyond(*each)))


def _parted(text: str, separator: str) -> tuple[Columns, list[Row]] | None:
    try:
        table = list(rows(text, separator))
    except csv.Error:
        return None
    for place, row in enumerate(table[:_HEADER_WITHIN]):
        if (found := headers.columns(row.cells)) is not None:
            return found, table[place + 1 :]
    return None


def _beyond(columns: Columns, table: Sequence[Row]) -> int:
    """Return how many cells there are that no column is above of: "Lee, Ann" is no two cells."""
    return sum(1 for row in table for cell in row.cells[columns.width :] if cell)


def _lines(columns: Columns, table: Sequence[Row], problems: list[str]) -> Iterator[RosterLine]:
    """Yield the learners of a table, and note what is wrong."""
    for row in table:
        if _is_no_learner(columns, row):
            continue
        name, number = _name(columns, row), _number(columns, row)
        if not name or max(len(name), len(number)) > MOST_CHARACTERS:
            what = f"a cell is longer than {MOST_CHARACTERS} characters" if name else "there is no name"
            problems.append(f"Line {row.line} is left out: {what}.")
            continue
        class_name, has_consented = _class_name(columns, row), None
        try:
            has_consented = consent(columns.cell(headers.CONSENT, row.cells))
        except ValueError as problem:
            problems.append(
                f'Line {row.line}: "{problem}" is neither yes nor no, so consent stays as it was.'
            )
        if any(len(each) > MOST_CHARACTERS for each in class_name.split(SEVERAL)):
            problems.append(f"Line {row.line}: the class is left out, its name is too long.")
            class_name = ""
        yield RosterLine(row.line, name, number, class_name, has_consented)


def _is_no_learner(columns: Columns, row: Row) -> bool:
    """Return whether a row is about points, a test account or a teacher."""
    name = columns.cell(headers.NAME, row.cells) or columns.cell(headers.LAST, row.cells)
    is_other = headers.key(name) in _NO_NAMES and not _number(columns, row, headers.PERSONAL)
    is_other = is_other and not columns.cell(headers.FIRST, row.cells)
    return is_other or not is_learner(columns.cell(headers.ROLE, row.cells))


def _name(columns: Columns, row: Row) -> str:
    parts = (columns.cell(headers.FIRST, row.cells), columns.cell(headers.LAST, row.cells))
    whole = columns.cell(headers.NAME, row.cells)
    if all(parts) or not whole:
        return " ".join(part for part in parts if part)
    last, comma, first = (part.strip() for part in whole.partition(","))
    return f"{first} {last}" if comma and first and last and "," not in first else whole


def _number(columns: Columns, row: Row, fields: Sequence[str] = headers.NUMBERS) -> str:
    """Return by what the school knows a learner: the first that is given."""
    cells = (columns.cell(field, row.cells) for field in fields)
    # Some write numbers as ="007" or #007, so that spreadsheets keep the zeros.
    return next((number for cell in cells if (number := cell.strip('="#').strip())), "")


def _class_name(columns: Columns, row: Row) -> str:
    named = columns.cell(headers.CLASS, row.cells)
    groups = columns.cell(headers.GROUPS, row.cells)
    parts = named.split(";") if named else re.split("[,;]", groups)
    return SEVERAL.join(part.strip() for part in parts if part.strip())


def _merged(lines: Iterable[RosterLine], problems: list[str]) -> Iterable[RosterLine]:
    """Bring together what several lines say of one learner, and note who cannot be told apart."""
    found: dict[tuple[str, ...], RosterLine] = {}
    for line in lines:
        name = name_key(line.name)
        who = (line.number.casefold(),) if line.number else (name, line.class_name.casefold())
        before = found.get(who)
        if before is None:
            found[who] = line
        elif line.number and name_key(before.name) == name:
            found[who] = _joined(before, line)
        else:
            what = f'the number "{line.number}"' if line.number else f'"{line.name}"'
            problems.append(
                f"Line {line.line} is left out: {what} is on line {before.line}, too. If these are two "
                "people, give each a number of their own."
            )
    return found.values()


def _joined(before: RosterLine, line: RosterLine) -> RosterLine:
    classes = dict.fromkeys((*before.class_name.split(SEVERAL), *line.class_name.split(SEVERAL)))
    has_consented = before.consent if line.consent is None else line.consent
    return replace(before, class_name=SEVERAL.join(filter(None, classes)), consent=has_consented)


def name_key(name: str) -> str:
    """Return by what a name is known again: without capitals, and white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
