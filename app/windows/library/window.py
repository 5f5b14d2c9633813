"""The library as a whole: where it is, its backups, taking it elsewhere, and deleting somebody for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.library import archive, backups, health, privacy
from app.library.archive import Exported, Imported, Manifest
from app.library.backups import Backup
from app.library.health import Health, Room
from app.library.models import now
from app.library.records import LearnerRow
from app.library.store import Store
from app.tasks import Task
from app.windows.banner import Banner
from app.windows.library.page import LibraryPage
from app.windows.library.question import Question
from app.windows.library.words import (
    DELETING,
    RESTORING,
    deleted,
    exported,
    healthy,
    imported,
    of_archive,
    of_learner,
    to_type,
)
from app.windows.library.work import WorkRow
from app.windows.services import Services
from app.windows.theme import tokens_for
from app.windows.words_of_time import moment
from assessment.control import Control

Result = TypeVar("Result")

_FILTER = f"Elocute archives (*{archive.SUFFIX})"


class LibraryWindow(QDialog):
    """Shows and does what concerns the whole library; works without one, too, to restore a backup.

    Parameters
    ----------
    services : Services
        Keeps the library.

    Signals
    -------
    library_changed()
        Other things are in the library than before.
    """

    library_changed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Library and backups")
        self.resize(680, 720)
        self.setMinimumSize(520, 400)
        # Nobody reads while the library is exchanged.
        self.setModal(True)
        self._services = services
        self.page = LibraryPage()
        self.banner, self.table = Banner(), self.page.table
        self.work = WorkRow(services.tasks)
        self._refreshing: Task | None = None
        # Told once the library is open again.
        self._news = ""
        self._build()
        self._connect()
        self._apply_theme()
        self.refresh()

    def _build(self) -> None:
        scroll = QScrollArea()
        scroll.setWidget(self.page)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addWidget(self.banner)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.work)
        whole.addWidget(close)

    def _connect(self) -> None:
        page, services = self.page, self._services
        for button, do in (
            (page.check, self.check),
            (page.show_folder, self.show_folder),
            (page.back_up, self.back_up),
            (page.restore, self.ask_to_restore),
            (page.export, self.ask_for_export),
            (page.take_in, self.ask_for_import),
            (page.delete, self.ask_to_delete),
        ):
            _on_click(button, do)
        self.work.busy.connect(lambda _busy: self._enable())
        self.work.stopped.connect(self.banner.tell)
        self.table.itemSelectionChanged.connect(self._enable)
        services.library_opened.connect(self._reopened)
        services.library_failed.connect(self._failed)
        services.settings_changed.connect(self._apply_theme)

    def _apply_theme(self) -> None:
        self.banner.set_tokens(tokens_for(self._services.settings.appearance.theme))

    # --- showing ----------------------------------------------------------------------------

    @property
    def _store(self) -> Store | None:
        return self._services.store

    def refresh(self) -> None:
        """Show the library as it is now."""
        folder, store = self._services.data, self._store
        if self._refreshing is not None:
            self._refreshing.cancel()
        self._refreshing = self._services.tasks.run(
            lambda _control: health.measure(folder, store), self._show_room, self._failed
        )

    def _show_room(self, found: Room) -> None:
        self.page.show_room(found, self._services.learner_id)
        self._enable()

    def _enable(self) -> None:
        """Let only that be pressed which can be done now."""
        self.page.enable(self._store, is_free=not self.work.is_busy)

    def _failed(self, message: str) -> None:
        self.banner.tell(message, trouble=True)
        self._enable()

    def _changed(self, message: str) -> None:
        self.banner.tell(message)
        self.refresh()
        self.library_changed.emit()

    def _ask(self, question: Question, do: Callable[[], None]) -> Question:
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.accepted.connect(do)
        question.open()
        return question

    def done(self, result: int) -> None:
        """Stop what can be stopped; wait for what cannot."""
        if self.work.is_busy and not self.work.can_stop:
            self.banner.tell("This takes a moment. The window can be closed when it is done.")
            return
        self.work.cancel()
        if self._refreshing is not None:
            self._refreshing.cancel()
        super().done(result)

    # --- where it is ------------------------------------------------------------------------

    def check(self) -> None:
        """Look for damage."""

        def done(found: Health) -> None:
            self.banner.tell(healthy(found), trouble=bool(found.damaged))

        self.work.do("Checking the library …", self._with_store(health.examine), done, self._failed)

    def show_folder(self) -> None:
        """Open the folder in the file manager of the desktop."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._services.data)))

    def _with_store(self, work: Callable[[Store, Control], Result]) -> Callable[[Control], Result]:
        """Return work that gets the library as it is when it begins."""
        return lambda control: work(self._services.wait_for_library().store, control)

    # --- backups ----------------------------------------------------------------------------

    def back_up(self) -> None:
        """Make a backup."""

        def work(store: Store, control: Control) -> Path | None:
            return backups.back_up(store, now(), force=True, control=control)

        self.work.do(
            "Making a backup …",
            self._with_store(work),
            lambda _path: self._told("The backup is made."),
            self._failed,
        )

    def _told(self, message: str) -> None:
        self.banner.tell(message)
        self.refresh()

    def ask_to_restore(self) -> Question | None:
        """Ask whether to go back to the backup that is chosen."""
        chosen = self.table.chosen
        if chosen is None:
            return None
        question = Question(
            f"Go back to {moment(chosen.when)}?",
            RESTORING,
            "Restore",
            self,
        )
        return self._ask(question, lambda: self.restore(chosen))

    def restore(self, backup: Backup) -> None:
        """Go back to a backup; the library is closed and opened again."""
        folder = self._services.data
        self._services.close_library()
        self.work.do(
            "Restoring …",
            lambda _control: backups.restore(folder, backup.path, now()),
            lambda _aside: self._reopen(f"The library is as it was {moment(backup.when)}."),
            self._not_restored,
            can_stop=False,
        )

    def _not_restored(self, message: str) -> None:
        self._failed(message)
        self._services.open_library()

    def _reopen(self, message: str) -> None:
        self._news = message
        self._services.open_library()

    def _reopened(self) -> None:
        news, self._news = self._news, ""
        if news:
            self._changed(news)
        else:
            self.refresh()

    # --- archives ---------------------------------------------------------------------------

    def ask_for_export(self) -> None:
        """Ask where to write an archive."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = Path(folder) / f"Elocute {now().astimezone():%Y-%m-%d}{archive.SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self, "Export everything", str(proposed), _FILTER)
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write everything into an archive."""
        target = path if path.suffix else path.with_suffix(archive.SUFFIX)

        def work(store: Store, control: Control) -> Exported:
            return archive.export_all(store, target, control)

        self.work.do(
            "Exporting …",
            self._with_store(work),
            lambda written: self.banner.tell(exported(written), trouble=bool(written.missing)),
            self._failed,
        )

    def ask_for_import(self) -> None:
        """Ask which archive to take in."""
        name, _ = QFileDialog.getOpenFileName(self, "Import an archive", "", f"{_FILTER};;All files (*)")
        if name:
            self.ask_about(Path(name))

    def ask_about(self, path: Path) -> None:
        """Tell what is in an archive, and ask whether to take it in."""

        def ask(found: Manifest) -> None:
            question = Question("Import this archive?", of_archive(path.name, found), "Import", self)
            self._ask(question, lambda: self.import_from(path))

        self.work.do("Looking …", lambda _control: archive.look(path), ask, self._failed, can_stop=False)

    def import_from(self, path: Path) -> None:
        """Take in an archive."""

        def work(store: Store, control: Control) -> Imported:
            return archive.import_archive(store, path, control)

        self.work.do(
            "Importing …", self._with_store(work), lambda found: self._changed(imported(found)), self._failed
        )

    # --- deleting ---------------------------------------------------------------------------

    def ask_to_delete(self) -> Question | None:
        """Ask whether to delete the learner who is chosen."""
        learner = self.page.chosen_learner
        if learner is None:
            return None
        question = Question(
            f"Delete {of_learner(learner)}?",
            DELETING,
            "Delete for good",
            self,
            typed=to_type(learner),
        )
        return self._ask(question, lambda: self.delete(learner))

    def delete(self, learner: LearnerRow) -> None:
        """Delete a learner with everything."""

        def work(store: Store, _control: Control) -> str:
            # What fails leaves the learner in the list, so that it can be tried again.
            privacy.purge_backups(store.folder, learner.id)
            return privacy.delete_learner(store, learner.id)

        def done(note: str) -> None:
            if learner.id == self._services.learner_id:
                self._choose_another(deleted(learner, note))
            else:
                self._changed(deleted(learner, note))

        self.work.do("Deleting …", self._with_store(work), done, self._failed, can_stop=False)

    def _choose_another(self, message: str) -> None:
        """Forget who practised, and open the library again with somebody else."""
        self._services.close_library()
        self._services.change("learner", id="", name="")
        self._reopen(message)


def _on_click(button: QPushButton, do: Callable[[], object]) -> None:
    button.clicked.connect(lambda: do())
