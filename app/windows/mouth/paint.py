"""Paints the drawings of the mouth in the colours of a theme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from app.windows.mouth.curves import Curve
from app.windows.mouth.front import front_outline
from app.windows.mouth.outline import SideOutline, side_outline
from app.windows.mouth.shape import Articulation
from app.windows.mouth.words import short_notes
from app.windows.tokens import Tokens

_CORNER = 8.0
# The front view beside the side view, in sides of the latter.
_FRONT_SIDE, _FRONT_TOP, _GAP = 0.46, 0.12, 0.02
# Below this many pixels of height there is no room for words.
_LEAST_FOR_NOTES = 120.0
# Pixels between two points of a curve.
_CLOSEST = 2.0
_DASHES = (2.5, 3.0)


@dataclass(frozen=True)
class Still:
    """What one drawing shows.

    Attributes
    ----------
    position : Articulation
        The mouth.
    ghost : Articulation or None
        Another position, whose tongue is a dashed line.
    note : str
        What the dashed line is.
    """

    position: Articulation
    ghost: Articulation | None = None
    note: str = ""


@dataclass(frozen=True)
class Palette:
    """The colours of the parts of the mouth, mixed from those of a theme."""

    air: QColor
    flesh: QColor
    tongue: QColor
    lips: QColor
    teeth: QColor
    inside: QColor
    line: QColor
    words: QColor
    accent: QColor
    stream: QColor

    @classmethod
    def of(cls, tokens: Tokens) -> Palette:
        """Return those of a theme."""
        dark = tokens.is_dark
        surface = QColor(tokens.surface)
        text, red = QColor(tokens.text), QColor(tokens.wrong)
        return cls(
            air=surface,
            flesh=_blend(surface, QColor(tokens.nearly), 0.13),
            tongue=_blend(surface, red, 0.46 if dark else 0.34),
            lips=_blend(surface, red, 0.62 if dark else 0.5),
            teeth=_blend(surface, text, 0.85) if dark else surface,
            inside=_blend(surface, QColor("#000000"), 0.6) if dark else _blend(text, red, 0.3),
            line=_blend(surface, text, 0.9),
            words=QColor(tokens.quiet),
            accent=QColor(tokens.accent),
            stream=QColor(tokens.added),
        )


def _blend(a: QColor, b: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        a.redF() + share * (b.redF() - a.redF()),
        a.greenF() + share * (b.greenF() - a.greenF()),
        a.blueF() + share * (b.blueF() - a.blueF()),
    )


def _faded(colour: QColor, strength: float) -> QColor:
    """Return a colour through which what is below it is seen."""
    result = QColor(colour)
    result.setAlphaF(max(0.0, min(1.0, strength)))
    return result


def paint(painter: QPainter, area: QRectF, still: Still, palette: Palette) -> None:
    """Paint the side and the front of a mouth, as large as they fit at the top of an area."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(area.height(), area.width() / (1.0 + _GAP + _FRONT_SIDE))
    left = area.center().x() - 0.5 * side * (1.0 + _GAP + _FRONT_SIDE)
    top = area.top()
    front = QRectF(
        left + (1.0 + _GAP) * side, top + _FRONT_TOP * side, _FRONT_SIDE * side, _FRONT_SIDE * side
    )
    paint_side(painter, QRectF(left, top, side, side), still, palette)
    paint_front(painter, front, still.position, palette)
    if side >= _LEAST_FOR_NOTES:
        _write_notes(painter, front.bottomLeft() + QPointF(0.0, 0.04 * side), still, palette, side)


def paint_side(painter: QPainter, square: QRectF, still: Still, palette: Palette) -> None:
    """Paint the head cut through its middle."""
    painter.save()
    painter.setClipRect(square)
    pencil = _Pencil(painter, square)
    outline = side_outline(still.position)
    _paint_flesh(pencil, outline, palette)
    if still.ghost is not None:
        ghost = side_outline(still.ghost)
        pencil.draw([ghost.tongue_surface], palette.accent, width=1.3, dashed=True)
    _paint_air(pencil, outline, still.position, palette)
    painter.restore()


