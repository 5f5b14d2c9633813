"""Keeps a microphone open, tells how loud it is, and records from it on demand without a gap."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

import numpy as np

from app.audio.capture import LOST_SECONDS, Floats, Microphone
from app.audio.devices import Problem, SoundError, prepare_thread, privacy_place, rescan, steady
from app.audio.events import Discarded, Ended, Event, Heard, Opened, Trouble, Why
from app.audio.journal import Journal, Take
from app.audio.level import LevelMeter
from assessment.audio import SAMPLE_RATE

log = logging.getLogger(__name__)

MAX_SECONDS = 1_800.0
RETRY_SECONDS = 1.5
_TICK_SECONDS = 0.25
# No microphone that works is digitally silent for so long: it is muted, or the program may not use it.
_SILENT_SECONDS = 3.0


class Recorder:
    """Hears and records; tells what happens by calling a function on a thread of its own.

    All methods may be called on any thread and return at once. What was said before a call belongs to
    what was before: the order of calls and sound is kept, however busy the computer is. A microphone
    that is missing or was lost is looked for until it is there (`Opened`); what is wrong is told once.

    Parameters
    ----------
    folder : Path
        Where the journals of takes are; see `app.audio.journal.abandoned`.
    tell : callable
        Gets each event, on the recorder's thread.
    """

    def __init__(self, folder: Path, tell: Callable[[Event], None]) -> None:
        self._folder = folder
        self._tell_event = tell
        # Calls and blocks wait in the same queue, so that their order is kept.
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._device: str | None = None
        self._is_wanted = self._is_over = self._has_looked = self._must_reopen = False
        self._microphone: Microphone | None = None
        self._meter = LevelMeter()
        self._take: _RunningTake | None = None
        self._trouble: Trouble | None = None
        self._silent_seconds = 0.0
        # When the last block came, and when to look for a microphone again; of time.monotonic.
        self._heard_at = self._retry_at = 0.0
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def open(self, device: str | None = None) -> None:
        """Open a microphone, or another one: if a take is being recorded, once it has ended.

        Parameters
        ----------
        device : str or None
            Number, name or a part of the name; None takes the system's default.
        """
        self._queue.put(partial(self._open, device))

    def begin(self, text: str, extra: Mapping[str, str] | None = None) -> None:
        """Begin a take; one that is being recorded ends first.

        If no microphone is open yet, the take begins with the first block of the next one; the default one
        is opened if none was asked for.

        Parameters
        ----------
        text : str
            What is to be read.
        extra : mapping of str to str, optional
            What else to keep with the take.
        """
        self._queue.put(partial(self._begin, text, dict(extra or {})))

    def end(self) -> None:
        """End the take and deliver it; nothing happens if there is none."""
        self._queue.put(partial(self._end, Why.ASKED))

    def discard(self) -> None:
        """Throw the take away; nothing happens if there is none."""
        self._queue.put(self._discard)

    def close(self, wait_seconds: float = 0.0) -> None:
        """Let the microphone go and end the thread; nothing is told any more.

        A take that is being recorded is left in its journal, to be found at the next start.

        Parameters
        ----------
        wait_seconds : float
            How long to wait until that is done.
        """
        self._queue.put(self._close)
        if wait_seconds:
            self._thread.join(wait_seconds)

    def _run(self) -> None:
        prepare_thread()
        while not self._is_over:
            try:
                step = self._queue.get(timeout=_TICK_SECONDS)
            except Empty:
                step = self._watch
            step()

    def _watch(self) -> None:
        """Look after the microphone; only if nothing waits: a busy computer is not taken for a loss."""
        if self._microphone is None:
            if self._is_wanted and time.monotonic() >= self._retry_at:
                self._look()
        elif time.monotonic() - self._heard_at > LOST_SECONDS:
            self._lost(self._microphone)

    def _open(self, device: str | None) -> None:
        self._device, self._is_wanted, self._trouble = device, True, None
        self._must_reopen = self._take is not None and self._microphone is not None
        if not self._must_reopen:
            self._let_go()
            self._look()

    def _look(self) -> None:
        """Open the microphone, or say once why not."""
        self._retry_at = time.monotonic() + RETRY_SECONDS
        try:
            with steady():
                if self._has_looked:
                    rescan()
                self._has_looked = True
                microphone = Microphone(self._device, lambda block: self._deliver(microphone, block))
                microphone.open()
        except SoundError as problem:
            self._tell_trouble(problem)
            return
        self._microphone, self._meter = microphone, LevelMeter()
        self._trouble, self._silent_seconds = None, 0.0
        self._heard_at = time.monotonic()
        self._tell(Opened(microphone.device.name))

    def _deliver(self, microphone: Microphone, block: Floats | None) -> None:
        """Queue a block; called on PortAudio's thread."""
        if block is None:
            self._queue.put(partial(self._lost, microphone))
        else:
            self._queue.put(partial(self._hear, microphone, block, microphone.dropouts))

    def _hear(self, microphone: Microphone, raw: Floats, dropouts: int) -> None:
        if microphone is not self._microphone:
            return
        self._heard_at = time.monotonic()
        block = microphone.converted(raw)
        take = self._take
        if take is not None:
            self._record(take, block, dropouts)
        seconds = take.seconds if take is not None else 0.0
        self._tell(Heard(self._meter.add(block), block, take is not None, seconds))
        self._watch_silence(microphone, block)
        if seconds >= MAX_SECONDS:
            self._end(Why.TOO_LONG)

    def _record(self, take: _RunningTake, block: Floats, dropouts: int) -> None:
        try:
            take.add(block)
        except SoundError as problem:
            self._tell(Trouble(str(problem), problem.problem))
        if take.count_overruns(dropouts):
            message = "Some sound was lost: the computer was too busy. Close other programs, then read again."
            self._tell(Trouble(message, Problem.OVERRUNS))

    def _watch_silence(self, microphone: Microphone, block: Floats) -> None:
        if block.any():
            self._silent_seconds = -np.inf
            return
        was_short = self._silent_seconds < _SILENT_SECONDS
        self._silent_seconds += len(block) / SAMPLE_RATE
        if was_short and self._silent_seconds >= _SILENT_SECONDS:
            message = (
                f"The microphone “{microphone.device.name}” sends nothing but silence. Unmute it, and "
                f"check that Elocute may use it{privacy_place()}."
            )
            self._tell(Trouble(message, Problem.SILENT))

    def _lost(self, microphone: Microphone) -> None:
        if microphone is not self._microphone:
            return
        self._must_reopen = False
        if self._take is not None and self._take.seconds:
            self._end(Why.DEVICE_LOST)
        self._tell_trouble(microphone.lost())
        self._let_go()
        self._retry_at = time.monotonic() + RETRY_SECONDS

    def _let_go(self) -> None:
        # Nothing more is heard of it, even if closing it takes long.
        microphone, self._microphone = self._microphone, None
        if microphone is not None:
            microphone.close()

    def _begin(self, text: str, extra: Mapping[str, str]) -> None:
        self._end(Why.ASKED)
        started = datetime.now(UTC)
        journal = None
        try:
            journal = Journal.begin(self._folder, text, extra, started)
        except SoundError as problem:
            self._tell(Trouble(str(problem), problem.problem))
        self._take = _RunningTake(text, started, extra, journal)
        if self._microphone is None:
            # Whoever wants to speak is told again what is wrong.
            self._is_wanted, self._trouble = True, None
            self._look()

    def _end(self, why: Why) -> None:
        take, self._take = self._take, None
        if take is not None:
            self._tell(take.ended(why))
        self._reopen()

    def _discard(self) -> None:
        take, self._take = self._take, None
        if take is not None:
            take.discard()
            self._tell(Discarded())
        self._reopen()

    def _reopen(self) -> None:
        """Open the microphone that was asked for while a take was recorded."""
        if self._must_reopen:
            self._must_reopen = False
            self._let_go()
            self._look()

    def _close(self) -> None:
        self._is_over = True
        if self._take is not None:
            self._take.leave()
        self._let_go()

    def _tell_trouble(self, problem: SoundError) -> None:
        """Tell what keeps the microphone from being opened, once."""
        trouble = Trouble(str(problem), problem.problem)
        if trouble != self._trouble:
            self._trouble = trouble
            self._tell(trouble)

    def _tell(self, event: Event) -> None:
        try:
            self._tell_event(event)
        except Exception:  # what is recorded matters more than what others do with it
            log.exception("a listener failed")


