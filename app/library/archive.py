"""A library, or what is chosen of it, as one file that any other library can take in.

The format, version 1. An archive is a zip file (deflate or stored, not encrypted) whose name ends in
``.elocute``. In it are, and nothing else:

``manifest.json``
    An object: ``format`` is "elocute-archive", ``version`` is 1, ``created`` the time (ISO 8601 with zone),
    ``program`` who wrote it, ``counts`` how many rows there are by table and how many ``recordings``.
``tables/NAME.jsonl``
    UTF-8, one JSON object a line, for the tables learners, classes, memberships, lessons, items, sessions,
    attempts, marks, comments, cards and goals; one without rows may be missing. The fields are the columns
    that `app.library.models` describes, by their names: texts, numbers, true, false, null, times in
    ISO 8601 with zone, and ``focus``, ``pronunciations`` and ``state`` as plain JSON. An attempt has, beside
    its columns, ``assessment``: what `Assessment.to_dict` gives. A field that may be null or has a default
    may be left out. Identifiers are 1-32 visible ASCII characters, and best `models.new_id`'s: they tell
    whether a row is known. What a row refers to is in the archive, too.
``recordings/SHA256.flac``
    FLAC files (mono, 16 bits, 16 kHz) under the digests of their bytes, by which rows refer to them. Those
    that are missing are missed by nobody: their attempts are kept without a recording.

What can be worked out again, such as the results of an attempt by phone, is not in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile

from app.library import archive_zip
from app.library.archive_choice import Choice
from app.library.archive_merge import Merged, merge
from app.library.archive_rows import ASSESSMENT, TABLES, ArchiveError, Checker, from_json, to_line
from app.library.archive_stage import Stage, staged
from app.library.archive_zip import MANIFEST, Reader, recording_name, table_name
from app.library.audio_use import unused
from app.library.errors import LibraryError
from app.library.models import now
from app.library.store import Store
from assessment.control import Control

FORMAT = "elocute-archive"
FORMAT_VERSION = 1
SUFFIX = ".elocute"
# Which part of the time the tables take, and then the recordings.
_TABLES_SHARE = 0.4
_MERGING_FROM = 0.9


@dataclass(frozen=True)
class Exported:
    """What was written into an archive.

    Attributes
    ----------
    path : Path
        The archive.
    learners, attempts, lessons, recordings : int
        How many are in it.
    missing : int
        How many recordings could not be found, or were damaged, and are not in it.
    """

    path: Path
    learners: int
    attempts: int
    lessons: int
    recordings: int
    missing: int


@dataclass(frozen=True)
class Imported:
    """What was taken in from an archive.

    Attributes
    ----------
    learners, attempts, lessons, recordings : int
        How many are new.
    skipped : int
        How many rows were known already, and stayed as they were.
    notes : tuple of str
        What people should know, each a sentence.
    """

    learners: int
    attempts: int
    lessons: int
    recordings: int
    skipped: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What an archive says about itself.

    Attributes
    ----------
    created : datetime or None
        When it was written; None if that is not told.
    program : str
        What wrote it.
    counts : dict of str to int
        How many rows each table has, and how many "recordings" there are.
    """

    created: datetime | None
    program: str
    counts: dict[str, int]


# --- writing --------------------------------------------------------------------------------


def export_all(
    store: Store,
    path: Path,
    control: Control,
    learners: Collection[str] | None = None,
    attempts: Collection[str] | None = None,
) -> Exported:
    """Write everything, or what is chosen, into one archive.

    Parameters
    ----------
    store : Store
        The library: all is written as of one moment.
    path : Path
        Of the archive; what is there is replaced once all is written.
    control : Control
        Hears how far it is, and can stop it.
    learners : collection of str, optional
        Ids of the learners who are wanted: with their classes, sittings, attempts, marks, comments, cards and
        goals, and with the lessons that they have read.
    attempts : collection of str, optional
        Ids of the attempts that are wanted (of those learners, if these are given): with their learners,
        sittings, marks, comments and lessons, and with nothing else of these learners.

    Returns
    -------
    Exported
        What is in it.

    Raises
    ------
    LibraryError
        If the library cannot be read or the archive not be written; then nothing of it stays.
    Cancelled
        If it is stopped; then nothing of it stays.
    """
    choice = Choice(learners, attempts)
    with archive_zip.written(path) as archive:
        counts, digests = _write_tables(store, archive, choice, control.part(0.0, _TABLES_SHARE))
        found = _write_recordings(store, archive, digests, control.part(_TABLES_SHARE, 1.0))
        counts["recordings"] = found
        archive.writestr(MANIFEST, _manifest(counts))
    return Exported(
        path, counts["learners"], counts["attempts"], counts["lessons"], found, len(digests) - found
    )


def _write_tables(
    store: Store, archive: ZipFile, choice: Choice, control: Control
) -> tuple[dict[str, int], set[str]]:
    """Write the rows; return how many each table has, and the digests of the recordings they refer to."""
    counts: dict[str, int] = {}
    digests: set[str] = set()
    with choice.reading(store) as rows:
        total = max(1, rows.total)
        for table in TABLES:
            with archive.open(table_name(table.name), "w", force_zip64=True) as file:
                for number, row in enumerate(rows.of(table), 1):
                    _write_row(file, row, digests)
                    counts[table.name] = number
                    control.report(min(1.0, sum(counts.values()) / total))
            counts.setdefault(table.name, 0)
    return counts, digests


