"""The dialogs that put learners into a class: a new one, or some whom the library knows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.library.progress_words import counted
from app.library.records import LearnerRow
from app.windows.classes import words
from app.windows.classes.sheet_table import boxes
from app.windows.flow import SPACE, label
from app.windows.tokens import Tokens

_ID = Qt.ItemDataRole.UserRole


class NewLearner(QDialog):
    """Asks for the name and the number of somebody new; the dialog is accepted or rejected.

    Attributes
    ----------
    name, number : QLineEdit
        What was typed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New learner")
        self.setMinimumWidth(SPACE * 50)
        self.name, self.number = QLineEdit(), QLineEdit()
        self.number.setPlaceholderText("May be left out")
        self.action = QPushButton("Add")
        form = QFormLayout()
        form.setSpacing(SPACE)
        form.addRow("Name:", self.name)
        form.addRow("Number at school:", self.number)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE * 2)
        page.addLayout(form)
        page.addLayout(_buttons(self, self.action))
        self.name.textChanged.connect(lambda text: _allow(self, self.action, bool(text.strip())))
        _allow(self, self.action, False)


class KnownLearners(QDialog):
    """Asks who of the library is to be in a class; the dialog is accepted or rejected.

    Parameters
    ----------
    learners : sequence of LearnerRow
        Those who are not in it.
    tokens : Tokens
        The colours of the theme.

    Attributes
    ----------
    search : QLineEdit
        What must be in the names or numbers.
    list : QListWidget
        The learners, each with a box to tick.
    """

    def __init__(self, learners: Sequence[LearnerRow], tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add from the library")
        self.setMinimumSize(SPACE * 56, SPACE * 56)
        self.search, self.list = QLineEdit(), QListWidget()
        self.search.setPlaceholderText("Search for names or numbers")
        self.search.setAccessibleName("Search for names or numbers")
        self.list.setStyleSheet(f"{boxes(tokens)} ::item {{ padding: {SPACE // 2}px; }}")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Learners who are not in this class")
        self.action = QPushButton("Add")
        for each in learners:
            self.list.addItem(_item(each))
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE)
        page.addWidget(label("Tick who is to be in this class. Space ticks.", quiet=True))
        page.addWidget(self.search)
        page.addWidget(self.list, 1)
        page.addLayout(_buttons(self, self.action))
        self.search.textChanged.connect(self._filter)
        self.list.itemChanged.connect(lambda _item: self._count())
        self._count()

    @property
    def chosen(self) -> list[str]:
        """The ids of those that are ticked."""
        items = map(self.list.item, range(self.list.count()))
        return [item.data(_ID) for item in items if item.checkState() is Qt.CheckState.Checked]

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for item in map(self.list.item, range(self.list.count())):
            item.setHidden(not all(each in item.text().casefold() for each in wanted))

    def _count(self) -> None:
        number = len(self.chosen)
        self.action.setText(f"Add {counted(number, 'learner')}" if number else "Add")
        _allow(self, self.action, bool(number))


def _item(learner: LearnerRow) -> QListWidgetItem:
    parts = (words.name_of(learner), learner.number, counted(learner.attempts, "reading"))
    item = QListWidgetItem(" · ".join(filter(None, parts)))
    item.setData(_ID, learner.id)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Unchecked)
    return item


def _buttons(dialog: QDialog, action: QPushButton) -> QHBoxLayout:
    cancel = QPushButton("Cancel")
    cancel.setAutoDefault(False)
    cancel.clicked.connect(dialog.reject)
    action.clicked.connect(dialog.accept)
    action.setDefault(True)
    row = QHBoxLayout()
    row.setSpacing(SPACE)
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(action)
    return row


def _allow(dialog: QDialog, action: QPushButton, can: bool) -> None:
    """Let it be done, and show that it can be."""
    action.setEnabled(can)
    action.setProperty("primary", can)
    dialog.style().unpolish(action)
    dialog.style().polish(action)
