"""What the tests of these dialogs share: a library with a class, and readings of a learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.library import attempts
from app.library.records import Purpose
from app.library.store import Store
from app.library.teaching import classes
from app.windows.collecting.work_dialog import WorkDialog
from app.windows.services import Services
from tests.app.library.conftest import STARTED, tone
from tests.assessment import examples


@dataclass
class Room:
    """Services with a library in which the learner has read twice, and a class."""

    qtbot: QtBot
    services: Services
    class_id: str
    attempts: tuple[str, ...]

    @property
    def store(self) -> Store:
        assert self.services.store is not None
        return self.services.store

    def show(self, dialog: WorkDialog) -> None:
        self.qtbot.addWidget(dialog)
        dialog.show()
        self.settle(dialog)

    def settle(self, dialog: WorkDialog) -> None:
        """Wait until nothing is being done."""
        self.qtbot.wait(20)
        self.qtbot.waitUntil(lambda: not dialog.work.is_busy, timeout=60_000)
        self.qtbot.wait(20)

    def press(self, dialog: WorkDialog, button: QPushButton) -> None:
        assert button.isEnabled()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle(dialog)


@pytest.fixture
def room(qtbot: QtBot, services: Services) -> Room:
    services.open_library()
    qtbot.waitUntil(lambda: services.store is not None and bool(services.learner_id), timeout=20_000)
    assert services.store is not None
    store = services.store
    services.change("learner", name="Mia")
    qtbot.wait(50)
    ids = tuple(
        attempts.add(
            store,
            Purpose(services.learner_id),
            tone(300 + number),
            examples.good_reading(),
            STARTED + timedelta(days=number),
        )
        for number in range(2)
    )
    return Room(qtbot, services, classes.add(store, "A2").id, ids)
