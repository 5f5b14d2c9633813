"""Progress of long work, and how it is stopped from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from assessment.errors import Cancelled

Item = TypeVar("Item")


@dataclass
class _Shared:
    """What a control shares with its parts."""

    cancelled: bool = False
    stop: Callable[[], None] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Control:
    """Watches over long work: hears how far it is, and can stop it.

    Attributes
    ----------
    progress : callable or None
        Called on the thread that works, with the share that is done, 0-1.
    first, last : float
        The shares of the whole with which this work begins and ends.

    Examples
    --------
    >>> control = Control(lambda share: print(f"{share:.0%}"))
    >>> assessor.assess(recording, text, control=control)  # control.cancel() on another thread stops it
    """

    progress: Callable[[float], None] | None = None
    first: float = 0.0
    last: float = 1.0
    _shared: _Shared = field(default_factory=_Shared)

    def cancel(self) -> None:
        """Stop the work, from any thread: there `Cancelled` is raised within moments."""
        with self._shared.lock:
            self._shared.cancelled = True
            if self._shared.stop is not None:
                self._shared.stop()

    def report(self, share: float) -> None:
        """Tell how much of this work is done.

        Parameters
        ----------
        share : float
            0-1.

        Raises
        ------
        Cancelled
            If the work is to stop.
        """
        self.check()
        if self.progress is not None:
            self.progress(self.first + share * (self.last - self.first))

    def watched(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield items, and stop before the next one once the work is to stop.

        Parameters
        ----------
        items : iterable
            What is worked through.

        Raises
        ------
        Cancelled
            If the work is to stop.
        """
        for item in items:
            self.check()
            yield item

    def part(self, first: float, last: float) -> Control:
        """Return a control of a part of this work.

        Parameters
        ----------
        first, last : float
            The shares of this work with which the part begins and ends.
        """
        length = self.last - self.first
        return replace(self, first=self.first + first * length, last=self.first + last * length)

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call something when the work is cancelled while the context lasts.

        Parameters
        ----------
        stop : callable
            Interrupts what is being done; called on the thread that cancels.

        Raises
        ------
        Cancelled
            If the work is to stop, whatever the interruption made of it.
        """
        with self._shared.lock:
            if not self._shared.cancelled:
                self._shared.stop = stop
        try:
            self.check()
            yield
        except Exception:
            self.check()
            raise
        finally:
            with self._shared.lock:
                self._shared.stop = None

    def check(self) -> None:
        """Raise `Cancelled` if the work is to stop.

        Raises
        ------
        Cancelled
            If so.
        """
        if self._shared.cancelled:
            raise Cancelled("The work was stopped.")
