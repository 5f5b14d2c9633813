"""A learner hands in: only with consent, into a file or the shared folder, and is told what became of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app.library import attempts, learners
from app.library.archive import look
from app.library.attempts import load
from app.library.records import Purpose
from app.library.teaching import classes
from app.windows.collecting.hand_in_dialog import HandInDialog
from tests.app.library.conftest import STARTED, tone
from tests.app.windows.collecting.conftest import Room
from tests.assessment import examples


def opened(room: Room, ids: tuple[str, ...] | None = None) -> HandInDialog:
    dialog = HandInDialog(room.services, room.attempts if ids is None else ids)
    room.show(dialog)
    return dialog


def test_what_is_handed_in_is_listed_and_needs_consent(room: Room) -> None:
    dialog = opened(room)
    assert dialog.summary.text() == "2 readings, 5 seconds long in all:"
    assert [text for _when, text in dialog.table.texts] == ["Mark is going to see the elephant."] * 2
    assert not dialog.to_file.isEnabled()
    dialog.consent.setChecked(True)
    assert dialog.to_file.isEnabled()
    dialog.consent.setChecked(False)
    assert not dialog.to_file.isEnabled()


def test_readings_are_saved_as_a_file(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = opened(room)
    changes: list[bool] = []
    dialog.library_changed.connect(lambda: changes.append(True))
    dialog.consent.setChecked(True)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    room.press(dialog, dialog.to_file)
    assert look(tmp_path / "mine.elocute").counts["attempts"] == 2
    assert "Handed in: 2 readings" in dialog.banner.text
    assert changes == [True]
    assert "Give this file to your teacher" in dialog.banner.text
    assert load(room.store, room.attempts[0]).row.is_handed_in
    assert not dialog.to_file.isEnabled()  # once is enough


def test_who_has_agreed_before_is_not_asked_again_but_can_say_no(room: Room) -> None:
    classes.set_consent(room.store, [room.services.learner_id], True)
    dialog = opened(room)
    assert dialog.consent.isChecked()
    dialog.consent.setChecked(False)
    assert not dialog.to_file.isEnabled()


def test_readings_of_others_are_not_even_listed(room: Room) -> None:
    other = attempts.add(
        room.store,
        Purpose(learners.add(room.store, "Ben").id),
        tone(700),
        examples.good_reading(),
        STARTED + timedelta(days=9),
    )
    dialog = opened(room, (*room.attempts, other))
    assert len(dialog.table.texts) == 2


def test_readings_go_into_the_shared_folder(room: Room, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    room.services.change("teaching", folder=str(shared))
    dialog = opened(room, room.attempts[:1])
    assert dialog.to_folder.isVisible()
    dialog.consent.setChecked(True)
    room.press(dialog, dialog.to_folder)
    assert "cannot be found" in dialog.banner.text
    shared.mkdir()
    room.press(dialog, dialog.to_folder)
    assert "Handed in: 1 reading" in dialog.banner.text
    assert len(list(shared.glob("Mia *.elocute"))) == 1


def test_nothing_to_hand_in_is_told(room: Room) -> None:
    dialog = opened(room, ("gone",))
    assert "nothing to hand in" in dialog.banner.text
    assert not dialog.consent.isEnabled()


def test_choosing_no_file_changes_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = opened(room)
    dialog.consent.setChecked(True)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    room.press(dialog, dialog.to_file)
    assert not load(room.store, room.attempts[0]).row.is_handed_in


def test_the_keyboard_is_enough(room: Room, tmp_path: Path) -> None:
    room.services.change("teaching", folder=str(tmp_path))
    dialog = opened(room)
    dialog.activateWindow()
    room.qtbot.waitUntil(dialog.consent.hasFocus)
    room.qtbot.keyClick(dialog.consent, Qt.Key.Key_Space)
    room.qtbot.keyClick(dialog.consent, Qt.Key.Key_Return)
    room.settle(dialog)
    assert len(list(tmp_path.glob("Mia *.elocute"))) == 1
    room.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
