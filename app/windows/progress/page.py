"""The page that shows how a learner gets on: this week, scores, sounds, goals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.library.progress import PhoneMastery, first_day, phone_mastery, scores_over_days, streak, this_week
from app.library.progress_goals import GoalState, add_goal, goals, remove_goal
from app.library.progress_words import phone_words, sentence
from app.library.store import Store
from app.tasks import Task
from app.windows.banner import Banner
from app.windows.flow import SPACE, label
from app.windows.services import Services
from app.windows.tokens import LIGHT, Tokens
from assessment.phones import PHONES

if TYPE_CHECKING:
    from app.windows.progress.dots import ChartData
    from app.windows.progress.goals_view import GoalsView
    from app.windows.progress.ipa_chart import IpaChart
    from app.windows.progress.score_chart import ScoreChart

EMPTY = "Read something, and your progress shows here."
# As long as nothing else was chosen.
USUAL_DAYS = 91
_PAGE_WIDTH = 1264
_MARGIN = SPACE * 3
_LARGE = 18
SECTIONS = ("Your scores", "Your sounds", "Your goals")
_NOTHING, _EMPTY, _FULL = range(3)

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class _Scores:
    """What is shown first; `data` is None for somebody who has read nothing yet."""

    sentence: str
    streak: int
    data: ChartData | None


class ProgressPage(QWidget):
    """Shows how the learner of the moment gets on.

    Parameters
    ----------
    services : Services
        Where the library and the learner are.

    Signals
    -------
    attempt_asked(str)
        An attempt is to be opened; its id.
    phone_asked(str)
        More is wanted about a phone (ARPAbet without stress).
    practice_asked()
        Somebody who has read nothing yet wants to begin.
    """

    attempt_asked = Signal(str)
    phone_asked = Signal(str)
    practice_asked = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._services = services
        self._tokens = LIGHT
        self._tasks: dict[str, Task] = {}
        self._learner_id = ""
        # Whether sounds and goals are as new as the scores.
        self._is_fresh = True
        self.banner = Banner()
        self._pages = QStackedWidget()
        self._scroll = QScrollArea()
        self._boxes = {name: QVBoxLayout() for name in SECTIONS}
        self.week = label("")
        self.week.setStyleSheet(f"font-size: {_LARGE}px;")
        self.streak = label("", quiet=True)
        self.start = QPushButton("Start reading")
        # Made once there is something to show: the plots take a moment to be imported.
        self.chart: ScoreChart | None = None
        self.sounds: IpaChart | None = None
        self.goals: GoalsView | None = None
        self._build()
        services.library_opened.connect(self._refresh_if_seen)
        services.learner_changed.connect(self._refresh_if_seen)
        services.settings_changed.connect(self._refresh_if_seen)
        services.library_failed.connect(self._fail)

    def _build(self) -> None:
        for each in (QWidget(), self._empty_page(), self._scroll):
            self._pages.addWidget(each)
        sections = QVBoxLayout()
        sections.setContentsMargins(0, _MARGIN, 0, _MARGIN)
        sections.setSpacing(SPACE * 2)
        sections.addWidget(self.week)
        sections.addWidget(self.streak)
        for box in self._boxes.values():
            box.setContentsMargins(0, SPACE, 0, SPACE)
            box.setSpacing(SPACE)
            sections.addLayout(box)
        sections.addStretch(1)
        column = QWidget()
        column.setMaximumWidth(_PAGE_WIDTH)
        column.setLayout(sections)
        row = QHBoxLayout()
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.addStretch(1)
        row.addWidget(column, 1_000)
        row.addStretch(1)
        content = QWidget()
        content.setObjectName("page")
        content.setLayout(row)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.banner)
        page.addWidget(self._pages, 1)

    def _empty_page(self) -> QWidget:
        self.start.setProperty("primary", True)
        self.start.clicked.connect(self.practice_asked)
        said = label(EMPTY, heading=True)
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(SPACE * 2)
        column.addStretch(1)
        column.addWidget(said)
        column.addWidget(self.start, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return empty

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for part in (self.banner, self.chart, self.sounds, self.goals):
            if part is not None:
                part.set_tokens(tokens)

    # --- what is shown ----------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is in the library now."""
        if self._services.learner_id != self._learner_id:
            self._learner_id = self._services.learner_id
            self._pages.setCurrentIndex(_NOTHING)
        self._is_fresh = False
        self._load_scores()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _load_scores(self) -> None:
        days = USUAL_DAYS if self.chart is None else self.chart.span
        self._run("scores", lambda store, who, how: _scores(store, who, days, how), self._show_scores)

    def _run(
        self, name: str, work: Callable[[Store, str, str], Result], done: Callable[[Result], None]
    ) -> None:
        """Work in the background, instead of what goes on under the same name."""
        store, learner_id = self._services.store, self._services.learner_id
        if store is None:
            return
        if name in self._tasks:
            self._tasks[name].cancel()
        alphabet = self._services.settings.marking.alphabet
        self._tasks[name] = self._services.tasks.run(
            lambda _control: work(store, learner_id, alphabet), done, self._fail
        )

    def _fail(self, message: str) -> None:
        self.banner.tell(message, trouble=True)

    @property
    def is_loading(self) -> bool:
        """Whether something is still to be shown."""
        return any(not task.is_over for task in self._tasks.values())

    def _show_scores(self, scores: _Scores) -> None:
        self.week.setText(scores.sentence)
        self.streak.setText(f"{scores.streak} days in a row.")
        self.streak.setVisible(scores.streak > 1)
        if scores.data is not None:
            if self.chart is None:
                self.chart = self._make_chart()
            self.chart.set_data(scores.data)
        self._pages.setCurrentIndex(_EMPTY if scores.data is None else _FULL)
        # One after the other: several at a time would hold the window up.
        if scores.data is not None and not self._is_fresh:
            self._is_fresh = True
            self._run("sounds", _sounds, self._show_sounds)
        # Once the page is shown the keys belong somewhere on it.
        if self.isVisible() and QApplication.focusWidget() in (None, self):
            (self.start if self.chart is None or scores.data is None else self.chart.aspects).setFocus()

    def _show_sounds(self, phones: list[PhoneMastery]) -> None:
        if self.sounds is None:
            self.sounds = self._make_sounds()
        self.sounds.set_mastery(phones, self._services.settings.marking.alphabet)
        self._run("goals", _goals, self._show_goals)

    def _show_goals(self, found: list[GoalState]) -> None:
        if self.goals is None:
            self.goals = self._make_goals()
        self.goals.set_goals(found, self._services.settings.marking.alphabet)

    def _make_chart(self) -> ScoreChart:
        from app.windows.progress.score_chart import ScoreChart

        chart = ScoreChart()
        chart.attempt_asked.connect(self.attempt_asked)
        chart.span_changed.connect(self._load_scores)
        self._fill("Your scores", chart)
        return chart

    def _make_sounds(self) -> IpaChart:
        from app.windows.progress.ipa_chart import IpaChart

        sounds = IpaChart()
        sounds.phone_asked.connect(self.phone_asked)
        sounds.walked_to.connect(lambda cell: self._scroll.ensureWidgetVisible(cell, SPACE, SPACE * 4))
        self._fill("Your sounds", sounds)
        return sounds

    def _make_goals(self) -> GoalsView:
        from app.windows.progress.goals_view import GoalsView

        shown = GoalsView()
        shown.added.connect(self._add_goal)
        shown.removed.connect(self._remove_goal)
        self._fill("Your goals", shown)
        return shown

    def _fill(self, name: str, section: ScoreChart | IpaChart | GoalsView) -> None:
        section.set_tokens(self._tokens)
        self._boxes[name].addWidget(label(name, heading=True))
        self._boxes[name].addWidget(section)

    # --- goals ------------------------------------------------------------------------------

    def _add_goal(self, kind: str, target: float, phone: str) -> None:
        def add(store: Store, learner_id: str, alphabet: str) -> list[GoalState]:
            add_goal(store, learner_id, kind, target, phone or None)
            return _goals(store, learner_id, alphabet)

        self._run("goals", add, self._show_goals)

    def _remove_goal(self, goal: GoalState) -> None:
        def remove(store: Store, learner_id: str, alphabet: str) -> list[GoalState]:
            remove_goal(store, goal.id)
            return _goals(store, learner_id, alphabet)

        def done(left: list[GoalState]) -> None:
            self._show_goals(left)
            self.banner.tell(
                "The goal is removed.",
                action="Undo",
                do=lambda: self._add_goal(goal.kind, goal.target, goal.phone or ""),
            )

        self._run("goals", remove, done)


