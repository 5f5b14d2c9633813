"""The voices that there are, and which of them speaks."""

from __future__ import annotations

import os
from dataclasses import dataclass

from app.voice.espeak import EspeakVoice
from app.voice.hibari import HibariVoice
from app.voice.recorded import RecordedVoice
from app.voice.speech import Voice, VoiceError
from app.voice.system import SystemVoice

# Takes the best voice that there is.
AUTO = "auto"
# The best first.
_VOICES: tuple[type[HibariVoice] | type[SystemVoice] | type[EspeakVoice], ...] = (
    HibariVoice,
    SystemVoice,
    EspeakVoice,
)


@dataclass(frozen=True)
class VoiceChoice:
    """A voice that can be chosen in the settings.

    Attributes
    ----------
    key : str
        What settings call it.
    name : str
        What people call it.
    """

    key: str
    name: str


def choose(key: str = AUTO, recording: str | os.PathLike[str] | None = None) -> Voice:
    """Return the voice that speaks: the wished one, or else the best that is installed.

    Parameters
    ----------
    key : {"auto", "hibari", "system", "espeak"}
        The wished voice.
    recording : str or os.PathLike, optional
        The recording that comes with a lesson, which goes before every voice.

    Raises
    ------
    VoiceError
        If there is no voice with this key, or none is installed.
    """
    keys = [kind.key for kind in _VOICES]
    if key not in (AUTO, *keys):
        raise VoiceError(f'There is no voice "{key}". Choose one of {AUTO}, {", ".join(keys)}.')
    if recording is not None:
        return RecordedVoice(recording)
    for kind in sorted(_VOICES, key=lambda kind: kind.key != key):
        if kind.is_available():
            return kind()
    raise VoiceError("No voice is installed. Install Elocute again.")


def available() -> list[VoiceChoice]:
    """Return the voices that can be chosen here, the best first; no model is loaded for it."""
    return [VoiceChoice(kind.key, kind.name) for kind in _VOICES if kind.is_available()]
