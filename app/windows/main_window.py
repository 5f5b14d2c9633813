"""The main window: a line at the top, the practice page, and everything that is opened from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.audio.events import Event, Opened
from app.library.lessons import Lesson, first_lesson
from app.library.recordings import remove_old
from app.windows import theme
from app.windows.about import AboutDialog, KeysDialog
from app.windows.flow import SPACE, IconButton, label
from app.windows.own_text import OwnTextDialog
from app.windows.practice import PracticePage
from app.windows.services import Services
from app.windows.settings_window import SettingsWindow
from app.windows.state import State
from app.windows.tokens import Tokens
from app.windows.welcome import WelcomePage
from assessment.errors import TextError
from assessment.text import ReferenceText

if TYPE_CHECKING:
    from app.audio.journal import Abandoned, Take
    from app.texts import OwnText
    from assessment.audio import Recording

_FILTER = (
    "Texts and recordings (*.txt *.md *.docx *.srt *.wav *.flac *.ogg *.opus *.mp3 *.aiff *.aif);;"
    "All files (*)"
)

_AT_WORK = (State.STARTING, State.READING, State.ASSESSING)
_BUSY = "A recording cannot be opened while you read. Finish this reading, then open it again."

# Longer texts are parsed in the background.
_LONG_CHARACTERS = 2_000


class MainWindow(QMainWindow):
    """Everything that people see.

    Parameters
    ----------
    services : Services
        Settings, engine and sound; started by `begin`.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setWindowTitle("Elocute")
        self.setMinimumSize(640, 480)
        self.setAcceptDrops(True)
        self.services = services
        self.tokens: Tokens = theme.tokens_for(services.settings.appearance.theme)
        self.practice = PracticePage(services)
        self.welcome = WelcomePage(services)
        self._lesson: Lesson = first_lesson()
        self._place = 0
        # Names of the microphones and loudspeakers.
        self._devices: tuple[list[str], list[str]] = ([], [])
        # A text of one's own that is practised instead of the lesson; and what a drill goes back to.
        self._own: str | None = None
        self._before_drill: str | None = None
        self._pages = QStackedWidget()
        self._title = label("", wraps=False)
        self._count = label("", quiet=True, wraps=False)
        self._name = label("", quiet=True, wraps=False)
        self._menu = IconButton("menu", "", "Menu (Alt+M)")
        self._gear = IconButton("settings", "", "Settings (Ctrl+,)")
        self._help = IconButton("help", "", "Keys (F1)")
        self._build()
        self._connect()
        self._restore()
        self.apply_theme()
        self._show_lesson()

    def _build(self) -> None:
        top = QFrame()
        top.setObjectName("top")
        row = QHBoxLayout(top)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE * 2)
        for part in (self._menu, self._title, self._count):
            row.addWidget(part)
        row.addStretch(1)
        for part in (self._name, self._gear, self._help):
            row.addWidget(part)
        for button in (self._menu, self._gear, self._help):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._pages.addWidget(self.practice)
        self._pages.addWidget(self.welcome)
        page = QVBoxLayout()
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(top)
        page.addWidget(self._pages, 1)
        content = QWidget()
        content.setLayout(page)
        self.setCentralWidget(content)
        self._build_menu()

    def _build_menu(self) -> None:
        menu = QMenu(self)
        for name, keys, action in (
            ("Own text …", "Ctrl+T", self.ask_for_text),
            ("Open a text or a recording …", "Ctrl+O", self.ask_for_file),
            ("", "", None),
            ("Next text", "Ctrl+Right", lambda: self.step(1)),
            ("Text before", "Ctrl+Left", lambda: self.step(-1)),
            ("Back to the lesson", "Ctrl+L", self._show_lesson),
            ("", "", None),
            ("Larger text", "Ctrl++", lambda: self.practice.resize_text(1)),
            ("Smaller text", "Ctrl+-", lambda: self.practice.resize_text(-1)),
            ("Usual text size", "Ctrl+0", lambda: self.practice.resize_text(0)),
            ("", "", None),
            ("Settings", "Ctrl+,", self.open_settings),
            ("Keys", "F1", self.open_keys),
            ("About Elocute", "", self.open_about),
            ("Quit", "Ctrl+Q", self.close),
        ):
            if action is None:
                menu.addSeparator()
                continue
            entry = menu.addAction(name)
            entry.setShortcut(QKeySequence(keys))
            entry.triggered.connect(action)
            self.addAction(entry)
        self._menu.clicked.connect(lambda: menu.popup(self._menu.mapToGlobal(self._menu.rect().bottomLeft())))
        QShortcut(QKeySequence("Alt+M"), self, self._menu.click)
        QShortcut(QKeySequence("Ctrl+="), self, lambda: self.practice.resize_text(1))

    def _connect(self) -> None:
        practice, services = self.practice, self.services
        practice.next_asked.connect(lambda: self.step(1))
        practice.previous_asked.connect(lambda: self.step(-1))
        practice.own_text_asked.connect(self.ask_for_text)
        practice.open_asked.connect(self.ask_for_file)
        practice.practice_asked.connect(self._drill)
        practice.settings_asked.connect(self.open_settings)
        self.welcome.finished.connect(self.show_practice)
        self._gear.clicked.connect(self.open_settings)
        self._help.clicked.connect(self.open_keys)
        services.notice.connect(lambda message: practice.banner.tell(message, trouble=True))
        services.engine_failed.connect(lambda message: practice.banner.tell(message, trouble=True))
        services.settings_changed.connect(self._settings_changed)
        services.sound_event.connect(self._hear)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self.apply_theme())

    # --- start and end ----------------------------------------------------------------------

    def begin(self) -> None:
        """Load the engine, open the microphone, and offer back what a crash has left."""
        is_new = not self.services.settings.window.introduced
        self._pages.setCurrentWidget(self.welcome if is_new else self.practice)
        if self.services.note:
            self.practice.banner.tell(self.services.note)
        self.services.start()
        self._name.setText(self.services.settings.learner.name)
        keeping, folder = self.services.settings.privacy.keep_recordings, self.services.recordings
        self.services.tasks.run(
            lambda _control: remove_old(folder, keeping, datetime.now(UTC)), lambda _count: None, self._tell
        )
        self.services.tasks.run(lambda _control: self._find_abandoned(), self._offer_back, self._tell)
        self.services.tasks.run(lambda _control: _find_voices(), lambda _nothing: None, self._tell)

    def _find_abandoned(self) -> list[Abandoned]:
        from app.audio.journal import abandoned

        return abandoned(self.services.journals)

    def _offer_back(self, found: list[Abandoned]) -> None:
        if not found:
            return
        self.show_practice()
        self.practice.banner.tell(
            "Elocute was closed while you were reading. Your recording was kept.",
            action="Assess it",
            do=lambda: self._recover(found[-1]),
        )

    def _recover(self, kept: Abandoned) -> None:
        def done(take: Take) -> None:
            self._take_back(take, kept)

        self.services.tasks.run(lambda _control: kept.read(), done, self._tell)

    def _take_back(self, take: Take, kept: Abandoned) -> None:
        if take.text:
            self.show_own(take.text, then=lambda: self._assess_again(take, kept))
        else:
            self._tell("The recording that was kept has no text. It stays where it is.")

    def _assess_again(self, take: Take, kept: Abandoned) -> None:
        if self.practice.reading.state is State.LOADING:
            self.services.engine_ready.connect(
                lambda: self._assess_again(take, kept), Qt.ConnectionType.SingleShotConnection
            )
            return
        shown = self.practice.reading.reference
        # Meanwhile another text may have been chosen: then it is offered back at the next start.
        if shown is not None and shown.text == take.text:
            self.practice.reading.assess_take(take, kept)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the place of the window; what is being recorded stays in its journal."""
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.services.change("window", geometry=geometry)
        self.practice.playback.stop()
        self.services.close()
        super().closeEvent(event)

    def _restore(self) -> None:
        geometry = self.services.settings.window.geometry
        is_restored = geometry and self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        if not is_restored:
            self.resize(1024, 700)

    # --- looks ------------------------------------------------------------------------------

    def apply_theme(self) -> None:
        """Take the colours that the settings and the desktop ask for."""
        self.tokens = theme.tokens_for(self.services.settings.appearance.theme)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.apply(application, self.tokens)
        for part in (self.practice, self.welcome, self._menu, self._gear, self._help):
            part.set_tokens(self.tokens)

    def _settings_changed(self) -> None:
        if self.tokens != theme.tokens_for(self.services.settings.appearance.theme):
            self.apply_theme()
        self._name.setText(self.services.settings.learner.name)

    # --- texts ------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Go to another text of the lesson; without a penalty, whatever was read of this one."""
        if self.practice.reading.state in (State.STARTING, State.READING):
            return
        if self._own is None:
            self._place = (self._place + by) % len(self._lesson.items)
        self._show_lesson()

    def _show_lesson(self) -> None:
        self._own = self._before_drill = None
        self._title.setText(f"Lesson · {self._lesson.title}")
        self._count.setText(f"{self._place + 1} of {len(self._lesson.items)}")
        self.practice.set_text(self._lesson.items[self._place].text)

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

        def take(reference: ReferenceText) -> None:
            self.practice.set_reference(reference)
            self._own, self._before_drill = text, None
            self._title.setText(title)
            self._count.setText("")
            self.show_practice()
            if then is not None:
                then()

        if len(text) > _LONG_CHARACTERS:
            self.practice.banner.tell("Looking at the text …")
            self.services.tasks.run(lambda _control: ReferenceText.parse(text), take, self._tell)
            return
        try:
            take(ReferenceText.parse(text))
        except TextError as problem:
            self._tell(str(problem))

    def show_welcome(self) -> None:
        """Show the page of the first start."""
        self._pages.setCurrentWidget(self.welcome)

    def show_practice(self) -> None:
        """Show the practice page."""
        self._pages.setCurrentWidget(self.practice)
        self._name.setText(self.services.settings.learner.name)
        self.practice.text.setFocus()

    def _drill(self, words: tuple[str, ...]) -> None:
        """Practise words by themselves, three times; no words: go back to the text."""
        if not words:
            before, self._before_drill = self._before_drill, None
            if before is not None:
                self.practice.set_text(before)
            return
        reference = self.practice.text.reference
        if self._before_drill is None and reference is not None:
            self._before_drill = reference.text
        self.practice.set_text(f"{', '.join([*words] * 3)}.", can_go_back=True)

    def ask_for_text(self) -> QDialog:
        """Ask for a text of the learner's own."""
        dialog = OwnTextDialog(self._own or "", self)
        dialog.accepted.connect(lambda: self.show_own(dialog.text))
        return _opened(dialog)

    # --- files ------------------------------------------------------------------------------

    def ask_for_file(self) -> None:
        """Ask for a text or a recording."""
        name, _ = QFileDialog.getOpenFileName(self, "Open a text or a recording", "", _FILTER)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Open a text to read it, or a recording to assess it with the text that is shown."""
        from app.texts import is_recording, open_text

        if not is_recording(path):
            self.services.tasks.run(lambda _control: open_text(path), self._take_text, self._tell)
            return
        state = self.practice.reading.state
        if state in _AT_WORK:
            self._tell(_BUSY)
            return
        self.practice.banner.tell(f"Opening {path.name} …")
        if state is State.LOADING:
            self.services.engine_ready.connect(
                lambda: self.open_file(path), Qt.ConnectionType.SingleShotConnection
            )
        else:
            self.services.tasks.run(lambda _control: _recording(path), self._take_recording, self._tell)

    def _take_text(self, found: OwnText) -> None:
        def tell() -> None:
            if found.notes:
                self.practice.banner.tell(" ".join(found.notes))

        self.show_own(found.text, found.title, tell)

    def _take_recording(self, recording: Recording) -> None:
        if self.practice.reading.state in _AT_WORK:
            self._tell(_BUSY)
            return
        self.practice.banner.tell("The recording was assessed with the text that is shown.")
        self.practice.text.clear_assessment()
        self.practice.reading.assess_recording(recording)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a file or a text that was dropped."""
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if urls:
            self.open_file(Path(urls[0].toLocalFile()))
        elif event.mimeData().text().strip():
            self.show_own(event.mimeData().text())
        event.acceptProposedAction()

    # --- dialogs ----------------------------------------------------------------------------

    def open_settings(self) -> QDialog:
        """Open the settings."""
        return _opened(SettingsWindow(self.services, *self._devices, self))

    def open_keys(self) -> QDialog:
        """Show all keys."""
        return _opened(KeysDialog(self))

    def _hear(self, event: Event) -> None:
        if isinstance(event, Opened):
            self.services.tasks.run(lambda _control: _device_names(), self._take_devices, self._tell)

    def _take_devices(self, found: tuple[list[str], list[str]]) -> None:
        self._devices = found
        self.practice.bar.set_microphones(found[0], self.services.settings.sound.microphone)

    def open_about(self) -> QDialog:
        """Tell about the program."""
        assessor = self.services.assessor
        model = "" if assessor is None else f"Model {assessor.model.name} {assessor.model.version}"
        return _opened(AboutDialog(model, self))

    def _tell(self, message: str) -> None:
        self.practice.banner.tell(message, trouble=True)


def _opened(dialog: QDialog) -> QDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog


def _recording(path: Path) -> Recording:
    from assessment.audio import Recording

    return Recording.open(path)


def _find_voices() -> None:
    """Look which voices there are, off the thread of the window: asking the system takes long, once."""
    from app.voice.voices import available

    available()


def _device_names() -> tuple[list[str], list[str]]:
    """Return the names of microphones and loudspeakers; off the thread of the window, as it may take long."""
    from app.audio.devices import SoundError, names

    try:
        found = names()
    except SoundError:
        return [], []
    return list(found.inputs), list(found.outputs)
