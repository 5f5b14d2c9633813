"""Background work: what is told, on which thread, and what is not told any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import Empty, Queue

import pytest

from app.tasks import Task, Tasks
from assessment.control import Control
from assessment.errors import Cancelled, ElocuteError

# So long is waited for a thread that should answer at once; a test that passes never waits so long.
PATIENCE = 20.0


class Window:
    """Stands for the thread of a window: has what is delivered called when the test says so."""

    def __init__(self) -> None:
        self._queue: Queue[Callable[[], None]] = Queue()
        self.told: list[tuple[str, object]] = []
        self.threads: set[threading.Thread] = set()

    def deliver(self, call: Callable[[], None]) -> None:
        self._queue.put(call)

    def wait(self) -> None:
        """Call the next thing that is delivered."""
        self._queue.get(timeout=PATIENCE)()

    def run(self, task: Task) -> None:
        """Call what is delivered until the task is over."""
        while not task.is_over:
            self.wait()

    def call_the_rest(self) -> None:
        try:
            while True:
                self._queue.get_nowait()()
        except Empty:
            pass

    def hear(self, kind: str) -> Callable[[object], None]:
        def told(value: object) -> None:
            self.threads.add(threading.current_thread())
            self.told.append((kind, value))

        return told


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def tasks(window: Window) -> Iterator[Tasks]:
    tasks = Tasks(window.deliver, workers=1)
    yield tasks
    tasks.close()


def begin(tasks: Tasks, window: Window, work: Callable[[Control], object]) -> Task:
    return tasks.run(work, window.hear("done"), window.hear("failed"), window.hear("progress"))


class Work:
    """Work that waits in the middle until the test lets it go on, then asks whether to stop."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()
        self.has_ended = threading.Event()
        self.was_stopped = False

    def __call__(self, control: Control) -> str:
        self.has_begun.set()
        try:
            assert self.may_go_on.wait(PATIENCE)
            control.check()
        except Cancelled:
            self.was_stopped = True
            raise
        finally:
            self.has_ended.set()
        return "result"


def stubborn(work: Work) -> Callable[[Control], str]:
    """The same work, that never asks whether to stop."""
    return lambda _control: work(Control())


def test_work_runs_on_another_thread_and_is_reported_on_that_of_the_window(
    tasks: Tasks, window: Window
) -> None:
    task = begin(tasks, window, lambda _control: threading.current_thread())
    window.run(task)
    [(kind, worker)] = window.told
    assert kind == "done"
    assert worker is not threading.current_thread()
    assert window.threads == {threading.current_thread()}


def test_a_task_is_over_only_once_the_window_has_heard(tasks: Tasks, window: Window) -> None:
    work = Work()
    work.may_go_on.set()
    task = begin(tasks, window, work)
    assert work.has_ended.wait(PATIENCE)
    assert not task.is_over
    window.run(task)
    assert window.told == [("done", "result")]


def test_an_error_for_people_is_told_as_it_stands(tasks: Tasks, window: Window) -> None:
    def work(_control: Control) -> None:
        raise ElocuteError("me.wav is too short: record it again.")

    window.run(begin(tasks, window, work))
    assert window.told == [("failed", "me.wav is too short: record it again.")]


def test_an_unexpected_error_is_told_in_words_and_logged_whole(
    tasks: Tasks, window: Window, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_control: Control) -> None:
        raise ZeroDivisionError("a detail for the log")

    window.run(begin(tasks, window, work))
    [(kind, message)] = window.told
    assert kind == "failed"
    assert "ZeroDivisionError" in str(message)
    assert "Try again" in str(message)
    assert "a detail for the log" not in str(message)
    assert "a detail for the log" in caplog.text


def test_work_goes_on_after_a_failure(tasks: Tasks, window: Window) -> None:
    def fail(_control: Control) -> None:
        raise ElocuteError("no")

    window.run(begin(tasks, window, fail))
    window.run(begin(tasks, window, lambda _control: "yes"))
    assert window.told == [("failed", "no"), ("done", "yes")]


def test_progress_is_told_before_the_end(tasks: Tasks, window: Window) -> None:
    def work(control: Control) -> str:
        control.report(0.25)
        return "result"

    window.run(begin(tasks, window, work))
    assert window.told == [("progress", 0.25), ("done", "result")]


