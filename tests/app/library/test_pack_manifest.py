"""The manifest: one schema describes it, and each problem is told in plain words with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.library import pack_manifest
from app.library.lessons import Lesson, LessonError
from app.library.pack_manifest import check, parse, shown
from assessment.phones import PHONES, is_vowel
from tests.app.library.lesson_packs import GOOD
from tests.app.library.lesson_strategies import LESSONS, MANIFESTS

DATA: dict[str, Any] = {"title": "T", "level": "A1", "items": [{"text": "One."}, {"text": "Two."}]}


def with_item(**changes: object) -> dict[str, Any]:
    return DATA | {"items": [DATA["items"][0], DATA["items"][1] | changes]}


def tried(name: str, content: bytes) -> tuple[Lesson | None, tuple[str, ...]]:
    """Return the lesson of a manifest, or what is wrong with it."""
    try:
        return parse(name, content), ()
    except LessonError as problem:
        return None, problem.problems


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(pack_manifest.schema()))


def test_the_schema_knows_the_phones_of_the_engine() -> None:
    phones = json.loads(pack_manifest.schema())["$defs"]["phone"]["enum"]
    assert sorted(phones) == sorted(PHONES)


@pytest.mark.parametrize("phone", PHONES)
def test_pronunciations_are_written_with_the_stress_of_vowels(phone: str) -> None:
    stressed = [f"{phone}{stress}" for stress in "012"] if is_vowel(phone) else [phone]
    wrong = phone if is_vowel(phone) else f"{phone}1"
    assert check(with_item(pronunciations={"two": stressed, "too": [" ".join(stressed * 2)]})) == []
    for said in (wrong, f"{stressed[0]} {wrong}", f" {stressed[0]}", f"{stressed[0]}\n", stressed[0].lower()):
        assert any(
            problem.startswith('item 2, "pronunciations"')
            for problem in check(with_item(pronunciations={"two": [said]}))
        )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (DATA | {"title": " "}, '"title": " " is not a title.'),
        (DATA | {"title": "x" * 201}, '"title": it is longer than 200 characters.'),
        (
            DATA | {"title": "<script>alert(1)</script>"},
            '"title": it has markup such as <b> or <script>, and must be plain text.',
        ),
        (DATA | {"title": "a\u202eb"}, '"title": it has characters that turn the direction of writing.'),
        (DATA | {"title": "a\nb"}, '"title": it has more than one line.'),
        (DATA | {"title": "a\x1b[2Jb"}, '"title": it has control characters.'),
        (DATA | {"title": "a\ud800"}, '"title": it has control characters.'),
        (DATA | {"title": 3}, '"title": 3 is not plain text.'),
        (DATA | {"level": "D1"}, '"level": "D1" is not a level of the CEFR: A1, A2, B1, B2, C1 or C2.'),
        (
            DATA | {"language": "fr"},
            '"language": "fr" is not a language that can be practised, such as en-US.',
        ),
        (
            DATA | {"description": "<!-- a -->"},
            '"description": it has markup such as <b> or <script>, and must be plain text.',
        ),
        (DATA | {"titel": 1}, 'the manifest: "titel" is not known.'),
        (DATA | dict.fromkeys("abcd"), 'the manifest: "a", "b", "c" and others are not known.'),
        ({"items": [{"text": "One."}]}, 'the manifest: "title", "level" are missing.'),
        ([], "the manifest: a list is not a table of keys and values."),
        (DATA | {"items": []}, '"items": there is nothing in it.'),
        (DATA | {"items": {}}, '"items": a table is not a list of items.'),
        (DATA | {"items": [{"text": "One."}] * 1_001}, '"items": there are more than 1,000 entries.'),
        (DATA | {"items": [None]}, "item 1: nothing is not a table with a text."),
        (DATA | {"items": [{}]}, 'item 1: "text" is missing.'),
        (with_item(text="x " * 1_001), 'item 2, "text": it is longer than 2,000 characters.'),
        (with_item(text="\n "), 'item 2, "text": "\\n " is not a text to read aloud.'),
        (
            with_item(focus=["QQ"]),
            'item 2, "focus": "QQ" is not a phone in ARPAbet without stress, such as TH.',
        ),
        (
            with_item(focus=["AE1"]),
            'item 2, "focus": "AE1" is not a phone in ARPAbet without stress, such as TH.',
        ),
        (with_item(focus="TH"), 'item 2, "focus": "TH" is not a list of phones.'),
        (with_item(focus=["TH", "TH"]), 'item 2, "focus": something stands there twice.'),
        (with_item(note="\u200fa"), 'item 2, "note": it has characters that turn the direction of writing.'),
        (with_item(recording=3), 'item 2, "recording": 3 is not plain text.'),
        (with_item(pronunciations={"two": []}), 'item 2, "pronunciations", "two": there is nothing in it.'),
        (
            with_item(pronunciations={"Two": ["T UW1"]}),
            'item 2, "pronunciations": "Two" is not a word in small letters, with apostrophes '
            "such as in don't.",
        ),
        (
            with_item(pronunciations={"two": ["tuː"]}),
            'item 2, "pronunciations", "two": "tuː" is not a pronunciation in ARPAbet with the stress '
            "of each vowel (0, 1 or 2), such as T AH0 M EY1 T OW2.",
        ),
    ],
)
def test_a_problem_is_told_with_its_place(content: object, problem: str) -> None:
    assert check(content) == [problem]


def test_a_text_without_a_word_is_told() -> None:
    (problem,) = check(with_item(text="☺☺"))
    assert problem.startswith('item 2, "text": The text “☺☺” has no word')


def test_all_problems_are_told_at_once() -> None:
    content = DATA | {"level": "", "items": [{"text": "☺"}, {"text": "One.", "focus": ["QQ"], "extra": 1}]}
    assert len(check(content)) == 4


def test_of_very_many_problems_a_hundred_are_told() -> None:
    assert len(check(DATA | {"items": [{}] * 900})) == 100


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lesson.toml", b"not toml [", "cannot be read"),
        ("lesson.toml", b"\xff\xfe", "cannot be read"),
        ("lesson.toml", b"a = " + b"[" * 100_000, "nested too deeply"),
        ("lesson.toml", b"a." * 400_000 + b"b = 1", "more than 500 full stops"),
        ("lesson.toml", b"title = 0x" + b"f" * 100_000, "cannot be read"),
        ("lesson.toml", b"#" * (2**20 + 1), "larger than 1 MB"),
        ("lesson.json", b"{", "cannot be read"),
        ("lesson.json", b"[" * 100_000, "nested too deeply"),
        ("lesson.json", b'{"title": "a", "title": "b"}', 'the key "title" stands twice'),
        ("lesson.json", b"1" * 10_000, "cannot be read"),
        ("lesson.json", b"NaN", "is not a table"),
    ],
)
def test_what_cannot_be_parsed_is_refused_in_words(name: str, content: bytes, said: str) -> None:
    with pytest.raises(LessonError, match=said) as caught:
        parse(name, content)
    assert str(caught.value).startswith(name)


def test_what_a_message_shows_of_a_manifest_is_short_and_does_nothing() -> None:
    assert shown("\x1b]0;gone\x07\u202e") == "\\x1b]0;gone\\x07\\u202e"
    assert shown("x" * 100) == "x" * 40 + "…"
    assert [shown(each) for each in (None, [1], {"a": 1}, True, 3)] == [
        "nothing",
        "a list",
        "a table",
        "True",
        "3",
    ]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse("lesson.toml", b"\xef\xbb\xbf" + GOOD.encode()).title == "T"
    assert parse("lesson.json", b"\xef\xbb\xbf" + json.dumps(DATA).encode()).title == "T"


@given(LESSONS)
def test_every_lesson_comes_back_as_it_was_written(lesson: Lesson) -> None:
    assert parse("lesson.toml", pack_manifest.write(lesson)) == lesson
    assert parse("lesson.json", json.dumps(lesson.to_data()).encode()) == lesson


@given(MANIFESTS)
def test_a_manifest_of_anything_is_a_lesson_or_refused(manifest: tuple[str, bytes]) -> None:
    lesson, problems = tried(*manifest)
    assert (lesson is None) == bool(problems)
    assert all(each.startswith(manifest[0]) and each.isprintable() for each in problems)
    if lesson is not None:
        assert parse("lesson.toml", pack_manifest.write(lesson)) == lesson


@given(st.text() | st.recursive(st.none(), lambda each: st.lists(each)))
def test_whatever_is_shown_can_be_printed(value: object) -> None:
    assert shown(value).isprintable()
