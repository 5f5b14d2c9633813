"""One window for each person: a second start brings the first one to the front."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MILLISECONDS = 500


class Single(QObject):
    """Knows whether another instance uses the same folder.

    Parameters
    ----------
    folder : Path
        Of the data; made if it is missing.

    Attributes
    ----------
    is_second : bool
        Whether another instance was there first; it was asked to come to the front.

    Signals
    -------
    asked_to_front()
        Another instance was started.
    """

    asked_to_front = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        name = f"elocute-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"
        # The lock is the judge; it knows by the process whether its holder is still alive.
        self._lock = QLockFile(str(folder / "elocute.lock"))
        self._lock.setStaleLockTime(0)
        self.is_second = not self._lock.tryLock(100)
        self._server = QLocalServer(self)
        if self.is_second and not _ask(name):
            # Nobody is there: a lock that a power cut has damaged, or one of a computer that had another
            # name then, counts as stale. Of a living holder it cannot be taken away.
            self._lock.setStaleLockTime(1)
            self.is_second = not (self._lock.removeStaleLockFile() and self._lock.tryLock(100))
        if self.is_second:
            return
        QLocalServer.removeServer(name)
        self._server.newConnection.connect(self._answer)
        self._server.listen(name)

    def _answer(self) -> None:
        connection = self._server.nextPendingConnection()
        if connection is not None:
            connection.disconnected.connect(connection.deleteLater)
            connection.disconnectFromServer()
        self.asked_to_front.emit()

    def release(self) -> None:
        """Let another instance be the first."""
        self._server.close()
        self._lock.unlock()


def _ask(name: str) -> bool:
    """Ask an instance to come to the front, and return whether there is one."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    is_there = socket.waitForConnected(_WAIT_MILLISECONDS)
    socket.abort()
    return is_there
