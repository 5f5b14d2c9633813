"""The scoring model: features of phones to scores of phones, words and sentences, 0-100."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessment.acoustic import Evidence, Manifest, open_session
from assessment.alignment import AlignedPhone
from assessment.errors import ModelError
from assessment.gop import PhoneFeatures, pooled_states
from assessment.phones import base
from assessment.results import Candidate

# Experts marked sentences; longer stretches without a sentence end are scored in parts.
MAX_PHONES = 100
# Column of `input_features` from which on it holds the encoder's states.
STATES_COLUMN = 126
# Points that a phone loses where another one was heard for certain. The experts, who knew the text,
# forgave much of that: it costs 0.003 of the agreement with them, and makes wrong phones the lowest.
LEAD_LOSS = 8.0
WORD_ASPECTS = ("accuracy", "stress", "total")
UTTERANCE_ASPECTS = ("accuracy", "fluency", "prosody", "total")


@dataclass(frozen=True)
class Thresholds:
    """Scores below which phones are called not right, chosen for precision on learners not trained on.

    Attributes
    ----------
    wrong : float
        Below it a phone is wrong.
    nearly : float
        From `wrong` up to it a phone is nearly right.
    """

    wrong: float
    nearly: float


@dataclass(frozen=True, eq=False)
class ScorerInput:
    """What the scoring model reads of one sentence.

    Attributes
    ----------
    features : ndarray of float32, shape (phones, width)
        As from `input_features`.
    expected : ndarray of int64, shape (phones,)
        Column of each expected phone.
    places : ndarray of int64, shape (phones,)
        Place in its word: 0 alone, 1 first, 2 inside, 3 last.
    words : ndarray of int64, shape (phones,)
        Word of each phone, counted from 0 without gaps.
    """

    features: NDArray[np.float32]
    expected: NDArray[np.int64]
    places: NDArray[np.int64]
    words: NDArray[np.int64]

    def part(self, first: int, last: int) -> ScorerInput:
        """Return the phones [first, last) as an input of their own."""
        words = self.words[first:last]
        return ScorerInput(
            self.features[first:last], self.expected[first:last], self.places[first:last], words - words[0]
        )

    def pooling(self) -> NDArray[np.float32]:
        """Return the matrix that averages phones to words, shape (words, phones)."""
        member = self.words[None] == np.arange(self.words[-1] + 1)[:, None]
        weights: NDArray[np.float32] = (member / member.sum(axis=1, keepdims=True)).astype(np.float32)
        return weights

    def inputs(self) -> dict[str, NDArray[Any]]:
        """Return the network's inputs by name, without the batch's axis."""
        return {
            "features": self.features,
            "expected": self.expected,
            "places": self.places,
            "pooling": self.pooling(),
        }


@dataclass(frozen=True, eq=False)
class PartScores:
    """Scores of a sentence, or of a part of a long one.

    Attributes
    ----------
    words : tuple of (first, last)
        Words [first, last) of the text.
    phones : int
        Their number.
    utterance : ndarray of float32, shape (4,)
        `UTTERANCE_ASPECTS`, 0-100.
    """

    words: tuple[int, int]
    phones: int
    utterance: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class RawScores:
    """Scores as the model predicts them, before rounding and overall combination, 0-100.

    Attributes
    ----------
    phones : ndarray of float32, shape (phones,)
        Accuracy, not clipped: `lowered` does that.
    words : ndarray of float32, shape (words, 3)
        `WORD_ASPECTS`.
    parts : tuple of PartScores
        Of the stretches that were scored together, in order.
    """

    phones: NDArray[np.float32]
    words: NDArray[np.float32]
    parts: tuple[PartScores, ...]

    @property
    def utterance(self) -> NDArray[np.float32]:
        """`UTTERANCE_ASPECTS` of everything, shape (4,): the parts' means, weighted by their phones."""
        weights = [part.phones for part in self.parts]
        mean: NDArray[np.float32] = np.average(
            [part.utterance for part in self.parts], axis=0, weights=weights
        )
        return mean


