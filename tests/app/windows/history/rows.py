"""Rows of a history for tests, which no library stands behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.library.records import AttemptRow

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ROW = AttemptRow(
    id="0",
    learner_id="mia",
    learner="Mia",
    lesson_id="animals",
    lesson="Animals",
    item_id=None,
    text="Mark is going to see the elephant.",
    started=NOW,
    seconds=2.6,
    overall=80.0,
    accuracy=81.0,
    fluency=82.0,
    completeness=100.0,
    prosody=84.0,
    is_rough=False,
    is_starred=False,
    recording="ab" * 32,
)


def a_row(number: int, **values: object) -> AttemptRow:
    """Return a row that began so many hours before the newest."""
    started = NOW - timedelta(hours=number)
    return replace(ROW, **{"id": str(number), "started": started, **values})  # type: ignore[arg-type]


def many(count: int) -> list[AttemptRow]:
    """Return rows with all kinds of scores, the newest first."""
    return [
        a_row(
            number,
            text=f"Text {number * 7919 % count}",
            overall=None if number % 11 == 0 else float(number * 37 % 100),
            is_starred=number % 5 == 0,
        )
        for number in range(count)
    ]
