"""What is read, text by text: a lesson, a session of weak phones, or a text of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.library.records import Purpose

if TYPE_CHECKING:
    from assessment.lexicon import Pronunciation


@dataclass(frozen=True)
class Step:
    """One text to be read.

    Attributes
    ----------
    text : str
        What is read.
    kind : {"lesson", "own", "weak-sounds"}
        What it belongs to.
    lesson_id, item_id : str or None
        Where it stands in the library, if it does.
    pronunciations : mapping of str to tuple of Pronunciation
        By words in lower case how they are to be said, instead of what the lexicon says.
    note : str
        What to attend to.
    recording : str or None
        SHA-256 of a model recording in the library.
    """

    text: str
    kind: str = "own"
    lesson_id: str | None = None
    item_id: str | None = None
    pronunciations: Mapping[str, tuple[Pronunciation, ...]] = field(default_factory=dict)
    note: str = ""
    recording: str | None = None

    def purpose(self, learner_id: str) -> Purpose:
        """Return why a learner reads this."""
        return Purpose(learner_id, self.kind, self.lesson_id, self.item_id)


@dataclass(frozen=True)
class Course:
    """Texts that are read one after the other.

    Attributes
    ----------
    title : str
        Shown at the top.
    steps : tuple of Step
        At least one.
    place : int
        Which of them is shown.
    """

    title: str
    steps: tuple[Step, ...]
    place: int = 0

    @property
    def step(self) -> Step:
        """The text that is shown."""
        return self.steps[self.place]

    @property
    def lesson_id(self) -> str | None:
        """Which lesson it is, if it is one."""
        return self.step.lesson_id if self.step.kind == "lesson" else None

    def moved(self, by: int) -> Course:
        """Return this course some texts further; after the last comes the first."""
        return replace(self, place=(self.place + by) % len(self.steps))

    def at(self, place: int) -> Course:
        """Return this course at a place; beyond its end, at its beginning."""
        return replace(self, place=place if place < len(self.steps) else 0)
