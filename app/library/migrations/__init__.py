"""The forms that the tables have had, and the way from each to the next."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

# The newest form.
HEAD = "0002"
VERSIONS = Path(__file__).parent / "versions"


def is_known(revision: str) -> bool:
    """Return whether this Elocute knows a form of the tables."""
    return any(path.stem.startswith(f"{revision}_") for path in VERSIONS.glob("*.py"))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a form, within the transaction of the connection.

    Parameters
    ----------
    connection : Connection
        To the database; on SQLite without the enforcement of foreign keys.
    revision : str
        The form; the newest if none is given.
    """
    # Imported here: it takes a quarter of a second, and is hardly ever needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(VERSIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
