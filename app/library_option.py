"""The option ``--library`` of the commands that read or fill a library."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.library.opening import open_library
from app.library.store import Store, open_store
from app.settings import SettingsFile, data_folder, settings_path


def add_library(parser: argparse.ArgumentParser) -> None:
    """Add the option that says which library is meant."""
    parser.add_argument(
        "--library",
        metavar="FOLDER|URL",
        help="folder of the library, or address of a PostgreSQL database; default: that of the window",
    )


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Store]:
    """Give the library that the options name.

    Raises
    ------
    LibraryError
        If it cannot be opened.
    """
    store = _open(options.library)
    try:
        yield store
    finally:
        store.close()


def _open(library: str | None) -> Store:
    if library is None:
        return open_library(data_folder(), SettingsFile(settings_path()).load()[0]).store
    if "://" in library:
        return open_store(data_folder(), library)
    return open_store(Path(library))
