"""Captures what is said into a microphone, as blocks of samples that the engine reads."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from app.audio.devices import InputDevice, SoundError, input_device, portaudio
from assessment.audio import SAMPLE_RATE

BLOCK_SECONDS = 0.05
# A microphone that is silent for so long, not even noise, is gone.
_LOST_SECONDS = 5.0
_WAIT_SECONDS = 0.1

Floats = NDArray[np.float32]


class Microphone:
    """Records from an input while it is used in a ``with`` statement.

    Parameters
    ----------
    device : int or str or None
        Number or a part of the name of the input; None takes the system's default.

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

    def __init__(self, device: int | str | None = None) -> None:
        self.device: InputDevice = input_device(device)
        self.dropouts = 0
        self._queue: SimpleQueue[Floats | None] = SimpleQueue()
        self._stream: Any = None
        self._resampler: Any = None

    def __enter__(self) -> Microphone:
        """Begin to record."""
        sound = portaudio()
        for rate in (SAMPLE_RATE, self.device.rate):
            try:
                self._stream = sound.InputStream(
                    device=self.device.number,
                    samplerate=rate,
                    channels=1,
                    dtype="float32",
                    blocksize=int(rate * BLOCK_SECONDS),
                    latency="low",
                    callback=self._take,
                )
                self._stream.start()
            except sound.PortAudioError as problem:
                self._close()
                failed = problem
                continue
            if rate != SAMPLE_RATE:
                self._resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")
            return self
        raise SoundError(
            f"The microphone “{self.device.name}” cannot be opened: {failed.args[0]}. Close other programs "
            "that use it, check that this one may, or choose another."
        )

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the input go."""
        self._close()

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
            If the microphone falls silent as one that was unplugged does.
        """
        waited = 0.0
        while True:
            try:
                block = self._queue.get(timeout=_WAIT_SECONDS)
            except Empty:
                waited += _WAIT_SECONDS
                if waited >= _LOST_SECONDS:
                    raise SoundError(
                        f"The microphone “{self.device.name}” sends nothing any more. Connect it again."
                    ) from None
                continue
            if block is None:
                return
            waited = 0.0
            yield self._converted(block)

    def stop(self) -> None:
        """End the blocks, from any thread."""
        self._queue.put(None)

    def _take(self, block: Floats, frames: int, time: Any, status: Any) -> None:
        """Copy a block: PortAudio's thread must not be held up."""
        self.dropouts += bool(status.input_overflow)
        self._queue.put(block[:, 0].copy())

    def _converted(self, block: Floats) -> Floats:
        if self._resampler is None:
            return block
        return np.asarray(self._resampler.resample_chunk(block), np.float32)

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)
            self._stream = None
