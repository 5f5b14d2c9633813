"""Everything below the text once it was read: scores, what to work on, the sound, all words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from app.settings import Settings
from app.windows.flow import SPACE, IconButton, label
from app.windows.problems import ProblemsPanel
from app.windows.scores import ScoresPanel
from app.windows.text_view import PAGE_WIDTH
from app.windows.tokens import LIGHT, Tokens
from app.windows.words_table import WordsTable
from assessment.results import Assessment

if TYPE_CHECKING:
    from app.windows.sound.panel import SoundPanel


_SOUND_HEIGHT = 480
# What can be switched off, by the names of the settings.
MARKS = {
    "show_mispronounced": "Mispronounced",
    "show_left_out": "Left out",
    "show_added": "Added and said again",
    "show_pauses": "Pauses",
}


class ResultView(QWidget):
    """Shows an assessment.

    Signals
    -------
    sound_asked()
        The sound panel was opened and needs its data.
    word_asked(int)
        A word is to be shown in the text.
    span_asked(float, float)
        The recording is to be heard between two times in seconds.
    marking_changed(str, bool)
        A kind of marks, by the name of its setting, is to be shown or not.
    """

    sound_asked = Signal()
    word_asked = Signal(int)
    span_asked = Signal(float, float)
    marking_changed = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._alphabet = "ipa"
        self._left = SPACE * 3
        self.said = label("")
        self.scores = ScoresPanel()
        self.problems = ProblemsPanel()
        self.notices = label("", quiet=True)
        self.sound_button = IconButton("wave", "Sound", "See the sound: waveform, pitch, loudness (D)")
        self.words_button = IconButton("list", "All words", "Every word with its numbers (W)")
        self.marks_button = IconButton("check", "Marks", "Which marks are shown on the text")
        self.mark_actions: dict[str, QAction] = {}
        self.words = WordsTable()
        self.sound: SoundPanel | None = None
        self._build()

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for button in (self.sound_button, self.words_button):
            button.setCheckable(True)
            buttons.addWidget(button)
        buttons.addWidget(self._marks_button())
        buttons.addStretch(1)
        self._page = QVBoxLayout(self)
        self._page.setSpacing(SPACE * 3)
        for part in (self.said, self.scores, self.problems, self.notices):
            self._page.addWidget(part)
        self._page.addLayout(buttons)
        self._page.addWidget(self.words)
        self._page.addStretch(1)
        self.words.hide()
        self.words_button.toggled.connect(self.words.setVisible)
        self.sound_button.toggled.connect(self._show_sound)
        self.words.word_chosen.connect(self.word_asked)

    def _marks_button(self) -> QPushButton:
        menu = QMenu(self)
        for name, title in MARKS.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.triggered.connect(lambda on, name=name: self.marking_changed.emit(name, on))
            self.mark_actions[name] = action
        self.marks_button.setMenu(menu)
        return self.marks_button

    def set_left(self, left: int) -> None:
        """Begin at the same place as the text; be no wider than can be read well."""
        self._left = left
        right = max(SPACE * 3, self.width() - left - PAGE_WIDTH)
        self._page.setContentsMargins(left, SPACE, right, SPACE * 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the width of the column."""
        self.set_left(self._left)
        super().resizeEvent(event)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for part in (self.scores, self.problems, self.sound_button, self.words_button, self.marks_button):
            part.set_tokens(tokens)
        if self.sound is not None:
            self.sound.set_tokens(tokens)

    def show_assessment(self, assessment: Assessment, settings: Settings, before: float | None) -> None:
        """Show an assessment.

        Parameters
        ----------
        assessment : Assessment
            The result.
        settings : Settings
            How phones are written, and whether the sound is shown.
        before : float or None
            Overall score of the attempt before, to compare with.
        """
        self._alphabet = settings.marking.alphabet
        for name, action in self.mark_actions.items():
            action.setChecked(getattr(settings.marking, name))
        self.said.setText(assessment.text_match.message)
        self.said.setVisible(bool(assessment.text_match.reason))
        self.scores.show_scores(assessment, before)
        self.problems.show_problems(assessment)
        self.notices.setText("\n".join(notice.message for notice in assessment.notices))
        self.notices.setVisible(bool(assessment.notices))
        self.words.show_words(assessment, self._alphabet)
        if self.sound is not None:
            self.sound.set_data(None)
        if self.sound_button.isChecked():
            self.sound_asked.emit()

    def _show_sound(self, is_wanted: bool) -> None:
        if self.sound is not None:
            self.sound.setVisible(is_wanted)
        if is_wanted:
            self.sound_asked.emit()

    def sound_panel(self) -> SoundPanel:
        """Return the sound panel, which is made the first time; its module should be imported by then."""
        if self.sound is None:
            from app.windows.sound.panel import SoundPanel

            self.sound = SoundPanel()
            self.sound.set_tokens(self._tokens)
            self.sound.setMinimumHeight(_SOUND_HEIGHT)
            self.sound.play_asked.connect(self.span_asked)
            self.sound.word_chosen.connect(self.word_asked)
            self._page.insertWidget(self._page.indexOf(self.words), self.sound)
        self.sound.set_alphabet(self._alphabet)
        self.sound.setVisible(self.sound_button.isChecked())
        return self.sound
