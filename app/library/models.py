"""The tables of a library: the same on SQLite and PostgreSQL."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.library.columns import CompressedJson, Moment, PlainJson

# Alembic can alter only what has a name.
_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """Return an identifier that no other library has given: rows keep it when they move between libraries."""
    return uuid.uuid4().hex


def now() -> datetime:
    """Return the time, with its zone."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Moment}  # noqa: RUF012 - SQLAlchemy reads it so


class Learner(Base):
    """Somebody who practises.

    Attributes
    ----------
    id : str
        Given by `new_id`.
    name : str
        As shown; "" for somebody who gave none.
    created : datetime
        When the learner was added.
    may_be_shared : bool
        Whether the learner, or who answers for a minor, has consented: recordings may be given to others.
    number : str
        By which a school knows the learner, such as a student number; "" for none.
    """

    __tablename__ = "learners"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime] = mapped_column(default=now)
    may_be_shared: Mapped[bool] = mapped_column(default=False)
    number: Mapped[str] = mapped_column(Text, default="")


class SchoolClass(Base):
    """Learners who are taught together.

    Attributes
    ----------
    keep_days : int or None
        How long recordings of its learners are kept; None for always.
    slope, intercept : float or None
        The teacher's marks of words as a linear function of the machine's, once they were fitted: by it the
        class's scores are shown. None if the machine's are shown as they are.
    """

    __tablename__ = "classes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(default=now)
    keep_days: Mapped[int | None]
    slope: Mapped[float | None]
    intercept: Mapped[float | None]


class Membership(Base):
    """Says that a learner is in a class."""

    __tablename__ = "memberships"

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[str] = mapped_column(
        ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Lesson(Base):
    """Texts that belong together.

    Attributes
    ----------
    id : str
        Given by `new_id`; of a pack that Elocute ships, the name of its folder.
    title, language, level, licence, description : str
        As in the manifest of a pack.
    origin : {"shipped", "imported", "own"}
        Where it comes from: what is shipped is not changed, but copied.
    digest : str
        Of the manifest of a shipped pack: tells whether there is a newer one.
    position : int
        Among the lessons.
    """

    __tablename__ = "lessons"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16), default="en-US")
    level: Mapped[str] = mapped_column(String(2))
    licence: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[str] = mapped_column(String(16), default="own")
    digest: Mapped[str] = mapped_column(String(64), default="")
    position: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(default=now)
    items: Mapped[list[Item]] = relationship(
        order_by="Item.position", cascade="all, delete-orphan", passive_deletes=True, back_populates="lesson"
    )


class Item(Base):
    """One text of a lesson.

    Attributes
    ----------
    position : int
        In the lesson, from 0.
    text : str
        What is read.
    focus : list of str
        The phones that it is about, ARPAbet without stress.
    pronunciations : dict of str to list of str
        By a word the ways to say it, ARPAbet with stress.
    recording : str or None
        SHA-256 of a model recording in the audio store.
    note : str
        What the learner should attend to.
    """

    __tablename__ = "items"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    lesson_id: Mapped[str] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    focus: Mapped[list[str]] = mapped_column(PlainJson, default=list)
    pronunciations: Mapped[dict[str, list[str]]] = mapped_column(PlainJson, default=dict)
    recording: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    lesson: Mapped[Lesson] = relationship(back_populates="items")


class Session(Base):
    """One sitting: attempts of a learner with one purpose.

    Attributes
    ----------
    kind : {"lesson", "own", "weak-sounds"}
        What was read: a lesson, texts of one's own, or a session composed of one's weak phones.
    started, ended : datetime
        Of the first attempt and the end of the last.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"), index=True)
    lesson_id: Mapped[str | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(16), default="lesson")
    started: Mapped[datetime] = mapped_column(default=now)
    ended: Mapped[datetime] = mapped_column(default=now)


class Attempt(Base):
    """One reading of a text, with its scores.

    Attributes
    ----------
    item_id : str or None
        The text in a lesson; None for texts of one's own, and after the item was deleted.
    text : str
        What was to be read.
    started : datetime
        When the recording began.
    seconds : float
        Length of the recording.
    overall, accuracy, fluency, completeness, prosody : float or None
        Scores, 0-100, as in the assessment.
    is_rough : bool
        Whether the scores are a rough estimate.
    is_starred, is_handed_in : bool
        Marked by the learner.
    is_flagged : bool
        Marked by a teacher, to come back to it.
    reviewed : datetime or None
        When a teacher was done with it; None if none was.
    reviewer : str
        Who that was.
    recording : str or None
        SHA-256 of the recording in the audio store; None if none is kept.
    engine_version, model : str
        What scored it: version of Elocute; name and version of the model.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_learner_started", "learner_id", "started"),
        Index("ix_attempts_started", "started"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    started: Mapped[datetime]
    seconds: Mapped[float]
    overall: Mapped[float | None]
    accuracy: Mapped[float | None]
    fluency: Mapped[float | None]
    completeness: Mapped[float | None]
    prosody: Mapped[float | None]
    is_rough: Mapped[bool] = mapped_column(default=False)
    is_starred: Mapped[bool] = mapped_column(default=False)
    is_handed_in: Mapped[bool] = mapped_column(default=False)
    is_flagged: Mapped[bool] = mapped_column(default=False)
    reviewed: Mapped[datetime | None]
    reviewer: Mapped[str] = mapped_column(Text, default="")
    recording: Mapped[str | None] = mapped_column(String(64), index=True)
    engine_version: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(Text)


class StoredAssessment(Base):
    """Everything the engine found out about an attempt: apart, so that lists of attempts stay small."""

    __tablename__ = "assessments"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True)
    json: Mapped[str] = mapped_column(CompressedJson)


