"""The microphones of this computer."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from assessment.errors import ElocuteError


class SoundError(ElocuteError):
    """Sound cannot be recorded: no library, no microphone, or it cannot be opened."""


@dataclass(frozen=True)
class InputDevice:
    """A microphone or another input.

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
    """

    number: int
    name: str
    rate: int
    is_default: bool


def portaudio() -> ModuleType:
    """Return the module `sounddevice`.

    Raises
    ------
    SoundError
        If the PortAudio library is not installed.
    """
    try:
        import sounddevice
    except OSError:
        raise SoundError(
            "Sound cannot be recorded: the PortAudio library is missing. Install it "
            "(Debian and Ubuntu: apt install libportaudio2), then start Elocute again."
        ) from None
    module: ModuleType = sounddevice
    return module


def input_devices() -> list[InputDevice]:
    """Return all inputs, in the system's order.

    Raises
    ------
    SoundError
        If the PortAudio library is not installed.
    """
    sound = portaudio()
    default = sound.default.device[0]
    return [
        InputDevice(number, device["name"], int(device["default_samplerate"]), number == default)
        for number, device in enumerate(sound.query_devices())
        if device["max_input_channels"] > 0
    ]


def input_device(wanted: int | str | None = None) -> InputDevice:
    """Choose an input.

    Parameters
    ----------
    wanted : int or str or None
        Its number, or a part of its name in any case; None takes the system's default.

    Raises
    ------
    SoundError
        If there is no such input; names those there are.
    """
    devices = input_devices()
    if not devices:
        raise SoundError("No microphone was found. Connect one, and check that the system may use it.")
    if wanted is None:
        return next((device for device in devices if device.is_default), devices[0])
    for device in devices:
        is_named = isinstance(wanted, str) and wanted.casefold() in device.name.casefold()
        if is_named or str(wanted) == str(device.number):
            return device
    names = ", ".join(f"{device.number} {device.name}" for device in devices)
    raise SoundError(f"There is no microphone “{wanted}”. Choose one of: {names}.")
