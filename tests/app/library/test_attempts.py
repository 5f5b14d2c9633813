"""Attempts are kept whole, read again as they were, and deleted with their recordings; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, text, update

from app.library import attempts, learners
from app.library.errors import DamagedLibraryError, LibraryError
from app.library.models import Attempt, Comment, Item, Lesson, PhoneResult, StoredAssessment
from app.library.models import Session as Sitting
from app.library.records import LearnerRow, Purpose
from app.library.store import Store
from assessment.audio import Recording
from assessment.errors import ElocuteError
from assessment.results import Assessment, Confidence
from tests.app.library.conftest import STARTED, Read, tone
from tests.assessment import examples


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


@pytest.fixture
def lesson(store: Store) -> tuple[str, list[str]]:
    """A lesson of two texts: its id, and theirs."""
    with store.writing() as session:
        made = Lesson(title="Animals", level="A1")
        made.items = [Item(position=place, text=f"text {place}") for place in range(2)]
        session.add(made)
        session.flush()
        return made.id, [item.id for item in made.items]


def ids(store: Store) -> set[str]:
    with store.reading() as session:
        return set(session.scalars(select(Attempt.id)))


def sittings(store: Store) -> list[Sitting]:
    with store.reading() as session:
        return list(session.scalars(select(Sitting).order_by(Sitting.started)))


def stuck(*_: object, **__: object) -> None:
    raise PermissionError(13, "in use")


# --- kept and read again ------------------------------------------------------------------------


def test_an_attempt_is_read_again_as_it_was_kept(
    store: Store, learner: LearnerRow, read: Read, recording: Recording, assessment: Assessment
) -> None:
    attempt_id = read()
    kept = attempts.load(store, attempt_id)
    assert kept.assessment == assessment
    assert kept.recording is not None
    assert np.abs(kept.recording.samples - recording.samples).max() < 2**-15
    row, scores = kept.row, assessment.scores
    assert (row.id, row.learner_id, row.learner) == (attempt_id, learner.id, "Mia")
    assert (row.lesson_id, row.lesson, row.item_id) == (None, "", None)
    assert (row.text, row.started, row.seconds) == (assessment.text, STARTED, assessment.duration)
    assert (row.overall, row.accuracy, row.fluency) == (scores.overall, scores.accuracy, scores.fluency)
    assert (row.completeness, row.prosody) == (scores.completeness, scores.prosody)
    assert (row.is_rough, row.is_starred) == (False, False)
    assert row.recording == store.audio.add(recording)


# A server keeps no NUL in texts; nobody reads it.
@given(assessment=examples.assessments().filter(lambda read: "\\u0000" not in read.to_json()))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_assessment_is_read_again_as_it_was_kept(
    store: Store, learner: LearnerRow, recording: Recording, assessment: Assessment
) -> None:
    attempt_id = attempts.add(store, Purpose(learner.id), recording, assessment, STARTED)
    assert attempts.load(store, attempt_id).assessment == assessment
    attempts.delete(store, [attempt_id])


def test_it_is_kept_what_scored(store: Store, read: Read, assessment: Assessment) -> None:
    read()
    with store.reading() as session:
        kept = session.scalars(select(Attempt)).one()
    assert kept.engine_version == metadata.version("elocute")
    assert kept.model == f"{assessment.model.name} {assessment.model.version}"


def test_a_rough_estimate_and_scores_that_are_missing_stay_so(
    store: Store, learner: LearnerRow, recording: Recording, assessment: Assessment
) -> None:
    scores = replace(assessment.scores, fluency=None, prosody=None)
    rough = replace(assessment, scores=scores, confidence=Confidence(0.1))
    row = attempts.load(store, attempts.add(store, Purpose(learner.id), recording, rough, STARTED)).row
    assert (row.is_rough, row.fluency, row.prosody) == (True, None, None)


def test_the_same_attempt_is_kept_once(store: Store, read: Read) -> None:
    assert read() == read()
    assert len(ids(store)) == len(sittings(store)) == 1


def test_the_same_moment_is_the_same_in_another_zone(
    store: Store, learner: LearnerRow, read: Read, recording: Recording, assessment: Assessment
) -> None:
    there = STARTED.astimezone(timezone(timedelta(hours=9)))
    assert attempts.add(store, Purpose(learner.id), recording, assessment, there) == read()


def test_what_differs_in_time_text_or_learner_is_another_attempt(
    store: Store, learner: LearnerRow, read: Read, recording: Recording, assessment: Assessment
) -> None:
    read()
    read(1)
    read(learner_id=learners.add(store, "Ben").id)
    other = replace(assessment, text="Another text.")
    attempts.add(store, Purpose(learner.id), recording, other, STARTED)
    assert len(ids(store)) == 4
    assert len(store.audio.digests()) == 1


def test_it_is_known_what_was_kept(store: Store, read: Read, assessment: Assessment) -> None:
    assert not attempts.is_kept(store, STARTED, assessment.text)
    read()
    assert attempts.is_kept(store, STARTED, assessment.text)
    assert not attempts.is_kept(store, STARTED, "Another text.")
    assert not attempts.is_kept(store, STARTED + timedelta(microseconds=1), assessment.text)


def test_a_recording_is_kept_only_if_it_is_wanted(
    store: Store, learner: LearnerRow, recording: Recording, assessment: Assessment
) -> None:
    purpose = Purpose(learner.id)
    attempt_id = attempts.add(store, purpose, recording, assessment, STARTED, keep_recording=False)
    kept = attempts.load(store, attempt_id)
    assert (kept.recording, kept.row.recording, kept.assessment) == (None, None, assessment)
    assert store.audio.digests() == set()


@pytest.mark.parametrize("left", [None, b"", b"nothing to hear"])
def test_scores_are_there_when_the_recording_is_not(store: Store, read: Read, left: bytes | None) -> None:
    attempt_id = read()
    (digest,) = store.audio.digests()
    if left is None:
        store.audio.remove(digest)
    else:
        store.audio.path(digest).write_bytes(left)
    kept = attempts.load(store, attempt_id)
    assert kept.recording is None
    assert kept.row.overall == kept.assessment.scores.overall


def test_an_attempt_that_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(LibraryError, match="not in the library any more"):
        attempts.load(store, "0" * 32)


def test_an_assessment_of_a_newer_program_is_told(store: Store, read: Read) -> None:
    attempt_id = read()
    with store.writing() as session:
        kept = session.get(StoredAssessment, attempt_id)
        assert kept is not None
        kept.json = kept.json.replace('"version": 1', '"version": 2', 1)
    with pytest.raises(ElocuteError, match="update Elocute"):
        attempts.load(store, attempt_id)


@pytest.mark.parametrize("damage", [b"", b"\x78\x9c damaged", b"x\x9c\x0b\x02\x00\x00\xfa\x00\xfa"])
def test_a_damaged_assessment_is_told(store: Store, read: Read, damage: bytes) -> None:
    attempt_id = read()
    with store.writing() as session:
        session.execute(text("UPDATE assessments SET json = :damage"), {"damage": damage})
    with pytest.raises(DamagedLibraryError, match=r"scores of this reading are damaged"):
        attempts.load(store, attempt_id)
    attempts.delete(store, [attempt_id])
    assert ids(store) == set()


# --- not kept -----------------------------------------------------------------------------------


def test_nobody_reads_who_is_not_in_the_library(store: Store, read: Read, learner: LearnerRow) -> None:
    learners.delete(store, learner.id)
    with pytest.raises(LibraryError, match=r"Choose another one, then read again"):
        read()
    assert (ids(store), store.audio.digests()) == (set(), set())


def test_an_attempt_that_cannot_be_kept_leaves_nothing(
    store: Store, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = read()
    monkeypatch.setattr(attempts, "phone_results", lambda _: [{"phone": "AA", "said": None}])
    for minutes, said in ((1, tone(330)), (2, tone(220))):
        with pytest.raises(LibraryError, match="cannot be used"):
            read(minutes, said)
    assert ids(store) == {kept}
    assert attempts.load(store, kept).recording is not None
    assert len(store.audio.digests()) == 1


def test_an_attempt_whose_recording_cannot_be_kept_is_not_kept(
    store: Store, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.replace", stuck)
    with pytest.raises(LibraryError, match="recording cannot be kept"):
        read()
    assert (ids(store), sittings(store)) == (set(), [])


# --- sittings and lessons -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "number"),
    [([0, 10, 40, 69], 1), ([0, 31], 2), ([0, 30], 1), ([60, 0, 30], 2), ([0, 29, 60], 2)],
)
def test_attempts_with_less_than_half_an_hour_between_them_are_one_sitting(
    store: Store, read: Read, minutes: list[float], number: int
) -> None:
    for each in minutes:
        read(each)
    assert len(sittings(store)) == number


def test_a_sitting_lasts_from_its_first_attempt_to_the_end_of_its_last(
    store: Store, read: Read, assessment: Assessment
) -> None:
    for minutes in (0, 20, 10):
        read(minutes)
    (sitting,) = sittings(store)
    assert sitting.started == STARTED
    assert sitting.ended == STARTED + timedelta(minutes=20, seconds=assessment.duration)


def test_a_sitting_has_one_purpose_and_one_learner(
    store: Store, read: Read, lesson: tuple[str, list[str]]
) -> None:
    read(0)
    read(1, kind="weak-sounds")
    read(2, kind="lesson", lesson_id=lesson[0])
    read(3, learner_id=learners.add(store, "Ben").id)
    read(4)
    kinds = [(each.kind, each.lesson_id) for each in sittings(store)]
    assert kinds == [("own", None), ("weak-sounds", None), ("lesson", lesson[0]), ("own", None)]


def test_an_attempt_of_a_lesson_tells_its_title(
    store: Store, read: Read, lesson: tuple[str, list[str]]
) -> None:
    lesson_id, (_, item_id) = lesson
    row = attempts.load(store, read(kind="lesson", lesson_id=lesson_id, item_id=item_id)).row
    assert (row.lesson_id, row.lesson, row.item_id) == (lesson_id, "Animals", item_id)


def test_an_attempt_outlives_its_lesson(store: Store, read: Read, lesson: tuple[str, list[str]]) -> None:
    lesson_id, (first, _) = lesson
    attempt_id = read(kind="lesson", lesson_id=lesson_id, item_id=first)
    with store.writing() as session:
        session.delete(session.get(Lesson, lesson_id))
    kept = attempts.load(store, attempt_id)
    assert (kept.row.lesson_id, kept.row.lesson, kept.row.item_id) == (None, "", None)
    assert kept.row.text == kept.assessment.text


def test_an_attempt_of_a_lesson_that_was_just_deleted_is_kept(
    store: Store, read: Read, lesson: tuple[str, list[str]]
) -> None:
    lesson_id, (first, _) = lesson
    with store.writing() as session:
        session.delete(session.get(Lesson, lesson_id))
    row = attempts.load(store, read(kind="lesson", lesson_id=lesson_id, item_id=first)).row
    assert (row.lesson_id, row.item_id) == (None, None)


def test_the_last_place_is_that_of_the_newest_attempt_of_a_lesson(
    store: Store, learner: LearnerRow, read: Read, lesson: tuple[str, list[str]]
) -> None:
    lesson_id, (first, second) = lesson
    read(0)
    assert attempts.last_place(store, learner.id) is None
    read(9, kind="lesson", lesson_id=lesson_id, item_id=second)
    read(5, kind="lesson", lesson_id=lesson_id, item_id=first)
    read(10)
    assert attempts.last_place(store, learner.id) == (lesson_id, 1)
    assert attempts.last_place(store, "somebody else") is None


# --- phones -------------------------------------------------------------------------------------


def test_phones_are_counted_by_kind_without_stress(store: Store, read: Read, assessment: Assessment) -> None:
    attempt_id = read()
    with store.reading() as session:
        kept = {
            each.phone: each
            for each in session.scalars(select(PhoneResult).where(PhoneResult.attempt_id == attempt_id))
        }
    said = [phone for word in assessment.words if not word.is_extra for phone in word.phones]
    assert sum(each.said for each in kept.values()) == len(said)
    assert (kept["S"].said, kept["S"].wrong, kept["S"].mean) == (1, 1, 18.0)
    assert kept["AH"].wrong == 0
    assert "Z" not in kept  # of "is", which was left out


@given(examples.assessments())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_phones_of_words_beside_the_text_do_not_count(assessment: Assessment) -> None:
    results = attempts.phone_results(assessment)
    said = [phone.score for word in assessment.words if not word.is_extra for phone in word.phones]
    assert sum(each["said"] for each in results) == len(said)
    assert sum(each["wrong"] for each in results) == sum(score < 60 for score in said)
    assert sum(each["mean"] * each["said"] for each in results) == pytest.approx(sum(said))
    assert [each["phone"] for each in results] == sorted({each["phone"] for each in results})
    assert all(each["phone"].isalpha() for each in results)


# --- marked and deleted -------------------------------------------------------------------------


def test_a_star_is_given_and_taken_away(store: Store, read: Read) -> None:
    first, second = read(), read(1)
    attempts.star(store, first, True)
    assert [attempts.load(store, each).row.is_starred for each in (first, second)] == [True, False]
    attempts.star(store, first, False)
    assert not attempts.load(store, first).row.is_starred


def test_attempts_are_deleted_with_recordings_that_nobody_else_uses(store: Store, read: Read) -> None:
    gone, shares, other = read(0, tone(220)), read(1, tone(330)), read(2, tone(330))
    attempts.delete(store, iter([gone, shares]))
    assert ids(store) == {other}
    assert attempts.load(store, other).recording is not None
    assert len(store.audio.digests()) == 1
    attempts.delete(store, [other])
    assert store.audio.digests() == set()


def test_an_attempt_is_deleted_with_what_was_said_about_it(
    store: Store, learner: LearnerRow, read: Read
) -> None:
    attempt_id = read()
    with store.writing() as session:
        spoken = store.audio.add(tone(440))
        session.add(Comment(learner_id=learner.id, attempt_id=attempt_id, recording=spoken))
    attempts.delete(store, [attempt_id])
    with store.reading() as session:
        assert session.scalars(select(Comment)).all() == []
    assert store.audio.digests() == set()


def test_recordings_that_a_lesson_or_a_comment_uses_stay(
    store: Store, learner: LearnerRow, read: Read, lesson: tuple[str, list[str]]
) -> None:
    both = [read(0, tone(220)), read(1, tone(330))]
    with store.writing() as session:
        session.execute(
            update(Item).where(Item.id == lesson[1][0]).values(recording=store.audio.add(tone(220)))
        )
        session.add(Comment(learner_id=learner.id, recording=store.audio.add(tone(330))))
    attempts.delete(store, both)
    assert len(store.audio.digests()) == 2


def test_more_attempts_are_deleted_than_a_statement_takes(
    store: Store, learner: LearnerRow, read: Read
) -> None:
    stays = read(-60)
    common = {"learner_id": learner.id, "text": "", "started": STARTED, "seconds": 1.0}
    common |= {"engine_version": "", "model": ""}
    with store.writing() as session:
        sitting = session.scalars(select(Sitting.id)).one()
        made = [
            Attempt(**(common | {"session_id": sitting, "recording": f"{number:064x}"}))
            for number in range(1_200)
        ]
        session.add_all(made)
        session.flush()
        many = [each.id for each in made]
    attempts.delete(store, many)
    assert ids(store) == {stays}


def test_deleting_what_is_not_there_does_nothing(store: Store, read: Read) -> None:
    attempt_id = read()
    attempts.delete(store, [])
    attempts.delete(store, ["0" * 32])
    assert ids(store) == {attempt_id}


def test_an_attempt_whose_recording_cannot_be_deleted_stays_and_can_be_deleted_again(
    store: Store, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt_id = read()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", stuck)
        with pytest.raises(LibraryError, match=r"Close the programs that use it, then delete it again"):
            attempts.delete(store, [attempt_id])
    assert attempts.load(store, attempt_id).recording is not None
    attempts.delete(store, [attempt_id])
    assert (ids(store), store.audio.digests()) == (set(), set())
