"""The library as a whole: where it is, its backups, taking it elsewhere, and deleting somebody for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
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
from app.library.errors import LibraryError
from app.library.health import Health, Room
from app.library.models import now
from app.library.records import LearnerRow
from app.library.store import Store
from app.windows.banner import Banner
from app.windows.flow import SPACE, FlowLayout, label
from app.windows.library_backups import BackupsTable
from app.windows.library_question import Question
from app.windows.library_words import deleted, exported, healthy, imported, of_archive, room, size
from app.windows.library_work import WorkRow
from app.windows.services import Services
from app.windows.theme import tokens_for
from app.windows.words_of_time import moment
from assessment.control import Control

_FILTER = f"Elocute archives (*{archive.SUFFIX})"
NOBODY = "Learner without a name"
# What is typed to delete somebody without a name.
_DELETE = "delete"


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
        self._services = services
        self.banner = Banner()
        self.work = WorkRow(services.tasks)
        self.table = BackupsTable()
        self._place = label("")
        self._room = label("", quiet=True)
        self._no_backups = label("", quiet=True)
        self._who = QComboBox()
        self._who.setAccessibleName("Learner to delete")
        self._buttons: list[QPushButton] = []
        self._build()
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.work.busy.connect(lambda _busy: self._enable())
        self.work.stopped.connect(self.banner.tell)
        self.table.itemSelectionChanged.connect(self._enable)
        services.library_opened.connect(self.refresh)
        services.library_failed.connect(self._failed)
        services.settings_changed.connect(self._apply_theme)
        self._apply_theme()
        self.refresh()

    # --- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        self._page = QVBoxLayout()
        self._page.setSpacing(SPACE)
        self._page.addWidget(self.banner)
        self._add_place()
        self._add_backups()
        self._add_archives()
        self._add_deleting()
        self._page.addStretch(1)
        content = QWidget()
        content.setObjectName("page")
        content.setLayout(self._page)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        page = QVBoxLayout(self)
        page.addWidget(scroll, 1)
        page.addWidget(self.work)
        page.addWidget(close)

    def _add_place(self) -> None:
        self._group("Where it is", "Everything stays on this computer.")
        self._page.addWidget(self._place)
        self._page.addWidget(self._room)
        self._check = self._button("Check the library", "Looks for damage; changes nothing", self.check)
        self._show = self._button("Show the folder", "Opens it in the file manager", self.show_folder)
        self._row(self._check, self._show)

    def _add_backups(self) -> None:
        self._group(
            "Backups",
            "Made at each start, and thinned as they grow old. Recordings are not in them: they lie beside.",
        )
        self._page.addWidget(self.table)
        self._page.addWidget(self._no_backups)
        self._back_up = self._button("Back up now", "Makes a backup at once", self.back_up)
        self._restore = self._button("Restore …", "Goes back to the backup that is chosen", self.ask_to_restore)
        self._row(self._back_up, self._restore)

    def _add_archives(self) -> None:
        self._group(
            "Take it with you", "One file with everything, recordings too, for another computer or a safe place."
        )
        self._export = self._button("Export everything …", "Writes one file", self.ask_for_export)
        self._import = self._button(
            "Import an archive …", "Adds what is in a file; what is here stays", self.ask_for_import
        )
        self._row(self._export, self._import)

    def _add_deleting(self) -> None:
        self._group("Delete a learner", "With all readings, recordings, marks and goals, in backups too.")
        self._delete = self._button("Delete with everything …", "Asks first", self.ask_to_delete)
        self._row(self._who, self._delete)

    def _group(self, title: str, why: str) -> None:
        heading = label(title, heading=True)
        heading.setContentsMargins(0, SPACE * 2, 0, 0)
        self._page.addWidget(heading)
        self._page.addWidget(label(why, quiet=True))

    def _button(self, text: str, why: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setToolTip(why)
        button.setAccessibleDescription(why)
        button.clicked.connect(lambda: do())
        return button

    def _row(self, *parts: QWidget) -> None:
        row = FlowLayout()
        for part in parts:
            row.addWidget(part)
        self._page.addLayout(row)

    def _apply_theme(self) -> None:
        self.banner.set_tokens(tokens_for(self._services.settings.appearance.theme))

    # --- showing ----------------------------------------------------------------------------

    @property
    def _store(self) -> Store | None:
        return self._services.store

    def refresh(self) -> None:
        """Show the library as it is now."""
        folder, store = self._services.data, self._store
        self._services.tasks.run(lambda _control: health.measure(folder, store), self._show_room, self._failed)

    def _show_room(self, found: Room) -> None:
        self._place.setText(found.server or str(found.folder))
        self._room.setText(room(found))
        self.table.show_backups(found.backups)
        self.table.setVisible(bool(found.backups))
        self._no_backups.setText(backups.SERVER if found.server else "There is no backup yet: make one.")
        self._no_backups.setVisible(bool(found.server) or not found.backups)
        self._who.clear()
        for learner in found.learners:
            self._who.addItem(_name(learner), learner)
        self._who.setCurrentIndex(max(0, self._row_of(self._services.learner_id)))
        self._enable()

    def _row_of(self, learner_id: str) -> int:
        rows = range(self._who.count())
        return next((row for row in rows if self._who.itemData(row).id == learner_id), -1)

    def _enable(self) -> None:
        """Let only that be pressed which can be done now."""
        store, is_free = self._store, not self.work.is_busy
        is_open = store is not None
        can_write = store is not None and not store.is_read_only
        has_file = store is None or store.database is not None
        for button, can in (
            (self._check, is_open),
            (self._show, True),
            (self._back_up, is_open and has_file),
            (self._restore, has_file and self.table.chosen is not None),
            (self._export, is_open),
            (self._import, can_write),
            (self._delete, can_write and self._who.count() > 0),
        ):
            button.setEnabled(can and is_free)
        self._who.setEnabled(is_free)

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

    def _with_store[Result](self, work: Callable[[Store, Control], Result]) -> Callable[[Control], Result]:
        """Return work that gets the library as it is when it begins."""
        return lambda control: work(self._services.wait_for_library().store, control)
