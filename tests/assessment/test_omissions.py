"""Words that seem to be left out are looked at again: those that can be heard were read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assessment.miscues import Stretch
from assessment.omissions import with_heard_words
from assessment.phones import MODEL_PHONES, PHONE_INDEX

CAT, SAT, ON, MAT = ("K", "AE1", "T"), ("S", "AE1", "T"), ("AA1", "N"), ("M", "AE1", "T")
TEXT = [(CAT,), (SAT,), (ON,), (MAT,)]


def posteriors(*phones: str, frames: int = 6) -> NDArray[np.float32]:
    """Return log posteriors in which phones follow one another, each clear."""
    rows = np.full((frames * len(phones), len(MODEL_PHONES)), -9.0, np.float32)
    for number, phone in enumerate(phones):
        rows[frames * number : frames * (number + 1), PHONE_INDEX[phone]] = -0.05
    return rows


def looked_at(log_posteriors: NDArray[np.float32], *stretches: Stretch) -> list[int | None]:
    found = with_heard_words(stretches, TEXT, log_posteriors, log_posteriors)
    return [stretch.word for stretch in found]


def test_word_that_can_be_heard_was_read() -> None:
    said = posteriors("K", "AE", "T", "S", "AE", "T", "AA", "N", "M", "AE", "T")
    read = [Stretch(0, 0, 18), Stretch(1, 18, 40), Stretch(3, 48, 66)]
    assert looked_at(said, *read) == [0, 1, 2, 3]


def test_word_of_which_nothing_is_heard_was_left_out() -> None:
    said = posteriors("K", "AE", "T", "S", "AE", "T", "M", "AE", "T")
    read = [Stretch(0, 0, 18), Stretch(1, 18, 36), Stretch(3, 36, 54)]
    assert looked_at(said, *read) == [0, 1, 3]


def test_first_and_last_words_are_looked_for_beyond_what_was_read() -> None:
    said = posteriors("K", "AE", "T", "S", "AE", "T", "AA", "N", "M", "AE", "T")
    assert looked_at(said, Stretch(1, 18, 36), Stretch(2, 36, 48)) == [0, 1, 2, 3]


def test_other_speech_in_the_place_of_a_heard_word_was_the_word() -> None:
    said = posteriors("K", "AE", "T", "S", "AE", "T", "AA", "N", "M", "AE", "T")
    read = [Stretch(0, 0, 18), Stretch(1, 18, 36), Stretch(None, 38, 46), Stretch(3, 48, 66)]
    assert looked_at(said, *read) == [0, 1, 2, 3]


def test_passages_are_not_looked_for() -> None:
    said = posteriors("K", "AE", "T", "S", "AE", "T", "AA", "N", "M", "AE", "T")
    assert looked_at(said, Stretch(3, 48, 66)) == [3]


def test_nothing_is_looked_for_where_nothing_was_read() -> None:
    assert looked_at(posteriors("K", "AE", "T")) == []
    assert looked_at(posteriors("HH", "UW"), Stretch(0, 0, 4)) == [0]
