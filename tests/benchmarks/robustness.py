"""How much scores change from run to run, with the level of a recording, and with noise.

Recordings are learners' and natives' where the corpora are given, else speech of hibari-tts. Before the
level is changed a recording is made so soft that 10 dB more do not clip it. The signal-to-noise ratio
counts only the parts of a recording that hold speech.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessment import Assessment, Assessor, Recording
from assessment.audio import SAMPLE_RATE
from assessment.errors import AlignmentError, RecordingError
from assessment.results import Scores, Word
from assessment.training.corpora import Utterance as CorpusUtterance
from assessment.training.evaluation import UTTERANCE_ASPECTS, WORD_ASPECTS
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
from tests.benchmarks.said_wrong import sentences
from tests.benchmarks.speech import hibari_voices

Samples = NDArray[np.float64]
# Makes so many samples of noise, at any level.
NoiseMaker = Callable[[int, np.random.Generator], Samples]

GAINS_DB = (10.0, -10.0)
SNR_DB = 20.0
# Largest sample before the gain, so that the gain does not clip.
PEAK = 0.3
NOISES = "noise"
# Scores that change by no more points than this count as unchanged.
STEADY = 1.0
UTTERANCE_SCORES = ("overall", *UTTERANCE_ASPECTS, "completeness")
CORPUS_RECORDINGS = 100
SPOKEN_RECORDINGS = 40
# Recordings that are assessed again, and again in a new process.
REPEATED = 10


@dataclass(frozen=True, eq=False)
class Item:
    """A recording and its text."""

    name: str
    samples: Samples
    text: str

    def changed(self, samples: Samples) -> Item:
        return Item(self.name, samples, self.text)


@dataclass(frozen=True)
class Change:
    """How a score of a level changed."""

    recording: str
    level: str
    points: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("robustness", __doc__, corpora=True)
    parser.add_argument(
        "--limit",
        type=int,
        help=f"recordings (default: {CORPUS_RECORDINGS} of the corpora, {SPOKEN_RECORDINGS} synthetic ones)",
    )
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    assessor = Assessor.load(given.model)
    items = recorded(given) if given.corpora else spoken(assessor, given.limit or SPOKEN_RECORDINGS)
    return {
        "recordings": len(items),
        "source": "corpora" if given.corpora else "hibari-tts",
        "repeated": repeated(assessor, items[:REPEATED], given.model),
        "gain": {f"{gain:+g} dB": gain_figures(assessor, items, gain) for gain in GAINS_DB},
        "noise": {
            name: noise_figures(assessor, items, make, name)
            for name, make in noise_makers(given.corpora).items()
        },
    }


# --- recordings ---------------------------------------------------------------------------------


def recorded(given: argparse.Namespace) -> list[Item]:
    """Draw recordings of the corpora, half of them learners'."""
    count = given.limit or CORPUS_RECORDINGS
    halves = {LEARNERS: count - count // 2, NATIVES: count // 2}
    return [
        from_corpus(utterance)
        for name, half in halves.items()
        for utterance in sample(corpus(given.corpora, name), half)
    ]


def from_corpus(utterance: CorpusUtterance) -> Item:
    samples = Recording.open(utterance.audio).samples.astype(np.float64)
    return Item(utterance.id, samples, plain(utterance.text))


def spoken(assessor: Assessor, count: int) -> list[Item]:
    """Have hibari-tts say sentences."""
    voices = hibari_voices()
    chosen = sample(sentences(assessor.lexicon), count)
    return [
        Item(each.text, voices[number % len(voices)].say(each).samples.astype(np.float64), each.text)
        for number, each in enumerate(chosen)
    ]


def assess(assessor: Assessor, item: Item) -> Assessment:
    return assessor.assess(Recording.from_samples(item.samples, SAMPLE_RATE, item.name), item.text)


# --- run to run ---------------------------------------------------------------------------------


def repeated(assessor: Assessor, items: Sequence[Item], model: Path | None) -> Figures:
    """Count the recordings whose whole assessment differs when it is made again."""
    first = [assess(assessor, item).to_json() for item in items]
    again = [assess(assessor, item).to_json() for item in items]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as process:
        elsewhere = process.submit(assess_anew, list(items), model).result()
    return {
        "recordings": len(items),
        "differ_again": sum(one != two for one, two in zip(first, again, strict=True)),
        "differ_in_new_process": sum(one != two for one, two in zip(first, elsewhere, strict=True)),
    }


def assess_anew(items: Sequence[Item], model: Path | None) -> list[str]:
    """Assess with an engine of one's own, in another process."""
    assessor = Assessor.load(model)
    return [assess(assessor, item).to_json() for item in items]


# --- gain ---------------------------------------------------------------------------------------


def gain_figures(assessor: Assessor, items: Sequence[Item], gain: float) -> Figures:
    changes = [
        change for item in progress(items, f"{gain:+g} dB") for change in gain_changes(assessor, item, gain)
    ]
    levels = sorted({change.level for change in changes})
    worst = max(changes, key=lambda change: abs(change.points))
    return {
        "levels": {level: sizes([each for each in changes if each.level == level]) for level in levels},
        "largest": round(abs(worst.points), 2),
        "largest_in": f"{worst.recording}, {worst.level}",
    }


def gain_changes(assessor: Assessor, item: Item, gain: float) -> list[Change]:
    soft = item.changed(item.samples * min(1.0, PEAK / np.abs(item.samples).max()))
    louder = soft.changed(soft.samples * 10.0 ** (gain / 20.0))
    pairs = paired_scores(assess(assessor, soft), assess(assessor, louder))
    return [Change(item.name, level, after - before) for level, before, after in pairs]


def paired_scores(one: Assessment, two: Assessment) -> Iterator[tuple[str, float, float]]:
    """Yield every score that both assessments of a text hold, with its level."""
    yield from paired_fields("utterance", one.scores, two.scores, UTTERANCE_SCORES)
    for before, after in zip(one.words, two.words, strict=True):
        yield from paired_fields("word", before, after, WORD_ASPECTS)
        if [phone.symbol for phone in before.phones] == [phone.symbol for phone in after.phones]:
            for phone, same in zip(before.phones, after.phones, strict=True):
                yield "phone", phone.score, same.score


def paired_fields(
    level: str, one: Scores | Word, two: Scores | Word, names: Iterable[str]
) -> Iterator[tuple[str, float, float]]:
    for name in names:
        before, after = getattr(one, name), getattr(two, name)
        if before is not None and after is not None:
            yield f"{level} {name}", before, after


def sizes(changes: Sequence[Change]) -> Figures:
    points = np.abs([change.points for change in changes])
    return {
        "scores": len(points),
        "mean": round(float(points.mean()), 3),
        "largest": round(float(points.max()), 2),
        f"over_{STEADY:g}": round(float((points > STEADY).mean()), 4),
    }


# --- noise --------------------------------------------------------------------------------------


def noise_makers(corpora: Path | None) -> dict[str, NoiseMaker]:
    makers: dict[str, NoiseMaker] = {"white": white, "pink": pink}
    if corpora and (Path(corpora) / NOISES).is_dir():
        makers["recorded"] = recorded_noise(sorted((Path(corpora) / NOISES / "audio").iterdir()))
    return makers


def white(count: int, draw: np.random.Generator) -> Samples:
    return draw.standard_normal(count)


def pink(count: int, draw: np.random.Generator) -> Samples:
    """Return noise whose power falls with the frequency, by 3 dB an octave."""
    spectrum = np.fft.rfft(white(count, draw))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0.0
    return np.fft.irfft(spectrum, count)


def recorded_noise(files: Sequence[Path]) -> NoiseMaker:
    def make(count: int, draw: np.random.Generator) -> Samples:
        """Repeat a recording, drawn at random, until it is long enough."""
        while True:
            noise = Recording.open(files[int(draw.integers(len(files)))]).samples.astype(np.float64)
            if np.any(noise):
                return np.resize(noise, count)

    return make


def noise_figures(assessor: Assessor, items: Sequence[Item], make: NoiseMaker, name: str) -> Figures:
    draw = np.random.default_rng(SEED)
    changes = [noise_change(assessor, item, make, draw) for item in progress(items, name)]
    return {
        "mean_size": round(float(np.mean(np.abs(changes))), 2),
        "mean": round(float(np.mean(changes)), 2),
        "p95_size": round(float(np.percentile(np.abs(changes), 95)), 2),
        "largest": round(float(np.abs(changes).max()), 2),
    }


def noise_change(assessor: Assessor, item: Item, make: NoiseMaker, draw: np.random.Generator) -> float:
    """Return by how many points noise changes the accuracy."""
    soft = item.changed(item.samples * min(1.0, PEAK / np.abs(item.samples).max()))
    noisy = soft.changed(soft.samples + scaled(make(len(soft.samples), draw), soft))
    return accuracy(assessor, noisy) - accuracy(assessor, soft)


def scaled(noise: Samples, item: Item) -> Samples:
    """Scale noise to the signal-to-noise ratio, by the level of the parts that hold speech."""
    speech = Recording.from_samples(item.samples, SAMPLE_RATE).quality.level_dbfs
    wanted = 10.0 ** ((speech - SNR_DB) / 20.0)
    return np.asarray(noise * wanted / np.sqrt(np.mean(noise**2)))


def accuracy(assessor: Assessor, item: Item) -> float:
    """Return the accuracy, 0 where the recording is refused."""
    try:
        return assess(assessor, item).scores.accuracy or 0.0
    except (AlignmentError, RecordingError):
        return 0.0


def describe(figures: Figures) -> Iterator[str]:
    again = figures["repeated"]
    yield f"{figures['recordings']} recordings ({figures['source']})"
    yield (
        f"Of {again['recordings']} assessed again, {again['differ_again']} differ in the same process, "
        f"{again['differ_in_new_process']} in a new one"
    )
    for name, gain in figures["gain"].items():
        yield f"{name}: largest change {gain['largest']} points ({gain['largest_in']})"
        yield f"  level                    scores    mean  largest  over {STEADY:g} point"
        for level, row in gain["levels"].items():
            over = f"{row[f'over_{STEADY:g}']:12.2%}"
            yield f"  {level:22}  {row['scores']:7}  {row['mean']:6.3f}  {row['largest']:7.2f}  {over}"
    yield f"Noise {SNR_DB:g} dB below the speech, change of the accuracy in points:"
    yield "  noise     mean size  mean  95 % below  largest"
    for name, row in figures["noise"].items():
        ends = f"{row['p95_size']:10.2f}  {row['largest']:7.2f}"
        yield f"  {name:8}  {row['mean_size']:9.2f} {row['mean']:+5.2f}  {ends}"


if __name__ == "__main__":
    sys.exit(main())
