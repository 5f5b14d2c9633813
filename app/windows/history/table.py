"""The table of the history: several attempts can be chosen, and keys do what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.library.records import AttemptRow
from app.windows.flow import SPACE, sort_by
from app.windows.history.model import ASPECTS, ICONS, Column, HistoryModel, Index, title_of
from app.windows.icons import icon
from app.windows.tokens import LIGHT, Tokens

_ROW_PIXELS, _ICON_PIXELS, _HEADER_PIXELS = 36, 18, 13
# Room for the arrow of the column that is sorted by, and beside a title as a whole.
_ARROW, _BESIDE_TITLE = 14, 28
_LESSON_SHARE = 0.12
KEYS = "Enter opens a reading, Space plays it, S stars it, C compares two, Delete deletes, O sorts."


class _Icons(QStyledItemDelegate):
    """Draws the signs of the table: whether an attempt can be heard, and whether it is starred."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.tokens = LIGHT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        super().paint(painter, option, index)
        model, column = index.model(), Column(index.column())
        if not isinstance(model, HistoryModel):
            return
        name, colour = self._sign(model, model.rows[index.row()], column)
        if name:
            is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
            place = QRect(0, 0, _ICON_PIXELS, _ICON_PIXELS)
            place.moveCenter(option.rect.center())
            icon(name, self.tokens.on_accent if is_selected else colour).paint(painter, place)

    def _sign(self, model: HistoryModel, row: AttemptRow, column: Column) -> tuple[str, str]:
        if column is Column.STARRED:
            is_starred = model.is_starred(row)
            return ("star-full", self.tokens.accent) if is_starred else ("star", self.tokens.quiet)
        if row.recording is None:
            return "", ""
        return ("stop", self.tokens.accent) if row.id == model.playing else ("play", self.tokens.quiet)


