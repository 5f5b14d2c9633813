"""Finds out where two learners differ, and which text both have read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.library import history
from app.library.history import Filter
from app.library.records import AttemptRow
from app.library.store import Store
from app.library.teaching.overview import ClassOverview
from app.windows.classes.scope import Scope

# A phone that one of them said less often tells nothing about a difference.
LEAST_SAID = 3
MOST_PHONES = 8
# Means that differ by less are told as equal, in points.
SAME = 1.5


@dataclass(frozen=True, slots=True)
class PhonePair:
    """A phone as two learners say it: ARPAbet without stress, and the mean score of each."""

    phone: str
    first: float
    second: float

    @property
    def difference(self) -> float:
        """By how many points the second is better."""
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Common:
    """The text that both have read: the newest reading of each."""

    first: AttemptRow
    second: AttemptRow


def differing_phones(overview: ClassOverview, first: str, second: str) -> list[PhonePair]:
    """Return the phones that two learners, given by their ids, say differently; the most different first."""
    phones = sorted({phone for _, phone in overview.heat})
    found = []
    for phone in phones:
        one, other = overview.heat.get((first, phone)), overview.heat.get((second, phone))
        if one is not None and other is not None and min(one[1], other[1]) >= LEAST_SAID:
            found.append(PhonePair(phone, one[0], other[0]))
    different = [each for each in found if abs(each.difference) >= SAME]
    return sorted(different, key=lambda each: -abs(each.difference))[:MOST_PHONES]


def common_text(store: Store, scope: Scope, first: str, second: str) -> Common | None:
    """Return the text that two learners, given by their ids, both had read last; None without one.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    return newest_common(*(history.attempts(store, _filter(scope, each)) for each in (first, second)))


def newest_common(first: Iterable[AttemptRow], second: Iterable[AttemptRow]) -> Common | None:
    """Return the newest readings of the text that both lists had last; the lists are the newest first."""
    mine, others = _newest_by_text(first), _newest_by_text(second)
    pairs = [Common(mine[text], others[text]) for text in mine.keys() & others.keys()]
    return max(pairs, key=_both_had_it, default=None)


def _both_had_it(pair: Common) -> tuple[float, str]:
    return min(pair.first.started, pair.second.started).timestamp(), pair.first.text


def _newest_by_text(rows: Iterable[AttemptRow]) -> dict[str, AttemptRow]:
    newest: dict[str, AttemptRow] = {}
    for row in rows:
        newest.setdefault(" ".join(row.text.casefold().split()), row)
    return newest


def _filter(scope: Scope, learner_id: str) -> Filter:
    return Filter(learner_id, lesson_id=scope.lesson_id, since=scope.since, until=scope.until)
