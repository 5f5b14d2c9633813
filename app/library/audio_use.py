"""Which recordings something in the library still refers to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.library.models import Attempt, Comment, Item

_COLUMNS = (Attempt.recording, Item.recording, Comment.recording)
# SQLite takes no more variables in one statement than some thousands.
_AT_A_TIME = 500


def used(session: Session) -> set[str]:
    """Return the digests of all recordings that something refers to."""
    found: set[str] = set()
    for column in _COLUMNS:
        found |= {digest for digest in session.scalars(select(column).distinct()) if digest}
    return found


def unused(session: Session, digests: set[str]) -> set[str]:
    """Return those of some recordings that nothing refers to."""
    left, wanted = set(digests), sorted(digests)
    for first in range(0, len(wanted), _AT_A_TIME):
        some = wanted[first : first + _AT_A_TIME]
        for column in _COLUMNS:
            left -= {digest for digest in session.scalars(select(column).where(column.in_(some))) if digest}
    return left
