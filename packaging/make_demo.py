"""Makes the recordings of the demonstration: ``python packaging/make_demo.py [FOLDER]``.

One sentence is spoken twice by the neural voice of hibari-tts (extra ``test``), from phonemes rather
than from text, so that it is known to the phone what was said:

``well_read.flac``
    as the text stands.
``with_mistakes.flac``
    "Thursday" begins with S instead of TH, "old" is left out, and between "the" and "river", where no
    reader would stop, there are 0.9 s of silence. The phonemes have a comma there, which makes the voice
    lengthen "the" as a hesitating reader does; the short pause it makes is then widened.

Both get the soft noise of a quiet room, since no microphone records digital silence. Voice and noise are
seeded: the same versions of the libraries write the same samples again. ``demo.toml`` beside the
recordings, written by hand, holds the reference text and says what was done on purpose.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import soundfile
import soxr
from hibari import Hibari
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE = 16_000
SEED = 7
PEAK_DBFS = -3.0
ROOM_DBFS = -62.0
MARGIN_SECONDS = 0.1
PAUSE_SECONDS = 0.9
QUIET_BELOW_PEAK_DB = 40.0
FRAME = RATE // 100

WELL_READ = "ˌɔn θˈɜɹzdˌA wi wɪl wˈɔk əlˈɔŋ ðə ɹˈɪvəɹ ˌænd vˈɪzət mI bɹˈʌðəɹz ˈOld lˈIbɹˌɛɹi."
WITH_MISTAKES = "ˌɔn sˈɜɹzdˌA wi wɪl wˈɔk əlˈɔŋ ðə, ɹˈɪvəɹ ˌænd vˈɪzət mI bɹˈʌðəɹz lˈIbɹˌɛɹi."


def amplitude(decibels: float) -> float:
    """Return the amplitude of a level in dBFS."""
    return float(10.0 ** (decibels / 20.0))


def speak(voice: Hibari, phonemes: str) -> Samples:
    """Return the phonemes spoken, at 16 kHz."""
    spoken = voice.from_phonemes(phonemes, seed=SEED)
    return soxr.resample(spoken, voice.sample_rate, RATE, quality="VHQ").astype(np.float32)


def inner_pause(samples: Samples) -> tuple[int, int]:
    """Return the first and last sample of the longest quiet stretch between two loud ones."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    level = np.sqrt(np.mean(frames**2, axis=1))
    loud = np.flatnonzero(level > level.max() * amplitude(-QUIET_BELOW_PEAK_DB))
    longest = int(np.argmax(np.diff(loud)))
    return int(loud[longest] + 1) * FRAME, int(loud[longest + 1]) * FRAME


def widen_pause(samples: Samples, seconds: float) -> Samples:
    """Return the samples with their longest inner pause made `seconds` long."""
    start, end = inner_pause(samples)
    missing = round(seconds * RATE) - (end - start)
    middle = (start + end) // 2
    return np.concatenate([samples[:middle], np.zeros(missing, np.float32), samples[middle:]])


def as_recorded(samples: Samples) -> Samples:
    """Return the samples as a good recording has them: loud enough, in a quiet room, a moment around them."""
    margin = np.zeros(round(MARGIN_SECONDS * RATE), np.float32)
    speech = samples * (amplitude(PEAK_DBFS) / np.abs(samples).max())
    room = np.random.default_rng(SEED).normal(0.0, amplitude(ROOM_DBFS), len(speech) + 2 * len(margin))
    return np.concatenate([margin, speech, margin]) + room.astype(np.float32)


def write_demo(folder: Path) -> None:
    """Write both recordings into `folder`."""
    voice = Hibari()
    readings = {
        "well_read.flac": speak(voice, WELL_READ),
        "with_mistakes.flac": widen_pause(speak(voice, WITH_MISTAKES), PAUSE_SECONDS),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, samples in readings.items():
        soundfile.write(folder / name, as_recorded(samples), RATE, subtype="PCM_16")


if __name__ == "__main__":
    default = Path(__file__).resolve().parent.parent / "resources" / "demo"
    write_demo(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
