"""The text that was heard in a recording with the time of each word, as frozen data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from assessment.results import Notice

FORMAT = "elocute-transcript"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class TranscribedWord:
    """One word that was heard.

    Attributes
    ----------
    text : str
        The word with its punctuation, without spaces around it.
    start, end : float
        Times in seconds from the start of the recording.
    probability : float
        How sure the recogniser is, 0-1.
    """

    text: str
    start: float
    end: float
    probability: float

    def shifted(self, seconds: float) -> TranscribedWord:
        """Return the word that much later."""
        return replace(self, start=self.start + seconds, end=self.end + seconds)


@dataclass(frozen=True)
class Transcript:
    """What was said in a recording, as far as a recogniser could tell.

    Attributes
    ----------
    text : str
        The words with single spaces between them; empty where nobody spoke.
    words : tuple of TranscribedWord
        In order of time.
    duration : float
        Length of the recording in seconds.
    engine : str
        Program and model that heard it, such as ``"faster-whisper whisper-tiny.en"``.
    is_rough : bool
        Whether the recogniser is a makeshift one, many of whose words are wrong.
    notices : tuple of Notice
        What people should know: ``no-speech``, ``rough``, and what `Recording.notices` tells.
    """

    text: str
    words: tuple[TranscribedWord, ...]
    duration: float
    engine: str
    is_rough: bool
    notices: tuple[Notice, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the transcript as plain dicts, lists, strings and numbers."""
        return {"format": FORMAT, "version": FORMAT_VERSION, **asdict(self)}

    def to_json(self, indent: int | None = 2) -> str:
        """Return the transcript as JSON text.

        Parameters
        ----------
        indent : int or None
            Spaces per level; None writes one line.
        """
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)


def joined(words: Iterable[TranscribedWord]) -> str:
    """Return words as running text."""
    return " ".join(word.text for word in words)
