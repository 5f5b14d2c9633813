"""Says which phones each text of the lessons has, and how many of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import select

from app.library.models import Item, Lesson
from app.library.store import Store
from assessment.errors import TextError
from assessment.lexicon import Lexicon, Pronunciation
from assessment.phones import base, is_phone
from assessment.spelling import letters
from assessment.text import ReferenceText

# In a list of words no more than so many stand between two pauses.
_WORDS_OF_A_PIECE = 2
# Lessons in other languages have no pronunciations here.
_LANGUAGE = "en"

Own = Mapping[str, tuple[Pronunciation, ...]]


@dataclass(frozen=True)
class ItemPhones:
    """A text of a lesson and its phones.

    Attributes
    ----------
    id, lesson_id : str
        Of the item and its lesson.
    level : str
        Of the lesson, such as "A2".
    place : tuple of int
        Position of the lesson, and of the item in it.
    text, note : str
        What is read, and what to attend to.
    focus : tuple of str
        The phones that it is about, ARPAbet without stress.
    pronunciations : mapping of str to tuple of Pronunciation
        By words in lower case how they are said, instead of what the lexicon says.
    words : int
        How many are spoken.
    is_words : bool
        Whether it is a list of words, such as a minimal pair, and no sentence.
    counts : mapping of str to int
        How often its canonical pronunciation has each phone, ARPAbet without stress.
    """

    id: str
    lesson_id: str
    level: str
    place: tuple[int, int]
    text: str
    note: str
    focus: tuple[str, ...]
    pronunciations: Own
    words: int
    is_words: bool
    counts: Mapping[str, int]

    def density(self, phone: str) -> float:
        """Return which share of the phones this one is, 0-1."""
        return self.counts.get(phone, 0) / max(1, sum(self.counts.values()))


@dataclass(frozen=True)
class _Spoken:
    """What is known of a text by itself."""

    words: int
    is_words: bool
    counts: Mapping[str, int]


# A text, the pronunciations of its own, and what is known of it; nothing if nobody can say it.
_Entry = tuple[str, Own, _Spoken | None]
# What is selected of an item; see `phones_of_items`.
_Row = tuple[str, str, str, int, int, str, str, list[str], dict[str, list[str]]]


@dataclass
class _Known:
    """What was found out about the texts of a library, by their items."""

    entries: dict[str, _Entry] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


_known: WeakKeyDictionary[Store, _Known] = WeakKeyDictionary()
_opening = Lock()


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that Elocute ships."""
    return Lexicon.load()


