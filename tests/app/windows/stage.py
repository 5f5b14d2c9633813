"""What the tests of whole windows share: a window with a home of its own and a scripted microphone."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.audio.events import Discarded, Ended, Heard, Why
from app.audio.journal import Journal, Take
from app.audio.level import Level
from app.library import attempts
from app.library.attempts import KeptAttempt
from app.library.models import Attempt
from app.settings import SettingsFile
from app.windows.main_window import MainWindow
from app.windows.practice import PracticePage
from app.windows.services import Services
from app.windows.state import State
from assessment.audio import Recording
from assessment.engine import Assessor
from assessment.resources import resource
from tests.app.windows.ready_library import put_library

BLOCK = 800


def demo(number: int) -> tuple[str, Recording]:
    """Return the text and the recording of a demonstration."""
    folder = resource("demo")
    entry = tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))["recordings"][number]
    return entry["text"], Recording.open(folder / entry["file"])


@cache
def engine() -> Assessor:
    """Return the engine."""
    return Assessor.load()


class ScriptedRecorder:
    """Stands in for the microphone, which the end-to-end tests bring: hears what it is given."""

    def __init__(self, services: Services, folder: Path) -> None:
        self._services, self._folder = services, folder
        self.calls: list[str] = []
        self._blocks: list[np.ndarray] = []
        self._text = ""
        self.journal: Journal | None = None

    def open(self, device: str | None = None) -> None:
        self.calls.append(f"open {device}")

    def begin(self, text: str, extra: object = None) -> None:
        self.calls.append("begin")
        self._text, self._blocks = text, []
        self.journal = Journal.begin(self._folder, text)

    def hear(self, samples: np.ndarray) -> None:
        """Deliver samples in blocks, as a microphone does."""
        assert self.journal is not None
        for first in range(0, len(samples), BLOCK):
            block = samples[first : first + BLOCK]
            self._blocks.append(block)
            self.journal.add(block)
            self._services.sound_event.emit(Heard(Level(-20.0, -6.0), block, True, 1.0))

    def end(self) -> None:
        self.calls.append("end")
        samples = np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.float32)
        take = Take(self._text, datetime.now(UTC), samples)
        self._services.sound_event.emit(Ended(take, Why.ASKED, 0, self.journal))

    def discard(self) -> None:
        self.calls.append("discard")
        assert self.journal is not None
        self.journal.discard()
        self._services.sound_event.emit(Discarded())

    def close(self, wait_seconds: float = 0.0) -> None:
        self.calls.append("close")
        if self.journal is not None:
            self.journal.close()


class Stage:
    """A window with a scripted microphone.

    Attributes
    ----------
    may_load : threading.Event
        Until it is set the engine is being loaded.
    """

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.may_load = threading.Event()
        self.qtbot, self.home = qtbot, home
        self.services = Services(SettingsFile(home / "settings.toml"), home)
        self.services.change("window", introduced=True)
        self.recorder = ScriptedRecorder(self.services, self.services.journals)
        # Loaded once for all windows of the tests; a lexicon of one's own is the business of `test_services`.
        self.services._load = self._load  # type: ignore[method-assign]
        # The real one is brought up in the background; here it must not take the place of the script.
        self.services.start_sound = lambda: None  # type: ignore[method-assign]
        self.services.recorder = self.recorder  # type: ignore[assignment]
        self.window = MainWindow(self.services)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.begin()

    @property
    def page(self) -> PracticePage:
        return self.window.practice

    @property
    def state(self) -> State:
        return self.page.reading.state

    def kept(self) -> list[KeptAttempt]:
        """Return what the library holds, the oldest first."""
        store = self.services.store
        assert store is not None
        with store.reading() as session:
            ids = list(session.scalars(select(Attempt.id).order_by(Attempt.started)))
        return [attempts.load(store, each) for each in ids]

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=30_000)

    def _load(self) -> Assessor:
        self.may_load.wait()
        return engine()

    def ready(self) -> Stage:
        self.wait(lambda: self.services.assessor is not None and self.state is State.READY)
        return self

    def read(self, number: int = 1) -> None:
        """Read a demonstration into the scripted microphone."""
        text, recording = demo(number)
        self.window.show_own(text)
        self.page.toggle_recording()
        self.recorder.hear(recording.samples)
        if self.state is State.READING:
            self.page.toggle_recording()
        self.wait(lambda: self.state is State.SCORED)


@contextmanager
def stage(qtbot: QtBot, home: Path, *, loads: bool = True) -> Iterator[Stage]:
    """Give a window; `loads` says whether its engine is loaded at once, or when `may_load` is set."""
    put_library(home)
    made = Stage(qtbot, home)
    if loads:
        made.may_load.set()
    try:
        yield made
    finally:
        made.may_load.set()
        made.window.close()
