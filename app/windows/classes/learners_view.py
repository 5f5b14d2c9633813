"""The learners of a class: the table, what is done with those chosen, and how long voices are kept."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.library.progress_words import counted
from app.library.teaching.overview import LearnerNumbers
from app.windows.classes.learners_table import LearnersTable
from app.windows.classes.section import Section, Shown
from app.windows.flow import SPACE, FlowLayout, IconButton, label
from app.windows.progress.choice import Choice
from app.windows.tokens import Tokens

# By how many days recordings are kept, how that is said; None for always.
KEEPING: dict[int | None, str] = {None: "always", 365: "for 365 days", 90: "for 90 days", 30: "for 30 days"}
_WHY = "Voices are personal: keep them no longer than you need. Scores and marks stay."


class LearnersView(Section):
    """Shows learners; its buttons are for others to connect.

    Attributes
    ----------
    table : LearnersTable
        Who is in the class.
    recordings, compare, report, take_out, add : IconButton
        What can be done.
    add_new, add_known : QAction
        In the menu of `add`.
    keeping : Choice
        How long recordings of this class are kept.

    Signals
    -------
    keeping_asked(object)
        Recordings are to be kept so many days; None for always.
    """

    keeping_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = LearnersTable()
        self._count = label("", quiet=True, wraps=False)
        self.recordings = IconButton("list", "Recordings", "See the recordings of this learner (Enter)")
        self.compare = IconButton("compare", "Compare", "See two learners beside each other (C)")
        self.report = IconButton("text", "Report …", "Write a report of this learner")
        self.take_out = IconButton(
            "take-out", "Take out", "Take these learners out of the class; their recordings stay (Delete)"
        )
        self.add = IconButton("add-person", "Add learner", "Put a learner into this class")
        menu = QMenu(self)
        self.add_new = menu.addAction("New learner …")
        self.add_known = menu.addAction("From the library …")
        self.add.setMenu(menu)
        self.keeping = Choice("How long recordings of this class are kept")
        self._build()
        self.table.asked.connect(self.asked)
        self.table.choice_changed.connect(self._show_choice)
        self.keeping.activated.connect(lambda _index: self.keeping_asked.emit(self.keeping.currentData()))

    def _build(self) -> None:
        row = FlowLayout(space=SPACE // 2)
        self._count.setMinimumHeight(self.report.sizeHint().height())
        for button in self.buttons:
            if button is not self.add:
                # The keys are for the table: a button that was clicked must not take them.
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addWidget(self._count)
        for days, words in KEEPING.items():
            self.keeping.addItem(words, days)
        keep = QHBoxLayout()
        keep.setSpacing(SPACE)
        keep.addWidget(label("Keep recordings of this class:", wraps=False))
        keep.addWidget(self.keeping)
        keep.addWidget(label(_WHY, quiet=True), 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addLayout(row)
        page.addWidget(self.table, 1)
        page.addLayout(keep)

    @property
    def buttons(self) -> tuple[IconButton, ...]:
        """All buttons, in their order."""
        return self.recordings, self.compare, self.report, self.take_out, self.add

    @property
    def home(self) -> QWidget:
        """Where the keys go."""
        return self.table

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.table.set_tokens(tokens)
        for button in self.buttons:
            button.set_tokens(tokens)

    # --- what is shown ----------------------------------------------------------------------

    def show_class(self, shown: Shown) -> None:
        """Show the learners of a class; those that are chosen stay so."""
        self.table.show_rows(shown.overview.learners, {each.learner.id for each in self.table.chosen})

    def show_keeping(self, days: int | None) -> None:
        """Show how long recordings are kept."""
        blocker = QSignalBlocker(self.keeping)
        if self.keeping.findData(days) < 0:
            self.keeping.addItem(f"for {counted(days or 0, 'day')}", days)
        self.keeping.setCurrentIndex(self.keeping.findData(days))
        blocker.unblock()

    @property
    def chosen(self) -> list[LearnerNumbers]:
        """The learners that are chosen, from the top."""
        return self.table.chosen

    def _show_choice(self) -> None:
        chosen = self.chosen
        self._count.setText(f"{len(chosen)} chosen" if len(chosen) > 1 else "")
        self.recordings.setEnabled(len(chosen) == 1)
        self.report.setEnabled(len(chosen) == 1)
        self.compare.setEnabled(len(chosen) == 2)
        self.take_out.setEnabled(bool(chosen))
