"""The command ``collect``: takes hand-ins in, and assesses folders of recordings."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import progress
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.command import write
from app.library.archive import SUFFIX
from app.library.progress_words import counted
from app.library.store import Store
from app.library.teaching import classes
from app.library.teaching.collecting import Collected, Failure, Progress, collect
from app.library.teaching.hand_in import take_in
from app.library.teaching.manifests import Manifest, read_manifest
from app.library.teaching.spreadsheet import clean
from app.library_option import add_library, opened
from assessment.control import Control
from assessment.errors import Cancelled, ElocuteError

SOME_FAILED = 3
_MOST_LISTED = 200


def add_collect(parser: argparse.ArgumentParser) -> None:
    """Give the subcommand's parser its options."""
    parser.description = (
        "Take in .elocute files that learners handed in, or assess the recordings that a table names "
        "(columns: learner, audio, text, and perhaps number, lesson, date) or that lie in a folder beside "
        "their texts. What was stopped goes on where it was: run the same command again."
    )
    parser.epilog = (
        "Exit code: 0 all is in the library; 2 nothing could be used; 3 all is done, but something failed, "
        "as is listed; 130 stopped by Ctrl+C."
    )
    parser.add_argument(
        "sources", nargs="+", type=Path, metavar="SOURCE", help="table, folder, or .elocute file"
    )
    parser.add_argument(
        "--class", dest="class_name", metavar="NAME", help="class of the learners, made if need be"
    )
    parser.add_argument("--workers", type=_workers, help="how many processes; default: one a core, at most 8")
    parser.add_argument("--retry", action="store_true", help="assess those again that failed before")
    parser.add_argument("--lexicon", type=Path, help="file with your own pronunciations")
    add_library(parser)
    parser.set_defaults(command=run)


def _workers(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    most = 4 * (os.cpu_count() or 1)
    if not 1 <= number <= most:
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes: give 1 to {most}")
    return number


def run(options: argparse.Namespace) -> None:
    """Run the subcommand.

    Raises
    ------
    ElocuteError
        If nothing can be used.
    SystemExit
        With `SOME_FAILED`, if something could not be used.
    """
    hand_ins = [path for path in options.sources if _has_hand_ins(path)]
    manifests = [read_manifest(path) for path in options.sources if path not in hand_ins]
    with opened(options) as store:
        class_id = _class(store, options.class_name)
        is_whole = _take_in(store, hand_ins, class_id) if hand_ins else True
        for manifest in manifests:
            is_whole = _collect(store, manifest, class_id, options) and is_whole
    if not is_whole:
        sys.exit(SOME_FAILED)


def _class(store: Store, name: str | None) -> str | None:
    if name is None:
        return None
    with store.writing() as session:
        return classes.named(session, " ".join(name.split())).id


@contextmanager
def _stopped_by_interrupts(control: Control) -> Iterator[None]:
    """Have Ctrl+C stop the work between two steps of it: in the midst of one it could get lost.

    Raises
    ------
    KeyboardInterrupt
        When the work has stopped.
    """
    before = signal.signal(signal.SIGINT, lambda *_: control.cancel())
    try:
        yield
    except Cancelled:
        print("What was finished is kept. Run the same command again to go on.", file=sys.stderr)
        raise KeyboardInterrupt from None
    finally:
        signal.signal(signal.SIGINT, before)


# --- hand-ins -------------------------------------------------------------------------------


def _has_hand_ins(path: Path) -> bool:
    if path.is_dir():
        return any(path.glob(f"*{SUFFIX}")) or any(path.glob(f"*/*{SUFFIX}"))
    return path.suffix.lower() == SUFFIX


def _take_in(store: Store, paths: Sequence[Path], class_id: str | None) -> bool:
    """Take hand-ins in; return whether all could be used."""
    control = Control()
    with _stopped_by_interrupts(control):
        taken = take_in(store, paths, control, class_id)
    if not taken.files:
        raise ElocuteError("\n".join(taken.problems))
    new = f"{counted(taken.attempts, 'new reading')}, {counted(taken.learners, 'new learner')}"
    write(f"{counted(taken.files, 'file')} taken in: {new}.", None)
    for problem in taken.problems:
        print(problem, file=sys.stderr)
    return not taken.problems


# --- recordings -----------------------------------------------------------------------------


def _collect(store: Store, manifest: Manifest, class_id: str | None, options: argparse.Namespace) -> bool:
    """Collect what a manifest names; return whether nothing failed."""
    console = Console(stderr=True)
    for problem in manifest.problems:
        console.print(problem, style="yellow", markup=False, highlight=False)
    bar = _Bar(console, manifest)
    control = Control(bar.move)
    with _stopped_by_interrupts(control), bar.shown:
        done = collect(
            store,
            manifest,
            control,
            class_id=class_id,
            workers=options.workers,
            retry=options.retry,
            lexicon=options.lexicon,
            heard=bar.tell,
        )
    _tell(done, console)
    return not (done.failed or manifest.problems)


class _Bar:
    """Shows how far collecting is, where standard error is a terminal."""

    def __init__(self, console: Console, manifest: Manifest) -> None:
        columns = (
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.TaskProgressColumn(),
            progress.TextColumn("{task.fields[told]}", markup=False),
        )
        self.shown = progress.Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        )
        self._task = self.shown.add_task(manifest.path.name, total=1.0, told="getting ready")

    def move(self, share: float) -> None:
        self.shown.update(self._task, completed=share)

    def tell(self, now: Progress) -> None:
        failed = f", {now.failed} failed" if now.failed else ""
        left = "" if now.seconds_left is None else f", about {_duration(now.seconds_left)} left"
        self.shown.update(self._task, told=f"{now.done} of {now.total}{failed}{left}")


def _duration(seconds: float) -> str:
    """Return a length of time for people, such as ``2 h 5 min``."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _tell(done: Collected, console: Console) -> None:
    deleted = f" ({done.deleted} of them deleted since)" if done.deleted else ""
    write(
        f"{done.new} assessed in {_duration(done.seconds)}, {done.known} known already{deleted}, "
        f"{len(done.failed)} failed.",
        None,
    )
    for note in done.notes:
        console.print(note, style="yellow", markup=False, highlight=False)
    if done.failed:
        console.print(_table(done.failed[:_MOST_LISTED]))
        if len(done.failed) > _MOST_LISTED:
            console.print(f"These are the first {_MOST_LISTED}.")
        console.print(
            "Mend what is wrong, then run the same command again: files that have changed are assessed, "
            "those that have not only with --retry.",
            highlight=False,
        )


def _table(failed: Sequence[Failure]) -> Table:
    table = Table("Line", "Learner", "Recording", "Problem")
    for each in failed:
        # Names of files may hold what terminals take for commands.
        cells = (str(each.line), each.learner, Path(each.audio).name, each.problem)
        table.add_row(*(Text(clean(cell)) for cell in cells))
    return table
