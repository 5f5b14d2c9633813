"""Following: a reader's place is told whenever it changes, never after the end, never at others' cost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Queue
from typing import Any

import numpy as np

from app.windows.following import Following
from assessment.streaming import FollowedWord, Position
from assessment.text import ReferenceText
from tests.app.windows.stage import demo

BLOCK = np.zeros(800, np.float32)


class Follower:
    """Says what it is told to, once it may."""

    def __init__(self, *positions: Position) -> None:
        self._positions = list(positions)
        self.sizes: list[int] = []
        self.may_go_on = threading.Semaphore(0)
        self.began: Queue[int] = Queue()

    def feed(self, samples: np.ndarray) -> Position:
        self.sizes.append(len(samples))
        self.began.put(len(samples))
        assert self.may_go_on.acquire(timeout=10)
        return self._positions.pop(0)


def at(current: int | None, end: str | None = None) -> Position:
    words = tuple(FollowedWord(index, "word", True, 90.0, 0.0, 0.1) for index in range(current or 0))
    return Position(current=current, words=words, end=end)


def following(follower: Any, tell: Callable[[Position], None]) -> Following:
    return Following(lambda: follower, tell)


def test_only_changes_of_the_place_are_told() -> None:
    follower = Follower(at(0), at(1), at(1), at(2), at(2, "read"))
    told: Queue[Position] = Queue()
    made = following(follower, told.put)
    for _ in range(5):
        made.feed(BLOCK)
        follower.began.get(timeout=10)
        follower.may_go_on.release()
    places = [told.get(timeout=10) for _ in range(3)]
    made.close()
    assert [(place.current, place.end) for place in places] == [(1, None), (2, None), (2, "read")]
    assert told.empty()


def test_blocks_that_wait_are_taken_together() -> None:
    follower = Follower(at(0), at(1))
    told: Queue[Position] = Queue()
    made = following(follower, told.put)
    made.feed(BLOCK)
    follower.began.get(timeout=10)
    for _ in range(9):
        made.feed(BLOCK)
    follower.may_go_on.release(2)
    told.get(timeout=10)
    made.close()
    assert follower.sizes == [800, 9 * 800]


def test_nothing_is_told_after_the_end() -> None:
    follower = Follower(at(1), at(2))
    told: Queue[Position] = Queue()
    others = set(threading.enumerate())
    made = following(follower, told.put)
    made.feed(BLOCK)
    follower.began.get(timeout=10)
    threads = [each for each in threading.enumerate() if each.name == "following" and each not in others]
    made.close()
    made.feed(BLOCK)
    follower.may_go_on.release(2)
    for thread in threads:
        thread.join(timeout=10)
        assert not thread.is_alive()
    assert told.empty()


def test_a_follower_that_cannot_be_made_harms_nobody() -> None:
    made_by = threading.Event()

    def fail() -> Any:
        made_by.set()
        raise RuntimeError("no follower")

    made = Following(fail, lambda _position: None)
    assert made_by.wait(10)
    made.feed(BLOCK)
    made.close()


def test_a_whole_reading_is_followed_to_its_last_word(assessor: Any) -> None:
    text, recording = demo(0)
    told: Queue[Position] = Queue()
    made = Following(lambda: assessor.follow(ReferenceText.parse(text)), told.put)
    for first in range(0, len(recording.samples), 800):
        made.feed(recording.samples[first : first + 800])
    positions: list[Position] = []
    for _ in range(600):
        if positions and positions[-1].end:
            break
        made.feed(BLOCK)
        with suppress(Empty):
            positions.append(told.get(timeout=0.05))
    made.close()
    assert positions[-1].end == "read"
    assert positions[-1].current is None
