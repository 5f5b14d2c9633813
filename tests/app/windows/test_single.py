"""One window for each person: a second start gives way, and nobody stands in the way who is gone."""

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


def test_the_second_gives_way_and_asks_the_first_to_the_front(qtbot: QtBot, tmp_path: Path) -> None:
    first = Single(tmp_path)
    with qtbot.waitSignal(first.asked_to_front, timeout=5_000):
        second = Single(tmp_path)
    assert (first.is_second, second.is_second) == (False, True)
    first.release()


def test_every_further_start_asks_again(qtbot: QtBot, tmp_path: Path) -> None:
    first = Single(tmp_path)
    for _ in range(3):
        with qtbot.waitSignal(first.asked_to_front, timeout=5_000):
            assert Single(tmp_path).is_second
    first.release()


def test_once_the_first_has_gone_another_can_be_first(qtbot: QtBot, tmp_path: Path) -> None:
    first = Single(tmp_path)
    first.release()
    again = Single(tmp_path)
    assert not again.is_second
    with qtbot.waitSignal(again.asked_to_front, timeout=5_000):
        assert Single(tmp_path).is_second
    again.release()


def test_a_second_that_ends_leaves_the_first_alone(qtbot: QtBot, tmp_path: Path) -> None:
    first = Single(tmp_path)
    Single(tmp_path).release()
    assert Single(tmp_path).is_second
    first.release()


def test_each_folder_has_a_first_of_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    one, other = Single(tmp_path / "one"), Single(tmp_path / "a folder ü" / "deep")
    assert not one.is_second
    assert not other.is_second
    one.release()
    other.release()


def test_the_same_folder_by_another_name_is_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    first = Single(tmp_path / "one")
    with qtbot.waitSignal(first.asked_to_front, timeout=5_000):
        assert Single(tmp_path / "one" / ".." / "one").is_second
    first.release()


@pytest.mark.parametrize("content", [b"", b"\x00\xff no lock", b"999999999\nelocute\nanother-computer\n"])
def test_a_lock_that_nobody_holds_does_not_stand_in_the_way(
    qtbot: QtBot, tmp_path: Path, content: bytes
) -> None:
    lock = tmp_path / "elocute.lock"
    lock.write_bytes(content)
    os.utime(lock, (0.0, 0.0))
    first = Single(tmp_path)
    assert not first.is_second
    first.release()


def test_a_first_that_does_not_answer_is_still_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first = Single(tmp_path)
    first._server.close()
    os.utime(tmp_path / "elocute.lock", (0.0, 0.0))
    assert Single(tmp_path).is_second
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
