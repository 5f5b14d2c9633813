"""The scoring engine of Elocute: recording and reference text to a word-by-word assessment.

>>> from assessment import Assessor, Recording
>>> result = Assessor.load().assess(Recording.open("me.wav"), "Mark is going to see the elephant.")
>>> result.scores.overall
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assessment.audio import Recording
    from assessment.engine import Assessor
    from assessment.errors import ElocuteError
    from assessment.results import Assessment, ErrorType, Phone, Scores, Syllable, Word
    from assessment.text import ReferenceText

__all__ = [
    "Assessment",
    "Assessor",
    "ElocuteError",
    "ErrorType",
    "Phone",
    "Recording",
    "ReferenceText",
    "Scores",
    "Syllable",
    "Word",
]

# Imported when they are first asked for: a window is up sooner if it need not wait for the engine.
_MODULES = {
    **dict.fromkeys(("Assessment", "ErrorType", "Phone", "Scores", "Syllable", "Word"), "results"),
    "Assessor": "engine",
    "ElocuteError": "errors",
    "Recording": "audio",
    "ReferenceText": "text",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
