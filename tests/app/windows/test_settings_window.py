"""The settings window: shows what is chosen, and each control changes its setting, in the file too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.settings import Settings, SettingsFile
from app.windows.services import Services
from app.windows.settings_window import SettingsWindow
from assessment.engine import Assessor
from tests.app.windows.conftest import NotedPlayer
from tests.app.windows.stage import ScriptedRecorder

CHOICES = {
    "Microphone": ("sound", "microphone", "Mic A"),
    "Loudspeaker": ("sound", "speaker", "Speaker B"),
    "Model voice": ("voice", "voice", "espeak"),
    "Speed": ("voice", "speed", 0.75),
    "How strict": ("marking", "strictness", "lenient"),
    "Sounds are written in": ("marking", "alphabet", "arpabet"),
    "Colours": ("appearance", "theme", "high-contrast"),
    "Keep recordings": ("privacy", "keep_recordings", "30-days"),
}
CHECKS = {
    "Stop by itself": ("sound", "stop_by_itself"),
    "Count down from three": ("sound", "countdown"),
    "Mark mispronounced words": ("marking", "show_mispronounced"),
    "Mark words left out": ("marking", "show_left_out"),
    "Mark words added or said again": ("marking", "show_added"),
    "Mark pauses": ("marking", "show_pauses"),
    "Less motion": ("appearance", "less_motion"),
}


@pytest.fixture
def opened(services: Services, qtbot: QtBot) -> Callable[[], SettingsWindow]:
    def make() -> SettingsWindow:
        dialog = SettingsWindow(services, ["Mic A"], ["Speaker B"])
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def named(dialog: QWidget, kind: type[QWidget], name: str) -> QWidget:
    return next(each for each in dialog.findChildren(kind) if each.accessibleName() == name)


def value(settings: Settings, group: str, name: str) -> object:
    return getattr(getattr(settings, group), name)


def saved(folder: Path) -> Settings:
    settings, note = SettingsFile(folder / "settings.toml").load()
    assert note == ""
    return settings


def choose(box: QComboBox, wanted: object) -> None:
    box.setCurrentIndex(box.findData(wanted))
    box.activated.emit(box.currentIndex())


@pytest.mark.parametrize("name", CHOICES)
def test_each_choice_is_saved_and_shown_again(
    services: Services, tmp_path: Path, opened: Callable[[], SettingsWindow], name: str
) -> None:
    group, setting, wanted = CHOICES[name]
    before = services.settings
    choose(named(opened(), QComboBox, name), wanted)
    assert services.settings == before.changed(group, **{setting: wanted})
    assert saved(tmp_path) == services.settings
    assert named(opened(), QComboBox, name).currentData() == wanted


@pytest.mark.parametrize("name", CHECKS)
def test_each_box_is_saved_and_shown_again(
    services: Services, tmp_path: Path, opened: Callable[[], SettingsWindow], name: str
) -> None:
    group, setting = CHECKS[name]
    before = services.settings
    box = next(each for each in opened().findChildren(QCheckBox) if each.text() == name)
    assert box.isChecked() == value(before, group, setting)
    box.click()
    assert services.settings == before.changed(group, **{setting: not value(before, group, setting)})
    assert saved(tmp_path) == services.settings
    again = next(each for each in opened().findChildren(QCheckBox) if each.text() == name)
    assert again.isChecked() == box.isChecked()


def test_there_is_a_control_for_everything_that_is_checked_here(opened: Callable[[], SettingsWindow]) -> None:
    dialog = opened()
    assert {each.accessibleName() for each in dialog.findChildren(QComboBox)} == set(CHOICES)
    assert {each.text() for each in dialog.findChildren(QCheckBox)} == set(CHECKS)


def test_the_size_of_the_text_stays_within_its_limits(
    services: Services, tmp_path: Path, opened: Callable[[], SettingsWindow]
) -> None:
    size = named(opened(), QSpinBox, "Text size")
    for wanted, taken in ((20, 20), (100, 48), (1, 16)):
        size.setValue(wanted)
        assert services.settings.appearance.text_size == taken
    assert saved(tmp_path).appearance.text_size == 16


@pytest.mark.parametrize(("title", "group", "name"), [
    ("Your name", "learner", "name"),
    ("Your name as a teacher", "teaching", "author"),
    ("Shared folder", "teaching", "folder"),
])  # fmt: skip
def test_what_is_written_is_saved_without_blanks_around_it(
    services: Services,
    tmp_path: Path,
    opened: Callable[[], SettingsWindow],
    title: str,
    group: str,
    name: str,
) -> None:
    line = named(opened(), QLineEdit, title)
    line.setText("  Zoë ")
    line.editingFinished.emit()
    assert value(saved(tmp_path), group, name) == "Zoë"


def test_the_shared_folder_can_be_chosen(
    services: Services,
    tmp_path: Path,
    opened: Callable[[], SettingsWindow],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    dialog = opened()
    choose = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Choose …")
    answers = iter([str(tmp_path), ""])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: next(answers))
    for _ in range(2):  # the second time nothing is chosen
        qtbot.mouseClick(choose, Qt.MouseButton.LeftButton)
        assert saved(tmp_path).teaching.folder == str(tmp_path)
    assert named(dialog, QLineEdit, "Shared folder").text() == str(tmp_path)


@pytest.mark.parametrize(("name", "setting"), [("Microphone", "microphone"), ("Loudspeaker", "speaker")])
def test_a_device_that_is_not_connected_is_shown_as_such_and_kept(
    services: Services, opened: Callable[[], SettingsWindow], name: str, setting: str
) -> None:
    services.change("sound", **{setting: "Gone"})
    box = named(opened(), QComboBox, name)
    assert box.currentText() == "Gone (not connected)"
    choose(box, "Gone")
    assert value(services.settings, "sound", setting) == "Gone"


def test_each_choice_has_a_line_of_why(opened: Callable[[], SettingsWindow]) -> None:
    dialog = opened()
    told = {each.text() for each in dialog.findChildren(QLabel)}
    for kind in (QComboBox, QCheckBox, QSpinBox):
        for each in dialog.findChildren(kind):
            assert each.accessibleDescription() in told


def test_the_voice_can_be_tried_and_is_silent_when_the_window_is_closed(
    services: Services,
    assessor: Assessor,
    player: NotedPlayer,
    opened: Callable[[], SettingsWindow],
    qtbot: QtBot,
) -> None:
    services.assessor = assessor
    services.change("voice", voice="espeak")
    dialog = opened()
    dialog._try.click()
    qtbot.waitUntil(lambda: bool(player.played), timeout=30_000)
    assert np.abs(player.played[0][0]).max() > 0.01
    stops = player.stops
    dialog.close()
    assert player.stops > stops


def test_closing_the_window_ends_a_test_of_the_microphone(
    services: Services, opened: Callable[[], SettingsWindow]
) -> None:
    recorder = ScriptedRecorder(services, services.journals)
    services.recorder = recorder  # type: ignore[assignment]
    dialog = opened()
    dialog._test.button.click()
    recorder.hear(np.full(800, 0.1, np.float32))
    dialog.close()
    assert recorder.calls == ["begin", "discard"]