class _RunningTake:
    """A take that is being recorded: on the disk first, and in memory."""

    def __init__(
        self, text: str, started: datetime, extra: Mapping[str, str], journal: Journal | None
    ) -> None:
        self._text, self._started, self._extra = text, started, extra
        self._journal = journal
        self._blocks: list[Floats] = []
        self._count = 0
        self._first_dropouts: int | None = None
        self._overruns = 0

    @property
    def seconds(self) -> float:
        return self._count / SAMPLE_RATE

    def add(self, block: Floats) -> None:
        """Keep a block; raises SoundError once if it can be kept in memory only."""
        self._blocks.append(block)
        self._count += len(block)
        if self._journal is not None:
            self._journal.add(block)

    def count_overruns(self, dropouts: int) -> bool:
        """Take the microphone's count; return whether these are the first of the take."""
        if self._first_dropouts is None:
            self._first_dropouts = dropouts
        had_none, self._overruns = self._overruns == 0, dropouts - self._first_dropouts
        return had_none and self._overruns > 0

    def ended(self, why: Why) -> Ended:
        if self._journal is not None:
            self._journal.finish()
        samples = np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.float32)
        samples.flags.writeable = False
        take = Take(self._text, self._started, samples, self._extra)
        return Ended(take, why, self._overruns, self._journal)

    def discard(self) -> None:
        if self._journal is not None:
            self._journal.discard()

    def leave(self) -> None:
        if self._journal is not None:
            self._journal.close()
