"""What is marked on a reading, by how strict one is and what one wants to see, and how it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from app.settings import Marking
from app.windows.marks import MarkKind, described, judged, marks, symbol, transcription
from assessment.engine import Assessor
from assessment.results import NO_PHONE, Assessment, ErrorType, LexicalStress, Problem, Verdict, WordBreak
from tests.app.windows.stage import demo
from tests.assessment import examples

STRICTNESSES = ("lenient", "normal", "strict")
ALL = Marking()
SEVERITY = {None: 0, MarkKind.NEARLY: 1, MarkKind.WRONG: 2}
any_assessment = given(examples.assessments())
patient = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)


@pytest.fixture(scope="module")
def real(assessor: Assessor) -> Assessment:
    text, recording = demo(1)
    return assessor.assess(recording, text)


def kinds(reading: Assessment, marking: Marking = ALL) -> list[tuple[str, MarkKind]]:
    return [(reading.words[mark.word].text, mark.kind) for mark in marks(reading, marking)]


def with_word(index: int = 4, **changes: object) -> Assessment:
    """The good reading, one word of which is another."""
    good = examples.good_reading()
    words = list(good.words)
    words[index] = replace(words[index], **changes)  # type: ignore[arg-type]
    return replace(good, words=tuple(words))


# --- which marks --------------------------------------------------------------------------------


def test_a_good_reading_bears_no_marks() -> None:
    for strictness in ("lenient", "normal"):
        assert marks(examples.good_reading(), Marking(strictness=strictness)) == ()


def test_a_flawed_reading_bears_a_mark_at_each_flaw() -> None:
    assert kinds(examples.flawed_reading()) == [
        ("is", MarkKind.LEFT_OUT),
        ("to", MarkKind.PAUSE),
        ("see", MarkKind.WRONG),
        ("the", MarkKind.AGAIN),
        ("elephant", MarkKind.NEARLY),
    ]


def test_a_real_reading_bears_marks_where_its_mistakes_are(real: Assessment) -> None:
    found = kinds(real)
    assert ("old", MarkKind.LEFT_OUT) in found
    assert ("river", MarkKind.PAUSE) in found
    assert {kind for text, kind in found if text.startswith("Thursday")} <= {MarkKind.NEARLY, MarkKind.WRONG}
    assert any(text.startswith("Thursday") for text, _ in found)


@patient
@any_assessment
def test_who_is_stricter_sees_all_marks_and_none_is_milder(assessment: Assessment) -> None:
    def seen(strictness: str) -> dict[int, int]:
        found = marks(assessment, Marking(strictness=strictness, show_pauses=False))
        return {mark.word: SEVERITY.get(mark.kind, 3) for mark in found}

    lenient, normal, strict = (seen(strictness) for strictness in STRICTNESSES)
    for milder, stricter in ((lenient, normal), (normal, strict)):
        assert all(stricter[word] >= severity for word, severity in milder.items())


@patient
@any_assessment
def test_marks_stand_in_the_text_in_order_at_words_there_are(assessment: Assessment) -> None:
    found = marks(assessment, Marking(strictness="strict"))
    assert [mark.word for mark in found] == sorted(mark.word for mark in found)
    for mark in found:
        word = assessment.words[mark.word]
        assert mark.start == word.char_start
        assert mark.end in (word.char_start, word.char_end)
    assert len({(mark.word, mark.kind) for mark in found}) == len(found)


@pytest.mark.parametrize(
    ("switch", "hidden"),
    [
        ("show_mispronounced", {MarkKind.NEARLY, MarkKind.WRONG}),
        ("show_left_out", {MarkKind.LEFT_OUT}),
        ("show_added", {MarkKind.ADDED, MarkKind.AGAIN}),
        ("show_pauses", {MarkKind.PAUSE, MarkKind.NO_PAUSE}),
    ],
)
@patient
@any_assessment
def test_a_switch_hides_its_kinds_and_nothing_else(
    switch: str, hidden: set[MarkKind], assessment: Assessment
) -> None:
    shown = marks(assessment, ALL)
    assert marks(assessment, replace(ALL, **{switch: False})) == tuple(
        mark for mark in shown if mark.kind not in hidden
    )


@pytest.mark.parametrize(
    ("accuracy", "lenient", "normal", "strict"),
    [
        (95.0, None, None, None),
        (90.0, None, None, MarkKind.NEARLY),
        (80.0, None, MarkKind.NEARLY, MarkKind.NEARLY),
        (65.0, MarkKind.NEARLY, MarkKind.NEARLY, MarkKind.WRONG),
        (50.0, MarkKind.NEARLY, MarkKind.WRONG, MarkKind.WRONG),
        (20.0, MarkKind.WRONG, MarkKind.WRONG, MarkKind.WRONG),
    ],
)
def test_what_is_wrong_depends_on_how_strict_one_is(
    accuracy: float, lenient: MarkKind | None, normal: MarkKind | None, strict: MarkKind | None
) -> None:
    word = replace(examples.good_reading().words[0], accuracy=accuracy)
    assert tuple(judged(word, each) for each in STRICTNESSES) == (lenient, normal, strict)


def test_a_word_that_is_named_as_a_problem_is_marked() -> None:
    good = examples.good_reading()
    for kind, expected in (("phone", [("see", MarkKind.NEARLY)]), ("pace", [])):
        named = Problem(kind, "It is so.", "Do so.", (4,), "", "", 1.0, 0.5)
        assert kinds(replace(good, problems=(named,))) == expected


def test_a_word_with_one_wrong_sound_or_stress_is_nearly_right() -> None:
    wrong = examples.phone("S", 1.26, 70.0, "SH")
    syllable = examples.good_reading().words[4].syllables[0]
    reading = with_word(syllables=(replace(syllable, phones=(wrong, *syllable.phones[1:])),))
    assert kinds(reading) == [("see", MarkKind.NEARLY)]
    assert kinds(with_word(6, lexical_stress=LexicalStress(0, 1, 0.1, False))) == [
        ("elephant", MarkKind.NEARLY)
    ]


@pytest.mark.parametrize(
    ("unexpected", "missing", "kind"),
    [(0.9, 0.0, MarkKind.PAUSE), (0.0, 0.9, MarkKind.NO_PAUSE), (0.4, 0.4, None)],
)
def test_only_breaks_that_are_likely_are_marked(
    unexpected: float, missing: float, kind: MarkKind | None
) -> None:
    reading = with_word(break_before=WordBreak(0.5, unexpected, missing))
    assert [found for _, found in kinds(reading)] == ([] if kind is None else [kind])


def test_an_added_word_is_told_beside_the_word_it_stands_before() -> None:
    (mark,) = marks(with_word(error=ErrorType.INSERTION, text="um"), ALL)
    assert (mark.kind, mark.label, mark.start) == (MarkKind.ADDED, "um", mark.end)


# --- sentences ----------------------------------------------------------------------------------


def test_a_word_that_was_not_said_or_not_asked_for_is_told_plainly() -> None:
    reading = examples.flawed_reading()
    assert described(reading, 1) == "“is” was left out."
    assert described(reading, 5) == "“the” was said again."
    assert described(with_word(error=ErrorType.INSERTION, text="um"), 4) == (
        "“um” was added: it is not in the text."
    )


def test_a_right_word_is_told_with_its_score_and_band_only() -> None:
    assert described(examples.good_reading(), 4) == "“see”: 92 of 100, clear."


def test_a_sound_is_told_with_what_it_sounded_like() -> None:
    reading = examples.flawed_reading()
    assert described(reading, 4).endswith("/s/ sounded like /ʃ/.")
    assert described(reading, 4, "arpabet").endswith("/S/ sounded like /SH/.")


@pytest.mark.parametrize(
    ("verdict", "heard", "told"),
    [
        (Verdict.WRONG, "SH", "/s/ sounded like /ʃ/."),
        (Verdict.NEARLY, "SH", "/s/ sounded a little like /ʃ/."),
        (Verdict.WRONG, NO_PHONE, "/s/ was left out."),
        (Verdict.NEARLY, NO_PHONE, "/s/ was perhaps left out."),
        (Verdict.WRONG, "S", "/s/ was not clear."),
        (Verdict.NEARLY, "S", "/s/ was not quite clear."),
    ],
)
def test_how_sure_the_ear_is_can_be_read(verdict: Verdict, heard: str, told: str) -> None:
    syllable = examples.good_reading().words[4].syllables[0]
    phone = replace(examples.phone("S", 1.26, 40.0, heard), verdict=verdict)
    reading = with_word(syllables=(replace(syllable, phones=(phone, *syllable.phones[1:])),))
    assert described(reading, 4).endswith(told)


def test_a_misplaced_stress_is_told_with_both_syllables() -> None:
    told = described(examples.flawed_reading(), 7)
    assert told.endswith("The stress was on syllable 3; it belongs on 1.")


def test_breaks_are_told() -> None:
    assert described(examples.flawed_reading(), 3).endswith("A pause of 0.6 s before it was not expected.")
    missing = with_word(break_before=WordBreak(0.0, 0.0, 0.8))
    assert described(missing, 4).endswith("A short pause before it was missing.")


@patient
@any_assessment
def test_whatever_is_marked_on_a_word_is_also_told(assessment: Assessment) -> None:
    telling = {
        MarkKind.LEFT_OUT: "was left out.",
        MarkKind.ADDED: "was added",
        MarkKind.AGAIN: "was said again.",
        MarkKind.PAUSE: "was not expected.",
        MarkKind.NO_PAUSE: "was missing.",
    }
    for mark in marks(assessment, ALL):
        assert telling.get(mark.kind, " of 100, ") in described(assessment, mark.word)


# --- phones -------------------------------------------------------------------------------------


def test_phones_are_written_in_the_alphabet_that_was_chosen() -> None:
    assert (symbol("SH", "ipa"), symbol("SH", "arpabet")) == ("ʃ", "SH")
    assert symbol(NO_PHONE, "ipa") == symbol(NO_PHONE, "arpabet") == "–"
    elephant = examples.good_reading().words[6]
    assert transcription(elephant, "ipa") == "/ˈɛləfənt/"
    assert transcription(elephant, "arpabet") == "/EH1 L AH0 F AH0 N T/"
