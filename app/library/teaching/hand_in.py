"""Handing in: a learner's readings go to the teacher as one file, and come back with marks and comments."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import select, update

from app.library import archive_zip
from app.library.archive import SUFFIX, export_all, import_archive
from app.library.archive_rows import from_json
from app.library.errors import LibraryError
from app.library.models import Attempt, Learner, now
from app.library.records import LearnerRow
from app.library.store import Store
from app.library.teaching import classes
from assessment.control import Control
from assessment.errors import Cancelled, ElocuteError

NO_CONSENT = (
    "Recordings are given to nobody without consent. Tick that you agree (for a child, a parent or guardian)."
)
# What names of files may not hold on some systems.
_UNSAFE = re.compile(r'[<>:"/\\|?*]+')
# With the date and what tells it apart it is still a name that every file system takes.
_MOST_BYTES = 120
_NAMELESS = "Readings"
# SQLite takes no more variables in one statement than some thousands.
_AT_A_TIME = 500


@dataclass(frozen=True)
class HandedIn:
    """What was handed in.

    Attributes
    ----------
    path : Path
        The file.
    learner : str
        Whose readings.
    attempts, missing : int
        How many readings are in it, and how many recordings are not, because they cannot be found.
    """

    path: Path
    learner: str
    attempts: int
    missing: int


@dataclass(frozen=True)
class Taken:
    """What was taken in.

    Attributes
    ----------
    files : int
        How many could be used.
    learners, attempts : int
        How many are new.
    problems : tuple of str
        Why others could not be used, a sentence each.
    attempt_ids, learner_ids : tuple of str
        Of the new attempts, and of all learners in the files.
    """

    files: int
    learners: int
    attempts: int
    problems: tuple[str, ...]
    attempt_ids: tuple[str, ...]
    learner_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class GivenBack:
    """What a teacher gave back.

    Attributes
    ----------
    path : Path
        The file, or the folder of the files.
    files, attempts : int
        How many of them there are, and how many reviewed readings are in them.
    """

    path: Path
    files: int
    attempts: int


# --- the learner ----------------------------------------------------------------------------


def hand_in(
    store: Store,
    learner_id: str,
    attempt_ids: Collection[str],
    place: Path,
    control: Control,
    *,
    consent: bool = False,
) -> HandedIn:
    """Write readings of a learner into one file for the teacher, and note that they were handed in.

    Parameters
    ----------
    store : Store
        The learner's library.
    learner_id : str
        Who.
    attempt_ids : collection of str
        Which readings; those of others are left out.
    place : Path
        The file, which is replaced if it is there, or a folder in which it gets a name of its own.
    control : Control
        Hears how far it is, and can stop it.
    consent : bool
        Whether the learner agrees now that recordings are given to others; it is noted.

    Raises
    ------
    LibraryError
        If there is no consent, nothing to hand in, or the file cannot be written.
    Cancelled
        If it is stopped; then nothing was handed in.
    """
    name, fresh, agreed = _begin(store, learner_id, attempt_ids, consent=consent)
    path = _free(place, name, learner_id) if place.is_dir() else place
    try:
        written = export_all(store, path, control, learners=[learner_id], attempts=attempt_ids)
    except BaseException:
        _take_back(store, learner_id, fresh, agreed=agreed)
        raise
    return HandedIn(path, name, written.attempts, written.missing)


def _begin(
    store: Store, learner_id: str, attempt_ids: Collection[str], *, consent: bool
) -> tuple[str, list[str], bool]:
    """Note what is handed in; return the learner's name, what was not before, and whether consent is new."""
    with store.writing() as session:
        learner = session.get(Learner, learner_id)
        if learner is None:
            raise LibraryError("This learner is not in the library any more. Choose another one.")
        if not (learner.may_be_shared or consent):
            raise LibraryError(NO_CONSENT)
        agreed = not learner.may_be_shared
        own = Attempt.id.in_(attempt_ids) & (Attempt.learner_id == learner_id)
        found = session.execute(select(Attempt.id, Attempt.is_handed_in).where(own)).all()
        if not found:
            raise LibraryError("There is nothing to hand in. Choose readings in the history.")
        learner.may_be_shared = True
        session.execute(update(Attempt).where(own).values(is_handed_in=True))
        return learner.name, [id_ for id_, was in found if not was], agreed


def _take_back(store: Store, learner_id: str, attempt_ids: list[str], *, agreed: bool) -> None:
    with store.writing() as session:
        session.execute(update(Attempt).where(Attempt.id.in_(attempt_ids)).values(is_handed_in=False))
        if agreed:
            session.execute(update(Learner).where(Learner.id == learner_id).values(may_be_shared=False))


# --- names of files -------------------------------------------------------------------------


def file_name(name: str, learner_id: str, what: str = "") -> str:
    """Return the name of a learner's file without its ending: readable, and taken by every system.

    Where a folder is shared over the internet, it is seen only later that another computer has written a file
    of the same name: hence some signs that tell learners of one name apart.
    """
    seen = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFC", name))
    short = _UNSAFE.sub("_", " ".join(seen.split())).encode()[:_MOST_BYTES].decode(errors="ignore")
    safe = short.strip(" .") or _NAMELESS
    whose = hashlib.sha256(learner_id.encode()).hexdigest()[:4]
    return " ".join(filter(None, (safe, what, f"{now().astimezone():%Y-%m-%d}", whose)))


def _free(folder: Path, name: str, learner_id: str, what: str = "") -> Path:
    """Return a path in a folder that is not taken."""
    stem = file_name(name, learner_id, what)
    names = (f"{stem}{f' ({number})' if number > 1 else ''}{SUFFIX}" for number in count(1))
    return next(path for path in (folder / each for each in names) if not path.exists())


