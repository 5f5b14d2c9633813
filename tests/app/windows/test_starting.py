"""Starting the application: with no screen, twice, and after a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.windows.single import Single

HOLD = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.windows.single import Single
application = QCoreApplication([])
single = Single(Path(sys.argv[1]))
print(single.is_second, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")
def test_without_a_screen_the_command_line_is_pointed_to() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "app"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith("elocute: There is no screen")
    assert "elocute assess" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_instance_brings_the_first_to_the_front(qtbot: QtBot, tmp_path: Path) -> None:
    first = Single(tmp_path)
    assert not first.is_second
    with qtbot.waitSignal(first.asked_to_front, timeout=10_000):
        done = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
    try:
        assert done.stdout is not None
        assert done.stdout.readline() == "True\n"
    finally:
        done.kill()
        done.communicate()
        first.release()


def test_an_instance_that_was_killed_does_not_stand_in_the_way(qtbot: QtBot, tmp_path: Path) -> None:
    killed = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "False\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    again = Single(tmp_path)
    assert not again.is_second
    again.release()
