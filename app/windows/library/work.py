"""Shows what is being done in the background, how far it is, and lets it be stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.tasks import Task, Tasks
from app.windows.flow import SPACE, label
from assessment.control import Control

Result = TypeVar("Result")
_STEPS = 1_000


class WorkRow(QWidget):
    """One piece of work at a time; hidden while there is none.

    Parameters
    ----------
    tasks : Tasks
        Does the work.

    Signals
    -------
    busy(bool)
        Work has begun, or is over.
    stopped(str)
        It was stopped by the learner: says so.
    """

    busy = Signal(bool)
    stopped = Signal(str)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None
        self._what = label("", wraps=False)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _STEPS)
        self._cancel = QPushButton("Stop")
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, 0, 0, 0)
        row.setSpacing(SPACE * 2)
        row.addWidget(self._what)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self._task is not None

    @property
    def can_stop(self) -> bool:
        """Whether what is being done can be stopped."""
        return not self._cancel.isHidden()

    def do(
        self,
        what: str,
        work: Callable[[Control], Result],
        done: Callable[[Result], None],
        failed: Callable[[str], None],
        *,
        can_stop: bool = True,
    ) -> None:
        """Begin some work.

        Parameters
        ----------
        what : str
            Shown while it is done, such as "Exporting …".
        work, done, failed : callable
            As for `Tasks.run`.
        can_stop : bool
            Whether it may be stopped half-way, and tells how far it is.
        """
        self._what.setText(what)
        self._bar.setAccessibleName(what)
        # Without a length it moves to and fro.
        self._bar.setRange(0, _STEPS if can_stop else 0)
        self._bar.setValue(0)
        self._cancel.setVisible(can_stop)
        self._cancel.setAccessibleDescription(f"Stop: {what}")
        self.show()

        def finished(report: Callable[[], None]) -> None:
            self._end()
            report()

        self._task = self._tasks.run(
            work,
            lambda result: finished(lambda: done(result)),
            lambda problem: finished(lambda: failed(problem)),
            lambda share: self._bar.setValue(round(share * _STEPS)),
        )
        self.busy.emit(True)

    def cancel(self) -> None:
        """Stop what is being done; nothing more is heard of it."""
        if self._task is not None:
            self._task.cancel()
            self._end()

    def _stop(self) -> None:
        self.cancel()
        self.stopped.emit("Stopped. Everything is as it was.")

    def _end(self) -> None:
        self._task = None
        self.hide()
        self.busy.emit(False)
