"""The page "My weak sounds": which sounds are due and why, what is read for them, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.library.progress_words import counted, phone_words
from app.library.weak_words import due_words
from app.tasks import Task
from app.windows.banner import Banner
from app.windows.flow import SPACE, FlowLayout, IconButton, clear, label
from app.windows.services import Services
from app.windows.tokens import LIGHT, Tokens
from app.windows.weak_sounds.rows import SoundRow, TextRow
from assessment.control import Control

if TYPE_CHECKING:
    from app.library.store import Store
    from app.library.weak_sounds import WeakSession

_NOTHING, _EMPTY, _FULL = range(3)
_WIDTH = 760
# How long a session may be, in minutes.
_LENGTHS = (5, 10, 15)
_TITLE = "My weak sounds"


@dataclass(frozen=True)
class _Shown:
    """What the page shows.

    Attributes
    ----------
    session : WeakSession
        What may be read.
    due : int
        How many sounds are due, also those that do not fit in.
    now, alphabet
        For which moment and how it is written.
    """

    session: WeakSession
    due: int
    now: datetime
    alphabet: str


class WeakSoundsPage(QWidget):
    """Offers to practise the sounds that the learner of the moment says worst.

    Parameters
    ----------
    services : Services
        Where the library and the learner are.

    Signals
    -------
    session_asked(object)
        A `WeakSession` is to be read.
    phone_asked(str)
        The readings in which a phone was wrong are to be shown.
    practice_asked()
        Somebody who has read too little wants to read.
    """

    session_asked = Signal(object)
    phone_asked = Signal(str)
    practice_asked = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._services = services
        self._tokens = LIGHT
        self._task: Task | None = None
        self._learner_id = ""
        self._minutes = _LENGTHS[0]
        self._session: WeakSession | None = None
        self.rows: list[SoundRow] = []
        self.texts: list[TextRow] = []
        self.banner = Banner()
        self.summary, self.why = label(""), label("", heading=True)
        self.start = IconButton("record", "Start", "Read these texts (Enter)", flat=False)
        self.read = QPushButton("Read something")
        self.lengths = QButtonGroup(self)
        self._pages, self._scroll = QStackedWidget(), QScrollArea()
        self._sounds, self._texts = QVBoxLayout(), QVBoxLayout()
        self._sounds_head, self.texts_head = label("The sounds", heading=True), label("", heading=True)
        self._build()
        services.library_opened.connect(self._refresh_if_seen)
        services.learner_changed.connect(self._refresh_if_seen)
        services.settings_changed.connect(self._refresh_if_seen)
        services.library_failed.connect(self._fail)

    # --- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        for each in (QWidget(), self._empty_page(), self._full_page()):
            self._pages.addWidget(each)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.banner)
        page.addWidget(self._pages, 1)

    def _empty_page(self) -> QWidget:
        self.read.setProperty("primary", True)
        self.read.setAutoDefault(False)
        self.read.clicked.connect(self.practice_asked)
        self.why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setContentsMargins(SPACE * 4, SPACE * 4, SPACE * 4, SPACE * 4)
        column.setSpacing(SPACE * 2)
        column.addStretch(1)
        column.addWidget(self.why)
        column.addWidget(self.read, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return empty

    def _full_page(self) -> QScrollArea:
        column = QVBoxLayout()
        column.setContentsMargins(SPACE * 4, SPACE * 4, SPACE * 4, SPACE * 4)
        column.setSpacing(SPACE * 2)
        title = label(_TITLE)
        title.setProperty("title", True)
        for part in (title, self.summary, self._controls()):
            column.addWidget(part)
        column.addSpacing(SPACE)
        column.addWidget(self._sounds_head)
        self._sounds.setSpacing(SPACE * 3)
        column.addLayout(self._sounds)
        column.addSpacing(SPACE)
        column.addWidget(self.texts_head)
        self._texts.setSpacing(SPACE)
        column.addLayout(self._texts)
        column.addStretch(1)
        return self._scrolling(column)

    def _controls(self) -> QWidget:
        self.start.setProperty("primary", True)
        self.start.clicked.connect(lambda: self.session_asked.emit(self._session))
        controls = QWidget()
        flow = FlowLayout(controls)
        flow.addWidget(self.start)
        for minutes in _LENGTHS:
            button = QPushButton(f"{minutes} minutes")
            button.setCheckable(True)
            button.setChecked(minutes == self._minutes)
            button.setAutoDefault(False)
            button.setToolTip(f"Practise for about {minutes} minutes")
            self.lengths.addButton(button, minutes)
            flow.addWidget(button)
        self.lengths.idClicked.connect(self._choose_length)
        return controls

    def _scrolling(self, column: QVBoxLayout) -> QScrollArea:
        inner = QWidget()
        inner.setMaximumWidth(_WIDTH)
        inner.setLayout(column)
        content = QWidget()
        content.setObjectName("page")
        outer = QHBoxLayout(content)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        outer.addWidget(inner, 1_000)
        outer.addStretch(1)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self._scroll

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.banner.set_tokens(tokens)
        self.start.set_tokens(tokens)
        rows: list[SoundRow | TextRow] = [*self.rows, *self.texts]
        for row in rows:
            row.set_tokens(tokens)

    # --- what is shown ----------------------------------------------------------------------

    @property
    def is_looking(self) -> bool:
        """Whether it is being found out what is to be shown."""
        return self._task is not None and not self._task.is_over

    def refresh(self) -> None:
        """Show what is due now."""
        store, learner_id = self._services.store, self._services.learner_id
        if learner_id != self._learner_id:
            self._learner_id = learner_id
            self._pages.setCurrentIndex(_NOTHING)
        if self._task is not None:
            self._task.cancel()
        if store is None:
            return
        minutes, alphabet = self._minutes, self._services.settings.marking.alphabet

        def work(_control: Control) -> _Shown:
            return _find(store, learner_id, minutes, alphabet)

        self._task = self._services.tasks.run(work, self._show, self._fail)

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _choose_length(self, minutes: int) -> None:
        self._minutes = minutes
        self.start.setEnabled(False)
        self.refresh()

    def _fail(self, message: str) -> None:
        self.start.setEnabled(self._session is not None)
        self.banner.tell(message, trouble=True)

    def _show(self, shown: _Shown) -> None:
        session = self._session = shown.session
        self.banner.hide()
        self.why.setText(session.why)
        self._show_sounds(shown)
        self._show_texts(shown)
        self.summary.setText(_summary(shown))
        self.start.setText("Start" if shown.due else "Practise anyway")
        self.start.setEnabled(bool(session.items))
        self._pages.setCurrentIndex(_EMPTY if session.why else _FULL)
        if self.isVisible() and QApplication.focusWidget() in (None, self):
            (self.read if session.why else self.start).setFocus()

    def _show_sounds(self, shown: _Shown) -> None:
        clear(self._sounds)
        self.rows = [
            SoundRow(phone, shown.now, shown.alphabet, self._tokens) for phone in shown.session.phones
        ]
        for row in self.rows:
            row.readings_asked.connect(self.phone_asked)
            row.failed.connect(self._fail)
            self._sounds.addWidget(row)

    def _show_texts(self, shown: _Shown) -> None:
        clear(self._texts)
        items = shown.session.items
        self.texts = [
            TextRow(number, item, shown.alphabet, self._tokens) for number, item in enumerate(items, start=1)
        ]
        for row in self.texts:
            self._texts.addWidget(row)
        minutes = counted(max(1, round(shown.session.minutes)), "minute")
        self.texts_head.setText(f"What you will read · about {minutes}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press what has the focus, or start; scroll by pages."""
        bar = self._scroll.verticalScrollBar()
        steps = {Qt.Key.Key_PageDown: bar.pageStep(), Qt.Key.Key_PageUp: -bar.pageStep()}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            button = focused if isinstance(focused, QPushButton) else self._main_button()
            if button.isVisible():
                button.click()
        elif event.key() in steps:
            bar.setValue(bar.value() + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _main_button(self) -> QPushButton:
        return self.start if self._pages.currentIndex() == _FULL else self.read


def _find(store: Store, learner_id: str, minutes: float, alphabet: str) -> _Shown:
    """Find out what is shown; in the background."""
    from app.library.weak_sounds import compose, due_count

    now = datetime.now(UTC)
    session = compose(store, learner_id, now, minutes, alphabet)
    for phone in session.phones:
        # The words by which sounds are named are read from a file the first time.
        phone_words(phone.phone, alphabet)
    return _Shown(session, due_count(store, learner_id, now), now, alphabet)


def _summary(shown: _Shown) -> str:
    """Tell how many sounds are due, or that none is."""
    here = sum(phone.is_due for phone in shown.session.phones)
    if not shown.due:
        dates = [phone.due for phone in shown.session.phones if phone.due is not None]
        following = due_words(min(dates), shown.now, is_due=False) if dates else ""
        after = f" The first of these is {following}." if following else ""
        return f"Nothing is due: you have practised your sounds.{after} You can practise them anyway."
    verb = "is" if shown.due == 1 else "are"
    told = f"{counted(shown.due, 'sound')} {verb} due."
    if here < shown.due:
        told += f" The {'worst is' if here == 1 else f'worst {here} are'} practised now."
    return told
