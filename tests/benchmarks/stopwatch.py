"""The clocks and the memory meter of the benchmark `speed`."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

_STATUS = Path("/proc/self/status")


@dataclass
class Stopwatch:
    """Time spent, in seconds: on the wall's clock, and by the processor on all threads of this process."""

    wall: float = 0.0
    processor: float = 0.0

    def __add__(self, other: Stopwatch) -> Stopwatch:
        return Stopwatch(self.wall + other.wall, self.processor + other.processor)

    def time(self, task: Callable[[], Result]) -> Result:
        """Do something and add the time that it takes."""
        wall, processor = time.perf_counter(), time.process_time()
        result = task()
        self.wall += time.perf_counter() - wall
        self.processor += time.process_time() - processor
        return result


def peak_megabytes() -> float:
    """Return the most memory that this process has held, in millions of bytes.

    Linux hands the peak of a parent process on to the `getrusage` of its children, so there its
    status file is read.
    """
    if _STATUS.is_file():
        found = re.search(r"^VmHWM:\s*(\d+) kB", _STATUS.read_text(), re.MULTILINE)
        if found:
            return int(found[1]) * 1024 / 1e6
    # Imported here because Windows lacks it.
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6
