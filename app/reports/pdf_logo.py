"""Reads the logo of a school and draws it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.reports.errors import ReportError

# Sharp at the size of a logo at the head of a page, and no larger than that needs.
_MOST_PIXELS = 1000


class Logo:
    """A picture at the head of a page.

    Parameters
    ----------
    path : Path
        A PNG, JPEG or SVG file.

    Raises
    ------
    ReportError
        If it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._drawing = QSvgRenderer(str(path)) if path.suffix.lower() == ".svg" else None
        self._image = QImage() if self._drawing is not None else _image(path)
        size = self._drawing.defaultSize() if self._drawing is not None else self._image.size()
        if size.isEmpty():
            raise ReportError(
                f'The logo "{path}" cannot be read as a picture. Choose a PNG, JPEG or SVG file, or none.'
            )
        self._size = QSizeF(size)

    def draw(self, painter: QPainter, area: QRectF, most_width: float) -> float:
        """Draw it at the left edge of an area, as high as that, or less if it became too wide.

        Parameters
        ----------
        painter : QPainter
            Paints on the page.
        area : QRectF
            Where.
        most_width : float
            How wide it may be.

        Returns
        -------
        float
            How wide it is.
        """
        size = self._size.scaled(most_width, area.height(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(area.left(), area.center().y() - size.height() / 2, size.width(), size.height())
        if self._drawing is not None:
            self._drawing.render(painter, place)
        else:
            painter.drawImage(place, self._image)
        return size.width()


def _image(path: Path) -> QImage:
    """Return a picture, turned as its camera says; an empty one if it cannot be read."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    image = reader.read()
    if max(image.width(), image.height()) <= _MOST_PIXELS:
        return image
    return image.scaled(
        _MOST_PIXELS,
        _MOST_PIXELS,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
