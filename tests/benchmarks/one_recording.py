"""Part of the benchmark `speed`: time and peak memory of assessing one recording in a fresh process.

python -m tests.benchmarks.one_recording AUDIO TEXT_FILE TIMES [MODEL]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median

from assessment import Assessor, Recording
from tests.benchmarks.stopwatch import Stopwatch, peak_megabytes


def main(audio: str, text_file: str, times: str, model: str = "") -> None:
    text = Path(text_file).read_text(encoding="utf-8")
    assessor = Assessor.load(Path(model) if model else None, threads=1)
    watches = [Stopwatch() for _ in range(int(times))]
    for watch in watches:
        result = watch.time(lambda: assessor.assess(Recording.open(audio), text))
    figures = {
        "audio_seconds": round(result.duration, 1),
        "words": len(result.words),
        "seconds": median(watch.wall for watch in watches),
        "processor_seconds": median(watch.processor for watch in watches),
        "peak_megabytes": round(peak_megabytes(), 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
