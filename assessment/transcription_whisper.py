"""Recognises speech with OpenAI's Whisper, as faster-whisper runs it."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from typing import Any

import ctranslate2
from faster_whisper import WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from assessment.audio import SAMPLE_RATE
from assessment.transcript import TranscribedWord
from assessment.transcription_engines import Samples
from assessment.transcription_models import ModelFiles

MAX_THREADS = 4

_HOP = 160
_WINDOW_FRAMES = 3_000
# Whisper was trained on 30 s: given less silence than this after the speech, it makes words up.
_QUICK_SILENCE_FRAMES = 500
# The temperatures to try in turn while the text repeats itself or is improbable.
_TEMPERATURES = (0.0, 0.2, 0.4)
_SEED = 1
# Silero's detector of voices, which comes with faster-whisper, tells speech from crying, barking and song.
# Read speech is found at up to 0.5 as well; the lower threshold is for quiet learners.
_VOICES = VadOptions(threshold=0.35, speech_pad_ms=0, min_silence_duration_ms=300, min_speech_duration_ms=100)
# A word that begins this long after the voice has ended was made up.
_AFTER_SECONDS = 0.25


class WhisperEngine:
    """Whisper, with weights of eight bits.

    Parameters
    ----------
    files : ModelFiles
        The model.
    threads : int or None
        Threads to compute with; None takes up to `MAX_THREADS`.
    """

    is_rough = False

    def __init__(self, files: ModelFiles, threads: int | None = None) -> None:
        self.name = f"faster-whisper {files.name}"
        self._model = _WhisperModel(
            files.name,
            device="cpu",
            compute_type="int8",
            cpu_threads=threads or min(MAX_THREADS, os.cpu_count() or 1),
            files=dict(files.contents),
        )

    def words(self, samples: Samples, *, quick: bool = False) -> list[TranscribedWord]:
        """Recognise the words of at most 30 s of sound; `quick` takes about half the time."""
        voices = get_speech_timestamps(samples, _VOICES)
        if not voices:
            return []
        end = voices[-1]["end"] / SAMPLE_RATE + _AFTER_SECONDS
        return [word for word in self._words(samples, quick) if word.start < end]

    def _words(self, samples: Samples, quick: bool) -> list[TranscribedWord]:
        self._model.frames = _frames(len(samples)) if quick else _WINDOW_FRAMES
        # The seed of the draws at temperatures above 0: the same sound gives the same text.
        ctranslate2.set_random_seed(_SEED)
        segments, _ = self._model.transcribe(
            samples,
            language="en",
            beam_size=1 if quick else 5,
            temperature=(0.0,) if quick else _TEMPERATURES,
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        return _joined(word for segment in segments for word in segment.words or ())


class _WhisperModel(WhisperModel):  # type: ignore[misc]  # faster-whisper ships no type hints
    """Whisper that can listen to less than 30 s at a time, in less time."""

    frames = _WINDOW_FRAMES

    def encode(self, features: NDArray[Any]) -> Any:
        """Encode features that were padded to 30 s, as many frames as are wanted."""
        return super().encode(features[..., : self.frames])


def _frames(samples: int) -> int:
    """Return how many frames, an even number, hold the samples and enough silence."""
    return min(_WINDOW_FRAMES, 2 * math.ceil((samples / _HOP + _QUICK_SILENCE_FRAMES) / 2))


def _joined(found: Iterable[Any]) -> list[TranscribedWord]:
    """Join what belongs together: "twenty" and "-five" come as two, and so may a word and its full stop."""
    words: list[TranscribedWord] = []
    for word in found:
        text, start = str(word.word), float(word.start)
        probability = float(word.probability)
        says_nothing = not any(map(str.isalnum, text))
        if words and (says_nothing or not text.startswith(" ")):
            before = words.pop()
            text, start = before.text + text.strip(), before.start
            probability = before.probability if says_nothing else min(before.probability, probability)
        if any(map(str.isalnum, text)):
            words.append(TranscribedWord(text.strip(), start, max(start, float(word.end)), probability))
    return words
