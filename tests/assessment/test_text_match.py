"""How far a recording is a reading of its text, and what is amiss, from what was found in it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assessment.acoustic import Evidence
from assessment.alignment import AlignedPhone
from assessment.audio import Recording
from assessment.phones import MODEL_PHONES, PHONE_INDEX, SILENCE
from assessment.reading import Extra, Reading
from assessment.results import ErrorType
from assessment.text import ReferenceText
from assessment.text_match import holds_no_reading, no_match, phones_a_second, text_match

TEXT = ReferenceText.parse("one two three four five six seven eight nine ten")
WORD = 20
PHONES = ("T", "UW", "N", "AY")


def posteriors(*runs: tuple[str, int]) -> NDArray[np.float32]:
    """Return log posteriors in which each phone clearly wins for its number of frames."""
    rows = np.full((sum(frames for _, frames in runs), len(MODEL_PHONES)), -9.0, np.float32)
    at = 0
    for phone, frames in runs:
        rows[at : at + frames, PHONE_INDEX[phone]] = -0.05
        at += frames
    return rows


def speech(frames: int) -> NDArray[np.float32]:
    return posteriors(*((PHONES[number % 4], 5) for number in range(frames // 5)))


def reading(words: list[int], *extras: Extra, log_posteriors: NDArray[np.float32] | None = None) -> Reading:
    """Return a reading in which words follow one another."""
    evidence = speech(WORD * 30) if log_posteriors is None else log_posteriors
    phones = tuple(
        AlignedPhone("T", word, WORD * number, WORD * (number + 1)) for number, word in enumerate(words)
    )
    recording = Recording.from_samples(np.zeros(16_000, np.float32), 16_000)
    states = np.zeros((1, 1), np.float32)
    return Reading(recording, TEXT, Evidence(evidence, states), [()] * 10, phones, extras, 0.0)


def level(frames: int = WORD * 30, decibels: float = -20.0) -> NDArray[np.float32]:
    return np.full(frames, decibels, np.float32)


def inserted(words: int, name: str = "", word: int | None = None) -> Extra:
    return Extra(ErrorType.INSERTION, 10, word, 300, 300 + 30 * words, name)


def test_a_whole_reading_matches_wholly_and_nothing_is_amiss() -> None:
    found = text_match(reading(list(range(10))), level())
    assert (found.value, found.reason, found.message) == (1.0, "", "")


def test_reading_words_again_is_no_mismatch() -> None:
    again = Extra(ErrorType.REPETITION, 3, 2, 40, 60, "three")
    assert text_match(reading(list(range(10)), again), level()).value == 1.0


@pytest.mark.parametrize(
    ("words", "extras", "reason"),
    [
        ([0, 1, 2, 3, 4], [], "incomplete"),
        ([2], [inserted(9)], "another-text"),
        ([], [inserted(10)], "another-text"),
        ([0, 1, 2, 3], [inserted(1, "ten", 9), inserted(1, "nine", 8), inserted(2, "seven six")], "order"),
    ],
)
def test_what_is_amiss_is_named(words: list[int], extras: list[Extra], reason: str) -> None:
    found = text_match(reading(words, *extras), level())
    assert found.reason == reason
    assert found.value < 0.8
    assert found.message


def test_a_hum_is_no_speech() -> None:
    hum = posteriors(("M", 300), (SILENCE, 50), ("M", 250))
    assert phones_a_second(hum) < 1.0 < 10.0 < phones_a_second(speech(300))
    assert text_match(reading([3], log_posteriors=hum), level(600)).reason == "noise"
    assert holds_no_reading(hum, (), 0)


def test_words_in_a_small_part_of_the_sound_are_but_a_resemblance() -> None:
    sound = speech(600)
    word, sentence = [AlignedPhone("T", 0, 100, 120)], [AlignedPhone("T", 0, 0, 500)]
    assert holds_no_reading(sound, word, 0)
    assert not holds_no_reading(sound, sentence, 0)
    assert not holds_no_reading(sound, word, 400)


def test_quieter_speech_beside_the_words_is_a_second_voice() -> None:
    intensity = level()
    assert text_match(reading(list(range(10))), intensity).reason == ""
    intensity[WORD * 10 :] -= 12.0
    found = text_match(reading(list(range(10))), intensity)
    assert (found.value, found.reason) == (1.0, "second-voice")


@pytest.mark.parametrize("reason", ["silence", "noise"])
def test_recordings_without_speech_match_nothing(reason: str) -> None:
    found = no_match(reason)
    assert (found.value, found.reason) == (0.0, reason)
    assert found.message
