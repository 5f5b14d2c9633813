"""The icons: our own line drawings, in any colour and size."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from assessment.resources import resource


@cache
def _drawing(name: str, colour: str) -> QSvgRenderer:
    svg = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(svg.encode()))


class _LineIcon(QIconEngine):
    """Draws an icon at any size, so that it is sharp on any screen."""

    def __init__(self, name: str, colour: str, disabled: str) -> None:
        super().__init__()
        self._name, self._colour, self._disabled = name, colour, disabled

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw it."""
        colour = self._disabled if mode is QIcon.Mode.Disabled else self._colour
        _drawing(self._name, colour).render(painter, QRectF(rect))  # type: ignore[call-overload]

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return it as a picture."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, picture.rect(), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Return another one of the same."""
        return _LineIcon(self._name, self._colour, self._disabled)


def icon(name: str, colour: str, disabled: str | None = None) -> QIcon:
    """Return an icon.

    Parameters
    ----------
    name : str
        Of a file in ``resources/icons``.
    colour, disabled : str
        ``#RRGGBB``: of the lines, and where the button cannot be used.

    Raises
    ------
    ElocuteError
        If there is no such icon.
    """
    _drawing(name, colour)
    return QIcon(_LineIcon(name, colour, disabled or colour))
