"""The page of lessons: go on where one stopped, find a lesson, bring and take lessons along."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.library import attempts, catalogue
from app.library.attempts import Purpose
from app.library.lessons import Item, Lesson
from app.library.store import Store
from app.windows.lessons.home import HomePage
from app.windows.lessons.row import LessonLine, told
from app.windows.services import Services
from tests.app.windows.stage import demo
from tests.assessment import examples

MINE = Lesson("Tea & cake", "B2", (Item("A cup of tea."), Item("A piece of cake.")), description="Small.")


@pytest.fixture
def store(services: Services, qtbot: QtBot) -> Store:
    with qtbot.waitSignal(services.library_opened, timeout=30_000):
        services.open_library()
    assert services.store is not None
    return services.store


@pytest.fixture
def home(services: Services, store: Store, qtbot: QtBot) -> HomePage:
    page = HomePage(services)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    return loaded(page, qtbot)


def loaded(page: HomePage, qtbot: QtBot) -> HomePage:
    page.lines.clear()
    page.refresh()
    qtbot.waitUntil(lambda: bool(page.lines), timeout=10_000)
    return page


def line(page: HomePage, title: str) -> LessonLine:
    return next(each for each in page.lines if each.row.title == title)


def shown(page: HomePage) -> list[str]:
    return [each.row.title for each in page.lines]


def test_lessons_stand_by_level_and_a_newcomer_begins_with_the_first(home: HomePage, qtbot: QtBot) -> None:
    levels = [each.row.level for each in home.lines]
    assert levels == sorted(levels)
    assert home.go_on.text() == "Go on: First steps, text 1 of 12"
    with qtbot.waitSignal(home.continue_asked) as asked:
        home.go_on.click()
    assert asked.args == ["first-steps", 0]


def test_one_goes_on_after_the_text_that_was_read_last(
    home: HomePage, services: Services, store: Store, qtbot: QtBot
) -> None:
    lesson_id = catalogue.save_lesson(store, None, MINE)
    items = catalogue.lesson(store, lesson_id).items
    purpose = Purpose(services.learner_id, "lesson", lesson_id, items[0].id)
    recording = demo(0)[1]
    attempts.add(store, purpose, recording, examples.good_reading(), datetime(2026, 11, 3, 14, 5, tzinfo=UTC))
    loaded(home, qtbot)
    assert home.go_on.text() == "Go on: Tea & cake, text 2 of 2".replace("&", "&&")
    assert told(line(home, MINE.title).row).startswith("1 of 2, ")


def test_a_lesson_is_found_by_words_in_its_name_and_description(home: HomePage, qtbot: QtBot) -> None:
    everything = shown(home)
    home.search.setText("STORY key")
    assert shown(home) == ["Story: The lost key"]
    home.search.setText("no such lesson")
    assert shown(home) == []
    assert any("No lesson is like that" in each.text() for each in home.findChildren(QLabel))
    home.search.clear()
    assert shown(home) == everything


def test_a_lesson_is_chosen_with_the_keyboard_alone(home: HomePage, qtbot: QtBot) -> None:
    home.lines[0].setFocus()
    qtbot.keyClick(home.lines[0], Qt.Key.Key_Down)
    assert home.lines[1].hasFocus()
    with qtbot.waitSignal(home.lesson_asked) as asked:
        qtbot.keyClick(home.lines[1], Qt.Key.Key_Return)
    assert asked.args == [home.lines[1].row.id]
    qtbot.keyClick(home.lines[1], Qt.Key.Key_Up)
    qtbot.keyClick(home.lines[0], Qt.Key.Key_Up)
    assert home.go_on.hasFocus()


def test_a_lesson_that_ships_is_copied_to_be_edited_and_never_deleted(
    home: HomePage, store: Store, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(home.edit_asked, timeout=10_000) as asked:
        qtbot.keyClick(line(home, "First steps"), Qt.Key.Key_E)
    assert catalogue.lesson(store, asked.args[0]).title == "First steps (copy)"
    qtbot.waitUntil(lambda: "First steps (copy)" in shown(home), timeout=10_000)
    qtbot.keyClick(line(home, "First steps"), Qt.Key.Key_Delete)
    assert "cannot be deleted" in home.banner.text


def test_a_lesson_of_ones_own_is_deleted_after_a_question(home: HomePage, store: Store, qtbot: QtBot) -> None:
    catalogue.save_lesson(store, None, MINE)
    loaded(home, qtbot)
    for wanted in ("Cancel", "Delete"):
        qtbot.keyClick(line(home, MINE.title), Qt.Key.Key_Delete)
        box = home.findChildren(QMessageBox)[-1]
        button = next(each for each in box.findChildren(QPushButton) if wanted in each.text())
        button.click()
        if wanted == "Cancel":
            assert MINE.title in shown(home)
    qtbot.waitUntil(lambda: MINE.title not in shown(home), timeout=10_000)


def test_a_pack_is_exported_and_dropped_again(
    home: HomePage, store: Store, qtbot: QtBot, tmp_path: Path
) -> None:
    lesson_id = catalogue.save_lesson(store, None, MINE)
    pack = tmp_path / "mine.zip"
    home.export(lesson_id, pack)
    qtbot.waitUntil(lambda: "exported" in home.banner.text, timeout=10_000)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pack))])
    entering = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    home.dragEnterEvent(entering)
    assert entering.isAccepted()
    home.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: shown(home).count(MINE.title) == 2, timeout=10_000)


def test_all_that_is_wrong_with_a_pack_is_told(home: HomePage, qtbot: QtBot, tmp_path: Path) -> None:
    before = shown(home)
    pack = tmp_path / "bad.zip"
    with zipfile.ZipFile(pack, "w") as file:
        file.writestr("lesson.toml", 'title = "Bad"\nlevel = "Z9"\n[[items]]\ntext = ""\n')
    home.import_pack(pack)
    qtbot.waitUntil(lambda: bool(home.findChildren(QMessageBox)), timeout=10_000)
    (box,) = home.findChildren(QMessageBox)
    assert box.text().startswith("bad.zip was not imported")
    assert "level" in box.informativeText()
    assert "item 1" in box.informativeText()
    box.close()
    loaded(home, qtbot)
    assert shown(home) == before
