"""Lessons: what ships can be read aloud, and a lesson comes back from its manifest as it was."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given

from app.library.lessons import Item, Lesson, LessonError, first_lesson
from assessment.text import ReferenceText
from tests.app.library.lesson_strategies import LESSONS


def test_every_text_of_the_first_lesson_can_be_read_aloud() -> None:
    lesson = first_lesson()
    assert len(lesson.items) == 12
    for item in lesson.items:
        assert ReferenceText.parse(item.text).skipped == ()


def test_a_lesson_holds_what_its_manifest_says() -> None:
    entry = {
        "text": "A tomato.",
        "focus": ["T"],
        "note": "Short.",
        "recording": "said/1.flac",
        "pronunciations": {"tomato": ["T AH0 M EY1 T OW2", "T AH0 M AA1 T OW2"]},
    }
    lesson = Lesson.of(
        {"title": "Fruit", "level": "A2", "licence": "CC0", "description": "D", "items": [entry]}
    )
    said = {"tomato": ("T AH0 M EY1 T OW2", "T AH0 M AA1 T OW2")}
    item = Item("A tomato.", ("T",), "Short.", Path("said/1.flac"), said)
    assert lesson == Lesson("Fruit", "A2", (item,), "en-US", "CC0", "D")


def test_what_is_empty_is_not_written() -> None:
    assert Lesson("T", "A1", (Item("Hello."),)).to_data() == {
        "title": "T",
        "language": "en-US",
        "level": "A1",
        "items": [{"text": "Hello."}],
    }


@given(LESSONS)
def test_every_lesson_comes_back_from_its_data(lesson: Lesson) -> None:
    assert Lesson.of(lesson.to_data()) == lesson


def test_an_error_without_a_list_of_problems_is_its_only_problem() -> None:
    assert LessonError("Bad.").problems == ("Bad.",)
    assert LessonError("Bad.", ["One.", "Two."]).problems == ("One.", "Two.")
