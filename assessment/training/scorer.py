"""Step `scorer`: train the scoring model on experts' marks.

A transformer encoder over the phones of a sentence with a token for each aspect of the sentence,
after GOPT (Gong et al. 2022, "Transformer-based multi-aspect multi-granularity non-native English
speaker pronunciation assessment"), with marks of phones, words and sentences as joint targets.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from assessment.phones import MODEL_PHONES
from assessment.scoring import UTTERANCE_ASPECTS, WORD_ASPECTS, ScorerInput, places_in_words
from assessment.training.corpora import Marks

log = logging.getLogger(__name__)

WIDTH = 64
PLACES = 4
# Weights of examples that no expert marked: enough to hold the ends of the scale in place, too
# little to pull the marks in between after them.
NATIVE_WEIGHT = 0.3
UNREAD_WEIGHT = 0.1
# Marks (0-1) that a sentence loses for each mark that its phones lose on average; learners' sentences
# lose about 1.5 for the phones' mean of marks that were given with leniency, of which 0 is rare.
ACCURACY_LOSS = 3.0


@dataclass(frozen=True)
class ScorerPlan:
    """How the scoring model is trained.

    Attributes
    ----------
    epochs : int
        Passes over the data.
    batch : int
        Sentences in a batch.
    learning_rate : float
        Peak of the one-cycle schedule.
    seeds : tuple of int
        One network is trained for each; the shipped model averages them.
    """

    epochs: int = 8
    batch: int = 25
    learning_rate: float = 1e-3
    seeds: tuple[int, ...] = (0, 1, 2)


@dataclass(frozen=True, eq=False)
class ScoredExample:
    """A sentence with its targets, all 0-1; NaN where one is open.

    Attributes
    ----------
    given : ScorerInput
        What the model reads.
    phones : ndarray of float32, shape (phones,)
    words : ndarray of float32, shape (words, 3)
    utterance : ndarray of float32, shape (4,)
    weight : float
        Of its squared errors in the loss.
    """

    given: ScorerInput
    phones: NDArray[np.float32]
    words: NDArray[np.float32]
    utterance: NDArray[np.float32]
    weight: float = 1.0


def marked_example(given: ScorerInput, marks: Marks) -> ScoredExample:
    """Join a sentence with its experts' marks, scaled to 0-1."""
    phones = [mark / 2 for word in marks.words for mark in word.phone_marks]
    words = [[word.accuracy / 10, word.stress / 10, word.total / 10] for word in marks.words]
    utterance = [mark / 10 for mark in (marks.accuracy, marks.fluency, marks.prosody, marks.total)]
    return ScoredExample(
        given, np.array(phones, np.float32), np.array(words, np.float32), np.array(utterance, np.float32)
    )


def unread_example(given: ScorerInput) -> ScoredExample:
    """Make an example of a recording with a text that was not read: every accuracy is 0.

    Stress, fluency and prosody are left open (NaN): another text may be read fluently.
    """
    words = int(given.words[-1]) + 1
    return ScoredExample(
        given,
        np.zeros(len(given.words), np.float32),
        np.tile(np.array([0.0, np.nan, 0.0], np.float32), (words, 1)),
        np.array([0.0, np.nan, np.nan, 0.0], np.float32),
        UNREAD_WEIGHT,
    )


def native_example(given: ScorerInput) -> ScoredExample:
    """Make an example of a native reading: full marks for everything."""
    words = int(given.words[-1]) + 1
    return ScoredExample(
        given,
        np.ones(len(given.words), np.float32),
        np.ones((words, len(WORD_ASPECTS)), np.float32),
        np.ones(len(UTTERANCE_ASPECTS), np.float32),
        NATIVE_WEIGHT,
    )


