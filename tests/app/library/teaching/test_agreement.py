"""A teacher's marks beside the machine's scores, and what is fitted to them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.library import learners
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.teaching import classes, review
from app.library.teaching.agreement import Agreement, agreement, fit, of_pairs
from app.library.teaching.records import Adjustment
from tests.app.library.conftest import STARTED, Read
from tests.app.library.teaching.filled import keep

ME, OTHER = "A teacher", "Somebody else"
NOTHING = Agreement(0, None, None, None, ())

SCORES = st.floats(0.0, 100.0)
PAIRS = st.lists(st.tuples(SCORES, SCORES), min_size=10, max_size=40).map(tuple)


@pytest.fixture
def store(any_store: Store) -> Store:
    return any_store


@pytest.fixture
def class_id(store: Store, learner: LearnerRow) -> str:
    made = classes.add(store, "A1")
    classes.put(store, made.id, [learner.id])
    return made.id


# --- what was marked ------------------------------------------------------------------------


def test_without_marks_there_is_nothing_to_compare(store: Store, class_id: str, read: Read) -> None:
    read()
    for level in ("word", "phone", "reading"):
        assert agreement(store, class_id, level=level) == NOTHING  # type: ignore[arg-type]
        assert agreement(store, None, ME, level) == NOTHING  # type: ignore[arg-type]


def test_words_are_compared_with_the_machines_score(store: Store, class_id: str, learner: LearnerRow) -> None:
    first = keep(store, learner.id, STARTED, {"see": 40.0, "red": 90.0, "the": 70.0})
    second = keep(store, learner.id, STARTED + timedelta(minutes=1), {"think": 60.0})
    for attempt, word, score in ((second, 0, 80.0), (first, 1, 90.0), (first, 0, 50.0)):
        review.mark(store, attempt, ME, word, score=score)
    review.mark(store, first, ME, 2, error="mispronunciation")
    review.mark(store, first, ME, 0, 0, score=0.0)
    review.mark(store, first, ME, None, score=0.0)
    found = agreement(store, class_id, ME)
    assert found.points == ((40.0, 50.0), (90.0, 90.0), (60.0, 80.0))
    assert (found.pairs, found.mean_difference, found.mean_absolute) == (3, 10.0, 10.0)
    assert found.correlation == pytest.approx(np.corrcoef(*zip(*found.points, strict=True))[0, 1])


def test_words_that_either_says_were_left_out_are_no_pairs(
    store: Store, class_id: str, learner: LearnerRow
) -> None:
    attempt = keep(store, learner.id, STARTED, {"see": None, "red": 90.0})
    review.mark(store, attempt, ME, 0, score=80.0)
    review.mark(store, attempt, ME, 1, score=0.0, error="omission")
    assert agreement(store, class_id) == NOTHING


def test_words_beside_the_text_are_no_pairs(store: Store, class_id: str, read: Read) -> None:
    attempt = read()
    review.mark(store, attempt, ME, 5, score=80.0)  # said twice
    review.mark(store, attempt, ME, 5, 0, score=80.0)
    assert agreement(store, class_id) == agreement(store, class_id, level="phone") == NOTHING


def test_phones_are_compared_with_the_machines_score(
    store: Store, class_id: str, learner: LearnerRow
) -> None:
    attempt = keep(store, learner.id, STARTED, {"see": 40.0, "red": 90.0})
    review.mark(store, attempt, ME, 1, 2, score=50.0)
    review.mark(store, attempt, ME, 0, 1, score=100.0)
    review.mark(store, attempt, ME, 0, score=100.0)
    assert agreement(store, class_id, ME, "phone").points == ((40.0, 100.0), (90.0, 50.0))


def test_readings_are_compared_by_their_overall_score(
    store: Store, class_id: str, learner: LearnerRow
) -> None:
    attempt = keep(store, learner.id, STARTED, {"see": 40.0}, 65.0)
    review.mark(store, attempt, ME, None, score=55.0)
    review.mark(store, attempt, ME, 0, score=100.0)
    assert agreement(store, class_id, level="reading").points == ((65.0, 55.0),)


def test_each_author_can_be_asked_for_and_of_all_the_newest_counts(
    store: Store, class_id: str, learner: LearnerRow
) -> None:
    attempt = keep(store, learner.id, STARTED, {"see": 40.0}, 65.0)
    review.mark(store, attempt, ME, 0, score=10.0)
    review.mark(store, attempt, OTHER, 0, score=20.0)
    assert agreement(store, class_id, ME).points == ((40.0, 10.0),)
    assert agreement(store, class_id, OTHER).points == ((40.0, 20.0),)
    assert agreement(store, class_id).points == ((40.0, 20.0),)
    review.mark(store, attempt, ME, 0, score=30.0)
    assert agreement(store, class_id).points == ((40.0, 30.0),)


def test_only_readings_of_the_class_count(store: Store, class_id: str) -> None:
    other = keep(store, learners.add(store, "Ben").id, STARTED, {"see": 40.0})
    for word, phone in ((0, None), (0, 0), (None, None)):
        review.mark(store, other, ME, word, phone, score=50.0)
    for level in ("word", "phone", "reading"):
        assert agreement(store, class_id, level=level) == NOTHING  # type: ignore[arg-type]
        assert agreement(store, None, level=level).pairs == 1  # type: ignore[arg-type]


# --- how far they agree ---------------------------------------------------------------------


def test_a_correlation_takes_three_pairs_and_a_spread() -> None:
    assert of_pairs(((1.0, 2.0), (3.0, 4.0))).correlation is None
    assert of_pairs(((1.0, 2.0), (1.0, 4.0), (1.0, 9.0))).correlation is None
    assert of_pairs(((1.0, 2.0), (2.0, 2.0), (3.0, 2.0))).correlation is None
    assert of_pairs(((1.0, 2.0), (2.0, 4.0), (3.0, 6.0))).correlation == pytest.approx(1.0)
    assert of_pairs(((1.0, 6.0), (2.0, 4.0), (3.0, 2.0))).correlation == pytest.approx(-1.0)
    assert of_pairs(((0.0, 1.0), (5e-324, 2.0), (0.0, 3.0))).correlation is None


@given(PAIRS)
def test_how_far_they_agree_is_as_numpy_says(points: tuple[tuple[float, float], ...]) -> None:
    machine, teacher = np.array(points).T
    found = of_pairs(points)
    assert found.mean_difference == pytest.approx(np.mean(teacher - machine))
    assert found.mean_absolute == pytest.approx(np.mean(np.abs(teacher - machine)))
    assume(machine.std() > 0.01 and teacher.std() > 0.01)
    assert found.correlation == pytest.approx(np.corrcoef(machine, teacher)[0, 1], abs=1e-9)
    assert -1.0 <= found.correlation <= 1.0


# --- what is fitted -------------------------------------------------------------------------


def test_a_fit_takes_ten_pairs_and_a_spread() -> None:
    points = tuple((float(each), float(each)) for each in range(10))
    assert fit(of_pairs(points)) == Adjustment(1.0, 0.0)
    assert fit(of_pairs(points[1:])) is None
    assert fit(of_pairs(tuple((50.0, teacher) for _, teacher in points))) is None
    assert fit(NOTHING) is None


@given(PAIRS)
def test_a_fit_is_a_ridge_regression_kept_within_bounds(points: tuple[tuple[float, float], ...]) -> None:
    machine, teacher = np.array(points).T
    assume(np.ptp(machine) > 0.0)
    found = fit(of_pairs(points))
    assert found is not None
    # The prior as two more rows of a plain least squares problem.
    centred = machine - machine.mean()
    design = np.column_stack([np.ones_like(centred), centred])
    design = np.vstack([design, [np.sqrt(10.0), 0.0], [0.0, np.sqrt(10.0) * 25.0]])
    (shift, bend), *_ = np.linalg.lstsq(design, np.append(teacher - machine, [0.0, 0.0]), rcond=None)
    slope = np.clip(1.0 + bend, 0.25, 2.0)
    assert found.slope == pytest.approx(slope)
    assert found.slope * machine.mean() + found.intercept == pytest.approx(machine.mean() + shift)


@given(st.lists(SCORES, min_size=10, max_size=40))
def test_a_teacher_who_marks_as_the_machine_changes_nothing(scores: list[float]) -> None:
    assume(len(set(scores)) > 1)
    found = fit(of_pairs(tuple((each, each) for each in scores)))
    assert found is not None
    assert (found.slope, found.intercept) == (pytest.approx(1.0), pytest.approx(0.0, abs=1e-9))


@given(PAIRS, SCORES, SCORES)
def test_what_is_fitted_never_turns_the_order_round(
    points: tuple[tuple[float, float], ...], one: float, other: float
) -> None:
    found = fit(of_pairs(points))
    assume(found is not None)
    assert found is not None
    assert 0.25 <= found.slope <= 2.0
    low, high = sorted((one, other))
    assert 0.0 <= found.of(low) <= found.of(high) <= 100.0


@given(st.lists(st.floats(30.0, 70.0), min_size=10, max_size=30), st.floats(-30.0, 30.0))
def test_a_constant_shift_is_found_the_more_the_more_marks_say_it(scores: list[float], shift: float) -> None:
    assume(len(set(scores)) > 1)
    points = tuple((each, each + shift) for each in scores)
    few, many = fit(of_pairs(points)), fit(of_pairs(points * 100))
    assert few is not None
    assert many is not None
    assert (few.slope, many.slope) == (pytest.approx(1.0), pytest.approx(1.0))
    share = len(scores) / (len(scores) + 10.0)
    assert few.intercept == pytest.approx(share * shift, abs=1e-6)
    assert many.intercept == pytest.approx(shift, abs=abs(shift) * 0.011 + 1e-6)


def test_a_strict_and_a_kind_teacher_are_followed() -> None:
    machine = np.linspace(20.0, 95.0, 200)
    strict = fit(of_pairs(tuple((m, 1.4 * m - 40.0) for m in machine.tolist())))
    kind = fit(of_pairs(tuple((m, 0.5 * m + 50.0) for m in machine.tolist())))
    assert strict is not None
    assert kind is not None
    assert strict.of(50.0) == pytest.approx(30.0, abs=3.0)
    assert kind.of(50.0) == pytest.approx(75.0, abs=3.0)
    assert kind.slope < 1.0 < strict.slope
