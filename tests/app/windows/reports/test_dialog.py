"""The dialog of reports: what can be chosen fits the format; what was chosen is written and remembered."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.library.archive import look
from app.library.teaching import classes, review
from app.reports.data import Wanted
from app.windows.reports.dialog import ReportDialog
from tests.app.library.conftest import STARTED
from tests.app.windows.collecting.conftest import Room, room

__all__ = ["room"]


@pytest.fixture
def dialog(room: Room) -> ReportDialog:
    """The dialog for a report on the learner."""
    made = ReportDialog(room.services, Wanted(learner_id=room.services.learner_id))
    room.show(made)
    return made


def choose(dialog: ReportDialog, name: str) -> None:
    dialog.format.setCurrentIndex(dialog.format.findData(name))


def test_it_says_on_whom_and_offers_what_fits_the_format(room: Room, dialog: ReportDialog) -> None:
    assert dialog.about.text() == "Mia"
    assert dialog.language.isEnabled()
    assert not dialog.audio.isVisible()
    choose(dialog, "html")
    assert dialog.audio.isVisible()
    dialog.pseudonyms.setChecked(True)
    assert not dialog.audio.isVisible()
    choose(dialog, "json")
    assert not dialog.language.isVisible()
    choose(dialog, "elocute")
    assert not dialog.since.isVisible()


def test_a_page_is_written_in_the_language_with_the_school_and_both_are_remembered(
    room: Room, dialog: ReportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dialog, "html")
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    dialog.school.setText("Abendschule")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mia"), ""))
    room.press(dialog, dialog.start)
    page = (tmp_path / "mia.html").read_text(encoding="utf-8")
    assert "Bericht über Mia" in page
    assert "Abendschule" in page
    assert dialog.banner.text.startswith("Written: mia.html, 2 readings.")
    assert room.services.settings.reports.language == "de"
    assert room.services.settings.reports.school == "Abendschule"


def test_a_period_and_pseudonyms_are_heeded(room: Room, dialog: ReportDialog, tmp_path: Path) -> None:
    choose(dialog, "json")
    dialog.pseudonyms.setChecked(True)
    dialog.write(tmp_path / "all.json")
    room.settle(dialog)
    assert "Mia" not in (tmp_path / "all.json").read_text(encoding="utf-8")
    dialog.since.setCurrentIndex(1)
    dialog.write(tmp_path / "week.json")
    room.settle(dialog)
    assert json.loads((tmp_path / "week.json").read_text(encoding="utf-8"))["readings"] == []


def test_the_period_of_the_page_is_kept(room: Room, tmp_path: Path) -> None:
    classes.put(room.store, room.class_id, [room.services.learner_id])
    wanted = Wanted(class_id=room.class_id, since=STARTED + timedelta(hours=12))
    dialog = ReportDialog(room.services, wanted)
    room.show(dialog)
    assert dialog.since.currentText() == "As chosen on the page"
    choose(dialog, "textgrid")
    dialog.write(tmp_path / "grids")
    room.settle(dialog)
    assert len(list((tmp_path / "grids").iterdir())) == 1


def test_what_cannot_be_written_is_told(room: Room, dialog: ReportDialog, tmp_path: Path) -> None:
    dialog.logo.setText(str(tmp_path / "gone.png"))
    dialog.write(tmp_path / "x.pdf")
    room.settle(dialog)
    assert "logo" in dialog.banner.text
    dialog.logo.setText("")
    dialog.write(tmp_path / "gone" / "x.pdf")
    room.settle(dialog)
    assert "x.pdf" in dialog.banner.text
    assert dialog.start.isEnabled()


def test_a_folder_that_holds_something_gets_a_new_one(
    room: Room, dialog: ReportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(place))
    choose(dialog, "textgrid")
    room.press(dialog, dialog.start)
    assert len(list(place.glob("*.TextGrid"))) == 2
    room.press(dialog, dialog.start)
    (made,) = [each for each in place.iterdir() if each.is_dir()]
    assert made.name.startswith("Mia 20")
    assert dialog.show_there.isVisible()


def test_what_was_reviewed_is_given_back_to_a_learner(
    room: Room, dialog: ReportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dialog, "elocute")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "back"), ""))
    room.press(dialog, dialog.start)
    assert "reviewed yet" in dialog.banner.text
    review.set_reviewed(room.store, room.attempts[:1], "A teacher")
    room.press(dialog, dialog.start)
    assert dialog.banner.text == "Written: back.elocute, 1 reading."
    assert look(tmp_path / "back.elocute").counts["attempts"] == 1


def test_what_was_reviewed_is_given_back_to_a_class(room: Room, tmp_path: Path) -> None:
    classes.put(room.store, room.class_id, [room.services.learner_id])
    review.set_reviewed(room.store, room.attempts, "A teacher")
    made = ReportDialog(room.services, Wanted(class_id=room.class_id))
    room.show(made)
    choose(made, "elocute")
    made.write(tmp_path)
    room.settle(made)
    (path,) = tmp_path.glob("*.elocute")
    assert path.name.startswith("Mia reviewed 20")
