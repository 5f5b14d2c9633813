"""Articulation tips: what tongue, lips, jaw and voice should do instead, by phone, confusion or topic."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, get_args

from assessment.errors import ElocuteError
from assessment.phones import FEATURES, PHONES, Backness, Features, Height, base, is_phone, is_vowel
from assessment.resources import resource
from assessment.results import NO_PHONE

POSITIONS = ("initial", "medial", "final")

# From high to low and from front to back, as phones.py lists them.
_HEIGHTS: tuple[Height | None, ...] = get_args(Height)
_BACKNESSES: tuple[Backness | None, ...] = get_args(Backness)

# Nobody can mind more differences than these at a time.
_MOST_CHANGES = 3

# An expected phone, the heard one, and the position in the word if it matters.
Confusion = tuple[str, str, str | None]
# A group of features.toml and a name in it.
Phrase = tuple[str, str]
T = TypeVar("T")


class TipsError(ElocuteError):
    """A file of tips is missing or damaged."""


@dataclass(frozen=True)
class Tip:
    """What a learner can do, in plain English.

    Attributes
    ----------
    instruction : str
        What tongue, lips, jaw and voice do; at most 320 characters.
    pair : tuple of str
        A minimal pair to contrast: the word with the expected phone, the word that it becomes with
        the heard one; or one word to practise; or nothing.
    """

    instruction: str
    pair: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sound:
    """A phone as learners know it: its letters in an example word, and how it is made."""

    spelled: str
    example: str
    instruction: str


def phone_tip(expected: str, heard: str | None = None, position: str | None = None) -> Tip:
    """Return the tip for a phone, or for one phone that was heard in place of another.

    Parameters
    ----------
    expected : str
        ARPAbet; `NO_PHONE` if the heard phone was added. Stress is ignored, but AH0, the weak vowel,
        has tips of its own.
    heard : str, optional
        ARPAbet; `NO_PHONE` if the expected phone was left out. None, or the expected phone itself,
        gives the general tip.
    position : {"initial", "medial", "final"}, optional
        Where the phone stands in its word.

    Returns
    -------
    Tip
        The one written for this confusion at this position, else for this confusion; else one
        composed from the features in which the two phones differ and the general tip.

    Raises
    ------
    ValueError
        There is no such phone or position.
    ElocuteError
        The tips are missing or damaged.
    """
    return _shipped().phone(expected, heard, position)


def topic_tip(topic: str) -> Tip:
    """Return the tip for something that is not a phone, such as ``"monotone"`` or ``"too-fast"``.

    Raises
    ------
    ValueError
        There is no such topic.
    ElocuteError
        The tips are missing or damaged.
    """
    return _shipped().topic(topic)


@cache
def _shipped() -> Tips:
    return Tips(resource("tips", "en-US"))


class Tips:
    """The tips of a folder, each file of which is read when it is first needed.

    Parameters
    ----------
    folder : Path
        Holds ``phones.toml``, ``consonants.toml``, ``vowels.toml``, ``left_out.toml``, ``added.toml``,
        ``features.toml`` and ``topics.toml``; each begins with a comment on its form.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._confusions: dict[str, Mapping[Confusion, Tip]] = {}

    def phone(self, expected: str, heard: str | None = None, position: str | None = None) -> Tip:
        """Return the tip for a phone or a confusion, as `phone_tip` does.

        Raises
        ------
        ValueError
            There is no such phone or position.
        TipsError
            A file of tips is missing or damaged.
        """
        _check(expected, heard, position)
        if heard is None or base(heard) == base(expected):
            sound = self._sound(expected)
            return Tip(sound.instruction, (sound.example,))
        heard = base(heard)
        written = self._written(_file(expected, heard))
        keys = ((phone, heard, place) for phone in (expected, base(expected)) for place in (position, None))
        return next((written[key] for key in keys if key in written), None) or self._composed(
            expected, heard, position
        )

    def topic(self, topic: str) -> Tip:
        """Return the tip for a topic, as `topic_tip` does.

        Raises
        ------
        ValueError
            There is no such topic.
        TipsError
            The file of topics is missing or damaged.
        """
        if topic not in self._topics:
            raise ValueError(f"there is no tip on {topic!r}; there are tips on {', '.join(self._topics)}")
        return self._topics[topic]

    # --- the files ---

    def _read(self, name: str, parse: Callable[[dict[str, Any]], T]) -> T:
        path = self._folder / name
        try:
            return parse(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise self._damaged(name, str(problem)) from problem

    def _damaged(self, name: str, problem: str) -> TipsError:
        return TipsError(
            f'The tips in "{self._folder / name}" cannot be read ({problem}). '
            "Install Elocute again to bring them back."
        )

    def _sound(self, phone: str) -> _Sound:
        return self._sounds.get(phone) or self._sounds[base(phone)]

    @cached_property
    def _sounds(self) -> Mapping[str, _Sound]:
        sounds = self._read("phones.toml", lambda data: {phone: _sound(data[phone]) for phone in data})
        missing = [phone for phone in PHONES if phone not in sounds]
        if missing:
            raise self._damaged("phones.toml", f"it lacks {', '.join(missing)}")
        return sounds

    def _written(self, name: str) -> Mapping[Confusion, Tip]:
        if name not in self._confusions:
            self._confusions[name] = self._read(name, lambda data: dict(_confusions(data)))
        return self._confusions[name]

    @cached_property
    def _topics(self) -> Mapping[str, Tip]:
        return self._read("topics.toml", lambda data: {topic: _tip(data[topic]) for topic in data})

    @cached_property
    def _phrases(self) -> Mapping[Phrase, str]:
        return self._read(
            "features.toml",
            lambda data: {(group, name): text for group in data for name, text in data[group].items()},
        )

    def _phrase(self, group: str, name: str) -> str:
        if (group, name) not in self._phrases:
            raise self._damaged("features.toml", f'it lacks "{name}" of [{group}]')
        return self._phrases[group, name]

    # --- tips that nobody wrote ---

    def _composed(self, expected: str, heard: str, position: str | None) -> Tip:
        if expected == NO_PHONE:
            return Tip(f"{self._heard('added', heard)} {self._phrase('added', _organ(FEATURES[heard]))}")
        sound = self._sound(expected)
        if heard == NO_PHONE:
            return Tip(f"{self._phrase('left-out', position or 'anywhere')} {sound.instruction}")
        changes = islice(_changes(FEATURES[base(expected)], FEATURES[heard]), _MOST_CHANGES)
        change = self._phrase("change", "sentence").format(
            changes=_joined([self._phrase(*change) for change in changes])
        )
        return Tip(f"{self._heard('phone', heard)} {change} {sound.instruction}", (sound.example,))

    def _heard(self, name: str, phone: str) -> str:
        sound = self._sound(phone)
        return self._phrase("heard", name).format(spelled=sound.spelled, example=sound.example)


def _check(expected: str, heard: str | None, position: str | None) -> None:
    for phone in (expected, heard):
        if phone is not None and phone != NO_PHONE and not is_phone(phone):
            raise ValueError(f"{phone!r} is not an ARPAbet phone")
    if expected == NO_PHONE and heard in (None, NO_PHONE):
        raise ValueError(f"an expected phone {NO_PHONE!r} needs the phone that was added")
    if position is not None and position not in POSITIONS:
        raise ValueError(f"{position!r} is not a position in a word: {', '.join(POSITIONS)}")


def _file(expected: str, heard: str) -> str:
    """Return the file where a confusion belongs."""
    if expected == NO_PHONE:
        return "added.toml"
    if heard == NO_PHONE:
        return "left_out.toml"
    return "vowels.toml" if is_vowel(expected) else "consonants.toml"


def _text(entry: Mapping[str, Any]) -> str:
    """Return the text of a tip, which may be broken into lines."""
    return " ".join(entry["tip"].split())


def _sound(entry: Mapping[str, Any]) -> _Sound:
    return _Sound(entry["spelled"], entry["example"], _text(entry))


def _tip(entry: Mapping[str, Any]) -> Tip:
    example = (entry["example"],) if "example" in entry else ()
    return Tip(_text(entry), tuple(entry.get("pair", example)))


def _confusions(data: Mapping[str, Any]) -> Iterator[tuple[Confusion, Tip]]:
    """Yield the tips of a file: those of a confusion, and those of it at one position only."""
    for expected, confusions in data.items():
        for heard, entry in confusions.items():
            if "tip" in entry:
                yield (expected, heard, None), _tip(entry)
            for position in POSITIONS:
                if position in entry:
                    yield (expected, heard, position), _tip(entry[position])


def _organ(added: Features) -> str:
    """Return the phrase of [added] that tells what to keep still."""
    return added.place or "vowel"


def _joined(phrases: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(phrases[:-1]), phrases[-1])))


