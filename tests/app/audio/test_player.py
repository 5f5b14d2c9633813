"""The player is heard as it should be, tells where it is, and is replaced, stopped and refused politely."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from tests.app.audio.sound_driver import RATE, Driver, driver, noise, place, server_of
from tests.virtual_microphone import VirtualMicrophone, virtual_microphone, why_not

pytestmark = [pytest.mark.skipif(bool(why_not()), reason=why_not()), pytest.mark.timeout(120)]


@pytest.fixture
def sound(microphone: VirtualMicrophone) -> VirtualMicrophone:
    return microphone


@pytest.fixture
def player(sound: VirtualMicrophone, tmp_path: Path) -> Iterator[Driver]:
    with driver(sound.environment, tmp_path) as running:
        yield running


class Listener:
    """Hears what the loudspeaker plays; `samples` once it has stopped listening."""

    def __init__(self, sound: VirtualMicrophone) -> None:
        command = ["parec", "-d", "speaker.monitor", "--format=float32le", f"--rate={RATE}", "--channels=1"]
        self._process = subprocess.Popen(
            [*command, "--latency-msec=50"], env=sound.environment, stdout=subprocess.PIPE
        )
        self._content = bytearray()
        self._thread = Thread(target=self._read)
        self._thread.start()
        self.samples = np.zeros(0, np.float32)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while part := os.read(self._process.stdout.fileno(), 65_536):
            self._content += part

    def wait_until_it_hears(self) -> None:
        deadline = time.monotonic() + 20.0
        while not self._content and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        self._process.terminate()
        self._thread.join()
        self._process.wait(timeout=10)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self.samples = np.frombuffer(bytes(self._content), "<f4", len(self._content) // 4)


@contextmanager
def listening(sound: VirtualMicrophone) -> Iterator[Listener]:
    listener = Listener(sound)
    try:
        listener.wait_until_it_hears()
        yield listener
        # What is on its way still arrives.
        time.sleep(0.7)
    finally:
        listener.stop()


def saved(folder: Path, samples: np.ndarray) -> str:
    path = folder / f"play-{time.monotonic_ns()}.npy"
    np.save(path, samples.astype(np.float32))
    return str(path)


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100])
def test_all_of_it_is_heard_then_the_end_is_told(
    sound: VirtualMicrophone, player: Driver, tmp_path: Path, rate: int
) -> None:
    said = noise(1.0, seed=rate)
    at_rate = np.interp(np.arange(0.0, 1.0, 1.0 / rate), np.arange(len(said)) / RATE, said)
    with listening(sound) as listener:
        player.do("play", saved(tmp_path, at_rate), rate)
        player.wait("done")
    at, likeness = place(listener.samples, said)
    assert likeness > 0.95
    # Its last tenth of a second, too, and nothing after it.
    end = listener.samples[at + len(said) - RATE // 10 : at + len(said)]
    assert np.corrcoef(end, said[-RATE // 10 :])[0, 1] > 0.9
    assert np.abs(listener.samples[at + len(said) + 800 :]).max(initial=0.0) < 0.01
    player.do("position")
    told = player.wait("position")
    assert (told["position"], told["playing"]) == (0.0, False)


def test_the_cursor_follows_what_is_heard(player: Driver, tmp_path: Path) -> None:
    player.do("play", saved(tmp_path, noise(2.0)), RATE)
    positions = []
    while not player.all_told("done"):
        player.do("position")
        told = player.wait("position")
        if not told["playing"]:
            break
        positions.append((time.monotonic(), told["position"]))
        time.sleep(0.02)
    places = np.array([position for _, position in positions])
    assert np.all(np.diff(places) >= 0.0)
    assert 1.8 < places[-1] <= 2.0
    # It runs as fast as the clock, apart from the buffers of the sound server.
    moving = np.array([pair for pair in positions if 0.3 < pair[1] < 1.7])
    speed = np.polyfit(moving[:, 0], moving[:, 1], 1)[0]
    assert speed == pytest.approx(1.0, abs=0.15)


def test_what_is_played_anew_replaces_what_was_and_only_its_end_is_told(
    sound: VirtualMicrophone, player: Driver, tmp_path: Path
) -> None:
    first, second = noise(5.0, seed=5), noise(1.0, seed=6)
    with listening(sound) as listener:
        player.do("play", saved(tmp_path, first), RATE)
        time.sleep(1.5)
        player.do("play", saved(tmp_path, second), RATE)
        player.wait("done")
    assert place(listener.samples, second)[1] > 0.95
    assert place(listener.samples, first[: RATE // 2])[1] > 0.9
    assert place(listener.samples, first[-RATE:])[1] < 0.5
    player.finish()
    assert len(player.all_told("done")) == 1
    assert player.all_told("failed") == []


def test_it_stops_softly_and_tells_no_end(sound: VirtualMicrophone, player: Driver, tmp_path: Path) -> None:
    tone = 0.5 * np.sin(2.0 * np.pi * 200.0 * np.arange(4 * RATE) / RATE)
    with listening(sound) as listener:
        player.do("play", saved(tmp_path, tone), RATE)
        time.sleep(1.5)
        player.do("stop")
        player.do("position")
        assert not player.wait("position")["playing"]
    heard = listener.samples
    loud = np.flatnonzero(np.abs(heard) > 0.01)
    assert 0.2 * RATE < loud[-1] - loud[0] < 3.0 * RATE
    # A click would be a jump; the tone itself moves by 0.04 a sample at most.
    assert np.abs(np.diff(heard)).max() < 0.06
    assert player.finish()["threads"] == ["MainThread"]
    assert player.all_told("done") == []


def test_an_unknown_loudspeaker_is_refused_and_the_next_thing_is_played(
    player: Driver, tmp_path: Path
) -> None:
    path = saved(tmp_path, noise(0.3))
    player.do("play", path, RATE, "headphones")
    assert "There is no loudspeaker “headphones”" in player.wait("failed")["message"]
    player.do("play", path, RATE)
    player.wait("done")


def test_what_is_empty_is_over_at_once(player: Driver, tmp_path: Path) -> None:
    player.do("play", saved(tmp_path, np.zeros(0)), RATE)
    player.wait("done")


def test_a_rate_that_the_loudspeaker_refuses_is_converted(sound: VirtualMicrophone, tmp_path: Path) -> None:
    # A driver that takes stereo at its own rate only, in front of the real one.
    (tmp_path / "sitecustomize.py").write_text(
        "import sounddevice\n"
        "class Particular(sounddevice.OutputStream):\n"
        "    def __init__(self, *, samplerate, channels, **more):\n"
        "        if samplerate != 44_100 or channels != 2:\n"
        "            raise sounddevice.PortAudioError('Invalid sample rate', -9997)\n"
        "        super().__init__(samplerate=samplerate, channels=channels, **more)\n"
        "sounddevice.OutputStream = Particular\n"
    )
    environment = {**sound.environment, "PYTHONPATH": str(tmp_path)}
    said = noise(1.0, seed=7)
    with driver(environment, tmp_path) as player, listening(sound) as listener:
        player.do("play", saved(tmp_path, said), RATE)
        player.wait("done")
    assert place(listener.samples, said)[1] > 0.9


def test_a_loudspeaker_that_goes_away_is_told(tmp_path: Path) -> None:
    with virtual_microphone(tmp_path) as sound, driver(sound.environment, tmp_path) as player:
        player.do("play", saved(tmp_path, noise(20.0)), RATE)
        while True:
            player.do("position")
            if player.wait("position")["position"] > 0.3:
                break
            time.sleep(0.05)
        os.kill(server_of(sound), signal.SIGKILL)
        assert "has stopped" in player.wait("failed")["message"]
        player.finish()
        assert player.all_told("done") == []


def test_devices_are_looked_for_again_only_while_no_stream_is_open(player: Driver, tmp_path: Path) -> None:
    player.do("look")
    told = player.wait("looked")
    assert told["rescanned"]
    assert "pulse" in told["inputs"]
    assert "pulse" in told["outputs"]
    player.do("play", saved(tmp_path, noise(1.5)), RATE)
    while True:
        player.do("position")
        if player.wait("position")["position"] > 0.0:
            break
    player.do("look")
    assert not player.wait("looked")["rescanned"]
    player.wait("done")
    player.do("look")
    assert player.wait("looked")["rescanned"]


def test_without_a_loudspeaker_one_sentence_says_so(tmp_path: Path) -> None:
    environment = {**os.environ, "PULSE_SERVER": "unix:/nowhere"}
    with driver(environment, tmp_path) as player:
        player.do("play", saved(tmp_path, noise(0.3)), RATE)
        assert "No loudspeaker" in player.wait("failed")["message"]
