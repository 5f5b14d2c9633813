"""Finds out in the background what the page of classes shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.library import history
from app.library.progress_words import phone_words
from app.library.store import Store
from app.library.teaching import classes
from app.library.teaching.overview import ClassOverview, overview
from app.library.teaching.records import ClassRow
from app.windows.classes.scope import Scope
from app.windows.classes.scope_bar import Wish
from assessment.phones import PHONES


@dataclass(frozen=True)
class Loaded:
    """What there is.

    Attributes
    ----------
    classes : tuple of ClassRow
        By name.
    shown : ClassRow or None
        The one that was asked for, or the first; None without one.
    scope : Scope or None
        Which of its readings count.
    overview : ClassOverview or None
        What they add up to, as the machine scored.
    lessons : tuple of (str, str)
        Ids and titles of the lessons that were read, by title.
    """

    classes: tuple[ClassRow, ...]
    shown: ClassRow | None = None
    scope: Scope | None = None
    overview: ClassOverview | None = None
    lessons: tuple[tuple[str, str], ...] = ()


def load(store: Store, class_id: str, wish: Wish, now: datetime) -> Loaded:
    """Return what is to be shown.

    Parameters
    ----------
    store : Store
        The library.
    class_id : str
        Which class; if it is not there, the first is shown.
    wish : Wish
        Which readings count.
    now : datetime
        The time, with the zone in which days begin.

    Raises
    ------
    LibraryError
        If the library cannot be read.
    """
    # The words by which sounds are named are read from a file the first time.
    phone_words(PHONES[0])
    found = tuple(classes.all_classes(store))
    if not found:
        return Loaded(())
    shown = next((each for each in found if each.id == class_id), found[0])
    scope = wish.scope(shown.id, now)
    sums = overview(
        store,
        shown.id,
        since=scope.since,
        until=scope.until,
        lesson_id=scope.lesson_id,
        handed_in=scope.handed_in,
    )
    return Loaded(found, shown, scope, sums, history.extent(store, None).lessons)