def _scores(store: Store, learner_id: str, days: int | None, alphabet: str) -> _Scores:
    """Find out how scores went; in the background, where what draws them is imported, too."""
    import app.windows.progress.score_chart  # noqa: F401
    from app.windows.progress.dots import chart_data

    now = datetime.now(UTC)
    today, first = now.astimezone().date(), first_day(store, learner_id)
    if first is None:
        return _Scores("", 0, None)
    since = None if days is None else today - timedelta(days=days - 1)
    return _Scores(
        sentence(this_week(store, learner_id, now), alphabet),
        streak(store, learner_id, today),
        chart_data(scores_over_days(store, learner_id, since, today), first),
    )


def _sounds(store: Store, learner_id: str, alphabet: str) -> list[PhoneMastery]:
    """Find out how well each sound is said; in the background."""
    import app.windows.progress.ipa_chart  # noqa: F401

    # The words by which sounds are named are read from a file the first time.
    phone_words(PHONES[0], alphabet)
    return phone_mastery(store, learner_id, datetime.now(UTC))


def _goals(store: Store, learner_id: str, alphabet: str) -> list[GoalState]:
    """Find out how far the goals are reached; in the background."""
    import app.windows.progress.goals_view  # noqa: F401

    phone_words(PHONES[0], alphabet)
    return goals(store, learner_id, datetime.now(UTC), alphabet=alphabet)
