"""The table that shows a sheet: keys walk in it, sort it and ask for the recordings behind a cell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.windows.classes.sheet import Column, Index, Sheet
from app.windows.flow import SPACE, sort_by
from app.windows.theme import BASE_PIXELS
from app.windows.tokens import LIGHT, Tokens
from assessment.resources import resource

Row = TypeVar("Row")
ROW_PIXELS, SMALL_PIXELS = 36, 13
# Room for the arrow of the column that is sorted by, and beside a title as a whole.
_ARROW, _INSIDE, _BESIDE_TITLE, _BESIDE_TEXT = 14, SPACE + 3, 28, 3 * SPACE


def sized(pixels: int) -> QFont:
    """Return the font of the window in a size: widgets have it only once they are shown."""
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    return font


def boxes(tokens: Tokens) -> str:
    """Return the style of the boxes to tick in tables and lists: as that of all others."""
    check = resource("icons", f"check-on-{'dark' if tokens.is_dark else 'light'}.svg").as_posix()
    return (
        "::indicator { width: 16px; height: 16px; border-radius: 4px;"
        f" border: 1px solid {tokens.quiet}; background: {tokens.surface}; }}"
        f"::indicator:checked {{ background: {tokens.accent}; border-color: {tokens.on_accent};"
        f' image: url("{check}"); }}'
    )


class _Cells(QStyledItemDelegate):
    """Draws cells: links are underlined, and the cell that keys have come to has a frame.

    The style would ask for a dozen things of each of five hundred cells, and take twice as long.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.set_tokens(LIGHT)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._plain, self._link = sized(BASE_PIXELS), sized(BASE_PIXELS)
        self._link.setUnderline(True)
        self._metrics = QFontMetrics(self._plain)
        self._text, self._accent = QColor(tokens.text), QColor(tokens.accent)
        self._on_accent = QColor(tokens.on_accent)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        sheet, state, box = index.model(), option.state, option.rect
        assert isinstance(sheet, Sheet)
        row, column = sheet.rows[index.row()], sheet.columns[index.column()]
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        if column.ticked is None:
            self._paint_text(painter, box, column, row, is_selected)
        else:
            super().paint(painter, option, index)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._on_accent if is_selected else self._accent, 1.5))
            painter.drawRoundedRect(box.adjusted(3, 3, -4, -4), 4.0, 4.0)

    def _paint_text(
        self, painter: QPainter, box: QRect, column: Column[Any], row: object, is_selected: bool
    ) -> None:
        is_link, inside = column.is_link(row), box.adjusted(_INSIDE, 0, -_INSIDE, 0)
        text = column.text(row)
        if is_selected:
            painter.fillRect(box, self._accent)
        if not column.is_number:
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        painter.setFont(self._link if is_link else self._plain)
        painter.setPen(self._on_accent if is_selected else self._accent if is_link else self._text)
        painter.drawText(inside, column.alignment | Qt.TextFlag.TextSingleLine, text)


class SheetTable(QTableView, Generic[Row]):
    """Shows a sheet.

    Parameters
    ----------
    sheet : Sheet
        What is shown.
    name : str
        What it is, for screen readers.
    wide : int
        The column that takes the room that is left.

    Signals
    -------
    asked(object)
        The recordings behind a cell are to be shown: fields of a `Queue`.
    choice_changed()
        Other rows are chosen.
    """

    asked = Signal(object)
    choice_changed = Signal()

    def __init__(self, sheet: Sheet[Row], name: str, wide: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = sheet
        self._cells = _Cells(self)
        self._is_filling = False
        self.setModel(sheet)
        self.setItemDelegate(self._cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        # Tab leaves the table; the arrows walk in it.
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(name)
        self._set_up_headers(wide)
        self.clicked.connect(self._clicked)
        self.doubleClicked.connect(self._double_clicked)

    def _set_up_headers(self, wide: int) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_PIXELS)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._sort)
        header.setMinimumSectionSize(SPACE * 4)
        small, usual = sized(SMALL_PIXELS), QFontMetrics(sized(BASE_PIXELS))
        header.setFont(small)
        for number, column in enumerate(self.sheet.columns):
            title = QFontMetrics(small).horizontalAdvance(column.title) + _BESIDE_TITLE
            text = usual.horizontalAdvance(column.widest) + _BESIDE_TEXT
            self.setColumnWidth(number, max(title, text))
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._cells.set_tokens(tokens)
        self.setStyleSheet(
            f"QTableView:focus {{ border-color: {tokens.accent}; }}"
            f"QTableView::item {{ padding: 0 {SPACE}px; }}"
            f"{boxes(tokens)}"
            f"QHeaderView::section {{ padding: 4px {_ARROW}px 4px {SPACE + 3}px;"
            f" font-size: {SMALL_PIXELS}px; }}"
            "QAbstractScrollArea::corner { background: transparent; border: none; }"
        )

    # --- what is shown and chosen -----------------------------------------------------------

    def show_rows(self, rows: Sequence[Row], chosen: Collection[object] = ()) -> None:
        """Show rows; those whose keys are among the chosen ones are chosen, or else the first."""
        column = max(self.currentIndex().column(), 0)
        self._is_filling = True
        self.sheet.show_rows(rows)
        self._choose(set(chosen), column)
        self._is_filling = False
        self.choice_changed.emit()

    def key_of(self, row: Row) -> object:
        """Return by what a row is known again when its numbers have changed."""
        return row

    @property
    def chosen(self) -> list[Row]:
        """The rows that are chosen, from the top."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.sheet.rows[number] for number in numbers]

    def _choose(self, keys: set[object], column: int) -> None:
        found = [number for number, row in enumerate(self.sheet.rows) if self.key_of(row) in keys]
        model, flags = self.selectionModel(), QItemSelectionModel.SelectionFlag
        if not self.sheet.rows:
            return
        first = self.sheet.index(found[0] if found else 0, column)
        model.setCurrentIndex(first, flags.NoUpdate if found else flags.ClearAndSelect | flags.Rows)
        for number in found:
            model.select(self.sheet.index(number, 0), flags.Select | flags.Rows)

    def selectionChanged(self, selected: object, deselected: object) -> None:
        """Tell that others are chosen."""
        super().selectionChanged(selected, deselected)  # type: ignore[arg-type]
        if not self._is_filling:
            self.choice_changed.emit()

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        chosen, current = {self.key_of(row) for row in self.chosen}, max(self.currentIndex().column(), 0)
        self._is_filling = True
        self.sheet.sort(column, order)
        self._choose(chosen, current)
        self._is_filling = False
        self.choice_changed.emit()

    # --- mouse and keys ---------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask with Enter for what is behind the cell, sort by its column with O."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask(self.currentIndex())
        elif event.key() == Qt.Key.Key_O:
            sort_by(self.horizontalHeader(), self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to what is done by them."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what can be clicked."""
        super().mouseMoveEvent(event)
        is_link = self._opens(self.indexAt(event.position().toPoint()))
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
        )

    def _opens(self, index: QModelIndex) -> bool:
        """Return whether one click on a cell is enough."""
        return self.sheet.is_link(index)

    def _clicked(self, index: QModelIndex) -> None:
        if self._opens(index) and len(self.chosen) == 1:
            self._ask(index)

    def _double_clicked(self, index: QModelIndex) -> None:
        # Where one click is enough it has asked already, and a box is not a way to recordings.
        if not self._opens(index) and self.sheet.columns[index.column()].ticked is None:
            self._ask(index)

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid():
            self.asked.emit(self.sheet.fields(index))
