"""How well accuracy tells a reading of the text from a reading of another one of similar length.

Each recording is assessed with its own text and with the text of the same corpus that has the closest number
of characters. A recording that is refused (the text does not fit into it) counts as accuracy 0.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assessment import Assessor, Recording
from assessment.errors import AlignmentError, RecordingError
from assessment.training.corpora import Utterance
from tests.benchmarks.common import (
    LEARNERS,
    NATIVES,
    SEED,
    Figures,
    corpus,
    options,
    plain,
    progress,
    run,
    sample,
)

KINDS = {"learner": LEARNERS, "native": NATIVES}
PERCENTILES = (5, 50, 95)
# How many of the wrong readings that scored best are named.
NAMED = 5


@dataclass(frozen=True)
class Trial:
    """Accuracy of a recording with its own and with another text; None where it was refused."""

    utterance: Utterance
    other: str
    own_accuracy: float | None
    wrong_accuracy: float | None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("wrong_text", __doc__, corpora=True)
    parser.add_argument(
        "--recordings", type=int, default=200, help="half of them learners' (default: %(default)s)"
    )
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    assessor = Assessor.load(given.model)
    trials = {
        kind: kind_trials(assessor, corpus(given.corpora, name), given.recordings // 2, kind)
        for kind, name in KINDS.items()
    }
    everything = [trial for of_kind in trials.values() for trial in of_kind]
    return {
        "recordings": len(everything),
        "auc": round(auc(everything), 5),
        "kinds": {kind: kind_figures(of_kind) for kind, of_kind in trials.items()},
        "best_wrong": [named(trial) for trial in sorted(everything, key=wrong, reverse=True)[:NAMED]],
        "worst_own": [named(trial) for trial in sorted(everything, key=own)[:NAMED]],
    }


def kind_trials(assessor: Assessor, utterances: Sequence[Utterance], count: int, kind: str) -> list[Trial]:
    texts = sorted({plain(utterance.text) for utterance in utterances})
    draw = random.Random(SEED)
    return [
        trial(assessor, utterance, similar_length(plain(utterance.text), texts, draw))
        for utterance in progress(sample(utterances, count), kind)
    ]


def similar_length(text: str, texts: Sequence[str], draw: random.Random) -> str:
    """Return a different text with the closest number of characters; among equals one at random."""
    distances = {other: abs(len(other) - len(text)) for other in texts if other != text}
    least = min(distances.values())
    return draw.choice([other for other, distance in distances.items() if distance == least])


def trial(assessor: Assessor, utterance: Utterance, other: str) -> Trial:
    recording = Recording.open(utterance.audio)
    own_accuracy = accuracy(assessor, recording, plain(utterance.text))
    return Trial(utterance, other, own_accuracy, accuracy(assessor, recording, other))


def accuracy(assessor: Assessor, recording: Recording, text: str) -> float | None:
    try:
        return assessor.assess(recording, text).scores.accuracy
    except (AlignmentError, RecordingError):
        return None


def own(trial: Trial) -> float:
    return trial.own_accuracy or 0.0


def wrong(trial: Trial) -> float:
    return trial.wrong_accuracy or 0.0


def auc(trials: Sequence[Trial]) -> float:
    """Return the area under the ROC curve of own against wrong texts."""
    return area_under_curve([own(trial) for trial in trials], [wrong(trial) for trial in trials])


def area_under_curve(positive: ArrayLike, negative: ArrayLike) -> float:
    """Return the share of pairs whose positive is higher, ties counted half (Mann and Whitney 1947)."""
    higher = np.asarray(positive, float)[:, None] - np.asarray(negative, float)[None]
    return float((higher > 0).mean() + 0.5 * (higher == 0).mean())


def kind_figures(trials: Sequence[Trial]) -> Figures:
    return {
        "recordings": len(trials),
        "auc": round(auc(trials), 5),
        "own": distribution([trial.own_accuracy for trial in trials]),
        "wrong": distribution([trial.wrong_accuracy for trial in trials]),
    }


def distribution(accuracies: Sequence[float | None]) -> Figures:
    values = np.percentile([value or 0.0 for value in accuracies], PERCENTILES)
    percentiles = {
        f"p{place}": round(float(value), 1) for place, value in zip(PERCENTILES, values, strict=True)
    }
    return {**percentiles, "refused": accuracies.count(None)}


def named(trial: Trial) -> Figures:
    utterance = trial.utterance
    return {
        "id": utterance.id,
        "own": trial.own_accuracy,
        "wrong": trial.wrong_accuracy,
        "own_text": plain(utterance.text),
        "wrong_text": trial.other,
    }


def describe(figures: Figures) -> Iterator[str]:
    yield f"Accuracy with the own and with another text of similar length, {figures['recordings']} recordings"
    yield f"Area under the ROC curve: {figures['auc']:.4f}"
    yield "kind     text      5 %    50 %    95 %  refused     AUC"
    for kind, values in figures["kinds"].items():
        for text in ("own", "wrong"):
            row = values[text]
            places = "  ".join(f"{row[f'p{place}']:6.1f}" for place in PERCENTILES)
            yield f"{kind:8} {text:6} {places}  {row['refused']:7}  {values['auc']:.4f}"
    for title, key in [
        ("Best with the wrong text:", "best_wrong"),
        ("Worst with the own text:", "worst_own"),
    ]:
        yield title
        for row in figures[key]:
            own_text, wrong_text = (f"{row[each]} ({row[f'{each}_text']})" for each in ("own", "wrong"))
            yield f"  {row['id']}: own {own_text}, wrong {wrong_text}"


if __name__ == "__main__":
    sys.exit(main())