def paint_front(painter: QPainter, square: QRectF, position: Articulation, palette: Palette) -> None:
    """Paint the lips from the front."""
    pencil = _Pencil(painter, square)
    outline = front_outline(position)
    face = QPainterPath()
    face.addRoundedRect(square, _CORNER, _CORNER)
    painter.fillPath(face, palette.flesh)
    pencil.draw(outline.creases, _faded(palette.line, 0.35))
    pencil.fill(outline.lips, palette.lips)
    painter.save()
    painter.setClipPath(pencil.path(outline.opening))
    pencil.fill(outline.opening, palette.inside)
    if outline.tongue_before_teeth:
        _paint_teeth(pencil, outline.teeth, palette)
    _paint_shape(pencil, outline.tongue, palette.tongue, palette.line)
    if not outline.tongue_before_teeth:
        _paint_teeth(pencil, outline.teeth, palette)
    painter.restore()
    pencil.draw([outline.opening, outline.lips], palette.line, closed=True)


class _Pencil:
    """Draws curves of the unit square in a square of the painter."""

    def __init__(self, painter: QPainter, square: QRectF) -> None:
        self._painter = painter
        self._corner, self._side = np.array([square.x(), square.y()]), square.width()
        self._width = max(1.1, square.width() / 240.0)
        # By the identity of the curve, which is kept so that no other one gets it.
        self._polygons: dict[int, tuple[Curve, QPolygonF]] = {}

    def path(self, curve: Curve, *, closed: bool = True) -> QPainterPath:
        """Return a curve as a path of the painter."""
        # Most curves are filled, then drawn.
        if id(curve) not in self._polygons:
            points = _thinned(self._corner + self._side * curve)
            polygon = QPolygonF([QPointF(x, y) for x, y in points.tolist()])
            self._polygons[id(curve)] = curve, polygon
        path = QPainterPath()
        path.addPolygon(self._polygons[id(curve)][1])
        if closed:
            path.closeSubpath()
        return path

    def fill(self, curve: Curve, colour: QColor | QLinearGradient) -> None:
        """Fill a closed curve."""
        self._painter.fillPath(self.path(curve), QBrush(colour))

    def draw(
        self,
        curves: Iterable[Curve],
        colour: QColor,
        *,
        width: float = 1.0,
        dashed: bool = False,
        closed: bool = False,
    ) -> None:
        """Draw curves as lines, whose width is in those of a usual line."""
        pen = QPen(colour, width * self._width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern(_DASHES)
        for curve in curves:
            self._painter.strokePath(self.path(curve, closed=closed), pen)

    def fade(
        self, colour: QColor, into: QColor, start: tuple[float, float], end: tuple[float, float]
    ) -> QLinearGradient:
        """Return a colour that becomes another one on the way between two points."""
        points = [QPointF(*(self._corner + self._side * np.array(point)).tolist()) for point in (start, end)]
        gradient = QLinearGradient(*points)
        gradient.setColorAt(0.0, colour)
        gradient.setColorAt(1.0, into)
        return gradient


def _thinned(points: Curve) -> Curve:
    """Leave out points of a curve that stand closer than the eye can tell."""
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    step = max(1, int(len(points) * _CLOSEST / max(length, 1.0)))
    return np.concatenate([points[:-1:step], points[-1:]])


def _paint_shape(pencil: _Pencil, curve: Curve, colour: QColor, line: QColor) -> None:
    pencil.fill(curve, colour)
    pencil.draw([curve], line, closed=True)


def _paint_flesh(pencil: _Pencil, outline: SideOutline, palette: Palette) -> None:
    line = palette.line
    pencil.fill(outline.head, pencil.fade(palette.flesh, palette.air, (0.84, 0.0), (0.99, 0.0)))
    pencil.fill(outline.air, palette.air)
    pencil.fill(outline.jaw, palette.flesh)
    pencil.fill(outline.tongue, pencil.fade(palette.tongue, palette.flesh, (0.0, 0.6), (0.0, 0.77)))
    pencil.draw([outline.tongue_surface], line)
    if outline.tongue_sides is not None:
        pencil.draw([outline.tongue_sides], line, width=0.8, dashed=True)
    pencil.fill(outline.palate, palette.flesh)
    pencil.fill(outline.lower_lip, palette.lips)
    pencil.fill(outline.upper_lip, palette.lips)
    pencil.draw([outline.palate], line, closed=True)
    pencil.draw(outline.lines, line)
    _paint_shape(pencil, outline.upper_tooth, palette.teeth, line)
    _paint_shape(pencil, outline.lower_tooth, palette.teeth, line)
    _paint_shape(pencil, outline.epiglottis, palette.flesh, line)


def _paint_air(pencil: _Pencil, outline: SideOutline, position: Articulation, palette: Palette) -> None:
    """Paint the air, the narrowest point and the vocal folds."""
    by_mouth = _faded(palette.stream, 1.0 - position.velum)
    by_nose = _faded(palette.stream, position.velum)
    pencil.draw([outline.stream], by_mouth)
    if not outline.blocked:
        pencil.fill(_arrow_head(outline.stream), by_mouth)
    pencil.draw([outline.nose_stream], by_nose)
    pencil.fill(_arrow_head(outline.nose_stream), by_nose)
    pencil.draw(outline.noise, _faded(palette.stream, position.noise))
    focus = outline.focus
    pencil.draw([focus.line], _faded(palette.accent, 0.22 * focus.strength), width=9.0)
    pencil.draw([focus.line], _faded(palette.accent, focus.strength), width=2.8)
    pencil.draw(outline.voice, palette.accent, width=1.4)


def _arrow_head(line: Curve) -> Curve:
    """Return a triangle at the end of a line."""
    end, before = line[-1], line[-4]
    ahead = (end - before) / max(float(np.linalg.norm(end - before)), 1e-9)
    aside = np.array([-ahead[1], ahead[0]])
    return np.array(
        [end + 0.012 * ahead, end - 0.018 * ahead + 0.013 * aside, end - 0.018 * ahead - 0.013 * aside]
    )


def _paint_teeth(pencil: _Pencil, teeth: Iterable[Curve], palette: Palette) -> None:
    for tooth in teeth:
        pencil.fill(tooth, palette.teeth)
        pencil.draw([tooth], _faded(palette.line, 0.5), width=0.7, closed=True)


def _write_notes(painter: QPainter, corner: QPointF, still: Still, palette: Palette, side: float) -> None:
    """Write a few words below the lips."""
    font = QFont(painter.font())
    font.setPixelSize(round(min(15.0, max(10.0, 0.06 * side))))
    painter.setFont(font)
    line = 1.35 * font.pixelSize()
    painter.setPen(palette.words)
    notes = short_notes(still.position)
    for row, note in enumerate(notes, start=1):
        painter.drawText(corner + QPointF(0.0, row * line), note)
    if still.ghost is not None and still.note:
        base = corner + QPointF(0.0, (len(notes) + 1) * line)
        _write_key(painter, base, still.note, palette.accent)


def _write_key(painter: QPainter, start: QPointF, note: str, colour: QColor) -> None:
    """Say what the dashed line is, beside a piece of it."""
    height = painter.font().pixelSize()
    pen = QPen(colour, 1.5)
    pen.setDashPattern(_DASHES)
    painter.setPen(pen)
    middle = start - QPointF(0.0, 0.35 * height)
    painter.drawLine(middle, middle + QPointF(1.7 * height, 0.0))
    painter.setPen(colour)
    painter.drawText(start + QPointF(2.1 * height, 0.0), note)
