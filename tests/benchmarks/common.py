"""What the benchmarks share: their options, corpora, progress, and how figures and errors are printed."""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track

from assessment.errors import ElocuteError
from assessment.training.corpora import Utterance, read_corpus

LEARNERS = "speechocean762"
NATIVES = "librispeech"
SEED = 1
BAD_INPUT = 2

Figures = dict[str, Any]
Item = TypeVar("Item")


class BenchmarkError(ElocuteError):
    """A benchmark cannot run: a tool or a corpus is missing."""


def options(name: str, purpose: str | None, *, corpora: bool = False) -> argparse.ArgumentParser:
    """Return a parser of the options that all benchmarks have."""
    parser = argparse.ArgumentParser(f"python -m tests.benchmarks.{name}", description=purpose)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--model", type=Path, help="model folder (default: the bundled model)")
    if corpora:
        parser.add_argument(
            "--corpora",
            type=Path,
            default=os.environ.get("ELOCUTE_CORPORA"),
            help=f"folder that holds {LEARNERS} and {NATIVES} (default: $ELOCUTE_CORPORA)",
        )
    return parser


def run(
    parser: argparse.ArgumentParser,
    measure: Callable[[argparse.Namespace], Figures],
    describe: Callable[[Figures], Iterable[str]],
    arguments: Sequence[str] | None,
) -> int:
    """Measure, and print the figures as lines or JSON; an error is one line and exit code 2."""
    given = parser.parse_args(arguments)
    try:
        figures = measure(given)
    except ElocuteError as problem:
        print(f"{parser.prog}: {problem}", file=sys.stderr)
        return BAD_INPUT
    if given.json:
        print(json.dumps(figures, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(describe(figures)))
    return 0


def progress(items: Sequence[Item], what: str) -> Iterable[Item]:
    """Go through items, with a bar where standard error is a terminal."""
    console = Console(stderr=True)
    return track(items, what, console=console, transient=True, disable=not console.is_terminal)


def corpus(folder: Path | None, name: str) -> list[Utterance]:
    """Read a corpus of the folder that ``--corpora`` names."""
    if folder is None:
        raise BenchmarkError("The speech corpora are needed: give their folder with --corpora.")
    return read_corpus(Path(folder) / name)


def sample(items: Sequence[Item], count: int) -> list[Item]:
    """Draw the same items at random every time, or all if there are fewer."""
    return random.Random(SEED).sample(items, min(count, len(items)))


def plain(text: str) -> str:
    """Return a corpus' text in small letters, so that its capitals are not read as initialisms."""
    return text.lower()
