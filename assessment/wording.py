"""Sentences for learners about what went wrong: plain words, letters of the text, IPA between slashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.phones import base, ipa, is_vowel, stress
from assessment.results import NO_PHONE, Word
from assessment.spelling import letters, syllable_letters

# More words than this are counted instead of named.
_NAMED = 4
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


@dataclass(frozen=True)
class Spot:
    """A phone that was not right.

    Attributes
    ----------
    word : Word
        Its word.
    place : int
        Index among the word's phones; for an added phone how many phones come before it.
    """

    word: Word
    place: int

    @property
    def symbols(self) -> tuple[str, ...]:
        """Phones of the word, ARPAbet with stress."""
        return tuple(phone.symbol for phone in self.word.phones)


def shown(word: Word) -> str:
    """Return a word as the learner reads it, or in letters if it is a number."""
    return word.text if word.text.isalpha() else word.spoken


def named(words: Sequence[str]) -> str:
    """Join words in quotation marks to a list, each once, long lists cut short."""
    quoted = [f"“{word}”" for word in dict.fromkeys(words)]
    if len(quoted) > _NAMED:
        quoted = [*quoted[: _NAMED - 1], f"{len(quoted) - _NAMED + 1} other words"]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def phone_sentence(spots: Sequence[Spot], heard: str, *, is_wrong: bool) -> str:
    """Say how a phone sounded in one or several words.

    Parameters
    ----------
    spots : sequence of Spot
        Where; the expected phone is the same in all.
    heard : str
        ARPAbet; `NO_PHONE` where nothing was heard, empty where it is not known what was.
    is_wrong : bool
        Whether it was wrong, not nearly right.
    """
    expected = spots[0].symbols[spots[0].place]
    where = f"{_sound(spots)} {named([shown(spot.word) for spot in spots])}"
    if heard == NO_PHONE:
        return f"{where} was not heard."
    if not heard:
        return f"{where} was not clear."
    like = "like" if is_wrong else "a little like"
    return f"{where} sounded {like} /{heard_ipa(heard, expected)}/."


def _sound(spots: Sequence[Spot]) -> str:
    """Name an expected phone by its letters where they are the same in all words, and by its IPA."""
    symbol = spots[0].symbols[spots[0].place]
    written = {letters(shown(spot.word), spot.symbols)[spot.place] for spot in spots}
    own = written.pop() if len(written) == 1 else ""
    if not own:
        return f"The sound /{ipa(symbol)}/ in"
    return f"The “{own}” /{ipa(symbol)}/ in"


def heard_ipa(heard: str, expected: str) -> str:
    """Return the IPA of a heard phone; a vowel in place of an unstressed one is unstressed."""
    return ipa(f"{base(heard)}0" if is_vowel(heard) and stress(expected) == 0 else base(heard))


def added_sentence(spots: Sequence[Spot], heard: str) -> str:
    """Say that a phone was added to words."""
    sound = ipa("AH0" if heard == "AH" else heard)
    if len(spots) == 1 and (after := _letters_before(spots[0])):
        return f"There was an extra /{sound}/ after the “{after}” of “{shown(spots[0].word)}”."
    return f"There was an extra /{sound}/ in {named([shown(spot.word) for spot in spots])}."


def _letters_before(spot: Spot) -> str:
    return letters(shown(spot.word), spot.symbols)[spot.place - 1] if spot.place else ""


def word_sentence(word: Word) -> str:
    """Say that a word was hard to understand, and what it sounded like."""
    if not word.heard:
        return f"“{shown(word)}” was hard to understand."
    return f"“{shown(word)}” was hard to understand: it sounded like /{''.join(map(ipa, word.heard))}/."


def omission_sentence(words: Sequence[Word]) -> str:
    """Say which words were left out."""
    return f"You left out {named([shown(word) for word in words])}."


def insertion_sentence(words: Sequence[Word]) -> str:
    """Say which words were added."""
    are = "is" if len(words) == 1 else "are"
    return f"You said {named([word.text for word in words])}, which {are} not in the text."


def stress_sentence(words: Sequence[Word]) -> str:
    """Say where the stress of words belongs; all of them have a `LexicalStress`."""
    raised = [_raised(word) for word in words]
    if len(words) > 1:
        return f"The stress belongs on another syllable in {named(raised)}."
    expected = words[0].lexical_stress.expected if words[0].lexical_stress else 0
    place = f"its {_ORDINALS[expected]}" if expected < len(_ORDINALS) else "another"
    written = "" if raised[0] == shown(words[0]) else f": {raised[0]}"
    return f"The stress of “{shown(words[0])}” belongs on {place} syllable{written}."


def _raised(word: Word) -> str:
    """Write a word with its stressed syllable in capitals, as it is where its letters do not fit."""
    parts = syllable_letters(shown(word).lower(), [phone.symbol for phone in word.phones])
    expected = word.lexical_stress.expected if word.lexical_stress else 0
    if len(parts) <= expected:
        return shown(word)
    return "-".join(part.upper() if place == expected else part for place, part in enumerate(parts))


def pause_sentence(words: Sequence[Word]) -> str:
    """Say before which words the reader paused where the text has no break."""
    if len(words) == 1:
        length = words[0].break_before.seconds if words[0].break_before else 0.0
        return f"You paused for {length:.1f} seconds before “{shown(words[0])}”, where the sentence runs on."
    return f"You paused where the sentence runs on: before {named([shown(word) for word in words])}."


def missing_pause_sentence(words: Sequence[Word]) -> str:
    """Say before which words a break is missing."""
    return f"You read on where the text has a break: before {named([shown(word) for word in words])}."
