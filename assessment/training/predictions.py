"""Scores that learners got while they were left out of the training, and the file that keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessment.errors import CorpusError
from assessment.scoring import UTTERANCE_ASPECTS, WORD_ASPECTS

PREDICTIONS = "predictions.npz"
_FORM = 1
_FULL = 65535  # the highest score in the file


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model that was trained without a fold gives to one of its recordings.

    Attributes
    ----------
    utterance_id : str
        Of the corpus.
    fold : int
        That was left out.
    seed : int
        Of the network; the shipped model averages the seeds.
    phones : ndarray of float32, shape (phones,)
        0-1, as are the others.
    words : ndarray of float32, shape (words, 3)
        Columns as `WORD_ASPECTS`.
    utterance : ndarray of float32, shape (4,)
        As `UTTERANCE_ASPECTS`.
    """

    utterance_id: str
    fold: int
    seed: int
    phones: NDArray[np.float32]
    words: NDArray[np.float32]
    utterance: NDArray[np.float32]


def save_predictions(predictions: Sequence[Prediction], path: Path) -> None:
    """Write predictions to an ``.npz`` file, scores in steps of 1/65535.

    Raises
    ------
    CorpusError
        If there are none, or a score is not a number.
    """
    if not predictions:
        raise CorpusError("There are no predictions to save: no recording of the corpus was scored.")
    for prediction in predictions:
        _check_numbers(prediction)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            form=np.array(_FORM),
            ids=np.array([prediction.utterance_id for prediction in predictions]),
            folds=np.array([prediction.fold for prediction in predictions], np.int32),
            seeds=np.array([prediction.seed for prediction in predictions], np.int32),
            phone_counts=np.array([len(prediction.phones) for prediction in predictions], np.int32),
            word_counts=np.array([len(prediction.words) for prediction in predictions], np.int32),
            phones=_steps(np.concatenate([prediction.phones for prediction in predictions])),
            words=_steps(np.concatenate([prediction.words for prediction in predictions])),
            utterances=_steps(np.stack([prediction.utterance for prediction in predictions])),
        )


def _check_numbers(prediction: Prediction) -> None:
    if not all(
        np.isfinite(part).all() for part in (prediction.phones, prediction.words, prediction.utterance)
    ):
        raise CorpusError(
            f"A score of {prediction.utterance_id} (fold {prediction.fold}, seed {prediction.seed}) is not a "
            "number: its training has failed. Train again with a lower learning rate or another seed."
        )


def _steps(scores: NDArray[np.float32]) -> NDArray[np.uint16]:
    return np.rint(np.clip(scores, 0.0, 1.0) * _FULL).astype(np.uint16)


def load_predictions(path: Path) -> list[Prediction]:
    """Read predictions that `save_predictions` wrote.

    Raises
    ------
    CorpusError
        If there is no such file or it is damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return _unpacked(dict(arrays))
    except FileNotFoundError:
        raise CorpusError(f"There is no file of predictions {path}. Run the step validate first.") from None
    except Exception as problem:  # zipfile and numpy raise nearly anything over a damaged file
        raise CorpusError(
            f"The predictions in {path} are damaged ({problem}). Run the step validate again."
        ) from problem


def _unpacked(arrays: Mapping[str, NDArray[Any]]) -> list[Prediction]:
    if arrays["form"] != _FORM:
        raise ValueError(f"they have form {arrays['form']}, not {_FORM}")
    count = len(arrays["ids"])
    counts = {"phones": arrays["phone_counts"], "words": arrays["word_counts"]}
    shapes = {
        **dict.fromkeys(("ids", "folds", "seeds", "phone_counts", "word_counts"), (count,)),
        "phones": (int(counts["phones"].sum()),),
        "words": (int(counts["words"].sum()), len(WORD_ASPECTS)),
        "utterances": (count, len(UTTERANCE_ASPECTS)),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} has the shape {arrays[name].shape}, not {shape}")
    scores = {name: (arrays[name] / _FULL).astype(np.float32) for name in ("phones", "words", "utterances")}
    phones, words = (np.split(scores[name], np.cumsum(counts[name])[:-1]) for name in ("phones", "words"))
    labels = zip(arrays["ids"].tolist(), arrays["folds"].tolist(), arrays["seeds"].tolist(), strict=True)
    return [
        Prediction(*label, *parts)
        for label, *parts in zip(labels, phones, words, scores["utterances"], strict=True)
    ]
