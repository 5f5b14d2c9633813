"""What the window of the library shows: where it is, its backups, and buttons for what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from app.library import backups
from app.library.health import Room
from app.library.records import LearnerRow
from app.library.store import Store
from app.windows.flow import SPACE, FlowLayout, label
from app.windows.library.backups import BackupsTable
from app.windows.library.words import of_learner, room, where

# So many of a name are seen before the list is opened.
_NAME_CHARACTERS = 28


class LibraryPage(QWidget):
    """Shows a library; its buttons are for others to connect.

    Attributes
    ----------
    table : BackupsTable
        From which a backup is chosen.
    check, show_folder, back_up, restore, export, take_in, delete : QPushButton
        What can be done.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.table = BackupsTable()
        self.check = _button("Check the library", "Looks for damage; changes nothing")
        self.show_folder = _button("Show the folder", "Opens it in the file manager")
        self.back_up = _button("Back up now", "Makes a backup at once")
        self.restore = _button("Restore …", "Goes back to the backup that is chosen; asks first")
        self.export = _button("Export everything …", "Writes one file")
        self.take_in = _button("Import an archive …", "Adds what is in a file; what is here stays")
        self.delete = _button("Delete with everything …", "Asks first")
        self._where, self._room = label("", quiet=True), label("", quiet=True)
        self._place = label("")
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._no_backups = label("", quiet=True)
        self._who = QComboBox()
        self._who.setAccessibleName("Learner to delete")
        self._who.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._who.setMinimumContentsLength(_NAME_CHARACTERS)
        self._build()

    def _build(self) -> None:
        self._page = QVBoxLayout(self)
        self._page.setSpacing(SPACE)
        self._group("Where it is", self._where, self._place, self._room)
        self._page.addLayout(_row(self.check, self.show_folder))
        kept = "Made at each start; the older they are, the fewer are kept. Recordings are not in them."
        self._group("Backups", label(kept, quiet=True), self.table, self._no_backups)
        self._page.addLayout(_row(self.back_up, self.restore))
        whole = "One file with everything, for another computer or a safe place."
        self._group("Take it with you", label(whole, quiet=True))
        self._page.addLayout(_row(self.export, self.take_in))
        gone = "With all readings, recordings, marks and goals, in backups too."
        self._group("Delete a learner", label(gone, quiet=True))
        self._page.addLayout(_row(self._who, self.delete))
        self._page.addStretch(1)

    def _group(self, title: str, *parts: QWidget) -> None:
        heading = label(title, heading=True)
        heading.setContentsMargins(0, SPACE * 2, 0, 0)
        for part in (heading, *parts):
            self._page.addWidget(part)

    @property
    def chosen_learner(self) -> LearnerRow | None:
        """The learner who is chosen to be deleted."""
        chosen: LearnerRow | None = self._who.currentData()
        return chosen

    def show_room(self, found: Room, learner_id: str) -> None:
        """Show what lies where, with a learner chosen."""
        self._where.setText(where(found))
        self._place.setText(found.server or str(found.folder))
        self._room.setText(room(found))
        self.table.show_backups(found.backups)
        self.table.setVisible(bool(found.backups))
        self._no_backups.setText(backups.SERVER if found.server else "There is no backup yet: make one.")
        self._no_backups.setVisible(bool(found.server) or not found.backups)
        self._who.clear()
        for learner in found.learners:
            self._who.addItem(of_learner(learner), learner)
            if learner.id == learner_id:
                self._who.setCurrentIndex(self._who.count() - 1)

    def enable(self, store: Store | None, *, is_free: bool) -> None:
        """Let only that be pressed which can be done.

        Parameters
        ----------
        store : Store or None
            The library, if it is open.
        is_free : bool
            Whether nothing is being done.
        """
        is_open = store is not None
        can_write = store is not None and not store.is_read_only
        has_file = store is None or store.database is not None
        for button, can in (
            (self.check, is_open),
            (self.show_folder, True),
            (self.back_up, is_open and has_file),
            (self.restore, has_file and self.table.chosen is not None),
            (self.export, is_open),
            (self.take_in, can_write),
            (self.delete, can_write and self._who.count() > 0),
        ):
            button.setEnabled(can and is_free)
        self._who.setEnabled(is_free)


def _button(text: str, why: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setToolTip(why)
    button.setAccessibleDescription(why)
    return button


def _row(*parts: QWidget) -> FlowLayout:
    row = FlowLayout()
    for part in parts:
        row.addWidget(part)
    return row
