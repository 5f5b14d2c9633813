"""The attempts that wait for a teacher, as a list that Qt can show: two lines each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.library.progress_words import day_words
from app.library.records import AttemptRow
from app.windows.words_of_time import moment
from assessment.bands import band

Index = QModelIndex | QPersistentModelIndex
NOBODY = "No name"
# As numbers: comparing the names takes most of the time of drawing.
_ROLES = _DISPLAY, _TIP, _SPOKEN = (
    Qt.ItemDataRole.DisplayRole.value,
    Qt.ItemDataRole.ToolTipRole.value,
    Qt.ItemDataRole.AccessibleTextRole.value,
)
_SHOWN_CHARACTERS = 120
_DAYS_OF_A_WEEK = 7


class QueueModel(QAbstractListModel):
    """Attempts in the order in which they are gone through; they stay there when they were reviewed.

    Attributes
    ----------
    rows : list of AttemptRow
        In this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[AttemptRow] = []
        self._places: dict[str, int] = {}
        # As they were read from the library.
        self._read: list[AttemptRow] = []
        self._unreviewed = 0

    @property
    def unreviewed(self) -> int:
        """How many nobody has reviewed."""
        return self._unreviewed

    def show_rows(self, rows: Sequence[AttemptRow], changed: dict[str, AttemptRow]) -> None:
        """Show attempts; of some, by their ids, it is known that they have changed since."""
        self.beginResetModel()
        self._read = list(rows)
        self.rows = [changed.get(row.id, row) for row in rows] if changed else list(rows)
        self._places = {row.id: place for place, row in enumerate(rows)}
        self._unreviewed = sum(row.reviewed is None for row in self.rows)
        self.endResetModel()

    def place_of(self, attempt_id: str) -> int | None:
        """Return in which row an attempt stands."""
        return self._places.get(attempt_id)

    def change(self, attempt_id: str, change: Callable[[AttemptRow], AttemptRow]) -> None:
        """Show an attempt as a function makes it from what was read."""
        place = self._places.get(attempt_id)
        if place is None:
            return
        before, after = self.rows[place], change(self._read[place])
        if after != before:
            self.rows[place] = after
            self._unreviewed += (after.reviewed is None) - (before.reviewed is None)
            self.dataChanged.emit(self.index(place), self.index(place))

    def next_after(self, attempt_id: str) -> AttemptRow | None:
        """Return the next attempt that nobody has reviewed, from the top again after the last."""
        place = self._places.get(attempt_id, -1)
        others = (*self.rows[place + 1 :], *self.rows[: max(place, 0)])
        return next((row for row in others if row.reviewed is None), None)

    def before(self, attempt_id: str) -> AttemptRow | None:
        """Return the attempt above one."""
        place = self._places.get(attempt_id, 0)
        return self.rows[place - 1] if place > 0 else None

    # --- what Qt asks -----------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many attempts there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = 0) -> Any:
        """Return what a row is called, for people and screen readers."""
        if role not in _ROLES:
            return None
        row = self.rows[index.row()]
        return name_of(row) if role == _DISPLAY else described(row)


def name_of(row: AttemptRow) -> str:
    """Return whose attempt it is."""
    return row.learner or NOBODY


def text_of(row: AttemptRow) -> str:
    """Return the beginning of its text in one line."""
    return " ".join(row.text[:_SHOWN_CHARACTERS].split())


def score_of(row: AttemptRow) -> str:
    """Return its overall score as it stands in the list."""
    return "–" if row.overall is None else f"{'≈ ' if row.is_rough else ''}{row.overall:.0f}"


def described(row: AttemptRow) -> str:
    """Tell of an attempt in a sentence."""
    told = [f"{name_of(row)}, {moment(row.started)}"]
    if row.overall is not None:
        rough = ", a rough estimate" if row.is_rough else ""
        told.append(f"overall {row.overall:.0f}, {band('overall', row.overall).name}{rough}")
    told.append(state_of(row))
    told += [word for word, is_so in (("flagged", row.is_flagged), ("handed in", row.is_handed_in)) if is_so]
    return f"{'; '.join(told)}. {text_of(row)}"


def state_of(row: AttemptRow) -> str:
    """Tell whether an attempt was reviewed."""
    if row.reviewed is None:
        return "not reviewed"
    by = f" by {row.reviewer}" if row.reviewer else ""
    return f"reviewed{by}, {moment(row.reviewed)}"


def brief(when: datetime, now: datetime | None = None) -> str:
    """Return a time as short as in a list: ``"14:05"``, ``"Mon"``, ``"4 May"`` or ``"4 May 2025"``."""
    local = when.astimezone()
    today = (now or datetime.now().astimezone()).astimezone().date()
    days = (today - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    if 0 < days < _DAYS_OF_A_WEEK:
        return day_words(local.date())[:3]
    day = day_words(local.date()).partition(" ")[2]
    return day.removesuffix(f" {today.year}")
