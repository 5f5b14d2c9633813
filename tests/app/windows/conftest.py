"""What the tests of windows share: services with a home of their own, the engine, a whole window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.settings import SettingsFile
from app.windows.services import Services
from assessment.engine import Assessor
from tests.app.windows.ready_library import put_library
from tests.app.windows.stage import Stage, engine, stage


class NotedPlayer:
    """Stands in for the loudspeaker: notes what it is to play, and plays for as long as a test wants."""

    def __init__(self) -> None:
        self.played: list[tuple[np.ndarray, int]] = []
        self.position = 0.0
        self.stops = 0
        self.done: Callable[[], None] = lambda: None

    def play(self, samples: np.ndarray, rate: int, *, device: str | None, done: Callable[[], None]) -> None:
        self.played.append((samples, rate))
        self.done = done

    def stop(self) -> None:
        self.stops += 1

    def close(self, wait_seconds: float = 0.0) -> None:
        self.stops += 1


@pytest.fixture(autouse=True)
def hands_off() -> Iterator[None]:
    """Let go of what a test has held down: Qt would take it that Ctrl is still pressed in the next."""
    yield
    if QGuiApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        widget = QWidget()
        QTest.keyClick(widget, Qt.Key.Key_F35)
        widget.deleteLater()


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    """The engine, loaded once."""
    return engine()


@pytest.fixture
def services(qtbot: QtBot, tmp_path: Path) -> Iterator[Services]:
    """Services that were not started: no engine and no sound."""
    put_library(tmp_path)
    made = Services(SettingsFile(tmp_path / "settings.toml"), tmp_path)
    yield made
    made.close()


@pytest.fixture
def player(services: Services) -> NotedPlayer:
    """The loudspeaker of `services`."""
    made = NotedPlayer()
    services.player = made  # type: ignore[assignment]
    return made


@pytest.fixture
def loading(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    """A whole window whose engine is being loaded until the test sets `may_load`."""
    with stage(qtbot, tmp_path, loads=False) as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    """A whole window."""
    with stage(qtbot, tmp_path) as made:
        yield made


@pytest.fixture
def ready(window: Stage) -> Stage:
    """A whole window in which a text can be read."""
    return window.ready()
