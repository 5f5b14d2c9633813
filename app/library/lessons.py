"""Lessons: texts in the order in which they are read, each with the phones that it is about."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessment.errors import ElocuteError
from assessment.phones import is_phone
from assessment.resources import resource

MANIFEST = "lesson.toml"


class LessonError(ElocuteError):
    """A lesson cannot be read."""


@dataclass(frozen=True)
class Item:
    """One text of a lesson.

    Attributes
    ----------
    text : str
        What is read.
    focus : tuple of str
        The phones that it is about, ARPAbet without stress.
    """

    text: str
    focus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """Texts that belong together.

    Attributes
    ----------
    title, level : str
        As shown; the level is one of the CEFR, A1 to C2.
    items : tuple of Item
        At least one.
    """

    title: str
    level: str
    items: tuple[Item, ...]

    @classmethod
    def read(cls, folder: Path) -> Lesson:
        """Read the lesson of a folder.

        Raises
        ------
        LessonError
            If it cannot be read, or something in it is missing or of the wrong kind.
        """
        path = folder / MANIFEST
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise LessonError(f"The lesson {path} cannot be read: {problem}.") from None
        try:
            items = tuple(_item(entry) for entry in data["items"])
            title, level = str(data["title"]), str(data["level"])
        except (KeyError, TypeError, ValueError) as problem:
            raise LessonError(f"The lesson {path} is not complete: {problem}. Mend the file.") from None
        if not items:
            raise LessonError(f"The lesson {path} has no items. Add at least one text.")
        return cls(title, level, items)


def _item(entry: dict[str, Any]) -> Item:
    text, focus = entry["text"], tuple(entry.get("focus", ()))
    if not isinstance(text, str) or not text.strip():
        raise ValueError("an item has no text")
    for phone in focus:
        if not is_phone(phone):
            raise ValueError(f"there is no phone {phone!r}")
    return Item(text, focus)


def first_lesson() -> Lesson:
    """Return the lesson that Elocute begins with."""
    return Lesson.read(resource("lessons", "first-steps"))
