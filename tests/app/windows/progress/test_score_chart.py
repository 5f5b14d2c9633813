"""The chart of scores: what it shows, and how its dots are asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.library.progress import ASPECTS, Day, FiveScores, ScoredAttempt, Trend
from app.windows.progress.dots import chart_data
from app.windows.progress.plot import EMPTY, HELP
from app.windows.progress.score_chart import SPANS, ScoreChart
from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens

LEFT = Qt.MouseButton.LeftButton
FIRST = date(2026, 5, 4)
SCRIPT = "<img src='x'> Could you give me a cup of tea and a piece of cake, please, if there is any left?"


def attempt(day: int, hour: float, overall: float, **others: object) -> ScoredAttempt:
    moment = datetime.combine(FIRST + timedelta(days=day), time(), UTC) + timedelta(hours=hour)
    is_rough = bool(others.pop("is_rough", False))
    return ScoredAttempt(f"{day}-{hour}", moment, SCRIPT, is_rough, FiveScores(overall, **others))  # type: ignore[arg-type]


def trend(attempts: list[ScoredAttempt], days: int = 10) -> Trend:
    by_day: dict[date, list[ScoredAttempt]] = {}
    for each in attempts:
        by_day.setdefault(each.started.date(), []).append(each)
    means = tuple(
        Day(day, len(some), FiveScores(float(np.mean([each.scores.overall for each in some]))))
        for day, some in by_day.items()
    )
    return Trend(FIRST, FIRST + timedelta(days=days - 1), tuple(attempts), means)


FEW = [
    attempt(0, 9, 60.0),
    attempt(0, 18, 70.0, is_rough=True),
    attempt(3, 12, 80.0, accuracy=90.0),
    attempt(8, 12, 90.0, accuracy=95.0),
]


@pytest.fixture
def chart(qtbot: QtBot) -> ScoreChart:
    return a_chart(qtbot, FEW)


def a_chart(qtbot: QtBot, attempts: list[ScoredAttempt], days: int = 10) -> ScoreChart:
    # Where the test before left the mouse, a dot may stand now.
    QCursor.setPos(0, 0)
    shown = ScoreChart()
    qtbot.addWidget(shown)
    shown.move(40, 40)
    shown.set_tokens(LIGHT)
    shown.resize(900, 420)
    shown.show()
    shown.set_data(chart_data(trend(attempts, days), FIRST))
    shown.plot.fit()
    return shown


def dot(chart: ScoreChart, number: int) -> QPoint:
    return chart.plot.point_of(number).toPoint()


def opened(chart: ScoreChart) -> list[str]:
    asked: list[str] = []
    chart.attempt_asked.connect(asked.append)
    return asked


def painted(chart: ScoreChart) -> QImage:
    QApplication.processEvents()
    return chart.plot.grab().toImage()


# --- what is shown ------------------------------------------------------------------------------


def test_later_stands_further_right_and_better_further_up(chart: ScoreChart) -> None:
    points = [chart.plot.point_of(number) for number in range(4)]
    assert [point.x() for point in points] == sorted(point.x() for point in points)
    assert [point.y() for point in points] == sorted((point.y() for point in points), reverse=True)
    assert all(chart.plot.area().contains(point) for point in points)


def test_the_line_goes_through_the_means_of_the_days(chart: ScoreChart) -> None:
    assert chart.plot.dots is not None
    xs, ys = chart.plot.dots.means
    assert list(ys) == [65.0, 80.0, 90.0]
    assert list(xs) == [FIRST.toordinal() + day + 0.5 for day in (0, 3, 8)]


def test_below_it_says_how_the_score_went(chart: ScoreChart) -> None:
    assert chart.told.startswith("4 readings on 3 days from Mon 4 May 2026 to Wed 13 May 2026.")
    assert chart.told.endswith("Overall went up from about 65 to about 90.")


def test_another_score_can_be_chosen(chart: ScoreChart) -> None:
    chart.aspects.setCurrentText("Accuracy")
    assert [each.scores.accuracy for each in chart.plot.attempts] == [90.0, 95.0]
    assert [chart.aspects.itemText(row).lower() for row in range(chart.aspects.count())] == list(ASPECTS)


def test_another_time_is_asked_for(qtbot: QtBot, chart: ScoreChart) -> None:
    assert chart.span == SPANS["Last 3 months"] == 91
    for name, days in SPANS.items():
        if name != chart.spans.currentText():
            with qtbot.waitSignal(chart.span_changed):
                chart.spans.setCurrentText(name)
        assert chart.span == days
    assert chart.span is None


def test_a_time_without_readings_says_so(qtbot: QtBot) -> None:
    chart = a_chart(qtbot, [])
    assert "No readings" in chart.told
    assert "No readings" in EMPTY
    surface = QColor(LIGHT.surface)
    area = chart.plot.area().toRect().adjusted(200, 100, -200, -100)
    seen = painted(chart).copy(area)
    assert any(seen.pixelColor(x, y) != surface for x in range(seen.width()) for y in range(seen.height()))


@pytest.mark.parametrize("width", [560, 900, 1800])
def test_what_scores_mean_stands_at_the_side_and_the_days_below(qtbot: QtBot, width: int) -> None:
    chart = a_chart(qtbot, FEW)
    chart.resize(width, 420)
    chart.plot.fit()
    area, background = chart.plot.area(), QColor(LIGHT.background)
    seen = painted(chart)

    def is_written(left: float, top: float, right: float, bottom: float) -> bool:
        box = [(x, y) for x in range(round(left), round(right)) for y in range(round(top), round(bottom))]
        return any(seen.pixelColor(x, y).lightness() < background.lightness() - 60 for x, y in box)

    assert is_written(area.right() + 4, area.top(), width - 1, area.bottom())
    assert is_written(area.left(), area.bottom() + 8, area.right(), seen.height() - 1)
    assert area.width() > width / 2


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK])
def test_it_takes_the_colours_of_the_theme(chart: ScoreChart, tokens: Tokens) -> None:
    chart.set_tokens(tokens)
    seen = painted(chart)
    sure = dot(chart, 0)
    assert seen.pixelColor(sure).name() == QColor(tokens.quiet).name()
    assert seen.pixelColor(1, 1).name() == QColor(tokens.background).name()


def test_a_rough_estimate_is_hollow(chart: ScoreChart) -> None:
    assert painted(chart).pixelColor(dot(chart, 1)).name() == QColor(LIGHT.surface).name()


def test_thousands_of_readings_can_be_shown_and_each_still_asked(qtbot: QtBot) -> None:
    rng = random.Random(3)
    many = [attempt(day, 1 + 0.5 * n, rng.uniform(40, 100)) for day in range(300) for n in range(30)]
    chart = a_chart(qtbot, many, days=300)
    assert len(chart.plot.attempts) == 9_000
    assert chart.plot.dot_at(chart.plot.point_of(4_321)) is not None
    assert not painted(chart).isNull()


# --- mouse --------------------------------------------------------------------------------------


def test_a_click_on_a_dot_opens_the_reading(qtbot: QtBot, chart: ScoreChart) -> None:
    asked = opened(chart)
    qtbot.mouseClick(chart.plot.viewport(), LEFT, pos=dot(chart, 2) + QPoint(4, -4))
    assert asked == [FEW[2].id]


def test_a_click_beside_the_dots_opens_nothing(qtbot: QtBot, chart: ScoreChart) -> None:
    asked = opened(chart)
    qtbot.mouseClick(chart.plot.viewport(), LEFT, pos=dot(chart, 2) + QPoint(30, 30))
    qtbot.mouseClick(chart.plot.viewport(), Qt.MouseButton.RightButton, pos=dot(chart, 2))
    assert asked == []


def test_pointing_at_a_dot_tells_date_score_and_text(qtbot: QtBot, chart: ScoreChart) -> None:
    course = chart.told
    qtbot.mouseMove(chart.plot.viewport(), dot(chart, 1))
    assert chart.told == (
        "Mon 4 May 2026, 18:00 · Overall 70, clear, with an accent, a rough estimate · "
        "“<img src='x'> Could you give me a cup of tea …”"
    )
    qtbot.mouseMove(chart.plot.viewport(), dot(chart, 1) + QPoint(40, 40))
    assert chart.told == course


def test_a_text_is_never_taken_for_html(qtbot: QtBot, chart: ScoreChart) -> None:
    qtbot.mouseMove(chart.plot.viewport(), dot(chart, 1))
    assert "&lt;img src" in QToolTip.text()
    assert "<img" not in QToolTip.text()


def test_the_wheel_is_left_to_the_page(chart: ScoreChart) -> None:
    for widget in (chart.plot.viewport(), chart.aspects):
        wheel = QWheelEvent(
            QPointF(20, 10),
            QPointF(widget.mapToGlobal(QPoint(20, 10))),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, wheel)
        assert not wheel.isAccepted()
    assert chart.aspect == "overall"


# --- keys ---------------------------------------------------------------------------------------


@pytest.fixture
def press(qtbot: QtBot, chart: ScoreChart) -> Callable[..., None]:
    def keys(*pressed: Qt.Key) -> None:
        for key in pressed:
            qtbot.keyClick(chart.plot, key)

    return keys


def test_arrows_walk_the_dots_from_the_newest_on(chart: ScoreChart, press: Callable[..., None]) -> None:
    visited = []
    for _ in range(6):
        press(Qt.Key.Key_Left)
        visited.append(chart.plot.current)
    assert visited == [FEW[3], FEW[2], FEW[1], FEW[0], FEW[0], FEW[0]]
    press(Qt.Key.Key_Right)
    assert chart.plot.current == FEW[1]
    press(Qt.Key.Key_End)
    assert chart.plot.current == FEW[3]
    press(Qt.Key.Key_Right, Qt.Key.Key_Home)
    assert chart.plot.current == FEW[0]


def test_enter_opens_the_reading_that_was_walked_to(chart: ScoreChart, press: Callable[..., None]) -> None:
    asked = opened(chart)
    press(Qt.Key.Key_Return)
    assert asked == []
    press(Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Enter)
    assert asked == [FEW[1].id, FEW[0].id]


def test_the_dot_that_was_walked_to_has_a_ring(chart: ScoreChart, press: Callable[..., None]) -> None:
    before = painted(chart)
    press(Qt.Key.Key_Home)
    around = [dot(chart, 0) + QPoint(x, y) for x in range(-9, 10) for y in range(-9, 10)]
    seen = painted(chart)
    assert any(seen.pixelColor(point) == QColor(LIGHT.accent) for point in around)
    assert sum(seen.pixelColor(point) != before.pixelColor(point) for point in around) > 20


def test_without_dots_keys_do_nothing(qtbot: QtBot) -> None:
    chart = a_chart(qtbot, [])
    asked = opened(chart)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Return):
        qtbot.keyClick(chart.plot, key)
    assert (chart.plot.current, asked) == (None, [])


def test_a_screen_reader_is_told_the_course_and_where_one_is(
    chart: ScoreChart, press: Callable[..., None]
) -> None:
    assert chart.plot.accessibleName() == "Chart of scores"
    assert "Overall went up from about 65 to about 90." in chart.plot.accessibleDescription()
    assert HELP in chart.plot.accessibleDescription()
    press(Qt.Key.Key_Home)
    assert chart.plot.accessibleDescription().startswith("Mon 4 May 2026, 09:00 · Overall 60")
