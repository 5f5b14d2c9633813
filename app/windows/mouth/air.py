"""Where the air goes through the mouth, where it is narrowed, and whether the folds vibrate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.windows.mouth.curves import Curve, mixed, smooth
from app.windows.mouth.head import BACK_WALL, FOLDS, Lips
from app.windows.mouth.shape import PLACES, Articulation
from app.windows.mouth.tongue import TOUCH_MM, Tongue

# Closer than this there is no way through; further than this nothing is narrow.
_CLOSED_MM, _OPEN_MM = TOUCH_MM + 0.5, 9.0
# From this degree on a touch lets no air past: beside the teeth there are gaps.
_SEALED = 0.9
# How far from its place a constriction is looked for.
_REACH_MM = 7.0
# How much wider than the narrowest point still belongs to it.
_SPARE_MM = 0.7
# Turns of the stream that are shorter are smoothed away.
_SOFT_MM = 6
_PLACES_ON_ROOF = (
    (PLACES["dental"], 0.3),
    (PLACES["alveolar"], 9.0),
    (PLACES["postalveolar"], 14.0),
    (PLACES["palatal"], 27.0),
    (PLACES["velar"], 51.0),
)


@dataclass(frozen=True)
class Focus:
    """Where the mouth is narrowed.

    Attributes
    ----------
    line : ndarray, shape (n, 2)
        Along the contact or the narrowest part.
    strength : float
        From 0, nothing to show, to 1.
    """

    line: Curve
    strength: float


def focus(art: Articulation, tongue: Tongue, lips: Lips) -> Focus:
    """Return where the mouth is narrowed, which is at the place of the position if it is narrow there."""
    if art.place < 0.5 * (PLACES["labiodental"] + PLACES["dental"]):
        narrow = max(1.0 - lips.aperture / _OPEN_MM, art.lip_to_teeth)
        return Focus(lips.contact, art.degree * max(0.0, narrow))
    if art.place > 0.9:
        return Focus(FOLDS, art.degree * (art.place - 0.9) / 0.1)
    where = np.interp(art.place, *np.transpose(_PLACES_ON_ROOF))
    gaps, _ = _gaps(tongue.top, tongue.ceiling)
    near = np.abs(tongue.top[:, 0] - where) < _REACH_MM
    if not near.any():
        return Focus(tongue.top[:2], 0.0)
    least = gaps[near].min()
    line = tongue.top[near & (gaps < least + _SPARE_MM)]
    return Focus(line, art.degree * float(np.clip((_OPEN_MM - least) / 6.0, 0.0, 1.0)))


def _gaps(curve: Curve, wall: Curve) -> tuple[NDArray[np.float64], Curve]:
    """Return for each point of a curve how far the wall is, and the nearest point of the wall."""
    fine = np.vstack([wall[:-1], 0.5 * (wall[:-1] + wall[1:])])
    squares = (curve[:, None, 0] - fine[None, :, 0]) ** 2 + (curve[:, None, 1] - fine[None, :, 1]) ** 2
    return np.asarray(np.sqrt(squares.min(axis=1))), fine[squares.argmin(axis=1)]


def stream(
    art: Articulation, tongue: Tongue, lips: Lips, lower_edge: float, epiglottis: Curve
) -> tuple[Curve, bool]:
    """Return the way of the air through throat and mouth, and whether it is blocked."""
    points = [*_throat(epiglottis), *_over_tongue(tongue)]
    way = [point for point, _ in points]
    if tongue.tip_end[0] > 2.0:
        way.append(np.array([0.5, 0.5 * max(0.0, lower_edge)]))
    blocked = next((i for i, (_, room) in enumerate(points) if room < _CLOSED_MM), None)
    if blocked is not None and art.lateral < 0.5 and art.degree >= _SEALED:
        return _softened(way[: blocked + 1]), True
    if lips.aperture < _CLOSED_MM and art.lip_to_teeth < 0.5:
        return _softened([*way, np.add(lips.gap, (7.0, 0.0))]), True
    x, y = mixed(lips.gap, lips.contact[1] - (0.0, 0.8), art.lip_to_teeth)
    return _softened([*way, (x + 5.0, y), (x, y), (lips.front - 4.0, y), (lips.front - 11.0, y)]), False


def _softened(way: Sequence[ArrayLike]) -> Curve:
    """Return a line without its small turns; its ends stay."""
    line = np.asarray(way, dtype=np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    even = np.arange(0.0, along[-1], 1.0)
    fine = np.column_stack([np.interp(even, along, line[:, axis]) for axis in (0, 1)])
    padded = np.pad(fine, ((_SOFT_MM, _SOFT_MM), (0, 0)), mode="reflect", reflect_type="odd")
    window = np.hanning(2 * _SOFT_MM + 3)[1:-1]
    window /= window.sum()
    return np.column_stack([np.convolve(padded[:, axis], window, mode="valid") for axis in (0, 1)])


def _throat(epiglottis: Curve) -> list[tuple[Curve, float]]:
    behind = 0.5 * (epiglottis[:, 0].max() + 76.6)
    line = [(65.6, 75.0), (67.0, 64.0), (68.4, 52.0), (0.5 * (behind + 69.0), 40.0), (behind, 27.0)]
    return [(np.array(point), np.inf) for point in line]


def _over_tongue(tongue: Tongue) -> list[tuple[Curve, float]]:
    """Return the middle between the tongue and what is above and behind it, with the room there."""
    top = tongue.top[::-8]
    wall = np.vstack([tongue.ceiling, BACK_WALL[15:]])
    gaps, nearest = _gaps(top, wall)
    inside = (top[:, 1] < 20.0) & (top[:, 0] > max(1.0, tongue.tip_end[0] + 2.0))
    rows = np.flatnonzero(inside)
    return [(0.5 * (top[row] + nearest[row]), float(gaps[row])) for row in rows]


def nose_stream(epiglottis: Curve) -> Curve:
    """Return the way of the air through throat and nose."""
    throat = [point for point, _ in _throat(epiglottis)]
    nose = [
        *((72.4, 10.0), (71.8, -8.0), (70.6, -22.0), (64.0, -32.0), (48.0, -36.0), (22.0, -36.4)),
        *((0.0, -34.0), (-13.0, -29.6), (-20.4, -23.0), (-24.6, -14.0)),
    ]
    return smooth(np.vstack([*throat, *nose]))


def noise(lips: Lips) -> tuple[Curve, ...]:
    """Return three strokes before the lips."""
    start = np.array([lips.front - 1.0, lips.gap[1]])
    ways = [np.array([-np.cos(angle), np.sin(angle)]) for angle in (-0.6, 0.0, 0.6)]
    return tuple(np.array([start + 3.0 * way, start + 8.0 * way]) for way in ways)


def voice(voicing: float) -> tuple[Curve, Curve]:
    """Return the two vocal folds: waves that meet with voice, straight and apart without."""
    share = np.linspace(0.0, 0.5 - 0.22 * (1.0 - voicing), 24)[:, None]
    wave = np.hstack([np.zeros_like(share), 3.0 * voicing * np.sin(share * 4.0 * np.pi)])
    across = FOLDS[1] - FOLDS[0]
    return FOLDS[0] + share * across - wave, FOLDS[1] - share * across + wave
