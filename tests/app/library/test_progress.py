"""How a learner gets on, as the library tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.library import learners
from app.library.progress import (
    HALF_LIFE,
    LEAST_SAID,
    PhoneMastery,
    first_day,
    phone_mastery,
    scores_over_days,
    streak,
    this_week,
    week_start,
)
from app.library.store import Store, open_store
from tests.app.library.progress_readings import SENTENCE, plans, read_at

# A Wednesday.
NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TOKYO, NEW_YORK = timezone(timedelta(hours=9)), timezone(timedelta(hours=-4))


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


@pytest.fixture
def mia(store: Store) -> str:
    return learners.add(store, "Mia").id


def mastery_of(store: Store, learner_id: str, phone: str = "SH", now: datetime = NOW) -> PhoneMastery:
    return next(each for each in phone_mastery(store, learner_id, now) if each.phone == phone)


# --- scores over days ---------------------------------------------------------------------------


def test_the_readings_of_a_day_become_its_mean(store: Store, mia: str) -> None:
    read_at(store, mia, NOW - DAY, overall=60.0, prosody=None)
    read_at(store, mia, NOW - DAY + timedelta(hours=1), overall=80.0, prosody=50.0)
    read_at(store, mia, NOW, overall=90.0, prosody=None)
    trend = scores_over_days(store, mia, None, TODAY, UTC)
    assert [(day.day, day.attempts, day.scores.overall) for day in trend.days] == [
        (TODAY - DAY, 2, 70.0),
        (TODAY, 1, 90.0),
    ]
    assert [day.scores.prosody for day in trend.days] == [50.0, None]
    assert [day.scores.fluency for day in trend.days] == [None, None]


def test_readings_are_told_from_the_oldest_on_with_what_they_are(store: Store, mia: str) -> None:
    (newer,) = read_at(store, mia, NOW, accuracy=81.0, is_rough=True)
    (older,) = read_at(store, mia, NOW - WEEK)
    first, second = scores_over_days(store, mia, None, TODAY, UTC).attempts
    assert (first.id, second.id) == (older, newer)
    assert (second.started, second.text, second.is_rough) == (NOW, SENTENCE, True)
    assert (second.scores.of("overall"), second.scores.of("accuracy")) == (70.0, 81.0)


def test_only_the_days_that_are_asked_for_are_told(store: Store, mia: str) -> None:
    read_at(store, mia, *(NOW - days * DAY for days in range(10)))
    trend = scores_over_days(store, mia, TODAY - 5 * DAY, TODAY - 2 * DAY, UTC)
    assert [day.day for day in trend.days] == [TODAY - days * DAY for days in (5, 4, 3, 2)]
    assert (trend.since, trend.until) == (TODAY - 5 * DAY, TODAY - 2 * DAY)


def test_a_day_begins_at_midnight_where_the_learner_is(store: Store, mia: str) -> None:
    read_at(store, mia, datetime(2026, 5, 5, 23, 30, tzinfo=UTC))
    assert scores_over_days(store, mia, None, TODAY, UTC).days[0].day == date(2026, 5, 5)
    assert scores_over_days(store, mia, None, TODAY, TOKYO).days[0].day == date(2026, 5, 6)
    assert not scores_over_days(store, mia, None, date(2026, 5, 5), TOKYO).days
    assert first_day(store, mia, TOKYO) == date(2026, 5, 6)


def test_what_others_read_is_not_told(store: Store, mia: str) -> None:
    read_at(store, learners.add(store, "Ali").id, NOW, phones={"SH": (9, 0, 90.0)})
    trend = scores_over_days(store, mia, None, TODAY, UTC)
    assert (trend.attempts, trend.days) == ((), ())
    assert first_day(store, mia, UTC) is None
    assert phone_mastery(store, mia, NOW) == []
    assert this_week(store, mia, NOW, UTC).attempts == 0
    assert streak(store, mia, TODAY, UTC) == 0


def test_of_a_long_text_the_beginning_is_told(store: Store, mia: str) -> None:
    read_at(store, mia, NOW, text="word " * 10_000)
    assert 40 < len(scores_over_days(store, mia, None, TODAY, UTC).attempts[0].text) < 200


# --- mastery ------------------------------------------------------------------------------------


def test_mastery_is_the_mean_times_the_share_that_was_right(store: Store, mia: str) -> None:
    read_at(store, mia, NOW, phones={"SH": (10, 2, 75.0)})
    found = mastery_of(store, mia)
    assert (found.said, found.wrong, found.recent) == (10, 2, pytest.approx(75.0))
    assert found.mastery == pytest.approx(0.75 * 0.8)


def test_nothing_is_concluded_from_a_phone_said_too_seldom(store: Store, mia: str) -> None:
    read_at(store, mia, NOW, phones={"SH": (LEAST_SAID - 1, 0, 90.0), "S": (LEAST_SAID, 0, 90.0)})
    assert mastery_of(store, mia, "SH").mastery is None
    assert mastery_of(store, mia, "S").mastery == pytest.approx(0.9)


def test_what_was_said_a_half_life_ago_weighs_half(store: Store, mia: str) -> None:
    read_at(store, mia, NOW - DAY, phones={"SH": (HALF_LIFE, 0, 30.0)})
    read_at(store, mia, NOW, phones={"SH": (HALF_LIFE, 0, 90.0)})
    assert mastery_of(store, mia).recent == pytest.approx((90.0 + 0.5 * 30.0) / 1.5)


def test_practice_counts_and_not_how_long_ago_it_was(store: Store, mia: str) -> None:
    for ago, mean in ((1, 90.0), (2, 50.0)):
        read_at(store, mia, NOW - ago * DAY, phones={"SH": (20, 0, mean)})
    soon = mastery_of(store, mia)
    assert mastery_of(store, mia, now=NOW + 52 * WEEK) == soon


def test_mastery_can_be_told_as_of_an_earlier_time(store: Store, mia: str) -> None:
    read_at(store, mia, NOW - WEEK, phones={"SH": (10, 10, 40.0)})
    read_at(store, mia, NOW, phones={"SH": (10, 0, 95.0)})
    assert mastery_of(store, mia, now=NOW - DAY).recent == pytest.approx(40.0)


def test_a_phone_that_gets_better_has_a_rising_trend(store: Store, mia: str) -> None:
    read_at(store, mia, NOW - WEEK, phones={"SH": (20, 10, 50.0), "S": (20, 0, 90.0), "V": (9, 0, 90.0)})
    read_at(store, mia, NOW, phones={"SH": (20, 0, 80.0), "S": (20, 10, 50.0)})
    assert mastery_of(store, mia, "SH").trend == pytest.approx(30.0)
    assert mastery_of(store, mia, "S").trend == pytest.approx(-40.0)
    assert mastery_of(store, mia, "V").trend is None


def test_what_is_very_old_still_counts_as_said(store: Store, mia: str) -> None:
    read_at(store, mia, *(NOW - days * DAY for days in range(100)), phones={"SH": (10, 1, 80.0)})
    assert (mastery_of(store, mia).said, mastery_of(store, mia).wrong) == (1000, 100)


READINGS = st.lists(
    st.tuples(st.integers(1, 60), st.floats(0.0, 1.0), st.floats(0.0, 100.0)), min_size=1, max_size=12
)


@given(READINGS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mastery_is_a_share_and_the_mean_lies_among_the_means(
    tmp_path_factory: pytest.TempPathFactory, readings: list[tuple[int, float, float]]
) -> None:
    store = open_store(tmp_path_factory.mktemp("mastery"))
    learner = learners.add(store, "").id
    for number, (said, share, mean) in enumerate(readings):
        read_at(store, learner, NOW - number * DAY, phones={"SH": (said, round(said * share), mean)})
    found = mastery_of(store, learner)
    store.close()
    means = [mean for _, _, mean in readings]
    assert min(means) - 1e-9 <= found.recent <= max(means) + 1e-9
    assert found.mastery is None or 0.0 <= found.mastery <= found.recent / 100.0 + 1e-9
    assert (found.mastery is None) == (found.said < LEAST_SAID)


# --- this week ----------------------------------------------------------------------------------


def test_a_week_begins_on_monday(store: Store, mia: str) -> None:
    assert week_start(NOW, UTC) == datetime(2026, 5, 4, tzinfo=UTC)
    assert week_start(NOW, NEW_YORK) == datetime(2026, 5, 4, 4, tzinfo=UTC)
    read_at(store, mia, datetime(2026, 5, 3, 23, 59, tzinfo=UTC), datetime(2026, 5, 4, 0, 1, tzinfo=UTC))
    assert this_week(store, mia, NOW, UTC).attempts == 1


def test_days_readings_and_minutes_of_the_week_are_counted(store: Store, mia: str) -> None:
    read_at(store, mia, NOW, NOW - timedelta(hours=1), NOW - DAY, seconds=60.0)
    week = this_week(store, mia, NOW, UTC)
    assert (week.days, week.attempts, week.minutes) == (2, 3, pytest.approx(3.0))


def test_the_score_is_compared_with_the_four_weeks_before(store: Store, mia: str) -> None:
    read_at(store, mia, NOW, NOW - DAY, NOW - 2 * DAY, overall=80.0)
    read_at(store, mia, *(NOW - weeks * WEEK for weeks in (1, 2, 3)), overall=72.0)
    read_at(store, mia, *(NOW - weeks * WEEK for weeks in (6, 7, 8)), overall=10.0)
    week = this_week(store, mia, NOW, UTC)
    assert (week.overall, week.change) == (pytest.approx(80.0), pytest.approx(8.0))


@pytest.mark.parametrize(("now", "before"), [(2, 3), (3, 2), (3, 0), (0, 3)])
def test_a_few_readings_are_not_compared(store: Store, mia: str, now: int, before: int) -> None:
    for number in range(now):
        read_at(store, mia, NOW - number * timedelta(hours=1))
    for number in range(before):
        read_at(store, mia, NOW - WEEK - number * DAY)
    assert this_week(store, mia, NOW, UTC).change is None


def test_a_week_without_scores_has_none(store: Store, mia: str) -> None:
    read_at(store, mia, NOW, overall=None)
    week = this_week(store, mia, NOW, UTC)
    assert (week.attempts, week.overall, week.change) == (1, None, None)


def test_the_phone_that_rose_most_is_told(store: Store, mia: str) -> None:
    before = {"SH": (20, 0, 60.0), "S": (20, 0, 60.0), "V": (20, 0, 60.0), "Z": (2, 0, 10.0)}
    after = {"SH": (9, 0, 70.0), "S": (9, 0, 75.0), "V": (2, 0, 100.0), "Z": (9, 0, 99.0)}
    read_at(store, mia, NOW - WEEK, phones=before)
    read_at(store, mia, NOW, phones=after)
    assert this_week(store, mia, NOW, UTC).improved == "S"


def test_where_nothing_rose_no_phone_is_told(store: Store, mia: str) -> None:
    read_at(store, mia, NOW - WEEK, phones={"SH": (20, 0, 60.0)})
    read_at(store, mia, NOW, phones={"SH": (20, 0, 61.0)})
    assert this_week(store, mia, NOW, UTC).improved is None


# --- days in a row ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ago", "length"),
    [
        ((), 0),
        ((0,), 1),
        ((0, 1, 2), 3),
        ((1, 2), 2),
        ((2, 3, 4), 0),
        ((0, 2, 3), 1),
        ((0, 0, 1, 1, 1, 3), 2),
    ],
)
def test_days_in_a_row_are_counted_up_to_today_or_yesterday(
    store: Store, mia: str, ago: tuple[int, ...], length: int
) -> None:
    whens = [NOW - days * DAY + number * timedelta(minutes=1) for number, days in enumerate(ago)]
    if whens:
        read_at(store, mia, *whens)
    assert streak(store, mia, TODAY, UTC) == length


def test_many_days_in_a_row_with_many_readings_are_counted(store: Store, mia: str) -> None:
    read_at(
        store, mia, *(NOW - days * DAY + n * timedelta(minutes=1) for days in range(150) for n in range(3))
    )
    assert streak(store, mia, TODAY, UTC) == 150


# --- speed --------------------------------------------------------------------------------------


def test_nothing_is_found_by_looking_at_everybodys_readings(tmp_path: Path) -> None:
    store = open_store(tmp_path / "library")
    learner = learners.add(store, "").id
    for ask in (
        lambda: first_day(store, learner),
        lambda: scores_over_days(store, learner, TODAY - 30 * DAY, TODAY),
        lambda: phone_mastery(store, learner, NOW),
        lambda: this_week(store, learner, NOW),
        lambda: streak(store, learner, TODAY),
    ):
        steps = list(plans(store, ask))
        assert any("ix_attempts_learner_started" in step for step in steps), steps
        assert not [step for step in steps if step.startswith(("SCAN attempts", "SCAN phone_results"))], steps
    store.close()
