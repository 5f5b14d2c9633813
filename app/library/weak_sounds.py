"""Composes a session from the phones that a learner says worst: words first, then sentences."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import chain, cycle

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.library.models import Attempt, Item, Lesson
from app.library.phone_index import ItemPhones, Own, focus_spans, lexicon, phones_of_items
from app.library.progress import LEAST_ATTEMPTS
from app.library.progress_words import counted
from app.library.store import Store
from app.library.weak_cards import review
from app.library.weak_phones import WeakPhone, due_count, weak_phones
from app.library.weak_words import item_reason
from assessment.phones import base, stress
from assessment.resources import resource
from assessment.text_words import FUNCTION_WORDS
from assessment.tips import phone_tip

__all__ = ["SessionItem", "WeakPhone", "WeakSession", "compose", "due_count", "review", "weak_phones"]

_FEWEST_PHONES, _MOST_PHONES = 2, 4
# A text takes the time to look at the result, and that of its words, read slowly, in seconds.
_SECONDS_OF_TEXT, _SECONDS_OF_WORD = 20.0, 0.6
# Of each phone so many lists of words are read in five minutes, before sentences.
_LISTS = 1
# Longer texts are for lessons: a weak phone is practised in what can be read again at once.
_MOST_WORDS = 40
# A list of words helps with a phone if so many of them have it; a sentence, if it has it so often, and
# so much more often than sentences do on the whole.
_LEAST_OF_LIST = 1 / 2
_LEAST_IN_SENTENCE, _DENSE = 2, 1.5
_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
# A learner practises the highest level of which so many of the newest texts are; texts of one's own tell
# nothing of it.
_LEAST_OF_LEVEL, _NEWEST, _USUAL_LEVEL = 3, 50, "B1"
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_MADE_WORDS = 3


@dataclass(frozen=True)
class SessionItem:
    """A text of a session.

    Attributes
    ----------
    item_id, lesson_id : str or None
        Where it stands in the library; None for words that no lesson has.
    text : str
        What is read.
    focus : str
        The phone for which it was chosen, ARPAbet without stress.
    why : str
        Why it is read, in a sentence or two.
    spans : tuple of (int, int)
        Where the letters of the phone stand in the text.
    pronunciations : mapping of str to tuple of Pronunciation
        By words in lower case how they are said, instead of what the lexicon says.
    """

    item_id: str | None
    lesson_id: str | None
    text: str
    focus: str
    why: str
    spans: tuple[tuple[int, int], ...] = ()
    pronunciations: Own = field(default_factory=dict)


@dataclass(frozen=True)
class WeakSession:
    """What is read to practise weak phones.

    Attributes
    ----------
    phones : tuple of WeakPhone
        Those that it is for, the most pressing first.
    items : tuple of SessionItem
        In the order of reading; none twice.
    minutes : float
        About how long it takes.
    why : str
        Why there is nothing to read, in a sentence for people; "" if there is something.
    """

    phones: tuple[WeakPhone, ...] = ()
    items: tuple[SessionItem, ...] = ()
    minutes: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class _Past:
    """What a learner has read.

    Attributes
    ----------
    attempts : int
        How often.
    level : str
        Which level the learner practises.
    last : mapping of str to datetime
        By the id of an item when it was read last.
    """

    attempts: int
    level: str
    last: Mapping[str, datetime]


def compose(
    store: Store, learner_id: str, now: datetime, minutes: float = 5, alphabet: str = "ipa"
) -> WeakSession:
    """Choose what to read for a learner's weak phones.

    Two phones are practised in five minutes, three in ten and four in fifteen: those that are due first, and
    of these the worst. They take turns. Each begins with a list of words, such as a minimal pair, and goes
    on with sentences: those whose lesson says that they are about the phone before others, those that were
    not read for a week before others, and then those of whose phones it is the largest share. No item is
    above the level that the learner practises. What was read in the last day is taken for a phone only if
    nothing else has it. For a phone that no lesson has, there are three words of the lexicon.

    Parameters
    ----------
    store : Store
        The library.
    learner_id : str
        Who.
    now : datetime
        The present; the same past gives the same session.
    minutes : float
        How long it may take at most.
    alphabet : {"ipa", "arpabet"}
        In which reasons are written.

    Returns
    -------
    WeakSession
        Empty if the learner has read too little.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    with store.reading() as session:
        past = _past(session, learner_id, now)
    if past.attempts < LEAST_ATTEMPTS:
        missing = counted(LEAST_ATTEMPTS - past.attempts, "more text") if past.attempts else "a few texts"
        return WeakSession(why=f"Read {missing} first. Then Elocute knows which sounds to practise with you.")
    phones = tuple(weak_phones(store, learner_id, now, phones_in(minutes), alphabet))
    if not phones:
        return WeakSession(
            why="No sound was read often enough to tell how you say it. Read one or two longer texts first."
        )
    queues = _queues([each.phone for each in phones], _open_to(store, past), past, now, minutes)
    chosen, seconds = _interleaved(queues, minutes * 60.0)
    return WeakSession(phones, tuple(_session_item(each, alphabet) for each in chosen), seconds / 60.0)


