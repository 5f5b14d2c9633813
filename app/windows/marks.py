"""What is marked on the words of a reading, and how each word and mark is told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.settings import Marking
from assessment.bands import band
from assessment.phones import base, ipa, ipa_word
from assessment.results import NO_PHONE, Assessment, ErrorType, Phone, Verdict, Word

# Accuracies below which a word is marked as nearly right and as wrong. The first pair are the bands of
# the experts' rubric; the others move them for beginners and for the demanding.
STRICTNESS = {"normal": (85.0, 60.0), "lenient": (70.0, 45.0), "strict": (93.0, 75.0)}
# Breaks are marked from this probability.
_SURE = 0.5


class MarkKind(StrEnum):
    """What a mark says."""

    NEARLY = "nearly"
    WRONG = "wrong"
    LEFT_OUT = "left-out"
    ADDED = "added"
    AGAIN = "again"
    PAUSE = "pause"
    NO_PAUSE = "no-pause"


@dataclass(frozen=True)
class Mark:
    """A sign on the text.

    Attributes
    ----------
    kind : MarkKind
        What it says.
    word : int
        Index in `Assessment.words` of the word it belongs to; a pause belongs to the word after it.
    start, end : int
        Span in the text; empty for what stands between words.
    label : str
        Shown beside it: the added word; nothing for most.
    """

    kind: MarkKind
    word: int
    start: int
    end: int
    label: str = ""


def marks(assessment: Assessment, marking: Marking) -> tuple[Mark, ...]:
    """Return the marks of a reading.

    Parameters
    ----------
    assessment : Assessment
        The result.
    marking : Marking
        How strict to be, and which kinds are shown.
    """
    named = {
        index
        for problem in assessment.problems
        if problem.kind in ("phone", "word", "stress")
        for index in problem.words
    }
    return tuple(
        mark
        for index, word in enumerate(assessment.words)
        for mark in _marks(index, word, marking, is_named=index in named)
    )


def _marks(index: int, word: Word, marking: Marking, *, is_named: bool) -> Iterator[Mark]:
    span = word.char_start, word.char_end
    if word.is_extra:
        if marking.show_added:
            kind = MarkKind.AGAIN if word.error is ErrorType.REPETITION else MarkKind.ADDED
            yield Mark(kind, index, word.char_start, word.char_start, word.text)
        return
    if word.error is ErrorType.OMISSION:
        if marking.show_left_out:
            yield Mark(MarkKind.LEFT_OUT, index, *span)
        return
    said = judged(word, marking.strictness) or (MarkKind.NEARLY if is_named else None)
    if said is not None and marking.show_mispronounced:
        yield Mark(said, index, *span)
    if marking.show_pauses and word.break_before is not None:
        if word.break_before.unexpected >= _SURE:
            yield Mark(MarkKind.PAUSE, index, word.char_start, word.char_start)
        elif word.break_before.missing >= _SURE:
            yield Mark(MarkKind.NO_PAUSE, index, word.char_start, word.char_start)


def judged(word: Word, strictness: str) -> MarkKind | None:
    """Return how a word that was said is marked; None if it is right."""
    nearly, wrong = STRICTNESS[strictness]
    if word.accuracy < wrong:
        return MarkKind.WRONG
    misplaced = word.lexical_stress is not None and not word.lexical_stress.correct
    has_wrong = any(phone.verdict is Verdict.WRONG for phone in word.phones)
    return MarkKind.NEARLY if word.accuracy < nearly or misplaced or has_wrong else None


def symbol(phone: str, alphabet: str) -> str:
    """Write a phone in the alphabet of the settings, "ipa" or "arpabet"."""
    if phone == NO_PHONE:
        return "–"
    return ipa(phone) if alphabet == "ipa" else phone


def transcription(word: Word, alphabet: str) -> str:
    """Write the expected phones of a word, in slashes."""
    phones = [phone.symbol for phone in word.phones]
    return f"/{ipa_word(phones) if alphabet == 'ipa' else ' '.join(phones)}/"


def described(assessment: Assessment, index: int, alphabet: str = "ipa") -> str:
    """Tell in a sentence or two how a word was read, for a hint and for screen readers.

    Parameters
    ----------
    assessment : Assessment
        The result.
    index : int
        Of the word in `Assessment.words`.
    alphabet : {"ipa", "arpabet"}
        In which phones are written.
    """
    word = assessment.words[index]
    if word.error is ErrorType.OMISSION:
        return f"“{word.text}” was left out."
    if word.error is ErrorType.INSERTION:
        return f"“{word.text}” was added: it is not in the text."
    if word.error is ErrorType.REPETITION:
        return f"“{word.text}” was said again."
    parts = [f"“{word.text}”: {word.accuracy:.0f} of 100, {band('word', word.accuracy).name}."]
    parts += [told for phone in word.phones if (told := _told(phone, alphabet))]
    place = word.lexical_stress
    if place is not None and not place.correct:
        parts.append(f"The stress was on syllable {place.heard + 1}; it belongs on {place.expected + 1}.")
    if word.break_before is not None and word.break_before.unexpected >= _SURE:
        parts.append(f"A pause of {word.break_before.seconds:.1f} s before it was not expected.")
    elif word.break_before is not None and word.break_before.missing >= _SURE:
        parts.append("A short pause before it was missing.")
    return " ".join(parts)


def _told(phone: Phone, alphabet: str) -> str:
    if phone.verdict is Verdict.RIGHT:
        return ""
    name, heard = symbol(base(phone.symbol), alphabet), phone.heard_instead
    sure = phone.verdict is Verdict.WRONG
    if heard == NO_PHONE:
        return f"/{name}/ {'was' if sure else 'was perhaps'} left out."
    if heard is None:
        return f"/{name}/ was not {'clear' if sure else 'quite clear'}."
    return f"/{name}/ sounded {'like' if sure else 'a little like'} /{symbol(heard, alphabet)}/."
