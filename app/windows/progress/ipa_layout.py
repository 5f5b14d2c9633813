"""Lays the IPA chart out in pixels, for any width, and finds the cell beside a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt

from app.windows.progress.ipa_places import COLUMNS, ROWS, columns_wide, consonants, diphthongs, edge, vowels

# From this width on the vowels stand beside the consonants.
SIDE_BY_SIDE = 1180
_CELL_HEIGHT = 46
_LEAST_CELL, _MOST_CELL = 28, 52
_GAP, _PAIR_GAP, _ROW_GAP = 8, 2, 4
_HEADS_WIDTH, _HEAD_HEIGHT = 80, 24
_LEAST_VOWELS, _MOST_VOWELS = 380, 640
_TRAPEZIUM_HEIGHT = 292
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_CENTRE = Qt.AlignmentFlag.AlignHCenter
# What lies to the side counts so much more than what lies ahead.
_ASIDE = 3

_AHEAD = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}


@dataclass(frozen=True)
class Head:
    """Words beside the cells, and what they mean."""

    box: QRect
    side: Qt.AlignmentFlag
    name: str
    meaning: str


@dataclass
class IpaLayout:
    """Where everything on the chart stands.

    Parameters
    ----------
    width : int
        Of the chart; from 560 on everything fits.

    Attributes
    ----------
    cells : dict of str to QRect
        By phone, row by row.
    heads : list of Head
        What is written beside them.
    trapezium : list of QPointF
        The corners of the vowels' space, from the front and close one on.
    height : int
        Of the chart.
    """

    width: int
    cells: dict[str, QRect] = field(default_factory=dict)
    heads: list[Head] = field(default_factory=list)
    trapezium: list[QPointF] = field(default_factory=list)
    height: int = 0

    def __post_init__(self) -> None:
        """Place everything."""
        is_wide = self.width >= SIDE_BY_SIDE
        grid = self._place_consonants(self.width - (_LEAST_VOWELS + 4 * _GAP if is_wide else 0))
        left = grid.right() + 4 * _GAP if is_wide else 0
        top = 0 if is_wide else grid.bottom() + 3 * _GAP
        room = self.width - left if is_wide else min(self.width, grid.right())
        self.height = max(grid.bottom(), self._place_vowels(left, top, min(room, _MOST_VOWELS)))

    def _place_consonants(self, width: int) -> QRect:
        """Place the grid; return the room that it takes."""
        wide = columns_wide()
        room = width - _HEADS_WIDTH - len(wide) * _GAP - sum(wide) * _PAIR_GAP
        cell = min(max(room // sum(wide), _LEAST_CELL), _MOST_CELL)
        lefts, left = [], _HEADS_WIDTH
        for across, (_, name, meaning) in zip(wide, COLUMNS, strict=True):
            lefts.append(left)
            box = QRect(left - _GAP, 0, across * (cell + _PAIR_GAP) + 2 * _GAP, _HEAD_HEIGHT)
            self.heads.append(Head(box, _CENTRE, name, meaning))
            left += across * (cell + _PAIR_GAP) + _GAP
        for row, (_, name, meaning) in enumerate(ROWS):
            self.heads.append(Head(QRect(0, _row(row), _HEADS_WIDTH, _CELL_HEIGHT), _LEFT, name, meaning))
        for place in consonants():
            is_second = place.is_voiced and wide[place.column] > 1
            x = lefts[place.column] + (cell + _PAIR_GAP if is_second else 0)
            self.cells[place.phone] = QRect(x, _row(place.row), cell, _CELL_HEIGHT)
        return QRect(0, 0, left, _row(len(ROWS)))

    def _place_vowels(self, left: int, top: int, width: int) -> int:
        """Place the trapezium, and below it the vowels that move; return the lower end."""
        size, top = _CELL_HEIGHT, top + _HEAD_HEIGHT
        box = QRectF(left, top, width, _TRAPEZIUM_HEIGHT).adjusted(size / 2, size / 2, -size / 2, -size / 2)
        for phone, place in vowels().items():
            middle = _within(box, *place).toPoint()
            self.cells[phone] = QRect(middle.x() - size // 2, middle.y() - size // 2, size, size)
        self.trapezium = [_within(box, *corner) for corner in ((0, 1), (1, 1), (1, 0), (edge(0.0), 0))]
        self._name_vowels(left, top, width)
        return self._place_diphthongs(left, top + _TRAPEZIUM_HEIGHT + _GAP, width)

    def _name_vowels(self, left: int, top: int, width: int) -> None:
        """Say what the corners of the trapezium are."""
        over = QRect(left, top - _HEAD_HEIGHT, width, _HEAD_HEIGHT)
        low = QRect(left, top + _TRAPEZIUM_HEIGHT - _CELL_HEIGHT, width // 3, _CELL_HEIGHT)
        self.heads += [
            Head(over, _LEFT, "Tongue high, front", "The mouth is nearly closed, the tongue far forward"),
            Head(over, _RIGHT, "back", "The tongue is drawn back"),
            Head(low, _LEFT, "Tongue low", "The mouth is open"),
        ]

    def _place_diphthongs(self, left: int, top: int, width: int) -> int:
        moving, size = diphthongs(), _CELL_HEIGHT
        x = left + width - len(moving) * (size + _ROW_GAP) + _ROW_GAP
        box = QRect(left, top, x - left, size)
        self.heads.append(Head(box, _LEFT, "Moving", "Vowels that go from one place to another"))
        for number, phone in enumerate(moving):
            self.cells[phone] = QRect(x + number * (size + _ROW_GAP), top, size, size)
        return top + size


def _row(row: int) -> int:
    return _HEAD_HEIGHT + row * (_CELL_HEIGHT + _ROW_GAP)


def _within(box: QRectF, across: float, up: float) -> QPointF:
    return QPointF(box.left() + across * box.width(), box.bottom() - up * box.height())


def beside(cells: Mapping[str, QRect], phone: str, key: Qt.Key) -> str:
    """Return the phone that an arrow goes to; the same one where there is none."""
    ahead, start = _AHEAD[key], cells[phone].center()
    best, least = phone, float("inf")
    for other, box in cells.items():
        way = box.center() - start
        forward = QPoint.dotProduct(way, ahead)
        aside = abs(way.x() * ahead.y()) + abs(way.y() * ahead.x())
        # What is more aside than ahead is reached by the other arrows.
        if forward > aside / 2 and forward + _ASIDE * aside < least and other != phone:
            best, least = other, forward + _ASIDE * aside
    return best
