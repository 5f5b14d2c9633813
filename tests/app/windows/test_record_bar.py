"""The bar at the foot: each button says what it does, and what it shows follows the state."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.settings import SPEEDS
from app.windows.record_bar import SPEEDS as SHOWN_SPEEDS
from app.windows.record_bar import RecordBar
from app.windows.state import State
from app.windows.tokens import DARK, LIGHT


@pytest.fixture
def bar(qtbot: QtBot) -> RecordBar:
    made = RecordBar()
    qtbot.addWidget(made)
    made.set_state(State.SCORED)
    made.show()
    return made


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("record", "record_pressed"),
        ("listen", "listen_pressed"),
        ("next", "next_pressed"),
        ("cancel", "cancel_pressed"),
        ("own_text", "own_text_pressed"),
        ("open", "open_pressed"),
    ],
)
def test_each_button_is_told(bar: RecordBar, qtbot: QtBot, button: str, signal: str) -> None:
    if button == "cancel":
        bar.set_state(State.ASSESSING)
    with qtbot.waitSignal(getattr(bar, signal), timeout=1_000):
        getattr(bar, button).click()


def test_what_is_disabled_tells_nothing(bar: RecordBar, qtbot: QtBot) -> None:
    bar.set_state(State.LOADING)
    with qtbot.assertNotEmitted(bar.record_pressed), qtbot.assertNotEmitted(bar.listen_pressed):
        bar.record.click()
        bar.listen.click()


def test_every_speed_of_the_settings_can_be_shown_and_chosen(bar: RecordBar, qtbot: QtBot) -> None:
    assert set(SHOWN_SPEEDS) == set(SPEEDS)
    for speed, action in zip(SHOWN_SPEEDS, bar.speed.menu().actions(), strict=True):
        with qtbot.waitSignal(bar.speed_chosen, timeout=1_000) as chosen:
            action.trigger()
        assert chosen.args == [speed]
        assert bar.speed.text() == SHOWN_SPEEDS[speed]
        assert [each.isChecked() for each in bar.speed.menu().actions()].count(True) == 1


def test_progress_begins_anew_with_each_assessment(bar: RecordBar) -> None:
    bar.set_state(State.ASSESSING)
    bar.set_progress(0.7)
    assert bar.progress.value() == 700
    bar.set_state(State.SCORED)
    assert not bar.progress.isVisible()
    bar.set_state(State.ASSESSING)
    assert bar.progress.value() == 0
    assert bar.progress.isVisible()


def test_other_words_can_be_told_in_a_state(bar: RecordBar) -> None:
    bar.set_state(State.STARTING, "3")
    assert bar.status.text() == "3"
    bar.set_state(State.STARTING)
    assert bar.status.text() == State.STARTING.value


def test_two_microphones_of_one_name_are_one_choice(bar: RecordBar) -> None:
    bar.set_microphones(["USB", "USB", "Built-in"], "Built-in")
    shown = [bar.microphone.itemText(row) for row in range(bar.microphone.count())]
    assert shown == ["System default", "USB", "Built-in"]
    assert bar.microphone.currentText() == "Built-in"


def test_filling_the_list_is_no_choice(bar: RecordBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.microphone_chosen):
        bar.set_microphones(["A", "B"], "B")
    with qtbot.waitSignal(bar.microphone_chosen, timeout=1_000) as chosen:
        bar.microphone.activated.emit(0)
    assert chosen.args == [""]


def test_the_height_stays_the_same_in_every_state(bar: RecordBar) -> None:
    heights = set()
    for state in State:
        bar.set_state(state)
        heights.add(bar.sizeHint().height())
    assert len(heights) == 1


def test_recording_is_seen_by_its_shape_and_not_by_colour_alone(bar: RecordBar) -> None:
    for tokens in (LIGHT, DARK):
        bar.set_tokens(tokens)
        bar.record.set_recording(False)
        dot = bar.record.grab().toImage()
        bar.record.set_recording(True)
        square = bar.record.grab().toImage()
        # A corner of the square lies outside the dot.
        differing = [
            (x, y)
            for x in range(dot.width())
            for y in range(dot.height())
            if (dot.pixel(x, y) == dot.pixel(32, 32)) != (square.pixel(x, y) == square.pixel(32, 32))
        ]
        assert len(differing) > 50


@pytest.mark.parametrize("state", list(State))
def test_only_what_makes_sense_can_be_pressed(bar: RecordBar, state: State) -> None:
    bar.set_state(state)
    assert bar.record.isEnabled() == (state not in (State.LOADING, State.ASSESSING))
    assert bar.listen.isEnabled() == (state in (State.READY, State.SCORED))
    assert bar.cancel.isHidden() == (state is not State.ASSESSING)
    assert bar.record.accessibleName() == ("Stop" if state in (State.STARTING, State.READING) else "Record")
    assert bar.status.text() == state.value


def test_a_microphone_that_is_not_connected_is_offered_as_such(bar: RecordBar) -> None:
    bar.set_microphones(["A", "B"], "C")
    shown = [bar.microphone.itemText(row) for row in range(bar.microphone.count())]
    assert shown == ["System default", "A", "B", "C (not connected)"]
    assert bar.microphone.currentData() == "C"
