"""The progress page: for a new learner, with readings, with another learner, with trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.library import learners
from app.library.progress_goals import add_goal, goals
from app.library.store import Store
from app.windows.flow import IconButton
from app.windows.progress.page import EMPTY, USUAL_DAYS, ProgressPage
from app.windows.progress.score_chart import SPANS, USUAL_SPAN
from app.windows.services import Services
from app.windows.tokens import DARK, LIGHT
from tests.app.library.progress_readings import read_at

LEFT = Qt.MouseButton.LeftButton
DAY = timedelta(days=1)


@pytest.fixture
def library(qtbot: QtBot, services: Services) -> Store:
    """The library of `services`."""
    services.open_library()
    qtbot.waitUntil(lambda: services.store is not None and bool(services.learner_id), timeout=20_000)
    assert services.store is not None
    return services.store


@pytest.fixture
def page(qtbot: QtBot, services: Services) -> ProgressPage:
    """The page, shown."""
    made = ProgressPage(services)
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1024, 700)
    made.show()
    return made


@pytest.fixture
def practised(qtbot: QtBot, services: Services, library: Store, page: ProgressPage) -> ProgressPage:
    """The page of somebody who has read on three days, and long ago."""
    now = datetime.now(UTC)
    read_at(library, services.learner_id, now - 300 * DAY, overall=40.0)
    for days in (2, 1, 0):
        phones = {"SH": (9, 3, 60.0 + days), "S": (9, 0, 90.0), "ZH": (1, 0, 90.0)}
        read_at(library, services.learner_id, now - days * DAY, phones=phones, overall=80.0 - days)
    show(qtbot, page)
    return page


def show(qtbot: QtBot, page: ProgressPage) -> None:
    """Refresh the page and wait until it shows what was found."""
    page.refresh()
    settle(qtbot, page)


def settle(qtbot: QtBot, page: ProgressPage) -> None:
    qtbot.waitUntil(lambda: not page.is_loading, timeout=20_000)
    QApplication.processEvents()


def seen(page: ProgressPage) -> list[str]:
    """Return all that can be read on the page."""
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


# --- a new learner ------------------------------------------------------------------------------


def test_a_new_learner_is_invited_to_read(qtbot: QtBot, library: Store, page: ProgressPage) -> None:
    show(qtbot, page)
    assert seen(page) == [EMPTY]
    assert page.start.hasFocus()
    with qtbot.waitSignal(page.practice_asked):
        qtbot.keyClick(page.start, Qt.Key.Key_Space)


def test_the_first_reading_fills_the_page(
    qtbot: QtBot, services: Services, library: Store, page: ProgressPage
) -> None:
    show(qtbot, page)
    read_at(library, services.learner_id, datetime.now(UTC))
    show(qtbot, page)
    assert EMPTY not in seen(page)
    assert "Your scores" in seen(page)


def test_before_the_library_is_open_nothing_is_claimed(services: Services, page: ProgressPage) -> None:
    page.refresh()
    assert seen(page) == []
    assert not page.is_loading


# --- what is shown ------------------------------------------------------------------------------


def test_week_scores_sounds_and_goals_stand_below_each_other(practised: ProgressPage) -> None:
    heads = ["Your scores", "Your sounds", "Your goals"]
    assert [text for text in seen(practised) if text in heads] == heads
    assert practised.week.text().startswith("This week you practised on ")
    assert practised.streak.text() == "3 days in a row."
    parts = (practised.week, practised.chart, practised.sounds, practised.goals)
    tops = [part.mapTo(practised, part.rect().topLeft()).y() for part in parts if part is not None]
    assert len(tops) == 4
    assert tops == sorted(tops)


def test_one_day_is_no_row_of_days(
    qtbot: QtBot, services: Services, library: Store, page: ProgressPage
) -> None:
    read_at(library, services.learner_id, datetime.now(UTC))
    show(qtbot, page)
    assert not page.streak.isVisible()


def test_the_chart_shows_three_months_until_more_is_wanted(qtbot: QtBot, practised: ProgressPage) -> None:
    assert practised.chart is not None
    assert SPANS[USUAL_SPAN] == USUAL_DAYS
    assert [each.scores.overall for each in practised.chart.plot.attempts] == [78.0, 79.0, 80.0]
    practised.chart.spans.setCurrentText("All time")
    settle(qtbot, practised)
    assert [each.scores.overall for each in practised.chart.plot.attempts] == [40.0, 78.0, 79.0, 80.0]


def test_the_span_stays_when_the_page_is_shown_again(qtbot: QtBot, practised: ProgressPage) -> None:
    assert practised.chart is not None
    practised.chart.spans.setCurrentText("Last year")
    settle(qtbot, practised)
    show(qtbot, practised)
    assert practised.chart.spans.currentText() == "Last year"
    assert len(practised.chart.plot.attempts) == 4


def test_sounds_show_their_mastery(practised: ProgressPage) -> None:
    assert practised.sounds is not None
    cells = practised.sounds.map.cells
    assert cells["S"].mastery == pytest.approx(0.9)
    assert cells["SH"].mastery is not None
    assert cells["SH"].mastery < cells["S"].mastery
    assert cells["ZH"].mastery is None


def test_new_readings_are_shown_when_the_page_is_shown_again(
    qtbot: QtBot, services: Services, library: Store, practised: ProgressPage
) -> None:
    read_at(library, services.learner_id, datetime.now(UTC), phones={"ZH": (9, 0, 50.0)})
    show(qtbot, practised)
    assert practised.chart is not None
    assert len(practised.chart.plot.attempts) == 4
    assert practised.sounds is not None
    assert practised.sounds.map.cells["ZH"].mastery is not None


def test_sounds_are_written_as_the_settings_say(qtbot: QtBot, practised: ProgressPage) -> None:
    practised._services.change("marking", alphabet="arpabet")
    show(qtbot, practised)
    assert practised.sounds is not None
    assert practised.sounds.map.cells["SH"].words.startswith("/SH/")


def test_keys_come_to_the_page(practised: ProgressPage) -> None:
    assert practised.chart is not None
    assert practised.chart.aspects.hasFocus()


def test_it_takes_another_theme(practised: ProgressPage) -> None:
    assert practised.chart is not None
    assert practised.sounds is not None
    practised.set_tokens(DARK)
    QApplication.processEvents()
    assert practised.chart.plot.grab().toImage().pixelColor(1, 1).name() == DARK.background.lower()


# --- what is asked ------------------------------------------------------------------------------


def test_a_dot_asks_for_its_reading(qtbot: QtBot, practised: ProgressPage) -> None:
    assert practised.chart is not None
    newest = practised.chart.plot.attempts[-1].id
    with qtbot.waitSignal(practised.attempt_asked) as asked:
        qtbot.keyClick(practised.chart.plot, Qt.Key.Key_End)
        qtbot.keyClick(practised.chart.plot, Qt.Key.Key_Return)
    assert asked.args == [newest]


def test_a_sound_asks_about_itself(qtbot: QtBot, practised: ProgressPage) -> None:
    assert practised.sounds is not None
    with qtbot.waitSignal(practised.phone_asked) as asked:
        qtbot.mouseClick(practised.sounds.map.cells["SH"], LEFT)
    assert asked.args == ["SH"]


def test_a_sound_that_is_walked_to_is_scrolled_into_sight(qtbot: QtBot, practised: ProgressPage) -> None:
    assert practised.sounds is not None
    cells = practised.sounds.map.cells
    qtbot.keyClick(cells["P"], Qt.Key.Key_End)
    last = list(cells.values())[-1]
    assert last.hasFocus()
    assert last.visibleRegion().boundingRect() == last.rect()


# --- goals --------------------------------------------------------------------------------------


def press(qtbot: QtBot, page: ProgressPage, button: QPushButton) -> None:
    qtbot.mouseClick(button, LEFT)
    settle(qtbot, page)


def test_a_goal_is_added_and_kept(
    qtbot: QtBot, services: Services, library: Store, practised: ProgressPage
) -> None:
    assert practised.goals is not None
    press(qtbot, practised, practised.goals.add)
    (kept,) = goals(library, services.learner_id, datetime.now(UTC))
    assert (kept.kind, kept.target) == ("days", 3.0)
    assert kept.sentence in seen(practised)


def test_a_removed_goal_can_be_brought_back(
    qtbot: QtBot, services: Services, library: Store, practised: ProgressPage
) -> None:
    add_goal(library, services.learner_id, "phone", 85, "SH")
    show(qtbot, practised)
    assert practised.goals is not None
    remove = next(button for button in practised.goals.findChildren(IconButton) if button.isVisible())
    press(qtbot, practised, remove)
    assert goals(library, services.learner_id, datetime.now(UTC)) == []
    assert practised.banner.text == "The goal is removed."
    undo = next(button for button in practised.banner.findChildren(QPushButton) if button.text() == "Undo")
    press(qtbot, practised, undo)
    (kept,) = goals(library, services.learner_id, datetime.now(UTC))
    assert (kept.kind, kept.target, kept.phone) == ("phone", 85.0, "SH")


def test_trouble_is_told_and_the_page_stays(qtbot: QtBot, library: Store, practised: ProgressPage) -> None:
    assert practised.goals is not None
    library.is_read_only = True
    press(qtbot, practised, practised.goals.add)
    assert "newer Elocute" in practised.banner.text
    assert "Your scores" in seen(practised)


# --- learners -----------------------------------------------------------------------------------


def test_another_learner_sees_nothing_of_the_one_before(
    qtbot: QtBot, services: Services, library: Store, practised: ProgressPage
) -> None:
    other = learners.add(library, "Ali")
    services.choose_learner(other.id, other.name)
    assert not practised.week.isVisible()
    settle(qtbot, practised)
    assert seen(practised) == [EMPTY]


def test_a_learner_who_comes_back_finds_everything_again(
    qtbot: QtBot, services: Services, library: Store, practised: ProgressPage
) -> None:
    mia, other = services.learner_id, learners.add(library, "Ali")
    services.choose_learner(other.id, other.name)
    settle(qtbot, practised)
    services.choose_learner(mia, "")
    settle(qtbot, practised)
    assert practised.chart is not None
    assert practised.chart.isVisible()
    assert len(practised.chart.plot.attempts) == 3


def test_a_library_that_is_opened_while_the_page_is_shown_fills_it(
    qtbot: QtBot, services: Services, page: ProgressPage
) -> None:
    page.refresh()
    services.open_library()
    qtbot.waitUntil(lambda: EMPTY in seen(page), timeout=20_000)


@pytest.mark.parametrize("width", [640, 1024, 1920])
def test_nothing_is_cut_off_at_the_side(qtbot: QtBot, practised: ProgressPage, width: int) -> None:
    practised.resize(width, 700)
    QApplication.processEvents()
    for part in (practised.chart, practised.sounds, practised.goals):
        assert part is not None
        left = part.mapTo(practised, part.rect().topLeft()).x()
        assert left >= 16
        assert left + part.width() <= width - 16
