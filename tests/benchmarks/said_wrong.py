"""Whether one wrong phone is found, named and kept apart from its neighbours, on speech made from phones.

hibari-tts and flite say sentences twice: right, as the lexicon has them first, and with one phone of one
word replaced as learners do. Words with more than one pronunciation are left as they are, so that no
replacement is another right pronunciation.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assessment import Assessment, Assessor
from assessment.lexicon import Lexicon, Pronunciation
from assessment.misaki import HALF_STRESSED, UNSTRESSED
from assessment.phones import base, is_vowel
from assessment.results import Phone
from tests.benchmarks import alignment
from tests.benchmarks.common import SEED, Figures, options, progress, run
from tests.benchmarks.speech import (
    FLITE_VOICES,
    Utterance,
    Voice,
    flite_voices,
    hibari_voices,
)

SENTENCES = Path(__file__).with_name("said_sentences.txt")
CASES_PER_CONFUSION = 10
FIRST = 3
# Words said right should not be below this accuracy.
RIGHT = 85.0
# How many of the words said right that score low are named.
NAMED = 15

# The phone that is expected and the one that is said.
Confusion = tuple[str, str]
CONFUSIONS: tuple[Confusion, ...] = (
    ("TH", "S"), ("TH", "F"), ("DH", "D"), ("DH", "Z"), ("V", "W"), ("W", "V"), ("R", "L"),
    ("L", "R"), ("IH", "IY"), ("IY", "IH"), ("AE", "EH"), ("EH", "AE"), ("Z", "S"), ("NG", "N"),
    ("SH", "S"), ("B", "P"), ("D", "T"), ("CH", "SH"), ("UH", "UW"), ("N", "L"),
)  # fmt: skip
# Replaced only before vowels: elsewhere they colour the vowel before, or the other phone cannot stand.
ONSETS = frozenset("V W R L N".split())


@dataclass(frozen=True)
class Case:
    """One phone of one word of an utterance to be replaced."""

    utterance: Utterance
    word: int
    place: int
    confusion: Confusion

    @property
    def spelling(self) -> str:
        return self.utterance.words[self.word]

    @property
    def wrong(self) -> Utterance:
        """The utterance with the other phone; vowels keep their stress."""
        phones = self.utterance.phones[self.word]
        return self.utterance.saying(self.word, replaced(phones, self.place, self.confusion[1]))


@dataclass(frozen=True)
class Outcome:
    """What the engine made of a case.

    Attributes
    ----------
    case : Case
        What was said.
    voice : str
        Who said it.
    phones : tuple of Phone
        Those of its word as the engine found them; none if the word counts as left out.
    lowest, lowest_gop : bool
        The replaced phone has the lowest score, and GOP, of its word, and no other has the same.
    rank : int or None
        Place of the spoken phone among the candidates, from 0; None if it is not among them.
    losses : tuple of float
        How much less accuracy each other word has than in the sentence said right.
    """

    case: Case
    voice: str
    phones: tuple[Phone, ...]
    lowest: bool
    lowest_gop: bool
    rank: int | None
    losses: tuple[float, ...]


@dataclass(frozen=True)
class RightReading:
    """Accuracies of the words of an utterance that was said right."""

    utterance: Utterance
    voice: str
    accuracies: tuple[float, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("said_wrong", __doc__)
    parser.add_argument("--source", choices=tuple(SOURCES), help="only this synthesiser (default: both)")
    parser.add_argument(
        "--limit",
        type=int,
        default=CASES_PER_CONFUSION * len(CONFUSIONS),
        help="cases (default: %(default)s)",
    )
    parser.add_argument(
        "--flite-voices",
        nargs="+",
        choices=FLITE_VOICES,
        default=alignment.VOICES,
        help="default: %(default)s",
    )
    parser.add_argument("--cases", action="store_true", help="add what became of each case")
    return run(parser, measure, describe, arguments)


SOURCES: dict[str, Callable[[argparse.Namespace], list[Voice]]] = {
    "hibari": lambda given: hibari_voices(),
    "flite": lambda given: flite_voices(given.flite_voices),
}


def measure(given: argparse.Namespace) -> Figures:
    assessor = Assessor.load(given.model)
    chosen = cases(sentences(assessor.lexicon), assessor.lexicon, given.limit)
    names = [given.source] if given.source else list(SOURCES)
    return {
        "cases": len(chosen),
        "sources": {
            name: source_figures(assessor, SOURCES[name](given), chosen, name, each=given.cases)
            for name in names
        },
    }


# --- cases --------------------------------------------------------------------------------------


def sentences(lexicon: Lexicon) -> list[Utterance]:
    return [Utterance.of(line, lexicon) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]


def cases(utterances: Sequence[Utterance], lexicon: Lexicon, limit: int) -> list[Case]:
    """Draw cases, the same every time: in turn one of each confusion."""
    drawn = [drawn_cases(utterances, lexicon, confusion) for confusion in CONFUSIONS]
    rounds = -(-limit // len(CONFUSIONS))
    return [of_one[number] for number in range(rounds) for of_one in drawn if number < len(of_one)][:limit]


def drawn_cases(utterances: Sequence[Utterance], lexicon: Lexicon, confusion: Confusion) -> list[Case]:
    """Draw cases of one confusion at random, in as many different words as there are."""
    found = [case for utterance in utterances for case in possible(utterance, lexicon, confusion)]
    random.Random(f"{SEED} {confusion}").shuffle(found)
    first = {case.spelling: case for case in reversed(found)}
    different = [case for case in found if first[case.spelling] is case]
    return different[:CASES_PER_CONFUSION]


def possible(utterance: Utterance, lexicon: Lexicon, confusion: Confusion) -> Iterator[Case]:
    """Yield where the expected phone of a confusion can be replaced so that the error can be heard."""
    for word, phones in enumerate(utterance.phones):
        if not is_unambiguous(utterance.words[word], lexicon):
            continue
        for place, phone in enumerate(phones):
            case = Case(utterance, word, place, confusion)
            if base(phone) == confusion[0] and confusion[1] not in neighbours(utterance, word, place):
                contrast = vowels_contrast if is_vowel(phone) else consonants_contrast
                if contrast(case):
                    yield case


def is_unambiguous(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word has one pronunciation, and no weaker one in a sentence."""
    variants = {tuple(map(base, phones)) for phones in lexicon.pronunciations(word)}
    return len(variants) == 1 and word not in UNSTRESSED


