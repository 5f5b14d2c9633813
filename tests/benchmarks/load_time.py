"""Part of the benchmark `speed`: how long a fresh process takes to import the engine and load the model."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main(model: str = "") -> None:
    start = time.perf_counter()
    # Imported here because the import is what is timed.
    from assessment import Assessor

    imported = time.perf_counter()
    Assessor.load(Path(model) if model else None, threads=1)
    loaded = time.perf_counter()
    print(json.dumps({"import_seconds": imported - start, "load_seconds": loaded - imported}))


if __name__ == "__main__":
    main(*sys.argv[1:])
