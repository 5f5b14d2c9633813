"""Many recordings, assessed by several processes on this computer.

Each process has an engine of its own that works on one thread, so that as many work at a time as there are
cores. Results come as they get ready::

    jobs = [Job(path.name, path, path.with_suffix(".txt").read_text()) for path in Path("said").glob("*.wav")]
    for outcome in assess_many(jobs):
        print(outcome.job.key, outcome.problem or outcome.assessment.scores.overall)

Processes are begun anew (spawn) on every system, so a program that calls this keeps what it does below
``if __name__ == "__main__":``, and one that was frozen calls ``multiprocessing.freeze_support`` there first.

We keep our own few processes: the pools of `concurrent.futures` and joblib give up all work once one of their
processes dies, and that of `multiprocessing` then waits for ever. Here a recording that is too large for the
memory fails alone, and a night's work goes on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from assessment.audio import Recording
from assessment.control import Control
from assessment.errors import ElocuteError
from assessment.results import Assessment

if TYPE_CHECKING:
    from assessment.engine import Assessor

# By default no more processes than these: each takes 300 MB.
MOST_WORKERS = 8
# A process that does not end when it is told to is ended by force after so long.
_PATIENCE_SECONDS = 2.0
# So often it is looked whether the work is to stop.
_LOOKING_SECONDS = 0.2
# After so many processes in a row that died before they had an engine, none will ever have one.
_MOST_IN_VAIN = 3
DIED = (
    "The process that assessed it ended unexpectedly, perhaps for lack of memory. Close other programs, or "
    "cut the recording into shorter ones."
)
_NO_MEMORY = "There is too little memory for it. Close other programs, or cut it into shorter recordings."
_UNEXPECTED = "Something went wrong inside Elocute ({problem}). Please report it."
_NOT_STARTED = (
    "The processes that assess recordings end before they begin. Close other programs, which may take all "
    'memory; a Python program of your own needs `if __name__ == "__main__":` around what it does.'
)


@dataclass(frozen=True)
class Job:
    """A recording to assess.

    Attributes
    ----------
    key : str
        By which the caller knows it.
    audio : Path
        The file.
    text : str
        What was to be read.
    """

    key: str
    audio: Path
    text: str


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a job: an assessment with its recording, or a problem.

    Attributes
    ----------
    job : Job
        Which.
    recording : Recording or None
        What was said.
    assessment : Assessment or None
        How it was read.
    made : object
        What `then` returned, in place of both.
    problem : str
        Why there is nothing of it, for people; else empty.
    """

    job: Job
    recording: Recording | None = None
    assessment: Assessment | None = None
    made: Any = None
    problem: str = ""


Then = Callable[[Job, Recording, Assessment], Any]


def assess_many(
    jobs: Iterable[Job],
    *,
    workers: int | None = None,
    lexicon: Path | None = None,
    control: Control | None = None,
    then: Then | None = None,
) -> Generator[Outcome, None, None]:
    """Assess recordings, several at a time; yield what became of each as soon as that is known.

    Closing the iterator ends all processes at once.

    Parameters
    ----------
    jobs : iterable of Job
        Taken as processes get free, so there may be any number.
    workers : int, optional
        How many processes; by default as many as there are cores, but at most `MOST_WORKERS`.
    lexicon : Path, optional
        File with pronunciations that go before the dictionary's.
    control : Control, optional
        Can stop the work, also in the midst of a long recording.
    then : callable, optional
        Gets each job, its recording and its assessment in the process that assessed it. Much work is better
        done there, by as many as there are, than by the one who asked. It and what it returns must be such
        that `pickle` can write them.

    Yields
    ------
    Outcome
        One for each job, in the order in which they get ready.

    Raises
    ------
    ValueError
        If there is to be no process.
    ElocuteError
        If the engine cannot be loaded, no process can be begun, or `then` says so: that ends all.
    Cancelled
        If the work is stopped.
    """
    count = min(MOST_WORKERS, _cores()) if workers is None else workers
    if count < 1:
        raise ValueError(f"there must be a process at least, not {count}")
    return _Pool(count, _Task(lexicon, then)).run(iter(jobs), control or Control())


@dataclass(frozen=True)
class _Task:
    """What each process is told when it begins."""

    lexicon: Path | None
    then: Then | None


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# --- whoever asks ---------------------------------------------------------------------------


