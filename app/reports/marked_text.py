"""The text of a reading in pieces that a page can mark, and the words there is something to say of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.library.teaching.records import MarkRow
from app.library.teaching.revised import CLEAR_FROM, MISPRONOUNCED_BELOW, Place, by_place
from app.reports.data import Reading
from app.reports.sounds import Sound
from assessment.phones import ipa, ipa_word
from assessment.results import ErrorType, Verdict, Word

# Breaks are marked from this probability.
_SURE = 0.5
_MOST_WORDS = 12


@dataclass(frozen=True)
class Piece:
    """A part of the text.

    Attributes
    ----------
    text : str
        What is written; for pauses nothing.
    kind : str
        "" for right, "nearly", "wrong", "out" (left out), "added", "again", "pause", "no_pause".
    is_changed : bool
        Whether the teacher marked it.
    """

    text: str
    kind: str = ""
    is_changed: bool = False


@dataclass(frozen=True)
class PhoneMark:
    """A phone that the teacher marked: in IPA, with both scores (0-100)."""

    ipa: str
    machine: float
    teacher: float


@dataclass(frozen=True)
class Note:
    """Something to say of a word: the key of its text in the translations, and the values in it."""

    key: str
    values: Mapping[str, int]


@dataclass(frozen=True)
class Spoken:
    """What a teacher said of a word or a reading; `audio` as a data URI, "" for none."""

    text: str
    author: str
    is_spoken: bool
    audio: str = ""


@dataclass(frozen=True)
class WordLine:
    """What is told of a word.

    Attributes
    ----------
    text : str
        The word.
    machine_kind, teacher_kind : str
        How each marks it, as in `Piece`; the teacher's is "" if none did.
    expected, heard : str
        In IPA; "" where there is nothing to say.
    machine, teacher : float or None
        Scores, 0-100; None where none was given.
    is_changed : bool
        Whether the teacher marked the word.
    phones : tuple of PhoneMark
        The phones that the teacher marked.
    notes : tuple of Note
        What else the machine says.
    comments : tuple of Spoken
        What the teacher said of it.
    audio : str
        The word as a data URI; "" for none.
    """

    text: str
    machine_kind: str
    teacher_kind: str
    expected: str
    heard: str
    machine: float | None
    teacher: float | None
    is_changed: bool
    phones: tuple[PhoneMark, ...]
    notes: tuple[Note, ...]
    comments: tuple[Spoken, ...]
    audio: str = ""

    @property
    def kind(self) -> str:
        """How the word is marked in the end."""
        return self.teacher_kind if self.is_changed else self.machine_kind


class MarkedText:
    """The text of a reading with its marks.

    Parameters
    ----------
    reading : Reading
        Which.
    with_audio : bool
        Whether the words and spoken comments can be heard.
    """

    def __init__(self, reading: Reading, *, with_audio: bool) -> None:
        self._reading = reading
        self._with_audio = with_audio
        self._sound = Sound(reading.audio if with_audio else None)
        self._marks = by_place(reading.marks)

    def pieces(self) -> Iterator[Piece]:
        """Yield the text piece by piece."""
        text, at = self._reading.machine.text, 0
        words = enumerate(self._reading.revised.words)
        for index, word in sorted(words, key=lambda each: each[1].char_start):
            if word.char_start > at:
                yield Piece(text[at : word.char_start])
                at = word.char_start
            yield from _breaks(word)
            is_changed = _is_marked(index, self._marks)
            if word.is_extra:
                yield Piece(word.text, kind_of(word), is_changed)
            elif word.char_end > at:  # several words may be read from one sign, such as "25"
                yield Piece(text[at : word.char_end], kind_of(word), is_changed)
                at = word.char_end
        yield Piece(text[at:])

    @property
    def words(self) -> Sequence[WordLine]:
        """The words that there is something to say of; of many, those with marks, and the worst."""
        return self._lines[0]

    @property
    def more(self) -> int:
        """How many more words are marked than those in `words`."""
        return self._lines[1]

    def comments(self) -> tuple[Spoken, ...]:
        """Return what the teacher said of the reading as a whole."""
        return self._comments(None)

    @cached_property
    def _lines(self) -> tuple[Sequence[WordLine], int]:
        places = [index for index in range(len(self._reading.revised.words)) if self._is_worth_telling(index)]
        chosen = set(sorted(places, key=self._unimportance)[:_MOST_WORDS])
        return [self._line(index) for index in places if index in chosen], len(places) - len(chosen)

    def _is_worth_telling(self, index: int) -> bool:
        reading = self._reading
        kinds = kind_of(reading.machine.words[index]), kind_of(reading.revised.words[index])
        return any(kinds) or self._is_said_of(index)

    def _is_said_of(self, index: int) -> bool:
        has_comment = any(each.word == index for each in self._reading.comments)
        return has_comment or _is_marked(index, self._marks)

    def _unimportance(self, index: int) -> tuple[bool, float]:
        return not self._is_said_of(index), self._reading.revised.words[index].accuracy

    def _line(self, index: int) -> WordLine:
        machine, teacher = self._reading.machine.words[index], self._reading.revised.words[index]
        mark = self._marks.get((index, None))
        is_changed = mark is not None and not machine.is_extra
        return WordLine(
            text=machine.text,
            machine_kind=kind_of(machine),
            teacher_kind=kind_of(teacher) if is_changed else "",
            expected=f"/{ipa_word([phone.symbol for phone in machine.phones])}/" if machine.phones else "",
            heard=f"/{''.join(map(ipa, machine.heard))}/" if machine.heard else "",
            machine=None if machine.is_extra else machine.accuracy,
            teacher=mark.score if mark is not None and is_changed else None,
            is_changed=is_changed,
            phones=tuple(_phone_marks(index, machine, self._marks)),
            notes=tuple(_notes(teacher)),
            comments=self._comments(index),
            audio="" if kind_of(machine) == "out" else self._sound.piece(machine.start, machine.end),
        )

    def _comments(self, word: int | None) -> tuple[Spoken, ...]:
        found = (each for each in self._reading.comments if each.word == word)
        return tuple(
            Spoken(each.text, each.author, each.recording is not None, self._voice(each.recording))
            for each in found
        )

    def _voice(self, digest: str | None) -> str:
        path = self._reading.voices.get(digest or "") if self._with_audio else None
        return Sound(path).whole()


def kind_of(word: Word) -> str:
    """Return how a word is marked; see `Piece`."""
    if word.error is ErrorType.OMISSION:
        return "out"
    if word.is_extra:
        return "again" if word.error is ErrorType.REPETITION else "added"
    if word.accuracy < MISPRONOUNCED_BELOW:
        return "wrong"
    has_wrong = any(phone.verdict is Verdict.WRONG for phone in word.phones)
    return "nearly" if word.accuracy < CLEAR_FROM or has_wrong or _is_misplaced(word) else ""


def _is_misplaced(word: Word) -> bool:
    return word.lexical_stress is not None and not word.lexical_stress.correct


def _breaks(word: Word) -> Iterator[Piece]:
    if word.break_before is not None and not word.is_extra:
        if word.break_before.unexpected >= _SURE:
            yield Piece("", "pause")
        elif word.break_before.missing >= _SURE:
            yield Piece("", "no_pause")


def _notes(word: Word) -> Iterator[Note]:
    place = word.lexical_stress
    if place is not None and not place.correct:
        yield Note("stress_at", {"heard": place.heard + 1, "expected": place.expected + 1})


def _is_marked(index: int, marks: Mapping[Place, MarkRow]) -> bool:
    return any(word == index for word, _ in marks)


def _phone_marks(index: int, word: Word, marks: Mapping[Place, MarkRow]) -> Iterator[PhoneMark]:
    for number, phone in enumerate(word.phones):
        mark = marks.get((index, number))
        if mark is not None and mark.score is not None:
            yield PhoneMark(ipa(phone.symbol), phone.score, mark.score)
