"""The text on the page: where words stand, how they are walked through, what is seen on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.settings import Marking
from app.windows.marks import Mark, MarkKind, marks
from app.windows.screenshots import with_every_mark
from app.windows.text_view import LARGEST, SMALLEST, TextView
from app.windows.tokens import DARK, LIGHT
from assessment.engine import Assessor
from assessment.results import Assessment, ErrorType, Word
from assessment.text import ReferenceText
from tests.app.windows.stage import demo
from tests.assessment import examples

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT_BUTTON = Qt.MouseButton.LeftButton
PARAGRAPH = (
    "On Thursday we will walk along the river and visit my brother's old library. "
    "It cost $25 in 1999, I am told; a well-known price!\n\n"
    "Could you give me a cup of tea?"
)
VOCABULARY = st.sampled_from(
    ["I", "a", "to", "tea", "river", "brother's", "well-known", "strengths", "$25", "1999", "Thursday,"]
)
TEXTS = st.lists(VOCABULARY, min_size=1, max_size=40).map(" ".join)


@pytest.fixture(scope="module")
def reading(assessor: Assessor) -> Assessment:
    """A real reading with mistakes, in which each kind of mark stands."""
    text, recording = demo(1)
    return with_every_mark(assessor.assess(recording, text))


@pytest.fixture
def view(qtbot: QtBot) -> TextView:
    made = TextView()
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    return made


@pytest.fixture
def scored(view: TextView, reading: Assessment) -> TextView:
    view.set_reference(ReferenceText.parse(reading.text))
    view.set_assessment(reading, marks(reading, Marking()), "ipa")
    return view


def as_read(text: str) -> Assessment:
    """Return a reading of any text in which every word was said."""
    reference = ReferenceText.parse(text)
    words = tuple(
        replace(
            examples.word(each.spoken, "T AH0", 0.3 * number, at=each.start),
            text=text[each.start : each.end],
            char_end=each.end,
        )
        for number, each in enumerate(reference.words)
    )
    return replace(examples.good_reading(), text=text, words=words)


def beside(reading: Assessment, index: int, said: str) -> Assessment:
    """Return a reading in which a word was added before another."""
    before = reading.words[index]
    added = replace(before, text=said, spoken=said, char_end=before.char_start, error=ErrorType.INSERTION)
    return replace(reading, words=(*reading.words[:index], added, *reading.words[index:]))


def showing(view: TextView, reading: Assessment) -> None:
    view.set_reference(ReferenceText.parse(reading.text))
    view.set_assessment(reading, (), "ipa")


def words_of(view: TextView) -> Sequence[Word]:
    assert view.assessment is not None
    return view.assessment.words


def boxes(view: TextView) -> list[QRectF]:
    return [view.word_box(index) for index in range(len(words_of(view)))]


def places(view: TextView) -> list[QRectF]:
    """Where the words stand while they are being read."""
    assert view.reference is not None
    found = []
    for index in range(len(view.reference.words)):
        view.set_place(index, index)
        box = view.place_box()
        assert box is not None
        found.append(box)
    return found


def picture(view: TextView) -> QImage:
    return view.grab().toImage()


def colours(image: QImage, box: QRectF) -> set[str]:
    """The colours inside a box of a picture."""
    area = box.toAlignedRect()
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    }


def click(view: TextView, qtbot: QtBot, index: int, held: Qt.KeyboardModifier | None = None) -> None:
    point = view.word_box(index).center().toPoint()
    qtbot.mouseClick(view, LEFT_BUTTON, held or Qt.KeyboardModifier.NoModifier, point)


# --- where words stand --------------------------------------------------------------------------


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.integers(400, 1200), st.integers(SMALLEST, LARGEST))
def test_every_word_lies_on_the_page_and_can_be_found_there(
    view: TextView, text: str, width: int, pixels: int
) -> None:
    view.resize(width, view.height())
    view.set_pixels(pixels)
    showing(view, as_read(text))
    found = boxes(view)
    for box in found:
        assert QRectF(view.rect()).contains(box)
    seen: set[tuple[int, int]] = set()
    for index, word in enumerate(words_of(view)):
        span = word.char_start, word.char_end
        # "$25" is three words at one place: it leads to the first of them.
        if span not in seen:
            assert view.word_at(found[index].center()) == index
        seen.add(span)
    for (one, here), (two, there) in pairwise(zip(words_of(view), found, strict=True)):
        if one.char_start != two.char_start:
            assert here.bottom() <= there.top() or here.right() <= there.left()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.integers(SMALLEST, LARGEST), st.data())
def test_an_added_word_can_be_found_and_hides_no_word_beside_it(
    view: TextView, text: str, pixels: int, data: st.DataObject
) -> None:
    bare = as_read(text)
    starts = [word.char_start for word in bare.words]
    index = starts.index(data.draw(st.sampled_from(starts)))
    view.set_pixels(pixels)
    showing(view, beside(bare, index, "um"))
    assert view.word_at(view.word_box(index).center()) == index
    for neighbour in (index - 1, index + 1):
        if neighbour >= 0 and starts.count(words_of(view)[neighbour].char_start) == 1:
            assert view.word_at(view.word_box(neighbour).center()) == neighbour


def test_a_short_word_before_an_added_one_can_be_clicked(view: TextView) -> None:
    showing(view, beside(as_read("I am here."), 1, "um"))
    assert view.word_at(view.word_box(0).center()) == 0
    assert view.word_at(view.word_box(1).center()) == 1
    assert view.word_at(view.word_box(2).center()) == 2


def test_both_parts_of_a_word_over_two_lines_are_that_word(view: TextView) -> None:
    view.resize(400, 300)
    view.set_pixels(LARGEST)
    word = "pneumonoultramicroscopicsilicovolcanoconiosis"
    showing(view, as_read(f"{word} indeed"))
    first = view.word_box(0)
    below = QPointF(first.left() + 20, first.bottom() + first.height() / 2)
    assert view.word_at(first.center()) == 0
    assert view.word_at(below) == 0


def test_no_word_is_beside_the_lines(scored: TextView) -> None:
    assert scored.word_at(QPointF(2.0, 2.0)) is None
    assert scored.word_at(QPointF(scored.width() - 2.0, scored.height() - 2.0)) is None


def test_a_bare_text_has_no_words_to_ask(view: TextView) -> None:
    view.set_reference(ReferenceText.parse(PARAGRAPH))
    assert view.word_at(QPointF(60.0, 40.0)) is None


@pytest.mark.parametrize("width", [400, 700, 1200])
def test_words_stay_where_they_were_when_the_result_comes(view: TextView, width: int) -> None:
    view.resize(width, 400)
    result = as_read(PARAGRAPH)
    view.set_reference(ReferenceText.parse(PARAGRAPH))
    read, height = places(view), view.height()
    view.set_assessment(result, marks(result, Marking(strictness="strict")), "ipa")
    assert boxes(view) == read
    assert view.height() == height


def test_marks_and_walking_move_no_word(scored: TextView, reading: Assessment) -> None:
    before = boxes(scored)
    for strictness in ("lenient", "strict"):
        scored.set_assessment(reading, marks(reading, Marking(strictness=strictness)), "ipa")
        assert boxes(scored) == before
    scored.go_to(3)
    assert boxes(scored) == before


@pytest.mark.parametrize(
    "text",
    [
        "He said 你好 and left.",
        "你好世界，今天天气很好。Good morning.",
        "שלום Good morning עולם my friend.",
        "مرحبا said Omar to me.",
        "😀 Good morning 🎉 to all of you 👩‍👩‍👧 here.",
        "Tabs\tand\r\nother\u2028breaks\u00a0here.",
    ],
)
def test_words_among_other_scripts_stand_beside_each_other_and_are_found(view: TextView, text: str) -> None:
    showing(view, as_read(text))
    found = boxes(view)
    for index, box in enumerate(found):
        assert box.width() > 0
        assert QRectF(view.rect()).contains(box)
        assert view.word_at(box.center()) == index
        assert not any(box.adjusted(1, 1, -1, -1).intersects(other) for other in found[index + 1 :])


def test_ten_thousand_words_are_shown_from_the_first_to_the_last(view: TextView) -> None:
    text = "The quick brown fox jumps over the lazy dog again. " * 1_000
    view.set_reference(ReferenceText.parse(text))
    view.set_place(9_999, 9_999)
    last = view.place_box()
    assert last is not None
    assert last.height() * 600 < view.height() < last.height() * 2_000
    assert view.height() - 80 < last.bottom() <= view.height()


def test_larger_letters_take_more_room_within_limits(view: TextView) -> None:
    view.set_reference(ReferenceText.parse(PARAGRAPH))
    heights = []
    for pixels in (1, SMALLEST, 28, LARGEST, 400):
        view.set_pixels(pixels)
        heights.append(view.height())
    assert heights[0] == heights[1] < heights[2] < heights[3] == heights[4]


def test_lines_are_no_longer_than_one_reads_well_and_stand_in_the_middle(view: TextView) -> None:
    view.resize(1900, 400)
    view.set_reference(ReferenceText.parse(PARAGRAPH))
    found = places(view)
    assert max(box.right() for box in found) - min(box.left() for box in found) <= 896
    assert view.left == pytest.approx((1900 - 896) / 2, abs=1)
    assert min(box.left() for box in found) == pytest.approx(view.left, abs=1)


def test_a_change_of_width_is_told_once_the_lines_are_set(view: TextView, qtbot: QtBot) -> None:
    view.set_reference(ReferenceText.parse(PARAGRAPH))
    with qtbot.waitSignal(view.laid_out):
        view.resize(450, view.height())
    assert all(QRectF(view.rect()).contains(box) for box in places(view))


# --- walking ------------------------------------------------------------------------------------


def test_the_arrows_walk_through_all_words_also_the_added_ones(scored: TextView, qtbot: QtBot) -> None:
    entered: list[int] = []
    scored.word_entered.connect(entered.append)
    count = len(words_of(scored))
    assert any(word.is_extra for word in words_of(scored))
    for _ in range(count):
        qtbot.keyClick(scored, Qt.Key.Key_Right)
    assert entered == list(range(count))
    entered.clear()
    for _ in range(count - 1):
        qtbot.keyClick(scored, Qt.Key.Key_Left)
    assert entered == list(range(count - 2, -1, -1))


def test_the_arrows_stop_at_both_ends(scored: TextView, qtbot: QtBot) -> None:
    qtbot.keyClick(scored, Qt.Key.Key_End)
    qtbot.keyClick(scored, Qt.Key.Key_Right)
    assert scored.current == len(words_of(scored)) - 1
    qtbot.keyClick(scored, Qt.Key.Key_Home)
    qtbot.keyClick(scored, Qt.Key.Key_Left)
    assert scored.current == 0


def test_down_goes_through_every_line_and_up_back(view: TextView, qtbot: QtBot) -> None:
    view.resize(400, 400)
    showing(view, as_read(PARAGRAPH))
    lines = sorted({box.top() for box in boxes(view)})
    seen = []
    for _ in lines:
        qtbot.keyClick(view, Qt.Key.Key_Down)
        seen.append(view.word_box(view.current).top())
    assert seen == lines
    last = view.current
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.current == last
    for _ in lines:
        qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.word_box(view.current).top() == lines[0]


def test_down_keeps_to_the_column(view: TextView, qtbot: QtBot) -> None:
    view.resize(700, 400)
    showing(view, as_read("one two three four five six\none two three four five six"))
    view.go_to(4)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.current == 10


def test_the_arrows_do_nothing_on_a_bare_text(view: TextView, qtbot: QtBot) -> None:
    view.set_reference(ReferenceText.parse(PARAGRAPH))
    with qtbot.assertNotEmitted(view.word_entered):
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Return):
            qtbot.keyClick(view, key)


def test_enter_plays_the_word_and_shift_enter_the_model(scored: TextView, qtbot: QtBot) -> None:
    played: list[tuple[int, bool]] = []
    scored.word_played.connect(lambda *what: played.append(what))
    qtbot.keyClick(scored, Qt.Key.Key_Return)
    assert played == []
    scored.go_to(2)
    qtbot.keyClick(scored, Qt.Key.Key_Return)
    qtbot.keyClick(scored, Qt.Key.Key_Enter, SHIFT)
    assert played == [(2, False), (2, True)]


def test_a_click_goes_to_the_word_and_plays_it(scored: TextView, qtbot: QtBot) -> None:
    played: list[tuple[int, bool]] = []
    scored.word_played.connect(lambda *what: played.append(what))
    for index, word in enumerate(words_of(scored)):
        played.clear()
        click(scored, qtbot, index)
        assert played == [(index, False)], word
        assert scored.current == index
    click(scored, qtbot, 1, SHIFT)
    assert played[-1] == (1, True)


def test_only_the_left_button_and_only_words_play(scored: TextView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(scored.word_played):
        qtbot.mouseClick(scored, Qt.MouseButton.RightButton, pos=scored.word_box(0).center().toPoint())
        qtbot.mouseClick(scored, LEFT_BUTTON, pos=QPoint(3, 3))


def test_the_pointer_says_what_can_be_clicked(scored: TextView, qtbot: QtBot) -> None:
    qtbot.mouseMove(scored, scored.word_box(0).center().toPoint())
    qtbot.waitUntil(lambda: scored.cursor().shape() is Qt.CursorShape.PointingHandCursor)
    qtbot.mouseMove(scored, QPoint(3, 3))
    qtbot.waitUntil(lambda: scored.cursor().shape() is Qt.CursorShape.ArrowCursor)


# --- the detail in place ------------------------------------------------------------------------


def opened(view: TextView, index: int, height: int = 120) -> QLabel:
    view.go_to(index)
    detail = QLabel("detail")
    detail.setFixedHeight(height)
    view.open_detail(detail)
    return detail


@pytest.mark.parametrize("index", [0, 5, 10])
def test_a_detail_pushes_what_follows_down_by_its_height_and_covers_no_word(
    view: TextView, index: int
) -> None:
    view.resize(420, 400)
    showing(view, as_read(PARAGRAPH))
    before, height = boxes(view), view.height()
    detail = opened(view, index)
    grown = view.height() - height
    assert detail.height() <= grown <= detail.height() + 24
    line = before[index].top()
    for old, new in zip(before, boxes(view), strict=True):
        assert new.top() - old.top() == (grown if old.top() > line else 0)
        assert new.left() == old.left()
        assert not QRectF(detail.geometry()).intersects(new)
    assert view.rect().contains(detail.geometry())
    assert detail.isVisible()
    view.close_detail()
    assert boxes(view) == before
    assert view.height() == height
    assert detail.isHidden()


def test_words_below_an_open_detail_are_still_found(view: TextView) -> None:
    view.resize(420, 400)
    showing(view, as_read(PARAGRAPH))
    detail = opened(view, 0)
    spans = [(word.char_start, word.char_end) for word in words_of(view)]
    for index, box in enumerate(boxes(view)):
        assert view.word_at(box.center()) == spans.index(spans[index])
    assert view.word_at(QPointF(detail.geometry().center())) is None


def test_the_detail_goes_along_with_the_word(view: TextView) -> None:
    view.resize(420, 400)
    showing(view, as_read(PARAGRAPH))
    detail = opened(view, 0)
    top = detail.y()
    view.go_to(len(words_of(view)) - 1)
    assert detail.y() > top
    assert detail.y() >= view.word_box(view.current).bottom()


def test_another_detail_takes_the_place_of_the_first(view: TextView) -> None:
    showing(view, as_read(PARAGRAPH))
    first = opened(view, 0)
    second = opened(view, 0, 200)
    assert first.isHidden()
    assert view.detail is second
    view.close_detail()
    assert view.detail is None


def test_a_new_text_has_no_marks_no_place_and_no_detail(scored: TextView) -> None:
    detail = opened(scored, 1)
    scored.set_reference(ReferenceText.parse("Another text."))
    assert (scored.marks, scored.assessment, scored.current) == ((), None, -1)
    assert scored.place_box() is None
    assert detail.isHidden()
    fresh = picture(scored)
    scored.set_reference(ReferenceText.parse("Another text."))
    assert picture(scored) == fresh


# --- what is seen -------------------------------------------------------------------------------


def test_words_that_were_read_are_dimmed_and_the_next_ones_are_not(view: TextView) -> None:
    view.set_reference(ReferenceText.parse("one two three four"))
    read = places(view)
    view.set_place(0, None)
    fresh = picture(view)
    assert all(LIGHT.text.upper() in colours(fresh, box) for box in read)
    view.set_place(2, None)
    dimmed = picture(view)
    for index, box in enumerate(read):
        assert (LIGHT.quiet.upper() in colours(dimmed, box)) == (index < 2)
        assert (LIGHT.text.upper() in colours(dimmed, box)) == (index >= 2)


def test_only_the_word_being_read_has_a_bar(view: TextView) -> None:
    view.set_reference(ReferenceText.parse("one two three four"))
    read = places(view)
    view.set_place(1, 1)
    shown = picture(view)
    assert [LIGHT.accent.upper() in colours(shown, box) for box in read] == [False, True, False, False]
    view.set_place(2, None)
    assert not any(LIGHT.accent.upper() in colours(picture(view), box) for box in read)


def test_words_in_other_languages_are_quiet_before_and_after_the_reading(view: TextView) -> None:
    text = "He said שלום and left."
    result = as_read(text)
    view.set_reference(ReferenceText.parse(text))
    said = places(view)
    view.set_place(0, None)
    between = QRectF(said[1].topRight(), said[2].bottomLeft()).adjusted(2, 0, -2, 0)
    before = colours(picture(view), between)
    assert LIGHT.quiet.upper() in before
    assert LIGHT.text.upper() not in before
    view.set_assessment(result, (), "ipa")
    assert colours(picture(view), between) == before


def test_the_colours_are_those_of_the_theme(view: TextView) -> None:
    view.set_reference(ReferenceText.parse("one two"))
    view.set_place(1, 1)
    view.set_tokens(DARK)
    shown = colours(picture(view), QRectF(view.rect()))
    assert {DARK.text, DARK.quiet, DARK.accent} <= shown
    assert not {LIGHT.text, LIGHT.accent} & shown


MARKED = "#777777"


def test_each_kind_of_mark_differs_when_all_colours_are_one(view: TextView) -> None:
    view.set_tokens(replace(LIGHT, nearly=MARKED, wrong=MARKED, added=MARKED, quiet=MARKED, good=MARKED))
    showing(view, as_read("one two three"))
    word = words_of(view)[1]
    on_word = (MarkKind.NEARLY, MarkKind.WRONG, MarkKind.LEFT_OUT)
    seen = [picture(view)]
    for kind in MarkKind:
        end = word.char_end if kind in on_word else word.char_start
        label = "um" if kind in (MarkKind.ADDED, MarkKind.AGAIN) else ""
        view.set_assessment(
            view.assessment or as_read("one two three"), (Mark(kind, 1, word.char_start, end, label),), "ipa"
        )
        seen.append(picture(view))
    for number, one in enumerate(seen):
        assert all(one != other for other in seen[number + 1 :])


@pytest.mark.parametrize("pixels", [SMALLEST, 28, LARGEST])
@pytest.mark.parametrize(
    ("kind", "token"),
    [
        (MarkKind.NEARLY, "nearly"),
        (MarkKind.WRONG, "wrong"),
        (MarkKind.LEFT_OUT, "quiet"),
        (MarkKind.ADDED, "added"),
        (MarkKind.AGAIN, "added"),
        (MarkKind.PAUSE, "nearly"),
        (MarkKind.NO_PAUSE, "nearly"),
    ],
)
def test_a_mark_stands_at_its_word_only(view: TextView, kind: MarkKind, token: str, pixels: int) -> None:
    colour = "#FF00FF"
    view.set_tokens(replace(LIGHT, **{token: colour}))
    view.set_pixels(pixels)
    reading = as_read("one two three four")
    showing(view, reading)
    found, bare = boxes(view), picture(view)
    word = reading.words[2]
    on_word = kind in (MarkKind.NEARLY, MarkKind.WRONG, MarkKind.LEFT_OUT)
    end = word.char_end if on_word else word.char_start
    view.set_assessment(reading, (Mark(kind, 2, word.char_start, end),), "ipa")
    shown = picture(view)
    changed = [
        x
        for x in range(shown.width())
        for y in range(shown.height())
        if shown.pixelColor(x, y) != bare.pixelColor(x, y)
    ]
    assert changed
    assert min(changed) > found[1].left()
    assert max(changed) < found[3].left()
    reach = found[1].right(), found[3].left()
    near = QRectF(reach[0], found[2].top(), reach[1] - reach[0], found[2].height())
    pinks = [QColor(each) for each in colours(shown, near)]
    assert any(each.red() > each.green() + 60 and each.blue() > each.green() + 60 for each in pinks)


def test_the_label_of_an_added_word_is_not_cut_off(view: TextView) -> None:
    colour = "#FF00FF"
    view.set_tokens(replace(LIGHT, added=colour))
    for text, index in (("one two", 0), ("one two", 1)):
        reading = beside(as_read(text), index, "interesting")
        showing(view, reading)
        view.set_assessment(reading, marks(reading, Marking()), "ipa")
        shown = picture(view)
        edge = [shown.pixelColor(x, 0).name() for x in range(shown.width())]
        assert colour.lower() not in edge
        assert colour.upper() in colours(shown, QRectF(view.rect()))


def test_the_current_word_is_framed(scored: TextView) -> None:
    bare = picture(scored)
    scored.go_to(0)
    first = picture(scored)
    scored.go_to(2)
    assert bare != first != picture(scored)


# --- what is told -------------------------------------------------------------------------------


def test_a_screen_reader_hears_the_text_then_what_happened_then_the_word(
    view: TextView, reading: Assessment
) -> None:
    view.set_reference(ReferenceText.parse(reading.text))
    assert view.accessibleDescription() == reading.text
    view.set_assessment(reading, (), "ipa")
    told = view.accessibleDescription()
    assert "1 left out" in told
    assert "1 added" in told
    assert "1 said again" in told
    view.go_to(1)
    assert reading.words[1].text in view.accessibleDescription()
    view.clear_assessment()
    assert view.accessibleDescription() == reading.text


def test_a_reading_of_one_word_is_counted_as_one(view: TextView) -> None:
    showing(view, as_read("Hello."))
    assert view.accessibleDescription().startswith("1 word, nothing wrong")
