"""Which phones a learner says worst, and which are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.library.models import Card, StoredAssessment
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.weak_phones import Said, due_count, shrunken, weak_phones
from assessment.phones import PHONES
from tests.app.library.weak_readings import add_reading, heard_as

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MOST = len(PHONES)

observed = st.lists(
    st.builds(Said, st.sampled_from(PHONES), st.integers(1, 58), st.floats(0.0, 100.0)),
    min_size=1,
    max_size=20,
    unique_by=lambda each: each.phone,
)


def names(store: Store, learner: LearnerRow, now: datetime = NOON + DAY, limit: int = MOST) -> list[str]:
    return [each.phone for each in weak_phones(store, learner.id, now, limit)]


# --- shrinking -----------------------------------------------------------------------------------


@given(observed, st.floats(1.0, 2000.0))
def test_means_are_drawn_to_the_average_and_never_beyond(phones: list[Said], within: float) -> None:
    average = sum(each.tokens * each.mean for each in phones) / sum(each.tokens for each in phones)
    for each in phones:
        found = shrunken(phones, within)[each.phone]
        low, high = sorted((each.mean, average))
        assert low - 1e-6 <= found <= high + 1e-6


def test_few_phones_are_drawn_more_than_many() -> None:
    others = [Said(phone, 40, mean) for phone, mean in zip(PHONES, range(60, 96, 4), strict=False)]
    found = shrunken([*others, Said("V", 2, 20.0), Said("W", 50, 20.0)])
    assert found["W"] < 25.0
    assert found["V"] > found["W"] + 5.0


def test_no_phones_have_no_means() -> None:
    assert shrunken([]) == {}


def test_one_phone_keeps_its_mean() -> None:
    assert shrunken([Said("V", 7, 31.0)]) == {"V": pytest.approx(31.0)}


# --- worst first ---------------------------------------------------------------------------------


def test_the_worst_is_first_and_no_more_than_are_wanted(store: Store, learner: LearnerRow) -> None:
    add_reading(store, learner.id, NOON, {"TH": (9, 30.0), "V": (9, 55.0), "T": (9, 58.0), "S": (9, 99.0)})
    assert names(store, learner)[:3] == ["TH", "V", "T"]
    assert names(store, learner, limit=1) == ["TH"]
    assert names(store, learner, limit=0) == []


def test_nobody_else_s_phones_and_nothing_later_are_counted(store: Store, learner: LearnerRow) -> None:
    add_reading(store, learner.id, NOON, {"TH": (9, 30.0)})
    add_reading(store, learner.id, NOON + 5 * DAY, {"V": (9, 30.0)})
    assert names(store, learner) == ["TH"]
    assert weak_phones(store, "nobody", NOON, 5) == []
    assert due_count(store, "nobody", NOON) == 0


def test_a_phone_said_four_times_is_not_there_unless_it_is_due(store: Store, learner: LearnerRow) -> None:
    add_reading(store, learner.id, NOON, {"TH": (4, 30.0), "S": (9, 80.0)})
    assert names(store, learner, NOON + timedelta(hours=1)) == ["S"]
    assert names(store, learner) == ["TH", "S"]


def test_what_is_due_goes_before_what_is_worse(store: Store, learner: LearnerRow) -> None:
    add_reading(store, learner.id, NOON, {"V": (9, 72.0)})
    add_reading(store, learner.id, NOON + 9 * DAY, {"TH": (9, 30.0)})
    found = weak_phones(store, learner.id, NOON + 9 * DAY + timedelta(hours=1), 5)
    assert [(each.phone, each.is_due) for each in found] == [("V", True), ("TH", False)]
    assert due_count(store, learner.id, NOON + 9 * DAY + timedelta(hours=1)) == 1


def test_a_phone_without_a_card_is_due_if_it_is_not_said_well(store: Store, learner: LearnerRow) -> None:
    for number in range(6):
        add_reading(store, learner.id, NOON + number * DAY, {"ZH": (1, 50.0), "OY": (1, 98.0)})
    found = {each.phone: each for each in weak_phones(store, learner.id, NOON + 6 * DAY, 5)}
    assert (found["ZH"].due, found["ZH"].is_due) == (None, True)
    assert not found["OY"].is_due


def test_what_was_always_easy_is_never_due(store: Store, learner: LearnerRow) -> None:
    add_reading(store, learner.id, NOON, {"S": (9, 97.0)})
    later = NOON + 300 * DAY
    assert [each.is_due for each in weak_phones(store, learner.id, later, 5)] == [False]
    assert due_count(store, learner.id, later) == 0


def test_a_card_that_nobody_can_read_hurts_nothing(store: Store, learner: LearnerRow) -> None:
    add_reading(store, learner.id, NOON, {"TH": (9, 30.0)})
    with store.writing() as session:
        session.execute(update(Card).values(state=["?"]))
    assert names(store, learner) == ["TH"]


# --- reasons -------------------------------------------------------------------------------------


def test_the_reason_tells_what_was_heard_and_when_it_was_last_right(
    store: Store, learner: LearnerRow
) -> None:
    add_reading(store, learner.id, NOON, {"TH": (9, 80.0)})
    add_reading(store, learner.id, NOON + 5 * DAY, {"TH": (9, 30.0)}, assessment=heard_as("TH", "S", 6, 9))
    (found,) = weak_phones(store, learner.id, NOON + 8 * DAY, 1)
    assert (found.heard, found.ipa) == ("S", "θ")
    assert found.reason == "Often sounds like /s/. Last said well 8 days ago."
    (found,) = weak_phones(store, learner.id, NOON + 8 * DAY, 1, "arpabet")
    assert "/S/" in found.reason


def test_what_was_heard_once_is_a_slip(store: Store, learner: LearnerRow) -> None:
    add_reading(store, learner.id, NOON, {"TH": (9, 30.0)}, assessment=heard_as("TH", "S", 1, 9))
    (found,) = weak_phones(store, learner.id, NOON, 1)
    assert found.heard is None


def test_what_is_heard_most_often_is_told(store: Store, learner: LearnerRow) -> None:
    for number, heard in enumerate(("S", "T", "T")):
        when = NOON + number * DAY
        add_reading(store, learner.id, when, {"TH": (9, 30.0)}, assessment=heard_as("TH", heard, 3, 9))
    assert weak_phones(store, learner.id, NOON + 3 * DAY, 1)[0].heard == "T"


def test_readings_of_a_newer_elocute_are_passed_over(store: Store, learner: LearnerRow) -> None:
    add_reading(store, learner.id, NOON, {"TH": (9, 30.0)}, assessment=heard_as("TH", "S", 6, 9))
    with store.writing() as session:
        session.execute(update(StoredAssessment).values(json='{"format": "other"}'))
    (found,) = weak_phones(store, learner.id, NOON, 1)
    assert (found.phone, found.heard) == ("TH", None)
