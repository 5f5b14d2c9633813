"""What the terminal shows: every word with its phones, marks that need no colour, what to work on."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from rich.cells import cell_len

from app.terminal import (
    LEGEND,
    LEVELS,
    VERDICTS,
    WIDTH,
    assessment_table,
    evaluation_table,
    follow,
)
from assessment.bands import BANDS
from assessment.results import (
    NO_PHONE,
    Assessment,
    Candidate,
    Confidence,
    Notice,
    Phone,
    Problem,
    Syllable,
    Verdict,
    Word,
)
from assessment.training.evaluation import Comparison
from tests.assessment import examples
from tests.assessment.examples import a_phone

ESCAPE = "\x1b["
COLOUR = r"\x1b\[(\d+;)*3[0-7]"


@pytest.fixture(autouse=True)
def no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what the environment of the test run says about colours."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


def lines(assessment: Assessment) -> list[str]:
    return assessment_table(assessment).splitlines()


# How the lines of the measures begin.
HEADS = ("Fluency", "Prosody")


def line_of(assessment: Assessment, shown: str) -> str:
    """Return the only line of the table that has this word."""
    found = [line for line in lines(assessment) if line[3:].startswith(f"{shown} ")]
    assert len(found) == 1, found
    return found[0]


# --- the table ----------------------------------------------------------------------------------


def test_each_aspect_is_shown_with_its_score() -> None:
    shown = {line.split()[0]: line for line in lines(examples.good_reading())[:5]}
    assert list(shown) == ["Overall", "Accuracy", "Fluency", "Completeness", "Prosody"]
    assert " 91 " in shown["Overall"]
    assert " 92 " in shown["Accuracy"]
    assert shown["Accuracy"].endswith("clear")
    assert shown["Prosody"].endswith("natural")
    assert shown["Completeness"].endswith("every word")


def test_bands_and_verdicts_are_told_apart_without_colours() -> None:
    assert max(found.level for found in BANDS["word"]) < len(LEVELS)
    assert len({sign for sign, _ in LEVELS[:4]}) == 4
    assert len({sign for sign, _ in VERDICTS.values()}) == len(VERDICTS)


def test_an_aspect_that_was_not_scored_is_left_out() -> None:
    reading = examples.good_reading()
    scored = replace(reading, scores=replace(reading.scores, prosody=None))
    assert not any(line.startswith("Prosody") and "█" in line for line in lines(scored))


def test_a_word_is_shown_with_score_time_and_phones_in_ipa() -> None:
    line = line_of(examples.good_reading(), "Mark")
    assert line.split() == ["Mark", "92", "0.30", "m", "93", "ɑ", "93", "ɹ", "93", "k", "93"]


def test_a_wrong_phone_is_shown_with_what_was_heard_and_its_word_is_marked() -> None:
    line = line_of(examples.flawed_reading(), "see")
    assert line.startswith("!")
    assert "!s 18 [ʃ]  i 93" in line
    assert any(LEGEND in line for line in lines(examples.flawed_reading()))
    assert not any(LEGEND in line for line in lines(examples.good_reading()))


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


def test_syllables_are_parted_and_the_stressed_one_is_marked() -> None:
    line = line_of(examples.good_reading(), "elephant")
    assert "ˈɛ 93  l 93  · ə 93  · f 93" in line
    assert line.count("ˈ") == 1
    assert "stress" not in line


def test_stress_on_another_syllable_is_said() -> None:
    assert "! stress on syllable 3" in line_of(examples.flawed_reading(), "elephant")


def test_the_measures_of_fluency_and_prosody_are_shown() -> None:
    fluency, prosody = (line for line in lines(examples.flawed_reading())[5:] if line[:7] in HEADS)
    assert "3.9 syllables a second, 5.4 without pauses, 1 pause of 0.6 s" in fluency
    assert "pitch 182 Hz, over 10 semitones, falling at the end" in prosody


def test_a_reading_without_pauses_or_voice_says_so() -> None:
    reading = examples.good_reading()
    hoarse = replace(reading.prosody, pitch_median=None, pitch_range=None, final_slope=None)
    fluency, prosody = (line for line in lines(replace(reading, prosody=hoarse))[5:] if line[:7] in HEADS)
    assert fluency.endswith("no pauses")
    assert "too little voice" in prosody


def work(assessment: Assessment) -> list[str]:
    """Return the lines about what to work on, without their indentation."""
    shown = lines(assessment)
    section = shown[shown.index("What to work on") + 1 :]
    return [line.strip() for line in (section[: section.index("")] if "" in section else section)]


def test_each_problem_is_shown_with_its_tip_and_the_pair_to_practise() -> None:
    shown = work(examples.flawed_reading())
    assert [line[0] for line in shown if line[0].isdigit()] == ["1", "2", "3"]
    first = shown.index("1  The “s” /s/ in “see” sounded like /ʃ/.")
    assert shown[first + 1].startswith("Bring the tip of your tongue")
    assert "Practise: see – she" in shown
    assert shown.count("Read every word.") == 1
    assert sum(line.startswith("Practise") for line in shown) == 1


def test_one_word_to_practise_stands_alone() -> None:
    problem = Problem("stress", "Wrong.", "Do this.", (6,), "", "", 2.0, 0.9, ("elephant",))
    assert "Practise: elephant" in work(replace(examples.good_reading(), problems=(problem,)))


def test_long_tips_are_wrapped_under_their_problem() -> None:
    problem = Problem("pace", "You read fast.", "Slow down and breathe. " * 12, (), "", "", 2.0, 0.9)
    shown = lines(replace(examples.good_reading(), problems=(problem,)))
    tips = shown[shown.index("1  You read fast.") + 1 :]
    assert len(tips) > 2
    assert all(line.startswith("   ") and cell_len(line) <= WIDTH for line in tips)


def test_a_good_reading_is_praised_and_has_nothing_to_work_on() -> None:
    shown = lines(examples.good_reading())
    assert "What to work on" not in shown
    assert "Well read: nothing stands out to work on." in shown


def test_a_poor_reading_is_not_praised() -> None:
    reading = examples.good_reading()
    poor = replace(reading, scores=replace(reading.scores, overall=40.0))
    assert not any("Well read" in line for line in lines(poor))


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.9, None), (0.5, "These scores may be off"), (0.2, "These scores are a rough estimate")],
)
def test_doubt_is_put_into_words(value: float, said: str | None) -> None:
    doubted = Confidence(value, ("there is much noise", "the recording is distorted"))
    shown = lines(replace(examples.good_reading(), confidence=doubted))
    line = f"{said}: there is much noise, and the recording is distorted."
    assert (line in shown) == (said is not None)
    assert any("noise" in line for line in shown) == (said is not None)


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


def row_of(phone: Phone) -> str:
    """Return the row of a word that has only this phone."""
    reading = examples.good_reading()
    mark: Word = replace(reading.words[0], syllables=(Syllable((phone,), 50.0),))
    return line_of(replace(reading, words=(mark,)), "Mark")


def test_what_is_not_sure_has_a_question_mark() -> None:
    assert row_of(a_phone("S", Verdict.WRONG, "SH")).endswith("!s 50 [ʃ]")
    assert row_of(a_phone("S", Verdict.NEARLY, "SH")).endswith("~s 50 [ʃ?]")
    unsure = replace(a_phone("S", Verdict.WRONG), candidates=(Candidate("SH", 0.3),))
    assert row_of(unsure).endswith("!s 50 [ʃ?]")


def test_a_phone_that_was_not_heard_is_shown_as_a_dash() -> None:
    assert row_of(a_phone("S", Verdict.WRONG, NO_PHONE)).endswith("!s 50 [–]")


# --- evaluations --------------------------------------------------------------------------------


def compared() -> Comparison:
    comparison = Comparison()
    for score, mark in ((20.0, 0.0), (50.0, 1.0), (90.0, 2.0)):
        comparison.add("phone", "accuracy", score, mark)
        comparison.add("word", "total", score, mark)
    comparison.add("utterance", "fluency", None, 1.0)
    return comparison


def test_figures_of_an_evaluation_are_laid_out_with_their_counts() -> None:
    table = evaluation_table(compared()).partition("\n\n")[0]
    rows = {tuple(line.split()[:2]): line.split()[2:] for line in table.splitlines()}
    assert rows["phone", "accuracy"] == ["0.997", "1.000", "0.0667", "3", "-"]
    assert rows["word", "total"] == rows["phone", "accuracy"]
    assert rows["utterance", "fluency"] == ["-", "-", "-", "0", "-"]
    assert len(rows) == 1 + 1 + 3 + 4


def test_following_an_evaluation_gives_the_last_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    first, last = Comparison(), compared()

    def comparisons() -> Iterator[Comparison]:
        yield first
        yield last

    assert follow(comparisons(), 2, "assessing") is last
    assert capsys.readouterr().out == ""