def _write_row(file: IO[bytes], row: dict[str, Any], digests: set[str]) -> None:
    if row.get("recording"):
        digests.add(row["recording"])
    if ASSESSMENT in row:
        row[ASSESSMENT] = json.loads(row[ASSESSMENT])
    file.write(to_line(row))


def _write_recordings(store: Store, archive: ZipFile, digests: set[str], control: Control) -> int:
    """Write the recordings that are there and sound; return how many."""
    found = 0
    for number, digest in enumerate(sorted(digests)):
        control.report(number / len(digests))
        with contextlib.suppress(FileNotFoundError):
            data = store.audio.path(digest).read_bytes()
            if hashlib.sha256(data).hexdigest() == digest:
                archive.writestr(recording_name(digest), data, compress_type=ZIP_STORED)
                found += 1
    control.report(1.0)
    return found


def _manifest(counts: dict[str, int]) -> str:
    facts = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "created": now().isoformat(timespec="seconds"),
        "program": f"Elocute {metadata.version('elocute')}",
        "counts": counts,
    }
    return json.dumps(facts, indent=2) + "\n"


# --- reading --------------------------------------------------------------------------------


def look(path: Path) -> Manifest:
    """Return what an archive says about itself; nothing of it is believed when it is imported.

    Raises
    ------
    ArchiveError
        If it is no archive, or of a newer version.
    """
    with archive_zip.opened(path, Control()) as reader:
        return _read_manifest(reader)


def import_archive(store: Store, path: Path, control: Control) -> Imported:
    """Take in what is in an archive: all of it, or nothing if something in it is wrong.

    What the library has under the same id stays as it is, except that of two marks by one author and of two
    cards the newer one counts, that a sitting becomes as long as both, and that what was handed in or
    reviewed there is so here, too. A lesson that is there keeps its
    items; an attempt whose item is not there any more stands by itself. Taking in an archive a second time
    changes nothing.

    Parameters
    ----------
    store : Store
        The library.
    path : Path
        Of the archive.
    control : Control
        Hears how far it is, and can stop it.

    Returns
    -------
    Imported
        What is new.

    Raises
    ------
    ArchiveError
        If the archive is damaged, of a newer version or not honest; nothing of it is kept.
    LibraryError
        If the library cannot be written; nothing of it is kept.
    Cancelled
        If it is stopped; nothing of it is kept.
    """
    if store.is_read_only:
        raise LibraryError(store.note)
    with archive_zip.opened(path, control.part(0.0, _MERGING_FROM)) as reader:
        _read_manifest(reader)
        with staged(store.folder) as stage:
            recordings = _read_tables(reader, stage)
            with _added(store, reader, recordings) as added, store.writing() as session:
                merged = merge(session, stage, control.part(_MERGING_FROM, 1.0))
                # What somebody deleted meanwhile; from here on nobody can.
                _add(store, reader, recordings, added)
            kept = len(added - _remove_unused(store, added))
        missing = recordings - reader.recordings - store.audio.digests()
    return _imported(merged, kept, len(missing))


def _read_manifest(reader: Reader) -> Manifest:
    facts = from_json(reader.manifest(), MANIFEST)
    if facts.get("format") != FORMAT:
        raise ArchiveError("This zip file is no archive of Elocute. Choose one that Elocute exported.")
    version = facts.get("version")
    if type(version) is not int or version != FORMAT_VERSION:
        raise ArchiveError(
            f"This archive has format version {str(version)[:20]}, this program reads version "
            f"{FORMAT_VERSION}: install the newest Elocute, then import it again."
        )
    counts, program = facts.get("counts"), facts.get("program")
    numbers = counts.items() if isinstance(counts, dict) else ()
    return Manifest(
        _moment(facts.get("created")),
        program[:80] if isinstance(program, str) else "",
        {name: number for name, number in numbers if type(number) is int},
    )


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _read_tables(reader: Reader, stage: Stage) -> set[str]:
    """Check all rows and put them on the stage; return the digests of the recordings they refer to."""
    if unknown := reader.tables - {table.name for table in TABLES}:
        raise ArchiveError(f"The archive has a table {min(unknown)!r}, which this program does not know.")
    checker = Checker()
    for table in TABLES:
        for number, line in enumerate(reader.lines(table.name), 1):
            stage.add(table, *checker.take(table, line, number))
    stage.finish()
    return checker.recordings


@contextlib.contextmanager
def _added(store: Store, reader: Reader, wanted: set[str]) -> Iterator[set[str]]:
    """Keep the recordings of an archive that are not there yet, unless what follows goes wrong.

    They are kept before the rows are, as always, so that no row ever refers to what is not there yet.
    """
    added: set[str] = set()
    try:
        _add(store, reader, wanted, added)
        yield added
    except BaseException:
        _remove_unused(store, added)
        raise


def _add(store: Store, reader: Reader, wanted: set[str], added: set[str]) -> None:
    """Keep those recordings that are not there, and note which."""
    for digest in sorted((wanted & reader.recordings) - store.audio.digests()):
        store.audio.add_file(reader.recording(digest))
        added.add(digest)


def _remove_unused(store: Store, digests: set[str]) -> set[str]:
    """Delete those of some recordings that nothing refers to, while nobody can begin to; return which."""
    if not digests:
        return set()
    with store.writing() as session:
        gone = unused(session, digests)
        for digest in gone:
            store.audio.remove(digest)
    return gone


def _imported(merged: Merged, recordings: int, missing: int) -> Imported:
    told = f"Recordings that are not in the archive: {missing:,}. The scores of these readings are kept."
    new, notes = merged.new, (told,) if missing else ()
    return Imported(new["learners"], new["attempts"], new["lessons"], recordings, merged.skipped, notes)
