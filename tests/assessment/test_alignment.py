"""The reading graph and its search find who said what when, in short and in long recordings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment import alignment
from assessment.alignment import MIN_FRAMES, ReadingGraph, align, scaled_likelihoods
from assessment.errors import AlignmentError
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


def test_the_band_finds_the_same_path_as_the_exact_search(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    text = [tuple(random.choice(PHONES, 3)) for _ in range(60)]
    parts = [(phone, int(random.integers(3, 12))) for word in text for phone in word]
    likelihoods = spoken(*parts) + random.normal(0, 1.5, (sum(n for _, n in parts), 40)).astype(np.float32)
    exact = align(likelihoods, words(*text))
    monkeypatch.setattr(alignment, "_EXACT_STATES", 10)
    assert align(likelihoods, words(*text)) == exact


def test_a_long_silence_in_a_long_text_does_not_lose_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "_EXACT_STATES", 10)
    said = [("K", 5), ("AE", 5), ("T", 5)]
    likelihoods = spoken(*said * 40, (SILENCE, 500), *said * 40)
    found = align(likelihoods, words(*[CAT] * 80))
    assert found.phones[3 * 40].first == 15 * 40 + 500


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
