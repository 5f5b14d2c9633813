"""What is heard: the right words, at the right speed and pitch, of the learner, the model, or both."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.voice import model_reading
from app.windows.playback import Playback
from app.windows.services import Services
from assessment.audio import SAMPLE_RATE, Recording
from assessment.engine import Assessor
from assessment.pitch import pitch_track
from assessment.text import ReferenceText
from tests.app.windows.conftest import NotedPlayer
from tests.app.windows.stage import demo

TEXT = "The sun is warm."
# Heard before and after what is asked for, in seconds.
MARGIN = 0.05


@pytest.fixture
def playback(services: Services, assessor: Assessor, player: NotedPlayer) -> Playback:
    services.assessor = assessor
    # Of the voices, the one that is quickest.
    services.change("voice", voice="espeak")
    made = Playback(services)
    made.set_reference(ReferenceText.parse(TEXT))
    return made


@pytest.fixture
def ramp() -> Recording:
    """A recording of two seconds whose every sample tells its place."""
    samples = np.linspace(0.0, 0.5, 2 * SAMPLE_RATE, dtype=np.float32)
    return Recording.from_samples(samples, SAMPLE_RATE, "a ramp")


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [(0.5, 1.0, 0.45, 1.05), (0.0, 0.3, 0.0, 0.35), (1.9, 2.0, 1.85, 2.0), (0.0, None, 0.0, 2.0)],
)
def test_my_words_are_cut_out_with_a_little_more(
    playback: Playback,
    player: NotedPlayer,
    ramp: Recording,
    start: float,
    end: float | None,
    first: float,
    last: float,
) -> None:
    playback.set_recording(ramp)
    playback.play_mine(start, end)
    samples, rate = player.played[0]
    assert rate == SAMPLE_RATE
    expected = ramp.samples[round(first * SAMPLE_RATE) : round(last * SAMPLE_RATE)]
    assert np.array_equal(samples, expected)


def test_without_a_recording_there_is_nothing_of_mine_to_hear(
    playback: Playback, player: NotedPlayer, ramp: Recording
) -> None:
    playback.play_mine()
    playback.play_both(0.0, 1.0, 0, 1)
    playback.set_recording(ramp)
    playback.set_reference(ReferenceText.parse("Another text."))
    playback.play_mine()
    assert player.played == []
    assert not playback.is_playing


def test_half_the_speed_takes_twice_as_long_at_the_same_pitch(
    playback: Playback, player: NotedPlayer, services: Services, qtbot: QtBot
) -> None:
    services.change("voice", speed=0.5)
    recording = demo(0)[1]
    playback.set_recording(recording)
    playback.play_mine()
    qtbot.waitUntil(lambda: bool(player.played), timeout=20_000)
    slow = player.played[0][0]
    assert len(slow) == pytest.approx(2 * len(recording.samples), rel=0.05)
    usual, slowed = (
        np.nanmedian(track.hz)
        for track in (
            pitch_track(recording.samples),
            pitch_track(np.asarray(slow, np.float32)),
        )
    )
    assert slowed == pytest.approx(usual, rel=0.05)


def test_the_cursor_follows_the_recording_also_at_half_speed(
    playback: Playback, player: NotedPlayer, services: Services, ramp: Recording, qtbot: QtBot
) -> None:
    playback.set_recording(ramp)
    assert playback.cursor is None
    playback.play_mine(0.5, 1.5)
    player.position = 0.2
    assert playback.cursor == pytest.approx(0.5 - MARGIN + 0.2)
    services.change("voice", speed=0.5)
    playback.play_mine(0.5, 1.5)
    qtbot.waitUntil(lambda: len(player.played) == 2, timeout=20_000)
    assert playback.cursor == pytest.approx(0.5 - MARGIN + 0.1)
    player.done()
    qtbot.waitUntil(lambda: playback.cursor is None, timeout=5_000)


def test_playing_begins_and_ends_once(
    playback: Playback, player: NotedPlayer, ramp: Recording, qtbot: QtBot
) -> None:
    told: list[bool] = []
    playback.playing.connect(told.append)
    playback.set_recording(ramp)
    playback.play_mine()
    end_of_first = player.done
    playback.play_mine()
    # The end of the first sound comes when the second one is being heard.
    end_of_first()
    qtbot.wait(20)
    assert told == [True]
    player.done()
    qtbot.waitUntil(lambda: told == [True, False], timeout=5_000)


def test_stopping_is_silent_at_once(playback: Playback, player: NotedPlayer, ramp: Recording) -> None:
    playback.set_recording(ramp)
    playback.play_mine()
    stops = player.stops
    playback.stop()
    assert player.stops == stops + 1
    assert not playback.is_playing


def test_what_is_being_slowed_down_is_not_heard_after_a_stop(
    playback: Playback, player: NotedPlayer, services: Services, qtbot: QtBot
) -> None:
    services.change("voice", speed=0.5)
    playback.set_recording(demo(0)[1])
    playback.play_mine()
    playback.stop()
    playback.play_mine(0.0, 0.2)
    qtbot.waitUntil(lambda: bool(player.played), timeout=20_000)
    qtbot.wait(300)
    # Only what was asked for after the stop.
    assert [len(samples) < SAMPLE_RATE for samples, _ in player.played] == [True]


def test_without_a_loudspeaker_it_is_said(
    playback: Playback, services: Services, ramp: Recording, qtbot: QtBot
) -> None:
    services.player = None
    playback.set_recording(ramp)
    with qtbot.waitSignal(services.notice) as told:
        playback.play_mine()
    assert told.args == ["The loudspeaker is not ready yet. Try again in a moment."]
    assert not playback.is_playing


# --- the model ----------------------------------------------------------------------------------


def test_the_model_is_made_once_and_heard_again_at_once(
    playback: Playback, player: NotedPlayer, qtbot: QtBot
) -> None:
    told: list[bool] = []
    playback.preparing.connect(told.append)
    assert not playback.has_model
    playback.play_model()
    qtbot.waitUntil(lambda: len(player.played) == 1, timeout=30_000)
    assert told == [True, False]
    assert playback.has_model
    playback.play_model()
    assert len(player.played) == 2
    assert told == [True, False]
    assert np.array_equal(player.played[0][0], player.played[1][0])


def test_another_voice_and_another_text_need_a_model_of_their_own(
    playback: Playback, services: Services, qtbot: QtBot
) -> None:
    playback.prepare()
    qtbot.waitUntil(lambda: playback.has_model, timeout=30_000)
    services.change("voice", voice="auto")
    assert not playback.has_model
    services.change("voice", voice="espeak")
    assert playback.has_model
    playback.set_reference(ReferenceText.parse("Another text."))
    assert not playback.has_model


def test_a_word_of_the_model_is_a_part_of_it(playback: Playback, player: NotedPlayer, qtbot: QtBot) -> None:
    playback.play_model()
    qtbot.waitUntil(lambda: len(player.played) == 1, timeout=30_000)
    playback.play_model(1, 2)
    whole, word = (len(samples) for samples, _ in player.played)
    assert 0 < word < whole / 2
    assert playback.cursor is None


def test_mine_and_the_models_are_heard_one_after_the_other(
    playback: Playback, player: NotedPlayer, ramp: Recording, qtbot: QtBot
) -> None:
    playback.set_recording(ramp)
    playback.play_both(0.5, 1.0, 1, 2)
    qtbot.waitUntil(lambda: bool(player.played), timeout=30_000)
    samples, rate = player.played[0]
    assert rate == SAMPLE_RATE
    mine = ramp.samples[round(0.45 * rate) : round(1.05 * rate)]
    assert np.array_equal(samples[: len(mine)], mine)
    rest = samples[len(mine) :]
    silence = int(np.argmax(rest != 0.0))
    assert silence / rate == pytest.approx(0.35, abs=0.05)
    model = rest[silence:]
    assert len(model) > 0.05 * rate
    assert np.abs(model).max() <= 1.0


def test_stopping_cancels_a_model_that_is_being_made(
    playback: Playback, player: NotedPlayer, qtbot: QtBot
) -> None:
    told: list[bool] = []
    playback.preparing.connect(told.append)
    playback.play_model()
    playback.stop()
    assert told == [True, False]
    qtbot.wait(500)
    assert player.played == []
    assert not playback.has_model


def test_two_who_wait_for_the_same_model_both_get_it(
    playback: Playback, player: NotedPlayer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    read_model = model_reading.read_model

    def counted(*arguments: object) -> object:
        made.append("model")
        return read_model(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(model_reading, "read_model", counted)
    shown: list[object] = []
    playback.play_model()
    playback.prepare(shown.append)
    qtbot.waitUntil(lambda: bool(shown) and bool(player.played), timeout=30_000)
    assert made == ["model"]


def test_a_voice_that_fails_is_told(
    playback: Playback, player: NotedPlayer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.voice.speech import VoiceError

    def fail(*_: object) -> None:
        raise VoiceError("The voice cannot speak. Choose another one.")

    monkeypatch.setattr(model_reading, "read_model", fail)
    with qtbot.waitSignal(playback.failed, timeout=10_000) as told:
        playback.play_model()
    assert told.args == ["The voice cannot speak. Choose another one."]
    assert player.played == []
