"""The table of a class's learners: who handed in, what is to be reviewed, how it goes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from app.library.progress import ASPECTS
from app.library.teaching.overview import LearnerNumbers
from app.windows.classes import words
from app.windows.classes.sheet import Column, Sheet
from app.windows.classes.sheet_table import SheetTable
from app.windows.flow import SPACE

KEYS = (
    "Enter shows the recordings behind a number, Space in the column of consents sets the consent, "
    "C compares two learners, Delete takes out of the class, O sorts."
)
_NAME = 0
# In pixels: names are not squeezed below this.
_LEAST_NAME = SPACE * 20


def to_review(numbers: LearnerNumbers) -> int:
    """Return how many readings of a learner nobody has reviewed."""
    return numbers.attempts - numbers.reviewed


def columns() -> list[Column[LearnerNumbers]]:
    """Return what is told of each learner."""
    return [
        Column(
            "Name",
            "The learner’s name",
            text=lambda row: words.name_of(row.learner),
            key=lambda row: row.learner.name.casefold() or None,
            spoken=lambda row: words.name_of(row.learner),
        ),
        Column(
            "Number",
            "By which your school knows the learner",
            text=lambda row: row.learner.number,
            key=lambda row: _natural(row.learner.number),
            widest="S000000",
        ),
        _count("Readings", "How many readings there are", lambda row: row.attempts, {}),
        _count(
            "Handed in", "How many of them were handed in", lambda row: row.handed_in, {"handed_in": True}
        ),
        _count("To review", "How many nobody has reviewed yet", to_review, {"unreviewed": True}),
        _count("Flagged", "How many have a flag", lambda row: row.flagged, {"flagged": True}),
        _score("overall"),
        Column(
            "Change",
            "By how many points newer readings are better than older ones",
            text=lambda row: words.change_text(row.change),
            key=lambda row: row.change,
            spoken=lambda row: words.change_words(row.change),
            is_number=True,
        ),
        Column(
            "Last",
            "When the newest reading began",
            text=words.last_text,
            key=lambda row: row.last,
            spoken=words.last_words,
            widest="Wed 30 Sep",
        ),
        Column(
            "Consent",
            "Whether recordings may be shared",
            text=lambda _row: "",
            key=lambda row: not row.learner.may_be_shared,
            spoken=lambda row: words.consent_words(row.learner),
            ticked=lambda row: row.learner.may_be_shared,
        ),
        # What is looked at less often stands where a small window has no room.
        *map(_score, ASPECTS[1:]),
    ]


def _count(
    title: str, meaning: str, number: Callable[[LearnerNumbers], int], asks: dict[str, bool]
) -> Column[LearnerNumbers]:
    return Column(
        title,
        meaning,
        text=lambda row: f"{number(row):,}",
        key=number,
        spoken=lambda row: f"{title}: {number(row):,}. {'Click to see them.' if number(row) else ''}".strip(),
        is_number=True,
        asks=asks,
    )


def _score(aspect: str) -> Column[LearnerNumbers]:
    return Column(
        aspect.capitalize(),
        f"Mean {aspect} score",
        text=lambda row: words.score_text(row.scores.of(aspect)),
        key=lambda row: row.scores.of(aspect),
        spoken=lambda row: words.score_words(aspect, row.scores.of(aspect)),
        is_number=True,
    )


def _natural(number: str) -> tuple[int, str] | None:
    """Return by what a learner's number sorts: 9 before 10, and none last."""
    return (len(number), number) if number else None


class LearnersTable(SheetTable[LearnerNumbers]):
    """Shows learners; several can be chosen.

    Signals
    -------
    consent_asked(object)
        The consent of a `LearnerNumbers` is to be changed.
    compare_asked(), take_out_asked()
        What is to be done with those that are chosen.
    """

    consent_asked = Signal(object)
    compare_asked = Signal()
    take_out_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        sheet = Sheet(columns(), lambda row: {"learner_id": row.learner.id})
        super().__init__(sheet, "Learners", _NAME, parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleDescription(KEYS)
        self.horizontalHeader().setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Interactive)
        sheet.tick_asked.connect(self.consent_asked)

    def key_of(self, row: LearnerNumbers) -> object:
        """Return by what a learner is known again."""
        return row.learner.id

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give names the room that is left; where there is too little, the table scrolls sideways."""
        super().resizeEvent(event)
        self.setColumnWidth(_NAME, max(_LEAST_NAME, event.size().width() - self._others))

    @property
    def _others(self) -> int:
        """How wide all columns but that of the names are."""
        return sum(self.columnWidth(column) for column in range(len(self.sheet.columns)) if column != _NAME)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do by one key what is most often done."""
        actions = {
            Qt.Key.Key_C: self.compare_asked.emit,
            Qt.Key.Key_Delete: self.take_out_asked.emit,
            Qt.Key.Key_Backspace: self.take_out_asked.emit,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            action()
