"""The text on the page: where its words stand, how they are walked through, and what marks look like."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.settings import Marking
from app.windows.marks import Mark, MarkKind, described, marks
from app.windows.screenshots import LONG_WORD, MIXED, PARAGRAPH, with_every_mark
from app.windows.text_view import TextView
from app.windows.tokens import LIGHT
from assessment.engine import Assessor
from assessment.results import Assessment
from assessment.text import ReferenceText
from tests.app.windows.stage import demo
from tests.assessment import examples


@pytest.fixture(scope="module")
def reading() -> Assessment:
    text, recording = demo(1)
    return Assessor.load().assess(recording, text)


@pytest.fixture
def view(qtbot: QtBot, reading: Assessment) -> TextView:
    made = TextView()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    made.set_reference(ReferenceText.parse(reading.text))
    return made


def boxes(view: TextView) -> list[tuple[float, ...]]:
    assert view.assessment is not None
    found = [view.word_box(index) for index in range(len(view.assessment.words))]
    return [(box.x(), box.y(), box.width(), box.height()) for box in found]


@pytest.mark.parametrize("text", [PARAGRAPH, LONG_WORD, MIXED, "Hello.", "First line\n\nSecond line"])
@pytest.mark.parametrize("width", [420, 1024, 1920])
@pytest.mark.parametrize("pixels", [16, 28, 48])
def test_every_word_stands_on_the_page_and_none_on_another(
    qtbot: QtBot, text: str, width: int, pixels: int
) -> None:
    view = TextView()
    qtbot.addWidget(view)
    view.resize(width, 300)
    view.set_pixels(pixels)
    view.set_reference(ReferenceText.parse(text))
    assert view.reference is not None
    places = []
    for index, word in enumerate(view.reference.words):
        view.set_place(index, index)
        box = view.place_box()
        assert box is not None
        assert box.left() >= 0
        assert box.bottom() <= view.height()
        if box.width() <= width - 48:
            assert box.right() <= width
        places.append((word.start, box))
    for (start, one), (following, two) in pairwise(places):
        assert start == following or not one.adjusted(1, 1, -1, -1).intersects(two)


def test_words_do_not_move_when_the_result_comes(view: TextView, reading: Assessment) -> None:
    view.set_assessment(reading, (), "ipa")
    bare = boxes(view)
    view.set_assessment(reading, marks(reading, Marking()), "ipa")
    assert boxes(view) == bare


def test_a_detail_pushes_the_lines_below_down_and_lets_them_back(view: TextView, reading: Assessment) -> None:
    view.set_assessment(reading, (), "ipa")
    before, height = boxes(view), view.height()
    view.go_to(0)
    detail = QLabel("detail")
    detail.setFixedHeight(100)
    view.open_detail(detail)
    after = boxes(view)
    assert after[0] == before[0]
    assert after[-1][1] > before[-1][1] + 100
    assert detail.geometry().top() >= before[0][1] + before[0][3]
    assert view.height() > height + 100
    view.close_detail()
    assert boxes(view) == before
    assert view.height() == height


def test_the_word_under_the_mouse_is_the_one_that_stands_there(view: TextView, reading: Assessment) -> None:
    marked = with_every_mark(reading)
    view.set_assessment(marked, marks(marked, Marking()), "ipa")
    for index, word in enumerate(marked.words):
        if not word.is_extra:
            assert view.word_at(view.word_box(index).center()) == index


def test_enter_asks_for_mine_and_shift_enter_for_the_model(
    view: TextView, reading: Assessment, qtbot: QtBot
) -> None:
    view.set_assessment(reading, (), "ipa")
    asked: list[tuple[int, bool]] = []
    view.word_played.connect(lambda index, is_model: asked.append((index, is_model)))
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    last = len(reading.words) - 1
    assert asked == [(last, False), (last, True)]


def test_up_and_down_go_to_the_word_above_and_below(
    view: TextView, reading: Assessment, qtbot: QtBot
) -> None:
    view.set_assessment(reading, (), "ipa")
    view.go_to(0)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.word_box(view.current).top() > view.word_box(0).top()
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.current == 0


def picture(view: TextView) -> QImage:
    return view.grab().toImage()


def test_each_mark_has_a_shape_of_its_own_whatever_its_colour(view: TextView, reading: Assessment) -> None:
    grey = "#777777"
    view.set_tokens(replace(LIGHT, nearly=grey, wrong=grey, added=grey, quiet=grey, good=grey))
    word = reading.words[1]
    pictures = []
    for kind in MarkKind:
        end = (
            word.char_end if kind in (MarkKind.NEARLY, MarkKind.WRONG, MarkKind.LEFT_OUT) else word.char_start
        )
        view.set_assessment(reading, (Mark(kind, 1, word.char_start, end),), "ipa")
        pictures.append(picture(view))
    view.set_assessment(reading, (), "ipa")
    pictures.append(picture(view))
    for number, one in enumerate(pictures):
        assert all(one != other for other in pictures[number + 1 :])


def test_a_new_text_bears_no_marks(view: TextView, reading: Assessment) -> None:
    view.set_assessment(reading, marks(reading, Marking()), "ipa")
    view.set_reference(ReferenceText.parse("Another text."))
    assert view.marks == ()
    assert view.assessment is None


def test_what_was_read_is_dimmed_and_the_word_being_read_has_a_bar(view: TextView) -> None:
    bare = picture(view)
    view.set_place(2, 2)
    dimmed = picture(view)
    view.set_place(3, 3)
    assert bare != dimmed != picture(view)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(examples.assessments())
def test_a_stricter_choice_marks_all_that_a_more_lenient_one_does(assessment: Assessment) -> None:
    def marked(strictness: str) -> set[int]:
        return {mark.word for mark in marks(assessment, Marking(strictness=strictness))}

    assert marked("lenient") <= marked("normal") <= marked("strict")


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(examples.assessments())
def test_every_word_can_be_told_in_a_sentence(assessment: Assessment) -> None:
    for index, word in enumerate(assessment.words):
        assert word.text in described(assessment, index)
