"""The window of the library: backups, archives and deleting, each asked about in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.library import attempts, backups, learners
from app.library.archive import Imported, Manifest
from app.library.backups import Backup
from app.library.health import Health
from app.library.records import LearnerRow, Purpose
from app.library.store import Store, open_store
from app.windows.library import words
from app.windows.library.backups import BackupsTable
from app.windows.library.question import Question
from app.windows.library.window import LibraryWindow
from app.windows.services import Services
from assessment.control import Control
from tests.app.library.conftest import STARTED, tone
from tests.assessment import examples

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Room:
    """A window with a library in which Mia has read, and Jon has, and Mia practises."""

    def __init__(self, qtbot: QtBot, services: Services) -> None:
        self.qtbot, self.services = qtbot, services
        filled = open_store(services.data)
        self.mia, self.jon = learners.add(filled, "Mia"), learners.add(filled, "Jon")
        for number, learner in enumerate((self.mia, self.mia, self.jon)):
            started = STARTED + timedelta(minutes=number)
            attempts.add(filled, Purpose(learner.id), tone(300 + number), examples.good_reading(), started)
        filled.close()
        services.change("learner", id=self.mia.id, name="Mia")
        services.open_library()
        self.wait(lambda: services.store is not None)
        self.window = LibraryWindow(services)
        qtbot.addWidget(self.window)
        self.window.show()
        self.changes = 0
        self.window.library_changed.connect(self._count)
        self.wait(lambda: self.who.count() == 2)

    def _count(self) -> None:
        self.changes += 1

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=20_000)

    def told(self, wanted: str) -> None:
        self.wait(lambda: wanted in self.window.banner.text)

    @property
    def store(self) -> Store:
        assert self.services.store is not None
        return self.services.store

    @property
    def who(self) -> QComboBox:
        return self.window.findChild(QComboBox)

    def button(self, text: str) -> QPushButton:
        return next(each for each in self.window.findChildren(QPushButton) if each.text() == text)

    def press(self, text: str) -> None:
        self.wait(self.button(text).isEnabled)
        self.qtbot.mouseClick(self.button(text), Qt.MouseButton.LeftButton)

    def question(self) -> Question:
        self.wait(lambda: bool(self.window.findChildren(Question)))
        return self.window.findChildren(Question)[-1]

    def names(self) -> list[str]:
        return [each.name for each in learners.all_learners(self.store)]


@pytest.fixture
def opened(qtbot: QtBot, services: Services) -> Iterator[Room]:
    room = Room(qtbot, services)
    yield room
    room.window.work.cancel()


# --- what is shown --------------------------------------------------------------------------


def test_the_window_tells_where_everything_is_and_how_large(opened: Room) -> None:
    texts = [each.text() for each in opened.window.findChildren(QLabel)]
    assert str(opened.services.data) in texts
    assert any(text.startswith("Database: ") and "Recordings: 3, " in text for text in texts)
    assert "There is no backup yet: make one." in texts
    assert [opened.who.itemText(row) for row in range(2)] == ["Jon (1 reading)", "Mia (2 readings)"]
    assert opened.who.currentText() == "Mia (2 readings)"


def test_everything_has_a_name_for_those_who_do_not_see_it(opened: Room) -> None:
    for button in opened.window.findChildren(QPushButton):
        assert not button.isVisible() or button.text() or button.accessibleName()
    assert opened.window.table.accessibleName() == "Backups"
    assert opened.who.accessibleName() == "Learner to delete"


def test_a_sound_library_is_said_to_be_sound(opened: Room) -> None:
    opened.press("Check the library")
    opened.told("The library is sound, and so are its 3 recordings.")


def test_a_check_tells_of_recordings_that_are_missing_or_damaged(opened: Room) -> None:
    first, second, _ = sorted(opened.store.audio.digests())
    opened.store.audio.remove(first)
    opened.store.audio.path(second).write_bytes(b"nothing")
    opened.press("Check the library")
    opened.told("1 recording cannot be found")
    assert "1 recording cannot be played" in opened.window.banner.text


def test_without_a_library_only_a_backup_can_be_restored(
    qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    filled = open_store(services.data)
    learners.add(filled, "Mia")
    backups.back_up(filled, NOW)
    filled.close()
    (services.data / "library.db").write_bytes(b"nonsense" * 1000)
    window = LibraryWindow(services)
    qtbot.addWidget(window)
    window.show()
    services.open_library()
    qtbot.waitUntil(lambda: "damaged" in window.banner.text, timeout=20_000)
    window.refresh()
    qtbot.waitUntil(lambda: window.table.rowCount() == 1, timeout=20_000)
    window.table.selectRow(0)
    pressable = {each.text() for each in window.findChildren(QPushButton) if each.text() and each.isEnabled()}
    assert (
        pressable & {"Back up now", "Export everything …", "Import an archive …", "Check the library"}
        == set()
    )
    assert "Restore …" in pressable
    question = window.ask_to_restore()
    assert question
    question.action.click()
    qtbot.waitUntil(lambda: services.store is not None, timeout=20_000)
    qtbot.waitUntil(lambda: "as it was" in window.banner.text, timeout=20_000)


# --- backups --------------------------------------------------------------------------------


def test_a_backup_is_made_and_listed(opened: Room) -> None:
    opened.press("Back up now")
    opened.told("The backup is made.")
    opened.wait(lambda: opened.window.table.rowCount() == 1)
    table = opened.window.table
    assert [table.item(0, column).text() for column in (1, 2)] == ["2", "3"]
    assert table.item(0, 0).text().startswith("today ")


def test_nothing_is_restored_before_a_backup_is_chosen(opened: Room) -> None:
    backups.back_up(opened.store, NOW)
    opened.window.refresh()
    opened.wait(lambda: opened.window.table.rowCount() == 1)
    assert not opened.button("Restore …").isEnabled()
    assert opened.window.ask_to_restore() is None
    opened.window.table.selectRow(0)
    assert opened.button("Restore …").isEnabled()


def test_a_backup_is_restored_after_a_question(opened: Room) -> None:
    backups.back_up(opened.store, NOW)
    learners.delete(opened.store, opened.jon.id)
    opened.window.refresh()
    opened.wait(lambda: opened.window.table.rowCount() == 1 and opened.who.count() == 1)
    opened.window.table.selectRow(0)
    opened.press("Restore …")
    question = opened.question()
    assert question.windowTitle() == "Go back to Mon 4 May 12:00?" or "Go back to" in question.windowTitle()
    assert opened.names() == ["Mia"]
    question.action.click()
    opened.told("The library is as it was")
    opened.wait(lambda: opened.who.count() == 2)
    assert opened.names() == ["Jon", "Mia"]
    assert opened.services.learner_id == opened.mia.id
    assert opened.changes == 1
    opened.wait(lambda: opened.window.table.rowCount() == 2)


def test_a_question_that_is_not_answered_changes_nothing(opened: Room) -> None:
    backups.back_up(opened.store, NOW)
    opened.window.refresh()
    opened.wait(lambda: opened.window.table.rowCount() == 1)
    opened.window.table.selectRow(0)
    question = opened.window.ask_to_restore()
    assert question
    question.reject()
    assert opened.services.store is not None
    assert not opened.window.work.is_busy


def test_a_backup_that_cannot_be_restored_is_told_and_the_library_opened_again(opened: Room) -> None:
    path = backups.back_up(opened.store, NOW)
    assert path
    opened.window.refresh()
    opened.wait(lambda: opened.window.table.rowCount() == 1)
    opened.window.table.selectRow(0)
    path.unlink()
    question = opened.window.ask_to_restore()
    assert question
    question.action.click()
    opened.told("not there any more")
    opened.wait(lambda: opened.services.store is not None)
    assert opened.names() == ["Jon", "Mia"]


# --- archives -------------------------------------------------------------------------------


def test_everything_is_exported_and_comes_back(
    opened: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "away"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    opened.press("Export everything …")
    opened.told("2 learners, 3 readings and 3 recordings are in away.elocute.")
    learners.delete(opened.store, opened.jon.id)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (f"{path}.elocute", ""))
    opened.press("Import an archive …")
    question = opened.question()
    assert opened.names() == ["Mia"]
    question.action.click()
    opened.told("New: 1 learner, 1 reading, 0 lessons, 1 recording.")
    assert opened.names() == ["Jon", "Mia"]
    assert opened.changes == 1


def test_what_is_no_archive_is_told_without_a_question(opened: Room, tmp_path: Path) -> None:
    (tmp_path / "letter.elocute").write_text("Dear Mia")
    opened.window.ask_about(tmp_path / "letter.elocute")
    opened.told("no archive of Elocute")
    assert opened.window.findChildren(Question) == []


def test_an_export_can_be_stopped(opened: Room, tmp_path: Path) -> None:
    control: list[Control] = []

    def slow(given: Control) -> None:
        control.append(given)
        while True:
            given.report(0.5)

    opened.window.work.do("Exporting …", slow, lambda _nothing: None, opened.window._failed)
    opened.wait(lambda: bool(control))
    assert not opened.button("Export everything …").isEnabled()
    opened.press("Stop")
    assert opened.window.banner.text == "Stopped. Everything is as it was."
    assert opened.button("Export everything …").isEnabled()
    assert opened.window.work.isHidden()


def test_closing_the_window_stops_what_can_be_stopped_and_waits_for_the_rest(opened: Room) -> None:
    is_over: list[bool] = []

    def work(_control: Control) -> None:
        while not is_over:
            pass

    opened.window.work.do("Deleting …", work, lambda _nothing: None, opened.window._failed, can_stop=False)
    opened.window.reject()
    assert opened.window.isVisible()
    is_over.append(True)
    opened.wait(lambda: not opened.window.work.is_busy)
    opened.window.reject()
    assert not opened.window.isVisible()


# --- deleting -------------------------------------------------------------------------------


def test_a_learner_is_deleted_once_the_name_is_typed(opened: Room) -> None:
    backups.back_up(opened.store, NOW)
    opened.who.setCurrentIndex(0)
    opened.press("Delete with everything …")
    question = opened.question()
    assert not question.action.isEnabled()
    question.field.setText("Mia")
    assert not question.action.isEnabled()
    question.field.setText(" jon ")
    assert question.action.isEnabled()
    opened.qtbot.keyClick(question.field, Qt.Key.Key_Return)
    opened.told("Jon was deleted with everything, in the backups too.")
    assert opened.names() == ["Mia"]
    opened.wait(lambda: opened.who.count() == 1)
    files = [path for path in opened.services.data.rglob("*.db*") if b"Jon" in path.read_bytes()]
    assert files == []
    assert opened.changes == 1


def test_when_who_practises_is_deleted_somebody_else_does(opened: Room) -> None:
    opened.window.delete(replace(opened.mia, attempts=2))
    opened.told("Mia was deleted")
    assert opened.names() == ["Jon"]
    assert opened.services.settings.learner.name == "Jon"
    assert opened.services.learner_id == opened.jon.id
    assert b"Mia" not in (opened.services.data / "settings.toml").read_bytes()


def test_when_the_last_learner_is_deleted_there_is_one_without_a_name(opened: Room) -> None:
    learners.delete(opened.store, opened.jon.id)
    opened.window.delete(opened.mia)
    opened.told("Mia was deleted")
    assert opened.names() == [""]
    assert opened.services.settings.learner.name == ""
    opened.wait(lambda: opened.who.currentText() == "Learner without a name (0 readings)")


# --- words and parts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (12_345, "12 kB"),
        (999_600, "1.0 MB"),
        (1_234_567, "1.2 MB"),
        (5 * 10**9, "5.0 GB"),
        (10**16, "10000 TB"),
    ],
)
def test_sizes_are_said_shortly(count: int, shown: str) -> None:
    assert words.size(count) == shown


def test_what_was_found_is_said_as_it_is() -> None:
    assert words.healthy(Health(1, 0, 0)) == "The library is sound, and so is its recording."
    assert "2 recordings cannot be found" in words.healthy(Health(1, 2, 0))
    assert words.imported(Imported(0, 0, 0, 0, 7)).startswith("Nothing is new")
    assert "old.elocute, written" in words.of_archive("old.elocute", Manifest(NOW, "", {"learners": 1}))
    assert "old.elocute, says" in words.of_archive("old.elocute", Manifest(None, "", {}))


@pytest.mark.parametrize(("name", "typed"), [("Mia", "Mia"), ("", "delete"), ("a" * 41, "delete")])
def test_what_is_typed_is_the_name_or_a_word(name: str, typed: str) -> None:
    assert words.to_type(LearnerRow("1", name, NOW, False)) == typed


def test_a_damaged_backup_cannot_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    table = BackupsTable()
    qtbot.addWidget(table)
    table.show_backups([Backup(tmp_path / "a", NOW, 1, None, None), Backup(tmp_path / "b", NOW, 1, 1, 1)])
    table.selectRow(0)
    assert table.chosen is None
    assert table.item(0, 1).text() == "damaged"
    table.selectRow(1)
    assert table.chosen
    table.show_backups([table.chosen])
    assert table.chosen.path == tmp_path / "b"


def test_without_anything_to_type_the_way_back_is_the_default(qtbot: QtBot) -> None:
    question = Question("Go back?", "All will be as it was.", "Restore")
    qtbot.addWidget(question)
    question.show()
    cancel = next(each for each in question.findChildren(QPushButton) if each.text() == "Cancel")
    assert cancel.isDefault()
    assert question.action.isEnabled()
