"""The page on which a teacher goes through recordings: the queue, the reading, and what is said about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.library.teaching.records import CommentRow
from app.library.teaching.review import Queue
from app.windows.banner import Banner
from app.windows.classes.empty import Empty
from app.windows.flow import page_layout
from app.windows.review.acting import Acting
from app.windows.review.aside import Aside
from app.windows.review.changes import Adjusting, Change, Marking
from app.windows.review.desk import Desk
from app.windows.review.foot import Foot
from app.windows.review.keys import Digit, meant
from app.windows.review.ledger import Ledger
from app.windows.review.listening import Listening
from app.windows.review.opening import Opened, Opening
from app.windows.review.parts import Parts
from app.windows.review.queue_pane import QueuePane
from app.windows.review.result_pane import ResultPane
from app.windows.review.spoken import Speaking, Spoken
from app.windows.services import Services
from app.windows.tokens import LIGHT, Tokens

EMPTY = (
    "Here you go through what your learners have read.",
    "Take in what they handed in, or have a folder of recordings assessed, on the page of classes.",
)
ALL_DONE = "All readings in this list are reviewed."
TAKEN_BACK = "{message} What you did was taken back."
WAITING = "{message} Nothing is lost: it is tried again by itself."
_NOTHING, _EMPTY, _FULL = range(3)


class ReviewPage(QWidget):
    """Shows one reading at a time, and keeps what a teacher says of it.

    Parameters
    ----------
    services : Services
        Where the library, the microphone and the loudspeaker are.

    Signals
    -------
    comparison_asked(str, str)
        Two attempts are to be compared; their ids, the older one first.
    learner_report_asked(str)
        A report of a learner is to be written; the learner's id.
    classes_asked()
        Somebody wants to take recordings in.
    """

    comparison_asked = Signal(str, str)
    learner_report_asked = Signal(str)
    classes_asked = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._services = services
        self._tokens = LIGHT
        # Which attempt is shown, and at which word the next one is to be opened.
        self._shown_id, self._word_wanted = "", -1
        # Whether the first of what is listed next is to be opened.
        self._open_first = True
        self._waiting_told = ""
        self.dialog: QDialog | None = None
        self.banner = Banner()
        self.ledger = Ledger(services, self)
        self.desk = Desk(services, self.ledger, self)
        self.opening = Opening(services, lambda: self.ledger.moment, self)
        self.listening, self.speaking = Listening(services, self), Speaking(services, self)
        self.queue = QueuePane(services, self.ledger)
        self.result, self.aside, self.foot = ResultPane(self.desk), Aside(services), Foot()
        self.empty = Empty(*EMPTY, "Classes")
        self.acting = Acting(self)
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._connect_parts()

    # --- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.result, 1)
        column.addWidget(self.foot)
        parts = Parts(self.queue, middle, self.aside)
        for each in (QWidget(), self.empty, parts):
            self._pages.addWidget(each)
        page = page_layout(self, self.banner)
        page.addWidget(self._pages, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        services, ledger = self._services, self.ledger
        ledger.failed.connect(self._taken_back)
        ledger.waiting.connect(self._tell_waiting)
        ledger.saved.connect(self._saved)
        self.desk.changed.connect(self._show_changes)
        self.opening.opened.connect(self._take)
        self.queue.open_asked.connect(self.open_attempt)
        self.queue.listed.connect(self._listed)
        self.queue.left.connect(self.result.text.setFocus)
        self.listening.playing.connect(self.foot.show_playing)
        self.listening.playback.preparing.connect(self._show_preparing)
        self.listening.comment_playing.connect(self.aside.comments.list.show_playing)
        self.speaking.progressed.connect(self.aside.comments.show_recording)
        self.speaking.stopped.connect(lambda: self.aside.comments.show_recording(None))
        self.speaking.spoken.connect(self._keep_spoken)
        for failed in (self.opening.failed, self.queue.failed, self.aside.agreement.failed):
            failed.connect(self.tell_trouble)
        for told in (self.listening.told, self.speaking.failed):
            told.connect(self.tell_trouble)
        services.notice.connect(self._tell_if_seen)
        services.library_opened.connect(self._refresh_if_seen)
        services.settings_changed.connect(self._settings_changed)

    def _connect_parts(self) -> None:
        acting, comments = self.acting, self.aside.comments
        acting.connect_buttons()
        self.result.moved.connect(self._moved)
        comments.write_asked.connect(acting.write)
        comments.editor.kept.connect(acting.keep_comment)
        comments.editor.left.connect(self.result.text.setFocus)
        comments.list.play_asked.connect(self.listening.toggle_comment)
        comments.list.edit_asked.connect(self._edit)
        comments.list.delete_asked.connect(self.desk.remove)
        comments.list.word_asked.connect(self.result.go_to)
        self.aside.latest.open_asked.connect(self.open_attempt)
        self.aside.latest.compare_asked.connect(self._compare)
        self.aside.agreement.fit_asked.connect(acting.fit)
        self.empty.buttons[0].clicked.connect(self.classes_asked)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for part in (self.banner, self.queue, self.result, self.aside, self.foot):
            part.set_tokens(tokens)

    @property
    def tokens(self) -> Tokens:
        """The colours of the theme."""
        return self._tokens

    @property
    def services(self) -> Services:
        """What all windows share."""
        return self._services

    # --- which attempts ---------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is in the library now."""
        self.opening.forget()
        self.queue.refresh()
        if self._shown_id:
            self.opening.ask(self._shown_id)

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def show_queue(self, wanted: Queue) -> None:
        """List attempts, and open the first of them."""
        self._open_first = True
        self.queue.show_queue(wanted)
        self.queue.refresh()

    @property
    def is_loading(self) -> bool:
        """Whether something is still to be shown or saved."""
        at_work = (self.queue.is_loading, self.opening.is_at_work, self.aside.agreement.is_loading)
        return any(at_work) or self.ledger.is_at_work

    def _listed(self) -> None:
        has_keys = self._has_keys
        self._pages.setCurrentIndex(_FULL if self.queue.total else _EMPTY)
        if has_keys and self.isVisible() and not self.queue.total:
            self.empty.home.setFocus()
        rows = self.queue.view.attempts.rows
        if (self._open_first or not self._shown_id) and rows and not self.opening.is_at_work:
            self.open_attempt(rows[0].id)
        self._show_class()

    def _show_class(self) -> None:
        self.aside.agreement.show_class(self.queue.class_, self.desk.author)

    # --- one attempt ------------------------------------------------------------------------

    def open_attempt(self, attempt_id: str, word: int = -1) -> None:
        """Open an attempt, at a word if one is given; what is being written about another one is kept."""
        self._open_first = False
        self._word_wanted = word
        if attempt_id == self._shown_id and not self.opening.is_at_work:
            if word >= 0:
                self.result.go_to(word)
            return
        self.opening.ask(attempt_id)

    def _take(self, opened: Opened) -> None:
        is_same = opened.id == self._shown_id
        if not is_same:
            self.acting.leave_attempt()
        # First: the text of the attempt before does not fit what lies on the desk now.
        self.desk.take(opened)
        self._shown_id = opened.id
        if not is_same or not self.listening.is_playing:
            self.listening.take(opened)
        self.result.show_attempt(self._services.settings, is_same=is_same)
        self.aside.latest.show_rows(opened.latest, self.desk.row, self.desk.as_now)
        self.queue.show_current(opened.id)
        self._pages.setCurrentIndex(_FULL)
        if 0 <= self._word_wanted < len(self.desk.machine.words):
            self.result.go_to(self._word_wanted)
        self._word_wanted = -1
        if not is_same:
            self._opened_another()

    def _opened_another(self) -> None:
        following = self.queue.next_after(self._shown_id)
        if following is not None:
            self.opening.read_ahead(following.id)
        if self.foot.auto.isChecked():
            self.listening.toggle()
        if self._has_keys:
            self.result.text.setFocus()

    def step(self, by: int) -> None:
        """Go to the next attempt, once this one is reviewed (1), or to the one above it (-1)."""
        if self.desk.shown is None:
            return
        if by < 0:
            before = self.queue.before(self._shown_id)
            if before is not None:
                self.open_attempt(before.id)
            return
        self.acting.leave_attempt()
        self.desk.set_reviewed(True)
        following = self.queue.next_after(self._shown_id)
        if following is None:
            self.banner.tell(ALL_DONE)
        else:
            self.banner.hide()
            self.open_attempt(following.id)

    def finish(self) -> None:
        """Be silent, and keep what is being written, spoken or saved."""
        self.acting.leave_attempt()
        self.listening.stop()
        self.opening.cancel()
        self.ledger.finish()

    # --- showing ----------------------------------------------------------------------------

    def _show_changes(self) -> None:
        self.foot.undo.setEnabled(self.desk.can_undo)
        self.foot.redo.setEnabled(self.desk.can_redo)
        if self.desk.shown is not None and self.desk.row.id == self._shown_id:
            self.result.show_changes()
            self._show_comments()

    def _moved(self) -> None:
        if self.desk.shown is not None:
            self._show_comments()

    def _show_comments(self) -> None:
        self.aside.comments.show_comments(self.desk.review, self.result.text.current, self.desk.author)

    def _settings_changed(self) -> None:
        if self.desk.shown is not None and self.isVisible():
            self.result.show_attempt(self._services.settings, is_same=True)

    def show_undone(self, change: Change | None) -> None:
        """Go to where something was undone, or done again."""
        if change is None or not change.attempt_id:
            return
        word = change.word if isinstance(change, Marking) and change.word is not None else -1
        self.open_attempt(change.attempt_id, word)

    def _edit(self, comment: CommentRow) -> None:
        self.aside.comments.write(self.desk.review, "reading", -1, comment)

    def _compare(self, attempt_id: str) -> None:
        opened = self.desk.opened
        other = next((each for each in opened.latest if each.id == attempt_id), None) if opened else None
        if other is not None:
            older, newer = sorted((other, self.desk.row), key=lambda row: row.started)
            self.comparison_asked.emit(older.id, newer.id)

    def _keep_spoken(self, spoken: Spoken) -> None:
        self.desk.keep_spoken(spoken)

    # --- messages ---------------------------------------------------------------------------

    def tell_trouble(self, message: str) -> None:
        """Say what did not work."""
        self.banner.tell(message, trouble=True)

    def _tell_if_seen(self, message: str) -> None:
        if self.isVisible():
            self.tell_trouble(message)

    def _taken_back(self, _change: Change, message: str) -> None:
        self.tell_trouble(TAKEN_BACK.format(message=message))

    def _tell_waiting(self, message: str) -> None:
        self._waiting_told = WAITING.format(message=message)
        self.banner.tell(self._waiting_told, trouble=True, action="Try now", do=self.ledger.finish)

    def _saved(self, change: Change) -> None:
        if self.banner.text and self.banner.text == self._waiting_told:
            self.banner.hide()
        if isinstance(change, Marking):
            self.aside.agreement.again()
        elif isinstance(change, Adjusting):
            self.queue.refresh()

    def _show_preparing(self, is_preparing: bool) -> None:
        getting_ready = "The voice is getting ready …"
        if is_preparing:
            self.banner.tell(getting_ready, action="Cancel", do=self.listening.stop)
        elif self.banner.text == getting_ready:
            self.banner.hide()

    # --- keys -------------------------------------------------------------------------------

    @property
    def _has_keys(self) -> bool:
        """Whether the keys belong to nothing that somebody has gone to."""
        focused = QApplication.focusWidget()
        # Without the window's keys nothing has the focus: then it is prepared for when they come.
        return focused in (None, self, self.empty.home) or not focused.isVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keys to the text, or to the button that helps where there is none."""
        if self._pages.currentIndex() == _FULL:
            self.result.text.setFocus()
        elif self._pages.currentIndex() == _EMPTY:
            self.empty.home.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do everything with the keyboard, but where something is typed or chosen."""
        does = meant(event)
        is_typing = isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit | QComboBox)
        if does is None or is_typing or self._pages.currentIndex() != _FULL:
            super().keyPressEvent(event)
        elif event.isAutoRepeat() and not self.acting.may_repeat(does):
            event.accept()
        elif isinstance(does, Digit):
            self.acting.give(does.number, whole=does.is_shifted)
        elif not self.acting.do(does):
            event.ignore()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent on other pages."""
        if not event.spontaneous():
            self.listening.stop()
        super().hideEvent(event)
