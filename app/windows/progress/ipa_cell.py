"""One phone on the IPA chart: a cell that fills from below as it is mastered."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.library.progress import PhoneMastery
from app.library.progress_words import hundredths, mastery_words
from app.windows.progress.ipa_places import letters
from app.windows.theme import ipa_font
from app.windows.tokens import LIGHT, Tokens

# Below this mastery a phone is worth practising.
WEAK = 0.6
_RADIUS = 6.0
_TINT = 64
_HATCH = 6.0
_LEVEL = 0.2
_UNDERLINE = 7.0
_NUMBER, _LEAST_LETTERS, _MOST_LETTERS = 11, 17, 24
_WALKS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)


@cache
def _font(pixels: int) -> QFont:
    """Return a font of the letters; to look for it for every cell that is drawn takes too long."""
    return ipa_font(pixels)


class PhoneCell(QAbstractButton):
    """A phone with its mastery; a click asks more about it.

    Parameters
    ----------
    phone : str
        ARPAbet without stress.

    Signals
    -------
    walked(int)
        A key was pressed that goes to another cell.
    looked_at(bool)
        The mouse or the keys came here, or left.
    """

    walked = Signal(int)
    looked_at = Signal(bool)

    def __init__(self, phone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phone = phone
        self._mastery: PhoneMastery | None = None
        self._alphabet = "ipa"
        self._tokens = LIGHT
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._tell()

    @property
    def words(self) -> str:
        """How well the phone is said."""
        return mastery_words(self.phone, self._mastery, self._alphabet)

    @property
    def mastery(self) -> float | None:
        """From 0 to 1; None if too little is known."""
        return None if self._mastery is None else self._mastery.mastery

    def set_mastery(self, mastery: PhoneMastery | None, alphabet: str) -> None:
        """Show how well the phone is said; None if it never was."""
        self._mastery, self._alphabet = mastery, alphabet
        self._tell()
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def _tell(self) -> None:
        self.setAccessibleName(self.words)
        self.setAccessibleDescription("Shows the readings in which it went wrong")

    # --- mouse and keys ---------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, ask with Enter."""
        if event.key() in _WALKS:
            self.walked.emit(event.key())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Say that the mouse is here."""
        super().enterEvent(event)
        self.looked_at.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the mouse is gone."""
        super().leaveEvent(event)
        self.looked_at.emit(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that keys come here."""
        super().focusInEvent(event)
        self.looked_at.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that keys go elsewhere."""
        super().focusOutEvent(event)
        self.looked_at.emit(False)

    # --- looks ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cell."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.0, 1.0, -1.0, -1.0)
        shape = QPainterPath()
        shape.addRoundedRect(box, _RADIUS, _RADIUS)
        painter.fillPath(shape, QColor(self._tokens.surface))
        painter.save()
        painter.setClipPath(shape)
        if self.mastery is None:
            self._paint_hatching(painter, box)
        else:
            self._paint_fill(painter, box, self.mastery)
        painter.restore()
        self._paint_border(painter, box)
        self._paint_letters(painter, box)

    def _paint_hatching(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(QColor(self._tokens.line), 1.0))
        x = box.left() - box.height()
        while x < box.right():
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
            x += _HATCH

    def _paint_fill(self, painter: QPainter, box: QRectF, mastery: float) -> None:
        colour = QColor(self._tokens.nearly if mastery < WEAK else self._tokens.accent)
        top = box.bottom() - mastery * box.height()
        tint = QColor(colour)
        tint.setAlpha(_TINT)
        painter.fillRect(QRectF(box.left(), top, box.width(), box.bottom() - top), tint)
        painter.setPen(QPen(colour, 2.0))
        # At the sides only: a line through a letter would look like another letter.
        side = box.width() * _LEVEL
        for left in (box.left(), box.right() - side):
            painter.drawLine(QPointF(left, top), QPointF(left + side, top))

    def _paint_border(self, painter: QPainter, box: QRectF) -> None:
        tokens, is_asked = self._tokens, self.hasFocus() or self.underMouse()
        pen = QPen(QColor(tokens.accent if is_asked else tokens.quiet), 2.0 if self.hasFocus() else 1.0)
        if self.mastery is None and not is_asked:
            pen.setDashPattern([3.0, 3.0])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)

    def _paint_letters(self, painter: QPainter, box: QRectF) -> None:
        """Write the symbol, the line under a weak one, and the number while it is looked at."""
        tokens, mastery = self._tokens, self.mastery
        shown = letters(self.phone, self._alphabet)
        pixels = min(max(int(box.width() * 0.5), _LEAST_LETTERS), _MOST_LETTERS)
        font = _font(pixels if len(shown) < 3 else int(pixels * 0.8))
        painter.setFont(font)
        painter.setPen(QColor(tokens.quiet if mastery is None else tokens.text))
        upper = QRectF(box.left(), box.top(), box.width(), box.height() - _NUMBER)
        if mastery is None:
            ground = painter.boundingRect(upper, Qt.AlignmentFlag.AlignCenter, shown)
            painter.fillRect(ground.adjusted(-2.0, 0.0, 2.0, 0.0), QColor(tokens.surface))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, shown)
        if mastery is None:
            return
        lower = QRectF(box.left(), box.bottom() - _NUMBER - 5.0, box.width(), _NUMBER + 3.0)
        if self.hasFocus() or self.underMouse():
            painter.setFont(_font(_NUMBER))
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, f"{hundredths(mastery)}")
        elif mastery < WEAK:
            painter.setPen(QPen(QColor(tokens.nearly), 2.0))
            middle, half, y = box.center().x(), min(_UNDERLINE, box.width() * 0.2), lower.top() + 3.0
            painter.drawLine(QPointF(middle - half, y), QPointF(middle + half, y))
