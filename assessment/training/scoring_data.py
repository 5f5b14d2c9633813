"""Training data of the scoring model: stored states and experts' marks to scored examples."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from assessment.acoustic import TAIL_SAMPLES, Evidence
from assessment.alignment import AlignedPhone, ReadingGraph, align, scaled_likelihoods
from assessment.errors import AlignmentError
from assessment.gop import PhoneFeatures, phone_features
from assessment.heard import candidates
from assessment.lexicon import Pronunciation
from assessment.log_mel import HOP
from assessment.phones import PHONE_INDEX, PHONES, feature_distance, is_vowel
from assessment.scoring import MAX_PHONES, STATES_COLUMN, input_features, leads, scorer_input
from assessment.training.corpora import Marks, Utterance
from assessment.training.export import Projection
from assessment.training.frames import FrameAlignment
from assessment.training.network import WIDTH, Head
from assessment.training.realign import log_posteriors
from assessment.training.scorer import (
    ScoredExample,
    marked_example,
    native_example,
    unread_example,
    wrong_example,
)
from assessment.training.states import StateStore

# Phones with at least this mark (0-1) count as well said ...
WELL_SAID = 0.9
# ... and phones below this LPP as clearly not said.
UNHEARD_LPP = -2.0

_TAIL_FRAMES = TAIL_SAMPLES // HOP


@dataclass(frozen=True, eq=False)
class Listener:
    """A head, its priors and the projection: what turns stored states into evidence.

    Attributes
    ----------
    head : Head
        One that has not seen the speakers it is used on.
    priors : ndarray of float32, shape (40,)
        Log priors for the alignment.
    projection : Projection
        Of the states.
    """

    head: Head
    priors: NDArray[np.float32]
    projection: Projection

    def evidence(self, states: NDArray[np.float16]) -> Evidence:
        """Return what the shipped model would make of the recording."""
        frames = 2 * len(states) - _TAIL_FRAMES
        last = torch.from_numpy(np.array(states[:, -WIDTH:], np.float32))
        with torch.inference_mode():
            projected = self.projection(last).numpy()
        return Evidence(log_posteriors([self.head], states)[:frames], projected[: -(-frames // 2)])

    def align(self, evidence: Evidence, words: Sequence[Sequence[Pronunciation]]) -> tuple[AlignedPhone, ...]:
        """Align evidence with the pronunciations of each word."""
        likelihoods = scaled_likelihoods(evidence.log_posteriors, self.priors)
        return align(likelihoods, ReadingGraph.build(words)).phones


@dataclass(frozen=True, eq=False)
class MarkedReading:
    """An example with what it was made of.

    Attributes
    ----------
    id : str
        Of the utterance.
    example : ScoredExample
        What the scoring model learns from.
    features : PhoneFeatures
        Of its phones.
    leads : ndarray of float32, shape (phones,)
        As from `assessment.scoring.leads`.
    """

    id: str
    example: ScoredExample
    features: PhoneFeatures
    leads: NDArray[np.float32]


def marked_readings(
    listener: Listener, store: StateStore, utterances: Iterable[Utterance]
) -> Iterator[MarkedReading]:
    """Turn marked utterances with stored states into examples."""
    rows = store.open()
    for utterance in utterances:
        entry = store.entries.get((utterance.corpus, utterance.id))
        if entry is None or utterance.marks is None:
            continue
        evidence = listener.evidence(rows[entry.offset : entry.offset + entry.length])
        phones = listener.align(evidence, _words(utterance.marks))
        features = phone_features(evidence.log_posteriors, phones)
        given = scorer_input(evidence, features, phones)
        others = leads(phones, candidates(evidence.log_posteriors, phones))
        yield MarkedReading(utterance.id, marked_example(given, utterance.marks), features, others)


def unread_examples(
    listener: Listener, store: StateStore, utterances: Sequence[Utterance], share: float, seed: int
) -> Iterator[ScoredExample]:
    """Pair a share of the recordings with another sentence of about the same length."""
    rows, shuffler = store.open(), random.Random(seed)
    marked = [utterance for utterance in utterances if utterance.marks is not None]
    lengths: Mapping[str, int] = {utterance.id: _phone_count(utterance) for utterance in marked}
    by_length = sorted(marked, key=lambda utterance: lengths[utterance.id])
    for position, utterance in enumerate(by_length):
        entry = store.entries.get((utterance.corpus, utterance.id))
        other = by_length[(position + shuffler.randint(1, 40)) % len(by_length)]
        if shuffler.random() > share or entry is None or other.text == utterance.text or other.marks is None:
            continue
        evidence = listener.evidence(rows[entry.offset : entry.offset + entry.length])
        try:
            phones = listener.align(evidence, _words(other.marks))
        except AlignmentError:
            continue
        features = phone_features(evidence.log_posteriors, phones)
        yield unread_example(scorer_input(evidence, features, phones))


def native_readings(
    listener: Listener,
    store: StateStore,
    alignments: Mapping[tuple[str, str], FrameAlignment],
    utterances: Iterable[Utterance],
) -> Iterator[MarkedReading]:
    """Turn native readings of at most `MAX_PHONES` phones into examples with full marks."""
    rows = store.open()
    for utterance in utterances:
        key = (utterance.corpus, utterance.id)
        entry, alignment = store.entries.get(key), alignments.get(key)
        if entry is None or alignment is None or len(alignment.phones) > MAX_PHONES:
            continue
        evidence = listener.evidence(rows[entry.offset : entry.offset + entry.length])
        phones = listener.align(evidence, [(word,) for word in alignment.pronunciations()])
        features = phone_features(evidence.log_posteriors, phones)
        given = scorer_input(evidence, features, phones)
        others = leads(phones, candidates(evidence.log_posteriors, phones))
        yield MarkedReading(utterance.id, native_example(given), features, others)


def substituted(reading: MarkedReading, share: float, draw: np.random.Generator) -> ScoredExample | None:
    """Score well-said phones against other phones, as if those had been expected.

    The sound stays, the expectation changes: what was said is then wrong, with certainty (canonical
    substitution). Only phones that the recording clearly does not hold are put in.

    Parameters
    ----------
    reading : MarkedReading
        What was really said.
    share : float
        Of the well-said phones, 0-1.
    draw : numpy.random.Generator
        Source of every draw.

    Returns
    -------
    ScoredExample or None
        None where no phone could be exchanged.
    """
    expected, wrong = reading.features.expected.copy(), np.zeros(len(reading.features.expected), bool)
    for row in np.flatnonzero((reading.example.phones >= WELL_SAID) & (draw.random(len(expected)) < share)):
        other = _substitute(reading.features, int(row), draw)
        if other is not None:
            expected[row], wrong[row] = other, True
    if not wrong.any():
        return None
    features = replace(reading.features, expected=expected)
    states = reading.example.given.features[:, STATES_COLUMN:]
    given = replace(
        reading.example.given, features=input_features(features, states), expected=features.expected
    )
    return wrong_example(reading.example, given, wrong)


def _substitute(features: PhoneFeatures, row: int, draw: np.random.Generator) -> int | None:
    """Draw a phone like the expected one that was clearly not said."""
    phone = PHONES[features.expected[row]]
    unheard = [
        other
        for other in PHONES
        if is_vowel(other) == is_vowel(phone) and features.mean[row, PHONE_INDEX[other]] < UNHEARD_LPP
    ]
    if not unheard:
        return None
    nearness = np.array([(0.1 + feature_distance(phone, other)) ** -2 for other in unheard])
    return PHONE_INDEX[str(draw.choice(unheard, p=nearness / nearness.sum()))]


def fit_projection(store: StateStore, dimensions: int, sample: int = 200_000) -> Projection:
    """Fit principal components to states spread evenly over a store."""
    rows = store.open()
    step = max(1, len(rows) // sample)
    return Projection.fit(np.array(rows[::step, -WIDTH:], np.float32), dimensions)


def _words(marks: Marks) -> list[tuple[Pronunciation]]:
    return [(word.phones,) for word in marks.words]


def _phone_count(utterance: Utterance) -> int:
    assert utterance.marks is not None
    return sum(len(word.phones) for word in utterance.marks.words)
