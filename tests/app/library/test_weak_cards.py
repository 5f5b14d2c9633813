"""When a phone is due again: one review a day, sooner after bad days, never in the past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fsrs import Rating
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.library.models import Card, Learner, new_id
from app.library.store import open_store
from app.library.weak_cards import LONGEST_DAYS, Schedule, rating, review, schedules

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD, BAD = 82.0, 40.0

means = st.floats(0.0, 100.0)
said = st.integers(2, 30)
# Days after the one before, and what was said.
courses = st.lists(st.tuples(st.integers(1, 40), said, means), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A library that the tests share, in one transaction; each takes a new learner."""
    opened = open_store(tmp_path_factory.mktemp("cards"))
    with opened.writing() as session:
        yield session
    opened.close()


class Practice:
    """A learner whose phones are reviewed."""

    def __init__(self, library: Session) -> None:
        self.library, self.id = library, new_id()
        library.add(Learner(id=self.id))
        library.flush()

    def say(self, when: datetime, *results: Any, phone: str = "TH", zone: Any = UTC) -> Schedule | None:
        """Review (said, mean) of a phone, or results as they are; gives when the phone is due."""
        rows = [
            {"phone": phone, "said": each[0], "wrong": 0, "mean": each[1]}
            if isinstance(each, tuple) and len(each) == 2
            else each
            for each in results
        ]
        review(self.library, self.id, rows, when, zone)
        return self.all().get(phone)

    def all(self) -> dict[str, Schedule]:
        self.library.flush()
        self.library.expire_all()
        return schedules(self.library, self.id)

    def follow(self, course: Sequence[tuple[int, int, float]]) -> datetime:
        """Say a phone on some days; gives the last."""
        when = NOON
        for days, count, mean in course:
            when += days * DAY
            review(self.library, self.id, [("TH", count, 0, mean)], when, UTC)
        return when

    def states(self) -> dict[str, Any]:
        self.all()
        return {card.phone: card.state for card in self.library.query(Card).filter_by(learner_id=self.id)}


@pytest.mark.parametrize(
    ("mean", "grade"),
    [
        (0.0, Rating.Again),
        (59.9, Rating.Again),
        (60.0, Rating.Hard),
        (75.0, Rating.Good),
        (89.9, Rating.Good),
        (90.0, Rating.Easy),
        (100.0, Rating.Easy),
    ],
)
def test_scores_are_ratings(mean: float, grade: Rating) -> None:
    assert rating(mean) is grade


def test_what_was_wrong_is_due_tomorrow_from_midnight(library: Session) -> None:
    found = Practice(library).say(NOON, (5, BAD))
    assert found == Schedule(datetime(2026, 5, 5, tzinfo=UTC), was_weak=True)


def test_days_begin_where_the_learner_is(library: Session) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    late = datetime(2026, 5, 4, 23, 30, tzinfo=tokyo)
    found = Practice(library).say(late, (5, BAD), zone=tokyo)
    assert found is not None
    assert found.due == datetime(2026, 5, 5, tzinfo=tokyo)


def test_the_day_on_which_clocks_change_is_a_day(library: Session) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    learner = Practice(library)
    for day in (28, 29, 30):
        found = learner.say(datetime(2026, 3, day, 20, 0, tzinfo=berlin), (5, BAD), zone=berlin)
        assert found is not None
        assert found.due == datetime(2026, 3, day, tzinfo=berlin) + DAY


@given(courses, said, means)
def test_the_due_date_is_after_the_review_but_not_by_more_than_the_longest_time(
    library: Session, course: list[tuple[int, int, float]], count: int, mean: float
) -> None:
    learner = Practice(library)
    when = learner.follow(course) + 3 * DAY
    found = learner.say(when, (count, mean))
    assert found is not None
    assert when < found.due <= when + LONGEST_DAYS * DAY


@given(courses, said, st.floats(75.0, 100.0), st.integers(1, 60))
def test_a_good_mark_moves_the_due_date_forward(
    library: Session, course: list[tuple[int, int, float]], count: int, mean: float, days: int
) -> None:
    learner = Practice(library)
    when = learner.follow(course)
    before = learner.all()["TH"]
    after = learner.say(when + days * DAY, (count, mean))
    assert after is not None
    assert after.due > min(before.due, when + days * DAY)
    # What is due later than the longest time allows comes back to it.
    assert after.due >= min(before.due, when + days * DAY + (LONGEST_DAYS - 1) * DAY)


@given(courses, st.integers(1, 40), means, means)
def test_what_was_said_worse_is_not_due_later(
    library: Session, course: list[tuple[int, int, float]], days: int, one: float, other: float
) -> None:
    due = []
    for mean in sorted((one, other)):
        learner = Practice(library)
        when = learner.follow(course) + days * DAY
        found = learner.say(when, (5, mean))
        assert found is not None
        due.append(found.due)
    assert due[0] <= due[1]


def test_what_got_worse_is_due_earlier(library: Session) -> None:
    learner = Practice(library)
    good = [(3, 5, 95.0)] * 4
    when = learner.follow(good)
    before = learner.all()["TH"].due
    after = learner.say(when + DAY, (5, BAD))
    assert after is not None
    assert after.due < before
    assert after.due == datetime.combine(when.date(), time(), UTC) + 2 * DAY


