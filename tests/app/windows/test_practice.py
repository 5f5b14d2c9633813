"""The practice page: every key, the way back from each thing that was begun, and what stays to be seen."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.audio.devices import Problem
from app.audio.events import Heard, Trouble
from app.audio.level import Advice, Level
from app.windows.state import State
from assessment.control import Control
from assessment.results import ErrorType
from assessment.streaming import FollowedWord, Position
from tests.app.windows.conftest import NotedPlayer
from tests.app.windows.stage import Stage, demo

QUIET = np.zeros(8_000, np.float32)


def press(stage: Stage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    stage.qtbot.keyClick(stage.window.focusWidget() or stage.page, key, modifier)


def shown(stage: Stage) -> str:
    assert stage.page.text.reference is not None
    return stage.page.text.reference.text


def begin_again(stage: Stage) -> None:
    """Read once, and be in the middle of a second reading."""
    stage.read()
    press(stage, Qt.Key.Key_R)
    stage.recorder.hear(QUIET)
    assert stage.state is State.READING


@pytest.fixture
def player(ready: Stage) -> NotedPlayer:
    """The loudspeaker of the window."""
    made = NotedPlayer()
    ready.services.player = made  # type: ignore[assignment]
    ready.services.change("voice", voice="espeak")
    return made


def endless(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> threading.Event:
    """Have assessments go on until they are cancelled; return what tells that one has begun."""
    begun = threading.Event()

    def assess(*_: object, control: Control) -> None:
        begun.set()
        while True:
            control.report(0.5)

    monkeypatch.setattr(stage.services.assessor, "assess", assess)
    return begun


# --- the states ---------------------------------------------------------------------------------


def test_while_the_engine_is_loaded_the_page_says_so_and_space_does_nothing(loading: Stage) -> None:
    assert loading.state is State.LOADING
    assert loading.page.bar.status.text() == "Getting ready …"
    press(loading, Qt.Key.Key_Space)
    assert "begin" not in loading.recorder.calls
    loading.may_load.set()
    loading.ready()
    assert loading.page.bar.status.text() == "Press Space and read aloud"


def test_speak_now_is_said_once_sound_arrives_and_not_before(ready: Stage) -> None:
    press(ready, Qt.Key.Key_Space)
    assert ready.page.bar.status.text() == "One moment …"
    ready.recorder.hear(QUIET)
    assert ready.page.bar.status.text().startswith("Speak now")


def test_the_level_is_alive_before_anything_is_recorded(ready: Stage) -> None:
    ready.services.sound_event.emit(Heard(Level(-20.0, -6.0, Advice.TOO_QUIET), QUIET, False, 0.0))
    assert ready.page.bar.level.is_on
    assert ready.page.bar.level_words.text() == "too quiet"
    ready.services.sound_event.emit(Trouble("The microphone is gone.", Problem.NO_DEVICE))
    assert not ready.page.bar.level.is_on
    assert ready.page.bar.level_words.text() == ""


def test_trouble_while_reading_leaves_the_reading_as_it_is(ready: Stage) -> None:
    press(ready, Qt.Key.Key_Space)
    ready.recorder.hear(QUIET)
    ready.services.sound_event.emit(Trouble("The disk is full.", Problem.JOURNAL))
    assert ready.page.banner.text == "The disk is full."
    assert ready.state is State.READING


def test_words_dim_behind_the_reader(ready: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tuple(FollowedWord(index, "word", True, 90.0, 0.0, 0.1) for index in range(3))

    class Follower:
        def feed(self, _samples: np.ndarray) -> Position:
            return Position(current=3, words=words)

    monkeypatch.setattr(ready.services.assessor, "follow", lambda *_: Follower())
    bare = ready.page.text.grab().toImage()
    press(ready, Qt.Key.Key_Space)
    ready.recorder.hear(QUIET)
    at_first = ready.page.text.place_box()
    ready.wait(lambda: ready.page.text.place_box() != at_first)
    assert ready.page.text.grab().toImage() != bare
    press(ready, Qt.Key.Key_Escape)
    assert ready.page.text.place_box() is None
    assert ready.page.text.grab().toImage() == bare


def test_the_next_recording_takes_the_marks_away(ready: Stage) -> None:
    begin_again(ready)
    assert ready.page.text.marks == ()
    assert not ready.page.result.isVisible()
    assert ready.page.banner.text == ""


def test_a_change_of_the_settings_while_reading_shows_no_old_marks(ready: Stage) -> None:
    begin_again(ready)
    press(ready, Qt.Key.Key_S)
    press(ready, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    ready.services.change("appearance", text_size=34)
    assert ready.page.text.assessment is None
    assert ready.page.text.place_box() is not None
    press(ready, Qt.Key.Key_Escape)
    assert ready.page.text.marks


# --- the way back -------------------------------------------------------------------------------


def test_taking_it_back_before_any_sound_shows_the_result_again(ready: Stage) -> None:
    ready.read()
    press(ready, Qt.Key.Key_Space)
    assert ready.state is State.STARTING
    press(ready, Qt.Key.Key_Space)
    assert ready.state is State.SCORED
    assert ready.page.result.isVisible()
    assert ready.page.text.marks


@pytest.mark.parametrize("way", ["escape", "button"])
def test_a_cancelled_assessment_shows_the_result_before_it_again(
    ready: Stage, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    begin_again(ready)
    before = ready.page.attempt
    begun = endless(monkeypatch, ready)
    press(ready, Qt.Key.Key_Space)
    assert ready.state is State.ASSESSING
    assert begun.wait(10)
    if way == "escape":
        press(ready, Qt.Key.Key_Escape)
    else:
        ready.page.bar.cancel.click()
    assert ready.state is State.SCORED
    assert ready.page.attempt is before
    assert ready.page.result.isVisible()
    assert ready.page.text.marks


def test_the_progress_of_a_long_assessment_is_seen(ready: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = endless(monkeypatch, ready)
    ready.page.reading.assess_recording(demo(0)[1])
    assert begun.wait(10)
    ready.wait(lambda: ready.page.bar.progress.value() == 500)
    assert ready.page.bar.progress.isVisible()
    ready.page.bar.cancel.click()
    assert ready.state is State.READY
    assert not ready.page.bar.progress.isVisible()


def test_escape_closes_one_thing_after_the_other(ready: Stage, player: NotedPlayer) -> None:
    ready.read()
    press(ready, Qt.Key.Key_Right)
    press(ready, Qt.Key.Key_Return)
    ready.page.banner.tell("Something to know.")
    assert ready.page.playback.is_playing
    press(ready, Qt.Key.Key_Escape)
    assert ready.page.text.detail is None
    assert ready.page.playback.is_playing
    press(ready, Qt.Key.Key_Escape)
    assert not ready.page.playback.is_playing
    assert ready.page.banner.text
    press(ready, Qt.Key.Key_Escape)
    assert ready.page.banner.text == ""
    assert ready.page.result.isVisible()


def test_escape_leads_back_from_practising_words(ready: Stage) -> None:
    before = shown(ready)
    ready.page.practice_asked.emit(("think", "sink"))
    press(ready, Qt.Key.Key_Escape)
    assert shown(ready) == before


def test_after_an_error_of_the_assessment_one_can_read_again(
    ready: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_again(ready)
    with monkeypatch.context() as broken:
        broken.setattr(ready.services.assessor, "assess", lambda *_, **__: 1 / 0)
        press(ready, Qt.Key.Key_Space)
        ready.wait(lambda: ready.state is State.SCORED)
    assert "ZeroDivisionError" in ready.page.banner.text
    assert ready.page.result.isVisible()
    ready.read()
    assert ready.page.banner.text == ""


# --- keys ---------------------------------------------------------------------------------------


def test_n_and_p_walk_through_the_texts(ready: Stage) -> None:
    first = shown(ready)
    press(ready, Qt.Key.Key_N)
    assert shown(ready) != first
    press(ready, Qt.Key.Key_P)
    assert shown(ready) == first


@pytest.mark.parametrize("key", [Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_R, Qt.Key.Key_D, Qt.Key.Key_W])
def test_while_recording_no_letter_takes_the_text_or_the_recording_away(ready: Stage, key: Qt.Key) -> None:
    before = shown(ready)
    press(ready, Qt.Key.Key_Space)
    ready.recorder.hear(QUIET)
    press(ready, key)
    assert ready.state is State.READING
    assert shown(ready) == before
    assert ready.recorder.calls == ["begin"]


def test_a_key_that_is_held_down_acts_once(ready: Stage) -> None:
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", autorep=True
    )
    QApplication.sendEvent(ready.page, held)
    assert ready.recorder.calls == []
    press(ready, Qt.Key.Key_Space)
    QApplication.sendEvent(ready.page, held)
    assert ready.recorder.calls == ["begin"]


def test_letters_with_control_are_for_others(ready: Stage) -> None:
    press(ready, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert ready.services.settings.voice.speed == 1.0


def test_s_walks_through_the_speeds(ready: Stage) -> None:
    seen = []
    for _ in range(3):
        press(ready, Qt.Key.Key_S)
        seen.append((ready.services.settings.voice.speed, ready.page.bar.speed.text()))
    assert seen == [(0.75, "¾×"), (0.5, "½×"), (1.0, "1×")]


def test_l_is_heard_and_stops_again(ready: Stage, player: NotedPlayer) -> None:
    press(ready, Qt.Key.Key_L)
    ready.wait(lambda: ready.page.playback.is_playing)
    assert ready.page.bar.listen.text() == "Stop"
    press(ready, Qt.Key.Key_L)
    assert not ready.page.playback.is_playing
    assert ready.page.bar.listen.text() == "Listen"


def test_recording_silences_the_voice(ready: Stage, player: NotedPlayer) -> None:
    press(ready, Qt.Key.Key_L)
    ready.wait(lambda: ready.page.playback.is_playing)
    press(ready, Qt.Key.Key_Space)
    assert not ready.page.playback.is_playing
    press(ready, Qt.Key.Key_L)
    ready.recorder.hear(QUIET)
    press(ready, Qt.Key.Key_L)
    assert not ready.page.playback.is_playing


def test_shift_l_says_the_sentence_of_the_word(ready: Stage, player: NotedPlayer) -> None:
    text, recording = demo(0)
    ready.window.show_own(f"{text} {text}")
    press(ready, Qt.Key.Key_L)
    ready.wait(lambda: len(player.played) == 1)
    ready.page.reading.assess_recording(recording)
    ready.wait(lambda: ready.state is State.SCORED)
    press(ready, Qt.Key.Key_Right)
    press(ready, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    ready.page.playback.stop()
    press(ready, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    whole, sentence = len(player.played[0][0]), len(player.played[-1][0])
    assert 0.3 * whole < sentence < 0.7 * whole


def test_enter_plays_my_word_and_shift_enter_the_models_and_b_both(ready: Stage, player: NotedPlayer) -> None:
    ready.read(0)
    press(ready, Qt.Key.Key_Right)
    lengths = []
    for key, modifier in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier),
    ):
        count = len(player.played)
        press(ready, key, modifier)
        ready.wait(lambda count=count: len(player.played) > count)
        samples, rate = player.played[-1]
        lengths.append(len(samples) / rate)
    mine, model, both = lengths
    assert both == pytest.approx(mine + 0.35 + model, abs=0.01)
    assert ready.page.attempt is not None
    word = ready.page.attempt.assessment.words[0]
    assert mine == pytest.approx(word.end - word.start + 0.1, abs=0.06)


def test_a_word_that_was_left_out_cannot_be_heard_and_it_is_said(ready: Stage, player: NotedPlayer) -> None:
    ready.read(1)
    assert ready.page.attempt is not None
    words = ready.page.attempt.assessment.words
    index = next(number for number, word in enumerate(words) if word.error is ErrorType.OMISSION)
    ready.page.show_word(index)
    press(ready, Qt.Key.Key_Return)
    assert ready.page.banner.text.startswith(f"You left out “{words[index].text}”")
    assert player.played == []


def test_keys_of_a_result_do_nothing_without_one(ready: Stage, player: NotedPlayer) -> None:
    for key in (Qt.Key.Key_D, Qt.Key.Key_W, Qt.Key.Key_M, Qt.Key.Key_B, Qt.Key.Key_Return, Qt.Key.Key_Right):
        press(ready, key)
    assert ready.state is State.READY
    assert player.played == []
    assert ready.page.mouth is None
    assert not ready.services.settings.window.sound_panel
    assert ready.page.banner.text == ""


def test_a_click_on_a_word_opens_it_and_plays_it(ready: Stage, player: NotedPlayer) -> None:
    ready.read(0)
    box = ready.page.text.word_box(2)
    ready.qtbot.mouseClick(
        ready.page.text,
        Qt.MouseButton.LeftButton,
        pos=QPoint(round(box.center().x()), round(box.center().y())),
    )
    assert ready.page.text.current == 2
    assert ready.page.text.detail is ready.page.detail
    assert len(player.played) == 1


def test_space_still_records_after_a_button_was_clicked(ready: Stage) -> None:
    ready.read()
    for button in ready.page.findChildren(QPushButton):
        if button.isVisible() and button.text() == "All words":
            ready.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert ready.page.result.words.isVisible()
    press(ready, Qt.Key.Key_Space)
    assert ready.state is State.STARTING


def test_a_choice_of_the_bar_is_a_choice_of_the_settings(ready: Stage) -> None:
    ready.page.bar.set_microphones(["A", "B"], "")
    ready.page.bar.microphone.setCurrentIndex(2)
    ready.page.bar.microphone.activated.emit(2)
    ready.page.bar.speed.menu().actions()[2].trigger()
    assert ready.services.settings.sound.microphone == "B"
    assert ready.services.settings.voice.speed == 0.5
    assert ready.recorder.calls == ["open B"]


def test_a_text_that_cannot_be_read_is_refused_with_its_reason(ready: Stage, qtbot: QtBot) -> None:
    before = shown(ready)
    assert not ready.page.set_text("!!!")
    assert ready.page.banner.text
    assert shown(ready) == before
    assert ready.page.set_text("Good morning.")
    assert ready.page.banner.text == ""
