"""Brings the rows of an archive into a library: what is known stays, what is new comes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from app.library.archive_rows import TABLES, ArchiveError, Row
from app.library.archive_stage import PACKED, PHONE_RESULTS, WORD_RESULTS, Stage
from app.library.models import Attempt, Card, Item, Mark
from app.library.models import Session as Sitting
from assessment.control import Control

_OWNED = {"sessions", "attempts"}
# What of a mark can be said anew.
_SAID = ("score", "error", "created")
_NEVER = datetime.min.replace(tzinfo=UTC)

Key = tuple[Any, ...]


@dataclass
class Merged:
    """What happened to the rows.

    Attributes
    ----------
    new : Counter of str
        By the table how many rows came in.
    skipped : int
        How many were known.
    """

    new: Counter[str] = field(default_factory=Counter)
    skipped: int = 0


def merge(session: Session, stage: Stage, control: Control) -> Merged:
    """Bring all rows in.

    Parameters
    ----------
    session : Session
        Writes into the library, all or nothing.
    stage : Stage
        The rows.
    control : Control
        Hears how far it is, and can stop it.

    Raises
    ------
    ArchiveError
        If somebody else's row is known under the id of a row.
    Cancelled
        If it is stopped.
    """
    merger = _Merger(session)
    for number, table in enumerate(TABLES):
        for batch in control.watched(stage.batches(table)):
            merger.take(table, batch)
        if table.name == "attempts":
            for part in (PACKED, PHONE_RESULTS, WORD_RESULTS):
                for batch in control.watched(stage.batches(part)):
                    merger.take_parts(part, batch)
        control.report((number + 1) / len(TABLES))
    return merger.merged


class _Merger:
    """Knows what came in before, because later rows depend on it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.merged = Merged()
        self._new: dict[str, set[str]] = {"lessons": set(), "attempts": set()}
        self._fit: dict[str, Callable[[list[Row]], list[Row]]] = {
            "items": self._fit_items,
            "attempts": self._fit_attempts,
            "marks": self._fit_marks,
        }
        self._update: dict[str, Callable[[Row, Row], None]] = {
            "sessions": self._lengthen,
            "attempts": self._take_review,
            "cards": self._renew_card,
            "marks": self._renew_mark,
        }

    def take(self, table: Table, batch: list[Row]) -> None:
        """Bring in some rows of a table."""
        known = self._known(table, batch)
        for row in batch:
            if (ours := known.get(_key(table, row))) is not None:
                _check_owner(table, row, ours)
                self._update.get(table.name, _keep)(row, ours)
        fresh = [row for row in batch if _key(table, row) not in known]
        fresh = self._fit.get(table.name, list)(fresh)
        if fresh:
            self._session.execute(insert(table), fresh)
        if table.name in self._new:
            self._new[table.name] |= {row["id"] for row in fresh}
        self.merged.new[table.name] += len(fresh)
        self.merged.skipped += len(batch) - len(fresh)

    def take_parts(self, table: Any, batch: list[Row]) -> None:
        """Bring in what belongs to attempts that came in."""
        fresh = [row for row in batch if row["attempt_id"] in self._new["attempts"]]
        if fresh:
            self._session.execute(insert(table), fresh)

    def _known(self, table: Table, batch: list[Row]) -> dict[Key, Row]:
        """Return by its key what the library has of these rows."""
        first = next(iter(table.primary_key))
        wanted = select(table).where(first.in_({row[first.name] for row in batch}))
        return {_key(table, row): dict(row) for row in self._session.execute(wanted).mappings()}

    # --- what is new --------------------------------------------------------------------------

    def _fit_items(self, fresh: list[Row]) -> list[Row]:
        """Leave out the items of lessons that are here: these keep theirs."""
        return [row for row in fresh if row["lesson_id"] in self._new["lessons"]]

    def _fit_attempts(self, fresh: list[Row]) -> list[Row]:
        """Let attempts stand by themselves whose item is not here."""
        wanted = {row["item_id"] for row in fresh if row["item_id"]}
        here = set(self._session.scalars(select(Item.id).where(Item.id.in_(wanted))))
        return [{**row, "item_id": row["item_id"] if row["item_id"] in here else None} for row in fresh]

    def _fit_marks(self, fresh: list[Row]) -> list[Row]:
        """Of two marks of one author for one thing keep the newer."""
        attempts = {row["attempt_id"] for row in fresh}
        here = self._session.execute(select(Mark.__table__).where(Mark.attempt_id.in_(attempts))).mappings()
        known = {_place(row): dict(row) for row in here}
        newest: dict[Key, Row] = {}
        for row in sorted(fresh, key=lambda row: (row["created"], row["id"])):
            newest[_place(row)] = row
        for place, row in newest.items():
            if place in known:
                self._renew_mark(row, known[place])
        return [row for place, row in newest.items() if place not in known]

    # --- what is known ------------------------------------------------------------------------

    def _lengthen(self, row: Row, ours: Row) -> None:
        started, ended = min(row["started"], ours["started"]), max(row["ended"], ours["ended"])
        if (started, ended) != (ours["started"], ours["ended"]):
            self._change(Sitting.__table__, ours, {"started": started, "ended": ended})

    def _take_review(self, row: Row, ours: Row) -> None:
        """Learn that a teacher has reviewed an attempt, and that it was handed in."""
        change: Row = {}
        if row["reviewed"] is not None and (ours["reviewed"] is None or row["reviewed"] > ours["reviewed"]):
            change |= {"reviewed": row["reviewed"], "reviewer": row["reviewer"]}
        if row["is_handed_in"] and not ours["is_handed_in"]:
            change["is_handed_in"] = True
        if change:
            self._change(Attempt.__table__, ours, change)

    def _renew_card(self, row: Row, ours: Row) -> None:
        if _reviewed(row) > _reviewed(ours):
            self._change(Card.__table__, ours, {"state": row["state"], "due": row["due"]})

    def _renew_mark(self, row: Row, ours: Row) -> None:
        if row["created"] > ours["created"]:
            self._change(Mark.__table__, ours, {name: row[name] for name in _SAID})

    def _change(self, table: Any, ours: Row, values: Row) -> None:
        key = (column == ours[column.name] for column in table.primary_key)
        self._session.execute(update(table).where(*key).values(values))


def _keep(row: Row, ours: Row) -> None:
    """Leave a row as it is."""


def _key(table: Table, row: Any) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _place(row: Any) -> Key:
    return row["attempt_id"], row["word"], row["phone"], row["author"]


def _check_owner(table: Table, row: Row, ours: Row) -> None:
    if table.name in _OWNED and row["learner_id"] != ours["learner_id"]:
        raise ArchiveError(
            f"The archive says of something in {table.name} that it is another learner's than in this "
            "library. It was not imported."
        )


def _reviewed(card: Row) -> datetime:
    """Return when a phone was practised last; before all times if that is not told."""
    try:
        moment = datetime.fromisoformat(str(card["state"].get("last_review")))
        return moment if moment.tzinfo else _NEVER
    except ValueError:
        return _NEVER
