"""How far the times of phones are from the truth, on synthetic speech of three voices with known boundaries.

`flite -psdur` prints the end of every phone that it speaks. Its phones are given to the aligner as the
only pronunciation, each stretch between flite's pauses as one word, so that the figures are those of the
times alone and no choice of a pronunciation comes into them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assessment import Assessor, Recording
from assessment.phones import PHONE_INDEX
from assessment.training.evaluation import marked_text
from tests.benchmarks.common import BenchmarkError, Figures, options, progress, run

VOICES = ("slt", "rms", "awb")
PAUSE = "pau"
# flite's phones are ARPAbet in small letters but for these.
SYMBOLS = {"ax": "AH", "axr": "ER"}
TOLERANCES_MS = (25, 50)
SENTENCES = Path(__file__).with_name("sentences.txt")

# A stretch of speech without a pause: phones and their starts in seconds.
Phrase = list[tuple[str, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("alignment", __doc__)
    parser.add_argument("--sentences", type=int, default=120, help="for each voice (default: %(default)s)")
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    check_flite()
    assessor = Assessor.load(given.model)
    sentences = SENTENCES.read_text(encoding="utf-8").splitlines()[: given.sentences]
    with TemporaryDirectory() as folder:
        audio = Path(folder, "speech.wav")
        errors = {
            voice: np.concatenate(
                [sentence_errors(assessor, voice, sentence, audio) for sentence in progress(sentences, voice)]
            )
            for voice in VOICES
        }
    return {
        "sentences": len(sentences),
        "voices": {voice: statistics(errors[voice]) for voice in VOICES},
        "total": statistics(np.concatenate(list(errors.values()))),
    }


def check_flite() -> None:
    """Flite speaks with another voice where it lacks the one asked for, so look first."""
    if shutil.which("flite") is None:
        raise BenchmarkError(
            "flite is not installed: install your system's package flite, then run this again."
        )
    listed = subprocess.run(["flite", "-lv"], capture_output=True, text=True, check=True).stdout.split()
    if missing := set(VOICES) - set(listed):
        raise BenchmarkError(
            f"This flite lacks the voices {', '.join(sorted(missing))}: install the full flite."
        )


def sentence_errors(assessor: Assessor, voice: str, sentence: str, audio: Path) -> NDArray[np.float64]:
    """Return how much later than in truth each phone of a spoken sentence was found to start, in ms."""
    phrases = speak(voice, sentence, audio)
    pronunciations = [(tuple(phone for phone, _ in phrase),) for phrase in phrases]
    text = marked_text(["phrase"] * len(phrases))
    reading = assessor.read(Recording.open(audio), text, pronunciations)
    found = np.array([start for start, _ in reading.times])
    true = np.array([start for phrase in phrases for _, start in phrase])
    return np.asarray(1000.0 * (found - true))


def speak(voice: str, sentence: str, audio: Path) -> list[Phrase]:
    """Have flite speak a sentence into a file, and return what it spoke."""
    command = ["flite", "-voice", voice, "-t", sentence, "-o", str(audio), "-psdur"]
    try:
        spoken = subprocess.run(command, capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as problem:
        raise BenchmarkError(f"flite could not speak “{sentence}”: {problem.stderr.strip()}.") from problem
    return parse_phrases(spoken.stdout)


def parse_phrases(printed: str) -> list[Phrase]:
    """Read what `flite -psdur` prints: ``name:end`` of each phone, in seconds, pauses among them."""
    phrases: list[Phrase] = [[]]
    start = 0.0
    for entry in printed.split():
        name, end = entry.split(":")
        if name == PAUSE:
            phrases.append([])
        else:
            phrases[-1].append((symbol(name), start))
        start = float(end)
    return [phrase for phrase in phrases if phrase]


def symbol(name: str) -> str:
    found = SYMBOLS.get(name, name.upper())
    if found not in PHONE_INDEX:
        raise BenchmarkError(f"flite spoke a phone “{name}” that has no counterpart: leave the sentence out.")
    return found


def statistics(errors: NDArray[np.float64]) -> Figures:
    """Summarise errors in ms: as they are, and with their mean taken out."""
    offset = float(errors.mean())
    return {
        "phones": len(errors),
        **spread(errors),
        "offset_ms": round(offset, 2),
        "without_offset": spread(errors - offset),
    }


def spread(errors: NDArray[np.float64]) -> Figures:
    sizes = np.abs(errors)
    within = {f"within_{limit}_ms": round(float((sizes <= limit).mean()), 4) for limit in TOLERANCES_MS}
    return {"mae_ms": round(float(sizes.mean()), 2), **within}


def describe(figures: Figures) -> Iterator[str]:
    yield f"Phone starts against flite -psdur, {figures['sentences']} sentences a voice: as the engine gives"
    yield "them, and with the mean error (offset) taken out"
    yield "voice   phones   MAE ms  <=25 ms  <=50 ms   offset ms |  MAE ms  <=25 ms  <=50 ms"
    for name, values in [*figures["voices"].items(), ("total", figures["total"])]:
        yield (
            f"{name:6} {values['phones']:7}  {columns(values)}  {values['offset_ms']:+10.1f} "
            f"| {columns(values['without_offset'])}"
        )


def columns(values: Figures) -> str:
    return f"{values['mae_ms']:7.1f}  {values['within_25_ms']:7.1%}  {values['within_50_ms']:7.1%}"


if __name__ == "__main__":
    sys.exit(main())
