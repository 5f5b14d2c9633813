"""Two learners beside each other: their scores, the sounds in which they differ, and what both have read."""

from __future__ import annotations

import html
from textwrap import shorten

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.library.progress import ASPECTS
from app.library.progress_words import phone_words
from app.library.teaching.overview import ClassOverview, LearnerNumbers
from app.windows.classes import words
from app.windows.classes.comparing import Common, PhonePair, differing_phones
from app.windows.classes.section import Section, Shown
from app.windows.classes.sheet_table import sized
from app.windows.flow import SPACE, IconButton, clear, label
from app.windows.progress.choice import Choice
from app.windows.theme import BASE_PIXELS
from app.windows.tokens import LIGHT, Tokens

_TEXT_CHARACTERS = 160
# So many letters of a name are seen where it is chosen, and so many pixels above its scores.
_CHARACTERS, _NAME_WIDTH = 24, SPACE * 12
_NO_PHONES = "No sound that both have said often enough differs much."
_NO_TEXT = "They have not read the same text yet."
_SAME = "These are the same learner. Choose another one."
_TOO_FEW = "It takes two learners to compare them. Add another one to this class."


class ComparisonView(Section):
    """Compares two learners of a class.

    Attributes
    ----------
    first, second : Choice
        Who.
    readings : IconButton
        Compares their readings of the same text.

    Signals
    -------
    pair_changed()
        Other learners are compared: the text that both have read is to be looked for; see `pair`.
    comparison_asked(str, str)
        Two readings are to be compared; their ids.
    """

    pair_changed = Signal()
    comparison_asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overview: ClassOverview | None = None
        self._alphabet = "ipa"
        self._tokens = LIGHT
        self._common: Common | None = None
        self.first, self.second = Choice("First learner"), Choice("Second learner")
        self.readings = IconButton(
            "compare", "Compare these readings", "See both readings of this text", flat=False
        )
        self._scores, self._phones = QGridLayout(), QGridLayout()
        self._text = label("")
        self._note = label("", quiet=True)
        # What is shown of two who are compared.
        self._found = QWidget()
        self._build()
        for choice in (self.first, self.second):
            choice.currentIndexChanged.connect(lambda _index: self._change())
        self.readings.clicked.connect(self._ask_for_readings)

    def _build(self) -> None:
        who = QHBoxLayout()
        who.setSpacing(SPACE)
        for part in (self.first, label("and", quiet=True, wraps=False), self.second):
            who.addWidget(part)
        for choice in (self.first, self.second):
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(_CHARACTERS)
        who.addStretch(1)
        for grid in (self._scores, self._phones):
            grid.setHorizontalSpacing(SPACE * 2)
            grid.setVerticalSpacing(SPACE // 2)
        columns = QHBoxLayout()
        columns.setSpacing(SPACE * 4)
        for title, grid in (("Scores", self._scores), ("Where they differ most", self._phones)):
            column = QVBoxLayout()
            column.setSpacing(SPACE)
            column.addWidget(label(title, heading=True, wraps=False))
            column.addLayout(grid)
            column.addStretch(1)
            columns.addLayout(column)
        columns.addStretch(1)
        found = QVBoxLayout(self._found)
        found.setContentsMargins(0, 0, 0, 0)
        found.setSpacing(SPACE * 2)
        found.addLayout(columns)
        found.addWidget(label("What both have read", heading=True))
        found.addWidget(self._text)
        found.addWidget(self.readings, 0, Qt.AlignmentFlag.AlignLeft)
        content = QWidget()
        content.setObjectName("page")
        page = QVBoxLayout(content)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE * 2)
        page.addLayout(who)
        page.addWidget(self._note)
        page.addWidget(self._found)
        page.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    @property
    def home(self) -> QWidget:
        """Where the keys go."""
        return self.first

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.readings.set_tokens(tokens)
        self._show()

    # --- who is compared --------------------------------------------------------------------

    @property
    def pair(self) -> tuple[str, str] | None:
        """The ids of the two; None if they are not two."""
        first, second = self.first.currentData(), self.second.currentData()
        return (first, second) if first and second and first != second else None

    def choose(self, first: str, second: str) -> None:
        """Compare two learners, given by their ids."""
        self._select(first, second)
        self._change()

    def show_class(self, shown: Shown) -> None:
        """Take what is known of a class; those who are compared stay so, if they are still there."""
        overview = self._overview = shown.overview
        self._alphabet = shown.alphabet
        before = (self.first.currentData(), self.second.currentData())
        blockers = [QSignalBlocker(choice) for choice in (self.first, self.second)]
        for choice in (self.first, self.second):
            choice.clear()
            for each in overview.learners:
                choice.addItem(words.name_of(each.learner), each.learner.id)
        for blocker in blockers:
            blocker.unblock()
        self._select(*before)
        self._change()

    def _select(self, first: str | None, second: str | None) -> None:
        for choice, learner_id, usual in ((self.first, first, 0), (self.second, second, 1)):
            blocker = QSignalBlocker(choice)
            place = choice.findData(learner_id)
            choice.setCurrentIndex(place if place >= 0 else min(usual, choice.count() - 1))
            blocker.unblock()

    def _change(self) -> None:
        self._show()
        self.show_common(None, is_known=False)
        self.pair_changed.emit()

    # --- what is shown ----------------------------------------------------------------------

    def _show(self) -> None:
        clear(self._scores)
        clear(self._phones)
        overview, pair = self._overview, self.pair
        if overview is None:
            return
        self._note.setText(_TOO_FEW if len(overview.learners) < 2 else _SAME)
        self._note.setVisible(pair is None)
        self._found.setVisible(pair is not None)
        if pair is None:
            return
        by_id = {each.learner.id: each for each in overview.learners}
        first, second = by_id[pair[0]], by_id[pair[1]]
        for grid in (self._scores, self._phones):
            self._head(grid, first, second)
        for row, aspect in enumerate(ASPECTS, 1):
            self._score_row(row, aspect, first, second)
        found = differing_phones(overview, *pair)
        for row, each in enumerate(found, 1):
            self._phone_row(row, each, pair)
        if not found:
            self._phones.addWidget(label(_NO_PHONES, quiet=True, wraps=False), 1, 0, 1, 4)

    def _head(self, grid: QGridLayout, first: LearnerNumbers, second: LearnerNumbers) -> None:
        for column, each in enumerate((first, second), 1):
            name = words.name_of(each.learner)
            metrics = QFontMetrics(sized(BASE_PIXELS))
            shown = label(
                metrics.elidedText(name, Qt.TextElideMode.ElideRight, _NAME_WIDTH), quiet=True, wraps=False
            )
            shown.setToolTip(f"<qt>{html.escape(name)}</qt>")
            grid.addWidget(shown, 0, column, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(label("Difference", quiet=True, wraps=False), 0, 3, Qt.AlignmentFlag.AlignRight)

    def _score_row(self, row: int, aspect: str, first: LearnerNumbers, second: LearnerNumbers) -> None:
        one, other = first.scores.of(aspect), second.scores.of(aspect)
        self._scores.addWidget(label(aspect.capitalize(), wraps=False), row, 0)
        for column, each, score in ((1, first, one), (2, second, other)):
            name = f"{words.name_of(each.learner)}, {words.score_words(aspect, score)}"
            button = self._number(score, name, {"learner_id": each.learner.id})
            self._scores.addWidget(button, row, column, Qt.AlignmentFlag.AlignRight)
        difference = None if one is None or other is None else other - one
        self._scores.addWidget(_difference(difference), row, 3)

    def _phone_row(self, row: int, each: PhonePair, pair: tuple[str, str]) -> None:
        name = phone_words(each.phone, self._alphabet)
        self._phones.addWidget(label(name, wraps=False), row, 0)
        for column, learner_id, score in ((1, pair[0], each.first), (2, pair[1], each.second)):
            fields = {"learner_id": learner_id, "phone": each.phone}
            button = self._number(score, f"{name}: {score:.0f}", fields)
            self._phones.addWidget(button, row, column, Qt.AlignmentFlag.AlignRight)
        self._phones.addWidget(_difference(each.difference), row, 3)

    def _number(self, score: float | None, name: str, fields: dict[str, str]) -> QPushButton:
        button = QPushButton(words.score_text(score))
        button.setProperty("flat", True)
        button.setAutoDefault(False)
        button.setEnabled(score is not None)
        button.setAccessibleName(name)
        button.setAccessibleDescription("Shows these recordings")
        button.setStyleSheet(
            f"QPushButton {{ color: {self._tokens.accent}; text-decoration: underline; padding: 2px 8px; }}"
            "QPushButton:focus { padding: 1px 7px; }"
            f"QPushButton:disabled {{ color: {self._tokens.quiet}; text-decoration: none; }}"
        )
        button.clicked.connect(lambda: self.asked.emit(fields))
        return button

    def show_common(self, common: Common | None, *, is_known: bool = True) -> None:
        """Show the text that both have read.

        Parameters
        ----------
        common : Common or None
            None if there is none.
        is_known : bool
            Whether it was looked for already.
        """
        self._common = common
        self.readings.setVisible(common is not None)
        if common is None:
            self._text.setText(_NO_TEXT if is_known and self.pair else "")
        else:
            self._text.setText(f"“{shorten(common.first.text, _TEXT_CHARACTERS, placeholder=' …')}”")

    def _ask_for_readings(self) -> None:
        if self._common is not None:
            self.comparison_asked.emit(self._common.first.id, self._common.second.id)


def _difference(difference: float | None) -> QLabel:
    """Return by how much the second is better."""
    shown = label(words.change_text(difference), wraps=False)
    shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return shown
