"""The main window: a line at the top, the practice page, and everything that is opened from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.audio.events import Event, Opened
from app.windows import theme
from app.windows.about import AboutDialog, KeysDialog
from app.windows.files import Files
from app.windows.flow import SPACE, IconButton, label
from app.windows.house import House
from app.windows.learner_button import LearnerButton
from app.windows.own_text import OwnTextDialog
from app.windows.practice import PracticePage
from app.windows.programme import Programme
from app.windows.services import Services
from app.windows.settings_window import SettingsWindow
from app.windows.teacher_dialogs import TeacherDialogs
from app.windows.tokens import Tokens
from app.windows.welcome import WelcomePage
from assessment.control import Control


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
        self._pages = QStackedWidget()
        self.programme = Programme(services, self.practice)
        self.files = Files(services, self.practice, self.programme)
        self.house = House(services, self._pages, self.practice, self.programme)
        self.dialogs = TeacherDialogs(services, self.house, self)
        # Names of the microphones and loudspeakers.
        self._devices: tuple[list[str], list[str]] = ([], [])
        self._title = label("", wraps=False)
        self._count = label("", quiet=True, wraps=False)
        self.learner = LearnerButton(services)
        # Title and place of what is read, while another page is shown.
        self._read = ("", "")
        self._page_title = ""
        self._back = IconButton("previous", "Practice", "Back to practice (Esc)")
        self._menu = IconButton("menu", "", "Menu (Alt+M)")
        self._gear = IconButton("settings", "", "Settings (Ctrl+,)")
        self._help = IconButton("help", "", "Keys (F1)")
        self._build()
        self._connect()
        self._restore()
        self.apply_theme()
        self.programme.back_to_lesson()

    def _build(self) -> None:
        top = QFrame()
        top.setObjectName("top")
        row = QHBoxLayout(top)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE * 2)
        left: tuple[QWidget, ...] = (self._menu, self._back, self._title, self._count)
        right: tuple[QWidget, ...] = (self.learner, self._gear, self._help)
        for part in left:
            row.addWidget(part)
        row.addStretch(1)
        for part in right:
            row.addWidget(part)
        for button in (self._menu, self._back, *right):
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
            ("Practice", "Ctrl+1", self.show_practice),
            ("Lessons", "Ctrl+2", lambda: self.house.show_page("home")),
            ("My weak sounds", "Ctrl+3", lambda: self.house.show_page("weak-sounds")),
            ("History", "Ctrl+4", lambda: self.house.show_page("history")),
            ("Progress", "Ctrl+5", lambda: self.house.show_page("progress")),
            ("My report …", "Ctrl+P", self._report),
            ("", "", None),
            ("Classes", "Ctrl+6", lambda: self.house.show_page("classes")),
            ("Review", "Ctrl+7", lambda: self.house.show_page("review")),
            ("Take in hand-ins …", "Ctrl+Shift+H", lambda: self.dialogs.take_in()),
            ("Assess a folder of recordings …", "Ctrl+Shift+O", lambda: self.dialogs.collect()),
            ("", "", None),
            ("Own text …", "Ctrl+T", self.ask_for_text),
            ("Open a text or a recording …", "Ctrl+O", self.files.ask),
            ("", "", None),
            ("Next text", "Ctrl+Right", lambda: self.step(1)),
            ("Text before", "Ctrl+Left", lambda: self.step(-1)),
            ("Back to the lesson", "Ctrl+L", self._back_to_lesson),
            ("", "", None),
            ("Larger text", "Ctrl++", lambda: self.practice.resize_text(1)),
            ("Smaller text", "Ctrl+-", lambda: self.practice.resize_text(-1)),
            ("Usual text size", "Ctrl+0", lambda: self.practice.resize_text(0)),
            ("", "", None),
            ("Library and backups", "Ctrl+B", self.open_library),
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
        practice.open_asked.connect(self.files.ask)
        practice.practice_asked.connect(self.programme.drill)
        practice.settings_asked.connect(self.open_settings)
        self.welcome.finished.connect(self.show_practice)
        self._gear.clicked.connect(self.open_settings)
        self._help.clicked.connect(self.open_keys)
        for failed in (services.notice, services.engine_failed, self.programme.failed, self.learner.failed):
            failed.connect(self._tell)
        services.library_failed.connect(self._library_failed)
        services.library_opened.connect(self._library_opened)
        self.programme.told.connect(self._show_title)
        self.house.own_text_asked.connect(self.ask_for_text)
        self.house.page_shown.connect(self._show_page_title)
        self._back.clicked.connect(self.show_practice)
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
        self.files.find_abandoned()
        self.services.tasks.run(lambda _control: _find_voices(), lambda _nothing: None, self._tell)

    def _library_opened(self) -> None:
        store = self.services.store
        if store is not None and store.note:
            self.practice.banner.tell(store.note)
        self._keep_house()

    def _library_failed(self, message: str) -> None:
        self.practice.banner.tell(message, trouble=True, action="Library and backups", do=self.open_library)

    def _keep_house(self) -> None:
        """Delete what is too old and back up, in the background."""
        keeping = self.services.settings.privacy.keep_recordings

        def work(_control: Control) -> None:
            from app.library.upkeep import upkeep

            upkeep(self.services.wait_for_library().store, keeping)

        self.services.tasks.run(work, lambda _nothing: None, self._tell)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the place of the window; what is being recorded stays in its journal."""
        if not self.house.can_close():
            event.ignore()
            return
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.services.change("window", geometry=geometry)
        self.practice.playback.stop()
        self.practice.reading.close()
        self.house.finish()
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
        for part in (self.practice, self.welcome, self.house, self._menu, self._back, self._gear, self._help):
            part.set_tokens(self.tokens)

    def _settings_changed(self) -> None:
        if self.tokens != theme.tokens_for(self.services.settings.appearance.theme):
            self.apply_theme()

    def _show_title(self, title: str, place: str) -> None:
        self._read = (title, place)
        self._show_titles()

    def _show_page_title(self, title: str) -> None:
        self._page_title = title
        self._show_titles()

    def _show_titles(self) -> None:
        title, place = (self._page_title, "") if self._page_title else self._read
        self._title.setText(title)
        self._count.setText(place)
        self._back.setVisible(bool(self._page_title))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to practice with Esc, where a page has no use for it."""
        if event.key() == Qt.Key.Key_Escape and self._back.isVisible():
            self.show_practice()
        else:
            super().keyPressEvent(event)

    # --- pages ------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Go to another text, whatever was read of this one; on the page of review to another reading."""
        if not self.house.step(by):
            self.programme.step(by)

    def show_own(
        self, text: str, title: str = "Your own text", then: Callable[[], None] | None = None
    ) -> None:
        """Show a text of the learner's own on the practice page; see `Programme.show_own`."""

        def shown() -> None:
            self.show_practice()
            if then is not None:
                then()

        self.programme.show_own(text, title, shown)

    def open_file(self, path: Path) -> None:
        """Open a text to read it, or a recording to assess it with the text that is shown."""
        self.files.open(path)

    def show_welcome(self) -> None:
        """Show the page of the first start."""
        self._pages.setCurrentWidget(self.welcome)

    def show_practice(self) -> None:
        """Show the practice page."""
        self.house.show_practice()

    def _back_to_lesson(self) -> None:
        self.show_practice()
        self.programme.back_to_lesson()

    def ask_for_text(self) -> QDialog:
        """Ask for a text of the learner's own."""
        dialog = OwnTextDialog(self.programme.own_text, self)
        dialog.accepted.connect(lambda: self.show_own(dialog.text))
        return _opened(dialog)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a file or a text that was dropped."""
        self.show_practice()
        self.files.drop(event.mimeData())
        event.acceptProposedAction()

    # --- dialogs ----------------------------------------------------------------------------

    def open_settings(self) -> QDialog:
        """Open the settings."""
        return _opened(SettingsWindow(self.services, *self._devices, self))

    def open_library(self) -> QDialog:
        """Open what is done with the library as a whole: backups, export, deleting."""
        from app.windows.library.window import LibraryWindow

        self.house.finish()
        library = LibraryWindow(self.services, self)
        library.library_changed.connect(self.house.refresh)
        return _opened(library)

    def _report(self) -> None:
        from app.reports.data import Wanted

        self.dialogs.report(Wanted(learner_id=self.services.learner_id))

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
