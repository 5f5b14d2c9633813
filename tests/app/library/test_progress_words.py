"""What is said about progress."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.progress import Day, FiveScores, PhoneMastery, ScoredAttempt, Trend, Week
from app.library.progress_words import counted, day_words, mastery_words, phone_words, sentence, trend_words
from assessment.phones import PHONES

MONDAY = date(2026, 5, 4)
FULL = Week(days=3, attempts=24, minutes=17.6, overall=81.6, change=4.4, improved="SH")


def trend(*means: float | None) -> Trend:
    """Return a trend with one reading a day."""
    days = [
        Day(MONDAY + timedelta(days=number), 1, FiveScores(overall=mean)) for number, mean in enumerate(means)
    ]
    moments = [datetime(day.day.year, day.day.month, day.day.day, 9, tzinfo=UTC) for day in days]
    attempts = [
        ScoredAttempt(str(number), when, "Hello.", False, day.scores)
        for number, (when, day) in enumerate(zip(moments, days, strict=True))
    ]
    return Trend(MONDAY, MONDAY + timedelta(days=29), tuple(attempts), tuple(days))


def test_a_week_is_told_in_whole_sentences() -> None:
    assert sentence(FULL) == (
        "This week you practised on 3 days: 24 readings, 18 minutes of speech. "
        "Your overall score is about 82: 4 points higher than in the weeks before. "
        "The sound /ʃ/ as in “she” got better most."
    )


def test_one_is_not_many() -> None:
    told = sentence(Week(days=1, attempts=1, minutes=0.1, overall=70.0, change=None, improved=None))
    assert told == (
        "This week you practised on 1 day: 1 reading, 1 minute of speech. Your overall score is about 70."
    )


def test_a_new_week_invites() -> None:
    assert sentence(Week(0, 0, 0.0, None, None, None)) == "A new week: read something, and it shows here."


def test_a_lower_score_is_told_without_blame() -> None:
    told = sentence(Week(2, 5, 3.0, 78.0, -3.0, None))
    assert told.endswith("Your overall score is about 78; in the weeks before it was 81.")


def test_an_equal_score_is_told_as_equal() -> None:
    assert sentence(Week(2, 5, 3.0, 78.0, -0.5, None)).endswith("about 78, as in the weeks before.")


@given(
    st.builds(
        Week,
        days=st.integers(0, 7),
        attempts=st.integers(0, 400),
        minutes=st.floats(0.0, 900.0),
        overall=st.none() | st.floats(0.0, 100.0),
        change=st.none() | st.floats(-100.0, 100.0),
        improved=st.none() | st.sampled_from(PHONES),
    )
)
def test_no_sentence_speaks_of_what_was_not_done(week: Week) -> None:
    told = sentence(week).lower()
    for word in ("miss", "only", "lost", "fail", "should", "not ", "worse", "break", "streak"):
        assert word not in told


def test_phones_are_written_as_the_settings_say() -> None:
    assert phone_words("TH") == "/θ/ as in “think”"
    assert phone_words("TH", "arpabet") == "/TH/ as in “think”"
    assert "/SH/" in sentence(FULL, "arpabet")


def test_days_are_written_in_english() -> None:
    assert day_words(date(2025, 11, 3)) == "Mon 3 Nov 2025"


def test_nouns_agree_with_their_numbers() -> None:
    assert [counted(number, "day") for number in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert counted(2, "is", "are") == "2 are"


@pytest.mark.parametrize(
    ("means", "course"),
    [
        ((60.0, 61.0, 70.0, 75.0, 80.0, 81.0), "Overall went up from about 60 to about 80."),
        ((80.0, 70.0), "Overall went down from about 80 to about 70."),
        ((70.0, 90.0, 71.0), "Overall stayed at about 71."),
        ((70.0,), "Overall was about 70."),
    ],
)
def test_the_course_of_a_score_is_told(means: tuple[float, ...], course: str) -> None:
    assert trend_words(trend(*means), "overall").endswith(course)


def test_the_course_says_when_and_how_often() -> None:
    told = trend_words(trend(60.0, None, 70.0), "overall")
    assert told.startswith("3 readings on 3 days from Mon 4 May 2026 to Tue 2 Jun 2026. ")


@pytest.mark.parametrize("shown", [trend(), trend(None, None)])
def test_where_no_reading_has_the_score_that_is_told(shown: Trend) -> None:
    assert trend_words(shown, "overall").startswith("No readings with this score from Mon 4 May 2026")


@pytest.mark.parametrize(
    ("mastery", "told"),
    [
        (None, "not read yet."),
        (PhoneMastery("ZH", 1, 0, 90.0, None, None), "read 1 time. A few more, and it shows how well."),
        (PhoneMastery("ZH", 20, 3, 84.0, 0.714, None), "71 of 100. Read 20 times, 3 of them wrong."),
        (
            PhoneMastery("ZH", 60, 3, 84.0, 0.8, 5.0),
            "80 of 100. Read 60 times, 3 of them wrong. It is getting better.",
        ),
        (
            PhoneMastery("ZH", 60, 3, 84.0, 0.8, -5.0),
            "80 of 100. Read 60 times, 3 of them wrong. Lately it was harder.",
        ),
        (PhoneMastery("ZH", 60, 3, 84.0, 0.8, 0.5), "80 of 100. Read 60 times, 3 of them wrong."),
    ],
)
def test_it_is_told_how_well_a_phone_is_said(mastery: PhoneMastery | None, told: str) -> None:
    assert mastery_words("ZH", mastery) == f"/ʒ/ as in “vision”: {told}"
