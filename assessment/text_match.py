"""How far what was said is a reading of the text, and what is amiss where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assessment.alignment import AlignedPhone
from assessment.phones import PHONE_INDEX, SILENCE
from assessment.reading import Extra, Reading
from assessment.results import ErrorType, TextMatch

# Below this a recording is no reading of the text.
POOR_MATCH = 0.8
# A word takes about so many frames: for counting words in speech that is not in the text.
WORD_FRAMES = 30
# Out of the words of the text that were said, so many were out of order.
_DISORDERED = 0.25
# Of what was said, so much was of the text where only a part of it was read.
_OF_THE_TEXT = 0.7
# Speech has more clear phones a second of sound than this; hums, tones and noises have fewer. Even in slow
# and unclear readings there are more than the second.
_SPEECH_PHONES, _FEWEST_PHONES = 4.0, 2.5
_CLEAR = 0.5
_CLEAR_FRAMES = 3
# Of the sound in a reading, so much is in the words that were read; in a noise that resembles a word, less.
_SOUND_IN_WORDS = 0.35
# Speech outside the words that were read, so much quieter than they are, comes from another voice, if it
# has so many clear phones.
_QUIETER_DB = 6.0
_SECOND_VOICE_PHONES = 3
# Sounds so close to a word that was read may be its own, drawn out.
_MARGIN_FRAMES = 5

Floats = NDArray[np.float32]

_MESSAGES = {
    "silence": "Nothing was heard. Check that the right microphone is chosen and switched on.",
    "noise": "Sounds were heard, but nobody reading the text. Find a quiet place and read again.",
    "another-text": "What was said does not match the text. Read the text that is shown, or choose another.",
    "order": "The words of the text were said in another order. Read it from the beginning to the end.",
    "incomplete": "Only a part of the text was read. Read it to the end.",
    "second-voice": "A second voice is heard in the background: the scores may be of both. Read alone.",
}


def no_match(reason: str) -> TextMatch:
    """Return the match of a recording in which nothing of the text was read.

    Parameters
    ----------
    reason : str
        As in `TextMatch`.
    """
    return TextMatch(0.0, reason, _MESSAGES[reason])


def text_match(reading: Reading, intensity: Floats) -> TextMatch:
    """Judge how far a recording is a reading of its text.

    Parameters
    ----------
    reading : Reading
        What was read and what was said beside.
    intensity : ndarray of float32, shape (frames,)
        As from `assessment.pitch.intensity_db`.
    """
    words = len(reading.text.words)
    read = len({phone.word for phone in reading.phones})
    said = read + sum(map(_words_in, reading.extras))
    value = round(2.0 * read / (words + said), 3)
    reason = _poor(reading, read, said) if value < POOR_MATCH else ""
    if not reason and _has_second_voice(reading, intensity):
        reason = "second-voice"
    return TextMatch(value, reason, _MESSAGES.get(reason, ""))


def _words_in(extra: Extra) -> float:
    """Return how many words something said beside the text counts for; reading a word again is no harm."""
    if extra.error is ErrorType.REPETITION:
        return 0.0
    return 1.0 if extra.word is not None else (extra.last - extra.first) / WORD_FRAMES


def _poor(reading: Reading, read: int, said: float) -> str:
    disordered = _disordered(reading)
    if phones_a_second(reading.evidence.log_posteriors) < _SPEECH_PHONES:
        return "noise"
    if disordered >= _DISORDERED * (read + disordered) and read + disordered >= said / 2.0:
        return "order"
    return "incomplete" if read >= _OF_THE_TEXT * said else "another-text"


def _disordered(reading: Reading) -> int:
    """Count the words of the text that were said, but only out of its order."""
    read = {phone.word for phone in reading.phones}
    missing = [word.spoken for number, word in enumerate(reading.text.words) if number not in read]
    said = [name for extra in reading.extras for name in extra.name.split()]
    return sum((Counter(missing) & Counter(said)).values())


def phones_a_second(log_posteriors: Floats) -> float:
    """Return how many phones are clearly heard in a second of sound.

    Parameters
    ----------
    log_posteriors : ndarray of float32, shape (frames, phones)
        Natural log, every 10 ms.
    """
    seconds = 0.01 * np.count_nonzero(_sounding(log_posteriors))
    return len(_clear_phones(log_posteriors)) / max(seconds, 0.3)


def holds_no_reading(log_posteriors: Floats, phones: Sequence[AlignedPhone], other: int) -> bool:
    """Say whether words that seem to be read are but a resemblance in some other sound.

    Parameters
    ----------
    log_posteriors : ndarray of float32, shape (frames, phones)
        Natural log, every 10 ms.
    phones : sequence of AlignedPhone
        Of the words of the text that seem to be read.
    other : int
        Frames of other speech.
    """
    sounding = _sounding(log_posteriors)
    inside = _inside(phones, len(log_posteriors))
    heard = np.count_nonzero(sounding)
    if phones_a_second(log_posteriors) < _FEWEST_PHONES:
        return True
    return bool(heard > 0 and np.count_nonzero(sounding & inside) + other < _SOUND_IN_WORDS * heard)


def _sounding(log_posteriors: Floats) -> NDArray[np.bool_]:
    sounding: NDArray[np.bool_] = log_posteriors.argmax(axis=1) != PHONE_INDEX[SILENCE]
    return sounding


def _inside(phones: Sequence[AlignedPhone], frames: int) -> NDArray[np.bool_]:
    inside = np.zeros(frames, bool)
    for phone in phones:
        inside[phone.first : phone.last] = True
    return inside


def _clear_phones(log_posteriors: Floats) -> list[tuple[int, int]]:
    """Return the stretches [first, last) in which one phone is clearly the likeliest."""
    likeliest = log_posteriors.argmax(axis=1)
    clear = np.exp(log_posteriors.max(axis=1)) > _CLEAR
    bounds = np.flatnonzero(np.diff(likeliest, prepend=-1, append=-1)).tolist()
    return [
        (first, last)
        for first, last in pairwise(bounds)
        if likeliest[first] != PHONE_INDEX[SILENCE] and np.count_nonzero(clear[first:last]) >= _CLEAR_FRAMES
    ]


def _has_second_voice(reading: Reading, intensity: Floats) -> bool:
    inside = _inside(reading.phones, len(intensity))
    if not inside.any():
        return False
    own = float(np.median(intensity[inside]))
    outside = [
        (first, last)
        for first, last in _clear_phones(reading.evidence.log_posteriors)
        if not inside[max(0, first - _MARGIN_FRAMES) : last + _MARGIN_FRAMES].any()
    ]
    quiet = [span for span in outside if own - float(intensity[slice(*span)].mean()) >= _QUIETER_DB]
    return len(quiet) >= _SECOND_VOICE_PHONES
