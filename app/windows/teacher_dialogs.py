"""The dialogs by which readings come in and go out: hand-ins, collecting, rosters, reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from app.windows.house import House
from app.windows.services import Services

if TYPE_CHECKING:
    from app.reports.data import Wanted


class TeacherDialogs(QObject):
    """Opens dialogs, and has the pages show what these have changed or ask for.

    Parameters
    ----------
    services : Services
        What all share.
    house : House
        The pages.
    window : QWidget
        Above which dialogs are shown.
    """

    def __init__(self, services: Services, house: House, window: QWidget) -> None:
        super().__init__(window)
        self._services, self._house, self._window = services, house, window
        house.hand_in_asked.connect(self.hand_in)
        house.hand_ins_asked.connect(self.take_in)
        house.collect_asked.connect(self.collect)
        house.roster_asked.connect(self.import_roster)
        house.report_asked.connect(self.report)

    def hand_in(self, attempt_ids: Sequence[str]) -> QDialog:
        """Give readings to a teacher."""
        from app.windows.collecting.hand_in_dialog import HandInDialog

        dialog = HandInDialog(self._services, tuple(attempt_ids), self._window)
        dialog.library_changed.connect(self._house.refresh)
        return self._opened(dialog)

    def take_in(self, class_id: str = "") -> QDialog:
        """Take in what learners have handed in."""
        from app.windows.collecting.take_in_dialog import TakeInDialog

        dialog = TakeInDialog(self._services, class_id or None, self._window)
        dialog.library_changed.connect(self._house.refresh)
        dialog.review_asked.connect(self._house.review)
        return self._opened(dialog)

    def collect(self, class_id: str = "") -> QDialog:
        """Assess a folder of recordings."""
        from app.windows.collecting.collect_dialog import CollectDialog

        dialog = CollectDialog(self._services, class_id or None, self._window)
        dialog.library_changed.connect(self._house.refresh)
        dialog.review_asked.connect(self._house.review)
        return self._opened(dialog)

    def import_roster(self, class_id: str = "") -> QDialog:
        """Take in a list of learners."""
        from app.windows.collecting.roster_dialog import RosterDialog

        dialog = RosterDialog(self._services, class_id or None, self._window)
        dialog.library_changed.connect(self._house.refresh)
        return self._opened(dialog)

    def report(self, wanted: Wanted) -> QDialog:
        """Write a report of a learner or a class."""
        from app.windows.reports.dialog import ReportDialog

        return self._opened(ReportDialog(self._services, wanted, self._window))

    def _opened(self, dialog: QDialog) -> QDialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
        return dialog
