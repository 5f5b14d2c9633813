"""What is told of rows of the library: plain data that no database stands behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner as shown in lists; see `models.Learner`.

    Attributes
    ----------
    attempts : int
        How many readings are kept.
    last : datetime or None
        When the last of them began.
    """

    id: str
    name: str
    created: datetime
    may_be_shared: bool
    attempts: int = 0
    last: datetime | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt as shown in lists; see `models.Attempt`.

    Attributes
    ----------
    learner : str
        The learner's name.
    lesson : str
        The title of the lesson; "" for texts of one's own.
    """

    id: str
    learner_id: str
    learner: str
    lesson_id: str | None
    lesson: str
    item_id: str | None
    text: str
    started: datetime
    seconds: float
    overall: float | None
    accuracy: float | None
    fluency: float | None
    completeness: float | None
    prosody: float | None
    is_rough: bool
    is_starred: bool
    recording: str | None
    is_handed_in: bool = False
    is_flagged: bool = False
    reviewed: datetime | None = None
    reviewer: str = ""


@dataclass(frozen=True)
class Purpose:
    """Who reads, and why.

    Attributes
    ----------
    learner_id : str
        Who.
    kind : {"lesson", "own", "weak-sounds"}
        Whether a lesson is read, a text of one's own, or a session composed of weak phones.
    lesson_id, item_id : str or None
        What is read, if it is in a lesson.
    """

    learner_id: str
    kind: str = "own"
    lesson_id: str | None = None
    item_id: str | None = None

    def to_dict(self) -> dict[str, str]:
        """Return what is known, as plain text."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, str]) -> Purpose:
        """Rebuild a purpose from `to_dict`'s output; without a learner it is an empty one's."""
        known = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        return cls(**{"learner_id": "", **known})
