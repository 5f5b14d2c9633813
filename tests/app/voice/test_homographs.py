"""Words that are spelt alike are said as their sentence needs them."""

from __future__ import annotations

import pytest

from app.voice.homographs import fitting
from assessment import Assessor, ReferenceText


@pytest.mark.parametrize(
    ("text", "word", "phones"),
    [
        ("I live in London.", 1, "L IH1 V"),
        ("It was a live show.", 3, "L AY1 V"),
        ("I like to read books.", 3, "R IY1 D"),
        ("She has read the book.", 2, "R EH1 D"),
        ("Please close the door.", 1, "K L OW1 Z"),
        ("The shop is close to home.", 3, "K L OW1 S"),
        ("The wind was strong.", 1, "W IH1 N D"),
        ("He had a tear in his eye.", 3, "T IH1 R"),
        ("The apple is red.", 0, "DH IY0"),
        ("The pear is red.", 0, "DH AH0"),
        ("We want to go.", 2, "T AH0"),
        ("They record a song.", 1, "R AH0 K AO1 R D"),
        ("They broke a record.", 3, "R EH1 K ER0 D"),
    ],
)
def test_the_sentence_decides(assessor: Assessor, text: str, word: int, phones: str) -> None:
    reference = ReferenceText.parse(text)
    chosen = fitting(reference, assessor.pronunciations(reference))
    assert " ".join(chosen[word]) == phones


def test_choices_are_kept_to(assessor: Assessor) -> None:
    reference = ReferenceText.parse("On May 3rd, Dr. Smith's 2 TVs cost $5.50 — the zorbleplix didn't.")
    choices = assessor.pronunciations(reference)
    chosen = fitting(reference, choices)
    assert all(each in known for each, known in zip(chosen, choices, strict=True))


def test_a_word_with_one_pronunciation_has_no_choice() -> None:
    reference = ReferenceText.parse("I read.")
    choices = [[("AY1",)], [("R", "EH1", "D")]]
    assert fitting(reference, choices) == [("AY1",), ("R", "EH1", "D")]
