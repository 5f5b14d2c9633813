"""A phone as a tile: its symbol large, its score as a bar and a number, what was heard below."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.windows.marks import symbol
from app.windows.theme import ipa_font
from app.windows.tokens import Tokens
from assessment.phones import base
from assessment.results import NO_PHONE, Phone, Verdict

_WIDTH, _HEIGHT = 48, 84
_BAR = 24.0
VERDICTS = {Verdict.RIGHT: "right", Verdict.NEARLY: "nearly right", Verdict.WRONG: "wrong"}


class PhoneTile(QAbstractButton):
    """One phone of a word; a click chooses it.

    Parameters
    ----------
    phone : Phone
        What is shown.
    alphabet : {"ipa", "arpabet"}
        In which it is written.
    tokens : Tokens
        The colours.
    """

    def __init__(self, phone: Phone, alphabet: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phone = phone
        self._tokens = tokens
        self._symbol = symbol(base(phone.symbol), alphabet)
        heard = phone.heard_instead
        self._heard = "" if heard is None else symbol(heard, alphabet)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        told = f"{self._symbol}: {phone.score:.0f} of 100, {VERDICTS[phone.verdict]}"
        if heard is not None:
            told += ", left out" if heard == NO_PHONE else f", heard as {self._heard}"
        self.setAccessibleName(told)
        self.setToolTip(f"{told}. {phone.start:.2f} to {phone.end:.2f} s")

    def sizeHint(self) -> QSize:
        """Return the size of a tile."""
        return QSize(_WIDTH + max(0, len(self._symbol) - 2) * 8, _HEIGHT)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    @property
    def _colour(self) -> QColor:
        tokens = self._tokens
        colours = {Verdict.RIGHT: tokens.good, Verdict.NEARLY: tokens.nearly, Verdict.WRONG: tokens.wrong}
        return QColor(colours[self.phone.verdict])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tile."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_border(painter)
        width = float(self.width())
        painter.setPen(QColor(self._tokens.text))
        painter.setFont(ipa_font(22))
        painter.drawText(QRectF(0, 3, width, 30), Qt.AlignmentFlag.AlignCenter, self._symbol)
        self._paint_score(painter)
        if self._heard:
            painter.setPen(self._colour)
            painter.setFont(ipa_font(13))
            shown = f"→ {self._heard}"
            painter.drawText(QRectF(0, _HEIGHT - 19, width, 16), Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_border(self, painter: QPainter) -> None:
        is_chosen = self.isChecked() or self.hasFocus()
        colour = QColor(self._tokens.accent if is_chosen or self.underMouse() else self._tokens.line)
        painter.setPen(QPen(colour, 2.0 if is_chosen else 1.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)

    def _paint_score(self, painter: QPainter) -> None:
        """Draw the score as the height of a bar and as a number, and the verdict as lines below."""
        left, bottom = self.width() / 2 - 16, 60.0
        painter.setPen(QPen(QColor(self._tokens.quiet), 1.0))
        painter.drawRect(QRectF(left, bottom - _BAR, 7, _BAR))
        high = _BAR * self.phone.score / 100.0
        painter.fillRect(QRectF(left, bottom - high, 7, high), self._colour)
        painter.setPen(QColor(self._tokens.text))
        painter.setFont(ipa_font(13))
        number = QRectF(left + 10, bottom - _BAR, 28, _BAR)
        centred = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(number, centred, f"{self.phone.score:.0f}")
        lines = {Verdict.RIGHT: 0, Verdict.NEARLY: 1, Verdict.WRONG: 2}[self.phone.verdict]
        painter.setPen(QPen(self._colour, 1.5))
        for line in range(lines):
            y = bottom + 3 + 3 * line
            painter.drawLine(QPointF(left, y), QPointF(left + 32, y))
