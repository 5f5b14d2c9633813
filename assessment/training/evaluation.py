"""Agreement with experts' marks over a corpus: the engine's, and a single expert's with the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assessment.audio import Recording
from assessment.engine import Assessor
from assessment.errors import AlignmentError, CorpusError, RecordingError
from assessment.results import Assessment
from assessment.scoring import UTTERANCE_ASPECTS, WORD_ASPECTS
from assessment.text import Break, ReferenceText, ReferenceWord
from assessment.training.agreement import Agreement, Detection, Spread
from assessment.training.corpora import Marks, Utterance

__all__ = [
    "ASPECTS",
    "PHONES",
    "UTTERANCE_ASPECTS",
    "WORD_ASPECTS",
    "Agreement",
    "Aspect",
    "Ceiling",
    "Comparison",
    "ceilings",
    "evaluate",
    "marked_text",
    "phone_ceiling",
    "rater_tables",
    "single_raters",
]

Aspect = tuple[str, str]
Floats = NDArray[np.float64]

PHONES: Aspect = ("phone", "accuracy")
ASPECTS: tuple[Aspect, ...] = (
    PHONES,
    *(("word", aspect) for aspect in WORD_ASPECTS),
    *(("utterance", aspect) for aspect in UTTERANCE_ASPECTS),
)


@dataclass(frozen=True)
class Ceiling:
    """How well a single expert agrees with the others: what a score can be measured by.

    Attributes
    ----------
    low, high : Agreement
        The same where the corpus holds what each expert gave; otherwise the worst and the best that
        is possible with the published mean marks.
    """

    low: Agreement
    high: Agreement

    @classmethod
    def exact(cls, agreement: Agreement) -> Ceiling:
        """Return a ceiling that is known."""
        return cls(agreement, agreement)

    @property
    def known(self) -> bool:
        """Whether it is one figure, not bounds."""
        return self.low == self.high

    def to_dict(self) -> dict[str, object]:
        """Return the figures, or their bounds, as plain data."""
        if self.known:
            return {**self.low.to_dict()}
        return {"low": self.low.to_dict(), "high": self.high.to_dict()}


@dataclass
class Comparison:
    """Scores beside marks, collected over a corpus; all on 0-2.

    Attributes
    ----------
    pairs : dict
        For each (level, aspect) the scores and the marks.
    skipped : list of str
        Utterances that could not be assessed, with the reason.
    ceilings : dict
        For each (level, aspect) the agreement of a single expert with the others, where the corpus
        tells what each expert gave.
    """

    pairs: dict[Aspect, tuple[list[float], list[float]]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    ceilings: dict[Aspect, Ceiling] = field(default_factory=dict)

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

    def detection(self) -> Detection | None:
        """Return how well wrong phones are found, None where no phone was scored."""
        pair = self.pairs.get(PHONES)
        return Detection.of(50 * np.array(pair[0]), pair[1]) if pair else None

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
    comparison = Comparison(ceilings=ceilings(utterance.marks for utterance in marked if utterance.marks))
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
    phones = [(word.phones,) for word in marks.words]
    # The experts marked the words of the text, whatever was said.
    return assessor.assess(Recording.open(utterance.audio), text, phones, enable_miscue=False)


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
        for phone, mark in zip(word.phones, marked.phone_marks, strict=True):
            comparison.add("phone", "accuracy", phone.score, mark)
    for aspect in UTTERANCE_ASPECTS:
        score = getattr(result.scores, aspect)
        comparison.add("utterance", aspect, score, getattr(marks, aspect) / 5)


def single_raters(marks: ArrayLike, level: str) -> list[Agreement]:
    """Compare each expert with the mean (phones) or median (words, utterances) of the others.

    So speechocean762 makes one mark of five: the mean for phones; for words and sentences the median,
    and totals are then rounded down, which is not done here.

    Parameters
    ----------
    marks : array_like of float, shape (items, raters)
        On 0-2, at least two raters.
    level : {"phone", "word", "utterance"}
        What was marked.

    Returns
    -------
    list of Agreement
        One a rater.
    """
    given = np.asarray(marks, float)
    combine = np.mean if level == "phone" else np.median
    return [
        Agreement.of(given[:, rater], combine(np.delete(given, rater, axis=1), axis=1))
        for rater in range(given.shape[1])
    ]


def rater_tables(sentences: Iterable[Marks]) -> dict[Aspect, Floats]:
    """Collect what each expert gave.

    Experts have no names in the corpora: the n-th mark of every list is taken for the same expert's.
    In speechocean762 the positions differ in severity alike for nearly all speakers (the last two are the
    severe ones in fluency, the first gives most of the wrong stresses), as persons would.

    Returns
    -------
    dict of (level, aspect) to ndarray of float, shape (items, raters)
        On 0-2; without aspects for which the corpus has no, or only one, expert's marks.

    Raises
    ------
    CorpusError
        If an aspect was marked by more experts in one place than in another.
    """
    rows: dict[Aspect, list[tuple[float, ...]]] = {aspect: [] for aspect in ASPECTS}
    for sentence in sentences:
        for aspect in UTTERANCE_ASPECTS:
            rows["utterance", aspect].append(sentence.raters.get(aspect, ()))
        for word in sentence.words:
            rows[PHONES] += word.phone_raters
            for aspect in WORD_ASPECTS:
                rows["word", aspect].append(word.raters.get(aspect, ()))
    tables = {aspect: _table(aspect, [row for row in given if row]) for aspect, given in rows.items()}
    return {aspect: table for aspect, table in tables.items() if table.shape[1] > 1}


def _table(aspect: Aspect, rows: Sequence[tuple[float, ...]]) -> Floats:
    raters = {len(row) for row in rows}
    if len(raters) > 1:
        raise CorpusError(
            f"The corpus has marks of {min(raters)} experts in one place and of {max(raters)} in another "
            f"({' '.join(aspect)}). Give a corpus in which the same experts marked everything."
        )
    scale = 1.0 if aspect == PHONES else 5.0
    return np.array(rows, float).reshape(len(rows), max(raters, default=0)) / scale


def ceilings(sentences: Iterable[Marks]) -> dict[Aspect, Ceiling]:
    """Return the leave-one-out agreement of a single expert with the others, the mean over the experts.

    Where phones have only mean marks, but sentences or words tell how many experts there were,
    the bounds of the agreement on phones are given (`phone_ceiling`).

    Returns
    -------
    dict of (level, aspect) to Ceiling
        Without aspects of which the corpus does not tell enough.

    Raises
    ------
    CorpusError
        If an aspect was marked by more experts in one place than in another.
    """
    sentences = list(sentences)
    tables = rater_tables(sentences)
    found = {aspect: Ceiling.exact(_single_rater(table, aspect[0])) for aspect, table in tables.items()}
    if PHONES in found or not found:
        return found
    means = [mark for sentence in sentences for word in sentence.words for mark in word.phone_marks]
    raters = next(iter(tables.values())).shape[1]
    bounds = phone_ceiling(means, raters)
    return {PHONES: bounds, **found} if bounds else found


def _single_rater(marks: NDArray[np.floating | np.integer], level: str) -> Agreement:
    mean = Spread.of(single_raters(marks, level)).mean
    return replace(mean, count=len(marks))


def phone_ceiling(means: ArrayLike, raters: int) -> Ceiling | None:
    """Return the bounds of the leave-one-out agreement that mean marks of phones leave open.

    A mean of 0.4 may come from marks 2 0 0 0 0 or 1 1 0 0 0. Were all marks as far apart as their
    means allow, the experts would agree least; were they as much alike as can be, most. Of Pearson's
    coefficient this holds for experts that are equally severe.

    Parameters
    ----------
    means : array_like of float, shape (phones,)
        Mean marks, 0-2, each expert's being 0, 1 or 2.
    raters : int
        How many experts.

    Returns
    -------
    Ceiling or None
        None if the means cannot be those of so many experts.
    """
    sums = np.asarray(means, float) * raters
    whole = np.rint(sums).astype(int)
    if not len(sums) or np.abs(sums - whole).max() > 0.01:
        return None
    return Ceiling(
        _single_rater(_possible_marks(whole, raters, apart=True), "phone"),
        _single_rater(_possible_marks(whole, raters, apart=False), "phone"),
    )


def _possible_marks(sums: NDArray[np.int_], raters: int, *, apart: bool) -> NDArray[np.int_]:
    """Make marks of 0, 1 and 2 with these sums, as unequal or as equal as can be; the raters take turns."""
    place, column = np.arange(raters), sums[:, None]
    rows = np.clip(column - 2 * place, 0, 2) if apart else column // raters + (place < column % raters)
    turns = (place + np.arange(len(sums))[:, None]) % raters
    marks: NDArray[np.int_] = np.take_along_axis(rows, turns, axis=1)
    return marks
