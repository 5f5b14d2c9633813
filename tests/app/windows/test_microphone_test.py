"""The microphone test: what it says, what it leaves behind (nothing), and how it lives beside a reading."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.audio.devices import Problem
from app.audio.events import Ended, Heard, Trouble, Why
from app.audio.journal import Journal, Take
from app.audio.level import Level
from app.windows.microphone_test import HEARD, UNHEARD, MicrophoneTest
from app.windows.services import Services
from tests.app.windows.conftest import NotedPlayer
from tests.app.windows.stage import ScriptedRecorder

BLOCK = np.full(800, 0.1, np.float32)


@pytest.fixture
def recorder(services: Services) -> ScriptedRecorder:
    made = ScriptedRecorder(services, services.journals)
    services.recorder = made  # type: ignore[assignment]
    return made


@pytest.fixture
def test(services: Services, qtbot: QtBot, recorder: ScriptedRecorder, player: NotedPlayer) -> MicrophoneTest:
    made = MicrophoneTest(services)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_voice_is_played_back_and_nothing_of_it_is_kept(
    test: MicrophoneTest, recorder: ScriptedRecorder, player: NotedPlayer, services: Services, qtbot: QtBot
) -> None:
    test.button.click()
    assert not test.button.isEnabled()
    recorder.hear(BLOCK)
    recorder.end()
    assert test.told.text() == HEARD
    assert np.array_equal(player.played[0][0], BLOCK)
    assert list(services.journals.iterdir()) == []
    assert test.button.isEnabled()


def test_it_ends_by_itself_after_three_seconds(
    test: MicrophoneTest, recorder: ScriptedRecorder, qtbot: QtBot
) -> None:
    test.button.click()
    recorder.hear(BLOCK)
    qtbot.waitUntil(lambda: recorder.calls == ["begin", "end"], timeout=10_000)


def test_silence_is_told_and_not_played(
    test: MicrophoneTest, recorder: ScriptedRecorder, player: NotedPlayer, services: Services, qtbot: QtBot
) -> None:
    test.button.click()
    assert recorder.journal is not None
    services.sound_event.emit(Heard(Level(-70.0, -60.0), BLOCK, True, 0.1))
    services.sound_event.emit(Ended(Take("", datetime.now(UTC), BLOCK), Why.ASKED, 0, recorder.journal))
    assert test.told.text() == UNHEARD
    assert player.played == []


def test_what_was_heard_before_the_test_does_not_count(
    test: MicrophoneTest, recorder: ScriptedRecorder, services: Services
) -> None:
    services.sound_event.emit(Heard(Level(-10.0, -5.0), BLOCK, False, 0.0))
    assert test.level.is_on
    test.button.click()
    services.sound_event.emit(Heard(Level(-10.0, -5.0), BLOCK, False, 0.0))
    assert test.told.text() == "One moment …"
    recorder.end()
    assert test.told.text() == UNHEARD


def test_without_a_microphone_nothing_begins(test: MicrophoneTest, services: Services) -> None:
    services.recorder = None
    test.button.click()
    assert test.button.isEnabled()


def test_trouble_is_told(test: MicrophoneTest, services: Services) -> None:
    services.sound_event.emit(Trouble("No microphone was found. Connect one.", Problem.NO_DEVICE))
    assert test.told.text() == "No microphone was found. Connect one."
    assert not test.level.is_on


def test_a_test_that_is_left_records_no_longer(
    test: MicrophoneTest, recorder: ScriptedRecorder, services: Services
) -> None:
    test.button.click()
    recorder.hear(BLOCK)
    test.hide()
    assert recorder.calls == ["begin", "discard"]
    assert list(services.journals.iterdir()) == []
    assert test.button.isEnabled()


def test_leaving_where_nothing_is_tested_leaves_a_reading_alone(
    test: MicrophoneTest, recorder: ScriptedRecorder
) -> None:
    recorder.begin("A text.")
    test.hide()
    assert recorder.calls == ["begin"]


def test_the_end_of_a_reading_is_not_taken_for_the_end_of_the_test(
    test: MicrophoneTest, services: Services, player: NotedPlayer
) -> None:
    # A reading that is being recorded ends when a test begins.
    journal = Journal.begin(services.journals, "A text.")
    test.button.click()
    services.sound_event.emit(Ended(Take("A text.", datetime.now(UTC), BLOCK), Why.ASKED, 0, journal))
    assert journal.path.exists()
    assert player.played == []
    journal.close()
