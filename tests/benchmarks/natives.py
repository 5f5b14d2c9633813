"""What accuracy the engine gives to native readers: LibriSpeech and LJSpeech, drawn evenly over speakers.

A recording that is refused counts as accuracy 0.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np

from assessment import Assessor, Recording
from assessment.errors import AlignmentError, RecordingError
from assessment.training.corpora import Utterance
from assessment.training.recipe import Workshop
from tests.benchmarks.common import (
    NATIVES,
    SEED,
    BenchmarkError,
    Figures,
    corpus,
    options,
    plain,
    progress,
    run,
)

CORPORA = (NATIVES, "ljspeech")
PERCENTILES = (5, 25, 50, 75, 95)
LIMIT = 300
# How many of the lowest are named.
NAMED = 5


@dataclass(frozen=True)
class Reading:
    """A native's recording and its accuracy; None where it was refused."""

    utterance: Utterance
    accuracy: float | None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("natives", __doc__, corpora=True)
    parser.add_argument(
        "--limit", type=int, default=LIMIT, help="recordings of each corpus (default: %(default)s)"
    )
    parser.add_argument(
        "--unseen",
        action="store_true",
        help="leave out the recordings that the shipped models were trained on",
    )
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    assessor = Assessor.load(given.model)
    left_out = seen(given.corpora) if given.unseen else frozenset()
    chosen = {name: drawn(corpus(given.corpora, name), left_out, given.limit) for name in CORPORA}
    if empty := [name for name, utterances in chosen.items() if not utterances]:
        raise BenchmarkError(f"Every recording of {' or '.join(empty)} was trained on: leave out --unseen.")
    return {
        "excluded": len(left_out),
        "corpora": {
            name: statistics([Reading(each, accuracy(assessor, each)) for each in progress(utterances, name)])
            for name, utterances in chosen.items()
        },
    }


def seen(corpora: Path) -> frozenset[str]:
    """Return the ids of the native recordings that training uses, as its recipe draws them."""
    shop = Workshop(corpora, corpora)
    return frozenset(utterance.id for utterance in (*shop.native, *shop.unheard))


def drawn(utterances: Sequence[Utterance], left_out: frozenset[str], limit: int) -> list[Utterance]:
    """Draw recordings in rounds, each round one of every speaker in random order, the same every time."""
    draw = random.Random(SEED)
    speakers: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        if utterance.id not in left_out:
            speakers.setdefault(utterance.speaker, []).append(utterance)
    shuffled = [draw.sample(own, len(own)) for own in draw.sample(list(speakers.values()), len(speakers))]
    rounds = chain.from_iterable(zip_longest(*shuffled))
    return [utterance for utterance in rounds if utterance is not None][:limit]


def accuracy(assessor: Assessor, utterance: Utterance) -> float | None:
    try:
        return assessor.assess(Recording.open(utterance.audio), text(utterance)).scores.accuracy
    except (AlignmentError, RecordingError):
        return None


def text(utterance: Utterance) -> str:
    return plain(utterance.text) if utterance.text.isupper() else utterance.text


def statistics(readings: Sequence[Reading]) -> Figures:
    values = [reading.accuracy or 0.0 for reading in readings]
    lowest = sorted(readings, key=lambda reading: reading.accuracy or 0.0)[:NAMED]
    places = zip(PERCENTILES, np.percentile(values, PERCENTILES), strict=True)
    return {
        "recordings": len(readings),
        "speakers": len({reading.utterance.speaker for reading in readings}),
        "refused": sum(reading.accuracy is None for reading in readings),
        **{f"p{place}": round(float(value), 1) for place, value in places},
        "lowest": [
            {"id": each.utterance.id, "accuracy": each.accuracy, "text": text(each.utterance)}
            for each in lowest
        ],
    }


def describe(figures: Figures) -> Iterator[str]:
    yield "Accuracy of native readers by percentile"
    yield "corpus       recordings  speakers  refused " + "".join(f"{place:6} %" for place in PERCENTILES)
    for name, row in figures["corpora"].items():
        places = "".join(f"{row[f'p{place}']:8.1f}" for place in PERCENTILES)
        yield f"{name:11}  {row['recordings']:10}  {row['speakers']:8}  {row['refused']:7} {places}"
    for name, row in figures["corpora"].items():
        yield f"Lowest of {name}:"
        for each in row["lowest"]:
            yield f"  {each['id']}: {each['accuracy']} ({each['text']})"


if __name__ == "__main__":
    sys.exit(main())
