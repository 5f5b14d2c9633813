"""Brings what other threads have to say to the thread of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Bridge(QObject):
    """Calls functions on the thread that it was made on, in the order in which they were delivered."""

    _delivered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_open = True
        self._delivered.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def deliver(self, report: Callable[[], None]) -> None:
        """Have a function called soon; from any thread."""
        if self._is_open:
            self._delivered.emit(report)

    def close(self) -> None:
        """Call nothing any more."""
        self._is_open = False

    @Slot(object)
    def _call(self, report: Callable[[], None]) -> None:
        if self._is_open:
            report()
