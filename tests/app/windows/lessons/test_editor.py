"""Lessons are written: every change can be undone, what is wrong is told, nothing unsaved is lost unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.library import catalogue
from app.library.lessons import Item, Lesson
from app.library.packs import read_pack
from app.library.store import Store
from app.windows.course import Step
from app.windows.lessons.draft import Draft, DraftItem, pronunciations
from app.windows.lessons.editor import LessonEditor
from app.windows.services import Services
from tests.app.windows.conftest import NotedPlayer
from tests.app.windows.stage import demo

LESSON = Lesson("Tea", "B1", (Item("One cup."), Item("Two cups."), Item("Three cups of tea.")))


@pytest.fixture
def store(services: Services, qtbot: QtBot) -> Store:
    with qtbot.waitSignal(services.library_opened, timeout=30_000):
        services.open_library()
    assert services.store is not None
    return services.store


@pytest.fixture
def lesson_id(store: Store) -> str:
    return catalogue.save_lesson(store, None, LESSON)


@pytest.fixture
def editor(services: Services, store: Store, lesson_id: str, qtbot: QtBot) -> LessonEditor:
    page = LessonEditor(services)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.open(lesson_id)
    qtbot.waitUntil(lambda: page.title.text() == "Tea", timeout=10_000)
    return page


def texts(editor: LessonEditor) -> list[str]:
    return [item.text for item in editor.work.draft.items]


def answer(editor: LessonEditor, wanted: str) -> None:
    box = editor.findChildren(QMessageBox)[-1]
    next(each for each in box.findChildren(QPushButton) if wanted in each.text()).click()


def wait_saved(editor: LessonEditor, qtbot: QtBot, do: Callable[[], object]) -> str:
    with qtbot.waitSignal(editor.saved, timeout=10_000) as saved:
        do()
    return str(saved.args[0])


def test_a_lesson_is_shown_as_it_was_kept(editor: LessonEditor) -> None:
    assert texts(editor) == [item.text for item in LESSON.items]
    assert editor.level.currentText() == "B1"
    assert editor.form.text.toPlainText() == "One cup."
    assert not editor.button("Save").isEnabled()


def test_typing_is_undone_in_one_go_and_done_again(editor: LessonEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor.title, " time")
    editor.form.text.setPlainText("One big cup.")
    editor.form.text.setPlainText("One very big cup.")
    assert (editor.work.draft.title, texts(editor)[0]) == ("Tea time", "One very big cup.")
    editor.history.undo()
    assert (editor.title.text(), editor.form.text.toPlainText()) == ("Tea time", "One cup.")
    editor.history.undo()
    assert editor.title.text() == "Tea"
    assert not editor.button("Save").isEnabled()
    editor.history.redo()
    editor.history.redo()
    assert (editor.title.text(), texts(editor)[0]) == ("Tea time", "One very big cup.")
    assert editor.history.undoText() == "Change a text"


def test_texts_are_added_duplicated_moved_and_deleted(editor: LessonEditor, qtbot: QtBot) -> None:
    editor.items.setCurrentRow(1)
    editor.button("Down").click()
    assert texts(editor) == ["One cup.", "Three cups of tea.", "Two cups."]
    assert editor.form.text.toPlainText() == "Two cups."
    editor.button("Duplicate").click()
    editor.button("Add").click()
    assert texts(editor) == ["One cup.", "Three cups of tea.", "Two cups.", "Two cups.", ""]
    editor.button("Delete").click()
    editor.items.setCurrentRow(0)
    editor.button("Up").click()
    editor.button("Delete").click()
    assert texts(editor) == ["Three cups of tea.", "Two cups.", "Two cups."]
    while editor.history.canUndo():
        editor.history.undo()
    assert texts(editor) == [item.text for item in LESSON.items]


def test_the_last_text_is_emptied_not_taken_away() -> None:
    assert Draft(items=(DraftItem("Alone."),)).without(0).items == (DraftItem(),)


def test_a_lesson_is_saved_and_its_texts_keep_their_ids(
    editor: LessonEditor, store: Store, lesson_id: str, qtbot: QtBot
) -> None:
    before = [item.id for item in catalogue.lesson(store, lesson_id).items]
    editor.form.text.setPlainText("One small cup.")
    editor.form.phones["K"].click()
    editor.form.said.setPlainText("cup  /kʌp/\ncup  K AH1 P S")
    editor.items.setCurrentRow(2)
    editor.button("Up").click()
    assert wait_saved(editor, qtbot, editor.save) == lesson_id
    kept = catalogue.lesson(store, lesson_id)
    assert [item.text for item in kept.items] == ["One small cup.", "Three cups of tea.", "Two cups."]
    assert [item.id for item in kept.items] == [before[0], before[2], before[1]]
    assert kept.items[0].focus == ("K",)
    assert kept.items[0].pronunciations == {"cup": ("K AH1 P", "K AH1 P S")}
    assert not editor.button("Save").isEnabled()
    assert editor.banner.text == "The lesson is saved."


def test_a_new_lesson_is_kept_when_it_is_saved(editor: LessonEditor, store: Store, qtbot: QtBot) -> None:
    editor.open(None)
    assert texts(editor) == [""]
    qtbot.keyClicks(editor.title, "New")
    qtbot.keyClicks(editor.form.text, "Hello there.")
    saved = wait_saved(editor, qtbot, lambda: qtbot.keyClick(
        editor.title, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier))  # fmt: skip
    assert catalogue.lesson(store, saved).items[0].text == "Hello there."


def test_what_is_wrong_is_told_while_typing_and_when_saving(editor: LessonEditor, qtbot: QtBot) -> None:
    editor.form.text.setPlainText("12 + ")
    editor.form.text.setPlainText("你好")
    editor.form.said.setPlainText("cup  QQ")
    qtbot.waitUntil(lambda: "QQ" in editor.problems.text(), timeout=10_000)
    assert "item 1" in editor.problems.text().lower()
    editor.save()
    qtbot.waitUntil(lambda: bool(editor.banner.text), timeout=10_000)
    assert "QQ" in editor.banner.text
    assert editor.button("Save").isEnabled()


def test_leaving_asks_what_to_do_with_changes(
    editor: LessonEditor, store: Store, lesson_id: str, qtbot: QtBot
) -> None:
    closed: list[bool] = []
    editor.closed.connect(lambda: closed.append(True))
    qtbot.keyClicks(editor.title, "!")
    editor.close_lesson()
    answer(editor, "Cancel")
    assert (closed, editor.title.text()) == ([], "Tea!")
    editor.close_lesson()
    answer(editor, "Save")
    qtbot.waitUntil(lambda: closed == [True], timeout=10_000)
    assert catalogue.lesson(store, lesson_id).title == "Tea!"
    editor.open(lesson_id)
    qtbot.waitUntil(lambda: editor.title.text() == "Tea!", timeout=10_000)
    qtbot.keyClicks(editor.title, "?")
    editor.close_lesson()
    answer(editor, "Discard")
    assert closed == [True, True]
    assert catalogue.lesson(store, lesson_id).title == "Tea!"


def test_a_text_is_tried_with_its_pronunciations(editor: LessonEditor, qtbot: QtBot) -> None:
    editor.form.said.setPlainText("cup  /kʌp/")
    with qtbot.waitSignal(editor.try_asked) as tried:
        editor.button("Try this text").click()
    step = tried.args[0]
    assert isinstance(step, Step)
    assert (step.text, step.pronunciations) == ("One cup.", {"cup": (("K", "AH1", "P"),)})
    editor.form.text.setPlainText(" ")
    editor.button("Try this text").click()
    assert editor.banner.text


def test_a_recording_becomes_the_model_of_a_text_and_goes_into_the_pack(
    editor: LessonEditor, player: NotedPlayer, qtbot: QtBot, tmp_path: Path
) -> None:
    said = demo(0)[1].samples[:16_000]
    soundfile.write(tmp_path / "cup.wav", said, 16_000)
    editor.take_recording(tmp_path / "cup.wav")
    qtbot.waitUntil(lambda: editor.form.remove.isEnabled(), timeout=10_000)
    editor.form.listen.click()
    qtbot.waitUntil(lambda: len(player.played) == 1, timeout=10_000)
    assert len(player.played[0][0]) == 16_000
    wait_saved(editor, qtbot, editor.save)
    editor.export(tmp_path / "tea.zip")
    qtbot.waitUntil(lambda: "exported" in editor.banner.text, timeout=10_000)
    pack = read_pack(tmp_path / "tea.zip")
    assert [item.recording is not None for item in pack.lesson.items] == [True, False, False]
    assert len(pack.audio) == 1
    editor.form.remove.click()
    assert editor.work.draft.items[0].recording is None


def test_pronunciations_that_cannot_be_read_are_told_by_line() -> None:
    found, problems = pronunciations("tea  T IY1\n\n# a comment\ncup  K AH P\ncup  /kʌp/")
    assert found == {"tea": ("T IY1",), "cup": ("K AH1 P",)}
    assert len(problems) == 1
    assert problems[0].startswith("Pronunciations, line 4:")
