"""A word under review, in place below its line: its phones, and what machine and teacher gave."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.windows.flow import SPACE, FlowLayout, IconButton, clear, label
from app.windows.marks import described, transcription
from app.windows.phone_tile import PhoneTile
from app.windows.review.marks_bar import MarksBar
from app.windows.theme import ipa_font
from app.windows.tokens import LIGHT, Tokens
from assessment.results import Assessment, Word

_SMALL_PIXELS = 12
# With less room, buttons bear no names.
_WIDE = 800
EXTRA = "This was said beside the text: it has no score to mark. You can comment on it (C)."


class WordPanel(QFrame):
    """Shows one word of a reading under review.

    Attributes
    ----------
    tiles : list of PhoneTile
        Of its phones.
    marks : MarksBar
        What was given to the word, or to the phone that was gone into.

    Signals
    -------
    play_asked(str)
        "mine" (the learner's) or "model" is to be heard.
    phone_asked(int)
        A phone was clicked.
    comment_asked(), renderings_asked(), closed()
        As named.
    """

    play_asked = Signal(str)
    phone_asked = Signal(int)
    comment_asked = Signal()
    renderings_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detail")
        self._tokens = LIGHT
        self._word: Word | None = None
        self.tiles: list[PhoneTile] = []
        self._heading = label("", heading=True, wraps=False)
        self._said = label("", quiet=True, wraps=False)
        self.marks = MarksBar("", can_be_left_out=True)
        self._told = label("", quiet=True)
        self._mine = IconButton("play", "Word", "Hear the word as it was read (Enter)")
        self._model = IconButton("listen", "Model", "Hear how it should sound (Shift+Enter)")
        self.all = IconButton("people", "All", "Hear everybody say this word (A)")
        self._comment = IconButton("comment", "", "Comment on this word (C)")
        self._close = IconButton("close", "", "Close the word (Esc)")
        self._phones = QWidget()
        self._build()
        self._connect()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACE // 2)
        top.addWidget(self._heading)
        top.addSpacing(SPACE)
        top.addWidget(self._said, 1)
        for button in self._buttons:
            # The keys are for the page: a button that was clicked must not take them.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            top.addWidget(button)
        self._flow = FlowLayout(self._phones, SPACE)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE)
        page.addLayout(top)
        for part in (self._told, self._phones, self.marks):
            page.addWidget(part)

    @property
    def _buttons(self) -> tuple[IconButton, ...]:
        return self._mine, self._model, self.all, self._comment, self._close

    def _connect(self) -> None:
        self._mine.clicked.connect(lambda: self.play_asked.emit("mine"))
        self._model.clicked.connect(lambda: self.play_asked.emit("model"))
        self.all.clicked.connect(self.renderings_asked)
        self._comment.clicked.connect(self.comment_asked)
        self._close.clicked.connect(self.closed)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.marks.set_tokens(tokens)
        for button in self._buttons:
            button.set_tokens(tokens)
        for tile in self.tiles:
            tile.set_tokens(tokens)

    # --- what is shown ----------------------------------------------------------------------

    def show_word(
        self, assessment: Assessment, index: int, alphabet: str, machine: Mapping[int, float]
    ) -> None:
        """Show a word.

        Parameters
        ----------
        assessment : Assessment
            With the teacher's marks.
        index : int
            Of the word.
        alphabet : {"ipa", "arpabet"}
            In which phones are written.
        machine : mapping of int to float
            Of the phones that were marked, what the machine gave.
        """
        word = assessment.words[index]
        self._word = word
        self._heading.setText(word.text)
        self._said.setFont(ipa_font(16))
        self._said.setText(_transcription(word, alphabet))
        told = EXTRA if word.is_extra else described(assessment, index, alphabet).partition(". ")[2]
        self._told.setText(told)
        self._told.setVisible(bool(told))
        self._mine.setVisible(word.end > word.start)
        for each in (self._model, self.all, self.marks):
            each.setVisible(not word.is_extra)
        self._show_phones(word, alphabet, machine)
        self.setAccessibleName(f"Word “{word.text}”")

    def show_phone(self, phone: int | None) -> None:
        """Show which phone was gone into; None for none."""
        for number, tile in enumerate(self.tiles):
            tile.setChecked(number == phone)

    def _show_phones(self, word: Word, alphabet: str, machine: Mapping[int, float]) -> None:
        clear(self._flow)
        self.tiles = []
        for number, phone in enumerate(word.phones):
            tile = PhoneTile(phone, alphabet, self._tokens)
            tile.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tile.clicked.connect(lambda _=False, number=number: self.phone_asked.emit(number))
            self.tiles.append(tile)
            group = _below(tile, f"was {machine[number]:.0f}" if number in machine else "")
            self._flow.addWidget(group)
            # Not only when events are handled next: the height is asked for before.
            group.show()
        self._phones.setVisible(bool(word.phones))

    def heightForWidth(self, width: int) -> int:
        """Return the height that a width needs."""
        layout, is_compact = self.layout(), width < _WIDE
        self.marks.set_compact(is_compact)
        for button, name in ((self._mine, "Word"), (self._model, "Model"), (self.all, "All")):
            button.setText("" if is_compact else name)
        return layout.totalHeightForWidth(width) if layout is not None else -1


def _transcription(word: Word, alphabet: str) -> str:
    if not word.phones:
        return ""
    spoken = "" if word.spoken == word.text.casefold() else f"“{word.spoken}” "
    return spoken + transcription(word, alphabet)


def _below(tile: PhoneTile, told: str) -> QWidget:
    """Return a phone with what the machine gave below it."""
    group = QWidget()
    column = QVBoxLayout(group)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(tile, 0, Qt.AlignmentFlag.AlignHCenter)
    small = label(told, quiet=True, wraps=False)
    small.setStyleSheet(f"font-size: {_SMALL_PIXELS}px;")
    column.addWidget(small, 0, Qt.AlignmentFlag.AlignHCenter)
    return group
