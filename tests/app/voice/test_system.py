"""The voice of the system speaks through a program, for which programs of the same use stand in here."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent

import pytest

from app.voice import system
from app.voice.speech import VoiceError
from app.voice.system import SystemVoice
from assessment import ReferenceText
from assessment.control import Control
from assessment.errors import Cancelled
from tests.app.voice.conftest import Judge

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are scripts of Unix")

TEXT = ReferenceText.parse("Mark is going to see the elephant.")
SAID = [()] * len(TEXT.words)
SPEAK = """
    import soundfile
    from app.voice.espeak import EspeakVoice
    from assessment.text import ReferenceText
    text = ReferenceText.parse(open(words, encoding="utf-8").read())
    spoken = EspeakVoice().say(text, [()] * len(text.words), float(pace))
    soundfile.write(wave, spoken.samples, spoken.rate, "PCM_16")
"""
SAY = """
    voice, pace, words, wave = (sys.argv[sys.argv.index(flag) + 1] for flag in ("-v", "-r", "-f", "-o"))
    assert voice == "Samantha" and sys.argv[-1] == "--data-format=LEI16@22050", sys.argv
    pace = int(pace) / 170
"""
POWERSHELL = """
    import os
    words, wave = os.environ["ELOCUTE_TEXT"], os.environ["ELOCUTE_SPEECH"]
    pace = 3.0 ** (int(os.environ["ELOCUTE_RATE"]) / 10.0)
    assert "System.Speech" in sys.argv[-1]
"""
LISTED = """\
Albert              en_US    # Hello! My name is Albert.
Amélie              fr_CA    # Bonjour! Je m’appelle Amélie.
Daniel              en_GB    # Hello! My name is Daniel.
Samantha            en_US    # Hello! My name is Samantha.
"""


class Programs:
    """Puts programs where the system looks for them."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root

    def add(self, name: str, *parts: str, voices: str = LISTED) -> None:
        body = "".join(indent(dedent(part), "    ") for part in parts)
        path = self.folder / name
        path.write_text(
            f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(self.root)!r})\n"
            f"if sys.argv[1:] == ['-v', '?']:\n    print({voices!r})\nelse:\n{body}\n",
            encoding="utf-8",
        )
        path.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    """A computer that has no programs yet."""
    monkeypatch.setenv("PATH", str(tmp_path))
    system._mac_voice.cache_clear()
    yield Programs(tmp_path, root)
    system._mac_voice.cache_clear()


@pytest.fixture
def mac(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setattr(system.platform, "system", lambda: "Darwin")
    return programs


@pytest.fixture
def windows(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setattr(system.platform, "system", lambda: "Windows")
    return programs


def accuracy(judged: Judge, speed: float = 1.0) -> float:
    found = judged(SystemVoice().say(TEXT, SAID, speed), TEXT).scores.accuracy
    assert found is not None
    return found


def test_macos_speaks_with_its_best_american_voice(mac: Programs, judged: Judge) -> None:
    mac.add("say", SAY, SPEAK)
    assert SystemVoice.is_available()
    assert accuracy(judged) > 80.0


def test_windows_speaks(windows: Programs, judged: Judge) -> None:
    windows.add("powershell", POWERSHELL, SPEAK)
    assert SystemVoice.is_available()
    assert accuracy(judged) > 80.0


def test_windows_speaks_slowly(windows: Programs) -> None:
    windows.add("powershell", POWERSHELL, SPEAK)
    usual, slow = (SystemVoice().say(TEXT, SAID, speed).duration for speed in (1.0, 0.5))
    assert slow > 1.5 * usual


def test_macos_without_a_good_american_voice_is_not_used(mac: Programs) -> None:
    mac.add("say", SAY, voices="Albert   en_US  # Hello!\nDaniel  en_GB  # Hello!\n")
    assert not SystemVoice.is_available()


def test_linux_has_none(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.platform, "system", lambda: "Linux")
    programs.add("say", SAY, SPEAK)
    assert not SystemVoice.is_available()


def test_what_the_program_complains_of_is_told(mac: Programs) -> None:
    mac.add("say", "sys.exit('the voice has a cold')")
    with pytest.raises(VoiceError, match="the voice has a cold"):
        SystemVoice().say(TEXT, SAID)


def test_a_program_that_writes_nothing_is_an_error(mac: Programs) -> None:
    mac.add("say", "pass")
    with pytest.raises(VoiceError, match="no sound"):
        SystemVoice().say(TEXT, SAID)


def test_a_missing_program_is_an_error(windows: Programs) -> None:
    with pytest.raises(VoiceError, match="powershell"):
        SystemVoice().say(TEXT, SAID)


def test_it_is_stopped_in_the_middle(windows: Programs, tmp_path: Path) -> None:
    started = tmp_path / "started"
    windows.add("powershell", f"import time\nopen({str(started)!r}, 'w').close()\ntime.sleep(600)")
    control = Control()

    def cancel_when_started() -> None:
        while not started.exists():
            threading.Event().wait(0.01)
        control.cancel()

    thread = threading.Thread(target=cancel_when_started)
    thread.start()
    with pytest.raises(Cancelled):
        SystemVoice().say(TEXT, SAID, control=control)
    thread.join()


def test_it_does_not_begin_when_it_was_stopped_before(windows: Programs) -> None:
    windows.add("powershell", "import time\ntime.sleep(600)")
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        SystemVoice().say(TEXT, SAID, control=control)
