"""A reading knows which words were read, what was said beside the text, and where missing words belong."""

from __future__ import annotations

import numpy as np

from assessment.acoustic import Evidence
from assessment.alignment import AlignedPhone
from assessment.audio import Recording
from assessment.miscues import Stretch
from assessment.phones import MODEL_PHONES
from assessment.reading import Extra, Reading, beside_text
from assessment.results import ErrorType
from assessment.text import ReferenceText

TEXT = ReferenceText.parse("see my old cat")
ACCEPTED = [(("S", "IY1"),), (("M", "AY1"),), (("OW1", "L", "D"),), (("K", "AE1", "T"),)]
FRAMES = 40


def phones_of(word: int, first: int) -> tuple[AlignedPhone, ...]:
    return tuple(
        AlignedPhone(symbol, word, first + 3 * number, first + 3 * number + 3)
        for number, symbol in enumerate(ACCEPTED[word][0])
    )


def reading(*phones: AlignedPhone) -> Reading:
    evidence = Evidence(np.zeros((FRAMES, len(MODEL_PHONES)), np.float32), np.zeros((1, 1), np.float32))
    recording = Recording.from_samples(np.zeros(FRAMES * 160, np.float32), 16_000)
    return Reading(recording, TEXT, evidence, ACCEPTED, phones, (), lag=0.01)


def test_phones_belong_to_their_words_and_those_left_out_have_none() -> None:
    found = reading(*phones_of(0, 5), *phones_of(3, 20))
    assert [place.stop - place.start for place in found.word_phones] == [2, 0, 0, 3]
    assert [found.phones[place] for place in found.word_phones] == [phones_of(0, 5), (), (), phones_of(3, 20)]


def test_times_are_those_of_the_frames_without_the_lag_within_the_recording() -> None:
    found = reading(*phones_of(0, 0), *phones_of(3, 31))
    assert found.times[0] == (0.0, 0.02)
    assert found.times[-1] == (0.36, 0.39)
    assert found.seconds(1_000) == found.recording.duration


def test_words_left_out_are_scored_where_they_are_missing() -> None:
    for spoken in ((), (0,), (3,), (0, 3), (1, 2)):
        found = reading(*(phone for word in spoken for phone in phones_of(word, 10 * word)))
        scored = found.scored_phones
        assert [phone.word for phone in scored] == [0, 0, 1, 1, 2, 2, 2, 3, 3, 3]
        assert all(0 <= phone.first < phone.last <= FRAMES for phone in scored)
        assert [phone for phone in scored if phone.word in spoken] == list(found.phones)


def test_whole_readings_have_nothing_beside_the_text() -> None:
    stretches = [Stretch(word, 10 * word, 10 * word + 9) for word in range(4)]
    assert beside_text(stretches, [phones_of(word, 10 * word) for word in range(4)], 4) == []


def test_what_was_said_beside_the_text_stands_before_the_next_word_that_was_read() -> None:
    stretches = [
        Stretch(0, 0, 6),
        Stretch(1, 6, 12),
        Stretch(None, 12, 20),
        Stretch(1, 20, 26),
        Stretch(3, 26, 35),
        Stretch(None, 35, 40),
    ]
    aligned = [phones_of(0, 0), phones_of(1, 6), (), phones_of(1, 20), phones_of(3, 26), ()]
    assert beside_text(stretches, aligned, 4) == [
        Extra(ErrorType.REPETITION, 1, 1, 6, 12),
        Extra(ErrorType.INSERTION, 1, None, 12, 20),
        Extra(ErrorType.INSERTION, 4, None, 35, 40),
    ]


def test_a_word_out_of_order_is_inserted_where_it_was_said() -> None:
    stretches = [Stretch(1, 0, 6), Stretch(2, 6, 15), Stretch(3, 15, 24), Stretch(0, 24, 30)]
    aligned = [phones_of(1, 0), phones_of(2, 6), phones_of(3, 15), phones_of(0, 24)]
    assert beside_text(stretches, aligned, 4) == [Extra(ErrorType.INSERTION, 4, 0, 24, 30)]
