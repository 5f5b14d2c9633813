"""Folding of characters, with the positions they came from, and names of scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.text_characters import SUPERSCRIPT, fold, script


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("naïve Zoë", "naive Zoe"),
        ("Straße", "Strasse"),
        ("über Łódź", "uber Lodz"),
        ("ﬁsh", "fish"),
        ("ƙasa", "kasa"),
        ("Ｆｕｌｌ　２５", "Full 25"),
        ("𝐁𝐨𝐥𝐝", "Bold"),
        ("so\u00adft", "soft"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("no\u00a0break", "no break"),
        ("tab\there", "tab here"),
        ("it’s ‘it’ ʼn", "it's 'it' 'n"),
        ("“quoted”", '"quoted"'),
        ("wait…", "wait…"),
        ("H₂O", "H2O"),
        ("x²", f"x{SUPERSCRIPT}2"),
        ("½", "½"),
        ("45º", "45°"),
        ("😀", " "),
        ("привет", "привет"),
        ("line\u2028next", "line\nnext"),
        ("a\r\nb", "a \nb"),
        ("a\rb", "a\nb"),
        ("\x00\ud800\ue000", "   "),
    ],
)
def test_folds_to_plain_characters(written: str, folded: str) -> None:
    assert fold(written).characters == folded


@given(st.text())
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    spans = list(zip(folded.starts, folded.ends, strict=True))
    assert len(spans) == len(folded.characters)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


def test_an_accent_of_its_own_belongs_to_its_letter() -> None:
    folded = fold("cafe\u0301s")
    assert folded.original(0, 4) == (0, 5)
    assert folded.original(4, 5) == (5, 6)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("你好", "Chinese characters"),
        ("世界へ", "Japanese characters"),
        ("안녕", "Korean characters"),
        ("привет", "the Cyrillic alphabet"),
        ("γειά", "the Greek alphabet"),
        ("مرحبا", "the Arabic script"),
        ("שלום", "the Hebrew alphabet"),
        ("สวัสดี", "the Thai script"),
        ("नमस्ते", "the Devanagari script"),
        ("გამარჯობა", "the Georgian script"),
        ("əʃ", "phonetic symbols"),
        ("٣", "another script"),
    ],
)
def test_names_the_script(text: str, name: str) -> None:
    assert script(text) == name
