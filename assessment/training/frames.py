"""Phone alignments of a corpus on disk: one JSON line an utterance, frames of 10 ms."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessment.errors import CorpusError
from assessment.phones import PHONE_INDEX, SILENCE

IGNORED = -100


@dataclass(frozen=True)
class FrameAlignment:
    """Where the phones of an utterance are.

    Attributes
    ----------
    id, corpus : str
        The utterance.
    phones : tuple of str
        ARPAbet without stress, without silences, in reading order.
    words : tuple of int
        Word that each phone belongs to.
    first, last : tuple of int
        Frames [first, last) of each phone; what lies between is silence.
    """

    id: str
    corpus: str
    phones: tuple[str, ...]
    words: tuple[int, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]

    def pronunciations(self) -> list[tuple[str, ...]]:
        """Return the phones of each word."""
        phones: dict[int, list[str]] = {}
        for word, phone in zip(self.words, self.phones, strict=True):
            phones.setdefault(word, []).append(phone)
        return [tuple(word) for word in phones.values()]

    def targets(self, frames: int, speed: float = 1.0, ignore: Iterable[int] = ()) -> NDArray[np.int64]:
        """Give each frame the number of its phone.

        Parameters
        ----------
        frames : int
            How many.
        speed : float
            Factor by which the recording was sped up.
        ignore : iterable of int
            Positions of phones whose frames get `IGNORED`.

        Returns
        -------
        ndarray of int64, shape (frames,)
            Columns of the posteriors, or `IGNORED`.
        """
        targets = np.full(frames, PHONE_INDEX[SILENCE], np.int64)
        ignored = set(ignore)
        for position, phone in enumerate(self.phones):
            span = slice(round(self.first[position] / speed), round(self.last[position] / speed))
            targets[span] = IGNORED if position in ignored else PHONE_INDEX[phone]
        return targets


def write_alignments(path: Path, alignments: Iterable[FrameAlignment]) -> None:
    """Append alignments to a file, each as soon as it comes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for alignment in alignments:
        append_line(path, asdict(alignment))


def append_line(path: Path, entry: Mapping[str, object]) -> None:
    """Append a JSON line, on a line of its own even after one that an interrupted run cut off."""
    with path.open("a+b") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(json.dumps(entry).encode() + b"\n")


def read_alignments(path: Path) -> dict[tuple[str, str], FrameAlignment]:
    """Read alignments by (corpus, id).

    Raises
    ------
    CorpusError
        If there is no such file.
    """
    if not path.is_file():
        raise CorpusError(f"There are no alignments in {path}: run the step that makes them first.")
    return {(alignment.corpus, alignment.id): alignment for alignment in _parse(path)}


def _parse(path: Path) -> Iterator[FrameAlignment]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue  # the last line of an interrupted run
        lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
        yield FrameAlignment(**{**entry, **lists})
