"""What the recognisers of speech have in common, and the makeshift one: pocketsphinx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assessment.transcript import TranscribedWord

Samples = NDArray[np.float32]

_FRAMES_PER_SECOND = 100
# Silences, noises and the marks of the start and end; and the number of a pronunciation: "will(2)".
_NO_WORD = re.compile(r"[<\[+].*")
_PRONUNCIATION = re.compile(r"\(\d+\)$")


class SpeechEngine(Protocol):
    """A recogniser of speech."""

    @property
    def name(self) -> str:
        """Program and model."""

    @property
    def is_rough(self) -> bool:
        """Whether many words will be wrong."""

    def words(self, samples: Samples, *, quick: bool = False) -> list[TranscribedWord]:
        """Recognise the words of at most 30 s of sound.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, 16 kHz, full scale +-1.
        quick : bool
            Save time where that costs little accuracy.
        """


class SphinxEngine:
    """pocketsphinx with the model of US English that its package ships."""

    name = "pocketsphinx en-us"
    is_rough = True

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._decoder: Any = Decoder(loglevel="FATAL")

    def words(self, samples: Samples, *, quick: bool = False) -> list[TranscribedWord]:
        """Recognise the words of some sound, always in the same way."""
        self._decoder.start_utt()
        pulses = np.clip(np.rint(samples * 32_767.0), -32_768, 32_767).astype("<i2").tobytes()
        self._decoder.process_raw(pulses, full_utt=True)
        self._decoder.end_utt()
        return list(self._words())

    def _words(self) -> Iterator[TranscribedWord]:
        for segment in self._decoder.seg() or ():
            if not _NO_WORD.match(segment.word):
                yield TranscribedWord(
                    _PRONUNCIATION.sub("", segment.word),
                    segment.start_frame / _FRAMES_PER_SECOND,
                    (segment.end_frame + 1) / _FRAMES_PER_SECOND,
                    min(1.0, max(0.0, float(segment.prob))),
                )
