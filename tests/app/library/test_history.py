"""The history finds attempts by everything that can be asked for; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from app.library import attempts as kept
from app.library import history, learners
from app.library.errors import LibraryError
from app.library.history import Extent, Filter
from app.library.models import Attempt, Lesson, PhoneResult, new_id
from app.library.models import Session as Sitting
from app.library.records import LearnerRow
from app.library.store import Store
from assessment.audio import Recording
from assessment.results import Assessment
from tests.app.library.conftest import STARTED, Read

ANY = Filter(None)
SEARCHES = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


def add_lesson(store: Store, title: str) -> str:
    with store.writing() as session:
        made = Lesson(title=title, level="A1")
        session.add(made)
        session.flush()
        return made.id


def add(store: Store, learner: LearnerRow, text: str = "Hello.", **values: object) -> str:
    """Add a bare attempt; `lesson_id`, and the columns of attempts."""
    row = {
        "id": new_id(),
        "learner_id": learner.id,
        "text": text,
        "started": STARTED,
        "seconds": 1.0,
        "is_rough": False,
        "is_starred": False,
        "is_handed_in": False,
        "engine_version": "1",
        "model": "m",
        **dict.fromkeys(("overall", "accuracy", "fluency", "completeness", "prosody", "recording")),
    }
    lesson_id = values.pop("lesson_id", None)
    with store.writing() as session:
        sitting = Sitting(learner_id=learner.id, lesson_id=lesson_id)
        session.add(sitting)
        session.flush()
        session.execute(insert(Attempt).values(**row | values, session_id=sitting.id))
    return str(row["id"] if "id" not in values else values["id"])


def found(store: Store, wanted: Filter) -> list[str]:
    return [each.id for each in history.attempts(store, wanted)]


# --- which and in what order --------------------------------------------------------------------


def test_a_row_is_the_same_as_that_of_the_attempt(store: Store, read: Read) -> None:
    lesson_id = add_lesson(store, "Animals")
    ids = [read(1, kind="lesson", lesson_id=lesson_id), read(0)]
    rows = history.attempts(store, ANY)
    assert rows == [kept.load(store, each).row for each in ids]
    assert [each.lesson for each in rows] == ["Animals", ""]


def test_the_newest_stands_first(store: Store, read: Read) -> None:
    ids = {minutes: read(minutes) for minutes in (5, 60, 0)}
    assert found(store, ANY) == [ids[60], ids[5], ids[0]]


def test_an_empty_library_has_none(store: Store) -> None:
    assert history.attempts(store, ANY) == []
    assert history.extent(store, None) == Extent(0, 0, ())


def test_only_those_of_a_learner_are_listed(store: Store, learner: LearnerRow, read: Read) -> None:
    other = learners.add(store, "Ben")
    mine, theirs = read(0), read(1, learner_id=other.id)
    assert found(store, Filter(learner.id)) == [mine]
    assert found(store, Filter(other.id)) == [theirs]
    assert found(store, ANY) == [theirs, mine]
    assert found(store, Filter("nobody")) == []


def test_what_fits_everything_is_listed(store: Store, learner: LearnerRow) -> None:
    lesson_id = add_lesson(store, "Animals")
    wanted = add(store, learner, "A cat.", lesson_id=lesson_id, is_starred=True, overall=80.0)
    add(store, learner, "A cat.", lesson_id=lesson_id, overall=80.0)
    add(store, learner, "A dog.", lesson_id=lesson_id, is_starred=True, overall=80.0)
    add(store, learner, "A cat.", is_starred=True, overall=80.0)
    assert found(store, Filter(learner.id, "CAT", lesson_id, starred=True, least=80.0)) == [wanted]


@pytest.mark.parametrize(("wanted", "places"), [
    (Filter(None, since=STARTED), [2, 1]),
    (Filter(None, until=STARTED), [0]),
    (Filter(None, since=STARTED, until=STARTED + timedelta(hours=1)), [1]),
])  # fmt: skip
def test_the_time_is_that_of_the_beginning(
    store: Store, learner: LearnerRow, wanted: Filter, places: Sequence[int]
) -> None:
    ids = [add(store, learner, started=STARTED + timedelta(hours=hours)) for hours in (-1, 0, 1)]
    assert found(store, wanted) == [ids[place] for place in places]


def test_a_time_in_another_zone_is_the_same_moment(store: Store, read: Read) -> None:
    read()
    there = datetime.fromisoformat("2026-05-04T14:00:00+02:00")
    assert len(found(store, Filter(None, since=there))) == 1
    assert found(store, Filter(None, since=there + timedelta(seconds=1))) == []


def test_scores_lie_between_two_bounds_the_upper_one_left_out(store: Store, learner: LearnerRow) -> None:
    ids = {score: add(store, learner, overall=score) for score in (64.9, 65.0, 84.9, 85.0, None)}
    assert set(found(store, Filter(None, least=65.0, most=85.0))) == {ids[65.0], ids[84.9]}
    assert found(store, Filter(None, least=85.0)) == [ids[85.0]]
    assert found(store, Filter(None, most=65.0)) == [ids[64.9]]
    assert len(found(store, ANY)) == 5


def test_only_those_with_a_recording_can_be_asked_for(
    store: Store, learner: LearnerRow, read: Read, recording: Recording, assessment: Assessment
) -> None:
    heard = read(0)
    add(store, learner)
    assert found(store, Filter(None, with_recording=True)) == [heard]


def test_a_phone_is_looked_for_where_it_was_wrong(store: Store, learner: LearnerRow) -> None:
    wrong, right, _without = (
        add(store, learner, started=STARTED + timedelta(minutes=each)) for each in range(3)
    )
    results = (
        {"attempt_id": wrong, "phone": "TH", "said": 3, "wrong": 1, "mean": 70.0},
        {"attempt_id": right, "phone": "TH", "said": 3, "wrong": 0, "mean": 95.0},
        {"attempt_id": right, "phone": "S", "said": 1, "wrong": 1, "mean": 10.0},
    )
    with store.writing() as session:
        session.execute(insert(PhoneResult), results)
    assert found(store, Filter(None, phone="TH")) == [wrong]
    assert found(store, Filter(None, phone="S")) == [right]
    assert found(store, Filter(None, phone="ZH")) == []


# --- searching ----------------------------------------------------------------------------------


@pytest.mark.parametrize("search", ["ELEPHANT", "the eleph", "animals", "nimal", "mia", " mia ", "see the"])
def test_words_are_found_in_text_lesson_and_name(store: Store, read: Read, search: str) -> None:
    wanted = read(kind="lesson", lesson_id=add_lesson(store, "Animals"))
    assert found(store, Filter(None, search)) == [wanted]


@pytest.mark.parametrize("search", ["zebra", "the%see", "m_a", "elephants", "see  elephant"])
def test_what_is_nowhere_is_not_found(store: Store, read: Read, search: str) -> None:
    read(kind="lesson", lesson_id=add_lesson(store, "Animals"))
    assert found(store, Filter(None, search)) == []


@pytest.mark.parametrize("search", ["", "   ", "\n"])
def test_nothing_is_looked_for_without_words(store: Store, read: Read, search: str) -> None:
    read()
    assert len(found(store, Filter(None, search))) == 1


@pytest.mark.parametrize("text", ["50% of it", "snake_case", r"back\slash", "and/or", "[a-c]*", 'it\'s "so"'])
def test_every_sign_stands_for_itself(store: Store, learner: LearnerRow, text: str) -> None:
    wanted = add(store, learner, f"He wrote {text}.")
    add(store, learner, "He wrote 500 of it, snakeXcase, backslash, andXor, b, its so.")
    assert found(store, Filter(None, text)) == [wanted]


@pytest.mark.parametrize(("written", "search"), [
    ("Élise", "élise"),
    ("élise", "ÉLISE"),
    ("ΑΘΗΝΑ", "αθηνα"),
    ("你好世界", "好世"),
    ("Straße", "STRAßE"),
    ("😀 emoji", "😀"),
])  # fmt: skip
def test_letters_beyond_the_alphabet_are_found_in_capitals_or_not(
    store: Store, learner: LearnerRow, written: str, search: str
) -> None:
    wanted = add(store, learner, written)
    add(store, learner, "Elise, nobody, anybody")
    assert found(store, Filter(None, search)) == [wanted]


def test_a_line_break_is_found_as_a_space(store: Store, learner: LearnerRow) -> None:
    wanted = add(store, learner, "One line.\n  Another line.")
    assert found(store, Filter(None, "line. another")) == [wanted]
    assert found(store, Filter(None, "line.another")) == []


@given(text=st.text(max_size=30), part=st.tuples(st.integers(0, 30), st.integers(0, 30)))
@SEARCHES
def test_any_part_of_a_text_is_found(
    store: Store, learner: LearnerRow, text: str, part: tuple[int, int]
) -> None:
    # Neither database takes these.
    text = text.replace("\0", "").encode("utf-8", "ignore").decode()
    attempt_id = add(store, learner, text)
    search = text[min(part) : max(part)]
    assert attempt_id in found(store, Filter(learner.id, search))
    kept.delete(store, [attempt_id])


@given(text=st.text("ab%_/\\ ", max_size=8), search=st.text("AB%_/\\ ", min_size=1, max_size=4))
@SEARCHES
def test_what_is_found_has_what_was_looked_for(
    store: Store, learner: LearnerRow, text: str, search: str
) -> None:
    nobody = replace(learner, id=learners.add(store, "").id)
    attempt_id = add(store, nobody, text)
    is_in = " ".join(search.lower().split()) in " ".join(text.split())
    assert found(store, Filter(nobody.id, search)) == ([attempt_id] if is_in else [])
    learners.delete(store, nobody.id)


# --- what there is, and stars -------------------------------------------------------------------


def test_what_there_is_is_counted_and_named(store: Store, learner: LearnerRow) -> None:
    zoo, animals, unread = (add_lesson(store, title) for title in ("zoo", "Animals", "Unread"))
    other = learners.add(store, "Ben")
    for lesson_id in (zoo, animals, animals, None):
        add(store, learner, lesson_id=lesson_id)
    add(store, other, lesson_id=zoo)
    assert history.extent(store, learner.id) == Extent(4, 2, ((animals, "Animals"), (zoo, "zoo")))
    assert history.extent(store, other.id) == Extent(1, 2, ((zoo, "zoo"),))
    assert history.extent(store, None) == Extent(5, 2, ((animals, "Animals"), (zoo, "zoo")))
    assert unread not in dict(history.extent(store, None).lessons)


def test_stars_are_set_and_taken_of_many_at_once(store: Store, learner: LearnerRow) -> None:
    ids = [add(store, learner) for _ in range(5)]
    history.star(store, ids[:3], is_starred=True)
    assert set(found(store, Filter(None, starred=True))) == set(ids[:3])
    history.star(store, [*ids[1:], "nobody's"], is_starred=False)
    assert found(store, Filter(None, starred=True)) == ids[:1]


def test_stars_of_more_attempts_than_a_statement_takes_are_set(store: Store, learner: LearnerRow) -> None:
    wanted = add(store, learner)
    history.star(store, [wanted, *(f"no{number}" for number in range(1_200))], is_starred=True)
    assert found(store, Filter(None, starred=True)) == [wanted]


def test_a_library_of_a_newer_program_takes_no_stars(store: Store, read: Read) -> None:
    attempt_id = read()
    store.is_read_only = True
    with pytest.raises(LibraryError, match="newer Elocute"):
        history.star(store, [attempt_id], is_starred=True)
