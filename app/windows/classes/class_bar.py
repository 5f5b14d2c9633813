"""The line at the top: which class, what is done with it, and what is taken in for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QMenu, QVBoxLayout, QWidget

from app.library.progress_words import counted
from app.library.teaching.records import ClassRow
from app.windows.flow import SPACE, FlowLayout, IconButton
from app.windows.progress.choice import Choice
from app.windows.tokens import Tokens

_CHARACTERS = 22


class ClassBar(QWidget):
    """Lets people choose a class; its buttons are for others to connect.

    Attributes
    ----------
    choice : Choice
        The classes by name.
    new, collect, hand_ins, report : IconButton
        What can be done.
    rename, delete, roster : QAction
        In the menu of the class that is chosen.

    Signals
    -------
    chosen(str)
        Another class is wanted; its id.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = Choice("Class")
        self.menu = QMenu(self)
        self.rename = self.menu.addAction("Rename this class …")
        self.roster = self.menu.addAction("Import a roster …")
        self.menu.addSeparator()
        self.delete = self.menu.addAction("Delete this class …")
        self.more = IconButton("settings", "This class", "What else can be done with this class")
        self.new = IconButton("add", "New class …", "Add a class")
        self.collect = IconButton("wave", "Collect …", "Have a folder of recordings assessed for this class")
        self.hand_ins = IconButton("open", "Take in …", "Take in the files that learners handed in")
        self.report = IconButton("text", "Report …", "Write a report of this class")
        self._build()

    def _build(self) -> None:
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(_CHARACTERS)
        self.choice.currentIndexChanged.connect(lambda _index: self.chosen.emit(self.class_id))
        self.more.setMenu(self.menu)
        flow = FlowLayout()
        for part in (self.choice, *self.buttons):
            part.setMinimumHeight(SPACE * 4)
            flow.addWidget(part)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addLayout(flow)

    @property
    def buttons(self) -> tuple[IconButton, ...]:
        """All buttons, in their order."""
        return self.more, self.new, self.collect, self.hand_ins, self.report

    @property
    def class_id(self) -> str:
        """The class that is chosen; "" without one."""
        return self.choice.currentData() or ""

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for button in self.buttons:
            button.set_tokens(tokens)

    def set_classes(self, classes: Sequence[ClassRow], chosen: str) -> None:
        """Offer classes, of which one is chosen."""
        blocker = QSignalBlocker(self.choice)
        self.choice.clear()
        for each in classes:
            self.choice.addItem(f"{each.name} ({counted(each.learners, 'learner')})", each.id)
        self.choice.setCurrentIndex(self.choice.findData(chosen))
        self.choice.setToolTip(self.choice.currentText())
        blocker.unblock()
