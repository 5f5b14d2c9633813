"""What the recorder tells: each is delivered on the recorder's thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.audio.devices import Problem
from app.audio.level import Level

if TYPE_CHECKING:
    from app.audio.journal import Journal, Take


class Why(StrEnum):
    """Why a take ended."""

    ASKED = "asked"
    DEVICE_LOST = "device-lost"
    TOO_LONG = "too-long"


@dataclass(frozen=True)
class Opened:
    """A microphone was opened; its first block may come two seconds later.

    Attributes
    ----------
    device_name : str
        Which one.
    """

    device_name: str


@dataclass(frozen=True, eq=False)
class Heard:
    """A block arrived.

    Attributes
    ----------
    level : Level
        How loud it is.
    block : ndarray of float32, shape (n,)
        What was heard: mono, 16 kHz.
    is_recording : bool
        Whether it is part of a take. The first one that is says that recording really runs.
    seconds : float
        Length of the take up to here; 0 if there is none.
    """

    level: Level
    block: NDArray[np.float32]
    is_recording: bool
    seconds: float


@dataclass(frozen=True, eq=False)
class Ended:
    """A take is complete.

    Attributes
    ----------
    take : Take
        What was recorded; without samples if it was ended before any sound came.
    why : Why
        Why it ended.
    overruns : int
        How often sound was lost because the computer was too busy.
    journal : Journal or None
        Its copy on the disk, locked, if there is one: discard it once the take is stored elsewhere.
        Until then a crash leaves it to be found at the next start.
    """

    take: Take
    why: Why
    overruns: int
    journal: Journal | None


@dataclass(frozen=True)
class Discarded:
    """A take was thrown away."""


@dataclass(frozen=True)
class Trouble:
    """Something is wrong; recording goes on, or is tried again, as far as possible.

    Attributes
    ----------
    message : str
        What to tell people.
    code : Problem
        What it is about.
    """

    message: str
    code: Problem


Event = Opened | Heard | Ended | Discarded | Trouble
