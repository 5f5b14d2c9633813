"""How fast recordings of a manifest are assessed by one and two processes, and whether a kill costs any.

The two numbers of processes take turns, each time with other recordings and a new library; what it takes
until they have begun does not count. With ``--kill``, `elocute collect` is then given all recordings and
three that cannot be assessed, is killed half way, and run again. On an idle machine only.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from app.collect_command import SOME_FAILED
from app.library import history
from app.library.history import Filter
from app.library.models import Collected
from app.library.records import AttemptRow
from app.library.store import DATABASE, open_store
from app.library.teaching.collecting import Progress, collect, failures
from app.library.teaching.manifests import read_manifest
from assessment.control import Control
from assessment.training.corpora import Utterance, read_corpus
from tests.benchmarks.common import BenchmarkError, Figures, options, plain, run, sample

PROCESSES = (1, 2)
# The first of each turn come while the processes still begin.
WARMING_UP = 4
HEADER = ("learner", "audio", "text")


@dataclass(frozen=True)
class Turn:
    """One collection: recordings, seconds in all, recordings a second once running, our own seconds each."""

    recordings: int
    seconds: float
    rate: float
    own_seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("collecting", __doc__)
    parser.add_argument(
        "--corpus", type=Path, required=True, help="folder of a corpus, such as speechocean762"
    )
    parser.add_argument("--recordings", type=int, default=200, help="in all (default: %(default)s)")
    parser.add_argument(
        "--rounds", type=int, default=3, help="of which the median counts (default: %(default)s)"
    )
    parser.add_argument("--timed", type=int, default=60, help="recordings of a turn (default: %(default)s)")
    parser.add_argument("--kill", action="store_true", help="kill the command half way, and run it again")
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    chosen = sample(read_corpus(given.corpus), given.recordings)
    if min(given.timed, len(chosen)) <= 2 * WARMING_UP:
        raise BenchmarkError(f"Give more than {2 * WARMING_UP} --recordings and --timed.")
    with TemporaryDirectory() as home:
        turns = time_turns(Path(home), chosen, given.rounds, given.timed)
        figures: Figures = {"recordings": len(chosen), "turns": [turn_figures(each) for each in turns]}
        figures["ratio"] = median(two.rate / one.rate for one, two in turns)
        if given.kill:
            figures["killed"] = kill_and_go_on(Path(home), chosen)
    return figures


# --- throughput -----------------------------------------------------------------------------


def time_turns(home: Path, chosen: Sequence[Utterance], rounds: int, count: int) -> list[tuple[Turn, Turn]]:
    """Collect the same recordings with one process and with two, and begin with the other the next time."""
    turns = []
    for number in range(rounds):
        first = number * count % max(1, len(chosen) - count + 1)
        path = write_manifest(home / f"timed-{number}.csv", chosen[first : first + count])
        order = PROCESSES if number % 2 == 0 else PROCESSES[::-1]
        timed = {each: time_one(home / f"timed-{number}-{each}", path, each) for each in order}
        turns.append((timed[1], timed[2]))
    return turns


def time_one(library: Path, manifest: Path, processes: int) -> Turn:
    moments: list[float] = []

    def heard(progress: Progress) -> None:
        if not progress.failed:
            moments.append(time.perf_counter())

    begun, own = time.perf_counter(), time.process_time()
    with contextlib.closing(open_store(library)) as store:
        done = collect(store, read_manifest(manifest), Control(), workers=processes, heard=heard)
    seconds, own = time.perf_counter() - begun, time.process_time() - own
    if done.failed:
        raise BenchmarkError(f"{done.failed[0].audio}: {done.failed[0].problem}")
    rate = (len(moments) - WARMING_UP) / (moments[-1] - moments[WARMING_UP - 1])
    return Turn(done.new, seconds, rate, own / done.new)


def turn_figures(turns: tuple[Turn, Turn]) -> Figures:
    one, two = turns
    return {
        "recordings": one.recordings,
        "seconds": [one.seconds, two.seconds],
        "per_second": [one.rate, two.rate],
        "ratio": two.rate / one.rate,
        "own_milliseconds": [1_000 * one.own_seconds, 1_000 * two.own_seconds],
    }


def write_manifest(path: Path, chosen: Sequence[Utterance], others: Sequence[Sequence[str]] = ()) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows((each.speaker, each.audio.resolve(), plain(each.text)) for each in chosen)
        writer.writerows(others)
    return path


# --- killed and gone on with ---------------------------------------------------------------------


def kill_and_go_on(home: Path, chosen: Sequence[Utterance]) -> Figures:
    """Kill the command when half of the recordings are kept, run it again, and look what became of each."""
    (home / "no-audio.wav").write_text("This is no recording.", encoding="utf-8")
    (home / "empty.wav").touch()
    bad = [("Nobody", name, "hello there") for name in ("no-audio.wav", "empty.wav", "missing.wav")]
    manifest, library = write_manifest(home / "killed.csv", chosen, bad), home / "killed"
    begun = time.perf_counter()
    with subprocess.Popen(command(manifest, library), stdout=subprocess.PIPE) as process:
        wait_until_kept(process, library, len(chosen) // 2)
        process.kill()
    before = kept(library)
    ended = subprocess.run(command(manifest, library), stdout=subprocess.PIPE, text=True, check=False)
    seconds = time.perf_counter() - begun
    if ended.returncode != SOME_FAILED:
        raise BenchmarkError(
            f"The command ended with {ended.returncode}: it must tell that something failed."
        )
    after = kept(library)
    with contextlib.closing(open_store(library)) as store:
        failed = [f"line {each.line}: {each.problem}" for each in failures(store, manifest)]
    missing = Counter((each.speaker, plain(each.text)) for each in chosen) - Counter(
        (row.learner, row.text) for row in after.values()
    )
    return {
        "kept_before": len(before),
        "kept_after": len(after),
        "lost": missing.total() + sum(after.get(id_) != row for id_, row in before.items()),
        "repeated": len(after) - len({row.recording for row in after.values()}),
        "failed": failed,
        "seconds": seconds,
        "told": ended.stdout.strip(),
    }


def command(manifest: Path, library: Path) -> list[str]:
    options = ["--library", str(library), "--class", "Benchmark", "--workers", "2"]
    return [sys.executable, "-m", "app", "collect", str(manifest), *options]


def wait_until_kept(process: subprocess.Popen[bytes], library: Path, count: int) -> None:
    while not (library / DATABASE).exists():
        time.sleep(0.1)
    wanted = select(func.count()).where(Collected.attempt_id.is_not(None))
    with contextlib.closing(open_store(library)) as store:
        done = 0
        while done < count:
            if process.poll() is not None:
                raise BenchmarkError("The command ended before it could be killed.")
            time.sleep(0.02)
            with store.reading() as session:
                done = session.scalar(wanted) or 0


def kept(library: Path) -> dict[str, AttemptRow]:
    """Return the readings of a library by their ids."""
    with contextlib.closing(open_store(library)) as store:
        return {row.id: row for row in history.attempts(store, Filter(None))}


# --- in words -------------------------------------------------------------------------------


def describe(figures: Figures) -> Iterator[str]:
    yield "recordings   1 process   2 processes   ratio   this process"
    for turn in figures["turns"]:
        one, two = turn["per_second"]
        own = turn["own_milliseconds"][1]
        yield (
            f"{turn['recordings']:10}   {one:7.2f}/s   {two:9.2f}/s   {turn['ratio']:5.2f}   "
            f"{own:4.0f} ms for each"
        )
    yield f"Two processes are {figures['ratio']:.2f} times as fast as one (median)"
    if killed := figures.get("killed"):
        yield (
            f"Killed with {killed['kept_before']} of {figures['recordings']} kept; run again: "
            f"{killed['kept_after']} kept, {killed['lost']} lost, {killed['repeated']} repeated, "
            f"{killed['seconds']:.0f} s in all"
        )
        yield f"The second run said: {killed['told']}"
        yield from (f"Failed: {each}" for each in killed["failed"])


if __name__ == "__main__":
    sys.exit(main())
