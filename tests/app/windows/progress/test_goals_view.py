"""Goals as people see them: how far they are reached, adding and removing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from app.library.progress_goals import TARGETS, GoalState
from app.windows.flow import IconButton
from app.windows.progress.goals_view import EMPTY, GoalsView
from app.windows.tokens import DARK, LIGHT
from assessment.phones import PHONES

LEFT = Qt.MouseButton.LeftButton
DAYS = GoalState("1", "days", 4.0, None, 2.0, 0.5, "Practise on 4 days a week: 2 so far.")
SOUND = GoalState("2", "phone", 80.0, "SH", 92.0, 1.0, "Bring /ʃ/ to 80: reached, with 92.")


@pytest.fixture
def view(qtbot: QtBot) -> GoalsView:
    shown = GoalsView()
    qtbot.addWidget(shown)
    shown.set_tokens(LIGHT)
    shown.resize(800, 300)
    shown.show()
    shown.set_goals([DAYS, SOUND])
    return shown


def texts(view: GoalsView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def test_each_goal_is_told_with_a_bar(view: GoalsView) -> None:
    assert texts(view) == [DAYS.sentence, SOUND.sentence]
    bars = [bar for bar in view.findChildren(QProgressBar) if bar.isVisible()]
    assert [(bar.value(), bar.maximum()) for bar in bars] == [(50, 100), (100, 100)]
    assert [bar.accessibleName() for bar in bars] == [DAYS.sentence, SOUND.sentence]


def test_without_goals_it_says_what_to_do(view: GoalsView) -> None:
    view.set_goals([])
    QApplication.processEvents()
    assert texts(view) == [EMPTY]


def test_a_goal_is_removed_by_its_button(qtbot: QtBot, view: GoalsView) -> None:
    buttons = [button for button in view.findChildren(IconButton) if button.isVisible()]
    assert [button.accessibleDescription() for button in buttons] == [DAYS.sentence, SOUND.sentence]
    with qtbot.waitSignal(view.removed) as removed:
        qtbot.mouseClick(buttons[1], LEFT)
    assert removed.args == [SOUND]


def test_a_goal_is_added_as_chosen(qtbot: QtBot, view: GoalsView) -> None:
    view.kinds.setCurrentText("Readings a week")
    view.targets.setCurrentText("20 readings")
    assert not view.phones.isVisible()
    with qtbot.waitSignal(view.added) as added:
        qtbot.mouseClick(view.add, LEFT)
    assert added.args == ["attempts", 20.0, ""]


def test_a_goal_about_a_sound_says_which(qtbot: QtBot, view: GoalsView) -> None:
    view.kinds.setCurrentText("One sound")
    assert view.phones.isVisible()
    view.phones.setCurrentText("/ʃ/ as in “she”")
    with qtbot.waitSignal(view.added) as added:
        qtbot.mouseClick(view.add, LEFT)
    assert added.args == ["phone", 80.0, "SH"]


def test_every_target_on_offer_can_be_reached(view: GoalsView) -> None:
    for kind in range(view.kinds.count()):
        view.kinds.setCurrentIndex(kind)
        least, most = TARGETS[view.kinds.currentData()]
        offered = [view.targets.itemData(row) for row in range(view.targets.count())]
        assert offered == sorted(set(offered))
        assert least <= offered[0] <= offered[-1] <= most
        assert view.targets.currentData() in offered


def test_every_sound_is_on_offer_as_the_settings_write_it(view: GoalsView) -> None:
    assert [view.phones.itemData(row) for row in range(view.phones.count())] == list(PHONES)
    view.phones.setCurrentIndex(7)
    view.set_goals([DAYS], "arpabet")
    assert view.phones.currentText() == f"/{PHONES[7]}/ as in “chair”"
    assert view.phones.count() == len(PHONES)


def test_what_was_being_chosen_stays_when_goals_are_shown_anew(view: GoalsView) -> None:
    view.kinds.setCurrentText("One sound")
    view.phones.setCurrentIndex(9)
    view.targets.setCurrentText("90")
    view.set_goals([DAYS])
    assert (view.kinds.currentText(), view.phones.currentIndex(), view.targets.currentText()) == (
        "One sound",
        9,
        "90",
    )


def test_another_theme_reaches_the_buttons(view: GoalsView) -> None:
    def picture() -> object:
        button = next(button for button in view.findChildren(IconButton) if button.isVisible())
        return button.icon().pixmap(20, 20).toImage()

    before = picture()
    view.set_tokens(DARK)
    assert picture() != before
