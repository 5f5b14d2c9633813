"""Where the rows of an archive wait, checked and complete, until all of them enter the library at once."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, String, Table, column, create_engine, insert, select
from sqlalchemy import table as plain_table
from sqlalchemy.exc import DBAPIError

from app.library.archive_rows import Row
from app.library.attempts import phone_results, word_results
from app.library.errors import LibraryError
from app.library.models import Base
from assessment.results import Assessment

_PREFIX = ".import-"
# A folder this old was left by a power cut.
_LEFT_SECONDS = 86_400.0
# An assessment of a long text takes some megabytes.
_AT_A_TIME = 50
_ALL = Base.metadata.tables
# As they are stored: they need not be unpacked and packed again.
PACKED = plain_table("assessments", column("attempt_id", String), column("json", LargeBinary))
PHONE_RESULTS = _ALL["phone_results"]
WORD_RESULTS = _ALL["word_results"]


class Stage:
    """A database of its own that holds the rows of one archive; made by `staged`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, list[Row]] = {}

    def add(self, table: Table, row: Row, assessment: Assessment | None) -> None:
        """Take in a row; of an attempt with its assessment, and what follows from that."""
        self._wait(table, row)
        if assessment is not None:
            attempt = {"attempt_id": row["id"]}
            self._wait(_ALL["assessments"], {**attempt, "json": assessment.to_json(indent=None)})
            for result in phone_results(assessment):
                self._wait(PHONE_RESULTS, {**attempt, **result})
            for result in word_results(assessment):
                self._wait(WORD_RESULTS, {**attempt, **result})

    def finish(self) -> None:
        """Take in what has not been yet."""
        for name in tuple(self._waiting):
            self._put(_ALL[name])

    def batches(self, table: Any) -> Iterator[list[Row]]:
        """Yield the rows of a table, some hundred at a time."""
        found = self._connection.execute(select(table), execution_options={"yield_per": _AT_A_TIME})
        for batch in found.mappings().partitions(_AT_A_TIME):
            yield [dict(row) for row in batch]

    def _wait(self, table: Table, row: Row) -> None:
        waiting = self._waiting.setdefault(table.name, [])
        waiting.append(row)
        if len(waiting) >= _AT_A_TIME:
            self._put(table)

    def _put(self, table: Table) -> None:
        self._connection.execute(insert(table), self._waiting.pop(table.name))


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Give an empty stage in a folder of the library; nothing of it stays.

    Raises
    ------
    LibraryError
        If it cannot be made, or the disk gets full.
    """
    _clear(folder)
    try:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    except OSError as problem:
        raise LibraryError(
            f'Nothing can be written in "{folder}" ({problem.strerror or problem}). Check that the disk is '
            "not full, then import the archive again."
        ) from problem
    engine = create_engine(f"sqlite:///{place / 'stage.db'}", hide_parameters=True)
    try:
        with engine.connect() as connection:
            for setting in ("journal_mode=OFF", "synchronous=OFF"):  # nobody needs it after a power cut
                connection.exec_driver_sql(f"PRAGMA {setting}")
            Base.metadata.create_all(connection)
            yield Stage(connection)
    except DBAPIError as problem:
        raise LibraryError(
            f"The archive cannot be unpacked ({problem.orig}). Make room on the disk, then import it again."
        ) from problem
    finally:
        engine.dispose()
        shutil.rmtree(place, ignore_errors=True)


def _clear(folder: Path) -> None:
    """Delete what a power cut left during an import."""
    for left in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
