"""Decides which text the practice page shows: of a lesson, of weak phones, of one's own, or a drill."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.library.lessons import first_lesson
from app.windows.course import Course, Step
from app.windows.practice import PracticePage
from app.windows.services import Services
from app.windows.state import State
from assessment.control import Control
from assessment.errors import TextError
from assessment.text import ReferenceText

if TYPE_CHECKING:
    from app.library.catalogue import KeptLesson
    from app.library.weak_sounds import WeakSession

# Longer texts are parsed in the background.
_LONG_CHARACTERS = 2_000
FIRST = "first-steps"


class Programme(QObject):
    """What is read, one text after the other.

    Parameters
    ----------
    services : Services
        Library and settings.
    practice : PracticePage
        Where it is shown.

    Signals
    -------
    told(str, str)
        Title and place, such as "Lesson · First steps", "3 of 12".
    failed(str)
        Why a text cannot be shown, for people.
    """

    told = Signal(str, str)
    failed = Signal(str)

    def __init__(self, services: Services, practice: PracticePage) -> None:
        super().__init__(practice)
        self._services, self._practice = services, practice
        self._course = _first()
        # What is left for a text of one's own, which Ctrl+L brings back; and for a drill.
        self._lesson = self._course
        self._before_drill: Step | None = None
        services.library_opened.connect(self.go_on)
        services.learner_changed.connect(self._start_over)

    @property
    def course(self) -> Course:
        """What is read now."""
        return self._course

    # --- lessons ----------------------------------------------------------------------------

    def go_on(self) -> None:
        """Show the lesson where it was left, unless something else is read already."""
        if self._course.step.kind == "lesson" and not self._practice.reading.is_at_work:
            window = self._services.settings.window
            self.start_lesson(window.lesson or FIRST, window.place, is_new=False)

    def _start_over(self) -> None:
        """Show somebody else where they have stopped, and nothing of whoever read before."""
        self._practice.set_text(self._course.step)
        learner_id = self._services.learner_id

        def work(_control: Control) -> tuple[str, int]:
            from app.library import attempts

            return attempts.last_place(self._services.wait_for_library().store, learner_id) or (FIRST, 0)

        self._services.tasks.run(work, lambda found: self.start_lesson(*found), self.failed.emit)

    def start_lesson(self, lesson_id: str, place: int = 0, *, is_new: bool = True) -> None:
        """Show a lesson of the library.

        Parameters
        ----------
        lesson_id : str
            Which.
        place : int
            Which of its texts.
        is_new : bool
            Whether it was asked for; if not, what is being read meanwhile stays.
        """

        def work(_control: Control) -> KeptLesson:
            from app.library import catalogue

            return catalogue.lesson(self._services.wait_for_library().store, lesson_id)

        def done(lesson: KeptLesson) -> None:
            course = _course(lesson).at(place)
            is_free = not self._practice.reading.is_at_work  # what is being read now must not be lost
            if is_free and (is_new or self._course.step.kind == "lesson"):
                self._lesson = course
                self.show(course)

        self._services.tasks.run(work, done, self.failed.emit if is_new else lambda _message: None)

    def start_weak_sounds(self, session: WeakSession) -> None:
        """Show the texts of a session that was composed of weak phones."""
        steps = tuple(
            Step(item.text, "weak-sounds", item.lesson_id, item.item_id, item.pronunciations, item.why)
            for item in session.items
        )
        self.show(Course("My weak sounds", steps))

    def back_to_lesson(self) -> None:
        """Go on with the lesson that a text of one's own has interrupted."""
        self.show(self._lesson)

    def show(self, course: Course) -> None:
        """Show a course at its place; a text that is shown already stays as it is."""
        is_same = self._practice.reading.step.text == course.step.text and self._before_drill is None
        self._course, self._before_drill = course, None
        if is_same:
            self._practice.reading.step = course.step
        else:
            self._practice.set_text(course.step)
        self._tell()

    def step(self, by: int) -> None:
        """Go to another text; without a penalty, whatever was read of this one."""
        if self._practice.reading.state in (State.STARTING, State.READING):
            return
        if self._course.step.kind == "own":
            self.back_to_lesson()
            return
        course = self._course.moved(by)
        if course.lesson_id is not None:
            self._lesson = course
        self.show(course)

    def _tell(self) -> None:
        course = self._course
        is_own = course.step.kind == "own"
        title = f"Lesson · {course.title}" if course.lesson_id else course.title
        self.told.emit(title, "" if is_own else f"{course.place + 1} of {len(course.steps)}")
        # Before the library is open the place that was remembered is still to be gone to.
        if course.lesson_id and course.step.item_id:
            self._services.change("window", lesson=course.lesson_id, place=course.place)

    # --- texts of one's own -----------------------------------------------------------------

    @property
    def own_text(self) -> str:
        """The text of one's own that is shown; empty if none is."""
        return self._course.step.text if self._course.step.kind == "own" else ""

    def show_own(
        self, text: str, title: str = "Your own text", then: Callable[[], None] | None = None
    ) -> None:
        """Show a text of the learner's own, or say why it cannot be read.

        Parameters
        ----------
        text : str
            Any text; a long one is shown a moment later.
        title : str
            Shown at the top.
        then : callable, optional
            Called once the text is shown.
        """
        self.show_step(Step(text), title, then)

    def show_step(self, step: Step, title: str, then: Callable[[], None] | None = None) -> None:
        """Show one text by itself; see `show_own`."""

        def take(reference: ReferenceText) -> None:
            self._practice.set_reference(reference, step)
            self._course, self._before_drill = Course(title, (step,)), None
            self._tell()
            if then is not None:
                then()

        if len(step.text) > _LONG_CHARACTERS:
            self._practice.banner.tell("Looking at the text …")
            self._services.tasks.run(lambda _control: ReferenceText.parse(step.text), take, self.failed.emit)
            return
        try:
            take(ReferenceText.parse(step.text))
        except TextError as problem:
            self.failed.emit(str(problem))

    # --- drills -----------------------------------------------------------------------------

    def drill(self, words: tuple[str, ...]) -> None:
        """Practise words by themselves, three times; no words: go back to the text."""
        if not words:
            before, self._before_drill = self._before_drill, None
            if before is not None:
                self._practice.set_text(before)
            return
        if self._before_drill is None:
            self._before_drill = self._practice.reading.step
        self._practice.set_text(f"{', '.join([*words] * 3)}.", can_go_back=True)


def _first() -> Course:
    """Return the lesson that is read until the library is open."""
    lesson = first_lesson()
    steps = tuple(Step(item.text, "lesson", FIRST, note=item.note) for item in lesson.items)
    return Course(lesson.title, steps)


def _course(lesson: KeptLesson) -> Course:
    steps = tuple(
        Step(
            item.text,
            "lesson",
            lesson.id,
            item.id,
            {word: tuple(tuple(each.split()) for each in said) for word, said in item.pronunciations.items()},
            item.note,
            item.recording,
        )
        for item in lesson.items
    )
    return Course(lesson.title, steps)
