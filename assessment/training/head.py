"""Step `head`: train a head on stored states and aligned phones."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from assessment.errors import CorpusError
from assessment.phones import PHONE_INDEX, SILENCE
from assessment.training.corpora import Utterance
from assessment.training.frames import IGNORED, FrameAlignment
from assessment.training.network import PHONES, SUBFRAMES, WIDTH, Head
from assessment.training.states import StateStore

log = logging.getLogger(__name__)

# Phones that the experts marked below this (of 2) do not teach the head what the phone is like.
MIN_MARK = 1.5


@dataclass(frozen=True)
class HeadPlan:
    """How a head is trained.

    Attributes
    ----------
    epochs : int
        Passes over the data.
    learning_rate : float
        Peak of the one-cycle schedule.
    batch_rows : int
        States (20 ms) in a batch.
    smoothing : float
        Label smoothing, 0-1.
    masks, mask_rows : int
        Time masks a recording and their longest length in states.
    seed : int
        Of weights, order, dropout and masks.
    """

    epochs: int = 5
    learning_rate: float = 1.5e-3
    batch_rows: int = 4_000
    smoothing: float = 0.05
    masks: int = 2
    mask_rows: int = 6
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Example:
    """Stored states of a recording with the phone of each frame.

    Attributes
    ----------
    states : ndarray of float16, shape (length, width)
        Memory-mapped rows.
    targets : ndarray of int64, shape (length * SUBFRAMES,)
        Columns of the posteriors, or `IGNORED`.
    """

    states: NDArray[np.float16]
    targets: NDArray[np.int64]


def examples(
    store: StateStore,
    alignments: dict[tuple[str, str], FrameAlignment],
    utterances: Iterable[Utterance],
) -> list[Example]:
    """Join states and alignments of those utterances that have both."""
    rows = store.open()
    joined = []
    for utterance in utterances:
        key = (utterance.corpus, utterance.id)
        entry, alignment = store.entries.get(key), alignments.get(key)
        if entry is None or alignment is None:
            continue
        targets = alignment.targets(entry.length * SUBFRAMES, entry.speed, badly_said(utterance))
        joined.append(Example(rows[entry.offset : entry.offset + entry.length], targets))
    return joined


def badly_said(utterance: Utterance) -> list[int]:
    """Return the positions of phones that experts marked below `MIN_MARK`."""
    if utterance.marks is None:
        return []
    marks = [mark for word in utterance.marks.words for mark in word.phone_marks]
    return [position for position, mark in enumerate(marks) if mark < MIN_MARK]


def train_head(data: Sequence[Example], plan: HeadPlan, path: Path, start: Path | None = None) -> Head:
    """Train a head, or go on with an interrupted training.

    Parameters
    ----------
    data : sequence of Example
        Training data.
    plan : HeadPlan
        Settings.
    path : Path
        The head is written here; beside it, with suffix ``.part``, a checkpoint after each epoch.
    start : Path or None
        Head to start from instead of random weights.

    Raises
    ------
    CorpusError
        If there is no data.
    """
    if not data:
        raise CorpusError("No recording has both states and an alignment: run the steps before this one.")
    torch.manual_seed(plan.seed)
    head = Head(data[0].states.shape[1] // WIDTH)
    if start is not None:
        head.load_state_dict(torch.load(start, weights_only=True))
    optimizer = torch.optim.AdamW(head.parameters(), plan.learning_rate, weight_decay=0.01)
    epochs = [list(_batches(data, plan, epoch)) for epoch in range(plan.epochs)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, plan.learning_rate, total_steps=sum(map(len, epochs))
    )
    checkpoint = path.with_suffix(".part")
    done = _resume(checkpoint, head, optimizer, schedule)
    for epoch in range(done, plan.epochs):
        torch.manual_seed(1_000 * plan.seed + epoch)  # for dropout, wherever the training began
        loss = _train_epoch(head, optimizer, schedule, data, epochs[epoch], plan, epoch)
        log.info("%s: epoch %d of %d, loss %.4f", path.name, epoch + 1, plan.epochs, loss)
        state = [head.state_dict(), optimizer.state_dict(), schedule.state_dict()]
        torch.save({"epoch": epoch + 1, "state": state}, checkpoint)
    torch.save(head.state_dict(), path)
    checkpoint.unlink(missing_ok=True)
    return head.eval()


def load_head(path: Path, taps: int) -> Head:
    """Load a trained head for inference."""
    head = Head(taps)
    head.load_state_dict(torch.load(path, weights_only=True))
    return head.eval()


def _resume(
    checkpoint: Path,
    head: Head,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.OneCycleLR,
) -> int:
    if not checkpoint.is_file():
        return 0
    saved = torch.load(checkpoint, weights_only=True)
    weights, steps, rates = saved["state"]
    head.load_state_dict(weights)
    optimizer.load_state_dict(steps)
    schedule.load_state_dict(rates)
    return int(saved["epoch"])


def _batches(data: Sequence[Example], plan: HeadPlan, epoch: int) -> Iterator[list[int]]:
    """Deal recordings of like length into batches, in random order."""
    shuffler = random.Random(f"{plan.seed} {epoch}")
    order = sorted(range(len(data)), key=lambda item: len(data[item].states) * shuffler.uniform(0.9, 1.1))
    dealt: list[list[int]] = [[]]
    for item in order:
        if (len(dealt[-1]) + 1) * len(data[item].states) > plan.batch_rows and dealt[-1]:
            dealt.append([])
        dealt[-1].append(item)
    shuffler.shuffle(dealt)
    yield from dealt


def _train_epoch(
    head: Head,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.OneCycleLR,
    data: Sequence[Example],
    batches: Sequence[Sequence[int]],
    plan: HeadPlan,
    epoch: int,
) -> float:
    head.train()
    shuffler = np.random.default_rng([plan.seed, epoch])
    total = 0.0
    for batch in batches:
        states, targets = _collate([data[item] for item in batch], plan, shuffler)
        loss = smoothed_loss(head(states), targets, plan.smoothing)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(head.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
    return total / len(batches)


def _collate(
    batch: Sequence[Example], plan: HeadPlan, shuffler: np.random.Generator
) -> tuple[Tensor, Tensor]:
    longest = max(len(example.states) for example in batch)
    states = torch.zeros(len(batch), longest, batch[0].states.shape[1])
    targets = torch.full((len(batch), longest * SUBFRAMES), IGNORED)
    for row, example in enumerate(batch):
        states[row, : len(example.states)] = torch.from_numpy(np.array(example.states))
        targets[row, : len(example.targets)] = torch.from_numpy(example.targets)
        for _ in range(plan.masks):
            begin = int(shuffler.integers(len(example.states)))
            states[row, begin : begin + int(shuffler.integers(plan.mask_rows + 1))] = 0.0
    return states, targets


def smoothed_loss(log_posteriors: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    """Cross-entropy with label smoothing over the frames that are not ignored.

    Parameters
    ----------
    log_posteriors : Tensor, shape (batch, frames, PHONES)
        Natural log.
    targets : Tensor of int64, shape (batch, frames)
        Columns, or `IGNORED`.
    smoothing : float
        Share of the target spread evenly over all phones.
    """
    flat = log_posteriors.reshape(-1, PHONES)
    right = functional.nll_loss(flat, targets.reshape(-1), ignore_index=IGNORED)
    spread = -flat[targets.reshape(-1) != IGNORED].mean()
    return (1 - smoothing) * right + smoothing * spread


def frames_right(head: Head, data: Sequence[Example]) -> float:
    """Return the share of speech frames whose likeliest phone is the aligned one, 0-1."""
    right = total = 0
    with torch.inference_mode():
        for example in data:
            found = head(torch.from_numpy(np.array(example.states, np.float32))[None])[0].argmax(-1).numpy()
            speech = (example.targets != PHONE_INDEX[SILENCE]) & (example.targets != IGNORED)
            right += int((found == example.targets)[speech].sum())
            total += int(speech.sum())
    return right / max(total, 1)
