"""The five bands of a teacher's marks: which key gives which score, and what that means."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.bands import BANDS


@dataclass(frozen=True, slots=True)
class Level:
    """One of the marks that a teacher can give.

    Attributes
    ----------
    number : int
        1 for the worst to 5 for the best; also its key.
    name : str
        What it means, in a few words.
    score : float
        What is kept, 0-100.
    """

    number: int
    name: str
    score: float


def _levels(aspect: str) -> tuple[Level, ...]:
    """Return a level for each band of an aspect, the worst first; its score is the middle of the band."""
    highest = 100.0
    middles: list[tuple[str, float]] = []
    for band in BANDS[aspect]:
        middles.append((band.name, (band.lower + highest) / 2))
        highest = band.lower
    return tuple(Level(number, *each) for number, each in enumerate(reversed(middles), 1))


WORD = _levels("word")
READING = _levels("overall")
# The first, the third and the fifth are the three marks that experts give phones; the others lie on the
# same side of the limits between them, see `revised.phone_verdict`.
PHONE = (
    Level(1, "wrong", 0.0),
    Level(2, "hardly right", 20.0),
    Level(3, "with an accent", 50.0),
    Level(4, "nearly right", 80.0),
    Level(5, "right", 100.0),
)


def nearest(levels: tuple[Level, ...], score: float) -> Level:
    """Return the level whose score is nearest to one of 0-100."""
    return min(levels, key=lambda level: abs(level.score - score))
