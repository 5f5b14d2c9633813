"""Sentences for learners: letters, IPA and lists of words as people would write them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.phones import PHONES
from assessment.results import NO_PHONE, Word
from assessment.wording import (
    Spot,
    added_sentence,
    heard_ipa,
    named,
    omission_sentence,
    phone_sentence,
    shown,
    stress_sentence,
    word_sentence,
)
from tests.assessment import examples


def word(spoken: str, phones: str, text: str | None = None) -> Word:
    return examples.word(spoken, phones, 0.0, text=text, at=1)


THINK = word("think", "TH IH1 NG K")
GOOD = word("good", "G UH1 D")
BANANA = word("banana", "B AH0 | N AE1 | N AH0")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["one"], "“one”"),
        (["one", "two"], "“one” and “two”"),
        (["one", "two", "one"], "“one” and “two”"),
        (["one", "two", "three", "four"], "“one”, “two”, “three” and “four”"),
        (["one", "two", "three", "four", "five"], "“one”, “two”, “three” and 2 other words"),
    ],
)
def test_words_are_listed_once_each_and_not_too_many(words: list[str], text: str) -> None:
    assert named(words) == text


def test_a_word_is_shown_as_written_and_a_number_as_spoken() -> None:
    assert shown(word("mark", "M AA1 R K", "Mark")) == "Mark"
    assert shown(word("twenty", "T W EH1 N | T IY0", "$25")) == "twenty"


@pytest.mark.parametrize(
    ("heard", "expected", "symbol"),
    [("AH", "AH1", "ʌ"), ("AH", "IH0", "ə"), ("ER", "AH0", "ɚ"), ("S", "TH", "s"), ("AH", "L", "ʌ")],
)
def test_a_heard_vowel_is_as_weak_as_the_expected_one(heard: str, expected: str, symbol: str) -> None:
    assert heard_ipa(heard, expected) == symbol


def test_what_was_heard_is_compared_by_degree() -> None:
    spots = [Spot(THINK, 0)]
    assert phone_sentence(spots, "S", is_wrong=True) == "The “th” /θ/ in “think” sounded like /s/."
    assert phone_sentence(spots, "S", is_wrong=False) == "The “th” /θ/ in “think” sounded a little like /s/."
    assert phone_sentence(spots, "", is_wrong=True) == "The “th” /θ/ in “think” was not clear."
    assert phone_sentence(spots, NO_PHONE, is_wrong=True) == "The “th” /θ/ in “think” was not heard."


def test_an_added_phone_is_placed_by_the_letters_before_it() -> None:
    assert added_sentence([Spot(GOOD, 3)], "AH") == "There was an extra /ə/ after the “d” of “good”."
    assert added_sentence([Spot(GOOD, 0)], "AH") == "There was an extra /ə/ in “good”."
    both = [Spot(GOOD, 3), Spot(THINK, 4)]
    assert added_sentence(both, "AH") == "There was an extra /ə/ in “good” and “think”."


def test_a_word_is_compared_with_what_was_heard() -> None:
    assert word_sentence(GOOD) == "“good” was hard to understand."
    heard = replace(GOOD, heard=("K", "UW", "T"))
    assert word_sentence(heard) == "“good” was hard to understand: it sounded like /kut/."


def test_stress_is_shown_in_capitals_where_the_letters_can_be_divided() -> None:
    wrong = examples.restressed(BANANA, 0)
    assert stress_sentence([wrong]) == "The stress of “banana” belongs on its second syllable: ba-NA-na."
    two = [wrong, examples.restressed(word("record", "R AH0 | K AO1 R D"), 0)]
    assert stress_sentence(two) == "The stress belongs on another syllable in “ba-NA-na” and “re-CORD”."
    odd = examples.restressed(word("xx", "B AH0 | N AE1 | N AH0"), 0)
    assert stress_sentence([odd]) == "The stress of “xx” belongs on its second syllable."


@given(st.lists(st.sampled_from([THINK, GOOD, BANANA]), min_size=1, max_size=6), st.sampled_from(PHONES))
def test_every_sentence_ends_and_has_no_gaps(words: list[Word], heard: str) -> None:
    spots = [Spot(each, 0) for each in words]
    for text in (
        phone_sentence(spots[:1], heard, is_wrong=True),
        added_sentence(spots, heard),
        omission_sentence(words),
    ):
        assert text.endswith(".")
        assert "  " not in text
        assert "“”" not in text