def test_progress_is_not_told_more_often_than_can_be_seen(
    tasks: Tasks, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("app.tasks.time.monotonic", lambda: now)

    def work(control: Control) -> None:
        nonlocal now
        for step in range(1000):
            now += 0.001
            control.report(step / 1000)

    window.run(begin(tasks, window, work))
    kinds = [kind for kind, _ in window.told]
    assert 15 <= kinds.count("progress") <= 20  # in one second


def test_progress_need_not_be_heard(tasks: Tasks, window: Window) -> None:
    def work(control: Control) -> str:
        control.report(0.5)
        return "result"

    window.run(tasks.run(work, window.hear("done"), window.hear("failed")))
    assert window.told == [("done", "result")]


def test_cancelled_work_stops_and_is_not_heard_of(tasks: Tasks, window: Window) -> None:
    work = Work()
    task = begin(tasks, window, work)
    assert work.has_begun.wait(PATIENCE)
    task.cancel()
    assert task.is_over
    work.may_go_on.set()
    tasks.close()
    window.call_the_rest()
    assert work.was_stopped
    assert window.told == []


def test_the_result_of_work_that_would_not_stop_is_dropped(tasks: Tasks, window: Window) -> None:
    work = Work()
    task = begin(tasks, window, stubborn(work))
    assert work.has_begun.wait(PATIENCE)
    task.cancel()
    work.may_go_on.set()
    tasks.close()
    window.call_the_rest()
    assert not work.was_stopped
    assert window.told == []


def test_what_is_on_its_way_to_the_window_is_dropped_when_cancelled(tasks: Tasks, window: Window) -> None:
    first = begin(tasks, window, lambda _control: "late")
    window.run(begin_and_wait_for_delivery(tasks, window, first))
    assert ("done", "late") not in window.told
    assert ("done", "next") in window.told


def begin_and_wait_for_delivery(tasks: Tasks, window: Window, first: Task) -> Task:
    """Begin a second task on the one worker; once it runs, the first one's result has been delivered."""
    work = Work()
    second = begin(tasks, window, lambda control: work(control) and "next")
    assert work.has_begun.wait(PATIENCE)
    first.cancel()
    work.may_go_on.set()
    return second


def test_cancelling_what_is_over_changes_nothing(tasks: Tasks, window: Window) -> None:
    task = begin(tasks, window, lambda _control: 1)
    window.run(task)
    task.cancel()
    assert task.is_over
    assert window.told == [("done", 1)]


def test_work_that_waits_for_a_thread_never_begins_once_cancelled(tasks: Tasks, window: Window) -> None:
    first, second = Work(), Work()
    running = begin(tasks, window, first)
    assert first.has_begun.wait(PATIENCE)
    begin(tasks, window, second).cancel()
    first.may_go_on.set()
    window.run(running)
    window.run(begin(tasks, window, lambda _control: "third"))
    assert not second.has_begun.is_set()
    assert window.told == [("done", "result"), ("done", "third")]


def test_work_runs_side_by_side_on_several_threads(window: Window) -> None:
    tasks = Tasks(window.deliver, workers=2)
    meeting = threading.Barrier(2, timeout=PATIENCE)
    running = [begin(tasks, window, lambda _control: meeting.wait() >= 0) for _ in range(2)]
    for task in running:
        window.run(task)
    tasks.close()
    assert window.told == [("done", True)] * 2


def test_closing_cancels_everything_and_waits_for_it(tasks: Tasks, window: Window) -> None:
    running, waiting = Work(), Work()
    cancelled = threading.Event()
    workers = []

    def work(control: Control) -> None:
        workers.append(threading.current_thread())
        with control.stopping(cancelled.set):
            running.has_begun.set()
            assert cancelled.wait(PATIENCE)
        running.has_ended.set()

    both = begin(tasks, window, work), begin(tasks, window, waiting)
    assert running.has_begun.wait(PATIENCE)
    tasks.close()
    window.call_the_rest()
    assert all(task.is_over for task in both)
    assert cancelled.is_set()
    assert not waiting.has_begun.is_set()
    assert window.told == []
    assert [worker.is_alive() for worker in workers] == [False]


def test_nothing_begins_after_closing(tasks: Tasks, window: Window) -> None:
    tasks.close()
    task = begin(tasks, window, lambda _control: 1)
    window.call_the_rest()
    assert task.is_over
    assert window.told == []


def test_closing_twice_does_no_harm(tasks: Tasks, window: Window) -> None:
    window.run(begin(tasks, window, lambda _control: 1))
    tasks.close()
    tasks.close()
    assert window.told == [("done", 1)]
