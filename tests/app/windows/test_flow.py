"""Widgets in rows as words in a text, and the small parts that many windows need."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.windows.flow import SPACE, FlowLayout, IconButton, clear, label
from app.windows.tokens import DARK, LIGHT
from assessment.errors import ElocuteError

SIZES = st.lists(st.tuples(st.integers(10, 200), st.integers(10, 60), st.booleans()), max_size=12)


def filled(page: QWidget, sizes: list[tuple[int, int, bool]]) -> FlowLayout:
    """Lay out boxes of width and height, of which some are hidden."""
    flow = FlowLayout(page)
    for wide, high, is_hidden in sizes:
        part = QWidget()
        part.setFixedSize(wide, high)
        flow.addWidget(part)
        part.setHidden(is_hidden)
    return flow


def shown(flow: FlowLayout) -> list[QRect]:
    items = [flow.itemAt(index) for index in range(flow.count())]
    return [item.geometry() for item in items if item is not None and not item.isEmpty()]


@given(SIZES, st.integers(200, 600), st.integers(0, 40), st.integers(0, 40))
def test_rows_never_overlap_and_fill_the_height_that_was_asked_for(
    qapp: object, sizes: list[tuple[int, int, bool]], width: int, left: int, top: int
) -> None:
    page = QWidget()
    flow = filled(page, sizes)
    height = flow.heightForWidth(width)
    area = QRect(left, top, width, height)
    flow.setGeometry(area)
    boxes = shown(flow)
    for number, box in enumerate(boxes):
        assert area.contains(box)
        near = box.adjusted(-SPACE + 1, -SPACE + 1, SPACE - 1, SPACE - 1)
        assert not any(near.intersects(other) for other in boxes[number + 1 :])
    assert height == (max(box.bottom() for box in boxes) + 1 - top if boxes else 0)
    order = [(box.top(), box.left()) for box in boxes]
    assert order == sorted(order)


@given(SIZES, st.integers(200, 600), st.integers(1, 300))
def test_more_width_never_needs_more_height(
    qapp: object, sizes: list[tuple[int, int, bool]], width: int, more: int
) -> None:
    page = QWidget()
    sizes = [(wide, 30, is_hidden) for wide, _, is_hidden in sizes]
    flow = filled(page, sizes)
    assert flow.heightForWidth(width + more) <= flow.heightForWidth(width)


@given(SIZES)
def test_the_size_that_is_asked_for_is_one_row(qapp: object, sizes: list[tuple[int, int, bool]]) -> None:
    page = QWidget()
    flow = filled(page, sizes)
    wanted = flow.sizeHint()
    visible = [(wide, high) for wide, high, is_hidden in sizes if not is_hidden]
    assert flow.heightForWidth(wanted.width()) == max((high for _, high in visible), default=0)
    assert wanted.width() == max(0, sum(wide + SPACE for wide, _ in visible) - SPACE)


@given(SIZES)
def test_the_least_width_is_that_of_the_widest(qapp: object, sizes: list[tuple[int, int, bool]]) -> None:
    page = QWidget()
    least = filled(page, sizes).minimumSize()
    assert least.width() == max((wide for wide, _, is_hidden in sizes if not is_hidden), default=0)


def test_what_is_wider_than_the_room_has_a_row_of_its_own(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    flow = filled(page, [(50, 20, False), (400, 20, False), (50, 20, False)])
    flow.setGeometry(QRect(0, 0, 100, flow.heightForWidth(100)))
    assert [box.left() for box in shown(flow)] == [0, 0, 0]


def test_a_page_gives_its_flow_the_height_that_it_needs(qtbot: QtBot) -> None:
    page, part = QWidget(), QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(part)
    column.addStretch(1)
    flow = filled(part, [(100, 30, False)] * 6)
    page.show()
    heights = []
    for width in (700, 250):
        page.resize(width, 600)
        QCoreApplication.processEvents()
        heights.append(part.height())
        assert part.height() >= flow.heightForWidth(part.width())
    assert heights[0] < heights[1]


def test_items_can_be_taken_out_and_asked_for(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    flow = filled(page, [(10, 10, False), (20, 20, False)])
    assert flow.itemAt(2) is None
    assert flow.itemAt(-1) is None
    first = flow.takeAt(0)
    assert first is not None
    assert flow.count() == 1
    assert flow.takeAt(7) is None


def test_clearing_takes_away_widgets_at_any_depth(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column, row = QVBoxLayout(page), QHBoxLayout()
    parts = [label("one"), label("two"), label("three")]
    column.addWidget(parts[0])
    column.addLayout(row)
    row.addWidget(parts[1])
    row.addStretch(1)
    row.addWidget(parts[2])
    page.show()
    clear(column)
    assert column.count() == 0
    assert not any(part.isVisible() for part in parts)


# --- buttons and labels -------------------------------------------------------------------------


@pytest.fixture
def button(qtbot: QtBot) -> IconButton:
    made = IconButton("play", "", "Hear it (Enter)")
    qtbot.addWidget(made)
    return made


def test_a_button_without_text_has_a_name_for_screen_readers(button: IconButton, qtbot: QtBot) -> None:
    assert button.accessibleName() == "Hear it"
    assert button.toolTip() == button.accessibleDescription() == "Hear it (Enter)"
    named = IconButton("play", "Mine", "Hear it (Enter)")
    qtbot.addWidget(named)
    assert named.accessibleName() == "Mine"


def test_the_icon_takes_the_colour_of_the_theme(button: IconButton) -> None:
    def colours() -> set[str]:
        image = button.icon().pixmap(20, 20).toImage()
        places = [(x, y) for x in range(20) for y in range(20)]
        return {
            image.pixelColor(x, y).name().upper() for x, y in places if image.pixelColor(x, y).alpha() == 255
        }

    button.set_tokens(LIGHT)
    assert LIGHT.text in colours()
    button.set_tokens(DARK)
    assert DARK.text in colours()
    button.setProperty("primary", True)
    button.set_tokens(LIGHT)
    assert LIGHT.on_accent in colours()


def test_another_icon_can_be_shown(button: IconButton) -> None:
    button.set_tokens(LIGHT)
    play = button.icon().pixmap(20, 20).toImage()
    button.set_icon("stop", LIGHT)
    assert button.icon().pixmap(20, 20).toImage() != play
    with pytest.raises(ElocuteError):
        button.set_icon("no-such-icon", LIGHT)


def test_a_button_can_be_reached_and_pressed_without_a_mouse(button: IconButton, qtbot: QtBot) -> None:
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert isinstance(button, QPushButton)
    assert not button.autoDefault()


def test_labels_show_texts_as_they_are_written(qtbot: QtBot) -> None:
    shown_label = label("<b>a</b>", quiet=True, heading=True)
    qtbot.addWidget(shown_label)
    assert shown_label.textFormat() is Qt.TextFormat.PlainText
    assert shown_label.wordWrap()
    assert shown_label.property("quiet")
    assert shown_label.property("heading")
