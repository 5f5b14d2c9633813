"""The recording of a lesson as a voice: somebody has read the text already."""

from __future__ import annotations

import os
from collections.abc import Sequence

from app.voice.speech import Spoken
from assessment.audio import SAMPLE_RATE, Recording
from assessment.control import Control
from assessment.lexicon import Pronunciation
from assessment.text import ReferenceText


class RecordedVoice:
    """Plays the recording that comes with a lesson.

    Parameters
    ----------
    path : str or os.PathLike
        An audio file in which the whole text is read.
    """

    key = "recorded"
    name = "Recording of the lesson"
    says_phones = False

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = path

    def say(
        self,
        text: ReferenceText,
        pronunciations: Sequence[Pronunciation],
        speed: float = 1.0,
        control: Control | None = None,
    ) -> Spoken:
        """Return the recording as it is, whatever is asked for.

        Parameters
        ----------
        text, pronunciations, speed
            Cannot change what was recorded.
        control : Control, optional
            Hears of the progress.

        Raises
        ------
        RecordingError
            If the file cannot be opened.
        Cancelled
            If `control` was cancelled.
        """
        control = control or Control()
        control.check()
        recording = Recording.open(self.path)
        control.report(1.0)
        return Spoken(recording.samples, SAMPLE_RATE)
