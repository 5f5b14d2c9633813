"""What a voice is: somebody who says a text, in the phones that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assessment.control import Control
from assessment.errors import ElocuteError
from assessment.lexicon import Pronunciation
from assessment.text import ReferenceText

# How fast a voice can be asked to speak, as a share of its usual speed.
SLOWEST, FASTEST = 0.5, 2.0

Floats = NDArray[np.float32]


class VoiceError(ElocuteError):
    """A voice is not there, or cannot say a text."""


@dataclass(frozen=True, eq=False)
class Spoken:
    """What a voice said.

    Attributes
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, within -1..1.
    rate : int
        Samples a second.
    """

    samples: Floats
    rate: int

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


class Voice(Protocol):
    """Somebody who says texts.

    Attributes
    ----------
    key : str
        What settings call the voice.
    name : str
        What people call it.
    says_phones : bool
        Whether it says the phones that it is given. If not, it reads the text as it sees fit.
    """

    @property
    def key(self) -> str: ...  # noqa: D102  # described above

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def says_phones(self) -> bool: ...  # noqa: D102

    def say(
        self,
        text: ReferenceText,
        pronunciations: Sequence[Pronunciation],
        speed: float = 1.0,
        control: Control | None = None,
    ) -> Spoken:
        """Say a text.

        Parameters
        ----------
        text : ReferenceText
            What to say.
        pronunciations : sequence of Pronunciation
            For each word of the text its phones, ARPAbet with stress.
        speed : float
            0.5-2; 0.5 takes about twice as long.
        control : Control, optional
            Hears of the progress, and can stop the work.

        Raises
        ------
        VoiceError
            If the voice fails.
        Cancelled
            If `control` was cancelled.
        """
        ...


def check_request(text: ReferenceText, pronunciations: Sequence[Pronunciation], speed: float) -> None:
    """Refuse what no voice can say.

    Parameters
    ----------
    text, pronunciations, speed
        As `Voice.say` takes them.

    Raises
    ------
    ValueError
        If there is not one pronunciation for each word, or the speed is out of range.
    """
    if len(pronunciations) != len(text.words):
        raise ValueError(f"{len(pronunciations)} pronunciations for {len(text.words)} words")
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"speed {speed} is not within {SLOWEST}-{FASTEST}")
