"""Marks a file as used by a living process: the system takes the mark away when the process dies."""

from __future__ import annotations

import os
import sys

# Windows keeps others from reading what is locked: so lock a byte that no file is long enough to have.
_FAR = 2**30


def lock(descriptor: int) -> bool:
    """Lock an open file, without waiting; held until the descriptor is closed.

    Parameters
    ----------
    descriptor : int
        Of a file that is open for writing; where it is read or written next does not change.

    Returns
    -------
    bool
        Whether nobody else holds the lock: no other process, and no other descriptor of this one.
    """
    place = os.lseek(descriptor, 0, os.SEEK_CUR)
    try:
        _lock(descriptor)
    except OSError:
        return False
    finally:
        os.lseek(descriptor, place, os.SEEK_SET)
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
