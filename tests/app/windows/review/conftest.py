"""What the tests of the review share: a library, a class, and the page with a teacher before it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.library.store import Store
from app.windows.review.page import ReviewPage
from app.windows.services import Services
from app.windows.tokens import LIGHT
from tests.app.windows.conftest import NotedPlayer

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


class Teacher:
    """Somebody with a keyboard and no mouse."""

    def __init__(self, qtbot: QtBot, page: ReviewPage) -> None:
        self.qtbot, self.page = qtbot, page

    def press(self, *keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """Press keys one after the other where the focus is."""
        for key in keys:
            focused = self.page.focusWidget() or self.page
            self.qtbot.keyClick(focused, key, held)

    def type(self, text: str) -> None:
        focused = self.page.focusWidget()
        assert focused is not None
        self.qtbot.keyClicks(focused, text)

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=20_000)

    def settle(self) -> None:
        """Wait until everything is shown and saved."""
        QApplication.processEvents()
        self.wait(lambda: not self.page.is_loading)
        QApplication.processEvents()

    @property
    def told(self) -> str:
        """What stands above the marks of the current word."""
        return self.page.result.word.marks.told.text()

    @property
    def shown(self) -> str:
        """Id of the attempt that is shown."""
        return self.page.desk.row.id


@pytest.fixture
def store(qtbot: QtBot, services: Services) -> Store:
    """The library of `services`."""
    services.open_library()
    qtbot.waitUntil(lambda: services.store is not None and bool(services.learner_id), timeout=20_000)
    assert services.store is not None
    services.change("teaching", author="Ms Adams")
    return services.store


@pytest.fixture
def page(qtbot: QtBot, services: Services, store: Store, player: NotedPlayer) -> ReviewPage:
    """The page, shown."""
    made = ReviewPage(services)
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1024, 650)
    made.show()
    made.activateWindow()
    return made


@pytest.fixture
def teacher(qtbot: QtBot, page: ReviewPage) -> Teacher:
    """Somebody before the page."""
    return Teacher(qtbot, page)


def begin(teacher: Teacher) -> None:
    """Show the page, as the window does."""
    teacher.page.refresh()
    teacher.page.setFocus()
    teacher.settle()
