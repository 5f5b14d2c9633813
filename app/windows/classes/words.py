"""Says in plain words what the numbers of a class mean."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.library.progress_words import counted, day_words
from app.library.records import LearnerRow
from app.library.teaching.overview import ClassOverview, LearnerNumbers
from assessment.bands import band

NOBODY = "No name"
# Changes of fewer points are told as none.
_SAME = 1.5


def name_of(learner: LearnerRow) -> str:
    """Return what a learner is called in lists."""
    return learner.name or NOBODY


def score_text(score: float | None) -> str:
    """Return a score as it stands in a table."""
    return "–" if score is None else f"{score:.0f}"


def score_words(aspect: str, score: float | None) -> str:
    """Return a score with what it means."""
    if score is None:
        return f"{aspect.capitalize()}: not scored"
    return f"{aspect.capitalize()} {score:.0f}: {band(aspect, score).name}"


def overall_words(overview: ClassOverview) -> str:
    """Tell the mean overall score of a class; "" without one."""
    score = overview.scores.overall
    return "" if score is None else f"Overall about {score:.0f}: {band('overall', score).name}."


def change_text(change: float | None) -> str:
    """Return a change as it stands in a table."""
    if change is None:
        return "–"
    return "0" if abs(change) < 0.5 else f"{'+' if change > 0.0 else '−'}{abs(change):.0f}"


def change_words(change: float | None) -> str:
    """Tell how the newer half of somebody's readings compares with the older."""
    if change is None:
        return "Change: it takes six readings to tell"
    if abs(change) < _SAME:
        return "About the same as before"
    direction = "higher" if change > 0.0 else "lower"
    return f"Newer readings are {counted(round(abs(change)), 'point')} {direction} than older ones"


def last_text(numbers: LearnerNumbers) -> str:
    """Return when somebody read last, as it stands in a table."""
    if numbers.last is None:
        return "–"
    day, today = numbers.last.astimezone().date(), datetime.now().astimezone().date()
    near = {today: "today", today - timedelta(days=1): "yesterday"}
    # Without the year where it is this one: "Wed 30 Sep".
    return near.get(day) or day_words(day).removesuffix(f" {today.year}")


def last_words(numbers: LearnerNumbers) -> str:
    """Tell when somebody read last."""
    if numbers.last is None:
        return "Nothing read"
    local = numbers.last.astimezone()
    return f"Last read {day_words(local.date())}, {local:%H:%M}"


def consent_words(learner: LearnerRow) -> str:
    """Tell whether somebody's recordings may be given to others."""
    if learner.may_be_shared:
        return "Consent given: recordings may be shared"
    return "No consent: recordings stay here"
