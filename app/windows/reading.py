"""Records a reading, follows the reader meanwhile, and has it assessed; how it looks is not its business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.audio.events import Ended, Event, Heard
from app.library.records import Purpose
from app.tasks import Task
from app.windows.attempt import Attempt
from app.windows.course import Step
from app.windows.following import Following
from app.windows.services import Services
from app.windows.state import State
from assessment.control import Control
from assessment.errors import ElocuteError
from assessment.results import Assessment
from assessment.text import ReferenceText

if TYPE_CHECKING:
    from app.audio.journal import Abandoned, Journal, Take
    from assessment.audio import Recording
    from assessment.streaming import Position

_COUNT = 3
TOO_SHORT = "Nothing was recorded. Press Space, wait for “Speak now”, then read."


class Reading(QObject):
    """One text and its readings, one after the other.

    Parameters
    ----------
    services : Services
        Engine, microphone and settings.

    Signals
    -------
    state_changed(object, str)
        A `State`, and what to say instead of its own words.
    place_changed(int, object)
        How many words are behind the reader; the index of the word that is read, or None.
    progressed(float)
        How far the assessment is, 0-1.
    assessed(object)
        An `Attempt`.
    failed(str)
        What went wrong, for people.
    """

    state_changed = Signal(object, str)
    place_changed = Signal(int, object)
    progressed = Signal(float)
    assessed = Signal(object)
    failed = Signal(str)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.state = State.LOADING
        self.reference: ReferenceText | None = None
        self.step = Step("")
        self.attempts: list[Attempt] = []
        self._following: Following | None = None
        self._task: Task | None = None
        # Of the recording that is being assessed.
        self._journal: Journal | Abandoned | None = None
        self._has_started = False
        self._left_to_count = 0
        self._counting = QTimer(self)
        self._counting.setInterval(1000)
        self._counting.timeout.connect(self._count)
        services.sound_event.connect(self._hear)
        services.engine_ready.connect(self._engine_ready)

    @property
    def is_at_work(self) -> bool:
        """Whether something is being recorded or assessed."""
        return self.state in (State.STARTING, State.READING, State.ASSESSING)

    # --- the text ---------------------------------------------------------------------------

    def set_reference(self, reference: ReferenceText, step: Step | None = None) -> None:
        """Take another text; what is being recorded of the one before is thrown away.

        Parameters
        ----------
        reference : ReferenceText
            The text.
        step : Step, optional
            Where it comes from; a text of one's own if it is left out.
        """
        self.stop_everything()
        self.reference = reference
        self.step = step or Step(reference.text)
        self.attempts = []
        self._settle()

    def _engine_ready(self) -> None:
        if self.state is State.LOADING:
            self._settle()

    def _settle(self) -> None:
        """Go back to where a reading can begin."""
        is_ready = self._services.assessor is not None and self.reference is not None
        scored = State.SCORED if self.attempts else State.READY
        self._go(scored if is_ready else State.LOADING)

    def _go(self, state: State, told: str = "") -> None:
        self.state = state
        self.state_changed.emit(state, told)

    # --- recording --------------------------------------------------------------------------

    def toggle(self) -> None:
        """Begin to record, or stop."""
        if self.state in (State.READY, State.SCORED):
            self._begin()
        elif self.state is State.READING:
            self._end()
        elif self.state is State.STARTING:
            self.discard()

    def _begin(self) -> None:
        recorder = self._services.recorder
        if recorder is None:
            self.failed.emit("The microphone is not ready yet. Try again in a moment.")
            return
        if self._services.settings.sound.countdown:
            self._left_to_count = _COUNT
            self._go(State.STARTING, str(_COUNT))
            self._counting.start()
        else:
            self._record()

    def _count(self) -> None:
        self._left_to_count -= 1
        if self._left_to_count > 0:
            self._go(State.STARTING, str(self._left_to_count))
            return
        self._counting.stop()
        self._record()

    def _record(self) -> None:
        assessor, reference, recorder = self._services.assessor, self.reference, self._services.recorder
        assert assessor is not None
        assert reference is not None
        assert recorder is not None
        self._has_started = False
        self._go(State.STARTING)
        bridge, own = self._services.bridge, self.step.pronunciations
        following = Following(
            lambda: assessor.follow(reference, assessor.pronunciations(reference, own)),
            lambda position: bridge.deliver(lambda: self._take_position(following, position)),
        )
        self._following = following
        recorder.begin(reference.text, self._purpose().to_dict())

    def _purpose(self) -> Purpose:
        return self.step.purpose(self._services.learner_id)

    def _end(self) -> None:
        if self._services.recorder is not None:
            self._services.recorder.end()

    def discard(self) -> None:
        """Throw away what is being recorded, or stop the assessment."""
        if self.state is State.ASSESSING:
            self.cancel()
        elif self.state in (State.STARTING, State.READING):
            self.stop_everything()
            self._settle()

    def close(self) -> None:
        """Follow and assess no longer; what is being recorded stays in its journal."""
        self._counting.stop()
        self._stop_following()
        self._stop_assessing()

    def stop_everything(self) -> None:
        """Record, follow and assess no longer; what is being recorded is thrown away."""
        self._counting.stop()
        self._stop_following()
        if self.state in (State.STARTING, State.READING) and self._services.recorder is not None:
            self._services.recorder.discard()
        self._stop_assessing()

    def _stop_following(self) -> None:
        if self._following is not None:
            self._following.close()
            self._following = None

    # --- what the recorder says -------------------------------------------------------------

    def _hear(self, event: Event) -> None:
        if isinstance(event, Heard):
            self._take_block(event)
        elif isinstance(event, Ended):
            self._take_end(event)

    def _take_block(self, heard: Heard) -> None:
        if not heard.is_recording or self._following is None:
            return
        self._following.feed(heard.block)
        if not self._has_started and self.state is State.STARTING:
            self._has_started = True
            self._go(State.READING)

    def _take_position(self, following: Following, position: Position) -> None:
        if following is not self._following or self.state is not State.READING:
            return
        self.place_changed.emit(len(position.words), position.current)
        if position.end is not None and self._services.settings.sound.stop_by_itself:
            self._end()

    def _take_end(self, ended: Ended) -> None:
        if self.state not in (State.STARTING, State.READING):
            return
        if self.reference is None or ended.take.text != self.reference.text:
            return  # another recording, such as a test of the microphone, gave way to this one
        self._stop_following()
        if not len(ended.take.samples):
            if ended.journal is not None:
                ended.journal.discard()
            self._settle()
            self.failed.emit(TOO_SHORT)
            return
        self.assess_take(ended.take, ended.journal)

    # --- assessing --------------------------------------------------------------------------

    def assess_take(self, take: Take, journal: Journal | Abandoned | None = None) -> None:
        """Assess a recording of the text; once it is kept, its journal is no longer needed."""

        def make() -> Recording:
            from assessment.audio import SAMPLE_RATE, Recording

            return Recording.from_samples(take.samples, SAMPLE_RATE, "Your recording")

        purpose = Purpose.from_dict(take.extra) if take.extra else self._purpose()
        self._assess(make, take.started, purpose, journal)

    def assess_recording(self, recording: Recording) -> None:
        """Assess a recording of the text that was opened from a file."""
        self._assess(lambda: recording, datetime.now(UTC), self._purpose(), None)

    def _assess(
        self,
        make: Callable[[], Recording],
        started: datetime,
        purpose: Purpose,
        journal: Journal | Abandoned | None,
    ) -> None:
        assessor, reference, own = self._services.assessor, self.reference, self.step.pronunciations
        assert assessor is not None
        assert reference is not None
        self._journal = journal
        self._go(State.ASSESSING)

        def work(control: Control) -> tuple[Attempt, str]:
            recording = make()
            words = assessor.pronunciations(reference, own)
            assessment = assessor.assess(recording, reference, words, control=control)
            control.check()
            # What is on the screen has been kept: a crash from then on loses nothing.
            return self._kept(recording, assessment, purpose, started, journal)

        def done(result: tuple[Attempt, str]) -> None:
            attempt, trouble = result
            self.attempts.append(attempt)
            self._journal = None
            self._go(State.SCORED)
            self.assessed.emit(attempt)
            if trouble:
                self._services.notice.emit(trouble)

        def failed(message: str) -> None:
            self._stop_assessing()
            self._settle()
            self.failed.emit(message)

        self._task = self._services.tasks.run(work, done, failed, self.progressed.emit)

    def cancel(self) -> None:
        """Stop the assessment; the recording stays in its journal."""
        self._stop_assessing()
        self._settle()

    def _stop_assessing(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _kept(
        self,
        recording: Recording,
        assessment: Assessment,
        purpose: Purpose,
        started: datetime,
        journal: Journal | Abandoned | None,
    ) -> tuple[Attempt, str]:
        """Keep a reading and let its journal go, or say why it cannot be kept; off the window's thread."""
        from app.library import attempts

        wanted = self._services.settings.privacy.keep_recordings != "never"
        try:
            opened = self._services.wait_for_library()
            whose = purpose if purpose.learner_id else replace(purpose, learner_id=opened.learner_id)
            kept = attempts.add(opened.store, whose, recording, assessment, started, keep_recording=wanted)
        except ElocuteError as problem:
            if journal is not None:
                journal.close()
            return Attempt(recording, assessment), str(problem)
        if journal is not None:
            journal.discard()
        return Attempt(recording, assessment, kept), ""
