"""Confidence: what makes scores less certain lowers it and is said in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.alignment import AlignedPhone
from assessment.confidence import confidence
from assessment.gop import PhoneFeatures, phone_features
from assessment.phones import MODEL_PHONES
from assessment.results import HIGH, LOW, Assessment, Confidence
from tests.assessment import examples

GOOD = examples.good_reading()


def features(certainty: float, phones: int = 12) -> PhoneFeatures:
    """Return features of phones in each of which one posterior is as high as given."""
    posteriors = np.full((10 * phones, len(MODEL_PHONES)), (1.0 - certainty) / (len(MODEL_PHONES) - 1))
    posteriors[:, 3] = certainty
    aligned = [AlignedPhone("S", number, 10 * number, 10 * number + 10) for number in range(phones)]
    return phone_features(np.log(posteriors).astype(np.float32), aligned)


def trust(certainty: float = 0.8, **quality: float | None) -> Confidence:
    """Return the confidence in a good reading with some measures changed."""
    return confidence(replace(GOOD.quality, **quality), GOOD.scores, features(certainty), GOOD.words)


def test_a_good_recording_is_trusted_without_a_word() -> None:
    assert trust() == Confidence(1.0)


@pytest.mark.parametrize(
    ("quality", "word"),
    [
        ({"speech_seconds": 0.5}, "little speech"),
        ({"snr_db": 3.0}, "noise"),
        ({"snr_db": None}, "noise"),
        ({"clipped": 0.05}, "distorted"),
        ({"bandwidth_hz": 3400.0}, "high sounds"),
        ({"level_dbfs": -60.0}, "quiet"),
    ],
)
def test_each_fault_of_a_recording_lowers_it_and_is_named(
    quality: dict[str, float | None], word: str
) -> None:
    doubted = trust(**quality)
    assert doubted.value < 0.9
    assert len(doubted.reasons) == 1
    assert word in doubted.reasons[0]


@pytest.mark.parametrize("quality", [{"speech_seconds": 0.6}, {"snr_db": 2.0}])
def test_a_scrap_of_speech_and_loud_noise_give_a_rough_estimate(quality: dict[str, float]) -> None:
    assert trust(**quality).value < LOW


def test_speech_in_which_no_phone_is_clear_is_not_trusted() -> None:
    strange = trust(certainty=0.1)
    assert strange.value < HIGH
    assert "unlike" in strange.reasons[0]


def test_a_clear_voice_is_trusted_whichever_phones_it_says() -> None:
    assert features(0.8).lpp.mean() < -3.0
    assert trust(certainty=0.8).value == 1.0


def test_another_text_is_not_trusted() -> None:
    scores = replace(GOOD.scores, accuracy=15.0)
    other = confidence(GOOD.quality, scores, features(0.8), GOOD.words)
    assert other.value <= LOW
    assert "matches the text" in other.reasons[0]
    gone = [examples.omitted(word) for word in GOOD.words[:6]]
    few = confidence(GOOD.quality, GOOD.scores, features(0.8), [*gone, GOOD.words[6]])
    assert few.value < HIGH


def test_two_faults_are_worse_than_one() -> None:
    both = trust(snr_db=8.0, bandwidth_hz=3400.0)
    assert both.value < min(trust(snr_db=8.0).value, trust(bandwidth_hz=3400.0).value)
    assert len(both.reasons) == 2


@given(examples.assessments(), st.floats(0.01, 0.99))
def test_it_is_always_between_0_and_1(reading: Assessment, certainty: float) -> None:
    found = confidence(reading.quality, reading.scores, features(certainty), reading.words)
    assert 0.0 <= found.value <= 1.0
    assert found.value < 1.0 or not found.reasons
