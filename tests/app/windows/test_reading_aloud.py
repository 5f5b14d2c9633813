"""Reading aloud in the window: from the key to the result, and all that can come between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.audio.devices import Problem
from app.audio.events import Trouble
from app.audio.player import Player
from app.windows.marks import MarkKind
from app.windows.microphone_test import UNHEARD
from app.windows.reading import TOO_SHORT
from app.windows.state import State
from assessment.errors import RecordingError
from tests.app.windows.stage import Stage, demo, stage


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    with stage(qtbot, tmp_path) as made:
        yield made.ready()


def press(window: Stage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    window.qtbot.keyClick(window.window.focusWidget() or window.page, key, modifier)


def test_space_records_and_stops_and_the_result_is_shown(window: Stage) -> None:
    text, recording = demo(1)
    window.window.show_own(text)
    press(window, Qt.Key.Key_Space)
    assert window.state is State.STARTING
    window.recorder.hear(recording.samples)
    assert window.state in (State.READING, State.ASSESSING)
    if window.state is State.READING:
        press(window, Qt.Key.Key_Space)
    window.wait(lambda: window.state is State.SCORED)
    assert window.page.result.isVisible()
    kinds = [mark.kind for mark in window.page.text.marks]
    assert MarkKind.LEFT_OUT in kinds
    assert MarkKind.PAUSE in kinds


def test_a_reading_is_kept_and_its_journal_goes(window: Stage) -> None:
    window.read()
    window.wait(lambda: list(window.services.journals.glob("*")) == [])
    (kept,) = window.kept()
    assert window.page.attempt is not None
    assert kept.row.id == window.page.attempt.id
    assert kept.assessment == window.page.attempt.assessment
    assert kept.recording is not None
    assert np.abs(kept.recording.samples - window.page.attempt.recording.samples).max() < 1e-3


def test_only_the_scores_are_kept_where_the_settings_say_never(window: Stage) -> None:
    window.services.change("privacy", keep_recordings="never")
    window.read()
    window.wait(lambda: list(window.services.journals.glob("*")) == [])
    (kept,) = window.kept()
    assert kept.recording is None
    assert kept.row.overall is not None
    assert not list(window.home.glob("recordings/*"))


def test_escape_throws_the_recording_away_and_shows_the_result_before_it(window: Stage) -> None:
    window.read()
    before = window.page.attempt
    press(window, Qt.Key.Key_R)
    window.recorder.hear(np.zeros(8_000, np.float32))
    press(window, Qt.Key.Key_Escape)
    assert window.state is State.SCORED
    assert window.page.attempt is before
    assert window.page.result.isVisible()
    assert "discard" in window.recorder.calls


def test_attempts_are_counted_and_compared(window: Stage) -> None:
    window.read(1)
    text, recording = demo(1)
    press(window, Qt.Key.Key_R)
    window.recorder.hear(recording.samples)
    if window.state is State.READING:
        press(window, Qt.Key.Key_Space)
    window.wait(lambda: len(window.page.reading.attempts) == 2)
    told = [each.text() for each in window.page.findChildren(QLabel)]
    assert "Attempt 2" in told
    assert any("As last time" in each for each in told)
    assert window.page.reading.attempts[0].assessment.text == text


def test_stopping_before_any_sound_says_what_to_do(window: Stage) -> None:
    press(window, Qt.Key.Key_Space)
    window.recorder.end()
    assert window.state is State.READY
    assert window.page.banner.text == TOO_SHORT


def test_silence_is_told_with_a_way_to_the_microphone_test(window: Stage) -> None:
    press(window, Qt.Key.Key_Space)
    window.recorder.hear(np.zeros(48_000, np.float32))
    press(window, Qt.Key.Key_Space)
    window.wait(lambda: window.state is State.SCORED)
    assert window.page.banner.text == UNHEARD


def test_trouble_with_the_microphone_is_told_in_words(window: Stage) -> None:
    window.services.sound_event.emit(Trouble("No microphone was found. Connect one.", Problem.NO_DEVICE))
    assert window.page.banner.text == "No microphone was found. Connect one."
    assert not window.page.bar.level.is_on


def test_a_failing_assessment_is_told_and_the_recording_stays(
    window: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecordingError("The recording cannot be assessed.")

    monkeypatch.setattr(window.services.assessor, "assess", fail)
    press(window, Qt.Key.Key_Space)
    window.recorder.hear(demo(0)[1].samples)
    if window.state is State.READING:
        press(window, Qt.Key.Key_Space)
    window.wait(lambda: bool(window.page.banner.text))
    assert window.page.banner.text == "The recording cannot be assessed."
    assert window.state is State.READY
    assert len(list(window.services.journals.glob("*"))) == 1


def test_closing_while_recording_leaves_the_recording_to_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    text, recording = demo(0)
    with stage(qtbot, tmp_path) as first:
        first.ready().window.show_own(text)
        first.page.toggle_recording()
        first.recorder.hear(recording.samples[:32_000])
    with stage(qtbot, tmp_path) as second:
        second.wait(lambda: bool(second.page.banner.text))
        assert second.page.banner.text.startswith("Elocute was closed while you were reading")


def test_the_countdown_comes_before_the_recording(window: Stage) -> None:
    window.services.change("sound", countdown=True)
    press(window, Qt.Key.Key_Space)
    assert window.page.bar.status.text() == "3"
    assert "begin" not in window.recorder.calls
    window.qtbot.waitUntil(lambda: "begin" in window.recorder.calls, timeout=10_000)


def test_the_arrows_walk_through_the_words_and_escape_closes_the_detail(window: Stage) -> None:
    window.read()
    page = window.page
    count = len(page.attempt.assessment.words)
    for index in range(count):
        press(window, Qt.Key.Key_Right)
        assert page.text.current == index
        assert page.text.detail is page.detail
    press(window, Qt.Key.Key_Home)
    assert page.text.current == 0
    press(window, Qt.Key.Key_Escape)
    assert page.text.detail is None


def test_what_cannot_be_heard_is_told_and_listening_can_be_tried_again(window: Stage) -> None:
    window.read()
    press(window, Qt.Key.Key_Right)
    player = Player(
        lambda message: window.services.bridge.deliver(lambda: window.services.notice.emit(message))
    )
    window.services.player = player
    window.services.change("sound", speaker="a loudspeaker that there is not")
    press(window, Qt.Key.Key_Return)
    window.wait(lambda: bool(window.page.banner.text))
    assert not window.page.playback.is_playing
    assert window.page.bar.listen.text() == "Listen"


def test_escape_while_the_voice_gets_ready_leaves_it_silent(window: Stage) -> None:
    window.page.playback.stop()
    window.window.show_own("Nobody has heard this sentence before.")
    press(window, Qt.Key.Key_L)
    assert window.page.banner.text.startswith("The voice is getting ready")
    press(window, Qt.Key.Key_Escape)
    assert window.page.banner.text == ""
    window.qtbot.wait(3_000)
    assert not window.page.playback.is_playing


def test_the_sound_stays_open_from_one_reading_and_one_start_to_the_next(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with stage(qtbot, tmp_path) as first:
        first.ready().read()
        press(first, Qt.Key.Key_D)
        first.wait(lambda: first.page.result.sound is not None and first.page.result.sound.plots.isVisible())
    with stage(qtbot, tmp_path) as second:
        second.ready().read()
        second.wait(
            lambda: second.page.result.sound is not None and second.page.result.sound.plots.isVisible()
        )


def test_the_mouth_and_the_table_open_by_key(window: Stage) -> None:
    window.read()
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_M)
    assert window.page.mouth is not None
    assert window.page.mouth.isVisible()
    press(window, Qt.Key.Key_W)
    assert window.page.result.words.isVisible()


def test_words_are_marked_by_the_strictness_that_was_chosen(window: Stage) -> None:
    window.read()
    usual = len(window.page.text.marks)
    window.services.change("marking", show_left_out=False, show_pauses=False)
    assert len(window.page.text.marks) < usual
    assert {mark.kind for mark in window.page.text.marks} <= {MarkKind.NEARLY, MarkKind.WRONG}
