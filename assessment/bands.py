"""What scores mean in words: bands with the meaning of the rubric that the experts marked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Band:
    """A range of scores with one meaning.

    Attributes
    ----------
    lower : float
        Lowest score in it; it reaches up to the band before it.
    name : str
        A few words, to stand beside a number or in its place.
    description : str
        One sentence.
    level : int
        0 for the best band of its aspect, then counting up.
    """

    lower: float
    name: str
    description: str
    level: int


def _bands(*entries: tuple[float, str, str]) -> tuple[Band, ...]:
    return tuple(
        Band(lower, name, description, level) for level, (lower, name, description) in enumerate(entries)
    )


_INTELLIGIBILITY = _bands(
    (85.0, "clear", "Everything is easy to understand."),
    (65.0, "clear, with an accent", "Good, with a few mistakes."),
    (45.0, "partly unclear", "It can be understood, but there are many mistakes."),
    (25.0, "hard to understand", "A listener understands little of it."),
    (0.0, "hardly recognisable", "No more than a word or two can be recognised."),
)
BANDS: Mapping[str, tuple[Band, ...]] = MappingProxyType(
    {
        "overall": _INTELLIGIBILITY,
        "accuracy": _INTELLIGIBILITY,
        "fluency": _bands(
            (75.0, "fluent", "The reading flows, without needless pauses or repetitions."),
            (55.0, "a few breaks", "There are a few pauses, repetitions or hesitations."),
            (35.0, "many breaks", "There are many pauses, repetitions or hesitations."),
            (0.0, "halting", "The words come one by one."),
        ),
        "prosody": _bands(
            (85.0, "natural", "The melody is right and the speed steady."),
            (65.0, "nearly natural", "Melody and speed are nearly right."),
            (45.0, "uneven", "The speed changes and the melody is often not right."),
            (25.0, "without rhythm", "There is little rhythm and melody."),
            (0.0, "word by word", "The words do not join to a sentence."),
        ),
        "completeness": _bands(
            (100.0, "every word", "Every word was read."),
            (80.0, "nearly every word", "A few words were left out."),
            (50.0, "most words", "Many words were left out."),
            (0.0, "few words", "Most words were left out."),
        ),
        "word": _bands(
            (85.0, "clear", "The word is right."),
            (60.0, "clear, with an accent", "Most of it is right, with an accent."),
            (35.0, "partly unclear", "Some of its sounds are wrong."),
            (15.0, "hard to understand", "Much of it is wrong, or it sounds like another word."),
            (0.0, "hardly recognisable", "It can hardly be told from other words."),
        ),
    }
)
"""The bands of each aspect, best first. The experts gave whole marks (0-10), so a band reaches
from half a mark below its lowest one; that of a clear word, whose mark is 10, from 85, and that of an
accented one down to the 60 below which a word counts as mispronounced."""


def band(aspect: str, score: float) -> Band:
    """Return the band of a score.

    Parameters
    ----------
    aspect : str
        ``overall``, ``accuracy``, ``fluency``, ``prosody`` or ``completeness`` of a reading,
        or ``word``.
    score : float
        0-100.

    Raises
    ------
    KeyError
        There is no such aspect.
    """
    return next(each for each in BANDS[aspect] if score >= each.lower)
