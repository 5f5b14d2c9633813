"""The IPA chart: where sounds stand, how full they are, and how they are asked."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QCursor, QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.library.progress import PhoneMastery
from app.windows.progress.ipa_chart import HELP, IpaChart
from app.windows.progress.ipa_layout import IpaLayout, beside
from app.windows.progress.ipa_places import consonants, diphthongs, letters, vowels
from app.windows.theme import stylesheet
from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens
from assessment.phones import PHONES, is_vowel

LEFT = Qt.MouseButton.LeftButton
WIDTHS = [580, 592, 800, 976, 1180, 1264, 1900]
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def known(phone: str, mastery: float | None, trend: float | None = None) -> PhoneMastery:
    return PhoneMastery(phone, 40, 4, 80.0, mastery, trend)


SOME = [known("SH", 0.9), known("S", 0.5), known("TH", 0.1), known("Z", 0.0), known("IY", 1.0)]


@pytest.fixture
def chart(qtbot: QtBot) -> IpaChart:
    # Where the test before left the mouse, a sound may stand now.
    QCursor.setPos(0, 0)
    shown = IpaChart()
    qtbot.addWidget(shown)
    shown.move(40, 40)
    shown.setStyleSheet(stylesheet(LIGHT))
    shown.set_tokens(LIGHT)
    shown.resize(976, 900)
    shown.show()
    shown.set_mastery([*SOME, PhoneMastery("V", 3, 0, 90.0, None, None)])
    return shown


def look(chart: IpaChart, phone: str) -> QImage:
    QApplication.processEvents()
    return chart.map.cells[phone].grab().toImage()


def told(chart: IpaChart) -> str:
    return next(
        label.text()
        for label in chart.findChildren(QLabel)
        if label.parent() is chart and label.text().startswith((HELP, "/"))
    )


def tinted_rows(image: QImage, surface: str) -> int:
    """Count the rows that are filled, beside the letter."""
    x = 12
    return sum(image.pixelColor(x, y).name() != QColor(surface).name() for y in range(4, image.height() - 4))


# --- where sounds stand -------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_every_sound_stands_in_the_chart_and_none_on_another(width: int) -> None:
    layout = IpaLayout(width)
    assert set(layout.cells) == set(PHONES)
    whole = QRect(0, 0, width, layout.height)
    assert all(whole.contains(box) for box in layout.cells.values())
    touching = [
        pair
        for pair in combinations(layout.cells, 2)
        if layout.cells[pair[0]].intersects(layout.cells[pair[1]])
    ]
    assert touching == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_cell_is_large_enough_to_be_hit(width: int) -> None:
    assert all(min(box.width(), box.height()) >= 24 for box in IpaLayout(width).cells.values())


def test_what_is_voiced_stands_to_the_right_of_what_is_not() -> None:
    cells = IpaLayout(976).cells
    for voiceless, voiced in (("P", "B"), ("T", "D"), ("K", "G"), ("F", "V"), ("TH", "DH"), ("S", "Z")):
        assert cells[voiced].top() == cells[voiceless].top()
        assert cells[voiced].left() - cells[voiceless].right() < 8


def test_places_go_from_the_lips_to_the_throat() -> None:
    cells = IpaLayout(976).cells
    lefts = [cells[phone].left() for phone in ("P", "F", "TH", "S", "SH", "Y", "K", "HH")]
    assert lefts == sorted(lefts)


def test_vowels_stand_where_the_tongue_is() -> None:
    cells = IpaLayout(976).cells
    for high, low in (("IY", "IH"), ("IH", "EH"), ("EH", "AE"), ("UW", "UH"), ("UH", "AO"), ("AO", "AA")):
        assert cells[high].top() < cells[low].top()
    for front, back in (("IY", "UW"), ("IH", "UH"), ("EH", "AO"), ("AE", "AA"), ("ER", "AO")):
        assert cells[front].left() < cells[back].left()


def test_every_sound_has_one_kind_of_place() -> None:
    stand = [*(each.phone for each in consonants()), *vowels(), *diphthongs()]
    assert sorted(stand) == sorted(PHONES)
    assert all(is_vowel(phone) for phone in (*vowels(), *diphthongs()))


def test_beside_each_other_where_there_is_room() -> None:
    narrow, wide = IpaLayout(976), IpaLayout(1264)
    assert narrow.cells["IY"].top() > narrow.cells["W"].bottom()
    assert wide.cells["IY"].left() > wide.cells["HH"].right()
    assert wide.height < narrow.height


@pytest.mark.parametrize("width", WIDTHS)
def test_every_sound_is_reached_by_arrows(width: int) -> None:
    cells = IpaLayout(width).cells
    reached, new = {"P"}, {"P"}
    while new:
        new = {beside(cells, phone, key) for phone in new for key in ARROWS} - reached
        reached |= new
    assert reached == set(PHONES)


def test_an_arrow_goes_its_way_or_nowhere() -> None:
    cells = IpaLayout(976).cells
    for phone in cells:
        assert cells[beside(cells, phone, Qt.Key.Key_Left)].left() <= cells[phone].left()
        assert cells[beside(cells, phone, Qt.Key.Key_Down)].top() >= cells[phone].top()
    assert beside(cells, "P", Qt.Key.Key_Left) == "P"
    assert beside(cells, "P", Qt.Key.Key_Right) == "B"
    assert beside(cells, "T", Qt.Key.Key_Down) == "S"


def test_sounds_follow_each_other_as_they_are_read() -> None:
    order = list(IpaLayout(976).cells)
    assert order[:6] == ["P", "B", "T", "D", "K", "G"]
    assert [phone for phone in order if phone in vowels()][:2] == ["IY", "UW"]


def test_letters_are_those_of_the_settings() -> None:
    assert (letters("SH", "ipa"), letters("SH", "arpabet")) == ("ʃ", "SH")
    assert letters("AH", "ipa") == "ʌ ə"


# --- how full they are --------------------------------------------------------------------------


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK])
def test_a_cell_is_the_fuller_the_better_its_sound_is_said(chart: IpaChart, tokens: Tokens) -> None:
    chart.set_tokens(tokens)
    rows = [tinted_rows(look(chart, phone), tokens.surface) for phone in ("TH", "S", "SH", "IY")]
    assert rows == sorted(set(rows))
    assert rows[-1] > 30


def test_a_cell_fills_from_below(chart: IpaChart) -> None:
    image = look(chart, "S")
    assert image.pixelColor(12, 6).name() == QColor(LIGHT.surface).name()
    assert image.pixelColor(12, image.height() - 6).name() != QColor(LIGHT.surface).name()


def test_weak_ones_have_another_colour_and_a_line_below_the_letter(chart: IpaChart) -> None:
    nearly, accent = QColor(LIGHT.nearly), QColor(LIGHT.accent)

    def colours(phone: str) -> list[str]:
        image = look(chart, phone)
        middle = range(image.width() // 2 - 5, image.width() // 2 + 5)
        return [image.pixelColor(x, y).name() for x in middle for y in range(4, image.height() - 4)]

    assert colours("S").count(nearly.name()) >= 10
    assert nearly.name() not in colours("SH")
    image = look(chart, "SH")
    assert accent.name() in [image.pixelColor(4, y).name() for y in range(image.height())]


def test_what_is_not_known_is_hatched_and_not_empty(chart: IpaChart) -> None:
    for phone in ("V", "ZH"):
        image = look(chart, phone)
        row = {image.pixelColor(x, 8).name() for x in range(6, image.width() - 6)}
        assert len(row) > 2
    empty = look(chart, "Z")
    assert {empty.pixelColor(x, 4).name() for x in range(10, 40)} == {QColor(LIGHT.surface).name()}


def test_another_learner_s_sounds_take_their_place(chart: IpaChart) -> None:
    chart.set_mastery([known("S", 0.7)], "arpabet")
    assert chart.map.cells["SH"].words == "/SH/ as in “she”: not read yet."
    assert chart.map.cells["S"].words.startswith("/S/ as in “see”: 70 of 100.")


# --- asking -------------------------------------------------------------------------------------


def test_a_click_asks_about_a_sound(qtbot: QtBot, chart: IpaChart) -> None:
    with qtbot.waitSignal(chart.phone_asked) as asked:
        qtbot.mouseClick(chart.map.cells["TH"], LEFT)
    assert asked.args == ["TH"]


def test_arrows_and_enter_ask_about_a_sound(qtbot: QtBot, chart: IpaChart) -> None:
    chart.map.cells["T"].setFocus()
    qtbot.keyClick(chart.map.cells["T"], Qt.Key.Key_Down)
    assert chart.map.cells["S"].hasFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        with qtbot.waitSignal(chart.phone_asked) as asked:
            qtbot.keyClick(chart.map.cells["S"], key)
        assert asked.args == ["S"]


def test_home_and_end_go_to_the_first_and_the_last_sound(qtbot: QtBot, chart: IpaChart) -> None:
    first, *_, last = chart.map.cells.values()
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_End)
    assert last.hasFocus()
    qtbot.keyClick(last, Qt.Key.Key_Home)
    assert first.hasFocus()


def test_the_page_is_told_where_keys_went(qtbot: QtBot, chart: IpaChart) -> None:
    with qtbot.waitSignal(chart.walked_to) as walked:
        qtbot.keyClick(chart.map.cells["T"], Qt.Key.Key_Down)
    assert walked.args == [chart.map.cells["S"]]


def test_the_tab_key_stops_once_where_one_was(qtbot: QtBot, chart: IpaChart) -> None:
    def stops() -> list[str]:
        return [
            phone
            for phone, cell in chart.map.cells.items()
            if cell.focusPolicy() & Qt.FocusPolicy.TabFocus.value == Qt.FocusPolicy.TabFocus
        ]

    assert len(stops()) == 1
    qtbot.mouseClick(chart.map.cells["UW"], LEFT)
    assert stops() == ["UW"]


def test_pointing_tells_about_a_sound_and_shows_its_number(qtbot: QtBot, chart: IpaChart) -> None:
    before = look(chart, "SH")
    chart.map.cells["SH"].setFocus()
    assert told(chart) == "/ʃ/ as in “she”: 90 of 100. Read 40 times, 4 of them wrong."
    after, below = look(chart, "SH"), range(before.height() - 16, before.height() - 4)
    assert any(before.pixelColor(x, y) != after.pixelColor(x, y) for x in range(18, 34) for y in below)
    chart.map.cells["SH"].clearFocus()
    assert told(chart) == HELP


def test_what_is_told_of_a_sound_changes_with_it(chart: IpaChart) -> None:
    chart.map.cells["SH"].setFocus()
    chart.set_mastery([known("SH", 0.4)], "arpabet")
    assert told(chart).startswith("/SH/ as in “she”: 40 of 100.")


def test_a_screen_reader_is_told_about_every_sound(chart: IpaChart) -> None:
    names = {phone: cell.accessibleName() for phone, cell in chart.map.cells.items()}
    assert names["SH"].startswith("/ʃ/ as in “she”: 90 of 100.")
    assert names["V"] == "/v/ as in “van”: read 3 times. A few more, and it shows how well."
    assert names["ZH"] == "/ʒ/ as in “vision”: not read yet."


def test_heads_are_not_cut_off(qtbot: QtBot, chart: IpaChart) -> None:
    for width in WIDTHS:
        chart.resize(width, 900)
        QApplication.processEvents()
        for head in chart.map.findChildren(QLabel):
            assert head.sizeHint().width() <= head.width() + 1, head.text()


def test_the_height_follows_the_width(chart: IpaChart) -> None:
    chart.resize(1264, 900)
    wide = chart.map.height()
    chart.resize(600, 900)
    assert chart.map.height() > wide
    assert all(
        chart.map.rect().contains(cell.geometry().adjusted(0, 0, -1, -1)) for cell in chart.map.cells.values()
    )
    assert chart.map.cells["P"].pos() != QPoint(0, 0)
