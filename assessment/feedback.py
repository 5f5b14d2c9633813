r"""Verdicts on phones, and the few problems of a reading that are worth working on.

What a problem costs is how many points the overall score would rise without it; as scores end at 100
and the learned ones are not sums of problems, this is a rough figure. The slopes were
measured on the experts' marks of speechocean762 (training half): accuracy rises by 1.15 points where
the mean of all phones rises by one; fluency falls by 70 and prosody by 60 points for each pause a
word, so that one pause in ten words costs 7 and 6; both fall by 4 points for each syllable a second
that is missing. A word left out, or stressed on another syllable, costs its share of the words in
completeness and accuracy, or prosody.

How sure we are of a problem follows from how far the expected phone is from what was heard, and for
wrong phones from the precision that their threshold was chosen for; the same confusion in several
words counts as independent evidence. The product with the cost decides the order.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assessment.confidence import confidence
from assessment.heard import paired
from assessment.phones import base
from assessment.results import NO_PHONE, Assessment, ErrorType, Phone, Problem, Scores, Verdict, Word
from assessment.scoring import Thresholds, overall
from assessment.tips import phone_tip, topic_tip
from assessment.variants import Context, contexts, is_native_variant
from assessment.wording import (
    Spot,
    added_sentence,
    insertion_sentence,
    missing_pause_sentence,
    omission_sentence,
    pause_sentence,
    phone_sentence,
    shown,
    stress_sentence,
    word_sentence,
)

__all__ = ["confidence", "problems", "verdict"]

# Where another phone is clearly heard, one below this score is nearly right at best, whatever the
# threshold: in six of ten such phones of learners at least one expert heard a fault.
CLEAR_LEAD, CLEARLY_RIGHT = 0.95, 80.0
_CLEARLY_ANOTHER = 0.6

MOST_PROBLEMS = 3
# Problems below these are not worth a learner's attention.
LEAST_COST = 0.1
LEAST_CONFIDENCE = 0.5

PHONE_SLOPE = 1.15
PAUSE_FLUENCY, PAUSE_PROSODY = 70.0, 60.0
PACE_SLOPE = 4.0
# Syllables a second: native readers have 2.7 to 5.6 with their pauses (5th and 95th percentile), and up
# to 6.2 without (99th).
SLOW_RATE, USUAL_RATE, FAST_RATE = 2.0, 3.0, 6.8
# Fewer syllables tell nothing of the pace.
_PACE_SYLLABLES = 5
# Confidence in breaks and monotony from which on they are problems.
BREAK_CONFIDENCE = 0.75
MONOTONE_CONFIDENCE = 0.6
# Prosody that a reading has which is not monotone.
_LIVELY = 85.0

# How sure it is that a phone is wrong which the thresholds call wrong: the precision they were chosen
# for, and more if another phone leads for certain; at most that one is that is nearly right (the lower
# its score the surer: half marks, 50, are what experts give to a heavy accent); that an added phone was
# added; that a word was left out.
_WRONG = 0.7
_CLEAR = 0.2
_NEARLY = 0.69
_NEARLY_ABOVE = 15.0
_ADDED = 0.7
_OMITTED = 0.9
_PACED = 0.8
_HESITANT = 0.6
# Points that an added phone costs, as if one had been half wrong.
_ADDED_LOSS = 50.0
# A phone is named as heard from this probability on.
_NAMEABLE = 0.3
_CERTAIN = 0.99

_SAY_IT_SLOWLY = "Listen to the word first, then say it slowly, one syllable after the other."


def verdict(score: float, thresholds: Thresholds, *, lead: float = 0.0, is_variant: bool = False) -> Verdict:
    """Judge a phone by its score.

    Parameters
    ----------
    score : float
        0-100.
    thresholds : Thresholds
        Of the model.
    lead : float
        How much more probable another phone is, 0-1, as from `assessment.scoring.leads`.
    is_variant : bool
        Whether what was heard is a variant that natives use (`assessment.variants`): never wrong.
    """
    is_another = lead >= CLEAR_LEAD and score < CLEARLY_RIGHT and not is_variant
    if score >= thresholds.nearly and not is_another:
        return Verdict.RIGHT
    return Verdict.WRONG if score < thresholds.wrong and not is_variant else Verdict.NEARLY


def problems(assessment: Assessment) -> tuple[Problem, ...]:
    """Find what is most worth working on.

    Parameters
    ----------
    assessment : Assessment
        Of a reading; its own `problems` are ignored.

    Returns
    -------
    tuple of Problem
        At most `MOST_PROBLEMS`, the highest product of cost and confidence first; empty only if
        nothing is worth mentioning.
    """
    if any(notice.code == "text-mismatch" for notice in assessment.notices):
        return (_other_text(assessment),)
    found = _Finder(assessment).all()
    worth = [each for each in found if each.cost >= LEAST_COST and each.confidence >= LEAST_CONFIDENCE]
    worth.sort(key=lambda each: -each.cost * each.confidence)
    trust = assessment.confidence.value
    return tuple(
        replace(each, cost=round(each.cost, 1), confidence=round(each.confidence * trust, 3))
        for each in worth[:MOST_PROBLEMS]
    )


def _other_text(assessment: Assessment) -> Problem:
    cost = round(100.0 - assessment.scores.overall, 1)
    what, _, to_do = assessment.text_match.message.partition(". ")
    return Problem("text", f"{what}.", to_do, (), "", "", cost, 1.0)


@dataclass(frozen=True)
class _Fault:
    """A phone that was not right, or that was added."""

    number: int
    spot: Spot
    expected: str
    heard: str
    lost: float
    confidence: float
    is_wrong: bool


class _Finder:
    """Looks for every kind of problem in one assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self._assessment = assessment
        self._words = assessment.words
        self._spoken = [number for number, word in enumerate(self._words) if word.phones]
        self._phones = sum(len(word.phones) for word in self._words)

    def all(self) -> list[Problem]:
        """Return all problems, however small."""
        return [
            *self._unclear_words(),
            *self._confusions(),
            *self._omissions(),
            *self._insertions(),
            *self._stresses(),
            *self._breaks(),
            *self._melody(),
            *self._pace(),
            *self._hesitations(),
        ]

    def _cost(self, **gains: float) -> float:
        """Return by how much the overall score rises when aspects rise by some points, even beyond 100."""
        scores = self._assessment.scores
        return _overall(scores, gains) - _overall(scores, {})

    def _share(self, words: Sequence[object]) -> float:
        """Return the share of the words in percent."""
        return 100.0 * len(words) / len(self._words)

    # --- words and phones ---

    def _unclear_words(self) -> Iterator[Problem]:
        """Yield words of which too much is wrong to speak of single phones."""
        faulty = {fault.number for fault in self._faults() if fault.confidence >= LEAST_CONFIDENCE}
        for number in self._spoken:
            word = self._words[number]
            garbled = _is_garbled(word)
            if garbled or (word.error is ErrorType.MISPRONUNCIATION and number not in faulty):
                cost = self._cost(accuracy=(100.0 - word.accuracy) / len(self._words))
                sure = 0.9 if garbled else 0.6
                message, practice = word_sentence(word), (shown(word),)
                yield Problem("word", message, _SAY_IT_SLOWLY, (number,), "", "", cost, sure, practice)

    def _confusions(self) -> Iterator[Problem]:
        """Yield the same confusion in one word or several as one problem."""
        groups: dict[tuple[str, str], list[_Fault]] = defaultdict(list)
        for fault in [*self._faults(), *self._additions()]:
            if not _is_garbled(self._words[fault.number]):
                groups[fault.expected, fault.heard].append(fault)
        for (expected, heard), faults in groups.items():
            yield self._confusion(expected, heard, faults)

    def _confusion(self, expected: str, heard: str, faults: Sequence[_Fault]) -> Problem:
        spots = [fault.spot for fault in faults]
        if expected == NO_PHONE:
            message = added_sentence(spots, heard)
        else:
            message = phone_sentence(spots, heard, is_wrong=any(fault.is_wrong for fault in faults))
        tip = phone_tip(_symbol(faults[0]), heard or None, _position(spots[0]))
        cost = self._cost(accuracy=PHONE_SLOPE * sum(fault.lost for fault in faults) / self._phones)
        sure = 1.0 - math.prod(1.0 - fault.confidence for fault in faults)
        numbers = tuple(sorted({fault.number for fault in faults}))
        sure = min(sure, _CERTAIN)
        return Problem("phone", message, tip.instruction, numbers, expected, heard, cost, sure, tip.pair)

    def _faults(self) -> list[_Fault]:
        """Return the phones that were not right and are no variants of natives."""
        placed = [
            (number, phone.symbol, phone.start, phone.end)
            for number in self._spoken
            for phone in self._words[number].phones
        ]
        around = contexts(placed, [word.spoken for word in self._words])
        spots = [
            (number, Spot(self._words[number], place))
            for number in self._spoken
            for place in range(len(self._words[number].phones))
        ]
        found = (_fault(number, spot, near) for (number, spot), near in zip(spots, around, strict=True))
        return [fault for fault in found if fault is not None]

    def _additions(self) -> Iterator[_Fault]:
        """Yield the phones that were added to words, which `Word.heard` holds."""
        for number in self._spoken:
            word = self._words[number]
            for place, heard in _added_to(word):
                yield _Fault(number, Spot(word, place), NO_PHONE, heard, _ADDED_LOSS, _ADDED, is_wrong=True)

    def _omissions(self) -> Iterator[Problem]:
        gone = [n for n, word in enumerate(self._words) if word.error is ErrorType.OMISSION]
        if gone:
            share = self._share(gone)
            cost = self._cost(completeness=share, accuracy=share)
            message = omission_sentence([self._words[number] for number in gone])
            yield _problem("omission", message, "omission", tuple(gone), cost, _OMITTED)

    def _insertions(self) -> Iterator[Problem]:
        added = [n for n, word in enumerate(self._words) if word.error is ErrorType.INSERTION]
        if added:
            message = insertion_sentence([self._words[number] for number in added])
            cost = self._cost(fluency=PAUSE_FLUENCY * len(added) / len(self._words))
            yield _problem("insertion", message, "insertion", tuple(added), cost, _OMITTED)

    # --- prosody and fluency ---

    def _stresses(self) -> Iterator[Problem]:
        places = [(number, self._words[number].lexical_stress) for number in self._spoken]
        wrong = [(number, place) for number, place in places if place is not None and not place.correct]
        if wrong:
            numbers = tuple(number for number, _ in wrong)
            words = [self._words[number] for number in numbers]
            sure = 1.0 - math.prod(place.probability for _, place in wrong)
            cost = self._cost(prosody=self._share(numbers))
            tip = topic_tip("stress-wrong-syllable").instruction
            sure, message = min(sure, _CERTAIN), stress_sentence(words)
            yield Problem("stress", message, tip, numbers, "", "", cost, sure, (shown(words[0]),))

    def _breaks(self) -> Iterator[Problem]:
        places = [(number, self._words[number].break_before) for number in self._spoken]
        known = [(number, place) for number, place in places if place is not None]
        unexpected = [(n, place.unexpected) for n, place in known if place.unexpected >= BREAK_CONFIDENCE]
        missing = [(n, place.missing) for n, place in known if place.missing >= BREAK_CONFIDENCE]
        for kind, found, say in (
            ("unexpected-break", unexpected, pause_sentence),
            ("missing-break", missing, missing_pause_sentence),
        ):
            if found:
                numbers = tuple(number for number, _ in found)
                rate = len(numbers) / len(self._words)
                cost = self._cost(fluency=PAUSE_FLUENCY * rate, prosody=PAUSE_PROSODY * rate)
                sure = max(value for _, value in found)
                message = say([self._words[number] for number in numbers])
                yield _problem(kind, message, kind, numbers, cost, sure)

    def _melody(self) -> Iterator[Problem]:
        sure, prosody = self._assessment.prosody.monotone, self._assessment.scores.prosody
        if sure >= MONOTONE_CONFIDENCE and prosody is not None:
            cost = self._cost(prosody=max(0.0, _LIVELY - prosody))
            message = "Your voice stayed almost on one note."
            yield _problem("monotone", message, "monotone", (), cost, sure)

    def _pace(self) -> Iterator[Problem]:
        measures = self._assessment.fluency
        if sum(len(self._words[number].syllables) for number in self._spoken) < _PACE_SYLLABLES:
            return
        if 0.0 < measures.speech_rate < SLOW_RATE and measures.silent_pauses > 1:
            points = PACE_SLOPE * (USUAL_RATE - measures.speech_rate)
            cost = self._cost(fluency=points, prosody=points)
            message = (
                f"You read slowly, with {measures.silent_pauses} pauses: "
                f"{measures.speech_rate:.1f} syllables a second, where {USUAL_RATE:.0f} to 5 are usual."
            )
            yield _problem("pace", message, "too-slow", (), cost, _PACED)
        elif measures.articulation_rate > FAST_RATE:
            points = PACE_SLOPE * (measures.articulation_rate - FAST_RATE + 1.0)
            cost = self._cost(fluency=points, accuracy=points)
            message = (
                f"You read very fast: {measures.articulation_rate:.1f} syllables a second, "
                f"where {USUAL_RATE:.0f} to 5 are usual."
            )
            yield _problem("pace", message, "too-fast", (), cost, _PACED)

    def _hesitations(self) -> Iterator[Problem]:
        measures = self._assessment.fluency
        fillers, repeats = measures.filled_pauses, measures.repetitions
        said = "a word" if repeats == 1 else f"{repeats} words"
        for kind, count, least, message in (
            ("filled-pauses", fillers, 2, f"You filled {fillers} pauses with “uh” or “um”."),
            ("repetition", repeats, 1, f"You said {said} twice."),
        ):
            if count >= least:
                cost = self._cost(fluency=PAUSE_FLUENCY * count / len(self._words))
                yield _problem(kind, message, kind, (), cost, _HESITANT)