class PhoneResult(Base):
    """How well the phones of one kind were said in one attempt.

    Attributes
    ----------
    phone : str
        ARPAbet without stress.
    said : int
        How many of them were judged.
    wrong : int
        How many of those scored below 60.
    mean : float
        Their mean score, 0-100.
    """

    __tablename__ = "phone_results"
    __table_args__ = (Index("ix_phone_results_phone", "phone"),)

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(3), primary_key=True)
    said: Mapped[int]
    wrong: Mapped[int]
    mean: Mapped[float]


class WordResult(Base):
    """How one word of an attempt was said: what is asked about words without reading whole assessments.

    Attributes
    ----------
    position : int
        In `Assessment.words`.
    word : str
        As spoken, lower case; words that were said beside the text are not here.
    score : float
        Its accuracy, 0-100.
    error : str
        Error type, "none" if nothing is wrong.
    start, end : float
        Times in seconds; equal if it was left out.
    """

    __tablename__ = "word_results"
    __table_args__ = (Index("ix_word_results_word", "word"),)

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    error: Mapped[str] = mapped_column(String(32))
    start: Mapped[float]
    end: Mapped[float]


class Mark(Base):
    """What a teacher says instead of the machine, whose mark is kept beside it.

    Attributes
    ----------
    word : int or None
        In `Assessment.words`; None if the whole reading is meant.
    phone : int or None
        In `Word.phones`; None if the whole word is meant.
    score : float or None
        0-100; None if only `error` is set.
    error : str or None
        Error type of a word, such as "omission"; None if the machine's stands.
    author : str
        Who marked it.
    """

    __tablename__ = "marks"
    __table_args__ = (UniqueConstraint("attempt_id", "word", "phone", "author"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"))
    word: Mapped[int | None]
    phone: Mapped[int | None]
    score: Mapped[float | None]
    error: Mapped[str | None] = mapped_column(String(32))
    author: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime] = mapped_column(default=now)


class Comment(Base):
    """What somebody wrote or said about a word, an attempt or a learner.

    Attributes
    ----------
    attempt_id : str or None
        None if the learner is meant.
    word : int or None
        In `Assessment.words`; None if the whole attempt is meant.
    recording : str or None
        SHA-256 of a spoken comment in the audio store.
    """

    __tablename__ = "comments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"), index=True)
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), index=True)
    word: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    recording: Mapped[str | None] = mapped_column(String(64), index=True)
    author: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime] = mapped_column(default=now)


class Collected(Base):
    """One line of a manifest of recordings that was dealt with: it is not assessed again.

    Attributes
    ----------
    key : str
        SHA-256 over what the line says and over the recording.
    source : str
        Of the manifest, its path.
    line : int
        Which line of it, from 1.
    audio, learner : str
        The recording and the learner, as the line names them.
    attempt_id : str or None
        What became of it; None if it failed, or was deleted since.
    problem : str
        Why it failed; "" if it did not.
    """

    __tablename__ = "collected"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(Text, index=True)
    line: Mapped[int]
    audio: Mapped[str] = mapped_column(Text)
    learner: Mapped[str] = mapped_column(Text)
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempts.id", ondelete="SET NULL"), index=True)
    problem: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime] = mapped_column(default=now)


class SharedRecording(Base):
    """A recording in a library on a server, where several computers need it; a file library has none."""

    __tablename__ = "shared_recordings"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(default=now)


class Card(Base):
    """When a phone is to be practised next by a learner.

    Attributes
    ----------
    phone : str
        ARPAbet without stress.
    state : dict
        The card of the scheduler, as the package `fsrs` writes it.
    due : datetime
        When it is due; as in `state`.
    """

    __tablename__ = "cards"

    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(3), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(PlainJson)
    due: Mapped[datetime]


class Goal(Base):
    """What a learner wants to reach.

    Attributes
    ----------
    kind : {"days", "attempts", "overall", "phone"}
        Days of practice a week, attempts a week, an overall score, or the mastery of a phone.
    target : float
        Days (1-7), attempts (1-1000), or score (0-100).
    phone : str or None
        For the kind "phone": ARPAbet without stress.
    """

    __tablename__ = "goals"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    target: Mapped[float]
    phone: Mapped[str | None] = mapped_column(String(3))
    created: Mapped[datetime] = mapped_column(default=now)
