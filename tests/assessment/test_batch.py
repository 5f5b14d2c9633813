"""Many recordings are assessed by several processes; whatever happens to one of these, the others go on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

import numpy as np
import pytest
import soundfile

from assessment import batch
from assessment.audio import SAMPLE_RATE, Recording
from assessment.batch import DIED, Job, Outcome, assess_many
from assessment.control import Control
from assessment.engine import Assessor
from assessment.errors import Cancelled, ElocuteError, LexiconError
from assessment.resources import resource
from tests.assessment import batch_engine

needs_signals = pytest.mark.skipif(os.name == "nt", reason="Windows sends other signals to a terminal")


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    """A recording."""
    path = tmp_path / "said.wav"
    soundfile.write(path, np.full(SAMPLE_RATE // 4, 0.1), SAMPLE_RATE)
    return path


@pytest.fixture
def obedient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the processes do what the text of a job says."""
    monkeypatch.setattr(batch, "_work", batch_engine.work)


@pytest.fixture
def job(audio: Path) -> Callable[[str], Job]:
    """Make a job."""
    return lambda text: Job(text, audio, text)


@pytest.fixture(autouse=True)
def nobody_stays() -> Iterator[None]:
    """No test leaves a process."""
    yield
    assert multiprocessing.active_children() == []


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Wait until something is so; return whether it was in time."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.is_file() or status.read_text().rpartition(")")[2].split()[0] != "Z"


# --- results ----------------------------------------------------------------------------------


def test_processes_find_what_the_engine_finds_in_this_one() -> None:
    folder = resource("demo")
    entries = tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))["recordings"]
    jobs = [Job(entry["title"], folder / entry["file"], entry["text"]) for entry in entries]
    found = {outcome.job.key: outcome for outcome in assess_many(jobs, workers=2)}
    assessor = Assessor.load(threads=1)
    for job in jobs:
        recording, outcome = Recording.open(job.audio), found[job.key]
        assert outcome.assessment == assessor.assess(recording, job.text)
        assert outcome.recording is not None
        assert np.array_equal(outcome.recording.samples, recording.samples)
        assert (outcome.recording.source, outcome.recording.quality) == (recording.source, recording.quality)
        assert outcome.problem == ""
    assert len(found) == len(jobs)


@pytest.mark.usefixtures("obedient")
def test_every_job_has_one_outcome_and_quick_ones_overtake_slow_ones(job: Callable[[str], Job]) -> None:
    texts = ["wait 1", *(f"word {number}" for number in range(20))]
    keys = [outcome.job.key for outcome in assess_many(map(job, texts), workers=2)]
    assert sorted(keys) == sorted(texts)
    assert keys.index("wait 1") > 0


@pytest.mark.usefixtures("obedient")
def test_jobs_are_taken_as_they_are_needed(job: Callable[[str], Job]) -> None:
    taken = []

    def endless() -> Iterator[Job]:
        for number in count():
            taken.append(number)
            yield job(f"word {number}")

    outcomes = assess_many(endless(), workers=2)
    for _ in range(10):
        next(outcomes)
    outcomes.close()
    assert 10 <= len(taken) <= 14


def test_without_jobs_no_process_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_Worker", None)
    assert list(assess_many([], workers=2)) == []


@pytest.mark.parametrize("workers", [0, -1])
def test_there_must_be_a_process(workers: int) -> None:
    with pytest.raises(ValueError, match=str(workers)):
        assess_many([], workers=workers)


@pytest.mark.usefixtures("obedient")
def test_any_thread_may_ask(job: Callable[[str], Job]) -> None:
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.extend(assess_many([job("word")], workers=1)))
    thread.start()
    thread.join()
    assert [outcome.job.key for outcome in outcomes] == ["word"]


# --- what is done with each -----------------------------------------------------------------------


@pytest.mark.usefixtures("obedient")
def test_something_else_can_be_made_of_each_where_it_was_assessed(job: Callable[[str], Job]) -> None:
    jobs = [job("one"), job("fail badly"), job("two")]
    outcomes = list(assess_many(jobs, workers=1, then=batch_engine.make))
    made = {each.job.key: each.made for each in outcomes if not each.problem}
    assert {key: value[1:] for key, value in made.items()} == {"one": ("one", 0.25), "two": ("two", 0.25)}
    assert os.getpid() not in {value[0] for value in made.values()}
    assert [each.job.key for each in outcomes if each.problem] == ["fail badly"]
    assert all(each.recording is None and each.assessment is None for each in outcomes)