def wrong_example(said: ScoredExample, given: ScorerInput, wrong: NDArray[np.bool_]) -> ScoredExample:
    """Mark some phones of an example as wrong.

    A word gets the middle of its band in the experts' rubric: 4-6 (of 10) with less than 30 % of
    its phones wrong, 2-3 with more. The sentence's accuracy and total fall by `ACCURACY_LOSS` times
    the fall of the mean mark of its phones. Stress, fluency and prosody are left open.

    Parameters
    ----------
    said : ScoredExample
        Before.
    given : ScorerInput
        What the model reads afterwards.
    wrong : ndarray of bool, shape (phones,)
        Which phones.
    """
    share = given.pooling() @ wrong
    words = said.words.copy()
    mark = np.where(share < 0.3, 0.5, 0.25)[:, None]
    words[:, [0, 2]] = np.where(share[:, None] > 0, np.minimum(words[:, [0, 2]], mark), words[:, [0, 2]])
    words[share > 0, 1] = np.nan
    phones = np.where(wrong, np.float32(0.0), said.phones)
    loss = ACCURACY_LOSS * float(said.phones.mean() - phones.mean())
    accuracy, _, _, total = said.utterance
    utterance = np.array([max(0.0, accuracy - loss), np.nan, np.nan, max(0.0, total - loss)], np.float32)
    return ScoredExample(given, phones, words, utterance, said.weight)


class Scorer(nn.Module):
    """The network: phones in, scores 0-1 of phones, words and the sentence out.

    Parameters
    ----------
    features : int
        Width of the features of a phone.
    mean, scale : ndarray of float32, shape (features,)
        Features are normalised with these.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, mean: NDArray[np.float32], scale: NDArray[np.float32], dropout: float = 0.1) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("scale", torch.tensor(scale))
        self.project = nn.Sequential(nn.Linear(len(mean), WIDTH), nn.Dropout(dropout))
        self.phone = nn.Embedding(len(MODEL_PHONES), WIDTH)
        self.place = nn.Embedding(PLACES, WIDTH)
        self.tokens = nn.Parameter(torch.randn(len(UTTERANCE_ASPECTS), WIDTH) * 0.02)
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 2 * WIDTH, dropout, batch_first=True, norm_first=True)
        self.neighbours = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.encoder = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)
        self.score_phone = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 1))
        self.score_word = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, len(WORD_ASPECTS)))
        self.score_utterance = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 1))

    def forward(
        self,
        features: Tensor,
        expected: Tensor,
        places: Tensor,
        pooling: Tensor,
        padding: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score sentences.

        Parameters
        ----------
        features : Tensor, shape (batch, phones, width)
        expected, places : Tensor of int64, shape (batch, phones)
        pooling : Tensor, shape (batch, words, phones)
            Averages phones to words.
        padding : Tensor of bool, shape (batch, phones), optional
            True where a phone is not there.

        Returns
        -------
        tuple of Tensor
            Scores 0-1 of shapes (batch, phones), (batch, words, 3), (batch, 4).
        """
        hidden = self.project((features - self.mean) / self.scale) + self.phone(expected) + self.place(places)
        if padding is not None:
            hidden = hidden.masked_fill(padding[..., None], 0.0)
        hidden = hidden + self.neighbours(hidden.transpose(1, 2)).transpose(1, 2)
        tokens = self.tokens.expand(len(hidden), -1, -1)
        mask = None
        if padding is not None:
            mask = torch.cat([padding.new_zeros(len(hidden), len(self.tokens)), padding], dim=1)
        encoded = self.encoder(torch.cat([tokens, hidden], dim=1), src_key_padding_mask=mask)
        sentence, phones = encoded[:, : len(self.tokens)], encoded[:, len(self.tokens) :]
        return (
            self.score_phone(phones)[..., 0],
            self.score_word(pooling @ phones),
            self.score_utterance(sentence)[..., 0],
        )


