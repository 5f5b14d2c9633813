"""The heat map of a class: how well each learner says each sound, as a colour and a number."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from app.library.progress import LEAST_SAID
from app.library.teaching.overview import ClassOverview
from app.windows.classes.heat_model import HeatModel
from app.windows.classes.sheet import Index
from app.windows.classes.sheet_table import SMALL_PIXELS, sized
from app.windows.flow import SPACE
from app.windows.theme import ipa_font
from app.windows.tokens import LIGHT, Tokens

HELP = "Arrows walk, Enter shows the recordings in which the sound went wrong, O sorts by a sound."
LEGEND = (
    "The number is the mean score of a sound. Red: often wrong. Amber: nearly right. No colour: clear. "
    "Only a frame: said fewer than five times. Empty: not said yet. The hardest sounds come first."
)
# Means below which a sound is often wrong, and below which it is only nearly right.
WRONG, NEARLY = 60.0, 85.0
_CELL_WIDTH, _CELL_HEIGHT, _NAME_WIDTH = 40, 30, SPACE * 20
_LETTER_PIXELS = 16
# Joined once: for each cell anew it would take longer than drawing it.
_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
# How strongly cells are coloured, of 255: the further below the bound the more, in so many steps.
_STRENGTHS, _STEPS = {"nearly": (24, 76), "wrong": (56, 120)}, 5


class _Brushes:
    """What cells are drawn with in the colours of a theme."""

    def __init__(self, tokens: Tokens) -> None:
        self.text, self.quiet = QColor(tokens.text), QColor(tokens.quiet)
        self.focus = QPen(QColor(tokens.accent), 2.0)
        self.frames = {state: QPen(QColor(getattr(tokens, state)), 1.0) for state in _STRENGTHS}
        self.fills = {
            (state, step): tint(getattr(tokens, state), state, step)
            for state in _STRENGTHS
            for step in range(_STEPS)
        }


def state_of(mean: float) -> str:
    """Return what a mean score is: "wrong", "nearly" or, if it is clear, ""."""
    return "wrong" if mean < WRONG else "nearly" if mean < NEARLY else ""


def step_of(mean: float) -> int:
    """Return how strongly a mean that is not clear is coloured: 0 at the upper bound of its range."""
    upper, lower = (WRONG, 30.0) if mean < WRONG else (NEARLY, WRONG)
    return min(int(_STEPS * (upper - mean) / (upper - lower)), _STEPS - 1)


def tint(colour: str, state: str, step: int) -> QColor:
    """Return a colour, as ``#RRGGBB``, as strong as a step."""
    faintest, strongest = _STRENGTHS[state]
    tinted = QColor(colour)
    tinted.setAlpha(faintest + (strongest - faintest) * step // (_STEPS - 1))
    return tinted


class HeatMap(QTableView):
    """Shows how well each learner says each sound.

    Signals
    -------
    asked(object)
        The recordings behind a cell are to be shown: fields of a `Queue`.
    pointed(str)
        What the cell that was pointed at or walked to tells.
    """

    asked = Signal(object)
    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sounds = HeatModel()
        self._brushes = _Brushes(LIGHT)
        self._font, self._bold = sized(SMALL_PIXELS), sized(SMALL_PIXELS)
        self._bold.setBold(True)
        self.setModel(self.sounds)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Sounds of each learner")
        self.setAccessibleDescription(HELP)
        self._set_up_headers()
        self.clicked.connect(self._ask)

    def _set_up_headers(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        for header, size in ((across, _CELL_WIDTH), (down, _CELL_HEIGHT)):
            header.setMinimumSectionSize(size)
            header.setDefaultSectionSize(size)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setSectionsClickable(True)
            header.setHighlightSections(False)
        across.setFont(ipa_font(_LETTER_PIXELS))
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        across.setSortIndicatorShown(True)
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        across.sortIndicatorChanged.connect(self._sort)
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        down.setTextElideMode(Qt.TextElideMode.ElideRight)
        down.sectionClicked.connect(lambda row: self.asked.emit(dict(self.sounds.fields(row, None))))
        down.setFont(sized(SMALL_PIXELS))

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._brushes = _Brushes(tokens)
        self.setStyleSheet(
            f"QTableView:focus {{ border-color: {tokens.accent}; }}"
            f"QHeaderView {{ background: {tokens.background}; }}"
            f"QHeaderView::section {{ color: {tokens.text}; padding: 2px; }}"
            f"QHeaderView::section:vertical {{ padding: 0 {SPACE}px; font-size: {SMALL_PIXELS}px; }}"
            f"QHeaderView::section:horizontal {{ font-size: {_LETTER_PIXELS}px; }}"
            f"QTableCornerButton::section {{ background: {tokens.background}; border: none; }}"
            "QAbstractScrollArea::corner { background: transparent; border: none; }"
        )
        self.viewport().update()

    def show_overview(self, overview: ClassOverview, alphabet: str) -> None:
        """Show the sounds of a class; the place that keys have come to stays, as far as it is still there."""
        row, column = max(self.currentIndex().row(), 0), max(self.currentIndex().column(), 0)
        # The columns are others now: what was sorted by is forgotten.
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.sounds.show_overview(overview, alphabet)
        self._fit()
        lines, phones = self.sounds.rowCount(), self.sounds.columnCount()
        if lines and phones:
            self.setCurrentIndex(self.sounds.index(min(row, lines - 1), min(column, phones - 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give names the room that sounds leave."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
        left = self.width() - beside - self.sounds.columnCount() * _CELL_WIDTH
        self.verticalHeader().setFixedWidth(min(max(left, _NAME_WIDTH), 2 * _NAME_WIDTH))

    # --- looks ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells that are seen: one by one, the style would take three times as long."""
        painter = QPainter(self.viewport())
        for row, column, box in self._seen():
            cell = self.sounds.cell(row, column)
            if cell is not None:
                painter.setFont(self._font if row else self._bold)
                self._paint_cell(painter, box, *cell)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            painter.setPen(self._brushes.focus)
            painter.drawRect(self.visualRect(current).adjusted(1, 1, -2, -2))

    def _seen(self) -> Iterator[tuple[int, int, QRect]]:
        """Yield the cells that are seen at least in part: row, column and place."""
        port = self.viewport().rect()
        rows, columns = self.sounds.rowCount(), self.sounds.columnCount()
        across, down = self.horizontalHeader(), self.verticalHeader()
        lefts = [(column, across.sectionViewportPosition(column)) for column in range(columns)]
        lefts = [(column, left) for column, left in lefts if -_CELL_WIDTH < left < port.width()]
        for row in range(rows):
            top = down.sectionViewportPosition(row)
            if -_CELL_HEIGHT < top < port.height():
                yield from (
                    (row, column, QRect(left, top, _CELL_WIDTH, _CELL_HEIGHT)) for column, left in lefts
                )

    def _paint_cell(self, painter: QPainter, box: QRect, mean: float, said: int) -> None:
        state, is_sure, brushes = state_of(mean), said >= LEAST_SAID, self._brushes
        if state and is_sure:
            painter.fillRect(box.adjusted(1, 1, -1, -1), brushes.fills[state, step_of(mean)])
        elif state:
            painter.setPen(brushes.frames[state])
            painter.drawRect(box.adjusted(2, 2, -3, -3))
        painter.setPen(brushes.text if is_sure else brushes.quiet)
        painter.drawText(box, _CENTRED, f"{mean:.0f}")

    # --- mouse and keys ---------------------------------------------------------------------

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell about the cell that was walked to."""
        super().currentChanged(current, previous)
        self.pointed.emit(self.sounds.told(current.row(), current.column()) if current.isValid() else "")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell about the cell that is pointed at."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_said = index.isValid() and self.sounds.cell(index.row(), index.column()) is not None
        shape = Qt.CursorShape.PointingHandCursor if is_said else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        if index.isValid():
            self.pointed.emit(self.sounds.told(index.row(), index.column()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask with Enter, sort with O."""
        current = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._ask(current)
        elif event.key() == Qt.Key.Key_O and current.isValid():
            header, column = self.horizontalHeader(), current.column()
            is_same = header.sortIndicatorSection() == column
            descending = is_same and header.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            header.setSortIndicator(
                column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            )
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to what is done by them."""

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        row, current = self.currentIndex().row(), self.currentIndex().column()
        self.sounds.sort(column, order)
        if row >= 0:
            self.setCurrentIndex(self.sounds.index(row, current))

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid() and self.sounds.cell(index.row(), index.column()) is not None:
            self.asked.emit(dict(self.sounds.fields(index.row(), index.column())))