def input_features(features: PhoneFeatures, states: NDArray[np.float32]) -> NDArray[np.float32]:
    """Put the features of each phone side by side for the scoring model.

    Parameters
    ----------
    features : PhoneFeatures
        Of the sentence.
    states : ndarray of float32, shape (phones, dimensions)
        As from `pooled_states`.

    Returns
    -------
    ndarray of float32, shape (phones, 126 + dimensions)
        LPP of all phones, LPR of all, maxima of all, log duration, log gaps, speech rate, mean
        LPP of the sentence, states. All roughly within -4..4.
    """
    count = len(features.expected)
    spoken = (features.frames.sum() + 100 * features.gaps[:-1, 1].sum()) / 100
    rate = np.log(count / max(float(spoken), 0.01))
    shared = np.tile(np.array([rate - 2.0, features.lpp.mean()], np.float32), (count, 1))
    parts = [
        features.mean / 4 + 1.5,
        features.lpr / 4,
        features.maximum / 4 + 1.5,
        np.log(features.frames / 8.0)[:, None],
        np.log(features.gaps / 0.1 + 1.0),
        features.lpp[:, None] / 2,
        shared,
        states,
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def places_in_words(words: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each phone stands in its word: 0 alone, 1 first, 2 inside, 3 last."""
    begins = np.concatenate([[True], words[1:] != words[:-1]])
    ends = np.concatenate([words[1:] != words[:-1], [True]])
    return np.select([begins & ends, begins, ends], [0, 1, 3], 2).astype(np.int64)


def scorer_input(evidence: Evidence, features: PhoneFeatures, phones: Sequence[AlignedPhone]) -> ScorerInput:
    """Gather what the scoring model reads of an utterance."""
    words = np.array([phone.word for phone in phones], np.int64)
    rows = input_features(features, pooled_states(evidence, phones))
    return ScorerInput(rows, features.expected, places_in_words(words), words)


def sentence_parts(words: NDArray[np.int64], sentences: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut an utterance into the stretches that are scored together.

    Parameters
    ----------
    words : ndarray of int64, shape (phones,)
        Word of each phone.
    sentences : sequence of int
        Sentence of each word.

    Yields
    ------
    tuple of (first, last)
        Phones [first, last) of a sentence, or of whole words of a part of it that has at most
        `MAX_PHONES` phones (a single longer word stays whole).
    """
    begin = 0
    starts = [0, *(np.flatnonzero(np.diff(words)) + 1).tolist()]
    ends = [*starts[1:], len(words)]
    for start, end in zip(starts, ends, strict=True):
        new_sentence = sentences[words[start]] != sentences[words[begin]]
        if start > begin and (new_sentence or end - begin > MAX_PHONES):
            yield begin, start
            begin = start
    yield begin, len(words)


class ScoringModel:
    """The learned mapping from features to experts' marks.

    Parameters
    ----------
    manifest : Manifest
        Of the model folder.
    threads : int or None
        Threads to use; the model is small, so that None takes one.

    Raises
    ------
    ModelError
        If the model or its thresholds are missing or damaged.
    """

    def __init__(self, manifest: Manifest, threads: int | None = None) -> None:
        self._session = open_session(manifest.file("scoring.onnx"), threads or 1)
        self.thresholds = _thresholds(manifest)

    def score(self, given: ScorerInput, sentences: Sequence[int]) -> RawScores:
        """Score an utterance, sentence by sentence.

        Parameters
        ----------
        given : ScorerInput
            Of the whole utterance.
        sentences : sequence of int
            Sentence of each word.
        """
        bounds = list(sentence_parts(given.words, sentences))
        scores = [self._run(given.part(first, last)) for first, last in bounds]
        parts = []
        word = 0
        for (first, last), (_, words, utterance) in zip(bounds, scores, strict=True):
            parts.append(PartScores((word, word + len(words)), last - first, utterance))
            word += len(words)
        return RawScores(
            phones=np.concatenate([phones for phones, _, _ in scores]),
            words=np.concatenate([words for _, words, _ in scores]),
            parts=tuple(parts),
        )

    def _run(self, part: ScorerInput) -> tuple[NDArray[np.float32], ...]:
        """Return the scores of phones, words and the utterance."""
        batch = {name: array[None] for name, array in part.inputs().items()}
        phones, words, utterance = self._session.run(None, batch)
        words, utterance = (np.clip(scores[0] * 100.0, 0.0, 100.0) for scores in (words, utterance))
        return 100.0 * phones[0], words, utterance


def _thresholds(manifest: Manifest) -> Thresholds:
    try:
        given = manifest.data["thresholds"]
        return Thresholds(float(given["wrong"]), float(given["nearly"]))
    except (KeyError, TypeError, ValueError) as problem:
        raise ModelError(
            f"The thresholds of the model in {manifest.folder} are damaged. Install Elocute anew."
        ) from problem


def leads(phones: Sequence[AlignedPhone], found: Sequence[Sequence[Candidate]]) -> NDArray[np.float32]:
    """Say how much more probable another phone is than the expected one.

    Parameters
    ----------
    phones : sequence of AlignedPhone
        Of the reading.
    found : sequence of sequence of Candidate
        What was heard of each, likeliest first, as from `assessment.heard.candidates`.

    Returns
    -------
    ndarray of float32, shape (phones,)
        0-1; 0 where the expected phone leads.
    """
    ahead = []
    for phone, candidates in zip(phones, found, strict=True):
        expected = base(phone.symbol)
        own = next((each.probability for each in candidates if each.phone == expected), 0.0)
        other = next((each.probability for each in candidates if each.phone != expected), 0.0)
        ahead.append(max(0.0, other - own))
    return np.array(ahead, np.float32)


def lowered(phones: NDArray[np.float32], leads: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lower the scores of phones in whose place another was heard.

    Parameters
    ----------
    phones : ndarray of float32, shape (phones,)
        Scores as the network gives them, not clipped.
    leads : ndarray of float32, shape (phones,)
        How much more probable the likeliest other phone is, 0-1, as from `leads`.

    Returns
    -------
    ndarray of float32, shape (phones,)
        0-100.
    """
    scores: NDArray[np.float32] = np.clip(phones - LEAD_LOSS * leads, 0.0, 100.0)
    return scores


def overall(accuracy: float, fluency: float, completeness: float | None, prosody: float | None) -> float:
    """Combine the aspects to one score as Azure documents its PronScore.

    Sorted ascending s0 <= s1 <= ..., four scores give 0.4 s0 + 0.2 (s1 + s2 + s3), three give
    0.6 s0 + 0.2 s1 + 0.2 s2, two (no reference text, no prosody) 0.6 s0 + 0.4 s1.

    Parameters
    ----------
    accuracy, fluency : float
        0-100.
    completeness, prosody : float or None
        0-100; None where not scored.

    Returns
    -------
    float
        0-100.
    """
    given = sorted(score for score in (accuracy, fluency, completeness, prosody) if score is not None)
    weights = {4: (0.4, 0.2, 0.2, 0.2), 3: (0.6, 0.2, 0.2), 2: (0.6, 0.4)}[len(given)]
    return float(sum(weight * score for weight, score in zip(weights, given, strict=True)))
