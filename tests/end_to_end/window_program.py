"""Opens the real window, drives it with keys, and writes down what people would see: run by `test_window`.

Each step is an argument: `read` presses Space and waits for the result, `record` presses Space and goes on
recording until the program is killed, `recover` presses the button of the message, `text:...` takes a text.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.settings import SettingsFile
from app.windows.main_window import MainWindow
from app.windows.marks import described
from app.windows.services import Services
from app.windows.state import State

LONGEST_SECONDS = 60.0
SLOW_SECONDS = 0.05
# What `effort` takes on the machine for which the former is meant; a slower one gets longer in proportion.
EFFORT_SECONDS = 0.015


def effort() -> float:
    """Return the seconds of this thread that a fixed piece of work takes, at best."""

    def once() -> float:
        began, total = time.thread_time(), 0
        for number in range(300_000):
            total += number * number
        return time.thread_time() - began

    return min(once() for _ in range(5))


class WatchedApplication(QApplication):
    """Notes how much processor time each event takes on the thread of the window."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.slow: list[tuple[float, str, str]] = []
        self._allowed = SLOW_SECONDS * max(1.0, effort() / EFFORT_SECONDS)
        self.is_watching = False
        self._depth = 0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if not self.is_watching or self._depth:
            return bool(super().notify(receiver, event))
        name, kind = type(receiver).__name__, event.type().name
        self._depth += 1
        # Time of this thread only: other work on the machine must not count.
        began = time.thread_time()
        try:
            return bool(super().notify(receiver, event))
        finally:
            self._depth -= 1
            took = time.thread_time() - began
            if took > self._allowed:
                self.slow.append((took, name, kind))


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def wait(application: QApplication, until: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while not until():
        if time.monotonic() > end:
            say(event="stuck")
            raise SystemExit(3)
        application.processEvents()
        time.sleep(0.002)


class Driver:
    """Does the steps."""

    def __init__(self, application: WatchedApplication, window: MainWindow, folder: Path) -> None:
        self.application, self.window, self.folder = application, window, folder
        self.page = window.practice
        self.ended = self.scored = 0.0
        window.services.sound_event.connect(self._hear)
        self.page.reading.state_changed.connect(self._state)

    def _hear(self, event: object) -> None:
        if type(event).__name__ == "Ended":
            self.ended = time.monotonic()

    def _state(self, state: State, _told: str) -> None:
        if state is State.READING:
            say(event="speak now")

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        # Without a window manager no window is active; this is where its keys would go.
        QTest.keyClick(self.window.focusWidget() or self.page, key, modifier)

    def step(self, step: str) -> None:
        if step.startswith("text:"):
            self.window.show_own(step[5:])
        elif step == "read":
            self.read()
        elif step == "record":
            self.press(Qt.Key.Key_Space)
            wait(self.application, lambda: False)
        elif step == "recover":
            self.recover()
        elif step == "replay":
            self.replay()
        else:
            raise SystemExit(f"no such step: {step}")

    def read(self) -> None:
        """Record until the window stops by itself, and tell what it shows."""
        attempts = len(self.page.reading.attempts)
        self.press(Qt.Key.Key_Space)
        wait(self.application, lambda: len(self.page.reading.attempts) > attempts)
        wait(self.application, self.page.result.isVisible)
        self.page.repaint()
        self.tell(seconds=time.monotonic() - self.ended)

    def recover(self) -> None:
        # On a busy machine the microphone may be complained of first.
        wait(self.application, lambda: "was closed" in self.page.banner.text)
        message = self.page.banner.text
        self.page.banner.findChildren(type(self.page.bar.cancel))[0].click()
        wait(self.application, lambda: len(self.page.reading.attempts) == 1)
        self.tell(message=message)

    def replay(self) -> None:
        """Walk to a word with the arrows, hear it and the model, and look at the sound."""
        self.press(Qt.Key.Key_Right)
        self.press(Qt.Key.Key_Right)
        for key, modifier in (
            (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
            (Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier),
        ):
            self.press(key, modifier)
            wait(self.application, lambda: self.page.playback.is_playing)
            wait(self.application, lambda: not self.page.playback.is_playing)
        # Opening these for the first time is allowed to take longer.
        self.application.is_watching = False
        self.press(Qt.Key.Key_M)
        self.press(Qt.Key.Key_D)
        wait(self.application, self.shows_sound)
        say(event="replayed", word=self.page.text.current, mouth=self.page.mouth is not None)

    def shows_sound(self) -> bool:
        sound = self.page.result.sound
        return sound is not None and sound.plots.isVisible()

    def tell(self, **more: Any) -> None:
        attempt = self.page.reading.attempts[-1]
        words = attempt.assessment.words
        say(
            event="scored",
            overall=self.page.result.scores.accessibleDescription(),
            words=[[word.text, str(word.error), word.accuracy] for word in words],
            told=[described(attempt.assessment, index) for index in range(len(words))],
            marks=[str(mark.kind) for mark in self.page.text.marks],
            duration=attempt.recording.duration,
            heading=[problem.message for problem in attempt.assessment.problems],
            **more,
        )
        self.window.grab().save(str(self.folder / f"scored-{time.monotonic_ns()}.png"))


def main(home: Path, steps: list[str]) -> None:
    application = WatchedApplication()
    services = Services(SettingsFile(home / "settings.toml"), home)
    services.change("window", introduced=True)
    window = MainWindow(services)
    window.show()
    window.begin()
    driver = Driver(application, window, home)
    wait(application, lambda: services.assessor is not None and services.recorder is not None)
    wait(application, lambda: driver.page.bar.level.is_on)
    application.is_watching = True
    for step in steps:
        driver.step(step)
    application.is_watching = False
    say(event="slow", events=application.slow)
    window.close()
    application.processEvents()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
    sys.stdout.flush()
    # Qt's own tear-down is not what is tested here.
    os._exit(0)
