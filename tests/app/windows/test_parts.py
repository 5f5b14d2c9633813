"""The parts of the window by themselves: tiles, scores, problems, table, messages, levels, buttons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.audio.events import Ended, Heard, Why
from app.audio.journal import Take
from app.audio.level import Level
from app.windows import icons, theme
from app.windows.about import KEYS, AboutDialog, KeysDialog, licences
from app.windows.banner import Banner
from app.windows.flow import FlowLayout
from app.windows.level_bar import LevelBar
from app.windows.microphone_test import HEARD, UNHEARD, MicrophoneTest
from app.windows.phone_tile import PhoneTile
from app.windows.problems import ProblemsPanel
from app.windows.record_bar import RecordBar, State
from app.windows.scores import ASPECTS, ScoresPanel
from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT
from app.windows.welcome import WelcomePage
from app.windows.word_detail import WordDetail
from app.windows.words_table import COLUMNS, WordsTable
from assessment.resources import resource
from assessment.results import Assessment, Confidence, ErrorType, Verdict
from tests.app.windows.stage import Stage, stage
from tests.assessment import examples

THEMES = (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)


def texts(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if not each.isHidden()]


def shown_buttons(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QPushButton) if not each.isHidden()]


def image(widget: QWidget) -> QImage:
    return widget.grab().toImage()


# --- looks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)
def test_the_style_sheet_is_complete_in_every_theme(tokens: theme.Tokens) -> None:
    sheet = theme.stylesheet(tokens)
    assert tokens.accent in sheet
    assert sheet.count("{") == sheet.count("}")
    assert "{{" not in sheet


def test_every_icon_can_be_drawn(qtbot: QtBot) -> None:
    files = sorted(path.stem for path in resource("icons").glob("*.svg"))
    assert len(files) > 20
    for name in files:
        picture = icons.icon(name, "#000000").pixmap(24, 24).toImage()
        assert any(picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name


@given(st.lists(st.tuples(st.integers(10, 200), st.integers(10, 60)), max_size=12), st.integers(100, 600))
def test_what_flows_never_overlaps_and_stays_within_the_width(
    sizes: list[tuple[int, int]], width: int
) -> None:
    page = QWidget()
    flow = FlowLayout(page)
    for wide, high in sizes:
        part = QWidget()
        part.setFixedSize(wide, high)
        flow.addWidget(part)
    height = flow.heightForWidth(width)
    flow.setGeometry(QRect(0, 0, width, height))
    boxes = [flow.itemAt(index).geometry() for index in range(flow.count())]
    for number, box in enumerate(boxes):
        assert box.bottom() < max(height, 1)
        assert box.right() < width or box.left() == 0
        assert not any(box.intersects(other) for other in boxes[number + 1 :])


# --- a word -------------------------------------------------------------------------------------


def test_a_tile_tells_its_phone_its_score_and_what_was_heard(qtbot: QtBot) -> None:
    tile = PhoneTile(examples.a_phone("S", Verdict.WRONG, "SH", "S"), "ipa", LIGHT)
    qtbot.addWidget(tile)
    assert tile.accessibleName() == "s: 50 of 100, wrong, heard as ʃ"
    plain = PhoneTile(examples.a_phone("S", Verdict.RIGHT, "S"), "arpabet", LIGHT)
    qtbot.addWidget(plain)
    assert plain.accessibleName() == "S: 50 of 100, right"
    assert image(tile) != image(plain)


def test_the_detail_shows_a_tile_for_each_phone(qtbot: QtBot) -> None:
    reading = examples.flawed_reading()
    detail = WordDetail()
    qtbot.addWidget(detail)
    for index, word in enumerate(reading.words):
        detail.show_word(reading, index, "ipa")
        assert [tile.phone for tile in detail.tiles] == list(word.phones)
        was_said = word.end > word.start
        assert ("Mine" in shown_buttons(detail)) == was_said


def test_the_detail_closes_with_escape(qtbot: QtBot) -> None:
    detail = WordDetail()
    qtbot.addWidget(detail)
    detail.show_word(examples.good_reading(), 0, "ipa")
    with qtbot.waitSignal(detail.closed):
        qtbot.keyClick(detail, Qt.Key.Key_Escape)


# --- the result ---------------------------------------------------------------------------------


def test_scores_are_told_in_words_and_numbers(qtbot: QtBot) -> None:
    reading = examples.good_reading()
    panel = ScoresPanel()
    qtbot.addWidget(panel)
    panel.show_scores(reading)
    told = texts(panel)
    assert f"{reading.scores.overall:.0f}" in told
    for aspect in ASPECTS:
        assert aspect.capitalize() in told


def test_an_aspect_that_was_not_scored_says_so(qtbot: QtBot) -> None:
    reading = examples.good_reading()
    panel = ScoresPanel()
    qtbot.addWidget(panel)
    panel.show_scores(replace(reading, scores=replace(reading.scores, prosody=None)))
    assert "not scored" in texts(panel)


def test_a_rough_estimate_looks_unsure_and_says_why(qtbot: QtBot) -> None:
    reading = examples.good_reading()
    panel = ScoresPanel()
    qtbot.addWidget(panel)
    panel.show_scores(replace(reading, confidence=Confidence(1.0)))
    sure = image(panel)
    panel.show_scores(replace(reading, confidence=Confidence(0.1, ("it is noisy",))))
    assert "These scores are a rough estimate: it is noisy." in texts(panel)
    assert image(panel) != sure


@pytest.mark.parametrize(("before", "told"), [(90.0, "less"), (10.0, "more")])
def test_scores_are_compared_with_the_last_time(qtbot: QtBot, before: float, told: str) -> None:
    reading = examples.good_reading()
    panel = ScoresPanel()
    qtbot.addWidget(panel)
    panel.show_scores(replace(reading, scores=replace(reading.scores, overall=50.0)), before)
    assert f"40 {told} than last time ({before:.0f})." in texts(panel)


def test_each_problem_is_shown_with_what_can_be_done(qtbot: QtBot) -> None:
    reading = examples.flawed_reading()
    panel = ProblemsPanel()
    qtbot.addWidget(panel)
    panel.show_problems(reading)
    for problem in reading.problems:
        assert problem.message in texts(panel)
        assert problem.tip in texts(panel)
    with qtbot.waitSignal(panel.mouth_asked) as asked:
        next(each for each in panel.findChildren(QPushButton) if each.text() == "Mouth").click()
    assert asked.args == ["S", "SH"]
    with qtbot.waitSignal(panel.practice_asked) as practised:
        next(each for each in panel.findChildren(QPushButton) if each.text().startswith("Practise")).click()
    assert practised.args == [("see", "she")]


def test_a_good_reading_is_praised(qtbot: QtBot) -> None:
    panel = ProblemsPanel()
    qtbot.addWidget(panel)
    reading = examples.good_reading()
    panel.show_problems(replace(reading, problems=(), scores=replace(reading.scores, overall=95.0)))
    assert "Well read" in texts(panel)


def table_of(reading: Assessment, qtbot: QtBot) -> WordsTable:
    table = WordsTable()
    qtbot.addWidget(table)
    table.show_words(reading, "ipa")
    return table


def test_the_table_has_a_row_for_each_word(qtbot: QtBot) -> None:
    reading = examples.flawed_reading()
    model = table_of(reading, qtbot).model()
    assert (model.rowCount(), model.columnCount()) == (len(reading.words), len(COLUMNS))
    for row, word in enumerate(reading.words):
        assert model.index(row, 0).data() == word.text
        if word.error is ErrorType.OMISSION:
            assert model.index(row, 5).data() == "left out"


def test_a_row_that_is_chosen_leads_to_its_word(qtbot: QtBot) -> None:
    table = table_of(examples.good_reading(), qtbot)
    with qtbot.waitSignal(table.word_chosen) as chosen:
        table.activated.emit(table.model().index(2, 0))
    assert chosen.args == [2]


# --- messages, levels, buttons ------------------------------------------------------------------


def test_a_message_is_shown_until_it_is_closed_or_done(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.text == ""
    done: list[bool] = []
    banner.tell("Something.", action="Help", do=lambda: done.append(True))
    assert banner.text == "Something."
    next(each for each in banner.findChildren(QPushButton) if each.text() == "Help").click()
    assert done == [True]
    assert banner.text == ""


def test_the_level_is_seen(qtbot: QtBot) -> None:
    bar = LevelBar()
    qtbot.addWidget(bar)
    off = image(bar)
    bar.set_level(-40.0, -30.0)
    quiet = image(bar)
    bar.set_level(-10.0, -1.0)
    assert off != quiet != image(bar)
    bar.switch_off()
    assert image(bar) == off


@pytest.mark.parametrize("state", list(State))
def test_only_what_makes_sense_can_be_pressed(qtbot: QtBot, state: State) -> None:
    bar = RecordBar()
    qtbot.addWidget(bar)
    bar.set_state(state)
    assert bar.record.isEnabled() == (state not in (State.LOADING, State.ASSESSING))
    assert bar.listen.isEnabled() == (state in (State.READY, State.SCORED))
    assert bar.cancel.isHidden() == (state is not State.ASSESSING)
    assert bar.record.accessibleName() == ("Stop" if state in (State.STARTING, State.READING) else "Record")
    assert bar.status.text() == state.value


def test_a_microphone_that_is_not_connected_is_offered_as_such(qtbot: QtBot) -> None:
    bar = RecordBar()
    qtbot.addWidget(bar)
    bar.set_microphones(["A", "B"], "C")
    shown = [bar.microphone.itemText(row) for row in range(bar.microphone.count())]
    assert shown == ["System default", "A", "B", "C (not connected)"]
    assert bar.microphone.currentData() == "C"


def test_about_names_all_parts_and_the_keys_are_listed(qtbot: QtBot) -> None:
    assert "PySide6-Essentials" in licences()
    for dialog in (AboutDialog("Model x 1", None), KeysDialog(None)):
        qtbot.addWidget(dialog)
        assert texts(dialog)
    assert set(dict(KEYS)) <= set(texts(dialog))


# --- the first start ----------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    with stage(qtbot, tmp_path) as made:
        yield made


@pytest.mark.parametrize("name", ["", "Amina"])
def test_a_newcomer_comes_to_the_first_sentence_with_or_without_a_name(
    window: Stage, qtbot: QtBot, name: str
) -> None:
    page = WelcomePage(window.services)
    qtbot.addWidget(page)
    page.name.setText(name)
    with qtbot.waitSignal(page.finished):
        page.start.click()
    assert window.services.settings.learner.name == name
    assert window.services.settings.window.introduced


@pytest.mark.parametrize(("level", "told"), [(-80.0, UNHEARD), (-20.0, HEARD)])
def test_the_microphone_test_says_whether_somebody_was_heard(
    window: Stage, qtbot: QtBot, level: float, told: str
) -> None:
    test = MicrophoneTest(window.services)
    qtbot.addWidget(test)
    test.start()
    block = np.full(800, 0.1, np.float32)
    window.services.sound_event.emit(Heard(Level(level, level), block, True, 0.1))
    assert test.told.text() == "Speak now."
    take = Take("", datetime.now(UTC), block)
    window.services.sound_event.emit(Ended(take, Why.ASKED, 0, window.recorder.journal))
    assert test.told.text() == told
    assert test.button.isEnabled()
