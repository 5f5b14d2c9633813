"""Step `states`: run the frozen encoder over corpora once and keep its states on disk.

Heads are trained on these states many times; each costs 2 bytes a number (float16).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from assessment.acoustic import TAIL_SAMPLES
from assessment.errors import CorpusError
from assessment.log_mel import BANDS, SAMPLE_RATE, log_mel
from assessment.training.augment import augment, generator, warp_bands
from assessment.training.corpora import Utterance
from assessment.training.frames import append_line
from assessment.training.network import POSITIONS, Encoder

log = logging.getLogger(__name__)

MAX_SECONDS = 25


@dataclass(frozen=True)
class Entry:
    """Where the states of one recording lie in the store.

    Attributes
    ----------
    corpus, id : str
        The utterance.
    offset, length : int
        Rows [offset, offset + length) of the store.
    speed : float
        Factor by which the recording was sped up.
    """

    corpus: str
    id: str
    offset: int
    length: int
    speed: float


class StateStore:
    """States of many recordings in one file, one row for 20 ms.

    Parameters
    ----------
    folder : Path
        Holds ``states.f16`` and ``index.jsonl``; made when missing. A run that was interrupted
        goes on where it stopped.
    width : int
        Numbers a row.
    """

    def __init__(self, folder: Path, width: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.width = width
        self._data = folder / "states.f16"
        self._index = folder / "index.jsonl"
        self.entries: dict[tuple[str, str], Entry] = {}
        self.rows = 0
        if self._index.is_file():
            self._read_index()

    def _read_index(self) -> None:
        for line in self._index.read_text(encoding="utf-8").splitlines():
            try:
                entry = Entry(**json.loads(line))
            except json.JSONDecodeError:
                continue  # cut off by an interruption; the recording is done again
            self.entries[entry.corpus, entry.id] = entry
            self.rows = max(self.rows, entry.offset + entry.length)

    def add(self, utterance: Utterance, states: NDArray[np.float16], speed: float) -> None:
        """Append the states of a recording, shape (length, width)."""
        entry = Entry(utterance.corpus, utterance.id, self.rows, len(states), speed)
        with self._data.open("r+b" if self._data.is_file() else "w+b") as file:
            file.seek(self.rows * self.width * 2)
            file.write(states.astype(np.float16).tobytes())
        append_line(self._index, vars(entry))
        self.entries[entry.corpus, entry.id] = entry
        self.rows += entry.length

    def open(self) -> NDArray[np.float16]:
        """Return all rows as a memory map, shape (rows, width).

        Raises
        ------
        CorpusError
            If the store is empty.
        """
        if not self.rows:
            raise CorpusError(
                f"There are no states in {self._data.parent}: run the step that makes them first."
            )
        return np.memmap(self._data, np.float16, "r", shape=(self.rows, self.width))


def encode(
    encoder: InferenceSession, samples: NDArray[np.float32], tract: float = 1.0
) -> NDArray[np.float16]:
    """Run the exported encoder over one recording of at most 30 s.

    Returns
    -------
    ndarray of float16, shape (states, taps * WIDTH)
        One state for 20 ms.
    """
    mel = warp_bands(log_mel(np.pad(samples, (0, TAIL_SAMPLES))), tract)
    mel = mel[:, : mel.shape[1] // 2 * 2]
    states = encoder.run(None, {"mel": mel[None]})[0][0]
    return np.asarray(states, np.float16)


def export_encoder(encoder: Encoder, path: Path) -> None:
    """Write the bare encoder to ONNX: on a processor it runs faster there than in torch."""
    half = torch.export.Dim("half", min=8, max=POSITIONS)
    program = torch.onnx.export(
        encoder.eval(),
        (torch.randn(1, BANDS, 400),),
        dynamo=True,
        input_names=["mel"],
        dynamic_shapes=({2: 2 * half},),
        verbose=False,
    )
    assert program is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    program.save(path)


def extract(
    encoder: InferenceSession,
    width: int,
    utterances: Sequence[Utterance],
    folder: Path,
    *,
    augmented: bool = False,
    noises: Sequence[Path] = (),
    seed: int = 0,
) -> StateStore:
    """Encode recordings into a store, leaving out those that are there already.

    Parameters
    ----------
    encoder : InferenceSession
        As written by `export_encoder`.
    width : int
        Numbers a state.
    utterances : sequence of Utterance
        Recordings at 16 kHz; those longer than `MAX_SECONDS` are left out.
    folder : Path
        Of the store.
    augmented : bool
        Distort each recording first.
    noises : sequence of Path
        Noise for the augmentation.
    seed : int
        Of the augmentation.
    """
    store = StateStore(folder, width)
    for number, utterance in enumerate(utterances):
        if (utterance.corpus, utterance.id) in store.entries:
            continue
        samples, _ = soundfile.read(utterance.audio, dtype="float32")
        if len(samples) > MAX_SECONDS * SAMPLE_RATE:
            continue
        speed, tract = 1.0, 1.0
        if augmented:
            drawn = augment(samples, noises, generator(seed, utterance.corpus, utterance.id))
            samples, speed, tract = drawn.samples, drawn.speed, drawn.tract
        store.add(utterance, encode(encoder, samples, tract), speed)
        if number % 200 == 0:
            log.info("states of %d of %d recordings", number + 1, len(utterances))
    return store
