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
# The long reading is stopped once it reports these shares as done ...
STOPS = (0.1, 0.5, 0.8, 0.92)
# ... and this share of its time later, so that it is not always just between two steps.
LATER = 0.01


def main(short_audio: str, short_text: str, long_audio: str, long_text: str, model: str = "") -> None:
    assessor = Assessor.load(Path(model) if model else None, threads=1)
    short = timed(assessor, short_audio, short_text, TIMES)
    long = timed(assessor, long_audio, long_text, 1)
    recording, text = Recording.open(long_audio), read(long_text)
    stops = [cancelled(assessor, recording, text, share, LATER * long["seconds"]) for share in STOPS]
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


def cancelled(assessor: Assessor, recording: Recording, text: str, share: float, later: float) -> Figures:
    """Cancel an assessment from another thread some time after a share of it; return how long it goes on."""
    when: list[float] = []

    def cancel() -> None:
        when.append(time.perf_counter())
        control.cancel()

    def watch(done: float) -> None:
        if done >= share and not timer.is_alive() and not when:
            timer.start()

    control, timer = Control(watch), threading.Timer(later, cancel)
    try:
        assessor.assess(recording, text, control=control)
    except Cancelled:
        return {"done": share, "seconds": time.perf_counter() - when[0]}
    finally:
        timer.cancel()
    raise BenchmarkError(f"The assessment was over before it could be stopped at {share:.0%}.")


def read(text_file: str) -> str:
    return Path(text_file).read_text(encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
