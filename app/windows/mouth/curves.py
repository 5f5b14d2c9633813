"""Smooth curves through points, and holding a curve within walls."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Points of a curve: rows of x and y.
Curve = NDArray[np.float64]
# Points of a smooth curve for each point that it goes through.
STEPS = 10


def smooth(points: ArrayLike, *, closed: bool = False, steps: int = STEPS) -> Curve:
    """Return a smooth curve through points: a centripetal Catmull-Rom spline, which makes no loops.

    Parameters
    ----------
    points : array_like, shape (n, 2)
        At least two, no two neighbours the same.
    closed : bool
        Whether the curve goes on from the last point to the first.
    steps : int
        Points of the curve for each given one.

    Returns
    -------
    ndarray, shape (m, 2)
        It begins and ends in the first and the last point; a closed one ends before the first.
    """
    given = np.asarray(points, dtype=np.float64)
    if closed:
        ring = np.vstack([given[-1], given, given[:2]])
    else:
        ring = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    curve = _between(ring, steps)
    return curve if closed else np.vstack([curve, given[-1:]])


def _between(points: Curve, steps: int) -> Curve:
    """Return the curve from the second to the last but one point (Barry and Goldman 1988)."""
    gaps = np.maximum(np.linalg.norm(np.diff(points, axis=0), axis=1), 1e-9) ** 0.5
    knots = np.concatenate([[0.0], np.cumsum(gaps)])
    t0, t1, t2, t3 = (knots[i : len(knots) - 3 + i, None, None] for i in range(4))
    p0, p1, p2, p3 = (points[i : len(points) - 3 + i, None] for i in range(4))
    t = t1 + (t2 - t1) * (np.arange(steps) / steps)[None, :, None]
    a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
    a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
    a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
    b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
    b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
    return np.asarray((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2).reshape(-1, 2)


def mixed(a: ArrayLike, b: ArrayLike, share: float) -> Curve:
    """Return the points on the way from those of one curve to those of another."""
    return np.asarray((1.0 - share) * np.asarray(a) + share * np.asarray(b), dtype=np.float64)


def held_within(curve: Curve, centre: Curve, wall: Curve, gap: float) -> Curve:
    """Pull the points of a curve towards a centre until no wall is between the two.

    Parameters
    ----------
    curve : ndarray, shape (n, 2)
        The points.
    centre : ndarray, shape (2,)
        A point on the right side of the wall.
    wall : ndarray, shape (m, 2)
        A line that may not be crossed.
    gap : float
        How far before the wall a point stops, in the units of the points, measured towards the centre.

    Returns
    -------
    ndarray, shape (n, 2)
        The points; those that were on the right side, further than `gap` from the wall, are unchanged.
    """
    rays = curve - centre
    lengths = np.maximum(np.linalg.norm(rays, axis=1), 1e-9)
    allowed = first_hit(centre, rays, wall) - gap / lengths
    return np.asarray(centre + rays * np.clip(allowed, 0.0, 1.0)[:, None])


def first_hit(centre: Curve, rays: Curve, wall: Curve) -> NDArray[np.float64]:
    """Return where rays from a centre first meet a wall, as shares of their lengths; infinity if never."""
    starts, sides = wall[:-1], np.diff(wall, axis=0)
    offset = starts - centre
    turn = rays[:, None, 0] * sides[None, :, 1] - rays[:, None, 1] * sides[None, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (offset[None, :, 0] * sides[None, :, 1] - offset[None, :, 1] * sides[None, :, 0]) / turn
        across = (offset[None, :, 0] * rays[:, None, 1] - offset[None, :, 1] * rays[:, None, 0]) / turn
    hits = (along > 0.0) & (across >= -1e-9) & (across <= 1.0 + 1e-9)
    return np.asarray(np.where(hits, along, np.inf).min(axis=1), dtype=np.float64)


def at_x(line: Curve, x: float) -> float:
    """Return the height of a line, whose points go from left to right, above or below a place."""
    return float(np.interp(x, line[:, 0], line[:, 1]))
