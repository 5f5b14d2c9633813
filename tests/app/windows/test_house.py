"""From page to page: each is opened by a key, shows what there is, and leads to the others."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.library import catalogue, learners
from app.library.weak_sounds import SessionItem, WeakSession
from app.windows.course import Step
from app.windows.house import NO_LIBRARY, TITLES
from app.windows.state import State
from tests.app.windows.stage import Stage, demo

PAGES = {"home": "Ctrl+2", "weak-sounds": "Ctrl+3", "history": "Ctrl+4", "progress": "Ctrl+5"}


def opened(window: Stage) -> Stage:
    window.ready().wait(lambda: window.page.reading.step.item_id is not None)
    return window


def press(window: Stage, keys: str) -> None:
    action = next(each for each in window.window.actions() if each.shortcut().toString() == keys)
    action.trigger()


def titles(window: Stage) -> list[str]:
    return [each.text() for each in window.window.findChildren(QLabel) if each.isVisible()]


def click_banner(window: Stage, name: str) -> None:
    next(each for each in window.page.banner.findChildren(QPushButton) if each.text() == name).click()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_opened_by_its_key_and_left_with_escape(window: Stage, name: str) -> None:
    opened(window)
    press(window, PAGES[name])
    page = window.window.house.page(name)
    assert page.isVisible()
    assert TITLES[name] in titles(window)
    window.qtbot.keyClick(window.window, Qt.Key.Key_Escape)
    assert window.page.isVisible()
    assert "Lesson · First steps" in titles(window)


def test_without_a_library_it_is_said_that_it_is_not_open_yet(window: Stage) -> None:
    window.services.close_library()
    assert window.window.house.show_page("history") is None
    assert window.page.isVisible()
    assert window.page.banner.text == NO_LIBRARY


def test_an_earlier_reading_is_shown_as_it_was_scored_and_left_again(window: Stage) -> None:
    opened(window).read(1)
    (kept,) = window.kept()
    window.window.show_own("Something else.")
    press(window, "Ctrl+4")
    window.window.house.show_attempt(kept.row.id)
    window.wait(lambda: window.page.attempt is not None and window.page.attempt.id == kept.row.id)
    assert window.page.isVisible()
    assert window.page.result.isVisible()
    assert window.page.attempt is not None
    assert window.page.attempt.assessment == kept.assessment
    assert window.page.banner.text.startswith("You read this today")
    click_banner(window, "Back")
    assert window.window.house.page("history").isVisible()


def test_an_earlier_reading_whose_recording_is_gone_is_shown_without_its_sound(window: Stage) -> None:
    window.services.change("privacy", keep_recordings="never")
    opened(window).read(1)
    (kept,) = window.kept()
    window.window.show_own("Something else.")
    window.window.house.show_attempt(kept.row.id)
    window.wait(lambda: window.page.attempt is not None)
    assert "not kept any more" in window.page.banner.text
    assert not window.page.result.sound_button.isEnabled()
    window.page.show_word(1)
    window.qtbot.keyClick(window.page, Qt.Key.Key_Return)
    assert window.page.isVisible()


def test_an_earlier_reading_can_be_read_again_and_is_kept_as_another(window: Stage) -> None:
    opened(window).read(1)
    first = window.kept()[0]
    window.window.show_own("Something else.")
    window.window.house.show_attempt(first.row.id)
    window.wait(lambda: window.page.attempt is not None)
    window.page.toggle_recording()
    window.recorder.hear(demo(1)[1].samples)
    if window.state is State.READING:
        window.page.toggle_recording()
    window.wait(lambda: window.state is State.SCORED)
    assert len(window.kept()) == 2


def test_an_earlier_reading_that_comes_late_does_not_disturb_a_new_one(window: Stage) -> None:
    opened(window).read(1)
    window.window.house.show_attempt(window.kept()[0].row.id)
    window.page.toggle_recording()
    window.recorder.hear(demo(1)[1].samples[:16_000])
    window.qtbot.wait(500)
    assert window.state is State.READING


def test_a_session_of_weak_sounds_is_read_text_by_text_with_the_reason(window: Stage) -> None:
    opened(window)
    items = tuple(SessionItem(None, None, text, "TH", f"For {text}") for text in ("Thin.", "Thick."))
    window.window.house.page("weak-sounds").session_asked.emit(WeakSession(items=items))
    assert "My weak sounds" in titles(window)
    assert "For Thin." in titles(window)
    window.qtbot.keyClick(window.page, Qt.Key.Key_N)
    assert "For Thick." in titles(window)
    assert window.page.reading.step.kind == "weak-sounds"


def test_a_text_is_tried_from_the_editor_and_one_comes_back_to_it(window: Stage) -> None:
    opened(window)
    window.window.house.edit_lesson(None)
    editor = window.window.house.page("editor")
    editor.try_asked.emit(Step("A try."))
    assert window.page.text.reference is not None
    assert window.page.text.reference.text == "A try."
    click_banner(window, "Back")
    assert editor.isVisible()


def test_a_lesson_is_started_from_the_list(window: Stage) -> None:
    opened(window)
    press(window, "Ctrl+2")
    window.window.house.page("home").lesson_asked.emit("story-lost-key")
    window.wait(lambda: "Lesson · Story: The lost key" in titles(window))
    assert window.page.isVisible()


def test_a_lesson_that_was_deleted_meanwhile_is_told(window: Stage) -> None:
    opened(window)
    store = window.services.store
    assert store is not None
    copy = catalogue.copy_lesson(store, "first-steps")
    catalogue.delete_lesson(store, copy)
    window.window.house.page("home").lesson_asked.emit(copy)
    window.wait(lambda: "not in the library any more" in window.page.banner.text)


def test_pages_show_whoever_practises_now(window: Stage) -> None:
    opened(window).read(1)
    store = window.services.store
    assert store is not None
    other = learners.add(store, "Berit")
    press(window, "Ctrl+4")
    history = window.window.house.page("history")
    window.wait(lambda: any("1 reading" in each for each in titles(window)))
    window.services.choose_learner(other.id, other.name)
    window.wait(lambda: not any("1 reading" in each for each in titles(window)))
    assert history.isVisible()


def test_two_readings_are_compared_heard_about_and_left_again(window: Stage) -> None:
    opened(window).read(0)
    window.read(1)
    one, other = (kept.row.id for kept in window.kept())
    press(window, "Ctrl+4")
    window.window.house.page("history").comparison_asked.emit(one, other)
    comparison = window.window.house.page("comparison")
    window.wait(lambda: any("worse" in each for each in titles(window)))
    assert comparison.isVisible()
    assert any("3 words are worse" in each for each in titles(window))
    window.qtbot.keyClick(comparison, Qt.Key.Key_Escape)
    assert window.window.house.page("history").isVisible()
    window.window.house.page("history").comparison_asked.emit(one, "0" * 32)
    window.wait(lambda: "not in the library any more" in comparison.banner.text)
