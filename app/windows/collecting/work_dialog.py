"""What the dialogs share by which readings and learners come in and go out: a message, the work, its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.library.store import Store
from app.windows.banner import Banner
from app.windows.flow import SPACE, label
from app.windows.house import NO_LIBRARY
from app.windows.library.work import WorkRow
from app.windows.services import Services
from app.windows.theme import tokens_for
from assessment.control import Control

Result = TypeVar("Result")

_PROBLEMS_SHOWN = 20
_BREAK = "\u200b"


class WorkDialog(QDialog):
    """A dialog that does one piece of work at a time, and is closed only after it.

    Parameters
    ----------
    services : Services
        What all share.
    title, told : str
        What the dialog is called, and what it is for.

    Attributes
    ----------
    content : QVBoxLayout
        What is between the message and the buttons; it can be scrolled.
    close_button : QPushButton
        Closes the dialog.

    Signals
    -------
    library_changed()
        Something came into the library or was changed there.
    """

    library_changed = Signal()

    def __init__(self, services: Services, title: str, told: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.services = services
        self._is_looking = False
        self._leading: QPushButton | None = None
        self._area, self._inside = QScrollArea(), QWidget()
        self.banner, self.work = Banner(), WorkRow(services.tasks)
        self.content = QVBoxLayout()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.close_button = self.buttons.button(QDialogButtonBox.StandardButton.Close)
        self.buttons.rejected.connect(self.reject)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        page.setSpacing(SPACE * 2)
        for part, stretch in ((self.banner, 0), (self._scrolled(told), 1), (self.work, 0), (self.buttons, 0)):
            page.addWidget(part, stretch)
        self.work.busy.connect(lambda is_busy: self.set_busy(is_busy))
        self.work.stopped.connect(self.stopped)
        services.settings_changed.connect(self._take_colours)
        self._take_colours()

    def _scrolled(self, told: str) -> QScrollArea:
        """Return the content in an area that scrolls: on a small screen nothing is squeezed."""
        self.content.setSpacing(SPACE)
        self.content.setContentsMargins(0, 0, SPACE // 2, 0)
        self.content.addWidget(label(told, quiet=True))
        self.content.addSpacing(SPACE)
        self._inside.setObjectName("page")
        self._inside.setLayout(self.content)
        self._area.setWidget(self._inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self._area

    # --- buttons ----------------------------------------------------------------------------

    def add_button(self, text: str, do: Callable[[], object]) -> QPushButton:
        """Add a button beside the one that closes the dialog."""
        button = self.buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.clicked.connect(lambda _checked: do())
        return button

    def lead(self, leading: QPushButton) -> None:
        """Give a button the colour of what comes next, and the key Enter; take both from the one before."""
        before, self._leading = self._leading, leading
        for button in filter(None, (before, leading)):
            button.setProperty("primary", button is leading)
            button.setDefault(button is leading)
            button.style().unpolish(button)
            button.style().polish(button)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as wide as the content must be: it is scrolled only up and down."""
        super().showEvent(event)
        bar = self._area.verticalScrollBar().sizeHint().width()
        self._area.setMinimumWidth(self._inside.minimumSizeHint().width() + bar)

    # --- work -------------------------------------------------------------------------------

    @property
    def store(self) -> Store | None:
        """The library; says that it is not open, if so."""
        if self.services.store is None:
            self.fail(NO_LIBRARY)
        return self.services.store

    def look(self, work: Callable[[Store, Control], Result], done: Callable[[Result], None]) -> None:
        """Find something out in the background, which may be given up without asking."""
        self._is_looking = True
        self._begin("Looking …", work, done)

    def do(self, what: str, work: Callable[[Store, Control], Result], done: Callable[[Result], None]) -> None:
        """Do something with the library in the background; what goes wrong is told."""
        self._is_looking = False
        self._begin(what, work, done)

    def _begin(
        self, what: str, work: Callable[[Store, Control], Result], done: Callable[[Result], None]
    ) -> None:
        if self.isHidden():  # it was closed meanwhile
            return
        store = self.store
        if store is None or self.work.is_busy:
            return

        def finished(result: Result) -> None:
            self.banner.hide()  # it may ask whether to stop
            done(result)

        self.banner.hide()
        self.work.do(what, lambda control: work(store, control), finished, self.fail)

    def fail(self, message: str) -> None:
        """Tell what went wrong."""
        self.banner.tell(message, trouble=True)

    def stopped(self, message: str) -> None:
        """Tell that the work was stopped."""
        self.banner.tell(message)

    def set_busy(self, is_busy: bool) -> None:
        """Let only that be pressed which can be done; for those who have more to press."""

    def _take_colours(self) -> None:
        self.banner.set_tokens(tokens_for(self.services.settings.appearance.theme))

    # --- the end ----------------------------------------------------------------------------

    def reject(self) -> None:
        """Close, unless something is being done: this is to be stopped first."""
        if self.work.is_busy and not self._is_looking:
            self.banner.tell("This is not finished yet.", action="Stop and close", do=self._stop_and_close)
        else:
            super().reject()

    def _stop_and_close(self) -> None:
        self.work.cancel()
        super().reject()

    def done(self, result: int) -> None:
        """Hear of nothing any more: the dialog is about to be gone."""
        self.work.cancel()
        super().done(result)


def shown_problems(problems: Sequence[str], most: int = _PROBLEMS_SHOWN) -> str:
    """Return problems as lines, and of very many only how many there are."""
    more = len(problems) - most
    return "\n".join([*problems[:most], *([f"… and {more} more."] if more > 0 else [])])


def breakable(path: Path) -> str:
    """Return a path that can go on in a new line after each folder."""
    return str(path).replace("/", f"/{_BREAK}").replace("\\", f"\\{_BREAK}")


def show_in_folder(path: Path) -> None:
    """Show where a file lies."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def open_file(path: Path) -> None:
    """Open a file or a folder with the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
