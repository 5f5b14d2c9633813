"""Where jaw, lips, tongue, velum and voice are for each phone, as numbers that can be mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from assessment.phones import FEATURES, Backness, Features, Height, Manner, Place, base

# Where along the mouth a constriction is, from the lips to the glottis.
PLACES: Mapping[Place, float] = MappingProxyType(
    {
        "bilabial": 0.0,
        "labial-velar": 0.0,
        "labiodental": 0.1,
        "dental": 0.2,
        "alveolar": 0.3,
        "postalveolar": 0.42,
        "palatal": 0.55,
        "velar": 0.72,
        "glottal": 1.0,
    }
)
# How narrow a constriction is.
_DEGREES: Mapping[Manner, float] = {
    "stop": 1.0,
    "affricate": 1.0,
    "nasal": 1.0,
    "lateral": 1.0,
    "fricative": 0.8,
    "approximant": 0.5,
}


@dataclass(frozen=True)
class Articulation:
    """A position of the mouth; every number is from 0 to 1.

    Attributes
    ----------
    jaw : float
        How far the jaw is open.
    lip_opening : float
        The distance between the lips; 0 is closed.
    lip_spread, lip_rounding, lip_protrusion : float
        Corners drawn apart; corners drawn together; lips pushed forward.
    lip_to_teeth : float
        How near the lower lip is to the edge of the upper teeth.
    body_height, body_backness : float
        Of the top of the tongue: from low to the roof of the mouth, from below the palate to below the velum.
    tip_height : float
        Of the tip of the tongue: from behind the lower teeth to whatever is above it.
    tip_advance : float
        From well behind the ridge, through the ridge (0.44), to beyond the teeth.
    tip_curl : float
        How far the tip is turned up and back.
    groove, lateral : float
        Sides of the tongue raised against the teeth; sides lowered so that air passes them.
    place, degree : float
        Of the narrowest point, as in `PLACES`: where it is, and from open to closed.
    velum : float
        How far the velum is lowered, which lets air through the nose.
    voicing : float
        How much the vocal folds vibrate.
    noise : float
        How much the air hisses or puffs.
    """

    jaw: float = 0.2
    lip_opening: float = 0.35
    lip_spread: float = 0.0
    lip_rounding: float = 0.0
    lip_protrusion: float = 0.0
    lip_to_teeth: float = 0.0
    body_height: float = 0.52
    body_backness: float = 0.45
    tip_height: float = 0.15
    tip_advance: float = 0.58
    tip_curl: float = 0.0
    groove: float = 0.0
    lateral: float = 0.0
    place: float = 0.6
    degree: float = 0.0
    velum: float = 0.0
    voicing: float = 1.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0.0 <= value <= 1.0:
                raise ValueError(f"{field.name} must be from 0 to 1, not {value}")


def between(a: Articulation, b: Articulation, share: float) -> Articulation:
    """Return a position on the way from one to another.

    Parameters
    ----------
    a, b : Articulation
        The ends.
    share : float
        0 gives `a`, 1 gives `b`; what is beyond them gives the nearer end.
    """
    if share <= 0.0 or share >= 1.0:
        return a if share <= 0.0 else b
    return Articulation(
        **{
            f.name: (1 - share) * getattr(a, f.name) + share * getattr(b, f.name)
            for f in fields(Articulation)
        }
    )


@cache
def articulation(phone: str) -> tuple[Articulation, ...]:
    """Return the positions that make a phone.

    Parameters
    ----------
    phone : str
        ARPAbet; stress is ignored.

    Returns
    -------
    tuple of Articulation
        Two for diphthongs and affricates, from the first to the last; one for all others.

    Raises
    ------
    KeyError
        There is no such phone.
    """
    name = base(phone)
    features = FEATURES[name]
    if features.kind == "vowel":
        start = _vowel(features)
        return (start, _vowel(FEATURES[features.glide])) if features.glide else (start,)
    first = _consonant(features)
    if features.manner == "affricate":
        release = replace(features, manner="fricative")
        return first, _consonant(release)
    return (first,)


# The tables below are ours, after the descriptions of General American in textbooks of phonetics; the
# amounts were set by looking at the drawings.
_VOWEL_HEIGHTS: Mapping[Height, Mapping[str, float]] = {
    "high": {"jaw": 0.12, "body_height": 0.86, "lip_opening": 0.3},
    "near-high": {"jaw": 0.2, "body_height": 0.74, "lip_opening": 0.38},
    "high-mid": {"jaw": 0.3, "body_height": 0.66, "lip_opening": 0.45},
    "mid": {"jaw": 0.42, "body_height": 0.52, "lip_opening": 0.52},
    "low-mid": {"jaw": 0.5, "body_height": 0.48, "lip_opening": 0.6},
    "near-low": {"jaw": 0.72, "body_height": 0.33, "lip_opening": 0.8},
    "low": {"jaw": 0.85, "body_height": 0.2, "lip_opening": 0.9},
}
_VOWEL_BACKNESSES: Mapping[Backness, Mapping[str, float]] = {
    "front": {"body_backness": 0.0, "tip_advance": 0.6},
    "near-front": {"body_backness": 0.18, "tip_advance": 0.58},
    "central": {"body_backness": 0.5, "tip_advance": 0.54},
    "near-back": {"body_backness": 0.75, "tip_advance": 0.48},
    "back": {"body_backness": 0.95, "tip_advance": 0.42},
}
# How tightly vowels of each height are rounded, and spread where they are front.
_ROUNDING: Mapping[Height, float] = {"high": 0.9, "near-high": 0.6, "high-mid": 0.75, "low-mid": 0.5}
_SPREAD: Mapping[Height, float] = {
    "high": 1.0,
    "near-high": 0.5,
    "high-mid": 0.6,
    "low-mid": 0.4,
    "near-low": 0.5,
}


def _vowel(features: Features) -> Articulation:
    assert features.height is not None
    assert features.backness is not None
    values: dict[str, Any] = {**_VOWEL_HEIGHTS[features.height], **_VOWEL_BACKNESSES[features.backness]}
    if features.rhotic:
        return replace(_R, lip_opening=0.4, lip_rounding=0.2, lip_protrusion=0.2, jaw=0.25)
    if features.rounded:
        rounding = _ROUNDING[features.height]
        values |= {"lip_rounding": rounding, "lip_protrusion": rounding}
        values["lip_opening"] *= 1.0 - 0.5 * rounding
    elif features.backness in ("front", "near-front"):
        values["lip_spread"] = _SPREAD[features.height]
    return Articulation(tip_height=0.0, **values)


_LIP_PLACES: Mapping[Place, Mapping[str, float]] = {
    "bilabial": {"jaw": 0.12, "lip_opening": 0.0},
    "labiodental": {"jaw": 0.14, "lip_opening": 0.2, "lip_to_teeth": 1.0},
    "labial-velar": {
        **{"jaw": 0.14, "lip_opening": 0.12, "lip_rounding": 1.0, "lip_protrusion": 1.0, "tip_height": 0.0},
        **{"tip_advance": 0.42, "body_height": 0.8, "body_backness": 0.95},
    },
}
_TONGUE_PLACES: Mapping[Place, Mapping[str, float]] = {
    "dental": {
        "jaw": 0.33,
        "lip_opening": 0.48,
        "tip_height": 0.12,
        "tip_advance": 0.98,
        "body_height": 0.5,
        "body_backness": 0.3,
    },
    "alveolar": {
        "jaw": 0.12,
        "tip_height": 1.0,
        "tip_advance": 0.44,
        "body_height": 0.56,
        "body_backness": 0.4,
    },
    "postalveolar": {"jaw": 0.1, "tip_height": 0.78, "tip_advance": 0.3, "body_height": 0.7},
    "palatal": {
        "jaw": 0.12,
        "tip_height": 0.0,
        "body_height": 0.88,
        "body_backness": 0.06,
        "lip_spread": 0.6,
    },
    "velar": {"jaw": 0.22, "tip_height": 0.0, "tip_advance": 0.5, "body_height": 1.0, "body_backness": 0.9},
    "glottal": {"jaw": 0.35, "lip_opening": 0.5, "body_height": 0.45},
}
_R = Articulation(
    jaw=0.18,
    lip_opening=0.3,
    lip_rounding=0.5,
    lip_protrusion=0.5,
    body_height=0.6,
    body_backness=0.55,
    tip_height=0.72,
    tip_advance=0.16,
    tip_curl=0.3,
    place=PLACES["postalveolar"],
    degree=0.5,
)


def _consonant(features: Features) -> Articulation:
    assert features.place is not None
    assert features.manner is not None
    if features.rhotic:
        return _R
    values: dict[str, float] = {
        **(_LIP_PLACES if features.place in _LIP_PLACES else _TONGUE_PLACES)[features.place]
    }
    values |= {"place": PLACES[features.place], "degree": _DEGREES[features.manner]}
    values |= _by_manner(features)
    return Articulation(voicing=float(features.voiced), **values)


def _by_manner(features: Features) -> dict[str, float]:
    """Return what a manner adds to a place."""
    if features.manner == "nasal":
        return {"velum": 1.0}
    if features.manner == "lateral":
        return {"lateral": 1.0, "jaw": 0.25, "body_height": 0.4, "body_backness": 0.85}
    if features.manner == "stop":
        return {"noise": 0.0 if features.voiced else 0.6}
    if features.manner == "fricative":
        return {"noise": 0.6 if features.voiced else 1.0} | _hissing(features.place)
    if features.manner == "affricate":
        return {"tip_height": 1.0, "tip_advance": 0.36} | _pushed_lips()
    return {}


def _hissing(place: Place | None) -> dict[str, float]:
    if place == "alveolar":
        return {"jaw": 0.03, "tip_height": 0.79, "groove": 1.0, "lip_spread": 0.3, "lip_opening": 0.3}
    if place == "postalveolar":
        return {"jaw": 0.05, "groove": 0.6} | _pushed_lips()
    if place == "glottal":
        return {"degree": 0.3}
    return {}


def _pushed_lips() -> dict[str, float]:
    return {"lip_rounding": 0.55, "lip_protrusion": 0.8, "lip_opening": 0.35}
