"""Speech made from phones, by synthesisers that say any phones: hibari-tts and flite."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from hibari import Hibari

from assessment import Recording
from assessment.lexicon import Lexicon, Pronunciation
from assessment.misaki import misaki_word, stress_marks
from assessment.phones import base
from assessment.text import ReferenceText
from tests.benchmarks import alignment
from tests.benchmarks.common import SEED, BenchmarkError

# Of flite's voices kal16 is the poorest.
FLITE_VOICES = (*alignment.VOICES, "kal16")
# The one voice in the package of hibari-tts; others would be downloaded.
HIBARI_VOICE = "heart"
HIBARI_RATE = 24_000
# Paces of hibari's voice, as its only variety besides the seed of its noise.
PACES = (1.0, 0.9, 1.1)


@dataclass(frozen=True)
class Utterance:
    """A sentence and how its words are to be said.

    Attributes
    ----------
    text : str
        As a reader would see it; its last character ends the sentence.
    words : tuple of str
        As spoken, in small letters.
    phones : tuple of Pronunciation
        ARPAbet with stress of each word.
    """

    text: str
    words: tuple[str, ...]
    phones: tuple[Pronunciation, ...]

    @classmethod
    def of(cls, text: str, lexicon: Lexicon) -> Utterance:
        """Say each word as the lexicon has it first."""
        words = ReferenceText.parse(text).words
        said = tuple(lexicon.pronunciations(word.spoken, is_letter=word.is_letter)[0] for word in words)
        return cls(text, tuple(word.spoken for word in words), said)

    def saying(self, word: int, phones: Pronunciation) -> Utterance:
        """Say one word in another way."""
        return Utterance(self.text, self.words, (*self.phones[:word], phones, *self.phones[word + 1 :]))


class Voice(Protocol):
    """Somebody who says any phones."""

    @property
    def name(self) -> str:
        """What figures call the voice."""

    def say(self, utterance: Utterance) -> Recording:
        """Speak."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class HibariVoice:
    """The voice in the package of hibari-tts, at one pace, with one noise."""

    synthesiser: Hibari
    pace: float
    seed: int

    @property
    def name(self) -> str:
        return f"{HIBARI_VOICE} x{self.pace:g}"

    def say(self, utterance: Utterance) -> Recording:
        samples = self.synthesiser.from_phonemes(misaki(utterance), speed=self.pace, seed=self.seed)
        return Recording.from_samples(samples, HIBARI_RATE, "speech of hibari-tts")


@dataclass(frozen=True)
class FliteVoice:
    """A voice of flite."""

    name: str

    def say(self, utterance: Utterance) -> Recording:
        with TemporaryDirectory() as folder:
            audio = Path(folder, "speech.wav")
            command = ["flite", "-voice", self.name, "-p", flite_phones(utterance), "-o", str(audio)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise BenchmarkError(f"flite could not say “{utterance.text}”: {done.stderr.strip()}.")
            return Recording.open(audio)


def hibari_voices() -> list[Voice]:
    synthesiser = Hibari(HIBARI_VOICE)
    return [HibariVoice(synthesiser, pace, SEED + number) for number, pace in enumerate(PACES)]


def flite_voices(names: Sequence[str]) -> list[Voice]:
    alignment.check_flite()
    return [FliteVoice(name) for name in names]


def misaki(utterance: Utterance) -> str:
    """Write an utterance for hibari: words with stress before vowels, spaces, and the text's last sign."""
    pairs = zip(utterance.words, utterance.phones, strict=True)
    return " ".join(misaki_word(phones, stress_marks(word)) for word, phones in pairs) + utterance.text[-1]


def flite_phones(utterance: Utterance) -> str:
    """Write an utterance for flite, which knows neither words nor stress in phones."""
    said = (flite_phone(phone) for phones in utterance.phones for phone in phones)
    return " ".join(("pau", *said, "pau"))


def flite_phone(phone: str) -> str:
    return "ax" if phone == "AH0" else base(phone).lower()
