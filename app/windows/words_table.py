"""All words of a reading as a table: for those who want every number, and for screen readers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.windows.marks import described, transcription
from assessment.bands import band
from assessment.results import Assessment, ErrorType, Word

COLUMNS = ("Word", "Score", "Band", "Sounds", "Time", "What happened")
_ROWS_SHOWN = 10
_NAMES = {
    ErrorType.OMISSION: "left out",
    ErrorType.INSERTION: "added",
    ErrorType.REPETITION: "said again",
}
Index = QModelIndex | QPersistentModelIndex


class WordsModel(QAbstractTableModel):
    """The words of an assessment."""

    def __init__(self, assessment: Assessment, alphabet: str) -> None:
        super().__init__()
        self._assessment, self._alphabet = assessment, alphabet

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many words there are."""
        return 0 if parent is not None and parent.isValid() else len(self._assessment.words)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how much is told of each."""
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Name a column."""
        is_name = role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal
        return COLUMNS[section] if is_name else None

    def data(self, index: Index, role: int = 0) -> Any:
        """Return a cell."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._cell(index.row(), index.column())
        return None

    def _cell(self, row: int, column: int) -> str:
        word = self._assessment.words[row]
        if column == 5:
            return self._happened(row, word)
        if not word.phones:
            return (word.text, "", "", "", f"{word.start:.2f}")[column]
        return (
            word.text,
            f"{word.accuracy:.0f}",
            band("word", word.accuracy).name,
            transcription(word, self._alphabet),
            f"{word.start:.2f}",
        )[column]

    def _happened(self, row: int, word: Word) -> str:
        if word.error in _NAMES:
            return _NAMES[word.error]
        return described(self._assessment, row, self._alphabet).partition(". ")[2]


class WordsTable(QTableView):
    """Shows all words; a row that is chosen is told.

    Signals
    -------
    word_chosen(int)
        Index in the assessment.
    """

    word_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        # Tab leaves the table; the arrows walk in it.
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setAccessibleName("All words")
        self.activated.connect(lambda index: self.word_chosen.emit(index.row()))
        self.clicked.connect(lambda index: self.word_chosen.emit(index.row()))

    def show_words(self, assessment: Assessment, alphabet: str) -> None:
        """Show the words of an assessment."""
        self.setModel(WordsModel(assessment, alphabet))
        for column, width in enumerate((120, 56, 128, 128, 56)):
            self.setColumnWidth(column, width)
        rows = min(len(assessment.words), _ROWS_SHOWN)
        height = self.horizontalHeader().sizeHint().height() + rows * self.rowHeight(0) + 4
        self.setFixedHeight(max(height, 80))
