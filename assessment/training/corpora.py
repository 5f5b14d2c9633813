"""Speech corpora for training and evaluation: recordings, their texts and, where given, experts' marks.

Two layouts are read: a folder with ``manifest.tsv`` (columns id, audio, speaker, text) and
optionally ``scores.json``, and speechocean762 as published (``WAVE/``, ``resource/scores.json``,
``train/`` and ``test/`` with ``wav.scp``, ``text``, ``utt2spk``). What each expert gave by himself is
read from ``raters`` in ``scores.json``, or from ``scores-detail.json`` beside it, as published.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assessment.errors import CorpusError

SPLITS = ("train", "test")
FOLDS = 5

# An expert's phones of a word in ``scores-detail.json``: plain ones are right (2), {accented} (1), (wrong) or
# missed (0), and [inserted] ones, which have no mark.
_NOTATION = re.compile(r"\[[^\]]*\]|\{(?P<accented>[^}]*)\}|\((?P<wrong>[^)]*)\)|(?P<right>[^\s\[\](){}]+)")
_NOTATION_MARKS = {"right": 2.0, "accented": 1.0, "wrong": 0.0}


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
        0-10; speechocean762 gives the median of its experts, totals rounded down.
    raters : mapping of str to tuple of float
        What each expert gave, 0-10, by aspect; empty where the corpus does not say.
    phone_raters : tuple of tuple of float
        For each phone what each expert gave, 0-2; empty where the corpus does not say.
    """

    text: str
    phones: tuple[str, ...]
    phone_marks: tuple[float, ...]
    accuracy: float
    stress: float
    total: float
    raters: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)
    phone_raters: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class Marks:
    """Experts' marks of a sentence and of its words.

    Attributes
    ----------
    accuracy, fluency, prosody, total : float
        0-10; speechocean762 gives the median of its experts, totals rounded down.
    words : tuple of MarkedWord
        In the order of the text.
    raters : mapping of str to tuple of float
        What each expert gave, 0-10, by aspect; empty where the corpus does not say.
    """

    accuracy: float
    fluency: float
    prosody: float
    total: float
    words: tuple[MarkedWord, ...]
    raters: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)


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
    """Read all marks, and the single experts' from the file beside it where there is one."""
    entries = json.loads(path.read_text(encoding="utf-8"))
    detail = path.with_name("scores-detail.json")
    singles = json.loads(detail.read_text(encoding="utf-8")) if detail.is_file() else {}
    return {name: _marks(_with_raters(entry, singles.get(name))) for name, entry in entries.items()}


def _with_raters(entry: Mapping[str, Any], single: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Put what ``scores-detail.json`` says of a sentence where the other layout has it."""
    if single is None:
        return entry
    words = [{**word, "raters": raters} for word, raters in zip(entry["words"], single["words"], strict=True)]
    return {**entry, "words": words, "raters": single}


def _marks(entry: Mapping[str, Any]) -> Marks:
    raters = entry.get("raters", {})
    return Marks(
        accuracy=float(entry["accuracy"]),
        fluency=float(entry["fluency"]),
        prosody=float(entry["prosodic"]),
        total=float(entry["total"]),
        words=tuple(_marked_word(word) for word in entry["words"]),
        raters=_raters(
            raters, {"accuracy": "accuracy", "fluency": "fluency", "prosody": "prosodic", "total": "total"}
        ),
    )


def _marked_word(word: Mapping[str, Any]) -> MarkedWord:
    phones, phone_marks = _phones(word["phones"]), [float(mark) for mark in word["phones-accuracy"]]
    if len(phones) != len(phone_marks):
        raise ValueError(f"the word {word['text']} does not have as many marks as phones")
    raters = word.get("raters", {})
    return MarkedWord(
        text=word["text"],
        phones=tuple(phones),
        phone_marks=tuple(phone_marks),
        accuracy=float(word["accuracy"]),
        stress=float(word["stress"]),
        total=float(word["total"]),
        raters=_raters(raters, {"accuracy": "accuracy", "stress": "stress", "total": "total"}),
        phone_raters=_phone_raters(raters.get("phones", ()), len(phones)),
    )


def _raters(raters: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, tuple[float, ...]]:
    """Return the single experts' marks that are there, under our names of the aspects."""
    return {
        aspect: tuple(float(mark) for mark in raters[name])
        for aspect, name in names.items()
        if name in raters
    }


def _phone_raters(notations: Iterable[str], phones: int) -> tuple[tuple[float, ...], ...]:
    """Read what each expert gave each phone; nothing if one wrote another number of phones."""
    rows = [_noted_marks(notation) for notation in notations]
    if any(len(row) != phones for row in rows):
        return ()
    return tuple(zip(*rows, strict=True))


def _noted_marks(notation: str) -> list[float]:
    """Read the marks of one expert for the phones of one word."""
    marks: list[float] = []
    for part in _NOTATION.finditer(notation):
        if part.lastgroup is not None:
            # Empty brackets stand for a phone that is missing.
            marks += [_NOTATION_MARKS[part.lastgroup]] * max(1, len(part[part.lastgroup].split()))
    return marks


def _phones(phones: str | list[str]) -> list[str]:
    return phones.split() if isinstance(phones, str) else phones
