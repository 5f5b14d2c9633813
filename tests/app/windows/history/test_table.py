"""The table of the history: several attempts can be chosen and stay so, and there is a key for everything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.windows.history.model import Column
from app.windows.history.table import HistoryTable
from app.windows.tokens import DARK, LIGHT, Tokens
from tests.app.windows.history.rows import a_row, many

Held = Qt.KeyboardModifier
NOTHING, SHIFT, CTRL = Held.NoModifier, Held.ShiftModifier, Held.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def table(qtbot: QtBot) -> HistoryTable:
    made = HistoryTable()
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1000, 500)
    made.show()
    made.show_rows(many(40))
    made.setFocus()
    return made


def chosen(table: HistoryTable) -> list[str]:
    return [row.id for row in table.chosen]


def place(table: HistoryTable, row: int, column: Column) -> QPoint:
    return table.visualRect(table.attempts.index(row, column)).center()


def click(
    qtbot: QtBot, table: HistoryTable, row: int, column: Column = Column.TEXT, held: Held = NOTHING
) -> None:
    qtbot.mouseClick(table.viewport(), LEFT, held, place(table, row, column))


# --- choosing -----------------------------------------------------------------------------------


def test_the_newest_is_chosen_at_first(table: HistoryTable) -> None:
    assert chosen(table) == ["0"]
    assert table.current is not None
    assert table.current.id == "0"


def test_several_are_chosen_with_shift_and_all_with_ctrl_a(qtbot: QtBot, table: HistoryTable) -> None:
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert chosen(table) == ["0", "1", "2"]
    qtbot.keyClick(table, Qt.Key.Key_A, CTRL)
    assert len(chosen(table)) == 40


def test_those_that_are_chosen_with_ctrl_are_told_from_the_top(qtbot: QtBot, table: HistoryTable) -> None:
    for row in (7, 3, 5):
        click(qtbot, table, row, held=CTRL)
    assert chosen(table) == ["0", "3", "5", "7"]
    assert table.current is not None
    assert table.current.id == "5"


def test_what_was_chosen_stays_so_when_it_is_sorted(qtbot: QtBot, table: HistoryTable) -> None:
    for row in (7, 8):
        click(qtbot, table, row, held=CTRL)
    table.horizontalHeader().setSortIndicator(Column.TEXT, Qt.SortOrder.AscendingOrder)
    assert set(chosen(table)) == {"0", "7", "8"}
    assert table.current is not None
    assert table.current.id == "8"
    assert [row.text for row in table.attempts.rows] == sorted(row.text for row in many(40))


def test_where_the_chosen_one_is_gone_the_one_in_its_place_is_chosen(table: HistoryTable) -> None:
    table.selectRow(5)
    table.show_rows([row for row in many(40) if row.id != "5"])
    assert chosen(table) == ["6"]
    table.selectRow(38)
    table.show_rows(many(10))
    assert chosen(table) == ["9"]
    table.show_rows([])
    assert chosen(table) == []
    assert table.current is None


def test_others_can_be_chosen_with_the_rows(table: HistoryTable) -> None:
    table.show_rows(many(40), ["3", "4", "20"])
    assert chosen(table) == ["3", "4", "20"]


def test_it_is_told_once_that_others_are_chosen(qtbot: QtBot, table: HistoryTable) -> None:
    told: list[list[str]] = []
    table.choice_changed.connect(lambda: told.append(chosen(table)))
    table.show_rows(many(5))
    table.selectRow(3)
    assert told == [["0"], ["3"]]


def test_all_of_ten_thousand_are_chosen_sorted_and_drawn(table: HistoryTable) -> None:
    table.show_rows(many(10_000))
    table.selectAll()
    table.horizontalHeader().setSortIndicator(Column.OVERALL, Qt.SortOrder.AscendingOrder)
    assert len(table.chosen) == 10_000
    assert table.selectionModel().selection().count() == 1
    table.scrollToBottom()
    assert not table.grab().isNull()


# --- keys and clicks ----------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "signal"), [
    (Qt.Key.Key_Return, "open_asked"),
    (Qt.Key.Key_Enter, "open_asked"),
    (Qt.Key.Key_Space, "play_asked"),
    (Qt.Key.Key_S, "star_asked"),
    (Qt.Key.Key_C, "compare_asked"),
    (Qt.Key.Key_Delete, "delete_asked"),
    (Qt.Key.Key_Backspace, "delete_asked"),
])  # fmt: skip
def test_there_is_a_key_for_everything(qtbot: QtBot, table: HistoryTable, key: Qt.Key, signal: str) -> None:
    with qtbot.waitSignal(getattr(table, signal)):
        qtbot.keyClick(table, key)
    with qtbot.assertNotEmitted(getattr(table, signal)):
        qtbot.keyClick(table, key, Qt.KeyboardModifier.AltModifier)


def test_a_letter_goes_nowhere_by_itself(qtbot: QtBot, table: HistoryTable) -> None:
    qtbot.keyClick(table, Qt.Key.Key_T)
    assert chosen(table) == ["0"]


def test_o_sorts_by_the_column_and_back(qtbot: QtBot, table: HistoryTable) -> None:
    header = table.horizontalHeader()
    table.setCurrentIndex(table.attempts.index(0, Column.OVERALL))
    orders = []
    for _ in range(3):
        qtbot.keyClick(table, Qt.Key.Key_O)
        assert header.sortIndicatorSection() == Column.OVERALL
        orders.append(header.sortIndicatorOrder())
        assert table.currentIndex().column() == Column.OVERALL
    up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
    assert orders == [up, down, up]


def test_a_click_on_a_title_sorts(qtbot: QtBot, table: HistoryTable) -> None:
    header = table.horizontalHeader()
    middle = header.sectionViewportPosition(Column.OVERALL) + header.sectionSize(Column.OVERALL) // 2
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(middle, 10))
    known = [row.overall for row in table.attempts.rows if row.overall is not None]
    assert known in (sorted(known), sorted(known, reverse=True))
    assert [row.id for row in table.attempts.rows] != [row.id for row in many(40)]


@pytest.mark.parametrize(("column", "signal"), [
    (Column.STARRED, "star_asked"), (Column.RECORDING, "play_asked"),
])  # fmt: skip
def test_a_click_on_a_sign_does_what_it_means(
    qtbot: QtBot, table: HistoryTable, column: Column, signal: str
) -> None:
    with qtbot.waitSignal(getattr(table, signal)):
        click(qtbot, table, 4, column)
    assert chosen(table) == ["4"]
    with qtbot.assertNotEmitted(getattr(table, signal)):
        click(qtbot, table, 6, column, held=CTRL)
        click(qtbot, table, 8)


def test_a_double_click_opens_but_not_on_a_sign(qtbot: QtBot, table: HistoryTable) -> None:
    def double_click(column: Column) -> None:
        # Of an item that was not pressed before, Qt tells no second click.
        click(qtbot, table, 3, column)
        qtbot.mouseDClick(table.viewport(), LEFT, NOTHING, place(table, 3, column))

    with qtbot.waitSignal(table.open_asked):
        double_click(Column.TEXT)
    with qtbot.assertNotEmitted(table.open_asked):
        double_click(Column.STARRED)


# --- looks --------------------------------------------------------------------------------------


def seen(table: HistoryTable, row: int, column: Column) -> set[str]:
    """Return the colours of a cell."""
    image = table.viewport().grab(table.visualRect(table.attempts.index(row, column))).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {QColor(pixel).name().upper() for pixel in pixels}


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_a_star_is_full_or_hollow_and_seen_on_a_chosen_row(table: HistoryTable, tokens: Tokens) -> None:
    table.set_tokens(tokens)
    table.show_rows([a_row(0, is_starred=True), a_row(1), a_row(2, is_starred=True)])
    assert tokens.on_accent in seen(table, 0, Column.STARRED)
    assert tokens.accent not in seen(table, 1, Column.STARRED)
    assert tokens.accent in seen(table, 2, Column.STARRED)


def test_what_can_be_heard_and_what_is_heard_are_seen(table: HistoryTable) -> None:
    table.show_rows([a_row(0), a_row(1), a_row(2, recording=None)])
    cells = [table.visualRect(table.attempts.index(row, Column.RECORDING)) for row in range(3)]
    before = [table.viewport().grab(each).toImage() for each in cells]
    table.attempts.set_playing("1")
    after = [table.viewport().grab(each).toImage() for each in cells]
    assert before[0] == after[0]
    assert before[1] != after[1]
    assert len(seen(table, 2, Column.RECORDING)) == 1


@pytest.mark.parametrize("width", [600, 1000, 1900])
def test_lessons_get_a_share_of_the_width_and_texts_the_rest(table: HistoryTable, width: int) -> None:
    table.resize(width, 500)
    table.setColumnHidden(Column.LEARNER, True)
    assert 110 <= table.columnWidth(Column.LESSON) <= 290
    if width >= 1000:
        assert table.columnWidth(Column.TEXT) >= table.columnWidth(Column.LESSON)
        assert not table.horizontalScrollBar().isVisible()
