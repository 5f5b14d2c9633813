"""What can go wrong with a library, in words for people."""

from __future__ import annotations

from assessment.errors import ElocuteError


class LibraryError(ElocuteError):
    """Something cannot be kept in the library, or not be found in it."""


class DamagedLibraryError(LibraryError):
    """The library's file is damaged: a backup is to be restored, or a new library begun."""
