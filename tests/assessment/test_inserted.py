"""Speech that is not in the text is named where a word fits, as words of the text first."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assessment.acoustic import Evidence
from assessment.audio import Recording
from assessment.inserted import Namer, Vocabulary
from assessment.lexicon import Lexicon
from assessment.phones import MODEL_PHONES, PHONE_INDEX, SILENCE, base
from assessment.reading import Extra, Reading
from assessment.results import ErrorType
from assessment.text import ReferenceText

FRAMES = 6
TEXT = ReferenceText.parse("the green sofa")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.fixture(scope="module")
def namer(lexicon: Lexicon) -> Namer:
    return Namer(lexicon)


def posteriors(*phones: str) -> NDArray[np.float32]:
    rows = np.full((FRAMES * len(phones), len(MODEL_PHONES)), -9.0, np.float32)
    for number, phone in enumerate(phones):
        rows[FRAMES * number : FRAMES * (number + 1), PHONE_INDEX[base(phone)]] = -0.05
    return rows


def named(namer: Namer, lexicon: Lexicon, *phones: str, before: int = 3) -> Extra:
    """Return what is made of phones that were said before a word of the text."""
    evidence = posteriors(SILENCE, *phones, SILENCE)
    extra = Extra(ErrorType.INSERTION, before, None, FRAMES, FRAMES * (len(phones) + 1))
    recording = Recording.from_samples(np.zeros(16_000, np.float32), 16_000)
    accepted = [lexicon.pronunciations(word.spoken) for word in TEXT.words]
    states = np.zeros((1, 1), np.float32)
    reading = Reading(recording, TEXT, Evidence(evidence, states), accepted, (), (extra,), 0.0)
    return namer.named(reading)[0]


def test_a_common_word_is_named(namer: Namer, lexicon: Lexicon) -> None:
    found = named(namer, lexicon, "M", "AO", "R", "N", "IH", "NG")
    assert (found.name, found.error) == ("morning", ErrorType.INSERTION)
    assert found.phones == ("M", "AO", "R", "N", "IH", "NG")


def test_a_word_said_with_a_similar_phone_is_named(namer: Namer, lexicon: Lexicon) -> None:
    assert named(namer, lexicon, "S", "IH", "S", "T", "AH").name == "sister"


def test_words_that_follow_one_another_are_named(namer: Namer, lexicon: Lexicon) -> None:
    assert named(namer, lexicon, "V", "EH", "R", "IY", "K", "AY", "N", "D").name == "very kind"


def test_a_neighbour_of_the_text_was_said_again(namer: Namer, lexicon: Lexicon) -> None:
    found = named(namer, lexicon, "G", "R", "IY", "N", before=2)
    assert (found.name, found.word, found.error) == ("green", 1, ErrorType.REPETITION)


def test_what_no_word_fits_keeps_its_phones(namer: Namer, lexicon: Lexicon) -> None:
    found = named(namer, lexicon, "ZH", "NG", "ZH", "NG", "ZH")
    assert (found.name, found.word) == ("", None)
    assert found.phones == ("ZH", "NG", "ZH", "NG", "ZH")


def test_the_likelier_of_words_that_sound_alike_is_chosen() -> None:
    words = Vocabulary([("their", ("DH", "EH1", "R")), ("there", ("DH", "EH1", "R"))])
    assert words.best(("DH", "EH", "R")) == (0.0, "their")


def test_words_of_quite_another_length_are_not_considered() -> None:
    cost, word = Vocabulary([("a", ("AH0",))]).best(("AH", "M", "AH", "Z", "IH", "NG"))
    assert (cost, word) == (np.inf, "")
