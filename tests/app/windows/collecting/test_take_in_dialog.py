"""A teacher takes hand-ins in: files and folders, what is bad is told, who is who is asked."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton

from app.library import attempts, learners
from app.library.records import Purpose
from app.library.store import open_store
from app.library.teaching import classes
from app.library.teaching.hand_in import hand_in
from app.library.teaching.review import Queue
from app.windows.collecting.take_in_dialog import TakeInDialog
from assessment.control import Control
from tests.app.library.conftest import STARTED, tone
from tests.app.windows.collecting.conftest import Room
from tests.assessment import examples


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A folder with a good file of Ben's and a broken one."""
    folder = tmp_path / "delivery"
    folder.mkdir()
    with contextlib.closing(open_store(tmp_path / "ben")) as store:
        ben = learners.add(store, "Ben").id
        made = attempts.add(store, Purpose(ben), tone(500), examples.good_reading(), STARTED)
        hand_in(store, ben, [made], folder, Control(), consent=True)
    (folder / "broken.elocute").write_bytes(b"PK\x03\x04")
    return folder


def opened(room: Room, class_id: str | None = None) -> TakeInDialog:
    dialog = TakeInDialog(room.services, class_id)
    room.show(dialog)
    room.qtbot.waitUntil(lambda: dialog.choice.count() == 2)
    return dialog


def test_a_folder_comes_in_and_leads_to_the_review(
    room: Room, delivery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(room, room.class_id)
    asked: list[Queue] = []
    dialog.review_asked.connect(asked.append)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(delivery))
    room.press(dialog, dialog.folder)
    assert dialog.told.text() == "1 file taken in: 1 new reading, 1 new learner."
    assert "broken.elocute" in dialog.problems.text()
    assert [each.name for each in classes.members(room.store, room.class_id)] == ["Ben"]
    room.press(dialog, dialog.review)
    assert asked == [Queue(class_id=room.class_id, unreviewed=True, handed_in=True)]
    assert not dialog.isVisible()


def test_files_can_be_dropped_and_a_second_time_nothing_is_new(room: Room, delivery: Path) -> None:
    dialog = opened(room)
    for told in ("1 new reading", "nothing new"):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in delivery.glob("Ben*.elocute")])
        dialog.dropEvent(
            QDropEvent(
                QPointF(5, 5),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )
        room.settle(dialog)
        assert told in dialog.told.text()


def test_the_shared_folder_is_one_key_away_and_the_class_counts_at_once(room: Room, delivery: Path) -> None:
    room.services.change("teaching", folder=str(delivery))
    dialog = TakeInDialog(room.services, room.class_id)
    room.qtbot.addWidget(dialog)
    dialog.show()
    room.qtbot.keyClick(dialog, Qt.Key.Key_Return)  # before the classes are listed
    room.settle(dialog)
    assert "1 new reading" in dialog.told.text()
    assert [each.name for each in classes.members(room.store, room.class_id)] == ["Ben"]
    room.services.change("teaching", folder=str(delivery / "gone"))
    room.press(dialog, dialog.shared)
    assert "cannot be found" in dialog.banner.text


def test_an_empty_folder_is_told(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = opened(room)
    (tmp_path / "empty").mkdir()
    dialog.take([tmp_path / "empty"])
    room.settle(dialog)
    assert "no .elocute files" in dialog.banner.text
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    dialog.ask_files()
    assert not dialog.work.is_busy


def test_somebody_of_the_roster_can_be_joined(room: Room, delivery: Path) -> None:
    on_roster = learners.add(room.store, "Ben")
    classes.put(room.store, room.class_id, [on_roster.id])
    classes.set_number(room.store, on_roster.id, "S9")
    dialog = opened(room, room.class_id)
    dialog.take([delivery])
    room.settle(dialog)
    (button,) = [each for each in dialog.joins.findChildren(QPushButton) if each.text() == "Join"]
    assert button.accessibleName() == "Join Ben and Ben, number S9"
    room.press(dialog, button)
    (left,) = classes.members(room.store, room.class_id)
    assert (left.name, left.number, left.attempts) == ("Ben", "S9", 1)
    assert not dialog.joins.isVisible()


def test_all_that_are_clear_are_joined_at_once(room: Room, tmp_path: Path) -> None:
    names = ("Ada", "Li", "Li", "Zoë")
    for number, name in enumerate(names):
        classes.put(room.store, room.class_id, [learners.add(room.store, name).id])
        with contextlib.closing(open_store(tmp_path / str(number))) as store:
            who = learners.add(store, name).id
            made = attempts.add(store, Purpose(who), tone(500 + number), examples.good_reading(), STARTED)
            hand_in(store, who, [made], tmp_path, Control(), consent=True)
    dialog = opened(room, room.class_id)
    dialog.take(sorted(tmp_path.glob("*.elocute")))
    room.settle(dialog)
    assert dialog.joins.all.text() == "Join all 2"
    room.press(dialog, dialog.joins.all)
    assert len([each for each in dialog.joins.findChildren(QPushButton) if each.text() == "Join"]) >= 4
    assert not dialog.joins.all.isVisible()
    found = sorted((each.name, each.attempts) for each in classes.members(room.store, room.class_id))
    assert found == [("Ada", 1), ("Li", 0), ("Li", 0), ("Li", 1), ("Li", 1), ("Zoë", 1)]


def test_the_teacher_s_own_place_is_offered_to_nobody(room: Room, delivery: Path) -> None:
    learners.rename(room.store, room.services.learner_id, "Ben")
    classes.put(room.store, room.class_id, [room.services.learner_id])
    for each in room.attempts:
        attempts.delete(room.store, [each])
    dialog = opened(room, room.class_id)
    dialog.take([delivery])
    room.settle(dialog)
    assert not dialog.joins.isVisible()


def test_names_of_files_are_no_markup(room: Room, tmp_path: Path) -> None:
    dialog = opened(room)
    (tmp_path / "<b>x<b>.elocute").write_bytes(b"")
    dialog.take([tmp_path / "<b>x<b>.elocute"])
    room.settle(dialog)
    assert "<b>x<b>.elocute" in dialog.problems.text()
    assert dialog.problems.textFormat() is Qt.TextFormat.PlainText