def phones_of_items(store: Store, levels: Collection[str]) -> list[ItemPhones]:
    """Return the phones of the English texts of the lessons of some levels, in their order.

    What was found out about an item is kept as long as the library is open and its text stays the same:
    the first call takes about half a second for a thousand items, the others some milliseconds.

    Parameters
    ----------
    store : Store
        The library.
    levels : collection of str
        Such as "A2".

    Returns
    -------
    list of ItemPhones
        Without texts that nobody can read aloud.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    wanted = (
        select(
            Item.id,
            Item.lesson_id,
            Lesson.level,
            Lesson.position,
            Item.position,
            Item.text,
            Item.note,
            Item.focus,
            Item.pronunciations,
        )
        .join(Lesson, Lesson.id == Item.lesson_id)
        .where(Lesson.language.startswith(_LANGUAGE), Lesson.level.in_(levels))
        .order_by(Lesson.position, Lesson.id, Item.position, Item.id)
    )
    with store.reading() as session:
        rows = session.execute(wanted).tuples().all()
    with _opening:
        known = _known.setdefault(store, _Known())
    with known.lock:
        return list(_indexed(known, rows))


def _indexed(known: _Known, rows: Iterable[_Row]) -> Iterator[ItemPhones]:
    """Yield the items whose phones are known, and find out what is not."""
    for id_, lesson_id, level, lesson_place, place, text, note, focus, written in rows:
        own = own_pronunciations(written)
        entry = known.entries.get(id_)
        if entry is None or entry[:2] != (text, own):
            entry = known.entries[id_] = (text, own, _spoken(text, own))
        if (spoken := entry[2]) is not None:
            phones = tuple(base(phone) for phone in focus if is_phone(phone))
            yield ItemPhones(
                id_, lesson_id, level, (lesson_place, place), text, note, phones, own, **vars(spoken)
            )


def own_pronunciations(written: Mapping[str, Iterable[str]]) -> Own:
    """Return the pronunciations of an item as the engine takes them.

    Parameters
    ----------
    written : mapping of str to iterable of str
        By a word the ways to say it, ARPAbet with stress; a way with anything else in it is left out.
    """
    own = {
        word: tuple(phones for way in ways if (phones := tuple(way.split())) and all(map(is_phone, phones)))
        for word, ways in written.items()
    }
    return {word: ways for word, ways in own.items() if ways}


def _spoken(text: str, own: Own) -> _Spoken | None:
    """Find out how a text is said; None if nobody can say it."""
    try:
        reference = ReferenceText.parse(text)
        counts = Counter(
            base(phone)
            for word in reference.words
            for phone in _canonical(word.spoken, own, is_letter=word.is_letter)
        )
    except TextError:
        return None
    return _Spoken(len(reference.words), _is_list(reference), counts)


def _canonical(spoken: str, own: Own, *, is_letter: bool) -> Pronunciation:
    ways = own.get(spoken) or lexicon().pronunciations(spoken, is_letter=is_letter)
    return ways[0]


def _is_list(reference: ReferenceText) -> bool:
    """Say whether pauses part a text into single words or pairs."""
    pieces, piece = [], 0
    for word in reference.words:
        piece += 1
        if word.break_after:
            pieces.append(piece)
            piece = 0
    return max([*pieces, piece]) <= _WORDS_OF_A_PIECE


def focus_spans(text: str, phone: str, own: Own | None = None) -> tuple[tuple[int, int], ...]:
    """Return where the letters of a phone stand in a text.

    Parameters
    ----------
    text : str
        The text.
    phone : str
        ARPAbet without stress.
    own : mapping of str to tuple of Pronunciation, optional
        By words in lower case how they are said, instead of what the lexicon says.

    Returns
    -------
    tuple of (int, int)
        Spans [start, end) in order; of a word whose letters do not tell, such as "25", the whole word.
        Empty if nobody can read the text.
    """
    try:
        words = ReferenceText.parse(text).words
    except TextError:
        return ()
    spans: list[tuple[int, int]] = []
    # What is written in one piece, such as "25", is read as several words.
    for (start, end), group in groupby(words, lambda word: (word.start, word.end)):
        for word in group:
            phones = _canonical(word.spoken, own or {}, is_letter=word.is_letter)
            spans += _spans_of_word(text[start:end], word.spoken, phones, phone, start)
    return tuple(dict.fromkeys(spans))


def _spans_of_word(
    written: str, spoken: str, phones: Pronunciation, phone: str, start: int
) -> Iterator[tuple[int, int]]:
    found = [number for number, symbol in enumerate(phones) if base(symbol) == phone]
    graphemes = letters(spoken, phones) if written.lower() == spoken else ()
    places = _places(spoken, graphemes) if any(graphemes) else []
    for number in found:
        first, last = places[number] if places else (0, len(written))
        if last > first:
            yield start + first, start + last


def _places(word: str, graphemes: Sequence[str]) -> list[tuple[int, int]]:
    """Find the letters of each phone in a word; two phones in a row may share theirs, as in "box"."""
    places: list[tuple[int, int]] = []
    for grapheme in graphemes:
        first, last = places[-1] if places else (0, 0)
        at = word.find(grapheme, last)
        if at < 0:
            at = first if word.startswith(grapheme, first) else last
        places.append((at, at + len(grapheme)))
    return places
