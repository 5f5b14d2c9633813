"""Readings as tables, JSON, xAPI statements and TextGrids: whole, and safe to open."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from dataclasses import replace
from pathlib import Path

import parselmouth
import pytest
from hypothesis import given
from hypothesis import strategies as st
from parselmouth.praat import call

from app.reports import csv_files, gather, json_file, xapi
from app.reports.data import Reading
from app.reports.textgrids import reading_textgrid
from assessment.exchange.csv import cell
from assessment.exchange.textgrid import read_textgrid
from assessment.results import Assessment
from tests.app.reports.conftest import ELEPHANT, SEE, TEACHER, School
from tests.app.reports.xapi_rules import problems


@pytest.fixture
def readings(school: School) -> list[Reading]:
    """The marked one first."""
    found = list(gather.readings(school.store, school.of_class))
    return sorted(found, key=lambda each: each.row.id != school.marked)


def table(pieces: object) -> list[dict[str, str]]:
    text = "".join(pieces)  # type: ignore[arg-type]
    assert text.startswith("\ufeff")
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


# --- tables ---------------------------------------------------------------------------------


def test_a_row_a_reading(readings: list[Reading]) -> None:
    rows = table(csv_files.readings_csv(readings))
    assert len(rows) == 4
    marked = rows[0]
    assert marked["learner"] == "'=Mia"
    assert (marked["overall"], marked["reviewer"], marked["handed_in"]) == ("68.000", TEACHER, "no")
    assert float(marked["revised_accuracy"]) != float(marked["accuracy"])
    assert marked["comments"] == "Good pace."
    assert marked["date"].endswith("+00:00")


def test_a_row_a_word(readings: list[Reading]) -> None:
    rows = table(csv_files.words_csv(readings[:1]))
    assert [row["word"] for row in rows] == [word.text for word in readings[0].machine.words]
    see, elephant, untouched = rows[SEE], rows[ELEPHANT], rows[0]
    assert (see["machine_score"], see["teacher_score"], see["teacher"]) == ("47.000", "90.000", TEACHER)
    assert see["comments"].startswith("Longer")
    assert elephant["teacher_score"] == "20.000"
    assert (untouched["teacher_score"], untouched["teacher"]) == ("", "")
    assert rows[1]["machine_error"] == "omission"


@given(st.text())
def test_no_text_becomes_a_formula(text: str) -> None:
    written = cell(text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert written in (text, f"'{text}")


# --- JSON -----------------------------------------------------------------------------------


def test_json_holds_everything_and_is_read_back(readings: list[Reading]) -> None:
    found = json.loads("".join(json_file.report_json(readings)))
    assert (found["format"], found["version"], len(found["readings"])) == ("elocute-report", 1, 4)
    marked = found["readings"][0]
    assert Assessment.from_dict(marked["machine"]) == readings[0].machine
    assert {mark["score"] for mark in marked["marks"]} == {90.0, 20.0}
    assert marked["scores"]["accuracy"] == readings[0].revised.scores.accuracy
    assert marked["learner"] == {"id": readings[0].row.learner_id, "name": "=Mia"}
    assert "estimates" in found["note"]


def test_json_without_readings_is_json() -> None:
    assert json.loads("".join(json_file.report_json([])))["readings"] == []


# --- xAPI -----------------------------------------------------------------------------------


def test_statements_follow_the_specification(readings: list[Reading]) -> None:
    found = json.loads("".join(xapi.statements(readings)))
    assert [problem for each in found for problem in problems(each)] == []
    assert len({each["id"] for each in found}) == 4
    assert json.loads("".join(xapi.statements([]))) == []


def test_what_is_sent_twice_is_one_statement(readings: list[Reading]) -> None:
    assert xapi.statement(readings[0]) == xapi.statement(readings[0])
    assert uuid.UUID(xapi.statement(readings[0])["id"]).version == 5


def test_a_statement_tells_who_scored_what_and_who_reviewed_it(readings: list[Reading]) -> None:
    reading = replace(
        readings[0], row=replace(readings[0].row, lesson_id="first-steps", lesson="First steps")
    )
    found = xapi.statement(reading)
    assert found["actor"]["name"] == "=Mia"
    assert found["result"]["score"]["scaled"] == pytest.approx(reading.revised.scores.overall / 100, abs=1e-3)
    assert found["context"]["instructor"]["name"] == TEACHER
    assert found["context"]["contextActivities"]["grouping"][0]["definition"]["name"] == {
        "en-US": "First steps"
    }
    assert problems(found) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        {"id": "1234"},
        {"verb": {"id": "scored"}},
        {"result": {"score": {"scaled": 1.2}}},
        {"result": {"duration": "3 s"}},
        {"actor": {"name": "Mia"}},
        {"extra": 1},
        {"context": {"language": "English"}},
        {"timestamp": "2026-05-04T12:00:00"},
    ],
    ids=lambda spoilt: next(iter(spoilt)),
)
def test_the_rules_of_the_tests_find_mistakes(readings: list[Reading], spoilt: dict[str, object]) -> None:
    try:
        assert problems({**xapi.statement(readings[0]), **spoilt})
    except ValueError:
        assert "id" in spoilt


# --- TextGrids ------------------------------------------------------------------------------


def test_praat_reads_the_same_tiers_and_times(readings: list[Reading], tmp_path: Path) -> None:
    path = tmp_path / "reading.TextGrid"
    path.write_text(reading_textgrid(readings[0]), encoding="utf-8")
    ours, theirs = read_textgrid(path.read_text(encoding="utf-8")), parselmouth.read(str(path))
    assert [tier.name for tier in ours.tiers][-2:] == ["teacher", "comments"]
    assert call(theirs, "Get number of tiers") == len(ours.tiers)
    assert call(theirs, "Get total duration") == pytest.approx(ours.end - ours.start)
    for number, tier in enumerate(ours.tiers, 1):
        assert call(theirs, "Get tier name", number) == tier.name
        for place, interval in enumerate(tier.intervals, 1):
            assert call(theirs, "Get label of interval", number, place) == interval.label
            assert call(theirs, "Get start time of interval", number, place) == pytest.approx(interval.start)


def test_the_teacher_s_tiers_stand_at_the_words(readings: list[Reading]) -> None:
    grid = read_textgrid(reading_textgrid(readings[0]))
    by_name = {tier.name: [each for each in tier.intervals if each.label] for tier in grid.tiers}
    assert [each.label for each in by_name["teacher"]] == ["90", "20"]
    (comment,) = by_name["comments"]
    word = readings[0].machine.words[SEE]
    assert comment.label.startswith("Longer")
    assert (comment.start, comment.end) == pytest.approx((word.start, word.end))
    assert re.fullmatch(r"[a-z]+", by_name["words"][0].label)
