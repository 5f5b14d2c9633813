"""A table that shows the first lines of what is to come in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

_LEAST_HEIGHT = 128
_WIDEST = 200


class PreviewTable(QTableWidget):
    """Shows rows of text, which cannot be changed; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        self.hide()

    def show_rows(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show rows.

        Parameters
        ----------
        name : str
            What these are, for screen readers.
        columns : sequence of str
            Names of the columns; the last one takes the room that is left.
        rows : sequence of sequence of str
            A text for each column.
        """
        self.setAccessibleName(name)
        self.setColumnCount(len(columns))
        self.setHorizontalHeaderLabels(list(columns))
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(row, column, item)
        self.setVisible(bool(rows))
        self.ensurePolished()  # before it, letters are smaller
        self.resizeColumnsToContents()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column in range(len(columns) - 1):
            self.setColumnWidth(column, min(_WIDEST, self.columnWidth(column)))

    def sizeHint(self) -> QSize:
        """Ask for a few rows: a table takes what room there is."""
        return QSize(super().sizeHint().width(), _LEAST_HEIGHT)

    @property
    def texts(self) -> list[list[str]]:
        """What is shown, by row and column."""
        return [
            [item.text() if (item := self.item(row, column)) else "" for column in range(self.columnCount())]
            for row in range(self.rowCount())
        ]
