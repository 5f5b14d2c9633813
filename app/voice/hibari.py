"""The neural voice of hibari-tts, which says any phones with the melody that the punctuation calls for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from app.voice.phrases import Phrase, accents, say_phrases, sign_after
from app.voice.speech import Floats, Spoken, VoiceError, check_request
from assessment.control import Control
from assessment.lexicon import Pronunciation
from assessment.misaki import misaki_word
from assessment.text import ReferenceText

if TYPE_CHECKING:
    from hibari import Hibari

# The one voice in the package; others would be downloaded.
_VOICE = "heart"
_RATE = 24_000
# Of the noise in the voice: the same text always sounds the same.
_SEED = 0
_LOADING = threading.Lock()


class HibariVoice:
    """An American woman's voice; its model is loaded when it first speaks, and kept."""

    key = "hibari"
    name = "Natural voice"
    says_phones = True

    @staticmethod
    def is_available() -> bool:
        """Whether the voice is installed."""
        return find_spec("hibari") is not None

    def say(
        self,
        text: ReferenceText,
        pronunciations: Sequence[Pronunciation],
        speed: float = 1.0,
        control: Control | None = None,
    ) -> Spoken:
        """Say a text; takes and raises what `Voice.say` does."""
        check_request(text, pronunciations, speed)
        with _LOADING:
            model = _model()

        def say(phrase: Phrase) -> Floats:
            written = in_misaki(text, phrase, pronunciations)
            return np.asarray(model.from_phonemes(written, speed=speed, seed=_SEED), np.float32)

        return say_phrases(text, say, _RATE, speed, control)


@cache
def _model() -> Hibari:
    try:
        # Imported here because it takes a while, as the model does.
        from hibari import Hibari

        return Hibari(_VOICE)
    except Exception as problem:  # whatever is wrong with the installation
        raise VoiceError(
            f"The natural voice cannot be loaded ({problem}). Install Elocute again, or choose another "
            "voice in the settings."
        ) from problem


def in_misaki(text: ReferenceText, phrase: Phrase, pronunciations: Sequence[Pronunciation]) -> str:
    """Write a phrase in the symbols that hibari reads.

    Parameters
    ----------
    text : ReferenceText
        The whole text.
    phrase : Phrase
        The part of it.
    pronunciations : sequence of Pronunciation
        Of each word of the text.

    Returns
    -------
    str
        Such as ``"mˈɑɹk ɪz ɡˈOɪŋ."``.
    """
    numbers = range(phrase.first, phrase.last)
    return " ".join(
        misaki_word(pronunciations[number], marks) + sign_after(text, number)
        for number, marks in zip(numbers, accents(text, phrase), strict=True)
    )
