"""What all windows share: settings, engine, microphone, loudspeaker, and work in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.library.errors import LibraryError
from app.settings import SettingsError, SettingsFile
from app.tasks import Tasks
from app.windows.bridge import Bridge
from assessment.control import Control

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.audio.events import Event
    from app.audio.player import Player
    from app.audio.recorder import Recorder
    from app.library.opening import Opened
    from app.library.store import Store
    from assessment.engine import Assessor

LEXICON = "lexicon.txt"
# A library that is brought to a new form may take its time.
_LIBRARY_SECONDS = 300.0


class Services(QObject):
    """Holds what windows share; sound and engine are brought up in the background.

    Parameters
    ----------
    settings_file : SettingsFile
        Where choices are kept.
    data : Path
        Folder of recordings.

    Attributes
    ----------
    settings : Settings
        What was chosen.
    note : str
        What is to be said about the settings file; empty if all is well.
    assessor : Assessor or None
        The engine, once it is loaded.
    recorder : Recorder or None
        The microphone, once it was started.
    player : Player or None
        The loudspeaker, once it was started.

    Signals
    -------
    settings_changed(), engine_ready(), library_opened(), learner_changed()
        As named.
    library_failed(str)
        Why the library could not be opened, for people.
    engine_failed(str), notice(str)
        What went wrong, for people.
    sound_event(object)
        An `Event` of the recorder.
    """

    settings_changed = Signal()
    engine_ready = Signal()
    library_opened = Signal()
    library_failed = Signal(str)
    learner_changed = Signal()
    engine_failed = Signal(str)
    notice = Signal(str)
    sound_event = Signal(object)

    def __init__(self, settings_file: SettingsFile, data: Path) -> None:
        super().__init__()
        self._file = settings_file
        self.settings, self.note = settings_file.load()
        self.data = data
        self.bridge = Bridge(self)
        self.tasks = Tasks(self.bridge.deliver)
        self.assessor: Assessor | None = None
        self.recorder: Recorder | None = None
        self.player: Player | None = None
        self._library: Future[Opened] | None = None

    @property
    def store(self) -> Store | None:
        """The library, once it is open."""
        library = self._library
        is_open = library is not None and library.done() and library.exception() is None
        return library.result().store if library is not None and is_open else None

    @property
    def learner_id(self) -> str:
        """Who practises; empty before the library was opened for the first time."""
        return self.settings.learner.id

    @property
    def journals(self) -> Path:
        """Folder of recordings that are in progress."""
        return self.data / "recordings-in-progress"

    def start(self) -> None:
        """Load the engine, open the microphone and the library, all in the background."""
        self.tasks.run(lambda _control: self._load(), self._take_engine, self.engine_failed.emit)
        self.start_sound()
        self.open_library()

    # --- the library ------------------------------------------------------------------------

    def open_library(self) -> None:
        """Open the library, in the background; what was open before is let go."""
        self.close_library()
        library: Future[Opened] = Future()
        self._library = library
        settings, folder = self.settings, self.data

        def work(_control: Control) -> None:
            from app.library.opening import open_library

            try:
                library.set_result(open_library(folder, settings))
            except BaseException as problem:
                library.set_exception(problem)
                raise

        def failed(message: str) -> None:
            if library is self._library:
                self.library_failed.emit(message)

        self.tasks.run(work, lambda _nothing: self._take_library(library), failed)

    def _take_library(self, library: Future[Opened]) -> None:
        if library is not self._library:  # it was let go before this was heard
            return
        learner = library.result().learner
        # Who is new has perhaps given a name before the library was open.
        is_same = self.settings.learner.id in ("", learner.id)
        name = (self.settings.learner.name if is_same else "") or learner.name
        self.change("learner", id=learner.id, name=learner.name)
        self.change("learner", name=name)
        self.library_opened.emit()

    def wait_for_library(self) -> Opened:
        """Return the library as soon as it is open; not on the thread of the window.

        Raises
        ------
        ElocuteError
            If it cannot be opened.
        """
        if self._library is None:
            raise LibraryError("The library is not open. Start Elocute again.")
        return self._library.result(_LIBRARY_SECONDS)

    def close_library(self) -> None:
        """Let the library go; it can be opened again."""
        library, self._library = self._library, None
        if library is not None:
            library.add_done_callback(_close)

    def _rename_learner(self) -> None:
        learner, store = self.settings.learner, self.store
        if store is None or store.is_read_only:
            return

        def work(_control: Control) -> None:
            from app.library import learners

            learners.rename(store, learner.id, learner.name)

        self.tasks.run(work, lambda _nothing: None, self.notice.emit)

    def choose_learner(self, learner_id: str, name: str) -> None:
        """Say who practises from now on."""
        self.change("learner", id=learner_id, name=name)
        self.learner_changed.emit()

    # --- engine and sound -------------------------------------------------------------------

    def _load(self) -> Assessor:
        from assessment.engine import Assessor

        lexicon = self.data / LEXICON
        return Assessor.load(user_lexicon=lexicon if lexicon.is_file() else None)

    def _take_engine(self, assessor: Assessor) -> None:
        self.assessor = assessor
        self.engine_ready.emit()

    def start_sound(self) -> None:
        """Open microphone and loudspeaker, in the background."""
        # Importing the sound library takes longer than a window may be held up.
        threading.Thread(target=self._start_sound, name="sound", daemon=True).start()

    def _start_sound(self) -> None:
        from app.audio.player import Player
        from app.audio.recorder import Recorder

        player = Player(lambda message: self.bridge.deliver(lambda: self.notice.emit(message)))
        recorder = Recorder(self.journals, self._pass_on)
        self.bridge.deliver(lambda: self._take_sound(recorder, player))

    def _take_sound(self, recorder: Recorder, player: Player) -> None:
        self.recorder, self.player = recorder, player
        recorder.open(self.settings.sound.microphone or None)

    def _pass_on(self, event: Event) -> None:
        self.bridge.deliver(lambda: self.sound_event.emit(event))

    def change(self, group: str, **values: object) -> None:
        """Change settings and save them.

        Parameters
        ----------
        group : str
            Such as "sound".
        **values : object
            By the names of the settings.
        """
        before, self.settings = self.settings, self.settings.changed(group, **values)
        if before == self.settings:
            return
        if before.sound.microphone != self.settings.sound.microphone and self.recorder is not None:
            self.recorder.open(self.settings.sound.microphone or None)
        if before.learner.id == self.settings.learner.id and before.learner != self.settings.learner:
            self._rename_learner()
        try:
            self._file.save(self.settings)
        except SettingsError as problem:
            self.notice.emit(str(problem))
        self.settings_changed.emit()

    def play(self, samples: NDArray[np.float32], rate: int, done: Callable[[], None]) -> None:
        """Play samples.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, full scale +-1.
        rate : int
            Samples a second.
        done : callable
            Called on the thread of the window when the end was heard.
        """
        if self.player is None:
            self.notice.emit("The loudspeaker is not ready yet. Try again in a moment.")
            return
        device = self.settings.sound.speaker or None
        self.player.play(samples, rate, device=device, done=lambda: self.bridge.deliver(done))

    def close(self) -> None:
        """Let everything go; a take that is being recorded stays in its journal."""
        self.bridge.close()
        self.tasks.close()
        if self.recorder is not None:
            self.recorder.close(wait_seconds=2.0)
        if self.player is not None:
            self.player.close(wait_seconds=1.0)
        self.close_library()
        # Much memory, which whoever still knows these services need not hold.
        self.assessor = None


def _close(library: Future[Opened]) -> None:
    if library.exception() is None:
        library.result().store.close()
