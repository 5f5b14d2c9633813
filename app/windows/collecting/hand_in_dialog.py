"""The dialog by which a learner hands readings in to a teacher."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from app.library import attempts
from app.library.archive import SUFFIX
from app.library.learners import all_learners
from app.library.models import Attempt
from app.library.progress_words import counted
from app.library.records import AttemptRow
from app.library.store import Store
from app.library.teaching.hand_in import HandedIn, file_name, hand_in
from app.windows.collecting.preview_table import PreviewTable
from app.windows.collecting.work_dialog import WorkDialog, breakable, show_in_folder
from app.windows.flow import SPACE, label
from app.windows.services import Services
from app.windows.words_of_time import moment
from assessment.control import Control

_TOLD = (
    "Elocute makes one file with these readings: your voice, the texts, the scores and your name. You give "
    "it to your teacher; Elocute sends nothing by itself."
)
_TOLD_SHARED = (
    "Elocute puts one file into the folder that you share with your teacher: your voice, the texts, the "
    "scores and your name. Who can open this folder can hear you."
)
CONSENT = (
    "I agree that my teacher hears and keeps these recordings.\nFor a child, a parent or guardian must agree."
)
_NOTHING = "There is nothing to hand in. Choose readings in the history."
_KIND = f"Elocute hand-ins (*{SUFFIX})"
_COLUMNS = ("When", "Text")
_SHOWN = 200


@dataclass(frozen=True)
class _Shown:
    """What is to be handed in."""

    learner_id: str
    name: str
    has_consented: bool
    rows: tuple[AttemptRow, ...]


class HandInDialog(WorkDialog):
    """Hands readings in.

    Parameters
    ----------
    services : Services
        Library, learner and the shared folder of the settings.
    attempt_ids : tuple of str
        Which readings, all of one learner.

    Attributes
    ----------
    table : PreviewTable
        The readings.
    consent : QCheckBox
        Without it nothing is handed in.
    to_folder, to_file : QPushButton
        Hand in; without a shared folder the former is not to be seen.
    """

    def __init__(
        self, services: Services, attempt_ids: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        folder = services.settings.teaching.folder
        super().__init__(services, "Hand in", _TOLD_SHARED if folder else _TOLD, parent)
        self._ids = attempt_ids
        self._shown: _Shown | None = None
        self._is_done = False
        self.table, self.consent = PreviewTable(), QCheckBox(CONSENT)
        self.summary, self.where = label(""), label(f"Folder: {breakable(Path(folder))}", quiet=True)
        self._build()
        self.to_file = self.add_button("Save as a file …", self.ask)
        self.to_folder = self.add_button("Hand in", self.hand_in_there)
        for part in (self.to_folder, self.where):
            part.setVisible(bool(folder))
        self.lead(self.to_folder if folder else self.to_file)
        self.resize(600, 500)
        self.set_busy(True)
        QTimer.singleShot(0, self._load)

    def _build(self) -> None:
        self.consent.setAccessibleName(CONSENT.replace("\n", " "))
        self.consent.toggled.connect(lambda _on: self.set_busy(False))
        self.content.addWidget(self.summary)
        self.content.addWidget(self.table, 1)
        self.content.addStretch(0)
        self.content.addWidget(self.where)
        self.content.addSpacing(SPACE)
        self.content.addWidget(self.consent)
        self.content.addSpacing(SPACE)

    # --- what is handed in ------------------------------------------------------------------

    def _load(self) -> None:
        self.look(lambda store, _control: _found(store, self._ids), self._show)

    def _show(self, found: _Shown | None) -> None:
        self._shown = found
        if found is None:
            self.fail(_NOTHING)
        else:
            self.summary.setText(_summary(found))
            self.table.show_rows("What is handed in", _COLUMNS, [*map(_line, found.rows[:_SHOWN])])
            # Who has agreed once need not be asked again, but can say no.
            self.consent.setChecked(found.has_consented)
        self.set_busy(False)
        self.consent.setFocus()

    def set_busy(self, is_busy: bool) -> None:
        """Let readings be handed in only with consent, and once."""
        can = not is_busy and self._shown is not None and not self._is_done
        self.consent.setEnabled(can)
        for button in (self.to_folder, self.to_file):
            button.setEnabled(can and self.consent.isChecked())

    # --- handing in -------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for a file, and hand in as this."""
        if self._shown is None:
            return
        name = file_name(self._shown.name, self._shown.learner_id) + SUFFIX
        chosen, _ = QFileDialog.getSaveFileName(self, "Hand in", str(Path.home() / name), _KIND)
        if chosen:
            path = Path(chosen)
            self.hand_in(path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX))

    def hand_in_there(self) -> None:
        """Hand in into the shared folder."""
        folder = Path(self.services.settings.teaching.folder)
        if folder.is_dir():
            self.hand_in(folder)
        else:
            place = breakable(folder)
            self.fail(f'The shared folder "{place}" cannot be found. Connect it, or save a file instead.')

    def hand_in(self, place: Path) -> None:
        """Hand in as a file, or into a folder."""
        shown, ids = self._shown, self._ids
        if shown is None:
            return

        def work(store: Store, control: Control) -> HandedIn:
            return hand_in(store, shown.learner_id, ids, place, control, consent=True)

        self.do("Handing in …", work, self._done)

    def _done(self, given: HandedIn) -> None:
        self.library_changed.emit()
        self._is_done = True
        self.set_busy(False)
        self.lead(self.close_button)
        missing = f" Without its recording: {counted(given.missing, 'reading')}." if given.missing else ""
        next_step = "" if self._is_shared(given.path) else " Give this file to your teacher."
        self.banner.tell(
            f"Handed in: {counted(given.attempts, 'reading')}, as “{given.path.name}”.{missing}{next_step}",
            action="Show in folder",
            do=lambda: show_in_folder(given.path),
        )

    def _is_shared(self, path: Path) -> bool:
        folder = self.services.settings.teaching.folder
        return bool(folder) and path.parent == Path(folder)


def _found(store: Store, ids: tuple[str, ...]) -> _Shown | None:
    """Return the readings of whose the first is; None if there are none any more."""
    with store.reading() as session:
        wanted = attempts.rows().where(Attempt.id.in_(ids)).order_by(Attempt.started)
        rows = [attempts.row(each) for each in session.execute(wanted)]
    whose = next((each for each in all_learners(store) if rows and each.id == rows[0].learner_id), None)
    if whose is None:
        return None
    own = tuple(row for row in rows if row.learner_id == whose.id)
    return _Shown(whose.id, whose.name, whose.may_be_shared, own)


def _summary(found: _Shown) -> str:
    seconds = sum(row.seconds for row in found.rows)
    length = counted(max(1, round(seconds)), "second")
    if seconds >= 90.0:
        length = counted(round(seconds / 60.0), "minute")
    first = f" The first {_SHOWN}" if len(found.rows) > _SHOWN else ""
    return f"{counted(len(found.rows), 'reading')}, {length} long in all{first and '.'}{first}:"


def _line(row: AttemptRow) -> tuple[str, str]:
    silent = "" if row.recording else " (without a recording)"
    return moment(row.started), " ".join(row.text.split()) + silent
