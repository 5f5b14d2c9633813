"""The middle right of the page: what the learner has read of late."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.library.records import AttemptRow
from app.windows.flow import SPACE, IconButton, clear, label
from app.windows.review.queue_model import brief, described, score_of, state_of, text_of
from app.windows.tokens import LIGHT, Tokens
from app.windows.words_of_time import moment


class _Elided(QPushButton):
    """A button whose text is cut short where there is no room for it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._whole = text
        self.setProperty("flat", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setStyleSheet("text-align: left; padding: 4px 8px;")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(SPACE * 10, self.fontMetrics().height() + SPACE + 4)

    def resizeEvent(self, event: object) -> None:
        """Show as much as there is room for."""
        room = self.width() - SPACE * 2 - 4
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))


class LatestPane(QWidget):
    """Lists the newest attempts of a learner; one click opens one, another compares it with what is open.

    Attributes
    ----------
    openers, comparers : dict of str to QPushButton
        By the ids of the attempts; the one that is open has none to compare it.

    Signals
    -------
    open_asked(str), compare_asked(str)
        An attempt is to be opened, or compared with the open one; its id.
    """

    open_asked = Signal(str)
    compare_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self.openers: dict[str, QPushButton] = {}
        self.comparers: dict[str, IconButton] = {}
        self._title = label("Last readings", heading=True)
        list_ = QWidget()
        self._list = QVBoxLayout(list_)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        scroll = QScrollArea()
        scroll.setWidget(list_)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE // 2)
        page.addWidget(self._title)
        page.addWidget(scroll, 1)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in self.comparers.values():
            button.set_tokens(tokens)

    def show_rows(
        self, rows: Sequence[AttemptRow], shown: AttemptRow, as_now: Callable[[AttemptRow], AttemptRow]
    ) -> None:
        """Show attempts.

        Parameters
        ----------
        rows : sequence of AttemptRow
            The newest first.
        shown : AttemptRow
            The one that is open.
        as_now : callable
            Returns an attempt with what has changed since it was read.
        """
        self._title.setText(f"Last readings of {shown.learner}" if shown.learner else "Last readings")
        clear(self._list)
        self.openers, self.comparers = {}, {}
        for row in map(as_now, rows):
            self._list.addLayout(self._line(row, is_shown=row.id == shown.id))
        self._list.addStretch(1)

    def _line(self, row: AttemptRow, *, is_shown: bool) -> QHBoxLayout:
        mark = "✓ " if row.reviewed is not None else ""
        opener = _Elided(f"{mark}{score_of(row)}   {brief(row.started)}   {text_of(row)}")
        opener.setToolTip(described(row))
        opener.setAccessibleName(f"{moment(row.started)}, {score_of(row)}, {state_of(row)}: {text_of(row)}")
        opener.setCheckable(is_shown)
        opener.setChecked(is_shown)
        opener.clicked.connect(lambda: self.open_asked.emit(row.id))
        self.openers[row.id] = opener
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(opener, 1)
        if not is_shown:
            line.addWidget(self._comparer(row))
        return line

    def _comparer(self, row: AttemptRow) -> IconButton:
        button = IconButton("compare", "", "Compare this reading with the one that is open")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setStyleSheet("QPushButton { padding: 3px; }")
        button.set_tokens(self._tokens)
        button.clicked.connect(lambda: self.compare_asked.emit(row.id))
        self.comparers[row.id] = button
        return button