def _changes(wanted: Features, got: Features) -> Iterator[Phrase]:
    """Yield what must change, the most audible first."""
    if wanted.kind != got.kind:
        yield "kind", wanted.kind
    elif wanted.kind == "vowel":
        yield from _vowel_changes(wanted, got)
    else:
        yield from _consonant_changes(wanted, got)


def _consonant_changes(wanted: Features, got: Features) -> Iterator[Phrase]:
    if wanted.voiced != got.voiced:
        yield "voice", "on" if wanted.voiced else "off"
    if wanted.place != got.place:
        yield "place", str(wanted.place)
    if wanted.manner != got.manner:
        yield "manner", str(wanted.manner)


def _vowel_changes(wanted: Features, got: Features) -> Iterator[Phrase]:
    if wanted.rhotic != got.rhotic:
        yield "rhotic", "on" if wanted.rhotic else "off"
    if wanted.rounded != got.rounded:
        yield "rounded", "on" if wanted.rounded else "off"
    lower = _HEIGHTS.index(wanted.height) - _HEIGHTS.index(got.height)
    if lower:
        yield "height", "lower" if lower > 0 else "higher"
    if wanted.glide != got.glide:
        yield "glide", wanted.glide or "none"
    backer = _BACKNESSES.index(wanted.backness) - _BACKNESSES.index(got.backness)
    if backer:
        yield "backness", "backer" if backer > 0 else "fronter"
