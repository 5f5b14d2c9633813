"""Brings the lessons that Elocute ships into a library, and up to date there."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.library import models
from app.library.catalogue_rows import keeping, new_row, put
from app.library.lessons import FIRST
from app.library.pack_audio import open_recording
from app.library.pack_manifest import NAMES
from app.library.packs import Pack, read_pack
from app.library.store import Store
from assessment.resources import resource

ORIGIN = "shipped"


def shipped() -> dict[str, Path]:
    """Return the folders of the lessons that this version ships, by their names."""
    return {
        folder.name: folder
        for folder in sorted(resource("lessons").iterdir())
        if any((folder / name).is_file() for name in NAMES)
    }


def add_shipped(store: Store) -> None:
    """Add the lessons that this version ships, or change those that another version has left.

    A text that is still there keeps its id, so that attempts stay linked to it. A lesson that is not shipped
    any more stays, and can be deleted. If nothing is new, that is found out in some milliseconds. A library
    that is read-only is left as it is.

    Raises
    ------
    LibraryError
        If the library cannot be written.
    LessonError
        If a lesson that is shipped is damaged.
    """
    if store.is_read_only:
        return
    digests = {name: _digest(folder) for name, folder in shipped().items()}
    with store.reading() as session:
        known = _known(session)
    packs = {name: read_pack(shipped()[name]) for name in digests if known.get(name) != digests[name]}
    if packs:
        _add(store, packs, digests)


def _digest(folder: Path) -> str:
    manifest = next(folder / name for name in NAMES if (folder / name).is_file())
    return hashlib.sha256(manifest.read_bytes()).hexdigest()


def _known(session: Session) -> dict[str, str]:
    wanted = select(models.Lesson.id, models.Lesson.digest).where(models.Lesson.origin == ORIGIN)
    return dict(session.execute(wanted).tuples().all())


def _add(store: Store, packs: dict[str, Pack], digests: dict[str, str]) -> None:
    gone: set[str] = set()
    with keeping(store) as keep:
        audio = {
            name: {file: keep(open_recording(file, data)) for file, data in pack.audio.items()}
            for name, pack in packs.items()
        }
        with store.writing() as session:
            if session.get_bind().dialect.name == "postgresql":
                # Many programs may begin to use a new version at once.
                session.execute(text("LOCK TABLE lessons IN SHARE ROW EXCLUSIVE MODE"))
            known = _known(session)
            for name in sorted(packs, key=lambda each: (each != FIRST, packs[each].lesson.level, each)):
                if known.get(name) == digests[name]:
                    continue
                row = session.get(models.Lesson, name) or new_row(session, ORIGIN, name)
                row.origin, row.digest = ORIGIN, digests[name]
                gone |= put(session, row, packs[name].lesson, audio[name])
    for digest in gone:
        store.audio.remove(digest)
