"""Opens attempts in the background, and the next one before it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.library.records import AttemptRow
from app.library.store import Store
from app.library.teaching import review
from app.library.teaching.records import Review
from app.tasks import Task
from app.windows.services import Services
from assessment.control import Control
from assessment.text import ReferenceText

LATEST = 10


@dataclass(frozen=True, eq=False)
class Opened:
    """An attempt as it was read from the library.

    Attributes
    ----------
    review : Review
        The attempt, and what was said about it.
    reference : ReferenceText
        Its text.
    latest : tuple of AttemptRow
        The newest attempts of its learner, the newest first.
    moment : int
        When it was read, see `Ledger.moment`.
    """

    review: Review
    reference: ReferenceText
    latest: tuple[AttemptRow, ...]
    moment: int

    @property
    def id(self) -> str:
        """Of the attempt."""
        return self.review.kept.row.id


class Opening(QObject):
    """Reads attempts; the one that was asked for last is told, and no other.

    Parameters
    ----------
    services : Services
        Where the library is.
    moment : callable
        Returns `Ledger.moment`.

    Signals
    -------
    opened(object)
        The attempt that was asked for: an `Opened`.
    failed(str)
        It cannot be opened, and why.
    """

    opened = Signal(object)
    failed = Signal(str)

    def __init__(self, services: Services, moment: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services, self._moment = services, moment
        # Which is wanted; "" if none is.
        self._wanted = ""
        self._task: Task | None = None
        # Which is read ahead, and what came of it.
        self._ahead = ""
        self._ahead_task: Task | None = None
        self._read_ahead: Opened | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether an attempt that was asked for is not there yet."""
        return bool(self._wanted)

    def ask(self, attempt_id: str) -> None:
        """Open an attempt; another one that is being opened is not wanted any more."""
        self.cancel()
        self._wanted = attempt_id
        ahead, self._read_ahead = self._read_ahead, None
        if ahead is not None and ahead.id == attempt_id:
            self._tell(ahead)
        elif self._ahead != attempt_id or self._ahead_task is None or self._ahead_task.is_over:
            self._task = self._read(attempt_id, self._tell, lambda message: self._fail(attempt_id, message))

    def read_ahead(self, attempt_id: str) -> None:
        """Read an attempt that will probably be asked for."""
        if self._ahead_task is not None:
            self._ahead_task.cancel()
        self._ahead, self._read_ahead = attempt_id, None
        self._ahead_task = self._read(attempt_id, self._keep, lambda message: self._fail(attempt_id, message))

    def cancel(self) -> None:
        """Open nothing any more."""
        self._wanted = ""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def forget(self) -> None:
        """Open nothing, and forget what was read ahead: it may have changed."""
        self.cancel()
        if self._ahead_task is not None:
            self._ahead_task.cancel()
        self._ahead_task, self._read_ahead = None, None

    def _read(
        self, attempt_id: str, done: Callable[[Opened], None], failed: Callable[[str], None]
    ) -> Task | None:
        store, moment = self._services.store, self._moment()
        if store is None:
            return None

        def work(_control: Control) -> Opened:
            return _open(store, attempt_id, moment)

        return self._services.tasks.run(work, done, failed)

    def _keep(self, opened: Opened) -> None:
        if self._wanted == opened.id:  # it was asked for meanwhile
            self._tell(opened)
        else:
            self._read_ahead = opened

    def _tell(self, opened: Opened) -> None:
        if self._wanted == opened.id:
            self._wanted = ""
            self.opened.emit(opened)

    def _fail(self, attempt_id: str, message: str) -> None:
        # What was only read ahead is told of when it is asked for.
        if self._wanted == attempt_id:
            self._wanted = ""
            self.failed.emit(message)


def _open(store: Store, attempt_id: str, moment: int) -> Opened:
    found = review.open_review(store, attempt_id)
    latest = review.latest(store, found.kept.row.learner_id, LATEST)
    return Opened(found, ReferenceText.parse(found.kept.assessment.text), tuple(latest), moment)
