"""The detail of a word, in place below its line: its phones, what was heard, what to do, how it sounds."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.windows.flow import SPACE, FlowLayout, IconButton, clear, label
from app.windows.marks import described, transcription
from app.windows.phone_tile import PhoneTile
from app.windows.theme import ipa_font
from app.windows.tokens import LIGHT, Tokens
from assessment.bands import band
from assessment.phones import base
from assessment.results import Assessment, Phone, Verdict, Word
from assessment.tips import phone_tip

_RAISED = 8


class WordDetail(QFrame):
    """Shows one word of an assessment.

    Signals
    -------
    play_asked(str)
        "mine", "model" or "both" is to be heard.
    phone_chosen(object)
        A `Phone` was chosen, for the drawing of the mouth.
    closed()
        It is to be closed.
    """

    play_asked = Signal(str)
    phone_chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detail")
        self._tokens = LIGHT
        self._alphabet = "ipa"
        self._word: Word | None = None
        self.tiles: list[PhoneTile] = []
        self._heading = label("", heading=True, wraps=False)
        self._said = label("", quiet=True)
        self._told = label("")
        self._tip = label("")
        self._mine = IconButton("play", "Mine", "Hear how you said it (Enter)")
        self._model = IconButton("listen", "Model", "Hear how it should sound (Shift+Enter)")
        self._both = IconButton("both", "Both", "Hear yours, then the model (B)")
        self._mouth = IconButton("mouth", "Mouth", "See what the mouth does (M)")
        self._close = IconButton("close", "", "Close the detail (Esc)")
        self._build()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        top.addWidget(self._heading)
        top.addWidget(self._said, 1)
        for button in (self._mine, self._model, self._both, self._mouth, self._close):
            top.addWidget(button)
        self._phones = QWidget()
        self._flow = FlowLayout(self._phones, SPACE * 2)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE)
        page.addLayout(top)
        page.addWidget(self._phones)
        page.addWidget(self._told)
        page.addWidget(self._tip)
        self._mine.clicked.connect(lambda: self.play_asked.emit("mine"))
        self._model.clicked.connect(lambda: self.play_asked.emit("model"))
        self._both.clicked.connect(lambda: self.play_asked.emit("both"))
        self._mouth.clicked.connect(self.choose_worst)
        self._close.clicked.connect(self.closed)
        self.set_tokens(self._tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for button in (self._mine, self._model, self._both, self._mouth, self._close):
            button.set_tokens(tokens)
        for tile in self.tiles:
            tile.set_tokens(tokens)

    def show_word(self, assessment: Assessment, index: int, alphabet: str) -> None:
        """Show a word.

        Parameters
        ----------
        assessment : Assessment
            The result.
        index : int
            Of the word.
        alphabet : {"ipa", "arpabet"}
            In which phones are written.
        """
        word = assessment.words[index]
        self._word, self._alphabet = word, alphabet
        self._heading.setText(word.text)
        self._said.setFont(ipa_font(16))
        self._said.setText(self._line(word))
        told = described(assessment, index, alphabet)
        self._told.setText(told.partition(". ")[2] if word.phones else told)
        self._told.setVisible(bool(self._told.text()))
        self._tip.setText(_tip(word))
        self._tip.setVisible(bool(self._tip.text()))
        self._mine.setVisible(word.end > word.start)
        self._model.setVisible(not word.is_extra)
        self._both.setVisible(bool(word.phones))
        self._mouth.setVisible(bool(word.phones))
        self._show_phones(word)
        self.setAccessibleName(f"Detail of “{word.text}”")
        self.setAccessibleDescription(told)

    def _line(self, word: Word) -> str:
        if not word.phones:
            return ""
        spoken = "" if word.spoken == word.text.casefold() else f"“{word.spoken}” "
        expected = spoken + transcription(word, self._alphabet)
        return f"{expected}   {word.accuracy:.0f} · {band('word', word.accuracy).name}"

    def _show_phones(self, word: Word) -> None:
        clear(self._flow)
        self.tiles = []
        place = word.lexical_stress
        expected = place.expected if place is not None else -1
        for number, syllable in enumerate(word.syllables):
            group = QWidget()
            row = QHBoxLayout(group)
            row.setSpacing(SPACE // 2)
            # The stressed syllable stands higher.
            raised = number == expected
            row.setContentsMargins(0, 0 if raised else _RAISED, 0, _RAISED if raised else 0)
            for tile in self._tiles_of(syllable.phones):
                row.addWidget(tile)
            self._flow.addWidget(group)
            # Not only when events are handled next: the height is asked for before.
            group.show()
        self._phones.setVisible(bool(word.phones))

    def _tiles_of(self, phones: tuple[Phone, ...]) -> Iterator[PhoneTile]:
        for phone in phones:
            tile = PhoneTile(phone, self._alphabet, self._tokens)
            tile.clicked.connect(lambda _=False, chosen=phone: self.choose(chosen))
            self.tiles.append(tile)
            yield tile

    def choose(self, phone: Phone) -> None:
        """Show the tip of a phone, and tell that it was chosen."""
        for tile in self.tiles:
            tile.setChecked(tile.phone is phone)
        heard = phone.heard_instead
        self._tip.setText(phone_tip(base(phone.symbol), heard).instruction)
        self._tip.setVisible(True)
        self.phone_chosen.emit(phone)

    def choose_worst(self) -> None:
        """Choose the phone that was said worst."""
        if self._word is not None and self._word.phones:
            self.choose(min(self._word.phones, key=lambda phone: phone.score))

    def show_mouth(self, mouth: QWidget) -> None:
        """Show a drawing of the mouth, which bears the tip, below the rest."""
        layout = self.layout()
        assert layout is not None
        if layout.indexOf(mouth) < 0:
            layout.addWidget(mouth)
        self._tip.hide()
        mouth.show()

    def heightForWidth(self, width: int) -> int:
        """Return the height that a width needs."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            event.ignore()


def _tip(word: Word) -> str:
    """Return what to do about the phone that is worst, if one is not right."""
    wrong = [phone for phone in word.phones if phone.verdict is not Verdict.RIGHT]
    if not wrong:
        return ""
    worst = min(wrong, key=lambda phone: phone.score)
    return phone_tip(base(worst.symbol), worst.heard_instead).instruction
