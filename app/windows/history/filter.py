"""What is looked for in the history: a search field, and what else an attempt must be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.library.history import Filter
from app.windows.flow import SPACE, FlowLayout, IconButton, offer
from app.windows.marks import symbol
from app.windows.tokens import LIGHT, Tokens
from assessment.bands import BANDS

# So long nothing may be typed before the search begins, in milliseconds.
TYPING_MILLISECONDS = 150
# By what is shown, how many days back from tonight.
_TIMES: tuple[tuple[str, int | None], ...] = (
    ("Any time", None),
    ("Today", 1),
    ("Last 7 days", 7),
    ("Last 30 days", 30),
)
_ANY_SCORE, _ANY_LESSON = "Any score", "Any lesson"
# So many of what is chosen are seen, at least.
_CHARACTERS = 10


class SearchField(QLineEdit):
    """Where words are typed.

    Signals
    -------
    left()
        Somebody is done with typing and wants to go to what was found.
    """

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the list by Enter and the arrow down; empty the field by Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """Lets people say which attempts they look for.

    Attributes
    ----------
    search : SearchField
        Words in the text, the title of the lesson or the name of the learner.
    time, lesson, score : QComboBox
        When it was read, where, and how well on the whole.
    starred, with_recording : QPushButton
        Checked if only such attempts are wanted.
    phone_chip : IconButton
        Shown while only attempts are wanted in which a phone was wrong; a click ends that.
    clear_button : QPushButton
        Shown while anything is looked for.

    Signals
    -------
    changed()
        Something else is looked for.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._phone: str | None = None
        self.search = SearchField()
        self.time, self.lesson, self.score = QComboBox(), QComboBox(), QComboBox()
        self.starred = _toggle("star", "Starred", "Only readings that are starred")
        self.with_recording = _toggle("play", "With recording", "Only readings whose recording is kept")
        self.phone_chip = IconButton("close", "", "Do not look for this sound any more", flat=False)
        self.clear_button = QPushButton("Clear filters")
        self._typing = QTimer(self)
        self._build()
        self._connect()
        self._show_state()

    def _build(self) -> None:
        self.search.setPlaceholderText("Search (Ctrl+F)")
        self.search.setAccessibleName("Search in texts, lessons and names")
        self.search.setFixedWidth(SPACE * 23)
        for text, days in _TIMES:
            self.time.addItem(text, days)
        self.score.addItem(_ANY_SCORE, (None, None))
        above: float | None = None
        for band in BANDS["overall"]:
            self.score.addItem(band.name.capitalize(), (band.lower, above))
            above = band.lower
        self.lesson.addItem(_ANY_LESSON, None)
        for box in (self.lesson, self.score):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_CHARACTERS)
        for box, name in ((self.time, "When"), (self.lesson, "Lesson"), (self.score, "Overall score")):
            box.setAccessibleName(name)
        self.clear_button.setProperty("flat", True)
        self.clear_button.setAutoDefault(False)
        flow = FlowLayout()
        for part in (
            self.search,
            self.time,
            self.lesson,
            self.score,
            self.starred,
            self.with_recording,
            self.phone_chip,
            self.clear_button,
        ):
            flow.addWidget(part)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addLayout(flow)

    def _connect(self) -> None:
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MILLISECONDS)
        self._typing.timeout.connect(self._tell)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        for box in (self.time, self.lesson, self.score):
            box.currentIndexChanged.connect(lambda _index: self._tell())
        for button in (self.starred, self.with_recording):
            button.toggled.connect(lambda _on: self._tell())
        self.phone_chip.clicked.connect(lambda: self._set_phone(None))
        self.clear_button.clicked.connect(self.clear)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in (self.starred, self.with_recording, self.phone_chip):
            button.set_tokens(tokens)

    # --- what is looked for -----------------------------------------------------------------

    def wanted(self, learner_id: str | None, now: datetime) -> Filter:
        """Return what is looked for.

        Parameters
        ----------
        learner_id : str or None
            Whose attempts; None for everybody's.
        now : datetime
            The time, with the zone in which days begin at midnight.
        """
        least, most = self.score.currentData()
        return Filter(
            learner_id,
            self.search.text(),
            self.lesson.currentData(),
            _since(self.time.currentData(), now),
            least=least,
            most=most,
            starred=self.starred.isChecked(),
            with_recording=self.with_recording.isChecked(),
            phone=self._phone,
        )

    @property
    def is_active(self) -> bool:
        """Whether anything is looked for."""
        chosen = (self.time.currentIndex(), self.lesson.currentIndex(), self.score.currentIndex())
        pressed = (self.starred.isChecked(), self.with_recording.isChecked())
        return any((self.search.text().strip(), *chosen, *pressed, self._phone))

    def clear(self) -> None:
        """Look for everything."""
        self._reset()
        self._tell()

    def show_phone(self, phone: str, alphabet: str) -> None:
        """Look for the attempts in which a phone (ARPAbet without stress) was wrong, and for nothing else."""
        self._reset()
        self.phone_chip.setText(f"/{symbol(phone, alphabet)}/ was wrong")
        self.phone_chip.setAccessibleName(self.phone_chip.text())
        self._set_phone(phone)

    def _reset(self) -> None:
        """Forget what is looked for; nobody is told."""
        self._phone = None
        parts = (self.search, self.time, self.lesson, self.score, self.starred, self.with_recording)
        blockers = [QSignalBlocker(part) for part in parts]
        self.search.clear()
        for box in (self.time, self.lesson, self.score):
            box.setCurrentIndex(0)
        for button in (self.starred, self.with_recording):
            button.setChecked(False)
        for blocker in blockers:
            blocker.unblock()

    def set_lessons(self, lessons: Sequence[tuple[str, str]]) -> None:
        """Offer lessons by their ids and titles; the one that is chosen stays so, if it is still there."""
        if not offer(self.lesson, lessons):
            self._tell()

    def _set_phone(self, phone: str | None) -> None:
        self._phone = phone
        self._tell()

    def _tell(self) -> None:
        self._typing.stop()
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        self.phone_chip.setVisible(self._phone is not None)
        self.clear_button.setVisible(self.is_active)


def _toggle(icon: str, text: str, hint: str) -> IconButton:
    button = IconButton(icon, text, hint, flat=False)
    button.setCheckable(True)
    return button


def _since(days: int | None, now: datetime) -> datetime | None:
    """Return the midnight that so many days begin with, of which today is the last."""
    if days is None:
        return None
    first = now.date() - timedelta(days=days - 1)
    # Of that day: clocks may have been changed since then.
    return datetime(first.year, first.month, first.day).astimezone()
