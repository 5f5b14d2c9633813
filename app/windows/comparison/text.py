"""One of two texts that are compared: marked as on the practice page, with signs above what differs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.library.comparison import Change
from app.windows.comparison.signs import draw_sign
from app.windows.flow import SPACE, IconButton, label
from app.windows.text_view import PAGE_WIDTH, TextView
from app.windows.tokens import LIGHT, Tokens

# Of the size of the letters.
_SIGN = 0.26
_ABOVE = 0.1
_LEAST_HEIGHT = 128
NO_RECORDING = "The recording of this reading is not kept any more."


class ComparedText(TextView):
    """Shows how a text was read, with signs above the words that differ."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes: Mapping[int, Change] = {}

    def set_changes(self, changes: Mapping[int, Change]) -> None:
        """Take what differs, by the indexes of the words."""
        self._changes = changes
        self.update()

    def leave_word(self) -> None:
        """Have no current word: the one that was gone to in the other text is not in this one."""
        self.current = -1
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, then the signs of the words that are seen."""
        super().paintEvent(event)
        if self.assessment is None or not self._changes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in self._seen(QRectF(event.rect())):
            change = self._changes.get(index)
            # What was said beside the text bears a sign already, in the same place.
            if change is not None and not self.assessment.words[index].is_extra:
                draw_sign(painter, self._place(self.word_box(index)), change, self.tokens)
        painter.end()

    def _seen(self, clip: QRectF) -> range:
        """Return the words on the lines that meet a rectangle; only a few are asked where they are."""
        assert self.assessment is not None
        words = range(len(self.assessment.words))
        first = bisect_left(words, clip.top(), key=lambda index: self.word_box(index).bottom())
        last = bisect_left(words, clip.bottom(), key=lambda index: self.word_box(index).top())
        return range(first, last)

    def _place(self, word: QRectF) -> QRectF:
        side = _SIGN * self.pixels
        return QRectF(word.center().x() - side / 2, word.top() + _ABOVE * self.pixels - side / 2, side, side)


class TextPane(QWidget):
    """Shows one of the readings: when it was, its text, and buttons to hear and to open it.

    Parameters
    ----------
    number : {1, 2}
        The key that plays it.

    Signals
    -------
    play_asked()
        It is to be heard, or to be silent.
    open_asked()
        It is to be opened.
    """

    play_asked = Signal()
    open_asked = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._tokens = LIGHT
        self.text = ComparedText()
        self.title = label("", heading=True, wraps=False)
        self.play = IconButton("play", f"Play ({number})", "")
        self.open = IconButton("open", "Open", "See this reading as it was scored")
        self._scroll = QScrollArea()
        self._head = QHBoxLayout()
        self._build()

    def _build(self) -> None:
        self._head.setSpacing(SPACE)
        self._head.addWidget(self.title, 1)
        for button in (self.play, self.open):
            self._head.addWidget(button)
        self._scroll.setWidget(self.text)
        self._scroll.setWidgetResizable(True)
        # How much room a text gets does not depend on its length, or a long one would take all.
        self._scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(self._head)
        page.addWidget(self._scroll, 1)
        self.play.clicked.connect(self.play_asked)
        self.open.clicked.connect(self.open_asked)
        self.text.laid_out.connect(self._fit)

    def _fit(self) -> None:
        """Be no higher than the text, and begin where it begins."""
        left = self.text.left
        self._head.setContentsMargins(left, 0, max(SPACE * 3, self.width() - left - PAGE_WIDTH), 0)
        self._scroll.setMinimumHeight(min(_LEAST_HEIGHT, self.text.height()))
        self._scroll.setMaximumHeight(self.text.height())

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for part in (self.text, self.play, self.open):
            part.set_tokens(tokens)

    def show_reading(self, title: str, *, can_play: bool) -> None:
        """Say which reading it is, and whether there is anything to hear."""
        self.title.setText(title)
        self.text.setAccessibleName(title)
        self.play.setEnabled(can_play)
        hint = f"Hear this reading, or stop it ({self._number})" if can_play else NO_RECORDING
        self.play.setToolTip(hint)
        self.play.setAccessibleDescription(hint)

    def show_playing(self, is_playing: bool) -> None:
        """Say what the button does that plays."""
        self.play.setText(f"{'Stop' if is_playing else 'Play'} ({self._number})")
        self.play.set_icon("stop" if is_playing else "play", self._tokens)

    def reveal_word(self, index: int) -> None:
        """Scroll so that a word is seen."""
        box = self.text.word_box(index).toRect()
        self._scroll.ensureVisible(box.center().x(), box.center().y(), 0, box.height())
