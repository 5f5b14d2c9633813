"""A teacher has recordings assessed: seen beforehand, stopped and gone on with, failures listed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import soundfile
from PySide6.QtWidgets import QFileDialog

from app.library.history import Filter, attempts
from app.library.teaching import classes
from app.library.teaching.review import Queue
from app.windows.collecting.collect_dialog import CollectDialog
from tests.app.windows.collecting.conftest import Room
from tests.app.windows.stage import demo


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Two recordings, one that is not there, and a line that says nothing."""
    folder = tmp_path / "said"
    folder.mkdir()
    lines = [["learner", "audio", "text"]]
    for number in range(2):
        text, recording = demo(number)
        soundfile.write(folder / f"{number}.wav", recording.samples, 16_000)
        lines.append([f"Learner {number}", f"{number}.wav", text])
    lines += [["=Ben", "gone.wav", "Not there."], ["Eva", "", "x"]]
    path = folder / "class.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(lines)
    return path


def opened(room: Room) -> CollectDialog:
    dialog = CollectDialog(room.services, room.class_id)
    room.show(dialog)
    room.qtbot.waitUntil(lambda: dialog.choice.count() == 2)
    return dialog


def rows(dialog: CollectDialog) -> list[list[str]]:
    return dialog.table.texts


@pytest.mark.timeout(300)
def test_recordings_are_looked_at_assessed_and_the_failing_ones_listed(
    room: Room, manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(room)
    assert not dialog.start.isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(manifest), ""))
    room.press(dialog, dialog.choose_table)
    assert dialog.told.text() == "class.csv: 3 recordings of 3 learners."
    assert "Line 5" in dialog.problems.text()
    assert rows(dialog)[0][1:3] == ["Learner 0", "0.wav"]
    dialog.workers.setCurrentIndex(0)
    asked: list[Queue] = []
    dialog.review_asked.connect(asked.append)
    room.press(dialog, dialog.start)
    assert dialog.told.text().startswith("2 recordings assessed in ")
    assert dialog.told.text().endswith("Failed: 1.")
    assert [row[:3] for row in rows(dialog)] == [["4", "=Ben", "gone.wav"]]
    assert len(attempts(room.store, Filter(None))) == 4
    assert len(classes.members(room.store, room.class_id)) >= 2
    saved = tmp_path / "failed.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    room.press(dialog, dialog.save)
    assert "'=Ben" in saved.read_text(encoding="utf-8-sig")
    room.press(dialog, dialog.again)
    assert dialog.told.text().startswith("0 recordings assessed")
    room.press(dialog, dialog.review)
    assert asked == [Queue(class_id=room.class_id, unreviewed=True, handed_in=True)]


def test_a_table_that_is_none_is_told(room: Room, tmp_path: Path) -> None:
    dialog = opened(room)
    (tmp_path / "x.csv").write_text("one,two\n1,2\n")
    dialog.show_source(tmp_path / "x.csv")
    room.settle(dialog)
    assert "learner" in dialog.banner.text
    assert not dialog.start.isEnabled()


@pytest.mark.timeout(300)
def test_what_is_stopped_goes_on_and_closing_asks_first(room: Room, manifest: Path) -> None:
    dialog = opened(room)
    dialog.show_source(manifest)
    room.settle(dialog)
    dialog.begin()
    dialog.reject()
    assert dialog.isVisible()
    assert "not finished" in dialog.banner.text
    dialog.work._cancel.click()
    room.settle(dialog)
    assert "goes on with the rest" in dialog.told.text()
    room.press(dialog, dialog.start)
    assert len(attempts(room.store, Filter(None))) == 4
    dialog.reject()
    assert not dialog.isVisible()
