"""Shows the scores of a class as its teacher marks."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from app.library.progress import FiveScores
from app.library.teaching.overview import ClassOverview, HardPhone, HardWord, LearnerNumbers
from app.library.teaching.records import Adjustment

# A teacher's marks are about how clear the words are: speed, melody and what was left out stay as measured.
_MARKED = ("overall", "accuracy")

Hard = TypeVar("Hard", HardWord, HardPhone)


def adjusted(overview: ClassOverview, by: Adjustment) -> ClassOverview:
    """Return what a class's readings add up to with its teacher's strictness.

    The function is linear, so that means of what the teacher would give are what the teacher would give
    for the means, but for scores that would be cut off at 0 or 100. Counts stay as they are, those of the
    histogram too: its ranges move instead, see `bounds`.
    """
    return replace(
        overview,
        scores=_scores(overview.scores, by),
        learners=tuple(_learner(each, by) for each in overview.learners),
        words=tuple(_hard(each, by) for each in overview.words),
        phones=tuple(_hard(each, by) for each in overview.phones),
        heat={key: (by.of(mean), said) for key, (mean, said) in overview.heat.items()},
        days=tuple(replace(day, scores=_scores(day.scores, by)) for day in overview.days),
    )


def bounds(bins: int, by: Adjustment | None) -> list[float]:
    """Return the scores between which the bars of the histogram lie.

    Parameters
    ----------
    bins : int
        How many bars there are, equally wide on the machine's scale.
    by : Adjustment or None
        None if scores are shown as the machine gave them.

    Returns
    -------
    list of float
        One more than there are bars, from low to high.
    """
    plain = [100.0 * place / bins for place in range(bins + 1)]
    return plain if by is None else [by.of(each) for each in plain]


def _scores(scores: FiveScores, by: Adjustment) -> FiveScores:
    marked = {name: scores.of(name) for name in _MARKED}
    return replace(scores, **{name: None if each is None else by.of(each) for name, each in marked.items()})


def _learner(numbers: LearnerNumbers, by: Adjustment) -> LearnerNumbers:
    change = None if numbers.change is None else numbers.change * by.slope
    return replace(numbers, scores=_scores(numbers.scores, by), change=change)


def _hard(hard: Hard, by: Adjustment) -> Hard:
    return replace(hard, mean=by.of(hard.mean))
