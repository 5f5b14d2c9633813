"""Speech corpora for training and evaluation: recordings, their texts and, where given, experts' marks.

Two layouts are read: a folder with ``manifest.tsv`` (columns id, audio, speaker, text) and
optionally ``scores.json``, and speechocean762 as published (``WAVE/``, ``resource/scores.json``,
``train/`` and ``test/`` with ``wav.scp``, ``text``, ``utt2spk``).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessment.errors import CorpusError

SPLITS = ("train", "test")
FOLDS = 5


@dataclass(frozen=True)
class MarkedWord:
    """A word with the experts' marks.

    Attributes
    ----------
    text : str
        As in the corpus.
    phones : tuple of str
        ARPAbet that the experts scored against.
    phone_marks : tuple of float
        Mean mark of each phone, 0-2.
    accuracy, stress, total : float
        0-10.
    """

    text: str
    phones: tuple[str, ...]
    phone_marks: tuple[float, ...]
    accuracy: float
    stress: float
    total: float


@dataclass(frozen=True)
class Marks:
    """Experts' marks of a sentence, 0-10, and of its words."""

    accuracy: float
    fluency: float
    prosody: float
    total: float
    words: tuple[MarkedWord, ...]


@dataclass(frozen=True)
class Utterance:
    """One recording of a corpus.

    Attributes
    ----------
    id, corpus, speaker : str
        Names; the id is unique within its corpus.
    audio : Path
        The recording.
    text : str
        What was read.
    marks : Marks or None
        The experts' marks where the corpus has them.
    """

    id: str
    corpus: str
    speaker: str
    audio: Path
    text: str
    marks: Marks | None = None


def read_corpus(folder: Path, split: str | None = None) -> list[Utterance]:
    """Read a corpus in either layout.

    Parameters
    ----------
    folder : Path
        Top folder of the corpus.
    split : {"train", "test"} or None
        Half of speechocean762's published layout; None reads what is there. A folder with a
        manifest has one half only, and any split reads it.

    Returns
    -------
    list of Utterance
        In the order of the corpus.

    Raises
    ------
    CorpusError
        If the folder holds neither layout, or a file of it is damaged.
    """
    if not folder.is_dir():
        raise CorpusError(f"There is no corpus folder {folder}. Give the folder that holds the corpus.")
    try:
        if (folder / "manifest.tsv").is_file():
            return _read_manifest(folder)
        if (folder / "resource" / "scores.json").is_file():
            return _read_published(folder, split)
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise CorpusError(f"The corpus in {folder} is damaged: {problem!r}.") from problem
    raise CorpusError(
        f"{folder} is not a corpus that Elocute reads: it has neither manifest.tsv nor resource/scores.json."
    )


def fold_of(utterances: list[Utterance], folds: int = FOLDS) -> dict[str, int]:
    """Deal the speakers of a corpus into folds.

    Speakers are dealt in turn in the order of their sorted names, so that the folds are the same
    everywhere; fold 0 is the fixed development fold.

    Returns
    -------
    dict of str to int
        Fold of each speaker, 0 to `folds` - 1.
    """
    speakers = sorted({utterance.speaker for utterance in utterances})
    return {speaker: number % folds for number, speaker in enumerate(speakers)}


def _read_manifest(folder: Path) -> list[Utterance]:
    marks = _read_scores(folder / "scores.json") if (folder / "scores.json").is_file() else {}
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows, 2):
        if None in row.values():
            raise ValueError(f"line {number} of manifest.tsv is incomplete")
    return [
        Utterance(
            row["id"], folder.name, row["speaker"], folder / row["audio"], row["text"], marks.get(row["id"])
        )
        for row in rows
    ]


def _read_published(folder: Path, split: str | None) -> list[Utterance]:
    marks = _read_scores(folder / "resource" / "scores.json")
    halves = [half for half in SPLITS if (folder / half).is_dir()]
    if split is not None:
        halves = [half for half in halves if half == split]
    if not halves:
        raise CorpusError(f"{folder} has no folder {split or 'train or test'}: the corpus is incomplete.")
    utterances = []
    for half in halves:
        texts = _read_table(folder / half / "text")
        speakers = _read_table(folder / half / "utt2spk")
        for name, audio in _read_table(folder / half / "wav.scp").items():
            utterances.append(
                Utterance(name, folder.name, speakers[name], folder / audio, texts[name], marks.get(name))
            )
    return utterances


def _read_table(path: Path) -> dict[str, str]:
    """Read lines of a key, white space and a value."""
    if not path.is_file():
        raise CorpusError(f"The corpus lacks the file {path}.")
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(maxsplit=1) for line in lines if line.strip()]
    return {key: value.strip() for key, value in pairs}


def _read_scores(path: Path) -> dict[str, Marks]:
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {name: _marks(entry) for name, entry in entries.items()}


def _marks(entry: Mapping[str, Any]) -> Marks:
    words = tuple(
        MarkedWord(
            text=word["text"],
            phones=tuple(_phones(word["phones"])),
            phone_marks=tuple(float(mark) for mark in word["phones-accuracy"]),
            accuracy=float(word["accuracy"]),
            stress=float(word["stress"]),
            total=float(word["total"]),
        )
        for word in entry["words"]
    )
    if any(len(word.phones) != len(word.phone_marks) for word in words):
        raise ValueError("a word does not have as many marks as phones")
    return Marks(
        accuracy=float(entry["accuracy"]),
        fluency=float(entry["fluency"]),
        prosody=float(entry["prosodic"]),
        total=float(entry["total"]),
        words=words,
    )


def _phones(phones: str | list[str]) -> list[str]:
    return phones.split() if isinstance(phones, str) else phones
