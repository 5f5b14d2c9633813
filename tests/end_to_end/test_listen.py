"""Follow-along as people meet it: a voice in the microphone, words lighting up, the assessment at the end."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hibari import Hibari

from assessment.audio import Recording
from assessment.engine import Assessor
from assessment.results import Assessment
from tests.virtual_microphone import VirtualMicrophone, why_not

SENTENCES = (
    "The old library stands behind the market.",
    "My sister bought seven yellow bananas this morning.",
    "Please close the window before you leave the house.",
    "A thin cat was sleeping on the warm kitchen floor.",
    "We walked along the river until the rain began.",
    "Nobody knew why the train was late again.",
    "He put the letter into his pocket and smiled.",
    "The children asked their teacher for another story.",
    "There is a small garden in front of the school.",
    "On Sunday they will visit their friends in the city.",
)
RATE = 24_000
END_SECONDS = 1.2
BEHIND_SECONDS = 0.3
CPU_SHARE = 0.4

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@dataclass(frozen=True)
class Followed:
    """What a follower at the microphone told of a reading, and the reading as it was heard."""

    positions: list[tuple[float, int | None, str | None]]
    cpu: float
    assessment: Assessment
    # As the microphone gave it: conditioning it twice would round it otherwise.
    heard: np.ndarray


@pytest.fixture(scope="module")
def voice() -> Hibari:
    return Hibari("heart")


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    # As many threads as the follower has: other sums would be rounded otherwise.
    return Assessor.load(threads=1)


def start(microphone: VirtualMicrophone, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=microphone.environment, stdout=pipe, stderr=pipe, text=True)


def speech(voice: Hibari, text: str) -> np.ndarray:
    return np.asarray(voice(text, seed=1), np.float32)


def followed(microphone: VirtualMicrophone, voice: Hibari, text: str, folder: Path) -> Followed:
    process = start(microphone, "-m", "tests.end_to_end.follower_program", text, folder)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    player = microphone.play(speech(voice, text), RATE)
    _, errors = process.communicate(timeout=90)
    player.wait(timeout=30)
    assert process.returncode == 0, errors
    told: dict[str, Any] = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    positions = [tuple(each) for each in told["positions"]]
    heard = np.load(folder / "heard.npy")
    return Followed(positions, told["cpu"], Assessment.from_dict(told["assessment"]), heard)


def words_off(told: Followed) -> list[tuple[float, int]]:
    """Return when the follower was more than a word from where the reader was or had just been."""
    ends = [word.end for word in told.assessment.words if not word.is_extra]
    wrong = []
    for seconds, current, _ in told.positions:
        place = len(ends) if current is None else current
        latest = sum(end <= seconds for end in ends)
        earliest = sum(end <= seconds - BEHIND_SECONDS for end in ends)
        if not earliest - 1 <= place <= latest + 1:
            wrong.append((seconds, place))
    return wrong


@pytest.mark.timeout(300)
@pytest.mark.parametrize("text", SENTENCES)
def test_the_readers_place_is_known_at_all_times_and_the_end_soon(
    microphone: VirtualMicrophone, voice: Hibari, tmp_path: Path, text: str
) -> None:
    told = followed(microphone, voice, text, tmp_path)
    assert words_off(told) == []
    seconds, _, end = told.positions[-1]
    assert end == "read"
    assert seconds - told.assessment.words[-1].end <= END_SECONDS
    assert told.cpu < CPU_SHARE


@pytest.mark.timeout(300)
def test_the_assessment_at_the_end_is_that_of_the_recording(
    microphone: VirtualMicrophone, voice: Hibari, assessor: Assessor, tmp_path: Path
) -> None:
    told = followed(microphone, voice, SENTENCES[0], tmp_path)
    again = assessor.assess(Recording.from_samples(told.heard, 16_000, "the recording"), SENTENCES[0])
    assert again.words == told.assessment.words
    assert again.scores == told.assessment.scores


@pytest.mark.timeout(300)
def test_elocute_listen_tells_words_as_they_are_read_and_assesses(
    microphone: VirtualMicrophone, voice: Hibari, tmp_path: Path
) -> None:
    text, kept = SENTENCES[1], tmp_path / "said.flac"
    process = start(microphone, "-m", "app", "listen", "--text", text, "--save", kept)
    assert process.stderr is not None
    assert any(line.startswith("Speak now") for line in process.stderr)
    player = microphone.play(speech(voice, text), RATE)
    printed, errors = process.communicate(timeout=90)
    player.wait(timeout=30)
    assert process.returncode == 0, errors
    passed = re.findall(r"^\d+\.\d\d word (\d+) of 8 “(\w+)” \d+$", printed, re.MULTILINE)
    assert [word for _, word in passed] == text.rstrip(".").split()
    assert re.search(r"^\d+\.\d\d end: read$", printed, re.MULTILINE)
    assert re.search(r"^Overall +\d+", printed, re.MULTILINE)
    assert Recording.open(kept).duration > 2.0
