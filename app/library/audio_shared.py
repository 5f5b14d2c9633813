"""Recordings of a library on a server: everybody who uses it hears them, wherever they were made."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.library.audio_store import AudioStore
from app.library.errors import LibraryError
from app.library.models import SharedRecording, now


class SharedAudioStore(AudioStore):
    """The recordings in a table of a PostgreSQL database; the folder holds what was needed here.

    As with files, recordings are kept and deleted at once, apart from the transaction of the rows that refer
    to them: see `app.library.attempts.add`.

    Parameters
    ----------
    folder : Path
        Of this computer's copies.
    engine : Engine
        Of the database.
    """

    def __init__(self, folder: Path, engine: Engine) -> None:
        super().__init__(folder)
        self._engine = engine

    def add_file(self, data: bytes) -> str:
        """Keep the bytes of a FLAC file; see `AudioStore.add`."""
        digest = super().add_file(data)
        self._give(digest, data)
        return digest

    def path(self, digest: str) -> Path:
        """Return where the copy of a recording lies, which is fetched if it is not here yet.

        Raises
        ------
        ValueError
            If that is no digest.
        LibraryError
            If the copy cannot be fetched or written.
        """
        place = self._place(digest)
        if not place.is_file():
            with self._session() as session:
                data = session.scalar(select(SharedRecording.data).where(SharedRecording.digest == digest))
            if data is not None:
                super().add_file(data)
        return place

    def remove(self, digest: str) -> bool:
        """Delete a recording for everybody; copies on other computers go when these next tidy up."""
        with self._session() as session:
            found = session.execute(delete(SharedRecording).where(SharedRecording.digest == digest))
        was_here = super().remove(digest)
        return was_here or bool(found.rowcount)  # type: ignore[attr-defined]

    def digests(self) -> set[str]:
        """Return the digests of all recordings that are there, for everybody or on this computer."""
        with self._session() as session:
            return super().digests() | set(session.scalars(select(SharedRecording.digest)))

    def older_than(self, seconds: float) -> set[str]:
        """Return the digests of the recordings that were kept longer ago."""
        latest = now() - timedelta(seconds=seconds)
        wanted = select(SharedRecording.digest).where(SharedRecording.created < latest)
        with self._session() as session:
            return super().older_than(seconds) | set(session.scalars(wanted))

    def share(self, digests: Collection[str]) -> None:
        """Give others those recordings that only this computer has: a library of before kept them here."""
        with self._session() as session:
            known = set(session.scalars(select(SharedRecording.digest)))
        for digest in (super().digests() & set(digests)) - known:
            self._give(digest, self._place(digest).read_bytes())

    def _give(self, digest: str, data: bytes) -> None:
        row = {"digest": digest, "data": data, "created": now()}
        with self._session() as session:
            session.execute(insert(SharedRecording).values(row).on_conflict_do_nothing())

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except DBAPIError as problem:
            raise LibraryError(
                f"The recordings on the server cannot be reached ({type(problem.orig).__name__}). Check the "
                "network, then try again."
            ) from problem
