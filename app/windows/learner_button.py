"""Who practises: the name at the top, and the menu to choose, add and rename learners."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton, QWidget

from app.windows.services import Services
from assessment.control import Control

if TYPE_CHECKING:
    from app.library.records import LearnerRow

NOBODY = "Learner"
# Longer names are cut, in pixels.
_WIDTH = 180


class LearnerButton(QPushButton):
    """Shows who practises; pressed, it lets somebody else.

    Parameters
    ----------
    services : Services
        The library.

    Signals
    -------
    failed(str)
        What went wrong, for people.
    """

    failed = Signal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._menu = QMenu(self)
        self.setProperty("flat", True)
        self.setToolTip("Who practises (Alt+L)")
        self.setShortcut("Alt+L")
        self.clicked.connect(self._ask)
        services.settings_changed.connect(self._show_name)
        self._show_name()

    def _show_name(self) -> None:
        name = self._services.settings.learner.name or NOBODY
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _WIDTH)
        self.setText(f"{shown} ▾")
        self.setAccessibleName(f"Who practises: {name}")

    # --- choosing ---------------------------------------------------------------------------

    def _ask(self) -> None:
        def work(_control: Control) -> list[LearnerRow]:
            from app.library import learners

            return learners.all_learners(self._services.wait_for_library().store)

        self._services.tasks.run(work, self._show_menu, self.failed.emit)

    def _show_menu(self, found: list[LearnerRow]) -> None:
        self._menu.clear()
        for each in found:
            entry = self._menu.addAction(_named(each).replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(each.id == self._services.learner_id)
            entry.triggered.connect(lambda _on=False, chosen=each: self._choose(chosen))
        self._menu.addSeparator()
        self._menu.addAction("Add a learner …").triggered.connect(self.add)
        self._menu.addAction("Change this name …").triggered.connect(self.rename)
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _choose(self, learner: LearnerRow) -> None:
        if learner.id != self._services.learner_id:
            self._services.choose_learner(learner.id, learner.name)

    def add(self) -> None:
        """Ask for the name of somebody new, who practises from now on."""
        self._ask_for_name("Add a learner", "", self._add)

    def _add(self, name: str) -> None:
        def work(_control: Control) -> LearnerRow:
            from app.library import learners

            return learners.add(self._services.wait_for_library().store, name)

        self._services.tasks.run(work, self._choose, self.failed.emit)

    def rename(self) -> None:
        """Ask for another name of who practises."""
        present = self._services.settings.learner.name
        self._ask_for_name(
            "Change this name", present, lambda name: self._services.change("learner", name=name)
        )

    def _ask_for_name(self, title: str, present: str, take: Callable[[str], None]) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText("Name:")
        dialog.setTextValue(present)
        dialog.setOkButtonText(title.split()[0])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        dialog.textValueSelected.connect(lambda name: take(" ".join(name.split())) if name.strip() else None)
        dialog.open()


def _named(learner: LearnerRow) -> str:
    readings = f"{learner.attempts:,} reading{'s' if learner.attempts != 1 else ''}"
    return f"{learner.name or NOBODY} ({readings})"
