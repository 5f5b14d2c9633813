"""Learners are added, listed, renamed, and deleted with everything; on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.library import attempts, learners
from app.library.errors import LibraryError
from app.library.models import (
    Attempt,
    Base,
    Card,
    Collected,
    Comment,
    Goal,
    Item,
    Lesson,
    Mark,
    Membership,
    SchoolClass,
    now,
)
from app.library.records import LearnerRow
from app.library.store import Store
from assessment.audio import Recording
from tests.app.library.conftest import STARTED, Read, tone


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def counts(store: Store) -> dict[str, int]:
    """Return how many rows each table has that has any."""
    with store.reading() as session:
        found = {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
            if name != "shared_recordings"  # what is there is asked of the audio store
        }
    return {name: number for name, number in found.items() if number}


def everything(store: Store, learner: LearnerRow, attempt_id: str, spoken: str) -> None:
    """Give a learner one of everything that refers to learners."""
    with store.writing() as session:
        group = SchoolClass(name="A1")
        session.add(group)
        session.flush()
        session.add_all(
            [
                Membership(class_id=group.id, learner_id=learner.id),
                Card(learner_id=learner.id, phone="TH", state={}, due=now()),
                Goal(learner_id=learner.id, kind="days", target=3.0),
                Mark(attempt_id=attempt_id, word=0, score=50.0),
                Comment(learner_id=learner.id, attempt_id=attempt_id, word=0, text="good", recording=spoken),
                Comment(learner_id=learner.id, text="Well done."),
            ]
        )


def test_a_learner_is_told_as_added(store: Store) -> None:
    before = now()
    added = learners.add(store, "  Mia   Müller ")
    assert added.name == "Mia Müller"
    assert before <= added.created <= now()
    assert (added.may_be_shared, added.attempts, added.last) == (False, 0, None)
    assert learners.all_learners(store) == [added]


def test_learners_are_listed_by_name_whatever_its_capitals(store: Store) -> None:
    for name in ("mia", "Émile", "Ben", "", "Mia", "Zoë", "ánná"):
        learners.add(store, name)
    names = [each.name for each in learners.all_learners(store)]
    assert names == ["", "Ben", "mia", "Mia", "Zoë", "ánná", "Émile"]


def test_learners_are_listed_with_what_they_read(store: Store, learner: LearnerRow, read: Read) -> None:
    ben = learners.add(store, "Ben")
    for minutes in (5, 90, 10):
        read(minutes)
    listed = {each.id: each for each in learners.all_learners(store)}
    assert (listed[learner.id].attempts, listed[learner.id].last) == (3, STARTED + timedelta(minutes=90))
    assert (listed[ben.id].attempts, listed[ben.id].last) == (0, None)


def test_several_learners_may_have_the_same_name(store: Store) -> None:
    assert learners.add(store, "Mia").id != learners.add(store, "Mia").id
    assert len(learners.all_learners(store)) == 2


def test_a_learner_is_renamed_and_keeps_everything(store: Store, learner: LearnerRow, read: Read) -> None:
    read()
    learners.rename(store, learner.id, " Maria ")
    (renamed,) = learners.all_learners(store)
    assert (renamed.id, renamed.name, renamed.attempts) == (learner.id, "Maria", 1)


def test_a_name_may_have_200_characters(store: Store, learner: LearnerRow) -> None:
    longest = "ü" * 200
    learners.rename(store, learner.id, longest)
    assert learners.add(store, longest).name == longest
    for too_long in (
        lambda: learners.add(store, longest + "x"),
        lambda: learners.rename(store, learner.id, longest + "x"),
    ):
        with pytest.raises(LibraryError, match=r"longer than 200 characters\. Give a shorter one"):
            too_long()
    assert [each.name for each in learners.all_learners(store)] == [longest, longest]


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE learners; --", "<b>Mia</b>", "%_\\", "🙂", "ليلى", "Mia\u202e"]
)
def test_a_name_may_be_anything(store: Store, name: str) -> None:
    assert learners.add(store, name).name == name
    assert [each.name for each in learners.all_learners(store)] == [name]


def test_a_learner_is_deleted_with_everything(store: Store, learner: LearnerRow, read: Read) -> None:
    attempt_id = read()
    everything(store, learner, attempt_id, store.audio.add(tone(330)))
    used = {"learners", "sessions", "attempts", "assessments", "phone_results", "cards", "goals", "marks"}
    assert set(counts(store)) == used | {"comments", "classes", "memberships", "word_results"}
    assert len(store.audio.digests()) == 2
    learners.delete(store, learner.id)
    assert counts(store) == {"classes": 1}
    assert store.audio.digests() == set()


def test_deleting_a_learner_leaves_the_others_as_they_are(
    store: Store, learner: LearnerRow, read: Read, recording: Recording
) -> None:
    ben = learners.add(store, "Ben")
    mine, shared, only_hers = (
        read(learner_id=ben.id),
        read(60, tone(330), learner_id=ben.id),
        read(0, tone(440)),
    )
    read(60, tone(330))
    rows = counts(store)
    learners.delete(store, learner.id)
    assert counts(store)["attempts"] == rows["attempts"] - 2
    for attempt_id in (mine, shared):
        assert attempts.load(store, attempt_id).recording is not None
    with pytest.raises(LibraryError):
        attempts.load(store, only_hers)
    assert len(store.audio.digests()) == 2
    assert [each.name for each in learners.all_learners(store)] == ["Ben"]


def test_a_recording_that_became_a_models_stays(
    store: Store, learner: LearnerRow, read: Read, recording: Recording
) -> None:
    read()
    with store.writing() as session:
        lesson = Lesson(title="said by Mia", level="A1")
        lesson.items = [Item(position=0, text="see", recording=store.audio.add(recording))]
        session.add(lesson)
    learners.delete(store, learner.id)
    assert len(store.audio.digests()) == 1


def test_a_learner_whose_recording_cannot_be_deleted_stays_and_can_be_deleted_again(
    store: Store, learner: LearnerRow, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt_id = read()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "in use")))
        with pytest.raises(LibraryError, match="cannot be deleted"):
            learners.delete(store, learner.id)
    assert attempts.load(store, attempt_id).recording is not None
    learners.delete(store, learner.id)
    assert (counts(store), store.audio.digests()) == ({}, set())


def test_a_learner_who_is_not_there_is_told(store: Store, learner: LearnerRow) -> None:
    learners.delete(store, learner.id)
    for use in (
        lambda: learners.delete(store, learner.id),
        lambda: learners.rename(store, learner.id, "Ben"),
    ):
        with pytest.raises(LibraryError, match=r"not in the library any more\. Choose another one"):
            use()


def test_the_newest_attempt_is_told_in_universal_time(store: Store, learner: LearnerRow, read: Read) -> None:
    read()
    with store.reading() as session:
        assert session.scalars(select(Attempt.started)).one() == datetime(2026, 5, 4, 12, tzinfo=UTC)
    last = learners.all_learners(store)[0].last
    assert last is not None
    assert last.isoformat() == "2026-05-04T12:00:00+00:00"


def test_ids_need_no_care_in_files(learner: LearnerRow) -> None:
    assert json.dumps(learner.id) == f'"{learner.id}"'
    assert learner.id.isalnum()


def test_with_a_learner_goes_what_was_collected_from_them(
    store: Store, read: Read, learner: LearnerRow
) -> None:
    attempt, others = read(), read(5, learner_id=learners.add(store, "Ben").id)

    def line(key: str, name: str, attempt_id: str | None) -> Collected:
        return Collected(
            key=key * 64,
            source="m.csv",
            line=1,
            audio="a.wav",
            learner=name,
            attempt_id=attempt_id,
            created=now(),
        )

    with store.writing() as session:
        session.add_all([line("1", "Mia", attempt), line("2", "Mia", None), line("3", "Ben", others)])
    learners.delete(store, learner.id)
    with store.reading() as session:
        assert list(session.scalars(select(Collected.learner))) == ["Ben"]
