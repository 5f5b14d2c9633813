"""Makes a library as a school may have one after half a year: the same one every time."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, text

from app.library.attempts import phone_results
from app.library.models import (
    Attempt,
    Base,
    CompressedJson,
    Item,
    Learner,
    Lesson,
    PhoneResult,
    Session,
    new_id,
)
from app.library.store import Store, open_store
from assessment.audio import SAMPLE_RATE, Recording
from assessment.lexicon import Lexicon
from assessment.phones import syllabify
from assessment.results import Assessment, Scores, Word
from tests.assessment import examples

BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
DAYS = 180
NAMES = "Ada Ben Chloé Dmitri Elif Farid Grace Hiro Inés Jonas Kofi Lena Mia Noah Olga Priya".split()
_SENTENCES = Path(__file__).with_name("sentences.txt")
_IN_A_LESSON = 12
_IN_A_SITTING = 8
_WORD_GAP_SECONDS = 0.05
_RECORDINGS = 5
# What learners of many languages find hard: so many points below their usual.
_HARD = {"TH": 22.0, "DH": 16.0, "R": 14.0, "IH": 10.0, "AE": 12.0, "V": 8.0, "ER": 15.0, "Z": 7.0}


@dataclass(frozen=True, eq=False)
class Text:
    """A text of a lesson, and how it may be read.

    Attributes
    ----------
    phones : list of str
        The kinds of phones that are in it.
    said : ndarray of int
        How many there are of each.
    ease : ndarray of float
        By how many points each is said better than the rest of a reading.
    stored : bytes
        The assessment as it lies in the database.
    """

    lesson_id: str
    item_id: str
    text: str
    seconds: float
    phones: list[str]
    said: NDArray[np.int64]
    ease: NDArray[np.float64]
    stored: bytes


@dataclass(frozen=True)
class Reader:
    """A learner: how good at the beginning, and how much better after half a year."""

    id: str
    ability: float
    gain: float


def make_big(folder: Path, learners: int = 50, attempts: int = 10_000) -> None:
    """Make a library with so many learners and attempts, of half a year from `BEGIN` on.

    Attempts of the same text share their assessment, all share few recordings; lists, scores and results
    of phones are each attempt's own.
    """
    chance = np.random.default_rng(7)
    with contextlib.closing(open_store(folder)) as store:
        texts = list(_lessons(store))
        readers = list(_learners(store, learners, chance))
        said = [store.audio.add(_noise(number)) for number in range(_RECORDINGS)]
        for reader, number in zip(readers, _shares(attempts, learners), strict=True):
            _practise(store, reader, number, texts, said, chance)


def _shares(whole: int, parts: int) -> list[int]:
    """Part a number, as evenly as it can be."""
    return [to - begin for begin, to in pairwise(whole * part // parts for part in range(parts + 1))]


def _learners(store: Store, number: int, chance: np.random.Generator) -> Iterator[Reader]:
    with store.writing() as session:
        for place in range(number):
            name = f"{NAMES[place % len(NAMES)]} {place + 1}"
            learner = Learner(id=new_id(), name=name, created=BEGIN)
            session.add(learner)
            yield Reader(learner.id, float(chance.uniform(50, 85)), float(chance.uniform(0, 15)))


def _lessons(store: Store) -> Iterator[Text]:
    """Put the sentences of the benchmarks into lessons."""
    sentences = _SENTENCES.read_text(encoding="utf-8").splitlines()
    lexicon = Lexicon.load()
    with store.writing() as session:
        for place, first in enumerate(range(0, len(sentences), _IN_A_LESSON)):
            lesson = Lesson(id=new_id(), title=f"Sentences {place + 1}", level="A2", position=place)
            for position, sentence in enumerate(sentences[first : first + _IN_A_LESSON]):
                item = Item(id=new_id(), position=position, text=sentence)
                lesson.items.append(item)
                yield _text(lesson.id, item.id, _assessment(sentence, lexicon))
            session.add(lesson)


def _text(lesson_id: str, item_id: str, read: Assessment) -> Text:
    stored = CompressedJson().process_bind_param(read.to_json(indent=None), None)  # type: ignore[arg-type]
    results = phone_results(read)
    phones = [each["phone"] for each in results]
    said = np.array([each["said"] for each in results])
    ease = np.array([10.0 - _HARD.get(phone, 0.0) for phone in phones])
    return Text(lesson_id, item_id, read.text, read.duration, phones, said, ease, stored or b"")


def _assessment(sentence: str, lexicon: Lexicon) -> Assessment:
    """Return a good reading of a sentence."""
    words: list[Word] = []
    for found in re.finditer(r"[\w’']+", sentence):
        spoken = found[0].lower().replace("’", "'")
        syllables = syllabify(lexicon.pronunciations(spoken)[0])
        phones = " | ".join(" ".join(each) for each in syllables)
        start = words[-1].end + _WORD_GAP_SECONDS if words else 0.3
        words.append(examples.word(spoken, phones, start, text=found[0], at=found.start()))
    return replace(examples.good_reading(), text=sentence, words=tuple(words), duration=words[-1].end + 0.4)


def _noise(number: int) -> Recording:
    samples = np.random.default_rng(number).normal(0.0, 0.05, 3 * SAMPLE_RATE).astype(np.float32)
    return Recording.from_samples(samples, SAMPLE_RATE, f"noise {number}")


def _practise(
    store: Store,
    reader: Reader,
    number: int,
    texts: Sequence[Text],
    said: Sequence[str],
    chance: np.random.Generator,
) -> None:
    """Keep the readings of one learner: some a day, on some days."""
    sittings = -(-number // _IN_A_SITTING)
    days = np.sort(chance.choice(DAYS, sittings, replace=sittings > DAYS))
    rows: dict[type[Base], list[dict[str, Any]]] = {Session: [], Attempt: [], PhoneResult: []}
    stored = []
    for sitting, day in enumerate(days):
        first = int(chance.integers(len(texts)))
        started = BEGIN + timedelta(days=int(day), minutes=int(chance.integers(600)))
        session_id = new_id()
        here = min(_IN_A_SITTING, number - sitting * _IN_A_SITTING)
        for place in range(here):
            read = texts[(first + place) % len(texts)]
            level = reader.ability + reader.gain * float(day) / DAYS + float(chance.normal(0, 5))
            attempt = _attempt(reader, session_id, read, started + timedelta(minutes=place), level, chance)
            attempt["recording"] = said[(sitting + place) % len(said)]
            rows[Attempt].append(attempt)
            rows[PhoneResult] += _phones(attempt["id"], read, level, chance)
            stored.append({"id": attempt["id"], "json": read.stored})
        ended = started + timedelta(minutes=here)
        rows[Session].append(
            {"id": session_id, "learner_id": reader.id, "lesson_id": texts[first].lesson_id, "kind": "lesson"}
            | {"started": started, "ended": ended}
        )
    _insert(store, rows, stored)


def _insert(store: Store, rows: dict[type[Base], list[dict[str, Any]]], stored: list[dict[str, Any]]) -> None:
    if not stored:
        return
    with store.writing() as session:
        for table, some in rows.items():
            session.execute(insert(table.__table__), some)
        session.execute(text("INSERT INTO assessments (attempt_id, json) VALUES (:id, :json)"), stored)


def _attempt(
    reader: Reader, session_id: str, read: Text, started: datetime, level: float, chance: np.random.Generator
) -> dict[str, Any]:
    accuracy, fluency, prosody = (float(each) for each in np.clip(level + chance.normal(0, 4, 3), 5, 100))
    scores = Scores(0.5 * accuracy + 0.25 * (fluency + prosody), accuracy, fluency, 100.0, prosody)
    return {
        "id": new_id(),
        "learner_id": reader.id,
        "session_id": session_id,
        "item_id": read.item_id,
        "text": read.text,
        "started": started,
        "seconds": read.seconds,
        **{
            name: getattr(scores, name)
            for name in ("overall", "accuracy", "fluency", "completeness", "prosody")
        },
        "is_rough": bool(chance.random() < 0.05),
        "is_starred": bool(chance.random() < 0.05),
        "engine_version": "0.1.0",
        "model": "en-US 1.0.0",
    }


def _phones(attempt_id: str, read: Text, level: float, chance: np.random.Generator) -> list[dict[str, Any]]:
    means = np.clip(level + read.ease + chance.normal(0, 8, len(read.phones)), 0, 100)
    wrong = np.clip(np.round(read.said * (75 - means) / 40), 0, read.said)
    values = zip(read.phones, read.said.tolist(), wrong.astype(int).tolist(), means.tolist(), strict=True)
    return [
        {"attempt_id": attempt_id, "phone": phone, "said": said, "wrong": wrong, "mean": mean}
        for phone, said, wrong, mean in values
    ]
