"""eSpeak NG says the phones that it is given, on any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from app.voice.espeak import MNEMONICS, EspeakVoice, in_mnemonics, mnemonics
from app.voice.phrases import Phrase
from app.voice.speech import Spoken
from assessment import ReferenceText
from assessment.control import Control
from assessment.errors import Cancelled
from assessment.lexicon import Pronunciation
from assessment.phones import PHONES
from tests.app.voice.conftest import Judge

Pronounce = Callable[[ReferenceText], list[Pronunciation]]
TEXT = ReferenceText.parse("The boy found a good book about birds. Could you judge which town is near?")
VOICE = EspeakVoice()


def test_it_knows_every_phone() -> None:
    assert set(MNEMONICS) == set(PHONES)


def test_it_is_understood(judged: Judge, first_pronunciations: Pronounce) -> None:
    accuracy = judged(VOICE.say(TEXT, first_pronunciations(TEXT)), TEXT).scores.accuracy
    assert accuracy is not None
    assert accuracy > 80.0


def test_it_reads_words_without_phones_by_its_own_rules(judged: Judge) -> None:
    accuracy = judged(VOICE.say(TEXT, [()] * len(TEXT.words)), TEXT).scores.accuracy
    assert accuracy is not None
    assert accuracy > 80.0


def test_it_says_other_phones_where_they_are_asked_for(
    judged: Judge, first_pronunciations: Pronounce
) -> None:
    reference = ReferenceText.parse("They saw a ship near the town.")
    said = first_pronunciations(reference)
    right = judged(VOICE.say(reference, said), reference).words[3]
    said[3] = ("CH", "UW1", "P")
    other = judged(VOICE.say(reference, said), reference).words[3]
    assert other.accuracy < right.accuracy - 20.0


def test_slow_speech_takes_longer(first_pronunciations: Pronounce) -> None:
    said = first_pronunciations(TEXT)
    usual, slow = VOICE.say(TEXT, said).duration, VOICE.say(TEXT, said, 0.5).duration
    assert 1.6 * usual < slow < 2.4 * usual


def test_two_threads_get_each_their_own_text(first_pronunciations: Pronounce) -> None:
    texts = [
        ReferenceText.parse(text) for text in ("One, two. Three, four, five.", "A much longer text. Yes!")
    ]
    alone = [VOICE.say(text, first_pronunciations(text)) for text in texts]
    found: list[list[Spoken]] = [[], []]

    def work(number: int) -> None:
        for _ in range(10):
            found[number].append(EspeakVoice().say(texts[number], first_pronunciations(texts[number])))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for expected, said in zip(alone, found, strict=True):
        assert len(said) == 10
        # The library varies its sound a little from one time to the next, but not its length by much.
        assert all(abs(each.duration - expected.duration) < 0.1 for each in said)


def test_it_can_be_stopped(first_pronunciations: Pronounce) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        VOICE.say(TEXT, first_pronunciations(TEXT), control=control)


def test_samples_are_within_full_scale(first_pronunciations: Pronounce) -> None:
    samples = VOICE.say(TEXT, first_pronunciations(TEXT)).samples
    assert samples.dtype == np.float32
    assert 0.1 < np.abs(samples).max() <= 1.0


def test_phones_are_written_in_its_mnemonics() -> None:
    assert mnemonics(("F", "AA1", "DH", "ER0"), {"1": "ˈ"}) == "f'A:D3"
    assert mnemonics(("AH0",), {}) == "@"
    reference = ReferenceText.parse("Oh, the elephant?")
    said = [("OW1",), (), ("EH1", "L")]
    assert in_mnemonics(reference, Phrase(0, 3, 0.0), said) == "[['oU]], the [['El]]?"
