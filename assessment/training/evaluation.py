"""Agreement of the engine's scores with experts' marks over a corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessment.audio import Recording
from assessment.engine import Assessor
from assessment.errors import AlignmentError, CorpusError, RecordingError
from assessment.results import Assessment
from assessment.text import Break, ReferenceText, ReferenceWord
from assessment.training.corpora import Marks, Utterance

WORD_ASPECTS = ("accuracy", "stress", "total")
UTTERANCE_ASPECTS = ("accuracy", "fluency", "prosody", "total")


@dataclass(frozen=True)
class Agreement:
    """How well scores follow the experts' mean marks.

    Attributes
    ----------
    pcc, scc : float
        Pearson's and Spearman's correlation coefficient, -1 to 1; NaN for constant marks.
    mse : float
        Mean squared error with marks and scores on a scale of 0-2, as published systems give it.
    count : int
        How many marks.
    """

    pcc: float
    scc: float
    mse: float
    count: int

    @classmethod
    def of(cls, scores: ArrayLike, marks: ArrayLike) -> Agreement:
        """Compare scores and marks, both on 0-2, of one shape."""
        found, given = np.asarray(scores, float), np.asarray(marks, float)
        error = float(np.mean((found - given) ** 2))
        return cls(_pearson(found, given), _pearson(_ranks(found), _ranks(given)), error, len(found))

    def to_dict(self) -> dict[str, float | None]:
        """Return the figures rounded to four places; None for NaN, which JSON does not have."""
        figures = {"pcc": self.pcc, "scc": self.scc, "mse": self.mse}
        return {name: None if isnan(value) else round(value, 4) for name, value in figures.items()}


def _pearson(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    if len(first) < 2 or first.std() == 0.0 or second.std() == 0.0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank values from 1; equal values share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: NDArray[np.float64] = (last - (counts - 1) / 2)[inverse]
    return ranks


@dataclass
class Comparison:
    """Scores beside marks, collected over a corpus; all on 0-2.

    Attributes
    ----------
    pairs : dict
        For each (level, aspect) the scores and the marks.
    skipped : list of str
        Utterances that could not be assessed, with the reason.
    """

    pairs: dict[tuple[str, str], tuple[list[float], list[float]]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def add(self, level: str, aspect: str, score: float | None, mark: float) -> None:
        """Add one score (0-100) and its mark (0-2); None leaves the aspect out."""
        if score is None:
            return
        scores, marks = self.pairs.setdefault((level, aspect), ([], []))
        scores.append(score / 50)
        marks.append(mark)

    def agreement(self, level: str, aspect: str) -> Agreement | None:
        """Return the agreement in one aspect, None where it was not scored."""
        pair = self.pairs.get((level, aspect))
        return Agreement.of(*pair) if pair else None

    def to_dict(self) -> dict[str, object]:
        """Return the figures as plain data; an aspect that was not scored is None."""

        def figures(level: str, aspect: str) -> Mapping[str, float | None] | None:
            agreement = self.agreement(level, aspect)
            return agreement.to_dict() if agreement else None

        return {
            "phone": figures("phone", "accuracy"),
            "word": {aspect: figures("word", aspect) for aspect in WORD_ASPECTS},
            "utterance": {aspect: figures("utterance", aspect) for aspect in UTTERANCE_ASPECTS},
        }


def evaluate(assessor: Assessor, utterances: Sequence[Utterance]) -> Iterator[Comparison]:
    """Assess the marked utterances of a corpus and compare with the experts.

    The same comparison is yielded after each utterance, so that a caller can show progress and
    stop early.

    Raises
    ------
    CorpusError
        If no utterance has marks.
    """
    marked = [utterance for utterance in utterances if utterance.marks is not None]
    if not marked:
        raise CorpusError("The corpus has no experts' marks: there is nothing to compare with.")
    comparison = Comparison()
    for utterance in marked:
        assert utterance.marks is not None
        try:
            result = _assess(assessor, utterance, utterance.marks)
            _compare(comparison, result, utterance.marks)
        except (RecordingError, AlignmentError) as problem:
            comparison.skipped.append(f"{utterance.id}: {problem}")
        yield comparison


def _assess(assessor: Assessor, utterance: Utterance, marks: Marks) -> Assessment:
    """Assess against the very phones that the experts marked."""
    text = marked_text([word.text for word in marks.words])
    return assessor.assess(Recording.open(utterance.audio), text, [(word.phones,) for word in marks.words])


def marked_text(words: Sequence[str]) -> ReferenceText:
    """Return a reference text with exactly these words, as one sentence."""
    parts = []
    start = 0
    for number, word in enumerate(words):
        pause: Break = "major" if number == len(words) - 1 else ""
        parts.append(ReferenceWord(word.lower(), start, start + len(word), 0, 0, False, pause))
        start += len(word) + 1
    return ReferenceText(" ".join(words), tuple(parts), ())


def _compare(comparison: Comparison, result: Assessment, marks: Marks) -> None:
    for word, marked in zip(result.words, marks.words, strict=True):
        for aspect in WORD_ASPECTS:
            comparison.add("word", aspect, getattr(word, aspect), getattr(marked, aspect) / 5)
        scores = [phone.score for phone in word.phones] or [0.0] * len(marked.phones)
        for score, mark in zip(scores, marked.phone_marks, strict=True):
            comparison.add("phone", "accuracy", score, mark)
    for aspect in UTTERANCE_ASPECTS:
        score = getattr(result.scores, aspect)
        comparison.add("utterance", aspect, score, getattr(marks, aspect) / 5)
