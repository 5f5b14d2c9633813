"""Opens recordings: decodes any usual format into mono samples at 16 kHz, conditioned and measured.

A file is refused by what its header declares before anything is decoded, and decoded block by block,
so that a header that lies costs no more than the longest recording that is allowed.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import ArrayLike, NDArray

from assessment.errors import RecordingError
from assessment.quality import ClippingMeter, measure_quality
from assessment.results import Notice, RecordingQuality

SAMPLE_RATE = 16_000
MIN_SECONDS = 0.1
MAX_SECONDS = 3_600.0
MAX_BYTES = 2**30
MAX_CHANNELS = 8
MIN_RATE = 4_000
MAX_RATE = 192_000

_FORMATS = {"WAV", "WAVEX", "RF64", "W64", "AIFF", "CAF", "AU", "FLAC", "OGG", "MP3"}
_READABLE = "WAV, FLAC, OGG, MP3 or AIFF"
# Frames decoded at a time; a block that the decoder fails in is lost.
_BLOCK = 4_096
_PART_FRAMES = 2**18
_MAX_NON_FINITE = 0.01
_DEAD_CHANNEL_DB = 40.0
_MIXING_LOSS_DB = 6.0
_TRUNCATED_BELOW = 0.99
_UNREAD_MP3 = 0.1
# libsndfile's log of a WAV or AIFF file that ends before its header says, and of an OGG stream that
# does. A program that cannot know the size beforehand declares almost 2 or 4 GiB: that is no sign.
_SHORT_CHUNK = re.compile(r"^\s*(?:data|SSND)\s*: (\d+) \(should be \d+\)", re.MULTILINE)
_UNKNOWN_CHUNK_BYTES = 0x7FFF_0000
_SHORT_STREAM = "lacks an end-of-stream bit"
_UNREADABLE_KINDS = (
    (4, b"ftyp", "an MPEG-4 file (M4A, MP4)"),
    (0, b"\x1a\x45\xdf\xa3", "a WebM or Matroska file"),
    (0, b"\x30\x26\xb2\x75", "a Windows Media file"),
    (0, b"#!AMR", "an AMR file"),
)


@dataclass(frozen=True, eq=False)
class Recording:
    """Speech to be assessed.

    Attributes
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz, within -1..1, without a constant offset; read-only.
    source : str
        What to call the recording in messages: the file's name, or ``"samples"``.
    quality : RecordingQuality
        How good it is; `assessment.quality.quality_notices` puts it into words.
    notices : tuple of Notice
        What was done to decode it: ``truncated``, ``non-finite``, ``dead-channel``,
        ``opposite-polarity``.
    """

    samples: NDArray[np.float32]
    source: str
    quality: RecordingQuality
    notices: tuple[Notice, ...] = ()

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / SAMPLE_RATE

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Recording:
        """Open an audio file: WAV, FLAC, OGG (Vorbis, Opus), MP3, AIFF and the like, at 4-192 kHz.

        Parameters
        ----------
        path : str or os.PathLike
            The file.

        Returns
        -------
        Recording
            Of a damaged or truncated file, what can be decoded, with a notice.

        Raises
        ------
        RecordingError
            If the file cannot be read, is no audio, or is too short, too long or too large.
        """
        file_path = Path(path)
        name = file_path.name or str(path)
        with _open_file(file_path, name) as file:
            return _decode(file, name)

    @classmethod
    def from_samples(cls, samples: ArrayLike, rate: int, source: str = "samples") -> Recording:
        """Make a recording of samples in memory.

        Parameters
        ----------
        samples : array_like, shape (n,) or (n, channels)
            Floats with full scale +-1 (what lies beyond is clipped), or integers with the full scale of
            their type (unsigned integers rest at half of it).
        rate : int
            Samples per second, 4,000-192,000.
        source : str
            What to call the recording in messages.

        Returns
        -------
        Recording
            As `open` returns it.

        Raises
        ------
        RecordingError
            If the samples are no audio, or too short or too long.
        """
        columns = _columns(samples, source)
        _check_declared(source, rate, columns.shape[1], len(columns))
        conditioner = _Conditioner(rate, columns.shape[1])
        for first in range(0, len(columns), _BLOCK):
            conditioner.add(_full_scale(columns[first : first + _BLOCK]))
        return conditioner.finish(source)


class _AudioFile(io.BufferedReader):
    """A file for libsndfile, which follows the headers of damaged files to places that do not exist."""

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place, or stay if there is none."""
        try:
            return super().seek(offset, whence)
        except (OSError, ValueError):
            return self.tell()


