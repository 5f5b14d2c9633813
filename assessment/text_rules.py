"""What a reading rule is: a pattern of characters, and a reader that gives the spoken words for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto

# How far a rule looks back or ahead for its neighbours: enough for any, and it keeps the time linear.
_CONTEXT = 60
_LAST_WORD = re.compile(r"([A-Za-z']+)[^A-Za-z\n]*$")
_FIRST_WORD = re.compile(r"[^A-Za-z\n]*([A-Za-z']+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One spoken word and the folded characters [start, end) that it is read from."""

    spoken: str
    start: int
    end: int
    is_letter: bool = False


class Kind(Enum):
    """What a stretch of a text is, as far as the sentences around it are concerned."""

    WORD = auto()
    ABBREVIATION = auto()  # a full stop at its end belongs to it
    LABEL = auto()  # begins an item of a list
    SKIPPED = auto()  # cannot be read as English


# None says that the rule does not apply after all; no readings say that nothing is spoken.
Readings = list[Reading] | None
Reader = Callable[[re.Match[str]], Readings]


@dataclass(frozen=True)
class Rule:
    """One way of reading characters.

    Attributes
    ----------
    name : str
        What the rule reads.
    pattern : re.Pattern
        Matched where the reader has arrived.
    read : callable
        Gives the spoken words of a match, or None to leave it to the rules further down.
    kind : Kind
        What the match is.
    """

    name: str
    pattern: re.Pattern[str]
    read: Reader
    kind: Kind = Kind.WORD


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text that is written as a table."""
    return frozenset(words.split())


def spread(words: Iterable[str], start: int, end: int) -> list[Reading]:
    """Return a reading for each word, all from the same characters [start, end)."""
    return [Reading(word, start, end) for word in words]


def whole(words: Iterable[str], match: re.Match[str], group: int | str = 0) -> list[Reading]:
    """Return a reading for each word, all from the characters of a group of a match."""
    return spread(words, *match.span(group))


def letters(text: str, start: int) -> list[Reading]:
    """Return the names of the letters of `text`, which begins at `start`, each with the dot after it."""
    return [
        Reading(found.group()[0].lower(), start + found.start(), start + found.end(), is_letter=True)
        for found in re.finditer(r"[A-Za-z]\.?", text)
    ]


def nothing(_match: re.Match[str]) -> Readings:
    """Read nothing at all: the reader of what is skipped."""
    return []


def before(match: re.Match[str]) -> str:
    """Return the characters before a match, as many as rules may look at."""
    return match.string[max(0, match.start() - _CONTEXT) : match.start()]


def after(match: re.Match[str]) -> str:
    """Return the characters after a match, as many as rules may look at."""
    return match.string[match.end() : match.end() + _CONTEXT]


def word_before(match: re.Match[str]) -> str:
    """Return the last word before a match on its line, or an empty text."""
    found = _LAST_WORD.search(before(match))
    return found.group(1) if found else ""


def word_after(match: re.Match[str]) -> str:
    """Return the first word after a match on its line, or an empty text."""
    found = _FIRST_WORD.match(after(match))
    return found.group(1) if found else ""
