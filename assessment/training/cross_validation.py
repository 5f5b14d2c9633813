"""Cross-validation: how well scores of learners that no model had seen agree with the experts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from assessment.errors import CorpusError
from assessment.scoring import UTTERANCE_ASPECTS, WORD_ASPECTS
from assessment.training.agreement import (
    IMPERFECT_MARK,
    WRONG_MARK,
    Agreement,
    Calls,
    Detection,
    Spread,
    precise_threshold,
    reliability,
    rounded,
)
from assessment.training.corpora import Marks, Utterance
from assessment.training.evaluation import ASPECTS, PHONES, Aspect, Ceiling, ceilings
from assessment.training.predictions import Prediction

Floats = NDArray[np.float64]

REPORT_COLUMNS = (
    "Level",
    "Aspect",
    "Pearson",
    "Over folds",
    "One seed",
    "Spearman",
    "MSE (0-2)",
    "One expert",
)

_CARD = (
    "**Agreement with experts**, cross-validated over {speakers} learners ({utterances} sentences) in "
    "{folds} folds: neither the acoustic model nor the scoring model had seen the learners of the fold. The "
    "scores of {seeds} networks that differ in their seed are averaged, as in the shipped model. ± is the "
    "standard deviation of Pearson's coefficient; the mean squared error is on a scale of 0-2. One expert: "
    "Pearson's coefficient of a single expert with the mean (phones) or median of the others, the mean over "
    "the experts."
)
_TENTHS = (
    "Mean score and mean mark, both 0-100, of each tenth of the items, from the lowest scores to the highest:"
)


# --- figures ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AspectSummary:
    """How well one aspect is predicted.

    Attributes
    ----------
    averaged : Agreement
        All folds together, the predictions averaged over the seeds, as in the shipped model.
    folds : Spread
        Of the folds, with averaged predictions.
    seeds : Spread
        Of the seeds, each with all folds together.
    ceiling : Ceiling or None
        A single expert beside the others, on the same recordings; None where the corpus does not tell.
    reliability : tuple of (float, float)
        Mean prediction and mean mark, 0-100, of each tenth of the items, lowest predictions first.
    """

    averaged: Agreement
    folds: Spread
    seeds: Spread
    ceiling: Ceiling | None
    reliability: tuple[tuple[float, float], ...]

    def to_dict(self) -> dict[str, object]:
        """Return everything as plain data."""
        return {
            **self.averaged.to_dict(),
            "count": self.averaged.count,
            "folds": self.folds.to_dict(),
            "seeds": self.seeds.to_dict(),
            "expert": self.ceiling.to_dict() if self.ceiling else None,
            "reliability": [[round(value, 2) for value in pair] for pair in self.reliability],
        }


@dataclass(frozen=True)
class DetectionSummary:
    """How well wrong phones are found, all folds together, predictions averaged over the seeds.

    Attributes
    ----------
    detection : Detection
        At every threshold.
    wrong : Calls
        At the highest threshold that is precise enough (`precise_threshold`).
    fold_precisions : tuple of float
        Precision at that threshold in each fold, 0-1.
    nearly : Calls
        Of phones between that threshold and a higher one, as phones that are not perfect: of those too,
        enough must have a mean mark below `IMPERFECT_MARK`.
    """

    detection: Detection
    wrong: Calls
    fold_precisions: tuple[float, ...]
    nearly: Calls

    def to_dict(self) -> dict[str, object]:
        """Return everything as plain data."""
        precisions = rounded({str(fold): value for fold, value in enumerate(self.fold_precisions)})
        return {
            **self.detection.to_dict(),
            "wrong_calls": self.wrong.to_dict(),
            "fold_precisions": list(precisions.values()),
            "nearly_calls": self.nearly.to_dict(),
        }


@dataclass(frozen=True)
class Summary:
    """The figures of a cross-validation.

    Attributes
    ----------
    utterances, speakers, folds, seeds : int
        How many there are.
    aspects : dict of (level, aspect) to AspectSummary
        In the order of `ASPECTS`.
    detection : DetectionSummary
        Of wrong phones.
    """

    utterances: int
    speakers: int
    folds: int
    seeds: int
    aspects: dict[Aspect, AspectSummary]
    detection: DetectionSummary

    def to_dict(self) -> dict[str, object]:
        """Return everything as plain data."""
        levels: dict[str, dict[str, object]] = {}
        for (level, aspect), figures in self.aspects.items():
            levels.setdefault(level, {})[aspect] = figures.to_dict()
        return {
            "utterances": self.utterances,
            "speakers": self.speakers,
            "folds": self.folds,
            "seeds": self.seeds,
            **levels,
            "detection": self.detection.to_dict(),
        }


def summarise(predictions: Sequence[Prediction], utterances: Iterable[Utterance]) -> Summary:
    """Compare out-of-fold predictions with the experts.

    Parameters
    ----------
    predictions : sequence of Prediction
        Each recording once a seed.
    utterances : iterable of Utterance
        The corpus; recordings that were not predicted are left out.

    Raises
    ------
    CorpusError
        If the predictions are not those of a cross-validation over the speakers of this corpus.
    """
    seeds = _by_seed(predictions)
    known = {utterance.id: utterance for utterance in utterances if utterance.marks is not None}
    chosen = [_utterance(prediction, known) for prediction in seeds[0]]
    for prediction in chain(*seeds):
        _check(prediction, known[prediction.utterance_id])
    folds = np.array([prediction.fold for prediction in seeds[0]])
    speakers = np.array([utterance.speaker for utterance in chosen])
    if len(set(zip(speakers, folds, strict=True))) != len(set(speakers)):
        raise CorpusError(
            "The predictions have recordings of one speaker in several folds, so that a model was trained on "
            "the speaker. Deal whole speakers into folds and run the step validate again."
        )
    marks = [utterance.marks for utterance in chosen if utterance.marks is not None]
    experts = ceilings(marks)
    columns = {aspect: _column(aspect, seeds, marks, folds, speakers) for aspect in ASPECTS}
    return Summary(
        len(chosen),
        len(set(speakers)),
        len(set(folds)),
        len(seeds),
        {aspect: _aspect_summary(column, experts.get(aspect)) for aspect, column in columns.items()},
        _detection_summary(columns[PHONES]),
    )


def _by_seed(predictions: Sequence[Prediction]) -> list[list[Prediction]]:
    """Sort predictions by seed and recording, and check that each seed has the same ones."""
    table: dict[int, dict[str, Prediction]] = {}
    for prediction in predictions:
        of_seed = table.setdefault(prediction.seed, {})
        if prediction.utterance_id in of_seed:
            raise CorpusError(
                f"The predictions hold {prediction.utterance_id} twice with seed {prediction.seed}. "
                "Run the step validate again."
            )
        of_seed[prediction.utterance_id] = prediction
    rows = [[of_seed[name] for name in sorted(of_seed)] for _, of_seed in sorted(table.items())]
    keys = [[(prediction.utterance_id, prediction.fold) for prediction in row] for row in rows]
    if not keys or any(key != keys[0] for key in keys) or len({fold for _, fold in keys[0]}) < 2:
        raise CorpusError(
            "The predictions do not cover the same recordings and folds, at least two, with every seed. "
            "Run the step validate to its end."
        )
    return rows


def _utterance(prediction: Prediction, known: Mapping[str, Utterance]) -> Utterance:
    try:
        return known[prediction.utterance_id]
    except KeyError:
        raise CorpusError(
            f"The predictions are of another corpus: it has no marked recording {prediction.utterance_id}. "
            "Give the corpus that they were made of."
        ) from None


def _check(prediction: Prediction, utterance: Utterance) -> None:
    assert utterance.marks is not None
    words = utterance.marks.words
    phones = sum(len(word.phones) for word in words)
    shapes = (prediction.phones.shape, prediction.words.shape, prediction.utterance.shape)
    if shapes != ((phones,), (len(words), len(WORD_ASPECTS)), (len(UTTERANCE_ASPECTS),)):
        raise CorpusError(
            f"The predictions of {utterance.id} are not for its {len(words)} words and {phones} phones. "
            "Give the corpus that they were made of."
        )


@dataclass(frozen=True, eq=False)
class _Column:
    """One aspect: scores (seeds, items) and marks (items), both 0-1, and the items' folds and speakers."""

    scores: Floats
    marks: Floats
    folds: NDArray[np.int_]
    speakers: NDArray[np.str_]


