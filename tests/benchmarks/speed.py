"""How fast the engine is on one thread, how soon it is ready, how much memory it takes, also by length.

Each part runs in a fresh process. Wall-clock times mean something only on a machine that does nothing else;
the processor's times (in the JSON) suffer less from company.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from assessment.audio import SAMPLE_RATE
from assessment.training.corpora import Utterance
from tests.benchmarks.common import NATIVES, BenchmarkError, Figures, corpus, options, plain, run

LENGTHS_SECONDS = (10, 60, 300, 600)
LOADS = 5
# A joined recording may be this much longer than was asked for ...
LONGER_SECONDS = 0.5
# ... and this share shorter.
SHORTER = 0.1
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("speed", __doc__, corpora=True)
    parser.add_argument("--files", type=int, default=40, help="beside pocketsphinx (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each measurement (default: %(default)s)")
    parser.add_argument(
        "--lengths",
        type=int,
        nargs="+",
        default=LENGTHS_SECONDS,
        metavar="SECONDS",
        help="of joined recordings",
    )
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    utterances = corpus(given.corpora, NATIVES)
    model = [str(given.model.resolve())] if given.model else []
    with TemporaryDirectory() as folder:
        lengths = [
            fresh("one_recording", *join(utterances, seconds, Path(folder)), str(given.rounds), *model)
            for seconds in sorted(given.lengths)
        ]
    corpora = str(Path(given.corpora).resolve())
    return {
        "load": load_figures([fresh("load_time", *model) for _ in range(LOADS)]),
        "lengths": [{**each, "relative": each["seconds"] / each["audio_seconds"]} for each in lengths],
        "side_by_side": fresh("side_by_side", corpora, str(given.files), str(given.rounds), *model),
    }


def fresh(part: str, *arguments: str) -> Figures:
    """Run a part of this benchmark in a process of its own, on one thread, and return what it measured."""
    command = [sys.executable, "-m", f"tests.benchmarks.{part}", *arguments]
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise BenchmarkError(
            f"The part {part} failed with exit code {done.returncode}: see what it printed above."
        )
    figures: Figures = json.loads(done.stdout)
    return figures


def load_figures(loads: Sequence[Figures]) -> Figures:
    return {name: median(each[name] for each in loads) for name in loads[0]}


def join(utterances: Sequence[Utterance], seconds: int, folder: Path) -> tuple[str, str]:
    """Join recordings of one speaker, and their texts, up to about a length; return the two files."""
    parts: list[np.ndarray] = []
    texts: list[str] = []
    missing = (seconds + LONGER_SECONDS) * SAMPLE_RATE
    # The longest first, so that what remains can be filled up.
    for utterance in sorted(of_most_recorded_speaker(utterances), key=declared_seconds, reverse=True):
        samples, _ = soundfile.read(utterance.audio, dtype="float32")
        if len(samples) <= missing:
            parts.append(samples)
            texts.append(f"{plain(utterance.text).capitalize()}.")
            missing -= len(samples)
    if missing > SHORTER * seconds * SAMPLE_RATE:
        raise BenchmarkError(
            f"No speaker of {NATIVES} has {seconds} s of recordings: ask for less with --lengths."
        )
    audio, text = folder / f"{seconds}.wav", folder / f"{seconds}.txt"
    soundfile.write(audio, np.concatenate(parts), SAMPLE_RATE)
    text.write_text("\n".join(texts), encoding="utf-8")
    return str(audio), str(text)


def of_most_recorded_speaker(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Return the utterances of the speaker who has most of them."""
    speakers = [utterance.speaker for utterance in utterances]
    chosen = max(sorted(set(speakers)), key=speakers.count)
    return [utterance for utterance in utterances if utterance.speaker == chosen]


def declared_seconds(utterance: Utterance) -> float:
    return float(soundfile.info(utterance.audio).duration)


def describe(figures: Figures) -> Iterator[str]:
    load = figures["load"]
    yield f"Assessor.load() {load['load_seconds']:.2f} s, after an import of {load['import_seconds']:.2f} s"
    yield "audio s   words   seconds   s per s   peak MB"
    for row in figures["lengths"]:
        yield (
            f"{row['audio_seconds']:7.1f}  {row['words']:6}  {row['seconds']:8.2f}  {row['relative']:8.4f}  "
            f"{row['peak_megabytes']:8.0f}"
        )
    beside = figures["side_by_side"]
    yield "Beside pocketsphinx, seconds per second of audio"
    yield f"({beside['files']} files; {beside['left_out']} more left out that one of the two cannot align)"
    for name, row in [*beside["corpora"].items(), ("total", beside["total"])]:
        yield (
            f"{name:14}  elocute {row['elocute']:.4f}  pocketsphinx {row['pocketsphinx']:.4f}  "
            f"ratio {row['ratio']:.2f}  (processor time: {row['processor_ratio']:.2f})"
        )


if __name__ == "__main__":
    sys.exit(main())
