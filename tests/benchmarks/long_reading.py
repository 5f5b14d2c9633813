"""What half an hour of reading costs: memory, time beside a short one, what is found, how soon it stops.

Recordings of one reader are joined with pauses, and their texts as paragraphs. The engine runs in a process
of its own on one thread.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile
from numpy.typing import NDArray

from assessment.audio import SAMPLE_RATE, Recording
from assessment.training.corpora import Utterance
from tests.benchmarks import natives
from tests.benchmarks.common import NATIVES, BenchmarkError, Figures, corpus, options, plain, run
from tests.benchmarks.speed import declared_seconds, fresh, of_most_recorded_speaker

MINUTES = 30.0
SHORT_SECONDS = 10.0
PAUSE_SECONDS = 0.5

Samples = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Reading:
    """A recording and its text."""

    samples: Samples
    text: str

    def write(self, folder: Path, name: str) -> tuple[str, str]:
        """Write both into files and return their paths."""
        audio, text = folder / f"{name}.wav", folder / f"{name}.txt"
        soundfile.write(audio, self.samples, SAMPLE_RATE)
        text.write_text(self.text, encoding="utf-8")
        return str(audio), str(text)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("long_reading", __doc__, corpora=True)
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help="of the long reading (default: %(default)g)"
    )
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    used = natives.seen(given.corpora) if given.corpora else frozenset()
    chosen = in_order(of_most_recorded_speaker(corpus(given.corpora, NATIVES)), used)
    short = min(chosen, key=lambda utterance: abs(declared_seconds(utterance) - SHORT_SECONDS))
    model = [str(given.model.resolve())] if given.model else []
    with TemporaryDirectory() as folder:
        files = [
            *joined([short], 0.0).write(Path(folder), "short"),
            *joined(cycle(chosen), given.minutes * 60).write(Path(folder), "long"),
        ]
        measured = fresh("one_long_reading", *files, *model)
    long, brief = measured["long"], measured["short"]
    return {
        "speaker": short.speaker,
        "recordings": len(chosen),
        "unseen": sum(utterance.id not in used for utterance in chosen),
        **measured,
        "slower": round(long["relative"] / brief["relative"], 3),
    }


def in_order(utterances: Iterable[Utterance], used: frozenset[str]) -> list[Utterance]:
    """Put recordings that training did not use first, each part in the order of the names."""
    return sorted(utterances, key=lambda utterance: (utterance.id in used, utterance.id))


def joined(utterances: Iterable[Utterance], seconds: float) -> Reading:
    """Join recordings with pauses, and their texts as paragraphs, until there is so much; at least one."""
    parts: list[Samples] = []
    texts: list[str] = []
    length = 0
    pause = np.zeros(round(PAUSE_SECONDS * SAMPLE_RATE), np.float32)
    for utterance in utterances:
        samples = Recording.open(utterance.audio).samples
        if parts and length + len(pause) + len(samples) > seconds * SAMPLE_RATE:
            break
        parts += [pause, samples] if parts else [samples]
        texts.append(f"{plain(utterance.text).capitalize()}.")
        length = sum(map(len, parts))
    if not parts:
        raise BenchmarkError(f"The corpus {NATIVES} holds no recordings.")
    return Reading(np.concatenate(parts), "\n\n".join(texts))


def describe(figures: Figures) -> Iterator[str]:
    yield f"Speaker {figures['speaker']}: {figures['recordings']} recordings, {figures['unseen']} unseen"
    yield "          audio s   words   seconds   s per s   peak MB"
    for name in ("short", "long"):
        row = figures[name]
        yield (
            f"{name:7}  {row['audio_seconds']:8.1f}  {row['words']:6}  {row['seconds']:8.2f}  "
            f"{row['relative']:8.4f}  {row['peak_megabytes']:8.0f}"
        )
    long = figures["long"]
    yield f"A second of the long one takes {figures['slower']:.2f} times as long as one of the short one"
    yield (
        f"Completeness found: {long['completeness']:.2f} %; {long['omitted']} words called left out, "
        f"{long['inserted']} said in addition, {long['repeated']} said again"
    )
    yield "Stopped at   takes"
    for row in figures["cancelled"]:
        yield f"{row['done']:10.0%}  {row['seconds']:5.3f} s"


if __name__ == "__main__":
    sys.exit(main())