def neighbours(utterance: Utterance, word: int, place: int) -> set[str]:
    """Return the phones before and after one, in other words too."""
    before = [phone for phones in utterance.phones[:word] for phone in phones]
    phones = [base(phone) for phone in (*before, *(p for rest in utterance.phones[word:] for p in rest))]
    here = len(before) + place
    return {*phones[max(here - 1, 0) : here], *phones[here + 1 : here + 2]}


def vowels_contrast(case: Case) -> bool:
    """Vowels without the main stress are reduced, and those before R or another vowel are merged."""
    phones = case.utterance.phones[case.word]
    is_stressed = phones[case.place].endswith("1") and case.spelling not in HALF_STRESSED
    return is_stressed and not any(after == "R" or is_vowel(after) for after in phones[case.place + 1 :][:1])


def consonants_contrast(case: Case) -> bool:
    """Only consonants without others beside them in their word are replaced, and no flapped D."""
    phones = case.utterance.phones[case.word]
    before, after = phones[: case.place][-1:], phones[case.place + 1 :][:1]
    if not all(map(is_vowel, (*before, *after))) or (not after and case.confusion[0] in ONSETS):
        return False
    is_flapped = bool(before and after) and after[0].endswith("0")
    return case.confusion[0] != "D" or not is_flapped


def replaced(phones: Pronunciation, place: int, spoken: str) -> Pronunciation:
    """Put another phone into a word; a vowel keeps its stress."""
    digit = phones[place][-1] if is_vowel(phones[place]) else ""
    return (*phones[:place], spoken + digit, *phones[place + 1 :])


# --- assessing ----------------------------------------------------------------------------------


def source_figures(
    assessor: Assessor, voices: Sequence[Voice], chosen: Sequence[Case], name: str, *, each: bool
) -> Figures:
    outcomes, readings = assessed(assessor, voices, chosen, name)
    figures: Figures = {
        "total": statistics(outcomes),
        "confusions": {
            " ".join(confusion): statistics(some)
            for confusion in CONFUSIONS
            if (some := [outcome for outcome in outcomes if outcome.case.confusion == confusion])
        },
        "voices": {
            voice.name: statistics(some)
            for voice in voices
            if (some := [outcome for outcome in outcomes if outcome.voice == voice.name])
        },
        "right": right_figures(readings),
    }
    return {**figures, "outcomes": [outcome_figures(outcome) for outcome in outcomes]} if each else figures


def assessed(
    assessor: Assessor, voices: Sequence[Voice], chosen: Sequence[Case], name: str
) -> tuple[list[Outcome], list[RightReading]]:
    """Assess each case and, once for each voice, its sentence said right; voices take turns."""

    @cache
    def said_right(utterance: Utterance, voice: Voice) -> Assessment:
        return assess(assessor, voice, utterance)

    outcomes = []
    readings = {}
    for case, voice in progress(list(zip(chosen, turns(voices, len(chosen)), strict=True)), name):
        right = said_right(case.utterance, voice)
        accuracies = tuple(word.accuracy for word in right.words)
        readings[case.utterance, voice.name] = RightReading(case.utterance, voice.name, accuracies)
        outcomes.append(outcome(case, voice.name, right, assess(assessor, voice, case.wrong)))
    return outcomes, list(readings.values())


def turns(voices: Sequence[Voice], count: int) -> list[Voice]:
    """Give each case a voice, so that neighbours, and cases of one confusion, have different ones."""
    places = (divmod(number, len(CONFUSIONS)) for number in range(count))
    return [voices[(round_ + confusion) % len(voices)] for round_, confusion in places]


