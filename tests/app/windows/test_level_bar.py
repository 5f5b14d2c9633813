"""The level of the microphone as a bar."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.windows.level_bar import LevelBar
from app.windows.tokens import DARK, LIGHT

DECIBELS = st.floats(-120, 20) | st.just(-math.inf)


@pytest.fixture
def bar(qtbot: QtBot) -> LevelBar:
    made = LevelBar()
    qtbot.addWidget(made)
    made.resize(160, 12)
    return made


def row(bar: LevelBar) -> list[str]:
    """The colours along the middle."""
    image = bar.grab().toImage()
    return [image.pixelColor(x, 6).name().upper() for x in range(160)]


def filled(bar: LevelBar, colour: str = LIGHT.good) -> int:
    return row(bar).count(colour)


def test_there_is_nothing_in_the_bar_until_a_microphone_is_heard(bar: LevelBar) -> None:
    assert not bar.is_on
    assert filled(bar) == 0
    bar.set_level(-20.0, -10.0)
    assert bar.is_on
    assert filled(bar) > 0
    bar.switch_off()
    assert not bar.is_on
    assert filled(bar) == 0


def test_twice_the_decibels_above_silence_fill_twice_the_bar(bar: LevelBar) -> None:
    bar.set_level(-40.0, -60.0)
    third = filled(bar)
    bar.set_level(-20.0, -60.0)
    assert filled(bar) == pytest.approx(2 * third, abs=4)
    assert third == pytest.approx(155 / 3, abs=4)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DECIBELS, DECIBELS)
def test_louder_is_never_shorter_and_no_level_leaves_the_bar(bar: LevelBar, one: float, two: float) -> None:
    lengths = []
    for level in sorted((one, two)):
        bar.set_level(level, -60.0)
        lengths.append(filled(bar))
        assert row(bar)[0] not in (LIGHT.good, LIGHT.text)
        assert row(bar)[-1] not in (LIGHT.good, LIGHT.text)
    assert lengths[0] <= lengths[1]


def test_the_peak_is_a_line_where_it_was(bar: LevelBar) -> None:
    places = []
    for peak in (-50.0, -30.0, -10.0):
        bar.set_level(-60.0, peak)
        image = bar.grab().toImage()
        places.append(min(range(4, 156), key=lambda x: image.pixelColor(x, 6).lightness()))
        assert image.pixelColor(places[-1], 6).lightness() < 128
    assert places[0] < places[1] < places[2]
    assert places[2] - places[1] == pytest.approx(places[1] - places[0], abs=2)


def test_a_peak_that_is_too_loud_is_a_warning(bar: LevelBar) -> None:
    bar.set_level(-20.0, -1.0)
    assert filled(bar, LIGHT.wrong) > 50
    assert filled(bar, LIGHT.good) == 0
    bar.set_level(-20.0, -6.0)
    assert filled(bar, LIGHT.wrong) == 0


def test_the_theme_is_taken(bar: LevelBar) -> None:
    bar.set_level(-20.0, -10.0)
    bar.set_tokens(DARK)
    assert filled(bar, DARK.good) > 50
    assert filled(bar, LIGHT.good) == 0


def test_it_has_a_name_for_screen_readers(bar: LevelBar) -> None:
    assert bar.accessibleName() == "Microphone level"
