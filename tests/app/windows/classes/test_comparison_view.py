"""Two learners beside each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.library.records import AttemptRow
from app.windows.classes.comparing import Common
from app.windows.classes.comparison_view import ComparisonView
from app.windows.classes.section import Shown
from app.windows.tokens import LIGHT
from tests.app.windows.classes.overviews import WHEN, learner, overview

LEFT = Qt.MouseButton.LeftButton
HEAT = {("ali", "R"): (90.0, 9), ("mia", "R"): (30.0, 9), ("ali", "S"): (80.0, 9), ("mia", "S"): (80.0, 9)}
CLASS = overview(learner("Ali", overall=80.0), learner("Mia", overall=60.0), learner("Zoe", 0), heat=HEAT)
READING = AttemptRow(
    "one", "ali", "Ali", None, "", None, "A cup of tea", WHEN, 3.0, *[None] * 5, *[False] * 2, None
)


@pytest.fixture
def view(qtbot: QtBot) -> ComparisonView:
    """The first two of three learners, shown."""
    made = ComparisonView()
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1000, 500)
    made.show_class(Shown(CLASS))
    made.show()
    return made


def seen(view: ComparisonView) -> list[str]:
    return [each.text() for each in view.findChildren(QLabel) if each.isVisible() and each.text()]


def button(view: ComparisonView, name: str) -> QPushButton:
    return next(
        each
        for each in view.findChildren(QPushButton)
        if each.accessibleName().startswith(name) and each.isVisible()
    )


def test_the_first_two_are_compared_until_others_are_chosen(view: ComparisonView) -> None:
    assert view.pair == ("ali", "mia")
    view.choose("zoe", "ali")
    assert view.pair == ("zoe", "ali")


def test_scores_stand_side_by_side_with_the_difference(view: ComparisonView) -> None:
    assert button(view, "Ali, Overall").text() == "80"
    assert button(view, "Mia, Overall").text() == "60"
    assert seen(view).count("−20") == 5


def test_sounds_in_which_they_differ_lead_to_recordings(qtbot: QtBot, view: ComparisonView) -> None:
    assert "/ɹ/ as in “red”" in seen(view)
    assert "/s/ as in “see”" not in seen(view)
    with qtbot.waitSignal(view.asked) as asked:
        qtbot.mouseClick(button(view, "/ɹ/ as in “red”: 30"), LEFT)
    assert asked.args == [{"learner_id": "mia", "phone": "R"}]


def test_a_score_leads_to_all_recordings_of_its_learner(qtbot: QtBot, view: ComparisonView) -> None:
    with qtbot.waitSignal(view.asked) as asked:
        qtbot.mouseClick(button(view, "Ali, Fluency"), LEFT)
    assert asked.args == [{"learner_id": "ali"}]


def test_who_has_not_read_has_no_scores(view: ComparisonView) -> None:
    view.choose("ali", "zoe")
    QApplication.processEvents()
    assert not button(view, "Zoe, Overall").isEnabled()
    assert seen(view).count("–") == 5
    assert "No sound that both have said often enough differs much." in seen(view)


def test_the_text_of_both_is_looked_for_when_others_are_compared(qtbot: QtBot, view: ComparisonView) -> None:
    with qtbot.waitSignal(view.pair_changed):
        view.second.setCurrentIndex(2)


def test_their_readings_of_the_same_text_can_be_compared(qtbot: QtBot, view: ComparisonView) -> None:
    view.show_common(Common(READING, replace(READING, id="two")))
    assert "“A cup of tea”" in seen(view)
    with qtbot.waitSignal(view.comparison_asked) as asked:
        qtbot.mouseClick(view.readings, LEFT)
    assert asked.args == ["one", "two"]


def test_without_a_text_of_both_there_is_no_button(view: ComparisonView) -> None:
    assert not view.readings.isVisible()
    assert "They have not read the same text yet." not in seen(view)
    view.show_common(None)
    assert "They have not read the same text yet." in seen(view)


def test_a_text_is_forgotten_when_others_are_compared(view: ComparisonView) -> None:
    view.show_common(Common(READING, READING))
    view.choose("zoe", "mia")
    assert not view.readings.isVisible()


def test_nobody_is_compared_with_themselves(view: ComparisonView) -> None:
    view.choose("ali", "ali")
    assert view.pair is None
    assert "These are the same learner. Choose another one." in seen(view)


def test_a_class_of_one_needs_another(view: ComparisonView) -> None:
    view.show_class(Shown(overview(learner("Mia"))))
    assert view.pair is None
    assert "It takes two learners to compare them. Add another one to this class." in seen(view)


def test_new_numbers_keep_who_is_compared(view: ComparisonView) -> None:
    view.choose("mia", "zoe")
    view.show_class(Shown(overview(learner("Bo"), *CLASS.learners, heat=HEAT)))
    assert view.pair == ("mia", "zoe")
