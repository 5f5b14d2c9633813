"""Lessons: what ships can be read aloud; what is broken is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.lessons import MANIFEST, Lesson, LessonError, first_lesson
from assessment.text import ReferenceText

GOOD = 'title = "T"\nlevel = "A1"\n[[items]]\ntext = "Hello."\nfocus = ["TH"]\n'


def read(folder: Path, content: str) -> Lesson:
    (folder / MANIFEST).write_text(content, encoding="utf-8")
    return Lesson.read(folder)


def test_every_text_of_the_first_lesson_can_be_read_aloud() -> None:
    lesson = first_lesson()
    assert len(lesson.items) == 12
    for item in lesson.items:
        assert ReferenceText.parse(item.text).skipped == ()


def test_a_lesson_is_read(tmp_path: Path) -> None:
    lesson = read(tmp_path, GOOD)
    assert (lesson.title, lesson.level, lesson.items[0].text) == ("T", "A1", "Hello.")
    assert lesson.items[0].focus == ("TH",)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "not toml [",
        GOOD.replace('title = "T"\n', ""),
        GOOD.replace('"Hello."', '"  "'),
        GOOD.replace('"Hello."', "3"),
        GOOD.replace('"TH"', '"QQ"'),
        'title = "T"\nlevel = "A1"\nitems = []\n',
        'title = "T"\nlevel = "A1"\nitems = 3\n',
    ],
)
def test_a_broken_lesson_is_refused_and_named(tmp_path: Path, broken: str) -> None:
    with pytest.raises(LessonError, match=r"lesson\.toml"):
        read(tmp_path, broken)


def test_a_missing_lesson_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LessonError):
        Lesson.read(tmp_path)


@given(st.text(max_size=200))
def test_any_text_is_a_lesson_or_refused(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    folder = tmp_path_factory.mktemp("lesson")
    (folder / MANIFEST).write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(LessonError):
        Lesson.read(folder)
