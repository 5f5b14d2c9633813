"""What all sections of the page of classes have in common."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.library.teaching.overview import ClassOverview
from app.library.teaching.records import Adjustment
from app.windows.tokens import Tokens


@dataclass(frozen=True, eq=False)
class Shown:
    """What is shown of a class.

    Attributes
    ----------
    overview : ClassOverview
        What its readings add up to, adjusted already but for the ranges of the histogram.
    adjustment : Adjustment or None
        By which it is adjusted.
    alphabet : {"ipa", "arpabet"}
        In which sounds are written.
    """

    overview: ClassOverview
    adjustment: Adjustment | None = None
    alphabet: str = "ipa"


class Section(QWidget):
    """Shows something of a class.

    Signals
    -------
    asked(object)
        Recordings are to be shown: fields of a `Queue`.
    """

    asked = Signal(object)

    @property
    def home(self) -> QWidget:
        """Where the keys go."""
        raise NotImplementedError

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        raise NotImplementedError

    def show_class(self, shown: Shown) -> None:
        """Show what is known of a class now."""
        raise NotImplementedError
