"""A reading whose scores are on the screen survives a kill at any moment; none is there by half."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from app.library import attempts, learners
from app.library.models import Attempt, PhoneResult
from app.library.store import DATABASE, Store, open_store
from tests.app.library import saving_program

KILLS = 50
# The save during which the program is killed, of those since it was started.
LATEST = 3


@dataclass
class Round:
    """What a program told until it was killed."""

    first: int
    saving: list[int] = field(default_factory=list)
    shown: dict[int, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    @property
    def was_saving(self) -> bool:
        """Whether it was killed in the midst of a save."""
        return len(self.saving) > len(self.shown)


class Program:
    """The program that is killed again and again."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder

    def run(self, first: int, saves: int, delay: float) -> Round:
        """Let it save readings; kill it so many seconds after the announcement of a save."""
        assert self._process.stdin is not None
        print(first, self._folder, file=self._process.stdin, flush=True)
        told, child, begun = Round(first), 0, 0.0
        for what, *values in self._lines():
            if what == "pid":
                child = int(values[0])
            elif what == "saving":
                begun = time.perf_counter()
                told.saving.append(int(values[0]))
                if len(told.saving) == saves:
                    time.sleep(delay)
                    os.kill(child, signal.SIGKILL)
            elif what == "shown":
                told.seconds.append(time.perf_counter() - begun)
                told.shown[int(values[0])] = values[1]
        return told

    def _lines(self) -> Iterator[list[str]]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line == "gone\n":
                return
            yield line.split()
        pytest.fail("the program ended by itself")


@pytest.fixture
def program(store: Store, root: Path) -> Iterator[Program]:
    learners.add(store, "Mia")
    store.close()
    command = [sys.executable, "-m", "tests.app.library.saving_program"]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Program(process, store.folder)
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork, which Windows does not have")
def test_readings_whose_scores_were_shown_survive_kills_at_any_moment_of_a_save(
    program: Program, store: Store
) -> None:
    chance = random.Random(7)
    usual = statistics.median(program.run(0, 20, 0.0).seconds)
    moments = [(place + chance.random()) / KILLS * usual for place in range(KILLS)]
    chance.shuffle(moments)
    rounds = []
    for moment in moments:
        rounds.append(program.run(1_000 * (len(rounds) + 1), chance.randint(1, LATEST), moment))
        with contextlib.closing(open_store(store.folder)) as opened:
            check_sound(store.folder)
            check_whole(opened, rounds[-1])
    assert sum(each.was_saving for each in rounds) > KILLS / 2  # the others were faster than usual
    check_recordings(store)


def check_sound(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def check_whole(store: Store, told: Round) -> None:
    """Make sure that all readings are there that were shown, and no half of the one that was not."""
    with store.reading() as session:
        found = session.execute(
            select(Attempt.id, Attempt.text, func.count(PhoneResult.phone))
            .join(PhoneResult, PhoneResult.attempt_id == Attempt.id, isouter=True)
            .where(Attempt.text.in_([f"reading {number}" for number in told.saving]))
            .group_by(Attempt.id)
        ).all()
    kept = {int(text.split()[1]): (attempt_id, phones) for attempt_id, text, phones in found}
    assert {number: kept.get(number, ("",))[0] for number in told.shown} == told.shown
    assert set(kept) <= set(told.saving)
    for number, (attempt_id, phones) in kept.items():
        check_as_read(store, attempt_id, number)
        assert phones == len(attempts.phone_results(saving_program.assessment(number)))


def check_as_read(store: Store, attempt_id: str, number: int) -> None:
    whole = attempts.load(store, attempt_id)
    assert whole.assessment == saving_program.assessment(number)
    assert whole.row.started == saving_program.started(number)
    assert whole.recording is not None
    assert np.abs(whole.recording.samples - saving_program.recording(number).samples).max() < 2**-14


def check_recordings(store: Store) -> None:
    """Make sure that no recording is there by half, and hardly one that nothing refers to."""
    with contextlib.closing(open_store(store.folder)) as opened, opened.reading() as session:
        used = set(session.scalars(select(Attempt.recording)))
    digests = store.audio.digests()
    assert used <= digests
    assert len(digests - used) <= KILLS + 1
    for digest in digests:
        assert hashlib.sha256(store.audio.path(digest).read_bytes()).hexdigest() == digest
