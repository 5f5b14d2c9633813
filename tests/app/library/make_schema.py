"""Writes the newest form of the library's tables, with some rows in each, as SQL.

When a migration is added, this makes the file that `test_migrations` asks for. It does not write over one
that is there, because what was released stays as it is: later programs must be able to open it::

    python -m tests.app.library.make_schema
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.library import attempts
from app.library.migrations import HEAD
from app.library.models import (
    Card,
    Collected,
    Comment,
    Goal,
    Item,
    Learner,
    Lesson,
    Mark,
    Membership,
    SchoolClass,
    SharedRecording,
)
from app.library.records import Purpose
from app.library.store import DATABASE, Store, open_store
from assessment.audio import Recording
from tests.app.library.conftest import tone
from tests.assessment import examples

SCHEMAS = Path(__file__).parent / "schemas"
_STARTED = datetime(2026, 5, 4, 12, 0, 0, 123_456, tzinfo=UTC)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.closing(open_store(Path(folder))) as store:
            fill(store)
        with contextlib.closing(sqlite3.connect(Path(folder, DATABASE))) as connection:
            sql = "\n".join(connection.iterdump())
    path = SCHEMAS / f"{HEAD}.sql"
    with path.open("x", encoding="utf-8", newline="\n") as file:
        print(sql, file=file)
    print(path)


def fill(store: Store) -> None:
    """Put rows into every table."""
    people(store)
    lessons(store, tone(220))
    readings(store)
    remarks(store)
    deliveries(store)


def people(store: Store) -> None:
    with store.writing() as session:
        session.add_all(
            [
                Learner(id="1" * 32, name="Mia Müller", created=_STARTED, may_be_shared=True),
                Learner(id="2" * 32, name="", created=_STARTED),
                SchoolClass(id="3" * 32, name="Class 'A1'; beginners", created=_STARTED),
            ]
        )
        session.flush()
        session.add_all(Membership(class_id="3" * 32, learner_id=each * 32) for each in "12")
        session.add(
            Card(learner_id="1" * 32, phone="TH", state={"step": None, "stability": 2.5}, due=_STARTED)
        )
        session.add(Goal(id="4" * 32, learner_id="1" * 32, kind="days", target=3.0, created=_STARTED))
        goal = Goal(id="5" * 32, learner_id="2" * 32, kind="phone", target=80.5, phone="R", created=_STARTED)
        session.add(goal)


def lessons(store: Store, said: Recording) -> None:
    with store.writing() as session:
        lesson = Lesson(id="6" * 32, title="Animals 🐘", level="A1", licence="CC0-1.0", origin="imported")
        lesson.created = _STARTED
        lesson.items = [
            Item(id="7" * 32, position=0, text="Mark is going to see the elephant.", focus=["TH", "S"]),
            Item(
                id="8" * 32,
                position=1,
                text="Zoë",
                pronunciations={"Zoë": ["Z OW1 IY0"]},
                note="two syllables",
            ),
        ]
        lesson.items[0].recording = store.audio.add(said)
        session.add(lesson)


def readings(store: Store) -> None:
    own, lesson = Purpose("2" * 32), Purpose("1" * 32, "lesson", "6" * 32, "7" * 32)
    for number, (purpose, read) in enumerate(
        [
            (lesson, examples.good_reading()),
            (lesson, examples.flawed_reading()),
            (own, examples.number_reading()),
        ]
    ):
        when = _STARTED + timedelta(minutes=number)
        attempts.add(store, purpose, tone(220), read, when, keep_recording=bool(number))


def remarks(store: Store) -> None:
    with store.writing() as session:
        (attempt_id, *_) = session.execute(attempts.rows()).first() or ("",)
        session.add_all(
            [
                Mark(
                    attempt_id=attempt_id, word=0, phone=1, score=55.5, author="A teacher", created=_STARTED
                ),
                Mark(attempt_id=attempt_id, word=1, error="omission", created=_STARTED),
                Comment(
                    learner_id="1" * 32,
                    attempt_id=attempt_id,
                    word=0,
                    text="Line\nand line",
                    created=_STARTED,
                ),
                Comment(learner_id="2" * 32, text="Well done.", created=_STARTED),
            ]
        )


def deliveries(store: Store) -> None:
    with store.writing() as session:
        session.add(
            Collected(
                key="9" * 64,
                source="class.csv",
                line=2,
                audio="mia/1.wav",
                learner="Mia Müller",
                problem="1.wav is empty.",
                created=_STARTED,
            )
        )
        session.add(SharedRecording(digest="a" * 64, data=b"fLaC", created=_STARTED))


if __name__ == "__main__":
    main()
