"""Plays what there is to hear on the page: the reading, the model, and spoken comments."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.library.teaching.records import CommentRow
from app.tasks import Task
from app.windows.attempt import Attempt
from app.windows.course import Step
from app.windows.playback import Playback
from app.windows.review.opening import Opened
from app.windows.services import Services
from assessment.audio import Recording
from assessment.results import Word

NO_RECORDING = "The recording of this reading is not kept any more."
LEFT_OUT = "“{word}” was left out: there is nothing to hear. Shift+Enter says it."
NO_VOICE = "The voice is not ready yet. Try again in a moment."


class Listening(QObject):
    """Plays one thing at a time.

    Parameters
    ----------
    services : Services
        Where the loudspeaker and the library are.

    Attributes
    ----------
    playback, other : Playback
        Of the reading and its model; of comments and other readings.

    Signals
    -------
    playing(bool)
        The reading or the model begins or ends to be heard.
    comment_playing(str)
        Which comment is heard, by its id; "" for none.
    told(str)
        Why something cannot be heard.
    """

    playing = Signal(bool)
    comment_playing = Signal(str)
    told = Signal(str)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._attempt: Attempt | None = None
        self._comment = ""
        self._opening: Task | None = None
        self.playback, self.other = Playback(services, self), Playback(services, self)
        self.playback.playing.connect(self.playing)
        self.playback.failed.connect(self.told)
        self.other.failed.connect(self.told)
        self.other.playing.connect(self._other_playing)

    def take(self, opened: Opened) -> None:
        """Take a reading; what was heard ends."""
        self.stop()
        kept = opened.review.kept
        self._attempt = Attempt(kept.recording, kept.assessment, kept.row.id)
        step = Step(kept.assessment.text, "own", kept.row.lesson_id, kept.row.item_id)
        self.playback.set_reference(opened.reference, step)
        self.playback.set_recording(kept.recording)

    def stop(self) -> None:
        """Be silent."""
        if self._opening is not None:
            self._opening.cancel()
        self.playback.stop()
        self.other.stop()
        self._show_comment("")

    @property
    def is_playing(self) -> bool:
        """Whether anything is heard."""
        return self.playback.is_playing or self.other.is_playing

    # --- the reading ------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play the whole reading, or stop what is heard."""
        is_playing = self.is_playing
        self.stop()
        if not is_playing and self._attempt is not None:
            if self._attempt.recording is None:
                self.told.emit(NO_RECORDING)
            else:
                self.playback.play_mine()

    def play_word(self, word: Word) -> None:
        """Play a word as it was read."""
        if self._attempt is None:
            return
        if self._attempt.recording is None:
            self.told.emit(NO_RECORDING)
        elif word.end <= word.start:
            self.told.emit(LEFT_OUT.format(word=word.text))
        else:
            self.stop()
            self.playback.play_mine(word.start, word.end)

    def play_model(self, index: int) -> None:
        """Play a word, or the whole text for -1, as it should sound."""
        if self._attempt is None:
            return
        if self._services.assessor is None:
            self.told.emit(NO_VOICE)
            return
        self.stop()
        if index < 0:
            self.playback.play_model()
        else:
            self.playback.play_model(*self._attempt.words_of_text(index))

    # --- comments ---------------------------------------------------------------------------

    def toggle_comment(self, comment: CommentRow) -> None:
        """Play a spoken comment, or stop it."""
        was_playing, store, digest = self._comment == comment.id, self._services.store, comment.recording
        self.stop()
        if was_playing or store is None or not digest:
            return

        def start(recording: Recording) -> None:
            self.other.set_recording(recording)
            self.other.play_mine()

        self._show_comment(comment.id)
        self._opening = self._services.tasks.run(
            lambda _control: store.audio.open(digest), start, self._not_opened
        )

    def _not_opened(self, message: str) -> None:
        self._show_comment("")
        self.told.emit(message)

    def _other_playing(self, is_playing: bool) -> None:
        if not is_playing:
            self._show_comment("")

    def _show_comment(self, comment_id: str) -> None:
        if comment_id != self._comment:
            self._comment = comment_id
            self.comment_playing.emit(comment_id)
