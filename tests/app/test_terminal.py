"""What the terminal shows: every word with its phones, marks that need no colour, what to work on."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from app.terminal import (
    BANDS,
    WIDTH,
    assessment_table,
    band,
    evaluation_table,
    follow,
    heard_instead,
)
from assessment.phones import ipa
from assessment.results import Assessment, Candidate, ErrorType, Notice, Phone
from assessment.training.evaluation import Comparison
from tests.assessment import examples

ESCAPE = "\x1b["
COLOUR = r"\x1b\[(\d+;)*3[0-7]"


@pytest.fixture(autouse=True)
def no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what the environment of the test run says about colours."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


def lines(assessment: Assessment) -> list[str]:
    return assessment_table(assessment).splitlines()


def line_of(assessment: Assessment, shown: str) -> str:
    """Return the only line of the table that has this word."""
    found = [line for line in lines(assessment) if line[3:].startswith(f"{shown} ")]
    assert len(found) == 1, found
    return found[0]


# --- bands --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (100.0, "clear"),
        (80.0, "clear"),
        (79.9, "clear, with an accent"),
        (60.0, "clear, with an accent"),
        (40.0, "partly unclear"),
        (39.9, "hard to understand"),
        (0.0, "hard to understand"),
    ],
)
def test_a_score_is_put_into_the_words_of_its_band(score: float, words: str) -> None:
    assert band(score)[0] == words


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_better_score_is_never_in_a_worse_band(one: float, two: float) -> None:
    order = [entry[1] for entry in BANDS]
    assert order.index(band(max(one, two))[0]) <= order.index(band(min(one, two))[0])


def test_bands_are_told_apart_without_colours() -> None:
    assert len({mark for _, _, mark, _ in BANDS}) == len(BANDS)


# --- the table ----------------------------------------------------------------------------------


def test_each_aspect_is_shown_with_its_score() -> None:
    shown = {line.split()[0]: line for line in lines(examples.good_reading())[:5]}
    assert list(shown) == ["Overall", "Accuracy", "Fluency", "Completeness", "Prosody"]
    assert " 91 " in shown["Overall"]
    assert " 92 " in shown["Accuracy"]
    assert "clear" in shown["Prosody"]
    assert "clear" not in shown["Completeness"]


def test_an_aspect_that_was_not_scored_is_left_out() -> None:
    reading = examples.good_reading()
    scored = replace(reading, scores=replace(reading.scores, prosody=None))
    assert not any(line.startswith("Prosody") for line in lines(scored))


def test_a_word_is_shown_with_score_time_and_phones_in_ipa() -> None:
    line = line_of(examples.good_reading(), "Mark")
    assert line.split() == ["Mark", "92", "0.30", "m", "93", "ɑ", "93", "ɹ", "93", "k", "93"]


def test_a_wrong_phone_is_shown_with_what_was_heard_and_its_word_is_marked() -> None:
    line = line_of(examples.flawed_reading(), "see")
    assert line.startswith("!")
    assert "s 18 [ʃ?]" in line
    assert "i 93" in line
    assert line.count("?") == 1


def test_a_left_out_word_is_said_to_be_left_out() -> None:
    line = line_of(examples.flawed_reading(), "[is]")
    assert line.endswith("left out")
    assert line.startswith("–")


def test_a_pause_stands_between_the_words_around_it() -> None:
    shown = lines(examples.flawed_reading())
    pause = next(number for number, line in enumerate(shown) if "‖ 0.6 s" in line)
    assert "going" in shown[pause - 1]
    assert " to " in shown[pause + 1]


def test_a_number_is_shown_with_the_words_it_is_read_as() -> None:
    shown = "\n".join(lines(examples.number_reading()))
    for spoken in ("twenty", "five", "dollars"):
        assert f"$25 ({spoken})" in shown
    assert "(cost)" not in shown


def test_what_to_work_on_names_the_worst_word_and_what_was_left_out() -> None:
    shown = lines(examples.flawed_reading())
    advice = shown[shown.index("What to work on") + 1 :]
    assert any("You left out “is”." in line for line in advice)
    assert any("In “see”, s sounded like ʃ." in line for line in advice)


def test_a_good_reading_has_nothing_to_work_on() -> None:
    assert "What to work on" not in lines(examples.good_reading())


def test_notices_are_shown_at_the_end() -> None:
    assert lines(examples.flawed_reading())[-1].startswith("Note: There is noise in the recording")


def test_brackets_in_texts_are_shown_as_they_are() -> None:
    reading = examples.good_reading()
    strange = replace(reading.words[0], text="[bold]Mark[/bold]")
    notice = Notice("skipped-text", "“[red]” was left out.")
    shown = assessment_table(replace(reading, words=(strange,), notices=(notice,)))
    assert "[bold]Mark[/bold]" in shown
    assert "Note: “[red]” was left out." in shown


@given(examples.assessments())
def test_every_assessment_can_be_shown_within_the_width(assessment: Assessment) -> None:
    shown = assessment_table(assessment)
    assert shown.endswith("\n")
    assert all(cell_len(line) <= WIDTH for line in shown.splitlines())


# --- colours ------------------------------------------------------------------------------------


class Screen:
    """A standard output that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        raise AssertionError(f"the table wrote {text!r} by itself")

    def flush(self) -> None: ...


