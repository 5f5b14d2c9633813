"""Step `finetune`: train the encoder's last blocks together with a head, from recordings."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from assessment.acoustic import TAIL_SAMPLES
from assessment.log_mel import BANDS, log_mel
from assessment.training.augment import augment, generator, warp_bands
from assessment.training.corpora import Utterance
from assessment.training.frames import IGNORED, FrameAlignment
from assessment.training.head import badly_said, smoothed_loss
from assessment.training.network import Encoder, Head

log = logging.getLogger(__name__)


class _Resumable(Protocol):
    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> object: ...


@dataclass(frozen=True)
class FinetunePlan:
    """How the encoder is fine-tuned.

    Attributes
    ----------
    blocks : int
        Last blocks that learn; the rest of the encoder stays as it is.
    epochs, batch : int
        Passes over the data, recordings a step.
    encoder_rate, head_rate : float
        Peak learning rates.
    distorted : float
        Share of recordings that are augmented, drawn anew each epoch.
    masks : int
        Frequency masks and time masks on each spectrogram (SpecAugment, Park et al. 2019).
    seed : int
        Of order, dropout, augmentation and masks.
    """

    blocks: int = 2
    epochs: int = 2
    batch: int = 8
    encoder_rate: float = 1e-4
    head_rate: float = 5e-4
    distorted: float = 0.5
    masks: int = 1
    seed: int = 0


def finetune(
    encoder: Encoder,
    head: Head,
    utterances: Sequence[Utterance],
    alignments: Mapping[tuple[str, str], FrameAlignment],
    noises: Sequence[Path],
    plan: FinetunePlan,
    checkpoint: Path,
) -> None:
    """Train in place; an interrupted training goes on after its last whole epoch.

    Parameters
    ----------
    encoder, head : Encoder, Head
        Trained in place.
    utterances : sequence of Utterance
        Those without alignment are left out.
    alignments : mapping
        By (corpus, id).
    noises : sequence of Path
        For the augmentation.
    plan : FinetunePlan
        Settings.
    checkpoint : Path
        Written after each epoch.
    """
    data = [item for item in utterances if (item.corpus, item.id) in alignments]
    encoder.requires_grad_(False)
    learning = nn.ModuleList(list(encoder.blocks)[-plan.blocks :]).requires_grad_(True)
    groups = [
        {"params": list(learning.parameters()), "lr": plan.encoder_rate},
        {"params": list(head.parameters()), "lr": plan.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = -(-len(data) // plan.batch) * plan.epochs
    rates = [plan.encoder_rate, plan.head_rate]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=steps)
    parts: tuple[_Resumable, ...] = (encoder, head, optimizer, schedule)
    for epoch in range(_resume(checkpoint, parts), plan.epochs):
        torch.manual_seed(1_000 * plan.seed + epoch)  # for dropout, wherever the training began
        loss = _epoch(encoder, head, optimizer, schedule, data, alignments, noises, plan, epoch)
        log.info("fine-tuning: epoch %d of %d, loss %.4f", epoch + 1, plan.epochs, loss)
        torch.save({"epoch": epoch + 1, "state": [part.state_dict() for part in parts]}, checkpoint)
    encoder.eval()
    head.eval()


def _resume(checkpoint: Path, parts: Sequence[_Resumable]) -> int:
    if not checkpoint.is_file():
        return 0
    saved = torch.load(checkpoint, weights_only=True)
    for part, state in zip(parts, saved["state"], strict=True):
        part.load_state_dict(state)
    return int(saved["epoch"])


def _epoch(
    encoder: Encoder,
    head: Head,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.OneCycleLR,
    data: Sequence[Utterance],
    alignments: Mapping[tuple[str, str], FrameAlignment],
    noises: Sequence[Path],
    plan: FinetunePlan,
    epoch: int,
) -> float:
    encoder.train()
    head.train()
    order = random.Random(f"{plan.seed} {epoch}").sample(range(len(data)), len(data))
    total, steps = 0.0, 0
    for first in range(0, len(order), plan.batch):
        batch = [data[item] for item in order[first : first + plan.batch]]
        prepared = [
            _prepare(item, alignments, noises, plan, generator(plan.seed, epoch, item.id)) for item in batch
        ]
        mel, targets, lengths = _collate(prepared)
        loss = smoothed_loss(head(encoder(mel, lengths)), targets, 0.05)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_([*encoder.parameters(), *head.parameters()], 1.0)
        optimizer.step()
        schedule.step()
        total, steps = total + loss.item(), steps + 1
    return total / steps


def _prepare(
    utterance: Utterance,
    alignments: Mapping[tuple[str, str], FrameAlignment],
    noises: Sequence[Path],
    plan: FinetunePlan,
    draw: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Read one recording; return its log-mel (BANDS, frames) and its targets (frames,)."""
    samples, _ = soundfile.read(utterance.audio, dtype="float32")
    speed, tract = 1.0, 1.0
    if draw.random() < plan.distorted:
        drawn = augment(samples, noises, draw)
        samples, speed, tract = drawn.samples, drawn.speed, drawn.tract
    mel = warp_bands(log_mel(np.pad(samples, (0, TAIL_SAMPLES))), tract)
    mel = mel[:, : mel.shape[1] // 2 * 2].copy()
    for _ in range(plan.masks):
        band, frame = int(draw.integers(BANDS)), int(draw.integers(mel.shape[1]))
        mel[band : band + int(draw.integers(11))] = mel.mean()
        mel[:, frame : frame + int(draw.integers(13))] = mel.mean()
    alignment = alignments[utterance.corpus, utterance.id]
    return mel, alignment.targets(mel.shape[1], speed, badly_said(utterance))


def _collate(
    prepared: Sequence[tuple[NDArray[np.float32], NDArray[np.int64]]],
) -> tuple[Tensor, Tensor, Tensor]:
    lengths = torch.tensor([len(targets) for _, targets in prepared])
    mel = torch.zeros(len(prepared), BANDS, int(lengths.max()))
    targets = torch.full((len(prepared), int(lengths.max())), IGNORED)
    for row, (spectrogram, phones) in enumerate(prepared):
        mel[row, :, : len(phones)] = torch.from_numpy(spectrogram)
        targets[row, : len(phones)] = torch.from_numpy(phones)
    return mel, targets, lengths
