"""What the engine says to recordings that are no reading: silence, noise, music, hum, shuffled speech.

The speech is the demonstration's well-read sentence, which is also assessed as it is, for comparison.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessment import Assessor, Recording
from assessment.audio import SAMPLE_RATE
from assessment.errors import AlignmentError, RecordingError
from assessment.resources import resource
from tests.benchmarks.common import SEED, Figures, options, run

Samples = NDArray[np.float64]

PIECE_SECONDS = 0.2
SHUFFLES = 3
# C major, A minor, F major, G major, as semitones above A4 (440 Hz).
CHORDS = ((-21, -9, -5, -2), (-24, -12, -9, -5), (-28, -16, -12, -9), (-26, -14, -10, -7))
MELODY = (-9, -7, -5, -4, -2, 0, 2, 3, 2, 0, -2, -4, -5, -7, -9, -5)


def main(arguments: Sequence[str] | None = None) -> int:
    return run(options("bad_audio", __doc__), measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    assessor = Assessor.load(given.model)
    path, text = well_read()
    speech = Recording.open(path).samples.astype(np.float64)
    return {
        "text": text,
        "recordings": [
            {"name": name, **answer(assessor, name, samples, text)} for name, samples in recordings(speech)
        ],
    }


def well_read() -> tuple[Path, str]:
    """Return the demonstration's first recording and its text."""
    folder = resource("demo")
    with (folder / "demo.toml").open("rb") as file:
        first = tomllib.load(file)["recordings"][0]
    return folder / first["file"], first["text"]


def answer(assessor: Assessor, name: str, samples: Samples, text: str) -> Figures:
    """Return the engine's scores and notices, or why it refused."""
    try:
        result = assessor.assess(Recording.from_samples(samples, SAMPLE_RATE, f"“{name}”"), text)
    except (AlignmentError, RecordingError) as problem:
        return {
            "refused": str(problem),
            "accuracy": None,
            "overall": None,
            "completeness": None,
            "notices": [],
        }
    return {
        "refused": None,
        "accuracy": result.scores.accuracy,
        "overall": result.scores.overall,
        "completeness": result.scores.completeness,
        "notices": [notice.code for notice in result.notices],
    }


def recordings(speech: Samples) -> Iterator[tuple[str, Samples]]:
    """Make recordings as long as the speech, by name."""
    draw = np.random.default_rng(SEED)
    count = len(speech)
    yield "speech", speech
    yield "silence", np.zeros(count)
    yield "faint noise", 0.0003 * draw.standard_normal(count)
    yield "white noise", 0.1 * draw.standard_normal(count)
    yield "chords", chords(count)
    yield "melody", melody(count)
    yield "chords and melody", 0.6 * (chords(count) + melody(count))
    yield "mains hum", hum(count)
    for number in range(1, SHUFFLES + 1):
        yield f"shuffled speech {number}", shuffled(speech, draw)
    yield "reversed speech", speech[::-1]


def note(semitones: float, count: int, seconds: float) -> Samples:
    """Return a plucked note: eight harmonics that fade, the higher ones sooner."""
    time = np.arange(count) / SAMPLE_RATE
    pitch = 440.0 * 2.0 ** (semitones / 12.0)
    harmonics = [
        np.sin(2.0 * np.pi * pitch * order * time) * np.exp(-time * order / seconds) / order
        for order in range(1, 9)
    ]
    attack = np.minimum(time / 0.01, 1.0)
    return np.asarray(0.15 * attack * np.sum(harmonics, axis=0))


def melody(count: int) -> Samples:
    return sequence([note(each, SAMPLE_RATE // 3, 0.5) for each in MELODY], count)


def chords(count: int) -> Samples:
    bars = [np.sum([note(each, SAMPLE_RATE, 1.5) for each in chord], axis=0) / 2.0 for chord in CHORDS]
    return sequence(bars, count)


def sequence(parts: Sequence[Samples], count: int) -> Samples:
    """Join parts, over again until there are enough samples."""
    return np.resize(np.concatenate(parts), count)


def hum(count: int) -> Samples:
    time = np.arange(count) / SAMPLE_RATE
    return np.asarray(
        0.1 * sum(np.sin(2.0 * np.pi * 50.0 * order * time) / order for order in (1, 2, 3, 5, 7))
    )


def shuffled(speech: Samples, draw: np.random.Generator) -> Samples:
    """Cut speech into pieces and put them together in another order."""
    piece = int(PIECE_SECONDS * SAMPLE_RATE)
    pieces = [speech[first : first + piece] for first in range(0, len(speech), piece)]
    return np.concatenate([pieces[place] for place in draw.permutation(len(pieces))])


def describe(figures: Figures) -> Iterator[str]:
    yield f"Assessed with the text: {figures['text']}"
    yield "recording           accuracy  overall  complete  notices"
    for row in figures["recordings"]:
        if row["refused"]:
            yield f"{row['name']:18}  refused: {row['refused']}"
            continue
        scores = f"{row['accuracy']:8.1f}  {row['overall']:7.1f}  {row['completeness']:8.1f}"
        yield f"{row['name']:18}  {scores}  {', '.join(row['notices'])}"


if __name__ == "__main__":
    sys.exit(main())
