"""The table of backups, from which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.library.backups import Backup
from app.windows.library.words import size
from app.windows.words_of_time import moment

COLUMNS = ("Made", "Learners", "Readings", "Size")
_ROWS_SHOWN = 5
_LEAST_WIDTH = 88
_UNKNOWN = "damaged"


class BackupsTable(QTableWidget):
    """Shows backups, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self._backups: tuple[Backup, ...] = ()
        self.setHorizontalHeaderLabels(COLUMNS)
        self.setAccessibleName("Backups")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.setAlternatingRowColors(True)
        # Tab leaves the table; the arrows walk in it.
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(_LEAST_WIDTH)
        header.setHighlightSections(False)
        for column in range(len(COLUMNS)):
            header.model().setHeaderData(
                column, Qt.Orientation.Horizontal, _alignment(column), Qt.ItemDataRole.TextAlignmentRole
            )

    @property
    def chosen(self) -> Backup | None:
        """The backup that is chosen, if it can be read."""
        rows = self.selectionModel().selectedRows()
        backup = self._backups[rows[0].row()] if rows else None
        return backup if backup is not None and backup.learners is not None else None

    def show_backups(self, backups: Sequence[Backup]) -> None:
        """Show backups; the one that was chosen stays chosen if it is still there."""
        before = self.chosen
        self._backups = tuple(backups)
        self.clearSelection()
        self.setRowCount(len(backups))
        for row, backup in enumerate(backups):
            for column, text in enumerate(_cells(backup)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(_alignment(column))
                self.setItem(row, column, item)
            if before is not None and backup.path == before.path:
                self.selectRow(row)
        rows = min(len(backups), _ROWS_SHOWN)
        height = self.rowHeight(0) if backups else 0
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * height + 4)


def _cells(backup: Backup) -> tuple[str, ...]:
    numbers = (_UNKNOWN if each is None else f"{each:,}" for each in (backup.learners, backup.attempts))
    return (moment(backup.when), *numbers, size(backup.bytes))


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