@pytest.mark.usefixtures("obedient")
def test_what_goes_wrong_then_is_told_of_that_one_but_what_people_must_mend_ends_all(
    job: Callable[[str], Job],
) -> None:
    outcomes = assess_many(map(job, ["bug", "one", "full", "two"]), workers=1, then=batch_engine.make)
    assert "KeyError: 'bug'" in next(outcomes).problem
    assert next(outcomes).made is not None
    with pytest.raises(ElocuteError, match="The disk is full"):
        next(outcomes)


# --- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.usefixtures("obedient")
def test_what_goes_wrong_with_a_recording_is_told_of_that_one(job: Callable[[str], Job]) -> None:
    jobs = [job("fail badly"), job("need memory"), Job("gone", Path("gone.wav"), "word"), job("word")]
    problems = {outcome.job.key: outcome.problem for outcome in assess_many(jobs, workers=1)}
    assert problems["word"] == ""
    assert problems["gone"] == "gone.wav does not exist: check the name and the folder."
    assert "LookupError: badly" in problems["fail badly"]
    assert "memory" in problems["need memory"]


@pytest.mark.usefixtures("obedient")
def test_a_process_that_dies_fails_its_own_job_only_and_is_replaced(job: Callable[[str], Job]) -> None:
    texts = ["word 1", "die 1", "wait 0.1", "die 2", "word 2", "die 3", "die 4", "word 3"]
    outcomes = list(assess_many(map(job, texts), workers=2))
    assert sorted(outcome.job.key for outcome in outcomes) == sorted(texts)
    for outcome in outcomes:
        assert outcome.problem == (DIED if outcome.job.key.startswith("die") else "")
        assert (outcome.assessment is None) == (outcome.recording is None) == bool(outcome.problem)


def test_a_process_that_dies_before_it_begins_costs_no_job(
    job: Callable[[str], Job], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(batch, "_work", batch_engine.work_at_second_start)
    outcomes = list(assess_many(map(job, ["word 1", "word 2"]), workers=1, lexicon=tmp_path / "begun"))
    assert sorted((outcome.job.key, outcome.problem) for outcome in outcomes) == [
        ("word 1", ""),
        ("word 2", ""),
    ]


def test_if_no_process_ever_begins_that_is_told(
    job: Callable[[str], Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_work", batch_engine.never_work)
    with pytest.raises(ElocuteError, match="end before they begin"):
        list(assess_many(map(job, ["word 1", "word 2"]), workers=2))


def test_an_engine_that_cannot_be_loaded_is_told_once(job: Callable[[str], Job], tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"none\.txt"):
        list(assess_many(map(job, ["word 1", "word 2"]), workers=1, lexicon=tmp_path / "none.txt"))


# --- stopped ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("obedient")
def test_closing_ends_the_processes_in_the_midst_of_their_work(job: Callable[[str], Job]) -> None:
    outcomes = assess_many(map(job, ["word", "wait 100", "wait 100"]), workers=2)
    next(outcomes)
    assert multiprocessing.active_children()
    outcomes.close()
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("obedient")
def test_a_control_stops_the_work_from_another_thread(job: Callable[[str], Job]) -> None:
    control = Control()
    outcomes = assess_many(map(job, ["word", "wait 100", "wait 100"]), workers=2, control=control)
    next(outcomes)
    threading.Timer(0.3, control.cancel).start()
    with pytest.raises(Cancelled):
        list(outcomes)
    assert multiprocessing.active_children() == []


@needs_signals
def test_processes_end_when_who_began_them_is_killed(audio: Path) -> None:
    with program(audio) as (running, workers, told):
        assert told.readline() == "busy\n"
        assert all(map(is_running, workers))
        running.kill()
        running.wait()
        assert within(10, lambda: not any(map(is_running, workers)))


@needs_signals
@pytest.mark.parametrize("when", ["while they begin", "while they work"])
def test_an_interrupt_is_heard_by_who_began_them_only(audio: Path, when: str) -> None:
    with program(audio) as (running, workers, told):
        if when == "while they begin":
            time.sleep(0.4)
        else:
            assert told.readline() == "busy\n"
        os.killpg(running.pid, signal.SIGINT)
        _, complaints = running.communicate(timeout=30)
        assert complaints.count("Traceback") == 1
        assert complaints.endswith("KeyboardInterrupt\n")
        assert not any(map(is_running, workers))


@contextmanager
def program(audio: Path) -> Iterator[tuple[subprocess.Popen[str], list[int], IO[str]]]:
    """Run a program with two processes; give it, their ids, and what it prints."""
    command = [sys.executable, "-m", "tests.assessment.batch_engine", str(audio)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stdout is not None
        try:
            workers = [int(each) for each in running.stdout.readline().split()]
            assert len(workers) == 2
            yield running, workers, running.stdout
        finally:
            running.kill()
