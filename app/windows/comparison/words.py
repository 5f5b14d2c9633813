"""Tells in words how two readings differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from app.library.comparison import Change, Comparison, Ranks, ScoreChange, WordPair
from app.settings import Marking
from app.windows.marks import MarkKind, described, marks, symbol
from assessment.results import Assessment, ErrorType, Word

_NAMES = ("first", "second")
_BADNESS = {MarkKind.NEARLY: 1, MarkKind.PAUSE: 1, MarkKind.NO_PAUSE: 1, MarkKind.WRONG: 2}


def ranks(assessment: Assessment, marking: Marking) -> Ranks:
    """Return how badly the words of a reading are marked, also where such marks are not shown.

    Parameters
    ----------
    assessment : Assessment
        The reading.
    marking : Marking
        How strict to be.
    """
    everything = replace(marking, show_mispronounced=True, show_left_out=True, show_pauses=True)
    found: dict[int, int] = {}
    for mark in marks(assessment, everything):
        found[mark.word] = max(found.get(mark.word, 0), _BADNESS.get(mark.kind, 0))
    return found


def change_words(score: ScoreChange) -> str:
    """Tell which score is better, and by how many points.

    Examples
    --------
    >>> change_words(ScoreChange("fluency", 71.0, 80.0, 1.5))
    'better by 9'
    """
    if score.first is None or score.second is None:
        missing = [
            name for name, each in zip(_NAMES, (score.first, score.second), strict=True) if each is None
        ]
        return "not scored" if len(missing) == 2 else f"not scored in the {missing[0]}"
    points = abs(round(score.second) - round(score.first))
    if score.change is Change.SAME:
        return "the same" if points == 0 else "about the same"
    return f"{score.change} by {points}"


def score_words(score: ScoreChange, name: str) -> str:
    """Tell a score of both readings, as ``"Fluency 71 → 80, better by 9"``."""
    first, second = (number(each) for each in (score.first, score.second))
    return f"{name} {first} → {second}, {change_words(score)}"


def phone_words(score: ScoreChange, alphabet: str) -> str:
    """Tell a phone of both readings, as ``"/θ/ 45 → 70, better by 25"``."""
    return score_words(score, f"/{symbol(score.name, alphabet)}/")


def number(score: float | None) -> str:
    """Return a score as it is written."""
    return "–" if score is None else f"{score:.0f}"


def summary(comparison: Comparison) -> str:
    """Tell in two sentences what is better on the whole."""
    return f"{_overall(comparison.scores[0])} {_words(comparison)}"


def _overall(score: ScoreChange) -> str:
    if score.change not in (Change.BETTER, Change.WORSE):
        return "Both readings are about the same on the whole."
    points = abs(round(score.second or 0.0) - round(score.first or 0.0))
    return f"The second reading is {score.change} by {points} points on the whole."


def _words(comparison: Comparison) -> str:
    counts = Counter(pair.change for pair in comparison.words)
    told = [
        f"{counts[change]} {'word is' if counts[change] == 1 else 'words are'} {change}"
        for change in (Change.BETTER, Change.WORSE)
        if counts[change]
    ]
    return f"{', '.join(told)}." if told else "No word changed much."


def pair_words(pair: WordPair, readings: tuple[Assessment, Assessment], alphabet: str) -> str:
    """Tell about a word how it was said in the one reading and in the other.

    Parameters
    ----------
    pair : WordPair
        The word.
    readings : (Assessment, Assessment)
        The first and the second reading.
    alphabet : {"ipa", "arpabet"}
        In which phones are written.
    """
    said = [
        None if index is None else reading.words[index]
        for index, reading in zip(pair.indexes, readings, strict=True)
    ]
    first, second = said
    if first is None or second is None:
        return _alone(second or first, _NAMES[0 if second is None else 1])
    if pair.score is None:
        return f"“{first.text}”: {_how(first)} in the first, {_how(second)} in the second."
    told = f"“{first.text}” {number(pair.score.first)} → {number(pair.score.second)}, "
    if pair.score.change is pair.change:
        told += f"{change_words(pair.score)}."
    else:
        # The mark has changed, not the score, as where the stress has moved: that is told.
        worse = 0 if pair.change is Change.BETTER else 1
        index = pair.indexes[worse]
        assert index is not None
        why = described(readings[worse], index, alphabet).partition(". ")[2]
        told += f"{pair.change}. In the {_NAMES[worse]}: {why}"
    return " ".join([told, *(f"{phone_words(phone, alphabet)}." for phone in pair.phones)])


def _alone(word: Word | None, name: str) -> str:
    """Tell about a word that is in one reading only."""
    assert word is not None
    if word.error is ErrorType.INSERTION:
        return f"“{word.text}” was added in the {name} only."
    if word.error is ErrorType.REPETITION:
        return f"“{word.text}” was said again in the {name} only."
    return f"“{word.text}” is in the {name} text only."


def _how(word: Word) -> str:
    if word.error is ErrorType.OMISSION:
        return "left out"
    if word.is_extra:
        return "added" if word.error is ErrorType.INSERTION else "said again"
    return f"{word.accuracy:.0f}"
