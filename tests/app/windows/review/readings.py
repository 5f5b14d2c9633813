"""Readings for the tests of the review: a sentence of ten words, and a class that has read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.library import attempts, learners
from app.library.records import LearnerRow, Purpose
from app.library.store import Store
from assessment.results import Assessment, Scores
from tests.app.library.conftest import tone
from tests.assessment.examples import good_reading, mispronounced, omitted, word

STARTED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TEN = (
    ("she", "SH IY1"),
    ("has", "HH AE1 Z"),
    ("been", "B IH1 N"),
    ("thinking", "TH IH1 NG | K IH0 NG"),
    ("about", "AH0 | B AW1 T"),
    ("the", "DH AH0"),
    ("long", "L AO1 NG"),
    ("way", "W EY1"),
    ("back", "B AE1 K"),
    ("home", "HH OW1 M"),
)
TEXT = "She has been thinking about the long way back home."


def ten_words() -> Assessment:
    """Return a reading of ten words: "has" sounds like "hath", "the" is left out, the rest is good."""
    words, start, at = [], 0.1, 0
    for number, (spoken, phones) in enumerate(TEN):
        shown = spoken.capitalize() if number == 0 else spoken
        made = word(spoken, phones, start, text=shown, at=at)
        words.append(made)
        start, at = made.end + 0.05, at + len(spoken) + 1
    words[1] = mispronounced(words[1], 2, "TH")
    words[5] = omitted(words[5])
    good = good_reading()
    scores = Scores(71.0, 79.0, 74.0, 90.0, 68.0)
    return replace(good, text=TEXT, words=tuple(words), duration=start, scores=scores, problems=())


def keep(
    store: Store, learner: LearnerRow, number: int = 0, said: Assessment | None = None, **why: str
) -> str:
    """Keep a reading of so many minutes after the first; return its id."""
    purpose = Purpose(learner.id, **why)
    when = STARTED + timedelta(minutes=number)
    return attempts.add(store, purpose, tone(200 + number), said or ten_words(), when)


def people(store: Store, *names: str) -> Sequence[LearnerRow]:
    """Return new learners."""
    return [learners.add(store, name) for name in names]
