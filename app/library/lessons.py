"""Lessons: texts in the order in which they are read, each with what it is about."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assessment.errors import ElocuteError
from assessment.resources import resource

FIRST = "first-steps"
LANGUAGE = "en-US"


class LessonError(ElocuteError):
    """A lesson cannot be read or kept.

    Parameters
    ----------
    message : str
        What is wrong, in a sentence or two.
    problems : sequence of str
        Everything that is wrong, a sentence each; the message alone if there are none.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems) or (message,)


@dataclass(frozen=True)
class Item:
    """One text of a lesson.

    Attributes
    ----------
    text : str
        What is read.
    focus : tuple of str
        The phones that it is about, ARPAbet without stress.
    note : str
        What the learner should attend to.
    recording : Path or None
        A model recording: the file's name relative to the lesson pack.
    pronunciations : dict of str to tuple of str
        By words in small letters the ways to say them, ARPAbet with stress, such as "K AE1 T".
    """

    text: str
    focus: tuple[str, ...] = ()
    note: str = ""
    recording: Path | None = None
    pronunciations: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Item:
        """Return the item that an entry of a correct manifest describes."""
        recording = data.get("recording")
        return cls(
            data["text"],
            tuple(data.get("focus", ())),
            data.get("note", ""),
            None if recording is None else Path(recording),
            {word: tuple(said) for word, said in data.get("pronunciations", {}).items()},
        )

    def to_data(self) -> dict[str, Any]:
        """Return the entry of a manifest; what is empty is left out."""
        data = {
            "text": self.text,
            "focus": list(self.focus),
            "note": self.note,
            "recording": None if self.recording is None else self.recording.as_posix(),
            "pronunciations": {word: list(said) for word, said in self.pronunciations.items()},
        }
        return {key: value for key, value in data.items() if value or key == "text"}


@dataclass(frozen=True)
class Lesson:
    """Texts that belong together.

    Attributes
    ----------
    title, level : str
        As shown; the level is one of the CEFR, A1 to C2.
    items : tuple of Item
        At least one.
    language : str
        Such as "en-US".
    licence, description : str
        Under which others may use it, and what it is for; may be empty.
    """

    title: str
    level: str
    items: tuple[Item, ...]
    language: str = LANGUAGE
    licence: str = ""
    description: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Lesson:
        """Return the lesson that a correct manifest describes."""
        return cls(
            data["title"],
            data["level"],
            tuple(Item.of(entry) for entry in data["items"]),
            data.get("language", LANGUAGE),
            data.get("licence", ""),
            data.get("description", ""),
        )

    def to_data(self) -> dict[str, Any]:
        """Return what a manifest holds; what is empty is left out."""
        data = {
            "title": self.title,
            "language": self.language,
            "level": self.level,
            "licence": self.licence,
            "description": self.description,
        }
        kept = {key: value for key, value in data.items() if value or key in ("title", "language", "level")}
        return kept | {"items": [item.to_data() for item in self.items]}


def first_lesson() -> Lesson:
    """Return the lesson that Elocute begins with; as it is shipped it is not checked, which takes time."""
    manifest = resource("lessons", FIRST, "lesson.toml")
    return Lesson.of(tomllib.loads(manifest.read_text(encoding="utf-8")))
