"""The history as a table: what its cells say, and how it is sorted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.library.records import AttemptRow
from app.windows.history.model import NOBODY, Column, HistoryModel
from app.windows.words_of_time import moment
from tests.app.windows.history.rows import NOW, ROW, a_row, many

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
TEXT, TIP, SPOKEN = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


@pytest.fixture
def model(qtbot: QtBot) -> HistoryModel:
    return HistoryModel()


def cell(model: HistoryModel, row: AttemptRow, column: Column, role: Qt.ItemDataRole = TEXT) -> str:
    model.show_rows([row])
    return str(model.data(model.index(0, column), role))


def ids(model: HistoryModel) -> list[str]:
    return [row.id for row in model.rows]


def test_it_keeps_the_rules_of_models(model: HistoryModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_rows(many(30))
    model.sort(Column.OVERALL, DOWN)
    model.star(["3"], True)
    model.set_playing("4")
    model.show_rows([])
    assert tester.model() is model


# --- cells --------------------------------------------------------------------------------------


def test_a_row_says_when_what_and_how_well(model: HistoryModel) -> None:
    shown = {column: cell(model, ROW, column) for column in Column}
    assert shown == {
        Column.RECORDING: "",
        Column.WHEN: moment(NOW),
        Column.LEARNER: "Mia",
        Column.TEXT: "Mark is going to see the elephant.",
        Column.LESSON: "Animals",
        Column.OVERALL: "80",
        Column.ACCURACY: "81",
        Column.FLUENCY: "82",
        Column.COMPLETENESS: "100",
        Column.PROSODY: "84",
        Column.STARRED: "",
    }


def test_a_score_tells_its_band_in_words(model: HistoryModel) -> None:
    assert cell(model, ROW, Column.OVERALL, SPOKEN) == "Overall 80: clear, with an accent"
    assert cell(model, a_row(0, prosody=90.0), Column.PROSODY, SPOKEN) == "Prosody 90: natural"


def test_a_score_that_is_missing_or_rough_looks_so(model: HistoryModel) -> None:
    assert cell(model, a_row(0, prosody=None), Column.PROSODY) == "–"
    assert cell(model, a_row(0, prosody=None), Column.PROSODY, SPOKEN) == "Prosody: not scored"
    assert cell(model, a_row(0, is_rough=True), Column.OVERALL) == "≈ 80"
    assert cell(model, a_row(0, is_rough=True), Column.OVERALL, SPOKEN).endswith("; a rough estimate")


def test_who_has_no_name_is_called_so(model: HistoryModel) -> None:
    assert cell(model, a_row(0, learner=""), Column.LEARNER) == NOBODY


def test_a_long_text_is_shown_in_one_line_and_told_at_length(model: HistoryModel) -> None:
    row = a_row(0, text="One\n\ntwo. " * 1_000)
    assert cell(model, row, Column.TEXT).startswith("One two. One two.")
    assert len(cell(model, row, Column.TEXT)) < 250
    assert 500 < len(cell(model, row, Column.TEXT, SPOKEN)) < 700


def test_marks_in_what_people_write_are_shown_as_they_are(model: HistoryModel) -> None:
    row = a_row(0, text="<b>5 < 6</b>", lesson="<img src='x'>")
    assert cell(model, row, Column.TEXT) == "<b>5 < 6</b>"
    assert cell(model, row, Column.TEXT, TIP) == "<qt>&lt;b&gt;5 &lt; 6&lt;/b&gt;</qt>"
    assert "<img" not in cell(model, row, Column.LESSON, TIP)


def test_signs_are_told_in_words(model: HistoryModel) -> None:
    assert cell(model, ROW, Column.RECORDING, SPOKEN) == "Play the recording"
    assert cell(model, a_row(0, recording=None), Column.RECORDING, SPOKEN) == "The recording is not kept"
    model.set_playing("0")
    assert cell(model, ROW, Column.RECORDING, SPOKEN) == "Stop"
    assert cell(model, ROW, Column.STARRED, SPOKEN) == "Not starred"
    model.star(["0"], True)
    assert cell(model, ROW, Column.STARRED, SPOKEN) == "Starred"


def test_the_whole_day_is_told(model: HistoryModel) -> None:
    local = NOW.astimezone()
    assert cell(model, ROW, Column.WHEN, SPOKEN) == f"Mon 4 May 2026, {local:%H:%M}, 3 seconds"


def test_columns_are_named_where_there_is_room(model: HistoryModel) -> None:
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    names = [model.headerData(column, across, TEXT) for column in Column]
    assert names == [
        "", "When", "Learner", "Text", "Lesson",
        "Overall", "Accuracy", "Fluency", "Completeness", "Prosody", "",
    ]  # fmt: skip
    assert model.headerData(Column.STARRED, across, TIP).startswith("Starred:")
    assert model.headerData(0, down, TEXT) is None


# --- order --------------------------------------------------------------------------------------


def test_the_newest_stands_first_until_it_is_sorted(model: HistoryModel) -> None:
    model.show_rows([a_row(0), a_row(1), a_row(2)])
    assert ids(model) == ["0", "1", "2"]
    model.sort(Column.WHEN, UP)
    assert ids(model) == ["2", "1", "0"]


@pytest.mark.parametrize(("column", "values", "order"), [
    (Column.OVERALL, {"overall": (70.0, 9.0, 100.0)}, ["1", "0", "2"]),
    (Column.TEXT, {"text": ("b", "A", "C")}, ["1", "0", "2"]),
    (Column.LESSON, {"lesson": ("b", "A", "C")}, ["1", "0", "2"]),
    (Column.LEARNER, {"learner": ("b", "Éa", "A")}, ["2", "0", "1"]),
    (Column.STARRED, {"is_starred": (False, True, False)}, ["1", "0", "2"]),
    (Column.RECORDING, {"recording": (None, "ab", None)}, ["1", "0", "2"]),
])  # fmt: skip
def test_every_column_can_be_sorted_by(
    model: HistoryModel, column: Column, values: dict[str, tuple[object, ...]], order: list[str]
) -> None:
    ((name, each),) = values.items()
    model.show_rows([a_row(number, **{name: value}) for number, value in enumerate(each)])
    model.sort(column, UP)
    assert ids(model) == order


@pytest.mark.parametrize("order", [UP, DOWN])
def test_what_is_not_known_stands_last_and_of_equal_ones_the_newest_first(
    model: HistoryModel, order: Qt.SortOrder
) -> None:
    model.show_rows([a_row(number, overall=score) for number, score in enumerate((None, 70.0, None, 70.0))])
    model.sort(Column.OVERALL, order)
    assert ids(model) == ["1", "3", "0", "2"]


def test_other_rows_are_sorted_as_those_before(model: HistoryModel) -> None:
    model.show_rows([a_row(0)])
    model.sort(Column.OVERALL, DOWN)
    model.show_rows([a_row(0, overall=1.0), a_row(1, overall=3.0), a_row(2, overall=2.0)])
    assert ids(model) == ["1", "2", "0"]


def test_a_star_counts_at_once_but_moves_its_row_only_when_it_is_sorted_again(model: HistoryModel) -> None:
    model.show_rows([a_row(0), a_row(1)])
    model.sort(Column.STARRED, UP)
    model.star(["1"], True)
    assert ids(model) == ["0", "1"]
    assert model.is_starred(model.rows[1])
    model.sort(Column.STARRED, UP)
    assert ids(model) == ["1", "0"]
    model.star(["1"], False)
    assert not model.is_starred(model.rows[0])


def test_ten_thousand_rows_are_sorted_by_every_column(model: HistoryModel) -> None:
    rows = many(10_000)
    model.show_rows(rows)
    assert model.rowCount() == 10_000
    for column in Column:
        for order in (UP, DOWN):
            model.sort(column, order)
            assert len(set(ids(model))) == 10_000
    model.sort(Column.OVERALL, UP)
    known = [row.overall for row in model.rows if row.overall is not None]
    assert known == sorted(known)
    assert [row.overall for row in model.rows[len(known) :]] == [None] * (10_000 - len(known))
    model.sort(Column.WHEN, DOWN)
    assert model.rows == rows


def test_an_hour_apart_is_told_apart(model: HistoryModel) -> None:
    texts = {cell(model, a_row(0, started=NOW - timedelta(hours=hours)), Column.WHEN) for hours in range(5)}
    assert len(texts) == 5
