"""The first start: with a name or without, the first sentence comes, and the steps do not come again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.settings import SettingsFile
from app.windows.services import Services
from app.windows.welcome import WelcomePage
from tests.app.windows.stage import ScriptedRecorder


@pytest.fixture
def page(services: Services, qtbot: QtBot) -> WelcomePage:
    made = WelcomePage(services)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(("typed", "name"), [("", ""), ("   ", ""), ("  Amina ", "Amina"), ("李", "李")])
def test_the_name_is_kept_and_the_steps_are_done(
    page: WelcomePage, qtbot: QtBot, tmp_path: Path, typed: str, name: str
) -> None:
    page.name.setText(typed)
    with qtbot.waitSignal(page.finished, timeout=1_000):
        page.start.click()
    saved, _ = SettingsFile(tmp_path / "settings.toml").load()
    assert saved.learner.name == name
    assert saved.window.introduced


def test_enter_after_the_name_begins(page: WelcomePage, qtbot: QtBot) -> None:
    page.name.setText("Amina")
    with qtbot.waitSignal(page.finished, timeout=1_000):
        qtbot.keyClick(page.name, Qt.Key.Key_Return)


def test_nothing_is_saved_before_one_begins(page: WelcomePage, tmp_path: Path) -> None:
    page.name.setText("Amina")
    page.hide()
    assert not (tmp_path / "settings.toml").exists()


def test_a_test_of_the_microphone_does_not_go_on_behind_the_first_sentence(
    page: WelcomePage, services: Services
) -> None:
    recorder = ScriptedRecorder(services, services.journals)
    services.recorder = recorder  # type: ignore[assignment]
    page.test.button.click()
    recorder.hear(np.full(800, 0.1, np.float32))
    page.hide()
    assert recorder.calls == ["begin", "discard"]
