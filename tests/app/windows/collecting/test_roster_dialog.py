"""A teacher takes a roster in: seen beforehand, problems told, again without doubles."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.library.teaching import classes
from app.windows.collecting.roster_dialog import RosterDialog
from tests.app.windows.collecting.conftest import Room


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text("Name;Number;Consent\nAda Moss;1001;yes\nLi Wei;1002;no\n;1003;\n", encoding="utf-8")
    return path


def opened(room: Room, class_id: str | None) -> RosterDialog:
    dialog = RosterDialog(room.services, class_id)
    room.show(dialog)
    room.qtbot.waitUntil(lambda: dialog.choice.count() == 2)
    return dialog


def test_learners_are_seen_and_come_into_the_class(
    room: Room, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(room, room.class_id)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(roster), ""))
    room.press(dialog, dialog.choose)
    assert dialog.told.text() == "roster.csv: 2 learners."
    assert dialog.table.texts[0] == ["Ada Moss", "1001", "yes", ""]
    assert dialog.problems.text()
    room.press(dialog, dialog.start)
    assert dialog.banner.text == "New: 2 learners. Known before: 0. Class: A2."
    members = classes.members(room.store, room.class_id)
    assert [(each.name, each.number, each.may_be_shared) for each in members] == [
        ("Ada Moss", "1001", True),
        ("Li Wei", "1002", False),
    ]
    room.press(dialog, dialog.start)
    assert dialog.banner.text.startswith("New: 0 learners. Known before: 2.")


def test_without_a_class_the_file_s_name_is_one(room: Room, roster: Path) -> None:
    dialog = opened(room, None)
    dialog.show_file(roster)
    room.settle(dialog)
    room.press(dialog, dialog.start)
    assert {each.name for each in classes.all_classes(room.store)} == {"A2", "roster"}
    assert dialog.class_id


def test_what_is_no_roster_is_told(room: Room, tmp_path: Path) -> None:
    dialog = opened(room, None)
    (tmp_path / "x.csv").write_bytes(b"PK\x03\x04")
    dialog.show_file(tmp_path / "x.csv")
    room.settle(dialog)
    assert "x.csv" in dialog.banner.text
    assert not dialog.start.isEnabled()
    assert not dialog.table.isVisible()


def test_who_is_in_the_class_and_not_on_the_roster_is_named(room: Room, roster: Path) -> None:
    classes.put(room.store, room.class_id, [room.services.learner_id])
    dialog = opened(room, room.class_id)
    dialog.show_file(roster)
    room.settle(dialog)
    room.press(dialog, dialog.start)
    assert "not on the roster: Mia. They stay." in dialog.banner.text
