"""The page of a class: who handed in, how it went, what is hard, and the recordings behind every number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.library.store import Store
from app.tasks import Task
from app.windows.banner import Banner
from app.windows.classes.adjusting import adjusted
from app.windows.classes.changes import Changes
from app.windows.classes.class_bar import ClassBar
from app.windows.classes.comparing import common_text
from app.windows.classes.comparison_view import ComparisonView
from app.windows.classes.empty import Empty
from app.windows.classes.learners_view import LearnersView
from app.windows.classes.loading import Loaded, load
from app.windows.classes.number_views import HardView, HeatView, ScoresView
from app.windows.classes.numbers_bar import NumbersBar
from app.windows.classes.scope_bar import ScopeBar
from app.windows.classes.section import Shown
from app.windows.classes.sections import Sections
from app.windows.flow import SPACE, page_layout
from app.windows.services import Services
from app.windows.tokens import Tokens

NO_CLASS = (
    "A class shows who handed in, how it went and what is hard.",
    "Put your learners into a class. Then every number here leads to the recordings behind it.",
)
NO_LEARNERS = (
    "Nobody is in this class yet.",
    "Add learners one by one, take some whom the library knows, or import a list of names from a file.",
)
NO_READINGS = (
    "There are no readings of this class yet.",
    "Take in the files that learners handed in, or have a folder of recordings assessed.",
)
NOTHING_FITS = ("No reading fits.", "None of this class was read in this time or lesson, or was handed in.")
SECTIONS = ("Learners", "Scores", "Words and sounds", "Heat map", "Compare two")
_LEARNERS, _COMPARE = SECTIONS[0], SECTIONS[-1]
_NOTHING, _EMPTY, _FULL = range(3)

Result = TypeVar("Result")


class ClassesPage(QWidget):
    """Shows one class at a time.

    Parameters
    ----------
    services : Services
        Where the library is.

    Signals
    -------
    review_asked(object)
        The recordings behind a number are to be shown: a `Queue`.
    comparison_asked(str, str)
        Two attempts are to be compared; their ids.
    report_asked(object)
        A report is to be written: a `Wanted`.
    collect_asked(str), hand_ins_asked(str), roster_asked(str)
        Recordings, hand-ins or names are to be taken in for a class; its id, "" without one.
    """

    review_asked = Signal(object)
    comparison_asked = Signal(str, str)
    report_asked = Signal(object)
    collect_asked = Signal(str)
    hand_ins_asked = Signal(str)
    roster_asked = Signal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._services = services
        self._tasks: dict[str, Task] = {}
        self._loaded = Loaded(())
        # What was done last, and how to undo it.
        self._told: tuple[str, Callable[[], object] | None] = ("", None)
        self.banner = Banner()
        self.bar, self.scope_bar, self.numbers = ClassBar(), ScopeBar(), NumbersBar()
        self.learners = LearnersView()
        self.no_class = Empty(*NO_CLASS, "New class …", "Import a roster …")
        self.no_learners = Empty(*NO_LEARNERS, "New learner …", "From the library …", "Import a roster …")
        self.no_readings = Empty(*NO_READINGS, "Take in …", "Collect …")
        self.nothing_fits = Empty(*NOTHING_FITS, "Clear filters")
        makers = (lambda: self.learners, ScoresView, HardView, HeatView, self._make_comparison)
        self.sections = Sections(dict(zip(SECTIONS, makers, strict=True)), self._why_empty)
        self._pages = QStackedWidget()
        self.changes = Changes(services, self)
        self._build()
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # --- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(SPACE * 3, SPACE * 2, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE)
        for part in (self.bar, self.scope_bar, self.numbers):
            column.addWidget(part)
        column.addWidget(self.sections, 1)
        for each in (QWidget(), self.no_class, full):
            self._pages.addWidget(each)
        page = page_layout(self, self.banner)
        page.addWidget(self._pages, 1)

    def _connect(self) -> None:
        bar, changes = self.bar, self.changes
        bar.chosen.connect(lambda _id: self.refresh())
        bar.new.clicked.connect(changes.new_class)
        bar.rename.triggered.connect(lambda: self._with_class(changes.rename))
        bar.delete.triggered.connect(lambda: self._with_class(changes.delete))
        bar.roster.triggered.connect(lambda: self.roster_asked.emit(self.class_id))
        bar.collect.clicked.connect(lambda: self.collect_asked.emit(self.class_id))
        bar.hand_ins.clicked.connect(lambda: self.hand_ins_asked.emit(self.class_id))
        bar.report.clicked.connect(lambda: self._report(None))
        self.scope_bar.changed.connect(self.refresh)
        self.scope_bar.measure_changed.connect(self._show_overview)
        self.numbers.asked.connect(self._review)
        self.sections.asked.connect(self._review)
        self._connect_learners()
        self._connect_empty()
        changes.changed.connect(self.show_class)
        changes.told.connect(self._tell_done)
        changes.failed.connect(self._tell_trouble)
        changes.given_up.connect(self._show_keeping)
        for keys, act in (
            ("Ctrl+PgDown", lambda: self.sections.step(1)),
            ("Ctrl+PgUp", lambda: self.sections.step(-1)),
            ("Ctrl+Z", self._undo),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._services.library_opened.connect(self._refresh_if_seen)
        self._services.settings_changed.connect(self._show_if_seen)

    def _connect_learners(self) -> None:
        learners, changes = self.learners, self.changes
        learners.table.consent_asked.connect(lambda row: changes.set_consent(row.learner))
        learners.recordings.clicked.connect(
            lambda: self._review({"learner_id": learners.chosen[0].learner.id})
        )
        learners.report.clicked.connect(lambda: self._report(learners.chosen[0].learner.id))
        for asked in (learners.compare.clicked, learners.table.compare_asked):
            asked.connect(self.compare_chosen)
        for asked in (learners.take_out.clicked, learners.table.take_out_asked):
            asked.connect(self.take_out_chosen)
        learners.add_new.triggered.connect(lambda: changes.add_new(self.class_id))
        learners.add_known.triggered.connect(lambda: changes.add_known(self.class_id))
        learners.keeping_asked.connect(lambda days: self._with_class(lambda shown: changes.keep(shown, days)))

    def _connect_empty(self) -> None:
        changes = self.changes
        does: dict[Empty, tuple[Callable[[], object], ...]] = {
            self.no_class: (changes.new_class, lambda: self.roster_asked.emit("")),
            self.no_learners: (
                lambda: changes.add_new(self.class_id),
                lambda: changes.add_known(self.class_id),
                lambda: self.roster_asked.emit(self.class_id),
            ),
            self.no_readings: (
                lambda: self.hand_ins_asked.emit(self.class_id),
                lambda: self.collect_asked.emit(self.class_id),
            ),
            self.nothing_fits: (self.scope_bar.clear,),
        }
        for empty, actions in does.items():
            for button, action in zip(empty.buttons, actions, strict=True):
                button.clicked.connect(lambda _checked=False, action=action: action())

    def _make_comparison(self) -> ComparisonView:
        made = ComparisonView()
        made.pair_changed.connect(lambda: self._load_common(made))
        made.comparison_asked.connect(self.comparison_asked)
        return made

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        for part in (self.banner, self.bar, self.numbers, self.sections, self.changes):
            part.set_tokens(tokens)

    # --- what is shown ----------------------------------------------------------------------

    @property
    def class_id(self) -> str:
        """The id of the class that is shown; "" without one."""
        shown = self._loaded.shown
        return "" if shown is None else shown.id

    @property
    def is_loading(self) -> bool:
        """Whether something is still to be shown or changed."""
        return self.changes.is_at_work or any(not task.is_over for task in self._tasks.values())

    def show_class(self, class_id: str) -> None:
        """Show a class as it is now; "" for the one that is shown."""
        self._load(class_id or self.class_id)

    def refresh(self) -> None:
        """Show what is in the library now."""
        self._load(self.bar.class_id)

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show_if_seen(self) -> None:
        if self.isVisible():
            self._show_overview()

    def _load(self, class_id: str) -> None:
        wish, now = self.scope_bar.wish, datetime.now().astimezone()
        self._run("class", lambda store: load(store, class_id, wish, now), self._show)

    def _run(self, name: str, work: Callable[[Store], Result], done: Callable[[Result], None]) -> None:
        """Look for something in the background, instead of what was looked for under the same name."""
        store = self._services.store
        if name in self._tasks:
            self._tasks[name].cancel()
        if store is not None:
            self._tasks[name] = self._services.tasks.run(
                lambda _control: work(store), done, self._tell_trouble
            )

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        if loaded.shown is not None:
            self.bar.set_classes(loaded.classes, loaded.shown.id)
            self.scope_bar.set_adjustment(loaded.shown.adjustment)
            self.scope_bar.set_lessons(loaded.lessons)
            self._show_keeping()
        self._show_overview()

    def _show_overview(self) -> None:
        has_keys, shown, overview = self._has_keys, self._loaded.shown, self._loaded.overview
        if overview is not None and shown is not None:
            measure = self.scope_bar.measure(shown.adjustment)
            overview = overview if measure is None else adjusted(overview, measure)
            self.numbers.show_overview(overview)
            self.sections.show_class(Shown(overview, measure, self._services.settings.marking.alphabet))
        self._pages.setCurrentIndex(_EMPTY if shown is None else _FULL)
        if has_keys and self.isVisible():
            self._home.setFocus()

    def _why_empty(self, section: str) -> Empty | None:
        """Return what is shown where a section has nothing to show."""
        overview = self._loaded.overview
        if overview is not None and not overview.learners:
            return self.no_learners
        if overview is None or overview.attempts or section == _LEARNERS:
            return None
        return self.nothing_fits if self.scope_bar.wish.is_active else self.no_readings

    def _show_keeping(self) -> None:
        if self._loaded.shown is not None:
            self.learners.show_keeping(self._loaded.shown.keep_days)

    def _load_common(self, comparison: ComparisonView) -> None:
        pair, scope = comparison.pair, self._loaded.scope
        if pair is not None and scope is not None:
            self._run("common", lambda store: common_text(store, scope, *pair), comparison.show_common)

    # --- what is asked ----------------------------------------------------------------------

    def _review(self, fields: Mapping[str, Any]) -> None:
        if self._loaded.scope is not None:
            self.review_asked.emit(self._loaded.scope.queue(fields))

    def _report(self, learner_id: str | None) -> None:
        if self._loaded.scope is not None:
            self.report_asked.emit(self._loaded.scope.report(learner_id))

    def _with_class(self, do: Callable[[Any], object]) -> None:
        if self._loaded.shown is not None:
            do(self._loaded.shown)

    def compare_chosen(self) -> None:
        """Compare the two learners that are chosen."""
        chosen = self.learners.chosen
        if len(chosen) != 2:
            self.banner.tell(
                "Choose two learners to compare them: click one, then another one with Ctrl held."
            )
            return
        comparison = self.sections.choose(_COMPARE)
        assert isinstance(comparison, ComparisonView)
        comparison.choose(chosen[0].learner.id, chosen[1].learner.id)
        comparison.home.setFocus()

    def take_out_chosen(self) -> None:
        """Take the learners that are chosen out of the class."""
        chosen = [each.learner for each in self.learners.chosen]
        if chosen:
            self.changes.take_out(self.class_id, chosen)

    # --- messages and keys ------------------------------------------------------------------

    def _tell_done(self, message: str, undo: Callable[[], object] | None) -> None:
        self._told = (message, undo)
        self.banner.tell(message, action="Undo" if undo else "", do=undo)
        self.banner.setAccessibleDescription("Ctrl+Z brings them back" if undo else "")

    def _undo(self) -> None:
        """Undo what was done last, as long as its message is shown."""
        message, undo = self._told
        if undo is not None and self.banner.text == message:
            self.banner.hide()
            undo()

    def _tell_trouble(self, message: str) -> None:
        self.banner.tell(message, trouble=True)

    @property
    def _home(self) -> QWidget:
        """Where the keys go."""
        return self.no_class.home if self._pages.currentIndex() == _EMPTY else self.sections.home

    @property
    def _has_keys(self) -> bool:
        """Whether the keys belong to nothing that somebody has gone to."""
        focused = QApplication.focusWidget()
        return focused in (None, self, self._home) or not focused.isVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keys to what is shown."""
        if self._home.isVisible():
            self._home.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the message with Esc."""
        if event.key() == Qt.Key.Key_Escape and not self.banner.isHidden():
            self.banner.hide()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Look for nothing any more once the page is left."""
        if not event.spontaneous():
            for task in self._tasks.values():
                task.cancel()
        super().hideEvent(event)
