"""An assessment as CSV: a row a phone, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given

from assessment.exchange.csv import HEADER, assessment_csv
from assessment.results import NO_PHONE, Assessment, Candidate, Phone, Syllable, Verdict
from tests.assessment import examples

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


def rows(assessment: Assessment) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(assessment_csv(assessment), newline="")))


@given(examples.assessments())
def test_there_is_a_full_row_for_each_phone_and_for_each_word_without_any(assessment: Assessment) -> None:
    table = list(csv.reader(io.StringIO(assessment_csv(assessment), newline="")))
    assert tuple(table[0]) == HEADER
    assert {len(row) for row in table} == {len(HEADER)}
    assert len(table) == 1 + sum(max(1, len(word.phones)) for word in assessment.words)


@given(examples.assessments())
def test_texts_come_back_with_at_most_an_apostrophe_and_are_no_formulas(assessment: Assessment) -> None:
    for row in rows(assessment):
        word = assessment.words[int(row["word_index"])]
        for column, text in (("text", assessment.text), ("word", word.text), ("spoken", word.spoken)):
            assert row[column] == (f"'{text}" if text.startswith((*FORMULA_STARTS, *FULL_WIDTH)) else text)
        for column in ("notices", "model", "model_version"):
            assert not row[column].startswith(FORMULA_STARTS)


@pytest.mark.parametrize("start", [*FORMULA_STARTS, *FULL_WIDTH])
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(start: str) -> None:
    text = f'{start}HYPERLINK("x")'
    assert rows(replace(examples.good_reading(), text=text))[0]["text"] == f"'{text}"


def test_an_ordinary_text_is_left_alone() -> None:
    text = 'He said: "1 + 1 = 2,\nreally", didn\'t he?'
    assert rows(replace(examples.good_reading(), text=text))[0]["text"] == text


def test_negative_numbers_stay_numbers() -> None:
    assert rows(examples.good_reading())[0]["gop"] == "-0.350"


def test_a_row_says_all_about_its_phone() -> None:
    rows_of_see = [row for row in rows(examples.flawed_reading()) if row["word"] == "see"]
    assert rows_of_see[0] == {
        "text": "Mark is going to see the elephant.",
        "duration": "3.200",
        "overall": "68.000",
        "accuracy": "79.500",
        "fluency": "61.000",
        "completeness": "85.700",
        "prosody": "70.200",
        "total": "",
        "speech_rate": "3.900",
        "articulation_rate": "5.400",
        "silent_pauses": "1",
        "pitch_range": "9.500",
        "confidence": "0.620",
        "snr_db": "31.500",
        "notices": "noisy",
        "model": "en-US",
        "model_version": "1.0.0",
        "word_index": "4",
        "word": "see",
        "spoken": "see",
        "word_start": "1.860",
        "word_end": "2.020",
        "word_accuracy": "47.000",
        "word_stress": "100.000",
        "word_total": "46.000",
        "error": "mispronunciation",
        "word_heard": "SH IY",
        "stress_expected": "",
        "stress_heard": "",
        "break_before": "0.000",
        "syllable_index": "0",
        "syllable_score": "47.000",
        "phone_index": "0",
        "phone": "S",
        "ipa": "s",
        "phone_start": "1.860",
        "phone_end": "1.940",
        "phone_score": "18.000",
        "verdict": "wrong",
        "gop": "-2.600",
        "heard": "SH",
        "heard_probability": "0.710",
    }


def test_stress_that_was_moved_has_both_syllables() -> None:
    elephant = rows(examples.flawed_reading())[-1]
    assert (elephant["stress_expected"], elephant["stress_heard"]) == ("0", "2")


def test_a_phone_that_was_not_said_is_heard_as_none() -> None:
    lost = Phone("T", 0.3, 0.4, 5.0, -4.0, Verdict.WRONG, (Candidate(NO_PHONE, 0.7),))
    reading = examples.good_reading()
    word = replace(reading.words[0], syllables=(Syllable((lost,), 5.0),))
    assert rows(replace(reading, words=(word,)))[0]["heard"] == "none"


def test_phones_are_counted_through_the_word() -> None:
    elephant = [row for row in rows(examples.good_reading()) if row["word"] == "elephant"]
    assert [row["phone_index"] for row in elephant] == list("0123456")
    assert [row["syllable_index"] for row in elephant] == list("0012222")


def test_a_word_left_out_has_no_times_and_no_phone() -> None:
    (row,) = [row for row in rows(examples.flawed_reading()) if row["error"] == "omission"]
    assert row["word"] == "is"
    unknown = ("phone", "syllable", "word_s", "word_h", "stress", "break", "verdict", "gop", "heard")
    empty = [column for column in HEADER if column.startswith(unknown)]
    assert {row[column] for column in empty} == {""}


def test_what_was_not_scored_is_empty() -> None:
    reading = examples.good_reading()
    scores = replace(reading.scores, prosody=None)
    assert rows(replace(reading, scores=scores))[0]["prosody"] == ""


def test_lines_end_as_rfc_4180_asks() -> None:
    text = assessment_csv(examples.good_reading())
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