def _column(
    aspect: Aspect,
    seeds: Sequence[Sequence[Prediction]],
    marks: Sequence[Marks],
    folds: NDArray[np.int_],
    speakers: NDArray[np.str_],
) -> _Column:
    given = [_marks_of(sentence, aspect) for sentence in marks]
    counts = [len(row) for row in given]
    scores = [np.concatenate([_scores_of(prediction, aspect) for prediction in row]) for row in seeds]
    return _Column(
        np.clip(np.array(scores, float), 0.0, 1.0),
        np.concatenate(given),
        np.repeat(folds, counts),
        np.repeat(speakers, counts),
    )


def _marks_of(sentence: Marks, aspect: Aspect) -> Floats:
    level, name = aspect
    if level == "phone":
        return np.array([mark for word in sentence.words for mark in word.phone_marks]) / 2
    marked: Sequence[object] = sentence.words if level == "word" else [sentence]
    return np.array([getattr(one, name) for one in marked], float) / 10


def _scores_of(prediction: Prediction, aspect: Aspect) -> NDArray[np.float32]:
    level, name = aspect
    if level == "phone":
        return prediction.phones
    if level == "word":
        return prediction.words[:, WORD_ASPECTS.index(name)]
    column = UTTERANCE_ASPECTS.index(name)
    return prediction.utterance[column : column + 1]


