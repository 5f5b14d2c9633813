"""The scoring engine of Elocute: recording and reference text to a word-by-word assessment.

>>> from assessment import Assessor, Recording
>>> result = Assessor.load().assess(Recording.open("me.wav"), "Mark is going to see the elephant.")
>>> result.scores.overall
"""

from __future__ import annotations

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
