"""Goals: set, reached, removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.library import learners
from app.library.errors import LibraryError
from app.library.progress_goals import GoalState, add_goal, goals, remove_goal
from app.library.store import Store
from tests.app.library.progress_readings import read_at

NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


@pytest.fixture
def mia(store: Store) -> str:
    return learners.add(store, "Mia").id


def only(store: Store, learner_id: str) -> GoalState:
    (goal,) = goals(store, learner_id, NOW, UTC)
    return goal


def test_days_of_practice_this_week_count(store: Store, mia: str) -> None:
    goal_id = add_goal(store, mia, "days", 4)
    read_at(store, mia, NOW, NOW - DAY, NOW - WEEK)
    assert only(store, mia) == GoalState(
        goal_id, "days", 4.0, None, 2, 0.5, "Practise on 4 days a week: 2 so far."
    )


def test_readings_of_this_week_count(store: Store, mia: str) -> None:
    add_goal(store, mia, "attempts", 3)
    assert only(store, mia).sentence == "3 readings a week: 0 so far."
    read_at(store, mia, NOW, NOW - DAY, NOW - DAY / 2, NOW - 2 * DAY, NOW - WEEK)
    goal = only(store, mia)
    assert (goal.done, goal.share) == (4, 1.0)
    assert goal.sentence == "3 readings a week: reached, with 4."


def test_a_goal_of_one_day_is_told_in_the_singular(store: Store, mia: str) -> None:
    add_goal(store, mia, "days", 1)
    read_at(store, mia, NOW)
    assert only(store, mia).sentence == "Practise on 1 day a week: reached, with 1 day."


def test_one_lucky_reading_does_not_reach_a_score(store: Store, mia: str) -> None:
    add_goal(store, mia, "overall", 80)
    read_at(store, mia, *(NOW - hours * timedelta(hours=1) for hours in range(1, 10)), overall=70.0)
    read_at(store, mia, NOW, overall=90.0)
    read_at(store, mia, *(NOW - weeks * WEEK for weeks in range(1, 20)), overall=10.0)
    goal = only(store, mia)
    assert goal.done == pytest.approx(72.0)
    assert goal.sentence == "Reach 80 overall: your last readings have 72."


def test_a_score_just_below_the_goal_does_not_look_reached(store: Store, mia: str) -> None:
    add_goal(store, mia, "overall", 80)
    read_at(store, mia, NOW, overall=79.8)
    goal = only(store, mia)
    assert goal.share < 1.0
    assert goal.sentence == "Reach 80 overall: your last readings have 79."


def test_without_readings_a_score_is_not_known(store: Store, mia: str) -> None:
    add_goal(store, mia, "overall", 80)
    goal = only(store, mia)
    assert (goal.done, goal.share) == (0.0, 0.0)
    assert goal.sentence == "Reach 80 overall: read something to see where you are."


def test_the_mastery_of_a_phone_counts(store: Store, mia: str) -> None:
    add_goal(store, mia, "phone", 80, "SH")
    assert only(store, mia).sentence == (
        "Bring /ʃ/ as in “she” to 80: say it a few more times to see where it is."
    )
    read_at(store, mia, NOW - DAY, phones={"SH": (10, 5, 60.0)})
    assert only(store, mia).sentence == "Bring /ʃ/ as in “she” to 80: it is at 30."
    assert only(store, mia).share == pytest.approx(30 / 80)
    read_at(store, mia, NOW, phones={"SH": (300, 0, 92.0)})
    assert only(store, mia).sentence == "Bring /ʃ/ as in “she” to 80: reached, with 92."


def test_phones_are_written_as_the_settings_say(store: Store, mia: str) -> None:
    add_goal(store, mia, "phone", 80, "SH")
    assert "/SH/" in goals(store, mia, NOW, UTC, "arpabet")[0].sentence


def test_a_goal_about_the_same_takes_the_new_target(store: Store, mia: str) -> None:
    first = add_goal(store, mia, "phone", 80, "SH")
    other = add_goal(store, mia, "phone", 70, "S")
    assert add_goal(store, mia, "phone", 90, "SH") == first
    assert [(goal.id, goal.target) for goal in goals(store, mia, NOW, UTC)] == [(first, 90), (other, 70)]


def test_goals_are_everybodys_own(store: Store, mia: str) -> None:
    ali = learners.add(store, "Ali").id
    add_goal(store, mia, "days", 4)
    add_goal(store, ali, "days", 2)
    assert (only(store, mia).target, only(store, ali).target) == (4, 2)


def test_a_goal_that_was_removed_is_gone(store: Store, mia: str) -> None:
    goal_id = add_goal(store, mia, "days", 4)
    remove_goal(store, goal_id)
    assert goals(store, mia, NOW, UTC) == []
    remove_goal(store, goal_id)


@pytest.mark.parametrize(
    ("kind", "target", "phone"),
    [
        ("days", 8, None),
        ("days", 0, None),
        ("attempts", 1001, None),
        ("overall", 101, None),
        ("overall", float("nan"), None),
        ("phone", 80, None),
        ("phone", 80, "XX"),
        ("money", 80, None),
    ],
)
def test_what_cannot_be_a_goal_is_refused(
    store: Store, mia: str, kind: str, target: float, phone: str | None
) -> None:
    with pytest.raises(LibraryError, match=r"\. Choose"):
        add_goal(store, mia, kind, target, phone)
    assert goals(store, mia, NOW, UTC) == []


def test_a_learner_who_is_gone_gets_no_goals(store: Store) -> None:
    with pytest.raises(LibraryError, match="not in the library any more"):
        add_goal(store, "0" * 32, "days", 4)
