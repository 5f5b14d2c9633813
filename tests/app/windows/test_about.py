"""What Elocute is and stands on, and its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.windows.about import KEYS, AboutDialog, KeysDialog, licences
from tests.app.windows.stage import Stage


def told(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel)]


@pytest.fixture
def about(qtbot: QtBot) -> AboutDialog:
    made = AboutDialog("Model en-US 1.0.0")
    qtbot.addWidget(made)
    made.show()
    return made


def test_about_names_its_version_its_model_and_its_licence(about: AboutDialog) -> None:
    texts = told(about)
    assert f"Elocute {metadata.version('elocute')}" in texts
    assert "Model en-US 1.0.0" in texts
    assert any("GNU General Public License" in text for text in texts)


def test_each_part_is_listed_with_its_installed_version_and_a_licence(about: AboutDialog) -> None:
    (parts,) = about.findChildren(QPlainTextEdit)
    assert parts.isReadOnly()
    lines = parts.toPlainText().splitlines()
    assert lines == licences().splitlines()
    for line in lines:
        found = re.fullmatch(r"(\S+) (\S+): \S.*", line)
        assert found is not None
        assert metadata.version(found[1]) == found[2]


def test_every_dependency_of_the_project_is_listed(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[^\w.-]", each)[0].lower().replace("_", "-") for each in project["dependencies"]}
    listed = {line.split()[0].lower().replace("_", "-") for line in licences().splitlines()}
    assert {name for name in needed if installed(name)} <= listed


def installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


@pytest.mark.parametrize("make", [lambda: AboutDialog("x"), KeysDialog], ids=["about", "keys"])
@pytest.mark.parametrize("how", ["button", "escape"])
def test_it_closes(qtbot: QtBot, make: Callable[[], AboutDialog | KeysDialog], how: str) -> None:
    dialog = make()
    qtbot.addWidget(dialog)
    dialog.show()
    if how == "button":
        (buttons,) = dialog.findChildren(QDialogButtonBox)
        found = buttons.button(QDialogButtonBox.StandardButton.Close)
        assert isinstance(found, QPushButton)
        found.click()
    else:
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_key_stands_beside_what_it_does(qtbot: QtBot) -> None:
    dialog = KeysDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    places = {each.text(): each.geometry() for each in dialog.findChildren(QLabel)}
    for keys, what in KEYS:
        assert places[keys].right() < places[what].left()
        assert abs(places[keys].center().y() - places[what].center().y()) <= 1
    assert len({keys for keys, _ in KEYS}) == len(KEYS)


def test_the_keys_with_ctrl_and_the_function_keys_are_those_of_the_menu(window: Stage) -> None:
    def sequences(keys: str) -> list[str]:
        if keys.startswith("Ctrl + and"):
            return ["Ctrl++", "Ctrl+-", "Ctrl+0"]
        if keys == "Ctrl+1 … 5":
            return [f"Ctrl+{number}" for number in range(1, 6)]
        if keys == "Ctrl+6, 7":
            return ["Ctrl+6", "Ctrl+7"]
        return [keys] if keys.startswith(("Ctrl", "F")) else []

    listed = {QKeySequence(each).toString() for keys, _ in KEYS for each in sequences(keys)}
    known = {action.shortcut().toString() for action in window.window.actions()}
    assert listed <= known
    assert len(listed) == 16


def test_the_letters_are_all_taken_by_the_page(window: Stage, qtbot: QtBot) -> None:
    page = window.ready().page
    moved: list[str] = []
    page.next_asked.connect(lambda: moved.append("next"))
    page.previous_asked.connect(lambda: moved.append("before"))
    qtbot.keyClick(page, Qt.Key.Key_N)
    qtbot.keyClick(page, Qt.Key.Key_P)
    assert moved == ["next", "before"]
    speed = window.services.settings.voice.speed
    qtbot.keyClick(page, Qt.Key.Key_S)
    assert window.services.settings.voice.speed != speed
    qtbot.keyClick(page, Qt.Key.Key_R)
    assert "begin" in window.recorder.calls
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert "discard" in window.recorder.calls
