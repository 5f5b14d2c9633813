"""Gives reviewed readings back: chosen like a report, but taken in by the learner's own Elocute."""

from __future__ import annotations

from pathlib import Path

from app.library.store import Store
from app.library.teaching.hand_in import give_back, give_back_class
from app.reports.data import Wanted
from app.reports.writing import Written
from assessment.control import Control

FORMAT = "elocute"


def give_back_to(store: Store, wanted: Wanted, path: Path, control: Control) -> Written:
    """Write what was reviewed of a learner into a file, or of a class into a folder with a file for each.

    Raises
    ------
    LibraryError
        If nothing was reviewed, or it cannot be written.
    Cancelled
        If it is stopped.
    """
    if wanted.class_id is not None:
        given = give_back_class(store, wanted.class_id, path, control)
    else:
        given = give_back(store, wanted.learner_id or "", path, control)
    return Written(given.path, given.files, given.attempts)
