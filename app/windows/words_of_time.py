"""Times as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

_WEEK = timedelta(days=7)


def moment(when: datetime, now: datetime | None = None) -> str:
    """Return a time in plain words, in the zone of this computer.

    Parameters
    ----------
    when : datetime
        With its zone.
    now : datetime, optional
        With its zone; the present if it is left out.

    Examples
    --------
    >>> moment(yesterday)
    'yesterday 14:05'
    """
    local = when.astimezone()
    today = (now or datetime.now().astimezone()).astimezone().date()
    clock, days = f"{local:%H:%M}", (today - local.date()).days
    if days == 0:
        return f"today {clock}"
    if days == 1:
        return f"yesterday {clock}"
    if 1 < days < _WEEK.days:
        return f"{local:%A} {clock}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year} {clock}"