def _problem(
    kind: str, message: str, topic: str, words: tuple[int, ...], cost: float, sure: float
) -> Problem:
    tip = topic_tip(topic)
    return Problem(kind, message, tip.instruction, words, "", "", cost, sure, tip.pair)


def _overall(scores: Scores, gains: dict[str, float]) -> float:
    def raised(aspect: str) -> float | None:
        score: float | None = getattr(scores, aspect)
        return None if score is None else score + gains.get(aspect, 0.0)

    accuracy = raised("accuracy") or 0.0
    fluency = raised("fluency")
    return overall(
        accuracy, accuracy if fluency is None else fluency, raised("completeness"), raised("prosody")
    )


def _is_garbled(word: Word) -> bool:
    wrong = sum(phone.verdict is Verdict.WRONG for phone in word.phones)
    return len(word.phones) > 2 and 2 * wrong > len(word.phones)


def _fault(number: int, spot: Spot, near: Context) -> _Fault | None:
    phone = spot.word.phones[spot.place]
    if phone.verdict is Verdict.RIGHT:
        return None
    heard, own = _heard(phone)
    is_wrong = phone.verdict is Verdict.WRONG
    if (heard and is_native_variant(phone.symbol, heard, near)) or not (heard or is_wrong):
        return None
    lost = 100.0 - phone.score
    sure = _WRONG + _CLEAR * (1.0 - own)
    if not is_wrong:
        sure = min(_NEARLY, (lost + _NEARLY_ABOVE) / 100.0) * (1.0 - own)
        if heard and phone.candidates[0].probability - own >= CLEAR_LEAD:
            sure = max(sure, _CLEARLY_ANOTHER)
    return _Fault(number, spot, base(phone.symbol), heard, lost, sure, is_wrong)


def _heard(phone: Phone) -> tuple[str, float]:
    """Return what leads before the expected phone, empty if nothing does, and that one's probability."""
    expected = base(phone.symbol)
    own = next((each.probability for each in phone.candidates if each.phone == expected), 0.0)
    lead = phone.candidates[0] if phone.candidates else None
    is_other = lead is not None and lead.phone != expected and lead.probability >= _NAMEABLE
    return (lead.phone if lead is not None and is_other else ""), own


def _added_to(word: Word) -> Iterator[tuple[int, str]]:
    """Yield the phones that were heard in a word beside those expected, and how many come before each."""
    before = 0
    for place, heard in paired([phone.symbol for phone in word.phones], word.heard) if word.heard else ():
        if place is not None:
            before = place + 1
        elif heard is not None:
            yield before, word.heard[heard]


def _symbol(fault: _Fault) -> str:
    """Return the expected phone with its stress, by which tips tell weak vowels from full ones."""
    return NO_PHONE if fault.expected == NO_PHONE else fault.spot.symbols[fault.spot.place]


def _position(spot: Spot) -> str:
    """Say where in its word a phone stands."""
    if spot.place == 0:
        return "initial"
    return "final" if spot.place >= len(spot.word.phones) - 1 else "medial"