class Ensemble(nn.Module):
    """The mean of several scorers, as one network."""

    def __init__(self, scorers: Sequence[Scorer]) -> None:
        super().__init__()
        self.scorers = nn.ModuleList(scorers)
        self.width = len(scorers[0].mean)

    def forward(
        self, features: Tensor, expected: Tensor, places: Tensor, pooling: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score as `Scorer.forward` does, without padding."""
        given = [scorer(features, expected, places, pooling) for scorer in self.scorers]
        phones, words, utterance = (torch.stack(scores).mean(0) for scores in zip(*given, strict=True))
        return phones, words, utterance


def load_ensemble(path: Path) -> Ensemble:
    """Load an ensemble from its saved ``state_dict``."""
    weights = torch.load(path, weights_only=True)
    count = 1 + max(int(name.split(".")[1]) for name in weights)
    blank = np.zeros(len(weights["scorers.0.mean"]), np.float32)
    ensemble = Ensemble([Scorer(blank, blank) for _ in range(count)])
    ensemble.load_state_dict(weights)
    return ensemble.eval()


def sample_inputs(width: int, phones: int) -> dict[str, NDArray[np.generic]]:
    """Return random inputs of the network for a sentence of words of three phones.

    Parameters
    ----------
    width : int
        Features a phone.
    phones : int
        Length of the sentence.
    """
    random = np.random.default_rng(0)
    words = np.arange(phones) // 3
    given = ScorerInput(
        random.normal(size=(phones, width)).astype(np.float32),
        random.integers(0, len(MODEL_PHONES) - 1, phones),
        places_in_words(words),
        words,
    )
    return {name: array[None] for name, array in given.inputs().items()}


def train_scorer(data: Sequence[ScoredExample], plan: ScorerPlan, seed: int) -> Scorer:
    """Train one network.

    Parameters
    ----------
    data : sequence of ScoredExample
        Features must come from acoustic models that have not seen their speakers.
    plan : ScorerPlan
        Settings.
    seed : int
        Of weights, dropout and order.
    """
    rows = np.concatenate([example.given.features for example in data])
    torch.manual_seed(seed)
    shuffler = random.Random(seed)
    scorer = Scorer(rows.mean(axis=0), rows.std(axis=0) + 1e-3)
    optimizer = torch.optim.AdamW(scorer.parameters(), plan.learning_rate, weight_decay=0.01)
    steps = -(-len(data) // plan.batch) * plan.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, plan.learning_rate, total_steps=steps)
    for epoch in range(plan.epochs):
        total = 0.0
        for batch in _batches(data, plan.batch, shuffler):
            loss = _loss(scorer, batch)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(scorer.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        mean = total * plan.batch / len(data)
        log.info("scorer %d: epoch %d of %d, loss %.4f", seed, epoch + 1, plan.epochs, mean)
    return scorer.eval()


def _batches(
    data: Sequence[ScoredExample], size: int, shuffler: random.Random
) -> Iterator[list[ScoredExample]]:
    """Deal sentences of like length into batches, in random order."""
    lengths = [len(example.given.words) * shuffler.uniform(0.8, 1.25) for example in data]
    order = sorted(range(len(data)), key=lengths.__getitem__)
    starts = list(range(0, len(order), size))
    shuffler.shuffle(starts)
    for start in starts:
        yield [data[number] for number in order[start : start + size]]


def _pad(arrays: Sequence[NDArray[np.generic]], fill: float = 0) -> Tensor:
    """Stack arrays of different lengths along every axis."""
    shape = np.max([array.shape for array in arrays], axis=0)
    stacked = np.full((len(arrays), *shape), fill, arrays[0].dtype)
    for row, array in enumerate(arrays):
        stacked[row][tuple(slice(size) for size in array.shape)] = array
    return torch.from_numpy(stacked)


def _loss(scorer: Scorer, batch: Sequence[ScoredExample]) -> Tensor:
    given = [example.given for example in batch]
    padding = _pad([np.zeros(len(item.words), bool) for item in given], fill=True)
    scored = scorer(
        _pad([item.features for item in given]),
        _pad([item.expected for item in given]),
        _pad([item.places for item in given]),
        _pad([item.pooling() for item in given]),
        padding,
    )
    targets = (
        _pad([example.phones for example in batch], np.nan),
        _pad([example.words for example in batch], np.nan),
        _pad([example.utterance for example in batch], np.nan),
    )
    weights = torch.tensor([example.weight for example in batch])
    return sum(
        (_squared_error(found, target, weights) for found, target in zip(scored, targets, strict=True)),
        start=torch.zeros(()),
    )


def _squared_error(found: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean over all targets that are known, 0 if none is."""
    known = ~target.isnan()
    spread = weights.reshape(-1, *[1] * (target.ndim - 1)).expand_as(target)
    errors = spread[known] * (found - target)[known] ** 2
    return errors.sum() / known.sum().clamp(min=1)
