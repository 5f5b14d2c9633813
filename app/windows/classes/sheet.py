"""A table of rows that Qt can show: its columns are described, not programmed, and any of them sorts."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
Fields = Mapping[str, Any]
# As numbers: comparing the names takes most of the time of drawing.
_ROLES = _DISPLAY, _ALIGNMENT, _TIP, _SPOKEN, _CHECK = (
    Qt.ItemDataRole.DisplayRole.value,
    Qt.ItemDataRole.TextAlignmentRole.value,
    Qt.ItemDataRole.ToolTipRole.value,
    Qt.ItemDataRole.AccessibleTextRole.value,
    Qt.ItemDataRole.CheckStateRole.value,
)
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True)
class Column(Generic[Row]):
    """What is told of each row in one column.

    Attributes
    ----------
    title : str
        Above the column.
    meaning : str
        What it is, in a few words.
    text : callable
        Gives the text of a cell.
    key : callable
        Gives by what is sorted; None stands last.
    spoken : callable or None
        Gives what a cell says to those who point at it or do not see it; None for title and text.
    widest : str
        As much text as there is room for.
    is_number : bool
        Whether the text stands at the right.
    asks : mapping or None
        What a click asks for, beside the row: fields of a `Queue`. None if a click only chooses the row.
    ticked : callable or None
        Gives whether a box in the cell is ticked; None if there is no box.
    """

    title: str
    meaning: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any]
    spoken: Callable[[Row], str] | None = None
    widest: str = ""
    is_number: bool = False
    asks: Fields | None = None
    ticked: Callable[[Row], bool] | None = None

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """Where text stands in the column."""
        return _RIGHT if self.is_number else _LEFT

    def said(self, row: Row) -> str:
        """Return a cell in words."""
        return f"{self.title}: {self.text(row)}" if self.spoken is None else self.spoken(row)

    def is_link(self, row: Row) -> bool:
        """Return whether a click on the cell leads to recordings: not if there are none."""
        return self.asks is not None and bool(self.key(row))


class Sheet(QAbstractTableModel, Generic[Row]):
    """Rows under columns, sorted.

    Parameters
    ----------
    columns : sequence of Column
        From left to right.
    asks : callable
        Gives by which fields of a `Queue` the recordings behind a row are asked.

    Attributes
    ----------
    rows : list
        In the order in which they are shown.

    Signals
    -------
    tick_asked(object)
        The box of a row is to be ticked or not any more: the row.
    """

    tick_asked = Signal(object)

    def __init__(self, columns: Sequence[Column[Row]], asks: Callable[[Row], Fields]) -> None:
        super().__init__()
        self.columns, self._asks = tuple(columns), asks
        self.rows: list[Row] = []
        self._given: list[Row] = []
        self._order: tuple[int, bool] | None = None

    # --- what is shown ----------------------------------------------------------------------

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show rows, sorted as those before; where they are equal they stay in the order given."""
        self.beginResetModel()
        self._given = list(rows)
        self._sort()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 for the order in which the rows were given."""
        self.beginResetModel()
        self._order = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        self.rows = list(self._given)
        if self._order is None:
            return
        column, descending = self._order
        key = self.columns[column].key
        known = [row for row in self._given if key(row) is not None]
        known.sort(key=key, reverse=descending)
        self.rows = known + [row for row in self._given if key(row) is None]

    def fields(self, index: Index) -> Fields:
        """Return by which fields of a `Queue` the recordings behind a cell are asked."""
        return {**self._asks(self.rows[index.row()]), **(self.columns[index.column()].asks or {})}

    def is_link(self, index: Index) -> bool:
        """Return whether a click on a cell leads to recordings."""
        return index.isValid() and self.columns[index.column()].is_link(self.rows[index.row()])

    # --- what Qt asks -----------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how much is told of each."""
        return len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Name a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == _DISPLAY:
            return column.title
        if role in (_TIP, _SPOKEN):
            return f"{column.meaning}: click, or press O in the column, to sort by it"
        return column.alignment if role == _ALIGNMENT else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that boxes can be ticked."""
        flags = super().flags(index)
        is_box = index.isValid() and self.columns[index.column()].ticked is not None
        return flags | Qt.ItemFlag.ItemIsUserCheckable if is_box else flags

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        """Ask for a box to be ticked; it is once the library says so."""
        if role == _CHECK and index.isValid():
            self.tick_asked.emit(self.rows[index.row()])
        return False

    def data(self, index: Index, role: int = 0) -> Any:
        """Return a cell."""
        # Qt asks for much more, thousands of times a second.
        if role not in _ROLES:
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == _DISPLAY:
            return column.text(row)
        if role == _ALIGNMENT:
            return column.alignment
        if role == _SPOKEN:
            return column.said(row)
        if role == _TIP:
            # Marked up, it is broken into lines; what people have written is not taken for marks.
            return f"<qt>{html.escape(column.said(row))}</qt>"
        if role == _CHECK and column.ticked is not None:
            return Qt.CheckState.Checked if column.ticked(row) else Qt.CheckState.Unchecked
        return None
