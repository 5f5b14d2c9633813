"""The microphones and loudspeakers of this computer."""

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any, TypeVar

from assessment.errors import ElocuteError

# What Windows says if its privacy settings keep a program from the microphone: "access denied" through
# WASAPI, "undefined external error" through MME.
_ACCESS_DENIED, _REFUSED_BY_MME = -2_147_024_891, "undefined external error"
_PRIVACY_PLACES = {
    "darwin": "System Settings, Privacy & Security, Microphone",
    "win32": "Settings, Privacy & security, Microphone",
}
_MISSING = (
    "Sound cannot be recorded or played: the PortAudio library is missing. Install it "
    "(Debian and Ubuntu: apt install libportaudio2), then start Elocute again."
)


class Problem(StrEnum):
    """What is wrong with the sound, for programs; people get a sentence."""

    NO_PORTAUDIO = "no-portaudio"
    NO_DEVICE = "no-device"
    PERMISSION = "permission"
    CANNOT_OPEN = "cannot-open"
    DEVICE_LOST = "device-lost"
    SILENT = "silent"
    JOURNAL = "journal"
    OVERRUNS = "overruns"


class SoundError(ElocuteError):
    """Sound cannot be recorded, kept or played: no library, no device, no permission, no room.

    Parameters
    ----------
    message : str
        What to tell people.
    problem : Problem
        What it is about.

    Attributes
    ----------
    problem : Problem
        What it is about.
    """

    def __init__(self, message: str, problem: Problem = Problem.CANNOT_OPEN) -> None:
        super().__init__(message)
        self.problem = problem


@dataclass(frozen=True)
class Device:
    """What sound comes from or goes to.

    Attributes
    ----------
    number : int
        As PortAudio numbers it; changes when devices come and go.
    name : str
        As the system names it.
    rate : int
        Its own samples a second.
    is_default : bool
        Whether the system takes it if none is chosen.
    channels : int
        How many it has at most.
    """

    number: int
    name: str
    rate: int
    is_default: bool
    channels: int = 1


class InputDevice(Device):
    """A microphone or another input."""


class OutputDevice(Device):
    """A loudspeaker or another output."""


@dataclass(frozen=True)
class DeviceNames:
    """The devices that there are, to be compared with those of another time.

    Attributes
    ----------
    inputs, outputs : tuple of str
        Names, in the system's order.
    default_input, default_output : str or None
        Which of them the system takes if none is chosen.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    default_input: str | None
    default_output: str | None


AnyDevice = TypeVar("AnyDevice", bound=Device)

# PortAudio may be used by one thread at a time, and must not look again while a stream is open.
_lock = threading.RLock()
_open_streams = 0


@contextmanager
def steady() -> Iterator[None]:
    """Keep other threads from opening, closing and rescanning, so that a device's number holds.

    A device may take a second to open: never wait for it on the thread of a window.
    """
    with _lock:
        yield


def stream_opened() -> None:
    """Count a stream: while there is one, `rescan` does nothing."""
    global _open_streams
    with _lock:
        _open_streams += 1


def stream_closed() -> None:
    """Take a stream from the count."""
    global _open_streams
    with _lock:
        _open_streams -= 1


def rescan() -> bool:
    """Have PortAudio look for devices again, which it does by itself only when it is loaded.

    Returns
    -------
    bool
        Whether it did: not while a stream is open.

    Raises
    ------
    SoundError
        If the PortAudio library is not installed, or the sound system does not answer.
    """
    sound = portaudio()
    with _lock:
        if _open_streams:
            return False
        # It is not initialised if that failed the last time.
        with suppress(sound.PortAudioError):
            sound._terminate()
        try:
            sound._initialize()
        except sound.PortAudioError as problem:
            raise _no_answer(problem) from None
        return True


def prepare_thread() -> None:
    """Let the calling thread open streams: on Windows, WASAPI asks each thread to start COM."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.ole32.CoInitialize(None)


def portaudio() -> ModuleType:
    """Return the module `sounddevice`.

    Raises
    ------
    SoundError
        If the PortAudio library is not installed, or cannot be started.
    """
    try:
        import sounddevice
    except OSError:
        raise SoundError(_MISSING, Problem.NO_PORTAUDIO) from None
    except ImportError:
        raise
    except Exception as problem:  # its own error, which has no name before it is loaded
        raise _no_answer(problem) from None
    module: ModuleType = sounddevice
    return module


def input_devices() -> list[InputDevice]:
    """Return all inputs, in the system's order.

    Raises
    ------
    SoundError
        If the PortAudio library is not installed, or the sound system does not answer.
    """
    return _devices(InputDevice, "max_input_channels", side=0)


