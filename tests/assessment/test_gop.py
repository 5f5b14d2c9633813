"""Features of phones are those of their definitions, computed here by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from assessment.alignment import AlignedPhone
from assessment.gop import FLOOR, PhoneFeatures, phone_features
from assessment.phones import MODEL_PHONES, PHONE_INDEX, PHONES, SILENCE

S, Z, AE, T = (PHONE_INDEX[phone] for phone in ("S", "Z", "AE", "T"))
SAT = [AlignedPhone("S", 0, 2, 4), AlignedPhone("AE1", 0, 4, 7), AlignedPhone("T", 1, 10, 12)]


def posteriors(*frames: dict[str, float]) -> NDArray[np.float32]:
    """Return log-posteriors; what a frame leaves over is shared by all other phones."""
    rows = []
    for frame in frames:
        rest = (1.0 - sum(frame.values())) / (len(MODEL_PHONES) - len(frame))
        rows.append([math.log(frame.get(phone, rest)) for phone in MODEL_PHONES])
    return np.array(rows, np.float32)


@pytest.fixture(scope="module")
def features() -> PhoneFeatures:
    quiet = {SILENCE: 0.96}
    frames = [quiet, quiet, {"S": 0.8, "Z": 0.1}, {"S": 0.2, "Z": 0.6}]
    frames += [{"AE": 0.9}, {"AE": 0.5}, {"AE": 0.7}, quiet, quiet, quiet, {"T": 0.5}, {"T": 0.01}]
    return phone_features(posteriors(*frames), SAT)


def test_lpp_is_the_mean_log_posterior_of_the_expected_phone(features: PhoneFeatures) -> None:
    expected = [math.log(0.8 * 0.2) / 2, math.log(0.9 * 0.5 * 0.7) / 3, math.log(0.5 * 0.01) / 2]
    np.testing.assert_allclose(features.lpp, expected, rtol=1e-5)


def test_lpr_compares_every_phone_with_the_expected_one(features: PhoneFeatures) -> None:
    assert features.lpr[0, Z] == pytest.approx(math.log((0.1 * 0.6) / (0.8 * 0.2)) / 2, rel=1e-5)
    np.testing.assert_array_equal(features.lpr[[0, 1, 2], [S, AE, T]], 0.0)


def test_maxima_remember_what_was_said_briefly(features: PhoneFeatures) -> None:
    assert features.maximum[0, Z] == pytest.approx(math.log(0.6), rel=1e-5)
    assert features.maximum[2, T] == pytest.approx(math.log(0.5), rel=1e-5)


def test_durations_and_silences_around_are_measured(features: PhoneFeatures) -> None:
    assert features.frames.tolist() == [2, 3, 2]
    np.testing.assert_allclose(features.gaps, [[0.0, 0.0], [0.0, 0.03], [0.03, 0.0]])


def test_expected_phones_are_named_without_stress(features: PhoneFeatures) -> None:
    assert features.expected.tolist() == [S, AE, T]


def test_impossible_phones_count_as_the_floor() -> None:
    certain = np.full((4, len(MODEL_PHONES)), -200.0, np.float32)
    certain[:, Z] = 0.0
    features = phone_features(certain, [AlignedPhone("S", 0, 0, 4)])
    assert features.lpp[0] == FLOOR == -12.0
    assert features.lpr[0, Z] == -FLOOR


rows = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 12), st.just(len(MODEL_PHONES))),
    elements=st.floats(-30, 0, width=32),
)


@given(rows, st.sampled_from(PHONES))
def test_any_posteriors_give_features_in_their_ranges(
    log_posteriors: NDArray[np.float32], phone: str
) -> None:
    features = phone_features(log_posteriors, [AlignedPhone(phone, 0, 0, len(log_posteriors))])
    assert (features.mean >= FLOOR - 1e-4).all()
    assert (features.mean <= 0.0).all()
    assert (features.maximum >= features.mean - 1e-4).all()
