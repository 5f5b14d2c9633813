"""Everything below the text once it was read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.settings import Marking, Settings
from app.windows.result_view import MARKS, ResultView
from app.windows.text_view import PAGE_WIDTH
from app.windows.tokens import DARK
from assessment.results import Assessment, Notice, TextMatch
from tests.assessment import examples

FLAWED = examples.flawed_reading()


@pytest.fixture
def view(qtbot: QtBot) -> ResultView:
    made = ResultView()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def showing(view: ResultView, reading: Assessment = FLAWED, marking: Marking | None = None) -> None:
    settings = Settings() if marking is None else replace(Settings(), marking=marking)
    view.show_assessment(reading, settings, None)
    QCoreApplication.processEvents()


def told(view: ResultView) -> list[str]:
    return [each.text() for each in view.findChildren(QLabel) if each.isVisible() and each.text()]


def top(view: ResultView, part: QWidget) -> int:
    return part.mapTo(view, QPoint(0, 0)).y()


def test_scores_come_first_then_what_to_work_on_then_the_rest(view: ResultView) -> None:
    showing(view)
    parts = (view.scores, view.problems, view.notices, view.sound_button)
    assert [part.isVisible() for part in parts] == [True] * 4
    tops = [top(view, part) for part in parts]
    assert tops == sorted(set(tops))


def test_notices_are_told_and_gone_with_the_next_reading(view: ResultView) -> None:
    notices = (Notice("a", "It is noisy."), Notice("b", "It is quiet."))
    showing(view, replace(FLAWED, notices=notices))
    assert "It is noisy.\nIt is quiet." in told(view)
    showing(view, replace(FLAWED, notices=()))
    assert not view.notices.isVisible()


def test_another_text_than_the_one_shown_is_told_above_all(view: ResultView) -> None:
    other = TextMatch(0.1, "other-text", "This sounds like another text.")
    showing(view, replace(FLAWED, text_match=other))
    assert told(view)[0] == "This sounds like another text."
    showing(view)
    assert not view.said.isVisible()


def test_the_table_of_words_opens_and_closes(view: ResultView, qtbot: QtBot) -> None:
    showing(view)
    assert not view.words.isVisible()
    view.words_button.click()
    assert view.words.isVisible()
    assert view.words.model().rowCount() == len(FLAWED.words)
    with qtbot.waitSignal(view.word_asked) as asked:
        view.words.activated.emit(view.words.model().index(4, 0))
    assert asked.args == [4]
    view.words_button.click()
    assert not view.words.isVisible()


def test_an_open_table_shows_the_next_reading(view: ResultView) -> None:
    showing(view)
    view.words_button.click()
    showing(view, examples.number_reading())
    assert view.words.isVisible()
    assert view.words.model().rowCount() == 5


def test_the_sound_is_asked_for_when_it_is_opened_and_at_each_reading_while_open(
    view: ResultView, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(view.sound_asked):
        showing(view)
    with qtbot.waitSignal(view.sound_asked):
        view.sound_button.click()
    with qtbot.waitSignal(view.sound_asked):
        showing(view)
    with qtbot.assertNotEmitted(view.sound_asked):
        view.sound_button.click()


def test_the_sound_panel_is_made_once_above_the_words_and_hides_with_its_button(view: ResultView) -> None:
    showing(view)
    view.sound_button.click()
    view.words_button.click()
    panel = view.sound_panel()
    QCoreApplication.processEvents()
    assert view.sound_panel() is panel
    assert panel.isVisible()
    assert top(view, panel) < top(view, view.words)
    view.sound_button.click()
    assert not panel.isVisible()


def test_a_span_of_the_sound_and_its_words_are_passed_on(view: ResultView, qtbot: QtBot) -> None:
    showing(view)
    panel = view.sound_panel()
    with qtbot.waitSignal(view.span_asked) as span:
        panel.play_asked.emit(0.5, 1.25)
    assert span.args == [0.5, 1.25]
    with qtbot.waitSignal(view.word_asked) as word:
        panel.word_chosen.emit(3)
    assert word.args == [3]


def test_every_switch_of_the_settings_can_be_set_beside_the_result(view: ResultView, qtbot: QtBot) -> None:
    assert set(MARKS) == {name for name in vars(Marking()) if name.startswith("show_")}
    for name, title in MARKS.items():
        showing(view, marking=replace(Marking(), **{name: False}))
        assert {key: action.isChecked() for key, action in view.mark_actions.items()} == {
            key: key != name for key in MARKS
        }
        action = next(each for each in view.marks_button.menu().actions() if each.text() == title)
        with qtbot.waitSignal(view.marking_changed) as changed:
            action.trigger()
        assert changed.args == [name, True]


def test_showing_a_reading_changes_no_setting(view: ResultView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.marking_changed):
        showing(view, marking=Marking(show_pauses=False, show_added=False))


@pytest.mark.parametrize("width", [700, 1000, 1920])
def test_it_begins_where_the_text_does_and_is_no_wider_than_the_page(view: ResultView, width: int) -> None:
    showing(view)
    left = max(24, (width - PAGE_WIDTH) // 2)
    view.resize(width, 700)
    view.set_left(left)
    QCoreApplication.processEvents()
    assert view.scores.mapTo(view, QPoint(0, 0)).x() == left
    assert view.scores.width() <= PAGE_WIDTH
    assert left + view.scores.width() <= width
    view.resize(width + 200, 700)
    QCoreApplication.processEvents()
    assert view.scores.width() <= PAGE_WIDTH


def test_the_theme_reaches_all_parts(view: ResultView) -> None:
    showing(view)
    view.sound_panel()
    buttons = (view.sound_button, view.words_button, view.marks_button)
    view.set_tokens(replace(DARK, text="#FF00FF"))
    for button in buttons:
        image = button.icon().pixmap(20, 20).toImage()
        colours = {image.pixelColor(x, y).name() for x in range(20) for y in range(20)}
        assert "#ff00ff" in colours
