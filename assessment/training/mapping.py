"""Steps `scorer` and `export`: fit the scoring model, measure it on the development fold, ship both."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assessment.log_mel import BANDS
from assessment.scoring import UTTERANCE_ASPECTS, WORD_ASPECTS
from assessment.training.evaluation import Agreement
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
from assessment.training.realign import log_priors
from assessment.training.recipe import DEVELOPMENT_FOLD, UNSEEN_HEAD, Workshop
from assessment.training.scorer import (
    Ensemble,
    ScoredExample,
    ScorerPlan,
    load_ensemble,
    sample_inputs,
    train_scorers,
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
# Native readings that are shown with full marks, and once more with some phones exchanged ...
NATIVE_READINGS = 500
# ... the share of learners' readings that are shown once more so, and of their phones.
SUBSTITUTED_READINGS = 0.5
SUBSTITUTED_PHONES = 0.15
PLAN = ScorerPlan(seeds=(0, 1))
TOLERANCE = 0.02
REPORT = "development.json"


def listener(shop: Workshop, head: str, projection: Projection) -> Listener:
    """Return what a head hears."""
    return Listener(shop.head(head), priors(shop), projection)


def priors(shop: Workshop) -> NDArray[np.float32]:
    """Return the log priors over the realigned learners' and native frames."""
    data = examples(shop.store("clean"), shop.alignments("realigned"), [*shop.learners, *shop.native])
    return log_priors(data)


def fold_readings(shop: Workshop, projection: Projection) -> dict[int, list[MarkedReading]]:
    """Return the marked readings of each fold, heard by a head that has not seen it."""
    store = shop.store("clean")
    return {
        fold: list(marked_readings(listener(shop, head, projection), store, shop.of_folds([fold])))
        for fold, head in UNSEEN_HEAD.items()
    }


def fold_unread(shop: Workshop, projection: Projection) -> dict[int, list[ScoredExample]]:
    """Return examples of texts that were not read, for each fold."""
    store = shop.store("clean")
    return {
        fold: list(
            unread_examples(
                listener(shop, head, projection), store, shop.of_folds([fold]), UNREAD_SHARE, seed=fold
            )
        )
        for fold, head in UNSEEN_HEAD.items()
    }


def measure(readings: Sequence[MarkedReading], scorer: Ensemble) -> dict[str, Agreement]:
    """Compare a scorer, and the LPP alone, with the experts on readings it has not seen."""
    pairs: dict[str, tuple[list[float], list[float]]] = {}

    def add(name: str, scores: NDArray[np.floating], marks: NDArray[np.floating]) -> None:
        kept = pairs.setdefault(name, ([], []))
        kept[0].extend(2 * np.clip(scores, 0, 1))
        kept[1].extend(2 * marks)

    for reading in readings:
        example = reading.example
        phones, words, utterance = predict(scorer, example)
        add("phone", phones, example.phones)
        add("phone, LPP alone", 1 + reading.features.lpp / 12, example.phones)
        for column, aspect in enumerate(WORD_ASPECTS):
            add(f"word {aspect}", words[:, column], example.words[:, column])
        for column, aspect in enumerate(UTTERANCE_ASPECTS):
            add(f"utterance {aspect}", utterance[column : column + 1], example.utterance[column : column + 1])
    return {name: Agreement.of(*pair) for name, pair in pairs.items()}


def predict(scorer: Ensemble, example: ScoredExample) -> tuple[NDArray[np.float32], ...]:
    """Score one example; return phones, words and utterance, 0-1."""
    with torch.inference_mode():
        scores = scorer(*(torch.from_numpy(array)[None] for array in example.given.inputs().values()))
    return tuple(score[0].numpy() for score in scores)


def natives(shop: Workshop, projection: Projection) -> list[MarkedReading]:
    """Return native readings, as many as `NATIVE_READINGS`, drawn evenly."""
    mixed = sorted(shop.native, key=lambda utterance: zlib.crc32(utterance.id.encode()))
    heard = native_readings(
        listener(shop, "dev", projection), shop.store("clean"), shop.alignments("realigned"), mixed
    )
    return list(islice(heard, NATIVE_READINGS))


def substitutions(readings: Sequence[MarkedReading], share: float, seed: int) -> list[ScoredExample]:
    """Return copies of a share of the readings in which some phones are scored against others."""
    draw = np.random.default_rng(seed)
    chosen = [reading for reading in readings if draw.random() < share]
    changed = (substituted(reading, SUBSTITUTED_PHONES, draw) for reading in chosen)
    return [example for example in changed if example is not None]


def develop(shop: Workshop) -> None:
    """Measure on the development fold a scorer that was trained on the others; write the report."""
    projection = fit_projection(shop.store("clean"), DIMENSIONS)
    torch.save(projection.state_dict(), shop.folder / "projection.pt")
    readings, unread = fold_readings(shop, projection), fold_unread(shop, projection)
    native = natives(shop, projection)
    shared = [*(reading.example for reading in native), *substitutions(native, 1.0, seed=0)]

    def train(folds: Iterable[int], name: str) -> Ensemble:
        data = list(shared)
        for fold in folds:
            data += [reading.example for reading in readings[fold]]
            data += [*unread[fold], *substitutions(readings[fold], SUBSTITUTED_READINGS, seed=fold)]
        scorer = train_scorers(data, PLAN)
        torch.save(scorer.state_dict(), shop.folder / f"scorer-{name}.pt")
        return scorer

    scorer = train([fold for fold in readings if fold != DEVELOPMENT_FOLD], "dev")
    figures = measure(readings[DEVELOPMENT_FOLD], scorer)
    for name, agreement in figures.items():
        log.info("%-20s pcc %.3f  scc %.3f  mse %.4f", name, agreement.pcc, agreement.scc, agreement.mse)
    report = {name: agreement.to_dict() for name, agreement in figures.items()}
    (shop.folder / REPORT).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    train(readings, "full")


def ship(
    shop: Workshop, encoder: Encoder, head: str, scorer: str, target: Path, version: str, offset: float
) -> None:
    """Write the shipped model's files and check that they equal torch.

    Parameters
    ----------
    shop : Workshop
        After the steps adapt and scorer.
    encoder : Encoder
        The one that the head was trained on.
    head : str
        Name of the head.
    scorer : {"full", "dev"}
        Which scoring model; ``"dev"`` has not seen the development fold.
    target : Path
        The model folder.
    version : str
        Of the model.
    offset : float
        How much later than the truth the model sees boundaries, in seconds.
    """
    random = np.random.default_rng(0)
    projection = Projection.load(shop.folder / "projection.pt")
    network = AcousticNetwork(encoder, shop.head(head), projection).eval()
    export_acoustic(network, target / ACOUSTIC)
    mel = random.normal(0.0, 0.5, (1, BANDS, 700)).astype(np.float32)
    check_equal(network, target / ACOUSTIC, {"mel": mel}, TOLERANCE)
    mapping = load_ensemble(shop.folder / f"scorer-{scorer}.pt")
    export_scorer(mapping, target / SCORING)
    check_equal(mapping, target / SCORING, sample_inputs(mapping.width, 17), 1e-4)
    write_manifest(target, version, priors(shop), offset)
