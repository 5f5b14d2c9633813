"""Figures of agreement: scores beside experts' marks, and wrong phones beside those called wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import isnan
from statistics import fmean, stdev

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# A phone with a lower mean mark (0-2) is wrong ...
WRONG_MARK = 1.0
# ... and one with a lower mean mark is not perfect: at least one expert heard a fault.
IMPERFECT_MARK = 2.0
# At least this share of the phones that are called wrong must be.
PRECISION = 0.7
# How sure we want to be of it, on other speakers.
CONFIDENCE = 0.95
RESAMPLES = 1000
# Thresholds are multiples of this score.
STEP = 0.5


# --- agreement ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement:
    """How well scores follow the experts' marks.

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
        return rounded({"pcc": self.pcc, "scc": self.scc, "mse": self.mse})


def rounded(figures: dict[str, float]) -> dict[str, float | None]:
    """Round figures to four places; NaN becomes None, for JSON does not have it."""
    return {name: None if isnan(value) else round(value, 4) for name, value in figures.items()}


def _pearson(first: Floats, second: Floats) -> float:
    if len(first) < 2 or first.std() == 0.0 or second.std() == 0.0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: Floats) -> Floats:
    """Rank values from 1; equal values share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2)[inverse]
    return ranks


@dataclass(frozen=True)
class Spread:
    """Several agreements at a glance: of folds, seeds or experts.

    Attributes
    ----------
    mean, std : Agreement
        Mean and standard deviation (of a sample: NaN for fewer than two) of each figure; figures that are
        NaN are left out. `count` is the number of agreements.
    """

    mean: Agreement
    std: Agreement

    @classmethod
    def of(cls, several: Sequence[Agreement]) -> Spread:
        """Summarise agreements."""
        return cls(_summary(several, fmean, 1), _summary(several, stdev, 2))

    def to_dict(self) -> dict[str, dict[str, float | None]]:
        """Return both as plain data."""
        return {"mean": self.mean.to_dict(), "std": self.std.to_dict()}


def _summary(
    several: Sequence[Agreement], summarise: Callable[[list[float]], float], least: int
) -> Agreement:
    """Summarise each figure of which there are at least so many that are numbers."""

    def figure(name: str) -> float:
        known = [value for one in several if not isnan(value := getattr(one, name))]
        return summarise(known) if len(known) >= least else float("nan")

    return Agreement(figure("pcc"), figure("scc"), figure("mse"), len(several))


# --- finding wrong phones -----------------------------------------------------------------------


@dataclass(frozen=True)
class Calls:
    """What comes of calling phones wrong whose score is below a threshold.

    Attributes
    ----------
    threshold : float
        On 0-100.
    precision : float
        Share of the calls that are right, 0-1; NaN without calls.
    recall : float
        Share of the wrong phones that are called, 0-1; NaN without wrong phones.
    count : int
        How many calls.
    """

    threshold: float
    precision: float
    recall: float
    count: int

    @classmethod
    def of(
        cls,
        scores: ArrayLike,
        marks: ArrayLike,
        threshold: float,
        *,
        limit: float = WRONG_MARK,
        above: float = 0.0,
    ) -> Calls:
        """Call the phones with ``above <= score < threshold`` and count those marked below `limit`."""
        given, wrong = np.asarray(scores, float), np.asarray(marks, float) < limit
        called = (given >= above) & (given < threshold)
        hits = int(np.count_nonzero(called & wrong))
        count, total = int(np.count_nonzero(called)), int(np.count_nonzero(wrong))
        return cls(threshold, _share(hits, count), _share(hits, total), count)

    def to_dict(self) -> dict[str, float | None]:
        """Return the figures as plain data."""
        return rounded(asdict(self))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


@dataclass(frozen=True)
class Detection:
    """How well low scores find wrong phones (mean mark below `WRONG_MARK`).

    Attributes
    ----------
    auc : float
        Area under the ROC curve: how often a wrong phone scores below one that is not, ties
        counting half (Mann and Whitney's U). NaN unless there are phones of both kinds.
    average_precision : float
        Mean precision over the recall, as a step function; NaN without wrong phones.
    f1 : float
        The highest harmonic mean of precision and recall at any threshold; NaN without wrong phones.
    best : Calls
        At the threshold where it is reached, the most precise if there are several.
    wrong, count : int
        How many phones are wrong, and how many there are.
    """

    auc: float
    average_precision: float
    f1: float
    best: Calls
    wrong: int
    count: int

    @classmethod
    def of(cls, scores: ArrayLike, marks: ArrayLike) -> Detection:
        """Measure the detection.

        Parameters
        ----------
        scores : array_like of float, shape (phones,)
            On 0-100; at least one.
        marks : array_like of float, shape (phones,)
            Mean marks, 0-2.
        """
        given, wrong = np.asarray(scores, float), np.asarray(marks, float) < WRONG_MARK
        # Phones of equal score are called together.
        values, run = np.unique(given, return_inverse=True)
        hits, called = (np.cumsum(np.bincount(run, weights)) for weights in (wrong, None))
        total, count = int(hits[-1]), len(given)
        best = int(np.argmax(hits / (called + total)))
        return cls(
            _auc(hits, called),
            float(np.sum(np.diff(hits, prepend=0) * hits / called) / total) if total else float("nan"),
            float(2 * hits[best] / (called[best] + total)) if total else float("nan"),
            Calls.of(given, marks, _between(values, best)),
            total,
            count,
        )

    def to_dict(self) -> dict[str, object]:
        """Return the figures as plain data."""
        figures = {"auc": self.auc, "average_precision": self.average_precision, "f1": self.f1}
        return {**rounded(figures), "best": self.best.to_dict(), "wrong": self.wrong, "count": self.count}


def _auc(hits: NDArray[np.floating | np.integer], called: NDArray[np.floating | np.integer]) -> float:
    """Return the area under the curve through (false calls, right calls), by trapezia."""
    misses = called - hits
    if not hits[-1] or not misses[-1]:
        return float("nan")
    heights = hits - np.diff(hits, prepend=0.0) / 2
    return float(np.sum(np.diff(misses, prepend=0.0) * heights) / (hits[-1] * misses[-1]))


def _between(values: Floats, index: int) -> float:
    """Return a threshold above one of several ascending values and not above the next."""
    if index == len(values) - 1:
        return float(np.nextafter(values[index], np.inf))
    middle = (values[index] + values[index + 1]) / 2
    return float(middle if middle > values[index] else values[index + 1])


def precise_threshold(
    scores: ArrayLike,
    marks: ArrayLike,
    speakers: ArrayLike,
    *,
    precision: float = PRECISION,
    limit: float = WRONG_MARK,
    above: float = 0.0,
) -> float:
    """Choose the highest threshold, and so the highest recall, whose calls are precise on other speakers too.

    Speakers are drawn with replacement as many times as there are (bootstrap); the precision must be
    reached in `CONFIDENCE` of `RESAMPLES` draws, always the same ones.

    Parameters
    ----------
    scores : array_like of float, shape (phones,)
        On 0-100.
    marks : array_like of float, shape (phones,)
        Mean marks, 0-2.
    speakers : array_like, shape (phones,)
        Who said the phone.
    precision : float
        Share of the calls, ``above <= score < threshold``, that must be marked below `limit`.
    limit : float
        `WRONG_MARK` for calling a phone wrong, `IMPERFECT_MARK` for calling one nearly right.
    above : float
        Phones below are called something else.

    Returns
    -------
    float
        A multiple of `STEP` above `above`, or `above` (no calls) if there is none.
    """
    given, wrong = np.asarray(scores, float), np.asarray(marks, float) < limit
    _, speaker = np.unique(np.asarray(speakers), return_inverse=True)
    grid = np.arange(np.floor(above / STEP) + 1, 100 / STEP + 1) * STEP
    some, people = given >= above, int(speaker.max()) + 1
    # Phones of a speaker by the first threshold that calls them, the last cell for those that none calls.
    cells = speaker[some] * (len(grid) + 1) + np.searchsorted(grid, given[some], side="right")
    tables = (
        np.bincount(cells, weights, people * (len(grid) + 1)).reshape(people, -1)
        for weights in (wrong[some].astype(float), np.ones(len(cells)))
    )
    drawn = np.random.default_rng(0).multinomial(people, np.full(people, 1 / people), RESAMPLES).astype(float)
    hits, calls = (drawn @ np.cumsum(table, axis=1)[:, :-1] for table in tables)
    precise = np.flatnonzero(((hits >= precision * calls) & (calls > 0)).mean(axis=0) >= CONFIDENCE)
    return float(grid[precise[-1]]) if len(precise) else above


def reliability(scores: ArrayLike, marks: ArrayLike, groups: int = 10) -> list[tuple[float, float]]:
    """Return the mean score and the mean mark of each tenth of the items, lowest scores first."""
    found, given = np.asarray(scores, float), np.asarray(marks, float)
    parts = np.array_split(np.argsort(found, kind="stable"), min(groups, len(found)))
    return [(float(found[part].mean()), float(given[part].mean())) for part in parts]
