"""Steps `validate`, `scorer` and `export`: fit the scoring model, measure it by cross-validation, ship it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assessment.log_mel import BANDS
from assessment.scoring import Thresholds, lowered
from assessment.training.cross_validation import summarise
from assessment.training.export import (
    ACOUSTIC,
    SCORING,
    AcousticNetwork,
    Projection,
    check_equal,
    export_acoustic,
    export_scorer,
    write_manifest,
)
from assessment.training.head import examples
from assessment.training.network import Encoder
from assessment.training.predictions import PREDICTIONS, Prediction, load_predictions
from assessment.training.realign import log_priors
from assessment.training.recipe import ALL_FOLDS, UNSEEN_HEAD, Workshop
from assessment.training.scorer import (
    Ensemble,
    ScoredExample,
    Scorer,
    ScorerPlan,
    load_ensemble,
    sample_inputs,
    train_scorer,
)
from assessment.training.scoring_data import (
    Listener,
    MarkedReading,
    fit_projection,
    marked_readings,
    native_readings,
    substituted,
    unread_examples,
)

log = logging.getLogger(__name__)

DIMENSIONS = 64
# Share of recordings that are also shown with another sentence's text.
UNREAD_SHARE = 0.2
# Recordings of each native corpus shown with full marks, and once more with some phones exchanged ...
NATIVE_READINGS = {"librispeech": 450, "ljspeech": 50, "kathleen": 50}
# ... up to this share of them.
SUBSTITUTED_PHONES = 0.1
PLAN = ScorerPlan()
TOLERANCE = 0.02


@dataclass(frozen=True)
class TrainingData:
    """Everything the scoring model learns from.

    Attributes
    ----------
    learners : dict of int to list of MarkedReading
        For each fold the marked readings, heard by a head that has not seen them.
    others : dict of int to list of ScoredExample
        For each fold its distorted copies, and its recordings with texts that were not read.
    native : list of ScoredExample
        Native readings, as they are and with exchanged phones.
    """

    learners: dict[int, list[MarkedReading]]
    others: dict[int, list[ScoredExample]]
    native: list[ScoredExample]

    def of(self, folds: Iterable[int]) -> list[ScoredExample]:
        """Return the examples to train on when only some folds may be used."""
        chosen = list(self.native)
        for fold in folds:
            chosen += [reading.example for reading in self.learners[fold]]
            chosen += self.others[fold]
        return chosen


def gather(shop: Workshop) -> TrainingData:
    """Turn stored states and marks into examples."""
    projection, log_prior = fitted_projection(shop), priors(shop)
    clean, distorted = shop.store("clean"), shop.store("augmented")
    learners, others = {}, {}
    for fold, name in UNSEEN_HEAD.items():
        listener = Listener(shop.head(name), log_prior, projection)
        speech = shop.of_folds([fold])
        learners[fold] = list(marked_readings(listener, clean, speech))
        others[fold] = [reading.example for reading in marked_readings(listener, distorted, speech)]
        others[fold] += unread_examples(listener, clean, speech, UNREAD_SHARE, seed=fold)
        log.info("fold %d: %d readings, %d other examples", fold, len(learners[fold]), len(others[fold]))
    listener = Listener(shop.head(UNSEEN_HEAD[0]), log_prior, projection)
    heard = list(natives(shop, listener))
    native = [*(reading.example for reading in heard), *substitutions(heard, seed=0)]
    return TrainingData(learners, others, native)


def fitted_projection(shop: Workshop) -> Projection:
    """Return the projection of the states; it is fitted once, as all later networks depend on it."""
    path = shop.folder / "projection.pt"
    if not path.is_file():
        torch.save(fit_projection(shop.store("clean"), DIMENSIONS).state_dict(), path)
    return Projection.load(path)


def priors(shop: Workshop) -> NDArray[np.float32]:
    """Return the log priors over the realigned learners' and native frames."""
    data = examples(shop.store("clean"), shop.alignments("realigned"), [*shop.learners, *shop.native])
    return log_priors(data)


def natives(shop: Workshop, listener: Listener) -> Iterator[MarkedReading]:
    """Yield native readings, those of LibriSpeech from recordings that no head was trained on."""
    alignments = shop.alignments("realigned")
    for corpus, count in NATIVE_READINGS.items():
        pool = shop.unheard if corpus == "librispeech" else shop.native
        chosen = [utterance for utterance in pool if utterance.corpus == corpus][:count]
        yield from native_readings(listener, shop.store("clean"), alignments, chosen)


