"""What is looked at reaches the review and the reports as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.library.teaching.review import Queue
from app.reports.data import Wanted
from app.windows.classes.scope import SPANS, Scope, of_day, since

SINCE = datetime(2026, 5, 1, tzinfo=UTC)
SCOPE = Scope("9b", since=SINCE, lesson_id="vowels", handed_in=True)


def test_a_number_asks_for_its_readings_within_what_is_looked_at() -> None:
    assert SCOPE.queue({"learner_id": "mia", "unreviewed": True}) == Queue(
        class_id="9b", learner_id="mia", unreviewed=True, since=SINCE, lesson_id="vowels", handed_in=True
    )


def test_a_day_asks_for_its_own_readings() -> None:
    asked = SCOPE.queue(of_day(date(2026, 5, 4)))
    assert asked.since is not None
    assert asked.until is not None
    assert asked.since.astimezone().date() == date(2026, 5, 4)
    assert asked.until - asked.since == timedelta(days=1)


def test_a_report_is_of_the_class_or_of_one_learner() -> None:
    assert SCOPE.report() == Wanted(class_id="9b", since=SINCE, lesson_id="vowels", handed_in=True)
    assert SCOPE.report("mia") == Wanted(learner_id="mia", since=SINCE, lesson_id="vowels", handed_in=True)


def test_days_are_counted_back_from_tonight() -> None:
    now = datetime(2026, 5, 4, 12, 0).astimezone()
    assert since(None, now) is None
    begins = {name: since(days, now) for name, days in SPANS.items() if days is not None}
    assert begins["Today"] is not None
    assert begins["Today"].astimezone().date() == date(2026, 5, 4)
    assert begins["Last 7 days"] is not None
    assert begins["Last 7 days"].astimezone().date() == date(2026, 4, 28)
