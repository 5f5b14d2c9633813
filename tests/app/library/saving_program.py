"""A program to be killed: opens a library, keeps one reading after another, and says when each is kept.

The process that is started imports everything once. For each line on standard input, the folder of a
library and the number of the first reading, it forks a child that writes to standard output:

- ``pid 123``: who is to be killed
- ``saving 7``: the reading number 7 was scored, and is going to be kept
- ``shown 7 abcd``: it is kept under the id abcd; its scores are on the screen from now on

When the child is gone, the parent writes ``gone``.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np

from app.library import attempts, learners
from app.library.records import Purpose
from app.library.store import open_store
from assessment.audio import SAMPLE_RATE, Recording
from assessment.results import Assessment
from tests.assessment import examples

_STARTED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_SECONDS = 3


def recording(number: int) -> Recording:
    """Return what was said in a reading: noise, which makes the largest files."""
    noise = np.random.default_rng(number).normal(0.0, 0.1, _SECONDS * SAMPLE_RATE)
    return Recording.from_samples(noise.astype(np.float32), SAMPLE_RATE, f"reading {number}")


def assessment(number: int) -> Assessment:
    """Return how it was read."""
    return replace(examples.flawed_reading(), text=f"reading {number}")


def started(number: int) -> datetime:
    """Return when it began: some are in one sitting, others begin another."""
    return _STARTED + timedelta(minutes=20 * number + 15 * (number % 3))


def tell(line: str) -> None:
    """Write a line in one step, so that a kill cannot cut it."""
    os.write(1, f"{line}\n".encode())


def save(folder: Path, first: int) -> None:
    """Keep readings for ever."""
    tell(f"pid {os.getpid()}")
    store = open_store(folder)
    (learner,) = learners.all_learners(store)
    for number in count(first):
        said, read, when = recording(number), assessment(number), started(number)
        tell(f"saving {number}")
        attempt_id = attempts.add(store, Purpose(learner.id), said, read, when)
        tell(f"shown {number} {attempt_id}")


def main() -> None:
    for line in sys.stdin:
        first, _, folder = line.rstrip("\n").partition(" ")
        child = os.fork()
        if child == 0:
            save(Path(folder), int(first))
        os.waitpid(child, 0)
        tell("gone")


if __name__ == "__main__":
    main()
