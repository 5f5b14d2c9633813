"""The left of the page: which attempts wait for a teacher, and what is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.library import history, learners
from app.library.records import AttemptRow
from app.library.store import Store
from app.library.teaching import classes, review
from app.library.teaching.records import ClassRow
from app.library.teaching.review import Queue
from app.tasks import Task
from app.windows.flow import SPACE, label
from app.windows.review.changes import Change
from app.windows.review.ledger import Ledger
from app.windows.review.queue_filter import Choices, QueueFilter
from app.windows.review.queue_model import NOBODY
from app.windows.review.queue_view import QueueView
from app.windows.services import Services
from app.windows.tokens import Tokens
from assessment.control import Control

NOTHING_FITS = "No reading fits. Clear what you look for to see all."
_LIST, _NOTHING = range(2)


@dataclass(frozen=True)
class _Found:
    """What there is, and when it was read; see `Ledger.moment`."""

    rows: list[AttemptRow]
    classes: list[ClassRow]
    choices: Choices
    total: int
    moment: int


class QueuePane(QWidget):
    """Lists attempts, those that nobody has reviewed first.

    Parameters
    ----------
    services : Services
        Where the library is.
    ledger : Ledger
        What was changed and is not in the library yet.

    Attributes
    ----------
    total : int
        How many attempts there are, whatever is looked for.
    classes : dict of str to ClassRow
        All classes by their ids.

    Signals
    -------
    open_asked(str)
        An attempt is to be opened; its id.
    listed()
        Other attempts are listed.
    left()
        Somebody wants to go from the list to the text.
    failed(str)
        The library cannot be read, and why.
    """

    open_asked = Signal(str)
    listed = Signal()
    left = Signal()
    failed = Signal(str)

    def __init__(self, services: Services, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services, self._ledger = services, ledger
        self._task: Task | None = None
        self._moment = 0
        self._shown = ""
        self.total = 0
        self.classes: dict[str, ClassRow] = {}
        self.filters, self.view = QueueFilter(), QueueView()
        self.count = label("", quiet=True, wraps=False)
        self.nothing = label(NOTHING_FITS, quiet=True)
        self._pages = QStackedWidget()
        self._build()
        self.filters.changed.connect(self.refresh)
        self.filters.search.left.connect(self.view.setFocus)
        self.view.open_asked.connect(self.open_asked)
        self.view.left.connect(self.left)
        ledger.changed.connect(self._take_change)
        ledger.saved.connect(self._take_change)

    def _build(self) -> None:
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(SPACE, SPACE * 3, SPACE, 0)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.nothing)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE * 2, SPACE, SPACE, SPACE)
        page.setSpacing(SPACE)
        page.addWidget(self.filters)
        page.addWidget(self.count)
        page.addWidget(self._pages, 1)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.filters.set_tokens(tokens)
        self.view.set_tokens(tokens)

    # --- what is listed ---------------------------------------------------------------------

    @property
    def class_(self) -> ClassRow | None:
        """The class whose attempts are listed; None for everybody's."""
        return self.classes.get(self.filters.wanted.class_id or "")

    @property
    def is_loading(self) -> bool:
        """Whether attempts are still looked for."""
        return self._task is not None and not self._task.is_over

    def show_queue(self, wanted: Queue) -> None:
        """List what is asked for elsewhere."""
        self.filters.show_queue(wanted)

    def refresh(self) -> None:
        """List what is in the library now."""
        store, wanted, moment = self._services.store, self.filters.wanted, self._ledger.moment
        if self._task is not None:
            self._task.cancel()
        if store is None:
            return
        self.filters.set_alphabet(self._services.settings.marking.alphabet)

        def work(_control: Control) -> _Found:
            return _find(store, wanted, moment)

        self._task = self._services.tasks.run(work, self._show, self.failed.emit)

    def _show(self, found: _Found) -> None:
        self.total, self._moment = found.total, found.moment
        self.classes = {each.id: each for each in found.classes}
        model, ledger = self.view.attempts, self._ledger
        changed = ledger.changed_since(found.moment)
        rows = {row.id: ledger.row(row, found.moment) for row in found.rows if row.id in changed}
        model.show_rows(found.rows, rows)
        self._show_count()
        self._pages.setCurrentIndex(_LIST if found.rows else _NOTHING)
        self.view.choose(self._shown)
        # What is not there any more is not looked for any more: this may list again.
        self.filters.set_choices(found.choices)
        self.listed.emit()

    def _show_count(self) -> None:
        rows, unreviewed = self.view.attempts.rowCount(), self.view.attempts.unreviewed
        of_all = f" of {rows:,}" if rows != unreviewed else ""
        self.count.setText(f"{unreviewed:,}{of_all} to review")

    def _take_change(self, change: Change) -> None:
        self.view.attempts.change(change.attempt_id, lambda row: self._ledger.row(row, self._moment))
        self._show_count()

    # --- walking through it -----------------------------------------------------------------

    def show_current(self, attempt_id: str) -> None:
        """Show which attempt is open."""
        self._shown = attempt_id
        self.view.choose(attempt_id)

    def next_after(self, attempt_id: str) -> AttemptRow | None:
        """Return the next attempt that nobody has reviewed."""
        return self.view.attempts.next_after(attempt_id)

    def before(self, attempt_id: str) -> AttemptRow | None:
        """Return the attempt above one."""
        return self.view.attempts.before(attempt_id)


def _find(store: Store, wanted: Queue, moment: int) -> _Found:
    every = classes.all_classes(store)
    known = {each.id for each in every}
    of_class = wanted.class_id if wanted.class_id in known else None
    people = learners.all_learners(store) if of_class is None else classes.members(store, of_class)
    extent = history.extent(store, None)
    choices = Choices(
        [(each.id, each.name) for each in every],
        extent.lessons,
        [(each.id, each.name or NOBODY) for each in people],
    )
    return _Found(review.queue(store, wanted), every, choices, extent.attempts, moment)
