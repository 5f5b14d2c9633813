"""Chooses, of the pronunciations of each word, the one that fits its sentence: "I read it yesterday".

The reader in hibari-tts finds out how words are used; ours lists the pronunciations.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from app.voice.phrases import Phrase, in_words, phrases
from assessment.lexicon import Pronunciation
from assessment.misaki import misaki_word, stress_marks
from assessment.text import ReferenceText

# What hibari's reader writes otherwise than we do.
_SAME = str.maketrans({"ᵊ": "ə", "ᵻ": "ɪ", "ɾ": "T", "ɐ": "ə"})
_SIGNS = '.?!…,;:—“”"()'
_LOADING = threading.Lock()


def fitting(text: ReferenceText, choices: Sequence[Sequence[Pronunciation]]) -> list[Pronunciation]:
    """Choose a pronunciation for each word.

    Parameters
    ----------
    text : ReferenceText
        Any text.
    choices : sequence of sequences of Pronunciation
        For each word its pronunciations, at least one, as from `Assessor.pronunciations`.

    Returns
    -------
    list of Pronunciation
        The one that sounds most like what hibari's reader makes of the sentence; the first where that
        cannot tell.
    """
    chosen = [each[0] for each in choices]
    if all(len(each) == 1 for each in choices):
        return chosen
    with _LOADING:
        read = _reader()
    for phrase in phrases(text):
        for number, sound in _sounds(text, phrase, read):
            marks = stress_marks(text.words[number].spoken)
            options = [_plain(misaki_word(option, marks)) for option in choices[number]]
            chosen[number] = choices[number][_nearest(options, sound)]
    return chosen


def _sounds(text: ReferenceText, phrase: Phrase, read: Callable[[str], str]) -> Iterator[tuple[int, str]]:
    """Yield words with what the reader makes of them, if it sees the same words."""
    sounds = [sound.strip(_SIGNS) for sound in read(in_words(text, phrase)).split()]
    sounds = [_plain(sound) for sound in sounds if sound]
    if len(sounds) == phrase.last - phrase.first:
        yield from zip(range(phrase.first, phrase.last), sounds, strict=True)


def _plain(sound: str) -> str:
    return sound.translate(_SAME)


def _nearest(options: Sequence[str], sound: str) -> int:
    """Return which option is the likest; the first of equals."""
    likeness = [SequenceMatcher(None, option, sound, autojunk=False).ratio() for option in options]
    return likeness.index(max(likeness))


@cache
def _reader() -> Callable[[str], str]:
    """Return a function that writes a sentence in misaki's symbols; nothing if hibari is not installed."""
    try:
        from hibari.g2p import G2P

        reader: Callable[[str], str] = G2P()
    except Exception:  # whatever is wrong with the installation: the first pronunciations will do
        return lambda _sentence: ""
    return reader
