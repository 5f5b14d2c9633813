"""Part of the benchmark `speed`: our whole assessment beside pocketsphinx's two-pass alignment.

Both do the same files in this process, turn and turn about, after a first round that is not timed.
Pocketsphinx is given the pronunciations, so that its time is that of reading the file and of the two
passes; ours takes in everything from opening the file to the finished assessment.

    python -m tests.benchmarks.side_by_side CORPORA FILES ROUNDS [MODEL]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import soundfile

from assessment import Assessor, Recording
from assessment.errors import AlignmentError, RecordingError
from assessment.lexicon import Lexicon, Pronunciation
from assessment.training.bootstrap import SphinxAligner, reference_words
from assessment.training.corpora import Utterance
from tests.benchmarks.common import LEARNERS, NATIVES, Figures, corpus, plain, progress, sample
from tests.benchmarks.stopwatch import Stopwatch


@dataclass(frozen=True)
class Job:
    """A recording, its words' pronunciations for pocketsphinx, and its length."""

    utterance: Utterance
    words: Sequence[tuple[Pronunciation, ...]]
    seconds: float


@dataclass(frozen=True)
class Round:
    """Time spent on `audio` seconds of recordings by each of the two."""

    audio: float
    ours: Stopwatch
    theirs: Stopwatch

    def __add__(self, other: Round) -> Round:
        return Round(self.audio + other.audio, self.ours + other.ours, self.theirs + other.theirs)


class Pair:
    """The two to be timed."""

    def __init__(self, model: Path | None) -> None:
        self.assessor = Assessor.load(model, threads=1)
        self.aligner = SphinxAligner()

    def assess(self, job: Job) -> None:
        self.assessor.assess(Recording.open(job.utterance.audio), job.utterance.text)

    def align(self, job: Job) -> bool:
        return self.aligner.align(job.utterance.audio, job.words) is not None

    def can_do(self, job: Job) -> bool:
        """Try both on a recording."""
        try:
            self.assess(job)
            return self.align(job)
        except (AlignmentError, RecordingError):
            return False
        except RuntimeError:
            # Pocketsphinx raised it, and its decoder is of no use afterwards.
            self.aligner = SphinxAligner()
            return False

    def time(self, job: Job, ours_first: bool) -> Round:
        ours, theirs = Stopwatch(), Stopwatch()
        if ours_first:
            ours.time(lambda: self.assess(job))
        theirs.time(lambda: self.align(job))
        if not ours_first:
            ours.time(lambda: self.assess(job))
        return Round(job.seconds, ours, theirs)


def main(corpora: str, files: str, rounds: str, model: str = "") -> None:
    pair = Pair(Path(model) if model else None)
    drawn = {name: list(jobs(Path(corpora), name, int(files) // 2)) for name in (LEARNERS, NATIVES)}
    usable = {name: [job for job in progress(each, name) if pair.can_do(job)] for name, each in drawn.items()}
    timed = {name: time_rounds(pair, each, int(rounds)) for name, each in usable.items() if each}
    if not timed:
        sys.exit("There is no recording that both can align: give more --files.")
    total = [sum(each[1:], each[0]) for each in zip(*timed.values(), strict=True)]
    print(
        json.dumps(
            {
                "files": sum(map(len, usable.values())),
                "left_out": sum(map(len, drawn.values())) - sum(map(len, usable.values())),
                "corpora": {name: round_figures(each) for name, each in timed.items()},
                "total": round_figures(total),
            }
        )
    )


def jobs(corpora: Path, name: str, count: int) -> Iterator[Job]:
    lexicon = Lexicon.load()
    for utterance in sample(corpus(corpora, name), count):
        # Without the experts' phones, so that both choose among the same pronunciations.
        unmarked = replace(utterance, text=plain(utterance.text), marks=None)
        yield Job(unmarked, reference_words(unmarked, lexicon), soundfile.info(utterance.audio).duration)


def time_rounds(pair: Pair, usable: Sequence[Job], rounds: int) -> list[Round]:
    timed = []
    for number in range(rounds):
        each = [pair.time(job, ours_first=number % 2 == 0) for job in progress(usable, f"round {number + 1}")]
        timed.append(sum(each[1:], each[0]))
    return timed


def round_figures(rounds: Sequence[Round]) -> Figures:
    """Return medians over the rounds, of seconds spent on each second of audio and of their ratios."""
    return {
        "audio_seconds": round(rounds[0].audio, 1),
        "elocute": median(each.ours.wall / each.audio for each in rounds),
        "pocketsphinx": median(each.theirs.wall / each.audio for each in rounds),
        "ratio": median(each.ours.wall / each.theirs.wall for each in rounds),
        "elocute_processor": median(each.ours.processor / each.audio for each in rounds),
        "pocketsphinx_processor": median(each.theirs.processor / each.audio for each in rounds),
        "processor_ratio": median(each.ours.processor / each.theirs.processor for each in rounds),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
