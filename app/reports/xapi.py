"""Readings as statements of the Experience API (xAPI 1.0.3), for learning record stores.

A statement a reading: the learner (by an account of this library) scored the text. Its id follows from the
attempt's, so that what is sent twice is one statement. The score is the overall one after the teacher's
marks; the aspects, the machine's score and the confidence are extensions. https://github.com/adlnet/xAPI-Spec
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Any

from app.reports.data import Reading

VERSION = "1.0.3"
# Names that nothing else has; nothing needs to lie there (RFC 4151).
BASE = "tag:elocute,2026:"
VERB = "http://adlnet.gov/expapi/verbs/scored"
ACTIVITY_TYPE = "http://adlnet.gov/expapi/activities/assessment"
LESSON_TYPE = "http://adlnet.gov/expapi/activities/lesson"
HOME_PAGE = "https://elocute.invalid/library"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, HOME_PAGE)
_VERBS = {
    "en": "scored",
    "de": "erzielte",
    "fr": "a obtenu un score",
    "es": "obtuvo una puntuación",
    "zh": "得分",
}


def statements(readings: Iterable[Reading]) -> Iterator[str]:
    """Yield the pieces of a JSON array of statements.

    Parameters
    ----------
    readings : iterable of Reading
        In the order of the statements.
    """
    separator = "[\n"
    for reading in readings:
        yield separator + json.dumps(statement(reading), ensure_ascii=False, allow_nan=False)
        separator = ",\n"
    yield "\n]\n" if separator != "[\n" else "[]\n"


def statement(reading: Reading) -> dict[str, Any]:
    """Return the statement of a reading."""
    row = reading.row
    return {
        "id": str(uuid.uuid5(_NAMESPACE, row.id)),
        "version": VERSION,
        "timestamp": row.started.isoformat(timespec="milliseconds"),
        "actor": _actor(row.learner_id, row.learner),
        "verb": {"id": VERB, "display": _VERBS},
        "object": {
            "objectType": "Activity",
            "id": f"{BASE}text:{uuid.uuid5(_NAMESPACE, row.text)}",
            "definition": {"type": ACTIVITY_TYPE, "name": {"en-US": row.text}},
        },
        "result": _result(reading),
        "context": _context(reading),
    }


def _actor(id_: str, name: str) -> dict[str, Any]:
    actor: dict[str, Any] = {"objectType": "Agent", "account": {"homePage": HOME_PAGE, "name": id_}}
    return actor | ({"name": name} if name else {})


def _result(reading: Reading) -> dict[str, Any]:
    scores, machine = reading.revised.scores, reading.machine
    aspects = {name: getattr(scores, name) for name in ("accuracy", "fluency", "completeness", "prosody")}
    facts = {
        **aspects,
        "machine-overall": machine.scores.overall,
        "confidence": machine.confidence.value,
        "model": f"{machine.model.name} {machine.model.version}",
        "teacher-marks": len(reading.marks),
    }
    overall = min(100.0, max(0.0, scores.overall))
    return {
        "score": {"scaled": round(overall / 100.0, 4), "raw": round(overall, 2), "min": 0, "max": 100},
        "completion": machine.text_match.reason == "",
        "duration": f"PT{reading.row.seconds:.2f}S",
        "extensions": {f"{BASE}{name}": value for name, value in facts.items() if value is not None},
    }


def _context(reading: Reading) -> dict[str, Any]:
    row = reading.row
    context: dict[str, Any] = {"platform": f"Elocute {metadata.version('elocute')}", "language": "en-US"}
    if row.reviewer:
        context["instructor"] = _actor(f"teacher:{uuid.uuid5(_NAMESPACE, row.reviewer)}", row.reviewer)
    if row.lesson_id:
        lesson: dict[str, Any] = {
            "objectType": "Activity",
            "id": f"{BASE}lesson:{uuid.uuid5(_NAMESPACE, row.lesson_id)}",
            "definition": {"type": LESSON_TYPE, "name": {"en-US": row.lesson or row.lesson_id}},
        }
        context["contextActivities"] = {"grouping": [lesson]}
    return context