class HistoryTable(QTableView):
    """Shows attempts; several can be chosen.

    Signals
    -------
    open_asked(), play_asked(), star_asked(), compare_asked(), hand_in_asked(), delete_asked()
        What is to be done with those that are chosen.
    choice_changed()
        Others are chosen.
    """

    open_asked = Signal()
    play_asked = Signal()
    star_asked = Signal()
    compare_asked = Signal()
    hand_in_asked = Signal()
    delete_asked = Signal()
    choice_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attempts = HistoryModel()
        self._icons = _Icons(self)
        self._is_filling = False
        self.setModel(self.attempts)
        for column in ICONS:
            self.setItemDelegateForColumn(column, self._icons)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        # Tab leaves the table; the arrows walk in it.
        self.setTabKeyNavigation(False)
        self.setAccessibleName("History")
        self.setAccessibleDescription(KEYS)
        self._set_up_headers()
        self.doubleClicked.connect(self._double_clicked)
        self.clicked.connect(self._clicked)

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        # That all rows are as high saves Qt from looking at ten thousand of them.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(_ROW_PIXELS)
        header = self.horizontalHeader()
        # Before it draws a title, it would look whether each of ten thousand rows is selected.
        header.setSelectionModel(QItemSelectionModel(self.attempts, self))
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(Column.WHEN, Qt.SortOrder.DescendingOrder)
        header.sortIndicatorChanged.connect(self._sort)
        header.setMinimumSectionSize(SPACE * 4)
        header.setSectionResizeMode(Column.TEXT, QHeaderView.ResizeMode.Stretch)
        font = QFont(self.font())
        font.setPixelSize(_HEADER_PIXELS)
        header.setFont(font)
        for column in ASPECTS:
            self.setColumnWidth(
                column, header.fontMetrics().horizontalAdvance(title_of(column)) + _BESIDE_TITLE
            )
        for column in ICONS:
            self.setColumnWidth(column, SPACE * 4)
        self.setColumnWidth(Column.WHEN, SPACE * 20)
        self.setColumnWidth(Column.LEARNER, SPACE * 14)

    def sizeHint(self) -> QSize:
        """Ask for room for a dozen rows."""
        return QSize(SPACE * 100, _ROW_PIXELS * 12)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._icons.tokens = tokens
        self.setStyleSheet(
            f"QTableView:focus {{ border-color: {tokens.accent}; }}"
            f"QTableView::item {{ padding: 0 {SPACE}px; }}"
            # Where the style sets the text of a cell.
            f"QHeaderView::section {{ padding: 4px {_ARROW}px 4px {SPACE + 3}px; "
            f"font-size: {_HEADER_PIXELS}px; }}"
            "QAbstractScrollArea::corner { background: transparent; border: none; }"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the titles of lessons their share of the room."""
        share = round(event.size().width() * _LESSON_SHARE)
        self.setColumnWidth(Column.LESSON, min(max(share, SPACE * 14), SPACE * 36))
        super().resizeEvent(event)

    # --- what is chosen ---------------------------------------------------------------------

    @property
    def chosen(self) -> list[AttemptRow]:
        """The attempts that are chosen, from the top."""
        selection = self.selectionModel().selection()
        ranges = sorted((each.top(), each.bottom()) for each in map(selection.at, range(selection.count())))
        numbers = dict.fromkeys(row for top, bottom in ranges for row in range(top, bottom + 1))
        return [self.attempts.rows[number] for number in numbers]

    @property
    def current(self) -> AttemptRow | None:
        """The attempt that the arrows have come to, or the first of those that are chosen."""
        index = self.currentIndex()
        if index.isValid() and self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            return self.attempts.rows[index.row()]
        return next(iter(self.chosen), None)

    def show_rows(self, rows: Sequence[AttemptRow], chosen: Collection[str] = ()) -> None:
        """Show attempts.

        Parameters
        ----------
        rows : sequence of AttemptRow
            The newest first.
        chosen : collection of str
            Ids of those that are to be chosen; without them those stay chosen that are, or else the one in
            the place of the current one is.
        """
        self._keeping(lambda: self.attempts.show_rows(rows), chosen)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        self._keeping(lambda: self.attempts.sort(column, order))

    def _keeping(self, change: Callable[[], None], chosen: Collection[str] = ()) -> None:
        """Change what is shown, with the same attempts chosen afterwards."""
        ids = set(chosen) or {row.id for row in self.chosen}
        index, current = self.currentIndex(), self.current
        self._is_filling = True
        change()
        self._choose(
            ids, current.id if current else "", max(index.row(), 0), max(index.column(), Column.TEXT)
        )
        self._is_filling = False
        self.choice_changed.emit()

    def _choose(self, ids: set[str], current: str, place: int, column: int) -> None:
        """Choose attempts; if they are gone, what stands in the place of the current one."""
        rows = self.attempts.rows
        if not rows:
            return
        found = [number for number, row in enumerate(rows) if row.id in ids]
        found = found or [min(place, len(rows) - 1)]
        here = next((number for number in found if rows[number].id == current), found[0])
        model, flags = self.selectionModel(), QItemSelectionModel.SelectionFlag
        index = self.attempts.index(here, column)
        model.setCurrentIndex(index, flags.NoUpdate)
        model.select(self._selection(found), flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def _selection(self, numbers: Sequence[int]) -> QItemSelection:
        """Return rows as a selection of as few ranges as possible."""
        selection, first = QItemSelection(), 0
        for place, number in enumerate(numbers):
            if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
                top, bottom = (self.attempts.index(each, 0) for each in (numbers[first], number))
                selection.select(top, bottom)
                first = place + 1
        return selection

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell that others are chosen."""
        super().selectionChanged(selected, deselected)
        if not self._is_filling:
            self.choice_changed.emit()

    # --- what is done with it ---------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do by one key what is most often done."""
        actions = {
            Qt.Key.Key_Return: self.open_asked.emit,
            Qt.Key.Key_Enter: self.open_asked.emit,
            Qt.Key.Key_Space: self.play_asked.emit,
            Qt.Key.Key_S: self.star_asked.emit,
            Qt.Key.Key_C: self.compare_asked.emit,
            Qt.Key.Key_H: self.hand_in_asked.emit,
            Qt.Key.Key_Delete: self.delete_asked.emit,
            Qt.Key.Key_Backspace: self.delete_asked.emit,
            Qt.Key.Key_O: self._sort_by_current,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            action()

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to the search field, which finds more than beginnings."""

    def _sort_by_current(self) -> None:
        sort_by(self.horizontalHeader(), self.currentIndex().column())

    def _clicked(self, index: QModelIndex) -> None:
        """Do what the sign means that was clicked, unless several are being chosen."""
        if len(self.chosen) != 1:
            return
        if index.column() == Column.STARRED:
            self.star_asked.emit()
        elif index.column() == Column.RECORDING:
            self.play_asked.emit()

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() not in ICONS:
            self.open_asked.emit()
