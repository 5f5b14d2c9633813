"""Keeps readings as long as the settings say: the recording as FLAC, the assessment as JSON beside it."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import soundfile

from assessment.audio import SAMPLE_RATE, Recording
from assessment.errors import ElocuteError
from assessment.results import Assessment

KEPT_DAYS = {"always": None, "30-days": 30, "never": 0}
_STAMP = "%Y-%m-%dT%H-%M-%S-%f"


class KeepError(ElocuteError):
    """A reading cannot be kept."""


def keep(folder: Path, recording: Recording, assessment: Assessment, when: datetime) -> Path:
    """Keep a reading.

    Parameters
    ----------
    folder : Path
        Where readings are kept; made if it is missing.
    recording : Recording
        What was said.
    assessment : Assessment
        How it was read.
    when : datetime
        The start of the recording, with its time zone: gives the files their name.

    Returns
    -------
    Path
        Of the recording; the assessment lies beside it as ``.json``.

    Raises
    ------
    KeepError
        If the files cannot be written; what was written is removed.
    """
    path = folder / f"{when.astimezone(UTC).strftime(_STAMP)}.flac"
    unfinished = path.with_suffix(".flac.unfinished")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        soundfile.write(unfinished, recording.samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
        path.with_suffix(".json").write_text(assessment.to_json(), encoding="utf-8")
        os.replace(unfinished, path)
    except (OSError, soundfile.LibsndfileError) as problem:
        for rest in (unfinished, path.with_suffix(".json")):
            with contextlib.suppress(OSError):
                rest.unlink(missing_ok=True)
        raise KeepError(
            f"The recording cannot be kept in {folder}: {problem}. Make room on the disk, then read again."
        ) from None
    return path


def remove_old(folder: Path, keeping: str, now: datetime) -> int:
    """Delete the readings that are older than they may become.

    Parameters
    ----------
    folder : Path
        Where readings are kept.
    keeping : {"always", "30-days", "never"}
        As in the settings.
    now : datetime
        The time, with its zone.

    Returns
    -------
    int
        How many recordings were deleted.
    """
    days = KEPT_DAYS[keeping]
    if days is None or not folder.is_dir():
        return 0
    oldest = now - timedelta(days=days)
    removed = 0
    for path in folder.glob("*.flac"):
        with contextlib.suppress(ValueError, OSError):
            if datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC) < oldest:
                path.unlink()
                path.with_suffix(".json").unlink(missing_ok=True)
                removed += 1
    return removed
