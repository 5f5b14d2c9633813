"""The pages beside the practice page: each is made when it is first wanted, and told what the others ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.windows.attempt import Attempt
from app.windows.course import Step
from app.windows.practice import PracticePage
from app.windows.programme import Programme
from app.windows.services import Services
from app.windows.tokens import LIGHT, Tokens
from app.windows.words_of_time import moment
from assessment.control import Control

if TYPE_CHECKING:
    from app.library.attempts import KeptAttempt
    from app.library.teaching.review import Queue
    from app.library.weak_sounds import WeakSession
    from app.windows.classes.page import ClassesPage
    from app.windows.comparison.page import ComparisonPage
    from app.windows.history.page import HistoryPage
    from app.windows.lessons.editor import LessonEditor
    from app.windows.lessons.home import HomePage
    from app.windows.progress.page import ProgressPage
    from app.windows.review.page import ReviewPage
    from app.windows.weak_sounds.page import WeakSoundsPage

TITLES = {
    "home": "Lessons",
    "history": "History",
    "comparison": "Comparison",
    "progress": "Progress",
    "weak-sounds": "My weak sounds",
    "editor": "Lesson editor",
    "classes": "Classes",
    "review": "Review",
}
NO_LIBRARY = "The library is being opened. Try again in a moment."


class House(QObject):
    """Shows pages and carries what one of them asks to the others.

    Parameters
    ----------
    services : Services
        What all share.
    stack : QStackedWidget
        Where pages are shown.
    practice : PracticePage
        The page that is always there.
    programme : Programme
        What is read on it.

    Signals
    -------
    own_text_asked()
        A text of one's own is to be given.
    page_shown(str)
        The title of the page that is shown; "" for the practice page.
    hand_in_asked(object)
        Attempts, by their ids, are to be given to a teacher.
    hand_ins_asked(str), collect_asked(str), roster_asked(str)
        Hand-ins, a folder of recordings, or a list of learners is to come into a class, by its id, or "".
    report_asked(object)
        A report, a `Wanted`, is to be written.
    """

    own_text_asked = Signal()
    page_shown = Signal(str)
    hand_in_asked = Signal(object)
    hand_ins_asked = Signal(str)
    collect_asked = Signal(str)
    roster_asked = Signal(str)
    report_asked = Signal(object)

    def __init__(
        self, services: Services, stack: QStackedWidget, practice: PracticePage, programme: Programme
    ) -> None:
        super().__init__(stack)
        self._services, self._stack = services, stack
        self._practice, self._programme = practice, programme
        self._tokens = LIGHT
        self._pages: dict[str, Any] = {}
        # From where two readings were compared.
        self._compared_on = "history"
        self._makers: dict[str, Callable[[], QWidget]] = {
            "home": self._make_home,
            "history": self._make_history,
            "comparison": self._make_comparison,
            "progress": self._make_progress,
            "weak-sounds": self._make_weak_sounds,
            "editor": self._make_editor,
            "classes": self._make_classes,
            "review": self._make_review,
        }
        services.learner_changed.connect(self.refresh)

    # --- showing ----------------------------------------------------------------------------

    def page(self, name: str) -> Any:
        """Return a page, which is made the first time.

        Parameters
        ----------
        name : str
            Which, of `TITLES`.
        """
        if name not in self._pages:
            made: Any = self._makers[name]()
            made.set_tokens(self._tokens)
            self._stack.addWidget(made)
            self._pages[name] = made
        return self._pages[name]

    def show_page(self, name: str) -> Any:
        """Show a page as things stand now; without a library say that it is not open yet."""
        if self._services.store is None:
            self._tell(NO_LIBRARY)
            return None
        self._leave()
        page = self.page(name)
        self._stack.setCurrentWidget(page)
        self.page_shown.emit(TITLES[name])
        page.refresh()
        page.setFocus()
        return page

    def show_practice(self) -> None:
        """Show the practice page."""
        self._leave()
        self._stack.setCurrentWidget(self._practice)
        self.page_shown.emit("")
        self._practice.text.setFocus()

    def step(self, by: int) -> bool:
        """Go to another reading on the page of review; return whether this is the page that is shown."""
        review: ReviewPage | None = self._pages.get("review")
        if review is None or self._stack.currentWidget() is not review:
            return False
        review.step(by)
        return True

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        for page in self._pages.values():
            page.set_tokens(tokens)

    def finish(self) -> None:
        """Do what was put off: the program ends, or another library is opened."""
        self._leave()

    def can_close(self) -> bool:
        """Return whether no page has changes that would be lost; asks about them."""
        editor: LessonEditor | None = self._pages.get("editor")
        return editor is None or editor.can_close()

    def _leave(self) -> None:
        """Leave the page that is shown: what can no longer be undone is done."""
        history: HistoryPage | None = self._pages.get("history")
        if history is not None:
            history.finish_deleting()
        review: ReviewPage | None = self._pages.get("review")
        if review is not None:
            review.finish()

    def refresh(self) -> None:
        """Show what is in the library now."""
        shown: Any = self._stack.currentWidget()
        if shown in self._pages.values():
            shown.refresh()

    def _shown_name(self) -> str:
        """Return the name of the page that is shown; "" for another one."""
        return next((name for name, page in self._pages.items() if page is self._stack.currentWidget()), "")

    def _tell(self, message: str) -> None:
        self.show_practice()
        self._practice.banner.tell(message, trouble=True)

    # --- pages ------------------------------------------------------------------------------

    def _make_home(self) -> HomePage:
        from app.windows.lessons.home import HomePage

        home = HomePage(self._services)
        home.lesson_asked.connect(self._start_lesson)
        home.continue_asked.connect(self._start_lesson)
        home.weak_sounds_asked.connect(lambda: self.show_page("weak-sounds"))
        home.own_text_asked.connect(self.own_text_asked)
        home.edit_asked.connect(self.edit_lesson)
        return home

    def _make_history(self) -> HistoryPage:
        from app.windows.history.page import HistoryPage

        history = HistoryPage(self._services)
        history.attempt_asked.connect(self.show_attempt)
        history.comparison_asked.connect(self.compare)
        history.practice_asked.connect(self.show_practice)
        history.hand_in_asked.connect(self.hand_in_asked)
        return history

    def _make_comparison(self) -> ComparisonPage:
        from app.windows.comparison.page import ComparisonPage

        comparison = ComparisonPage(self._services)
        comparison.closed.connect(lambda: self.show_page(self._compared_on))
        comparison.attempt_asked.connect(self.show_attempt)
        return comparison

    def _make_progress(self) -> ProgressPage:
        from app.windows.progress.page import ProgressPage

        progress = ProgressPage(self._services)
        progress.attempt_asked.connect(self.show_attempt)
        progress.phone_asked.connect(self.show_phone)
        progress.practice_asked.connect(self.show_practice)
        return progress

    def _make_weak_sounds(self) -> WeakSoundsPage:
        from app.windows.weak_sounds.page import WeakSoundsPage

        weak = WeakSoundsPage(self._services)
        weak.session_asked.connect(self._start_weak_sounds)
        weak.phone_asked.connect(self.show_phone)
        weak.practice_asked.connect(self.show_practice)
        return weak

    def _make_editor(self) -> LessonEditor:
        from app.windows.lessons.editor import LessonEditor

        editor = LessonEditor(self._services)
        editor.closed.connect(lambda: self.show_page("home"))
        editor.try_asked.connect(self._try_item)
        return editor

    def _make_classes(self) -> ClassesPage:
        from app.windows.classes.page import ClassesPage

        classes = ClassesPage(self._services)
        classes.review_asked.connect(self.review)
        classes.comparison_asked.connect(self.compare)
        classes.hand_ins_asked.connect(self.hand_ins_asked)
        classes.collect_asked.connect(self.collect_asked)
        classes.roster_asked.connect(self.roster_asked)
        classes.report_asked.connect(self.report_asked)
        return classes

    def _make_review(self) -> ReviewPage:
        from app.windows.review.page import ReviewPage

        review = ReviewPage(self._services)
        review.comparison_asked.connect(self.compare)
        review.classes_asked.connect(lambda: self.show_page("classes"))
        review.learner_report_asked.connect(self._report_learner)
        return review

    # --- what pages ask ---------------------------------------------------------------------

    def _start_lesson(self, lesson_id: str, place: int = 0) -> None:
        self.show_practice()
        self._programme.start_lesson(lesson_id, place)

    def _start_weak_sounds(self, session: WeakSession) -> None:
        self.show_practice()
        self._programme.start_weak_sounds(session)

    def edit_lesson(self, lesson_id: str | None) -> None:
        """Open a lesson, or a new one, in the editor."""
        editor = self.show_page("editor")
        if editor is not None:
            editor.open(lesson_id or None)

    def _try_item(self, step: Step) -> None:
        self.show_practice()
        self._programme.show_step(step, "Trying a text of your lesson")
        self._offer_back("This is how it looks to a learner.", "editor")

    def review(self, wanted: Queue) -> None:
        """Show readings to a teacher, to be reviewed."""
        review = self.show_page("review")
        if review is not None:
            review.show_queue(wanted)

    def _report_learner(self, learner_id: str) -> None:
        from app.reports.data import Wanted

        self.report_asked.emit(Wanted(learner_id=learner_id))

    def show_phone(self, phone: str) -> None:
        """Show the readings in which a phone was wrong."""
        history = self.show_page("history")
        if history is not None:
            history.show_phone(phone)

    def compare(self, one: str, other: str) -> None:
        """Show two readings beside each other."""
        shown = self._shown_name()
        if shown != "comparison":
            self._compared_on = shown or "history"
        comparison = self.show_page("comparison")
        if comparison is not None:
            comparison.show_attempts(one, other)

    def show_attempt(self, attempt_id: str) -> None:
        """Show an earlier reading as it was scored then."""
        back = self._shown_name()

        def work(_control: Control) -> KeptAttempt:
            from app.library import attempts

            return attempts.load(self._services.wait_for_library().store, attempt_id)

        def done(kept: KeptAttempt) -> None:
            if self._practice.reading.is_at_work:  # what is being read now must not be lost
                return
            row = kept.row
            step = Step(row.text, "own", row.lesson_id, row.item_id)
            self.show_practice()
            self._programme.show_step(
                step,
                f"{row.lesson or 'Your own text'} · {moment(row.started)}",
                lambda: self._show_kept(kept, back),
            )

        self._services.tasks.run(work, done, self._tell)

    def _show_kept(self, kept: KeptAttempt, back: str) -> None:
        self._practice.show_attempt(Attempt(kept.recording, kept.assessment, kept.row.id))
        missing = "" if kept.recording else " Its recording is not kept any more."
        self._offer_back(f"You read this {moment(kept.row.started)}.{missing}", back)

    def _offer_back(self, message: str, name: str) -> None:
        if name:
            self._practice.banner.tell(message, action="Back", do=lambda: self._go_back(name))
        else:
            self._practice.banner.tell(message)

    def _go_back(self, name: str) -> None:
        self._practice.banner.hide()
        self.show_page(name)
