"""The parts of the mouth around the tongue: skull, jaw, velum and lips, cut through the middle."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from app.windows.mouth.curves import STEPS, Curve, mixed, smooth
from app.windows.mouth.shape import Articulation

# All is in millimetres of a grown-up's head, from the edge of the upper front teeth: x to the back, y down.
NOSE = smooth(
    [
        *((-13.0, -53.0), (-16.5, -46.0), (-22.0, -37.5), (-27.6, -31.0), (-30.0, -27.4), (-29.4, -24.4)),
        *((-26.4, -22.8), (-23.4, -22.6)),
    ]
)
NASAL_ROOF = smooth(
    [
        *((-23.4, -22.6), (-22.0, -27.6), (-15.5, -34.0), (-5.0, -39.0), (10.0, -42.6), (30.0, -44.0)),
        *((50.0, -43.0), (64.0, -39.5), (73.0, -33.0), (76.4, -25.5)),
    ]
)
BACK_WALL = smooth(
    [
        *((76.4, -25.5), (77.0, -16.0), (77.3, 0.0), (77.0, 18.0), (76.4, 34.0), (75.2, 48.0), (73.0, 58.0)),
        *((71.2, 66.0), (70.8, 76.0)),
    ]
)
LARYNX_FRONT = smooth(
    [(60.4, 46.0), (61.8, 53.0), (61.2, 58.0), (59.6, 60.6), (62.8, 63.6), (60.4, 67.0), (60.0, 76.0)]
)
FOLDS = np.array([(62.8, 63.6), (71.6, 63.6)])
BACK_OF_HEAD = smooth([(94.0, 76.0), (96.0, 40.0), (96.0, -10.0), (92.0, -53.0)])
# From the gum behind the upper teeth over the ridge to the end of the hard palate.
_PALATE = (
    *((4.6, -8.8), (8.0, -9.6), (10.8, -11.2), (14.6, -15.0), (20.0, -18.9), (29.0, -21.4), (38.0, -21.2)),
    (46.0, -20.0),
)
# From the end of the velum over the floor of the nose to the nostril.
_NASAL_FLOOR = ((34.0, -27.6), (18.0, -28.0), (4.0, -28.0), (-6.0, -27.6), (-12.0, -26.0), (-17.4, -22.0))
# A front tooth, from the gum behind it around its edge and its root.
UPPER_TOOTH = smooth(
    [
        *((4.6, -8.8), (2.9, -4.6), (1.5, -0.7), (0.4, 0.0), (-0.9, -0.5), (-2.6, -4.8), (-3.3, -9.4)),
        *((-1.8, -15.0), (0.6, -20.0), (2.6, -21.0), (4.2, -17.6)),
    ],
    closed=True,
)
UPPER_CROWN = UPPER_TOOTH[:61]
_LOWER_TOOTH = smooth(
    [
        *((0.0, 10.6), (0.9, 5.6), (2.0, 1.7), (2.8, 1.2), (3.5, 1.8), (4.6, 5.6), (5.8, 10.2)),
        *((6.0, 16.0), (5.2, 21.5), (4.0, 22.5), (2.0, 17.6)),
    ],
    closed=True,
)
# From the gum behind the lower teeth down the inside of the jaw.
_FLOOR = ((5.8, 10.2), (8.2, 13.6), (9.6, 19.0), (9.4, 27.0), (10.5, 34.0))
_CHIN = ((-9.8, 17.4), (-11.6, 22.5), (-13.0, 28.5), (-11.6, 36.5), (-6.0, 43.0), (3.0, 46.2))
# Under the chin to the neck, and how much of the jaw's movement each point makes.
_NECK = (
    *((14.0, 48.6, 0.8), (26.0, 51.6, 0.45), (36.0, 56.0, 0.15), (42.0, 62.0, 0.0), (43.5, 68.0, 0.0)),
    (44.0, 76.0, 0.0),
)

_VELUM_UP = (
    *((46.0, -20.0), (53.0, -19.2), (59.4, -17.2), (63.6, -13.2), (65.6, -7.8), (67.8, -4.6), (70.2, -7.6)),
    *(
        (71.4, -13.0),
        (74.4, -18.0),
        (76.7, -22.4),
        (73.0, -26.4),
        (65.0, -28.4),
        (55.0, -27.8),
        (46.0, -27.0),
    ),
)
_VELUM_DOWN = (
    *((46.0, -20.0), (52.0, -18.0), (56.6, -13.8), (59.6, -8.0), (61.0, -1.6), (63.0, 2.4), (65.2, -0.4)),
    *((66.0, -6.0), (65.8, -11.0), (64.2, -16.0), (61.2, -20.6), (57.0, -24.0), (52.0, -26.0), (46.0, -27.0)),
)
_UVULA_ROW = 5

_HINGE = np.array([84.0, 4.0])
_WIDEST_JAW_RADIANS = 0.22
_WIDEST_LIPS_MM = 19.0


def roof_and_nasal_floor(lowered: float) -> tuple[Curve, Curve]:
    """Return the palate with the velum, above and below.

    Parameters
    ----------
    lowered : float
        How far the velum is lowered: 0 is against the back wall, 1 hanging.

    Returns
    -------
    roof : ndarray
        From the gum behind the upper teeth to the tip of the uvula.
    nasal_floor : ndarray
        On from there up the back of the velum to the nostril.
    """
    whole = smooth(np.vstack([_PALATE[:-1], mixed(_VELUM_UP, _VELUM_DOWN, lowered), _NASAL_FLOOR]))
    uvula = (len(_PALATE) - 1 + _UVULA_ROW) * STEPS
    return whole[: uvula + 1], whole[uvula:]


class Jaw:
    """The lower jaw, opened.

    Parameters
    ----------
    opening : float
        From 0, teeth together, to 1.
    """

    def __init__(self, opening: float) -> None:
        angle = -_WIDEST_JAW_RADIANS * opening
        self._turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    def moved(self, points: ArrayLike) -> Curve:
        """Return points of the closed jaw where they are now."""
        return np.asarray((np.asarray(points, dtype=np.float64) - _HINGE) @ self._turn.T + _HINGE)

    @cached_property
    def edge(self) -> Curve:
        """The edge of the lower front teeth."""
        return self.moved((2.8, 1.2))

    @cached_property
    def tooth(self) -> Curve:
        """A lower front tooth."""
        return self.moved(_LOWER_TOOTH)

    @cached_property
    def crown(self) -> Curve:
        """What of the tooth is above the gum, from front to back."""
        return self.tooth[:61]

    @cached_property
    def floor(self) -> Curve:
        """From the gum behind the teeth down the inside of the jaw."""
        return self.moved(_FLOOR)

    @cached_property
    def gum(self) -> Curve:
        """The gum before the teeth."""
        return self.moved([(-2.0, 13.0), (0.0, 10.6)])

    @cached_property
    def chin(self) -> Curve:
        """From below the lower lip around the chin and down the neck, unsmoothed."""
        neck = np.array(_NECK)
        still, share = neck[:, :2], neck[:, 2:]
        return np.vstack([self.moved(_CHIN), still + share * (self.moved(still) - still)])


class Lips:
    """Both lips.

    Parameters
    ----------
    art : Articulation
        The position.
    jaw : Jaw
        The jaw, which carries the lower lip.

    Attributes
    ----------
    bottom : float
        The height of the lower edge of the upper lip.
    """

    def __init__(self, art: Articulation, jaw: Jaw) -> None:
        self._out = 6.5 * art.lip_protrusion
        self._x = -13.5 - self._out + 1.5 * art.lip_spread
        self._tuck = art.lip_to_teeth
        self.bottom = -1.8 - 2.4 * min(1.0, 1.6 * art.lip_opening) - 0.8 * art.lip_spread - 0.8 * self._tuck
        self._jaw = jaw
        self._top = mixed(
            (self._x, self.bottom + _WIDEST_LIPS_MM * art.lip_opening), (-4.2, 0.8), art.lip_to_teeth
        )

    @cached_property
    def aperture(self) -> float:
        """How far they are apart."""
        return float(self._top[1] - self.bottom)

    @cached_property
    def gap(self) -> Curve:
        """The middle of the opening."""
        return np.array([self._top[0], 0.5 * (self.bottom + self._top[1])])

    @cached_property
    def front(self) -> float:
        """How far forward they reach."""
        return float(min(self.upper[:, 0].min(), self.lower[:, 0].min()))

    @cached_property
    def contact(self) -> Curve:
        """Where the lower lip comes nearest to the upper lip, or to the teeth."""
        x, y = mixed(self.gap, self._top, self._tuck)
        return np.array([(x - 1.5, y), (x + 3.5 - self._tuck, y)])

    @cached_property
    def upper(self) -> Curve:
        """The upper lip, from below the nose over its red to the gum."""
        x, y, out = self._x, self.bottom, self._out
        return smooth(
            [
                *((-17.4, -22.0), (-15.8 - 0.15 * out, -17.5), (-16.4 - 0.5 * out, y - 10.2)),
                *(
                    (x - 5.4, y - 7.4),
                    (x - 6.2 - 0.1 * out, y - 4.4),
                    (x - 3.6, y - 0.7),
                    (x, y),
                    (x + 4.0, y - 0.2),
                ),
                *((x + 7.6, y - 3.4), (-4.8 - 0.3 * out, y - 8.6), (-3.3, -12.5)),
            ]
        )

    @property
    def upper_red(self) -> Curve:
        """The red of the upper lip, open at its back."""
        return self.upper[20:81]

    @cached_property
    def lower(self) -> Curve:
        """The lower lip, from the gum over its red to where the chin begins."""
        (x, y), out, tuck = self._top, self._out, self._tuck
        gum = self._jaw.gum[0]
        fold = self._jaw.chin[0]
        return smooth(
            [
                *(
                    gum,
                    (0.6 * (x + 7.5) + 0.4 * gum[0], 0.6 * (y + 4) + 0.4 * gum[1]),
                    (x + 4.0 - 1.4 * tuck, y + 0.3),
                ),
                *((x, y), (x - 3.4, y + 1.0), (x - 5.6 - 0.1 * out, y + 4.4), (x - 4.8, y + 7.8)),
                *(mixed((x - 2.0, y + 10.8), fold - (1.0, 3.5), 0.25), fold, self._jaw.chin[1]),
            ]
        )[:81]

    @property
    def lower_red(self) -> Curve:
        """The red of the lower lip, open at its back."""
        return self.lower[15:71]
