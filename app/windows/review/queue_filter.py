"""Which attempts wait for a teacher: a search field, a class, and what else an attempt must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.library.progress_words import day_words
from app.library.teaching.review import Queue
from app.windows.flow import SPACE, FlowLayout, IconButton, offer
from app.windows.history.filter import TYPING_MILLISECONDS, SearchField
from app.windows.marks import symbol
from app.windows.progress.choice import Choice
from app.windows.tokens import LIGHT, Tokens
from assessment.bands import BANDS

ANYBODY, ANY_CLASS, ANY_LESSON, ANY_SCORE = "Any learner", "All learners", "Any lesson", "Any score"
_CHARACTERS = 8
# What was chosen elsewhere and can only be taken away here; each has a button of its own while it is set.
_CHIPS = ("word", "phone", "time")
_FLAGS = ("unreviewed", "flagged", "handed_in")
Names = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, each by its id and name."""

    classes: Names
    lessons: Names
    learners: Names


class QueueFilter(QWidget):
    """Lets a teacher say which attempts are to be listed.

    Attributes
    ----------
    wanted : Queue
        What is looked for.
    search : SearchField
        Words in the text, the title of the lesson or the name of the learner.
    class_, lesson, learner, score : Choice
        Whose attempts, where, and how well on the whole.
    flags : dict of str to QPushButton
        By the names in `Queue`; checked if only such attempts are wanted.
    chips : dict of str to IconButton
        Shown while only attempts are wanted with a "word" or a "phone" that was wrong, or of a "time"; a
        click ends that.
    more : IconButton
        Shows the rarer ones, or hides them.

    Signals
    -------
    changed()
        Something else is looked for.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = Queue()
        self._tokens, self._alphabet = LIGHT, "ipa"
        self.search = SearchField()
        self.class_, self.lesson = Choice("Class"), Choice("Lesson")
        self.learner, self.score = Choice("Learner"), Choice("Overall score")
        self.more = IconButton("filter", "", "More to look for", flat=False)
        self.flags = {
            "unreviewed": _toggle("To review", "Only readings that nobody has reviewed"),
            "flagged": _toggle("Flagged", "Only readings that are flagged"),
            "handed_in": _toggle("Handed in", "Only readings that learners have handed in"),
        }
        self.chips = {name: IconButton("close", "", "Do not look for this any more", flat=False)
                      for name in _CHIPS}  # fmt: skip
        self.clear_button = QPushButton("Clear")
        self._rare = QWidget()
        self._typing = QTimer(self)
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self.search.setPlaceholderText("Search (Ctrl+F)")
        self.search.setAccessibleName("Search in texts, lessons and names")
        self.more.setCheckable(True)
        self._offer_scores()
        for box, anything in (
            (self.class_, ANY_CLASS),
            (self.lesson, ANY_LESSON),
            (self.learner, ANYBODY),
        ):
            box.addItem(anything, None)
        for box in self._boxes:
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_CHARACTERS)
        self.clear_button.setProperty("flat", True)
        self.clear_button.setAutoDefault(False)
        top = QHBoxLayout()
        top.setSpacing(SPACE // 2)
        top.addWidget(self.search, 1)
        top.addWidget(self.more)
        rare = QVBoxLayout(self._rare)
        rare.setContentsMargins(0, 0, 0, 0)
        rare.setSpacing(SPACE // 2)
        for box in (self.lesson, self.learner, self.score):
            rare.addWidget(box)
        switches = FlowLayout(space=SPACE // 2)
        for button in (*self.flags.values(), *self.chips.values(), self.clear_button):
            switches.addWidget(button)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE // 2)
        page.addLayout(top)
        page.addWidget(self.class_)
        page.addWidget(self._rare)
        page.addLayout(switches)

    @property
    def _boxes(self) -> tuple[Choice, ...]:
        return self.class_, self.lesson, self.learner, self.score

    def _offer_scores(self) -> None:
        self.score.addItem(ANY_SCORE, (None, None))
        above: float | None = None
        for band in BANDS["overall"]:
            self.score.addItem(band.name.capitalize(), (band.lower, above))
            above = band.lower

    def _connect(self) -> None:
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MILLISECONDS)
        self._typing.timeout.connect(lambda: self._want(search=self.search.text()))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.class_.currentIndexChanged.connect(lambda _: self._want(class_id=self.class_.currentData()))
        self.lesson.currentIndexChanged.connect(lambda _: self._want(lesson_id=self.lesson.currentData()))
        self.learner.currentIndexChanged.connect(lambda _: self._want(learner_id=self.learner.currentData()))
        self.score.currentIndexChanged.connect(lambda _: self._want_score())
        for name, button in self.flags.items():
            button.toggled.connect(lambda is_on, name=name: self._want(**{name: is_on}))
        self.chips["word"].clicked.connect(lambda: self._want(word=None))
        self.chips["phone"].clicked.connect(lambda: self._want(phone=None))
        self.chips["time"].clicked.connect(lambda: self._want(since=None, until=None))
        self.more.toggled.connect(self._rare.setVisible)
        self.clear_button.clicked.connect(lambda: self.show_queue(Queue()))

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in (self.more, *self.chips.values()):
            button.set_tokens(tokens)

    def set_alphabet(self, alphabet: str) -> None:
        """Take the alphabet in which phones are written, "ipa" or "arpabet"."""
        self._alphabet = alphabet
        self._show()

    # --- what is looked for -----------------------------------------------------------------

    @property
    def is_active(self) -> bool:
        """Whether some attempts are left out."""
        return self.wanted != Queue()

    def show_queue(self, wanted: Queue) -> None:
        """Look for something else."""
        if wanted == self.wanted:
            return
        self.wanted = wanted
        self._show()
        self.changed.emit()

    def set_choices(self, choices: Choices) -> None:
        """Offer what there is; what is wanted and is not there any more is not wanted any more."""
        gone: dict[str, None] = {}
        for box, name, offered in (
            (self.class_, "class_id", choices.classes),
            (self.lesson, "lesson_id", choices.lessons),
            (self.learner, "learner_id", choices.learners),
        ):
            offer(box, offered)
            wanted = getattr(self.wanted, name)
            if wanted is not None and box.findData(wanted) < 0:
                gone[name] = None
        self._show()
        if gone:
            self._want(**gone)

    def _want(self, **values: object) -> None:
        self._typing.stop()
        self.show_queue(replace(self.wanted, **values))  # type: ignore[arg-type]

    def _want_score(self) -> None:
        least, most = self.score.currentData()
        self._want(least=least, most=most)

    # --- showing it -------------------------------------------------------------------------

    def _show(self) -> None:
        wanted = self.wanted
        parts = (*self._boxes, self.search, *self.flags.values())
        blockers = [QSignalBlocker(part) for part in parts]
        if self.search.text() != wanted.search:
            self.search.setText(wanted.search)
        _choose(self.class_, wanted.class_id)
        _choose(self.lesson, wanted.lesson_id)
        _choose(self.learner, wanted.learner_id)
        self._show_score()
        for name in _FLAGS:
            self.flags[name].setChecked(getattr(wanted, name))
        for blocker in blockers:
            blocker.unblock()
        self._show_chips()
        is_rare = any((wanted.lesson_id, wanted.learner_id, (wanted.least, wanted.most) != (None, None)))
        self.more.setChecked(self.more.isChecked() or is_rare)
        self._rare.setVisible(self.more.isChecked())
        self.clear_button.setVisible(self.is_active)

    def _show_score(self) -> None:
        """Show the range of scores, also one that is none of the bands: it is offered while it is wanted."""
        score = (self.wanted.least, self.wanted.most)
        while self.score.count() > 1 + len(BANDS["overall"]):
            self.score.removeItem(self.score.count() - 1)
        place = _place(self.score, score)
        if place < 0:
            self.score.addItem(_score_words(*score), score)
            place = self.score.count() - 1
        self.score.setCurrentIndex(place)

    def _show_chips(self) -> None:
        wanted = self.wanted
        told = {
            "word": "" if wanted.word is None else f"“{wanted.word}” was wrong",
            "phone": "" if wanted.phone is None else f"/{symbol(wanted.phone, self._alphabet)}/ was wrong",
            "time": _time_words(wanted.since, wanted.until),
        }
        for name, words in told.items():
            self.chips[name].setText(words)
            self.chips[name].setAccessibleName(words)
            self.chips[name].setVisible(bool(words))


def _toggle(text: str, hint: str) -> QPushButton:
    button = QPushButton(text)
    button.setCheckable(True)
    button.setAutoDefault(False)
    button.setToolTip(hint)
    button.setAccessibleDescription(hint)
    button.setStyleSheet("QPushButton { padding: 4px 6px; }")
    return button


def _choose(box: QComboBox, wanted: object) -> None:
    box.setCurrentIndex(0 if wanted is None else max(box.findData(wanted), 0))


def _place(box: QComboBox, wanted: object) -> int:
    """Return where a pair is offered: Qt finds none, as it compares them otherwise; -1 if it is not."""
    return next((place for place in range(box.count()) if box.itemData(place) == wanted), -1)


def _score_words(least: float | None, most: float | None) -> str:
    if least is None:
        return f"Below {most:.0f}"
    return f"{least:.0f} and more" if most is None else f"{least:.0f} to {most:.0f}"


def _time_words(since: datetime | None, until: datetime | None) -> str:
    first = "" if since is None else f"from {_day(since)}"
    last = "" if until is None else f"before {_day(until)}"
    return " ".join(each for each in (first, last) if each).capitalize()


def _day(when: datetime) -> str:
    return day_words(when.astimezone().date())
