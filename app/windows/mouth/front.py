"""Draws a position of the mouth as curves in a unit square: the lips from the front."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.windows.mouth.curves import Curve, smooth
from app.windows.mouth.head import Jaw, Lips, roof_and_nasal_floor
from app.windows.mouth.shape import Articulation
from app.windows.mouth.tongue import Tongue

# The part of the face that fills the unit square, in millimetres from the edge of the upper front teeth.
_TOP_MM, _SIDE_MM = -29.0, 72.0
# Half the width of the mouth, at rest, spread and rounded.
_REST_MM, _SPREAD_MM, _ROUND_MM = 24.5, 29.0, 13.5
# From the middle of the mouth to the side: where teeth end, and how much shorter they are than the first.
_UPPER_TEETH = ((0.0, 8.4, 0.0), (8.4, 14.6, 0.9), (14.6, 21.4, 0.0), (21.4, 27.0, 1.0))
_LOWER_TEETH = ((0.0, 5.2, 0.0), (5.2, 10.8, 0.2), (10.8, 17.2, -0.6), (17.2, 23.6, 0.6))


@dataclass(frozen=True)
class FrontOutline:
    """The lips from the front, in the unit square: x to the person's left, y downwards.

    Attributes
    ----------
    lips : ndarray, shape (n, 2)
        The outer edge, closed.
    opening : ndarray, shape (n, 2)
        The inner edge, closed; what is behind is seen only within it.
    teeth : tuple of ndarray
        Each closed, the upper ones first.
    tongue : ndarray, shape (n, 2)
        Closed.
    tongue_before_teeth : bool
        Whether the tip is between or before the teeth.
    creases : tuple of ndarray
        Below the nose and above the chin.
    """

    lips: Curve
    opening: Curve
    teeth: tuple[Curve, ...]
    tongue: Curve
    tongue_before_teeth: bool
    creases: tuple[Curve, ...]


@lru_cache(maxsize=64)
def front_outline(art: Articulation) -> FrontOutline:
    """Draw the front view of a position."""
    jaw = Jaw(art.jaw)
    lips = Lips(art, jaw)
    tongue = Tongue(art, jaw, roof_and_nasal_floor(art.velum)[0])
    half = _half_width(art)
    before = bool(tongue.tip_end[0] < 0.0)
    return FrontOutline(
        lips=_unit(_outer(art, lips, half)),
        opening=_unit(_inner(art, lips, half)),
        teeth=tuple(_unit(tooth) for tooth in (*_upper_teeth(), *_lower_teeth(jaw))),
        tongue=_unit(_between_teeth(tongue) if before else _behind_teeth(tongue)),
        tongue_before_teeth=before,
        creases=tuple(_unit(crease) for crease in _creases(lips, jaw)),
    )


def _unit(curve: Curve) -> Curve:
    return np.asarray((curve - (-0.5 * _SIDE_MM, _TOP_MM)) / _SIDE_MM)


def _mirrored(half: list[tuple[float, float]]) -> Curve:
    """Return a line from the left to the right, given from the left to the middle."""
    left = np.asarray(half, dtype=np.float64)
    return np.vstack([left, left[-2::-1] * (-1.0, 1.0)])


def _half_width(art: Articulation) -> float:
    rounded = art.lip_rounding * (_REST_MM - _ROUND_MM)
    return _REST_MM + art.lip_spread * (_SPREAD_MM - _REST_MM) - rounded - 1.5 * art.jaw


def _corner(lips: Lips) -> float:
    """Return the height of the corners of the mouth."""
    return lips.bottom + 0.45 * max(0.0, lips.aperture)


def _lower_edge(art: Articulation, lips: Lips) -> float:
    """Return the height of the upper edge of the lower lip, which hides the teeth that it touches."""
    return lips.bottom + max(0.0, lips.aperture) - 1.6 * art.lip_to_teeth


def _outer(art: Articulation, lips: Lips, half: float) -> Curve:
    y, low, corner = lips.bottom, _lower_edge(art, lips), _corner(lips)
    thick = 8.2 + 1.2 * art.lip_rounding - 1.4 * art.lip_spread
    below = 10.4 + 0.6 * art.lip_rounding - 1.4 * art.lip_spread - 4.5 * art.lip_to_teeth
    out = 0.62 + 0.1 * art.lip_rounding
    return _ring(
        [(-half, corner), (-out * half, y - 0.64 * thick), (-0.2 * half, y - thick), (0.0, y - thick + 1.5)],
        [
            (-half, corner),
            (-out * half, low + 0.66 * below),
            (-0.28 * half, low + below),
            (0.0, low + below + 0.3),
        ],
    )


def _inner(art: Articulation, lips: Lips, half: float) -> Curve:
    y, low, corner = lips.bottom, _lower_edge(art, lips), _corner(lips)
    reach = half - 2.8 - 2.4 * art.lip_rounding
    full = 0.55 + 0.15 * art.lip_rounding
    return _ring(
        [(-reach, corner), (-full * reach, corner + 0.84 * (y - corner)), (0.0, y)],
        [(-reach, corner), (-full * reach, corner + 0.84 * (low - corner)), (0.0, low)],
    )


def _ring(upper: list[tuple[float, float]], lower: list[tuple[float, float]]) -> Curve:
    """Return a closed curve, given its upper and its lower edge from the left corner to the middle."""
    return smooth(np.vstack([_mirrored(upper), _mirrored(lower)[-2:0:-1]]), closed=True)


def _upper_teeth() -> list[Curve]:
    return [_tooth(side * a, side * b, -14.0, -short) for side in (-1, 1) for a, b, short in _UPPER_TEETH]


def _lower_teeth(jaw: Jaw) -> list[Curve]:
    edge = jaw.edge[1]
    return [
        _tooth(side * a, side * b, edge + 14.0, edge + short)
        for side in (-1, 1)
        for a, b, short in _LOWER_TEETH
    ]


def _tooth(a: float, b: float, gum: float, edge: float) -> Curve:
    """Return a tooth between two places, with rounded corners at its edge."""
    inward = 0.12 * (b - a)
    up = 1.2 if gum > edge else -1.2
    return np.array(
        [
            *((a + inward, gum), (a, edge + up), (a + 1.2 * inward, edge)),
            *((b - 1.2 * inward, edge), (b, edge + up), (b - inward, gum)),
        ]
    )


def _between_teeth(tongue: Tongue) -> Curve:
    """Return the tip that is seen between the teeth."""
    top, bottom = float(tongue.tip[:, 1].min()) - 1.6, float(tongue.tip[:, 1].max()) + 0.6
    return smooth(
        np.vstack(
            [
                _mirrored([(-17.0, 0.5 * (top + bottom)), (-14.0, top + 0.6), (0.0, top)]),
                _mirrored([(-13.5, bottom - 0.6), (0.0, bottom)])[::-1],
            ]
        ),
        closed=True,
    )


def _behind_teeth(tongue: Tongue) -> Curve:
    """Return the tongue behind the teeth: its tip, or its top if that is seen above it."""
    top = min(float(tongue.tip_end[1]) - 1.0, float(tongue.top[:, 1].min()) + 5.0)
    rim = smooth(_mirrored([(-23.0, top + 12.0), (-19.0, top + 4.0), (-9.0, top + 0.4), (0.0, top + 0.6)]))
    return np.vstack([rim, [(23.0, 50.0), (-23.0, 50.0)]])


def _creases(lips: Lips, jaw: Jaw) -> list[Curve]:
    y = lips.bottom
    chin = float(jaw.moved((-10.0, 19.0))[1])
    groove = [smooth([(side * 3.4, -24.0), (side * 2.8, -19.0), (side * 4.2, y - 11.0)]) for side in (-1, 1)]
    return [*groove, smooth([(-9.0, chin + 0.8), (0.0, chin - 0.6), (9.0, chin + 0.8)])]
