"""The voice of eSpeak NG: small, clear and always there, though it sounds like a machine."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec

import numpy as np

from app.voice.phrases import Phrase, accents, say_phrases, sign_after
from app.voice.speech import Floats, Spoken, VoiceError, check_request
from assessment.control import Control
from assessment.lexicon import Pronunciation
from assessment.phones import base
from assessment.text import ReferenceText

# ARPAbet in the mnemonics of eSpeak NG's American voice; vowels without stress.
MNEMONICS = {
    "AA": "A:", "AE": "a", "AH": "V", "AO": "O:", "AW": "aU", "AY": "aI", "B": "b", "CH": "tS",
    "D": "d", "DH": "D", "EH": "E", "ER": "3:", "EY": "eI", "F": "f", "G": "g", "HH": "h",
    "IH": "I", "IY": "i:", "JH": "dZ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "N",
    "OW": "oU", "OY": "OI", "P": "p", "R": "r", "S": "s", "SH": "S", "T": "t", "TH": "T",
    "UH": "U", "UW": "u:", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "Z",
}  # fmt: skip
REDUCED = {"AH0": "@", "ER0": "3"}
STRESS = {"ˈ": "'", "ˌ": ","}
_VOICE = b"en-us"
# Words a minute; learners want to hear every sound.
_PACE = 160

# Of eSpeak NG's interface, speak_lib.h.
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_RATE_PARAMETER = 1
_UTF8_WITH_PHONEMES = 0x101
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
# Text, its size, position, kind of position, end position, flags, identifier, data of the user.
_SYNTH_ARGUMENTS = (
    ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
    ctypes.c_void_p, ctypes.c_void_p,
)  # fmt: skip
# The library holds its state in global variables: it speaks one text at a time.
_SPEAKING = threading.Lock()


class EspeakVoice:
    """The American voice of eSpeak NG."""

    key = "espeak"
    name = "Simple voice (eSpeak NG)"
    says_phones = True

    @staticmethod
    def is_available() -> bool:
        """Whether eSpeak NG is installed."""
        return find_spec("espeakng_loader") is not None

    def say(
        self,
        text: ReferenceText,
        pronunciations: Sequence[Pronunciation],
        speed: float = 1.0,
        control: Control | None = None,
    ) -> Spoken:
        """Say a text; takes and raises what `Voice.say` does.

        A word without a pronunciation is read by eSpeak NG's own rules.
        """
        check_request(text, pronunciations, speed)
        with _SPEAKING:
            library = _library()

        def say(phrase: Phrase) -> Floats:
            with _SPEAKING:
                return library.say(in_mnemonics(text, phrase, pronunciations), speed)

        return say_phrases(text, say, library.rate, speed, control)


class _Library:
    """eSpeak NG, which hands over samples while it speaks."""

    def __init__(self, path: str, data: str) -> None:
        self._parts: list[Floats] = []
        self._library = ctypes.CDLL(path)
        self.rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DO_NOT_EXIT))
        if self.rate <= 0:
            raise OSError(f"its data in {data} cannot be used")
        # Kept, because the library keeps but its address.
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_Synth.argtypes = _SYNTH_ARGUMENTS
        if self._library.espeak_SetVoiceByName(_VOICE):
            raise OSError("it has no American voice")

    def _take(self, wave: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if count > 0:
            self._parts.append(np.ctypeslib.as_array(wave, (count,)).astype(np.float32))
        return 0

    def say(self, written: str, speed: float) -> Floats:
        """Return the samples of a text with phonemes, full scale +-1."""
        data = written.encode() + b"\0"
        self._parts = []
        self._library.espeak_SetParameter(_RATE_PARAMETER, round(_PACE * speed), 0)
        failed = self._library.espeak_Synth(data, len(data), 0, 0, 0, _UTF8_WITH_PHONEMES, None, None)
        if failed:
            raise VoiceError("eSpeak NG could not say the text. Choose another voice in the settings.")
        samples = np.concatenate([np.zeros(0, np.float32), *self._parts])
        return np.asarray(samples / 32_768.0, np.float32)


@cache
def _library() -> _Library:
    try:
        import espeakng_loader

        return _Library(espeakng_loader.get_library_path(), espeakng_loader.get_data_path())
    except Exception as problem:  # whatever is wrong with the installation
        raise VoiceError(
            f"eSpeak NG cannot be loaded ({problem}). Install Elocute again, or choose another voice in the "
            "settings."
        ) from problem


def in_mnemonics(text: ReferenceText, phrase: Phrase, pronunciations: Sequence[Pronunciation]) -> str:
    """Write a phrase as eSpeak NG reads it.

    Parameters
    ----------
    text : ReferenceText
        The whole text.
    phrase : Phrase
        The part of it.
    pronunciations : sequence of Pronunciation
        Of each word of the text; a word whose pronunciation is empty is spelt.

    Returns
    -------
    str
        Such as ``"[[m'A:rk Iz g'oUIN]]."``.
    """
    written = []
    for number, marks in zip(range(phrase.first, phrase.last), accents(text, phrase), strict=True):
        phones = pronunciations[number]
        word = f"[[{mnemonics(phones, marks)}]]" if phones else text.words[number].spoken
        written.append(word + sign_after(text, number))
    return " ".join(written).replace("]] [[", " ")


def mnemonics(phones: Pronunciation, marks: Mapping[str, str]) -> str:
    """Write a word in eSpeak NG's mnemonics.

    Parameters
    ----------
    phones : Pronunciation
        ARPAbet with stress.
    marks : mapping of str to str
        How each digit of stress is marked, as from `assessment.misaki.stress_marks`.
    """
    return "".join(
        STRESS.get(marks.get(phone[-1], ""), "") + (REDUCED.get(phone) or MNEMONICS[base(phone)])
        for phone in phones
    )
