"""Saves what a teacher changes, in the background and in order, while it already shows."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from threading import Event, Lock

from PySide6.QtCore import QObject, QTimer, Signal

from app.library.records import AttemptRow
from app.library.store import Store
from app.library.teaching.records import Review
from app.tasks import UNEXPECTED, Task
from app.windows.review.changes import Change, Memory
from app.windows.services import Services
from assessment.control import Control
from assessment.errors import ElocuteError

log = logging.getLogger(__name__)

# So long after it could not be written, the library is tried again.
RETRY_MILLISECONDS = 3_000
# So long it is waited for a thread to begin, in seconds.
_PATIENCE_SECONDS = 0.03


class Ledger(QObject):
    """Holds changes that are not saved yet, and shows the library as it is with them.

    Parameters
    ----------
    services : Services
        Where work is done.

    Attributes
    ----------
    memory : Memory
        What changes must know of each other.

    Signals
    -------
    changed(object)
        A `Change` shows from now on, or not any more.
    saved(object)
        A `Change` is in the library.
    failed(object, str)
        A `Change` cannot be saved and was taken back; why, for people.
    waiting(str)
        The library cannot be written at the moment, and why; it is tried again.
    """

    changed = Signal(object)
    saved = Signal(object)
    failed = Signal(object, str)
    waiting = Signal(str)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.memory = Memory()
        self._saved: list[Change] = []
        self._pending: list[Change] = []
        # What is still to be saved, from all threads; only one of them saves at a time.
        self._queue: deque[tuple[Store, Change]] = deque()
        self._lock, self._saving = Lock(), Lock()
        self._task: Task | None = None
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(RETRY_MILLISECONDS)
        self._retry.timeout.connect(self._start)

    # --- what shows -------------------------------------------------------------------------

    @property
    def moment(self) -> int:
        """When something is read from the library: by this it is known later what has changed since."""
        return len(self._saved)

    def review(self, base: Review, moment: int) -> Review:
        """Return a review, read at a moment, as it is by now."""
        for change in (*self._saved[moment:], *self._pending):
            base = change.on_review(base, self.memory)
        return base

    def row(self, base: AttemptRow, moment: int) -> AttemptRow:
        """Return an attempt as it is listed, read at a moment, as it is by now."""
        for change in (*self._saved[moment:], *self._pending):
            if change.attempt_id == base.id:
                base = change.on_row(base)
        return base

    def changed_since(self, moment: int) -> set[str]:
        """Return the ids of the attempts that have changed since a moment."""
        return {change.attempt_id for change in (*self._saved[moment:], *self._pending)}

    # --- saving -----------------------------------------------------------------------------

    def add(self, store: Store, change: Change) -> None:
        """Show a change, and save it after those before it."""
        self._pending.append(change)
        with self._lock:
            self._queue.append((store, change))
        self.changed.emit(change)
        self._start()

    @property
    def is_at_work(self) -> bool:
        """Whether something is not saved yet."""
        return bool(self._pending)

    def finish(self) -> None:
        """Save now what is not saved; when this returns it is on its way, even if the program ends."""
        if not self._queue or self._saving.locked():
            return
        self._retry.stop()
        mine, begun = Lock(), Event()

        def work(_control: Control) -> None:
            if mine.acquire(blocking=False):
                begun.set()
                self._save_all()

        task = self._run(work)
        # What has not begun when the program ends never would.
        if not begun.wait(_PATIENCE_SECONDS) and mine.acquire(blocking=False):
            task.cancel()
            self._save_here()

    def _save_here(self) -> None:
        try:
            self._save_all()
        except ElocuteError as problem:
            self._wait(str(problem))

    def _start(self) -> None:
        if self._task is None or self._task.is_over:
            self._retry.stop()
            self._task = self._run(lambda _control: self._save_all())

    def _run(self, work: Callable[[Control], None]) -> Task:
        return self._services.tasks.run(work, lambda _nothing: self._look_again(), self._wait)

    def _look_again(self) -> None:
        """Save what was added when the thread had just looked for the last time."""
        if self._queue and not self._retry.isActive():
            self._start()

    def _save_all(self) -> None:
        """Save everything in order; on any thread.

        Raises
        ------
        ElocuteError
            If the library cannot be written at the moment.
        """
        with self._saving:
            while self._queue:
                store, change = self._queue[0]
                self._save(store, change)
                with self._lock:
                    self._queue.popleft()

    def _save(self, store: Store, change: Change) -> None:
        deliver = self._services.bridge.deliver
        try:
            change.save(store, self.memory)
        except ElocuteError as problem:
            # With a cause it is the library that cannot be written, not the change that is not possible.
            if problem.__cause__ is not None:
                raise
            message = str(problem)
            deliver(lambda: self._take_back(change, message))
        except Exception as problem:  # one that fails must not keep the others from being saved
            log.exception("unexpected")
            message = UNEXPECTED.format(problem=type(problem).__name__)
            deliver(lambda: self._take_back(change, message))
        else:
            deliver(lambda: self._note(change))

    def _note(self, change: Change) -> None:
        self._forget(change)
        self._saved.append(change)
        self.saved.emit(change)

    def _take_back(self, change: Change, message: str) -> None:
        self._forget(change)
        self.changed.emit(change)
        self.failed.emit(change, message)

    def _forget(self, change: Change) -> None:
        # The same object: two changes may say the same.
        self._pending = [each for each in self._pending if each is not change]

    def _wait(self, message: str) -> None:
        self._retry.start()
        self.waiting.emit(message)
