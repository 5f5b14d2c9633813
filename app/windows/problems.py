"""What to work on: at most three things, each with what to hear, see and do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.windows.flow import SPACE, FlowLayout, IconButton, clear, label
from app.windows.tokens import LIGHT, Tokens
from assessment.bands import BANDS
from assessment.results import Assessment, Problem

# Overall scores from here on are praised if nothing stands out.
_GOOD = BANDS["overall"][1].lower


class ProblemsPanel(QWidget):
    """Shows the problems of an assessment.

    Signals
    -------
    play_asked(int, str)
        A word of the assessment is to be heard: "mine" or "model".
    word_asked(int)
        A word is to be shown in the text.
    mouth_asked(str, str)
        The mouth is to be shown: phone expected, phone heard ("" if that is not clear).
    practice_asked(object)
        Words (a tuple of str) are to be practised by themselves.
    """

    play_asked = Signal(int, str)
    word_asked = Signal(int)
    mouth_asked = Signal(str, str)
    practice_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._buttons: list[IconButton] = []
        self._heading = label("What to work on", heading=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE * 2)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addWidget(self._heading)
        page.addLayout(self._rows)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in self._buttons:
            button.set_tokens(tokens)

    def show_problems(self, assessment: Assessment) -> None:
        """Show what to work on after a reading."""
        clear(self._rows)
        self._buttons = []
        is_good = assessment.scores.overall >= _GOOD
        self._heading.setText("What to work on" if assessment.problems else "Well read" if is_good else "")
        self._heading.setVisible(bool(self._heading.text()))
        if not assessment.problems and is_good:
            self._rows.addWidget(label("Nothing stands out to work on. Go on with the next text."))
        for number, problem in enumerate(assessment.problems, start=1):
            self._rows.addLayout(self._row(number, problem, assessment))

    def _row(self, number: int, problem: Problem, assessment: Assessment) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE * 2)
        column = QVBoxLayout()
        column.setSpacing(SPACE // 2)
        message = label(problem.message)
        message.setStyleSheet("font-weight: 600;")
        column.addWidget(message)
        column.addWidget(label(problem.tip))
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in self._buttons_of(problem, assessment):
            flow.addWidget(button)
        if flow.count():
            column.addWidget(buttons)
        figure = label(str(number), heading=True, wraps=False)
        figure.setFixedWidth(16)
        row.addWidget(figure, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        return row

    def _buttons_of(self, problem: Problem, assessment: Assessment) -> list[IconButton]:
        found: list[IconButton] = []
        if problem.words:
            first = problem.words[0]
            word = assessment.words[first]
            if word.end > word.start:
                found.append(self._button("play", "Mine", "Hear how you said it"))
                found[-1].clicked.connect(lambda: self.play_asked.emit(first, "mine"))
            if not word.is_extra:
                found.append(self._button("listen", "Model", "Hear how it should sound"))
                found[-1].clicked.connect(lambda: self.play_asked.emit(first, "model"))
            found.append(self._button("text", "In the text", "Show the word in the text"))
            found[-1].clicked.connect(lambda: self.word_asked.emit(first))
        if problem.kind == "phone":
            found.append(self._button("mouth", "Mouth", "See what the mouth does"))
            found[-1].clicked.connect(lambda: self.mouth_asked.emit(problem.expected, problem.heard))
        words = practice(problem, assessment)
        if words:
            shown = " – ".join(words)
            found.append(self._button("repeat", f"Practise {shown}", "Read these words three times"))
            found[-1].clicked.connect(lambda: self.practice_asked.emit(words))
        return found

    def _button(self, name: str, text: str, hint: str) -> IconButton:
        button = IconButton(name, text, hint, flat=False)
        button.set_tokens(self._tokens)
        self._buttons.append(button)
        return button


def practice(problem: Problem, assessment: Assessment) -> tuple[str, ...]:
    """Return the words to practise after a problem: its minimal pair, or the word itself."""
    if problem.pair:
        return problem.pair
    if problem.kind not in ("phone", "word", "stress") or not problem.words:
        return ()
    return (assessment.words[problem.words[0]].spoken,)
