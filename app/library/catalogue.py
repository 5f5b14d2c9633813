"""The lessons of a library: those that Elocute ships, imported packs, and lessons of one's own."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy import delete as deletion
from sqlalchemy.orm import Session, selectinload

from app.library import models
from app.library.audio_use import unused
from app.library.catalogue_rows import keeping, new_row, put
from app.library.errors import LibraryError
from app.library.lesson_rows import KeptItem, KeptLesson, LessonRow, recording_digest, recording_name
from app.library.lessons import Lesson, LessonError
from app.library.pack_audio import check_length, open_recording
from app.library.pack_manifest import check_lesson
from app.library.packs import read_pack, recordings, write_pack
from app.library.shipped_lessons import ORIGIN, add_shipped, shipped
from app.library.store import Store
from assessment.audio import Recording

__all__ = [
    "KeptItem",
    "KeptLesson",
    "LessonRow",
    "add_shipped",
    "copy_lesson",
    "delete_lesson",
    "export_lesson",
    "import_pack",
    "lesson",
    "lessons",
    "move_lesson",
    "save_lesson",
]

_MAX_TITLE = 200
_COPY = " (copy)"
_COLUMNS = ("id", "title", "language", "level", "licence", "description", "origin", "position")


def lessons(store: Store, learner_id: str) -> list[LessonRow]:
    """Return all lessons in their order, with how far a learner has come in each."""
    with store.reading() as session:
        return [LessonRow(*values) for values in session.execute(_rows(learner_id))]


def _rows(learner_id: str) -> Select[Any]:
    best = (
        select(models.Attempt.item_id, func.max(models.Attempt.overall).label("overall"))
        .where(models.Attempt.learner_id == learner_id, models.Attempt.item_id.is_not(None))
        .group_by(models.Attempt.item_id)
        .subquery()
    )
    return (
        select(
            *(getattr(models.Lesson, name) for name in _COLUMNS),
            func.count(models.Item.id),
            func.count(best.c.item_id),
            func.avg(best.c.overall),
        )
        .join(models.Item, models.Item.lesson_id == models.Lesson.id, isouter=True)
        .join(best, best.c.item_id == models.Item.id, isouter=True)
        .group_by(models.Lesson.id)
        .order_by(*_order())
    )


def _order() -> tuple[Any, ...]:
    return models.Lesson.position, models.Lesson.created, models.Lesson.id


def lesson(store: Store, lesson_id: str) -> KeptLesson:
    """Return a lesson with its texts.

    Raises
    ------
    LibraryError
        If there is no such lesson.
    """
    with store.reading() as session:
        row = _found(session, lesson_id)
        named = {name: getattr(row, name) for name in _COLUMNS}
        return KeptLesson(**named, items=tuple(map(_item, row.items)))


def _found(session: Session, lesson_id: str) -> models.Lesson:
    row = session.get(models.Lesson, lesson_id, options=[selectinload(models.Lesson.items)])
    if row is None:
        raise LibraryError("This lesson is not in the library any more. Choose another one.")
    return row


def _item(row: models.Item) -> KeptItem:
    said = {word: tuple(each) for word, each in row.pronunciations.items()}
    return KeptItem(row.id, row.position, row.text, tuple(row.focus), row.note, said, row.recording)


# --- packs --------------------------------------------------------------------------------------


def import_pack(store: Store, path: Path) -> str:
    """Add the lesson of a pack, wherever that comes from.

    Parameters
    ----------
    store : Store
        The library.
    path : Path
        A folder or a .zip file.

    Returns
    -------
    str
        Id of the lesson. A pack that is imported twice is there twice.

    Raises
    ------
    LessonError
        If the pack is not in order; `LessonError.problems` says all that is wrong. Nothing of it is kept.
    LibraryError
        If it cannot be kept.
    """
    pack = read_pack(path)
    with keeping(store) as keep:
        digests = {name: keep(open_recording(name, data)) for name, data in pack.audio.items()}
        with store.writing() as session:
            row = new_row(session, "imported")
            put(session, row, pack.lesson, digests)
            return row.id


def export_lesson(store: Store, lesson_id: str, path: Path) -> None:
    """Write a lesson as a pack that others can import.

    Parameters
    ----------
    store : Store
        The library.
    lesson_id : str
        Which.
    path : Path
        The .zip file; replaced if it is there.

    Raises
    ------
    LibraryError
        If there is no such lesson, or a recording of it is missing.
    LessonError
        If the file cannot be written.
    """
    kept = lesson(store, lesson_id)
    audio = {}
    for digest in filter(None, (item.recording for item in kept.items)):
        try:
            audio[recording_name(digest)] = store.audio.path(digest).read_bytes()
        except OSError as problem:
            raise LibraryError(
                f"A recording of the lesson cannot be read ({problem.strerror or problem}). Take it out, or "
                "record it again."
            ) from problem
    write_pack(kept.to_lesson(), audio, path)


# --- changes ------------------------------------------------------------------------------------


def save_lesson(
    store: Store,
    lesson_id: str | None,
    content: Lesson,
    *,
    item_ids: Sequence[str | None] | None = None,
    audio: Mapping[str, Recording] | None = None,
) -> str:
    """Keep a lesson of one's own, or what was changed in it.

    Parameters
    ----------
    store : Store
        The library.
    lesson_id : str or None
        Which is changed; None adds one.
    content : Lesson
        What it is to hold. An item's recording is a name in `audio`, or the one of `KeptItem.to_item`.
    item_ids : sequence of str or None, optional
        For each item the id of the kept one that was changed to it, or None for a new one; attempts stay
        linked to it. If left out, it is the one with the same text.
    audio : mapping of str to Recording, optional
        New recordings by their names with slashes.

    Returns
    -------
    str
        Id of the lesson.

    Raises
    ------
    LessonError
        If something in it is not in order; `LessonError.problems` says all that is wrong.
    LibraryError
        If there is no such lesson, it is one that Elocute ships, or it cannot be kept.
    """
    check_lesson(content)
    with keeping(store) as keep:
        digests = {name: _kept(store, name, audio or {}, keep) for name in recordings(content)}
        with store.writing() as session:
            row = _own(session, lesson_id) if lesson_id else new_row(session, "own")
            gone = put(session, row, content, digests, item_ids)
            saved = row.id
    _remove(store, gone)
    return saved


def _kept(store: Store, name: str, audio: Mapping[str, Recording], keep: Any) -> str:
    """Return the digest of a recording that is new or known."""
    if name in audio:
        check_length(name, audio[name])
        return str(keep(audio[name]))
    digest = recording_digest(name)
    with contextlib.suppress(ValueError):
        if store.audio.path(digest).is_file():
            return digest
    raise LessonError(f'The recording "{name}" is not there any more. Record it again, or take it out.')


def _own(session: Session, lesson_id: str) -> models.Lesson:
    row = _found(session, lesson_id)
    if row.origin == ORIGIN:
        raise LibraryError(
            "This lesson comes with Elocute and cannot be changed. Copy it, and change the copy."
        )
    return row


def copy_lesson(store: Store, lesson_id: str) -> str:
    """Make a lesson of one's own that is like another.

    Returns
    -------
    str
        Id of the copy.

    Raises
    ------
    LibraryError
        If there is no such lesson, or nothing can be kept.
    """
    original = lesson(store, lesson_id)
    digests = {recording_name(item.recording): item.recording for item in original.items if item.recording}
    with store.writing() as session:
        row = new_row(session, "own")
        put(session, row, original.to_lesson(), digests)
        row.title = original.title[: _MAX_TITLE - len(_COPY)] + _COPY
        return row.id


def delete_lesson(store: Store, lesson_id: str) -> None:
    """Delete a lesson with its model recordings. What learners have read of it stays.

    Raises
    ------
    LibraryError
        If it is one that Elocute ships, or cannot be deleted. Nothing happens if there is no such lesson.
    """
    with store.writing() as session:
        row = session.get(models.Lesson, lesson_id)
        if row is None:
            return
        if row.origin == ORIGIN and lesson_id in shipped():
            raise LibraryError("This lesson comes with Elocute and cannot be deleted.")
        heard = {item.recording for item in row.items if item.recording}
        session.execute(deletion(models.Lesson).where(models.Lesson.id == lesson_id))
        gone = unused(session, heard)
    _remove(store, gone)


def _remove(store: Store, digests: set[str]) -> None:
    for digest in digests:
        store.audio.remove(digest)


def move_lesson(store: Store, lesson_id: str, position: int) -> None:
    """Put a lesson at another place among all lessons.

    Parameters
    ----------
    store : Store
        The library.
    lesson_id : str
        Which.
    position : int
        Where it is to stand, from 0; beyond the last it becomes the last.

    Raises
    ------
    LibraryError
        If there is no such lesson, or nothing can be kept.
    """
    with store.writing() as session:
        rows = list(session.scalars(select(models.Lesson).order_by(*_order())))
        moved = next((row for row in rows if row.id == lesson_id), None)
        if moved is None:
            raise LibraryError("This lesson is not in the library any more. Choose another one.")
        rows.remove(moved)
        rows.insert(max(position, 0), moved)
        for number, row in enumerate(rows):
            row.position = number
