"""What of a class is looked at, and how that is asked of the review and of reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.library.progress import day_start
from app.library.teaching.review import Queue
from app.reports.data import Wanted

# By what people read, how many days back from tonight; None for all.
SPANS: dict[str, int | None] = {
    "All time": None,
    "Today": 1,
    "Last 7 days": 7,
    "Last 30 days": 30,
    "Last 3 months": 91,
    "Last year": 365,
}


@dataclass(frozen=True)
class Scope:
    """Which readings count.

    Attributes
    ----------
    class_id : str
        Of learners of this class.
    since, until : datetime or None
        Begun not before the one and before the other, with their zones.
    lesson_id : str or None
        Read in this lesson.
    handed_in : bool
        Only those that were handed in.
    """

    class_id: str
    since: datetime | None = None
    until: datetime | None = None
    lesson_id: str | None = None
    handed_in: bool = False

    def queue(self, more: Mapping[str, Any]) -> Queue:
        """Return the readings behind a number: those of the scope that are also so."""
        wanted = {
            "class_id": self.class_id,
            "since": self.since,
            "until": self.until,
            "lesson_id": self.lesson_id,
            "handed_in": self.handed_in,
        }
        # The days of a day's dot lie within those of the scope.
        return Queue(**(wanted | dict(more)))

    def report(self, learner_id: str | None = None) -> Wanted:
        """Return what a report of the class, or of one learner, is to be about."""
        return Wanted(
            learner_id=learner_id,
            class_id=None if learner_id else self.class_id,
            since=self.since,
            until=self.until,
            lesson_id=self.lesson_id,
            handed_in=self.handed_in,
        )


def since(days: int | None, now: datetime) -> datetime | None:
    """Return the midnight that so many days begin with, of which today is the last; None for all."""
    return None if days is None else day_start(now.date() - timedelta(days=days - 1), None)


def of_day(day: date) -> dict[str, Any]:
    """Return what readings of one day are asked by."""
    return {"since": day_start(day, None), "until": day_start(day + timedelta(days=1), None)}
