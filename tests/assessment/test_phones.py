"""The phone inventory: symbols, their names in other alphabets, their articulation, and syllables."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.phones import (
    FEATURES,
    MODEL_PHONES,
    PHONE_INDEX,
    PHONES,
    SILENCE,
    base,
    feature_distance,
    ipa,
    ipa_word,
    is_phone,
    is_vowel,
    sapi,
    stress,
    syllabify,
)

VOWELS = [phone for phone in PHONES if is_vowel(phone)]
CONSONANTS = [phone for phone in PHONES if not is_vowel(phone)]
SYMBOLS = [*CONSONANTS, *(f"{vowel}{digit}" for vowel in VOWELS for digit in "012")]

phones = st.sampled_from(PHONES)
words = st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=12)


def test_there_are_39_phones_in_alphabetical_order() -> None:
    assert len(PHONES) == 39
    assert list(PHONES) == sorted(PHONES)
    assert len(VOWELS) == 15


def test_the_model_has_a_column_for_each_phone_and_for_silence() -> None:
    assert list(MODEL_PHONES) == [*PHONES, SILENCE]
    assert [PHONE_INDEX[phone] for phone in MODEL_PHONES] == list(range(40))


@pytest.mark.parametrize(
    ("symbol", "phone", "degree"),
    [
        ("AA1", "AA", 1),
        ("ER0", "ER", 0),
        ("OY2", "OY", 2),
        ("AH", "AH", None),
        ("T", "T", None),
        ("", "", None),
    ],
)
def test_stress_is_told_apart_from_the_phone(symbol: str, phone: str, degree: int | None) -> None:
    assert base(symbol) == phone
    assert stress(symbol) == degree


@pytest.mark.parametrize("symbol", [*PHONES, *SYMBOLS])
def test_phones_are_valid_with_and_without_stress(symbol: str) -> None:
    assert is_phone(symbol)


@pytest.mark.parametrize("symbol", ["T1", "AA3", "AX0", "aa1", "SIL", "", "1", "AA11", "AA 1"])
def test_other_symbols_are_not_phones(symbol: str) -> None:
    assert not is_phone(symbol)


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        *(("AH0", "ə"), ("AH1", "ʌ"), ("AH2", "ʌ"), ("AH", "ʌ"), ("ER0", "ɚ"), ("ER1", "ɝ"), ("ER", "ɝ")),
        *(("R", "ɹ"), ("G", "\u0261"), ("HH", "h"), ("Y", "j"), ("OW2", "oʊ"), ("JH", "dʒ"), ("NG", "ŋ")),
    ],
)
def test_ipa_is_that_of_american_english(symbol: str, expected: str) -> None:
    assert ipa(symbol) == expected


def test_every_phone_has_an_ipa_and_a_sapi_name_of_its_own() -> None:
    assert len({ipa(phone) for phone in PHONES}) == 39
    assert len({sapi(phone) for phone in PHONES}) == 39


@pytest.mark.parametrize("name", [ipa, sapi])
def test_what_is_no_phone_has_no_name(name: object) -> None:
    assert callable(name)
    for symbol in ("SIL", "QQ", "T1x", ""):
        with pytest.raises(KeyError):
            name(symbol)


@pytest.mark.parametrize(
    ("symbol", "name"),
    [("AH0", "ax"), ("AH1", "ah"), ("HH", "h"), ("ER0", "er"), ("IY1", "iy"), ("ZH", "zh"), ("NG", "ng")],
)
def test_sapi_names_are_those_of_azure(symbol: str, name: str) -> None:
    assert sapi(symbol) == name


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("EH1 L AH0 F AH0 N T", "ˈɛləfənt"),
        ("K AE1 T", "kæt"),
        ("AH0", "ə"),
        ("AH0 P R IY1 SH IY0 EY2 T", "əˈpɹiʃiˌeɪt"),
        ("IH2 N F ER0 M EY1 SH AH0 N", "ˌɪnfɚˈmeɪʃən"),
        ("S ER1 K AH0 L", "ˈsɝkəl"),
        ("SH", "ʃ"),
    ],
)
def test_stress_marks_stand_before_the_syllable(word: str, expected: str) -> None:
    assert ipa_word(word.split()) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("EH1 K S T R AH0", "EH1 K.S T R AH0"),
        ("S IH1 NG ER0", "S IH1 NG.ER0"),
        ("F IH1 NG G ER0", "F IH1 NG.G ER0"),
        ("M EH1 N Y UW0", "M EH1 N.Y UW0"),
        ("R IH0 F Y UW1 Z", "R IH0.F Y UW1 Z"),
        ("P ER0 T IH1 K Y AH0 L ER0", "P ER0.T IH1.K Y AH0.L ER0"),
        ("K R IY0 EY1 T", "K R IY0.EY1 T"),
        ("AE1 T L AH0 S", "AE1 T.L AH0 S"),
        ("AE1 B S AH0 N T", "AE1 B.S AH0 N T"),
        ("HH AE1 P IY0 AH0 S T", "HH AE1.P IY0.AH0 S T"),
        ("IH2 N S T R UW1 M AH0 N T", "IH2 N.S T R UW1.M AH0 N T"),
        ("V IH1 ZH AH0 N", "V IH1.ZH AH0 N"),
        ("K AE N Y AH N", "K AE N.Y AH N"),
    ],
)
def test_syllables_begin_with_the_longest_onset_of_english(word: str, expected: str) -> None:
    assert ".".join(" ".join(syllable) for syllable in syllabify(word.split())) == expected


def test_a_word_without_vowel_is_one_syllable() -> None:
    assert syllabify(["P", "S", "T"]) == (("P", "S", "T"),)
    assert syllabify([]) == ()


@given(words)
def test_syllables_make_up_the_word_with_one_vowel_each(word: list[str]) -> None:
    syllables = syllabify(word)
    assert list(itertools.chain(*syllables)) == word
    vowels = [sum(map(is_vowel, syllable)) for syllable in syllables]
    assert vowels == [1] * len(vowels) or (vowels == [0] and not any(map(is_vowel, word)))
    assert all(syllable[0] != "NG" for syllable in syllables[1:])


@given(words)
def test_the_stress_does_not_move_the_syllables(word: list[str]) -> None:
    lengths = [len(syllable) for syllable in syllabify(word)]
    assert lengths == [len(syllable) for syllable in syllabify([base(symbol) for symbol in word])]


@pytest.mark.parametrize("phone", PHONES)
def test_vowels_and_consonants_have_the_features_of_their_kind(phone: str) -> None:
    features = FEATURES[phone]
    is_placed = (features.manner, features.place) != (None, None)
    is_shaped = (features.height, features.backness) != (None, None)
    assert (is_placed, is_shaped) == (features.kind == "consonant", features.kind == "vowel")
    assert features.glide is None or is_vowel(features.glide)


@given(phones, phones)
def test_distance_is_symmetric_and_zero_only_for_the_same_phone(a: str, b: str) -> None:
    distance = feature_distance(a, b)
    assert 0 <= distance <= 1
    assert distance == feature_distance(b, a)
    assert (distance == 0) == (a == b)


def test_distance_ignores_stress() -> None:
    assert feature_distance("AH0", "AH1") == 0
    assert feature_distance("IY0", "IH1") == feature_distance("IY", "IH")


@pytest.mark.parametrize(
    ("phone", "nearer", "further"),
    [
        *(("TH", "S", "M"), ("V", "W", "K"), ("IY", "IH", "AA"), ("L", "R", "T"), ("Z", "S", "G")),
        *(("AE", "EH", "UW"), ("Y", "IY", "AA"), ("R", "ER", "IY"), ("CH", "SH", "NG"), ("D", "DH", "HH")),
    ],
)
def test_sounds_that_learners_confuse_are_nearer(phone: str, nearer: str, further: str) -> None:
    assert feature_distance(phone, nearer) < feature_distance(phone, further)


@pytest.mark.parametrize("pair", [("SIL", "T"), ("T", "QQ")])
def test_distance_is_of_phones_only(pair: tuple[str, str]) -> None:
    with pytest.raises(KeyError):
        feature_distance(*pair)
