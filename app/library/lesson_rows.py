"""What is told of the lessons of a library: plain data that no database stands behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.library.lessons import Item, Lesson

_FOLDER = "recordings"


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson as shown in lists; see `models.Lesson`.

    Attributes
    ----------
    items : int
        How many texts it has.
    attempted : int
        How many of them a learner has read.
    best : float or None
        Mean over those of the learner's best overall score, 0-100; None if there is no score.
    """

    id: str
    title: str
    language: str
    level: str
    licence: str
    description: str
    origin: str
    position: int
    items: int
    attempted: int = 0
    best: float | None = None


@dataclass(frozen=True, slots=True)
class KeptItem:
    """A text of a lesson in the library; see `models.Item`.

    Attributes
    ----------
    pronunciations : dict of str to tuple of str
        By words in small letters the ways to say them, ARPAbet with stress, such as "K AE1 T".
    recording : str or None
        SHA-256 of a model recording in the audio store.
    """

    id: str
    position: int
    text: str
    focus: tuple[str, ...] = ()
    note: str = ""
    pronunciations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    recording: str | None = None

    def to_item(self) -> Item:
        """Return the item as it stands in a pack; its recording gets the name of `recording_name`."""
        name = None if self.recording is None else Path(recording_name(self.recording))
        return Item(self.text, self.focus, self.note, name, self.pronunciations)


@dataclass(frozen=True, slots=True)
class KeptLesson:
    """A lesson of the library with its texts; see `models.Lesson`."""

    id: str
    title: str
    language: str
    level: str
    licence: str
    description: str
    origin: str
    position: int
    items: tuple[KeptItem, ...]

    @property
    def can_be_changed(self) -> bool:
        """Whether it may be changed; what Elocute ships may be copied."""
        return self.origin != "shipped"

    def to_lesson(self) -> Lesson:
        """Return the lesson as it stands in a pack."""
        items = tuple(item.to_item() for item in self.items)
        return Lesson(self.title, self.level, items, self.language, self.licence, self.description)


def recording_name(digest: str) -> str:
    """Return what a pack calls the model recording of a digest."""
    return f"{_FOLDER}/{digest}.flac"


def recording_digest(name: str) -> str:
    """Return the digest that `recording_name` was given; of other names, something that is none."""
    return name.removeprefix(f"{_FOLDER}/").removesuffix(".flac")