def assess(assessor: Assessor, voice: Voice, utterance: Utterance) -> Assessment:
    """Assess what a voice says as a reading of the utterance's text, whichever phones it says."""
    return assessor.assess(voice.say(utterance), utterance.text)


def outcome(case: Case, voice: str, right: Assessment, wrong: Assessment) -> Outcome:
    losses = [one.accuracy - two.accuracy for one, two in zip(right.words, wrong.words, strict=True)]
    others = (*losses[: case.word], *losses[case.word + 1 :])
    phones = wrong.words[case.word].phones
    return Outcome(
        case,
        voice,
        phones,
        lowest=is_lowest([phone.score for phone in phones], case.place),
        lowest_gop=is_lowest([phone.gop for phone in phones], case.place),
        rank=rank(phones[case.place], case.confusion[1]) if phones else None,
        losses=others,
    )


def is_lowest(values: Sequence[float], place: int) -> bool:
    """Tell whether the value at a place is lower than all others; none is where there are no values."""
    return bool(values) and values.count(min(values)) == 1 and values.index(min(values)) == place


def rank(phone: Phone, spoken: str) -> int | None:
    names = [candidate.phone for candidate in phone.candidates]
    return names.index(spoken) if spoken in names else None


# --- figures ------------------------------------------------------------------------------------


def statistics(outcomes: Sequence[Outcome]) -> Figures:
    losses = [loss for outcome in outcomes for loss in outcome.losses]
    ranks = [outcome.rank for outcome in outcomes]
    return {
        "cases": len(outcomes),
        "lowest": share([outcome.lowest for outcome in outcomes]),
        "lowest_gop": share([outcome.lowest_gop for outcome in outcomes]),
        "leads": share([rank == 0 for rank in ranks]),
        f"first_{FIRST}": share([rank is not None and rank < FIRST for rank in ranks]),
        "others_lose": round(sum(losses) / len(losses), 2),
    }


def share(facts: Sequence[bool]) -> float:
    return round(sum(facts) / len(facts), 4)


def right_figures(readings: Sequence[RightReading]) -> Figures:
    low = Counter(
        word
        for reading in readings
        for word, accuracy in zip(reading.utterance.words, reading.accuracies, strict=True)
        if accuracy < RIGHT
    )
    return {
        "readings": len(readings),
        "no_word_low": share([min(reading.accuracies) >= RIGHT for reading in readings]),
        "words": sum(len(reading.accuracies) for reading in readings),
        "low_words": dict(low.most_common(NAMED)),
    }


def outcome_figures(outcome: Outcome) -> Figures:
    case = outcome.case
    return {
        "text": case.utterance.text,
        "word": case.spelling,
        "said": " ".join(case.wrong.phones[case.word]),
        "place": case.place,
        "voice": outcome.voice,
        "scores": [phone.score for phone in outcome.phones],
        "heard": heard(outcome),
        "lowest": outcome.lowest,
        "rank": outcome.rank,
        "others_lose": round(sum(outcome.losses) / len(outcome.losses), 2),
    }


def heard(outcome: Outcome) -> list[str]:
    """Return the candidates for the replaced phone."""
    of_phone = outcome.phones[outcome.case.place].candidates if outcome.phones else ()
    return [candidate.phone for candidate in of_phone]


def describe(figures: Figures) -> Iterator[str]:
    for name, source in figures["sources"].items():
        yield f"{name} ({', '.join(source['voices'])}), one phone of a word said wrong:"
        yield f"expected said  cases  lowest  by GOP  leads  first {FIRST}  other words lose"
        rows = {**source["confusions"], **source["voices"], "all": source["total"]}
        for row, values in rows.items():
            yield (
                f"{row:13}  {values['cases']:5}  {values['lowest']:6.0%}  {values['lowest_gop']:6.0%}  "
                f"{values['leads']:5.0%}  {values[f'first_{FIRST}']:7.0%}  {values['others_lose']:16.2f}"
            )
        yield from described_right(source["right"])
        yield from map(described_outcome, source.get("outcomes", ()))


def described_right(right: Figures) -> Iterator[str]:
    yield (
        f"Said right: {right['readings']} readings of {right['words']} words, "
        f"{right['no_word_low']:.1%} without a word below {RIGHT:g}"
    )
    low = (f"{word} {count}" for word, count in right["low_words"].items())
    yield "Words most often below: " + ", ".join(low)


def described_outcome(row: Figures) -> str:
    scores = " ".join(f"{score:.0f}" for score in row["scores"])
    found = "lowest" if row["lowest"] else "not lowest"
    said = f"{row['word']} [{row['said']}: {scores}]"
    return f"  {said} {row['voice']}: {found}, heard {' '.join(row['heard'])} ({row['text']})"


if __name__ == "__main__":
    sys.exit(main())
