"""Opens texts and recordings from files, by drag and drop, and what a crash has left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtWidgets import QFileDialog

from app.windows.practice import PracticePage
from app.windows.programme import Programme
from app.windows.services import Services
from app.windows.state import State
from assessment.errors import ElocuteError

if TYPE_CHECKING:
    from app.audio.journal import Abandoned, Take
    from app.texts import OwnText
    from assessment.audio import Recording

_FILTER = (
    "Texts and recordings (*.txt *.md *.docx *.srt *.wav *.flac *.ogg *.opus *.mp3 *.aiff *.aif);;"
    "All files (*)"
)
_BUSY = "A recording cannot be opened while you read. Finish this reading, then open it again."


class Files(QObject):
    """Brings texts and recordings from outside to the practice page.

    Parameters
    ----------
    services : Services
        Work in the background.
    practice : PracticePage
        Where recordings are assessed.
    programme : Programme
        Shows texts.
    """

    def __init__(self, services: Services, practice: PracticePage, programme: Programme) -> None:
        super().__init__(practice)
        self._services, self._practice, self._programme = services, practice, programme

    def _tell(self, message: str) -> None:
        self._practice.banner.tell(message, trouble=True)

    # --- files ------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for a text or a recording."""
        window = self._practice.window()
        name, _ = QFileDialog.getOpenFileName(window, "Open a text or a recording", "", _FILTER)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Open a text to read it, or a recording to assess it with the text that is shown."""
        from app.texts import is_recording, open_text

        services = self._services
        if not is_recording(path):
            services.tasks.run(lambda _control: open_text(path), self._take_text, self._tell)
            return
        reading = self._practice.reading
        if reading.is_at_work:
            self._tell(_BUSY)
            return
        self._practice.banner.tell(f"Opening {path.name} …")
        if reading.state is State.LOADING:
            services.engine_ready.connect(lambda: self.open(path), Qt.ConnectionType.SingleShotConnection)
        else:
            services.tasks.run(lambda _control: _recording(path), self._take_recording, self._tell)

    def drop(self, data: QMimeData) -> None:
        """Open a file or a text that was dropped."""
        urls = [url for url in data.urls() if url.isLocalFile()]
        if urls:
            self.open(Path(urls[0].toLocalFile()))
        elif data.text().strip():
            self._programme.show_own(data.text())

    def _take_text(self, found: OwnText) -> None:
        def tell() -> None:
            if found.notes:
                self._practice.banner.tell(" ".join(found.notes))

        self._programme.show_own(found.text, found.title, tell)

    def _take_recording(self, recording: Recording) -> None:
        if self._practice.reading.is_at_work:
            self._tell(_BUSY)
            return
        self._practice.banner.tell("The recording was assessed with the text that is shown.")
        self._practice.text.clear_assessment()
        self._practice.reading.assess_recording(recording)

    # --- what was left behind ---------------------------------------------------------------

    def find_abandoned(self) -> None:
        """Offer back what a crash has left behind."""
        self._services.tasks.run(lambda _control: self._abandoned(), self._offer_back, self._tell)

    def _abandoned(self) -> tuple[Abandoned, Take] | None:
        """Return the newest recording that was left behind; those that were kept since are deleted."""
        from app.audio.journal import abandoned

        for each in reversed(abandoned(self._services.journals)):
            take = each.read()
            if not self._is_kept(take):
                return each, take
            each.discard()
        return None

    def _is_kept(self, take: Take) -> bool:
        from app.library import attempts

        try:
            return attempts.is_kept(self._services.wait_for_library().store, take.started, take.text)
        except ElocuteError:  # without its library it is offered back
            return False

    def _offer_back(self, found: tuple[Abandoned, Take] | None) -> None:
        if found is not None:
            left, take = found
            self._practice.banner.tell(
                "Elocute was closed while you were reading. Your recording was kept.",
                action="Assess it",
                do=lambda: self._take_back(take, left),
            )

    def _take_back(self, take: Take, left: Abandoned) -> None:
        if take.text:
            self._programme.show_own(take.text, then=lambda: self._assess_again(take, left))
        else:
            self._tell("The recording that was kept has no text. It stays where it is.")

    def _assess_again(self, take: Take, left: Abandoned) -> None:
        reading = self._practice.reading
        if reading.state is State.LOADING:
            self._services.engine_ready.connect(
                lambda: self._assess_again(take, left), Qt.ConnectionType.SingleShotConnection
            )
            return
        # Meanwhile another text may have been chosen: then it is offered back at the next start.
        if reading.reference is not None and reading.reference.text == take.text:
            reading.assess_take(take, left)


def _recording(path: Path) -> Recording:
    from assessment.audio import Recording

    return Recording.open(path)
