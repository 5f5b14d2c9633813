"""The goals of a learner: how far each is reached, and new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.library.progress_goals import GoalState
from app.library.progress_words import counted, phone_words
from app.windows.flow import SPACE, FlowLayout, IconButton, clear, label
from app.windows.progress.choice import Choice
from app.windows.tokens import LIGHT, Tokens
from assessment.phones import PHONES

EMPTY = "A goal helps to go on. Choose one that is easy to reach, and add it."
_BAR_WIDTH, _BAR_HEIGHT = 160, 10
# What can be aimed at: the kind, its name, the targets to choose from and how they are written.
_KINDS: tuple[tuple[str, str, Iterable[int], Callable[[int], str]], ...] = (
    ("days", "Days of practice a week", range(1, 8), lambda target: counted(target, "day")),
    ("attempts", "Readings a week", (5, 10, 15, 20, 30, 50, 100), lambda target: f"{target} readings"),
    ("overall", "An overall score", range(50, 100, 5), str),
    ("phone", "One sound", range(50, 100, 5), str),
)
_USUAL = {"days": 3, "attempts": 10, "overall": 80, "phone": 80}


class GoalsView(QWidget):
    """Shows goals, and lets one add and remove them.

    Signals
    -------
    added(str, float, str)
        A goal is wanted: kind, target, and the phone or nothing.
    removed(object)
        A `GoalState` is not wanted any more.
    """

    added = Signal(str, float, str)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._alphabet = ""
        self._rows = QVBoxLayout()
        self.kinds, self.phones = Choice("Kind of goal"), Choice("Which sound")
        self.targets = Choice("How much")
        self.add = QPushButton("Add goal")
        self._build()

    def _build(self) -> None:
        for kind, name, _, _ in _KINDS:
            self.kinds.addItem(name, kind)
        self.kinds.currentIndexChanged.connect(lambda _: self._show_kind())
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._add)
        new = FlowLayout()
        for part in (self.kinds, self.phones, self.targets, self.add):
            new.addWidget(part)
        self._rows.setSpacing(SPACE)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE * 2)
        page.addLayout(self._rows)
        page.addLayout(new)
        self._show_kind()

    def _show_kind(self) -> None:
        """Offer what can be aimed at."""
        kind, _, targets, write = _KINDS[self.kinds.currentIndex()]
        self.targets.clear()
        for target in targets:
            self.targets.addItem(write(target), target)
        self.targets.setCurrentIndex(self.targets.findData(_USUAL[kind]))
        self.phones.setVisible(kind == "phone")

    def _add(self) -> None:
        kind = self.kinds.currentData()
        phone = self.phones.currentData() if kind == "phone" else ""
        self.added.emit(kind, float(self.targets.currentData()), phone)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in self.findChildren(IconButton):
            button.set_tokens(tokens)

    def set_goals(self, goals: Iterable[GoalState], alphabet: str = "ipa") -> None:
        """Show goals, and offer sounds in "ipa" or "arpabet"."""
        self._offer_phones(alphabet)
        clear(self._rows)
        for goal in goals:
            self._rows.addLayout(self._row(goal))
        if not self._rows.count():
            self._rows.addWidget(label(EMPTY, quiet=True))

    def _offer_phones(self, alphabet: str) -> None:
        if alphabet == self._alphabet:
            return
        self._alphabet = alphabet
        chosen = max(self.phones.currentIndex(), 0)
        self.phones.clear()
        for phone in PHONES:
            self.phones.addItem(phone_words(phone, alphabet), phone)
        self.phones.setCurrentIndex(chosen)

    def _row(self, goal: GoalState) -> QHBoxLayout:
        bar = QProgressBar()
        bar.setRange(0, 100)
        bar.setValue(int(100.0 * goal.share))
        bar.setTextVisible(False)
        bar.setFixedSize(_BAR_WIDTH, _BAR_HEIGHT)
        bar.setAccessibleName(goal.sentence)
        remove = IconButton("close", "", "Remove this goal")
        remove.setAccessibleDescription(goal.sentence)
        remove.set_tokens(self._tokens)
        remove.clicked.connect(lambda: self.removed.emit(goal))
        row = QHBoxLayout()
        row.setSpacing(SPACE * 2)
        row.addWidget(bar)
        row.addWidget(label(goal.sentence), 1)
        row.addWidget(remove)
        return row
