"""What the practice page is doing, and what it says of it."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """What the practice page is doing."""

    LOADING = "Getting ready …"
    READY = "Press Space and read aloud"
    STARTING = "One moment …"
    READING = "Speak now. Esc throws the recording away"
    ASSESSING = "Looking at what you said …"
    SCORED = "Space: read again. N: next text"