def phones_in(minutes: float) -> int:
    """Return how many phones are practised in a session of a length."""
    return min(max(round(minutes / 5.0) + 1, _FEWEST_PHONES), _MOST_PHONES)


# --- what was read -------------------------------------------------------------------------------


def _past(session: Session, learner_id: str, now: datetime) -> _Past:
    mine = (Attempt.learner_id == learner_id, Attempt.started <= now)
    attempts = session.scalar(select(func.count()).select_from(Attempt).where(*mine)) or 0
    last = (
        select(Attempt.item_id, func.max(Attempt.started))
        .where(*mine, Attempt.item_id.is_not(None))
        .group_by(Attempt.item_id)
    )
    levels = (
        select(Lesson.level)
        .join(Item, Item.lesson_id == Lesson.id)
        .join(Attempt, Attempt.item_id == Item.id)
        .where(*mine)
        .order_by(Attempt.started.desc(), Attempt.id)
        .limit(_NEWEST)
    )
    read = {id_: when for id_, when in session.execute(last).tuples() if id_ is not None}
    return _Past(attempts, _practised(session.scalars(levels).all()), read)


def _practised(levels: Sequence[str]) -> str:
    """Return the highest level of which several texts were read."""
    counts = Counter(level for level in levels if level in _LEVELS)
    often = [level for level, times in counts.items() if times >= _LEAST_OF_LEVEL]
    return max(often or counts, key=_LEVELS.index, default=_USUAL_LEVEL)


def _open_to(store: Store, past: _Past) -> list[ItemPhones]:
    """Return the items that are not above a learner's level and can be read at once."""
    levels = _LEVELS[: _LEVELS.index(past.level) + 1]
    return [item for item in phones_of_items(store, levels) if item.words <= _MOST_WORDS]


# --- choosing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Choice:
    """A text that may be read for a phone; without an item it is made of words."""

    phone: str
    text: str
    words: int
    item: ItemPhones | None = None

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        return _SECONDS_OF_TEXT + _SECONDS_OF_WORD * self.words


def _queues(
    phones: Sequence[str], items: Sequence[ItemPhones], past: _Past, now: datetime, minutes: float
) -> list[deque[_Choice]]:
    """Return for each phone what may be read, in order."""
    lists = max(1, round(_LISTS * minutes / 5.0))
    return [deque(_candidates(phone, items, past, now, lists)) for phone in phones]


def _candidates(
    phone: str, items: Sequence[ItemPhones], past: _Past, now: datetime, lists: int
) -> list[_Choice]:
    there, usual = [item for item in items if _has(item, phone)], _usual(items, phone)
    dense = [item for item in there if _is_about(item, phone, usual)] or there
    if not dense:
        return _made(phone)
    fresh = [item for item in dense if _age(item, past, now) > _DAY]
    ranked = sorted(fresh or dense, key=lambda item: _rank(item, phone, past, now))
    words = [item for item in ranked if item.is_words]
    sentences = [item for item in ranked if not item.is_words]
    ordered = [*words[:lists], *sentences, *words[lists:]]
    return [_Choice(phone, item.text, item.words, item) for item in ordered]


