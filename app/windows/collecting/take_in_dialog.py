"""The dialog by which a teacher takes in what learners have handed in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFormLayout, QFrame, QPushButton, QVBoxLayout, QWidget

from app.library.archive import SUFFIX
from app.library.progress_words import counted
from app.library.store import Store
from app.library.teaching.hand_in import Taken, take_in
from app.library.teaching.joining import Join, join, possible_joins
from app.library.teaching.review import Queue
from app.windows.collecting.class_choice import ClassChoice
from app.windows.collecting.joins_view import JoinsView
from app.windows.collecting.work_dialog import WorkDialog, breakable, shown_problems
from app.windows.flow import SPACE, FlowLayout, label
from app.windows.services import Services
from assessment.control import Control

_TOLD = "Learners hand in from their history: each gives you a file. What is here already stays as it is."
_DROP = f"Drop files ({SUFFIX}) or folders here, or choose them."
_KIND = f"Elocute hand-ins (*{SUFFIX})"
_NO_CLASS = "In no class"


class TakeInDialog(WorkDialog):
    """Takes hand-ins in.

    Parameters
    ----------
    services : Services
        Library, and the shared folder of the settings.
    class_id : str or None
        The class that learners are put into at first.

    Attributes
    ----------
    files, folder, shared : QPushButton
        Where from; without a shared folder the last is not to be seen.
    review : QPushButton
        Leads to what came in.
    joins : JoinsView
        Asks who is on the roster, too.

    Signals
    -------
    review_asked(object)
        What came in is to be reviewed, a `Queue`.
    """

    review_asked = Signal(object)

    def __init__(self, services: Services, class_id: str | None, parent: QWidget | None = None) -> None:
        super().__init__(services, "Take in hand-ins", _TOLD, parent)
        self.setAcceptDrops(True)
        self._taken: Taken | None = None
        self.choice = ClassChoice(services, _NO_CLASS, class_id)
        self.files, self.folder = QPushButton("Choose files …"), QPushButton("Choose a folder …")
        self.told, self.problems = label("", heading=True), label("")
        self.joins = JoinsView()
        self.joins.asked.connect(self.join)
        self._build()
        self.shared = self.add_button("Look in the shared folder", self.look_there)
        self.review = self.add_button("Review them now", self._review)
        shared = services.settings.teaching.folder
        self.shared.setVisible(bool(shared))
        self.review.hide()
        self.lead(self.shared if shared else self.files)
        self.resize(620, 560)

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow("Put the learners into", self.choice)
        self.content.addLayout(form)
        self.content.addWidget(self._place())
        self.content.addSpacing(SPACE)
        for part in (self.told, self.problems, self.joins):
            self.content.addWidget(part)
        for part in (self.told, self.problems):
            part.hide()
        self.content.addStretch(1)

    def _place(self) -> QFrame:
        """Return where files can be dropped."""
        place = QFrame()
        place.setObjectName("detail")
        inside = QVBoxLayout(place)
        inside.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        inside.setSpacing(SPACE)
        inside.addWidget(label(_DROP))
        if shared := self.services.settings.teaching.folder:
            inside.addWidget(label(f"The shared folder: {breakable(Path(shared))}", quiet=True))
        row = FlowLayout()
        for button, ask in ((self.files, self.ask_files), (self.folder, self.ask_folder)):
            button.clicked.connect(ask)
            row.addWidget(button)
        inside.addLayout(row)
        return place

    # --- what is taken in -------------------------------------------------------------------

    def ask_files(self) -> None:
        """Ask for files."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "Take in hand-ins", "", _KIND)
        if chosen:
            self.take([Path(each) for each in chosen])

    def ask_folder(self) -> None:
        """Ask for a folder."""
        chosen = QFileDialog.getExistingDirectory(self, "Take in hand-ins", "")
        if chosen:
            self.take([Path(chosen)])

    def look_there(self) -> None:
        """Take in what is in the shared folder."""
        folder = Path(self.services.settings.teaching.folder)
        if folder.is_dir():
            self.take([folder])
        else:
            self.fail(
                f'The shared folder "{breakable(folder)}" cannot be found. Connect it, or choose files.'
            )

    def take(self, paths: Sequence[Path]) -> None:
        """Take in files and folders."""
        class_id = self.choice.class_id

        def work(store: Store, control: Control) -> tuple[Taken, list[Join]]:
            taken = take_in(store, paths, control, class_id)
            return taken, self._possible(store, taken)

        self.do("Taking in …", work, self._done)

    def _possible(self, store: Store, taken: Taken) -> list[Join]:
        """Return who may be who; the teacher's own readings are not to go to a learner."""
        found = possible_joins(store, taken.learner_ids)
        return [each for each in found if each.listed.id != self.services.learner_id]

    def _done(self, found: tuple[Taken, list[Join]]) -> None:
        self._taken, joins = found
        self.library_changed.emit()
        self.told.setText(_told(self._taken))
        self.told.show()
        self.problems.setText(shown_problems(self._taken.problems))
        self.problems.setVisible(bool(self._taken.problems))
        self.review.setVisible(bool(self._taken.attempt_ids))
        self.lead(self.review if self._taken.attempt_ids else self.close_button)
        self.joins.show_joins(joins)

    def join(self, pairs: Sequence[Join]) -> None:
        """Make one learner of each of these pairs."""
        taken = self._taken
        if taken is None:
            return

        def work(store: Store, control: Control) -> list[Join]:
            for each in control.watched(pairs):
                join(store, each.listed.id, each.incoming.id)
            return self._possible(store, taken)

        def done(left: list[Join]) -> None:
            self.library_changed.emit()
            self.joins.show_joins(left)

        self.do("Joining …", work, done)

    def _review(self) -> None:
        self.review_asked.emit(Queue(class_id=self.choice.class_id, unreviewed=True, handed_in=True))
        self.reject()

    def set_busy(self, is_busy: bool) -> None:
        """Let nothing else be begun meanwhile."""
        for part in (self.files, self.folder, self.shared, self.review, self.choice, self.joins):
            part.setEnabled(not is_busy)

    def stopped(self, message: str) -> None:
        """Tell that what was finished stays."""
        self.library_changed.emit()
        self.banner.tell("Stopped. The files that were finished are in.")

    # --- dropping ---------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() and not self.work.is_busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in files that were dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.take(paths)
        event.acceptProposedAction()


def _told(taken: Taken) -> str:
    files, readings = counted(taken.files, "file"), counted(taken.attempts, "new reading")
    if not taken.files:
        return "Nothing came in."
    if not taken.attempts:
        return f"{files} looked through: nothing new."
    return f"{files} taken in: {readings}, {counted(taken.learners, 'new learner')}."
