"""The one way in which work leaves the thread of the window: progress, cancel, failure, done."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from assessment.control import Control
from assessment.errors import Cancelled, ElocuteError

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Deliver = Callable[[Callable[[], None]], None]

# Progress is told at most so often, in seconds: more would only keep the window busy.
_REPORT_SECONDS = 0.05
UNEXPECTED = (
    "Something went wrong inside Elocute ({problem}). Nothing that was recorded is lost. "
    "Try again; if it happens again, please report it."
)


class Task:
    """Work that goes on in the background.

    Attributes
    ----------
    is_over : bool
        Whether it was finished, failed or was cancelled, as far as the window has heard.
    """

    def __init__(self, control: Control) -> None:
        self._control = control
        self._cancelled = False
        self.is_over = False

    def cancel(self) -> None:
        """Stop the work; nothing more is heard of it."""
        self._cancelled = self.is_over = True
        self._control.cancel()

    def tell(self, report: Callable[[], None], *, last: bool = False) -> None:
        """Call a report unless the task was cancelled; on the thread of the window."""
        if self._cancelled:
            return
        self.is_over = self.is_over or last
        report()


class Tasks:
    """Runs work on threads of its own, and reports on the thread of the window.

    Parameters
    ----------
    deliver : callable
        Has a function called on the thread of the window, soon; may be called on any thread.
    workers : int
        How many pieces of work may run at a time.
    """

    def __init__(self, deliver: Deliver, workers: int = 3) -> None:
        self._deliver = deliver
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="elocute")
        self._running: set[Task] = set()
        self._is_closed = False

    def run(
        self,
        work: Callable[[Control], Result],
        done: Callable[[Result], None],
        failed: Callable[[str], None],
        progress: Callable[[float], None] | None = None,
    ) -> Task:
        """Begin some work.

        Parameters
        ----------
        work : callable
            What to do; gets a control that it may report to, and that tells it to stop.
        done : callable
            Gets what the work returned.
        failed : callable
            Gets a sentence for people that says what went wrong and what to do.
        progress : callable, optional
            Gets the share that is done, 0-1, now and then.

        Returns
        -------
        Task
            By which the work can be cancelled: then none of the reports follows. After `close` it is
            cancelled from the beginning.
        """
        last_report = -_REPORT_SECONDS

        def report(share: float) -> None:
            nonlocal last_report
            if progress is not None and time.monotonic() - last_report >= _REPORT_SECONDS:
                last_report = time.monotonic()
                self._deliver(lambda: task.tell(lambda: progress(share)))

        control = Control(report)
        task = Task(control)
        if self._is_closed:
            task.cancel()
            return task
        self._running.add(task)
        self._pool.submit(self._work, task, work, control, done, failed)
        return task

    def close(self) -> None:
        """Cancel everything and wait until it has stopped."""
        self._is_closed = True
        for task in tuple(self._running):
            task.cancel()
        self._pool.shutdown(cancel_futures=True)

    def _work(
        self,
        task: Task,
        work: Callable[[Control], Result],
        control: Control,
        done: Callable[[Result], None],
        failed: Callable[[str], None],
    ) -> None:
        try:
            control.check()
            result = work(control)
        except Cancelled:
            pass
        except ElocuteError as problem:
            self._report(task, failed, str(problem))
        except Exception as problem:  # a learner is never shown a traceback; the log has it
            log.exception("unexpected")
            self._report(task, failed, UNEXPECTED.format(problem=type(problem).__name__))
        else:
            self._deliver(lambda: task.tell(lambda: done(result), last=True))
        finally:
            self._running.discard(task)

    def _report(self, task: Task, failed: Callable[[str], None], message: str) -> None:
        self._deliver(lambda: task.tell(lambda: failed(message), last=True))
