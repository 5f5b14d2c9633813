"""Starts the desktop application: one instance, its settings, its window."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from app.settings import SettingsFile, data_folder, settings_path
from assessment.errors import ElocuteError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

NO_SCREEN = (
    "There is no screen to open a window on. Use the command line: elocute assess RECORDING --text "
    '"WHAT YOU READ", or elocute --help for all commands.'
)


class NoScreenError(ElocuteError):
    """There is nothing to open a window on."""


def run() -> int:
    """Open the window and stay until it is closed.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    NoScreenError
        If there is no screen.
    """
    running = application()
    from app.windows.single import Single

    data = data_folder()
    single = Single(data)
    if single.is_second:
        print("Elocute is open already: its window was brought to the front.", file=sys.stderr)
        return 0
    from app.windows.main_window import MainWindow
    from app.windows.services import Services

    services = Services(SettingsFile(settings_path()), data)
    window = MainWindow(services)
    single.asked_to_front.connect(lambda: _to_front(window))
    window.show()
    window.begin()
    code: int = running.exec()
    return code


def application() -> QApplication:
    """Return Qt's application, which is made the first time.

    Raises
    ------
    NoScreenError
        If there is no screen.
    """
    _check_screen()
    from PySide6.QtWidgets import QApplication

    running = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(running, QApplication)
    running.setApplicationName("Elocute")
    running.setDesktopFileName("elocute")
    return running


def _check_screen() -> None:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoScreenError(NO_SCREEN)


def _to_front(window: object) -> None:
    from PySide6.QtWidgets import QMainWindow

    assert isinstance(window, QMainWindow)
    window.showNormal() if window.isMinimized() else window.show()
    window.raise_()
    window.activateWindow()
