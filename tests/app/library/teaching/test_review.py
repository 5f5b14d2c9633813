"""A teacher goes through attempts, marks, comments, and lays them aside; all of it on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.library import attempts, learners
from app.library.archive import export_all, import_archive
from app.library.errors import LibraryError
from app.library.models import Membership, SchoolClass, WordResult
from app.library.records import LearnerRow, Purpose
from app.library.store import Store, open_store
from app.library.teaching import review
from app.library.teaching.review import Queue
from assessment.control import Control
from assessment.results import ErrorType
from tests.app.library.conftest import STARTED, Read, tone
from tests.assessment import examples

ME = "A teacher"


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


@pytest.fixture
def school_class(store: Store, learner: LearnerRow) -> str:
    with store.writing() as session:
        made = SchoolClass(name="A1")
        session.add(made)
        session.flush()
        session.add(Membership(class_id=made.id, learner_id=learner.id))
        return made.id


def ids(store: Store, wanted: Queue) -> list[str]:
    return [row.id for row in review.queue(store, wanted)]


# --- the queue ------------------------------------------------------------------------------


def test_what_nobody_has_reviewed_comes_first_then_what_is_oldest(store: Store, read: Read) -> None:
    first, second, third = read(0), read(1), read(2)
    review.set_reviewed(store, [first], ME)
    assert ids(store, Queue()) == [second, third, first]
    assert ids(store, Queue(unreviewed=True)) == [second, third]
    found = review.queue(store, Queue())[-1]
    assert found.reviewer == ME
    assert found.reviewed is not None
    review.set_reviewed(store, [first], ME, False)
    assert ids(store, Queue(unreviewed=True)) == [first, second, third]


def test_a_flag_can_be_set_and_taken_away(store: Store, read: Read) -> None:
    first, second = read(0), read(1)
    review.set_flag(store, [first, second], True)
    review.set_flag(store, [first], False)
    assert ids(store, Queue(flagged=True)) == [second]


def test_only_what_was_handed_in(store: Store, read: Read) -> None:
    read(0)
    assert ids(store, Queue(handed_in=True)) == []


def test_a_class_has_the_attempts_of_its_learners(store: Store, read: Read, school_class: str) -> None:
    mine = read(0)
    read(1, learner_id=learners.add(store, "Ben").id)
    assert ids(store, Queue(class_id=school_class)) == [mine]
    assert ids(store, Queue(class_id="another")) == []


def test_a_queue_of_a_word_has_the_attempts_in_which_it_was_wrong_or_left_out(
    store: Store, read: Read, learner: LearnerRow
) -> None:
    flawed = read(0)
    attempts.add(
        store, Purpose(learner.id), tone(300), examples.good_reading(), STARTED + timedelta(minutes=5)
    )
    assert ids(store, Queue(word="is")) == [flawed]
    assert ids(store, Queue(word="see")) == [flawed]
    assert ids(store, Queue(word="elephant")) == []


def test_score_search_and_time_narrow_the_queue(store: Store, read: Read) -> None:
    first, second = read(0), read(60)
    assert ids(store, Queue(most=60.0)) == []
    assert ids(store, Queue(least=60.0, most=70.0)) == [first, second]
    assert ids(store, Queue(search="ELEPHANT", since=STARTED + timedelta(minutes=30))) == [second]
    assert ids(store, Queue(until=STARTED + timedelta(minutes=30))) == [first]


def test_the_newest_attempts_of_a_learner(store: Store, read: Read, learner: LearnerRow) -> None:
    made = [read(minutes) for minutes in range(4)]
    assert [row.id for row in review.latest(store, learner.id, 3)] == made[:0:-1]


# --- marks ----------------------------------------------------------------------------------


def test_a_mark_replaces_the_one_before_of_the_same_author(store: Store, read: Read) -> None:
    attempt = read()
    review.mark(store, attempt, ME, 4, score=30.0)
    review.mark(store, attempt, ME, 4, score=90.0)
    review.mark(store, attempt, "Another", 4, error="none")
    review.mark(store, attempt, ME, 4, 1, score=50.0)
    review.mark(store, attempt, ME, None, score=66.0)
    found = review.open_review(store, attempt).marks
    assert {(mark.author, mark.word, mark.phone, mark.score, mark.error) for mark in found} == {
        (ME, 4, None, 90.0, None),
        ("Another", 4, None, None, "none"),
        (ME, 4, 1, 50.0, None),
        (ME, None, None, 66.0, None),
    }


def test_a_mark_can_be_taken_away(store: Store, read: Read) -> None:
    attempt = read()
    made = review.mark(store, attempt, ME, 2, score=30.0)
    assert review.unmark(store, attempt, "Another", 2) is None
    assert review.unmark(store, attempt, ME, 2) == made
    assert review.open_review(store, attempt).marks == ()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"score": -1.0},
        {"score": 100.1},
        {"score": float("nan")},
        {"error": "ugly"},
        {"word": -1, "score": 1.0},
        {"word": None, "phone": 1, "score": 1.0},
    ],
)
def test_an_impossible_mark_is_refused(store: Store, read: Read, said: dict[str, object]) -> None:
    attempt = read()
    with pytest.raises(LibraryError):
        review.mark(store, attempt, ME, **{"word": 0, **said})  # type: ignore[arg-type]
    assert review.open_review(store, attempt).marks == ()


def test_a_mark_of_what_is_gone_is_refused(store: Store) -> None:
    with pytest.raises(LibraryError, match="not in the library"):
        review.mark(store, "gone", ME, 0, score=1.0)


def test_the_machine_s_marks_are_kept_beside(store: Store, read: Read) -> None:
    attempt = read()
    review.mark(store, attempt, ME, 4, score=90.0)
    kept = review.open_review(store, attempt).kept
    assert kept.assessment == examples.flawed_reading()
    assert kept.row.overall == examples.flawed_reading().scores.overall


# --- comments -------------------------------------------------------------------------------


def test_comments_on_a_word_an_attempt_and_a_learner(store: Store, read: Read, learner: LearnerRow) -> None:
    attempt, other = read(0), read(1)
    on_word = review.comment(store, learner.id, ME, " Longer.\n", attempt_id=attempt, word=4)
    on_attempt = review.comment(store, learner.id, ME, "Good.", attempt_id=attempt)
    on_learner = review.comment(store, learner.id, ME, "Works hard.")
    review.comment(store, learner.id, ME, "Elsewhere.", attempt_id=other)
    assert review.open_review(store, attempt).comments == (on_word, on_attempt, on_learner)
    assert on_word.text == "Longer."


def test_a_spoken_comment_is_heard_again_and_deleted_with_its_recording(
    store: Store, read: Read, learner: LearnerRow
) -> None:
    attempt = read()
    said = review.comment(store, learner.id, ME, "", attempt_id=attempt, recording=tone(990))
    assert said.recording is not None
    assert store.audio.open(said.recording).samples.size
    review.delete_comment(store, said.id)
    assert said.recording not in store.audio.digests()
    assert review.open_review(store, attempt).comments == ()


def test_a_comment_can_be_changed(store: Store, learner: LearnerRow, read: Read) -> None:
    attempt = read()
    made = review.comment(store, learner.id, ME, "Gut.", attempt_id=attempt)
    review.change_comment(store, made.id, "Good.")
    assert [each.text for each in review.open_review(store, attempt).comments] == ["Good."]
    with pytest.raises(LibraryError, match="empty"):
        review.change_comment(store, made.id, "  ")


@pytest.mark.parametrize(
    ("text", "problem"), [(" \n", "is empty"), ("x" * 10_001, "longer than 10,000")], ids=["empty", "long"]
)
def test_a_comment_says_something(store: Store, learner: LearnerRow, text: str, problem: str) -> None:
    with pytest.raises(LibraryError, match=problem):
        review.comment(store, learner.id, ME, text)


def test_nobody_comments_on_what_is_gone_or_another_s(store: Store, read: Read, learner: LearnerRow) -> None:
    attempt = read()
    ben = learners.add(store, "Ben").id
    with pytest.raises(LibraryError, match="This reading is not"):
        review.comment(store, ben, ME, "Good.", attempt_id=attempt)
    with pytest.raises(LibraryError, match="This learner is not"):
        review.comment(store, "gone", ME, "Good.")
    with pytest.raises(LibraryError, match="This comment is not"):
        review.delete_comment(store, "gone")


# --- words across the class ---------------------------------------------------------------------


def test_all_renderings_of_a_word_the_worst_first(
    store: Store, read: Read, learner: LearnerRow, school_class: str
) -> None:
    flawed = read(0)
    good = attempts.add(
        store, Purpose(learner.id), tone(300), examples.good_reading(), STARTED + timedelta(minutes=5)
    )
    read(1, learner_id=learners.add(store, "Ben").id)
    found = review.renderings(store, "see", school_class)
    assert [(each.row.id, each.position, each.score) for each in found] == [
        (flawed, 4, 47.0),
        (good, 4, 92.5),
    ]
    assert all(each.end > each.start for each in found)
    assert len(review.renderings(store, "see", None)) == 3
    assert review.renderings(store, "is", school_class)[0].row.id == good  # elsewhere it was left out


def test_words_of_attempts_of_an_older_elocute_are_noted_later(store: Store, read: Read) -> None:
    attempt = read()
    with store.writing() as session:
        before = session.query(WordResult).count()
        session.query(WordResult).delete()
    assert review.renderings(store, "see", None) == []
    assert attempts.index_words(store) == 1
    assert attempts.index_words(store) == 0
    assert [each.row.id for each in review.renderings(store, "see", None)] == [attempt]
    with store.reading() as session:
        assert session.query(WordResult).count() == before == 7


# --- going back to the learner ------------------------------------------------------------------


def test_what_a_teacher_did_comes_back_to_the_learner(
    store: Store, read: Read, learner: LearnerRow, tmp_path: Path
) -> None:
    attempt = read()
    teacher = open_store(tmp_path / "teacher")
    export_all(store, tmp_path / "there.elocute", Control())
    import_archive(teacher, tmp_path / "there.elocute", Control())
    review.mark(teacher, attempt, ME, 4, score=90.0)
    review.comment(teacher, learner.id, ME, "Well done.", attempt_id=attempt)
    review.set_reviewed(teacher, [attempt], ME)
    export_all(teacher, tmp_path / "back.elocute", Control())
    import_archive(store, tmp_path / "back.elocute", Control())
    found = review.open_review(store, attempt)
    expected = review.open_review(teacher, attempt)
    assert (found.marks, found.comments) == (expected.marks, expected.comments)
    assert (found.kept.row.reviewer, found.kept.row.reviewed) == (ME, expected.kept.row.reviewed)
    teacher.close()


def test_error_types_of_marks_are_those_of_words(store: Store, read: Read) -> None:
    attempt = read()
    for error in ErrorType:
        review.mark(store, attempt, ME, 0, error=error.value)
    assert [mark.error for mark in review.open_review(store, attempt).marks] == [list(ErrorType)[-1].value]
