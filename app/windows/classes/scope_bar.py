"""What of a class is looked at: which time, which lesson, only what was handed in, and by whose measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QVBoxLayout, QWidget

from app.library.teaching.records import Adjustment
from app.windows.classes.scope import SPANS, Scope, since
from app.windows.flow import SPACE, FlowLayout, offer
from app.windows.progress.choice import Choice

ANY_LESSON = "Any lesson"
_CHARACTERS = 14
MARKED = "As the teacher marks"


@dataclass(frozen=True)
class Wish:
    """What was chosen; days are counted back from when the library is asked."""

    days: int | None = None
    lesson_id: str | None = None
    handed_in: bool = False

    def scope(self, class_id: str, now: datetime) -> Scope:
        """Return it for a class, at a moment whose zone says when days begin."""
        return Scope(class_id, since(self.days, now), None, self.lesson_id, self.handed_in)

    @property
    def is_active(self) -> bool:
        """Whether some readings are left out."""
        return self != Wish()


class ScopeBar(QWidget):
    """Lets people say which readings count.

    Attributes
    ----------
    time, lesson : Choice
        When it was read, and where.
    handed_in : QCheckBox
        Ticked if only what was handed in counts.
    as_marked : QCheckBox
        Shown if the teacher's strictness is known; ticked if scores are shown by it.
    clear_button : QPushButton
        Shown while some readings are left out.

    Signals
    -------
    changed()
        Other readings count.
    measure_changed()
        Scores are to be shown by another measure.
    """

    changed = Signal()
    measure_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.time, self.lesson = Choice("When it was read"), Choice("Lesson")
        self.handed_in = QCheckBox("Only handed in")
        self.as_marked = QCheckBox(MARKED)
        self.clear_button = QPushButton("Clear filters")
        self._build()
        for box in (self.time, self.lesson):
            box.currentIndexChanged.connect(lambda _index: self._tell())
        self.handed_in.toggled.connect(lambda _on: self._tell())
        self.as_marked.toggled.connect(lambda _on: self.measure_changed.emit())
        self.clear_button.clicked.connect(self.clear)

    def _build(self) -> None:
        self.time.addItems(list(SPANS))
        self.lesson.addItem(ANY_LESSON, None)
        self.lesson.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.lesson.setMinimumContentsLength(_CHARACTERS)
        self.as_marked.setChecked(True)
        self.as_marked.hide()
        self.clear_button.setProperty("flat", True)
        self.clear_button.setAutoDefault(False)
        self.clear_button.hide()
        flow = FlowLayout(space=SPACE * 2)
        parts = (self.time, self.lesson, self.handed_in, self.as_marked, self.clear_button)
        for part in parts:
            # All as high as the highest, so that they stand on one line.
            part.setMinimumHeight(SPACE * 4)
            flow.addWidget(part)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addLayout(flow)

    @property
    def wish(self) -> Wish:
        """What was chosen."""
        return Wish(SPANS[self.time.currentText()], self.lesson.currentData(), self.handed_in.isChecked())

    def clear(self) -> None:
        """Let all readings count."""
        parts = (self.time, self.lesson, self.handed_in)
        blockers = [QSignalBlocker(part) for part in parts]
        self.time.setCurrentIndex(0)
        self.lesson.setCurrentIndex(0)
        self.handed_in.setChecked(False)
        for blocker in blockers:
            blocker.unblock()
        self._tell()

    def set_lessons(self, lessons: Sequence[tuple[str, str]]) -> None:
        """Offer lessons by their ids and titles; the one that is chosen stays so, if it is still there."""
        if not offer(self.lesson, lessons):
            self._tell()

    def set_adjustment(self, adjustment: Adjustment | None) -> None:
        """Offer the teacher's strictness, if it is known."""
        self.as_marked.setVisible(adjustment is not None)
        if adjustment is not None:
            self.as_marked.setToolTip(
                f"Overall and accuracy are shown as {adjustment.slope:.2f} × the program’s score "
                f"{'+' if adjustment.intercept >= 0 else '−'} {abs(adjustment.intercept):.0f}, "
                "as your marks of words suggest."
            )

    def measure(self, adjustment: Adjustment | None) -> Adjustment | None:
        """Return by what scores are to be shown, of what is known of a class."""
        return adjustment if self.as_marked.isChecked() else None

    def _tell(self) -> None:
        self.clear_button.setVisible(self.wish.is_active)
        self.changed.emit()
