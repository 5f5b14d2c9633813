"""Plays the learner's reading and the model's: whole, a word or a stretch, at the chosen speed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.tasks import Task
from app.windows.course import Step
from app.windows.services import Services
from assessment.control import Control
from assessment.text import ReferenceText

if TYPE_CHECKING:
    from app.voice.model_reading import ModelReading
    from app.voice.speech import Voice
    from assessment.audio import Recording
    from assessment.engine import Assessor

# Heard before and after a word, in seconds, so that its first and last phone are not cut.
_MARGIN = 0.05
_BETWEEN_SECONDS = 0.35
# So many model readings are kept in memory.
_KEPT = 8

Floats = NDArray[np.float32]
Use = Callable[["ModelReading"], None]
# Voice, text, recording of the lesson, pronunciations of the lesson.
Key = tuple[str, str, str | None, str]


class Playback(QObject):
    """Plays what is asked for, and has the model voice speak where that is needed.

    Parameters
    ----------
    services : Services
        Player, engine and settings.

    Signals
    -------
    playing(bool)
        Something begins or ends to be heard.
    preparing(bool)
        The model voice is being made.
    failed(str)
        Something cannot be heard, and why.
    """

    playing = Signal(bool)
    preparing = Signal(bool)
    failed = Signal(str)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._recording: Recording | None = None
        self._reference: ReferenceText | None = None
        self._step = Step("")
        self._models: OrderedDict[Key, ModelReading] = OrderedDict()
        self._task: Task | None = None
        # What is being made, and who waits for it.
        self._wanted: Key | None = None
        self._waiting: list[Use] = []
        self.is_playing = False
        # When the newest sound began, in seconds of the recording; None if it is not the learner's.
        self.mine_from: float | None = None
        self._speed = 1.0
        # Counts what was to be heard, and each silence that was asked for.
        self._sound = 0
        # What cannot be played is told as a notice.
        services.notice.connect(lambda _message: self._set_playing(False))

    # --- what there is to hear --------------------------------------------------------------

    def set_reference(self, reference: ReferenceText, step: Step | None = None) -> None:
        """Take another text, and what its lesson says about how it sounds."""
        self.stop()
        self._reference, self._recording = reference, None
        self._step = step or Step(reference.text)

    def _key(self, reference: ReferenceText) -> Key:
        own = repr(sorted(self._step.pronunciations.items()))
        return self._services.settings.voice.voice, reference.text, self._step.recording, own

    def set_recording(self, recording: Recording | None) -> None:
        """Take what the learner said."""
        self._recording = recording

    @property
    def has_model(self) -> bool:
        """Whether the text can be heard at once from the model."""
        return self._reference is not None and self._key(self._reference) in self._models

    def prepare(self, then: Use | None = None, *, announce: bool = False) -> None:
        """Have the text read by the model voice, if it was not yet.

        Parameters
        ----------
        then : callable, optional
            Gets the model's reading.
        announce : bool
            Whether somebody waits for it and is to be told of the progress.
        """
        reference, assessor = self._reference, self._services.assessor
        if reference is None or assessor is None:
            return
        key = self._key(reference)
        if key in self._models:
            self._models.move_to_end(key)
            if then is not None:
                then(self._models[key])
            return
        is_being_made = self._task is not None and not self._task.is_over and self._wanted == key
        if not is_being_made:
            self._make(key, assessor, reference)
        if then is not None:
            self._waiting.append(then)
        if announce or not is_being_made:
            self.preparing.emit(announce)

    def _make(self, key: Key, assessor: Assessor, reference: ReferenceText) -> None:
        if self._task is not None:
            self._task.cancel()
        self._wanted, self._waiting = key, []
        step, services = self._step, self._services

        def work(control: Control) -> ModelReading:
            from app.voice.model_reading import read_model
            from app.voice.recorded import RecordedVoice
            from app.voice.voices import choose

            voice: Voice = choose(key[0])
            if step.recording is not None:
                voice = RecordedVoice(services.wait_for_library().store.audio.path(step.recording))
            return read_model(assessor, voice, reference, control, step.pronunciations)

        def done(model: ModelReading) -> None:
            self._models[key] = model
            while len(self._models) > _KEPT:
                self._models.popitem(last=False)
            self.preparing.emit(False)
            waiting, self._waiting = self._waiting, []
            for use in waiting:
                use(model)

        self._task = self._services.tasks.run(work, done, self._fail)

    def _fail(self, message: str) -> None:
        self.preparing.emit(False)
        self.failed.emit(message)

    # --- playing ----------------------------------------------------------------------------

    def play_model(self, first: int | None = None, last: int | None = None) -> None:
        """Play the model's reading.

        Parameters
        ----------
        first, last : int, optional
            Words [first, last) of the text; the whole text if left out.
        """
        self.prepare(
            lambda model: self._start(_of_model(model, first, last), model.recording_rate), announce=True
        )

    def play_mine(self, start: float = 0.0, end: float | None = None) -> None:
        """Play the learner's recording between two times in seconds."""
        if self._recording is None:
            return
        begin = max(0.0, start - _MARGIN)
        self._start(self._mine(start, end), self._rate)
        self.mine_from = begin

    def play_both(self, start: float, end: float, first: int, last: int) -> None:
        """Play the learner's words, then the same of the model."""
        if self._recording is None:
            return
        mine = self._mine(start, end)

        def join(model: ModelReading) -> None:
            import soxr

            other = _of_model(model, first, last)
            if model.recording_rate != self._rate:
                other = soxr.resample(other, model.recording_rate, self._rate)
            rest = np.zeros(round(_BETWEEN_SECONDS * self._rate), np.float32)
            self._start(np.concatenate([mine, rest, _as_loud(other, mine)]), self._rate)

        self.prepare(join, announce=True)

    @property
    def _rate(self) -> int:
        from assessment.audio import SAMPLE_RATE

        return SAMPLE_RATE

    def _mine(self, start: float, end: float | None) -> Floats:
        assert self._recording is not None
        samples = self._recording.samples
        first = max(0, round((start - _MARGIN) * self._rate))
        last = len(samples) if end is None else round((end + _MARGIN) * self._rate)
        return samples[first:last]

    def _start(self, samples: Floats, rate: int) -> None:
        from app.audio.stretch import slowed

        self.mine_from = None
        self._speed = self._services.settings.voice.speed
        self._sound += 1
        if self._speed == 1.0:
            self._play(samples, rate)
            return
        speed, sound = self._speed, self._sound

        def done(made: Floats) -> None:
            # Meanwhile something else may be wanted, or silence.
            if sound == self._sound:
                self._play(made, rate)

        self._services.tasks.run(lambda _control: slowed(samples, rate, speed), done, self._fail)

    def _play(self, samples: Floats, rate: int) -> None:
        self._set_playing(True)
        sound = self._sound
        self._services.play(samples, rate, lambda: self._ended(sound))

    def _ended(self, sound: int) -> None:
        # The end of a sound may be told when the next one has begun.
        if sound == self._sound:
            self._set_playing(False)

    def stop(self) -> None:
        """Be silent."""
        self._sound += 1
        if self._task is not None and not self._task.is_over:
            self._task.cancel()
            self.preparing.emit(False)
        if self._services.player is not None:
            self._services.player.stop()
        self._set_playing(False)

    def _set_playing(self, is_playing: bool) -> None:
        if is_playing != self.is_playing:
            self.is_playing = is_playing
            self.playing.emit(is_playing)

    @property
    def cursor(self) -> float | None:
        """The moment of the learner's recording that is being heard; None if none is."""
        if not self.is_playing or self.mine_from is None or self._services.player is None:
            return None
        return self.mine_from + self._services.player.position * self._speed


def _of_model(model: ModelReading, first: int | None, last: int | None) -> Floats:
    samples: Floats = model.slice(0 if first is None else first, len(model.words) if last is None else last)
    return samples


def _as_loud(samples: Floats, other: Floats) -> Floats:
    """Return samples as loud as others, so that the two can be compared."""
    levels = [float(np.sqrt(np.mean(np.square(each)))) if len(each) else 0.0 for each in (samples, other)]
    if not all(levels):
        return samples
    peak = float(np.abs(samples).max())
    return np.asarray(samples * min(levels[1] / levels[0], 1.0 / peak), np.float32)
