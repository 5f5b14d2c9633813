"""What is hard for a class: lists of words and of sounds, with the recordings in which they went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from app.library.progress_words import counted, phone_words
from app.library.teaching.overview import HardPhone, HardWord
from app.windows.classes.sheet import Column, Fields, Sheet
from app.windows.classes.sheet_table import SheetTable

KEYS = "Enter shows the recordings in which it went wrong, O sorts."


@dataclass(frozen=True)
class Hard:
    """A word or a sound in the list.

    Attributes
    ----------
    shown : str
        As it is written.
    fields : mapping
        By which fields of a `Queue` the recordings are asked in which it went wrong.
    numbers : HardWord or HardPhone
        How often it was said, and how.
    """

    shown: str
    fields: Fields
    numbers: HardWord | HardPhone

    @property
    def words(self) -> str:
        """What is known of it."""
        numbers = self.numbers
        learners = counted(numbers.learners, "learner")
        return (
            f"{self.shown}: {numbers.wrong} of {numbers.said} wrong, by {learners}; "
            f"mean {numbers.mean:.0f}. Click to hear where."
        )


def hard_words(words: Iterable[HardWord]) -> list[Hard]:
    """Return the rows of words."""
    return [Hard(each.word, {"word": each.word}, each) for each in words]


def hard_phones(phones: Iterable[HardPhone], alphabet: str) -> list[Hard]:
    """Return the rows of sounds, written in an alphabet: "ipa" or "arpabet"."""
    return [Hard(phone_words(each.phone, alphabet), {"phone": each.phone}, each) for each in phones]


class HardList(SheetTable[Hard]):
    """Shows what is hard, the hardest first; a click leads to the recordings.

    Parameters
    ----------
    what : str
        What is listed: "Word" or "Sound".
    """

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        sheet = Sheet(_columns(what), lambda row: row.fields)
        super().__init__(sheet, f"Hard {what.lower()}s", 0, parent)
        self.setAccessibleDescription(KEYS)

    def key_of(self, row: Hard) -> object:
        """Return by what a row is known again."""
        return row.shown

    def _opens(self, index: QModelIndex) -> bool:
        return index.isValid()


def _columns(what: str) -> list[Column[Hard]]:
    said = attrgetter("words")
    return [
        Column(what, f"The {what.lower()}", lambda row: row.shown, lambda row: row.shown, said),
        Column(
            "Wrong",
            "How often it was left out or not clear",
            lambda row: f"{row.numbers.wrong} of {row.numbers.said}",
            lambda row: row.numbers.wrong / row.numbers.said,
            said,
            widest="888 of 8888",
            is_number=True,
            asks={},
        ),
        Column(
            "Learners",
            "How many learners had it wrong",
            lambda row: str(row.numbers.learners),
            lambda row: row.numbers.learners,
            said,
            is_number=True,
        ),
        Column(
            "Mean",
            "Mean score where it was said",
            lambda row: f"{row.numbers.mean:.0f}",
            lambda row: row.numbers.mean,
            said,
            is_number=True,
        ),
    ]
