"""The rows of the page of weak sounds: a sound and why it is practised, a text with its letters marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.library.progress_words import phone_words
from app.library.weak_words import GOOD_FROM, HARD_FROM, due_words, mastery_words, slashed, times
from app.windows.flow import SPACE, FlowLayout, IconButton, label
from app.windows.marks import symbol
from app.windows.theme import ipa_font
from app.windows.tokens import Tokens
from assessment.errors import ElocuteError
from assessment.tips import phone_tip

if TYPE_CHECKING:
    from app.library.weak_sounds import SessionItem, WeakPhone

_TILE = QSize(56, 64)
_IPA_PIXELS = 26
_BAR = 4
_TEXT_PIXELS = 18
_FIGURE = 24
_PAIR = "\u00a0–\u00a0"


class SoundTile(QWidget):
    """A sound in large letters over a bar that tells how well it is said.

    Parameters
    ----------
    phone : WeakPhone
        The sound.
    alphabet : {"ipa", "arpabet"}
        In which it is written.
    tokens : Tokens
        The colours.
    """

    def __init__(
        self, phone: WeakPhone, alphabet: str, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._phone, self._tokens = phone, tokens
        self._symbol = symbol(phone.phone, alphabet)
        self.setFixedSize(_TILE)
        told = f"{mastery_words(phone.mean).capitalize()}: about {phone.mean:.0f} of 100"
        self.setToolTip(f"{told}. You said it {times(phone.said)}.")
        self.setAccessibleName(f"{self._symbol}. {told}")

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    @property
    def _colour(self) -> QColor:
        tokens, mean = self._tokens, self._phone.mean
        return QColor(
            tokens.wrong if mean < HARD_FROM else tokens.nearly if mean < GOOD_FROM else tokens.good
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tile."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(self._tokens.line), 1.0))
        painter.setBrush(QColor(self._tokens.surface))
        painter.drawRoundedRect(frame, 8, 8)
        painter.setPen(QColor(self._tokens.text))
        painter.setFont(ipa_font(_IPA_PIXELS))
        letters = frame.adjusted(0, 2, 0, -SPACE * 2)
        painter.drawText(letters, Qt.AlignmentFlag.AlignCenter, self._symbol)
        self._paint_bar(painter)

    def _paint_bar(self, painter: QPainter) -> None:
        width = self.width() - 2 * SPACE
        top = self.height() - SPACE - _BAR
        painter.setPen(QPen(QColor(self._tokens.quiet), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(SPACE + 0.5, top - 0.5, width - 1, _BAR + 1))
        painter.fillRect(QRectF(SPACE, top, width * self._phone.mean / 100.0, _BAR), self._colour)


class SoundRow(QWidget):
    """A sound, why it is practised, and what can be done about it.

    Parameters
    ----------
    phone : WeakPhone
        The sound.
    now : datetime
        The present.
    alphabet : {"ipa", "arpabet"}
        In which sounds are written.
    tokens : Tokens
        The colours.

    Signals
    -------
    readings_asked(str)
        The readings in which the phone was wrong are to be shown.
    failed(str)
        Why the tip cannot be shown, for people.
    """

    readings_asked = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        phone: WeakPhone,
        now: datetime,
        alphabet: str,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.phone = phone
        name = phone_words(phone.phone, alphabet)
        due = due_words(phone.due, now, is_due=phone.is_due)
        self._tile = SoundTile(phone, alphabet, tokens)
        self.tip = label("")
        self.tip.hide()
        self.show_tip = IconButton("tip", "Tip", f"What to do with {name}", flat=False)
        self.show_tip.setCheckable(True)
        self.show_readings = IconButton("list", "Where I said it", f"Your readings with {name}", flat=False)
        self.show_tip.toggled.connect(self._toggle_tip)
        self.show_readings.clicked.connect(lambda: self.readings_asked.emit(phone.phone))
        self._lay_out(name, due)
        self.setAccessibleName(f"{name}. {phone.reason} {due.capitalize()}".strip())
        self.set_tokens(tokens)

    def _lay_out(self, name: str, due: str) -> None:
        head = label(f"{name} · {due}" if due else name)
        head.setStyleSheet("font-weight: 600;")
        buttons = QWidget()
        flow = FlowLayout(buttons)
        flow.addWidget(self.show_tip)
        flow.addWidget(self.show_readings)
        column = QVBoxLayout()
        column.setSpacing(SPACE // 2)
        for part in (head, label(self.phone.reason), buttons, self.tip):
            column.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE * 2)
        row.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for part in (self._tile, self.show_tip, self.show_readings):
            part.set_tokens(tokens)

    def _toggle_tip(self, is_wanted: bool) -> None:
        try:
            tip = phone_tip(self.phone.phone, self.phone.heard) if is_wanted else None
        except ElocuteError as problem:
            self.failed.emit(str(problem))
            return
        # A pair stays in one line.
        pair = f" Compare: {_PAIR.join(tip.pair)}." if tip and len(tip.pair) > 1 else ""
        self.tip.setText(f"{tip.instruction}{pair}" if tip else "")
        self.tip.setVisible(tip is not None)


class TextRow(QWidget):
    """A text of the session: its number, its sound, and the text with the letters of the sound marked.

    Parameters
    ----------
    number : int
        Its place in the session, from 1.
    item : SessionItem
        The text.
    alphabet : {"ipa", "arpabet"}
        In which sounds are written.
    tokens : Tokens
        The colours.
    """

    def __init__(
        self, number: int, item: SessionItem, alphabet: str, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._item = item
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setStyleSheet(f"font-size: {_TEXT_PIXELS}px;")
        figure = label(str(number), quiet=True, wraps=False)
        figure.setFixedWidth(_FIGURE)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        sound = label(slashed(item.focus, alphabet), quiet=True, wraps=False)
        sound.setFixedWidth(SPACE * 6)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for part in (figure, sound):
            part.setContentsMargins(0, 3, 0, 0)
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        self.setToolTip(item.why)
        self.text.setAccessibleName(item.text)
        self.text.setAccessibleDescription(item.why)
        self.set_tokens(tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.text.setText(emphasised(self._item.text, self._item.spans, tokens))


def emphasised(text: str, spans: Sequence[tuple[int, int]], tokens: Tokens) -> str:
    """Return a text as rich text, in which some spans are bold, underlined and in the colour of the accent.

    Parameters
    ----------
    text : str
        Any text: nothing in it is taken for mark-up.
    spans : sequence of (int, int)
        What stands out, [start, end).
    tokens : Tokens
        The colours.
    """
    parts, at = [], 0
    for start, end in sorted(spans):
        if start < at:
            continue
        parts.append(_plain(text[at:start]))
        parts.append(f'<b style="color: {tokens.accent}"><u>{_plain(text[start:end])}</u></b>')
        at = end
    return "".join([*parts, _plain(text[at:])])


def _plain(text: str) -> str:
    return escape(text).replace("\n", "<br>")
