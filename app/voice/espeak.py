"""eSpeak NG, which is always there: robotic, but each phone as it is asked for."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

import numpy as np

from app.voice.phrases import sign_after
from app.voice.speech import Spoken, VoiceError, check_request
from assessment.control import Control
from assessment.lexicon import Pronunciation
from assessment.phones import base, is_vowel, stress
from assessment.text import ReferenceText

# ARPAbet in the mnemonics of eSpeak's American English; vowels without stress.
MNEMONICS = {
    "AA": "A:", "AE": "a", "AH": "V", "AO": "O:", "AW": "aU", "AY": "aI", "B": "b", "CH": "tS",
    "D": "d", "DH": "D", "EH": "E", "ER": "3:", "EY": "eI", "F": "f", "G": "g", "HH": "h",
    "IH": "I", "IY": "i:", "JH": "dZ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "N",
    "OW": "oU", "OY": "OI", "P": "p", "R": "r", "S": "s", "SH": "S", "T": "t", "TH": "T",
    "UH": "U", "UW": "u:", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "Z",
}  # fmt: skip
_REDUCED = {"AH0": "@", "ER0": "3", "IY0": "i"}
_STRESSES = {1: "'", 2: ","}
_SYNCHRONOUS, _CHARACTERS_UTF8, _PHONEMES = 2, 1, 0x100
_DONT_EXIT = 0x8000
_RATE_PARAMETER = 1
_WORDS_A_MINUTE = 150
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Library:
    """The loaded library; it has one state, so that only one text is said at a time."""

    def __init__(self) -> None:
        import espeakng_loader

        self.lock = threading.Lock()
        self._pieces: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []
        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        data = str(espeakng_loader.get_data_path()).encode()
        self.rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
        if self.rate <= 0 or self._library.espeak_SetVoiceByName(b"en-us") != 0:
            raise OSError("its data cannot be read")
        self._callback = _CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def _take(self, samples: object, count: int, _events: object) -> int:
        if samples and count:
            self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def say(self, text: str, words_a_minute: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        with self.lock:
            self._pieces = []
            self._library.espeak_SetParameter(_RATE_PARAMETER, words_a_minute, 0)
            written = text.encode()
            size = ctypes.c_size_t(len(written) + 1)
            failed = self._library.espeak_Synth(
                written, size, 0, 0, 0, _CHARACTERS_UTF8 | _PHONEMES, None, None
            )
            if failed or not self._pieces:
                raise VoiceError("eSpeak NG could not say this text. Choose another voice in the settings.")
            samples = np.concatenate(self._pieces).astype(np.float32) / 32768.0
            return np.asarray(samples, np.float32)


@cache
def _loaded() -> _Library:
    try:
        return _Library()
    except (ImportError, OSError, AttributeError) as problem:
        raise VoiceError(
            f"The voice eSpeak NG cannot be loaded: {problem}. Choose another voice in the settings."
        ) from None


class EspeakVoice:
    """eSpeak NG's American English."""

    key = "espeak"
    name = "eSpeak NG"
    says_phones = True

    @staticmethod
    def is_available() -> bool:
        """Whether the voice is installed."""
        return find_spec("espeakng_loader") is not None

    def say(
        self,
        text: ReferenceText,
        pronunciations: Sequence[Pronunciation],
        speed: float = 1.0,
        control: Control | None = None,
    ) -> Spoken:
        """Read a text aloud; see `Voice.say`."""
        check_request(text, pronunciations, speed)
        (control or Control()).check()
        library = _loaded()
        said = " ".join(
            f"[[{mnemonics(phones)}]]{sign_after(text, index)}" for index, phones in enumerate(pronunciations)
        )
        return Spoken(library.say(said, round(_WORDS_A_MINUTE * speed)), library.rate)


def mnemonics(phones: Pronunciation) -> str:
    """Write a word in eSpeak's mnemonics, a main or secondary stress before its vowel."""
    written = []
    for phone in phones:
        digit = stress(phone) if is_vowel(phone) else None
        symbol = _REDUCED.get(phone) or MNEMONICS[base(phone)]
        written.append(_STRESSES.get(digit or 0, "") + symbol)
    return "".join(written)
