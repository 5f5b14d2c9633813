"""Records a spoken comment; what is done with it is not its business."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.audio.events import Ended, Event, Heard, Trouble
from app.audio.journal import Journal
from app.library.records import AttemptRow
from app.windows.services import Services
from assessment.audio import SAMPLE_RATE, Recording
from assessment.control import Control

# Tells it from a reading, and says what it is if it is found after a crash.
TEXT = "A spoken comment"
MOST_SECONDS = 300.0
NO_MICROPHONE = "The microphone is not ready yet. Try again in a moment."
NOTHING = "Nothing was recorded. Press V, wait for “Speak now”, then speak."


@dataclass(frozen=True, eq=False)
class Spoken:
    """What was spoken, on what, and where it lies until it is kept."""

    row: AttemptRow
    word: int | None
    recording: Recording
    journal: Journal | None


class Speaking(QObject):
    """Records one comment at a time.

    Parameters
    ----------
    services : Services
        Where the microphone is.

    Attributes
    ----------
    is_recording : bool
        Whether something is being recorded, or is about to be.

    Signals
    -------
    progressed(float)
        So many seconds were recorded; 0 before the first sound comes.
    spoken(object)
        A `Spoken` comment is to be kept.
    stopped()
        Nothing is recorded any more.
    failed(str)
        Nothing could be recorded, and why.
    """

    progressed = Signal(float)
    spoken = Signal(object)
    stopped = Signal()
    failed = Signal(str)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.is_recording = False
        # On what, until the recording has come.
        self._about: tuple[AttemptRow, int | None] | None = None
        services.sound_event.connect(self._hear)

    def begin(self, row: AttemptRow, word: int | None) -> None:
        """Begin to record a comment on a word of an attempt, or on all of it."""
        recorder = self._services.recorder
        if recorder is None:
            self.failed.emit(NO_MICROPHONE)
            return
        if self._about is not None:  # the one before is not there yet
            return
        self.is_recording, self._about = True, (row, word)
        self.progressed.emit(0.0)
        recorder.begin(TEXT)

    def end(self) -> None:
        """Stop, and keep what was spoken."""
        if self.is_recording and self._services.recorder is not None:
            self.is_recording = False
            self._services.recorder.end()
            self.stopped.emit()

    def discard(self) -> None:
        """Stop, and keep nothing."""
        if self.is_recording and self._services.recorder is not None:
            self.is_recording, self._about = False, None
            self._services.recorder.discard()
            self.stopped.emit()

    def _hear(self, event: Event) -> None:
        if self._about is None:
            return
        if isinstance(event, Heard) and event.is_recording and self.is_recording:
            self.progressed.emit(event.seconds)
            if event.seconds >= MOST_SECONDS:
                self.end()
        elif isinstance(event, Ended) and event.take.text == TEXT:
            self._finish(event, *self._about)
        elif isinstance(event, Trouble) and self.is_recording:
            self.failed.emit(event.message)

    def _finish(self, ended: Ended, row: AttemptRow, word: int | None) -> None:
        self._about = None
        if self.is_recording:  # the microphone was lost, or it took too long
            self.is_recording = False
            self.stopped.emit()
        if not len(ended.take.samples):
            if ended.journal is not None:
                ended.journal.discard()
            self.failed.emit(NOTHING)
            return
        samples, journal = ended.take.samples, ended.journal

        def work(_control: Control) -> Spoken:
            return Spoken(row, word, Recording.from_samples(samples, SAMPLE_RATE, "Your comment"), journal)

        def failed(message: str) -> None:
            if journal is not None:
                journal.discard()
            self.failed.emit(message)

        self._services.tasks.run(work, self.spoken.emit, failed)
