"""Readings whose scores are known, for tests of what they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.library import attempts
from app.library.records import Purpose
from app.library.store import Store
from assessment.results import Assessment, ErrorType, Scores
from tests.app.library.conftest import tone
from tests.assessment import examples

PHONES = {"see": "S IY1", "think": "TH IH1 NG K", "red": "R EH1 D", "the": "DH AH0"}
# No score: the word is left out.
Said = Mapping[str, float | None]


def reading(said: Said, overall: float = 70.0) -> Assessment:
    """Return a reading of words, each with its accuracy, which all its phones have, too."""
    words = []
    for place, (spoken, score) in enumerate(said.items()):
        whole = examples.word(spoken, PHONES[spoken], 0.3 + place, at=6 * place)
        if score is None:
            words.append(examples.omitted(whole))
            continue
        phones = tuple(replace(each, score=score) for each in whole.phones)
        syllables = (replace(whole.syllables[0], phones=phones),)
        error = ErrorType.NONE if score >= 60.0 else ErrorType.MISPRONUNCIATION
        words.append(replace(whole, accuracy=score, error=error, syllables=syllables))
    scores = Scores(overall, overall + 1.0, overall + 2.0, 100.0, None)
    text = " ".join(said)
    return replace(examples.good_reading(), text=text, words=tuple(words), scores=scores, duration=9.0)


def keep(
    store: Store, learner_id: str, started: datetime, said: Said, overall: float = 70.0, **purpose: str
) -> str:
    """Keep such a reading; return its id."""
    why = Purpose(**({"learner_id": learner_id} | purpose))
    return attempts.add(store, why, tone(300), reading(said, overall), started)
