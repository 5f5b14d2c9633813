"""Tries the microphone: three seconds are recorded and played back; nothing of it is kept."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.audio.events import Ended, Event, Heard, Trouble
from app.windows.flow import SPACE, IconButton, label
from app.windows.level_bar import LevelBar
from app.windows.services import Services
from app.windows.tokens import Tokens
from assessment.audio import SAMPLE_RATE

_SECONDS = 3
# Nothing is to be read: tells the test from a reading.
_TEXT = ""
_QUIET_DBFS = -45.0
UNHEARD = (
    "I could not hear you. Check that the right microphone is chosen, that it is not muted, and that "
    "Elocute may use it."
)
HEARD = "This is how you sound. If you can hear yourself well, all is fine."


class MicrophoneTest(QWidget):
    """A button and a level; says in words what was heard.

    Parameters
    ----------
    services : Services
        Microphone and loudspeaker.
    """

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._loudest = -120.0
        self._is_testing = False
        self.button = IconButton("microphone", "Test the microphone", "Record three seconds", flat=False)
        self.level = LevelBar()
        self.told = label("Say a few words, then hear them.", quiet=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SECONDS * 1000)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.level)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE)
        page.addLayout(row)
        page.addWidget(self.told)
        self.button.clicked.connect(self.start)
        self._timer.timeout.connect(self._end)
        services.sound_event.connect(self._hear)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.button.set_tokens(tokens)
        self.level.set_tokens(tokens)

    def start(self) -> None:
        """Begin to record."""
        if self._services.recorder is None or self._is_testing:
            return
        self._is_testing, self._loudest = True, -120.0
        self.button.setEnabled(False)
        self.told.setText("One moment …")
        self._services.recorder.begin(_TEXT)

    def _end(self) -> None:
        if self._services.recorder is not None:
            self._services.recorder.end()

    def _hear(self, event: Event) -> None:
        if isinstance(event, Heard):
            self._take_block(event)
        elif isinstance(event, Trouble):
            self.level.switch_off()
            self.told.setText(event.message)
        elif isinstance(event, Ended) and self._is_testing and event.take.text == _TEXT:
            self._finish(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop, so that nothing is recorded that nobody knows of."""
        super().hideEvent(event)
        if self._is_testing and not event.spontaneous():
            self._is_testing = False
            self._timer.stop()
            self.button.setEnabled(True)
            if self._services.recorder is not None:
                self._services.recorder.discard()

    def _take_block(self, heard: Heard) -> None:
        level = heard.level
        self.level.set_level(level.dbfs, level.peak_dbfs)
        if self._is_testing and heard.is_recording:
            self._loudest = max(self._loudest, level.dbfs)
            if not self._timer.isActive():
                self._timer.start()
                self.told.setText("Speak now.")

    def _finish(self, ended: Ended) -> None:
        self._is_testing = False
        self._timer.stop()
        self.button.setEnabled(True)
        take, journal = ended.take, ended.journal
        if journal is not None:
            journal.discard()
        if self._loudest < _QUIET_DBFS or not len(take.samples):
            self.told.setText(UNHEARD)
            return
        self.told.setText(HEARD)
        self._services.play(take.samples, SAMPLE_RATE, lambda: None)
