"""The application: opens its window, gives way to one that is open, says so where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.windows.application import NO_SCREEN, NoScreenError, application, run
from app.windows.single import Single

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen")


# Runs in a process of its own: Qt's application cannot be ended and begun again in one.
PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.windows.application import application, run
from app.windows.main_window import MainWindow
from app.windows.services import Services

Services.start_sound = lambda self: None
application()
done = []

def look():
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
    if not done:
        window.showMinimized()
        print("minimised", window.welcome.isVisible(), flush=True)
        done.append(True)
    elif not window.isMinimized():
        print("front", flush=True)
        timer.stop()
        window.close()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
sys.exit(run())
"""


def started(home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "ELOCUTE_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@linux
def test_without_a_screen_the_command_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoScreenError, match="command line"):
        application()
    assert "elocute assess RECORDING" in NO_SCREEN
    assert "elocute --help" in NO_SCREEN


@linux
@pytest.mark.parametrize("arguments", [[], ["screenshots", "pictures"]])
def test_commands_that_need_a_screen_end_without_one(tmp_path: Path, arguments: list[str]) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in SCREENS}
    environment["PYTHONPATH"] = os.getcwd()
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr == f"elocute: {NO_SCREEN}\n"
    assert list(tmp_path.iterdir()) == []


@linux
@pytest.mark.parametrize("screen", SCREENS)
def test_any_kind_of_screen_will_do(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, screen: str) -> None:
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(screen, "offscreen" if screen == "QT_QPA_PLATFORM" else ":7")
    assert application() is QApplication.instance()


def test_a_second_start_gives_way(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ELOCUTE_HOME", str(tmp_path))
    first = Single(tmp_path)
    with qtbot.waitSignal(first.asked_to_front, timeout=5_000):
        assert run() == 0
    assert "open already" in capsys.readouterr().err
    first.release()


def test_a_second_start_brings_the_window_to_the_front(tmp_path: Path, qtbot: QtBot) -> None:
    running = started(tmp_path)
    assert running.stdout is not None
    assert running.stdout.readline() == "minimised True\n"
    assert Single(tmp_path).is_second
    told, _ = running.communicate(timeout=60)
    assert told == "front\n"
    assert running.returncode == 0
