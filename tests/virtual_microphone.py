"""A real microphone without hardware: PulseAudio's null sink, into which recordings are played."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

PROGRAMS = ("pulseaudio", "pactl", "paplay")
_START_SECONDS = 20.0


@dataclass(frozen=True)
class VirtualMicrophone:
    """A running sound server.

    Attributes
    ----------
    environment : dict
        Environment in which programs find it.
    folder : Path
        For files that are played.
    """

    environment: dict[str, str]
    folder: Path

    def play(self, samples: np.ndarray, rate: int) -> subprocess.Popen[bytes]:
        """Begin to speak samples into the microphone."""
        path = self.folder / f"said-{time.monotonic_ns()}.wav"
        soundfile.write(path, samples, rate)
        return subprocess.Popen(["paplay", "--device=vmic", str(path)], env=self.environment)


def why_not() -> str:
    """Say why there can be no virtual microphone here; nothing if there can."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    return f"needs {' and '.join(missing)} (Debian: pulseaudio pulseaudio-utils)" if missing else ""


@contextmanager
def virtual_microphone(folder: Path) -> Iterator[VirtualMicrophone]:
    """Run a sound server with a virtual microphone while the context lasts."""
    # The path of a socket may have only about 100 characters, fewer than pytest's folders have.
    home = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    home.chmod(0o700)
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "PULSE_SERVER": f"unix:{home}/native",
        "PULSE_COOKIE": str(home / "cookie"),
    }
    server = _server(home, environment)
    try:
        _await(server, environment)
        yield VirtualMicrophone(environment, folder)
    finally:
        server.terminate()
        server.wait(timeout=10)
        shutil.rmtree(home, ignore_errors=True)


def _server(home: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    modules = [
        f"module-native-protocol-unix socket={home}/native auth-anonymous=1",
        "module-null-sink sink_name=vmic rate=48000 channels=1 sink_properties=device.description=VirtualMic",
        "module-remap-source source_name=mic master=vmic.monitor "
        "source_properties=device.description=VirtualMicrophone",
        "module-null-sink sink_name=speaker sink_properties=device.description=VirtualSpeaker",
    ]
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    command += ["--disallow-exit=yes", *(part for module in modules for part in ("-L", module))]
    environment = {key: value for key, value in environment.items() if key != "PULSE_SERVER"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _await(server: subprocess.Popen[bytes], environment: dict[str, str]) -> None:
    """Wait until the server answers, and make its parts the defaults."""
    deadline = time.monotonic() + _START_SECONDS
    for command in (["set-default-source", "mic"], ["set-default-sink", "speaker"]):
        while subprocess.run(["pactl", *command], env=environment, capture_output=True).returncode:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail("the virtual sound server did not start")
            time.sleep(0.1)
