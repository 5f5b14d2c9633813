"""Says in plain, kind words how a learner gets on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import fmean

from app.library.progress import PhoneMastery, Trend, Week
from assessment.phones import ipa
from assessment.tips import phone_tip

# Scores that differ by less are told as equal.
_SAME = 1.5
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, as ``"1 day"`` or ``"3 days"``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def day_words(day: date) -> str:
    """Return a day as ``"Mon 3 Nov 2025"``, in English wherever the computer is."""
    return f"{_DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def phone_words(phone: str, alphabet: str = "ipa") -> str:
    """Return a phone with a word that has it, as ``"/ʃ/ as in “she”"``.

    Parameters
    ----------
    phone : str
        ARPAbet without stress.
    alphabet : {"ipa", "arpabet"}
        In which it is written.
    """
    symbol = ipa(phone) if alphabet == "ipa" else phone
    return f"/{symbol}/ as in “{phone_tip(phone).pair[0]}”"


def sentence(week: Week, alphabet: str = "ipa") -> str:
    """Tell about a week what was done in it and got better; never what was not done.

    Parameters
    ----------
    week : Week
        The week.
    alphabet : {"ipa", "arpabet"}
        In which phones are written.
    """
    if not week.attempts:
        return "A new week: read something, and it shows here."
    minutes = counted(max(1, round(week.minutes)), "minute")
    told = [
        f"This week you practised on {counted(week.days, 'day')}: {counted(week.attempts, 'reading')}, "
        f"{minutes} of speech."
    ]
    if week.overall is not None:
        told.append(_overall(week.overall, week.change))
    if week.improved is not None:
        told.append(f"The sound {phone_words(week.improved, alphabet)} got better most.")
    return " ".join(told)


def _overall(overall: float, change: float | None) -> str:
    if change is None:
        return f"Your overall score is about {overall:.0f}."
    if abs(change) < _SAME:
        return f"Your overall score is about {overall:.0f}, as in the weeks before."
    if change > 0.0:
        points = counted(round(change), "point")
        return f"Your overall score is about {overall:.0f}: {points} higher than in the weeks before."
    return f"Your overall score is about {overall:.0f}; in the weeks before it was {overall - change:.0f}."


def trend_words(trend: Trend, aspect: str) -> str:
    """Tell how a score went, for those who do not see the chart.

    The first and the last third of the days are compared.

    Parameters
    ----------
    trend : Trend
        Scores over days.
    aspect : str
        One of `progress.ASPECTS`.
    """
    scores = [score for day in trend.days if (score := day.scores.of(aspect)) is not None]
    if not scores:
        return f"No readings with this score from {day_words(trend.since)} to {day_words(trend.until)}."
    readings = sum(day.attempts for day in trend.days)
    told = (
        f"{counted(readings, 'reading')} on {counted(len(trend.days), 'day')} "
        f"from {day_words(trend.since)} to {day_words(trend.until)}."
    )
    return f"{told} {_course(aspect.capitalize(), scores)}"


def _course(name: str, scores: Sequence[float]) -> str:
    third = max(1, len(scores) // 3)
    first, last = fmean(scores[:third]), fmean(scores[-third:])
    if len(scores) == 1:
        return f"{name} was about {last:.0f}."
    if abs(last - first) < _SAME:
        return f"{name} stayed at about {last:.0f}."
    return f"{name} went {'up' if last > first else 'down'} from about {first:.0f} to about {last:.0f}."


def mastery_words(phone: str, mastery: PhoneMastery | None, alphabet: str = "ipa") -> str:
    """Tell how well a phone is said.

    Parameters
    ----------
    phone : str
        ARPAbet without stress.
    mastery : PhoneMastery or None
        None if it was never said.
    alphabet : {"ipa", "arpabet"}
        In which it is written.
    """
    name = phone_words(phone, alphabet)
    if mastery is None:
        return f"{name}: not read yet."
    if mastery.mastery is None:
        return f"{name}: read {counted(mastery.said, 'time')}. A few more, and it shows how well."
    told = (
        f"{name}: {hundredths(mastery.mastery)} of 100. Read {counted(mastery.said, 'time')}, "
        f"{mastery.wrong} of them wrong."
    )
    if mastery.trend is None or abs(mastery.trend) < _SAME:
        return told
    return f"{told} {'It is getting better.' if mastery.trend > 0.0 else 'Lately it was harder.'}"


def hundredths(mastery: float) -> int:
    """Return a mastery of 0-1 as it is written."""
    return round(100.0 * mastery)