Show = Callable[..., str]


@pytest.fixture
def on_screen(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Lay out an assessment for a colour terminal of 100 columns."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")

    def show(assessment: Assessment, *, plain: bool = False) -> str:
        # Not before the test runs: pytest sets the standard output anew after the fixtures.
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", Screen())
            return assessment_table(assessment, plain=plain)

    return show


def test_a_terminal_gets_colours(on_screen: Show) -> None:
    assert re.search(COLOUR, on_screen(examples.flawed_reading()))


def test_a_file_gets_no_colours(on_screen: Show) -> None:
    assert ESCAPE not in on_screen(examples.flawed_reading(), plain=True)


def test_no_colours_where_people_want_none(on_screen: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(COLOUR, on_screen(examples.flawed_reading()))


def test_a_narrow_terminal_gets_a_narrow_table(on_screen: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = re.sub(r"\x1b\[[0-9;]*m", "", on_screen(examples.good_reading()))
    assert max(cell_len(line) for line in text.splitlines()) <= 60
    assert "elephant" in text


def test_a_pipe_gets_no_colours() -> None:
    assert ESCAPE not in assessment_table(examples.flawed_reading())


# --- what was heard -----------------------------------------------------------------------------


def a_phone(symbol: str, score: float, *heard: str) -> Phone:
    candidates = tuple(Candidate(phone, 0.5 / 2**rank) for rank, phone in enumerate(heard))
    return Phone(symbol, 0.0, 0.1, score, -1.0, candidates)


def test_nothing_else_is_said_to_be_heard_in_place_of_a_right_phone() -> None:
    assert heard_instead(a_phone("S", 80.0, "SH", "S")) is None


def test_the_likeliest_other_phone_is_said_to_be_heard_in_place_of_a_wrong_one() -> None:
    assert heard_instead(a_phone("S", 79.9, "S", "SH", "T")) == "SH"
    assert heard_instead(a_phone("AA1", 20.0, "AA", "AO")) == "AO"


def test_without_candidates_nothing_is_said_to_be_heard() -> None:
    assert heard_instead(a_phone("S", 20.0)) is None
    assert heard_instead(a_phone("S", 20.0, "S")) is None


def test_a_mispronounced_word_whose_phones_are_right_names_its_weakest() -> None:
    reading = examples.good_reading()
    weak = replace(reading.words[0], error=ErrorType.MISPRONUNCIATION, accuracy=55.0)
    shown = assessment_table(replace(reading, words=(weak,)))
    assert f"“Mark” was hard to recognise: its {ipa('M')} was the weakest sound." in shown


def test_only_mispronounced_words_are_said_to_be_hard_to_recognise() -> None:
    reading = examples.good_reading()
    paused = replace(reading.words[0], error=ErrorType.UNEXPECTED_BREAK)
    assert "hard to recognise" not in assessment_table(replace(reading, words=(paused,)))


def test_at_most_three_problems_are_listed_worst_first() -> None:
    reading = examples.good_reading()
    bad = tuple(
        replace(word, error=ErrorType.MISPRONUNCIATION, accuracy=50.0 - 5 * number)
        for number, word in enumerate(reading.words[:5])
    )
    shown = lines(replace(reading, words=bad))
    advice = shown[shown.index("What to work on") + 1 :]
    assert [line.split("”")[0] for line in advice] == ["“see", "“to", "“going"]


# --- evaluations --------------------------------------------------------------------------------


def compared() -> Comparison:
    comparison = Comparison()
    for score, mark in ((20.0, 0.0), (50.0, 1.0), (90.0, 2.0)):
        comparison.add("phone", "accuracy", score, mark)
        comparison.add("word", "total", score, mark)
    comparison.add("utterance", "fluency", None, 1.0)
    return comparison


def test_figures_of_an_evaluation_are_laid_out_with_their_counts() -> None:
    rows = {tuple(line.split()[:2]): line.split()[2:] for line in evaluation_table(compared()).splitlines()}
    assert rows["phone", "accuracy"] == ["0.997", "1.000", "0.0667", "3"]
    assert rows["word", "total"] == rows["phone", "accuracy"]
    assert rows["utterance", "fluency"] == ["-", "-", "-", "0"]
    assert len(rows) == 1 + 1 + 3 + 4


def test_following_an_evaluation_gives_the_last_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    first, last = Comparison(), compared()

    def comparisons() -> Iterator[Comparison]:
        yield first
        yield last

    assert follow(comparisons(), 2, "assessing") is last
    assert capsys.readouterr().out == ""
