"""Whether main stress on the wrong syllable is found, on words that hibari-tts says right and with it moved.

Each word is said in a few short sentences, at several paces, in three ways: right; with the main stress
moved, vowels as they are; and with it moved and the vowel that it left reduced, as those do who believe
that the stress belongs there. Words are in two lists: what is tuned is tuned on ``dev`` only.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assessment import Assessor
from assessment.lexicon import Lexicon, Pronunciation
from assessment.phones import base, is_vowel
from assessment.results import Word
from tests.benchmarks.common import SEED, Figures, options, progress, run
from tests.benchmarks.speech import Utterance, Voice, hibari_voices
from tests.benchmarks.wrong_text import area_under_curve

# Words of two to four syllables whose pronunciations agree on the place of the stress.
WORDS = {
    "dev": """
        table window garden paper hotel machine guitar begin support decide
        banana potato remember hospital elephant yesterday vacation understand kangaroo september
        electric telephone exercise photography television economy community definition kindergarten
        watermelon calculator carpet village pencil giraffe mistake police surprise december opinion
        detective dramatic consider president calendar saxophone introduce japanese biology activity
        society dictionary population invitation
    """.split(),
    "test": """
        sister music morning doctor balloon believe return arrive cartoon canal
        computer important tomorrow animal photograph holiday afternoon mechanical volunteer expensive
        adventure example newspaper technology supermarket security experience celebration impossible
        american helicopter mountain teacher dinner dessert success parade canoe afraid november
        tradition musician spaghetti fantastic imagine customer medicine dinosaur decoration preparation
        geography ability political alligator avocado conversation generation independent
    """.split(),
}
SENTENCES = ("He wrote the word {} on the board.", "The next word is {}.", "Now say {} again.")
RIGHT, MOVED, REDUCED = "right", "moved", "moved, vowel reduced"
# What a vowel becomes where it loses its stress; the rest become AH.
REDUCED_VOWELS = {"ER": "ER", "IH": "IH", "IY": "IH"}
PERCENTILES = (5, 25, 50, 75, 95)
NAMED = 10


@dataclass(frozen=True)
class Said:
    """A word that was said in a sentence, and what the engine made of it.

    Attributes
    ----------
    word : str
        The word.
    syllable : int
        The syllable that was stressed, from 0.
    result : Word
        The engine's.
    """

    word: str
    syllable: int
    result: Word

    @property
    def flagged(self) -> bool:
        stress = self.result.lexical_stress
        return stress is not None and not stress.correct

    @property
    def heard(self) -> bool:
        """Whether the syllable heard is the one that was stressed."""
        stress = self.result.lexical_stress
        return stress is not None and stress.heard == self.syllable


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("word_stress", __doc__)
    parser.add_argument(
        "--part", choices=tuple(WORDS), default="dev", help="list of words (default: %(default)s)"
    )
    parser.add_argument("--words", type=int, help="only so many of the list")
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    assessor = Assessor.load(given.model)
    voices = hibari_voices()
    words = WORDS[given.part][: given.words]
    said = {
        way: [each for word in progress(words, way) for each in say_word(assessor, voices, way, word)]
        for way in WAYS
    }
    return {
        "part": given.part,
        "words": len(words),
        "right": statistics(said[RIGHT]),
        "wrong": {way: against(said[way], said[RIGHT]) for way in (MOVED, REDUCED)},
        "false_alarms": sorted({each.word for each in said[RIGHT] if each.flagged}),
        "missed": sorted({each.word for each in said[MOVED] if not each.flagged}),
    }


# --- saying words -------------------------------------------------------------------------------


def say_word(assessor: Assessor, voices: Sequence[Voice], way: str, word: str) -> Iterator[Said]:
    """Say a word in every sentence, voices taking turns."""
    right = assessor.lexicon.pronunciations(word)[0]
    phones = WAYS[way](word, right)
    for number, sentence in enumerate(SENTENCES):
        utterance = Utterance.of(sentence.format(word), assessor.lexicon)
        place = utterance.words.index(word)
        voice = voices[number % len(voices)]
        result = assessor.assess(voice.say(utterance.saying(place, phones)), utterance.text)
        yield Said(word, stressed_syllable(phones), result.words[place])


def stressed_syllable(phones: Pronunciation) -> int:
    """Return which syllable has the main stress."""
    return [phone[-1] for phone in phones if is_vowel(phone)].index("1")


def target(word: str, phones: Pronunciation) -> int:
    """Draw a syllable without the main stress, for a word always the same."""
    count = sum(map(is_vowel, phones))
    others = [syllable for syllable in range(count) if syllable != stressed_syllable(phones)]
    return random.Random(f"{SEED} {word}").choice(others)


def moved(word: str, phones: Pronunciation) -> Pronunciation:
    """Change the stress of the stressed and of another syllable with each other."""
    vowels = [place for place, phone in enumerate(phones) if is_vowel(phone)]
    one, two = vowels[stressed_syllable(phones)], vowels[target(word, phones)]
    changed = list(phones)
    changed[one] = base(phones[one]) + phones[two][-1]
    changed[two] = base(phones[two]) + phones[one][-1]
    return tuple(changed)


def moved_and_reduced(word: str, phones: Pronunciation) -> Pronunciation:
    """Move the stress, and weaken the vowel that it left."""
    vowels = [place for place, phone in enumerate(phones) if is_vowel(phone)]
    changed = list(moved(word, phones))
    left = vowels[stressed_syllable(phones)]
    changed[left] = REDUCED_VOWELS.get(base(phones[left]), "AH") + "0"
    return tuple(changed)


WAYS: dict[str, Callable[[str, Pronunciation], Pronunciation]] = {
    RIGHT: lambda word, phones: phones,
    MOVED: moved,
    REDUCED: moved_and_reduced,
}


def stress_patterns(word: str, lexicon: Lexicon) -> set[tuple[bool, ...]]:
    """Return which syllables of a word have the main stress, for each of its pronunciations."""
    pronunciations = lexicon.pronunciations(word)
    return {tuple(phone[-1] == "1" for phone in phones if is_vowel(phone)) for phones in pronunciations}


# --- figures ------------------------------------------------------------------------------------


def statistics(said: Sequence[Said]) -> Figures:
    return {
        "count": len(said),
        "flagged": share([each.flagged for each in said]),
        "heard": share([each.heard for each in said]),
        "probability": percentiles(probabilities(said)),
        "stress": percentiles(stress_scores(said)),
    }


def against(wrong: Sequence[Said], right: Sequence[Said]) -> Figures:
    """Add how well what was said wrong is told from what was said right."""
    return {
        **statistics(wrong),
        "auc_probability": area(probabilities(right), probabilities(wrong)),
        "auc_stress": area(stress_scores(right), stress_scores(wrong)),
    }


def share(facts: Sequence[bool]) -> float:
    return round(sum(facts) / len(facts), 4)


def probabilities(said: Sequence[Said]) -> list[float]:
    stresses = [each.result.lexical_stress for each in said]
    return [stress.probability for stress in stresses if stress is not None]


def stress_scores(said: Sequence[Said]) -> list[float]:
    return [each.result.stress for each in said if each.result.stress is not None]


def percentiles(values: Sequence[float]) -> list[float] | None:
    return [round(float(value), 3) for value in np.percentile(values, PERCENTILES)] if values else None


def area(right: Sequence[float], wrong: Sequence[float]) -> float | None:
    return round(area_under_curve(right, wrong), 4) if right and wrong else None


def describe(figures: Figures) -> Iterator[str]:
    yield f"Main stress: {figures['words']} words of the list {figures['part']} in {len(SENTENCES)} sentences"
    yield "said                   count  flagged  syllable heard  AUC by probability  by stress score"
    for way, values in [(RIGHT, figures["right"]), *figures["wrong"].items()]:
        areas = f"{shown(values.get('auc_probability')):>18}  {shown(values.get('auc_stress')):>15}"
        yield f"{way:21}  {values['count']:5}  {values['flagged']:7.1%}  {values['heard']:14.1%}  {areas}"
    yield f"Percentiles {', '.join(map(str, PERCENTILES))}:"
    for way, values in [(RIGHT, figures["right"]), *figures["wrong"].items()]:
        yield f"  {way}: probability {values['probability']}, stress score {values['stress']}"
    yield "Flagged though right: " + ", ".join(figures["false_alarms"])
    yield f"Moved and missed at least once: {len(figures['missed'])}: " + ", ".join(figures["missed"][:NAMED])


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
