"""The dialog by which a teacher has a folder of recordings assessed."""

from __future__ import annotations

import csv
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QPushButton, QWidget

from app.library.progress_words import counted
from app.library.store import Store
from app.library.teaching.collecting import Collected, Failure, Progress, collect
from app.library.teaching.manifests import Manifest, read_manifest
from app.library.teaching.review import Queue
from app.windows.collecting.class_choice import ClassChoice
from app.windows.collecting.preview_table import PreviewTable
from app.windows.collecting.work_dialog import WorkDialog, shown_problems
from app.windows.flow import SPACE, FlowLayout, label
from app.windows.services import LEXICON, Services
from assessment.control import Control
from assessment.exchange.csv import cell

_TOLD = (
    "Choose a table (CSV) with the columns learner, audio and text, or a folder in which each recording has "
    "a text file of the same name. Recordings that were assessed before are not assessed again."
)
_KIND = "Tables (*.csv *.tsv *.txt)"
_NO_CLASS = "In no class"
_WORKERS = "More are faster, and leave less of the computer for other programs."
_SHOWN = 100
_LINES = ("Line", "Learner", "Recording", "Text")
_FAILURES = ("Line", "Learner", "Recording", "Problem")
_WAIT_SECONDS = 0.1
# What was stopped is over only a moment later: what goes on with it must not assess a recording again.
_one_at_a_time = threading.Lock()


class CollectDialog(WorkDialog):
    """Assesses the recordings of a manifest.

    Parameters
    ----------
    services : Services
        Where the library is.
    class_id : str or None
        The class that learners are put into at first.

    Attributes
    ----------
    choose_table, choose_folder : QPushButton
        What is to be assessed.
    workers : QComboBox
        How many recordings are assessed at a time.
    start, again, save, review : QPushButton
        Assess; try the failed ones again, save the list of them; lead to what was assessed.
    table : PreviewTable
        The first recordings, and then those that failed.

    Signals
    -------
    review_asked(object)
        What was assessed is to be reviewed, a `Queue`.
    """

    review_asked = Signal(object)

    def __init__(self, services: Services, class_id: str | None, parent: QWidget | None = None) -> None:
        super().__init__(services, "Assess a folder of recordings", _TOLD, parent)
        self._manifest: Manifest | None = None
        self._failed: tuple[Failure, ...] = ()
        self.choice, self.workers = ClassChoice(services, _NO_CLASS, class_id), _workers()
        self.choose_table, self.choose_folder = (
            QPushButton("Choose a table …"),
            QPushButton("Choose a folder …"),
        )
        self.told, self.problems, self.table = label(""), label("", quiet=True), PreviewTable()
        self._build()
        self.again = self.add_button("Try the failed ones again", lambda: self.begin(retry=True))
        self.save = self.add_button("Save this list …", self.ask_where)
        self.review = self.add_button("Review them now", self._review)
        self.start = self.add_button("Assess", self.begin)
        for button in (self.again, self.save, self.review):
            button.hide()
        self.start.setEnabled(False)
        self.lead(self.choose_table)
        self.resize(760, 600)

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow("Put the learners into", self.choice)
        form.addRow("Recordings at a time", self.workers)
        row = FlowLayout()
        for button, ask in ((self.choose_table, self.ask_table), (self.choose_folder, self.ask_folder)):
            button.clicked.connect(ask)
            row.addWidget(button)
        self.content.addLayout(form)
        self.content.addLayout(row)
        self.content.addSpacing(SPACE)
        for part in (self.told, self.problems):
            self.content.addWidget(part)
            part.hide()
        self.content.addWidget(self.table, 1)
        self.content.addStretch(0)

    # --- what is assessed -------------------------------------------------------------------

    def ask_table(self) -> None:
        """Ask for a table."""
        chosen, _ = QFileDialog.getOpenFileName(self, "Table of recordings", "", _KIND)
        if chosen:
            self.show_source(Path(chosen))

    def ask_folder(self) -> None:
        """Ask for a folder."""
        chosen = QFileDialog.getExistingDirectory(self, "Folder of recordings", "")
        if chosen:
            self.show_source(Path(chosen))

    def show_source(self, path: Path) -> None:
        """Look at a table or a folder, and show what is in it."""
        self._manifest = None
        self.start.show()
        self.lead(self.choose_table)
        for part in (self.told, self.problems, self.table, self.again, self.save, self.review):
            part.hide()
        self.look(lambda _store, _control: read_manifest(path), self._show_manifest)

    def _show_manifest(self, manifest: Manifest) -> None:
        self._manifest = manifest
        count = len(manifest.lines)
        learners = len({(line.learner, line.learner_number) for line in manifest.lines})
        first = f" The first {_SHOWN}:" if count > _SHOWN else ""
        self._tell(
            f"{manifest.path.name}: {counted(count, 'recording')} of {counted(learners, 'learner')}.{first}"
        )
        self._tell_problems(manifest.problems)
        rows = [
            (str(line.number), line.learner or line.learner_number, line.audio.name, line.text)
            for line in manifest.lines[:_SHOWN]
        ]
        self.table.show_rows("Recordings", _LINES, rows)
        self.set_busy(False)
        self.lead(self.start)

    def _tell(self, message: str) -> None:
        self.told.setText(message)
        self.told.show()

    def _tell_problems(self, problems: tuple[str, ...]) -> None:
        self.problems.setText(shown_problems(problems))
        self.problems.setVisible(bool(problems))

    # --- assessing --------------------------------------------------------------------------

    def begin(self, *, retry: bool = False) -> None:
        """Assess what was not yet."""
        manifest, class_id, workers = self._manifest, self.choice.class_id, self.workers.currentData()
        if manifest is None:
            return
        lexicon, bridge = self.services.data / LEXICON, self.services.bridge

        def heard(progress: Progress) -> None:
            bridge.deliver(lambda: self._tell_progress(progress))

        def work(store: Store, control: Control) -> Collected:
            with _alone(control):
                return collect(
                    store,
                    manifest,
                    control,
                    class_id=class_id,
                    workers=workers,
                    retry=retry,
                    lexicon=lexicon if lexicon.is_file() else None,
                    heard=heard,
                )

        self._tell("The engine is being loaded. The first recordings take a little longer.")
        self.do("Assessing …", work, self._done)

    def _tell_progress(self, progress: Progress) -> None:
        if not self.work.is_busy:
            return
        seconds = progress.seconds_left or 0.0
        left = f", about {_time(seconds)} left" if seconds >= 1.0 else ""
        failed = f", {progress.failed} failed" if progress.failed else ""
        self._tell(f"{progress.done} of {progress.total}{failed}{left}: {progress.audio}")

    def _done(self, found: Collected) -> None:
        self._failed = found.failed
        self.library_changed.emit()
        self._tell(_told(found))
        self._tell_problems(found.notes)
        rows = [
            (str(each.line), each.learner, Path(each.audio).name, each.problem)
            for each in found.failed[:_SHOWN]
        ]
        self.table.show_rows("Recordings that failed", _FAILURES, rows)
        for button in (self.again, self.save):
            button.setVisible(bool(rows))
        has_readings = bool(found.new or found.known - found.deleted)
        self.review.setVisible(has_readings)
        self.start.hide()
        self.lead(self.review if has_readings else self.close_button)

    def fail(self, message: str) -> None:
        """Tell what went wrong; what was finished before it is kept."""
        super().fail(message)
        if self._manifest is None:
            self.told.hide()
        else:
            self._tell("What was finished is kept: “Assess” goes on with the rest.")
            self.library_changed.emit()

    def stopped(self, message: str) -> None:
        """Tell that what was finished is kept."""
        self.library_changed.emit()
        self._tell("What was finished is kept: “Assess” goes on with the rest.")
        self.banner.tell("Stopped.")

    def set_busy(self, is_busy: bool) -> None:
        """Let nothing else be begun meanwhile."""
        for part in (self.choose_table, self.choose_folder, self.choice, self.workers):
            part.setEnabled(not is_busy)
        for button in (self.again, self.save, self.review):
            button.setEnabled(not is_busy)
        self.start.setEnabled(not is_busy and self._manifest is not None)

    # --- after it ---------------------------------------------------------------------------

    def ask_where(self) -> None:
        """Ask where the list of failures is to be saved."""
        chosen, _ = QFileDialog.getSaveFileName(self, "Save this list", "failed.csv", "Tables (*.csv)")
        if chosen:
            self.save_failures(Path(chosen))

    def save_failures(self, path: Path) -> None:
        """Write the list of failures as CSV."""
        try:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(("line", "audio", "learner", "problem"))
                writer.writerows([cell(value) for value in astuple(each)] for each in self._failed)
        except OSError as problem:
            told = f'"{path}" cannot be written ({problem.strerror or problem}). Choose another place.'
            self.banner.tell(told, trouble=True)
        else:
            self.banner.tell(f"Saved as “{path.name}”.")

    def _review(self) -> None:
        self.review_asked.emit(Queue(class_id=self.choice.class_id, unreviewed=True, handed_in=True))
        self.reject()


