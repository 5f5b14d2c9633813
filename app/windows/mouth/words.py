"""Says in plain words what the drawings of a position of the mouth show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.windows.mouth.shape import PLACES, Articulation
from assessment.phones import Place

# From which degree a constriction is a contact, and from which it is worth a word.
_CONTACT, _NARROW = 0.9, 0.3
_HEIGHTS = (
    (0.8, "high"),
    (0.6, "fairly high"),
    (0.4, "at middle height"),
    (0.27, "fairly low"),
    (0.0, "low"),
)
_BACKNESSES = ((0.7, "at the back"), (0.3, "in the middle"), (0.0, "at the front"))


def described(positions: Sequence[Articulation]) -> str:
    """Return what lips, jaw, tongue, air and voice do.

    Parameters
    ----------
    positions : sequence of Articulation
        One, or the first and the last of a movement.

    Returns
    -------
    str
        Such as ``"tip of the tongue between the teeth, no voice"``; for a movement ``"…, then …"``.
    """
    told = ", then ".join(", ".join((*_lips(position), *_tongue(position))) for position in positions)
    return ", ".join((told, *_air(positions)))


def short_notes(position: Articulation) -> tuple[str, ...]:
    """Return what the drawings show least plainly, in two words each."""
    notes = ["voice on" if position.voicing >= 0.5 else "no voice"]
    if position.velum >= 0.5:
        notes.append("through nose")
    if position.lateral >= 0.5:
        notes.append("past the sides")
    return tuple(notes)


def _lips(position: Articulation) -> Iterator[str]:
    if position.lip_to_teeth >= 0.6:
        yield "lower lip against the upper teeth"
    elif position.lip_opening < 0.05:
        yield "lips closed"
    elif position.lip_rounding >= 0.7:
        yield "lips in a small circle"
    elif position.lip_protrusion >= 0.4:
        yield "lips pushed forward a little"
    elif position.lip_spread >= 0.6:
        yield "lips spread"
    if position.jaw >= 0.6:
        yield "jaw wide open"


def _tongue(position: Articulation) -> Iterator[str]:
    """Say where the tongue is, unless the lips or the throat do the work and it is at rest."""
    place = position.place
    if position.degree < _NARROW and place < PLACES["glottal"]:
        height = _first(_HEIGHTS, position.body_height)
        yield f"tongue {height}, {_first(_BACKNESSES, position.body_backness)}"
    elif place < _middle("labiodental", "dental"):
        if position.body_height >= 0.7:
            yield "back of the tongue raised"
    elif place <= _middle("velar", "glottal"):
        yield _constriction(place, position.degree)
    if position.groove >= 0.8:
        yield "a narrow groove along the tongue"


def _middle(a: Place, b: Place) -> float:
    return 0.5 * (PLACES[a] + PLACES[b])


def _first(steps: Sequence[tuple[float, str]], value: float) -> str:
    return next(word for least, word in steps if value >= least)


def _constriction(place: float, degree: float) -> str:
    touches = degree >= _CONTACT
    if place < _middle("dental", "alveolar"):
        return "tip of the tongue between the teeth"
    if place < _middle("alveolar", "postalveolar"):
        return f"tip of the tongue {'on' if touches else 'close to'} the ridge behind the upper teeth"
    if place < _middle("postalveolar", "palatal"):
        if degree < 0.6:
            return "tip of the tongue raised behind the ridge, touching nothing"
        return f"front of the tongue {'on' if touches else 'close to'} the roof, just behind the ridge"
    if place < _middle("palatal", "velar"):
        return "middle of the tongue close to the hard palate"
    return f"back of the tongue {'on' if touches else 'close to'} the soft palate"


def _air(positions: Sequence[Articulation]) -> Iterator[str]:
    last = positions[-1]
    if last.velum >= 0.5:
        yield "air through the nose"
    if last.lateral >= 0.5:
        yield "air past the sides of the tongue"
    if last.place > _middle("velar", "glottal") and last.noise >= 0.5:
        yield "air breathed out through the open throat"
    elif last.degree >= _CONTACT and last.noise >= 0.5:
        yield "a puff of air"
    yield "voice on" if last.voicing >= 0.5 else "no voice"
