"""What is told of classes, marks and comments: plain data that no database stands behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.library.attempts import KeptAttempt
from app.library.records import AttemptRow


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How a class's teacher marks, as a linear function of the machine's scores of words.

    Attributes
    ----------
    slope : float
        0 or more.
    intercept : float
        In points.
    """

    slope: float
    intercept: float

    def of(self, score: float) -> float:
        """Return what the teacher would give for a score of the machine, 0-100."""
        return min(100.0, max(0.0, self.slope * score + self.intercept))


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class as shown in lists; see `models.SchoolClass`.

    Attributes
    ----------
    adjustment : Adjustment or None
        By which its scores are shown; None if they are shown as the machine gave them.
    learners : int
        How many are in it.
    """

    id: str
    name: str
    created: datetime
    keep_days: int | None = None
    adjustment: Adjustment | None = None
    learners: int = 0


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A teacher's mark; see `models.Mark`.

    Attributes
    ----------
    word : int or None
        In `Assessment.words`; None if the whole reading is meant.
    phone : int or None
        In `Word.phones`; None if the whole word is meant.
    score : float or None
        0-100; None if only the error is set.
    error : str or None
        Error type of a word; None if the machine's stands.
    """

    id: str
    attempt_id: str
    word: int | None
    phone: int | None
    score: float | None
    error: str | None
    author: str
    created: datetime


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment; see `models.Comment`."""

    id: str
    learner_id: str
    attempt_id: str | None
    word: int | None
    text: str
    recording: str | None
    author: str
    created: datetime


@dataclass(frozen=True, eq=False)
class Review:
    """An attempt with everything that was said about it.

    Attributes
    ----------
    kept : KeptAttempt
        The attempt; its assessment is the machine's.
    marks : tuple of MarkRow
        Of all authors, the oldest first.
    comments : tuple of CommentRow
        On the attempt and its words, and on its learner in general, the oldest first.
    """

    kept: KeptAttempt
    marks: tuple[MarkRow, ...]
    comments: tuple[CommentRow, ...]


@dataclass(frozen=True, slots=True)
class Rendering:
    """One word as somebody said it.

    Attributes
    ----------
    row : AttemptRow
        The attempt.
    position : int
        Of the word in `Assessment.words`.
    score : float
        Its accuracy, 0-100.
    error : str
        Error type.
    start, end : float
        Times in seconds.
    """

    row: AttemptRow
    position: int
    score: float
    error: str
    start: float
    end: float
