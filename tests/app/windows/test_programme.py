"""What is read comes text by text, and goes on tomorrow where it was left today."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.library import attempts, catalogue, learners
from app.library.lessons import Item, Lesson
from app.windows.course import Course, Step
from app.windows.state import State
from tests.app.windows.stage import Stage, demo, stage

NEEV = Lesson(
    "Names",
    "A2",
    (
        Item("Neev drinks tea.", note="Say the name slowly.", pronunciations={"neev": ("N IY1 V",)}),
        Item("The second text."),
    ),
)


def shown(window: Stage) -> str:
    reference = window.page.text.reference
    assert reference is not None
    return reference.text


def opened(window: Stage) -> Stage:
    window.ready().wait(lambda: window.services.store is not None and bool(window.services.learner_id))
    window.wait(lambda: window.page.reading.step.item_id is not None)
    return window


def add(window: Stage, lesson: Lesson) -> str:
    store = window.services.store
    assert store is not None
    return catalogue.save_lesson(store, None, lesson)


def test_a_course_goes_round() -> None:
    course = Course("Three", tuple(Step(text) for text in "abc"))
    assert [course.moved(by).step.text for by in (-1, 0, 1, 2, 3)] == ["c", "a", "b", "c", "a"]
    assert [course.at(place).place for place in (0, 2, 3, 99)] == [0, 2, 0, 0]


def test_the_first_lesson_is_read_before_and_after_the_library_is_open(window: Stage) -> None:
    before = shown(window)
    opened(window)
    assert shown(window) == before
    assert window.page.reading.step.lesson_id == "first-steps"


def test_a_reading_is_linked_to_its_lesson_and_text(window: Stage) -> None:
    opened(window)
    step = window.page.reading.step
    window.page.toggle_recording()
    window.recorder.hear(demo(0)[1].samples)
    window.page.toggle_recording()
    window.wait(lambda: window.state is State.SCORED)
    (kept,) = window.kept()
    assert (kept.row.lesson_id, kept.row.item_id) == (step.lesson_id, step.item_id)
    assert kept.row.lesson == "First steps"


def test_the_place_is_remembered_until_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    with stage(qtbot, tmp_path) as window:
        opened(window)
        window.window.step(3)
        left = shown(window)
    with stage(qtbot, tmp_path) as window:
        opened(window).wait(lambda: shown(window) == left)
        assert window.window.programme.course.place == 3


def test_a_lesson_with_its_own_pronunciations_and_notes(window: Stage) -> None:
    lesson_id = add(opened(window), NEEV)
    window.window.programme.start_lesson(lesson_id)
    window.wait(lambda: shown(window) == "Neev drinks tea.")
    step = window.page.reading.step
    assert step.note == "Say the name slowly."
    assert step.pronunciations == {"neev": (("N", "IY1", "V"),)}
    window.page.reading.assess_recording(demo(0)[1])
    window.wait(lambda: window.state is State.SCORED)
    assert window.page.attempt is not None
    word = next(word for word in window.page.attempt.assessment.words if not word.is_extra)
    assert [phone.symbol for phone in word.phones] in ([], ["N", "IY1", "V"])


def test_a_lesson_that_is_gone_is_told_and_what_was_shown_stays(window: Stage) -> None:
    before = shown(opened(window))
    window.window.programme.start_lesson("0" * 32)
    window.wait(lambda: "not in the library any more" in window.page.banner.text)
    assert shown(window) == before


def test_a_text_of_ones_own_gives_way_to_the_lesson_at_its_place(window: Stage) -> None:
    opened(window).window.step(2)
    left = shown(window)
    window.window.show_own("Something else.")
    assert window.window.programme.own_text == "Something else."
    window.qtbot.keyClick(window.page, Qt.Key.Key_N)
    assert shown(window) == left
    assert window.window.programme.own_text == ""


def test_a_drill_goes_back_to_the_text_with_its_place_in_the_lesson(window: Stage) -> None:
    opened(window)
    step = window.page.reading.step
    window.page.practice_asked.emit(("cup", "tea"))
    assert shown(window) == "cup, tea, cup, tea, cup, tea."
    assert window.page.reading.step.item_id is None
    window.page.practice_asked.emit(())
    assert window.page.reading.step == step


@pytest.mark.parametrize("has_read", [True, False])
def test_another_learner_sees_nothing_of_the_one_before(window: Stage, has_read: bool) -> None:
    opened(window).read(0)
    store = window.services.store
    assert store is not None
    other = learners.add(store, "Berit")
    if has_read:
        lesson_id = add(window, NEEV)
        lesson = catalogue.lesson(store, lesson_id)
        first = window.kept()[0]
        assert first.recording is not None
        purpose = attempts.Purpose(other.id, "lesson", lesson_id, lesson.items[1].id)
        attempts.add(store, purpose, first.recording, first.assessment, first.row.started)
    window.services.choose_learner(other.id, other.name)
    assert window.page.attempt is None
    expected = "The second text." if has_read else window.window.programme.course.steps[0].text
    window.wait(lambda: shown(window) == expected)
    assert not window.page.result.isVisible()
