"""The voice of macOS or Windows, through the program of each that speaks into a file.

Qt's QTextToSpeech would be the common way, but PySide6 leaves out its `synthesize`, without which
there are no samples. On Linux no speech service gives any.
"""

from __future__ import annotations

import math
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from app.voice.phrases import in_words, with_silence
from app.voice.speech import Spoken, VoiceError, check_request
from assessment.control import Control
from assessment.lexicon import Pronunciation
from assessment.text import ReferenceText

# The voices of macOS that read English well, the best first; others sing or whisper.
_MAC_VOICES = ("Ava", "Allison", "Samantha", "Evan", "Alex", "Tom")
_MAC_WORDS_A_MINUTE = 170
_WAVE = "--data-format=LEI16@22050"
# Hands over through the environment what quotes would spoil.
_POWERSHELL = """
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$speaker = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voice = $speaker.GetInstalledVoices() |
    Where-Object { $_.Enabled -and $_.VoiceInfo.Culture.Name -like 'en-*' } |
    Sort-Object { $_.VoiceInfo.Culture.Name -ne 'en-US' } | Select-Object -First 1
if (-not $voice) { throw 'Windows has no English voice' }
$speaker.SelectVoice($voice.VoiceInfo.Name)
$speaker.Rate = [int]$env:ELOCUTE_RATE
$speaker.SetOutputToWaveFile($env:ELOCUTE_SPEECH)
$speaker.Speak([IO.File]::ReadAllText($env:ELOCUTE_TEXT))
$speaker.Dispose()
"""
# No window flashes up; the flag exists on Windows alone.
_NO_WINDOW = int(getattr(subprocess, "CREATE_NO_WINDOW", 0))


@dataclass(frozen=True)
class _Call:
    """How a program is called."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class SystemVoice:
    """The voice of the operating system; it reads the text in its own way."""

    key = "system"
    name = "Voice of the system"
    says_phones = False

    @staticmethod
    def is_available() -> bool:
        """Whether the system has a voice that speaks English into a file."""
        kind = platform.system()
        if kind == "Windows":
            return shutil.which("powershell") is not None
        return kind == "Darwin" and shutil.which("say") is not None and _mac_voice() is not None

    def say(
        self,
        text: ReferenceText,
        pronunciations: Sequence[Pronunciation],
        speed: float = 1.0,
        control: Control | None = None,
    ) -> Spoken:
        """Say a text; takes and raises what `Voice.say` does, but heeds no pronunciation."""
        check_request(text, pronunciations, speed)
        control = control or Control()
        with TemporaryDirectory(prefix="elocute-voice-") as folder:
            words, wave = Path(folder, "text.txt"), Path(folder, "speech.wav")
            words.write_text(in_words(text), encoding="utf-8")
            _run(_call(words, wave, speed), control)
            spoken = _opened(wave)
        control.report(1.0)
        return spoken


@cache
def _mac_voice() -> str | None:
    """Return the best voice of macOS; None if there is no good one."""
    try:
        listed = subprocess.run(["say", "-v", "?"], capture_output=True, text=True, timeout=10.0, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    american = [line.split(" en_US")[0].strip() for line in listed.stdout.splitlines() if " en_US" in line]
    good = (name for best in _MAC_VOICES for name in american if name.split(" ")[0] == best)
    return next(good, None)


def _call(words: Path, wave: Path, speed: float) -> _Call:
    if platform.system() == "Windows":
        # SAPI takes -10 for a third and 10 for three times the usual speed.
        rate = round(10.0 * math.log(speed, 3.0))
        given = {"ELOCUTE_TEXT": str(words), "ELOCUTE_SPEECH": str(wave), "ELOCUTE_RATE": str(rate)}
        return _Call(["powershell", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL], given)
    pace = str(round(_MAC_WORDS_A_MINUTE * speed))
    voice = _mac_voice() or _MAC_VOICES[0]
    return _Call(["say", "-v", voice, "-r", pace, "-f", str(words), "-o", str(wave), _WAVE])


def _run(call: _Call, control: Control) -> None:
    """Run a program to its end, or kill it when the work is cancelled."""
    try:
        program = subprocess.Popen(
            call.command,
            env=os.environ | call.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            creationflags=_NO_WINDOW,
        )
    except OSError as problem:
        raise _failure(str(problem)) from problem
    with program:
        try:
            with control.stopping(program.kill):
                _, complaint = program.communicate()
            control.check()
        except BaseException:
            program.kill()  # else leaving it would wait for its end
            raise
    if program.returncode:
        raise _failure(complaint.decode(errors="replace").strip() or f"code {program.returncode}")


def _opened(wave: Path) -> Spoken:
    try:
        samples, rate = soundfile.read(wave, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as problem:
        raise _failure("it wrote no sound") from problem
    return with_silence(np.asarray(samples[:, 0], np.float32), int(rate))


def _failure(problem: str) -> VoiceError:
    return VoiceError(
        f"The voice of the system could not say the text ({problem}). Choose another voice in the settings."
    )
