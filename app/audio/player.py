"""Plays samples without holding up whoever asks, and knows which moment is being heard."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import product
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from app.audio.devices import (
    OutputDevice,
    Problem,
    SoundError,
    cannot_open,
    output_device,
    portaudio,
    prepare_thread,
    steady,
    stream_closed,
    stream_opened,
)

log = logging.getLogger(__name__)

# Sound that begins or ends at once clicks.
FADE_SECONDS = 0.005
_BLOCK_SECONDS = 0.04
# Through ALSA's plugin for PulseAudio, PortAudio may race through a sound without playing it if its buffer
# is no longer than the server's: measured at 0.12 s and less, never at 0.2 s and more.
_LATENCY = 0.25 if sys.platform == "linux" else "high"
# Sound servers swallow the first sound of a stream, and PortAudio drops what is still in the buffers when
# it stops: both get silence.
_LEAD_SECONDS = _TAIL_SECONDS = 0.1
_TICK_SECONDS = 0.25
# An output that asks for nothing for so long is gone.
_LOST_SECONDS = 4.0
_FADING_SECONDS = 1.0
_MAX_DELAY_SECONDS = 2.0

Floats = NDArray[np.float32]


class Player:
    """Plays one thing at a time. All methods may be called on any thread and return at once.

    Parameters
    ----------
    failed : callable, optional
        Gets a sentence for people if something cannot be played, on the player's thread.
    """

    def __init__(self, failed: Callable[[str], None] | None = None) -> None:
        self._failed = failed
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        # What was asked for last, and what has a stream.
        self._current: _Playback | None = None
        self._open: _Playback | None = None
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    @property
    def is_playing(self) -> bool:
        """Whether something is played, or is about to be."""
        return self._current is not None

    @property
    def position(self) -> float:
        """The moment that is being heard, in seconds from the first sample; 0 if nothing is played."""
        playback = self._current
        return playback.position if playback is not None else 0.0

    def play(
        self,
        samples: Floats,
        rate: int,
        *,
        device: str | None = None,
        done: Callable[[], None] | None = None,
    ) -> None:
        """Play, instead of what is being played.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, full scale +-1; what lies beyond is clipped. Not to be changed while it is played.
        rate : int
            Samples a second.
        device : str or None
            Number, name or a part of the name of the output; None takes the system's default.
        done : callable, optional
            Called on the player's thread when the end was heard: not if it was stopped, failed, or
            something else was played instead.
        """
        playback = _Playback(samples, rate, device, done)
        self._exchange(playback)
        self._queue.put(partial(self._begin, playback))

    def stop(self) -> None:
        """Fade out; nothing happens if nothing is played."""
        self._exchange(None)
        self._queue.put(self._let_go)

    def close(self, wait_seconds: float = 0.0) -> None:
        """Stop, let the output go and end the thread.

        Parameters
        ----------
        wait_seconds : float
            How long to wait until that is done.
        """
        self._exchange(None)
        self._queue.put(self._close)
        if wait_seconds:
            self._thread.join(wait_seconds)

    def _exchange(self, playback: _Playback | None) -> None:
        with self._lock:
            previous, self._current = self._current, playback
        if previous is not None:
            previous.cancel()

    def _forget(self, playback: _Playback) -> bool:
        """Return whether it was still wanted."""
        with self._lock:
            is_current = playback is self._current
            if is_current:
                self._current = None
        return is_current

    def _run(self) -> None:
        prepare_thread()
        while not self._is_over:
            try:
                step = self._queue.get(timeout=_TICK_SECONDS)
            except Empty:
                step = self._watch
            step()

    def _watch(self) -> None:
        if self._open is not None and self._open.is_stuck:
            self._ended(self._open)

    def _begin(self, playback: _Playback) -> None:
        self._let_go()
        if playback.is_cancelled:
            return
        try:
            playback.open(lambda: self._queue.put(partial(self._ended, playback)))
        except SoundError as problem:
            self._fail(playback, problem)
        else:
            self._open = playback

    def _ended(self, playback: _Playback) -> None:
        # An attempt that failed may have ended, too.
        if playback is not self._open or not playback.has_ended:
            return
        self._let_go()
        if not playback.is_complete:
            self._fail(playback, playback.lost())
        elif self._forget(playback) and playback.done is not None:
            self._call(playback.done)

    def _fail(self, playback: _Playback, problem: SoundError) -> None:
        if self._forget(playback) and self._failed is not None:
            self._call(partial(self._failed, str(problem)))

    def _call(self, function: Callable[[], None]) -> None:
        try:
            function()
        except Exception:  # the next thing can still be played
            log.exception("a listener failed")

    def _let_go(self) -> None:
        playback, self._open = self._open, None
        if playback is not None:
            playback.close()

    def _close(self) -> None:
        self._is_over = True
        self._let_go()


class _Playback:
    """Samples on their way to an output."""

    def __init__(
        self, samples: Floats, rate: int, device: str | None, done: Callable[[], None] | None
    ) -> None:
        self.done = done
        self.is_cancelled = self.is_complete = False
        self._samples, self._rate, self._wanted = samples, rate, device
        self._name = ""
        self._stream: Any = None
        self._finished = threading.Event()
        self._stop: type[Exception] = StopIteration
        self._is_fading = False
        # The next frame to be sent; the one after the last that sounds; and one with the moment at which
        # it is heard.
        self._next = self._end = 0
        self._mark = (0, np.inf)
        self._delay = 0.0
        self._asked_at = 0.0
        self._shown = 0.0

    @property
    def position(self) -> float:
        frame, heard_at = self._mark
        if np.isinf(heard_at):
            return 0.0
        frames = min(frame + (time.monotonic() - heard_at) * self._rate, self._next, self._end)
        # It never goes back.
        self._shown = max(self._shown, frames / self._rate - _LEAD_SECONDS)
        return self._shown

    @property
    def has_ended(self) -> bool:
        return self._finished.is_set() or self.is_stuck

    @property
    def is_stuck(self) -> bool:
        return time.monotonic() - self._asked_at > _LOST_SECONDS

    def cancel(self) -> None:
        """Have it fade out."""
        self.is_cancelled = True

    def lost(self) -> SoundError:
        return SoundError(
            f"The loudspeaker “{self._name}” has stopped. Connect it again or choose another, then play "
            "again.",
            Problem.DEVICE_LOST,
        )

    def open(self, finished: Callable[[], None]) -> None:
        """Begin to play; raises SoundError if that is not possible."""
        sound = portaudio()
        self._stop = sound.CallbackStop
        with steady():
            device = output_device(self._wanted)
            self._name = device.name
            self._open(sound, device, finished)

    def close(self) -> None:
        """Let the output go, after what is left was heard."""
        if self._stream is None:
            return
        if not self.is_stuck:
            self._finished.wait(_FADING_SECONDS)
        with steady():
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)
            self._stream = None
            stream_closed()

    def _open(self, sound: Any, device: OutputDevice, finished: Callable[[], None]) -> None:
        own, rate = self._samples, self._rate
        problem: Exception = SoundError("no way to open it")
        ways = product(dict.fromkeys((rate, device.rate)), dict.fromkeys((1, min(2, device.channels))))
        for way, channels in ways:
            self._samples, self._rate = _faded(_resampled(own, rate, way), way), way
            self._end = len(self._samples)
            try:
                self._start(sound, device, channels, finished)
            except (sound.PortAudioError, ValueError) as failed:
                problem = failed
                self._finished.set()
                self.close()
            else:
                return
        raise cannot_open(device, "loudspeaker", problem)

    def _start(self, sound: Any, device: OutputDevice, channels: int, finished: Callable[[], None]) -> None:
        self._finished.clear()
        self._asked_at = time.monotonic()

        def end() -> None:
            self._finished.set()
            finished()

        self._stream = sound.OutputStream(
            device=device.number,
            samplerate=self._rate,
            channels=channels,
            dtype="float32",
            blocksize=int(self._rate * _BLOCK_SECONDS),
            latency=_LATENCY,
            callback=self._fill,
            finished_callback=end,
        )
        stream_opened()
        self._delay = self._stream.latency
        self._stream.start()

    def _fill(self, out: Floats, frames: int, clock: Any, status: Any) -> None:
        """Give PortAudio the next block; on its thread."""
        now = self._asked_at = time.monotonic()
        delay = clock.outputBufferDacTime - clock.currentTime
        self._mark = (self._next, now + (delay if 0.0 < delay < _MAX_DELAY_SECONDS else self._delay))
        if self.is_cancelled and not self._is_fading:
            self._fade_out()
        block = self._samples[self._next : min(self._next + frames, self._end)]
        out[: len(block)] = block[:, None]
        out[len(block) :] = 0.0
        self._next += frames
        if self._next >= self._end + (self._delay + _TAIL_SECONDS) * self._rate:
            self.is_complete = not self._is_fading
            raise self._stop

    def _fade_out(self) -> None:
        self._is_fading = True
        self._end = min(self._end, self._next + round(FADE_SECONDS * self._rate))
        rest = self._samples[self._next : self._end]
        rest *= np.linspace(1.0, 0.0, len(rest), dtype=np.float32)


def _resampled(samples: Floats, rate: int, wanted: int) -> Floats:
    finite = np.clip(np.nan_to_num(samples), -1.0, 1.0).astype(np.float32, copy=False)
    return finite if rate == wanted else np.asarray(soxr.resample(finite, rate, wanted), np.float32)


def _faded(samples: Floats, rate: int) -> Floats:
    """Return a copy that begins after some silence, and begins and ends softly."""
    faded = samples.copy()
    count = min(round(FADE_SECONDS * rate), len(faded) // 2)
    ramp = np.linspace(0.0, 1.0, count, dtype=np.float32)
    faded[:count] *= ramp
    faded[len(faded) - count :] *= ramp[::-1]
    return np.concatenate((np.zeros(round(_LEAD_SECONDS * rate), np.float32), faded))
