"""Classes, who is in them, and how long recordings are kept; all of it on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.library import attempts, learners
from app.library.errors import LibraryError
from app.library.models import now
from app.library.records import LearnerRow, Purpose
from app.library.store import Store
from app.library.teaching import classes, review
from app.library.teaching.records import Adjustment
from tests.app.library.conftest import STARTED, Read, tone
from tests.assessment import examples

DAY = 24 * 60


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def names(store: Store) -> list[str]:
    return [row.name for row in classes.all_classes(store)]


# --- classes --------------------------------------------------------------------------------


def test_classes_are_listed_by_name_with_how_many_are_in_them(store: Store, learner: LearnerRow) -> None:
    second, first = classes.add(store, "  b  2 "), classes.add(store, "A1")
    classes.put(store, second.id, [learner.id])
    assert names(store) == ["A1", "b 2"]
    assert [row.learners for row in classes.all_classes(store)] == [0, 1]
    assert classes.all_classes(store)[0] == first


@pytest.mark.parametrize("name", ["", "  \n", "x" * 201, "a1", " A1 "])
def test_a_name_that_is_empty_too_long_or_taken_is_refused(store: Store, name: str) -> None:
    classes.add(store, "A1")
    other = classes.add(store, "B1")
    with pytest.raises(LibraryError):
        classes.add(store, name)
    with pytest.raises(LibraryError):
        classes.rename(store, other.id, name)
    assert names(store) == ["A1", "B1"]


def test_a_class_can_be_renamed_also_to_other_capitals(store: Store) -> None:
    made = classes.add(store, "a1")
    classes.rename(store, made.id, "A1 ")
    assert names(store) == ["A1"]


def test_learners_of_a_deleted_class_stay(store: Store, learner: LearnerRow, read: Read) -> None:
    made = classes.add(store, "A1")
    classes.put(store, made.id, [learner.id])
    attempt = read()
    classes.delete(store, made.id)
    assert classes.all_classes(store) == []
    assert attempts.load(store, attempt).recording is not None


def test_what_is_not_there_any_more_is_told(store: Store, learner: LearnerRow) -> None:
    made = classes.add(store, "A1")
    for change in (
        lambda: classes.rename(store, "gone", "B"),
        lambda: classes.delete(store, "gone"),
        lambda: classes.put(store, "gone", [learner.id]),
        lambda: classes.put(store, made.id, [learner.id, "gone"]),
        lambda: classes.take_out(store, "gone", [learner.id]),
        lambda: classes.set_retention(store, "gone", 3),
        lambda: classes.set_adjustment(store, "gone", None),
        lambda: classes.set_number(store, "gone", "7"),
    ):
        with pytest.raises(LibraryError, match="not in the library"):
            change()
    assert classes.members(store, made.id) == []


# --- who is in them -------------------------------------------------------------------------


def test_learners_are_put_in_and_taken_out(store: Store, learner: LearnerRow, read: Read) -> None:
    made = classes.add(store, "A1")
    ben = learners.add(store, "ben")
    read(0)
    read(1)
    for _ in range(2):
        classes.put(store, made.id, [learner.id, ben.id])
    found = classes.members(store, made.id)
    assert [(row.name, row.attempts) for row in found] == [("ben", 0), ("Mia", 2)]
    assert found == [each for each in learners.all_learners(store) if each.id in {learner.id, ben.id}]
    classes.take_out(store, made.id, [ben.id, "gone"])
    assert [row.name for row in classes.members(store, made.id)] == ["Mia"]
    assert len(learners.all_learners(store)) == 2


def test_consent_can_be_given_and_taken_back(store: Store, learner: LearnerRow) -> None:
    ben = learners.add(store, "Ben")
    classes.set_consent(store, [learner.id, ben.id], True)
    classes.set_consent(store, [ben.id], False)
    assert [(row.name, row.may_be_shared) for row in learners.all_learners(store)] == [
        ("Ben", False),
        ("Mia", True),
    ]


def test_a_number_is_that_of_one_learner(store: Store, learner: LearnerRow) -> None:
    ben = learners.add(store, "Ben")
    classes.set_number(store, learner.id, " 1001 ")
    classes.set_number(store, learner.id, "1001")
    with pytest.raises(LibraryError, match="Mia"):
        classes.set_number(store, ben.id, "1001")
    with pytest.raises(LibraryError, match="200"):
        classes.set_number(store, ben.id, "1" * 201)
    classes.set_number(store, ben.id, "")
    assert [row.number for row in learners.all_learners(store)] == ["", "1001"]


# --- what is agreed on ----------------------------------------------------------------------


@pytest.mark.parametrize("adjustment", [Adjustment(1.0, 0.0), Adjustment(1.0 / 3.0, -17.25), None])
def test_an_adjustment_stays_as_it_was_set(store: Store, adjustment: Adjustment | None) -> None:
    made = classes.add(store, "A1")
    for each in (Adjustment(2.0, 1.0), adjustment):
        classes.set_adjustment(store, made.id, each)
    assert classes.all_classes(store)[0].adjustment == adjustment


@pytest.mark.parametrize("days", [-1, 36_501])
def test_an_impossible_retention_is_refused(store: Store, days: int) -> None:
    made = classes.add(store, "A1")
    classes.set_retention(store, made.id, 7)
    with pytest.raises(LibraryError, match=r"0 to 36,500"):
        classes.set_retention(store, made.id, days)
    assert classes.all_classes(store)[0].keep_days == 7
    classes.set_retention(store, made.id, None)
    assert classes.all_classes(store)[0].keep_days is None


# --- how long recordings are kept -----------------------------------------------------------


@pytest.fixture
def kept_30(store: Store, learner: LearnerRow) -> str:
    """A class of `learner` whose recordings are kept for thirty days."""
    made = classes.add(store, "A1")
    classes.put(store, made.id, [learner.id])
    classes.set_retention(store, made.id, 30)
    return made.id


def test_recordings_that_are_older_than_agreed_are_deleted_and_scores_stay(
    store: Store, kept_30: str, read: Read
) -> None:
    old, new = read(-31 * DAY, tone(300)), read(-29 * DAY, tone(301))
    assert classes.remove_expired(store, STARTED) == 1
    assert attempts.load(store, old).recording is None
    assert attempts.load(store, old).row.overall == 68.0
    assert attempts.load(store, new).recording is not None
    assert len(store.audio.digests()) == 1
    assert classes.remove_expired(store, STARTED) == 0


def test_recordings_of_others_and_of_classes_without_a_time_stay(
    store: Store, kept_30: str, learner: LearnerRow, read: Read
) -> None:
    ben = learners.add(store, "Ben")
    always = classes.add(store, "B1")
    classes.put(store, always.id, [learner.id, ben.id])
    read(-400 * DAY, tone(300), learner_id=ben.id)
    read(-400 * DAY, tone(301))
    assert classes.remove_expired(store, STARTED) == 1
    assert len(store.audio.digests()) == 1


def test_of_several_classes_the_shortest_time_counts(
    store: Store, kept_30: str, learner: LearnerRow, read: Read
) -> None:
    strict = classes.add(store, "B1")
    classes.set_retention(store, strict.id, 7)
    read(-10 * DAY)
    assert classes.remove_expired(store, STARTED) == 0
    classes.put(store, strict.id, [learner.id])
    assert classes.remove_expired(store, STARTED) == 1


def test_a_recording_that_somebody_else_has_too_stays(store: Store, kept_30: str, read: Read) -> None:
    old = read(-40 * DAY)
    other = read(-40 * DAY, learner_id=learners.add(store, "Ben").id)
    assert classes.remove_expired(store, STARTED) == 0
    assert attempts.load(store, old).recording is None
    assert attempts.load(store, other).recording is not None


def test_spoken_comments_go_and_written_ones_stay(
    store: Store, kept_30: str, learner: LearnerRow, read: Read
) -> None:
    attempt = read()
    review.comment(store, learner.id, "T", "Well done", recording=tone(400))
    review.comment(store, learner.id, "T", "", attempt_id=attempt, recording=tone(401))
    later = now() + timedelta(days=31)
    assert classes.remove_expired(store, later) == 3
    (left,) = review.open_review(store, attempt).comments
    assert (left.text, left.recording) == ("Well done", None)
    assert store.audio.digests() == set()


def test_many_recordings_are_deleted_some_at_a_time(
    store: Store, kept_30: str, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classes, "_AT_A_TIME", 3)
    for number in range(7):
        read(-40 * DAY - number, tone(300 + number))
    assert classes.remove_expired(store, STARTED) == 7
    assert store.audio.digests() == set()


def test_a_recording_that_cannot_be_deleted_is_tried_again(
    store: Store, kept_30: str, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = read(-40 * DAY)

    def fail(_digest: str) -> bool:
        raise LibraryError("The recording cannot be deleted.")

    with monkeypatch.context() as broken:
        broken.setattr(store.audio, "remove", fail)
        with pytest.raises(LibraryError):
            classes.remove_expired(store, STARTED)
    assert attempts.load(store, attempt).row.recording is not None
    assert classes.remove_expired(store, STARTED) == 1


def test_a_library_without_classes_stays_as_it_is(store: Store, learner: LearnerRow) -> None:
    attempts.add(store, Purpose(learner.id), tone(300), examples.good_reading(), STARTED)
    assert classes.remove_expired(store, now() + timedelta(days=10_000)) == 0