class _Worker:
    """A process with the job that it has been given."""

    def __init__(self, task: _Task) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_work, args=(theirs, task), daemon=True)
        with _unheard_interrupts():
            self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.is_at_work = False

    def give(self, job: Job) -> None:
        self.job = job
        try:
            self.connection.send(job)
        except OSError:  # it has died while it had none; `hear` tells
            self.is_at_work = False

    def hear(self) -> Outcome | None:
        """Return what became of the job; None if the process has got its engine ready.

        Raises
        ------
        ElocuteError
            If it can have no engine.
        EOFError
            If it died.
        """
        try:
            said: Outcome | ElocuteError | None = self.connection.recv()
        except OSError as problem:
            raise EOFError from problem
        if isinstance(said, ElocuteError):
            raise said
        self.is_at_work = True
        if said is not None:
            self.job = None
        return said


class _Pool:
    """Gives each process a job whenever it has none."""

    def __init__(self, count: int, task: _Task) -> None:
        self._count, self._task = count, task
        self._workers: list[_Worker] = []
        self._again: list[Job] = []
        self._in_vain = 0

    def run(self, jobs: Iterator[Job], control: Control) -> Generator[Outcome, None, None]:
        try:
            self._share_out(jobs)
            while busy := self._busy():
                control.check()
                for ready in wait(list(busy), _LOOKING_SECONDS):  # type: ignore[arg-type]
                    outcome = self._heard(busy[ready])
                    self._share_out(jobs)
                    if outcome is not None:
                        yield outcome
                        control.check()
        finally:
            self._end(self._workers)

    def _busy(self) -> dict[object, _Worker]:
        return {each.connection: each for each in self._workers if each.job is not None}

    def _share_out(self, jobs: Iterator[Job]) -> None:
        for worker in self._workers:
            if worker.job is None and (job := self._next(jobs)) is not None:
                worker.give(job)
        while len(self._workers) < self._count and (job := self._next(jobs)) is not None:
            self._workers.append(_Worker(self._task))
            self._workers[-1].give(job)

    def _next(self, jobs: Iterator[Job]) -> Job | None:
        return self._again.pop() if self._again else next(jobs, None)

    def _heard(self, worker: _Worker) -> Outcome | None:
        try:
            outcome = worker.hear()
        except EOFError:
            return self._lost(worker)
        self._in_vain = 0
        return outcome

    def _lost(self, worker: _Worker) -> Outcome | None:
        """Do without a process that died; its job failed if it can have been the reason."""
        self._workers.remove(worker)
        self._end([worker])
        assert worker.job is not None
        if worker.is_at_work:
            return Outcome(worker.job, problem=DIED)
        self._in_vain += 1
        if self._in_vain == _MOST_IN_VAIN:
            raise ElocuteError(_NOT_STARTED)
        self._again.append(worker.job)
        return None

    @staticmethod
    def _end(workers: list[_Worker]) -> None:
        """End processes, whatever they are doing."""
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.connection.close()
            worker.process.join(_PATIENCE_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


@contextlib.contextmanager
def _unheard_interrupts() -> Iterator[None]:
    """Have processes that are begun meanwhile never hear of Ctrl+C, which all in a terminal are sent.

    Whoever began them decides what it means. Windows knows no such thing: there they ignore it once they can.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # to begin it later would let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- the processes --------------------------------------------------------------------------


def _work(connection: Connection, task: _Task) -> None:
    """Assess what comes until nothing does; runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):  # nobody is there any more
        try:
            assessor = _engine(task.lexicon)
        except ElocuteError as problem:
            connection.send(problem)
            return
        connection.send(None)
        while True:
            try:
                said: Outcome | ElocuteError = _outcome(assessor, connection.recv(), task.then)
            except ElocuteError as problem:
                said = problem
            connection.send(said)


def _end_with_parent() -> None:
    """End this process as soon as the one that began it was killed: nobody wants the scores any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _engine(lexicon: Path | None) -> Assessor:
    # Only these processes need it, and it takes a second.
    from assessment.engine import Assessor

    # What numpy counts with would spin on every other core, and gain nothing by it.
    threadpool_limits(1, user_api="blas")
    return Assessor.load(user_lexicon=lexicon, threads=1)


def _outcome(assessor: Assessor, job: Job, then: Then | None = None) -> Outcome:
    try:
        outcome = _assessed(assessor, job)
        if then is None or outcome.recording is None or outcome.assessment is None:
            return outcome
        return Outcome(job, made=then(job, outcome.recording, outcome.assessment))
    except ElocuteError:  # what is wrong there is wrong for all
        raise
    except MemoryError:
        return Outcome(job, problem=_NO_MEMORY)
    except Exception as problem:  # one recording must not end the others' work
        said = f"{type(problem).__name__}: {problem}".strip(": ")
        return Outcome(job, problem=_UNEXPECTED.format(problem=said))


def _assessed(assessor: Assessor, job: Job) -> Outcome:
    try:
        recording = Recording.open(job.audio)
        return Outcome(job, recording, assessor.assess(recording, job.text))
    except ElocuteError as problem:
        return Outcome(job, problem=str(problem))
