"""What the readings of a class add up to, with a teacher's marks; all of it on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.library import attempts, learners
from app.library.models import Attempt, Lesson, StoredAssessment
from app.library.progress import FiveScores
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.teaching import classes, review
from app.library.teaching import overview as module
from app.library.teaching.overview import HardPhone, HardWord, hard_words, overview
from app.library.teaching.overview_sums import WordSum
from app.library.teaching.revised import revised
from tests.app.library.conftest import STARTED, Read
from tests.app.library.filled import fill
from tests.app.library.teaching.filled import Said, keep

ME = "A teacher"
Keep = Callable[..., str]


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


@pytest.fixture
def mia(learner: LearnerRow) -> str:
    return learner.id


@pytest.fixture
def ben(store: Store) -> str:
    return learners.add(store, "Ben").id


@pytest.fixture
def class_id(store: Store, mia: str, ben: str) -> str:
    made = classes.add(store, "A1")
    classes.put(store, made.id, [mia, ben])
    return made.id


@pytest.fixture
def said(store: Store, mia: str) -> Keep:
    """Keep a reading of Mia's, so many minutes after the first."""

    def add(minutes: float, words: Said, overall: float = 70.0, learner_id: str = mia, **purpose: str) -> str:
        when = STARTED + timedelta(minutes=minutes)
        return keep(store, learner_id, when, words, overall, **purpose)

    return add


def test_a_class_without_readings_has_its_learners_and_no_numbers(store: Store, class_id: str) -> None:
    found = overview(store, class_id)
    assert [each.learner.name for each in found.learners] == ["Ben", "Mia"]
    assert all(each.attempts == 0 and each.last is None for each in found.learners)
    assert (found.attempts, found.scores, found.words, found.phones) == (0, FiveScores(), (), ())
    assert (found.heat, found.days, found.histogram) == ({}, (), (0,) * 10)
    assert overview(store, "gone").learners == ()


def test_readings_are_counted_for_the_class_and_for_each(
    store: Store, class_id: str, said: Keep, mia: str, ben: str
) -> None:
    first = said(0, {"see": 80.0}, 60.0)
    second = said(1, {"see": 80.0}, 80.0)
    third = said(2, {"see": 80.0}, 100.0, ben)
    said(3, {"see": 80.0}, 10.0, learners.add(store, "Eve").id)
    review.set_reviewed(store, [first, second], ME)
    review.set_flag(store, [third], True)
    with store.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == first).values(is_handed_in=True))
    found = overview(store, class_id)
    assert (found.attempts, found.handed_in, found.reviewed, found.flagged) == (3, 1, 2, 1)
    assert found.scores == FiveScores(80.0, 81.0, 82.0, 100.0, None)
    assert found.histogram == (0, 0, 0, 0, 0, 0, 1, 0, 1, 1)
    of_ben, of_mia = found.learners
    assert (of_mia.attempts, of_mia.handed_in, of_mia.reviewed, of_mia.flagged) == (2, 1, 2, 0)
    assert (of_mia.scores.overall, of_mia.last) == (70.0, STARTED + timedelta(minutes=1))
    assert of_ben.flagged == 1
    assert of_ben.learner.attempts == 1


def test_a_change_takes_six_readings(store: Store, class_id: str, said: Keep) -> None:
    for minute, score in enumerate((50.0, 60.0, 55.0, 70.0, 65.0)):
        said(minute, {"see": 80.0}, score)
    assert overview(store, class_id).learners[1].change is None
    said(9, {"see": 80.0}, 90.0)
    assert overview(store, class_id).learners[1].change == pytest.approx(75.0 - 55.0)


def test_days_begin_where_the_teacher_is(store: Store, class_id: str, said: Keep) -> None:
    said(0, {"see": 80.0}, 60.0)
    said(11 * 60, {"see": 80.0}, 80.0)  # at 23:00 UTC
    in_utc = overview(store, class_id, zone=UTC).days
    assert [(day.day, day.attempts, day.scores.overall) for day in in_utc] == [(date(2026, 5, 4), 2, 70.0)]
    further_east = overview(store, class_id, zone=timezone(timedelta(hours=2))).days
    assert [day.day for day in further_east] == [date(2026, 5, 4), date(2026, 5, 5)]


