"""The middle of the page: the text with its marks, and the word or the sound that is being marked."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.library.teaching.records import MarkRow
from app.settings import Settings
from app.windows.flow import SPACE
from app.windows.marks import marks
from app.windows.review import words
from app.windows.review.banding import PHONE, READING, WORD, Level, nearest
from app.windows.review.desk import Desk
from app.windows.review.header import Header
from app.windows.review.reading_panel import ReadingPanel
from app.windows.review.reviewed_text import ReviewedText
from app.windows.review.word_panel import WordPanel
from app.windows.tokens import Tokens
from assessment.results import Assessment, ErrorType, Word

# A score that a teacher gave is one of the levels if it is no further away.
_NEAR = 0.5


class _Scroll(QScrollArea):
    """Scrolls by the wheel and by what is gone to: the arrows are the page's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the page."""
        event.ignore()


class ResultPane(QWidget):
    """Shows the attempt on the desk; one of its words is the current one, or one of the word's phones.

    Parameters
    ----------
    desk : Desk
        Where the attempt lies.

    Attributes
    ----------
    header : Header
        Tells of the attempt.
    text : ReviewedText
        Its text.
    word : WordPanel
        The current word.
    reading : ReadingPanel
        All of it.
    phone : int or None
        Which phone of the current word is marked; None if the word is.

    Signals
    -------
    moved()
        Another word or phone is the current one.
    """

    moved = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._alphabet = "ipa"
        self._settings: Settings | None = None
        self.phone: int | None = None
        self.header, self.text = Header(), ReviewedText()
        self.word, self.reading = WordPanel(), ReadingPanel()
        self._scroll = _Scroll()
        self._build()
        self.text.laid_out.connect(lambda: self.reading.set_left(self.text.left))
        self.text.word_entered.connect(self._enter)
        self.word.phone_asked.connect(self.go_to_phone)
        self.word.closed.connect(self.leave)
        self.reading.word_asked.connect(self.go_to)

    def _build(self) -> None:
        content = QWidget()
        content.setObjectName("page")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text)
        column.addWidget(self.reading)
        column.addStretch(1)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.header)
        page.addWidget(self._scroll, 1)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for part in (self.header, self.text, self.word, self.reading):
            part.set_tokens(tokens)

    # --- what is shown ----------------------------------------------------------------------

    def show_attempt(self, settings: Settings, *, is_same: bool) -> None:
        """Show what lies on the desk.

        Parameters
        ----------
        settings : Settings
            How it is shown.
        is_same : bool
            Whether it is the attempt that is shown already: then the place in it stays.
        """
        opened, place = self._desk.opened, (self.text.current, self.phone)
        assert opened is not None
        self._settings = settings
        self.text.set_pixels(settings.appearance.text_size)
        self.phone = None
        self.text.set_reference(opened.reference)
        self.show_changes()
        if is_same and 0 <= place[0] < len(self._desk.machine.words):
            self.text.go_to(place[0])
            if place[1] is not None:
                self.go_to_phone(place[1])
        else:
            self._scroll.verticalScrollBar().setValue(0)
            self.moved.emit()

    def show_changes(self) -> None:
        """Show what was changed."""
        if self._settings is None:
            return
        self._alphabet = self._settings.marking.alphabet
        assessment, desk = self._desk.assessment, self._desk
        shown = marks(assessment, self._settings.marking)
        self.text.revise(assessment, shown, desk.signs(), self._alphabet)
        self.header.show_row(desk.row)
        self.reading.show_assessment(assessment, self._alphabet)
        told = self._told(None, None, words.reading_words(desk.machine.scores.overall))
        mine = desk.mine(None, None)
        given = None if mine is None or mine.score is None else _given(READING, mine.score)
        self.reading.marks.show_mark(told, READING, given, has_mark=mine is not None)
        if self.text.detail is not None:
            self._show_word()

    def _told(self, word: int | None, phone: int | None, machine: str) -> str:
        """Return what the machine and everybody who marked gave to a place."""
        desk = self._desk
        score = desk.machine_score(word, phone)
        return words.beside(
            machine,
            [
                (words.said_by(each.author, desk.author), words.mark_words(each, score))
                for each in desk.marks_of(word, phone)
            ],
        )

    def _show_word(self) -> None:
        desk, index = self._desk, self.text.current
        before = {
            mark.phone: desk.machine_score(index, mark.phone)
            for mark in desk.review.marks
            if mark.word == index and mark.phone is not None and mark.phone < len(self._machine_word.phones)
        }
        self.word.show_word(desk.assessment, index, self._alphabet, before)
        self._show_marks()
        # Its height may be another one.
        self.text.open_detail(self.word)

    @property
    def _machine_word(self) -> Word:
        return self._desk.machine.words[self.text.current]

    def _show_marks(self) -> None:
        """Show what was given to the word, or to the phone that was gone into."""
        desk, index, phone, its = self._desk, self.text.current, self.phone, self._machine_word
        self.word.show_phone(phone)
        mine = desk.mine(index, phone)
        if phone is None:
            machine = words.word_words(its.accuracy, its.error)
        else:
            machine = words.phone_words(its.phones[phone].score)
        of = words.place_words(desk.machine, index, phone, self._alphabet)
        told = f"{of[:1].upper()}{of[1:]}  ·  {self._told(index, phone, machine)}"
        levels = WORD if phone is None else PHONE
        self.word.marks.show_mark(told, levels, _number(mine, phone), has_mark=mine is not None)

    # --- walking ----------------------------------------------------------------------------

    @property
    def place(self) -> tuple[int, int | None] | None:
        """The current word, and its phone if one was gone into; None without a word."""
        return (self.text.current, self.phone) if self.text.current >= 0 else None

    @property
    def assessment(self) -> Assessment:
        """What is walked through."""
        return self._desk.assessment

    def go_to(self, index: int) -> None:
        """Go to a word."""
        self.text.go_to(index)

    def _enter(self, _index: int) -> None:
        self.phone = None
        self._show_word()
        QTimer.singleShot(0, self, self._reveal)
        self.moved.emit()

    def go_to_phone(self, number: int | None) -> None:
        """Go into a phone of the current word, or back to the word for None."""
        self.phone = number
        self._show_marks()
        self.text.open_detail(self.word)
        self.moved.emit()

    def step(self, by: int) -> None:
        """Go to the next word or phone (1), or to the one before (-1)."""
        count = len(self._machine_word.phones if self.phone is not None else self.assessment.words)
        here = self.phone if self.phone is not None else self.text.current
        there = min(max(here + by, 0), count - 1)
        if self.phone is None:
            self.go_to(there)
        else:
            self.go_to_phone(there)

    def to_end(self, by: int) -> None:
        """Go to the first word or phone (-1), or to the last (1)."""
        self.step(by * len(self.assessment.words) * 100)

    def enter_word(self) -> bool:
        """Go into the phones of the word; return whether there are any."""
        if self.text.current < 0:
            self.step(1)
            return True
        has_phones = bool(self._machine_word.phones) and not self._machine_word.is_extra
        if has_phones and self.phone is None:
            self.go_to_phone(0)
        return has_phones

    def leave(self) -> bool:
        """Go from the phone back to the word, or close the word; return whether there was either."""
        if self.phone is not None:
            self.go_to_phone(None)
            return True
        if self.text.current < 0:
            return False
        self.text.leave_words()
        self.text.setFocus()
        self.moved.emit()
        return True

    def _reveal(self) -> None:
        """Scroll so that the current word and its panel are seen."""
        if self.text.current < 0 or self.text.detail is None:
            return
        box = self.text.word_box(self.text.current)
        bar, height = self._scroll.verticalScrollBar(), self._scroll.viewport().height()
        lowest = self.text.y() + self.word.geometry().bottom() + SPACE - height
        highest = self.text.y() + box.top() - SPACE
        bar.setValue(round(min(max(bar.value(), lowest), max(highest, 0))))


def _given(levels: tuple[Level, ...], score: float) -> int | None:
    """Return the number of the level that a score is."""
    found = nearest(levels, score)
    return found.number if abs(found.score - score) < _NEAR else None


def _number(mine: MarkRow | None, phone: int | None) -> int | None:
    """Return the number of a teacher's mark: 0 for "left out", None if it is none of the levels."""
    if mine is None:
        return None
    if mine.error == ErrorType.OMISSION:
        return 0
    return None if mine.score is None else _given(WORD if phone is None else PHONE, mine.score)
