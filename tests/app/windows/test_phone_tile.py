"""A tile of a phone: what is seen and told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.windows.phone_tile import PhoneTile
from app.windows.tokens import DARK, LIGHT, Tokens
from assessment.results import NO_PHONE, Phone, Verdict
from tests.assessment import examples

GREY = "#777777"
ONE_COLOUR = replace(LIGHT, good=GREY, nearly=GREY, wrong=GREY)


def made(qtbot: QtBot, phone: Phone, alphabet: str = "ipa", tokens: Tokens = LIGHT) -> PhoneTile:
    tile = PhoneTile(phone, alphabet, tokens)
    qtbot.addWidget(tile)
    tile.resize(tile.sizeHint())
    return tile


def picture(tile: PhoneTile) -> QImage:
    return tile.grab().toImage()


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        (examples.phone("EH1", 0.0), "ɛ: 93 of 100, right"),
        (examples.phone("S", 0.0, 18.0, "SH"), "s: 18 of 100, wrong, heard as ʃ"),
        (examples.phone("T", 0.0, 18.0, NO_PHONE), "t: 18 of 100, wrong, left out"),
        (examples.a_phone("IY1", Verdict.NEARLY, "IY"), "i: 50 of 100, nearly right"),
    ],
)
def test_a_screen_reader_hears_the_phone_its_score_and_what_was_heard(
    qtbot: QtBot, phone: Phone, told: str
) -> None:
    tile = made(qtbot, phone)
    assert tile.accessibleName() == told
    assert tile.toolTip().startswith(told)


def test_the_hint_tells_when_the_phone_was_said(qtbot: QtBot) -> None:
    assert made(qtbot, examples.phone("S", 1.5)).toolTip().endswith("1.50 to 1.58 s")


def test_the_alphabet_of_the_settings_is_used_for_both_phones(qtbot: QtBot) -> None:
    tile = made(qtbot, examples.phone("S", 0.0, 18.0, "SH"), "arpabet")
    assert tile.accessibleName() == "S: 18 of 100, wrong, heard as SH"


def test_verdicts_look_different_when_their_colours_are_one(qtbot: QtBot) -> None:
    phone = examples.a_phone("S", Verdict.RIGHT)
    seen = [picture(made(qtbot, replace(phone, verdict=verdict), tokens=ONE_COLOUR)) for verdict in Verdict]
    assert seen[0] != seen[1] != seen[2] != seen[0]


def test_a_better_score_is_a_higher_bar(qtbot: QtBot) -> None:
    def filled(score: float) -> int:
        image = picture(made(qtbot, examples.phone("S", 0.0, score)))
        column = image.width() // 2 - 13
        return sum(image.pixelColor(column, y).name().upper() == LIGHT.good for y in range(image.height()))

    assert 0 == filled(0.0) < filled(30.0) < filled(90.0)


def test_what_was_heard_stands_on_the_tile(qtbot: QtBot) -> None:
    phone = examples.phone("S", 0.0, 50.0, "SH")
    other = replace(phone, candidates=())
    assert picture(made(qtbot, phone)) != picture(made(qtbot, other))


def test_a_tile_that_is_chosen_is_framed(qtbot: QtBot) -> None:
    tile = made(qtbot, examples.phone("S", 0.0))
    bare = picture(tile)
    tile.setChecked(True)
    assert picture(tile) != bare
    tile.setChecked(False)
    assert picture(tile) == bare


def test_the_colours_of_a_theme_are_taken(qtbot: QtBot) -> None:
    tile = made(qtbot, examples.phone("S", 0.0))
    bare = picture(tile)
    tile.set_tokens(DARK)
    dark = picture(tile)
    assert dark != bare
    assert dark == picture(made(qtbot, examples.phone("S", 0.0), tokens=DARK))


@pytest.mark.parametrize("alphabet", ["ipa", "arpabet"])
@pytest.mark.parametrize("symbol", [*examples.VOWELS, *examples.CONSONANTS])
def test_the_symbol_fits_on_its_tile(qtbot: QtBot, symbol: str, alphabet: str) -> None:
    tile = made(qtbot, examples.phone(symbol, 0.0, 100.0), alphabet)
    image = picture(tile)
    behind = image.pixelColor(5, 40)
    edges = [QRect(3, 6, 1, 26), QRect(tile.width() - 4, 6, 1, 26)]
    for edge in edges:
        assert all(image.pixelColor(edge.x(), y) == behind for y in range(edge.top(), edge.bottom()))


@pytest.mark.parametrize("how", ["click", "space"])
def test_a_tile_can_be_chosen_by_mouse_and_keyboard(qtbot: QtBot, how: str) -> None:
    tile = made(qtbot, examples.phone("S", 0.0))
    with qtbot.waitSignal(tile.clicked):
        if how == "click":
            qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
        else:
            qtbot.keyClick(tile, Qt.Key.Key_Space)
    assert tile.isChecked()
