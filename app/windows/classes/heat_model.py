"""The heat map as a table that Qt can show: learners below each other, sounds beside each other."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt

from app.library.progress_words import counted, phone_words
from app.library.teaching.overview import ClassOverview
from app.windows.classes import words
from app.windows.classes.sheet import Fields, Index
from app.windows.marks import symbol

WHOLE_CLASS = "Whole class"
_ROLES = _DISPLAY, _TIP, _SPOKEN = (
    Qt.ItemDataRole.DisplayRole.value,
    Qt.ItemDataRole.ToolTipRole.value,
    Qt.ItemDataRole.AccessibleTextRole.value,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the map.

    Attributes
    ----------
    learner_id : str
        Whose; "" for the whole class.
    name : str
        As shown.
    cells : dict of str to (float, int)
        By phone the mean score and how often it was said.
    """

    learner_id: str
    name: str
    cells: dict[str, tuple[float, int]]


class HeatModel(QAbstractTableModel):
    """Scores of sounds: the whole class on top, then its learners.

    Attributes
    ----------
    phones : list of str
        The columns, ARPAbet without stress: the hardest for the class first.
    lines : list of Line
        The rows.
    """

    def __init__(self) -> None:
        super().__init__()
        self.phones: list[str] = []
        self.lines: list[Line] = []
        self._alphabet = "ipa"
        self._by_name: list[Line] = []
        self._order: tuple[str, bool] | None = None

    def show_overview(self, overview: ClassOverview, alphabet: str) -> None:
        """Show the sounds of a class, written in an alphabet: "ipa" or "arpabet"."""
        self.beginResetModel()
        self._alphabet = alphabet
        whole = _whole_class(overview)
        self.phones = sorted(whole.cells, key=lambda phone: (whole.cells[phone][0], phone))
        cells: dict[str, dict[str, tuple[float, int]]] = {}
        for (learner_id, phone), cell in overview.heat.items():
            cells.setdefault(learner_id, {})[phone] = cell
        learners = [each.learner for each in overview.learners]
        self._by_name = [Line(each.id, words.name_of(each), cells.get(each.id, {})) for each in learners]
        self.lines = [whole, *self._sorted()]
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort learners by a sound; -1 for by their names."""
        self.beginResetModel()
        descending = order is Qt.SortOrder.DescendingOrder
        self._order = None if column < 0 else (self.phones[column], descending)
        self.lines = [*self.lines[:1], *self._sorted()]
        self.endResetModel()

    def _sorted(self) -> list[Line]:
        """Return the learners in their order; those who have not said a sound stand last."""
        if self._order is None:
            return self._by_name
        phone, descending = self._order
        known = [line for line in self._by_name if phone in line.cells]
        known.sort(key=lambda line: line.cells[phone][0], reverse=descending)
        return known + [line for line in self._by_name if phone not in line.cells]

    def cell(self, row: int, column: int) -> tuple[float, int] | None:
        """Return the mean score of a sound and how often it was said; None if it never was."""
        return self.lines[row].cells.get(self.phones[column])

    def fields(self, row: int, column: int | None) -> Fields:
        """Return by which fields of a `Queue` the recordings behind a cell, or a whole line, are asked."""
        learner_id = self.lines[row].learner_id
        fields = {"learner_id": learner_id} if learner_id else {}
        return fields if column is None else fields | {"phone": self.phones[column]}

    def told(self, row: int, column: int) -> str:
        """Return a cell in words."""
        name = f"{self.lines[row].name}, {phone_words(self.phones[column], self._alphabet)}"
        cell = self.cell(row, column)
        if cell is None:
            return f"{name}: not said yet"
        mean, said = cell
        return f"{name}: {mean:.0f}, said {counted(said, 'time')}"

    # --- what Qt asks -----------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many sounds there are."""
        return 0 if parent is not None and parent.isValid() else len(self.phones)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Name a line or a sound."""
        if role not in _ROLES:
            return None
        if orientation is Qt.Orientation.Vertical:
            return self.lines[section].name
        if role == _DISPLAY:
            return symbol(self.phones[section], self._alphabet)
        name = phone_words(self.phones[section], self._alphabet)
        return f"{name}: click, or press O in the column, to sort learners by it"

    def data(self, index: Index, role: int = 0) -> Any:
        """Return a cell."""
        if role not in _ROLES:
            return None
        row, column = index.row(), index.column()
        if role == _DISPLAY:
            cell = self.cell(row, column)
            return "" if cell is None else f"{cell[0]:.0f}"
        told = self.told(row, column)
        return told if role == _SPOKEN else f"<qt>{html.escape(told)}</qt>"


def _whole_class(overview: ClassOverview) -> Line:
    """Return how the class as a whole says each sound that somebody has said."""
    said: dict[str, int] = {}
    total: dict[str, float] = {}
    for (_, phone), (mean, count) in overview.heat.items():
        said[phone] = said.get(phone, 0) + count
        total[phone] = total.get(phone, 0.0) + count * mean
    return Line("", WHOLE_CLASS, {phone: (total[phone] / said[phone], said[phone]) for phone in said})
