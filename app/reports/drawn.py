"""The charts of reports: what is drawn of a learner and of a class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.library.progress import ASPECTS, Day, FiveScores
from app.library.teaching.overview import ClassOverview, HardPhone, HardWord
from app.reports import charts
from app.reports.data import ClassReport, LearnerReport
from app.reports.translations import Words
from assessment.bands import band
from assessment.phones import ipa

_MOST_LINES = 12
_MOST_PHONES = 16

Drawn = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of a table with a bar in it.

    Attributes
    ----------
    name : str
        What it is about.
    bar : Markup
        The drawing.
    number, told : str
        What it shows, as a number and in words.
    """

    name: str
    bar: Markup
    number: str
    told: str


def of_learner(report: LearnerReport, said: Words) -> Drawn:
    """Return what is drawn of a learner by its name in the templates; empty where nothing is known."""
    return {
        "scores": _scores(report.scores, said),
        "trend": _trend(report.days, said),
        "hard_words": _words(report.words, said),
    }


def of_class(report: ClassReport, said: Words) -> Drawn:
    """Return what is drawn of a class; see `of_learner`."""
    summed = report.overview
    return {
        "scores": _scores(summed.scores, said),
        "trend": _trend(summed.days, said),
        "histogram": _histogram(summed.histogram, said),
        "hard_words": _words(summed.words, said),
        "hard_phones": _phones(summed.phones, said),
        "heat": _heat(summed, said),
    }


def banded(aspect: str, score: float, said: Words) -> str:
    """Return what a score means, in words."""
    return said(f"band_{aspect}_{band(aspect, score).level}")


# --- lines ------------------------------------------------------------------------------------


def _scores(means: FiveScores, said: Words) -> list[Line]:
    known = [(aspect, score) for aspect in ASPECTS[1:] if (score := means.of(aspect)) is not None]
    return [
        _line(said(aspect), score / 100, said.number(score), banded(aspect, score, said))
        for aspect, score in known
    ]


def _words(hard: Iterable[HardWord], said: Words) -> list[Line]:
    return [_wrong(each.word, each, said) for each in hard if each.wrong][:_MOST_LINES]


def _phones(hard: Iterable[HardPhone], said: Words) -> list[Line]:
    return [_wrong(f"/{ipa(each.phone)}/", each, said) for each in hard if each.wrong][:_MOST_LINES]


def _wrong(name: str, hard: HardWord | HardPhone, said: Words) -> Line:
    """Tell which share of the sayings was wrong."""
    told = said("wrong_of", wrong=said.number(hard.wrong), said=said.number(hard.said))
    return _line(name, hard.wrong / hard.said, said.number(hard.mean), told)


def _line(name: str, share: float, number: str, told: str) -> Line:
    return Line(name, Markup(charts.bar(share, name, told)), number, told)


# --- charts -----------------------------------------------------------------------------------


def _histogram(counts: Sequence[int], said: Words) -> Markup:
    return Markup(charts.histogram(counts, said("distribution"))) if any(counts) else Markup()


def _trend(days: Iterable[Day], said: Words) -> Markup:
    points = [(each.day, score) for each in days if (score := each.scores.overall) is not None]
    return Markup(charts.trend(points, said("scores_over_days"), said.short_day)) if points else Markup()


def _heat(summed: ClassOverview, said: Words) -> list[Markup]:
    """Draw the hardest sounds by learners: no more learners in a drawing than fit a page of paper well."""
    phones = [(each.phone, ipa(each.phone)) for each in summed.phones[:_MOST_PHONES]]
    people = [(each.learner.id, each.learner.name or "–") for each in summed.learners if each.attempts]
    if not phones:
        return []
    legend = [said(f"heat_{key}") for key in ("wrong", "nearly", "right", "rare")]
    return [
        Markup(
            charts.heat_map(
                people[first : first + charts.MOST_ROWS], phones, summed.heat, said("heat"), legend
            )
        )
        for first in range(0, len(people), charts.MOST_ROWS)
    ]
