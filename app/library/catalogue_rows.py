"""Puts lessons into the tables of a library, so that attempts stay linked to their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.library import models
from app.library.audio_use import unused
from app.library.errors import LibraryError
from app.library.lessons import Item, Lesson
from app.library.store import Store
from assessment.audio import Recording


@contextmanager
def keeping(store: Store) -> Iterator[Callable[[Recording], str]]:
    """Give a function that keeps recordings in the audio store; they are gone again if something fails."""
    added: set[str] = set()

    def keep(recording: Recording) -> str:
        digest = store.audio.add(recording)
        added.add(digest)
        return digest

    try:
        yield keep
    except BaseException:
        with suppress(LibraryError):  # what went wrong first is what is told
            with store.reading() as session:
                gone = unused(session, added)
            for digest in gone:
                store.audio.remove(digest)
        raise


def put(
    session: Session,
    row: models.Lesson,
    lesson: Lesson,
    digests: Mapping[str, str],
    item_ids: Sequence[str | None] | None = None,
) -> set[str]:
    """Write a lesson into its row and those of its items.

    Parameters
    ----------
    session : Session
        For writing.
    row : models.Lesson
        New or old.
    lesson : Lesson
        What it is to hold.
    digests : mapping of str to str
        By the names of recordings in the lesson their digests in the audio store.
    item_ids : sequence of str or None, optional
        For each item the id of the old one that it goes on from, or None. If left out, it is the one with
        the same text. Attempts stay linked to these.

    Returns
    -------
    set of str
        Digests of recordings that nothing refers to any more.
    """
    old = {item.id: item for item in row.items}
    heard = {item.recording for item in row.items if item.recording}
    ids = _same_text(row.items, lesson.items) if item_ids is None else item_ids
    row.title, row.language, row.level = lesson.title, lesson.language, lesson.level
    row.licence, row.description = lesson.licence, lesson.description
    row.items = [old.pop(each) if each in old else models.Item() for each in ids]
    for position, (kept, item) in enumerate(zip(row.items, lesson.items, strict=True)):
        kept.position = position
        _fill(kept, item, digests)
    session.add(row)
    session.flush()
    return unused(session, heard)


def _same_text(old: Sequence[models.Item], new: Sequence[Item]) -> list[str | None]:
    waiting: dict[str, list[str]] = defaultdict(list)
    for each in reversed(old):
        waiting[each.text].append(each.id)
    return [waiting[item.text].pop() if waiting[item.text] else None for item in new]


def _fill(kept: models.Item, item: Item, digests: Mapping[str, str]) -> None:
    kept.text, kept.note = item.text, item.note
    kept.focus = list(item.focus)
    kept.pronunciations = {word: list(said) for word, said in item.pronunciations.items()}
    kept.recording = None if item.recording is None else digests[item.recording.as_posix()]


def new_row(session: Session, origin: str, lesson_id: str | None = None) -> models.Lesson:
    """Return a row for a lesson that comes after all others."""
    last = session.scalar(select(func.max(models.Lesson.position)))
    row = models.Lesson(origin=origin, position=0 if last is None else last + 1, digest="", items=[])
    row.id = lesson_id or models.new_id()
    return row
