"""Where data files are found: those that the program ships, and those inside other packages."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from assessment.errors import ElocuteError

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a file or folder that the program ships.

    Parameters
    ----------
    *parts : str
        The names from the resource folder downwards, such as ``"lexicon", "en-US"``.

    Returns
    -------
    Path
        In the installed package where it carries the resources, else in the source checkout.

    Raises
    ------
    ElocuteError
        There is nothing of that name: the installation is incomplete.
    """
    installed = _PACKAGE / "_resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    path = root.joinpath(*parts)
    if not path.exists():
        raise ElocuteError(
            f'The file "{path}" that belongs to Elocute is missing. Install Elocute again to bring it back.'
        )
    return path


def package_file(package: str, *parts: str) -> Path:
    """Return the path of a data file of an installed package, without running the package's code.

    Parameters
    ----------
    package : str
        Its import name.
    *parts : str
        The names from the package's folder downwards.

    Raises
    ------
    ElocuteError
        The package or the file is not installed.
    """
    found = importlib.util.find_spec(package)
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder, *parts)
        if path.is_file():
            return path
    raise ElocuteError(
        f'The file "{"/".join(parts)}" of the package {package.replace("_", "-")} is missing. '
        "Install Elocute again to bring it back."
    )
