"""All words of a reading as a table."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.windows.words_table import COLUMNS, WordsModel, WordsTable
from assessment.results import Assessment
from tests.assessment import examples

FLAWED = examples.flawed_reading()


@pytest.fixture
def table(qtbot: QtBot) -> WordsTable:
    made = WordsTable()
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    made.show_words(FLAWED, "ipa")
    return made


def row(model: QAbstractItemModel, number: int) -> list[str]:
    return [model.index(number, column).data() for column in range(model.columnCount())]


def test_a_word_is_told_with_its_score_its_sounds_and_what_happened(table: WordsTable) -> None:
    model = table.model()
    assert row(model, 0) == ["Mark", "92", "clear", "/mɑɹk/", "0.30", ""]
    assert row(model, 1) == ["is", "", "", "", "0.62", "left out"]
    assert row(model, 4) == ["see", "47", "partly unclear", "/si/", "1.86", "/s/ sounded like /ʃ/."]
    assert row(model, 5)[5] == "said again"
    assert row(model, 3)[5] == "A pause of 0.6 s before it was not expected."


def test_columns_have_names(table: WordsTable) -> None:
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    model = table.model()
    assert tuple(model.headerData(c, across) for c in range(model.columnCount())) == COLUMNS
    assert model.headerData(0, down) is None


def test_phones_are_written_as_the_settings_say(table: WordsTable) -> None:
    table.show_words(FLAWED, "arpabet")
    assert row(table.model(), 4)[3:] == ["/S IY1/", "1.86", "/S/ sounded like /SH/."]


def test_what_is_too_long_for_its_column_can_be_read_as_a_hint(table: WordsTable) -> None:
    index = table.model().index(3, 5)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == index.data()


@pytest.mark.parametrize("how", ["click", "enter"])
def test_a_row_leads_to_its_word(table: WordsTable, qtbot: QtBot, how: str) -> None:
    index = table.model().index(4, 0)
    with qtbot.waitSignal(table.word_chosen) as chosen:
        if how == "click":
            point = table.visualRect(index).center()
            qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
        else:
            table.setCurrentIndex(index)
            qtbot.keyClick(table, Qt.Key.Key_Return)
    assert chosen.args == [4]


def test_the_arrows_walk_through_the_rows(table: WordsTable, qtbot: QtBot) -> None:
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 1
    assert {index.row() for index in table.selectedIndexes()} == {1}


def test_tab_leaves_the_table(table: WordsTable) -> None:
    assert not table.tabKeyNavigation()


def test_cells_cannot_be_written(table: WordsTable) -> None:
    assert not table.model().flags(table.model().index(0, 0)) & Qt.ItemFlag.ItemIsEditable


def test_a_screen_reader_finds_every_cell(table: WordsTable) -> None:
    grid = QAccessible.queryAccessibleInterface(table)
    assert grid is not None
    children = [grid.child(number) for number in range(grid.childCount())]
    names = [child.text(QAccessible.Text.Name) for child in children if child is not None]
    assert {*COLUMNS, "Mark", "left out", "/s/ sounded like /ʃ/."} <= set(names)
    assert table.accessibleName() == "All words"


def test_a_short_reading_needs_no_scrolling_and_a_long_one_is_no_taller_than_ten_rows(
    table: WordsTable,
) -> None:
    assert table.verticalScrollBar().maximum() == 0
    height = table.height()
    table.show_words(examples.number_reading(), "ipa")
    assert table.height() < height
    long = Assessment(**{**vars(FLAWED), "words": FLAWED.words * 20})
    table.show_words(long, "ipa")
    assert table.height() < 2 * height
    assert table.model().rowCount() == 160


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=25)
@given(examples.assessments())
def test_any_reading_is_a_sound_table(qapp: object, assessment: Assessment) -> None:
    model = WordsModel(assessment, "ipa")
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for number, word in enumerate(assessment.words):
        cells = row(model, number)
        assert cells[0] == word.text
        assert all(isinstance(cell, str) for cell in cells)
