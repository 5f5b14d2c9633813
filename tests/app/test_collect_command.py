"""The command ``collect``: goes on after it was killed, tells what failed and why, and takes hand-ins in."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sqlalchemy import func, select

from app.cli import main
from app.collect_command import SOME_FAILED, _duration
from app.library import attempts, history, learners
from app.library.history import Filter
from app.library.models import Collected
from app.library.records import AttemptRow, Purpose
from app.library.store import Store, open_store
from app.library.teaching import classes
from app.library.teaching.collecting import failures
from app.library.teaching.hand_in import hand_in
from assessment.audio import SAMPLE_RATE, Recording
from assessment.control import Control
from assessment.resources import resource
from tests.app.library.conftest import STARTED, tone
from tests.assessment import examples

Capture = pytest.CaptureFixture[str]
RECORDINGS = 10
TEXT = "On Thursday we will walk along the river."


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A manifest of some recordings, each louder than the one before, and two that cannot be assessed."""
    said = Recording.open(resource("demo", "well_read.flac")).samples[: 3 * SAMPLE_RATE]
    lines = ["learner,audio,text"]
    for number in range(RECORDINGS):
        soundfile.write(tmp_path / f"{number}.wav", said * np.float32(0.5 + number / 40), SAMPLE_RATE)
        lines.append(f'Learner {number % 3},{number}.wav,"{TEXT}"')
        if number == 4:
            (tmp_path / "broken.wav").write_text("no recording", encoding="utf-8")
            lines.append(f"Learner 0,broken.wav,{TEXT}")
    lines.append(f"[b]Learner 1,missing.wav,{TEXT}")
    path = tmp_path / "class.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A manifest of one recording."""
    soundfile.write(tmp_path / "1.wav", tone(220).samples, SAMPLE_RATE)
    path = tmp_path / "small.csv"
    path.write_text("learner,audio,text\nAda,1.wav,one\n", encoding="utf-8")
    return path


def collect(*words: object) -> int:
    """Run the command; return its exit code."""
    try:
        return main(["collect", *map(str, words)])
    except SystemExit as end:
        return int(end.code or 0)


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Store]:
    with contextlib.closing(open_store(folder)) as store:
        yield store


def kept(folder: Path) -> list[AttemptRow]:
    with opened(folder) as store:
        return history.attempts(store, Filter(None))


@contextlib.contextmanager
def running(manifest: Path, library: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "app", "collect", manifest, "--library", library, "--workers", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], library: Path, count: int) -> None:
    """Wait until the command has kept so many readings."""
    wanted = select(func.count()).where(Collected.attempt_id.is_not(None))
    while not (library / "library.db").exists():
        assert process.poll() is None
        time.sleep(0.05)
    with opened(library) as store:
        done = 0
        while done < count:
            assert process.poll() is None
            time.sleep(0.02)
            with store.reading() as session:
                done = session.scalar(wanted) or 0


# --- killed and gone on with ---------------------------------------------------------------------


def test_after_a_kill_it_goes_on_without_losing_or_repeating_one(
    manifest: Path, library: Path, capsys: Capture
) -> None:
    with running(manifest, library) as process:
        wait_for(process, library, 3)
        process.kill()
    before = kept(library)
    assert 3 <= len(before) < RECORDINGS
    assert collect(manifest, "--library", library, "--workers", 2) == SOME_FAILED
    after = kept(library)
    assert [row for row in after if row in before] == before
    assert len(after) == len({row.recording for row in after}) == RECORDINGS
    printed = capsys.readouterr()
    new = RECORDINGS - len(before)
    assert printed.out.startswith(f"{new} assessed in ")
    assert printed.out.endswith(f"s, {len(before)} known already, 2 failed.\n")
    assert "[b]Learner 1" in printed.err
    with opened(library) as store:
        told = {Path(each.audio).name: (each.line, each.problem) for each in failures(store, str(manifest))}
        assert [row.name for row in learners.all_learners(store)] == [
            f"Learner {number}" for number in range(3)
        ]
        assert store.audio.digests() == {row.recording for row in after}
    assert {name: line for name, (line, _) in told.items()} == {"broken.wav": 7, "missing.wav": 13}
    assert "not a recording" in told["broken.wav"][1]
    assert "no such file" in told["missing.wav"][1]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends other signals to a terminal")
