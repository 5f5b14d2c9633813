"""Which backups are worth keeping as time goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

ALL_FOR = timedelta(days=2)
DAILY_FOR = timedelta(days=14)
WEEKLY_FOR = timedelta(weeks=8)
MONTHLY_FOR = timedelta(days=366)


def kept(dates: Iterable[datetime], now: datetime) -> set[datetime]:
    """Return which backups stay: those of two days, and then the last of each day, week and month.

    Parameters
    ----------
    dates : iterable of datetime
        When the backups were made, with zone.
    now : datetime
        The time, with its zone.

    Returns
    -------
    set of datetime
        All of the last 2 days and of the future, the last of each day for 14 days, of each week for 8 weeks
        and of each month for a year; and the newest, however old. Days, weeks (from Monday) and months are
        those of the calendar in UTC, so that what was dropped once is never missed later.
    """
    dates = set(dates)
    stay = {date for date in dates if now - date < ALL_FOR}
    if dates:
        stay.add(max(dates))
    for lasting, period in ((DAILY_FOR, _day), (WEEKLY_FOR, _week), (MONTHLY_FOR, _month)):
        last = {period(date): date for date in sorted(dates)}
        stay |= {date for date in last.values() if now - date < lasting}
    return stay


def _day(date: datetime) -> tuple[int, ...]:
    return date.astimezone(UTC).timetuple()[:3]


def _week(date: datetime) -> tuple[int, ...]:
    return tuple(date.astimezone(UTC).isocalendar())[:2]


def _month(date: datetime) -> tuple[int, ...]:
    return date.astimezone(UTC).timetuple()[:2]