class _ForwardSoundFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile ships no type hints
    """A sound file read from start to end without the seek after each block that soundfile makes.

    That seek is slow, and fails at the end of a FLAC stream of undeclared length.
    """

    def seekable(self) -> bool:
        """Return False, whatever the file can do."""
        return False


class _Conditioner:
    """Turns decoded blocks into mono samples at 16 kHz."""

    def __init__(self, rate: int, channels: int) -> None:
        self.rate = rate
        self.channels = channels
        self.frames = 0
        self._non_finite = 0
        self._parts: list[NDArray[np.float32]] = []
        # Blocks are joined to large parts: many small ones would leave the memory in pieces.
        self._blocks: list[NDArray[np.float32]] = []
        self._meters = [ClippingMeter() for _ in range(channels)]
        self._resampler = soxr.ResampleStream(rate, SAMPLE_RATE, channels, dtype="float32", quality="HQ")

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next block, shape (frames, channels), full scale +-1."""
        self.frames += len(block)
        finite = np.isfinite(block)
        if not finite.all():
            self._non_finite += int(np.count_nonzero(~finite.all(axis=1)))
            block = np.where(finite, block, np.float32(0.0))
        block = np.clip(block, -1.0, 1.0)
        for channel, meter in enumerate(self._meters):
            meter.add(block[:, channel])
        self._collect(self._resample(block, last=False))

    def finish(self, source: str, damage: tuple[Notice, ...] = ()) -> Recording:
        """Mix the channels, remove the offset, measure, and check that enough was decoded."""
        self._check_enough(source)
        self._collect(self._resample(np.zeros((0, self.channels), np.float32), last=True))
        self._join()
        mean, covariance = _moments(self._parts)
        weights, mixing = _mix(covariance, source)
        mono = self._mixed(weights)
        mono -= np.float32(mean @ weights)
        np.clip(mono, -1.0, 1.0, out=mono)
        mono.flags.writeable = False
        clipped = max(meter.fraction for meter, weight in zip(self._meters, weights, strict=True) if weight)
        notices = (*damage, *self._non_finite_notices(source), *mixing)
        return Recording(mono, source, measure_quality(mono, clipped), notices)

    def _collect(self, block: NDArray[np.float32]) -> None:
        self._blocks.append(block)
        if sum(map(len, self._blocks)) >= _PART_FRAMES:
            self._join()

    def _join(self) -> None:
        self._parts.append(np.concatenate(self._blocks or [np.zeros((0, self.channels), np.float32)]))
        self._blocks = []

    def _mixed(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the parts as one channel, and let each go."""
        mono = np.empty(sum(map(len, self._parts)), np.float32)
        at = 0
        while self._parts:
            part = self._parts.pop(0)
            np.matmul(part, weights, out=mono[at : at + len(part)])
            at += len(part)
        return mono

    def _resample(self, block: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        if self.rate == SAMPLE_RATE:
            return block
        resampled = self._resampler.resample_chunk(np.ascontiguousarray(block), last=last)
        return np.asarray(resampled, np.float32).reshape(-1, self.channels)

    def _check_enough(self, source: str) -> None:
        if self._non_finite > _MAX_NON_FINITE * self.frames:
            raise RecordingError(
                f"{source} is damaged: {self._non_finite / self.frames:.0%} of its samples are not numbers. "
                "Record it again, or export it again from the program that made it."
            )
        if self.frames < MIN_SECONDS * self.rate:
            raise RecordingError(
                f"{source} is too short: it lasts {self.frames / self.rate:.2f} s, and at least "
                f"{MIN_SECONDS:g} s are needed. Record the whole text again."
            )

    def _non_finite_notices(self, source: str) -> Iterator[Notice]:
        if self._non_finite:
            yield Notice(
                "non-finite",
                f"{self._non_finite} samples of {source} were not numbers and were silenced: if you hear "
                "clicks, record it again.",
            )


def _open_file(path: Path, name: str) -> _AudioFile:
    try:
        # Before opening: to open a FIFO would wait for ever.
        _check_file(path.stat(), name)
        return _AudioFile(io.FileIO(path))
    except FileNotFoundError as problem:
        raise RecordingError(f"{name} does not exist: check the name and the folder.") from problem
    except PermissionError as problem:
        raise RecordingError(
            f"{name} may not be read: change its permissions, or copy it to a folder of your own."
        ) from problem
    except (OSError, ValueError) as problem:
        raise RecordingError(
            f"{name} cannot be read ({problem}): check the name and the disk, or copy the file elsewhere."
        ) from problem


def _check_file(status: os.stat_result, name: str) -> None:
    """Refuse what is not a regular file of a usable size."""
    if stat.S_ISDIR(status.st_mode):
        raise RecordingError(f"{name} is a folder, not a recording: choose an audio file inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise RecordingError(f"{name} is a device or a pipe, not a file: save the recording to a file first.")
    if status.st_size == 0:
        raise RecordingError(f"{name} is empty (0 bytes): record it again, or copy the file again.")
    if status.st_size > MAX_BYTES:
        raise RecordingError(
            f"{name} is too large: {status.st_size / 2**20:,.0f} MB, and at most {MAX_BYTES / 2**20:,.0f} MB "
            "can be opened. Cut it into parts, or save it as FLAC or MP3."
        )


def _check_declared(name: str, rate: int, channels: int, frames: int) -> None:
    if not MIN_RATE <= rate <= MAX_RATE:
        raise RecordingError(
            f"{name} has {rate:,} samples per second, and {MIN_RATE:,} to {MAX_RATE:,} can be used: save it "
            "at 16,000 or more."
        )
    if not 1 <= channels <= MAX_CHANNELS:
        raise RecordingError(
            f"{name} has {channels} channels, and at most {MAX_CHANNELS} can be used: save it as mono or "
            "stereo."
        )
    if frames == 0:
        raise RecordingError(f"{name} holds no sound: it has 0 samples, so record it again.")
    if frames > MAX_SECONDS * rate:
        raise _too_long(name)


def _too_long(name: str) -> RecordingError:
    return RecordingError(
        f"{name} is too long: {MAX_SECONDS / 60:g} minutes is the most that can be assessed at once. Cut it "
        "into parts."
    )


def _decode(file: _AudioFile, name: str) -> Recording:
    try:
        sound = _ForwardSoundFile(file)
    # TypeError is for names that end in .raw: soundfile then wants to be told the format.
    except (soundfile.LibsndfileError, TypeError) as problem:
        raise _not_audio(file, name) from problem
    with sound:
        if sound.format not in _FORMATS:
            raise _not_audio(file, name)
        length_known = sound.frames < np.iinfo(np.int64).max
        _check_declared(name, sound.samplerate, sound.channels, sound.frames if length_known else 1)
        conditioner = _Conditioner(sound.samplerate, sound.channels)
        complete = _decode_blocks(sound, conditioner, name)
        if conditioner.frames == 0:
            raise _not_audio(file, name)
        if length_known and conditioner.frames < _TRUNCATED_BELOW * sound.frames:
            complete = False
        complete = complete and not _is_cut_off(sound, file)
    return conditioner.finish(name, () if complete else (_truncated(name, conditioner),))


def _decode_blocks(sound: soundfile.SoundFile, conditioner: _Conditioner, name: str) -> bool:
    """Decode up to the end (True) or the first damage (False)."""
    while True:
        try:
            block = sound.read(_BLOCK, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:
            return False
        if len(block) == 0:
            return True
        conditioner.add(block)
        if conditioner.frames > MAX_SECONDS * conditioner.rate:
            raise _too_long(name)


def _is_cut_off(sound: soundfile.SoundFile, file: _AudioFile) -> bool:
    """Tell whether the file ends early, or (an MP3 without a table of contents) was not read to its end."""
    log = sound.extra_info
    short_chunk = _SHORT_CHUNK.search(log)
    if short_chunk and int(short_chunk[1]) < _UNKNOWN_CHUNK_BYTES:
        return True
    if sound.format == "MP3":
        size = os.fstat(file.fileno()).st_size
        return size - file.tell() > _UNREAD_MP3 * size
    return _SHORT_STREAM in log


def _truncated(name: str, decoded: _Conditioner) -> Notice:
    return Notice(
        "truncated",
        f"{name} is cut off or damaged: only {decoded.frames / decoded.rate:.1f} s of it could be read. If "
        "that is not the whole reading, copy the file or record it again.",
    )


def _not_audio(file: _AudioFile, name: str) -> RecordingError:
    """Say what a file is that cannot be decoded."""
    file.seek(0)
    start = file.read(4_096)
    for offset, magic, kind in _UNREADABLE_KINDS:
        if start[offset:].startswith(magic):
            return RecordingError(f"{name} is {kind}, which cannot be opened: save it as {_READABLE}.")
    if _is_text(start):
        return RecordingError(f"{name} is a text file, not a recording: choose an audio file.")
    return RecordingError(
        f"{name} cannot be decoded: it is damaged or in an unknown format. Save it again as {_READABLE}."
    )


def _is_text(start: bytes) -> bool:
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as problem:
        # A character may be cut at the end of what was read.
        if problem.start < len(start) - 3:
            return False
        text = start[: problem.start].decode("utf-8")
    return all(character.isprintable() or character in "\t\r\n\f\ufeff" for character in text)


def _columns(samples: ArrayLike, source: str) -> NDArray[np.generic]:
    """Return samples as an array of shape (n, channels)."""
    try:
        given = np.asarray(samples)
    except (ValueError, TypeError) as problem:
        raise RecordingError(f"{source} cannot be used as audio: its channels differ in length.") from problem
    if given.ndim not in (1, 2) or given.dtype.kind not in "iuf":
        raise RecordingError(
            f"{source} cannot be used as audio: give real numbers as an array of shape (samples,) or "
            f"(samples, channels), not {given.dtype} of shape {given.shape}."
        )
    return given.reshape(len(given), -1) if given.size else given.reshape(0, 1)


def _full_scale(block: NDArray[np.generic]) -> NDArray[np.float32]:
    """Scale samples of any type to floats of full scale +-1; huge ones are limited lest they overflow."""
    values = block.astype(np.float64)
    if block.dtype.kind in "iu":
        half = 2.0 ** (8 * block.dtype.itemsize - 1)
        values = values / half - (1.0 if block.dtype.kind == "u" else 0.0)
    return np.where(np.isfinite(values), values.clip(-2.0, 2.0), np.nan).astype(np.float32)


def _moments(parts: list[NDArray[np.float32]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the channels' means, shape (c,), and covariances, shape (c, c)."""
    count = sum(map(len, parts))
    mean = sum(part.sum(axis=0, dtype=np.float64) for part in parts) / count
    covariance = sum((part - mean).T @ (part - mean) for part in parts) / count
    return np.asarray(mean), np.asarray(covariance)


def _mix(covariance: NDArray[np.float64], source: str) -> tuple[NDArray[np.float32], tuple[Notice, ...]]:
    """Choose the weight of each channel: the mean of the live ones, or the loudest if that loses much."""
    power = np.diag(covariance)
    loudest = int(power.argmax())
    live = power >= power[loudest] * 10.0 ** (-_DEAD_CHANNEL_DB / 10.0)
    weights = live / live.sum()
    notices: tuple[Notice, ...] = ()
    if not live.all():
        notices += (_dead_channels(int((~live).sum()), len(live), source),)
    mixed = weights @ covariance @ weights
    if mixed < power[loudest] * 10.0 ** (-_MIXING_LOSS_DB / 10.0):
        # Channels that have nothing in common would give the sum of their powers.
        if mixed < 0.5 * (weights**2 @ power):
            notices += (_opposite_polarity(source),)
        weights = np.eye(len(power))[loudest]
    return weights.astype(np.float32), notices


def _dead_channels(dead: int, channels: int, source: str) -> Notice:
    return Notice(
        "dead-channel",
        f"{dead} of the {channels} channels of {source} held no sound and {'was' if dead == 1 else 'were'} "
        "left out: check the microphone's cable if that is a surprise.",
    )


def _opposite_polarity(source: str) -> Notice:
    return Notice(
        "opposite-polarity",
        f"The channels of {source} cancel each other, so only the loudest was used: check the microphone's "
        "wiring, or record in mono.",
    )
