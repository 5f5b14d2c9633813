"""Follows a reader on a thread of its own, so that neither the window nor the recorder waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from assessment.streaming import Follower, Position

log = logging.getLogger(__name__)

Key = tuple[int | None, int, str | None]


class Following:
    """Takes in what a reader says, and tells where they are whenever that changes.

    Parameters
    ----------
    make : callable
        Makes the follower; called on the thread of this object, and it may take its time.
    tell : callable
        Gets each new position, on that thread.
    """

    def __init__(self, make: Callable[[], Follower], tell: Callable[[Position], None]) -> None:
        self._make, self._tell = make, tell
        self._blocks: SimpleQueue[NDArray[np.float32] | None] = SimpleQueue()
        self._is_closed = False
        threading.Thread(target=self._follow, name="following", daemon=True).start()

    def feed(self, block: NDArray[np.float32]) -> None:
        """Hand over the next samples: mono, 16 kHz."""
        self._blocks.put(block)

    def close(self) -> None:
        """Follow no longer; nothing more is told."""
        self._is_closed = True
        self._blocks.put(None)

    def _follow(self) -> None:
        try:
            follower = self._make()
            last: Key = (0, 0, None)
            while (block := self._blocks.get()) is not None and not self._is_closed:
                position = follower.feed(self._joined(block))
                key = position.current, len(position.words), position.end
                if key != last and not self._is_closed:
                    last = key
                    self._tell(position)
        except Exception:  # without following a reading can still be recorded and assessed
            log.exception("following failed")

    def _joined(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take with a block all that arrived meanwhile."""
        blocks = [block]
        while not self._blocks.empty():
            following = self._blocks.get()
            if following is None:
                self._blocks.put(None)
                break
            blocks.append(following)
        return np.concatenate(blocks)
