"""Says in plain words why a sound is to be practised, and why a text is read for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.library.progress_words import phone_words
from assessment.phones import ipa
from assessment.results import NO_PHONE

# Mean scores from which on a phone is partly clear, nearly right and clear; our choice, but the first, below
# which phones count as wrong.
HARD_FROM, GOOD_FROM, EASY_FROM = 60.0, 75.0, 90.0
# What is heard instead is "often" heard from this share of the tries on.
_OFTEN = 1 / 3
# From this share of wrong ones on they are counted out.
_MANY_WRONG = 1 / 4
_WEEKS_FROM, _MONTHS_FROM = 14, 60


@dataclass(frozen=True)
class Heard:
    """What was heard in place of a phone.

    Attributes
    ----------
    phone : str
        ARPAbet without stress; `NO_PHONE` if nothing was.
    times, tries : int
        How often it was heard, of how many of the phone that were looked at.
    """

    phone: str
    times: int
    tries: int


@dataclass(frozen=True)
class Facts:
    """What is known of a phone of a learner.

    Attributes
    ----------
    said, wrong : int
        How often it was judged, and how often it was wrong.
    mean : float
        How well it is said, 0-100.
    last_well : datetime or None
        When it was last said well in a reading.
    heard : Heard or None
        What is heard instead most often, lately.
    """

    said: int
    wrong: int
    mean: float
    last_well: datetime | None
    heard: Heard | None


def reason(facts: Facts, now: datetime, alphabet: str = "ipa", zone: tzinfo | None = None) -> str:
    """Tell why a phone is to be practised, as ``"Often sounds like /s/. Last said well 3 days ago."``.

    Parameters
    ----------
    facts : Facts
        What is known of it.
    now : datetime
        The present.
    alphabet : {"ipa", "arpabet"}
        In which phones are written.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.
    """
    return f"{_how(facts, alphabet)} {_when(facts, now, zone)}".strip()


def _how(facts: Facts, alphabet: str) -> str:
    heard = facts.heard
    if heard is not None:
        often = "often" if heard.times >= _OFTEN * heard.tries else "sometimes"
        if heard.phone == NO_PHONE:
            return f"Is {often} left out."
        return f"{often.capitalize()} sounds like {slashed(heard.phone, alphabet)}."
    if facts.said and facts.wrong >= _MANY_WRONG * facts.said:
        return f"Not clear {times(facts.wrong)} out of {facts.said}."
    if facts.mean < GOOD_FROM:
        return "Often not quite clear."
    return "Nearly right most of the time." if facts.mean < EASY_FROM else "You say it well now: keep it so."


def _when(facts: Facts, now: datetime, zone: tzinfo | None) -> str:
    if facts.last_well is None:
        return "Not said well yet."
    return "" if facts.mean >= EASY_FROM else f"Last said well {ago(facts.last_well, now, zone)}."


def mastery_words(mean: float) -> str:
    """Return how well a sound is said, 0-100, in a word or two."""
    if mean < HARD_FROM:
        return "hard to understand"
    if mean < GOOD_FROM:
        return "partly unclear"
    return "nearly right" if mean < EASY_FROM else "clear"


def slashed(phone: str, alphabet: str) -> str:
    """Return a phone between slashes, in the alphabet of the settings."""
    return f"/{ipa(phone) if alphabet == 'ipa' else phone}/"


def times(number: int) -> str:
    """Return a number of times, as ``"once"`` or ``"3 times"``."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def ago(when: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Return how long something is past, as ``"yesterday"`` or ``"3 days ago"``.

    Parameters
    ----------
    when, now : datetime
        With their zones.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.
    """
    days = (now.astimezone(zone).date() - when.astimezone(zone).date()).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days < _WEEKS_FROM:
        return f"{days} days ago"
    if days < _MONTHS_FROM:
        return f"{days // 7} weeks ago"
    return f"{days // 30} months ago"


def due_words(due: datetime | None, now: datetime, *, is_due: bool, zone: tzinfo | None = None) -> str:
    """Return when a sound is due, as ``"due now"`` or ``"due in 3 days"``; "" if nobody knows yet.

    Parameters
    ----------
    due : datetime or None
        When its card is due.
    now : datetime
        The present.
    is_due : bool
        Whether it is to be practised now.
    zone : tzinfo, optional
        Where days begin; by default the zone of the computer.
    """
    if is_due:
        return "due now"
    if due is None or due <= now:
        return ""
    days = (due.astimezone(zone).date() - now.astimezone(zone).date()).days
    return "due tomorrow" if days <= 1 else f"due in {days} days"


def item_reason(phone: str, count: int, note: str, *, is_words: bool, alphabet: str = "ipa") -> str:
    """Tell why a text is read, as ``"Words with /θ/ as in “think”."``.

    Parameters
    ----------
    phone : str
        For which it was chosen.
    count : int
        How often the text has it.
    note : str
        What the lesson says to attend to; "" for nothing.
    is_words : bool
        Whether it is a list of words.
    alphabet : {"ipa", "arpabet"}
        In which phones are written.
    """
    sound = phone_words(phone, alphabet)
    told = f"Words with {sound}." if is_words else f"A sentence that has {sound} {times(count)}."
    return f"{told} {note}".strip()
