"""Which days are written under a chart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.windows.progress.dates import chart_days, date_ticks

SINCE = date(2025, 11, 3)


def names(since: date, until: date, room: int) -> list[str]:
    return [name for _, name in date_ticks(since, until, room)]


@pytest.mark.parametrize(
    ("days", "room", "told"),
    [
        (3, 10, ["3 Nov", "4 Nov", "5 Nov"]),
        (28, 10, ["3 Nov", "10 Nov", "17 Nov", "24 Nov"]),
        (95, 4, ["Dec", "Jan 2026", "Feb"]),
        (365, 5, ["Jan 2026", "Apr", "Jul", "Oct"]),
        (2000, 7, ["2026", "2027", "2028", "2029", "2030", "2031"]),
    ],
)
def test_days_are_written_as_dense_as_they_fit(days: int, room: int, told: list[str]) -> None:
    assert names(SINCE, SINCE + timedelta(days=days - 1), room) == told


def test_a_day_is_marked_in_its_middle_and_a_month_where_it_begins() -> None:
    assert date_ticks(SINCE, SINCE, 10) == [(SINCE.toordinal() + 0.5, "3 Nov")]
    assert date_ticks(SINCE, SINCE + timedelta(days=60), 2)[0] == (
        float(date(2025, 12, 1).toordinal()),
        "Dec",
    )


@given(
    st.dates(date(1990, 1, 1), date(2080, 1, 1)),
    st.integers(0, 12_000),
    st.integers(1, 30),
)
def test_what_is_written_lies_in_the_chart_and_fits(since: date, days: int, room: int) -> None:
    until = since + timedelta(days=days)
    places = [place for place, _ in date_ticks(since, until, room)]
    assert len(places) <= max(room, 2)
    assert places == sorted(set(places))
    assert all(since.toordinal() <= place <= until.toordinal() + 1 for place in places)


def test_a_chart_begins_where_the_learner_began() -> None:
    until = SINCE + timedelta(days=90)
    began = SINCE + timedelta(days=40)
    assert chart_days(SINCE, until, began) == (began - timedelta(days=1), until)
    assert chart_days(SINCE, until, SINCE - timedelta(days=400)) == (SINCE, until)


def test_a_chart_shows_a_week_at_least() -> None:
    assert chart_days(SINCE, SINCE, SINCE) == (SINCE - timedelta(days=6), SINCE)
