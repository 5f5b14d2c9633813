"""Follows a reader at the microphone, and writes down what the follower said: run by `test_listen`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from app.audio.capture import Microphone
from assessment.engine import Assessor

LONGEST_SECONDS = 30.0


def main(text: str, folder: Path) -> None:
    follower = Assessor.load(threads=1).follow(text)
    positions, blocks = [], []
    with Microphone() as microphone:
        began = None
        for block in microphone.blocks():
            if began is None:
                began = time.process_time(), time.monotonic()
                print("ready", flush=True)
            blocks.append(block)
            position = follower.feed(block)
            positions.append((position.seconds, position.current, position.end))
            if position.end is not None or position.seconds > LONGEST_SECONDS:
                break
        cpu, wall = time.process_time() - began[0], time.monotonic() - began[1]
    np.save(folder / "heard.npy", np.concatenate(blocks))
    told = {"positions": positions, "cpu": cpu / wall, "assessment": follower.finish().to_dict()}
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
