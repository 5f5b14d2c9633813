"""Readings as JSON: everything that the machine found out and the teacher said, beside each other.

An object: ``format`` is "elocute-report", ``version`` 1, ``created`` the time, ``program`` who wrote it,
``note`` what to know of the scores, and ``readings`` a list of objects: ``learner`` (``id``, ``name``),
``attempt`` (its columns), ``machine`` (what `Assessment.to_dict` gives), ``scores`` (the same after the
teacher's marks), ``marks`` and ``comments`` of the teacher (``word`` counts in ``machine.words``, ``phone``
in the word's).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from typing import Any

from app.library.models import now
from app.reports.data import Reading

FORMAT = "elocute-report"
FORMAT_VERSION = 1
NOTE = "Scores are estimates of experts' marks, 0-100; see machine.confidence. They are no grades."


def report_json(readings: Iterable[Reading]) -> Iterator[str]:
    """Yield the pieces of the file.

    Parameters
    ----------
    readings : iterable of Reading
        In the order of the file.
    """
    head = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "created": now().isoformat(timespec="seconds"),
        "program": f"Elocute {metadata.version('elocute')}",
        "note": NOTE,
    }
    yield json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}") + ',\n "readings": ['
    separator = "\n"
    for reading in readings:
        yield separator + json.dumps(_reading(reading), ensure_ascii=False, allow_nan=False, default=_plain)
        separator = ",\n"
    yield "\n]}\n"


def _reading(reading: Reading) -> dict[str, Any]:
    row = asdict(reading.row)
    learner = {"id": row.pop("learner_id"), "name": row.pop("learner")}
    del row["recording"]
    return {
        "learner": learner,
        "attempt": row,
        "machine": reading.machine.to_dict(),
        "scores": asdict(reading.revised.scores),
        "marks": [_without(asdict(each), "id", "attempt_id") for each in reading.marks],
        "comments": [
            _without(asdict(each), "id", "attempt_id", "learner_id", "recording") for each in reading.comments
        ],
    }


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")
