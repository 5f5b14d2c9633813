"""Below the text: the scores of the reading with the teacher's marks, and the mark of the whole."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.windows.flow import SPACE, FlowLayout, IconButton, label
from app.windows.review.marks_bar import MarksBar
from app.windows.scores import ASPECTS
from app.windows.text_view import PAGE_WIDTH
from app.windows.tokens import Tokens
from app.windows.words_table import WordsTable
from assessment.bands import band
from assessment.results import Assessment, Scores

_BIG = 32
# With less room, the marks bear no names.
_WIDE = 800


class ReadingPanel(QWidget):
    """Shows the reading as a whole.

    Attributes
    ----------
    marks : MarksBar
        What was given to the whole reading.
    words_button : IconButton
        Shows all words as a table, or hides them.
    words : WordsTable
        All words.

    Signals
    -------
    word_asked(int)
        A word of the table is to be gone to.
    """

    word_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left = SPACE * 3
        self._overall, self._name = label("", wraps=False), label("", heading=True)
        self._aspects = {aspect: label("", wraps=False) for aspect in ASPECTS}
        self._trust = label("", quiet=True)
        self.marks = MarksBar("Shift+", can_be_left_out=False)
        self.words_button = IconButton("list", "All words", "Every word with its numbers (W)")
        self.words = WordsTable()
        self._assessment: Assessment | None = None
        self._alphabet = "ipa"
        self._build()

    def _build(self) -> None:
        self._overall.setStyleSheet(f"font-size: {_BIG}px; font-weight: 300;")
        scores = FlowLayout(space=SPACE * 2)
        for each in (self._overall, self._name, *self._aspects.values()):
            each.setMinimumHeight(_BIG + SPACE)
            each.setAlignment(Qt.AlignmentFlag.AlignVCenter)
            scores.addWidget(each)
        self._name.setWordWrap(False)
        self.words_button.setCheckable(True)
        self.words_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._page = QVBoxLayout(self)
        self._page.setSpacing(SPACE)
        self._page.addLayout(scores)
        for part in (self._trust, self.marks):
            self._page.addWidget(part)
        self._page.addWidget(self.words_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._page.addWidget(self.words)
        self._page.addStretch(1)
        self.words.hide()
        self.words_button.toggled.connect(self._show_words)
        self.words.word_chosen.connect(self.word_asked)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.marks.set_tokens(tokens)
        self.words_button.set_tokens(tokens)

    def set_left(self, left: int) -> None:
        """Begin at the same place as the text; be no wider than can be read well."""
        self._left = left
        right = max(SPACE * 3, self.width() - left - PAGE_WIDTH)
        self._page.setContentsMargins(left, SPACE, right, SPACE * 2)
        self.marks.set_compact(self.width() - left - right < _WIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the width of the column."""
        self.set_left(self._left)
        super().resizeEvent(event)

    def show_assessment(self, assessment: Assessment, alphabet: str) -> None:
        """Show the scores of a reading with its teacher's marks."""
        self._assessment, self._alphabet = assessment, alphabet
        scores = assessment.scores
        self._overall.setText(f"{scores.overall:.0f}")
        self._overall.setAccessibleName(f"Overall {scores.overall:.0f} of 100")
        self._name.setText(band("overall", scores.overall).name.capitalize())
        for aspect in ASPECTS:
            self._show_aspect(aspect, scores)
        self._trust.setText(assessment.text_match.message or assessment.confidence.message)
        self._trust.setVisible(bool(self._trust.text()))
        self._show_words(self.words_button.isChecked())

    def _show_aspect(self, aspect: str, scores: Scores) -> None:
        score: float | None = getattr(scores, aspect)
        shown = self._aspects[aspect]
        shown.setText(f"{aspect.capitalize()} {'–' if score is None else f'{score:.0f}'}")
        shown.setToolTip("Not scored" if score is None else band(aspect, score).name.capitalize())

    def _show_words(self, is_wanted: bool) -> None:
        if is_wanted and self._assessment is not None:
            self.words.show_words(self._assessment, self._alphabet)
        self.words.setVisible(is_wanted)
