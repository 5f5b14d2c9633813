"""A library of made-up readings for pictures: a learner who has practised for six weeks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.library import attempts, catalogue
from app.library.lesson_rows import KeptItem
from app.library.records import Purpose
from app.library.store import Store
from assessment.audio import Recording
from assessment.phones import base
from assessment.results import Assessment, Phone, Scores, Syllable, Word
from assessment.scoring import overall

DAYS = 42
# Phones that this learner finds hard, with how much of their score is lost in the beginning.
_HARD = {"TH": 60.0, "DH": 45.0, "V": 35.0, "R": 30.0, "IH": 25.0, "AE": 25.0, "NG": 20.0}


def fill(store: Store, learner_id: str, read: Sequence[tuple[Recording, Assessment]], now: datetime) -> None:
    """Make up readings of the lessons, better from week to week.

    Parameters
    ----------
    store : Store
        An empty library with the shipped lessons.
    learner_id : str
        Who is to have read.
    read : sequence of (Recording, Assessment)
        Readings that are varied; the newest two attempts are these as they are.
    now : datetime
        When the last was read, with its zone.
    """
    chance = random.Random(7)
    lessons = [catalogue.lesson(store, each.id) for each in catalogue.lessons(store, learner_id)[:6]]
    items = [(lesson.id, item) for lesson in lessons for item in lesson.items]
    for day in range(DAYS, 0, -1):
        if chance.random() < 0.3:
            continue
        for number in range(chance.randint(1, 4)):
            lesson_id, item = chance.choice(items)
            recording, assessment = chance.choice(read)
            started = now - timedelta(days=day, minutes=3 * number + chance.random() * 60)
            purpose = Purpose(learner_id, "lesson", lesson_id, item.id)
            other = varied(assessment, item, 1.0 - day / DAYS, chance)
            attempts.add(store, purpose, recording, other, started)
    for minutes, (recording, assessment) in enumerate(reversed(read), start=1):
        attempts.add(store, Purpose(learner_id), recording, assessment, now - timedelta(minutes=minutes))


def varied(assessment: Assessment, item: KeptItem, skill: float, chance: random.Random) -> Assessment:
    """Return a reading of another text, with the flaws of somebody of some skill (0-1); for pictures only."""
    words = tuple(_word(word, skill, chance) for word in assessment.words)
    said = [phone.score for word in words for phone in word.phones]
    accuracy = sum(said) / len(said)
    fluency, prosody = (min(100.0, 55.0 + 35.0 * skill + chance.gauss(0.0, 6.0)) for _ in range(2))
    together = overall(accuracy, fluency, 100.0, prosody)
    scores = Scores(round(together, 1), round(accuracy, 1), round(fluency, 1), 100.0, round(prosody, 1))
    return replace(assessment, text=item.text, words=words, scores=scores)


def _word(word: Word, skill: float, chance: random.Random) -> Word:
    return replace(word, syllables=tuple(_syllable(each, skill, chance) for each in word.syllables))


def _syllable(syllable: Syllable, skill: float, chance: random.Random) -> Syllable:
    return replace(syllable, phones=tuple(_phone(each, skill, chance) for each in syllable.phones))


def _phone(phone: Phone, skill: float, chance: random.Random) -> Phone:
    loss = _HARD.get(base(phone.symbol), 6.0) * (1.1 - skill) + chance.gauss(0.0, 4.0)
    return replace(phone, score=min(100.0, max(0.0, phone.score - loss)))
