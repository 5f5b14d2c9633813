"""A lesson while it is being written: each change makes another draft, so that all can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtGui import QUndoCommand

from app.library.lesson_rows import KeptLesson, recording_name
from app.library.lessons import Item, Lesson
from assessment.audio import Recording
from assessment.lexicon import parse_line

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")


@dataclass(frozen=True)
class DraftItem:
    """A text of a draft.

    Attributes
    ----------
    text, note : str
        As in `Item`.
    focus : tuple of str
        Phones, ARPAbet without stress.
    said : str
        Own pronunciations as they were typed: a word and how it is said in each line.
    recording : str or None
        Name of the model recording.
    id : str or None
        Of the item in the library that this one was; None for a new one.
    """

    text: str = ""
    note: str = ""
    focus: tuple[str, ...] = ()
    said: str = ""
    recording: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Draft:
    """A lesson that is being written; see `Lesson`."""

    title: str = ""
    level: str = "A2"
    licence: str = ""
    description: str = ""
    items: tuple[DraftItem, ...] = (DraftItem(),)

    @classmethod
    def of(cls, kept: KeptLesson) -> Draft:
        """Return the draft that a lesson of the library begins with."""
        items = tuple(
            DraftItem(
                item.text,
                item.note,
                item.focus,
                "\n".join(f"{word}  {said}" for word, all_ in item.pronunciations.items() for said in all_),
                None if item.recording is None else recording_name(item.recording),
                item.id,
            )
            for item in kept.items
        )
        return cls(kept.title, kept.level, kept.licence, kept.description, items or (DraftItem(),))

    def to_lesson(self) -> Lesson:
        """Return the lesson; what cannot be understood of pronunciations is left out, see `problems`."""
        items = tuple(
            Item(
                item.text.strip(),
                item.focus,
                item.note.strip(),
                None if item.recording is None else Path(item.recording),
                pronunciations(item.said)[0],
            )
            for item in self.items
        )
        return Lesson(
            self.title.strip(), self.level, items, "en-US", self.licence.strip(), self.description.strip()
        )

    def with_item(self, place: int, **changes: Any) -> Draft:
        """Return this draft with something else in one of its items."""
        changed = replace(self.items[place], **changes)
        return replace(self, items=(*self.items[:place], changed, *self.items[place + 1 :]))

    def with_added(self, place: int, item: DraftItem) -> Draft:
        """Return this draft with another item at a place."""
        return replace(self, items=(*self.items[:place], item, *self.items[place:]))

    def without(self, place: int) -> Draft:
        """Return this draft without an item; the last one is emptied instead."""
        items = (*self.items[:place], *self.items[place + 1 :])
        return replace(self, items=items or (DraftItem(),))

    def moved(self, place: int, to: int) -> Draft:
        """Return this draft with an item at another place."""
        items = list(self.items)
        items.insert(to, items.pop(place))
        return replace(self, items=tuple(items))


def pronunciations(said: str) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Read own pronunciations.

    Parameters
    ----------
    said : str
        In each line a word and how it is said: ARPAbet with stress, or IPA between slashes.

    Returns
    -------
    found : dict of str to tuple of str
        By words the ways to say them, ARPAbet with stress.
    problems : list of str
        What cannot be understood, a sentence each.
    """
    found: dict[str, tuple[str, ...]] = {}
    problems = []
    for number, line in enumerate(said.splitlines(), start=1):
        try:
            for word, phones in parse_line(line):
                found[word] = (*found.get(word, ()), " ".join(phones))
        except ValueError as problem:
            problems.append(f"Pronunciations, line {number}: {problem}")
    return found, problems


@dataclass(frozen=True)
class Work:
    """What is open in the editor.

    Attributes
    ----------
    lesson_id : str or None
        Of the lesson in the library; None while it is not in it.
    draft : Draft
        As it is now.
    audio : mapping of str to Recording
        New recordings by their names.
    """

    lesson_id: str | None = None
    draft: Draft = Draft()
    audio: Mapping[str, Recording] = field(default_factory=dict)


class Change(QUndoCommand):
    """Goes from a draft to another and back; typing in one field is one change.

    Parameters
    ----------
    name : str
        What was changed, as shown.
    before, after : Draft
        The drafts.
    show : callable
        Shows a draft, and which of its items.
    place : int
        Of the item that was changed; -1 for the lesson itself.
    field_name : str
        What was typed into; "" if this is to be a change by itself.
    """

    def __init__(
        self,
        name: str,
        before: Draft,
        after: Draft,
        show: Callable[[Draft, int], None],
        place: int = -1,
        field_name: str = "",
    ) -> None:
        super().__init__(name)
        self._before, self._after, self._show = before, after, show
        self._place, self._field = place, field_name

    def id(self) -> int:
        """Return what changes may become one with: all typing has one number."""
        return 1 if self._field else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Become one with further typing in the same field."""
        if not isinstance(other, Change) or (other._field, other._place) != (self._field, self._place):
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        """Go to the later draft."""
        self._show(self._after, self._place)

    def undo(self) -> None:
        """Go back to the earlier one."""
        self._show(self._before, self._place)
