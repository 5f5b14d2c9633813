"""The reading graph and its search find who said what when, in short and in long recordings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.alignment import (
    MIN_FRAMES,
    SECTION_WORDS,
    ReadingGraph,
    align,
    align_stretches,
    scaled_likelihoods,
)
from assessment.errors import AlignmentError
from assessment.miscues import Stretch
from assessment.phones import MODEL_PHONES, PHONE_INDEX, PHONES, SILENCE, base

CAT, SAT, AND = ("K", "AE1", "T"), ("S", "AE1", "T"), ("AE1", "N", "D")


def spoken(*parts: tuple[str, int]) -> NDArray[np.float32]:
    """Return likelihoods in which each phone clearly wins for its number of frames."""
    rows = []
    for phone, frames in parts:
        row = np.full(len(MODEL_PHONES), -8.0, np.float32)
        row[PHONE_INDEX[base(phone)]] = -0.01
        rows += [row] * frames
    return np.array(rows)


def words(*pronunciations: tuple[str, ...]) -> ReadingGraph:
    return ReadingGraph.build([(pronunciation,) for pronunciation in pronunciations])


def test_phones_are_found_where_they_were_said() -> None:
    likelihoods = spoken((SILENCE, 10), ("K", 5), ("AE", 12), ("T", 6), (SILENCE, 7))
    found = align(likelihoods, words(CAT))
    assert [(phone.symbol, phone.first, phone.last) for phone in found.phones] == [
        ("K", 10, 15),
        ("AE1", 15, 27),
        ("T", 27, 33),
    ]


def test_a_silence_between_words_belongs_to_neither() -> None:
    likelihoods = spoken(("K", 5), ("AE", 5), ("T", 5), (SILENCE, 40), ("S", 5), ("AE", 5), ("T", 5))
    found = align(likelihoods, words(CAT, SAT))
    assert found.phones[2].last == 15
    assert found.phones[3].first == 55


def test_a_silence_between_words_is_optional() -> None:
    likelihoods = spoken(("K", 5), ("AE", 5), ("T", 5), ("S", 5), ("AE", 5), ("T", 5))
    found = align(likelihoods, words(CAT, SAT))
    assert found.phones[2].last == found.phones[3].first == 15


def test_the_pronunciation_that_was_said_is_chosen() -> None:
    variants = (AND, ("AH0", "N"), ("N",))
    graph = ReadingGraph.build([(CAT,), variants, (SAT,)])
    said = [("K", 5), ("AE", 5), ("T", 5), ("AH", 6), ("N", 6), ("S", 5), ("AE", 5), ("T", 5)]
    assert align(spoken(*said), graph).pronunciations == (CAT, ("AH0", "N"), SAT)


def test_a_repeated_word_is_two_words() -> None:
    likelihoods = spoken(("K", 5), ("AE", 5), ("T", 5), ("K", 5), ("AE", 5), ("T", 5))
    found = align(likelihoods, words(CAT, CAT))
    assert [phone.word for phone in found.phones] == [0, 0, 0, 1, 1, 1]


def test_two_same_phones_in_a_row_are_kept_apart() -> None:
    found = align(spoken(("K", 5), ("T", 8), ("AE", 5)), words(("K", "T"), ("T", "AE1")))
    assert [phone.symbol for phone in found.phones] == ["K", "T", "T", "AE1"]


def test_a_phone_that_was_not_said_takes_as_little_as_possible() -> None:
    found = align(spoken(("K", 20), ("T", 20)), words(CAT))
    assert found.phones[1].last - found.phones[1].first == MIN_FRAMES


def test_a_text_longer_than_the_recording_is_refused_in_plain_words() -> None:
    with pytest.raises(AlignmentError, match=r"text is too long for the recording"):
        align(spoken((SILENCE, 300)), words(*[CAT] * 5_000))


def test_a_long_reading_is_aligned_in_sections_as_in_one_piece() -> None:
    random = np.random.default_rng(3)
    text = [tuple(random.choice(PHONES, 3)) for _ in range(2 * SECTION_WORDS)]
    parts = [part for word in text for part in [*((phone, 8) for phone in word), (SILENCE, 10)]]
    likelihoods = spoken(*parts)
    whole = align(likelihoods, words(*text)).phones
    stretches = [Stretch(number, 34 * number, 34 * number + 24) for number in range(len(text))]
    aligned = align_stretches(likelihoods, [(word,) for word in text], stretches)
    assert [phone for phones in aligned for phone in phones] == list(whole)


def test_other_speech_has_no_phones_and_parts_the_reading() -> None:
    likelihoods = spoken(("K", 5), ("AE", 5), ("T", 5), ("M", 40), ("K", 5), ("AE", 5), ("T", 5))
    stretches = [Stretch(0, 0, 15), Stretch(None, 15, 55), Stretch(0, 55, 70)]
    first, other, second = align_stretches(likelihoods, [(CAT,)], stretches)
    assert [(phone.first, phone.last) for phone in first] == [(0, 5), (5, 10), (10, 15)]
    assert other == ()
    assert [(phone.first, phone.last) for phone in second] == [(55, 60), (60, 65), (65, 70)]


pronunciations = st.lists(
    st.lists(st.lists(st.sampled_from(PHONES), min_size=1, max_size=5).map(tuple), min_size=1, max_size=3),
    min_size=1,
    max_size=6,
)


@given(pronunciations, st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_any_alignment_reads_every_word_in_order(
    text: list[list[tuple[str, ...]]], extra: int, seed: int
) -> None:
    graph = ReadingGraph.build(text)
    frames = sum(max(map(len, variants)) for variants in text) * MIN_FRAMES + extra
    random = np.random.default_rng(seed)
    posteriors = np.log(random.dirichlet(np.full(len(MODEL_PHONES), 0.2), frames) + 1e-9).astype(np.float32)
    found = align(posteriors, graph)
    assert all(
        pronunciation in variants for pronunciation, variants in zip(found.pronunciations, text, strict=True)
    )
    read = [phone for pronunciation in found.pronunciations for phone in pronunciation]
    assert [phone.symbol for phone in found.phones] == read
    assert all(phone.last - phone.first >= MIN_FRAMES for phone in found.phones)
    assert all(before.last <= after.first for before, after in pairwise(found.phones))
    assert found.phones[-1].last <= frames


@given(st.integers(0, 2**32 - 1), st.floats(-5, 5))
def test_a_constant_added_to_every_frame_changes_no_alignment(seed: int, constant: float) -> None:
    random = np.random.default_rng(seed)
    likelihoods = random.normal(0, 2, (60, len(MODEL_PHONES))).astype(np.float32)
    graph = words(CAT, SAT)
    moved = align(likelihoods + np.float32(constant), graph)
    assert moved.score == pytest.approx(align(likelihoods, graph).score + constant, abs=1e-3)


def test_rare_phones_are_not_drowned_by_common_ones() -> None:
    priors = np.log(np.where(np.arange(40) == PHONE_INDEX[SILENCE], 0.5, 0.5 / 39)).astype(np.float32)
    posteriors = np.log(np.full((1, 40), 1 / 40, np.float32))
    scaled = scaled_likelihoods(posteriors, priors)
    assert scaled[0].argmin() == PHONE_INDEX[SILENCE]
