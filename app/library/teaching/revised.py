"""A reading as its teacher sees it: the teacher's marks in place of the machine's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from app.library.teaching.records import MarkRow
from assessment.results import Assessment, ErrorType, Phone, Problem, Scores, Verdict, Word
from assessment.scoring import overall

# Below this a word counts as mispronounced; from the other on it is clear, and so are its phones.
MISPRONOUNCED_BELOW, CLEAR_FROM = 60.0, 85.0
# Half way between the experts' marks of a phone: wrong (0), with an accent (50), right (100).
_WRONG_BELOW, _RIGHT_FROM = 25.0, 75.0

Place = tuple[int | None, int | None]


def revised(assessment: Assessment, marks: Iterable[MarkRow]) -> Assessment:
    """Return an assessment with a teacher's marks in place of the machine's.

    Scores of the reading follow the words: its accuracy changes by the mean change of its words, its
    completeness by the words that were or were not left out, and its overall score by what these add to it
    (`assessment.scoring.overall`), unless the teacher gave one. Problems that are none for the teacher
    are left out.

    Parameters
    ----------
    assessment : Assessment
        The machine's.
    marks : iterable of MarkRow
        Of two for the same thing the newer counts. Those that say what the machine says change nothing, nor
        do those for what the reading does not have, or for words that were said beside the text.

    Returns
    -------
    Assessment
        The same one if no mark changes anything.
    """
    newest = {place: mark for place, mark in by_place(marks).items() if not _agrees(mark, assessment.words)}
    words = tuple(_word(index, word, newest) for index, word in enumerate(assessment.words))
    whole = newest.get((None, None))
    if words == assessment.words and whole is None:
        return assessment
    scores = _scores(assessment, words)
    if whole is not None and whole.score is not None:
        scores = replace(scores, overall=whole.score)
    problems = tuple(each for each in assessment.problems if not _is_settled(each, words, newest))
    return replace(assessment, words=words, scores=scores, problems=problems)


def by_place(marks: Iterable[MarkRow]) -> dict[Place, MarkRow]:
    """Return by word and phone the newest mark."""
    return {(mark.word, mark.phone): mark for mark in sorted(marks, key=lambda mark: mark.created)}


def _word(index: int, word: Word, newest: Mapping[Place, MarkRow]) -> Word:
    if word.is_extra:
        return word
    mark = newest.get((index, None))
    is_clear = mark is not None and mark.score is not None and mark.score >= CLEAR_FROM
    number = 0
    syllables = []
    for syllable in word.syllables:
        phones = []
        for phone in syllable.phones:
            phones.append(_phone(phone, newest.get((index, number)), is_clear=is_clear))
            number += 1
        syllables.append(replace(syllable, phones=tuple(phones)))
    word = replace(word, syllables=tuple(syllables))
    return word if mark is None else _marked(word, mark, is_clear=is_clear)


def _agrees(mark: MarkRow, words: Sequence[Word]) -> bool:
    """Return whether a mark of a word or a phone says what the machine says."""
    if mark.word is None or mark.word >= len(words):
        return False
    word = words[mark.word]
    if mark.phone is None:
        return mark.score in (None, word.accuracy) and mark.error in (None, word.error.value)
    return mark.phone < len(word.phones) and mark.score == word.phones[mark.phone].score


def _phone(phone: Phone, mark: MarkRow | None, *, is_clear: bool) -> Phone:
    if mark is None or mark.score is None:
        return replace(phone, verdict=Verdict.RIGHT) if is_clear else phone
    return replace(phone, score=mark.score, verdict=phone_verdict(mark.score))


def phone_verdict(score: float) -> Verdict:
    """Return what a teacher's mark of a phone (0-100) says of it."""
    if score >= _RIGHT_FROM:
        return Verdict.RIGHT
    return Verdict.NEARLY if score >= _WRONG_BELOW else Verdict.WRONG


def _marked(word: Word, mark: MarkRow, *, is_clear: bool) -> Word:
    if mark.error == ErrorType.OMISSION:
        return replace(word, accuracy=0.0, error=ErrorType.OMISSION)
    accuracy = word.accuracy if mark.score is None else mark.score
    error = word.error if mark.error is None else ErrorType(mark.error)
    if mark.error is None and error in (ErrorType.NONE, ErrorType.MISPRONUNCIATION, ErrorType.OMISSION):
        error = ErrorType.MISPRONUNCIATION if accuracy < MISPRONOUNCED_BELOW else ErrorType.NONE
    stress = None if is_clear else word.lexical_stress
    return replace(word, accuracy=accuracy, error=error, lexical_stress=stress)


def _scores(assessment: Assessment, words: tuple[Word, ...]) -> Scores:
    """Return the scores of a reading whose words were revised."""
    scores = assessment.scores
    of_text = [(old, new) for old, new in zip(assessment.words, words, strict=True) if not old.is_extra]
    if not of_text or scores.fluency is None:
        return scores
    accuracy = _within(scores.accuracy + fmean(new.accuracy - old.accuracy for old, new in of_text))
    completeness = scores.completeness
    if completeness is not None and any(_is_left_out(old) != _is_left_out(new) for old, new in of_text):
        completeness = 100.0 * fmean(not _is_left_out(new) for _, new in of_text)
    before = overall(scores.accuracy, scores.fluency, scores.completeness, scores.prosody)
    after = overall(accuracy, scores.fluency, completeness, scores.prosody)
    combined = _within(scores.overall + (after - before))
    return replace(scores, overall=combined, accuracy=accuracy, completeness=completeness)


def _is_left_out(word: Word) -> bool:
    return word.error is ErrorType.OMISSION


def _within(score: float) -> float:
    return min(100.0, max(0.0, score))


def _is_settled(problem: Problem, words: tuple[Word, ...], newest: Mapping[Place, MarkRow]) -> bool:
    """Return whether the teacher found nothing wrong with any of the words of a problem."""
    marked = [newest.get((index, None)) for index in problem.words]
    return bool(marked) and all(
        mark is not None and words[index].error is ErrorType.NONE and words[index].accuracy >= CLEAR_FROM
        for index, mark in zip(problem.words, marked, strict=True)
    )
