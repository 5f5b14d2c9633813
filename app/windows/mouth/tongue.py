"""The tongue, cut through its middle, kept within the mouth."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from app.windows.mouth.curves import STEPS, Curve, at_x, held_within, smooth
from app.windows.mouth.head import BACK_WALL, UPPER_CROWN, Jaw
from app.windows.mouth.shape import Articulation

# The tongue stays about this far from whatever it touches, so that both lines are seen. Part of it is
# made by holding the tongue within walls that are moved towards it, so that no corner cuts into it.
TOUCH_MM = 0.8
_ABOVE_MOVED, _BELOW_MOVED, _GAP_MM = (-0.3, 0.5), (0.3, -0.6), 0.3
# Points of its outline for each point that it goes through.
_FINE = 2 * STEPS
# A tongue that presses against the roof would go this far beyond it, which makes the contact broad.
_PRESS_MM = 2.0
# How low the top of the tongue can lie, and where its front and back ends are.
_LOWEST_MM, _FRONT_MM, _BACK_MM = 10.0, 30.0, 46.5
# How far back and forward the tip goes.
_TIP_BACK_MM, _TIP_FRONT_MM = 20.0, -7.0
# How low the tip can be against the edge of the lower teeth: over them, and behind them.
_OVER_TEETH_MM, _LOWEST_TIP_MM = (1.0, 3.8), (-2.8, 3.0)
_VALLECULA = (59.0, 41.5)
_BELOW = ((55.5, 45.0), (44.0, 45.0))


class Tongue:
    """The tongue of a position, in millimetres.

    Parameters
    ----------
    art : Articulation
        The position.
    jaw : Jaw
        The jaw, which carries the floor of the mouth.
    roof : ndarray
        The line from the gum behind the upper teeth to the tip of the uvula.
    """

    def __init__(self, art: Articulation, jaw: Jaw, roof: Curve) -> None:
        self._art, self._jaw, self._roof = art, jaw, roof
        self.ceiling = np.vstack([UPPER_CROWN[3 * STEPS :: -1], roof])
        self._body = self._back()
        self._free = np.vstack([jaw.floor[1:2], self._tip_points, self._body, self._root])

    @cached_property
    def curve(self) -> Curve:
        """Its outline, closed: from behind the lower teeth over the tip and the back to the root."""
        floor = self._jaw.floor
        bottom = 0.5 * (floor[4] + (46.0, 44.0))
        return self._held(
            smooth(np.vstack([self._free, _BELOW, bottom, floor[:1:-1]]), closed=True, steps=_FINE)
        )

    @property
    def surface(self) -> Curve:
        """What of the outline is free: from behind the lower teeth to the throat."""
        return self.curve[: (len(self._free) - 1) * _FINE + 1]

    @property
    def top(self) -> Curve:
        """What of the outline faces the roof: from the tip to the throat."""
        return self.surface[3 * _FINE :]

    @property
    def blade(self) -> Curve:
        """The part of the top behind the tip, over which a groove runs."""
        return self.top[_FINE // 2 : 5 * _FINE]

    @property
    def tip(self) -> Curve:
        """What of the outline is around the tip."""
        return self.curve[2 * _FINE : 5 * _FINE]

    @cached_property
    def walls(self) -> tuple[Curve, Curve]:
        """What it may not cross: upper teeth, roof and throat; lower teeth and the floor."""
        above = np.vstack([[(-30.0, -0.2)], UPPER_CROWN[4 * STEPS + 5 :: -1], self._roof, BACK_WALL[STEPS:]])
        return above, np.vstack([self._jaw.crown, smooth(self._jaw.floor)])

    def _held(self, curve: Curve) -> Curve:
        centre = np.array([0.4 * self._body[1, 0] + 0.6 * 36.0, 12.0])
        for wall, moved in zip(self.walls, (_ABOVE_MOVED, _BELOW_MOVED), strict=True):
            curve = held_within(curve, centre, wall + moved, _GAP_MM)
        return curve

    def _back(self) -> Curve:
        """Return the back of the tongue, from its middle to the throat: part of an ellipse."""
        art = self._art
        x = _FRONT_MM + art.body_backness * (_BACK_MM - _FRONT_MM)
        highest = at_x(self.ceiling, x) - _PRESS_MM
        top = _LOWEST_MM + art.body_height * (highest - _LOWEST_MM)
        across, down = 22.0 - 3.5 * max(0.0, art.body_height - 0.4), 20.0
        angles = np.radians([-122.0, -90.0, -58.0, -26.0, 4.0])
        return np.column_stack([x + across * np.cos(angles), top + down + down * np.sin(angles)])

    @property
    def _root(self) -> Curve:
        right, level = self._body[-1]
        return np.array([(0.58 * right + 0.42 * 59.5, 0.55 * level + 0.45 * 43.0), _VALLECULA])

    @cached_property
    def tip_end(self) -> Curve:
        """The very tip, before it is held."""
        art = self._art
        x = _TIP_BACK_MM + art.tip_advance * (_TIP_FRONT_MM - _TIP_BACK_MM)
        low = self._jaw.edge[1] + np.interp(x, _OVER_TEETH_MM, _LOWEST_TIP_MM)
        high = at_x(self.ceiling, x) - 0.5 * _PRESS_MM
        return np.array([x, low + art.tip_height * (high - low)])

    @property
    def _tip_points(self) -> Curve:
        """The tip, from its lower side to its upper side."""
        art, end = self._art, self.tip_end
        axis = end - (self._body[0] + np.array([1.0, 7.0]))
        cos, sin = np.cos(1.3 * art.tip_curl), np.sin(1.3 * art.tip_curl)
        axis = np.array([[cos, -sin], [sin, cos]]) @ axis
        axis /= np.linalg.norm(axis)
        up = np.array([-axis[1], axis[0]])
        under = end - 2.2 * axis - 2.4 * up
        resting = 0.5 * (under + self._jaw.floor[1]) + (1.0, 0.0)
        raised = end - 9.5 * axis - 3.6 * up
        lift = min(1.0, 2.0 * art.tip_height)
        return np.array(
            [
                (1.0 - lift) * resting + lift * raised,
                under,
                end,
                end - 1.8 * axis + 2.0 * up,
                end - 7.5 * axis + 3.8 * up,
            ]
        )
