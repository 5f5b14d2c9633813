"""The level of the microphone as a bar, with its peak held, and in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.windows.tokens import LIGHT, Tokens

_QUIETEST = -60.0
_TOO_LOUD = -3.0


class LevelBar(QWidget):
    """Shows a level in dBFS between -60 and 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = self._peak = _QUIETEST
        self._is_on = False
        self._tokens = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Microphone level")

    def sizeHint(self) -> QSize:
        """Ask for a slim bar."""
        return QSize(160, 12)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    @property
    def is_on(self) -> bool:
        """Whether a microphone is heard."""
        return self._is_on

    def set_level(self, level: float, peak: float) -> None:
        """Show a level and the peak that is held, in dBFS."""
        self._level, self._peak, self._is_on = level, peak, True
        self.update()

    def switch_off(self) -> None:
        """Show that there is no microphone."""
        self._is_on = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(self._tokens.quiet), 1.0))
        painter.drawRoundedRect(box, 4, 4)
        if not self._is_on:
            return
        inner = box.adjusted(2, 2, -2, -2)
        is_loud = self._peak > _TOO_LOUD
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.wrong if is_loud else self._tokens.good))
        filled = QRectF(inner)
        filled.setWidth(inner.width() * _share(self._level))
        painter.drawRoundedRect(filled, 2, 2)
        painter.setPen(QPen(QColor(self._tokens.text), 1.5))
        x = inner.left() + inner.width() * _share(self._peak)
        painter.drawLine(round(x), round(inner.top()), round(x), round(inner.bottom()))


def _share(level: float) -> float:
    return min(max((level - _QUIETEST) / -_QUIETEST, 0.0), 1.0)
