"""Speech to text without a reference text: finds a recogniser, and gives it the stretches of speech."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assessment.audio import SAMPLE_RATE, Recording
from assessment.errors import ModelError
from assessment.quality import MIN_SPEECH_SECONDS, find_speech
from assessment.results import Notice
from assessment.transcript import TranscribedWord, Transcript, joined
from assessment.transcription_engines import Samples, SpeechEngine, SphinxEngine
from assessment.transcription_models import find_model

__all__ = ["TranscribedWord", "Transcriber", "Transcript", "find_speech_stretches"]

# The recognisers take at most 30 s at a time.
LONGEST_SECONDS = 28.0
# A longer pause parts two stretches, ...
_PAUSE_SECONDS = 2.0
# ... each of which is given some of the silence around it.
_MARGIN_SECONDS = 0.4
_HOP_SECONDS = 0.02
_FRAME_SECONDS = 0.04

_INSTALL = "install elocute[transcription], which brings faster-whisper and a model"


class Transcriber:
    """Writes down what is said in recordings.

    Parameters
    ----------
    engine : SpeechEngine
        The recogniser.
    notices : sequence of Notice
        What to say about it in each transcript.

    Examples
    --------
    >>> from assessment.audio import Recording
    >>> from assessment.transcription import Transcriber
    >>> transcript = Transcriber.load().transcribe(Recording.open("me.wav"))
    >>> transcript.text, transcript.words[0].start
    """

    def __init__(self, engine: SpeechEngine, notices: Sequence[Notice] = ()) -> None:
        self.engine = engine
        self.notices = tuple(notices)

    @classmethod
    def load(
        cls, folder: Path | None = None, *, allow_download: bool = False, threads: int | None = None
    ) -> Transcriber:
        """Load the best recogniser there is: Whisper, or else pocketsphinx.

        Parameters
        ----------
        folder : Path or None
            Folder of a Whisper model; None takes that of an installed package, or one downloaded before.
        allow_download : bool
            Whether a model may be downloaded if there is none: only ever with the user's consent.
        threads : int or None
            Threads to compute with; None takes up to four.

        Raises
        ------
        ModelError
            If no recogniser is installed, the folder holds no known model, or a download fails.
        """
        if not _is_installed("faster_whisper"):
            if folder is not None or allow_download:
                raise ModelError(f"A Whisper model needs faster-whisper, which is not installed: {_INSTALL}.")
            return cls._rough("faster-whisper is not installed")
        files = find_model(folder, allow_download=allow_download)
        if files is None:
            return cls._rough("no model that Elocute knows was found for faster-whisper")
        # Imported here because it takes half a second, and need not be installed.
        from assessment.transcription_whisper import WhisperEngine

        return cls(WhisperEngine(files, threads))

    @classmethod
    def _rough(cls, reason: str) -> Transcriber:
        if not _is_installed("pocketsphinx"):
            raise ModelError(f"Nothing is installed that recognises speech: {_INSTALL}.")
        message = (
            f"This text is rough, and many words will be wrong: pocketsphinx wrote it, because {reason}. "
            f"For a better one {_INSTALL}."
        )
        return cls(SphinxEngine(), [Notice("rough", message)])

    def transcribe(self, recording: Recording) -> Transcript:
        """Write down what is said in a recording of any length.

        Parameters
        ----------
        recording : Recording
            The speech.

        Returns
        -------
        Transcript
            Without words, and with a notice, if nobody speaks.
        """
        words: list[TranscribedWord] = []
        if recording.quality.speech_seconds >= MIN_SPEECH_SECONDS:
            for stretch in find_speech_stretches(recording.samples):
                seconds = stretch.start / SAMPLE_RATE
                words += [word.shifted(seconds) for word in self.engine.words(recording.samples[stretch])]
        return self.transcript(words, recording.duration, recording.notices)

    def transcript(
        self, words: Sequence[TranscribedWord], duration: float, notices: Sequence[Notice] = ()
    ) -> Transcript:
        """Put words together into a transcript, with the notices that belong to it.

        Parameters
        ----------
        words : sequence of TranscribedWord
            All of them.
        duration : float
            Length of the recording in seconds.
        notices : sequence of Notice
            About the recording.
        """
        told = (*notices, *(self.notices if words else (_no_speech(),)))
        return Transcript(joined(words), tuple(words), duration, self.engine.name, self.engine.is_rough, told)


def find_speech_stretches(samples: Samples) -> list[slice]:
    """Find the stretches of a recording that hold speech, none longer than `LONGEST_SECONDS`.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz, any length.

    Returns
    -------
    list of slice
        Of samples, in order, apart from each other. They begin and end in pauses; where somebody speaks
        for too long without one, at the quietest place.
    """
    runs: list[tuple[int, int]] = []
    for start, end in _runs(samples):
        # With its margins, too, a stretch must not become too long.
        fits = runs and end - runs[-1][0] <= _samples(LONGEST_SECONDS - 2 * _MARGIN_SECONDS)
        if fits and start - runs[-1][1] <= _samples(_PAUSE_SECONDS):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return _with_margins([part for run in runs for part in _parts(samples, *run)], len(samples))


def _no_speech() -> Notice:
    return Notice(
        "no-speech",
        "No speech was found, so there is no text: check that the right recording or microphone is chosen.",
    )


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _runs(samples: Samples) -> Iterator[tuple[int, int]]:
    """Yield the first sample and the one after the last of each run of frames that hold speech."""
    edges = np.flatnonzero(np.diff(find_speech(samples).astype(np.int8), prepend=0, append=0))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        end = _samples((last - 1) * _HOP_SECONDS + _FRAME_SECONDS)
        yield _samples(first * _HOP_SECONDS), min(end, len(samples))


def _parts(samples: Samples, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a run that is too long where it is quietest in the last third of what fits."""
    longest = _samples(LONGEST_SECONDS - 2 * _MARGIN_SECONDS)
    while end - start > longest:
        hop = _samples(_HOP_SECONDS)
        first = start + longest * 2 // 3
        power = np.square(samples[first : start + longest], dtype=np.float64)
        energy = power[: len(power) // hop * hop].reshape(-1, hop).sum(axis=1)
        # Of the sums over five neighbours, lest the closure of a stop be taken.
        cut = first + (int(np.convolve(energy, np.ones(5), "valid").argmin()) + 2) * hop
        yield start, cut
        start = cut
    yield start, end


def _with_margins(runs: Sequence[tuple[int, int]], length: int) -> list[slice]:
    """Widen runs into the pauses around them, at most to their middles."""
    margin = _samples(_MARGIN_SECONDS)
    starts = [start for start, _ in runs] + [2 * length]
    ends = [-length] + [end for _, end in runs]
    return [
        slice(
            max(0, start - min(margin, (start - before) // 2)),
            min(length, end + min(margin, (after - end + 1) // 2)),
        )
        for (start, end), before, after in zip(runs, ends[:-1], starts[1:], strict=True)
    ]