def substitutions(readings: Sequence[MarkedReading], seed: int) -> list[ScoredExample]:
    """Return copies of the readings in which some phones are scored against others."""
    draw = np.random.default_rng(seed)
    changed = (substituted(reading, SUBSTITUTED_PHONES * draw.random(), draw) for reading in readings)
    return [example for example in changed if example is not None]


def train(shop: Workshop, processes: int) -> None:
    """Train the shipped scoring model, one network a seed, on all learners."""
    tasks = [(ALL_FOLDS, seed) for seed in PLAN.seeds]
    ensemble = Ensemble(list(_trained(gather(shop), tasks, processes)))
    torch.save(ensemble.state_dict(), scorer_path(shop))


def scorer_path(shop: Workshop) -> Path:
    """Return where the scoring model is written."""
    return shop.folder / "scorer.pt"


def validate(shop: Workshop, processes: int) -> list[Prediction]:
    """Score the learners of each fold with scorers that were trained on the other folds.

    Neither the head nor the scoring model of a fold has seen its speakers.

    Parameters
    ----------
    shop : Workshop
        After the step adapt.
    processes : int
        How many networks to train at once.

    Returns
    -------
    list of Prediction
        For each marked recording and each seed.
    """
    data = gather(shop)
    held_out = [(fold, seed) for fold in ALL_FOLDS for seed in PLAN.seeds]
    tasks = [([other for other in ALL_FOLDS if other != fold], seed) for fold, seed in held_out]
    predictions = []
    for (fold, seed), scorer in zip(held_out, _trained(data, tasks, processes), strict=True):
        predictions += [
            Prediction(reading.id, fold, seed, *predict(scorer, reading)) for reading in data.learners[fold]
        ]
        log.info("fold %d, seed %d: done", fold, seed)
    return predictions


def predict(scorer: Scorer, reading: MarkedReading) -> tuple[NDArray[np.float32], ...]:
    """Score a reading as the engine does; return phones, words and utterance, 0-1."""
    inputs = reading.example.given.inputs().values()
    with torch.inference_mode():
        phones, words, utterance = (each[0].numpy() for each in scorer(*map(_batch_of_one, inputs)))
    scores = lowered(100.0 * phones, reading.leads) / 100.0
    return tuple(np.clip(each, 0.0, 1.0) for each in (scores, words, utterance))


def _batch_of_one(array: NDArray[np.generic]) -> torch.Tensor:
    return torch.from_numpy(array)[None]


def _trained(
    data: TrainingData, tasks: Sequence[tuple[Sequence[int], int]], processes: int
) -> Iterator[Scorer]:
    """Train a network for each (folds, seed), several in processes of their own."""
    if processes == 1:
        yield from (_train_one(data.of(folds), seed) for folds, seed in tasks)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        waiting = [pool.submit(_train_one, data.of(folds), seed) for folds, seed in tasks]
        for future in waiting:
            yield future.result()


def _train_one(data: Sequence[ScoredExample], seed: int) -> Scorer:
    torch.set_num_threads(1)  # the networks are too small to gain from several
    return train_scorer(data, PLAN, seed)


def ship(shop: Workshop, encoder: Encoder, head: str, target: Path, version: str, offset: float) -> None:
    """Write the shipped model's files and check that they equal torch.

    Parameters
    ----------
    shop : Workshop
        After the steps adapt, validate and scorer.
    encoder : Encoder
        The one that the head was trained on.
    head : str
        Name of the head.
    target : Path
        The model folder.
    version : str
        Of the model.
    offset : float
        How much later than the truth the model sees boundaries, in seconds.
    """
    random = np.random.default_rng(0)
    network = AcousticNetwork(encoder, shop.head(head), fitted_projection(shop)).eval()
    export_acoustic(network, target / ACOUSTIC)
    mel = random.normal(0.0, 0.5, (1, BANDS, 700)).astype(np.float32)
    check_equal(network, target / ACOUSTIC, {"mel": mel}, TOLERANCE)
    scorer = load_ensemble(scorer_path(shop))
    export_scorer(scorer, target / SCORING)
    check_equal(scorer, target / SCORING, sample_inputs(scorer.width, 17), 1e-4)
    predictions = shop.folder / PREDICTIONS
    found = summarise(load_predictions(predictions), shop.learners).detection
    thresholds = Thresholds(found.wrong.threshold, found.nearly.threshold)
    shutil.copyfile(predictions, target / PREDICTIONS)
    write_manifest(target, version, priors(shop), offset, thresholds)
