"""One text and its readings: each state, what the recorder delivers in it, and what may go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.audio.events import Discarded, Ended, Heard, Why
from app.audio.journal import Take, abandoned
from app.audio.level import Level
from app.tasks import UNEXPECTED
from app.windows.reading import TOO_SHORT, Reading
from app.windows.services import Services
from app.windows.state import State
from assessment.control import Control
from assessment.engine import Assessor
from assessment.errors import RecordingError
from assessment.streaming import FollowedWord, Position
from assessment.text import ReferenceText
from tests.app.windows.stage import ScriptedRecorder, demo

TEXT = "The sun is warm today."
BLOCK = np.full(4_800, 0.1, np.float32)


class PatientRecorder(ScriptedRecorder):
    """As the real one, does nothing if there is nothing to throw away."""

    def discard(self) -> None:
        if self.journal is None:
            self.calls.append("discard")
        else:
            super().discard()


class Course:
    """A reading whose recorder is scripted, with all that it tells."""

    def __init__(self, services: Services, assessor: Assessor, qtbot: QtBot) -> None:
        self.services, self.assessor, self.qtbot = services, assessor, qtbot
        self.recorder = PatientRecorder(services, services.journals)
        services.recorder = self.recorder  # type: ignore[assignment]
        self.reading = Reading(services)
        self.states: list[State] = []
        self.told: list[str] = []
        self.failures: list[str] = []
        self.places: list[tuple[int, int | None]] = []
        self.progress: list[float] = []
        self.reading.state_changed.connect(self._note)
        self.reading.failed.connect(self.failures.append)
        self.reading.place_changed.connect(lambda passed, current: self.places.append((passed, current)))
        self.reading.progressed.connect(self.progress.append)

    def _note(self, state: State, told: str) -> None:
        self.states.append(state)
        self.told.append(told)

    def load(self) -> None:
        self.services.open_library()
        self.services.assessor = self.assessor
        self.services.engine_ready.emit()

    def choose(self, text: str) -> None:
        self.reading.set_reference(ReferenceText.parse(text))

    def record(self, samples: np.ndarray = BLOCK) -> None:
        self.reading.toggle()
        self.recorder.hear(samples)

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=30_000)

    def wait_for(self, state: State) -> None:
        self.wait(lambda: self.reading.state is state)

    @property
    def left_behind(self) -> int:
        """How many recordings the next start would find."""
        return len(abandoned(self.services.journals))


@pytest.fixture
def course(services: Services, assessor: Assessor, qtbot: QtBot) -> Course:
    made = Course(services, assessor, qtbot)
    made.load()
    made.choose(TEXT)
    return made


class EndlessAssessment:
    """Takes the place of an assessment; goes on until it is cancelled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, assessor: Assessor) -> None:
        self.begun = threading.Event()
        self.stopped = threading.Event()
        monkeypatch.setattr(assessor, "assess", self._assess)

    def _assess(self, *_: object, control: Control) -> None:
        self.begun.set()
        try:
            while True:
                control.report(0.5)
        finally:
            self.stopped.set()


def follow_with(monkeypatch: pytest.MonkeyPatch, assessor: Assessor, *positions: Position) -> None:
    """Have each block bring the next of these positions."""
    coming = iter(positions)

    class Scripted:
        def feed(self, _samples: np.ndarray) -> Position:
            return next(coming, positions[-1])

    monkeypatch.setattr(assessor, "follow", lambda *_: Scripted())


def passed(count: int) -> tuple[FollowedWord, ...]:
    return tuple(FollowedWord(index, "word", True, 90.0, 0.0, 0.1) for index in range(count))


# --- before -------------------------------------------------------------------------------------


def test_reading_can_begin_once_there_is_a_text_and_an_engine(
    services: Services, assessor: Assessor, qtbot: QtBot
) -> None:
    course = Course(services, assessor, qtbot)
    assert course.reading.state is State.LOADING
    course.choose(TEXT)
    assert course.reading.state is State.LOADING
    course.reading.toggle()
    assert course.recorder.calls == []
    course.load()
    assert course.reading.state is State.READY


def test_an_engine_without_a_text_has_nothing_to_do(
    services: Services, assessor: Assessor, qtbot: QtBot
) -> None:
    course = Course(services, assessor, qtbot)
    course.load()
    assert course.reading.state is State.LOADING


def test_without_a_microphone_it_is_said_and_reading_can_be_tried_again(course: Course) -> None:
    course.services.recorder = None
    course.reading.toggle()
    assert course.failures == ["The microphone is not ready yet. Try again in a moment."]
    assert course.reading.state is State.READY


# --- recording ----------------------------------------------------------------------------------


def test_reading_begins_with_the_first_block_that_is_recorded(course: Course) -> None:
    course.reading.toggle()
    assert course.reading.state is State.STARTING
    course.services.sound_event.emit(Heard(Level(), BLOCK, False, 0.0))
    assert course.reading.state is State.STARTING
    course.recorder.hear(BLOCK)
    assert course.reading.state is State.READING
    course.recorder.hear(BLOCK)
    assert course.states.count(State.READING) == 1


def test_pressing_again_before_any_sound_takes_it_back(course: Course) -> None:
    course.reading.toggle()
    course.reading.toggle()
    assert course.recorder.calls == ["begin", "discard"]
    assert course.reading.state is State.READY


def test_what_is_thrown_away_leaves_no_file(course: Course) -> None:
    course.record()
    course.reading.discard()
    assert course.reading.state is State.READY
    assert list(course.services.journals.iterdir()) == []


def test_throwing_away_where_nothing_is_recorded_does_nothing(course: Course) -> None:
    course.reading.discard()
    assert course.recorder.calls == []
    assert course.states[-1] is State.READY


