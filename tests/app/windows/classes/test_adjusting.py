"""Scores of a class are shown as its teacher marks, and what was counted stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.library.teaching.records import Adjustment
from app.windows.classes.adjusting import adjusted, bounds
from tests.app.windows.classes.overviews import KIND, learner, overview

ADJUSTMENTS = st.builds(Adjustment, st.floats(0.0, 3.0), st.floats(-100.0, 100.0))
MACHINE = overview(
    learner("Mia", overall=60.0, change=6.0), learner("Ali", attempts=0), heat={("mia", "TH"): (20.0, 7)}
)


def test_overall_and_accuracy_follow_the_teacher_and_the_others_do_not() -> None:
    mia = adjusted(MACHINE, KIND).learners[1]
    assert mia.scores.overall == 70.0
    assert mia.scores.accuracy == 0.5 * 61.0 + 40.0
    assert (mia.scores.fluency, mia.scores.completeness, mia.scores.prosody) == (62.0, 63.0, 64.0)


def test_words_sounds_and_days_follow_too() -> None:
    shown = adjusted(MACHINE, KIND)
    assert [each.mean for each in shown.words] == [60.5, 71.0]
    assert [each.mean for each in shown.phones] == [62.0, 73.0]
    assert shown.heat == {("mia", "TH"): (50.0, 7)}
    assert [day.scores.overall for day in shown.days] == [70.0, 80.0]


def test_a_change_is_stretched_and_not_moved() -> None:
    assert [each.change for each in adjusted(MACHINE, KIND).learners] == [None, 3.0]


def test_who_has_no_scores_gets_none() -> None:
    assert adjusted(MACHINE, KIND).learners[0].scores.overall is None


def test_counts_stay() -> None:
    shown = adjusted(MACHINE, KIND)
    assert (shown.attempts, shown.histogram) == (MACHINE.attempts, MACHINE.histogram)
    assert [each.wrong for each in shown.words] == [6, 2]


def test_the_ranges_of_the_histogram_move() -> None:
    assert bounds(4, None) == [0.0, 25.0, 50.0, 75.0, 100.0]
    assert bounds(4, KIND) == [40.0, 52.5, 65.0, 77.5, 90.0]


@given(ADJUSTMENTS, st.integers(1, 20))
def test_ranges_never_overlap_and_never_leave_the_scale(by: Adjustment, bins: int) -> None:
    found = bounds(bins, by)
    assert len(found) == bins + 1
    assert found == sorted(found)
    assert all(0.0 <= each <= 100.0 for each in found)
