"""Pronunciations in the symbols of misaki, which hibari-tts speaks: any phones, any stress."""

from __future__ import annotations

from collections.abc import Mapping

from assessment.lexicon import Pronunciation
from assessment.phones import base, is_vowel, stress

# ARPAbet in the symbols of misaki, which hibari reads; vowels without stress.
MISAKI = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "B": "b", "CH": "ʧ",
    "D": "d", "DH": "ð", "EH": "ɛ", "ER": "ɜɹ", "EY": "A", "F": "f", "G": "ɡ", "HH": "h",
    "IH": "ɪ", "IY": "i", "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ",
    "OW": "O", "OY": "Y", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ",
    "UH": "ʊ", "UW": "u", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
REDUCED_MISAKI = {"AH0": "ə", "ER0": "əɹ"}
FLAP = "T"
# Said without stress, and with secondary stress, in a sentence of natural rhythm.
UNSTRESSED = frozenset(
    "a an the and or but as at by for from in into of on to with than until am is are was were be been "
    "has have had do does did will would can could should must that it him her us them your their".split()
)
HALF_STRESSED = frozenset("i my me we our you he she they his this these those if then so though".split())


def stress_marks(word: str) -> Mapping[str, str]:
    """Return how a word's stress is marked by digit: function words have little or none in a sentence."""
    if word in UNSTRESSED:
        return {}
    return {"1": "ˌ"} if word in HALF_STRESSED else {"1": "ˈ", "2": "ˌ"}


def misaki_word(phones: Pronunciation, marks: Mapping[str, str]) -> str:
    """Write a word in misaki's symbols, with flaps as Americans say them."""
    if phones == ("AH0",):
        return "ɐ"
    return "".join(
        FLAP if is_flap(phones, place) else marks.get(phone[-1], "") + misaki_phone(phone)
        for place, phone in enumerate(phones)
    )


def is_flap(phones: Pronunciation, place: int) -> bool:
    """Tell whether a T is between a vowel or R and an unstressed vowel."""
    if phones[place] != "T" or not 0 < place < len(phones) - 1:
        return False
    before, after = phones[place - 1], phones[place + 1]
    return (is_vowel(before) or before == "R") and stress(after) == 0


def misaki_phone(phone: str) -> str:
    """Write a phone without its stress."""
    return REDUCED_MISAKI.get(phone) or MISAKI[base(phone)]
