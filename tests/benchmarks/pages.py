"""How soon the pages of a large library are there, and the longest pause of the window meanwhile."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.library import history
from app.settings import SettingsFile
from app.windows.main_window import MainWindow
from app.windows.services import Services
from tests.benchmarks.big_library import make_big
from tests.benchmarks.common import BenchmarkError, Figures, options, run

_LONGEST_SECONDS = 60.0
_SCROLLS = 200


class Meter:
    """Runs the window, and notes how long it was until something was so, and the longest pause."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self.figures: dict[str, dict[str, float]] = {}

    def measure(self, name: str, do: Callable[[], object], until: Callable[[], bool]) -> None:
        """Do something and wait until something is so."""
        began = last = time.perf_counter()
        longest = 0.0
        do()
        while True:
            self._application.processEvents()
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
            if until():
                break
            if now - began > _LONGEST_SECONDS:
                raise BenchmarkError(f"“{name}” does not come to an end.")
            time.sleep(0.001)
            last = time.perf_counter()
        self.figures[name] = {"seconds": last - began, "longest_pause": longest}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("pages", __doc__)
    parser.add_argument("--learners", type=int, default=50, help="how many (default: %(default)s)")
    parser.add_argument("--attempts", type=int, default=10_000, help="of all together (default: %(default)s)")
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        make_big(folder, given.learners, given.attempts)
        services = Services(SettingsFile(folder / "settings.toml"), folder)
        services.start_sound = lambda: None  # type: ignore[method-assign]
        window = MainWindow(services)
        window.resize(1280, 800)
        window.show()
        window.begin()
        meter = Meter(application)
        try:
            _measure(meter, window, given.attempts)
        finally:
            window.close()
    return {"learners": given.learners, "attempts": given.attempts, "steps": meter.figures}


def _measure(meter: Meter, window: MainWindow, attempts: int) -> None:
    services, house = window.services, window.house
    meter.measure("start", lambda: None, lambda: services.assessor is not None and bool(services.learner_id))
    store = services.store
    assert store is not None
    everybody = len(history.attempts(store, history.Filter(None)))
    if everybody != attempts:
        raise BenchmarkError(f"the library holds {everybody} attempts")
    page = house.page("history")
    page.learner_id = None
    table = page.table

    def rows() -> int:
        return int(table.model().rowCount())

    meter.measure("history of everybody", lambda: house.show_page("history"), lambda: rows() == attempts)
    meter.measure("search", lambda: page.filters.search.setText("river"), lambda: 0 < rows() < attempts)
    meter.measure("search cleared", lambda: page.filters.search.clear(), lambda: rows() == attempts)
    for column in range(table.model().columnCount()):
        meter.measure(
            f"sort by column {column}",
            lambda column=column: table.sortByColumn(column, Qt.SortOrder.AscendingOrder),  # type: ignore[misc]
            lambda: True,
        )
    bar = table.verticalScrollBar()
    steps = iter(range(_SCROLLS + 1))

    def scrolled() -> bool:
        step = next(steps, None)
        if step is not None:
            bar.setValue(round(bar.maximum() * step / _SCROLLS))
        return step is None

    meter.measure("scroll to the end", lambda: None, scrolled)
    progress = house.page("progress")
    meter.measure("progress", lambda: house.show_page("progress"), lambda: progress.chart is not None)
    meter.measure("lessons", lambda: house.show_page("home"), lambda: bool(house.page("home").lines))
    weak = house.page("weak-sounds")
    meter.measure("weak sounds", lambda: house.show_page("weak-sounds"), lambda: not weak.is_looking)


def describe(figures: Figures) -> Iterator[str]:
    yield f"{figures['attempts']:,} attempts by {figures['learners']} learners"
    for name, each in figures["steps"].items():
        yield f"{name}: {each['seconds'] * 1e3:.0f} ms, longest pause {each['longest_pause'] * 1e3:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
