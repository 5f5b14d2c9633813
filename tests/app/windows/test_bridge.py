"""The bridge: what other threads deliver is called on the thread of the window, in order."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pytestqt.qtbot import QtBot

from app.windows.bridge import Bridge


def test_what_is_delivered_is_called_on_the_thread_of_the_window_in_order(qtbot: QtBot) -> None:
    bridge = Bridge()
    called: list[tuple[int, threading.Thread]] = []

    def report(number: int) -> Callable[[], None]:
        return lambda: called.append((number, threading.current_thread()))

    def deliver() -> None:
        for number in range(100):
            bridge.deliver(report(number))

    other = threading.Thread(target=deliver)
    other.start()
    other.join()
    assert called == []
    qtbot.waitUntil(lambda: len(called) == 100, timeout=5_000)
    assert [number for number, _ in called] == list(range(100))
    assert {thread for _, thread in called} == {threading.current_thread()}


def test_even_on_the_thread_of_the_window_it_is_called_later(qtbot: QtBot) -> None:
    bridge = Bridge()
    called: list[str] = []
    bridge.deliver(lambda: called.append("delivered"))
    called.append("first")
    qtbot.waitUntil(lambda: len(called) == 2, timeout=5_000)
    assert called == ["first", "delivered"]


def test_a_closed_bridge_calls_nothing_not_even_what_is_on_its_way(qtbot: QtBot) -> None:
    bridge = Bridge()
    called: list[str] = []
    bridge.deliver(lambda: called.append("on its way"))
    bridge.close()
    bridge.deliver(lambda: called.append("too late"))
    qtbot.wait(50)
    assert called == []
