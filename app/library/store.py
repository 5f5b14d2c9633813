"""An open library: a database, and the recordings beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.library.audio_shared import SharedAudioStore
from app.library.audio_store import AudioStore
from app.library.errors import DamagedLibraryError, LibraryError
from app.library.migrations import HEAD, is_known, upgrade

DATABASE = "library.db"
RECORDINGS = "recordings"
NEWER = (
    "This library was written by a newer Elocute: it can be looked at, but nothing new is kept in it. "
    "Install the newest Elocute to go on."
)
# So long a writer waits for another, in seconds.
_PATIENCE_SECONDS = 10.0
_IS_WRITING = "elocute_is_writing"
# On a server each statement would see what others have kept meanwhile.
_READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
# Any number: only one program at a time makes or changes the tables on a server.
_MIGRATION_LOCK = 7_365_837


class Store:
    """A library that is open; may be used by several threads, and handed to another process.

    Made by `open_store`.

    Attributes
    ----------
    folder : Path
        Where everything lies that is not on a server.
    url : str
        Of the database.
    is_read_only : bool
        Whether nothing can be kept, because a newer Elocute wrote the library.
    note : str
        What people should know about the library; empty if all is well.
    audio : AudioStore
        The recordings.
    """

    def __init__(self, engine: Engine, folder: Path, *, is_read_only: bool) -> None:
        self._engine = engine
        is_server = engine.dialect.name != "sqlite"
        self._reader = engine.execution_options(**_READING) if is_server else engine
        self._writer = engine.execution_options(**{_IS_WRITING: True})
        self.folder = folder
        self.url = engine.url.render_as_string(hide_password=True)
        self._name = _name(engine)
        self.is_read_only = is_read_only
        self.note = NEWER if is_read_only else ""
        recordings = folder / RECORDINGS
        self.audio = SharedAudioStore(recordings, engine) if is_server else AudioStore(recordings)

    def __reduce__(self) -> tuple[Callable[..., Store], tuple[Path, str | None, bool]]:
        """Have another process, which is sent this library, open it for itself."""
        url = None if self.database else self._engine.url.render_as_string(hide_password=False)
        return _opened_again, (self.folder, url, self.is_read_only)

    @property
    def database(self) -> Path | None:
        """The file of the database; None if it is on a server."""
        return self.folder / DATABASE if self._engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session in which all is read as of one moment.

        Raises
        ------
        LibraryError
            If the database cannot be read.
        """
        with _told(self._name), Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are all kept when it ends, or none if it ends by an exception.

        Raises
        ------
        LibraryError
            If the library is read-only, another program writes to it for long, or it cannot be written.
        """
        if self.is_read_only:
            raise LibraryError(NEWER)
        with _told(self._name), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()


def open_store(folder: Path, url: str | None = None) -> Store:
    """Open a library, and bring it to the newest form.

    Parameters
    ----------
    folder : Path
        Where recordings lie, and the database if it is a file; made if it is missing.
    url : str, optional
        Of a PostgreSQL database, such as ``postgresql://user@server/elocute``; without it the database is
        the SQLite file ``library.db`` in the folder.

    Returns
    -------
    Store
        Read-only if a newer Elocute wrote it.

    Raises
    ------
    DamagedLibraryError
        If the file is damaged; nothing in it was changed.
    LibraryError
        If it cannot be opened.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise LibraryError(
            f'The library\'s folder "{folder}" cannot be made ({problem.strerror or problem}). Check that '
            "the disk is not full and may be written."
        ) from problem
    if url is None:
        check(folder / DATABASE)
    engine = _engine(folder, url)
    try:
        with _told(_name(engine)):
            return _prepared(engine, folder)
    except BaseException:
        engine.dispose()
        raise


def _opened_again(folder: Path, url: str | None, is_read_only: bool) -> Store:
    """Open a library that another process has open: it is sound, and of the newest form."""
    engine = _engine(folder, url)
    return Store(_read_only(engine) if is_read_only else engine, folder, is_read_only=is_read_only)


