"""Rebuilds frozen dataclasses from plain dicts, lists, strings and numbers, and refuses what does not fit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from assessment.errors import ExchangeError

Record = TypeVar("Record")


def read_record(kind: type[Record], data: Any, where: str = "") -> Record:
    """Rebuild a dataclass from a mapping that has exactly its fields.

    Fields may be dataclasses, tuples of one type, enumerations of strings, strings, numbers, truth
    values, and each of these or None. A whole number is read as a decimal where one is wanted.

    Parameters
    ----------
    kind : type
        The dataclass.
    data : object
        What `dataclasses.asdict` or a JSON file gave.
    where : str
        Path to `data` in the whole, for messages.

    Raises
    ------
    ExchangeError
        If a field is missing, unknown or of another type, or the dataclass refuses the values;
        names the field.
    """
    as_key: Any = kind
    types = _types(as_key)
    if not isinstance(data, Mapping):
        raise _damaged(where, "is not an object")
    path = f"{where}." if where else ""
    for name in types:
        if name not in data:
            raise _damaged(path + name, "is missing")
    for name in data:
        if name not in types:
            raise _damaged(f"{path}{name}", "is unknown")
    values = {name: _value(types[name], data[name], path + name) for name in types}
    try:
        return kind(**values)
    except ValueError as problem:
        raise _damaged(where, str(problem)) from problem


def _damaged(where: str, problem: str) -> ExchangeError:
    return ExchangeError(f"This Elocute assessment is damaged: {where} {problem}. Export it again.")


@cache
def _types(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, value: Any, where: str) -> Any:
    """Rebuild a value of the annotated type `kind`."""
    if is_dataclass(kind) and isinstance(kind, type):
        return read_record(kind, value, where)
    if get_origin(kind) is UnionType:
        return None if value is None else _value(get_args(kind)[0], value, where)
    if get_origin(kind) is tuple:
        return _sequence(get_args(kind)[0], value, where)
    if kind is float:
        return _number(value, where)
    if kind is bool:
        return _boolean(value, where)
    return _integer(value, where) if kind is int else _text(kind, value, where)


def _text(kind: type[str], value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _damaged(where, "is not a text")
    try:
        value.encode()
        return kind(value)
    except ValueError as problem:
        raise _damaged(where, f"cannot be {value!r}") from problem


def _boolean(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _damaged(where, "is neither true nor false")
    return value


def _integer(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _damaged(where, "is not a whole number")
    return value


def _sequence(kind: Any, values: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(values, list | tuple):
        raise _damaged(where, "is not a list")
    return tuple(_value(kind, value, f"{where}[{index}]") for index, value in enumerate(values))


def _number(value: Any, where: str) -> float:
    """Return `value` as a float: other programs write 1.0 as 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _damaged(where, "is not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _damaged(where, "is not a finite number")
    return number
