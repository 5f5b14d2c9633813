"""Records and plays as it is told on standard input, a line of JSON each; tells what happens likewise."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from app.audio import recorder
from app.audio.devices import SoundError, names, rescan
from app.audio.events import Discarded, Ended, Event, Heard, Opened, Trouble
from app.audio.player import Player
from app.audio.recorder import Recorder

_lock = threading.Lock()


def say(what: str, **details: Any) -> None:
    with _lock:
        print(json.dumps({"what": what, **details}), flush=True)


class Program:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recorder = Recorder(folder / "journals", self.tell)
        self.player = Player(lambda message: say("failed", message=message))
        self.count = 0
        self.busy_seconds = 0.0
        self.must_fail = False

    def tell(self, event: Event) -> None:
        time.sleep(self.busy_seconds)
        self.busy_seconds = 0.0
        if self.must_fail:
            self.must_fail = False
            raise ZeroDivisionError
        match event:
            case Opened(name):
                say("opened", name=name)
            case Heard(level, block, is_recording, seconds):
                count = len(block)
                say("heard", peak=level.peak_dbfs, recording=is_recording, seconds=seconds, count=count)
            case Ended():
                self.ended(event)
            case Discarded():
                say("discarded")
            case Trouble(message, code):
                say("trouble", message=message, code=code)

    def ended(self, event: Ended) -> None:
        self.count += 1
        path = self.folder / f"take-{self.count}.npy"
        np.save(path, event.take.samples)
        journal = event.journal.path.name if event.journal is not None else None
        details = {"text": event.take.text, "extra": dict(event.take.extra), "overruns": event.overruns}
        say("ended", why=event.why, samples=str(path), journal=journal, **details)

    def play(self, path: str, rate: int, device: str | None = None) -> None:
        self.player.play(np.load(path), rate, device=device, done=lambda: say("done"))

    def position(self) -> None:
        say("position", position=self.player.position, playing=self.player.is_playing)

    def be_busy(self, seconds: float) -> None:
        self.busy_seconds = seconds

    def fail_once(self) -> None:
        self.must_fail = True

    def limit(self, seconds: float) -> None:
        recorder.MAX_SECONDS = seconds

    def look(self) -> None:
        try:
            say("looked", rescanned=rescan(), inputs=names().inputs, outputs=names().outputs)
        except SoundError as problem:
            say("trouble", message=str(problem), code=problem.problem)

    def obey(self, command: str, *arguments: Any) -> None:
        own = next((each for each in (self, self.recorder, self.player) if hasattr(each, command)), None)
        getattr(own, command)(*arguments)


def main() -> None:
    program = Program(Path(sys.argv[1]))
    for line in sys.stdin:
        program.obey(*json.loads(line))
    program.recorder.close(wait_seconds=10.0)
    program.player.close(wait_seconds=10.0)
    say("over", threads=[thread.name for thread in threading.enumerate()])


if __name__ == "__main__":
    main()
