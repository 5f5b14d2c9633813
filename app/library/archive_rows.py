"""The rows of an archive as plain JSON: how they are written, and the checks that they pass when read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, String, Table

from app.library import columns, models
from app.library.errors import LibraryError
from assessment.errors import ExchangeError
from assessment.phones import is_phone
from assessment.results import Assessment, ErrorType

# What refers to something comes after it.
_KINDS = (
    models.Learner,
    models.SchoolClass,
    models.Membership,
    models.Lesson,
    models.Item,
    models.Session,
    models.Attempt,
    models.Mark,
    models.Comment,
    models.Card,
    models.Goal,
)
_ALL = models.Base.metadata.tables
TABLES: tuple[Table, ...] = tuple(_ALL[kind.__tablename__] for kind in _KINDS)
# The field of an attempt that holds everything the engine found out.
ASSESSMENT = "assessment"

_ID = re.compile(r"[!-~]{1,32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_CHARACTERS = 1_000_000
_SHORT = 200
_MOST_PHONES = 1_000
_MOST_WORDS = 20_000
_MOST_STATE = 10_000
_DEEPEST_STATE = 4
_LARGEST = 2**31 - 1
_RANGES = {
    "seconds": (0.0, 86_400.0),
    "target": (0.0, 1_000.0),
    "slope": (0.0, 100.0),
    "intercept": (-10_000.0, 10_000.0),
}
_SCORE = (0.0, 100.0)
_CHOICES: dict[str, set[str]] = {
    "lessons.origin": {"shipped", "imported", "own"},
    "sessions.kind": {"lesson", "own", "weak-sounds"},
    "goals.kind": {"days", "attempts", "overall", "phone"},
    "marks.error": set(ErrorType),
}
_SHORT_TEXTS = {
    "learners.name",
    "learners.number",
    "classes.name",
    "lessons.title",
    "attempts.reviewer",
    "marks.author",
    "comments.author",
}

Row = dict[str, Any]


class ArchiveError(LibraryError):
    """An archive cannot be used: it is damaged, or was not written by Elocute."""


def to_line(row: Mapping[str, Any]) -> bytes:
    """Return a row as one line of JSON.

    Parameters
    ----------
    row : mapping
        By the names of the columns what the database gave; times with their zone.
    """
    plain = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def from_json(data: bytes, where: str) -> dict[str, Any]:
    """Read an object of JSON.

    Parameters
    ----------
    data : bytes
        UTF-8.
    where : str
        What this is, for messages.

    Raises
    ------
    ArchiveError
        If it is none.
    """
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise ArchiveError(
            f"The archive is damaged: {where} is not JSON ({type(problem).__name__})."
        ) from None
    if not isinstance(found, dict):
        raise ArchiveError(f"The archive is damaged: {where} is not an object.")
    return found


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


class Checker:
    """Takes the rows of one archive, the tables in their order, and refuses what cannot be in a library.

    Attributes
    ----------
    recordings : set of str
        Digests of all recordings that the rows refer to.
    """

    def __init__(self) -> None:
        self.recordings: set[str] = set()
        self._keys: dict[str, set[Any]] = {table.name: set() for table in TABLES}
        # By their ids whose the sittings and the attempts are.
        self._owners: dict[str, dict[str, str]] = {"sessions": {}, "attempts": {}}

    def take(self, table: Table, line: bytes, number: int) -> tuple[Row, Assessment | None]:
        """Check a row.

        Parameters
        ----------
        table : Table
            Where it belongs.
        line : bytes
            The line.
        number : int
            Of the line, from 1.

        Returns
        -------
        row : dict
            By the names of the columns what the database takes; what was left out has its default.
        assessment : Assessment or None
            Of an attempt.

        Raises
        ------
        ArchiveError
            If something in it is missing, unknown, of another type, out of its range, twice in the archive,
            or refers to what is not in the archive; names line and field.
        """
        where = f"line {number} of {table.name}"
        found = from_json(line, where)
        assessment = _assessment(found, where) if table.name == "attempts" else None
        for name in found:
            if name not in table.columns:
                raise _damaged(where, name, "is unknown")
        row = {column.name: _value(column, found, where) for column in table.columns}
        self._relate(table, row, where)
        return row, assessment

    def _relate(self, table: Table, row: Row, where: str) -> None:
        """Check how a row belongs to others, and remember it."""
        key = tuple(row[column.name] for column in table.primary_key)
        if key in self._keys[table.name]:
            raise _damaged(where, "/".join(map(str, key)), "is in it twice")
        self._keys[table.name].add(key)
        for column in table.columns:
            for foreign in column.foreign_keys:
                value = row[column.name]
                if value is not None and (value,) not in self._keys[foreign.column.table.name]:
                    raise _damaged(where, column.name, "refers to something that is not in the archive")
        self._check_owner(table, row, where)
        if row.get("recording"):
            self.recordings.add(row["recording"])

    def _check_owner(self, table: Table, row: Row, where: str) -> None:
        """Make sure that what belongs together is of one learner."""
        if table.name in self._owners:
            self._owners[table.name][row["id"]] = row["learner_id"]
        if "learner_id" not in row:
            return
        for name, owners in (("session_id", "sessions"), ("attempt_id", "attempts")):
            of_whom = self._owners[owners].get(row.get(name) or "")
            if of_whom not in (None, row["learner_id"]):
                raise _damaged(where, name, "is another learner's")


def _damaged(where: str, name: str, problem: str) -> ArchiveError:
    return ArchiveError(f'The archive is damaged: in {where}, "{name[:80]}" {problem}. Export it again.')


def _assessment(found: dict[str, Any], where: str) -> Assessment:
    data = found.pop(ASSESSMENT, None)
    if not isinstance(data, dict):
        raise _damaged(where, ASSESSMENT, "is not an object")
    try:
        return Assessment.from_dict(data)
    except ExchangeError as problem:
        raise ArchiveError(f"In {where} of the archive, the assessment cannot be used. {problem}") from None


# --- values ---------------------------------------------------------------------------------


def _value(column: Column[Any], found: Mapping[str, Any], where: str) -> Any:
    """Return what a column takes, or its default."""
    name = column.name
    if name not in found:
        return _default(column, where)
    value = found[name]
    if value is None:
        if not column.nullable:
            raise _damaged(where, name, "is null")
        return None
    try:
        return _reader(column)(column, value)
    except ValueError as problem:
        raise _damaged(where, name, str(problem)) from None


def _default(column: Column[Any], where: str) -> Any:
    default = column.default
    if default is not None and default.is_scalar:
        return default.arg  # type: ignore[attr-defined]
    if default is not None and isinstance(column.type, columns.PlainJson):
        return default.arg(None)  # type: ignore[attr-defined]
    if column.nullable:
        return None
    raise _damaged(where, column.name, "is missing")


def _reader(column: Column[Any]) -> Callable[[Column[Any], Any], Any]:
    kind = column.type
    if isinstance(kind, columns.Moment):
        return _moment
    if isinstance(kind, columns.PlainJson):
        return {"focus": _phones, "pronunciations": _pronunciations, "state": _state}[column.name]
    for type_, reader in ((Boolean, _truth), (Integer, _whole), (Float, _decimal), (String, _text)):
        if isinstance(kind, type_):
            return reader
    raise TypeError(f"nothing reads {kind}")


def _moment(_column: Column[Any], value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("is not a time with its zone") from None


def _truth(_column: Column[Any], value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def _whole(_column: Column[Any], value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise ValueError(f"is not a whole number from 0 to {_LARGEST:,}")
    return value


def _decimal(column: Column[Any], value: Any) -> float:
    least, most = _RANGES.get(column.name, _SCORE)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"is not a number from {least:g} to {most:,g}")
    return float(value)


def _text(column: Column[Any], value: Any) -> str:
    text = _any_text(value, _MOST_CHARACTERS)
    name = f"{column.table.name}.{column.name}"
    if column.name == "recording":
        if not _DIGEST.fullmatch(text):
            raise ValueError("is not a SHA-256")
    elif column.primary_key or column.foreign_keys:
        if not _ID.fullmatch(text):
            raise ValueError("is not an identifier")
    elif name in _CHOICES and text not in _CHOICES[name]:
        raise ValueError(f"is none of {', '.join(sorted(_CHOICES[name]))}")
    if column.name == "phone" and not is_phone(text):
        raise ValueError("is not a phone")
    most = column.type.length or (_SHORT if name in _SHORT_TEXTS else None)  # type: ignore[attr-defined]
    if most is not None and len(text) > most:
        raise ValueError(f"is longer than {most} characters")
    return text


def _any_text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"is not a text of at most {most:,} characters")
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ValueError("holds what is not a letter or sign")
    return value


def _phones(_column: Column[Any], value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > _MOST_PHONES:
        raise ValueError("is not a list of phones")
    for phone in value:
        if not isinstance(phone, str) or not is_phone(phone):
            raise ValueError("is not a list of phones")
    return value


def _pronunciations(_column: Column[Any], value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict) or len(value) > _MOST_WORDS:
        raise ValueError("is not an object of words")
    for word, ways in value.items():
        _any_text(word, _SHORT)
        if not isinstance(ways, list) or len(ways) > _MOST_PHONES:
            raise ValueError("has a word without a list of ways to say it")
        for way in ways:
            _any_text(way, _MOST_CHARACTERS)
    return value


def _state(_column: Column[Any], value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or len(json.dumps(value)) > _MOST_STATE:
        raise ValueError(f"is not an object of at most {_MOST_STATE:,} characters")
    _check_state(value, _DEEPEST_STATE)
    return value


def _check_state(value: Any, depth: int) -> None:
    """Check what a scheduler knows of a card: texts, numbers, and objects of these."""
    if isinstance(value, dict):
        if depth == 0:
            raise ValueError("holds objects within objects")
        for name, each in value.items():
            _any_text(name, _SHORT)
            _check_state(each, depth - 1)
    elif isinstance(value, str):
        _any_text(value, _SHORT)
    elif isinstance(value, int | float):
        if abs(value) > 2**63:
            raise ValueError("holds too large a number")
    elif value is not None:
        raise ValueError("holds more than texts and numbers")
