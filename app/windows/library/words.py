"""What is found and done in a library, in words for people."""

from __future__ import annotations

from app.library.archive import Exported, Imported, Manifest
from app.library.health import Health, Room
from app.library.records import LearnerRow
from app.windows.words_of_time import moment

NOBODY = "Learner without a name"
RESTORING = (
    "All learners, lessons, readings and scores will be as they were then. What is here now becomes a backup "
    "itself, so you can come back to it. Recordings that were deleted since then stay deleted."
)
DELETING = (
    "All readings, recordings, scores, marks, comments and goals of this learner will be deleted from this "
    "computer, and from the backups. Nobody can bring them back. Archives that you exported yourself stay "
    "where they are."
)
_STEP = 1_000
# Instead of no name, or of one that nobody wants to type.
_WORD = "delete"
_MOST_TYPED = 40


def size(count: int) -> str:
    """Return a number of bytes as people say it.

    Examples
    --------
    >>> size(1_234_567)
    '1.2 MB'
    """
    if count < _STEP:
        return f"{count} bytes"
    amount, unit = count / _STEP, "kB"
    for larger in ("MB", "GB", "TB"):
        if amount < _STEP - 0.5:
            break
        amount, unit = amount / _STEP, larger
    return f"{amount:.0f} {unit}" if amount >= 10 else f"{amount:.1f} {unit}"


def where(found: Room) -> str:
    """Say where a library is."""
    if found.server:
        return "The database is on a server, the recordings are on this computer."
    return "Everything stays on this computer."


def room(found: Room) -> str:
    """Say how much room a library takes."""
    parts = [f"Recordings: {found.recordings:,}, {size(found.recording_bytes)}"]
    if not found.server:
        parts.insert(0, f"Database: {size(found.database_bytes)}")
        parts.append(f"Backups: {len(found.backups):,}, {size(found.backup_bytes)}")
    return "  ·  ".join(parts)


def healthy(found: Health) -> str:
    """Say what a check has found."""
    if not found.missing and not found.damaged:
        return (
            f"The library is sound, and so {'is' if found.recordings == 1 else 'are'} {_recordings(found)}."
        )
    parts = ["The database is sound."]
    if found.missing:
        parts.append(
            f"{_many(found.missing, 'recording')} cannot be found: these readings have only their scores."
        )
    if found.damaged:
        parts.append(
            f"{_many(found.damaged, 'recording')} cannot be played as recorded. An archive that you exported "
            "before may still have what is lost: import it."
        )
    return " ".join(parts)


def _recordings(found: Health) -> str:
    return "its recording" if found.recordings == 1 else f"its {found.recordings:,} recordings"


def exported(written: Exported) -> str:
    """Say what was written into an archive."""
    left_out = (
        f" {_many(written.missing, 'recording')} could not be read and {_was(written.missing)} left out."
        if written.missing
        else ""
    )
    return (
        f"{_many(written.learners, 'learner')}, {_many(written.attempts, 'reading')} and "
        f"{_many(written.recordings, 'recording')} are in {written.path.name}.{left_out}"
    )


def imported(found: Imported) -> str:
    """Say what came in from an archive."""
    if not (found.learners or found.attempts or found.lessons or found.recordings):
        return " ".join(("Nothing is new: everything in this archive was here already.", *found.notes))
    new = (
        f"New: {_many(found.learners, 'learner')}, {_many(found.attempts, 'reading')}, "
        f"{_many(found.lessons, 'lesson')}, {_many(found.recordings, 'recording')}."
    )
    return " ".join((new, *found.notes))


def of_archive(name: str, found: Manifest) -> str:
    """Say what an archive says about itself, and what happens with it."""
    counts = found.counts
    when = f", written {moment(found.created)}" if found.created else ""
    return (
        f"{name}{when}, says that it holds {_many(counts.get('learners', 0), 'learner')}, "
        f"{_many(counts.get('attempts', 0), 'reading')} and {_many(counts.get('lessons', 0), 'lesson')}. "
        "They are added to this library; what is here already stays as it is."
    )


def of_learner(learner: LearnerRow) -> str:
    """Name a learner so that nobody is mistaken for another."""
    return f"{learner.name or NOBODY} ({_many(learner.attempts, 'reading')})"


def to_type(learner: LearnerRow) -> str:
    """Return what must be typed before a learner is deleted."""
    return learner.name if 0 < len(learner.name) <= _MOST_TYPED else _WORD


def deleted(learner: LearnerRow, note: str) -> str:
    """Say that a learner was deleted."""
    return note or f"{learner.name or NOBODY} was deleted with everything, in the backups too."


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
