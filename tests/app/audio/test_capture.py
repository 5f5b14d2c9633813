"""The microphone hears what is played into it, stops when asked, and is chosen by number or name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.audio import devices
from app.audio.devices import InputDevice, SoundError, input_device
from tests.app.audio.sound_driver import server_of
from tests.virtual_microphone import VirtualMicrophone, virtual_microphone, why_not

RATE = 16_000
SECONDS = 2.0
RECORD = """
import json, sys, threading
import numpy as np
from app.audio.capture import Microphone
blocks = []
with Microphone() as microphone:
    for block in microphone.blocks():
        if not blocks:
            print("ready", flush=True)
            threading.Timer(float(sys.argv[1]), microphone.stop).start()
        blocks.append(block)
print(json.dumps({"sizes": [len(block) for block in blocks], "dropouts": microphone.dropouts,
                  "samples": np.concatenate(blocks).astype(float).tolist()}))
"""


@pytest.mark.timeout(120)
def test_what_is_said_is_captured_until_stopped(microphone: VirtualMicrophone) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RECORD, str(SECONDS + 2.0)],
        env=microphone.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    # Noise of a middle pitch, which no resampler changes.
    noise = np.random.default_rng(1).standard_normal(int(SECONDS * RATE))
    said = (0.5 * np.convolve(noise, np.ones(8) / 8.0, mode="same")).astype(np.float32).clip(-1, 1)
    player = microphone.play(said, RATE)
    printed, _ = process.communicate(timeout=60)
    player.wait(timeout=30)
    told = json.loads(printed)
    heard = np.array(told["samples"])
    assert set(told["sizes"]) == {800}
    assert told["dropouts"] == 0
    spectra = np.fft.rfft(heard, 2 * len(heard)) * np.conj(np.fft.rfft(said, 2 * len(heard)))
    place = int(np.fft.irfft(spectra).argmax())
    assert np.corrcoef(heard[place : place + len(said)], said)[0, 1] > 0.95


@pytest.mark.timeout(120)
def test_a_microphone_that_goes_away_is_told(tmp_path: Path) -> None:
    if why_not():
        pytest.skip(why_not())
    program = """
from app.audio.capture import Microphone
from app.audio.devices import SoundError
with Microphone() as microphone:
    try:
        for number, block in enumerate(microphone.blocks()):
            if number == 0:
                print("ready", flush=True)
    except SoundError as problem:
        print(problem.problem, problem)
"""
    with virtual_microphone(tmp_path) as own:
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            env=own.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(server_of(own), signal.SIGKILL)
        printed, _ = process.communicate(timeout=60)
    assert printed.startswith("device-lost The microphone")


THERE = [
    InputDevice(0, "Built-in Audio", 44_100, is_default=False),
    InputDevice(4, "USB Headset", 48_000, is_default=True),
]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "input_devices", lambda: THERE)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("wanted", "number"), [(None, 4), (0, 0), ("0", 0), ("built-in", 0), ("HEADSET", 4), (4, 4)]
)
def test_an_input_is_chosen_by_number_or_a_part_of_its_name(wanted: int | str | None, number: int) -> None:
    assert input_device(wanted).number == number


@pytest.mark.usefixtures("two")
def test_an_unknown_input_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(SoundError, match=r"“phone”.*0 Built-in Audio, 4 USB Headset"):
        input_device("phone")


def test_no_input_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "input_devices", lambda: [])
    with pytest.raises(SoundError, match="No microphone was found"):
        input_device()


def test_a_missing_library_is_told_with_what_to_install() -> None:
    program = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
sys.meta_path.insert(0, Missing())
from app.audio.devices import SoundError, input_devices
try:
    input_devices()
except SoundError as problem:
    print(problem)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "libportaudio2" in done.stdout
