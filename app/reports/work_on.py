"""What a learner should work on, in sentences of the report's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.library.progress import PhoneMastery
from app.reports.data import Reading
from app.reports.translations import Words
from assessment.phones import ipa
from assessment.results import NO_PHONE, Problem
from assessment.tips import phone_tip

_MOST_PROBLEMS = 3
_MOST_WORDS = 4


@dataclass(frozen=True)
class Advice:
    """One thing to work on.

    Attributes
    ----------
    sentence : str
        What happened.
    tip : str
        What to do, in English: it is about English.
    practice : tuple of str
        Words to practise.
    readings : int
        In how many readings it happened.
    """

    sentence: str
    tip: str
    practice: tuple[str, ...]
    readings: int


@dataclass(frozen=True)
class HardSound:
    """A phone that is often wrong.

    Attributes
    ----------
    ipa : str
        The phone.
    example : str
        A common word with it.
    said, wrong, mean : int, int, float
        How often it was said and was wrong, and its mean score (0-100).
    tip : str
        How it is made, in English.
    """

    ipa: str
    example: str
    said: int
    wrong: int
    mean: float
    tip: str


def advice(readings: Iterable[Reading], said: Words) -> list[Advice]:
    """Return what costs most over some readings, the worst first.

    Parameters
    ----------
    readings : iterable of Reading
        The newest first: of their words the newest are named.
    said : Words
        The language.
    """
    groups: dict[tuple[str, str, str], list[tuple[Reading, Problem]]] = {}
    for reading in readings:
        for problem in reading.revised.problems:
            key = (problem.kind, problem.expected, problem.heard)
            groups.setdefault(key, []).append((reading, problem))
    worst = sorted(groups.values(), key=lambda each: -sum(p.cost * p.confidence for _, p in each))
    return [_advice(each, said) for each in worst[:_MOST_PROBLEMS]]


def _advice(group: Sequence[tuple[Reading, Problem]], said: Words) -> Advice:
    problem = group[0][1]
    words = dict.fromkeys(
        reading.machine.words[index].text for reading, each in group for index in each.words
    )
    return Advice(_sentence(problem, list(words), said), problem.tip, problem.pair, len(group))


def _sentence(problem: Problem, words: Sequence[str], said: Words) -> str:
    key = f"problem_{_kind(problem).replace('-', '_')}"
    if key not in said.texts:  # a kind that a newer engine finds
        return problem.message
    named = said.listed([said("quoted", text=word) for word in words[:_MOST_WORDS]])
    if len(words) > _MOST_WORDS:
        named += " …"
    return said(key, words=named, expected=_ipa(problem.expected), heard=_ipa(problem.heard))


def _kind(problem: Problem) -> str:
    if problem.kind != "phone":
        return problem.kind
    if problem.expected == NO_PHONE:
        return "phone-added"
    return {"": "phone-unclear", NO_PHONE: "phone-left-out"}.get(problem.heard, "phone")


def _ipa(phone: str) -> str:
    return ipa(phone) if phone and phone != NO_PHONE else ""


def hard_sound(each: PhoneMastery) -> HardSound:
    """Return a phone with what there is to tell of it."""
    tip = phone_tip(each.phone)
    example = tip.pair[0] if tip.pair else ""
    return HardSound(ipa(each.phone), example, each.said, each.wrong, each.recent, tip.instruction)
