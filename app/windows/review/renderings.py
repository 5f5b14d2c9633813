"""How everybody in a class says one word: all are heard one after the other, or each by itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.library.teaching import review
from app.library.teaching.records import Rendering
from app.tasks import Task
from app.windows.flow import SPACE, IconButton, label
from app.windows.playback import Playback
from app.windows.review.queue_model import NOBODY, Index
from app.windows.services import Services
from app.windows.tokens import Tokens
from app.windows.words_of_time import moment
from assessment.audio import Recording
from assessment.bands import band
from assessment.control import Control

COLUMNS = ("", "Learner", "Score", "Band", "When")
NOTHING = "Nobody else has said “{word}” in a recording that is kept."
# Between one and the next.
_REST_MILLISECONDS = 500
_ROW_PIXELS = 32


class RenderingsModel(QAbstractTableModel):
    """Renderings of a word.

    Attributes
    ----------
    rows : list of Rendering
        The worst first.
    playing : int
        Which is heard; -1 for none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Rendering] = []
        self.playing = -1

    def show_rows(self, rows: list[Rendering]) -> None:
        """Show renderings."""
        self.beginResetModel()
        self.rows, self.playing = rows, -1
        self.endResetModel()

    def set_playing(self, row: int) -> None:
        """Show which is heard; -1 for none."""
        before, self.playing = self.playing, row
        for each in {before, row} - {-1}:
            if each < len(self.rows):
                self.dataChanged.emit(self.index(each, 0), self.index(each, 0))

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many renderings there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how much is told of each."""
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Name a column."""
        is_name = role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal
        return COLUMNS[section] if is_name else None

    def data(self, index: Index, role: int = 0) -> Any:
        """Return a cell."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        found = self.rows[index.row()]
        return (
            "▶" if index.row() == self.playing else "",
            found.row.learner or NOBODY,
            f"{found.score:.0f}",
            band("word", found.score).name,
            moment(found.row.started),
        )[index.column()]


class _Table(QTableView):
    """A table whose keys are the dialog's, but for the arrows."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows only."""
        walking = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if event.key() in (*walking, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()


class RenderingsDialog(QDialog):
    """Lists renderings of a word, and plays them.

    Parameters
    ----------
    services : Services
        Where the library is.
    playback : Playback
        By which they are heard.
    word : str
        As spoken, lower case.
    class_id : str or None
        Of which class; None for all learners.
    where : str
        Of whom they are, in words.

    Signals
    -------
    attempt_asked(str, int)
        An attempt is to be opened at a word.
    """

    attempt_asked = Signal(str, int)

    def __init__(
        self,
        services: Services,
        playback: Playback,
        word: str,
        class_id: str | None,
        where: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services, self._word = services, word
        self._task: Task | None = None
        # Whether one follows the other.
        self._goes_on = False
        self.model, self.table = RenderingsModel(), _Table()
        self.playback = playback
        self.told = label(f"How “{word}” is said by {where}, the lowest score first", heading=True)
        self.trouble = label("", quiet=True)
        self.all = IconButton("play", "Play all", "Hear all of them, or stop (Space)", flat=False)
        self.one = IconButton("listen", "Play one", "Hear the one that is chosen (Enter)", flat=False)
        self.opener = IconButton("open", "Open", "Open this reading at the word (O)", flat=False)
        self._rest = QTimer(self)
        self._build()
        self._connect()
        self._load(word, class_id)

    def _build(self) -> None:
        self.setWindowTitle(f"“{self._word}”")
        self.resize(SPACE * 72, SPACE * 56)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MILLISECONDS)
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_PIXELS)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((4, 0, 8, 22, 18)):
            self.table.setColumnWidth(column, SPACE * width)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setAccessibleName(self.told.text())
        row = QHBoxLayout()
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE)
        for part in (self.told, self.table, self.trouble):
            page.addWidget(part)
        page.addLayout(row)
        self.trouble.hide()
        self._enable()

    @property
    def _buttons(self) -> tuple[IconButton, ...]:
        return self.all, self.one, self.opener

    def _connect(self) -> None:
        self.all.clicked.connect(self.toggle_all)
        self.one.clicked.connect(self.play_one)
        self.opener.clicked.connect(self.open_current)
        self.table.doubleClicked.connect(lambda _index: self.open_current())
        self._rest.timeout.connect(self._play_next)
        self.playback.playing.connect(self._show_playing)
        self.playback.failed.connect(self._tell)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for button in self._buttons:
            button.set_tokens(tokens)

    # --- what is listed ---------------------------------------------------------------------

    @property
    def is_loading(self) -> bool:
        """Whether something is still looked for or opened."""
        return self._task is not None and not self._task.is_over

    def _load(self, word: str, class_id: str | None) -> None:
        store = self._services.store
        if store is None:
            return

        def work(_control: Control) -> list[Rendering]:
            return review.renderings(store, word, class_id)

        self._task = self._services.tasks.run(work, self._show, self._tell)

    def _show(self, rows: list[Rendering]) -> None:
        self.model.show_rows(rows)
        self._enable()
        if rows:
            self.table.selectRow(0)
            self.table.setFocus()
        else:
            self._tell(NOTHING.format(word=self._word))

    def _enable(self) -> None:
        for button in self._buttons:
            button.setEnabled(bool(self.model.rows))

    def _tell(self, message: str) -> None:
        self._goes_on = False
        self.trouble.setText(message)
        self.trouble.show()

    # --- hearing ----------------------------------------------------------------------------

    @property
    def _current(self) -> int:
        return self.table.currentIndex().row()

    def toggle_all(self) -> None:
        """Play all from the chosen one on, or stop."""
        if self._goes_on or self.playback.is_playing:
            self.stop()
        elif self.model.rows:
            self._goes_on = True
            self._play(max(self._current, 0))

    def play_one(self) -> None:
        """Play the one that is chosen."""
        self._goes_on = False
        if self._current >= 0:
            self._play(self._current)

    def stop(self) -> None:
        """Be silent."""
        self._goes_on = False
        self._rest.stop()
        if self._task is not None:
            self._task.cancel()
        self.playback.stop()
        self.model.set_playing(-1)

    def _play(self, number: int) -> None:
        found, store = self.model.rows[number], self._services.store
        digest = found.row.recording
        if store is None or digest is None:
            return
        self.table.selectRow(number)
        if self._task is not None:
            self._task.cancel()

        def start(recording: Recording) -> None:
            self.playback.set_recording(recording)
            self.model.set_playing(number)
            self.playback.play_mine(found.start, found.end)

        self._task = self._services.tasks.run(lambda _control: store.audio.open(digest), start, self._tell)

    def _show_playing(self, is_playing: bool) -> None:
        if is_playing:
            return
        if self._goes_on:
            self._rest.start()
        else:
            self.model.set_playing(-1)

    def _play_next(self) -> None:
        following = self.model.playing + 1
        if self._goes_on and following < len(self.model.rows):
            self._play(following)
        else:
            self.stop()

    def open_current(self) -> None:
        """Open the reading of the one that is chosen."""
        if self._current >= 0:
            found = self.model.rows[self._current]
            self.accept()
            self.attempt_asked.emit(found.row.id, found.position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play all with Space, one with Enter, open with O."""
        actions = {
            Qt.Key.Key_Space: self.toggle_all,
            Qt.Key.Key_Return: self.play_one,
            Qt.Key.Key_Enter: self.play_one,
            Qt.Key.Key_O: self.open_current,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            action()

    def done(self, result: int) -> None:
        """Be silent once it is closed."""
        self.stop()
        super().done(result)
