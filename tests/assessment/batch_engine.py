"""What processes of `assessment.batch` do in its tests: all that they do, but with an engine that obeys."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from assessment import batch
from assessment.audio import Recording
from assessment.batch import Job, assess_many
from assessment.errors import ElocuteError
from assessment.results import Assessment
from tests.assessment import examples


class ObedientEngine:
    """Instead of scoring a text it does what the text says."""

    def assess(self, recording: Recording, text: str) -> Assessment:
        order, _, about = text.partition(" ")
        if order == "wait":
            time.sleep(float(about))
        elif order == "die":
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        elif order == "fail":
            raise LookupError(about)
        elif order == "need":
            raise MemoryError
        return replace(examples.good_reading(), text=text, duration=recording.duration)


def work(connection: Connection, task: batch._Task) -> None:
    """Run as a process of a pool, with that engine."""
    batch._engine = lambda _: ObedientEngine()  # type: ignore[assignment,return-value]
    batch._work(connection, task)


def work_at_second_start(connection: Connection, task: batch._Task) -> None:
    """End at once, but for those that begin later; `lexicon` names a file that tells them."""
    assert task.lexicon is not None
    if not task.lexicon.exists():
        task.lexicon.touch()
        os._exit(1)
    work(connection, task)


def make(job: Job, recording: Recording, assessment: Assessment) -> tuple[int, str, float]:
    """Make something of a reading, but fail if its text says so."""
    if job.text == "bug":
        raise KeyError(job.text)
    if job.text == "full":
        raise ElocuteError("The disk is full.")
    return os.getpid(), assessment.text, recording.duration


def never_work(_connection: Connection, _task: batch._Task) -> None:
    """End at once."""
    os._exit(1)


def main(audio: str) -> None:
    """Have two processes wait; print their ids once they are there, and "busy" once they wait."""
    # What runs in the background of a shell script is begun deaf to interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    batch._work = work
    threading.Thread(target=_tell, daemon=True).start()
    outcomes = assess_many(
        (Job("a", Path(audio), text) for text in ("word", "wait 99", "wait 99")), workers=2
    )
    next(outcomes)
    print("busy", flush=True)
    list(outcomes)


def _tell() -> None:
    while len(children := multiprocessing.active_children()) < 2:
        time.sleep(0.001)
    print(*(each.pid for each in children), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
