"""The error that reports tell people about."""

from __future__ import annotations

from assessment.errors import ElocuteError


class ReportError(ElocuteError):
    """A report cannot be made, or cannot be written where it is wanted."""