def test_only_what_was_asked_for_counts(store: Store, class_id: str, said: Keep, mia: str) -> None:
    lesson = _lesson(store)
    said(0, {"see": 10.0})
    inside = said(60, {"see": 90.0}, kind="lesson", lesson_id=lesson)
    said(120, {"see": 50.0})
    with store.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == inside).values(is_handed_in=True))
    hour = timedelta(hours=1)
    for scope in (
        {"since": STARTED + hour, "until": STARTED + 2 * hour},
        {"lesson_id": lesson},
        {"handed_in": True},
    ):
        found = overview(store, class_id, **scope)  # type: ignore[arg-type]
        assert (found.attempts, found.heat[mia, "S"]) == (1, (90.0, 1)), scope
    assert overview(store, class_id).attempts == 3
    assert hard_words(store, class_id=class_id, lesson_id=lesson) == ()


def _lesson(store: Store) -> str:
    with store.writing() as session:
        made = Lesson(title="L", level="A1")
        session.add(made)
        session.flush()
        return made.id


# --- words ----------------------------------------------------------------------------------


def test_words_are_counted_as_they_were_to_be_said(store: Store, class_id: str, said: Keep, ben: str) -> None:
    said(0, {"see": 40.0, "red": 90.0, "the": 10.0})
    said(1, {"see": None, "red": 90.0, "the": 20.0})
    said(2, {"see": 80.0, "red": 90.0}, 70.0, ben)
    found = overview(store, class_id).words
    assert found == (HardWord("see", 3, 2, 1, 60.0),)
    assert hard_words(store, class_id=class_id) == found


def test_hard_words_of_a_learner_and_of_everybody(store: Store, said: Keep, ben: str) -> None:
    for minute in range(3):
        said(minute, {"see": 40.0})
        said(minute, {"red": 30.0}, 70.0, ben)
    assert [each.word for each in hard_words(store, learner_id=ben)] == ["red"]
    assert {each.word for each in hard_words(store)} == {"red", "see"}
    assert len(hard_words(store, limit=1)) == 1


def test_a_teachers_marks_of_words_count(store: Store, class_id: str, said: Keep, ben: str) -> None:
    first = said(0, {"see": 40.0, "red": 90.0})
    second = said(1, {"see": None, "red": 90.0})
    third = said(2, {"see": 80.0, "red": 90.0}, 70.0, ben)
    review.mark(store, first, ME, 0, score=85.0)
    review.mark(store, second, ME, 0, score=75.0)
    review.mark(store, third, ME, 0, error="omission")
    review.mark(store, first, ME, 1, score=20.0)
    words = {each.word: each for each in overview(store, class_id).words}
    assert words["see"] == HardWord("see", 3, 1, 1, 80.0)
    assert words["red"] == HardWord("red", 3, 1, 1, pytest.approx(200.0 / 3.0))


def test_of_several_teachers_the_last_counts(store: Store, class_id: str, said: Keep) -> None:
    for minute in range(3):
        attempt = said(minute, {"see": 80.0})
        review.mark(store, attempt, ME, 0, score=10.0)
        review.mark(store, attempt, "Somebody else", 0, score=20.0)
    assert overview(store, class_id).words == (HardWord("see", 3, 3, 1, 20.0),)


def test_marks_count_for_words_as_in_the_revised_reading(store: Store, class_id: str, read: Read) -> None:
    attempt = read()
    for word, mark in {0: 30.0, 1: 90.0, 3: 20.0, 4: 70.0, 5: 5.0}.items():
        review.mark(store, attempt, ME, word, score=mark)
    review.mark(store, attempt, ME, 6, error="omission")
    review.mark(store, attempt, ME, 7, error="none")
    opened = review.open_review(store, attempt)
    expected = {
        word["word"]: word["error"] == "omission" or word["score"] < 60.0
        for word in attempts.word_results(revised(opened.kept.assessment, opened.marks))
    }
    with store.reading() as session:
        sums = {each.word: each for each in module.words(session, module.Scope(class_id))}
    assert {word: bool(each.wrong) for word, each in sums.items()} == expected


