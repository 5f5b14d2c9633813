"""The natural voice says the phones that it is given, and is well understood."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from app.voice.hibari import HibariVoice, in_misaki
from app.voice.phrases import Phrase
from assessment import ReferenceText
from assessment.control import Control
from assessment.errors import Cancelled
from assessment.lexicon import Pronunciation
from tests.app.voice.conftest import Judge

Pronounce = Callable[[ReferenceText], list[Pronunciation]]
TEXT = ReferenceText.parse(
    "The children were playing in the garden. Would you like another cup of tea?\n\n"
    "I think the third house belongs to my father."
)


@pytest.fixture(scope="module")
def voice() -> HibariVoice:
    return HibariVoice()


def test_it_reads_a_text_well(voice: HibariVoice, judged: Judge, first_pronunciations: Pronounce) -> None:
    result = judged(voice.say(TEXT, first_pronunciations(TEXT)), TEXT)
    assert result.scores.accuracy is not None
    assert result.scores.accuracy > 90.0
    assert not [word for word in result.words if word.is_extra or not word.syllables]


@pytest.mark.parametrize("speed", [0.75, 0.5])
def test_it_reads_well_when_slow(
    voice: HibariVoice, judged: Judge, first_pronunciations: Pronounce, speed: float
) -> None:
    said = first_pronunciations(TEXT)
    slow = voice.say(TEXT, said, speed)
    assert slow.duration > 0.8 / speed * voice.say(TEXT, said).duration
    accuracy = judged(slow, TEXT).scores.accuracy
    assert accuracy is not None
    assert accuracy > 85.0


def test_it_says_other_phones_where_they_are_asked_for(
    voice: HibariVoice, judged: Judge, first_pronunciations: Pronounce
) -> None:
    reference = ReferenceText.parse("We thank them for the ship.")
    said = first_pronunciations(reference)
    said[1], said[5] = ("S", "AE1", "NG", "K"), ("SH", "IY1", "P")
    words = judged(voice.say(reference, said), reference).words
    assert words[1].phones[0].heard_instead == "S"
    assert words[5].phones[1].heard_instead == "IY"


def test_it_always_says_a_text_in_the_same_way(voice: HibariVoice, first_pronunciations: Pronounce) -> None:
    one, two = (voice.say(TEXT, first_pronunciations(TEXT)) for _ in range(2))
    assert np.array_equal(one.samples, two.samples)


def test_it_can_be_stopped(voice: HibariVoice, first_pronunciations: Pronounce) -> None:
    control = Control(lambda share: control.cancel())
    with pytest.raises(Cancelled):
        voice.say(TEXT, first_pronunciations(TEXT), control=control)


def test_its_model_is_loaded_once_though_several_threads_ask(first_pronunciations: Pronounce) -> None:
    reference, spoken = ReferenceText.parse("Good morning."), []

    def work() -> None:
        spoken.append(HibariVoice().say(reference, first_pronunciations(reference)))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spoken) == 3
    assert all(np.array_equal(each.samples, spoken[0].samples) for each in spoken)


def test_punctuation_and_stress_are_handed_over() -> None:
    reference = ReferenceText.parse("Is it late, John?")
    said = [("IH1", "Z"), ("IH1", "T"), ("L", "EY1", "T"), ("JH", "AA1", "N")]
    assert in_misaki(reference, Phrase(0, 4, 0.0), said) == "ɪz ɪt lˈAt, ʤˈɑn?"


def test_what_it_cannot_say_is_refused(voice: HibariVoice) -> None:
    with pytest.raises(ValueError, match="0 pronunciations for"):
        voice.say(TEXT, [])
    with pytest.raises(ValueError, match="speed"):
        voice.say(ReferenceText.parse("Go."), [("G", "OW1")], 0.1)
