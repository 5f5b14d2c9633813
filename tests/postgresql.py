"""A real PostgreSQL server for tests: its own files, reached by a socket of the file system only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

USER = "elocute"
# Where systems keep the programs of the server, if not on the path.
_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
# Tests may forget everything when the power fails: a server that never waits for the disk is faster.
_SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "shared_buffers=16MB")
_SECONDS = 60


@dataclass
class Server:
    """A running server.

    Attributes
    ----------
    folder : Path
        Its files, and its socket.
    """

    folder: Path

    def make(self) -> None:
        """Make its files, and start it."""
        looks = ("--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C")
        _call("initdb", *looks, f"--username={USER}", f"--pgdata={self.folder}/data")
        self.start()

    def emptied(self) -> str:
        """Empty the database, whoever still uses it; return its URL."""
        import psycopg  # not everywhere

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url

    @property
    def url(self) -> str:
        """The URL of the database."""
        return f"postgresql://{USER}@/postgres?host={self.folder}"

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let the server be gone, as if its power had failed, while the context lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [*_SETTINGS, f"unix_socket_directories={self.folder}"]
        options = " ".join(f"-c {setting}" for setting in settings)
        self._control("start", f"--log={self.folder}/log", f"--options={options}")

    def stop(self) -> None:
        """Stop it at once."""
        self._control("stop", "--mode=immediate")

    def _control(self, what: str, *arguments: str) -> None:
        _call("pg_ctl", what, "--wait", f"--timeout={_SECONDS}", f"--pgdata={self.folder}/data", *arguments)


def why_not() -> str:
    """Say why there can be no server here; nothing if there can."""
    if sys.platform == "win32":
        return "needs a socket of the file system, which PostgreSQL's programs do not use on Windows"
    if _program("initdb") is None or _program("pg_ctl") is None:
        return "needs the PostgreSQL server (Debian: postgresql)"
    return "" if find_spec("psycopg") else "needs the Python package psycopg"


@contextmanager
def server() -> Iterator[Server]:
    """Run a server while the context lasts."""
    # The path of a socket may have only about 100 characters, fewer than pytest's folders have.
    folder = Path(tempfile.mkdtemp(prefix="elocute-postgresql-"))
    try:
        if user := _other_user():
            os.chown(folder, *user)
        made = Server(folder)
        made.make()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str | None:
    if found := shutil.which(name):
        return found
    folders = [folder for place in _PLACES for folder in sorted(Path("/").glob(place[1:]), reverse=True)]
    return shutil.which(name, path=os.pathsep.join(map(str, folders)))


def _other_user() -> tuple[int, int] | None:
    """Return the user and the group that the server runs as if we are root, whom it refuses."""
    import pwd

    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return entry.pw_uid, entry.pw_gid


def _call(name: str, *arguments: str) -> None:
    """Run a program of the server to its end."""
    program, (user, group) = _program(name), _other_user() or (None, None)
    assert program is not None, f"{name} is missing"
    # A file, not a pipe: the server that is started would hold the pipe open.
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(
            [program, *arguments],
            stdout=told,
            stderr=told,
            cwd="/",
            timeout=2 * _SECONDS,
            check=False,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
        )
        told.seek(0)
        assert done.returncode == 0, told.read().decode(errors="replace")
