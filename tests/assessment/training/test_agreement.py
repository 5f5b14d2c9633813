"""Figures of agreement and detection are those of their definitions."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.training.agreement import (
    IMPERFECT_MARK,
    Agreement,
    Calls,
    Detection,
    Spread,
    precise_threshold,
    reliability,
)

Floats = NDArray[np.float64]
# On a grid, so that neither rounding nor ties depend on the last bits.
values = st.lists(st.integers(-100, 100), min_size=3, max_size=30)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Return two rows of numbers of the same length, neither constant."""
    one = draw(values)
    two = draw(st.lists(st.integers(-100, 100), min_size=len(one), max_size=len(one)))
    assume(len(set(one)) > 1 and len(set(two)) > 1)
    return np.array(one, float), np.array(two, float)


# --- agreement ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "marks", "pcc", "scc", "mse"),
    [
        ([0, 1, 2], [0, 1, 2], 1.0, 1.0, 0.0),
        ([2, 1, 0], [0, 1, 2], -1.0, -1.0, 8 / 3),
        ([1, 2, 3, 4], [1, 3, 2, 4], 0.8, 0.8, 0.5),
        ([0, 0, 1, 9], [0, 1, 2, 3], 14 / math.sqrt(57.0 * 5), math.sqrt(0.9), 9.5),
        ([1, 2, 3, 4], [1, 8, 27, 64], 104 / math.sqrt(5.0 * 2_390), 1.0, 1053.0),
    ],
)
def test_agreement_is_what_hand_computation_gives(
    scores: list[float], marks: list[float], pcc: float, scc: float, mse: float
) -> None:
    found = Agreement.of(scores, marks)
    assert found.pcc == pytest.approx(pcc)
    assert found.scc == pytest.approx(scc)
    assert found.mse == pytest.approx(mse)
    assert found.count == len(scores)


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    # Ranks 1.5 1.5 3 4 against 1 2.5 2.5 4.
    assert Agreement.of([4, 4, 7, 8], [0, 5, 5, 9]).scc == pytest.approx(3.75 / 4.5)


@given(pairs(), st.integers(1, 50), st.integers(-100, 100))
def test_pearson_does_not_care_for_scale_and_offset(
    given: tuple[Floats, Floats], scale: int, offset: int
) -> None:
    scores, marks = given
    before = Agreement.of(scores, marks).pcc
    assert Agreement.of(scale * scores + offset, marks).pcc == pytest.approx(before, abs=1e-9)
    assert Agreement.of(scores, scale * marks + offset).pcc == pytest.approx(before, abs=1e-9)
    assert Agreement.of(-scores, marks).pcc == pytest.approx(-before, abs=1e-9)


@given(pairs(), st.sampled_from([np.exp, np.arctan, np.cbrt]))
def test_spearman_cares_for_the_order_only(
    given: tuple[Floats, Floats], monotone: Callable[[Floats], Floats]
) -> None:
    scores, marks = given
    before = Agreement.of(scores, marks).scc
    assert Agreement.of(monotone(scores / 20), marks).scc == pytest.approx(before, abs=1e-9)


@given(pairs())
def test_agreement_is_symmetric_and_within_its_bounds(given: tuple[Floats, Floats]) -> None:
    one, two = Agreement.of(*given), Agreement.of(*reversed(given))
    assert (one.pcc, one.scc, one.mse) == pytest.approx((two.pcc, two.scc, two.mse), abs=1e-9)
    assert -1 - 1e-9 <= one.pcc <= 1 + 1e-9
    assert -1 - 1e-9 <= one.scc <= 1 + 1e-9
    assert one.mse >= 0


@pytest.mark.parametrize(("scores", "marks"), [([1, 2, 3], [2, 2, 2]), ([1, 1], [0, 2]), ([1], [2])])
def test_correlation_with_a_constant_is_not_a_number(scores: list[float], marks: list[float]) -> None:
    found = Agreement.of(scores, marks)
    assert math.isnan(found.pcc)
    assert math.isnan(found.scc)
    assert found.mse == pytest.approx(np.mean((np.array(scores) - marks) ** 2))
    assert found.to_dict() == {"pcc": None, "scc": None, "mse": round(found.mse, 4)}


# --- several agreements -------------------------------------------------------------------------


def test_agreements_are_summarised_by_mean_and_deviation() -> None:
    found = Spread.of([Agreement(0.5, 0.2, 1.0, 9), Agreement(0.7, 0.2, 3.0, 5)])
    assert found.mean == Agreement(pytest.approx(0.6), pytest.approx(0.2), 2.0, 2)
    assert found.std == Agreement(pytest.approx(0.02**0.5), 0.0, pytest.approx(2**0.5), 2)


