"""Divides a text into phrases that are said in one breath, and joins their sound with pauses between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from app.voice.speech import Floats, Spoken, VoiceError
from assessment.control import Control
from assessment.misaki import stress_marks
from assessment.text import ReferenceText, ReferenceWord

# Longer sentences are said in several phrases: synthesisers lose their way in them.
MAX_WORDS = 40
# Silence after a phrase in seconds, by what ends with it.
PARAGRAPH_REST, SENTENCE_REST, COMMA_REST, NO_REST = 0.9, 0.5, 0.25, 0.05
# Silence before and after everything: a sound card may swallow the first moments.
EDGE_REST = 0.2
FULL_STRESS: Mapping[str, str] = {"1": "ˈ", "2": "ˌ"}

# Sound this much weaker than the loudest moment of a phrase is its silence, in dB.
_SILENCE_DB = -50.0
_MOMENT_SECONDS = 0.01
# What is left of that silence, lest a weak consonant be cut.
_KEPT_SECONDS = 0.04
_DASH = re.compile(r"—|–|--|\s-|-\s")


@dataclass(frozen=True)
class Phrase:
    """Words that are said in one breath.

    Attributes
    ----------
    first, last : int
        Words [first, last) of the text.
    rest : float
        Silence afterwards in seconds, at the usual speed.
    """

    first: int
    last: int
    rest: float


def phrases(text: ReferenceText) -> list[Phrase]:
    """Divide a text: by its sentences, and long sentences near their middle.

    Parameters
    ----------
    text : ReferenceText
        Any text.

    Returns
    -------
    list of Phrase
        Of at most `MAX_WORDS` words each, one after the other; they hold every word.
    """
    found: list[Phrase] = []
    for _, numbers in groupby(range(len(text.words)), key=lambda number: text.words[number].sentence):
        sentence = list(numbers)
        found += _breaths(text.words, sentence[0], sentence[-1] + 1)
    return found


def _breaths(words: Sequence[ReferenceWord], first: int, last: int) -> Iterator[Phrase]:
    if last - first <= MAX_WORDS:
        yield Phrase(first, last, _rest(words, last))
        return
    middle, quarter = (first + last) // 2, (last - first) // 4
    commas = [at for at in range(middle - quarter, middle + quarter) if words[at - 1].break_after]
    cut = min(commas, key=lambda at: abs(at - middle), default=middle)
    yield from _breaths(words, first, cut)
    yield from _breaths(words, cut, last)


def _rest(words: Sequence[ReferenceWord], last: int) -> float:
    """Return the silence that belongs before the word `last`."""
    if last == len(words):
        return EDGE_REST
    before, after = words[last - 1], words[last]
    if before.paragraph != after.paragraph:
        return PARAGRAPH_REST
    if before.sentence != after.sentence:
        return SENTENCE_REST
    return COMMA_REST if before.break_after else NO_REST


def sign_after(text: ReferenceText, number: int) -> str:
    """Return the punctuation mark that tells a voice how to say what leads up to a word's end.

    Parameters
    ----------
    text : ReferenceText
        Any text.
    number : int
        Index of the word.

    Returns
    -------
    str
        One of ``. ? ! … , ; : —``, or nothing where the text calls for no pause.
    """
    word = text.words[number]
    if not word.break_after:
        return ""
    end = text.words[number + 1].start if number + 1 < len(text.words) else len(text.text)
    # An abbreviation may hold the full stop that ends its sentence.
    gap = text.text[word.end : end]
    return _final_sign(gap) if word.break_after == "major" else _inner_sign(gap)


def _final_sign(gap: str) -> str:
    if "…" in gap or ".." in gap:
        return "…"
    return next((character for character in gap if character in ".?!"), ".")


def _inner_sign(gap: str) -> str:
    if _DASH.search(gap):
        return "—"
    return next((character for character in gap if character in ",;:"), ",")


def accents(text: ReferenceText, phrase: Phrase) -> list[Mapping[str, str]]:
    """Say how the stress of each word of a phrase is marked, by digit of stress.

    Parameters
    ----------
    text : ReferenceText
        Any text.
    phrase : Phrase
        A part of it.

    Returns
    -------
    list of mapping of str to str
        As from `assessment.misaki.stress_marks`; a phrase of function words alone is stressed on its last.
    """
    words = text.words[phrase.first : phrase.last]
    marks = [FULL_STRESS if word.is_letter else stress_marks(word.spoken) for word in words]
    if FULL_STRESS not in marks:
        marks[-1] = FULL_STRESS
    return marks


def in_words(text: ReferenceText, phrase: Phrase | None = None) -> str:
    """Write a text in the words that are to be said: numbers and abbreviations in full.

    Parameters
    ----------
    text : ReferenceText
        Any text.
    phrase : Phrase, optional
        The part of it that is wanted.

    Returns
    -------
    str
        Such as ``"On May third, I paid five dollars."``, each paragraph in a line of its own.
    """
    numbers = range(len(text.words)) if phrase is None else range(phrase.first, phrase.last)
    written = ""
    for number in numbers:
        word = text.words[number]
        if written:
            written += " " if text.words[number - 1].paragraph == word.paragraph else "\n"
        written += _as_written(text, word) + sign_after(text, number)
    return written


def _as_written(text: ReferenceText, word: ReferenceWord) -> str:
    """Return a word with the capitals that tell a name, and I."""
    display = text.display(word)
    if word.is_letter:
        return word.spoken.capitalize()
    return display if display.lower() == word.spoken else word.spoken


def say_phrases(
    text: ReferenceText,
    say: Callable[[Phrase], Floats],
    rate: int,
    speed: float = 1.0,
    control: Control | None = None,
) -> Spoken:
    """Say a text phrase by phrase.

    Parameters
    ----------
    text : ReferenceText
        What to say.
    say : callable
        Returns the samples of a phrase.
    rate : int
        Of those samples, a second.
    speed : float
        The pauses are divided by it.
    control : Control, optional
        Hears of the progress after each phrase, and can stop the work.

    Raises
    ------
    VoiceError
        If nothing was to be heard.
    Cancelled
        If `control` was cancelled.
    """
    control = control or Control()
    parts = [_silence(EDGE_REST, rate)]
    found = phrases(text)
    for number, phrase in enumerate(found, start=1):
        control.check()
        parts += (trimmed(say(phrase), rate), _silence(phrase.rest / speed, rate))
        control.report(number / len(found))
    return _spoken(np.concatenate(parts), rate)


def with_silence(samples: Floats, rate: int) -> Spoken:
    """Give speech the silence before and after it that all voices have.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Of a whole text.
    rate : int
        Samples a second.

    Raises
    ------
    VoiceError
        If there is nothing to be heard.
    """
    edge = _silence(EDGE_REST, rate)
    return _spoken(np.concatenate([edge, trimmed(samples, rate), edge]), rate)


def _spoken(samples: Floats, rate: int) -> Spoken:
    if not samples.any():
        raise VoiceError("The voice said nothing. Choose another voice in the settings.")
    return Spoken(np.clip(samples, -1.0, 1.0), rate)


def trimmed(samples: Floats, rate: int) -> Floats:
    """Cut the silence before and after speech.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Of one phrase.
    rate : int
        Samples a second.

    Returns
    -------
    ndarray of float32, shape (m,)
        With 40 ms of the silence left; empty if there is nothing but silence.
    """
    hop = round(_MOMENT_SECONDS * rate)
    moments = np.pad(samples, (0, -len(samples) % hop)).reshape(-1, hop)
    power = np.einsum("ij,ij->i", moments, moments)
    loud = np.flatnonzero(power > power.max(initial=0.0) * 10.0 ** (_SILENCE_DB / 10.0))
    if not len(loud):
        return samples[:0]
    kept = round(_KEPT_SECONDS * rate)
    return samples[max(0, int(loud[0]) * hop - kept) : (int(loud[-1]) + 1) * hop + kept]


def _silence(seconds: float, rate: int) -> Floats:
    return np.zeros(round(seconds * rate), np.float32)
