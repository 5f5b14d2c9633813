"""Starts the application: ``python -m app`` is the `elocute` command."""

from __future__ import annotations

import multiprocessing
import sys

from app.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # in a frozen program the processes of `assessment.batch` begin here
    sys.exit(main())
