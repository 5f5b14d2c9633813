"""The table of learners: what it tells, how it sorts, and what its cells lead to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.windows.classes.learners_table import LearnersTable
from app.windows.tokens import DARK, LIGHT
from tests.app.windows.classes.overviews import learner

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
ROWS = (
    learner("Ali", 8, number="10", overall=80.0, change=4.0),
    learner("Bo", 0, number="9"),
    learner("Mia", 2, consent=True, overall=60.0, change=-2.6),
)


@pytest.fixture
def table(qtbot: QtBot) -> LearnersTable:
    """The table of three learners, shown."""
    made = LearnersTable()
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1500, 400)
    made.show_rows(ROWS)
    made.show()
    return made


def column(table: LearnersTable, title: str) -> int:
    return [each.title for each in table.sheet.columns].index(title)


def cells(table: LearnersTable, title: str) -> list[str]:
    """What is written in a column, from the top."""
    number = column(table, title)
    return [table.sheet.index(row, number).data() for row in range(table.sheet.rowCount())]


def place(table: LearnersTable, row: int, title: str) -> QPoint:
    return table.visualRect(table.sheet.index(row, column(table, title))).center()


def go_to(table: LearnersTable, row: int, title: str) -> None:
    table.setFocus()
    table.setCurrentIndex(table.sheet.index(row, column(table, title)))


def test_it_tells_who_handed_in_and_how_it_went(table: LearnersTable) -> None:
    assert cells(table, "Name") == ["Ali", "Bo", "Mia"]
    assert cells(table, "Readings") == ["8", "0", "2"]
    assert cells(table, "Handed in") == ["4", "0", "1"]
    assert cells(table, "To review") == ["4", "0", "1"]
    assert cells(table, "Overall") == ["80", "–", "60"]
    assert cells(table, "Change") == ["+4", "–", "−3"]


@pytest.mark.parametrize(
    ("title", "upwards", "downwards"),
    [
        ("Name", "Ali Bo Mia", "Mia Bo Ali"),
        # By number 9 stands before 10; what is not known stands last.
        ("Number", "Bo Ali Mia", "Ali Bo Mia"),
        ("Readings", "Bo Mia Ali", "Ali Mia Bo"),
        ("Overall", "Mia Ali Bo", "Ali Mia Bo"),
        ("Change", "Mia Ali Bo", "Ali Mia Bo"),
        # Of equals the first by name stands first.
        ("Consent", "Mia Ali Bo", "Ali Bo Mia"),
    ],
)
def test_o_sorts_by_the_column_and_again_the_other_way_round(
    qtbot: QtBot, table: LearnersTable, title: str, upwards: str, downwards: str
) -> None:
    go_to(table, 0, title)
    qtbot.keyClick(table, Qt.Key.Key_O)
    assert cells(table, "Name") == upwards.split()
    qtbot.keyClick(table, Qt.Key.Key_O)
    assert cells(table, "Name") == downwards.split()


def test_sorting_keeps_who_is_chosen(qtbot: QtBot, table: LearnersTable) -> None:
    table.show_rows(ROWS, {"mia"})
    table.horizontalHeader().setSortIndicator(column(table, "Readings"), Qt.SortOrder.DescendingOrder)
    assert cells(table, "Name") == ["Ali", "Mia", "Bo"]
    assert [row.learner.name for row in table.chosen] == ["Mia"]


def test_new_numbers_keep_who_is_chosen(table: LearnersTable) -> None:
    table.show_rows(ROWS, {"mia", "bo"})
    table.show_rows([learner("Zoe"), *ROWS], {row.learner.id for row in table.chosen})
    assert {row.learner.name for row in table.chosen} == {"Mia", "Bo"}


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("Readings", {}),
        ("Handed in", {"handed_in": True}),
        ("To review", {"unreviewed": True}),
        ("Flagged", {"flagged": True}),
    ],
)
def test_one_click_on_a_number_leads_to_its_recordings(
    qtbot: QtBot, table: LearnersTable, title: str, more: dict[str, bool]
) -> None:
    with qtbot.waitSignal(table.asked) as asked:
        qtbot.mouseClick(table.viewport(), LEFT, pos=place(table, 0, title))
    assert asked.args == [{"learner_id": "ali"} | more]


def test_a_click_on_a_name_or_on_none_only_chooses(qtbot: QtBot, table: LearnersTable) -> None:
    with qtbot.assertNotEmitted(table.asked):
        qtbot.mouseClick(table.viewport(), LEFT, pos=place(table, 1, "Readings"))
        qtbot.mouseClick(table.viewport(), LEFT, pos=place(table, 2, "Name"))
    assert [row.learner.name for row in table.chosen] == ["Mia"]


def test_a_double_click_on_a_name_leads_to_all_recordings(qtbot: QtBot, table: LearnersTable) -> None:
    spot = place(table, 2, "Name")
    with qtbot.waitSignal(table.asked) as asked:
        qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
        qtbot.mouseDClick(table.viewport(), LEFT, pos=spot)
    assert asked.args == [{"learner_id": "mia"}]


def test_enter_does_what_a_click_does(qtbot: QtBot, table: LearnersTable) -> None:
    go_to(table, 2, "To review")
    with qtbot.waitSignal(table.asked) as asked:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == [{"learner_id": "mia", "unreviewed": True}]


def test_clicks_that_choose_several_lead_nowhere(qtbot: QtBot, table: LearnersTable) -> None:
    qtbot.mouseClick(table.viewport(), LEFT, pos=place(table, 1, "Name"))
    with qtbot.assertNotEmitted(table.asked):
        qtbot.mouseClick(table.viewport(), LEFT, CONTROL, place(table, 2, "Readings"))
    assert len(table.chosen) == 2


def test_space_asks_to_change_the_consent_and_changes_nothing_by_itself(
    qtbot: QtBot, table: LearnersTable
) -> None:
    go_to(table, 2, "Consent")
    with qtbot.waitSignal(table.consent_asked) as asked:
        qtbot.keyClick(table, Qt.Key.Key_Space)
    assert asked.args[0].learner.name == "Mia"
    box = table.sheet.index(2, column(table, "Consent"))
    assert Qt.CheckState(box.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked


@pytest.mark.parametrize(
    ("key", "name"), [(Qt.Key.Key_C, "compare_asked"), (Qt.Key.Key_Delete, "take_out_asked")]
)
def test_keys_ask_for_what_is_done_with_those_chosen(
    qtbot: QtBot, table: LearnersTable, key: Qt.Key, name: str
) -> None:
    with qtbot.waitSignal(getattr(table, name)):
        qtbot.keyClick(table, key)


def test_every_cell_says_what_it_is(table: LearnersTable) -> None:
    spoken = [
        table.sheet.index(2, number).data(Qt.ItemDataRole.AccessibleTextRole)
        for number in range(table.sheet.columnCount())
    ]
    assert all(spoken)
    assert spoken[column(table, "Change")] == "Newer readings are 3 points lower than older ones"
    assert spoken[column(table, "Consent")] == "Consent given: recordings may be shared"


def test_names_are_not_taken_for_marks(table: LearnersTable) -> None:
    table.show_rows([learner("<b>Bob</b>")])
    tip = table.sheet.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<qt>&lt;b&gt;Bob&lt;/b&gt;</qt>"


def test_tab_leaves_the_table(table: LearnersTable) -> None:
    assert not table.tabKeyNavigation()


def test_links_take_the_colour_of_the_theme_and_a_zero_is_none(table: LearnersTable) -> None:
    table.set_tokens(DARK)
    table.show_rows(ROWS, {"mia"})
    picture = table.viewport().grab().toImage()

    def colours(row: int) -> set[str]:
        box = table.visualRect(table.sheet.index(row, column(table, "Readings")))
        points = ((x, y) for x in range(box.left(), box.right()) for y in range(box.top(), box.bottom()))
        return {picture.pixelColor(x, y).name().upper() for x, y in points}

    assert DARK.accent in colours(0)
    assert DARK.accent not in colours(1)


def test_fifty_learners_are_drawn(qtbot: QtBot, table: LearnersTable) -> None:
    table.show_rows([learner(f"{number} Maximiliane-Charlotte 王小明") for number in range(50)])
    QApplication.processEvents()
    assert not table.grab().isNull()
    assert table.columnWidth(0) >= 160
