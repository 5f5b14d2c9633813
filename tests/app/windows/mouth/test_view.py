"""The mouth in a window: two drawings, a slider between them, and words for those who do not see them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.windows.mouth.paint import Palette, Still, paint
from app.windows.mouth.shape import articulation
from app.windows.mouth.view import MouthPair, MouthView
from app.windows.mouth.words import described
from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT
from assessment.phones import PHONES
from assessment.results import NO_PHONE

TIP = "Let the tip of your tongue show between your teeth."


@pytest.fixture
def pair(qtbot):
    widget = MouthPair(animated=False)
    qtbot.addWidget(widget)
    widget.show_phones("TH", "S", TIP, ("think", "sink"))
    widget.resize(640, 400)
    widget.show()
    return widget


def drawn(phone, tokens, side=200):
    """Return the picture of a phone."""
    image = QImage(round(1.5 * side), side, QImage.Format.Format_RGB32)
    image.fill(QColor(tokens.surface))
    painter = QPainter(image)
    paint(painter, QRectF(image.rect()), Still(articulation(phone)[0]), Palette.of(tokens))
    painter.end()
    return image


def colours(image):
    return {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK], ids=lambda t: t.name)
def test_every_theme_has_a_picture_of_its_own(qapp, tokens):
    assert len(colours(drawn("S", tokens))) > 20


def test_light_and_dark_pictures_differ_and_so_do_those_of_phones(qapp):
    assert drawn("S", LIGHT) != drawn("S", DARK)
    assert len({drawn(phone, LIGHT).constBits().tobytes() for phone in ("TH", "S", "SH", "F", "T")}) == 5


def test_pictures_are_drawn_at_any_size(qapp):
    assert len(colours(drawn("K", LIGHT, side=90))) > 20
    assert len(colours(drawn("K", LIGHT, side=900))) > 20


def test_a_view_shows_its_position(qtbot):
    view = MouthView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    view.show_position(articulation("M")[0])
    closed = view.grab().toImage()
    view.show_position(articulation("AA")[0])
    assert view.grab().toImage() != closed


def test_the_slider_moves_the_learners_mouth_to_the_target(pair):
    s, th = articulation("S")[0], articulation("TH")[0]
    assert (pair.you.position, pair.target.position) == (s, th)
    pair.slider.setValue(50)
    assert s.tip_advance < pair.you.position.tip_advance < th.tip_advance
    pair.slider.setValue(100)
    assert pair.you.position == pair.target.position == th


def test_the_learners_mouth_has_the_targets_tongue_as_a_dashed_line(pair):
    assert pair.you.ghost == articulation("TH")[0]
    assert pair.target.ghost is None


def test_the_keyboard_reaches_slider_and_button(pair, qtbot):
    qtbot.keyClick(pair.slider, Qt.Key.Key_Right)
    assert pair.slider.value() > 0
    qtbot.keyClick(pair.slider, Qt.Key.Key_End)
    assert pair.slider.value() == pair.slider.maximum()
    qtbot.keyClick(pair.play, Qt.Key.Key_Space)
    assert pair.slider.value() == 0


def test_without_motion_the_button_goes_to_the_end_and_back(pair, qtbot):
    pair.play.click()
    assert pair.slider.value() == 100
    pair.play.click()
    assert pair.slider.value() == 0


def test_with_motion_the_button_moves_the_slider(pair, qtbot):
    pair.animated = True
    pair.play.click()
    qtbot.waitUntil(lambda: 0 < pair.slider.value() < 100)
    qtbot.waitUntil(lambda: pair.slider.value() == 100)


def test_motion_ends_when_nobody_looks(pair, qtbot):
    pair.animated = True
    pair.play.click()
    qtbot.waitUntil(lambda: pair.slider.value() > 0)
    pair.hide()
    stopped = pair.slider.value()
    qtbot.wait(60)
    assert pair.slider.value() == stopped


def test_a_diphthong_moves_through_both_parts_and_comes_back(qtbot):
    pair = MouthPair()
    qtbot.addWidget(pair)
    pair.show_phones("AY", None, TIP, ())
    pair.show()
    start, end = articulation("AY")
    assert (pair.target.position, pair.target.ghost) == (start, end)
    pair.play.click()
    qtbot.waitUntil(lambda: pair.target.position not in (start, end))
    qtbot.waitUntil(lambda: pair.target.position == start)


def test_without_motion_a_diphthong_changes_between_its_parts(qtbot):
    pair = MouthPair(animated=False)
    qtbot.addWidget(pair)
    pair.show_phones("AY", None, TIP, ())
    pair.play.click()
    assert pair.target.position == articulation("AY")[1]
    pair.play.click()
    assert pair.target.position == articulation("AY")[0]


def test_words_say_what_the_drawings_show(pair):
    words = pair.accessibleDescription()
    assert "Target: tip of the tongue between the teeth, no voice." in words
    assert "You: tip of the tongue close to the ridge behind the upper teeth" in words
    assert words.endswith(TIP)


def test_words_change_with_the_phones_and_with_the_slider(pair):
    before, yours = pair.accessibleDescription(), pair.you.accessibleDescription()
    pair.slider.setValue(100)
    assert pair.you.accessibleDescription() != yours
    pair.show_phones("V", "B", "Bite your lip.", ("vest", "best"))
    assert pair.accessibleDescription() != before
    assert pair.slider.value() == 0


@pytest.mark.parametrize("heard", [None, NO_PHONE, "TH"])
def test_only_the_target_is_shown_if_nothing_else_was_heard(pair, heard):
    pair.show_phones("TH", heard, TIP, ())
    assert pair.target.isVisible()
    assert not pair.you.isVisible()
    assert not pair.slider.isVisible()
    assert ("left it out" in pair.accessibleDescription()) == (heard == NO_PHONE)


def test_only_yours_is_shown_if_a_phone_was_added(pair):
    pair.show_phones(NO_PHONE, "AH0", "Leave it out.", ())
    assert pair.you.isVisible()
    assert not pair.target.isVisible()
    assert "/ə/" in pair.you.accessibleName()


def test_a_pair_fits_into_little_room(pair):
    pair.resize(420, pair.minimumHeight())
    assert pair.width() == 420
    assert pair.minimumHeight() <= 240
    assert pair.you.geometry().bottom() < pair.play.geometry().top()


def test_a_theme_changes_the_picture(pair):
    light = pair.grab().toImage()
    pair.set_tokens(DARK)
    assert pair.grab().toImage() != light


@pytest.mark.parametrize("phone", PHONES)
def test_every_phone_can_be_told_and_shown(pair, phone):
    pair.show_phones(phone, "AH" if phone != "AH" else "EH", TIP, ())
    assert described(articulation(phone)) in pair.accessibleDescription()
    assert not pair.grab().isNull()


def test_phones_that_learners_confuse_are_told_apart():
    for first, second in (
        ("TH", "S"),
        ("S", "Z"),
        ("R", "L"),
        ("V", "W"),
        ("IY", "IH"),
        ("B", "P"),
        ("N", "NG"),
    ):
        assert described(articulation(first)) != described(articulation(second))
