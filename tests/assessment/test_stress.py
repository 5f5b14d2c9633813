"""The stress of a word is heard in its vowels' length, loudness and pitch, wherever it is expected."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment import Assessor, Recording
from assessment.acoustic import Evidence, Manifest
from assessment.alignment import AlignedPhone
from assessment.lexicon import Pronunciation
from assessment.phones import MODEL_PHONES
from assessment.pitch import PitchTrack
from assessment.resources import resource
from assessment.results import LexicalStress
from assessment.stress import StressModel, stress_features

STATES = 64
FRAMES = 120


@pytest.fixture(scope="module")
def model() -> StressModel:
    return StressModel(Manifest.read(resource("models", "en-US")))


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor.load()


def vowels(*spans: tuple[int, int, int]) -> list[AlignedPhone]:
    """Return a vowel for each word, first and last frame."""
    return [AlignedPhone("AA1", word, first, last) for word, first, last in spans]


def sound(loud: tuple[int, int] | None = None) -> tuple[PitchTrack, NDArray[np.float32]]:
    """Return a steady voice of 60 dB, in one stretch 10 dB louder and an octave higher."""
    hz, decibels = np.full(FRAMES, 120.0, np.float32), np.full(FRAMES, -40.0, np.float32)
    if loud is not None:
        hz[slice(*loud)], decibels[slice(*loud)] = 240.0, -30.0
    return PitchTrack(hz), decibels


def described(spans: list[AlignedPhone], *args: NDArray[np.float32] | PitchTrack) -> NDArray[np.float32]:
    return stress_features(np.zeros((len(spans), STATES), np.float32), spans, *args)


def test_longer_louder_and_higher_vowels_stand_out_of_their_word() -> None:
    rows = described(vowels((0, 0, 10), (0, 20, 50), (0, 60, 70)), *sound((20, 50)))
    own, beside_others = rows[:, :8], rows[:, 8:16]
    for column in (0, 1, 2, 3, 4):
        assert own[:, column].argmax() == 1
        assert beside_others[1, column] > 0 > beside_others[0, column]
    assert rows.shape == (3, 32 + 2 * STATES)


def test_other_words_do_not_count_as_others_of_the_word() -> None:
    alone = described(vowels((0, 0, 10), (1, 20, 50)), *sound((20, 50)))
    np.testing.assert_allclose(alone[:, 8:16], alone[:, :8])


@given(st.lists(st.integers(1, 12), min_size=2, max_size=8), st.integers(0, 2**32 - 1))
def test_features_are_finite_whatever_was_said(lengths: list[int], seed: int) -> None:
    draw = np.random.default_rng(seed)
    ends = np.cumsum(lengths)
    spans = [
        AlignedPhone("IH0", int(n) // 2, int(e - w), int(e))
        for n, (e, w) in enumerate(zip(ends, lengths, strict=True))
    ]
    hz = np.where(draw.random(FRAMES) < 0.5, draw.uniform(75, 600, FRAMES), np.nan).astype(np.float32)
    decibels = draw.uniform(-100, 0, FRAMES).astype(np.float32)
    assert np.isfinite(described(spans, PitchTrack(hz), decibels)).all()


def test_without_voice_the_features_are_finite() -> None:
    silent = PitchTrack(np.full(FRAMES, np.nan, np.float32))
    assert np.isfinite(
        described(vowels((0, 0, 9), (0, 10, 30)), silent, np.full(FRAMES, -100.0, np.float32))
    ).all()


def test_words_of_one_syllable_and_without_main_stress_are_not_judged(model: StressModel) -> None:
    phones = [
        AlignedPhone("K", 0, 0, 5),
        AlignedPhone("AE1", 0, 5, 15),
        AlignedPhone("IH0", 1, 20, 30),
        AlignedPhone("T", 1, 30, 35),
        AlignedPhone("AH0", 1, 35, 45),
    ]
    evidence = Evidence(
        np.zeros((FRAMES, len(MODEL_PHONES)), np.float32), np.zeros((FRAMES // 2, STATES), np.float32)
    )
    accepted = [(("K", "AE1"),), (("IH0", "T", "AH0"),)]
    assert model.judge(evidence, phones, accepted, *sound()) == [None, None]


def test_the_stress_of_a_good_reading_is_right_and_probable(assessor: Assessor) -> None:
    text = "On Thursday we will walk along the river and visit my brother's old library."
    result = assessor.assess(Recording.open(resource("demo", "well_read.flac")), text)
    judged = {word.spoken: word.lexical_stress for word in result.words if word.lexical_stress is not None}
    assert set(judged) == {"thursday", "along", "river", "visit", "brother's", "library"}
    assert all(each.correct for each in judged.values())
    assert judged["along"].expected == judged["along"].heard == 1
    assert np.mean([each.probability for each in judged.values()]) > 0.7


def test_another_accepted_place_is_right_too(assessor: Assessor) -> None:
    text = "On Thursday we will walk along the river and visit my brother's old library."
    reading = assessor.read(Recording.open(resource("demo", "well_read.flac")), text)
    first, second = ("AH1", "L", "AO0", "NG"), ("AH0", "L", "AO1", "NG")

    def judged(*accepted: Pronunciation) -> LexicalStress:
        words = [*reading.accepted[:5], accepted, *reading.accepted[6:]]
        found = assessor.assess(reading.recording, text, words).words[5].lexical_stress
        assert found is not None
        return found

    assert not judged(first).correct
    assert (judged(first).expected, judged(first).heard) == (0, 1)
    assert judged(first, second).correct
