"""The acoustic model at run time: samples to log-posteriors over phones, with ONNX Runtime."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from assessment.control import Control
from assessment.errors import ModelError
from assessment.log_mel import HOP, SAMPLE_RATE, levelled, log_power
from assessment.phones import MODEL_PHONES
from assessment.results import ModelInfo

MANIFEST = "model.json"
_KEYS = {"name", "version", "phones", "log_priors", "boundary_offset_seconds", "thresholds", "files"}
FRAME_SECONDS = HOP / SAMPLE_RATE
# Silence after the recording, so that its last phone has a right context.
TAIL_SAMPLES = int(0.3 * SAMPLE_RATE)
# Recordings up to this many frames go through in one piece, longer ones in windows of CORE
# frames that are read with MARGIN frames of context on either side, which are then cut off.
WHOLE_FRAMES = 1_600
CORE_FRAMES = 600
MARGIN_FRAMES = 40


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the acoustic model makes of a recording.

    Attributes
    ----------
    log_posteriors : ndarray of float32, shape (frames, phones)
        Natural log of the probability of each of `MODEL_PHONES`, every 10 ms.
    states : ndarray of float32, shape (frames // 2, dimensions)
        The encoder's own representation, every 20 ms.
    """

    log_posteriors: NDArray[np.float32]
    states: NDArray[np.float32]


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open an ONNX file for inference on the processor.

    Parameters
    ----------
    path : Path
        The file.
    threads : int
        Threads within an operator.

    Raises
    ------
    ModelError
        If ONNX Runtime cannot read the file.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # it keeps what the longest recording needed
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as problem:  # ONNX Runtime's own exceptions have no common public base
        raise ModelError(
            f"The model file {path} cannot be read: {problem}. Install Elocute anew."
        ) from problem


@dataclass(frozen=True)
class Manifest:
    """A model folder's manifest: names, versions, digests and constants of the model.

    Attributes
    ----------
    folder : Path
        Where the model lies.
    data : dict
        The parsed ``model.json``.
    """

    folder: Path
    data: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read and check a model folder.

        Raises
        ------
        ModelError
            If the manifest or a model file is missing or damaged, or the phones differ from ours.
        """
        path = folder / MANIFEST
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise ModelError(f"There is no readable model in {folder}: {problem}.") from problem
        if not (isinstance(data, dict) and data.keys() >= _KEYS):
            raise ModelError(f"The model's {path} is damaged: it lacks a part. Install Elocute anew.")
        if tuple(data["phones"]) != MODEL_PHONES:
            raise ModelError(f"The model in {folder} names other phones than this version of Elocute.")
        manifest = cls(folder, data)
        for name, digest in data["files"].items():
            if file_digest(manifest.file(name)) != digest:
                raise ModelError(f"The model file {folder / name} is damaged. Install Elocute anew.")
        return manifest

    def file(self, name: str) -> Path:
        """Return the path of a model file.

        Raises
        ------
        ModelError
            If it is missing.
        """
        path = self.folder / name
        if not path.is_file():
            raise ModelError(f"The model file {path} is missing. Install Elocute anew.")
        return path

    @property
    def info(self) -> ModelInfo:
        """Name, version and a digest over all files."""
        digests = "".join(digest for _, digest in sorted(self.data["files"].items()))
        joined = hashlib.sha256(digests.encode()).hexdigest()
        return ModelInfo(self.data["name"], self.data["version"], joined)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class AcousticModel:
    """Whisper's encoder under our head, as exported by ``assessment.training``.

    Parameters
    ----------
    manifest : Manifest
        Of the model folder.
    threads : int or None
        Threads to use; None takes up to four of the machine's.
    """

    def __init__(self, manifest: Manifest, threads: int | None = None) -> None:
        self._session = open_session(manifest.file("acoustic.onnx"), threads or min(4, os.cpu_count() or 1))
        self.log_priors = np.array(manifest.data["log_priors"], np.float32)
        self.boundary_offset: float = manifest.data["boundary_offset_seconds"]

    def analyse(self, samples: NDArray[np.float32], control: Control | None = None) -> Evidence:
        """Compute the posteriors of a recording.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, 16 kHz, at least 0.1 s, any level and length.
        control : Control, optional
            Hears of the progress, and can stop it.

        Raises
        ------
        Cancelled
            If `control` was cancelled.
        """
        control = control or Control()
        cut = windows((len(samples) + TAIL_SAMPLES) // HOP // 2 * 2)
        peak = -np.inf
        for first, last, _ in cut:
            peak = max(peak, float(log_power(samples, first, last, TAIL_SAMPLES).max()))
            control.check()
        pieces = []
        for first, last, keep in cut:
            mel = levelled(log_power(samples, first, last, TAIL_SAMPLES), peak)
            pieces.append(self._run(mel, keep, control))
            control.report(last / cut[-1][1])
        frames = -(-len(samples) // HOP)
        log_posteriors = np.concatenate([piece[0] for piece in pieces])[:frames]
        states = np.concatenate([piece[1] for piece in pieces])[: -(-frames // 2)]
        return Evidence(log_posteriors, states)

    def live(self, samples: NDArray[np.float32], peak: float) -> tuple[NDArray[np.float32], float]:
        """Compute the posteriors of the newest stretch of a recording that is still going on.

        Parameters
        ----------
        samples : ndarray of float32, shape (n,)
            Mono, 16 kHz; an even number of hops.
        peak : float
            Log10 power of the loudest band-frame so far.

        Returns
        -------
        tuple of (log_posteriors, peak)
            Shape (frames, phones), natural log, every 10 ms, those of the last ones uncertain for
            want of what follows; and the loudest band-frame including this stretch.
        """
        power = log_power(samples)
        peak = max(peak, float(power.max()))
        log_posteriors, _ = self._run(levelled(power, peak), slice(0, power.shape[1]), Control())
        return log_posteriors, peak

    def _run(
        self, mel: NDArray[np.float32], keep: slice, control: Control
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        options = onnxruntime.RunOptions()
        with control.stopping(lambda: setattr(options, "terminate", True)):
            log_posteriors, states = self._session.run(None, {"mel": mel[None]}, options)
        half = slice(keep.start // 2, keep.stop // 2)
        # Copies: views would keep what is cut off.
        return log_posteriors[0, keep].copy(), states[0, half].copy()


def windows(frames: int) -> list[tuple[int, int, slice]]:
    """Cut a long recording into windows with context.

    Parameters
    ----------
    frames : int
        Even number of frames of 10 ms.

    Returns
    -------
    list of (first, last, keep)
        Frames [first, last) to read, and which of them to keep; the kept parts join without gap
        or overlap. All bounds are even.
    """
    if frames <= WHOLE_FRAMES:
        return [(0, frames, slice(0, frames))]
    cut = []
    for core in range(0, frames, CORE_FRAMES):
        first = max(0, core - MARGIN_FRAMES)
        end = min(frames, core + CORE_FRAMES)
        cut.append((first, min(frames, end + MARGIN_FRAMES), slice(core - first, end - first)))
    return cut
