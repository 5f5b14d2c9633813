"""The errors that Elocute reports to people: each names the input, the problem and what to do."""

from __future__ import annotations


class ElocuteError(Exception):
    """Base of every error whose text is fit to be shown to a user as it stands."""


class RecordingError(ElocuteError):
    """A recording cannot be opened, decoded or assessed."""


class TextError(ElocuteError):
    """A reference text holds nothing that can be read aloud, or too much of it."""


class LexiconError(ElocuteError):
    """A user lexicon file cannot be read."""


class ModelError(ElocuteError):
    """A model folder is missing, damaged or of another version."""


class AlignmentError(ElocuteError):
    """A recording cannot be aligned with a text: the text does not fit into it."""


class CorpusError(ElocuteError):
    """A speech corpus is not laid out as expected."""


class ExchangeError(ElocuteError):
    """A file in one of the exchange formats cannot be read."""


class Cancelled(ElocuteError):
    """Work was stopped by whoever had asked for it."""
