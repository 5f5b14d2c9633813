"""Letters of phones: which part of a word's spelling stands for which of its sounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.lexicon import Lexicon
from assessment.phones import PHONES, syllabify
from assessment.spelling import letters, syllable_letters


@pytest.mark.parametrize(
    ("word", "phones", "expected"),
    [
        ("think", "TH IH1 NG K", "th i n k"),
        ("Three", "TH R IY1", "th r ee"),
        ("elephant", "EH1 L AH0 F AH0 N T", "e l e ph a n t"),
        ("thought", "TH AO1 T", "th ou ght"),
        ("knight", "N AY1 T", "kn i ght"),
        ("box", "B AA1 K S", "b o x x"),
        ("few", "F Y UW1", "f ew ew"),
        ("apple", "AE1 P AH0 L", "a pp le le"),
        ("asked", "AE1 S K T", "a s k ed"),
        ("sister's", "S IH1 S T ER0 Z", "s i s t er s"),
        ("island", "AY1 L AH0 N D", "i l a n d"),
    ],
)
def test_each_phone_has_its_letters(word: str, phones: str, expected: str) -> None:
    assert letters(word, phones.split()) == tuple(expected.split())


@pytest.mark.parametrize(
    ("word", "phones", "parts"),
    [
        ("record", "R AH0 K AO1 R D", ("re", "cord")),
        ("photography", "F AH0 T AA1 G R AH0 F IY0", ("pho", "to", "gra", "phy")),
        ("Wednesday", "W EH1 N Z D EY2", ("Wednes", "day")),
        ("comfortable", "K AH1 M F ER0 T AH0 B AH0 L", ("com", "for", "ta", "ble")),
        ("think", "TH IH1 NG K", ("think",)),
    ],
)
def test_letters_are_divided_by_syllables(word: str, phones: str, parts: tuple[str, ...]) -> None:
    assert syllable_letters(word, phones.split()) == parts


def test_letters_that_do_not_fit_are_not_divided() -> None:
    phones = ["D", "AA1", "L", "ER0", "Z"]
    assert letters("$", phones) == ("", "", "", "", "")
    assert syllable_letters("$", phones) == ()


def test_common_words_of_the_dictionary_have_letters_for_nearly_every_phone() -> None:
    lexicon = Lexicon.load()
    text = """the people of this country usually know that water is important for their children and
    their daughters although some would rather have coffee or orange juice with breakfast because it is
    quicker than cooking a healthy meal before school begins on weekday mornings in the neighbourhood"""
    found = [part for word in text.split() for part in letters(word, lexicon.pronunciations(word)[0])]
    assert found.count("") <= 0.02 * len(found)


words = st.text("abcdefghijklmnopqrstuvwxyz'", max_size=10)
strings = st.lists(st.sampled_from(PHONES), max_size=8)


@given(words, strings)
def test_any_word_gives_a_part_for_each_phone_and_all_its_letters_to_syllables(
    word: str, phones: list[str]
) -> None:
    assert len(letters(word, phones)) == len(phones)
    parts = syllable_letters(word, phones)
    assert parts == () or (len(parts) == len(syllabify(phones)) and "".join(parts) == word)
