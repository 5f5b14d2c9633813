"""The teacher's marks stand in place of the machine's, and the scores of the reading follow them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.teaching.records import MarkRow
from app.library.teaching.revised import revised
from assessment.results import Assessment, ErrorType, Verdict
from tests.assessment import examples

WHEN = datetime(2026, 5, 4, tzinfo=UTC)
IS, TO, SEE, THE_AGAIN, ELEPHANT = 1, 3, 4, 5, 7


def marked(
    word: int | None,
    phone: int | None = None,
    score: float | None = None,
    error: str | None = None,
    minutes: int = 0,
) -> MarkRow:
    when = WHEN + timedelta(minutes=minutes)
    return MarkRow(str(minutes), "attempt", word, phone, score, error, "A teacher", when)


@pytest.fixture
def reading() -> Assessment:
    return examples.flawed_reading()


def test_without_marks_it_is_the_machine_s(reading: Assessment) -> None:
    assert revised(reading, []) is reading


def test_a_word_that_the_teacher_calls_clear_has_nothing_wrong(reading: Assessment) -> None:
    found = revised(reading, [marked(SEE, score=95.0)])
    word = found.words[SEE]
    assert (word.accuracy, word.error) == (95.0, ErrorType.NONE)
    assert {phone.verdict for phone in word.phones} == {Verdict.RIGHT}
    assert [phone.score for phone in word.phones] == [phone.score for phone in reading.words[SEE].phones]
    assert all(SEE not in problem.words for problem in found.problems)
    assert len(found.problems) == len(reading.problems) - 1


def test_a_word_that_the_teacher_calls_wrong_is_mispronounced(reading: Assessment) -> None:
    word = revised(reading, [marked(ELEPHANT, score=40.0)]).words[ELEPHANT]
    assert (word.accuracy, word.error) == (40.0, ErrorType.MISPRONUNCIATION)


def test_what_was_not_asked_stays(reading: Assessment) -> None:
    found = revised(reading, [marked(ELEPHANT, score=40.0)])
    assert found.words[:ELEPHANT] == reading.words[:ELEPHANT]
    assert found.words[TO].error is ErrorType.UNEXPECTED_BREAK
    assert (found.scores.fluency, found.scores.prosody) == (reading.scores.fluency, reading.scores.prosody)


def test_accuracy_changes_by_the_mean_change_of_the_words(reading: Assessment) -> None:
    found = revised(reading, [marked(ELEPHANT, score=92.5 - 35.0)])
    assert found.scores.accuracy == pytest.approx(reading.scores.accuracy - 35.0 / 7)
    assert found.scores.overall < reading.scores.overall


def test_a_word_that_was_said_after_all_counts_as_said(reading: Assessment) -> None:
    found = revised(reading, [marked(IS, score=70.0)])
    assert (found.words[IS].error, found.words[IS].accuracy) == (ErrorType.NONE, 70.0)
    assert found.scores.completeness == 100.0


def test_a_word_that_the_teacher_did_not_hear_is_left_out(reading: Assessment) -> None:
    found = revised(reading, [marked(ELEPHANT, error="omission")])
    assert (found.words[ELEPHANT].error, found.words[ELEPHANT].accuracy) == (ErrorType.OMISSION, 0.0)
    assert found.scores.completeness == pytest.approx(500 / 7)


@pytest.mark.parametrize(
    ("score", "verdict"),
    [(100.0, Verdict.RIGHT), (75.0, Verdict.RIGHT), (50.0, Verdict.NEARLY), (24.0, Verdict.WRONG)],
)
def test_a_phone_is_as_the_teacher_says(reading: Assessment, score: float, verdict: Verdict) -> None:
    word = revised(reading, [marked(ELEPHANT, 2, score)]).words[ELEPHANT]
    assert (word.phones[2].score, word.phones[2].verdict) == (score, verdict)
    assert word.accuracy == reading.words[ELEPHANT].accuracy
    assert [p for i, p in enumerate(word.phones) if i != 2] == [
        p for i, p in enumerate(reading.words[ELEPHANT].phones) if i != 2
    ]


def test_a_wrong_phone_stays_wrong_in_a_word_that_is_clear(reading: Assessment) -> None:
    word = revised(reading, [marked(ELEPHANT, score=90.0), marked(ELEPHANT, 0, 0.0)]).words[ELEPHANT]
    assert [phone.verdict for phone in word.phones] == [Verdict.WRONG] + [Verdict.RIGHT] * 6


def test_a_clear_word_has_its_stress_at_the_right_place() -> None:
    reading = examples.good_reading()
    odd = examples.restressed(reading.words[-1], 1)
    reading = replace(reading, words=(*reading.words[:-1], odd))
    assert revised(reading, [marked(6, score=90.0)]).words[6].lexical_stress is None
    assert revised(reading, [marked(6, score=70.0)]).words[6].lexical_stress == odd.lexical_stress


def test_who_agrees_with_the_machine_changes_nothing() -> None:
    reading = examples.good_reading()
    last = examples.restressed(reading.words[-1], 1)
    doubtful = replace(last.phones[0], score=70.0)  # right for the machine, not for a mark of 70
    first = replace(last.syllables[0], phones=(doubtful, *last.syllables[0].phones[1:]))
    word = replace(last, syllables=(first, *last.syllables[1:]))
    reading = replace(reading, words=(*reading.words[:-1], word))
    agreed = [marked(6, score=word.accuracy), marked(6, 0, 70.0)]
    assert revised(reading, agreed) is reading
    assert revised(reading, [marked(6, score=word.accuracy, error=word.error.value)]) is reading


def test_of_two_marks_the_newer_counts(reading: Assessment) -> None:
    both = [marked(ELEPHANT, score=10.0, minutes=2), marked(ELEPHANT, score=90.0, minutes=1)]
    assert revised(reading, both).words[ELEPHANT].accuracy == 10.0


def test_the_teacher_s_mark_of_the_whole_reading_is_its_score(reading: Assessment) -> None:
    found = revised(reading, [marked(None, score=55.0), marked(SEE, score=95.0)])
    assert found.scores.overall == 55.0
    assert found.scores.accuracy > reading.scores.accuracy


def test_marks_of_what_is_not_there_count_for_nothing(reading: Assessment) -> None:
    assert (
        revised(reading, [marked(99, score=1.0), marked(THE_AGAIN, score=1.0), marked(0, 44, 1.0)]) is reading
    )


SCORES = st.floats(0.0, 100.0)
MARKS = st.builds(
    marked,
    st.none() | st.integers(0, 8),
    score=SCORES,
    error=st.none() | st.sampled_from(["none", "omission", "mispronunciation"]),
    minutes=st.integers(0, 50),
)


@given(st.lists(MARKS, max_size=12))
def test_scores_stay_scores_and_agreeing_changes_nothing(marks: list[MarkRow]) -> None:
    reading = examples.flawed_reading()
    found = revised(reading, marks)
    given_scores = (found.scores.overall, found.scores.accuracy, found.scores.completeness or 0.0)
    assert all(0.0 <= score <= 100.0 for score in given_scores)
    assert [word.text for word in found.words] == [word.text for word in reading.words]
    assert Assessment.from_json(found.to_json()) == found
    agreed = [
        marked(index, score=word.accuracy, error=word.error.value) for index, word in enumerate(reading.words)
    ]
    assert revised(reading, agreed).scores == reading.scores
