"""The window as people meet it: a voice in the microphone, words, scores and details on the screen."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hibari import Hibari
from sqlalchemy import select

from app.library import attempts
from app.library.models import Attempt
from app.library.store import open_store
from assessment.misaki import misaki_word, stress_marks
from tests.virtual_microphone import VirtualMicrophone, why_not

TEXT = "The old library stands behind the market."
PHONES = {
    "the": ("DH", "AH0"),
    "old": ("OW1", "L", "D"),
    "library": ("L", "AY1", "B", "R", "EH2", "R", "IY0"),
    "stands": ("S", "T", "AE1", "N", "D", "Z"),
    "behind": ("B", "IH0", "HH", "AY1", "N", "D"),
    "market": ("M", "AA1", "R", "K", "AH0", "T"),
}
RATE = 24_000
# What the issue asks for is half a second for five seconds of speech; a busy machine gets four times that.
SCORED_SECONDS = 2.0

pytestmark = [
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb (Debian: xvfb)"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def voice() -> Hibari:
    return Hibari("heart")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def said(voice: Hibari, words: list[tuple[str, tuple[str, ...]]]) -> np.ndarray:
    symbols = " ".join(misaki_word(phones, stress_marks(word)) for word, phones in words) + "."
    return np.asarray(voice.from_phonemes(symbols, seed=1), np.float32)


def words_of(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(word, PHONES[word]) for word in text.rstrip(".").lower().split()]


class Window:
    """A running window."""

    def __init__(self, microphone: VirtualMicrophone, home: Path, *steps: str) -> None:
        home.mkdir(exist_ok=True)
        self._microphone = microphone
        program = [sys.executable, "-m", "tests.end_to_end.window_program", str(home), *steps]
        # The tests' own screen, if there is one, must not decide where this window opens.
        environment = {
            key: value for key, value in microphone.environment.items() if key != "QT_QPA_PLATFORM"
        }
        command = ["xvfb-run", "-a", "-s", "-screen 0 1280x900x24", *program]
        self._player: subprocess.Popen[bytes] | None = None
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
        )

    def event(self, name: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told: dict[str, Any] = json.loads(line)
            if told["event"] == name:
                return told
        _, errors = self._process.communicate(timeout=30)
        pytest.fail(f"the window ended before “{name}”: {errors}")

    def speak(self, samples: np.ndarray) -> None:
        self.event("speak now")
        self._player = self._microphone.play(samples, RATE)

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.kill()
        if self._player is not None:
            self._player.wait(timeout=30)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)

    def close(self) -> None:
        _, errors = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, errors


def kept_in(home: Path) -> list[attempts.KeptAttempt]:
    """Return the readings that the library holds."""
    store = open_store(home)
    with store.reading() as session:
        ids = list(session.scalars(select(Attempt.id)))
    found = [attempts.load(store, each) for each in ids]
    store.close()
    return found


def test_a_sentence_that_is_read_is_shown_with_scores_and_details(
    microphone: VirtualMicrophone, voice: Hibari, home: Path
) -> None:
    with Window(microphone, home, f"text:{TEXT}", "read", "replay") as window:
        window.speak(said(voice, words_of(TEXT)))
        told = window.event("scored")
        assert [word for word, _, _ in told["words"]] == TEXT.rstrip(".").split()
        assert {error for _, error, _ in told["words"]} == {"none"}
        assert re.match(r"Overall (9\d|100); accuracy", told["overall"])
        assert told["seconds"] <= SCORED_SECONDS
        replayed = window.event("replayed")
        assert replayed == {"event": "replayed", "word": 1, "mouth": True}
        assert window.event("slow")["events"] == []
        window.close()
        (kept,) = kept_in(home)
        assert [word.text for word in kept.assessment.words] == TEXT.rstrip(".").split()
        assert kept.recording is not None
        assert list((home / "recordings-in-progress").glob("*")) == []


def test_a_word_that_is_skipped_is_shown_as_left_out(
    microphone: VirtualMicrophone, voice: Hibari, home: Path
) -> None:
    with Window(microphone, home, f"text:{TEXT}", "read") as window:
        window.speak(said(voice, words_of(TEXT.replace("library ", ""))))
        told = window.event("scored")
        assert [error for _, error, _ in told["words"]] == [
            "none",
            "none",
            "omission",
            "none",
            "none",
            "none",
            "none",
        ]
        assert told["told"][2] == "“library” was left out."
        assert told["marks"] == ["left-out"]
        window.close()


def test_a_word_that_is_said_wrong_is_marked_and_told(
    microphone: VirtualMicrophone, voice: Hibari, home: Path
) -> None:
    wrong = words_of(TEXT)
    wrong[2] = ("library", ("L", "IY1", "B", "R", "EH2", "L", "IY0"))
    with Window(microphone, home, f"text:{TEXT}", "read") as window:
        window.speak(said(voice, wrong))
        told = window.event("scored")
        accuracies = {text: accuracy for text, _, accuracy in told["words"]}
        assert min(accuracies, key=accuracies.__getitem__) == "library"
        assert told["marks"]
        assert set(told["marks"]) <= {"nearly", "wrong"}
        assert "sounded" in told["told"][2]
        assert any("library" in message for message in told["heading"])
        window.close()


def test_a_reading_whose_scores_were_seen_survives_a_kill(
    microphone: VirtualMicrophone, voice: Hibari, home: Path
) -> None:
    with Window(microphone, home, f"text:{TEXT}", "read", "replay") as window:
        window.speak(said(voice, words_of(TEXT)))
        told = window.event("scored")
        window.kill()
    (kept,) = kept_in(home)
    assert [word.text for word in kept.assessment.words] == [word for word, _, _ in told["words"]]
    assert kept.recording is not None


def test_what_was_recorded_before_a_kill_is_offered_back(
    microphone: VirtualMicrophone, voice: Hibari, home: Path
) -> None:
    samples = said(voice, words_of(TEXT))
    with Window(microphone, home, f"text:{TEXT}", "record") as window:
        window.event("speak now")
        # Ended by the kill, not by the window: the pause after the sentence is shorter than it waits for.
        microphone.play(samples, RATE).wait(timeout=30)
        window.kill()
    with Window(microphone, home, "recover") as again:
        told = again.event("scored")
        assert told["message"].startswith("Elocute was closed while you were reading")
        assert told["duration"] > len(samples) / RATE - 1.0
        assert [word for word, _, _ in told["words"]] == TEXT.rstrip(".").split()
        again.close()
        assert list((home / "recordings-in-progress").glob("*")) == []