def _engine(folder: Path, url: str | None) -> Engine:
    return _sqlite(folder / DATABASE) if url is None else _server(url)


def check(path: Path) -> None:
    """Find out whether the file of a database is sound; one that is not there is.

    Raises
    ------
    DamagedLibraryError
        If it is not.
    LibraryError
        If it cannot be read.
    """
    if not path.exists():
        return
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_SECONDS
        )
        try:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError as problem:
        raise LibraryError(
            f'The library "{path}" cannot be opened ({problem}). Check its permissions, and that no other '
            "program uses it."
        ) from problem
    except sqlite3.DatabaseError as problem:
        found = str(problem)
    if found != "ok":
        raise DamagedLibraryError(
            f'The library "{path}" is damaged ({found}). It is left as it is: restore a backup, or begin a '
            "new library beside it."
        )


def _prepared(engine: Engine, folder: Path) -> Store:
    """Return a store whose tables are of the newest form."""
    with engine.connect() as connection:
        revision = _revision(connection)
    if revision is not None and not is_known(revision):
        return Store(_read_only(engine), folder, is_read_only=True)
    if revision != HEAD:
        _migrate(engine)
    store = Store(engine, folder, is_read_only=False)
    store.audio.clear_unfinished()
    return store


def _revision(connection: Connection) -> str | None:
    """Return the form of the tables; None if there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: Engine) -> None:
    """Bring the tables to the newest form in one transaction: a power cut leaves all as it was."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.execution_options(**{_IS_WRITING: True}).connect() as connection:
        if is_sqlite:
            # A table that is altered is copied and dropped, which must not delete what refers to it.
            # This cannot be said within a transaction.
            _raw(connection).execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            upgrade(connection)
            if is_sqlite and (wrong := connection.execute(text("PRAGMA foreign_key_check")).first()):
                raise LibraryError(f"The library could not be brought to the newest form: {tuple(wrong)}.")
        if is_sqlite:
            _raw(connection).execute("PRAGMA foreign_keys=ON")


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _sqlite(path: Path) -> Engine:
    # Not as text: a folder's name may hold what has a meaning in addresses.
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": _PATIENCE_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    # We begin transactions ourselves: the module would not around changes of tables.
    connection.isolation_level = None
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """Begin; a writer takes the lock at once: two readers that would become writers would be stuck."""
    is_writing = connection.get_execution_options().get(_IS_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _read_only(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
        engine.dispose()
    return engine


def _server(url: str) -> Engine:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise LibraryError(
            f'"{scheme}" is no kind of library. Give the address of a PostgreSQL database, such as '
            "postgresql://user@server/elocute, or none."
        )
    try:
        return create_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True, hide_parameters=True)
    except (SQLAlchemyError, ImportError, ValueError) as problem:
        raise LibraryError(
            f"The library's address cannot be used ({type(problem).__name__}). Give it as "
            "postgresql://user@server/elocute, and install the extra `server-library`."
        ) from problem


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say what the database says in words for people."""
    try:
        yield
    except DBAPIError as problem:
        raise LibraryError(_words(name, problem)) from problem


def _name(engine: Engine) -> str:
    """Return what people know a library by: its file, or its address."""
    address = engine.url.render_as_string(hide_password=True)
    return f'"{engine.url.database}"' if engine.dialect.name == "sqlite" else address


def _words(name: str, problem: DBAPIError) -> str:
    said = str(problem.orig).strip().splitlines()[0] if str(problem.orig).strip() else type(problem).__name__
    if "locked" in said:
        return f"The library {name} is in use by another program. Close that program, then try again."
    if "full" in said:
        return f"The disk with the library {name} is full. Make room, then try again: nothing was lost."
    return f"The library {name} cannot be used ({said}). Check that it can be reached and written."