def test_an_interrupt_says_what_is_kept_and_how_to_go_on(manifest: Path, library: Path) -> None:
    with running(manifest, library) as process:
        wait_for(process, library, 1)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert told.splitlines() == [
        "What was finished is kept. Run the same command again to go on.",
        "elocute: stopped.",
    ]
    assert process.returncode == 130
    assert kept(library)


# --- recordings -----------------------------------------------------------------------------


def test_all_of_a_class_in_one_command(small: Path, library: Path, capsys: Capture) -> None:
    assert collect(small, "--library", library, "--class", " English  A2", "--workers", 1) == 0
    assert collect(small, "--library", library, "--class", "english a2", "--workers", 1) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("0 known already, 0 failed.")
    assert lines[1].endswith("1 known already, 0 failed.")
    with opened(library) as store:
        (found,) = classes.all_classes(store)
        assert (found.name, found.learners) == ("English A2", 1)


def test_lines_that_cannot_be_used_are_told_and_count_as_failed(
    small: Path, library: Path, capsys: Capture
) -> None:
    small.write_text("learner,audio,text\nAda,1.wav,one\n,2.wav,two\n", encoding="utf-8")
    assert collect(small, "--library", library, "--workers", 1) == SOME_FAILED
    printed = capsys.readouterr()
    assert printed.err.splitlines() == ["Line 3: it does not say who read."]
    assert "1 assessed" in printed.out


def test_without_a_usable_line_nothing_is_made_and_an_example_is_told(
    tmp_path: Path, library: Path, capsys: Capture
) -> None:
    path = tmp_path / "class.csv"
    path.write_text("learner,audio,text\n", encoding="utf-8")
    assert collect(path, "--library", library, "--class", "A2") == 2
    assert "Ada Moss,ada/1.wav" in capsys.readouterr().err
    assert not library.exists()


@pytest.mark.parametrize("workers", ["0", "-1", "many", "100000"])
def test_there_must_be_a_sensible_number_of_processes(small: Path, workers: str, capsys: Capture) -> None:
    assert collect(small, "--workers", workers) == 2
    assert "is not a number of processes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (29.0, "29 s"), (31.0, "1 min"), (3_540.0, "59 min"), (7_500.0, "2 h 5 min")],
)
def test_lengths_of_time_are_told_in_words(seconds: float, words: str) -> None:
    assert _duration(seconds) == words


# --- hand-ins -------------------------------------------------------------------------------


@pytest.fixture
def handed_in(tmp_path: Path) -> Callable[[str], Path]:
    """Have a learner hand a reading in into a folder; gives the file."""
    shared = tmp_path / "shared"
    shared.mkdir()

    def make(name: str) -> Path:
        with opened(tmp_path / name) as store:
            learner = learners.add(store, name).id
            read = attempts.add(store, Purpose(learner), tone(300), examples.good_reading(), STARTED)
            return hand_in(store, learner, [read], shared, Control(), consent=True).path

    return make


def test_hand_ins_of_a_folder_are_taken_in(
    handed_in: Callable[[str], Path], library: Path, capsys: Capture
) -> None:
    folder = handed_in("Ada").parent
    handed_in("Bo")
    assert collect(folder, "--library", library, "--class", "A2") == 0
    assert collect(folder, "--library", library, "--class", "A2") == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 files taken in: 2 new readings, 2 new learners.",
        "2 files taken in: 0 new readings, 0 new learners.",
    ]
    with opened(library) as store:
        assert [each.learners for each in classes.all_classes(store)] == [2]


def test_a_hand_in_that_is_damaged_is_told_and_the_others_come_in(
    handed_in: Callable[[str], Path], library: Path, small: Path, capsys: Capture
) -> None:
    good = handed_in("Ada")
    bad = good.with_name("bad.elocute")
    bad.write_bytes(b"PK")
    assert collect(good.parent, small, "--library", library, "--workers", 1) == SOME_FAILED
    printed = capsys.readouterr()
    assert printed.out.startswith("1 file taken in: 1 new reading, 1 new learner.\n1 assessed")
    assert printed.err.startswith("bad.elocute: ")
    assert collect(bad, "--library", library) == 2
