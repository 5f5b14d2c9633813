"""What windows share: started in the background, changed and saved, told of troubles, let go once."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.audio.events import Trouble
from app.settings import SettingsFile
from app.windows.services import LEXICON, Services
from assessment.engine import Assessor
from assessment.errors import ElocuteError
from assessment.text import ReferenceText
from tests.app.windows.conftest import NotedPlayer
from tests.app.windows.stage import ScriptedRecorder


@pytest.fixture
def recorder(services: Services) -> ScriptedRecorder:
    made = ScriptedRecorder(services, services.journals)
    services.recorder = made  # type: ignore[assignment]
    return made


def test_everything_lies_in_the_folder_of_the_data(services: Services, tmp_path: Path) -> None:
    assert services.journals == tmp_path / "recordings-in-progress"


def test_a_change_is_told_and_on_the_disk_at_once(services: Services, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(services.settings_changed, timeout=1_000):
        services.change("appearance", text_size=32)
    assert SettingsFile(tmp_path / "settings.toml").load()[0].appearance.text_size == 32


def test_what_does_not_change_is_not_told_nor_written(
    services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(services.settings_changed):
        services.change("appearance", text_size=services.settings.appearance.text_size)
    assert not (tmp_path / "settings.toml").exists()


def test_only_another_microphone_is_opened(services: Services, recorder: ScriptedRecorder) -> None:
    services.change("sound", countdown=True)
    services.change("sound", microphone="USB")
    services.change("sound", speaker="Headphones")
    services.change("sound", microphone="")
    assert recorder.calls == ["open USB", "open None"]


def test_sound_goes_to_the_loudspeaker_that_was_chosen(
    services: Services, player: NotedPlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices: list[object] = []
    monkeypatch.setattr(player, "play", lambda *_, device, done: devices.append(device))
    services.play(np.zeros(10, np.float32), 16_000, lambda: None)
    services.change("sound", speaker="Headphones")
    services.play(np.zeros(10, np.float32), 16_000, lambda: None)
    assert devices == [None, "Headphones"]


def test_the_end_of_a_sound_is_told_on_the_thread_of_the_window(
    services: Services, player: NotedPlayer, qtbot: QtBot
) -> None:
    heard: list[threading.Thread] = []
    services.play(np.zeros(10, np.float32), 16_000, lambda: heard.append(threading.current_thread()))
    ending = threading.Thread(target=player.done)
    ending.start()
    ending.join()
    qtbot.waitUntil(lambda: bool(heard), timeout=5_000)
    assert heard == [threading.current_thread()]


def test_ones_own_pronunciations_are_taken(services: Services, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / LEXICON).write_text("zyzzyx  Z IH1 Z IH0 K S\n", encoding="utf-8")
    services.start_sound = lambda: None  # type: ignore[method-assign]
    with qtbot.waitSignal(services.engine_ready, timeout=30_000):
        services.start()
    assert services.assessor is not None
    assert services.assessor.follow(ReferenceText.parse("Zyzzyx.")) is not None
    spoken = services.assessor.lexicon.pronunciations("zyzzyx")
    assert spoken[0] == ("Z", "IH1", "Z", "IH0", "K", "S")


def test_an_engine_that_cannot_be_loaded_is_told(
    services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ElocuteError("The model is damaged. Install Elocute again.")

    monkeypatch.setattr(Assessor, "load", fail)
    services.start_sound = lambda: None  # type: ignore[method-assign]
    with qtbot.waitSignal(services.engine_failed, timeout=10_000) as told:
        services.start()
    assert told.args == ["The model is damaged. Install Elocute again."]
    assert services.assessor is None


def test_a_microphone_that_there_is_not_is_told_in_words(services: Services, qtbot: QtBot) -> None:
    services.change("sound", microphone="a microphone that there is not")
    with qtbot.waitSignal(services.sound_event, timeout=30_000) as told:
        services.start_sound()
    assert isinstance(told.args[0], Trouble)
    assert told.args[0].message.endswith(".")
    assert services.recorder is not None
    assert services.player is not None


def test_letting_go_twice_is_letting_go_once(
    services: Services, recorder: ScriptedRecorder, player: NotedPlayer
) -> None:
    services.close()
    services.close()
    assert recorder.calls == ["close", "close"]


def test_after_letting_go_nothing_is_told(services: Services, qtbot: QtBot) -> None:
    called: list[bool] = []
    services.bridge.deliver(lambda: called.append(True))
    services.close()
    services.start()
    qtbot.wait(300)
    assert called == []
    assert services.assessor is None
    assert services.recorder is None


def test_a_library_that_was_let_go_while_it_was_opened_is_not_taken(
    services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    told: list[str] = []
    services.library_opened.connect(lambda: told.append("opened"))
    services.library_failed.connect(told.append)
    services.open_library()
    first = services.wait_for_library()  # open, but the window has not heard of it yet
    services.open_library()
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert services.wait_for_library() is not first
    assert told == ["opened"]
    services.open_library()
    services.wait_for_library()
    services.close_library()
    qtbot.wait(100)
    assert told == ["opened"]
    assert services.store is None
