"""Skipped, inserted, replaced and repeated words are found where they are, and nothing where they are not."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.miscues import WINDOW_WORDS, ReadingSearch, Stretch, kept, without_noises
from assessment.phones import MODEL_PHONES, PHONE_INDEX, SILENCE, base

WORDS = {
    "cat": ("K", "AE1", "T"),
    "sofa": ("S", "OW1", "F", "AH0"),
    "green": ("G", "R", "IY1", "N"),
    "moon": ("M", "UW1", "N"),
    "hat": ("HH", "AE1", "T"),
    "joy": ("JH", "OY1"),
}
FRAMES = 8
NO_PRIORS = np.zeros(len(MODEL_PHONES), np.float32)


def said(*words: str) -> NDArray[np.float32]:
    """Return log posteriors of words said clearly, with a silence at either end; "_" is a silence."""
    phones = [SILENCE, *(phone for word in words for phone in WORDS.get(word, (SILENCE,))), SILENCE]
    rows = np.full((FRAMES * len(phones), len(MODEL_PHONES)), -9.0, np.float32)
    for number, phone in enumerate(phones):
        rows[FRAMES * number : FRAMES * (number + 1), PHONE_INDEX[base(phone)]] = -0.05
    return rows


def search(text: str, **options: object) -> ReadingSearch:
    return ReadingSearch([(WORDS[word],) for word in text.split()], NO_PRIORS, **options)  # type: ignore[arg-type]


def read(text: str, *words: str, **options: object) -> list[int | None]:
    """Return which words of a text are found in what was said; None for other speech."""
    looking = search(text, **options)
    looking.push(said(*words))
    return [stretch.word for stretch in looking.stretches()]


TEXT = "cat sofa green moon hat"


def test_words_that_were_read_are_found_in_their_places() -> None:
    looking = search("cat joy")
    looking.push(said("cat", "_", "joy"))
    assert looking.stretches() == [Stretch(0, 8, 32), Stretch(1, 40, 56)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cat sofa green moon hat", [0, 1, 2, 3, 4]),
        ("cat sofa moon hat", [0, 1, 3, 4]),
        ("moon hat", [3, 4]),
        ("cat sofa", [0, 1]),
        ("cat sofa joy green moon hat", [0, 1, None, 2, 3, 4]),
        ("joy cat sofa green moon hat", [None, 0, 1, 2, 3, 4]),
        ("cat sofa green moon hat joy", [0, 1, 2, 3, 4, None]),
        ("cat sofa joy moon hat", [0, 1, None, 3, 4]),
        ("cat sofa sofa green moon hat", [0, 1, 1, 2, 3, 4]),
        ("cat sofa green _ sofa green moon hat", [0, 1, 2, 1, 2, 3, 4]),
        ("green moon hat cat sofa", [2, 3, 4, 0, 1]),
        ("", []),
    ],
)
def test_what_was_really_read_is_found(words: str, found: list[int | None]) -> None:
    assert read(TEXT, *words.split()) == found


def test_without_miscues_every_word_is_read_in_order() -> None:
    assert read(TEXT, "cat", "sofa", "joy", "moon", "hat", enable_miscue=False) == [0, 1, 2, 3, 4]


@given(
    st.lists(st.sampled_from(sorted(WORDS)), max_size=8), st.lists(st.integers(1, 60), min_size=1, max_size=9)
)
def test_the_blocks_in_which_posteriors_come_change_nothing(words: list[str], blocks: list[int]) -> None:
    log_posteriors = said(*words)
    whole, parts = search(TEXT), search(TEXT)
    whole.push(log_posteriors)
    first = 0
    for number in range(len(log_posteriors)):
        last = first + blocks[number % len(blocks)]
        parts.push(log_posteriors[first:last])
        first = last
    assert parts.stretches() == whole.stretches()


@given(st.lists(st.sampled_from(sorted(WORDS)), max_size=8))
def test_stretches_follow_one_another_within_the_recording(words: list[str]) -> None:
    log_posteriors = said(*words)
    looking = search(TEXT)
    looking.push(log_posteriors)
    bounds = [bound for stretch in looking.stretches() for bound in (stretch.first, stretch.last)]
    assert bounds == sorted(bounds)
    assert all(0 <= bound <= len(log_posteriors) for bound in bounds)


def test_the_readers_place_moves_word_by_word() -> None:
    looking, places = search(TEXT), []
    for word in TEXT.split():
        looking.push(said(word)[FRAMES:-FRAMES])
        places.append(looking.place())
    assert [place.word for place in places] == [0, 1, 2, 3, 4]
    assert all(place.is_inside for place in places)
    looking.push(said("_"))
    assert (looking.place().word, looking.place().is_inside) == (5, False)


def test_a_look_ahead_is_not_kept() -> None:
    looking = search(TEXT)
    looking.push(said("cat")[:-FRAMES])
    assert looking.place(said("sofa")[FRAMES:-FRAMES]).word == 1
    assert looking.place().word == 0
    assert [stretch.word for stretch in looking.stretches()] == [0]


def test_long_texts_are_followed_to_their_ends() -> None:
    names = sorted(WORDS)
    words = [names[(7 * number + number // 5) % len(names)] for number in range(3 * WINDOW_WORDS)]
    left_out = len(words) - 20
    spoken = [*words[:left_out], *words[left_out + 1 :]]
    found = read(" ".join(words), *spoken, settle_steps=200)
    assert found == [number for number in range(len(words)) if number != left_out]


def test_deciding_early_changes_nothing_where_speech_is_clear() -> None:
    text = " ".join(sorted(WORDS) * 6)
    words = [*text.split()[:20], "joy", "joy", *text.split()[17:]]
    assert read(text, *words, settle_steps=150) == read(text, *words)


@given(st.lists(st.integers(0, 6) | st.none(), max_size=9))
def test_as_many_words_as_possible_are_kept_in_order(words: list[int | None]) -> None:
    stretches = [Stretch(word, 10 * number, 10 * number + 9) for number, word in enumerate(words)]
    chosen = kept(stretches)
    in_order = [words[number] for number in chosen]
    assert in_order == sorted({word for word in in_order if word is not None})
    known = [word for word in words if word is not None]
    longest = max(
        size
        for size in range(len(known) + 1)
        if any(list(part) == sorted(set(part)) for part in combinations(known, size))
    )
    assert len(chosen) == longest


def test_of_a_word_that_was_read_twice_the_later_is_kept() -> None:
    stretches = [Stretch(word, 0, 1) for word in (0, 1, 0, 1, 2)]
    assert kept(stretches) == [2, 3, 4]


def test_short_unclear_speech_beside_the_text_is_taken_for_a_noise() -> None:
    log_posteriors = said("joy", "cat")
    clear, unclear = Stretch(None, 8, 24), Stretch(None, 10, 14)
    word = Stretch(0, 24, 48)
    assert without_noises([clear, word], log_posteriors) == [clear, word]
    assert without_noises([unclear, word], log_posteriors) == [word]
