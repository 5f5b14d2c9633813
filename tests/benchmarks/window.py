"""How soon the window is visible, ready to score, and shows scores: each start in a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.common import BenchmarkError, Figures, options, run

MOMENTS = {
    "visible": "window visible",
    "ready": "ready to score",
    "scored": "scores on the screen, after the recording",
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("window", __doc__)
    parser.add_argument("--rounds", type=int, default=5, help="starts that count (default: %(default)s)")
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    with tempfile.TemporaryDirectory() as home:
        Path(home, "settings.toml").write_text("[window]\nintroduced = true\n", encoding="utf-8")
        # The first one reads the files from the disk; people start a program more than once.
        starts = [start(home) for _ in range(given.rounds + 1)][1:]
    return {
        moment: {
            "median": statistics.median(each[moment] for each in starts),
            "worst": max(each[moment] for each in starts),
        }
        for moment in MOMENTS
    }


def start(home: str) -> dict[str, float]:
    """Open the window once in a process of its own; return the seconds until each moment."""
    command = [sys.executable, "-m", "tests.benchmarks.one_window", str(time.time())]
    environment = {**os.environ, "ELOCUTE_HOME": home}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode or not done.stdout:
        raise BenchmarkError(f"The window did not open: {done.stderr.strip()}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def describe(figures: Figures) -> Iterator[str]:
    for moment, name in MOMENTS.items():
        yield f"{name}: median {figures[moment]['median']:.2f} s, worst {figures[moment]['worst']:.2f} s"


if __name__ == "__main__":
    sys.exit(main())
