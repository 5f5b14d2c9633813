"""Texts are divided into phrases, and their sound is joined with pauses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.voice.phrases import (
    COMMA_REST,
    EDGE_REST,
    MAX_WORDS,
    PARAGRAPH_REST,
    SENTENCE_REST,
    Phrase,
    accents,
    in_words,
    phrases,
    say_phrases,
    sign_after,
    trimmed,
    with_silence,
)
from app.voice.speech import Spoken, VoiceError
from assessment.control import Control
from assessment.errors import Cancelled
from assessment.text import ReferenceText

RATE = 8_000
WORDS = st.lists(st.sampled_from(["we", "saw,", "birds;", "today.", "why?", "no!\n\n", "dogs"]), min_size=1)


def tone(seconds: float) -> np.ndarray:
    return np.sin(2.0 * np.pi * 440.0 * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)


def one_word_a_tenth(phrase: Phrase) -> np.ndarray:
    return tone(0.1 * (phrase.last - phrase.first))


@given(WORDS)
def test_phrases_hold_every_word_once_in_order(words: list[str]) -> None:
    reference = ReferenceText.parse(" ".join(words * 12))
    found = phrases(reference)
    assert [number for each in found for number in range(each.first, each.last)] == [
        *range(len(reference.words))
    ]
    assert all(0 < each.last - each.first <= MAX_WORDS for each in found)


def test_a_sentence_is_one_phrase_and_a_long_one_is_cut_at_the_comma_near_its_middle() -> None:
    half = " ".join(["Word"] * 30)
    reference = ReferenceText.parse(f"Short, is it? {half}, {half}.")
    assert phrases(reference) == [
        Phrase(0, 3, SENTENCE_REST),
        Phrase(3, 33, COMMA_REST),
        Phrase(33, 63, EDGE_REST),
    ]


def test_pauses_are_longer_between_paragraphs() -> None:
    reference = ReferenceText.parse("One. Two.\n\nThree.")
    assert [each.rest for each in phrases(reference)] == [SENTENCE_REST, PARAGRAPH_REST, EDGE_REST]
    assert COMMA_REST < SENTENCE_REST < PARAGRAPH_REST


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Is it late?", ["", "", "?"]),
        ("Stop!", ["!"]),
        ("No title here", ["", "", "."]),
        ("Well, yes; no: so.", [",", ";", ":", "."]),
        ("Wait... what?!", ["…", "?"]),
        ("He — she - they (we) go", ["—", "—", ",", ",", "."]),
        ("Dr. Smith left at 5 p.m.", ["", "", "", "", "", "", "."]),
        ("“Why?” she asked.", ["?", "", "."]),
        ("It costs $5.", ["", "", "", "."]),
    ],
)
def test_signs_tell_the_melody(text: str, signs: list[str]) -> None:
    reference = ReferenceText.parse(text)
    assert [sign_after(reference, number) for number in range(len(reference.words))] == signs


def test_function_words_are_not_stressed_unless_they_are_all_there_is() -> None:
    reference = ReferenceText.parse("The cat is on it. It is. B.")
    first, second, letter = (accents(reference, phrase) for phrase in phrases(reference))
    assert [bool(marks) for marks in first] == [False, True, False, False, False]
    assert [bool(marks) for marks in second] == [False, True]
    assert letter == [{"1": "ˈ", "2": "ˌ"}]


def test_texts_are_written_in_full_words() -> None:
    reference = ReferenceText.parse("Dr. Smith paid $25 in London.\n\nI saw 3 TVs, OK?")
    assert in_words(reference) == (
        "doctor Smith paid twenty five dollars in London.\nI saw three T v's, okay?"
    )
    assert in_words(reference, Phrase(8, 11, 0.0)) == "I saw three"


def test_sound_is_joined_with_the_pauses_of_the_text() -> None:
    reference = ReferenceText.parse("One two. Three.\n\nFour.")
    spoken = say_phrases(reference, one_word_a_tenth, RATE)
    rests = EDGE_REST + SENTENCE_REST + PARAGRAPH_REST + EDGE_REST
    assert spoken.duration == pytest.approx(0.4 + rests)
    slow = say_phrases(reference, one_word_a_tenth, RATE, speed=0.5)
    assert slow.duration == pytest.approx(0.4 + 2 * rests - EDGE_REST)


def test_progress_is_told_and_rises() -> None:
    shares: list[float] = []
    say_phrases(
        ReferenceText.parse("One. Two. Three."), one_word_a_tenth, RATE, control=Control(shares.append)
    )
    assert shares == pytest.approx([1 / 3, 2 / 3, 1.0])


def test_work_stops_before_the_next_phrase() -> None:
    control, said = Control(), []

    def say(phrase: Phrase) -> np.ndarray:
        said.append(phrase)
        control.cancel()
        return tone(0.1)

    with pytest.raises(Cancelled):
        say_phrases(ReferenceText.parse("One. Two. Three."), say, RATE, control=control)
    assert len(said) == 1


def test_a_silent_voice_is_an_error() -> None:
    with pytest.raises(VoiceError, match="another voice"):
        say_phrases(ReferenceText.parse("One."), lambda phrase: np.zeros(100, np.float32), RATE)


@given(st.integers(0, 4_000), st.integers(0, 4_000), st.integers(1, 2_000))
def test_silence_around_speech_is_cut_but_nothing_of_the_speech(before: int, after: int, length: int) -> None:
    speech = np.ones(length, np.float32)
    cut = trimmed(np.pad(speech, (before, after)), RATE)
    assert np.count_nonzero(cut) == length
    assert len(cut) <= length + 2 * 0.05 * RATE + 160


def test_a_whole_text_is_given_the_same_edges() -> None:
    spoken: Spoken = with_silence(np.pad(tone(0.5), 3 * RATE), RATE)
    assert spoken.duration == pytest.approx(0.5 + 2 * (EDGE_REST + 0.04), abs=0.03)
    assert not spoken.samples[: round(EDGE_REST * RATE)].any()