def test_another_text_ends_the_recording_of_the_one_before(course: Course) -> None:
    course.record()
    course.choose("Another text.")
    assert course.recorder.calls[-1] == "discard"
    assert course.reading.state is State.READY
    course.recorder.hear(BLOCK)
    assert course.reading.state is State.READY


def test_counting_down_can_be_stopped(course: Course) -> None:
    course.services.change("sound", countdown=True)
    course.reading.toggle()
    assert (course.states[-1], course.told[-1]) == (State.STARTING, "3")
    course.wait(lambda: course.told[-1] == "2")
    course.reading.discard()
    course.qtbot.wait(1_200)
    assert course.reading.state is State.READY
    assert "begin" not in course.recorder.calls


def test_a_take_without_samples_says_what_to_do_and_leaves_no_file(course: Course) -> None:
    course.reading.toggle()
    course.recorder.end()
    assert course.failures == [TOO_SHORT]
    assert course.reading.state is State.READY
    assert list(course.services.journals.iterdir()) == []


def test_what_ends_while_nothing_is_read_is_not_assessed(course: Course) -> None:
    course.services.sound_event.emit(Ended(Take(TEXT, datetime.now(UTC), BLOCK), Why.ASKED, 0, None))
    course.services.sound_event.emit(Discarded())
    assert course.reading.state is State.READY


def test_the_end_of_another_recording_is_not_taken_for_the_reading(course: Course) -> None:
    # The recorder ends what it records, such as a test of the microphone, when a reading begins.
    course.reading.toggle()
    course.services.sound_event.emit(Ended(Take("", datetime.now(UTC), BLOCK), Why.ASKED, 0, None))
    assert course.reading.state is State.STARTING


# --- following ----------------------------------------------------------------------------------


def test_the_place_of_the_reader_is_told(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    follow_with(monkeypatch, course.assessor, Position(current=2, words=passed(2)))
    course.record()
    course.wait(lambda: bool(course.places))
    assert course.places == [(2, 2)]


@pytest.mark.parametrize("why", ["read", "silence"])
def test_the_recording_ends_by_itself_after_the_last_word(
    course: Course, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    EndlessAssessment(monkeypatch, course.assessor)
    follow_with(monkeypatch, course.assessor, Position(current=None, words=passed(5), end=why))
    course.record()
    course.wait_for(State.ASSESSING)
    assert course.recorder.calls == ["begin", "end"]


def test_the_recording_goes_on_where_the_settings_say_so(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.services.change("sound", stop_by_itself=False)
    follow_with(monkeypatch, course.assessor, Position(current=None, words=passed(5), end="read"))
    course.record()
    course.wait(lambda: course.places == [(5, None)])
    assert course.reading.state is State.READING
    assert course.recorder.calls == ["begin"]


def test_a_follower_that_fails_does_not_spoil_the_reading(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_reference: ReferenceText) -> None:
        raise RuntimeError("no follower")

    monkeypatch.setattr(course.assessor, "follow", fail)
    text, recording = demo(0)
    course.choose(text)
    course.record(recording.samples)
    course.reading.toggle()
    course.wait_for(State.SCORED)
    assert course.failures == []


# --- assessing ----------------------------------------------------------------------------------


def test_each_reading_is_an_attempt_until_there_is_another_text(course: Course) -> None:
    text, recording = demo(0)
    course.choose(text)
    for number in (1, 2):
        course.reading.assess_recording(recording)
        course.wait_for(State.SCORED)
        assert len(course.reading.attempts) == number
    course.choose(TEXT)
    assert course.reading.attempts == []
    assert course.reading.state is State.READY


def test_progress_goes_from_nothing_to_all(course: Course) -> None:
    course.reading.assess_recording(demo(0)[1])
    course.wait_for(State.SCORED)
    assert course.progress == sorted(course.progress)
    assert all(0.0 <= share <= 1.0 for share in course.progress)


def test_a_long_assessment_can_be_cancelled_and_the_recording_is_found_again(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = EndlessAssessment(monkeypatch, course.assessor)
    course.record()
    course.reading.toggle()
    assert endless.begun.wait(10)
    course.reading.discard()
    assert course.reading.state is State.READY
    assert endless.stopped.wait(10)
    assert course.failures == []
    assert course.left_behind == 1


def test_another_text_stops_an_assessment_and_the_recording_is_found_again(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = EndlessAssessment(monkeypatch, course.assessor)
    course.record()
    course.reading.toggle()
    assert endless.begun.wait(10)
    course.choose("Another text.")
    assert course.reading.state is State.READY
    assert endless.stopped.wait(10)
    assert course.left_behind == 1


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (RecordingError("The recording is too noisy."), "The recording is too noisy."),
        (ZeroDivisionError("oops"), UNEXPECTED.format(problem="ZeroDivisionError")),
    ],
)
def test_a_failing_assessment_is_told_and_the_recording_is_found_again(
    course: Course, monkeypatch: pytest.MonkeyPatch, problem: Exception, message: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(course.assessor, "assess", fail)
    course.record()
    course.reading.toggle()
    course.wait(lambda: bool(course.failures))
    assert course.failures == [message]
    assert course.reading.state is State.READY
    assert course.left_behind == 1


def test_a_reading_that_cannot_be_kept_is_shown_and_its_recording_is_not_lost(
    course: Course, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "recordings").write_text("a file where the folder should be")
    notices: list[str] = []
    course.services.notice.connect(notices.append)
    text, recording = demo(0)
    course.choose(text)
    course.record(recording.samples)
    if course.reading.state is State.READING:
        course.reading.toggle()
    course.wait_for(State.SCORED)
    course.wait(lambda: bool(notices))
    assert notices[0].startswith("The recording cannot be kept in")
    assert course.left_behind == 1
