"""Deletes attempts some seconds after that was asked for, so that it can be undone."""

from __future__ import annotations

from collections.abc import Collection
from threading import Event, Lock

from PySide6.QtCore import QObject, QTimer, Signal

from app.library import attempts
from app.library.store import Store
from app.windows.services import Services
from assessment.control import Control
from assessment.errors import ElocuteError

UNDO_MILLISECONDS = 8_000
# So long it is waited for a thread to begin, in seconds.
_PATIENCE_SECONDS = 0.03


class Deleting(QObject):
    """Keeps what is to be deleted, and deletes it once nobody can want it back.

    Parameters
    ----------
    services : Services
        Where work is done.

    Attributes
    ----------
    hidden : frozenset of str
        Ids of the attempts that are not to be shown any more, deleted or not.

    Signals
    -------
    expired()
        The time to undo is over.
    deleted()
        Attempts are deleted.
    failed(str)
        Attempts could not be deleted, and why.
    """

    expired = Signal()
    deleted = Signal()
    failed = Signal(str)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._store: Store | None = None
        self._asked: frozenset[str] = frozenset()
        self._going: frozenset[str] = frozenset()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UNDO_MILLISECONDS)
        self._timer.timeout.connect(self.expired)

    @property
    def hidden(self) -> frozenset[str]:
        """What is not shown any more."""
        return self._asked | self._going

    def ask(self, store: Store, ids: Collection[str]) -> None:
        """Put attempts by, to be deleted soon; those before are deleted now."""
        self.finish()
        self._store, self._asked = store, frozenset(ids)
        self._timer.start()

    @property
    def can_undo(self) -> bool:
        """Whether anything was put by that is not deleted yet."""
        return bool(self._asked)

    def undo(self) -> frozenset[str]:
        """Keep what was put by last; return its ids."""
        self._timer.stop()
        kept, self._asked = self._asked, frozenset()
        return kept

    def finish(self) -> None:
        """Delete now what was put by; when this returns it is on its way, even if the program ends."""
        store, ids = self._store, self._asked
        if not ids or store is None:
            return
        self._timer.stop()
        self._asked, self._going = frozenset(), self._going | ids
        mine, begun = Lock(), Event()

        def work(_control: Control) -> None:
            if mine.acquire(blocking=False):
                begun.set()
                attempts.delete(store, ids)

        task = self._services.tasks.run(
            work, lambda _nothing: self._done(ids), lambda message: self._fail(ids, message)
        )
        # What has not begun when the program ends never would.
        if not begun.wait(_PATIENCE_SECONDS) and mine.acquire(blocking=False):
            task.cancel()
            self._delete_here(store, ids)

    def _delete_here(self, store: Store, ids: frozenset[str]) -> None:
        try:
            attempts.delete(store, ids)
        except ElocuteError as problem:
            self._fail(ids, str(problem))
        else:
            self._done(ids)

    def _done(self, ids: frozenset[str]) -> None:
        self._going -= ids
        self.deleted.emit()

    def _fail(self, ids: frozenset[str], message: str) -> None:
        self._going -= ids
        self.failed.emit(message)