@given(
    courses,
    st.lists(st.tuples(said, means), min_size=1, max_size=6).flatmap(
        lambda results: st.tuples(st.just(results), st.permutations(results))
    ),
)
def test_the_attempts_of_a_day_count_the_same_in_any_order(
    library: Session,
    course: list[tuple[int, int, float]],
    orders: tuple[list[tuple[int, float]], list[tuple[int, float]]],
) -> None:
    states = []
    for order in orders:
        learner = Practice(library)
        when = learner.follow(course) + 2 * DAY
        for number, result in enumerate(order):
            learner.say(when + number * timedelta(minutes=20), result)
        states.append(learner.states())
    assert states[0] == states[1]


@given(st.integers(1, 12), means)
def test_a_long_evening_is_one_review(library: Session, attempts: int, mean: float) -> None:
    many, one = Practice(library), Practice(library)
    for number in range(attempts):
        many.say(NOON + number * timedelta(minutes=5), (4, mean))
    one.say(NOON, (4, mean))
    assert many.all()["TH"].due == one.all()["TH"].due


def test_the_mean_of_a_day_counts_and_not_its_first_or_last_attempt(library: Session) -> None:
    learner = Practice(library)
    for result in ((2, 0.0), (20, 95.0), (2, 0.0)):
        found = learner.say(NOON, result)
    assert found == Practice(library).say(NOON, (24, 1900.0 / 24.0))


def test_an_attempt_of_a_day_before_the_last_review_comes_too_late(library: Session) -> None:
    learner = Practice(library)
    learner.say(NOON, (5, GOOD))
    before = learner.states()
    learner.say(NOON - 2 * DAY, (5, BAD))
    assert learner.states() == before


def test_a_review_that_a_wrong_clock_dated_into_the_far_future_is_forgotten(library: Session) -> None:
    learner = Practice(library)
    learner.say(NOON + 9000 * DAY, (5, GOOD))
    assert learner.say(NOON, (5, GOOD)) == Practice(library).say(NOON, (5, GOOD))


def test_phones_have_cards_of_their_own(library: Session) -> None:
    learner = Practice(library)
    learner.say(NOON, (5, BAD))
    learner.say(NOON, (5, 97.0), phone="S")
    found = learner.all()
    assert found["TH"].due < found["S"].due


def test_what_was_always_easy_was_never_weak(library: Session) -> None:
    learner = Practice(library)
    found = learner.say(NOON, (5, 95.0))
    assert found is not None
    assert not found.was_weak
    # Later on the same day it is; and from then on for ever.
    assert learner.say(NOON, (50, 70.0)) != found
    later = learner.say(NOON + 5 * DAY, (5, 99.0))
    assert later is not None
    assert later.was_weak


def test_one_of_a_phone_is_not_enough(library: Session) -> None:
    assert Practice(library).say(NOON, (1, BAD)) is None


def test_results_may_be_rows_too(library: Session) -> None:
    rows, mappings = Practice(library), Practice(library)
    assert rows.say(NOON, ("TH", 5, 2, GOOD)) == mappings.say(NOON, (5, GOOD))


odd = st.one_of(
    st.none(),
    st.text(max_size=4),
    st.integers(),
    st.tuples(
        st.one_of(st.none(), st.sampled_from(["TH", "TH1", "SIL", "-", ""])),
        st.one_of(st.integers(), st.floats(), st.none()),
        st.integers(),
        st.one_of(st.floats(), st.none(), st.text(max_size=3)),
    ),
    st.dictionaries(st.sampled_from(["phone", "said", "mean"]), st.one_of(st.text(), st.floats())),
)


@given(st.lists(odd, max_size=5), st.datetimes())
@example([("TH", 10**30, 0, 50.0)], datetime(1, 1, 1))
@example([("TH", 5, 0, 50.0)], datetime(9999, 12, 31))
def test_nothing_odd_makes_an_error(library: Session, results: list[Any], when: datetime) -> None:
    learner = Practice(library)
    learner.say(when, *results)
    for schedule in learner.all().values():
        assert schedule.due > when.replace(tzinfo=UTC)


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
FIELDS = ("card_id", "state", "step", "stability", "difficulty", "due", "last_review", "was_weak", "today")


@given(st.dictionaries(st.sampled_from(FIELDS), junk))
def test_a_card_that_is_damaged_begins_anew_or_goes_on(library: Session, damage: dict[str, Any]) -> None:
    learner = Practice(library)
    learner.say(NOON - 3 * DAY, (5, GOOD))
    card = library.get_one(Card, (learner.id, "TH"))
    card.state = card.state | damage
    found = learner.say(NOON, (5, GOOD))
    assert found is not None
    assert found.due > NOON


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.integers(-12, 14), means)
def test_it_is_never_due_in_the_past_wherever_the_learner_is(
    library: Session, when: datetime, hours: int, mean: float
) -> None:
    zone = timezone(timedelta(hours=hours))
    moment = when.replace(tzinfo=UTC)
    found = Practice(library).say(moment, (5, mean), zone=zone)
    assert found is not None
    assert found.due > moment
    assert found.due.astimezone(zone).time() == time()
    assert isinstance(found.due.astimezone(zone).date(), date)