def test_correlations_that_are_not_numbers_are_left_out() -> None:
    found = Spread.of([Agreement(math.nan, math.nan, 1.0, 9), Agreement(0.7, math.nan, 3.0, 5)])
    assert found.to_dict() == {
        "mean": {"pcc": 0.7, "scc": None, "mse": 2.0},
        "std": {"pcc": None, "scc": None, "mse": 1.4142},
    }


# --- finding wrong phones -----------------------------------------------------------------------

phones = st.lists(
    st.tuples(
        st.integers(0, 20).map(lambda score: 5.0 * score), st.sampled_from([0.0, 0.6, 0.8, 1.0, 1.8, 2.0])
    ),
    min_size=1,
    max_size=40,
)


def both(items: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    scores, marks = zip(*items, strict=True)
    return np.array(scores), np.array(marks)


def brute(items: list[tuple[float, float]], threshold: float) -> tuple[int, int, int]:
    """Return calls, right calls and wrong phones."""
    called = [mark for score, mark in items if score < threshold]
    return len(called), sum(mark < 1 for mark in called), sum(mark < 1 for _, mark in items)


@given(phones)
def test_the_area_under_the_curve_is_how_often_a_wrong_phone_scores_lower(
    items: list[tuple[float, float]],
) -> None:
    wrong = [score for score, mark in items if mark < 1]
    right = [score for score, mark in items if mark >= 1]
    found = Detection.of(*both(items))
    assert (found.wrong, found.count) == (len(wrong), len(items))
    if not wrong or not right:
        assert math.isnan(found.auc)
        return
    order = [1.0 if low < high else 0.5 if low == high else 0.0 for low in wrong for high in right]
    assert found.auc == pytest.approx(sum(order) / len(order))


@given(phones)
def test_the_best_f1_is_the_highest_of_all_thresholds(items: list[tuple[float, float]]) -> None:
    found = Detection.of(*both(items))
    counts = [brute(items, threshold) for threshold in (*{score for score, _ in items}, 101.0)]
    if not found.wrong:
        assert math.isnan(found.f1)
        return
    assert found.f1 == pytest.approx(max(2 * hits / (calls + wrong) for calls, hits, wrong in counts))
    calls, hits, wrong = brute(items, found.best.threshold)
    assert found.f1 == pytest.approx(2 * hits / (calls + wrong))
    assert (found.best.precision, found.best.recall) == (
        pytest.approx(hits / calls),
        pytest.approx(hits / wrong),
    )


@given(phones)
def test_average_precision_adds_up_the_steps_of_recall(items: list[tuple[float, float]]) -> None:
    found = Detection.of(*both(items))
    if not found.wrong:
        assert math.isnan(found.average_precision)
        return
    steps = [(0, 0, 1), *(brute(items, score + 1) for score in sorted({score for score, _ in items}))]
    areas = [
        (hits - before) / wrong * hits / calls for (_, before, _), (calls, hits, wrong) in pairwise(steps)
    ]
    assert found.average_precision == pytest.approx(sum(areas))


def test_wrong_phones_that_all_score_lower_are_found_without_fault() -> None:
    found = Detection.of([0, 10, 20, 90, 95], [0, 0.8, 0, 1, 2])
    assert (found.auc, found.average_precision, found.f1) == (1.0, 1.0, 1.0)
    assert found.best == Calls(55.0, 1.0, 1.0, 3)


def test_of_thresholds_that_are_as_good_the_most_precise_is_best() -> None:
    # Below 15: two of two right, two missed; below 35: all four, with four false ones.
    found = Detection.of([10, 10, 30, 30, 30, 30, 30, 30, 50], [0, 0, 0, 0, 2, 2, 2, 2, 2])
    assert found.f1 == pytest.approx(2 / 3)
    assert found.best == Calls(20.0, 1.0, 0.5, 2)


def test_a_threshold_parts_scores_that_nothing_lies_between() -> None:
    lower, upper = 50.0, float(np.nextafter(50.0, 100.0))
    assert Detection.of([lower, upper], [0.0, 2.0]).best == Calls(upper, 1.0, 1.0, 1)


def test_figures_of_a_detection_are_plain_data() -> None:
    assert Detection.of([10.0, 90.0], [2.0, 2.0]).to_dict() == {
        "auc": None,
        "average_precision": None,
        "f1": None,
        "best": {"threshold": 50.0, "precision": 0.0, "recall": None, "count": 1},
        "wrong": 0,
        "count": 2,
    }


@given(
    phones, st.integers(0, 21).map(lambda step: 5.0 * step), st.integers(0, 21).map(lambda step: 5.0 * step)
)
def test_calls_are_counted_between_the_bounds(
    items: list[tuple[float, float]], above: float, threshold: float
) -> None:
    found = Calls.of(*both(items), threshold, limit=IMPERFECT_MARK, above=above)
    called = [mark for score, mark in items if above <= score < threshold]
    hits, total = (sum(mark < IMPERFECT_MARK for mark in some) for some in (called, both(items)[1]))
    assert found.count == len(called)
    assert found.precision == (
        pytest.approx(hits / len(called)) if called else pytest.approx(math.nan, nan_ok=True)
    )
    assert found.recall == (pytest.approx(hits / total) if total else pytest.approx(math.nan, nan_ok=True))


# --- thresholds ---------------------------------------------------------------------------------


def group(score: float, mark: float, count: int) -> list[tuple[float, float]]:
    return [(score, mark)] * count


# Below 40 nine of ten are wrong, from 40 to 60 two of ten, from 60 half are not perfect.
SPEAKER = [
    *group(20.0, 0.0, 9),
    *group(20.0, 2.0, 1),
    *group(50.0, 0.4, 2),
    *group(50.0, 1.4, 7),
    *group(50.0, 2.0, 1),
    *group(70.0, 1.6, 5),
    *group(70.0, 2.0, 5),
]


def test_the_highest_precise_threshold_is_chosen() -> None:
    scores, marks = both(SPEAKER * 8)
    speakers = np.repeat(np.arange(8), len(SPEAKER))
    # All speakers are alike, so that none can spoil it: 11 of 20 below 60 are wrong, 9 of 10 below 50.
    assert precise_threshold(scores, marks, speakers) == 50.0
    assert precise_threshold(scores, marks, speakers, precision=0.5) == 70.0
    assert precise_threshold(scores, marks, speakers, precision=0.95) == 0.0


def test_phones_that_are_nearly_right_lie_above_those_that_are_wrong() -> None:
    scores, marks = both(SPEAKER * 8)
    speakers = np.repeat(np.arange(8), len(SPEAKER))
    nearly = precise_threshold(scores, marks, speakers, limit=IMPERFECT_MARK, above=50.0)
    assert (
        nearly == 100.0 or Calls.of(scores, marks, nearly, limit=IMPERFECT_MARK, above=50.0).precision >= 0.7
    )
    # 9 of 10 up to 70; with those at 70, 14 of 20: exactly enough.
    assert nearly == 100.0
    assert (
        precise_threshold(scores, marks, speakers, limit=IMPERFECT_MARK, above=50.0, precision=0.75) == 70.0
    )
    assert precise_threshold(scores, marks, speakers, limit=IMPERFECT_MARK, above=70.0) == 70.0


def test_a_threshold_that_a_few_speakers_carry_is_not_precise_enough() -> None:
    # Two speakers are wrong at 50 very often, six are not; all together 3 of 4.
    rows = []
    for speaker in range(8):
        rows += [(speaker, 20.0, 0.0)] * 5
        rows += [(speaker, 50.0, 0.0 if speaker < 2 else 2.0)] * (30 if speaker < 2 else 5)
    speakers, scores, marks = (np.array(column) for column in zip(*rows, strict=True))
    assert Calls.of(scores, marks, 60.0).precision > 0.75
    assert precise_threshold(scores, marks, speakers) == 50.0


def test_thresholds_depend_neither_on_order_nor_on_names() -> None:
    draw = np.random.default_rng(1)
    speakers = draw.integers(0, 12, 3000)
    marks = draw.integers(0, 11, 3000) / 5
    scores = np.clip(50 * marks + draw.normal(0, 25, 3000), 0, 100)
    chosen = precise_threshold(scores, marks, speakers)
    assert 0 < chosen < 100
    order = draw.permutation(3000)
    names = np.array([f"s{speaker:02}" for speaker in speakers])
    assert precise_threshold(scores[order], marks[order], names[order]) == chosen


def test_reliability_is_shown_in_tenths_from_the_lowest() -> None:
    scores = np.arange(40.0)[::-1]
    found = reliability(scores, 2 * scores)
    assert found[0] == (1.5, 3.0)
    assert found[-1] == (37.5, 75.0)
    assert len(found) == 10
    assert reliability([3.0, 1.0], [6.0, 5.0]) == [(1.0, 5.0), (3.0, 6.0)]
