"""A library with something in every table, for tests of what is done with all of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from app.library import attempts, learners
from app.library.models import Base, new_id
from app.library.records import LearnerRow, Purpose
from app.library.store import Store
from tests.app.library.conftest import STARTED, tone
from tests.assessment import examples

TABLES = Base.metadata.tables


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables, to compare libraries."""
    with store.reading() as session:
        return {
            name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for name, table in TABLES.items()
        }


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder with what is in them, but for the database's own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("library.db")
    }


def put(store: Store, table: str, **values: Any) -> None:
    with store.writing() as session:
        session.execute(insert(TABLES[table]).values(**values))


def fill(store: Store, name: str, pitch: int = 300) -> LearnerRow:
    """Add a learner with something of everything; the recordings are tones from a pitch on."""
    learner = learners.add(store, name)
    lesson, item, school_class = new_id(), new_id(), new_id()
    model = store.audio.add(tone(pitch + 2))
    put(store, "lessons", id=lesson, title=f"{name}’s lesson", level="A2", position=1)
    put(
        store,
        "items",
        id=item,
        lesson_id=lesson,
        position=0,
        text="Mark is going to see the elephant.",
        focus=["TH"],
        pronunciations={"mark": ["M AA1 R K"]},
        recording=model,
    )
    put(store, "classes", id=school_class, name=f"{name}’s class")
    put(store, "memberships", class_id=school_class, learner_id=learner.id)
    own = attempts.add(store, Purpose(learner.id), tone(pitch), examples.good_reading(), STARTED)
    in_lesson = attempts.add(
        store,
        Purpose(learner.id, "lesson", lesson, item),
        tone(pitch + 1),
        examples.flawed_reading(),
        STARTED + timedelta(minutes=5),
    )
    put(store, "marks", attempt_id=own, word=1, phone=0, score=40.0, error=None, author="Mr Kay")
    put(store, "marks", attempt_id=own, word=2, phone=None, score=None, error="omission", author="Mr Kay")
    spoken = store.audio.add(tone(pitch + 3))
    put(
        store,
        "comments",
        learner_id=learner.id,
        attempt_id=in_lesson,
        word=0,
        text="Listen 你好",
        recording=spoken,
        author="Mr Kay",
    )
    put(
        store, "comments", learner_id=learner.id, attempt_id=None, word=None, text="Well done", recording=None
    )
    state = {"card_id": 1, "state": 1, "stability": 2.5, "last_review": "2026-05-04T12:00:00+00:00"}
    put(store, "cards", learner_id=learner.id, phone="ZH", state=state, due=STARTED)
    put(store, "goals", learner_id=learner.id, kind="phone", target=80.0, phone="TH")
    return learner


def attempts_of(store: Store, learner: LearnerRow) -> list[str]:
    """Return the ids of a learner's attempts in their order."""
    table = TABLES["attempts"]
    with store.reading() as session:
        wanted = select(table.c.id).where(table.c.learner_id == learner.id).order_by(table.c.started)
        return list(session.scalars(wanted))
