"""The sections of scores and of what is hard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.windows.classes.hard_list import HardList
from app.windows.classes.number_views import HardView, ScoresView
from app.windows.classes.section import Section, Shown
from app.windows.tokens import LIGHT
from tests.app.windows.classes.overviews import KIND, learner, overview

LEFT = Qt.MouseButton.LeftButton
SHOWN = Shown(overview(learner("Mia", 5)))


def show(qtbot: QtBot, section: Section, shown: Shown = SHOWN, width: int = 1000) -> None:
    qtbot.addWidget(section)
    section.set_tokens(LIGHT)
    section.resize(width, 400)
    section.show_class(shown)
    section.show()
    QApplication.processEvents()


@pytest.fixture
def hard(qtbot: QtBot) -> HardView:
    """Two hard words and two hard sounds, shown."""
    made = HardView()
    show(qtbot, made)
    return made


@pytest.fixture
def scores(qtbot: QtBot) -> ScoresView:
    """Histogram and trend, shown."""
    made = ScoresView()
    show(qtbot, made)
    return made


def told(section: Section) -> list[str]:
    return [each.text() for each in section.findChildren(QLabel) if each.text()]


def line(table: HardList, row: int) -> list[str]:
    return [table.sheet.index(row, column).data() for column in range(4)]


def test_what_is_hard_is_listed_with_how_often_it_went_wrong(hard: HardView) -> None:
    assert line(hard.words, 0) == ["three", "6 of 10", "2", "41"]
    assert line(hard.phones, 0) == ["/θ/ as in “think”", "9 of 20", "2", "44"]


def test_one_click_anywhere_in_a_line_leads_to_its_recordings(qtbot: QtBot, hard: HardView) -> None:
    spot = hard.words.visualRect(hard.words.sheet.index(1, 0)).center()
    with qtbot.waitSignal(hard.asked) as asked:
        qtbot.mouseClick(hard.words.viewport(), LEFT, pos=spot)
    assert asked.args == [{"word": "world"}]


def test_enter_on_a_sound_leads_to_its_recordings(qtbot: QtBot, hard: HardView) -> None:
    hard.phones.setCurrentIndex(hard.phones.sheet.index(1, 2))
    with qtbot.waitSignal(hard.asked) as asked:
        qtbot.keyClick(hard.phones, Qt.Key.Key_Return)
    assert asked.args == [{"phone": "R"}]


def test_they_can_be_sorted_by_the_share_that_went_wrong(qtbot: QtBot, hard: HardView) -> None:
    hard.words.setCurrentIndex(hard.words.sheet.index(0, 1))
    qtbot.keyClick(hard.words, Qt.Key.Key_O)
    assert [row.shown for row in hard.words.sheet.rows] == ["world", "three"]


def test_a_line_says_all_that_is_known(hard: HardView) -> None:
    spoken = hard.words.sheet.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "three: 6 of 10 wrong, by 2 learners; mean 41. Click to hear where."


def test_charts_tell_what_they_show(scores: ScoresView) -> None:
    assert "Most: 5 readings from 70 to 80." in told(scores)
    assert any("Overall went up from about 60 to about 80." in each for each in told(scores))


def test_a_bar_that_is_walked_to_is_told_below(qtbot: QtBot, scores: ScoresView) -> None:
    qtbot.keyClick(scores.histogram, Qt.Key.Key_End)
    assert "2 readings from 90 to 100" in told(scores)


def test_another_score_goes_its_own_way(scores: ScoresView) -> None:
    scores.aspect.setCurrentText("Fluency")
    assert scores.trend.marks[0].words == "Mon 4 May 2026: fluency about 62, 3 readings"


def test_ranges_are_those_of_the_teacher(qtbot: QtBot) -> None:
    made = ScoresView()
    show(qtbot, made, Shown(SHOWN.overview, KIND))
    assert "Most: 5 readings from 75 to 80." in told(made)


@pytest.mark.parametrize(("width", "side_by_side"), [(600, False), (1200, True)])
def test_charts_stand_side_by_side_where_there_is_room(
    qtbot: QtBot, scores: ScoresView, width: int, side_by_side: bool
) -> None:
    scores.resize(width, 500)
    QApplication.processEvents()
    tops = [chart.mapTo(scores, chart.rect().topLeft()).y() for chart in (scores.histogram, scores.trend)]
    assert (tops[0] == tops[1]) is side_by_side
