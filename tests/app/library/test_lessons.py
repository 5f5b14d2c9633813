"""Lessons: what ships can be read aloud; what is broken is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli_w
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


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


@given(PLAIN, st.lists(PLAIN.filter(str.strip), min_size=1, max_size=5))
def test_every_lesson_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, title: str, texts: list[str]
) -> None:
    content = tomli_w.dumps({"title": title, "level": "B1", "items": [{"text": text} for text in texts]})
    lesson = read(tmp_path_factory.mktemp("lesson"), content)
    assert lesson.title == title
    assert [item.text for item in lesson.items] == texts
    assert {item.focus for item in lesson.items} == {()}


KINDS = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@given(st.dictionaries(st.sampled_from(["title", "level", "items", "text", "focus"]), KINDS | st.just({})))
def test_whatever_kind_of_thing_stands_there_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, entry: dict[str, object]
) -> None:
    entry = {key: value for key, value in entry.items() if value is not None}
    for content in (entry, {"title": "T", "level": "A1", "items": [{**entry, "text": 3}]}):
        with pytest.raises(LessonError, match=r"lesson\.toml"):
            read(tmp_path_factory.mktemp("lesson"), tomli_w.dumps(content))


@pytest.mark.parametrize("focus", ["3", '"TH"', "[3]", '[["TH"]]', "true", "{ a = 1 }"])
def test_a_focus_of_the_wrong_kind_is_refused(tmp_path: Path, focus: str) -> None:
    with pytest.raises(LessonError, match=r"lesson\.toml"):
        read(tmp_path, GOOD.replace('["TH"]', focus))
