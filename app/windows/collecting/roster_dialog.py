"""The dialog by which a teacher takes in a list of learners."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFormLayout, QPushButton, QSizePolicy, QWidget

from app.library.progress_words import counted
from app.library.store import Store
from app.library.teaching.rosters import Roster, RosterImported, import_roster, read_roster
from app.windows.collecting.class_choice import ClassChoice
from app.windows.collecting.preview_table import PreviewTable
from app.windows.collecting.work_dialog import WorkDialog, shown_problems
from app.windows.flow import SPACE, label
from app.windows.services import Services
from assessment.control import Control

_TOLD = (
    "A roster is a CSV file with a name in each row, and perhaps number, class and consent: as a spreadsheet "
    "saves it, or as Moodle, Canvas, Google Classroom, Teams or Blackboard export it. Importing it again "
    "adds nobody twice."
)
_KIND = "Rosters (*.csv *.tsv *.txt)"
_OF_FILE = "The classes that the file names"
_COLUMNS = ("Name", "Number", "Consent", "Class")
_CONSENT = {True: "yes", False: "no", None: ""}
_SHOWN = 200
_NAMES_TOLD = 10


class RosterDialog(WorkDialog):
    """Takes a roster in.

    Parameters
    ----------
    services : Services
        Where the library is.
    class_id : str or None
        The class that the learners are put into; None for those that the file names.

    Attributes
    ----------
    class_id : str
        The class that learners came into; "" before.
    choose, start : QPushButton
        Choose a file, and import it.
    table : PreviewTable
        Who is on the roster.
    """

    def __init__(self, services: Services, class_id: str | None, parent: QWidget | None = None) -> None:
        super().__init__(services, "Import a roster", _TOLD, parent)
        self._roster: Roster | None = None
        self.class_id = ""
        self.choice = ClassChoice(services, _OF_FILE, class_id)
        self.told, self.problems = label(""), label("", quiet=True)
        self.table, self.choose = PreviewTable(), QPushButton("Choose a file …")
        self.choose.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.choose.clicked.connect(self.ask)
        form = QFormLayout()
        form.addRow("Put the learners into", self.choice)
        self.content.addLayout(form)
        self.content.addWidget(self.choose)
        self.content.addSpacing(SPACE)
        for part in (self.told, self.problems):
            self.content.addWidget(part)
            part.hide()
        self.content.addWidget(self.table, 1)
        self.content.addStretch(0)
        self.start = self.add_button("Import", self.begin)
        self.start.setEnabled(False)
        self.lead(self.choose)
        self.resize(640, 560)

    # --- who is on it -----------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for a file."""
        chosen, _ = QFileDialog.getOpenFileName(self, "Roster", "", _KIND)
        if chosen:
            self.show_file(Path(chosen))

    def show_file(self, path: Path) -> None:
        """Look at a file, and show what is in it."""
        self._roster = None
        self.lead(self.choose)
        for part in (self.told, self.problems, self.table):
            part.hide()
        self.look(lambda _store, _control: read_roster(path), self._show)

    def _show(self, roster: Roster) -> None:
        self._roster = roster
        kind = "" if roster.kind == "CSV" else f" (from {roster.kind})"
        count = len(roster.lines)
        first = f" The first {_SHOWN}:" if count > _SHOWN else ""
        self.told.setText(f"{roster.path.name}{kind}: {counted(count, 'learner')}.{first}")
        self.told.show()
        self.problems.setText(shown_problems(roster.problems))
        self.problems.setVisible(bool(roster.problems))
        rows = [
            (line.name, line.number, _CONSENT[line.consent], line.class_name)
            for line in roster.lines[:_SHOWN]
        ]
        self.table.show_rows("Learners on the roster", _COLUMNS, rows)
        self.set_busy(False)
        self.lead(self.start)

    # --- importing --------------------------------------------------------------------------

    def begin(self) -> None:
        """Take the learners in."""
        roster, class_id = self._roster, self.choice.class_id
        if roster is None:
            return

        def work(store: Store, _control: Control) -> RosterImported:
            return import_roster(store, roster, class_id)

        self.do("Importing …", work, self._done)

    def _done(self, found: RosterImported) -> None:
        self.class_id = found.class_id
        self.library_changed.emit()
        self.choice.load()
        self.lead(self.close_button)
        self.banner.tell(_told(found))

    def set_busy(self, is_busy: bool) -> None:
        """Let nothing else be begun meanwhile."""
        self.choose.setEnabled(not is_busy)
        self.choice.setEnabled(not is_busy)
        self.start.setEnabled(not is_busy and self._roster is not None)


def _told(found: RosterImported) -> str:
    told = f"New: {counted(found.added, 'learner')}. Known before: {found.known}"
    told += f", of whom {found.moved_in} came into the class." if found.moved_in else "."
    told += f" {'Class' if len(found.classes) == 1 else 'Classes'}: {_names(found.classes)}."
    if found.absent:
        told += f" In the class, but not on the roster: {_names(found.absent)}. They stay."
    return told


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMES_TOLD
    return ", ".join(names[:_NAMES_TOLD]) + (f" and {more} more" if more > 0 else "")
