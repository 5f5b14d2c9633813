"""Draws a position of the mouth as curves in a unit square: the head cut through its middle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from app.windows.mouth.air import Focus, focus, noise, nose_stream, stream, voice
from app.windows.mouth.curves import STEPS, Curve, held_within, smooth
from app.windows.mouth.head import (
    BACK_OF_HEAD,
    BACK_WALL,
    LARYNX_FRONT,
    NASAL_ROOF,
    NOSE,
    UPPER_CROWN,
    UPPER_TOOTH,
    Jaw,
    Lips,
    roof_and_nasal_floor,
)
from app.windows.mouth.shape import Articulation
from app.windows.mouth.tongue import Tongue

# The part of the head that fills the unit square, in millimetres.
_LEFT_MM, _TOP_MM, _SIDE_MM = -38.5, -52.0, 127.0
# Below the tongue, and within it in all of its positions.
_UNDER_TONGUE = (46.0, 44.0)
_WITHIN_TONGUE = ((58.5, 40.0), (40.0, 36.0))


@dataclass(frozen=True)
class SideOutline:
    """The head from the side, facing left, in the unit square: x to the back of the head, y downwards.

    All curves are arrays of shape (n, 2).

    Attributes
    ----------
    head, air, jaw, palate : ndarray
        Closed: all flesh; nose, mouth and throat; the flesh of the lower jaw with its lip; that of the
        upper jaw with the velum and the upper lip. Each is drawn over the one before.
    tongue, epiglottis, upper_tooth, lower_tooth, upper_lip, lower_lip : ndarray
        Closed; of the lips, their red.
    tongue_surface : ndarray
        The free edge of the tongue, from behind the lower teeth over the tip to the throat.
    tongue_sides : ndarray or None
        Where the sides of the tongue are, if they are higher or lower than its middle.
    lines : tuple of ndarray
        The other edges: profile, nose, throat, gum.
    above, below : ndarray
        What the tongue never crosses: upper teeth, roof, throat; lower teeth and the floor of the mouth.
    focus : Focus
        The contact or the narrowest point.
    stream : ndarray
        The way of the air through the mouth, from the lungs; it ends where it is blocked.
    blocked : bool
        Whether the air cannot leave through the mouth.
    nose_stream : ndarray
        The way of the air through the nose.
    noise : tuple of ndarray
        Strokes before the lips for air that hisses or puffs.
    voice : tuple of ndarray
        The vocal folds: two halves of a wave, apart and flat without voice.
    """

    head: Curve
    air: Curve
    jaw: Curve
    palate: Curve
    tongue: Curve
    tongue_surface: Curve
    tongue_sides: Curve | None
    epiglottis: Curve
    upper_tooth: Curve
    lower_tooth: Curve
    upper_lip: Curve
    lower_lip: Curve
    lines: tuple[Curve, ...]
    above: Curve
    below: Curve
    focus: Focus
    stream: Curve
    blocked: bool
    nose_stream: Curve
    noise: tuple[Curve, ...]
    voice: tuple[Curve, ...]


@lru_cache(maxsize=64)
def side_outline(art: Articulation) -> SideOutline:
    """Draw the side view of a position."""
    jaw = Jaw(art.jaw)
    lips = Lips(art, jaw)
    roof, nasal_floor = roof_and_nasal_floor(art.velum)
    tongue = Tongue(art, jaw, roof)
    chin, floor = smooth(jaw.chin), smooth(jaw.floor)
    skin = np.vstack([lips.lower, chin[1:]])
    epiglottis = _epiglottis(tongue.curve)
    path, blocked = stream(art, tongue, lips, float(jaw.edge[1]), epiglottis)
    above, below = tongue.walls
    return SideOutline(
        head=_unit(NOSE, (-17.4, -22.0), (0.0, -15.0), (4.0, 30.0), skin, BACK_OF_HEAD),
        air=_unit(
            *(NASAL_ROOF, BACK_WALL, LARYNX_FRONT[::-1], *_WITHIN_TONGUE, floor[STEPS::-1], jaw.gum[::-1]),
            *(lips.lower[: 4 * STEPS], lips.upper[5 * STEPS :], (0.0, -24.0), nasal_floor[-1]),
        ),
        jaw=_unit(
            *(skin, (60.0, 76.0), (60.0, 46.0), _UNDER_TONGUE, floor[::-1], jaw.crown[::-1], jaw.gum[::-1])
        ),
        palate=_unit(lips.upper, UPPER_CROWN[::-1], roof, nasal_floor),
        tongue=_unit(tongue.curve),
        tongue_surface=_unit(tongue.surface),
        tongue_sides=_sides(art, tongue),
        epiglottis=_unit(epiglottis),
        upper_tooth=_unit(UPPER_TOOTH),
        lower_tooth=_unit(jaw.tooth),
        upper_lip=_unit(lips.upper_red),
        lower_lip=_unit(lips.lower_red),
        lines=(
            *(_unit(NOSE), _unit(NASAL_ROOF), _unit(BACK_WALL), _unit(LARYNX_FRONT), _unit(skin)),
            _unit(jaw.gum),
        ),
        above=_unit(above),
        below=_unit(below),
        focus=_focus_in_unit(focus(art, tongue, lips)),
        stream=_unit(path),
        blocked=blocked,
        nose_stream=_unit(nose_stream(epiglottis)),
        noise=tuple(_unit(stroke) for stroke in noise(lips)),
        voice=tuple(_unit(fold) for fold in voice(art.voicing)),
    )


def _unit(*parts: ArrayLike) -> Curve:
    """Join curves and points, and bring them from millimetres into the unit square."""
    return np.asarray((np.vstack([np.atleast_2d(part) for part in parts]) - (_LEFT_MM, _TOP_MM)) / _SIDE_MM)


def _focus_in_unit(found: Focus) -> Focus:
    return Focus(_unit(found.line), found.strength)


def _epiglottis(tongue: Curve) -> Curve:
    """Return the leaf behind the root of the tongue, which leans with it."""
    root = tongue[(tongue[:, 1] > 24.0) & (tongue[:, 1] < 34.0)][:, 0].max()
    x = min(root + 3.0, 69.0)
    return smooth(
        [
            *((59.2, 42.0), (x - 0.6, 33.0), (x + 1.2, 26.5), (x + 2.6, 24.4), (x + 3.6, 26.8)),
            *((x + 2.4, 34.0), (63.4, 42.0), (60.8, 46.4)),
        ],
        closed=True,
    )


def _sides(art: Articulation, tongue: Tongue) -> Curve | None:
    """Return the sides of the tongue behind its tip, raised by a groove, lowered by a lateral."""
    if max(art.groove, art.lateral) < 0.05:
        return None
    top = tongue.blade
    swell = np.sin(np.linspace(0.0, np.pi, len(top)))[:, None]
    shift = (6.5 * art.lateral - 3.0 * art.groove) * swell * np.array([0.25, 1.0])
    return _unit(held_within(top + shift, np.array([36.0, 14.0]), tongue.walls[0], 0.2))
