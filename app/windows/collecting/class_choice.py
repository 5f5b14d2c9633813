"""A box from which the class is chosen that learners come into."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.library.teaching import classes
from app.library.teaching.records import ClassRow
from app.tasks import Task
from app.windows.services import Services


class ClassChoice(QComboBox):
    """Lists the classes; the first entry is for none of them.

    Parameters
    ----------
    services : Services
        Where the library is.
    nothing : str
        What the first entry says.
    class_id : str or None
        Which class is chosen at first.
    """

    def __init__(
        self, services: Services, nothing: str, class_id: str | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Class")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.addItem(nothing, None)
        self._wanted = class_id
        self._services = services
        self._task: Task | None = None
        self.activated.connect(lambda _row: self._forget())
        self.load()

    def load(self) -> None:
        """List the classes as they are in the library now."""
        store = self._services.store
        if store is not None:
            self._task = self._services.tasks.run(
                lambda _control: classes.all_classes(store), self._show, self._services.notice.emit
            )

    def hideEvent(self, event: QHideEvent) -> None:
        """Hear of nothing any more: the dialog may be about to be gone."""
        if self._task is not None and not event.spontaneous():
            self._task.cancel()
        super().hideEvent(event)

    def _forget(self) -> None:
        self._wanted = None

    def _show(self, found: list[ClassRow]) -> None:
        chosen = self.class_id
        while self.count() > 1:
            self.removeItem(1)
        for each in found:
            self.addItem(each.name, each.id)
            if each.id == chosen:
                self.setCurrentIndex(self.count() - 1)
        self._forget()

    @property
    def class_id(self) -> str | None:
        """The class that is chosen, also before the classes are listed; None for none."""
        chosen: str | None = self.currentData() or self._wanted
        return chosen
