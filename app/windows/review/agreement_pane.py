"""The lower right of the page: how far teacher and machine agree, and whether a class follows its teacher."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.library.teaching.agreement import LEAST_PAIRS, Agreement, agreement, fit
from app.library.teaching.records import Adjustment, ClassRow
from app.tasks import Task
from app.windows.flow import SPACE, FlowLayout, label
from app.windows.review.words import agreement_words
from app.windows.services import Services
from assessment.control import Control

# Marks follow each other: it is counted anew once nothing was marked for so long.
_REST_MILLISECONDS = 400
# Scores by which it is shown what changes.
_EXAMPLES = (20.0, 40.0, 60.0, 80.0, 95.0)
NO_CLASS = "To fit a class to your marks, choose it on the left."
TOO_FEW = f"With {LEAST_PAIRS} marked words that differ, it can be fitted to you."
FITTED = "The scores of this class are shown as you mark."


@dataclass(frozen=True)
class Fit:
    """What would be set for a class, or taken away."""

    shown: ClassRow
    adjustment: Adjustment | None


class AgreementPane(QWidget):
    """Tells how far marks agree; offers to fit the strictness of a class.

    Attributes
    ----------
    told : QLabel
        What was found.
    fit, remove : QPushButton
        Ask for it, and take it away.

    Signals
    -------
    fit_asked(object)
        A `Fit` is wanted.
    failed(str)
        The library cannot be read, and why.
    """

    fit_asked = Signal(object)
    failed = Signal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._task: Task | None = None
        self._class: ClassRow | None = None
        self._adjustment: Adjustment | None = None
        self._author = ""
        self.told, self.note = label(""), label("", quiet=True)
        self.fit = QPushButton("Fit the class …")
        self.remove = QPushButton("As the machine")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MILLISECONDS)
        self._rest.timeout.connect(self._load)
        self._build()

    def _build(self) -> None:
        self.fit.setToolTip("Show the scores of this class as you mark; it is shown first what changes")
        self.remove.setToolTip("Show the scores of this class as the machine gave them")
        buttons = FlowLayout(space=SPACE // 2)
        buttons.addWidget(self.fit)
        buttons.addWidget(self.remove)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE // 2)
        page.addWidget(label("Agreement", heading=True))
        page.addWidget(self.told)
        page.addWidget(self.note)
        page.addLayout(buttons)
        self.fit.clicked.connect(self._ask)
        self.remove.clicked.connect(self._ask_to_remove)

    # --- what is shown ----------------------------------------------------------------------

    @property
    def is_loading(self) -> bool:
        """Whether it is still being counted."""
        return self._rest.isActive() or (self._task is not None and not self._task.is_over)

    def show_class(self, shown: ClassRow | None, author: str) -> None:
        """Show a class, or all learners for None; soon, and no more often than needed."""
        self._class, self._author = shown, author
        self._rest.start()

    def again(self) -> None:
        """Count again: something was marked."""
        self._rest.start()

    def _load(self) -> None:
        store, shown, author = self._services.store, self._class, self._author
        if self._task is not None:
            self._task.cancel()
        if store is None:
            return
        class_id = None if shown is None else shown.id

        def work(_control: Control) -> Agreement:
            return agreement(store, class_id, author)

        self._task = self._services.tasks.run(work, self._show, self.failed.emit)

    def _show(self, found: Agreement) -> None:
        shown = self._class
        self._adjustment = None if shown is None else fit(found)
        is_fitted = shown is not None and shown.adjustment is not None
        self.told.setText(agreement_words(found))
        self.fit.setEnabled(self._adjustment is not None)
        self.fit.setVisible(shown is not None)
        self.remove.setVisible(is_fitted)
        note = FITTED if is_fitted else "" if self._adjustment is not None else TOO_FEW
        self.note.setText(NO_CLASS if shown is None else note)
        self.note.setVisible(bool(self.note.text()))

    def _ask(self) -> None:
        if self._class is not None and self._adjustment is not None:
            self.fit_asked.emit(Fit(self._class, self._adjustment))

    def _ask_to_remove(self) -> None:
        if self._class is not None:
            self.fit_asked.emit(Fit(self._class, None))


class FitDialog(QDialog):
    """Shows what changes if the scores of a class follow its teacher's marks.

    Parameters
    ----------
    wanted : Fit
        What would be set.
    """

    def __init__(self, wanted: Fit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert wanted.adjustment is not None
        self.setWindowTitle("Fit the strictness")
        name = wanted.shown.name
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE * 3)
        grid.addWidget(label("The machine gives", quiet=True), 0, 0)
        grid.addWidget(label("Then it is shown as", quiet=True), 0, 1)
        for row, score in enumerate(_EXAMPLES, 1):
            grid.addWidget(label(f"{score:.0f}"), row, 0)
            grid.addWidget(label(f"{wanted.adjustment.of(score):.0f}"), row, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.ok = buttons.addButton("Fit the class", QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setProperty("primary", True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        page.setSpacing(SPACE * 2)
        page.addWidget(
            label(
                f"Show the scores of “{name}” as you mark? Overall and accuracy follow your marks of "
                "words. What the machine gave is kept, and you can go back at any time (Ctrl+Z)."
            )
        )
        page.addLayout(grid)
        page.addWidget(buttons)
        self.setMinimumWidth(SPACE * 52)
        self.ok.setFocus()
