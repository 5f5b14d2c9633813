"""What was heard: candidates of each phone, free decoding, whole words, and what was added to them."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.alignment import MIN_FRAMES, AlignedPhone
from assessment.heard import (
    ADDED_FRAMES,
    CANDIDATES,
    added_phones,
    candidates,
    heard_segments,
    heard_string,
    heard_word,
    paired,
)
from assessment.phones import MODEL_PHONES, PHONE_INDEX, PHONES, SILENCE, feature_distance
from assessment.results import NO_PHONE, Candidate, Verdict

Floats = NDArray[np.float32]
Said = list[tuple[str, int]]

symbols = st.sampled_from(PHONES)
durations = st.integers(MIN_FRAMES, 12)


def spoken(said: Said, certainty: float = 1.0) -> Floats:
    """Return log-posteriors of phones that last some frames each; the rest is spread evenly."""
    frames = [phone for phone, count in said for _ in range(count)]
    rest = (1.0 - certainty) / (len(MODEL_PHONES) - 1)
    posteriors = np.full((len(frames), len(MODEL_PHONES)), rest)
    posteriors[np.arange(len(frames)), [PHONE_INDEX[phone] for phone in frames]] = certainty
    with np.errstate(divide="ignore"):
        return np.log(posteriors).astype(np.float32)


def aligned(expected: Said, start: int = 0) -> list[AlignedPhone]:
    """Lay expected phones of one word out one after another."""
    ends = np.cumsum([start, *(count for _, count in expected)]).tolist()
    return [
        AlignedPhone(phone, 0, first, last)
        for (phone, _), (first, last) in zip(expected, pairwise(ends), strict=True)
    ]


def without_repeats(said: Said) -> Said:
    return [next(group) for _, group in groupby(said, key=lambda entry: entry[0])]


utterances = st.lists(st.tuples(symbols, durations), min_size=1, max_size=8).map(without_repeats)


# --- candidates ---------------------------------------------------------------------------------


@given(utterances, st.integers(0, 2**32 - 1))
def test_probabilities_lie_in_0_to_1_add_up_to_at_most_1_and_fall(said: Said, seed: int) -> None:
    frames = sum(count for _, count in said)
    scores = np.random.default_rng(seed).normal(0.0, 4.0, (frames, len(MODEL_PHONES)))
    log_posteriors = (scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)).astype(np.float32)
    for found in candidates(log_posteriors, aligned(said)):
        probabilities = [each.probability for each in found]
        assert len(found) == len({each.phone for each in found}) == CANDIDATES
        assert all(0.0 <= probability <= 1.0 for probability in probabilities)
        assert sum(probabilities) <= 1.0
        assert probabilities == sorted(probabilities, reverse=True)


@given(utterances)
def test_the_expected_phone_leads_where_its_posterior_is_1(said: Said) -> None:
    found = candidates(spoken(said), aligned(said))
    assert [each[0].phone for each in found] == [phone for phone, _ in said]
    assert all(each[0].probability > 0.6 for each in found)


@given(utterances, st.data())
def test_another_phone_leads_where_it_was_said_however_it_was_aligned(
    said: Said, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(said) - 1))
    around = {said[index][0] for index in (place - 1, place, place + 1) if 0 <= index < len(said)}
    other = data.draw(symbols.filter(lambda phone: phone not in around))
    said = [(phone, max(count, 6)) for phone, count in said]
    heard = [*said[:place], (other, said[place][1]), *said[place + 1 :]]
    found = candidates(spoken(heard), aligned(said))[place]
    assert found[0].phone == other


def test_boundaries_that_the_expected_phone_was_squeezed_into_do_not_matter() -> None:
    heard = [("S", 10), ("AE", 14), ("D", 8)]
    squeezed = [AlignedPhone("S", 0, 0, 10), AlignedPhone("EH1", 0, 10, 12), AlignedPhone("D", 0, 12, 32)]
    assert candidates(spoken(heard, 0.9), squeezed)[1][0].phone == "AE"


def test_no_phone_leads_where_the_neighbours_fill_the_place() -> None:
    heard = [("K", 8), ("OW", 12), ("L", 12), (SILENCE, 20)]
    cold = [AlignedPhone(*each) for each in (("K", 0, 0, 8), ("OW1", 0, 8, 20), ("L", 0, 20, 30))]
    lost = AlignedPhone("D", 0, 30, 30 + MIN_FRAMES)
    assert candidates(spoken(heard, 0.95), [*cold, lost])[3][0].phone == NO_PHONE


def test_of_two_phones_that_are_equally_likely_the_similar_one_leads() -> None:
    log_posteriors = spoken([("IY", 8), ("TH", 8), ("IY", 8)])
    log_posteriors[8:16] = -12.0
    log_posteriors[8:16, [PHONE_INDEX["S"], PHONE_INDEX["K"]]] = np.log(0.5)
    found = candidates(log_posteriors, aligned([("IY1", 8), ("TH", 8), ("IY0", 8)]))[1]
    assert feature_distance("TH", "S") < feature_distance("TH", "K")
    assert [each.phone for each in found[:2]] == ["S", "K"]


def test_many_phones_get_the_same_candidates_as_few() -> None:
    word = [("S", 6), ("IY", 8), (SILENCE, 4)]
    once = spoken(word, 0.8)
    repeats = 150
    phones = [
        AlignedPhone(symbol, number, 18 * number + first, 18 * number + last)
        for number in range(repeats)
        for symbol, first, last in (("S", 0, 6), ("IY1", 6, 14))
    ]
    found = candidates(np.tile(once, (repeats, 1)), phones)
    assert len(found) == 2 * repeats
    assert set(found[2:-2:2]) == {found[2]}
    assert candidates(once, []) == []


# --- free decoding ------------------------------------------------------------------------------


@given(utterances)
def test_a_certain_string_is_heard_exactly(said: Said) -> None:
    frames = sum(count for _, count in said)
    assert heard_string(spoken(said), 0, frames) == tuple(phone for phone, _ in said)


@given(st.lists(st.tuples(symbols, st.integers(1, 3)), min_size=1, max_size=8).map(without_repeats))
def test_even_phones_of_one_frame_are_heard_if_they_are_certain(said: Said) -> None:
    frames = sum(count for _, count in said)
    assert heard_string(spoken(said), 0, frames) == tuple(phone for phone, _ in said)


def test_silences_and_neighbours_are_not_part_of_a_word() -> None:
    said = [("T", 10), (SILENCE, 10), ("S", 10), ("IY", 10), (SILENCE, 10), ("D", 10)]
    assert heard_string(spoken(said), 20, 40) == ("S", "IY")
    assert [each.phone for each in heard_segments(spoken(said), 10, 50)] == [SILENCE, "S", "IY", SILENCE]


def test_a_flicker_of_another_phone_is_not_heard() -> None:
    log_posteriors = spoken([("IY", 20)], 0.9)
    log_posteriors[10] = np.log(0.01)
    log_posteriors[10, [PHONE_INDEX["IH"], PHONE_INDEX["IY"]]] = np.log([0.6, 0.3])
    assert heard_string(log_posteriors, 0, 20) == ("IY",)


# --- comparing strings --------------------------------------------------------------------------

strings = st.lists(symbols, max_size=6)


@given(strings, strings)
def test_pairs_keep_the_order_and_use_every_phone_once(expected: list[str], heard: list[str]) -> None:
    pairs = paired(expected, heard)
    assert [one for one, _ in pairs if one is not None] == list(range(len(expected)))
    assert [two for _, two in pairs if two is not None] == list(range(len(heard)))
    assert all(pair != (None, None) for pair in pairs)


@given(strings)
def test_a_string_is_paired_with_itself(phones: list[str]) -> None:
    assert paired(phones, phones) == [(place, place) for place in range(len(phones))]


@pytest.mark.parametrize(
    ("expected", "heard", "pairs"),
    [
        ("TH IH1 NG K", "S IY NG K", [(0, 0), (1, 1), (2, 2), (3, 3)]),
        ("G UH1 D", "G UH D AH", [(0, 0), (1, 1), (2, 2), (None, 3)]),
        ("F IH1 L M", "F IH L AH M", [(0, 0), (1, 1), (2, 2), (None, 3), (3, 4)]),
        ("K OW1 L D", "K OW L", [(0, 0), (1, 1), (2, 2), (3, None)]),
        ("", "AH", [(None, 0)]),
        ("AH0", "", [(0, None)]),
    ],
)
def test_like_is_paired_with_like(
    expected: str, heard: str, pairs: list[tuple[int | None, int | None]]
) -> None:
    assert paired(expected.split(), heard.split()) == pairs


# --- words --------------------------------------------------------------------------------------

FILM = aligned([("F", 8), ("IH1", 8), ("L", 16), ("M", 8)])
FILUM = spoken([("F", 8), ("IH", 8), ("L", 8), ("AH", 8), ("M", 8)], 0.9)


def test_an_added_vowel_is_found_between_its_neighbours() -> None:
    assert added_phones(FILUM, FILM) == [(3, "AH")]


def test_a_well_read_word_has_nothing_added() -> None:
    said = [("F", 8), ("IH", 8), ("L", 16), ("M", 8)]
    assert added_phones(spoken(said, 0.9), FILM) == []


def test_what_is_short_or_unclear_is_not_called_added() -> None:
    short = spoken([("F", 8), ("IH", 8), ("L", 16 - ADDED_FRAMES), ("AH", ADDED_FRAMES - 1), ("M", 9)], 0.9)
    unclear = FILUM.copy()
    unclear[24:32] = spoken([("AH", 8)], 0.5)
    assert added_phones(short, FILM) == []
    assert added_phones(unclear, FILM) == []


def test_a_long_phone_is_not_added_to_itself() -> None:
    drawn = spoken([("F", 8), ("IH", 8), ("L", 6), (SILENCE, 4), ("L", 6), ("M", 8)], 0.9)
    assert added_phones(drawn, FILM) == []


def found(*leads: str) -> list[tuple[Candidate, ...]]:
    return [(Candidate(lead, 0.8),) for lead in leads]


RIGHT, NEARLY, WRONG = Verdict.RIGHT, Verdict.NEARLY, Verdict.WRONG


def test_a_word_is_heard_as_expected_where_it_is_right_and_as_what_leads_elsewhere() -> None:
    verdicts = [WRONG, RIGHT, NEARLY, RIGHT]
    well_read = spoken([("F", 8), ("IH", 8), ("L", 16), ("M", 8)], 0.9)
    assert heard_word(well_read, FILM, verdicts, found("V", "IY", "R", "N")) == ("V", "IH", "R", "M")


def test_a_phone_that_was_not_heard_is_left_out_and_an_added_one_put_in() -> None:
    verdicts = [RIGHT, RIGHT, RIGHT, WRONG]
    assert heard_word(FILUM, FILM, verdicts, found("F", "IH", "L", NO_PHONE)) == ("F", "IH", "L", "AH")


def test_a_word_that_is_mostly_wrong_is_decoded_freely() -> None:
    other = spoken([("B", 10), ("UH", 10), ("K", 20)], 0.9)
    verdicts = [WRONG, WRONG, WRONG, RIGHT]
    assert heard_word(other, FILM, verdicts, found("V", "UH", "K", "M")) == ("B", "UH", "K")


def test_without_candidates_a_phone_is_taken_as_expected() -> None:
    well_read = spoken([("F", 8), ("IH", 8), ("L", 16), ("M", 8)], 0.9)
    assert heard_word(well_read, FILM, [WRONG, RIGHT, RIGHT, RIGHT], [()] * 4) == ("F", "IH", "L", "M")