def _aspect_summary(column: _Column, ceiling: Ceiling | None) -> AspectSummary:
    mean = column.scores.mean(axis=0)
    folds = [column.folds == fold for fold in np.unique(column.folds)]
    return AspectSummary(
        averaged=Agreement.of(2 * mean, 2 * column.marks),
        folds=Spread.of([Agreement.of(2 * mean[fold], 2 * column.marks[fold]) for fold in folds]),
        seeds=Spread.of([Agreement.of(2 * scores, 2 * column.marks) for scores in column.scores]),
        ceiling=ceiling,
        reliability=tuple(reliability(100 * mean, 100 * column.marks)),
    )


def _detection_summary(column: _Column) -> DetectionSummary:
    scores, marks = 100 * column.scores.mean(axis=0), 2 * column.marks
    wrong = precise_threshold(scores, marks, column.speakers)
    nearly = precise_threshold(scores, marks, column.speakers, limit=IMPERFECT_MARK, above=wrong)
    folds = [column.folds == fold for fold in np.unique(column.folds)]
    return DetectionSummary(
        Detection.of(scores, marks),
        Calls.of(scores, marks, wrong),
        tuple(Calls.of(scores[fold], marks[fold], wrong).precision for fold in folds),
        Calls.of(scores, marks, nearly, limit=IMPERFECT_MARK, above=wrong),
    )


# --- reports ------------------------------------------------------------------------------------


def report_table(summary: Summary) -> list[tuple[str, ...]]:
    """Return a row of cells, as in `REPORT_COLUMNS`, for each level and aspect.

    "Over folds" and "One seed" hold the mean and standard deviation of Pearson's coefficient, "One
    expert" its value, or bounds, for a single expert beside the others.
    """
    return [
        (
            level,
            aspect,
            _cell(figures.averaged.pcc),
            _spread_cell(figures.folds),
            _spread_cell(figures.seeds),
            _cell(figures.averaged.scc),
            _cell(figures.averaged.mse),
            ceiling_cell(figures.ceiling),
        )
        for (level, aspect), figures in summary.aspects.items()
    ]


def _cell(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3f}"


def _spread_cell(spread: Spread) -> str:
    if np.isnan(spread.std.pcc):
        return _cell(spread.mean.pcc)
    return f"{spread.mean.pcc:.3f} ± {spread.std.pcc:.3f}"


def ceiling_cell(ceiling: Ceiling | None) -> str:
    """Give Pearson's coefficient of a single expert with the others, or its bounds."""
    if ceiling is None:
        return "-"
    return _cell(ceiling.low.pcc) if ceiling.known else f"{ceiling.low.pcc:.2f} to {ceiling.high.pcc:.2f}"


def detection_lines(summary: Summary) -> list[str]:
    """Say in sentences how well wrong phones are found."""
    found, wrong, nearly = summary.detection.detection, summary.detection.wrong, summary.detection.nearly
    folds = [value for value in summary.detection.fold_precisions if not np.isnan(value)]
    spread = f" Precision in single folds: {min(folds):.3f} to {max(folds):.3f}." if folds else ""
    return [
        detection_line(found),
        _calls_line(f"Called wrong, scores below {wrong.threshold:g}", wrong, WRONG_MARK) + spread,
        _calls_line(f"Called nearly right, from there to {nearly.threshold:g}", nearly, IMPERFECT_MARK),
    ]


def detection_line(found: Detection) -> str:
    """Say how well wrong phones can be told from others by their scores."""
    best = found.best
    return (
        f"Wrong phones (mean mark below {WRONG_MARK:g}; {found.wrong} of {found.count}): area under the ROC "
        f"curve {found.auc:.3f}, average precision {found.average_precision:.3f}, best F1 {found.f1:.3f} "
        f"(precision {best.precision:.2f}, recall {best.recall:.2f}, scores below {best.threshold:.1f})."
    )


def _calls_line(what: str, calls: Calls, limit: float) -> str:
    if not calls.count:
        return f"{what}: none, for no threshold is precise enough."
    return (
        f"{what}: {calls.count} phones, of which {calls.precision:.3f} have a mean mark below {limit:g} "
        f"(precision); they are {calls.recall:.3f} of all such phones (recall)."
    )


def card_section(summary: Summary) -> str:
    """Return the figures as a section of a model card, in Markdown."""
    titles = " | ".join(column.lower() for column in REPORT_COLUMNS[2:])
    counts = ("speakers", "utterances", "folds", "seeds")
    intro = _CARD.format(**{name: getattr(summary, name) for name in counts})
    lines = [intro, "", f"| | {titles} |", f"|---|{'---|' * 6}"]
    lines += [
        f"| {level} {aspect} | {' | '.join(cells)} |" for level, aspect, *cells in report_table(summary)
    ]
    lines += ["", *detection_lines(summary), "", _TENTHS, "", f"| | {' | '.join('123456789')} | 10 |"]
    lines += [f"|---|{'---|' * 10}"]
    for (level, aspect), figures in summary.aspects.items():
        cells = [f"{score:.0f}, {mark:.0f}" for score, mark in figures.reliability]
        lines += [f"| {level} {aspect} | {' | '.join(cells)} |"]
    return "\n".join([*lines, ""])
