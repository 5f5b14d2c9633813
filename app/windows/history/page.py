"""The page that lists what was read: search, filter, hear, star, delete, compare."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.library import history
from app.library.history import Extent
from app.library.progress_words import counted
from app.library.records import AttemptRow
from app.library.store import Store
from app.tasks import Task
from app.windows.banner import Banner
from app.windows.flow import SPACE, label, page_layout
from app.windows.history.actions import ActionBar
from app.windows.history.deleting import Deleting
from app.windows.history.filter import FilterBar
from app.windows.history.model import Column
from app.windows.history.table import HistoryTable
from app.windows.playback import Playback
from app.windows.services import Services
from app.windows.tokens import Tokens
from assessment.audio import Recording
from assessment.control import Control

EMPTY = "What you read will be listed here, with its scores and your voice."
NOTHING_FOUND = "No reading fits what you look for."
TWO = "Choose two readings to compare them: click one, then another one with Ctrl held."
_NOTHING, _EMPTY, _NOT_FOUND, _FULL = range(4)


@dataclass(frozen=True)
class _Found:
    """What there is, and what of it was looked for."""

    extent: Extent
    rows: list[AttemptRow]


class HistoryPage(QWidget):
    """Lists the attempts of the learner of the moment, or of whom `learner_id` says.

    Parameters
    ----------
    services : Services
        Where the library, the learner and the loudspeaker are.

    Signals
    -------
    attempt_asked(str)
        An attempt is to be opened; its id.
    comparison_asked(str, str)
        Two attempts are to be compared; their ids, the older one first.
    hand_in_asked(object)
        Attempts are to be given to a teacher; a tuple of their ids.
    practice_asked()
        Somebody who has read nothing yet wants to begin.
    """

    attempt_asked = Signal(str)
    comparison_asked = Signal(str, str)
    hand_in_asked = Signal(object)
    practice_asked = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._services = services
        self._learner_id: str | None = services.learner_id
        self._follows = True
        self._task: Task | None = None
        self._opening: Task | None = None
        self._rows: list[AttemptRow] = []
        self._extent = Extent(0, 0, ())
        # Stars that are not in the library yet.
        self._starring: dict[str, bool] = {}
        self.banner = Banner()
        self.filters, self.bar, self.table = FilterBar(), ActionBar(), HistoryTable()
        self.start, self.show_all = QPushButton("Start reading"), QPushButton("Clear filters")
        self._list, self._pages = QWidget(), QStackedWidget()
        # Where the keys go.
        self._home: QWidget = self.table
        self.playback, self.deleting = Playback(services, self), Deleting(services, self)
        self._build()
        self._connect()

    # --- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        found = QVBoxLayout(self._list)
        found.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        found.setSpacing(SPACE)
        found.addWidget(self.filters)
        found.addWidget(self.bar)
        for each in (
            QWidget(),
            _said(EMPTY, self.start),
            _said(NOTHING_FOUND, self.show_all),
            self.table,
        ):
            self._pages.addWidget(each)
        found.addWidget(self._pages, 1)
        page = page_layout(self, self.banner)
        page.addWidget(self._list, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        table, bar, services = self.table, self.bar, self._services
        for asked, button, do in (
            (table.open_asked, bar.open, self.open_current),
            (table.play_asked, bar.play, self.toggle_sound),
            (table.star_asked, bar.star, self.star_chosen),
            (table.compare_asked, bar.compare, self.compare_chosen),
            (table.hand_in_asked, bar.hand_in, self.hand_in_chosen),
            (table.delete_asked, bar.delete, self.delete_chosen),
        ):
            asked.connect(do)
            button.clicked.connect(do)
        table.choice_changed.connect(self._show_choice)
        self.filters.changed.connect(self._load)
        self.filters.search.left.connect(self._enter_list)
        self.show_all.clicked.connect(self.filters.clear)
        self.start.clicked.connect(self.practice_asked)
        self.playback.playing.connect(self._show_playing)
        self.playback.failed.connect(self._tell_trouble)
        self.deleting.expired.connect(self.banner.hide)
        self.deleting.deleted.connect(self._refresh_if_seen)
        self.deleting.failed.connect(self._not_deleted)
        self.banner.installEventFilter(self)
        for keys, act in (("Ctrl+F", self._search), ("Ctrl+Z", self._undo)):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        services.library_opened.connect(self._refresh_if_seen)
        services.learner_changed.connect(self._refresh_if_seen)
        services.library_failed.connect(self._tell_if_seen)
        services.notice.connect(self._tell_if_seen)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for part in (self.banner, self.filters, self.bar, self.table):
            part.set_tokens(tokens)

    # --- what is listed ---------------------------------------------------------------------

    @property
    def learner_id(self) -> str | None:
        """Whose attempts are listed; None for everybody's. Until it is set, of the learner of the moment."""
        return self._learner_id

    @learner_id.setter
    def learner_id(self, learner_id: str | None) -> None:
        self._follows = False
        self._change_learner(learner_id)
        self._refresh_if_seen()

    def _change_learner(self, learner_id: str | None) -> None:
        if learner_id != self._learner_id:
            self.finish_deleting()
            self._learner_id = learner_id
            self._pages.setCurrentIndex(_NOTHING)
            self.table.show_rows([])
            self.filters.clear()

    def refresh(self) -> None:
        """List what is in the library now."""
        if self._follows:
            self._change_learner(self._services.learner_id)
        self._load()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def show_phone(self, phone: str) -> None:
        """List the attempts in which a phone (ARPAbet without stress) was wrong."""
        self.filters.show_phone(phone, self._services.settings.marking.alphabet)

    @property
    def is_loading(self) -> bool:
        """Whether attempts are still looked for."""
        return self._task is not None and not self._task.is_over

    def _load(self) -> None:
        store = self._services.store
        if self._task is not None:
            self._task.cancel()
        if store is None:
            return
        wanted = self.filters.wanted(self._learner_id, datetime.now().astimezone())

        def work(_control: Control) -> _Found:
            return _Found(history.extent(store, wanted.learner_id), history.attempts(store, wanted))

        self._task = self._services.tasks.run(work, self._show, self._tell_trouble)

    def _show(self, found: _Found) -> None:
        self._extent = found.extent
        self._rows = found.rows
        self.table.attempts.stars = dict(self._starring)
        self.filters.set_lessons(found.extent.lessons)
        several = self._learner_id is None and found.extent.learners > 1
        self.table.setColumnHidden(Column.LEARNER, not several)
        self._show_rows()

    def _show_rows(self, chosen: Collection[str] = ()) -> None:
        """Show what was found, but for what is being deleted."""
        hidden = self.deleting.hidden
        rows = [row for row in self._rows if row.id not in hidden] if hidden else self._rows
        self.table.show_rows(rows, chosen)
        page = _FULL if rows else _NOT_FOUND if self._total else _EMPTY
        homes = {_EMPTY: self.start, _NOT_FOUND: self.show_all, _FULL: self.table}
        has_keys = QApplication.focusWidget() in (None, self, *homes.values())
        self._pages.setCurrentIndex(page)
        self.filters.setVisible(page != _EMPTY)
        self.bar.setVisible(page != _EMPTY)
        # There is a larger one then.
        self.filters.clear_button.setVisible(page == _FULL and self.filters.is_active)
        self._home = homes[page]
        if has_keys and self.isVisible():
            self._home.setFocus()

    @property
    def _total(self) -> int:
        """How many attempts there are without filters."""
        return self._extent.attempts - len(self.deleting.hidden)

    def _show_choice(self) -> None:
        self.bar.show_choice(self.table.chosen, len(self.table.attempts.rows), self._total)

    # --- what is done with them -------------------------------------------------------------

    def open_current(self) -> None:
        """Open the attempt that is chosen."""
        current = self.table.current
        if current is not None:
            self.attempt_asked.emit(current.id)

    def compare_chosen(self) -> None:
        """Compare the two attempts that are chosen."""
        chosen = sorted(self.table.chosen, key=lambda row: row.started)
        if len(chosen) == 2:
            self.comparison_asked.emit(chosen[0].id, chosen[1].id)
        else:
            self._tell(TWO)

    def star_chosen(self) -> None:
        """Star the attempts that are chosen; if all of them are starred, take the stars away."""
        store, chosen = self._writable(), self.table.chosen
        if store is None or not chosen:
            return
        model, ids = self.table.attempts, {row.id for row in chosen}
        is_starred = not all(map(model.is_starred, chosen))
        self._starring |= dict.fromkeys(ids, is_starred)
        model.star(ids, is_starred)

        def over() -> None:
            self._starring = {id_: each for id_, each in self._starring.items() if id_ not in ids}

        def failed(message: str) -> None:
            over()
            self._tell_trouble(message)
            self._load()

        self._services.tasks.run(
            lambda _control: history.star(store, ids, is_starred=is_starred), lambda _nothing: over(), failed
        )

    def _writable(self) -> Store | None:
        """Return the library; if nothing can be kept in it, say why."""
        store = self._services.store
        if store is not None and store.is_read_only:
            self._tell_trouble(store.note)
            return None
        return store

    def hand_in_chosen(self) -> None:
        """Ask to give the attempts that are chosen to a teacher."""
        if self.table.chosen:
            self.hand_in_asked.emit(tuple(row.id for row in self.table.chosen))

    # --- deleting ---------------------------------------------------------------------------

    def delete_chosen(self) -> None:
        """Delete the attempts that are chosen, as soon as nobody can want them back."""
        store, ids = self._writable(), {row.id for row in self.table.chosen}
        if store is None or not ids:
            return
        if self.table.attempts.playing in ids:
            self.playback.stop()
        self.deleting.ask(store, ids)
        self._show_rows()
        verb = "is" if len(ids) == 1 else "are"
        self.banner.tell(f"{counted(len(ids), 'reading')} {verb} deleted.", action="Undo", do=self._undo)
        self.banner.setAccessibleDescription("Ctrl+Z brings them back")

    def finish_deleting(self) -> None:
        """Delete for good what could still be undone."""
        if self.deleting.can_undo:
            self.deleting.finish()
            self.banner.hide()

    def _undo(self) -> None:
        if self.deleting.can_undo:
            ids = self.deleting.undo()
            self.banner.hide()
            self._show_rows(ids)

    def _not_deleted(self, message: str) -> None:
        self._show_rows()
        self._tell_trouble(message)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete for good once the message with the button to undo it is closed."""
        if watched is self.banner and event.type() is QEvent.Type.HideToParent:
            # The button closes the message first, too, and then undoes.
            QTimer.singleShot(0, self, self._message_closed)
        return super().eventFilter(watched, event)

    def _message_closed(self) -> None:
        if self.banner.isHidden():
            self.deleting.finish()

    # --- hearing ----------------------------------------------------------------------------

    def toggle_sound(self) -> None:
        """Play the recording of the attempt that is chosen, or stop what is heard."""
        current, playing = self.table.current, self.table.attempts.playing
        self.stop()
        if current is None or current.id == playing:
            return
        store, digest = self._services.store, current.recording
        if store is None or digest is None:
            self._tell("The recording of this reading is not kept any more.")
            return

        def start(recording: Recording) -> None:
            self.playback.set_recording(recording)
            self.playback.play_mine()

        self.table.attempts.set_playing(current.id)
        self._opening = self._services.tasks.run(
            lambda _control: store.audio.open(digest), start, self._not_opened
        )

    def stop(self) -> None:
        """Be silent."""
        if self._opening is not None:
            self._opening.cancel()
        if self.table.attempts.playing is not None:
            self.playback.stop()
            self._show_playing(False)

    def _not_opened(self, message: str) -> None:
        self._show_playing(False)
        self._tell_trouble(message)

    def _show_playing(self, is_playing: bool) -> None:
        if not is_playing:
            self.table.attempts.set_playing(None)
        self.bar.show_playing(is_playing)

    # --- messages and keys ------------------------------------------------------------------

    def _tell(self, message: str, *, trouble: bool = False) -> None:
        # The message takes the place of the one with the button to undo.
        self.deleting.finish()
        self.banner.tell(message, trouble=trouble)

    def _tell_trouble(self, message: str) -> None:
        self._tell(message, trouble=True)

    def _tell_if_seen(self, message: str) -> None:
        if self.isVisible():
            self._tell_trouble(message)

    def _search(self) -> None:
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def _enter_list(self) -> None:
        self._home.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keys to the list, or to the button that stands in its place."""
        if self._home.isVisible():
            self._home.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be silent with Esc, or close the message."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.table.attempts.playing is not None:
            self.stop()
        elif not self.banner.isHidden():
            self.banner.hide()
        else:
            event.ignore()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent on other pages."""
        if not event.spontaneous():
            self.stop()
        super().hideEvent(event)


def _said(message: str, button: QPushButton) -> QWidget:
    """Return a page that says why there is nothing, with a button that helps."""
    button.setProperty("primary", True)
    button.setAutoDefault(False)
    said = label(message, heading=True)
    said.setAlignment(Qt.AlignmentFlag.AlignCenter)
    page = QWidget()
    column = QVBoxLayout(page)
    column.setSpacing(SPACE * 2)
    column.addStretch(1)
    column.addWidget(said)
    column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(2)
    return page
