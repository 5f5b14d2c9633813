"""The attempts of the history as a table that Qt can show: their cells in words, sorted by any column."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Sequence
from enum import IntEnum
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.library.progress_words import counted, day_words
from app.library.records import AttemptRow
from app.windows.words_of_time import moment
from assessment.bands import band

Index = QModelIndex | QPersistentModelIndex
Key = Callable[[AttemptRow], Any]
# As numbers: comparing the names takes most of the time of drawing.
_ROLES = _DISPLAY, _ALIGNMENT, _TIP, _SPOKEN = (
    Qt.ItemDataRole.DisplayRole.value,
    Qt.ItemDataRole.TextAlignmentRole.value,
    Qt.ItemDataRole.ToolTipRole.value,
    Qt.ItemDataRole.AccessibleTextRole.value,
)
_SHOWN_CHARACTERS, _TIP_CHARACTERS = 200, 600
NOBODY = "No name"


class Column(IntEnum):
    """The columns, in their order."""

    RECORDING = 0
    WHEN = 1
    LEARNER = 2
    TEXT = 3
    LESSON = 4
    OVERALL = 5
    ACCURACY = 6
    FLUENCY = 7
    COMPLETENESS = 8
    PROSODY = 9
    STARRED = 10


ASPECTS = {
    column: column.name.lower()
    for column in (Column.OVERALL, Column.ACCURACY, Column.FLUENCY, Column.COMPLETENESS, Column.PROSODY)
}
ICONS = (Column.RECORDING, Column.STARRED)
_COLUMNS = tuple(Column)
_ALIGNMENTS = {
    column: Qt.AlignmentFlag.AlignVCenter
    | (Qt.AlignmentFlag.AlignRight if column in ASPECTS else Qt.AlignmentFlag.AlignLeft)
    for column in Column
}


def title_of(column: Column) -> str:
    """Return what stands above a column."""
    return "" if column in ICONS else column.name.capitalize()


def _shown(text: str) -> str:
    """Return the beginning of a text in one line."""
    return " ".join(text[:_SHOWN_CHARACTERS].split())


def _key(column: Column) -> Key:
    """Return by what a column is sorted; None stands last."""
    if column in ASPECTS:
        return attrgetter(ASPECTS[column])
    keys: dict[Column, Key] = {
        Column.RECORDING: lambda row: row.recording is None,
        Column.WHEN: attrgetter("started"),
        Column.LEARNER: lambda row: row.learner.casefold() or None,
        Column.TEXT: lambda row: _shown(row.text).casefold(),
        Column.LESSON: lambda row: row.lesson.casefold() or None,
    }
    return keys[column]


class HistoryModel(QAbstractTableModel):
    """Attempts, sorted.

    Attributes
    ----------
    rows : list of AttemptRow
        In the order in which they are shown.
    stars : dict of str to bool
        By their ids the attempts that are starred now, or not any more, whatever their rows say.
    playing : str or None
        Id of the attempt that is being heard.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[AttemptRow] = []
        self.stars: dict[str, bool] = {}
        self.playing: str | None = None
        self._newest_first: list[AttemptRow] = []
        self._order = (Column.WHEN, Qt.SortOrder.DescendingOrder)

    # --- what is shown ----------------------------------------------------------------------

    def show_rows(self, rows: Sequence[AttemptRow]) -> None:
        """Show attempts, given the newest first; they are sorted as those before."""
        self.beginResetModel()
        self._newest_first = list(rows)
        self._sort()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; of equal attempts the newest stands first, and what is not known last."""
        self.beginResetModel()
        self._order = (Column(column), order)
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        column, order = self._order
        key = _key(column) if column is not Column.STARRED else lambda row: not self.is_starred(row)
        rows, keys = self._newest_first, [key(row) for row in self._newest_first]
        known = [place for place, each in enumerate(keys) if each is not None]
        known.sort(key=keys.__getitem__, reverse=order is Qt.SortOrder.DescendingOrder)
        missing = [place for place, each in enumerate(keys) if each is None]
        self.rows = [rows[place] for place in known + missing]

    def is_starred(self, row: AttemptRow) -> bool:
        """Return whether an attempt is starred by now."""
        return self.stars.get(row.id, row.is_starred)

    def star(self, ids: Collection[str], is_starred: bool) -> None:
        """Show attempts as starred or not; they stay where they are until all is sorted anew."""
        self.stars.update(dict.fromkeys(ids, is_starred))
        self._tell(Column.STARRED)

    def set_playing(self, attempt_id: str | None) -> None:
        """Show which attempt is being heard."""
        self.playing = attempt_id
        self._tell(Column.RECORDING)

    def _tell(self, column: Column) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, column), self.index(len(self.rows) - 1, column))

    # --- what Qt asks -----------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many attempts there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how much is told of each."""
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Name a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = Column(section)
        if role == _DISPLAY:
            return title_of(column)
        if role in (_TIP, _SPOKEN):
            return f"{column.name.capitalize()}: click, or press O in the column, to sort by it"
        return _ALIGNMENTS[column] if role == _ALIGNMENT else None

    def data(self, index: Index, role: int = 0) -> Any:
        """Return a cell."""
        # Qt asks for much more, thousands of times a second.
        if role not in _ROLES:
            return None
        row, column = self.rows[index.row()], _COLUMNS[index.column()]
        if role == _DISPLAY:
            return self._text(row, column)
        if role == _ALIGNMENT:
            return _ALIGNMENTS[column]
        if role == _TIP:
            # Marked up, it is broken into lines; what people have written is not taken for marks.
            return f"<qt>{html.escape(self._hint(row, column))}</qt>"
        return self._hint(row, column)

    def _text(self, row: AttemptRow, column: Column) -> str:
        if column in ASPECTS:
            score = getattr(row, ASPECTS[column])
            return "–" if score is None else f"{'≈ ' if row.is_rough else ''}{score:.0f}"
        if column is Column.WHEN:
            return moment(row.started)
        if column is Column.LEARNER:
            return row.learner or NOBODY
        if column in (Column.TEXT, Column.LESSON):
            return _shown(row.text if column is Column.TEXT else row.lesson)
        return ""

    def _hint(self, row: AttemptRow, column: Column) -> str:
        if column in ASPECTS:
            return _score_words(ASPECTS[column], getattr(row, ASPECTS[column]), is_rough=row.is_rough)
        if column is Column.RECORDING:
            return self._recording_words(row)
        if column is Column.WHEN:
            return _when(row)
        if column is Column.TEXT:
            return row.text[:_TIP_CHARACTERS]
        if column is Column.STARRED:
            return "Starred" if self.is_starred(row) else "Not starred"
        return self._text(row, column)

    def _recording_words(self, row: AttemptRow) -> str:
        if row.recording is None:
            return "The recording is not kept"
        return "Stop" if row.id == self.playing else "Play the recording"


def _when(row: AttemptRow) -> str:
    local = row.started.astimezone()
    return f"{day_words(local.date())}, {local:%H:%M}, {counted(round(row.seconds), 'second')}"


def _score_words(aspect: str, score: float | None, *, is_rough: bool) -> str:
    if score is None:
        return f"{aspect.capitalize()}: not scored"
    rough = "; a rough estimate" if is_rough else ""
    return f"{aspect.capitalize()} {score:.0f}: {band(aspect, score).name}{rough}"
