"""What is said about a sound: how it sounds, when it was said well, when it is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.weak_words import Facts, Heard, ago, due_words, item_reason, mastery_words, reason, times
from assessment.results import NO_PHONE

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)


def told(mean: float = 50.0, heard: Heard | None = None, *, well: bool = True, wrong: int = 0) -> str:
    return reason(Facts(12, wrong, mean, LONG_AGO if well else None, heard), NOW, zone=UTC)


@pytest.mark.parametrize(
    ("heard", "sentence"),
    [
        (Heard("S", 4, 10), "Often sounds like /s/. Last said well 3 days ago."),
        (Heard("SH", 2, 10), "Sometimes sounds like /ʃ/. Last said well 3 days ago."),
        (Heard(NO_PHONE, 5, 10), "Is often left out. Last said well 3 days ago."),
    ],
)
def test_what_is_heard_instead_is_told(heard: Heard, sentence: str) -> None:
    assert told(heard=heard) == sentence


def test_sounds_are_written_in_the_alphabet_of_the_settings() -> None:
    assert "/SH/" in reason(Facts(5, 5, 50.0, None, Heard("SH", 2, 2)), NOW, "arpabet")


@pytest.mark.parametrize(
    ("mean", "wrong", "sentence"),
    [
        (55.0, 4, "Not clear 4 times out of 12. Last said well 3 days ago."),
        (65.0, 0, "Often not quite clear. Last said well 3 days ago."),
        (80.0, 0, "Nearly right most of the time. Last said well 3 days ago."),
        (95.0, 0, "You say it well now: keep it so."),
    ],
)
def test_where_nothing_else_is_heard_the_score_is_told_in_words(
    mean: float, wrong: int, sentence: str
) -> None:
    assert told(mean, wrong=wrong) == sentence


def test_what_was_never_said_well_is_told_without_a_date() -> None:
    assert told(well=False).endswith("Not said well yet.")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "today"),
        (0, "today"),
        (1, "yesterday"),
        (2, "2 days ago"),
        (13, "13 days ago"),
        (14, "2 weeks ago"),
        (59, "8 weeks ago"),
        (60, "2 months ago"),
        (400, "13 months ago"),
    ],
)
def test_the_past_is_told_in_days_weeks_and_months(days: int, words: str) -> None:
    assert ago(NOW - timedelta(days=days), NOW, UTC) == words


def test_yesterday_evening_is_yesterday_in_the_morning() -> None:
    assert ago(NOW - timedelta(hours=13), NOW, UTC) == "yesterday"


@pytest.mark.parametrize(
    ("days", "is_due", "words"),
    [(5, True, "due now"), (1, False, "due tomorrow"), (5, False, "due in 5 days"), (0, False, "")],
)
def test_the_due_date_is_told(days: int, is_due: bool, words: str) -> None:
    assert due_words(NOW + timedelta(days=days), NOW, is_due=is_due, zone=UTC) == words


def test_a_sound_without_a_date_has_none_to_tell() -> None:
    assert due_words(None, NOW, is_due=False) == ""


def test_a_text_says_for_which_sound_it_is_read() -> None:
    assert item_reason("TH", 3, "", is_words=True) == "Words with /θ/ as in “think”."
    assert (
        item_reason("TH", 3, "Tongue out.", is_words=False, alphabet="arpabet")
        == "A sentence that has /TH/ as in “think” 3 times. Tongue out."
    )


def test_numbers_of_times_are_words_where_there_are_words() -> None:
    assert [times(number) for number in (0, 1, 2, 3)] == ["0 times", "once", "twice", "3 times"]


@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_a_better_mean_is_never_told_as_a_worse_one(one: float, other: float) -> None:
    order = ("hard to understand", "partly unclear", "nearly right", "clear")
    worse, better = sorted((one, other))
    assert order.index(mastery_words(worse)) <= order.index(mastery_words(better))
