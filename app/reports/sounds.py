"""Sound inside a web page: pieces of recordings as data URIs that every browser plays."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from assessment.audio import SAMPLE_RATE, Recording
from assessment.errors import ElocuteError

# A tenth of the size of WAV, which stands in where libsndfile was built without MP3.
_MP3 = ("MP3", "MPEG_LAYER_III", "audio/mpeg")
_WAV = ("WAV", "PCM_16", "audio/wav")
# Around a word, in seconds.
_MARGIN = 0.1


def sound_uri(samples: NDArray[np.float32]) -> str:
    """Return samples as a data URI.

    Parameters
    ----------
    samples : ndarray of float32, shape (samples,)
        Mono, 16 kHz, in [-1, 1].
    """
    container, coding, kind = _MP3 if "MP3" in soundfile.available_formats() else _WAV
    out = io.BytesIO()
    soundfile.write(out, samples, SAMPLE_RATE, format=container, subtype=coding)
    return f"data:{kind};base64,{base64.b64encode(out.getvalue()).decode()}"


class Sound:
    """A recording of which pieces are heard; it is decoded when the first is asked for.

    Parameters
    ----------
    path : Path or None
        The file; None for silence, as is one that cannot be read: a page is complete without it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._recording: Recording | None = None

    def whole(self) -> str:
        """Return all of it as a data URI; "" for silence."""
        recording = self._opened()
        return sound_uri(recording.samples) if recording is not None else ""

    def piece(self, start: float, end: float) -> str:
        """Return what was said between two times in seconds, and a little around it, as a data URI."""
        recording = self._opened() if end > start else None
        if recording is None:
            return ""
        first, last = (round(each * SAMPLE_RATE) for each in (start - _MARGIN, end + _MARGIN))
        samples = recording.samples[max(0, first) : last]
        return sound_uri(samples) if len(samples) else ""

    def _opened(self) -> Recording | None:
        if self._path is not None and self._recording is None:
            try:
                self._recording = Recording.open(self._path)
            except ElocuteError:
                self._path = None
        return self._recording
