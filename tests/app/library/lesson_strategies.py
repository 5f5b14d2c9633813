"""Lessons that hypothesis makes up: correct ones, and manifests that are anything but."""

from __future__ import annotations

import json
from pathlib import Path

import tomli_w
from hypothesis import strategies as st

from app.library.lessons import Item, Lesson
from assessment.phones import PHONES, is_vowel

# Letters without those that a manifest may not hold; "<" begins markup.
_CHARACTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cc", "Zl", "Zp"),
    exclude_characters="<\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
_LINES = st.text(_CHARACTERS, max_size=30)
# A word at the end makes sure that there is something to read.
_TEXTS = st.builds("{}\n{}hello".format, _LINES, _LINES.map(lambda line: f"{line} "))
_SAID = st.lists(
    st.sampled_from(PHONES).map(lambda phone: f"{phone}1" if is_vowel(phone) else phone),
    min_size=1,
    max_size=6,
).map(" ".join)
_WORDS = st.from_regex(r"[a-z]{1,8}('[a-z])?", fullmatch=True)

ITEMS = st.builds(
    Item,
    text=_TEXTS,
    focus=st.lists(st.sampled_from(PHONES), unique=True, max_size=3).map(tuple),
    note=_LINES,
    recording=st.none(),
    pronunciations=st.dictionaries(_WORDS, st.lists(_SAID, min_size=1, max_size=2).map(tuple), max_size=2),
)
LESSONS = st.builds(
    Lesson,
    title=_LINES.filter(str.strip),
    level=st.sampled_from(["A1", "A2", "B1", "B2", "C1", "C2"]),
    items=st.lists(ITEMS, min_size=1, max_size=3).map(tuple),
    language=st.sampled_from(["en", "en-US", "en-GB"]),
    licence=_LINES,
    description=_LINES,
)


def with_recordings(lesson: Lesson) -> Lesson:
    """Give every item of a lesson a recording of its own."""
    items = tuple(
        Item(item.text, item.focus, item.note, Path(f"said/{number}.flac"), item.pronunciations)
        for number, item in enumerate(lesson.items)
    )
    return Lesson(lesson.title, lesson.level, items, lesson.language, lesson.licence, lesson.description)


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["A1", "TH", "K AE1 T", "Hello.", "../x.flac", "<script>alert(1)</script>", "\u202e"])
)
_KEYS = (
    st.sampled_from(
        ["title", "level", "language", "licence", "description", "items", "text", "focus", "note"]
    )
    | st.sampled_from(["recording", "pronunciations", "cat", "$schema"])
    | st.text(max_size=5)
)
_VALUES = st.recursive(
    _SCALARS,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(_KEYS, each, max_size=4),
    max_leaves=12,
)
# A correct manifest of which a few values are anything.
_SPOILT = st.builds(
    lambda lesson, top, item: (
        lesson.to_data() | top | {"items": [*lesson.to_data()["items"], lesson.to_data()["items"][0] | item]}
    ),
    LESSONS,
    st.dictionaries(_KEYS, _VALUES, max_size=1).filter(lambda top: "items" not in top),
    st.dictionaries(_KEYS, _VALUES, max_size=1),
)
_CONTENTS = _SPOILT | _VALUES | st.dictionaries(_KEYS, _VALUES, max_size=5)


def _as_json(content: object) -> tuple[str, bytes]:
    return "lesson.json", json.dumps(content).encode()


def _as_toml(content: object) -> tuple[str, bytes]:
    table = _without_nothing(content) if isinstance(content, dict) else {"items": str(content)}
    return "lesson.toml", tomli_w.dumps(table).encode("utf-8", "surrogatepass")


def _without_nothing(content: object) -> object:
    """Leave out what TOML cannot say."""
    if isinstance(content, dict):
        return {key: _without_nothing(value) for key, value in content.items() if value is not None}
    if isinstance(content, list):
        return [_without_nothing(value) for value in content if value is not None]
    return content


_NAMES = st.sampled_from(["lesson.toml", "lesson.json"])
_BYTES = st.binary(max_size=200) | st.text(max_size=200).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
# Name and bytes of a manifest: most nearly correct, some of anything.
MANIFESTS = _CONTENTS.map(_as_json) | _CONTENTS.map(_as_toml) | st.tuples(_NAMES, _BYTES)
