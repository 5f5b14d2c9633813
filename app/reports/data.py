"""What is in a report, before it takes the form of a page or a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from app.library.progress import Day, FiveScores, PhoneMastery
from app.library.records import AttemptRow, LearnerRow
from app.library.teaching.overview import ClassOverview, HardWord
from app.library.teaching.records import ClassRow, CommentRow, MarkRow
from assessment.results import Assessment


@dataclass(frozen=True)
class Wanted:
    """What a report is to be about.

    Attributes
    ----------
    learner_id, class_id : str or None
        Whom; one of them is given.
    since, until : datetime or None
        Only readings that began not before the one and before the other, with their zones.
    lesson_id : str or None
        Only readings of this lesson.
    handed_in : bool
        Only readings that were handed in.
    attempts : tuple of str
        Only these; all if it is empty.
    is_pseudonymised : bool
        Whether names, numbers and ids are replaced, and voices left out.
    """

    learner_id: str | None = None
    class_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    lesson_id: str | None = None
    handed_in: bool = False
    attempts: tuple[str, ...] = ()
    is_pseudonymised: bool = False


@dataclass(frozen=True)
class Look:
    """How a report looks.

    Attributes
    ----------
    language : str
        Such as "en" or "de": one of `app.reports.translations.languages()`.
    school : str
        At the head of every page; "" for none.
    logo : Path or None
        A PNG, JPEG or SVG file at the head.
    templates : Path or None
        A folder whose templates are taken instead of ours.
    with_audio : bool
        Whether the marked words can be heard in the HTML report.
    """

    language: str = "en"
    school: str = ""
    logo: Path | None = None
    templates: Path | None = None
    with_audio: bool = False


@dataclass(frozen=True, eq=False)
class Reading:
    """One attempt in a report.

    Attributes
    ----------
    row : AttemptRow
        Who read what when, and the machine's scores.
    machine : Assessment
        As the machine scored it.
    revised : Assessment
        The same with the teacher's marks in place of the machine's.
    marks : tuple of MarkRow
        The teacher's marks.
    comments : tuple of CommentRow
        On the attempt and its words.
    audio : Path or None
        The recording, a FLAC file; None if none is kept, or it may not be given away.
    voices : mapping of str to Path
        The spoken comments that may be given away, by `CommentRow.recording`.
    """

    row: AttemptRow
    machine: Assessment
    revised: Assessment
    marks: tuple[MarkRow, ...]
    comments: tuple[CommentRow, ...]
    audio: Path | None
    voices: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class LearnerReport:
    """What is told of one learner.

    Attributes
    ----------
    learner : LearnerRow
        Who.
    since, until : date or None
        First and last day of the readings; None without any.
    created : datetime
        When the report was made, with its zone.
    attempts, minutes : int, float
        How many readings, and how long they are.
    scores : FiveScores
        Their means.
    days : tuple of Day
        Means by day, the oldest first.
    phones : tuple of PhoneMastery
        The hardest first.
    words : tuple of HardWord
        The hardest first.
    readings : tuple of Reading
        The newest ones, the newest first: as many as a page holds.
    comments : tuple of CommentRow
        On the learner in general.
    models : tuple of str
        Names and versions of the models that scored.
    rough : int
        How many readings have scores that are no more than a rough estimate.
    reviewed : int
        How many readings a teacher has reviewed.
    voices : mapping of str to Path
        The spoken ones of `comments` that may be given away, by `CommentRow.recording`.
    """

    learner: LearnerRow
    since: date | None
    until: date | None
    created: datetime
    attempts: int
    minutes: float
    scores: FiveScores
    days: tuple[Day, ...]
    phones: tuple[PhoneMastery, ...]
    words: tuple[HardWord, ...]
    readings: tuple[Reading, ...]
    comments: tuple[CommentRow, ...]
    models: tuple[str, ...]
    rough: int
    reviewed: int
    voices: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class ClassReport:
    """What is told of a class.

    Attributes
    ----------
    school_class : ClassRow
        Which.
    created : datetime
        When the report was made, with its zone.
    overview : ClassOverview
        Everything that adds up.
    readings : tuple of Reading
        Those with a teacher's marks or comments, the newest first: as many as a page holds.
    models : tuple of str
        Names and versions of the models that scored.
    rough : int
        How many readings have scores that are no more than a rough estimate.
    """

    school_class: ClassRow
    created: datetime
    overview: ClassOverview
    readings: tuple[Reading, ...]
    models: tuple[str, ...]
    rough: int = 0
