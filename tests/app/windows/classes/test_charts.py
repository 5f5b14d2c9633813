"""Histogram and trend: every bar and every dot tells what it is, and leads to its recordings."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.windows.classes.chart import Chart
from app.windows.classes.histogram import Histogram
from app.windows.classes.scope import of_day
from app.windows.classes.trend import TrendChart
from app.windows.tokens import DARK, LIGHT
from tests.app.windows.classes.overviews import KIND, learner, overview

LEFT = Qt.MouseButton.LeftButton
CLASS = overview(learner("Mia", 5))


@pytest.fixture
def histogram(qtbot: QtBot) -> Histogram:
    """The distribution of eight scores, shown."""
    made = Histogram()
    made.show_counts(CLASS.histogram)
    return shown(qtbot, made)


@pytest.fixture
def trend(qtbot: QtBot) -> TrendChart:
    """The means of two days, shown."""
    made = TrendChart()
    made.show_days(CLASS.days, "overall")
    return shown(qtbot, made)


def shown(qtbot: QtBot, chart: Chart) -> Chart:
    qtbot.addWidget(chart)
    chart.set_tokens(LIGHT)
    chart.resize(600, 240)
    chart.show()
    return chart


def walk(qtbot: QtBot, chart: Chart, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(chart, key)


# --- histogram ----------------------------------------------------------------------------------


def test_every_bar_is_as_high_as_its_number(histogram: Histogram) -> None:
    heights = [histogram.bar_of(number).height() for number in range(10)]
    assert heights[7] == max(heights)
    assert heights[9] == pytest.approx(heights[7] * 2 / 5)
    assert heights[0] == 0.0


def test_a_single_reading_among_thousands_is_seen(histogram: Histogram) -> None:
    histogram.show_counts((1, 0, 5_000))
    assert histogram.bar_of(0).height() >= 2.0
    assert histogram.bar_of(1).height() == 0.0


def test_a_bar_leads_to_its_readings(qtbot: QtBot, histogram: Histogram) -> None:
    with qtbot.waitSignal(histogram.asked) as asked:
        qtbot.mouseClick(histogram, LEFT, pos=histogram.bar_of(7).center().toPoint())
    assert asked.args == [{"least": 70.0, "most": 80.0}]


def test_the_last_bar_has_a_hundred_in_it(qtbot: QtBot, histogram: Histogram) -> None:
    with qtbot.waitSignal(histogram.asked) as asked:
        walk(qtbot, histogram, Qt.Key.Key_End, Qt.Key.Key_Return)
    assert asked.args == [{"least": 90.0, "most": None}]


def test_where_there_is_nothing_nothing_is_asked(qtbot: QtBot, histogram: Histogram) -> None:
    with qtbot.assertNotEmitted(histogram.asked):
        walk(qtbot, histogram, Qt.Key.Key_Home, Qt.Key.Key_Return)
        histogram.show_counts((0,) * 10)
        walk(qtbot, histogram, Qt.Key.Key_Right, Qt.Key.Key_Return)


def test_arrows_go_from_bar_to_bar_and_stop_at_the_ends(qtbot: QtBot, histogram: Histogram) -> None:
    walk(qtbot, histogram, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert histogram.current == 0
    walk(qtbot, histogram, Qt.Key.Key_End, Qt.Key.Key_Right)
    assert histogram.current == 9


def test_a_bar_that_was_walked_to_is_told(qtbot: QtBot, histogram: Histogram) -> None:
    with qtbot.waitSignal(histogram.pointed) as pointed:
        walk(qtbot, histogram, Qt.Key.Key_End)
    assert pointed.args == ["2 readings from 90 to 100"]
    assert histogram.accessibleDescription().startswith("2 readings from 90 to 100 Most: 5 readings")


def test_as_the_teacher_marks_the_ranges_move_and_the_same_readings_are_asked(
    qtbot: QtBot, histogram: Histogram
) -> None:
    histogram.show_counts(CLASS.histogram, KIND)
    walk(qtbot, histogram, Qt.Key.Key_End)
    assert histogram.marks[7].words == "5 readings from 75 to 80"
    assert histogram.marks[7].asks == {"least": 70.0, "most": 80.0}


# --- trend --------------------------------------------------------------------------------------


def test_a_dot_leads_to_the_readings_of_its_day(qtbot: QtBot, trend: TrendChart) -> None:
    with qtbot.waitSignal(trend.asked) as asked:
        qtbot.mouseClick(trend, LEFT, pos=trend.point_of(1).toPoint())
    assert asked.args == [of_day(date(2026, 5, 6))]


def test_later_is_further_right_and_better_is_higher(trend: TrendChart) -> None:
    first, last = trend.point_of(0), trend.point_of(1)
    assert first.x() < last.x()
    assert first.y() > last.y()
    assert trend.area().contains(first)
    assert trend.area().contains(last)


def test_a_day_is_told_with_its_readings(trend: TrendChart) -> None:
    assert trend.marks[0].words == "Mon 4 May 2026: overall about 60, 3 readings"


def test_the_course_is_told_to_those_who_do_not_see_it(trend: TrendChart) -> None:
    assert "Overall went up from about 60 to about 80." in trend.accessibleDescription()


def test_another_score_can_be_shown(trend: TrendChart) -> None:
    trend.show_days(CLASS.days, "prosody")
    assert trend.marks[0].words == "Mon 4 May 2026: prosody about 64, 3 readings"


def test_a_single_day_and_none_can_be_drawn(trend: TrendChart) -> None:
    for days in (CLASS.days[:1], ()):
        trend.show_days(days, "overall")
        assert not trend.grab().isNull()
    assert trend.mark_at(trend.area().center()) is None


def test_between_two_dots_nothing_is_pointed_at(trend: TrendChart) -> None:
    middle = (trend.point_of(0) + trend.point_of(1)) / 2.0
    assert trend.mark_at(middle) is None


@pytest.mark.parametrize("name", ["histogram", "trend"])
def test_it_takes_another_theme(request: pytest.FixtureRequest, name: str) -> None:
    chart: Chart = request.getfixturevalue(name)
    chart.set_tokens(DARK)
    corner = chart.area().topRight().toPoint()
    assert chart.grab().toImage().pixelColor(corner.x() - 4, corner.y() + 4).name() == DARK.surface.lower()
