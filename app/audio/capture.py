"""Captures what is said into a microphone, as blocks of samples that the engine reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from app.audio.devices import (
    InputDevice,
    Problem,
    SoundError,
    cannot_open,
    input_device,
    portaudio,
    steady,
    stream_closed,
    stream_opened,
)
from assessment.audio import SAMPLE_RATE

BLOCK_SECONDS = 0.05
# A microphone that is silent for so long, not even noise, is gone. The first block may take two
# seconds, and PulseAudio is silent for two and a half when it moves a stream to another device.
LOST_SECONDS = 5.0
_WAIT_SECONDS = 0.1

Floats = NDArray[np.float32]


class Microphone:
    """Records from an input while it is used in a ``with`` statement, or between `open` and `close`.

    Parameters
    ----------
    device : int or str or None
        Number, name or a part of the name of the input; None takes the system's default.
    deliver : callable, optional
        Gets each block instead of `blocks`, as the device sends it (see `converted`), and None once if
        the device stops by itself; on PortAudio's thread, which it must not hold up.

    Attributes
    ----------
    device : InputDevice
        What it records from.
    dropouts : int
        How often blocks were lost because the computer was too busy.

    Raises
    ------
    SoundError
        If there is no such input, or it cannot be opened.

    Examples
    --------
    >>> with Microphone() as microphone:
    ...     for block in microphone.blocks():
    ...         follower.feed(block)
    """

    def __init__(
        self, device: int | str | None = None, deliver: Callable[[Floats | None], None] | None = None
    ) -> None:
        self.device: InputDevice = input_device(device)
        self.dropouts = 0
        self._queue: SimpleQueue[Floats | None] = SimpleQueue()
        self._deliver = deliver or self._queue.put
        self._stream: Any = None
        self._resampler: Any = None
        self._is_closing = self._is_lost = False

    def __enter__(self) -> Microphone:
        """Begin to record."""
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the input go."""
        self.close()

    def open(self) -> None:
        """Begin to record.

        Raises
        ------
        SoundError
            If the input cannot be opened.
        """
        sound = portaudio()
        rates = dict.fromkeys((SAMPLE_RATE, self.device.rate))
        # Some drivers give a stereo input as stereo only.
        channels = dict.fromkeys((1, min(2, max(1, self.device.channels))))
        problem: Exception = SoundError("no way to open it")
        for rate, count in product(rates, channels):
            try:
                self._start(sound, rate, count)
            except (sound.PortAudioError, ValueError) as failed:
                problem = failed
                self.close()
            else:
                return
        raise cannot_open(self.device, "microphone", problem)

    def close(self) -> None:
        """Let the input go; takes long if the sound system hangs."""
        with steady():
            if self._stream is not None:
                self._is_closing = True
                self._stream.abort(ignore_errors=True)
                self._stream.close(ignore_errors=True)
                self._stream = None
                stream_closed()

    def blocks(self) -> Iterator[Floats]:
        """Yield what is captured, as it arrives, until `stop` is called.

        The first block may take more than a second: what was said before it is lost.

        Yields
        ------
        ndarray of float32, shape (n,)
            Mono, 16 kHz, about `BLOCK_SECONDS` long.

        Raises
        ------
        SoundError
            If the microphone stops or falls silent as one that was unplugged does.
        """
        waited = 0.0
        while True:
            try:
                block = self._queue.get(timeout=_WAIT_SECONDS)
            except Empty:
                waited += _WAIT_SECONDS
                if waited >= LOST_SECONDS:
                    raise self.lost() from None
                continue
            if block is None:
                if self._is_lost:
                    raise self.lost()
                return
            waited = 0.0
            yield self.converted(block)

    def stop(self) -> None:
        """End the blocks, from any thread."""
        self._queue.put(None)

    def converted(self, block: Floats) -> Floats:
        """Bring a block that was delivered to 16 kHz; call it with each, in their order.

        Parameters
        ----------
        block : ndarray of float32, shape (n,)
            Mono, as the device sends it.

        Returns
        -------
        ndarray of float32, shape (m,)
            Lags by some milliseconds if the device has another rate.
        """
        if self._resampler is None:
            return block
        return np.asarray(self._resampler.resample_chunk(block), np.float32)

    def lost(self) -> SoundError:
        """Say that the device has stopped by itself."""
        return SoundError(
            f"The microphone “{self.device.name}” sends nothing any more. Connect it again.",
            Problem.DEVICE_LOST,
        )

    def _start(self, sound: Any, rate: int, channels: int) -> None:
        with steady():
            self._is_closing = False
            self._stream = sound.InputStream(
                device=self.device.number,
                samplerate=rate,
                channels=channels,
                dtype="float32",
                blocksize=int(rate * BLOCK_SECONDS),
                latency="low",
                callback=self._take,
                finished_callback=self._finished,
            )
            stream_opened()
            self._resampler = None
            if rate != SAMPLE_RATE:
                self._resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")
            self._stream.start()

    def _take(self, block: Floats, frames: int, time: Any, status: Any) -> None:
        """Copy a block: PortAudio's thread must not be held up."""
        self.dropouts += bool(status.input_overflow)
        self._deliver(block.mean(axis=1))

    def _finished(self) -> None:
        if not self._is_closing:
            self._is_lost = True
            self._deliver(None)
