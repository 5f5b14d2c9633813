"""Feedback: verdicts by thresholds, and the few problems that are worth working on, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.feedback import MOST_PROBLEMS, problems, verdict
from assessment.results import (
    NO_PHONE,
    Assessment,
    Candidate,
    Confidence,
    ErrorType,
    Notice,
    Phone,
    Problem,
    Syllable,
    Verdict,
    Word,
    WordBreak,
)
from assessment.scoring import Thresholds
from tests.assessment import examples

THRESHOLDS = Thresholds(wrong=40.0, nearly=75.0)


# --- verdicts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "judged"),
    [
        (100.0, Verdict.RIGHT),
        (75.0, Verdict.RIGHT),
        (74.9, Verdict.NEARLY),
        (40.0, Verdict.NEARLY),
        (39.9, Verdict.WRONG),
        (0.0, Verdict.WRONG),
    ],
)
def test_a_phone_is_judged_by_the_thresholds(score: float, judged: Verdict) -> None:
    assert verdict(score, THRESHOLDS) is judged


@given(st.floats(0, 100))
def test_a_variant_of_natives_is_never_wrong(score: float) -> None:
    assert verdict(score, THRESHOLDS, is_variant=True) is not Verdict.WRONG


def test_another_phone_that_is_clearly_heard_is_never_quite_right() -> None:
    assert verdict(79.0, THRESHOLDS, lead=0.99) is Verdict.NEARLY
    assert verdict(81.0, THRESHOLDS, lead=0.99) is Verdict.RIGHT
    assert verdict(79.0, THRESHOLDS, lead=0.5) is Verdict.RIGHT
    assert verdict(79.0, THRESHOLDS, lead=0.99, is_variant=True) is Verdict.RIGHT


# --- making readings ----------------------------------------------------------------------------


def said(good: Word, place: int, *heard: str, score: float = 15.0, judged: Verdict = Verdict.WRONG) -> Word:
    """Return a word with one phone that was not right, and what was heard, likeliest first."""
    syllables = []
    for syllable in good.syllables:
        phones = []
        for phone in syllable.phones:
            if phone is good.phones[place]:
                found = tuple(Candidate(each, 0.8 / 4**rank) for rank, each in enumerate(heard))
                phone = replace(phone, score=score, verdict=judged, candidates=found)
            phones.append(phone)
        syllables.append(Syllable(tuple(phones), syllable.score))
    return replace(good, syllables=tuple(syllables))


def text_of(*words: Word) -> Assessment:
    """Return a good reading of other words, laid out one after another."""
    placed = []
    now = 0.3
    for word in words:
        moved = [
            replace(syllable, phones=tuple(_moved(phone, now - word.start) for phone in syllable.phones))
            for syllable in word.syllables
        ]
        placed.append(
            replace(word, start=now, end=now + word.end - word.start, syllables=tuple(moved), char_start=0)
        )
        now = placed[-1].end
    text = " ".join(word.text for word in words)
    return replace(examples.good_reading(), text=text, words=tuple(placed))


def _moved(phone: Phone, seconds: float) -> Phone:
    return replace(phone, start=phone.start + seconds, end=phone.end + seconds)


def word(spoken: str, phones: str) -> Word:
    return examples.word(spoken, phones, 0.0, at=1)


THINK = word("think", "TH IH1 NG K")
THREE = word("three", "TH R IY1")
BOTH = word("both", "B OW1 TH")
COLD = word("cold", "K OW1 L D")
RECORD = word("record", "R AH0 | K AO1 R D")
FILLER = tuple(word("river", "R IH1 | V ER0") for _ in range(6))


def only(assessment: Assessment) -> Problem:
    (problem,) = problems(assessment)
    return problem


def messages(assessment: Assessment) -> list[str]:
    return [problem.message for problem in problems(assessment)]


# --- which problems -----------------------------------------------------------------------------


def test_a_good_reading_has_no_problems() -> None:
    assert problems(examples.good_reading()) == ()


def test_a_wrong_phone_is_named_by_its_letters_with_what_was_heard_and_a_tip() -> None:
    problem = only(text_of(said(THINK, 0, "S", "TH"), *FILLER))
    assert problem.message == "The “th” /θ/ in “think” sounded like /s/."
    assert (problem.kind, problem.expected, problem.heard, problem.words) == ("phone", "TH", "S", (0,))
    assert problem.pair == ("think", "sink")
    assert "tongue" in problem.tip
    assert problem.cost > 0.5
    assert problem.confidence > 0.7


def test_the_same_confusion_in_several_words_is_one_problem_of_which_we_are_surer() -> None:
    once = only(text_of(said(THINK, 0, "S"), *FILLER))
    often = only(text_of(said(THINK, 0, "S"), said(THREE, 0, "S"), said(BOTH, 2, "S"), *FILLER))
    assert often.message == "The “th” /θ/ in “think”, “three” and “both” sounded like /s/."
    assert often.words == (0, 1, 2)
    assert often.confidence > once.confidence
    assert often.cost > once.cost


def test_another_confusion_of_the_same_phone_is_another_problem() -> None:
    found = problems(text_of(said(THINK, 0, "S"), said(THREE, 0, "F"), *FILLER))
    assert {problem.heard for problem in found} == {"S", "F"}


def test_a_phone_that_is_nearly_right_sounded_a_little_like_another() -> None:
    nearly = [said(each, 0, "S", score=60.0, judged=Verdict.NEARLY) for each in (THINK, THREE)]
    assert messages(text_of(*nearly, *FILLER)) == [
        "The “th” /θ/ in “think” and “three” sounded a little like /s/."
    ]


def test_a_phone_that_is_nearly_right_and_leads_is_no_problem() -> None:
    assert problems(text_of(said(THINK, 0, "TH", "S", score=60.0, judged=Verdict.NEARLY), *FILLER)) == ()


def test_a_wrong_phone_that_leads_was_not_clear() -> None:
    problem = only(text_of(said(THINK, 0, "TH", "S"), *FILLER))
    assert problem.message == "The “th” /θ/ in “think” was not clear."
    assert problem.heard == ""
    assert problem.tip


def test_a_phone_that_was_dropped_was_not_heard() -> None:
    house = word("house", "HH AW1 S")
    problem = only(text_of(*FILLER, said(house, 2, NO_PHONE)))
    assert problem.message == "The “se” /s/ in “house” was not heard."
    assert problem.heard == NO_PHONE


def test_a_variant_of_natives_is_no_problem() -> None:
    city = word("city", "S IH1 | T IY0")
    assert problems(text_of(said(city, 2, "D", judged=Verdict.NEARLY), *FILLER)) == ()
    assert problems(text_of(said(COLD, 3, NO_PHONE, judged=Verdict.NEARLY), *FILLER)) == ()
    assert problems(text_of(said(city, 2, "S"), *FILLER)) != ()


def test_letters_that_differ_are_not_named() -> None:
    keep, cat = word("keep", "K IY1 P"), word("cat", "K AE1 T")
    assert messages(text_of(said(keep, 0, "G"), said(cat, 0, "G"), *FILLER)) == [
        "The sound /k/ in “keep” and “cat” sounded like /ɡ/."
    ]


def test_a_phone_that_was_added_is_named_after_the_letters_before_it() -> None:
    film = said(word("film", "F IH1 L M"), 1, "IY", score=70.0, judged=Verdict.NEARLY)
    heard = replace(film, heard=("F", "IY", "L", "AH", "M"))
    added = next(p for p in problems(text_of(heard, *FILLER)) if p.expected == NO_PHONE)
    assert added.message == "There was an extra /ə/ after the “l” of “film”."
    assert (added.heard, added.words) == ("AH", (0,))


def test_a_word_of_which_most_is_wrong_is_one_problem() -> None:
    mess = said(said(said(COLD, 0, "T"), 1, "AA"), 2, "M")
    problem = only(text_of(replace(mess, accuracy=20.0, heard=("T", "AA", "M")), *FILLER))
    assert problem.kind == "word"
    assert problem.message == "“cold” was hard to understand: it sounded like /tɑm/."
    assert problem.pair == ("cold",)


def test_a_mispronounced_word_without_a_wrong_phone_is_said_to_be_hard_to_understand() -> None:
    weak = replace(COLD, accuracy=50.0, error=ErrorType.MISPRONUNCIATION)
    assert messages(text_of(weak, *FILLER)) == ["“cold” was hard to understand."]


def test_words_left_out_are_listed() -> None:
    reading = text_of(THINK, *FILLER, COLD)
    gone = [examples.omitted(each) for each in (reading.words[0], reading.words[-1])]
    problem = only(replace(reading, words=(gone[0], *reading.words[1:-1], gone[1])))
    assert (problem.kind, problem.words) == ("omission", (0, 7))
    assert problem.message == "You left out “think” and “cold”."


def test_long_lists_are_cut_short() -> None:
    reading = text_of(THINK, THREE, BOTH, COLD, RECORD, word("keep", "K IY1 P"), *FILLER)
    words = tuple(examples.omitted(each) if number < 6 else each for number, each in enumerate(reading.words))
    assert messages(replace(reading, words=words)) == [
        "You left out “think”, “three”, “both” and 3 other words."
    ]


def test_stress_on_another_syllable_is_shown_in_capitals() -> None:
    problem = only(text_of(examples.restressed(RECORD, 0), *FILLER))
    assert problem.kind == "stress"
    assert problem.message == "The stress of “record” belongs on its second syllable: re-CORD."
    assert problem.pair == ("record",)


def test_stress_that_is_probably_right_is_no_problem() -> None:
    assert RECORD.lexical_stress is not None
    unsure = replace(RECORD.lexical_stress, heard=0, probability=0.4)
    assert problems(text_of(replace(RECORD, lexical_stress=unsure), *FILLER)) == ()


def test_a_pause_inside_a_phrase_is_named_with_its_length() -> None:
    paused = replace(COLD, break_before=WordBreak(0.9, 0.95, 0.0))
    problem = only(text_of(*FILLER, paused))
    assert problem.kind == "unexpected-break"
    assert problem.message == "You paused for 0.9 seconds before “cold”, where the sentence runs on."


def test_a_missing_pause_is_named() -> None:
    rushed = replace(COLD, break_before=WordBreak(0.0, 0.0, 0.9))
    assert messages(text_of(*FILLER, rushed)) == ["You read on where the text has a break: before “cold”."]


def test_breaks_that_are_only_suspected_are_no_problem() -> None:
    assert problems(text_of(*FILLER, replace(COLD, break_before=WordBreak(0.3, 0.5, 0.5)))) == ()


def test_a_monotone_voice_is_a_problem_where_the_prosody_suffers() -> None:
    reading = examples.good_reading()
    flat = replace(reading.prosody, monotone=0.9)
    poor = replace(reading.scores, prosody=50.0)
    assert only(replace(reading, prosody=flat, scores=poor)).kind == "monotone"
    assert problems(replace(reading, prosody=flat)) == ()


@pytest.mark.parametrize(
    ("rate", "articulation", "pauses", "start"),
    [(1.4, 2.0, 5, "You read slowly, with 5 pauses: 1.4"), (6.9, 7.4, 0, "You read very fast: 7.4")],
)
def test_a_pace_that_is_hard_to_follow_is_a_problem(
    rate: float, articulation: float, pauses: int, start: str
) -> None:
    reading = examples.good_reading()
    measures = replace(
        reading.fluency, speech_rate=rate, articulation_rate=articulation, silent_pauses=pauses
    )
    scores = replace(reading.scores, fluency=50.0)
    problem = only(replace(reading, fluency=measures, scores=scores))
    assert problem.kind == "pace"
    assert problem.message.startswith(start)


@pytest.mark.parametrize(
    ("fillers", "repeats", "kinds"),
    [(0, 0, []), (1, 0, []), (3, 0, ["filled-pauses"]), (0, 1, ["repetition"])],
)
def test_hesitations_are_problems_if_there_are_some(fillers: int, repeats: int, kinds: Sequence[str]) -> None:
    reading = examples.good_reading()
    measures = replace(reading.fluency, filled_pauses=fillers, repetitions=repeats)
    assert [problem.kind for problem in problems(replace(reading, fluency=measures))] == list(kinds)


def test_another_text_is_the_only_problem() -> None:
    mismatch = Notice("text-mismatch", "What was said does not match the text.")
    reading = replace(examples.flawed_reading(), notices=(mismatch,))
    assert [problem.kind for problem in problems(reading)] == ["text"]


def test_a_reading_without_prosody_scores_has_problems_all_the_same() -> None:
    reading = text_of(said(THINK, 0, "S"), examples.restressed(RECORD, 0), *FILLER)
    bare = replace(reading.scores, fluency=None, prosody=None, completeness=None)
    assert [problem.kind for problem in problems(replace(reading, scores=bare))] == ["phone"]


# --- order and number ---------------------------------------------------------------------------


def test_what_costs_more_comes_first() -> None:
    reading = text_of(said(THINK, 0, "S", score=35.0), said(COLD, 0, "G", score=0.0), *FILLER)
    assert [problem.expected for problem in problems(reading)] == ["K", "TH"]


def test_a_doubtful_recording_lowers_the_confidence_and_keeps_the_order() -> None:
    reading = text_of(said(THINK, 0, "S"), examples.restressed(RECORD, 0), *FILLER)
    sure = problems(replace(reading, confidence=Confidence(1.0)))
    doubted = problems(replace(reading, confidence=Confidence(0.3, ("there is much noise",))))
    assert [problem.message for problem in doubted] == [problem.message for problem in sure]
    for one, other in zip(sure, doubted, strict=True):
        assert other.confidence == pytest.approx(0.3 * one.confidence, abs=0.001)


@given(examples.assessments())
def test_problems_are_few_sorted_and_always_the_same(reading: Assessment) -> None:
    found = problems(reading)
    assert len(found) <= MOST_PROBLEMS
    assert problems(reading) == found
    weights = [problem.cost * problem.confidence for problem in found]
    # Costs are rounded to a tenth.
    assert all(one >= two - 0.1 for one, two in pairwise(weights))
    for problem in found:
        assert problem.message.endswith(".")
        assert problem.tip
        assert problem.cost >= 0.0
        assert 0.0 <= problem.confidence <= 1.0
        assert all(0 <= number < len(reading.words) for number in problem.words)


@given(examples.assessments())
def test_problems_survive_json(reading: Assessment) -> None:
    whole = replace(reading, problems=problems(reading))
    assert Assessment.from_json(whole.to_json()) == whole