def test_few_sayings_do_not_lead() -> None:
    found = [
        WordSum("rare", 3, 3, 1, 40.0),
        WordSum("common", 100, 60, 9, 50.0),
        WordSum("easy", 900, 9, 5, 90.0),
    ]
    assert [each.word for each in module._hard_words(found, 9)] == ["common", "rare", "easy"]


Counts = st.tuples(st.integers(1, 200), st.integers(0, 200)).map(lambda each: (max(each), min(each)))


@given(st.lists(Counts, max_size=30), st.integers(0, 10))
def test_hard_words_are_wrong_at_least_once_and_ranked_by_counts(
    counts: list[tuple[int, int]], limit: int
) -> None:
    found = [WordSum(f"w{place}", said, wrong, 1, 50.0) for place, (said, wrong) in enumerate(counts)]
    hard = module._hard_words(found, limit)
    assert len(hard) <= limit
    assert all(each.said >= 3 and each.wrong >= 1 for each in hard)
    for one, other in pairwise(hard):
        if one.said == other.said:
            assert one.wrong >= other.wrong


# --- phones ---------------------------------------------------------------------------------


def test_phones_are_counted_by_learner(store: Store, class_id: str, said: Keep, mia: str, ben: str) -> None:
    for minute in range(4):
        said(minute, {"think": 40.0, "red": 90.0})
    said(9, {"think": 80.0, "red": 90.0}, 70.0, ben)
    found = overview(store, class_id)
    assert found.heat[mia, "TH"] == (40.0, 4)
    assert found.heat[ben, "TH"] == (80.0, 1)
    assert found.phones[0] in {HardPhone(phone, 5, 4, 1, 48.0) for phone in ("TH", "IH", "NG", "K")}
    assert {each.phone for each in found.phones} == {"TH", "IH", "NG", "K", "R", "EH", "D"}
    assert overview(store, class_id, since=STARTED + timedelta(minutes=9)).phones == ()


def test_a_teachers_marks_of_phones_count(store: Store, class_id: str, said: Keep, mia: str) -> None:
    ids = [said(minute, {"see": 40.0, "think": 90.0}) for minute in range(5)]
    review.mark(store, ids[0], ME, 0, 0, score=100.0)
    review.mark(store, ids[1], ME, 1, 0, score=0.0)
    review.mark(store, ids[1], ME, 1, 9, score=0.0)  # there is no such phone
    review.mark(store, ids[1], ME, 7, 0, score=0.0)
    found = overview(store, class_id)
    phones = {each.phone: each for each in found.phones}
    assert phones["S"] == HardPhone("S", 5, 4, 1, 52.0)
    assert phones["TH"] == HardPhone("TH", 5, 1, 1, 72.0)
    assert phones["IY"].wrong == 5
    assert found.heat[mia, "S"] == (52.0, 5)


def test_marks_of_a_damaged_reading_count_for_nothing(store: Store, class_id: str, said: Keep) -> None:
    ids = [said(minute, {"see": 40.0}) for minute in range(5)]
    review.mark(store, ids[0], ME, 0, 0, score=100.0)
    with store.writing() as session:
        damaged = session.get(StoredAssessment, ids[0])
        assert damaged
        damaged.json = "{}"
    assert {each.phone: each.wrong for each in overview(store, class_id).phones} == {"S": 5, "IY": 5}


# --- whole readings -------------------------------------------------------------------------


def test_a_teachers_mark_of_a_reading_is_its_overall_score(store: Store, class_id: str, said: Keep) -> None:
    first = said(0, {"see": 80.0}, 60.0)
    said(1, {"see": 80.0}, 80.0)
    review.mark(store, first, ME, None, score=20.0)
    review.mark(store, first, ME, 0, score=1.0)
    found = overview(store, class_id)
    assert found.scores == FiveScores(50.0, 71.0, 72.0, 100.0, None)
    assert found.histogram == (0, 0, 1, 0, 0, 0, 0, 0, 1, 0)
    assert found.learners[1].scores.overall == 50.0


def test_something_of_everything_adds_up(store: Store) -> None:
    mia = fill(store, "Mia")
    class_id = next(each.id for each in classes.all_classes(store) if each.learners)
    found = overview(store, class_id)
    assert found.attempts == len(review.queue(store, review.Queue(learner_id=mia.id))) == 2
    assert found.learners[0].last == datetime(2026, 5, 4, 12, 5, tzinfo=UTC)
