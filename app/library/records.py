"""What is told of rows of the library: plain data that no database stands behind."""

from __future__ import annotations

from dataclasses import dataclass
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