@contextmanager
def _alone(control: Control) -> Iterator[None]:
    """Let one piece of work begin only after another has ended; it can be stopped while it waits."""
    while not _one_at_a_time.acquire(timeout=_WAIT_SECONDS):
        control.check()
    try:
        yield
    finally:
        _one_at_a_time.release()


def _workers() -> QComboBox:
    """Return a box of how many recordings are assessed at a time: best as many as there are processors."""
    box, most = QComboBox(), os.cpu_count() or 1
    for number in range(1, most + 1):
        box.addItem(str(number), number)
    box.setCurrentIndex(max(0, most - 2))  # one is left for the window
    box.setAccessibleName("Recordings at a time")
    box.setToolTip(_WORKERS)
    return box


def _told(found: Collected) -> str:
    told = f"{counted(found.new, 'recording')} assessed in {_time(found.seconds)}"
    if found.known:
        told += f", {found.known} known before"
    if found.deleted:
        told += f" ({found.deleted} of them deleted since: they stay so)"
    more = f" The first {_SHOWN}:" if len(found.failed) > _SHOWN else ""
    return f"{told}. Failed: {len(found.failed) or 'none'}.{more}"


def _time(seconds: float) -> str:
    if seconds < 90.0:
        return counted(round(seconds), "second")
    minutes = round(seconds / 60.0)
    return counted(minutes, "minute") if minutes < 90 else f"{minutes / 60.0:.1f} hours"