# --- the teacher ----------------------------------------------------------------------------


def take_in(store: Store, paths: Sequence[Path], control: Control, class_id: str | None = None) -> Taken:
    """Take in what learners have handed in; a file that was taken in before changes nothing.

    Parameters
    ----------
    store : Store
        The teacher's library.
    paths : sequence of Path
        Files, and folders whose files (and those of the folders in them) are meant.
    control : Control
        Hears how far it is, and can stop it: then the files that were finished stay.
    class_id : str, optional
        The class that the learners are put into.

    Raises
    ------
    LibraryError
        If there is no file or no such class, or the library cannot be written.
    Cancelled
        If it is stopped.
    """
    if store.is_read_only:
        raise LibraryError(store.note)
    if class_id is not None:
        with store.reading() as session:
            classes.find(session, class_id)
    files = _files(paths)
    before = set(_attempts(store))
    taking = _Taking(store, class_id)
    for number, path in enumerate(files):
        taking.take(path, control.part(number / len(files), (number + 1) / len(files)))
    readers = set(taking.learner_ids)
    fresh = [id_ for id_, whose in _attempts(store).items() if id_ not in before and whose in readers]
    _note_handed_in(store, fresh)
    return Taken(
        len(files) - len(taking.problems),
        taking.new,
        len(fresh),
        tuple(taking.problems),
        tuple(sorted(fresh)),
        tuple(taking.learner_ids),
    )


class _Taking:
    """Takes files in, one after the other, and notes what came of each."""

    def __init__(self, store: Store, class_id: str | None) -> None:
        self._store, self._class_id = store, class_id
        self.new = 0
        self.problems: list[str] = []
        self.learner_ids: dict[str, None] = {}

    def take(self, path: Path, control: Control) -> None:
        """Take in a file; if it is bad, say so, and nothing else happens."""
        try:
            found = _learners_in(path)
            self.new += import_archive(self._store, path, control).learners
        except Cancelled:
            raise
        except ElocuteError as problem:
            told = str(problem).replace(f'"{path.name}"', "it")  # whose name is told once
            self.problems.append(f"{path.name}: {told}")
            return
        self.learner_ids |= dict.fromkeys(found)
        if self._class_id is not None:
            classes.put(self._store, self._class_id, found)


def _files(paths: Sequence[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        found |= dict.fromkeys(_hand_ins(path) if path.is_dir() else [path])
    if not found:
        told = " or ".join(f'"{path}"' for path in paths)
        raise LibraryError(
            f"There are no {SUFFIX} files in {told}. Ask your learners to hand in from their history."
        )
    return list(found)


def _hand_ins(folder: Path) -> Iterable[Path]:
    inside = (*folder.glob("*"), *folder.glob("*/*"))
    return sorted(path for path in inside if path.suffix.lower() == SUFFIX and path.is_file())


def _attempts(store: Store) -> dict[str, str]:
    """Return by the ids of all attempts whose they are."""
    with store.reading() as session:
        return {each.id: each.learner_id for each in session.execute(select(Attempt.id, Attempt.learner_id))}


def _learners_in(path: Path) -> list[str]:
    """Return the ids of the learners in a file, of which nothing else was checked yet."""
    with archive_zip.opened(path, Control()) as reader:
        return [str(from_json(line, "learners").get("id")) for line in reader.lines("learners")]


def _note_handed_in(store: Store, attempt_ids: Sequence[str]) -> None:
    """Note that readings were handed in, also those that a learner has only exported."""
    with store.writing() as session:
        for first in range(0, len(attempt_ids), _AT_A_TIME):
            some = Attempt.id.in_(attempt_ids[first : first + _AT_A_TIME])
            session.execute(update(Attempt).where(some).values(is_handed_in=True))


# --- and back -------------------------------------------------------------------------------


def give_back(store: Store, learner_id: str, path: Path, control: Control) -> GivenBack:
    """Write the reviewed readings of a learner, with marks and comments, for the learner's own Elocute.

    There they are taken in as any archive: the readings are known, what the teacher said is new.

    Raises
    ------
    LibraryError
        If nothing was reviewed, or the file cannot be written.
    Cancelled
        If it is stopped.
    """
    wanted = _reviewed(store, learner_id)
    if not wanted:
        raise LibraryError(
            "None of this learner's readings was reviewed yet. Review some, then give them back."
        )
    written = export_all(store, path, control, learners=[learner_id], attempts=wanted)
    return GivenBack(path, 1, written.attempts)


def give_back_class(store: Store, class_id: str, folder: Path, control: Control) -> GivenBack:
    """Write such a file for each learner of a class of whom something was reviewed, into a folder.

    Raises
    ------
    LibraryError
        If nothing was reviewed, or a file cannot be written.
    Cancelled
        If it is stopped; files that were finished stay.
    """
    wanted: list[tuple[LearnerRow, list[str]]] = [
        (each, found) for each in classes.members(store, class_id) if (found := _reviewed(store, each.id))
    ]
    if not wanted:
        raise LibraryError("No reading of this class was reviewed yet. Review some, then give them back.")
    attempts = 0
    for number, (learner, found) in enumerate(wanted):
        part = control.part(number / len(wanted), (number + 1) / len(wanted))
        path = _free(folder, learner.name, learner.id, "reviewed")
        attempts += export_all(store, path, part, learners=[learner.id], attempts=found).attempts
    return GivenBack(folder, len(wanted), attempts)


def _reviewed(store: Store, learner_id: str) -> list[str]:
    with store.reading() as session:
        reviewed = select(Attempt.id).where(Attempt.learner_id == learner_id, Attempt.reviewed.is_not(None))
        return list(session.scalars(reviewed))
