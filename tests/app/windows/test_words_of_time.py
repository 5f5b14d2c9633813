"""Times are told as people tell them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.windows.words_of_time import moment

NOW = datetime(2026, 11, 23, 20, 0).astimezone()


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(minutes=5), "today 19:55"),
        (timedelta(hours=20), "today 00:00"),
        (timedelta(hours=20, minutes=1), "yesterday 23:59"),
        (timedelta(days=2), "Saturday 20:00"),
        (timedelta(days=6), "Tuesday 20:00"),
        (timedelta(days=7), "Mon 16 Nov 20:00"),
        (timedelta(days=400), "Sun 19 Oct 2025 20:00"),
    ],
)
def test_a_moment_is_told_in_plain_words(before: timedelta, words: str) -> None:
    assert moment(NOW - before, NOW) == words


def test_a_moment_that_is_to_come_has_its_date() -> None:
    assert moment(NOW + timedelta(days=1), NOW) == "Tue 24 Nov 20:00"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_every_moment_can_be_told(when: datetime) -> None:
    assert moment(when, NOW).endswith(f"{when.astimezone():%H:%M}")
