"""Readings that training did not use, of speakers that the engine's costs were not tuned on.

They are recordings of LibriSpeech that no part of the shipped models was trained on, and recordings of
learners in which the experts marked every word so high that each was said and understood. The speakers of
both are dealt into two halves: costs may be tuned on `development` speakers, the `held-out` ones are for
the figures that are told.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import soundfile

from assessment.text import ReferenceText
from assessment.training.corpora import Utterance
from tests.benchmarks import natives
from tests.benchmarks.common import LEARNERS, NATIVES, BenchmarkError, corpus, plain

NATIVE, LEARNER = "native", "learner"
READERS = (NATIVE, LEARNER)
HALVES = ("development", "held-out")
HALVES_SEED = 5
WORDS = (4, 25)
MAX_SECONDS = 15.0
# Every word of a learner's reading has at least this mark of the experts, 0-10.
UNDERSTOOD = 7.0


@dataclass(frozen=True)
class Reading:
    """A recording and the words that are said in it."""

    utterance: Utterance
    reader: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(plain(self.utterance.text).split())


def options(parser: argparse.ArgumentParser, readings: int) -> argparse.ArgumentParser:
    """Add the options that choose readings."""
    parser.add_argument(
        "--speakers", choices=HALVES, default="held-out", help="which half (default: %(default)s)"
    )
    parser.add_argument(
        "--readings", type=int, default=readings, help="of each corpus (default: %(default)s)"
    )
    return parser


def eligible(given: argparse.Namespace) -> dict[str, list[Reading]]:
    """Return all readings of a half of the speakers, for natives and for learners."""
    learners, read = corpus(given.corpora, LEARNERS), corpus(given.corpora, NATIVES)
    used = natives.seen(Path(given.corpora))
    unseen = [utterance for utterance in read if utterance.id not in used]
    understood = [utterance for utterance in learners if is_understood(utterance)]
    chosen = speakers(unseen, understood, given.speakers)
    of_readers = {NATIVE: unseen, LEARNER: understood}
    found = {
        reader: [Reading(each, reader) for each in utterances if each.speaker in chosen and fits(each)]
        for reader, utterances in of_readers.items()
    }
    if empty := [reader for reader, readings in found.items() if not readings]:
        raise BenchmarkError(f"The corpora hold no {' and no '.join(empty)} readings to measure with.")
    return found


def drawn(readings: Sequence[Reading], count: int) -> list[Reading]:
    """Draw readings in rounds over the speakers, the same every time."""
    by_id = {reading.utterance.id: reading for reading in readings}
    chosen = natives.drawn([reading.utterance for reading in readings], frozenset(), count)
    return [by_id[utterance.id] for utterance in chosen]


def speakers(unseen: Sequence[Utterance], learners: Sequence[Utterance], half: str) -> set[str]:
    """Return the native and learning speakers of a half."""
    draw = random.Random(HALVES_SEED)
    chosen: set[str] = set()
    for utterances in (unseen, learners):
        names = sorted({utterance.speaker for utterance in utterances})
        draw.shuffle(names)
        chosen.update(names[HALVES.index(half) :: len(HALVES)])
    return chosen


def is_understood(utterance: Utterance) -> bool:
    marks = utterance.marks
    return marks is not None and min(word.accuracy for word in marks.words) >= UNDERSTOOD


def fits(utterance: Utterance) -> bool:
    """Whether the text has the right length and is read as it is written, and the audio is short."""
    words = plain(utterance.text).split()
    if not WORDS[0] <= len(words) <= WORDS[1]:
        return False
    is_plain = [word.spoken for word in ReferenceText.parse(" ".join(words)).words] == words
    return is_plain and soundfile.info(utterance.audio).duration <= MAX_SECONDS
