"""The detail of a word: its phones, what was heard, what to do, and what can be pressed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.windows.tokens import DARK
from app.windows.word_detail import WordDetail
from assessment.results import Assessment, ErrorType, Phone
from assessment.tips import phone_tip
from tests.assessment import examples

FLAWED = examples.flawed_reading()
WORDS = {
    word.text: index for index, word in enumerate(FLAWED.words) if word.error is not ErrorType.REPETITION
}
AGAIN = next(i for i, word in enumerate(FLAWED.words) if word.error is ErrorType.REPETITION)


@pytest.fixture
def detail(qtbot: QtBot) -> WordDetail:
    made = WordDetail()
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


def showing(detail: WordDetail, index: int, reading: Assessment = FLAWED, alphabet: str = "ipa") -> None:
    detail.show_word(reading, index, alphabet)
    detail.resize(800, detail.heightForWidth(800))
    QCoreApplication.processEvents()


def told(detail: WordDetail) -> list[str]:
    return [each.text() for each in detail.findChildren(QLabel) if each.isVisible()]


def pressable(detail: WordDetail) -> list[str]:
    return [each.accessibleName() for each in detail.findChildren(QPushButton) if each.isVisible()]


def press(detail: WordDetail, name: str) -> None:
    next(each for each in detail.findChildren(QPushButton) if each.accessibleName() == name).click()


def top(tile: QWidget, detail: WordDetail) -> int:
    return tile.mapTo(detail, QPoint(0, 0)).y()


def test_the_phones_stand_in_order_as_tiles(detail: WordDetail) -> None:
    for index, word in enumerate(FLAWED.words):
        showing(detail, index)
        assert [tile.phone for tile in detail.tiles] == list(word.phones)
        places = [tile.mapTo(detail, QPoint(0, 0)).x() for tile in detail.tiles]
        assert places == sorted(set(places))


def test_the_stressed_syllable_stands_higher(detail: WordDetail) -> None:
    showing(detail, WORDS["elephant"])
    tops = [top(tile, detail) for tile in detail.tiles]
    assert tops[0] == tops[1] < tops[2] == tops[6]


def test_tiles_of_the_word_before_are_gone(detail: WordDetail, qtbot: QtBot) -> None:
    showing(detail, WORDS["elephant"])
    old = list(detail.tiles)
    showing(detail, WORDS["see"])
    assert not any(tile.isVisible() for tile in old)
    assert len(detail.tiles) == 2


def test_heading_transcription_score_and_fault_are_told(detail: WordDetail) -> None:
    showing(detail, WORDS["see"])
    texts = told(detail)
    assert texts[0] == "see"
    assert texts[1].split() == ["/si/", "47", "·", "partly", "unclear"]
    assert "/s/ sounded like /ʃ/." in texts
    assert phone_tip("S", "SH").instruction in texts


def test_arpabet_is_used_where_it_is_wanted(detail: WordDetail) -> None:
    showing(detail, WORDS["see"], alphabet="arpabet")
    assert "/S sounded like /SH/." not in told(detail)
    assert "/S/ sounded like /SH/." in told(detail)
    assert any("/S IY1/" in text for text in told(detail))
    assert detail.tiles[0].accessibleName().startswith("S:")


def test_a_form_that_is_read_otherwise_is_told_in_words(detail: WordDetail) -> None:
    reading = examples.number_reading()
    showing(detail, 2, reading)
    assert told(detail)[0] == "$25"
    assert "“twenty” /ˈtwɛnti/" in told(detail)[1]
    showing(detail, 0, reading)
    assert "“it”" not in told(detail)[1]


def test_a_right_word_has_no_tip(detail: WordDetail) -> None:
    showing(detail, WORDS["Mark"])
    assert len(told(detail)) == 2


@pytest.mark.parametrize(
    ("index", "names"),
    [
        (WORDS["see"], ["Mine", "Model", "Both", "Mouth"]),
        (AGAIN, ["Mine", "Both", "Mouth"]),
    ],
)
def test_only_buttons_that_make_sense_are_there(detail: WordDetail, index: int, names: list[str]) -> None:
    showing(detail, index)
    assert [name for name in pressable(detail) if name != "Close the detail"] == [
        name for name in ("Mine", "Model", "Both", "Mouth") if name in names
    ]


def test_a_word_that_was_left_out_has_no_sound_of_mine(detail: WordDetail) -> None:
    good = examples.good_reading()
    gone = replace(examples.omitted(good.words[1]), start=0.5, end=0.5)
    showing(detail, 1, replace(good, words=(good.words[0], gone, *good.words[2:])))
    assert pressable(detail) == ["Model", "Close the detail"]
    assert "“is” was left out." in told(detail)
    assert detail.tiles == []


@pytest.mark.parametrize("name", ["Mine", "Model", "Both"])
def test_a_button_asks_for_its_sound(detail: WordDetail, qtbot: QtBot, name: str) -> None:
    showing(detail, WORDS["see"])
    with qtbot.waitSignal(detail.play_asked) as asked:
        press(detail, name)
    assert asked.args == [name.lower()]


def test_escape_and_the_cross_close(detail: WordDetail, qtbot: QtBot) -> None:
    showing(detail, WORDS["see"])
    with qtbot.waitSignal(detail.closed):
        qtbot.keyClick(detail, Qt.Key.Key_Escape)
    with qtbot.waitSignal(detail.closed):
        press(detail, "Close the detail")
    with qtbot.waitSignal(detail.closed):
        qtbot.keyClick(detail.tiles[0], Qt.Key.Key_Escape)


def test_a_tile_that_is_clicked_tells_what_to_do(detail: WordDetail, qtbot: QtBot) -> None:
    showing(detail, WORDS["Mark"])
    chosen: list[Phone] = []
    detail.phone_chosen.connect(chosen.append)
    for tile in detail.tiles:
        tile.click()
        assert chosen[-1] is tile.phone
        assert [each for each in detail.tiles if each.isChecked()] == [tile]
    assert phone_tip("K", None).instruction in told(detail)


def test_the_mouth_is_that_of_the_worst_phone(detail: WordDetail, qtbot: QtBot) -> None:
    showing(detail, WORDS["see"])
    with qtbot.waitSignal(detail.phone_chosen) as chosen:
        press(detail, "Mouth")
    assert chosen.args is not None
    assert chosen.args[0].symbol == "S"
    assert detail.tiles[0].isChecked()


def test_the_mouth_takes_the_place_of_the_tip(detail: WordDetail) -> None:
    showing(detail, WORDS["see"])
    tip = phone_tip("S", "SH").instruction
    assert tip in told(detail)
    mouth = QWidget()
    mouth.setFixedHeight(200)
    before = detail.heightForWidth(800)
    detail.show_mouth(mouth)
    assert mouth.isVisible()
    assert tip not in told(detail)
    assert detail.heightForWidth(800) > before
    detail.show_mouth(mouth)
    assert mouth.parentWidget() is detail


@pytest.mark.parametrize("width", [352, 500, 896])
def test_everything_fits_into_the_height_that_is_asked_for(detail: WordDetail, width: int) -> None:
    detail.resize(width, 300)
    for index in range(len(FLAWED.words)):
        detail.show_word(FLAWED, index, "ipa")
        wanted = detail.heightForWidth(width)
        detail.resize(width, wanted)
        QCoreApplication.processEvents()
        assert detail.heightForWidth(width) == wanted
        for tile in detail.tiles:
            assert tile.size() == tile.sizeHint()
            place = tile.mapTo(detail, QPoint(0, 0))
            assert place.y() + tile.height() <= detail.height()
            assert place.x() + tile.width() <= detail.width()


def test_a_screen_reader_is_told_what_is_shown(detail: WordDetail) -> None:
    showing(detail, WORDS["see"])
    assert detail.accessibleName() == "Detail of “see”"
    assert "/s/ sounded like /ʃ/." in detail.accessibleDescription()


def test_the_theme_reaches_the_tiles(detail: WordDetail) -> None:
    showing(detail, WORDS["see"])
    light = detail.tiles[0].grab().toImage()
    detail.set_tokens(DARK)
    dark = detail.tiles[0].grab().toImage()
    assert dark != light
    showing(detail, WORDS["see"])
    assert detail.tiles[0].grab().toImage() == dark
