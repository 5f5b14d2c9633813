"""The list of attempts that wait for a teacher, drawn in two lines each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.library.records import AttemptRow
from app.windows.flow import SPACE
from app.windows.icons import icon
from app.windows.review.queue_model import Index, QueueModel, brief, name_of, score_of, text_of
from app.windows.tokens import LIGHT, Tokens

_ROW_PIXELS, _ICON_PIXELS, _SMALL_PIXELS = 56, 16, 13
_LINE = 20
# The arrows walk through the list, Enter opens; all other keys are the page's.
_WALKING = {
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
}


class _Rows(QStyledItemDelegate):
    """Draws an attempt: whether it was reviewed, whose it is, its score; below, its text and when."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.tokens = LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a row."""
        return QSize(0, _ROW_PIXELS)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        model = index.model()
        if not isinstance(model, QueueModel):
            return
        row, is_chosen = model.rows[index.row()], bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.fillRect(option.rect, QColor(self.tokens.accent))
        quiet = self.tokens.on_accent if is_chosen else self.tokens.quiet
        text = self.tokens.on_accent if is_chosen else self.tokens.text
        box = option.rect.adjusted(SPACE, SPACE, -SPACE, -SPACE)
        self._paint_signs(painter, box, row, text if is_chosen else "")
        box.setLeft(box.left() + _ICON_PIXELS + SPACE)
        above = QRect(box.left(), box.top(), box.width(), _LINE)
        below = above.translated(0, _LINE)
        font = QFont(option.font)
        font.setBold(row.reviewed is None)
        self._pair(painter, above, font, (text, name_of(row)), (text, score_of(row)))
        font.setBold(False)
        font.setPixelSize(_SMALL_PIXELS)
        self._pair(painter, below, font, (quiet, text_of(row)), (quiet, brief(row.started)))

    def _paint_signs(self, painter: QPainter, box: QRect, row: AttemptRow, colour: str) -> None:
        """Draw a ring for what is to be reviewed or a tick, and below it a flag."""
        tokens = self.tokens
        is_done = row.reviewed is not None
        name, its = ("check", tokens.good) if is_done else ("circle", tokens.accent)
        place = QRect(box.left(), box.top() + 2, _ICON_PIXELS, _ICON_PIXELS)
        icon(name, colour or its).paint(painter, place)
        if row.is_flagged:
            icon("flag-full", colour or tokens.nearly).paint(painter, place.translated(0, _LINE))
        elif row.is_handed_in:
            icon("hand-in", colour or tokens.quiet).paint(painter, place.translated(0, _LINE))

    def _pair(
        self, painter: QPainter, box: QRect, font: QFont, left: tuple[str, str], right: tuple[str, str]
    ) -> None:
        """Draw a text that is cut short, and beside it one that is not."""
        metrics, middle = QFontMetrics(font), Qt.AlignmentFlag.AlignVCenter
        width = metrics.horizontalAdvance(right[1])
        painter.setFont(font)
        painter.setPen(QColor(right[0]))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, right[1])
        painter.setPen(QColor(left[0]))
        room = box.adjusted(0, 0, -width - SPACE, 0)
        shown = metrics.elidedText(left[1], Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, shown)


class QueueView(QListView):
    """Shows the attempts.

    Signals
    -------
    open_asked(str)
        An attempt is to be opened; its id.
    left()
        Somebody is done with the list.
    """

    open_asked = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attempts = QueueModel()
        self._rows = _Rows(self)
        self.setModel(self.attempts)
        self.setItemDelegate(self._rows)
        # That all rows are as high saves Qt from looking at ten thousand of them.
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("To review")
        self.setAccessibleDescription("Arrows walk through the list, Enter opens, Esc goes to the text.")
        self.clicked.connect(self._open)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._rows.tokens = tokens
        self.setStyleSheet(
            f"QListView {{ background: {tokens.surface}; border: 1px solid {tokens.line}; "
            f"border-radius: 8px; outline: none; }} QListView:focus {{ border-color: {tokens.accent}; }}"
        )
        self.viewport().update()

    def choose(self, attempt_id: str) -> None:
        """Make an attempt the current one, if it is in the list."""
        place = self.attempts.place_of(attempt_id)
        if place is None:
            self.clearSelection()
            return
        index = self.attempts.index(place)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.open_asked.emit(self.attempts.rows[index.row()].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, open with Enter, leave with Esc."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _WALKING and not held:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()
