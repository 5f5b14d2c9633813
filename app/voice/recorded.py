"""A recording that comes with a lesson, as the voice of its text."""

from __future__ import annotations

import os
from collections.abc import Sequence

from app.voice.speech import Spoken
from assessment.audio import SAMPLE_RATE, Recording
from assessment.control import Control
from assessment.lexicon import Pronunciation
from assessment.text import ReferenceText


class RecordedVoice:
    """Somebody who has read one text.

    Parameters
    ----------
    path : str or os.PathLike
        The recording of the text.
    """

    key = "recorded"
    name = "The lesson's recording"
    says_phones = False

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path

    def say(
        self,
        text: ReferenceText,
        pronunciations: Sequence[Pronunciation],
        speed: float = 1.0,
        control: Control | None = None,
    ) -> Spoken:
        """Return the recording, whatever the pronunciations and the speed.

        Raises
        ------
        RecordingError
            If it cannot be opened.
        """
        (control or Control()).check()
        return Spoken(Recording.open(self._path).samples, SAMPLE_RATE)
