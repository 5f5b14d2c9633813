"""Lays widgets out in rows as words in a text, and small parts that many windows need."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.windows.icons import icon
from app.windows.tokens import Tokens

SPACE = 8


class FlowLayout(QLayout):
    """Puts widgets side by side and goes on in the next row where the width is used up."""

    def __init__(self, parent: QWidget | None = None, space: int = SPACE) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(space)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take in an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Say that no more room is wanted than the items need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rectangle: QRect) -> None:
        """Place the items."""
        super().setGeometry(rectangle)
        self._arrange(rectangle, move=True)

    def sizeHint(self) -> QSize:
        """Ask for one row."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the widest item."""
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rectangle: QRect, *, move: bool) -> int:
        x, y, row = rectangle.x(), rectangle.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rectangle.x() and x + size.width() > rectangle.right() + 1:
                x, y, row = rectangle.x(), y + row + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            row = max(row, size.height())
        return y + row - rectangle.y()


class IconButton(QPushButton):
    """A button with one of our icons, which takes the colours of the theme.

    Parameters
    ----------
    name : str
        Of the icon.
    text : str
        Shown beside it; empty for none.
    hint : str
        Shown when the mouse rests on it, and read by screen readers where there is no text.
    flat : bool
        Without a border until it is pointed at.
    """

    def __init__(
        self, name: str, text: str, hint: str, parent: QWidget | None = None, *, flat: bool = True
    ) -> None:
        super().__init__(text, parent)
        self._icon = name
        self.setProperty("flat", flat)
        self.setToolTip(hint)
        self.setAccessibleName(text or hint.split(" (")[0])
        self.setAccessibleDescription(hint)
        self.setIconSize(QSize(20, 20))
        self.setAutoDefault(False)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        colour = tokens.on_accent if self.property("primary") else tokens.text
        self.setIcon(icon(self._icon, colour, tokens.quiet))

    def set_icon(self, name: str, tokens: Tokens) -> None:
        """Show another icon."""
        self._icon = name
        self.set_tokens(tokens)


def label(text: str, *, quiet: bool = False, heading: bool = False, wraps: bool = True) -> QLabel:
    """Return a label with one of the looks of the style sheet."""
    shown = QLabel(text)
    shown.setProperty("quiet", quiet)
    shown.setProperty("heading", heading)
    shown.setWordWrap(wraps)
    shown.setTextFormat(Qt.TextFormat.PlainText)
    return shown


def page_layout(page: QWidget, messages: QWidget) -> QVBoxLayout:
    """Return the layout of a page, to which its parts are added: above them stand its messages."""
    above = QVBoxLayout()
    above.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, 0)
    above.addWidget(messages)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(above)
    return column


def offer(box: QComboBox, offered: Iterable[tuple[str, str]]) -> bool:
    """Offer ids with their names after the first entry of a box, which is for all; nobody is told.

    Returns
    -------
    bool
        Whether what was chosen before is offered, and so still chosen; else the first entry is.
    """
    chosen = box.currentData()
    blocker = QSignalBlocker(box)
    while box.count() > 1:
        box.removeItem(1)
    for id_, name in offered:
        box.addItem(name, id_)
    place = 0 if chosen is None else box.findData(chosen)
    box.setCurrentIndex(max(place, 0))
    blocker.unblock()
    return place >= 0


def sort_by(header: QHeaderView, column: int) -> None:
    """Sort a table by a column, upwards; downwards if it is so sorted already."""
    if column < 0:
        return
    is_sorted = header.sortIndicatorSection() == column
    is_upwards = header.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
    order = Qt.SortOrder.DescendingOrder if is_sorted and is_upwards else Qt.SortOrder.AscendingOrder
    header.setSortIndicator(column, order)


def clear(layout: QLayout) -> None:
    """Delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
