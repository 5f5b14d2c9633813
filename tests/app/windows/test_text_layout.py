"""Lines of a text: nothing is lost, characters are where they are drawn, and a line can be pushed down."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.windows.text_layout import TextLayout

TEXTS = st.text(st.sampled_from("aW i.\n好ש😀é"), max_size=60)
ONE_WAY_TEXTS = st.text(st.sampled_from("aW i.\n好😀é"), max_size=60)
WIDTHS = st.integers(100, 700)


def laid_out(text: str, width: float = 400.0, pixels: int = 28) -> TextLayout:
    font = QFont()
    font.setPixelSize(pixels)
    return TextLayout(text, font, width)


def box(page: TextLayout, word: str) -> QRectF:
    start = page.text.index(word)
    (found,) = page.rectangles(start, start + len(word))
    return found


def ink(page: TextLayout, width: int = 800) -> QRectF:
    """The smallest box around what is drawn."""
    picture = QImage(width, round(page.height) + 10, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    page.draw(painter, [], QRectF(picture.rect()))
    painter.end()
    dark = [
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).lightness() < 160
    ]
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    return QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs) + 1, max(ys) + 1))


@given(TEXTS, WIDTHS)
def test_lines_hold_every_character_of_the_text_once_and_in_order(
    qapp: object, text: str, width: int
) -> None:
    page = laid_out(text, width)
    held = [place for line in page.lines for place in range(line.start, line.end)]
    assert held == [place for place, character in enumerate(text) if character != "\n"]


@given(TEXTS, WIDTHS)
def test_lines_stand_below_each_other_on_the_page(qapp: object, text: str, width: int) -> None:
    page = laid_out(text, width)
    tops = [line.top for line in page.lines]
    assert tops == sorted(tops)
    assert all(low - high >= page.line_height for high, low in pairwise(tops))
    assert page.height >= tops[-1] + page.line_height


@given(ONE_WAY_TEXTS, WIDTHS, st.data())
def test_the_character_at_the_middle_of_a_character_is_that_one(
    qapp: object, text: str, width: int, data: st.DataObject
) -> None:
    # Spaces at the end of a line have no place of their own.
    places = [place for place, character in enumerate(text) if not character.isspace()]
    if not places:
        return
    page = laid_out(text, width)
    place = data.draw(st.sampled_from(places))
    (found,) = page.rectangles(place, place + 1)
    assert page.character_at(found.center()) == place


@pytest.mark.parametrize("before", ["", "😀 ", "😀😀 𝒳 ", "שלום ", "你好 ", "é "])
def test_a_word_after_any_script_is_boxed_where_it_is_drawn(qtbot: QtBot, before: str) -> None:
    page = laid_out(f"{before}Hi", 800.0)
    found = box(page, "Hi")
    alone = box(laid_out("Hi", 800.0), "Hi")
    assert found.width() == pytest.approx(alone.width(), abs=1.0)
    assert ink(page).right() == pytest.approx(found.right(), abs=4.0)


def test_words_between_words_that_run_leftwards_keep_their_order_and_width(qtbot: QtBot) -> None:
    page = laid_out("שלום Good morning עולם my friend.", 800.0)
    words = ["Good", "morning", "my", "friend"]
    found = [box(page, word) for word in words]
    assert all(one.right() < two.left() for one, two in pairwise(found))
    for word, each in zip(words, found, strict=True):
        assert each.width() == pytest.approx(box(laid_out(word, 800.0), word).width(), abs=1.0)


def test_a_number_after_a_word_that_runs_leftwards_has_a_box_of_its_own_width(qtbot: QtBot) -> None:
    page = laid_out("He paid שלום 25 coins.", 800.0)
    alone = box(laid_out("25", 800.0), "25")
    assert box(page, "25").width() == pytest.approx(alone.width(), abs=1.0)
    assert not box(page, "25").intersects(box(page, "coins"))


@pytest.mark.parametrize("word", ["café", "cafe\u0301", "😀", "👩\u200d👩\u200d👧", "naïve"])
def test_a_word_ends_where_the_next_space_begins(qtbot: QtBot, word: str) -> None:
    page = laid_out(f"{word} {word} {word}.", 800.0)
    starts = [number * (len(word) + 1) for number in range(3)]
    found = [next(page.rectangles(start, start + len(word))) for start in starts]
    spaces = [next(page.rectangles(start - 1, start)) for start in starts[1:]]
    for space, before, after in zip(spaces, found, found[1:], strict=False):
        assert before.right() == pytest.approx(space.left(), abs=0.5)
        assert space.right() == pytest.approx(after.left(), abs=0.5)
        assert space.width() > 2


def test_a_text_of_nothing_is_an_empty_line(qtbot: QtBot) -> None:
    page = laid_out("")
    assert len(page.lines) == 1
    (place,) = page.rectangles(0, 0)
    assert place.width() == 0
    assert page.character_at(QPointF(5, 5)) in (None, 0)


def test_a_word_that_is_wider_than_the_page_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    word = "pneumonoultramicroscopicsilicovolcanoconiosis"
    page = laid_out(word, 150.0)
    parts = list(page.rectangles(0, len(word)))
    assert len(parts) > 2
    assert all(part.right() <= 150.0 for part in parts)
    assert len({part.top() for part in parts}) == len(parts)


def test_a_wider_page_has_fewer_lines_and_larger_letters_more(qtbot: QtBot) -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 4
    assert len(laid_out(text, 800.0).lines) < len(laid_out(text, 300.0).lines)
    assert len(laid_out(text, 400.0, 48).lines) > len(laid_out(text, 400.0, 16).lines)


def test_an_empty_line_of_the_text_is_more_room_between_lines(qtbot: QtBot) -> None:
    close, apart = laid_out("One.\nTwo."), laid_out("One.\n\nTwo.")
    assert box(apart, "Two").top() > box(close, "Two").top()


def test_room_below_a_line_moves_only_the_lines_after_it_and_can_be_taken_back(qtbot: QtBot) -> None:
    page = laid_out("One.\nTwo.\nThree.")
    before, height = [page.top(line) for line in range(3)], page.height
    page.open_gap(1, 120.0)
    assert [page.top(line) for line in range(3)] == [before[0], before[1], before[2] + 120.0]
    assert box(page, "Three").top() == before[2] + 120.0
    assert page.height == height + 120.0
    page.open_gap(-1, 99.0)
    assert [page.top(line) for line in range(3)] == before
    assert page.height == height


def test_letters_are_drawn_below_the_room_that_was_opened(qtbot: QtBot) -> None:
    page = laid_out("One.\nTwo.")
    before = ink(page).bottom()
    page.open_gap(0, 120.0)
    assert ink(page).bottom() == pytest.approx(before + 120.0, abs=1.0)


def test_no_character_stands_in_the_room_below_a_line(qtbot: QtBot) -> None:
    page = laid_out("One.\nTwo.")
    page.open_gap(0, 120.0)
    assert page.character_at(QPointF(5.0, page.line_height + 60.0)) is None
    assert page.character_at(QPointF(1.0, page.line_height + 125.0)) == 5


def test_the_span_of_a_clip_is_what_its_lines_hold(qtbot: QtBot) -> None:
    page = laid_out("One.\nTwo.\nThree.")
    middle = page.line_height * 1.5
    assert page.span(QRectF(0, middle, 10, 1)) == (5, 9)
    assert page.span(QRectF(0, -50, 10, 5000)) == (0, 16)
    page.open_gap(0, 200.0)
    assert page.span(QRectF(0, 1, 10, page.line_height + 50)) == (0, 4)
