"""Which phones the texts of lessons have, and where their letters stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.library import phone_index
from app.library.models import Item, Lesson
from app.library.phone_index import ItemPhones, focus_spans, own_pronunciations, phones_of_items
from app.library.store import Store
from assessment.phones import PHONES
from tests.app.library.weak_readings import SENTENCES, add_lessons

TEXTS = [text for text, _ in SENTENCES]


def only(store: Store, text: str, level: str = "A1", **values: object) -> ItemPhones:
    """Add a lesson of one text; gives its phones."""
    with store.writing() as session:
        lesson = Lesson(title="One", level=level)
        session.add(lesson)
        session.flush()
        session.add(Item(lesson_id=lesson.id, position=0, text=text, **values))
    (found,) = phones_of_items(store, [level])
    return found


def marked(text: str, phone: str) -> list[str]:
    return [text[start:end] for start, end in focus_spans(text, phone)]


def test_the_phones_of_a_text_are_those_of_its_words(store: Store) -> None:
    found = only(store, "She sees ships.")
    assert found.counts == {"SH": 2, "IY": 2, "S": 2, "Z": 1, "IH": 1, "P": 1}
    assert found.words == 3
    assert found.density("SH") == pytest.approx(2 / 9)
    assert found.density("ZH") == 0.0


def test_pronunciations_of_its_own_go_before_those_of_the_lexicon(store: Store) -> None:
    found = only(store, "Xhosa tea.", pronunciations={"xhosa": ["K OW1 S AH0"]})
    assert found.counts == {"K": 1, "OW": 1, "S": 1, "AH": 1, "T": 1, "IY": 1}
    assert found.pronunciations == {"xhosa": (("K", "OW1", "S", "AH0"),)}


def test_a_way_to_say_a_word_that_is_none_is_left_out() -> None:
    assert own_pronunciations({"a": ["K QQ1", ""], "b": ["B IY1", "x"]}) == {"b": (("B", "IY1"),)}


@pytest.mark.parametrize(
    ("text", "is_words"),
    [
        ("Ship, sheep.", True),
        ("Think – sink. Path – pass.", True),
        ("thing", True),
        ("A pen, the pan.", True),
        ("Is it a ship or a sheep?", False),
        ("Yes, I saw the ship.", False),
    ],
)
def test_lists_of_words_are_known_from_sentences(store: Store, text: str, is_words: bool) -> None:
    assert only(store, text).is_words is is_words


def test_texts_that_nobody_can_read_and_other_languages_are_left_out(store: Store) -> None:
    add_lessons(store, [("A1", (("你好", ()), ("Hello.", ())))])
    add_lessons(store, [("A1", (("Guten Tag.", ()),))], language="de-DE")
    assert [item.text for item in phones_of_items(store, ["A1"])] == ["Hello."]


def test_only_the_levels_that_are_asked_for_are_there_in_the_order_of_the_lessons(store: Store) -> None:
    add_lessons(store)
    found = phones_of_items(store, ["A1", "A2"])
    assert {item.level for item in found} == {"A1", "A2"}
    assert [item.place for item in found] == sorted(item.place for item in found)
    assert [item.text for item in phones_of_items(store, ["A1"]) if item.text in TEXTS] == TEXTS
    assert phones_of_items(store, []) == []


def test_a_text_is_looked_at_once_until_it_changes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    only(store, "She sees ships.")
    looked: list[str] = []
    parse = phone_index.ReferenceText.parse
    monkeypatch.setattr(phone_index.ReferenceText, "parse", lambda text: looked.append(text) or parse(text))
    phones_of_items(store, ["A1"])
    assert looked == []
    with store.writing() as session:
        session.execute(update(Item).values(text="A zoo."))
    (changed,) = phones_of_items(store, ["A1"])
    assert (looked, changed.counts["Z"]) == (["A zoo."], 1)


@pytest.mark.parametrize(
    ("text", "phone", "letters"),
    [
        ("I think the weather is better than on Thursday.", "TH", ["th", "Th"]),
        ("I think the weather is better than on Thursday.", "DH", ["th", "th", "th"]),
        ("She sells fresh fish near the shore.", "SH", ["Sh", "sh", "sh", "sh"]),
        ("Boxes", "S", ["x"]),
        ("25 boxes", "T", ["25"]),
        ("nation", "SH", ["ti"]),
        ("tea", "ZH", []),
        ("你好", "T", []),
    ],
)
def test_the_letters_of_a_phone_are_found(text: str, phone: str, letters: list[str]) -> None:
    assert marked(text, phone) == letters


def test_letters_follow_the_pronunciations_of_a_text() -> None:
    assert focus_spans("Xhosa", "K") == ()
    assert focus_spans("Xhosa", "K", {"xhosa": (("K", "OW1", "S", "AH0"),)}) == ((0, 5),)


@given(st.text(st.sampled_from("abehinorstx' -,.5é你\n"), max_size=40), st.sampled_from(PHONES))
def test_spans_are_in_order_and_within_any_text(text: str, phone: str) -> None:
    spans = focus_spans(text, phone)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert list(spans) == sorted(set(spans))