def _has(item: ItemPhones, phone: str) -> bool:
    """Say whether an item has a phone often enough to practise it, or at all if its lesson says so."""
    least = _LEAST_OF_LIST * item.words if item.is_words else _LEAST_IN_SENTENCE
    return item.counts.get(phone, 0) >= (1 if phone in item.focus else max(1, least))


def _is_about(item: ItemPhones, phone: str, usual: float) -> bool:
    return phone in item.focus or item.is_words or item.density(phone) >= _DENSE * usual


def _usual(items: Sequence[ItemPhones], phone: str) -> float:
    """Return which share of all phones of the items this one is, 0-1."""
    phones = sum(sum(item.counts.values()) for item in items)
    return sum(item.counts.get(phone, 0) for item in items) / max(1, phones)


def _age(item: ItemPhones, past: _Past, now: datetime) -> timedelta:
    """Return how long ago an item was read; very long, if it never was."""
    last = past.last.get(item.id)
    return timedelta.max if last is None else now - last


def _rank(item: ItemPhones, phone: str, past: _Past, now: datetime) -> tuple[object, ...]:
    is_known = _age(item, past, now) <= _WEEK
    return phone not in item.focus, is_known, -item.density(phone), item.place, item.id


def _interleaved(queues: Sequence[deque[_Choice]], seconds: float) -> tuple[list[_Choice], float]:
    """Take from the queues in turn what fits into the time, no text twice."""
    chosen: list[_Choice] = []
    taken: set[str] = set()
    left = seconds
    for queue in cycle(queues):
        if not any(queues):
            break
        while queue and (queue[0].text in taken or queue[0].seconds > left):
            queue.popleft()
        if queue:
            chosen.append(queue.popleft())
            taken.add(chosen[-1].text)
            left -= chosen[-1].seconds
    return chosen, seconds - left


def _session_item(choice: _Choice, alphabet: str) -> SessionItem:
    item, phone = choice.item, choice.phone
    own = item.pronunciations if item else {}
    note = item.note if item and phone in item.focus else ""
    count = item.counts[phone] if item else choice.words
    return SessionItem(
        item.id if item else None,
        item.lesson_id if item else None,
        choice.text,
        phone,
        item_reason(phone, count, note, is_words=item is None or item.is_words, alphabet=alphabet),
        focus_spans(choice.text, phone, own),
        own,
    )


# --- words that no lesson has --------------------------------------------------------------------


def _made(phone: str) -> list[_Choice]:
    """Make a list of common words with a phone: at their beginnings, in the middle and at their ends."""
    words = _words_with(phone)
    return [_Choice(phone, f"{', '.join(words).capitalize()}.", len(words))] if words else []


@cache
def _words_with(phone: str) -> tuple[str, ...]:
    """Return the word that stands for a phone in the tips, and common ones with it elsewhere."""
    places: dict[str, list[str]] = {"initial": [], "medial": [], "final": []}
    for word in _common_words():
        symbols = lexicon().pronunciations(word)[0]
        said = [symbol for symbol in symbols if base(symbol) == phone]
        # A vowel without stress is hardly heard.
        if len(said) == 1 and stress(said[0]) in (None, 1):
            places[_place(symbols, phone)].append(word)
    example = phone_tip(phone).pair[0]
    is_at = _place(lexicon().pronunciations(example)[0], phone)
    others = [words for place, words in places.items() if place != is_at]
    found = [example, *(words.pop(0) for words in others if words), *chain(*places.values())]
    return tuple(dict.fromkeys(found))[:_MADE_WORDS]


def _place(symbols: Sequence[str], phone: str) -> str:
    at = [base(symbol) for symbol in symbols].index(phone)
    return "initial" if at == 0 else "final" if at == len(symbols) - 1 else "medial"


def _common_words() -> Iterator[str]:
    """Yield words that are said as they are listed: neither function words nor interjections."""
    for word in resource("lexicon", "en-US", "common_words.txt").read_text(encoding="utf-8").split():
        is_plain = word.isalpha() and len(word) > 2 and word not in (*FUNCTION_WORDS, "hmm")
        if is_plain and lexicon().source(word) == "dictionary":
            yield word
