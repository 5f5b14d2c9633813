"""Part of the benchmark `long_reading`: memory and time of a short and a long reading, and of stopping one.

python -m tests.benchmarks.one_long_reading SHORT_AUDIO SHORT_TEXT LONG_AUDIO LONG_TEXT [MODEL]
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from statistics import median

from assessment import Assessment, Assessor, ErrorType, Recording
from assessment.control import Control
from assessment.errors import Cancelled
from tests.benchmarks.common import BenchmarkError, Figures
from tests.benchmarks.stopwatch import Stopwatch, peak_megabytes

TIMES = 5
# The long reading is stopped after these shares of the time that it takes.
STOPS = (0.1, 0.5, 0.9)


def main(short_audio: str, short_text: str, long_audio: str, long_text: str, model: str = "") -> None:
    assessor = Assessor.load(Path(model) if model else None, threads=1)
    short = timed(assessor, short_audio, short_text, TIMES)
    long = timed(assessor, long_audio, long_text, 1)
    recording, text = Recording.open(long_audio), read(long_text)
    stops = [cancelled(assessor, recording, text, part * long["seconds"]) for part in STOPS]
    print(json.dumps({"short": short, "long": long, "cancelled": stops}))


def timed(assessor: Assessor, audio: str, text_file: str, times: int) -> Figures:
    """Assess a recording several times; return the median time and the peak of the memory so far."""
    text = read(text_file)
    watches = [Stopwatch() for _ in range(times)]
    for watch in watches:
        result = watch.time(lambda: assessor.assess(Recording.open(audio), text))
    seconds = median(watch.wall for watch in watches)
    return {
        "audio_seconds": round(result.duration, 1),
        "seconds": seconds,
        "processor_seconds": median(watch.processor for watch in watches),
        "relative": seconds / result.duration,
        "peak_megabytes": round(peak_megabytes(), 1),
        **found(result),
    }


def found(result: Assessment) -> Figures:
    errors = [word.error for word in result.words]
    return {
        "words": sum(not word.is_extra for word in result.words),
        "completeness": result.scores.completeness,
        "omitted": errors.count(ErrorType.OMISSION),
        "inserted": errors.count(ErrorType.INSERTION),
        "repeated": errors.count(ErrorType.REPETITION),
    }


def cancelled(assessor: Assessor, recording: Recording, text: str, after: float) -> Figures:
    """Cancel an assessment from another thread after some seconds; return how long it then goes on."""
    control = Control()
    when: list[float] = []

    def cancel() -> None:
        when.append(time.perf_counter())
        control.cancel()

    timer = threading.Timer(after, cancel)
    timer.start()
    try:
        assessor.assess(recording, text, control=control)
    except Cancelled:
        return {"after": round(after, 2), "seconds": time.perf_counter() - when[0]}
    finally:
        timer.cancel()
    raise BenchmarkError(f"The assessment was over before it could be stopped after {after:.1f} s.")


def read(text_file: str) -> str:
    return Path(text_file).read_text(encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
