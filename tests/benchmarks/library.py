"""How soon a large library opens, lists, searches, keeps an attempt and is backed up."""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from app.library import attempts, history, learners
from app.library.backups import back_up
from app.library.models import now
from app.library.records import Purpose
from app.library.store import DATABASE, Store, open_store
from assessment.audio import Recording
from tests.assessment import examples
from tests.benchmarks.big_library import make_big
from tests.benchmarks.common import Figures, options, run

__all__ = ["make_big"]

TASKS = {
    "open": "open it, with the check of the file",
    "learners": "list the learners with how much they read",
    "history": "the history of one learner",
    "everybody": "the history of everybody",
    "search": "search everybody's for a word",
    "load": "load one attempt with its assessment and recording",
    "add": "keep an attempt",
    "backup": "back up the database",
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("library", __doc__)
    parser.add_argument("--learners", type=int, default=50, help="how many (default: %(default)s)")
    parser.add_argument("--attempts", type=int, default=10_000, help="of all together (default: %(default)s)")
    parser.add_argument(
        "--rounds", type=int, default=5, help="of which the median counts (default: %(default)s)"
    )
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        made = _seconds(lambda: make_big(folder, given.learners, given.attempts))
        size = (folder / DATABASE).stat().st_size
        with contextlib.closing(open_store(folder)) as store:
            times = {name: _median(task, given.rounds) for name, task in _tasks(store).items()}
    return {
        "learners": given.learners,
        "attempts": given.attempts,
        "megabytes": size / 1e6,
        "made_seconds": made,
        "milliseconds": {name: 1_000 * seconds for name, seconds in times.items()},
    }


def _tasks(store: Store) -> dict[str, Callable[[], object]]:
    """Return what is timed; each can be done again and again."""
    learner = learners.all_learners(store)[0].id
    everybody = history.attempts(store, history.Filter(None))
    kept = attempts.load(store, everybody[0].id)
    assert kept.recording is not None
    return {
        "open": lambda: open_store(store.folder).close(),
        "learners": lambda: learners.all_learners(store),
        "history": lambda: history.attempts(store, history.Filter(learner)),
        "everybody": lambda: history.attempts(store, history.Filter(None)),
        "search": lambda: history.attempts(store, history.Filter(None, search="coffee")),
        "load": lambda: attempts.load(store, everybody[0].id),
        "add": _adding(store, learner, kept.recording),
        "backup": lambda: back_up(store, now(), force=True),
    }


def _adding(store: Store, learner_id: str, recording: Recording) -> Callable[[], object]:
    moments = iter(now() + timedelta(minutes=minutes) for minutes in range(1_000_000))
    assessment = examples.flawed_reading()
    return lambda: attempts.add(store, Purpose(learner_id), recording, assessment, next(moments))


def _median(task: Callable[[], object], rounds: int) -> float:
    return statistics.median(_seconds(task) for _ in range(rounds))


def _seconds(task: Callable[[], object]) -> float:
    begin = time.perf_counter()
    task()
    return time.perf_counter() - begin


def describe(figures: Figures) -> Iterator[str]:
    yield f"{figures['attempts']:,} attempts by {figures['learners']} learners: {figures['megabytes']:.0f} MB"
    yield f"made in {figures['made_seconds']:.0f} s"
    for name, what in TASKS.items():
        yield f"{what}: {figures['milliseconds'][name]:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
