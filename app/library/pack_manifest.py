"""The manifest of a lesson pack: read, checked against its JSON Schema, and written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import tomli_w

from app.library.lessons import Lesson, LessonError
from assessment.errors import TextError
from assessment.resources import resource
from assessment.text import ReferenceText

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

TOML, JSON = "lesson.toml", "lesson.json"
NAMES = (TOML, JSON)
MAX_BYTES = 2**20
MAX_PROBLEMS = 100

_MAX_ITEMS, _MAX_TEXT = 1_000, 2_000
_SHOWN = 40
# The parser of TOML takes time in the square of the number of parts of a key, which dots separate.
_MAX_DOTS = 500


def parse(name: str, data: bytes) -> Lesson:
    """Read a manifest.

    Parameters
    ----------
    name : {"lesson.toml", "lesson.json"}
        Tells how it is written.
    data : bytes
        Its content, UTF-8.

    Raises
    ------
    LessonError
        If it cannot be read, or says something that no lesson can be; with all problems.
    """
    if len(data) > MAX_BYTES:
        raise LessonError(f"{name} is larger than {MAX_BYTES // 2**20} MB. Split the lesson.")
    try:
        content = _parse_toml(data) if name == TOML else _parse_json(data)
        found = check(content)
    except RecursionError:
        raise LessonError(f"{name} is nested too deeply. Write it as the schema says.") from None
    except ValueError as problem:
        raise LessonError(f"{name} cannot be read: {shown(str(problem), 200)}. Mend the file.") from None
    if found:
        raise LessonError(f"{name}: {found[0]}", [f"{name}: {each}" for each in found])
    return Lesson.of(content)


def check(content: object) -> list[str]:
    """Return what is wrong with the content of a manifest, a sentence each; nothing if all is well."""
    problems = [f"{_where(error)}: {_what(error)}." for error in _errors(content)]
    problems += islice(_unreadable(content), MAX_PROBLEMS)
    return list(dict.fromkeys(problems))


def check_lesson(lesson: Lesson) -> None:
    """Make sure that a lesson can be written as a manifest.

    Raises
    ------
    LessonError
        If it cannot; with all problems.
    """
    if problems := check(lesson.to_data()):
        raise LessonError(problems[0], problems)


def write(lesson: Lesson) -> bytes:
    """Return the manifest of a lesson as TOML; the same lesson always gives the same bytes."""
    return tomli_w.dumps(lesson.to_data()).encode("utf-8")


def schema() -> str:
    """Return the JSON Schema of manifests."""
    return resource("schemas", "lesson.schema.json").read_text(encoding="utf-8")


def shown(value: object, most: int = _SHOWN) -> str:
    """Return something of a manifest or a pack as a message can show it: short, and nothing in it acts."""
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "a table"
    if not isinstance(value, str):
        return "nothing" if value is None else str(value)[:most]
    text = value if len(value) <= most else f"{value[:most]}…"
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text
    )


def _parse_toml(data: bytes) -> dict[str, Any]:
    text = data.decode("utf-8-sig")
    if any(line.count(".") > _MAX_DOTS for line in text.splitlines()):
        raise ValueError(f"there is a line with more than {_MAX_DOTS} full stops")
    return tomllib.loads(text)


def _parse_json(data: bytes) -> Any:
    return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique)


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f'the key "{key}" stands twice in the same place')
        found[key] = value
    return found


# --- what the schema says -----------------------------------------------------------------------


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # it takes a tenth of a second to load

    return Draft202012Validator(json.loads(schema()))


def _errors(content: object) -> Iterator[ValidationError]:
    return islice(_validator().iter_errors(content), MAX_PROBLEMS)


def _where(error: ValidationError) -> str:
    """Say in which item and under which key something is wrong."""
    path = list(error.absolute_path)
    parts = []
    if len(path) > 1 and path[0] == "items":
        parts.append(f"item {int(path[1]) + 1}")
        path = path[2:]
    if path:
        parts.append(f'"{path[0]}"')
    if len(path) > 1 and isinstance(path[1], str):
        parts.append(f'"{shown(path[1])}"')
    return ", ".join(parts) or "the manifest"


def _what(error: ValidationError) -> str:
    """Say what is wrong, in the words of the schema's descriptions."""
    value, limit = error.instance, error.validator_value
    match error.validator:
        case "required":
            return f"{_named(key for key in limit if key not in value)} missing"
        case "additionalProperties":
            return f"{_named(key for key in value if key not in error.schema['properties'])} not known"
        case "not":
            return f"it has {limit['description']}"
        case "maxLength":
            return f"it is longer than {limit:,} characters"
        case "maxItems" | "maxProperties":
            return f"there are more than {limit:,} entries"
        case "minItems":
            return "there is nothing in it"
        case "uniqueItems":
            return "something stands there twice"
    quoted = f'"{shown(value)}"' if isinstance(value, str) else shown(value)
    return f"{quoted} is not {error.schema['description']}"


def _named(keys: Iterator[str]) -> str:
    names = [f'"{shown(key)}"' for key in islice(keys, 4)]
    verb = "is" if len(names) == 1 else "are"
    return f"{', '.join(names[:3])}{' and others' if len(names) > 3 else ''} {verb}"


# --- what it cannot say -------------------------------------------------------------------------


def _unreadable(content: object) -> Iterator[str]:
    """Yield which texts cannot be read aloud."""
    items = content.get("items") if isinstance(content, dict) else None
    for number, item in enumerate(items[:_MAX_ITEMS] if isinstance(items, list) else (), start=1):
        text = item.get("text") if isinstance(item, dict) else None
        if not isinstance(text, str) or not text.strip() or len(text) > _MAX_TEXT:
            continue
        try:
            ReferenceText.parse(text)
        except TextError as problem:
            yield f'item {number}, "text": {problem}'
