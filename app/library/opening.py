"""Opens the library as the program needs it: somebody to practise, and what earlier versions have left."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import soundfile

from app.library import attempts, catalogue, learners
from app.library.records import LearnerRow, Purpose
from app.library.store import Store, open_store
from app.settings import Settings
from assessment.audio import Recording
from assessment.errors import ElocuteError
from assessment.results import Assessment

# So the first version named its recordings; the assessment lay beside each as JSON.
_STAMP = "%Y-%m-%dT%H-%M-%S-%f"


@dataclass(frozen=True)
class Opened:
    """A library with somebody who practises.

    Attributes
    ----------
    store : Store
        The library.
    learner : LearnerRow
        Who practises.
    """

    store: Store
    learner: LearnerRow

    @property
    def learner_id(self) -> str:
        """Who practises."""
        return self.learner.id


def open_library(folder: Path, settings: Settings) -> Opened:
    """Open the library that the settings name; see `open_store`.

    Parameters
    ----------
    folder : Path
        Where the program keeps its data.
    settings : Settings
        Which database, and who practised last: added if there is nobody.

    Raises
    ------
    LibraryError
        If it cannot be opened.
    """
    store = open_store(folder, settings.library.url or None)
    try:
        learner = _learner(store, settings)
        if not store.is_read_only:
            catalogue.add_shipped(store)
            adopt(store, learner.id)
    except BaseException:
        store.close()
        raise
    return Opened(store, learner)


def _learner(store: Store, settings: Settings) -> LearnerRow:
    known = learners.all_learners(store)
    same = [each for each in known if each.id == settings.learner.id]
    named = [each for each in known if each.name == settings.learner.name]
    if same or named or known:
        return (same or named or known)[0]
    return learners.add(store, settings.learner.name)


def adopt(store: Store, learner_id: str) -> int:
    """Take readings that the first version kept as files into the library; those that are whole.

    Parameters
    ----------
    store : Store
        The library: the files lie in its folder of recordings.
    learner_id : str
        Whose they become.

    Returns
    -------
    int
        How many were taken. The files are deleted; what cannot be read stays.
    """
    taken = 0
    for path in sorted(store.audio.folder.glob("*.flac")):
        with contextlib.suppress(ElocuteError, OSError, ValueError, soundfile.LibsndfileError):
            _adopt(store, learner_id, path)
            taken += 1
    return taken


def _adopt(store: Store, learner_id: str, path: Path) -> None:
    started = datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC)
    written = path.with_suffix(".json")
    assessment = Assessment.from_json(written.read_text(encoding="utf-8"))
    attempts.add(store, Purpose(learner_id), Recording.open(path), assessment, started)
    path.unlink()
    written.unlink()