def output_devices() -> list[OutputDevice]:
    """Return all outputs, in the system's order.

    Raises
    ------
    SoundError
        If the PortAudio library is not installed, or the sound system does not answer.
    """
    return _devices(OutputDevice, "max_output_channels", side=1)


def input_device(wanted: int | str | None = None) -> InputDevice:
    """Choose an input.

    Parameters
    ----------
    wanted : int or str or None
        Its number, its name or a part of it in any case; None takes the system's default.

    Raises
    ------
    SoundError
        If there is no such input; names those there are.
    """
    devices = input_devices()
    if not devices:
        raise SoundError(
            f"No microphone was found. Connect one, and check that Elocute may use it{privacy_place()}.",
            Problem.NO_DEVICE,
        )
    return _chosen(devices, wanted, "microphone")


def output_device(wanted: int | str | None = None) -> OutputDevice:
    """Choose an output.

    Parameters
    ----------
    wanted : int or str or None
        Its number, its name or a part of it in any case; None takes the system's default.

    Raises
    ------
    SoundError
        If there is no such output; names those there are.
    """
    devices = output_devices()
    if not devices:
        raise SoundError(
            "No loudspeaker or headphones were found. Connect one, then play again.", Problem.NO_DEVICE
        )
    return _chosen(devices, wanted, "loudspeaker")


def names() -> DeviceNames:
    """Return which devices there are, as of the last `rescan`.

    Raises
    ------
    SoundError
        If the PortAudio library is not installed, or the sound system does not answer.
    """
    with _lock:
        inputs, outputs = input_devices(), output_devices()
    return DeviceNames(
        tuple(device.name for device in inputs),
        tuple(device.name for device in outputs),
        next((device.name for device in inputs if device.is_default), None),
        next((device.name for device in outputs if device.is_default), None),
    )


def cannot_open(device: Device, what: str, problem: Exception) -> SoundError:
    """Say why a device cannot be opened, and what to do.

    Parameters
    ----------
    device : Device
        Which one.
    what : str
        What it is to people: ``"microphone"``.
    problem : Exception
        What PortAudio raised.
    """
    if _is_refused(problem):
        return SoundError(
            f"Elocute may not use the {what} “{device.name}”. Allow it{privacy_place()}, then try again.",
            Problem.PERMISSION,
        )
    return SoundError(
        f"The {what} “{device.name}” cannot be opened: {problem.args[0]}. Close other programs "
        "that use it, check that this one may, or choose another."
    )


def privacy_place() -> str:
    """Return the clause that says where the system lets programs use the microphone."""
    place = _PRIVACY_PLACES.get(sys.platform, "the system's privacy or sound settings")
    return f" (in {place})"


def _is_refused(problem: Exception) -> bool:
    host = problem.args[2] if len(problem.args) > 2 else (None, 0, "")
    said = f"{problem.args[0]} {host[2]}".casefold()
    is_refused_code = host[1] in (_ACCESS_DENIED, -errno.EACCES, -errno.EPERM)
    return is_refused_code or any(words in said for words in ("denied", "not permitted", _REFUSED_BY_MME))


def _no_answer(problem: Exception) -> SoundError:
    return SoundError(
        f"The sound system does not answer: {problem}. Restart it or the computer, then try again.",
        Problem.NO_DEVICE,
    )


def _devices(kind: type[AnyDevice], channels: str, side: int) -> list[AnyDevice]:
    sound = portaudio()
    with _lock:
        try:
            default = sound.default.device[side]
            found: Sequence[dict[str, Any]] = sound.query_devices()
        except sound.PortAudioError as problem:
            raise _no_answer(problem) from None
    return [
        kind(number, device["name"], int(device["default_samplerate"]), number == default, device[channels])
        for number, device in enumerate(found)
        if device[channels] > 0
    ]


def _chosen(devices: Sequence[AnyDevice], wanted: int | str | None, what: str) -> AnyDevice:
    if wanted is None:
        return next((device for device in devices if device.is_default), devices[0])
    # A whole name first: “default” is a part of “sysdefault”.
    for device in devices:
        if str(wanted) in (str(device.number), device.name):
            return device
    for device in devices:
        if isinstance(wanted, str) and wanted.casefold() in device.name.casefold():
            return device
    choice = ", ".join(f"{device.number} {device.name}" for device in devices)
    raise SoundError(f"There is no {what} “{wanted}”. Choose one of: {choice}.", Problem.NO_DEVICE)
