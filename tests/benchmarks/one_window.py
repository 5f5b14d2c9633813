"""Opens the real window once and tells when it was visible and ready: run by `window`."""

from __future__ import annotations

import json
import os
import sys
import time
import tomllib
from typing import Any

BEGAN = float(sys.argv[1])

from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.windows.application import application, run  # noqa: E402
from app.windows.main_window import MainWindow  # noqa: E402
from app.windows.state import State  # noqa: E402


class Stopwatch:
    """Looks at the window every few milliseconds."""

    def __init__(self) -> None:
        self._times: dict[str, float] = {}
        self._asked = 0.0
        self._timer = QTimer()
        self._timer.setInterval(2)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        windows = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
        if not windows:
            return
        window, handle = windows[0], windows[0].windowHandle()
        if handle is not None and handle.isExposed():
            self._times.setdefault("visible", time.time() - BEGAN)
        state = window.practice.reading.state
        if state is State.READY and "ready" not in self._times:
            self._times["ready"] = time.time() - BEGAN
            self._take_text(window)
        elif state is State.READY and not self._asked and window.practice.playback.has_model:
            # By the time that somebody has read the text, the model voice has, too.
            self._asked = time.time()
            window.practice.reading.assess_recording(self._recording)
        elif state is State.SCORED and window.practice.result.isVisible() and "scored" not in self._times:
            window.repaint()
            self._times["scored"] = time.time() - self._asked
            print(json.dumps(self._times), flush=True)
            self._timer.stop()
            window.close()

    def _take_text(self, window: Any) -> None:
        from assessment.audio import Recording
        from assessment.resources import resource

        demos = resource("demo")
        entry = tomllib.loads((demos / "demo.toml").read_text(encoding="utf-8"))["recordings"][0]
        self._recording = Recording.open(demos / entry["file"])
        window.show_own(entry["text"])


def main() -> int:
    application()
    stopwatch = Stopwatch()
    code = run()
    del stopwatch
    return code


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)
