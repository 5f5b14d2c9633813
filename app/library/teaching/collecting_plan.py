"""Decides which recordings of a manifest are to be assessed: those that are ready and were not before."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.library.errors import LibraryError
from app.library.models import Attempt, Collected, now
from app.library.store import Store
from app.library.teaching import classes
from app.library.teaching.manifests import Line, Manifest
from app.library.teaching.readers import Readers
from assessment.control import Control

_AT_A_TIME = 500
_DIGEST_BYTES = 2**20


@dataclass(frozen=True)
class Work:
    """A line of a manifest, as it is to be dealt with.

    Attributes
    ----------
    key : str
        By which it is known again: a digest of who read what, and of the recording.
    started : datetime
        When it was recorded.
    learner_id : str
        Who read; "" if that was not looked up.
    problem : str
        Why it cannot be assessed as things are now; "" if it can.
    """

    key: str
    line: Line
    started: datetime
    learner_id: str = ""
    problem: str = ""

    def row(self, source: str, problem: str = "", attempt_id: str | None = None) -> Collected:
        """Return the note of what became of it."""
        return Collected(
            key=self.key,
            source=source,
            line=self.line.number,
            audio=plain(str(self.line.audio)),
            learner=self.line.learner or self.line.learner_number,
            attempt_id=attempt_id,
            problem=plain(problem),
            created=now(),
        )


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    Attributes
    ----------
    source : str
        The manifest.
    total : int
        How many recordings it names.
    works : dict of str to Work
        All of them by their keys, each once.
    to_do : dict of str to Work
        Those that are to be assessed.
    failed : int
        How many of the others cannot be, or could not be before.
    """

    source: str
    total: int
    works: dict[str, Work] = field(default_factory=dict)
    to_do: dict[str, Work] = field(default_factory=dict)
    failed: int = 0


def plan(
    store: Store, manifest: Manifest, control: Control, class_id: str | None = None, *, retry: bool = False
) -> Plan:
    """Look through a manifest; bring its learners into the library and the class.

    What cannot be assessed as things are, because a file is missing or it is not clear who is meant, is noted
    as failed until the next look. Failures of lines that are not in the manifest any more are forgotten.

    Parameters
    ----------
    store, manifest, class_id, retry
        As for `collecting.collect`.
    control : Control
        Hears how far it is, and can stop it.

    Raises
    ------
    LibraryError
        If the library cannot be read or written, or there is no such class.
    Cancelled
        If it is stopped.
    """
    works = list(_identified(manifest, control))
    with store.writing() as session:
        known = rows(session, [each.key for each in works])
        is_known = {key for key, row in known.items() if not (retry and row.problem)}
        readers = Readers(session, class_id)
        works = [each if each.key in is_known else _with_learner(each, readers) for each in works]
        made = Plan(plain(str(manifest.path)), len(manifest.lines), {each.key: each for each in works})
        _note_unready(session, made)
        to_do = {key: each for key, each in made.works.items() if each.learner_id}
        failed = sum(bool(each.problem) for each in made.works.values())
        failed += sum(bool(known[key].problem) for key in is_known & known.keys())
        if class_id is not None:
            readings = [row.attempt_id for row in known.values() if row.attempt_id]
            learners = {each.learner_id for each in to_do.values()} | _learners(session, readings)
            classes.enter(session, class_id, learners)
    return replace(made, to_do=to_do, failed=failed)


def rows(session: Session, keys: Collection[str]) -> dict[str, Collected]:
    """Return what is noted of recordings, by their keys."""
    found: dict[str, Collected] = {}
    for some in _parts(keys):
        for row in session.scalars(select(Collected).where(Collected.key.in_(some))):
            found[row.key] = row
    return found


def plain(name: str) -> str:
    """Return something with the name of a file as it can be kept: on some systems names may be no text."""
    return name.encode(errors="replace").decode()


def _identified(manifest: Manifest, control: Control) -> Iterator[Work]:
    """Yield the recordings of a manifest, each once."""
    seen = set[str]()
    for number, line in enumerate(manifest.lines):
        control.report(number / len(manifest.lines))
        work = _work(line)
        if work.key not in seen:
            seen.add(work.key)
            yield work


def _work(line: Line) -> Work:
    if not line.audio.exists():
        return _unready(line, "There is no such file. Check its name and its folder.")
    if not line.audio.is_file():  # to read a pipe would never end
        return _unready(line, "It is no file. Give the path of a recording.")
    digest = _digest(line)
    try:
        with line.audio.open("rb") as file:
            while data := file.read(_DIGEST_BYTES):
                digest.update(data)
        key = digest.hexdigest()
        return Work(key, line, _started(line, key))
    except OSError as problem:
        return _unready(line, f"It cannot be read ({problem.strerror or problem}). Check its permissions.")


def _digest(line: Line) -> hashlib._Hash:
    digest = hashlib.sha256()
    for part in (line.learner, line.learner_number, line.text):
        digest.update(part.encode() + b"\0")
    return digest


def _unready(line: Line, problem: str) -> Work:
    digest = _digest(line)
    digest.update(f"not ready: {plain(str(line.audio))}".encode())
    return Work(digest.hexdigest(), line, now(), problem=problem)


def _started(line: Line, key: str) -> datetime:
    """Return when a recording was made: as the manifest says, else when its file was written.

    Files that were copied have one time; what tells recordings apart gives each a microsecond of its own.
    """
    moment = line.started
    if moment is None:
        try:
            moment = min(now(), datetime.fromtimestamp(line.audio.stat().st_mtime, UTC))
        except (OverflowError, ValueError):  # no calendar has this time
            moment = now()
    return moment.replace(microsecond=int(key[:8], 16) % 1_000_000)


def _with_learner(work: Work, readers: Readers) -> Work:
    if work.problem:
        return work
    try:
        return replace(work, learner_id=readers.id_of(work.line))
    except LibraryError as problem:
        return _unready(work.line, str(problem))


def _note_unready(session: Session, made: Plan) -> None:
    """Note what cannot be assessed now, and forget what failed before and is not in the manifest any more."""
    wanted = select(Collected.key).where(Collected.source == made.source, Collected.problem != "")
    unready = {key for key, each in made.works.items() if each.problem}
    for some in _parts((set(session.scalars(wanted)) - made.works.keys()) | unready):
        session.execute(delete(Collected).where(Collected.key.in_(some)))
    session.add_all(made.works[key].row(made.source, made.works[key].problem) for key in unready)


def _learners(session: Session, attempt_ids: Collection[str]) -> set[str]:
    found = set[str]()
    for some in _parts(attempt_ids):
        found |= set(session.scalars(select(Attempt.learner_id).where(Attempt.id.in_(some))))
    return found


def _parts(keys: Collection[str]) -> Iterator[list[str]]:
    listed = list(keys)
    for first in range(0, len(listed), _AT_A_TIME):
        yield listed[first : first + _AT_A_TIME]
