"""Lessons and readings of which only the phones matter, for tests of what is to be practised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.library.models import Attempt, Item, Lesson, PhoneResult, StoredAssessment
from app.library.models import Session as Sitting
from app.library.store import Store
from app.library.weak_cards import review
from assessment.phones import is_vowel
from assessment.results import Assessment, Word
from tests.assessment import examples

# Of each lesson: level, and items of text and focus.
Texts = Sequence[tuple[str, Sequence[str]]]

PAIRS: Texts = (
    ("Think, sink. Thank, sank. Path, pass.", ("TH", "S")),
    ("Ship, sheep. Sit, seat. Live, leave.", ("IH", "IY")),
    ("Vest, west. Vine, wine. Veil, whale.", ("V", "W")),
    ("Light, right. Lock, rock. Glass, grass.", ("L", "R")),
)
SENTENCES: Texts = (
    ("I think the thirty thin thieves thought it through.", ("TH",)),
    ("Thirteen healthy athletes took a bath on Thursday.", ("TH",)),
    ("My father and my brother breathe the southern weather.", ("DH",)),
    ("Both of them thank their mother for the thick cloth.", ("TH", "DH")),
    ("Please leave these green leaves beneath the street tree.", ("IY",)),
    ("The big ship is quick, but the little tin ship is in the middle.", ("IH",)),
    ("We never leave the village without very warm vests.", ("V", "W")),
    ("Every evening seven visitors drive over the river.", ("V",)),
    ("Robert really wrote a letter to the rural library.", ("R", "L")),
    ("A tall girl called Bill will still help all of us.", ("L",)),
)
HARD: Texts = (("Throughout the thousandth theoretical thesis, thoroughness thrives.", ("TH",)),)
LESSONS = (("A2", PAIRS), ("A1", SENTENCES), ("C1", HARD))


def add_lessons(
    store: Store, lessons: Sequence[tuple[str, Texts]] = LESSONS, language: str = "en-US"
) -> dict[str, str]:
    """Add lessons; gives the ids of their items by their texts."""
    ids = {}
    with store.writing() as session:
        for place, (level, texts) in enumerate(lessons):
            lesson = Lesson(title=f"Lesson {place}", level=level, position=place, language=language)
            session.add(lesson)
            session.flush()
            for position, (text, focus) in enumerate(texts):
                item = Item(lesson_id=lesson.id, position=position, text=text, focus=list(focus))
                session.add(item)
                session.flush()
                ids[text] = item.id
    return ids


def add_reading(
    store: Store,
    learner_id: str,
    when: datetime,
    phones: Mapping[str, tuple[int, float]],
    *,
    item_id: str | None = None,
    assessment: Assessment | None = None,
) -> str:
    """Keep a reading in which phones were said so often and so well, as `attempts.add` does; gives its id."""
    results = [
        {"phone": phone, "said": said, "wrong": said if mean < 60 else 0, "mean": mean}
        for phone, (said, mean) in phones.items()
    ]
    with store.writing() as session:
        sitting = Sitting(learner_id=learner_id, started=when, ended=when)
        session.add(sitting)
        session.flush()
        attempt = Attempt(
            learner_id=learner_id,
            session_id=sitting.id,
            item_id=item_id,
            text="",
            started=when,
            seconds=3.0,
            engine_version="0",
            model="none",
        )
        session.add(attempt)
        session.flush()
        session.add_all(PhoneResult(attempt_id=attempt.id, **each) for each in results)
        if assessment is not None:
            session.add(StoredAssessment(attempt_id=attempt.id, json=assessment.to_json(indent=None)))
        review(session, learner_id, results, when)
        return attempt.id


def heard_as(phone: str, heard: str, times: int, tries: int) -> Assessment:
    """Return a reading in which a phone was said so many times, and some of these sounded like another."""
    good = examples.good_reading()
    symbol = f"{phone}1" if is_vowel(phone) else phone
    words: list[Word] = []
    for number in range(tries):
        word = examples.word("x", symbol, 0.1 * number, at=2 * number)
        words.append(examples.mispronounced(word, 0, heard) if number < times else word)
    return replace(good, text=" ".join("x" for _ in words), words=tuple(words), problems=())
