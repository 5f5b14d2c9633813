"""Drives `sound_program` in the environment of a virtual microphone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import numpy as np

from tests.virtual_microphone import VirtualMicrophone

Told = dict[str, Any]
_WAIT_SECONDS = 30.0
RATE = 16_000


class Driver:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._told: SimpleQueue[Told] = SimpleQueue()
        self.seen: list[Told] = []
        self._thread = Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._told.put(json.loads(line))

    def do(self, command: str, *arguments: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([command, *arguments]) + "\n")
        self.process.stdin.flush()

    def wait(self, what: str, when: Callable[[Told], bool] = lambda told: True) -> Told:
        """Return the next thing that was told and is meant; `seen` has all until then."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            try:
                told = self._told.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                others = [told for told in self.seen if told["what"] != "heard"]
                raise AssertionError(f"no {what} was told; but {others}") from None
            self.seen.append(told)
            if told["what"] == what and when(told):
                return told

    def all_told(self, what: str) -> list[Told]:
        return [told for told in self.seen if told["what"] == what]

    def finish(self) -> Told:
        assert self.process.stdin is not None
        self.process.stdin.close()
        over = self.wait("over")
        self.process.wait(timeout=_WAIT_SECONDS)
        self._thread.join()
        return over

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=_WAIT_SECONDS)
        self._thread.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


@contextmanager
def driver(environment: dict[str, str], folder: Path) -> Iterator[Driver]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.audio.sound_program", str(folder)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    driving = Driver(process)
    try:
        yield driving
    finally:
        driving.kill()


def server_of(microphone: VirtualMicrophone) -> int:
    """Return the process of a virtual microphone's sound server."""
    socket = microphone.environment["PULSE_SERVER"].removeprefix("unix:")
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"socket={socket} ".encode() in path.read_bytes():
                return int(path.parent.name)
    raise AssertionError("the sound server does not run")


def noise(seconds: float, seed: int = 1) -> np.ndarray:
    """Noise of a middle pitch, which no resampler changes."""
    raw = np.random.default_rng(seed).standard_normal(int(seconds * RATE))
    smooth = 0.5 * np.convolve(raw, np.ones(8) / 8.0, mode="same")
    return smooth.clip(-0.95, 0.95).astype(np.float32)


def place(heard: np.ndarray, said: np.ndarray) -> tuple[int, float]:
    """Return where something was heard, and how like itself it is there (correlation)."""
    size = len(heard) + len(said)
    at = int(np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size).argmax())
    there = heard[at : at + len(said)]
    if len(there) < len(said):
        return at, 0.0
    return at, float(np.corrcoef(there, said)[0, 1])
