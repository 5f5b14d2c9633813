"""Says in plain words what the machine and a teacher gave, and who said what when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.library.records import AttemptRow
from app.library.teaching.records import CommentRow, MarkRow
from app.settings import Settings
from app.windows.marks import symbol
from app.windows.review.banding import PHONE, nearest
from app.windows.words_of_time import moment
from assessment.bands import band
from assessment.phones import base
from assessment.results import Assessment, ErrorType, Phone, Word

if TYPE_CHECKING:
    from app.library.teaching.agreement import Agreement

TEACHER = "Teacher"
# Differences of fewer points are told as none.
_SAME = 0.5


def author_of(settings: Settings) -> str:
    """Return the name under which marks and comments are kept."""
    return settings.teaching.author.strip() or settings.learner.name.strip() or TEACHER


def said_by(name: str, author: str) -> str:
    """Return what somebody is called by an author."""
    return "you" if name == author else name or TEACHER


def word_words(score: float, error: str | None) -> str:
    """Return a mark of a word: ``"54, partly unclear"``."""
    if error == ErrorType.OMISSION:
        return "left out"
    return f"{score:.0f}, {band('word', score).name}"


def phone_words(score: float) -> str:
    """Return a mark of a phone: ``"80, nearly right"``."""
    return f"{score:.0f}, {nearest(PHONE, score).name}"


def reading_words(score: float) -> str:
    """Return a mark of a reading: ``"75, clear, with an accent"``."""
    return f"{score:.0f}, {band('overall', score).name}"


def mark_words(mark: MarkRow, machine: float) -> str:
    """Return a mark in words, whatever it is of.

    Parameters
    ----------
    mark : MarkRow
        The mark.
    machine : float
        What the machine gave: a mark may say what is wrong and leave the score.
    """
    score = machine if mark.score is None else mark.score
    if mark.word is None:
        return reading_words(score)
    return word_words(score, mark.error) if mark.phone is None else phone_words(score)


def beside(machine: str, marks: Iterable[tuple[str, str]]) -> str:
    """Return what the machine gave, and beside it what people did.

    Parameters
    ----------
    machine : str
        In words.
    marks : iterable of (str, str)
        Who, and what in words.

    Examples
    --------
    >>> beside("54, partly unclear", [("you", "92, clear")])
    'Machine: 54, partly unclear  ·  You: 92, clear'
    """
    told = [("machine", machine), *marks]
    return "  ·  ".join(f"{who[:1].upper()}{who[1:]}: {what}" for who, what in told)


def word_name(word: Word) -> str:
    """Return a word within quotation marks."""
    return f"“{word.text}”"


def phone_name(phone: Phone, alphabet: str) -> str:
    """Return a phone within slashes."""
    return f"/{symbol(base(phone.symbol), alphabet)}/"


def place_words(assessment: Assessment, word: int | None, phone: int | None, alphabet: str) -> str:
    """Return what a mark is of: the reading, a word, or a phone of a word."""
    if word is None:
        return "the reading"
    if phone is None:
        return word_name(assessment.words[word])
    its = phone_name(assessment.words[word].phones[phone], alphabet)
    return f"{its} in {word_name(assessment.words[word])}"


def signed(comment: CommentRow, author: str) -> str:
    """Return who made a comment, and when."""
    who = said_by(comment.author, author)
    return f"{who[:1].upper()}{who[1:]}, {moment(comment.created)}"


def row_words(row: AttemptRow) -> str:
    """Return where, when and how long an attempt was."""
    told = [row.lesson or "Own text", moment(row.started), f"{row.seconds:.0f} s"]
    return "  ·  ".join([*told, *(["handed in"] if row.is_handed_in else [])])


def agreement_words(found: Agreement) -> str:
    """Tell how far teacher and machine agree, in a sentence.

    Examples
    --------
    >>> agreement_words(Agreement(46, 0.82, 3.1, 8.0, ()))
    'You and the machine agree with r = .82 over 46 words. You give 3 points more.'
    """
    if not found.pairs:
        return "Mark some words, then it is told here how far you and the machine agree."
    words = f"{found.pairs:,} {'word' if found.pairs == 1 else 'words'}"
    if found.correlation is None:
        told = f"You have marked {words}: too few to tell how far you and the machine agree."
    else:
        told = f"You and the machine agree with r = {_correlation(found.correlation)} over {words}."
    return f"{told} {_difference(found.mean_difference)}".strip()


def _correlation(value: float) -> str:
    return f"{value:.2f}".replace("-", "−").replace("0.", ".", 1)


def _difference(points: float | None) -> str:
    if points is None:
        return ""
    if abs(points) < _SAME:
        return "On average you give as much."
    count = f"{abs(points):.0f} {'point' if round(abs(points)) == 1 else 'points'}"
    return f"You give {count} {'more' if points > 0 else 'less'}."
