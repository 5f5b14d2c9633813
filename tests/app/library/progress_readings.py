"""Readings with given scores at given times, for tests of what is told about progress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert

from app.library.models import Attempt, PhoneResult, new_id
from app.library.models import Session as Sitting
from app.library.store import Store

SENTENCE = "Could you give me a cup of tea?"
# Of each phone: how many were said, how many of them wrong, and their mean score.
Phones = Mapping[str, tuple[int, int, float]]


def read_at(
    store: Store,
    learner_id: str,
    *whens: datetime,
    phones: Phones | None = None,
    **scores: Any,
) -> list[str]:
    """Keep readings of these times with these scores, and the same phones in each; gives their ids."""
    sitting, ids = new_id(), [new_id() for _ in whens]
    common = {
        "learner_id": learner_id,
        "session_id": sitting,
        "text": SENTENCE,
        "seconds": 30.0,
        "engine_version": "1",
        "model": "none",
        "overall": 70.0,
    }
    results = [
        {"attempt_id": each, "phone": phone, "said": said, "wrong": wrong, "mean": mean}
        for each in ids
        for phone, (said, wrong, mean) in (phones or {}).items()
    ]
    with store.writing() as session:
        session.add(Sitting(id=sitting, learner_id=learner_id, started=min(whens), ended=max(whens)))
        session.flush()
        rows = [
            common | scores | {"id": each, "started": when} for each, when in zip(ids, whens, strict=True)
        ]
        session.execute(insert(Attempt), rows)
        if results:
            session.execute(insert(PhoneResult), results)
    return ids


def plans(store: Store, ask: Any) -> Iterator[str]:
    """Yield how SQLite looks for what a function asks for: each step of each plan."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(store._engine, "before_cursor_execute", note)
    ask()
    event.remove(store._engine, "before_cursor_execute", note)
    with store.reading() as session:
        for statement, parameters in asked:
            rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            yield from (row[3] for row in rows)
