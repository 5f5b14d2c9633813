"""An attempt: which words of the text a word of the assessment stands for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.windows.attempt import Attempt
from assessment.results import Assessment, ErrorType
from tests.app.windows.stage import demo
from tests.assessment import examples


def attempt(*errors: ErrorType) -> Attempt:
    """An attempt whose words have these errors."""
    reading: Assessment = examples.good_reading()
    words = tuple(replace(reading.words[0], error=error) for error in errors)
    return Attempt(demo(0)[1], replace(reading, words=words))


def test_without_words_beside_the_text_each_stands_for_its_own() -> None:
    made = attempt(ErrorType.NONE, ErrorType.OMISSION, ErrorType.MISPRONUNCIATION)
    assert [made.words_of_text(index) for index in range(3)] == [(0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize("beside", [ErrorType.INSERTION, ErrorType.REPETITION])
def test_a_word_beside_the_text_stands_for_the_one_that_follows(beside: ErrorType) -> None:
    made = attempt(ErrorType.NONE, beside, beside, ErrorType.NONE)
    assert [made.words_of_text(index) for index in range(4)] == [(0, 1), (1, 2), (1, 2), (1, 2)]


def test_a_word_after_the_last_one_stands_for_the_last() -> None:
    made = attempt(ErrorType.NONE, ErrorType.NONE, ErrorType.INSERTION)
    assert made.words_of_text(2) == (1, 2)
