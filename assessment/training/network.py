"""The acoustic network in torch: the encoder of OpenAI Whisper under a head that names phones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assessment.errors import ModelError
from assessment.log_mel import BANDS
from assessment.phones import MODEL_PHONES

WIDTH = 512
HEADS = 8
POSITIONS = 1500
PHONES = len(MODEL_PHONES)
# The encoder gives a state each 20 ms; the head names two frames of 10 ms in each.
SUBFRAMES = 2
HEAD_WIDTH = 256
_HUB_PREFIXES = ("model.encoder.", "encoder.")
_HUB_NAMES = {
    "self_attn.q_proj": "attn.query",
    "self_attn.k_proj": "attn.key",
    "self_attn.v_proj": "attn.value",
    "self_attn.out_proj": "attn.out",
    "self_attn_layer_norm": "attn_ln",
    "final_layer_norm": "mlp_ln",
    "fc1": "mlp.0",
    "fc2": "mlp.2",
    "embed_positions.weight": "positional_embedding",
    "layers.": "blocks.",
    "layer_norm.": "ln_post.",
}


class Attention(nn.Module):
    """Multi-head self-attention; keys have no bias, as in Whisper."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Attend from each state to all; all shapes (batch, time, WIDTH)."""
        batch, time, _ = states.shape

        def split(projected: Tensor) -> Tensor:
            return projected.view(batch, time, HEADS, WIDTH // HEADS).transpose(1, 2)

        attended = functional.scaled_dot_product_attention(
            split(self.query(states)), split(self.key(states)), split(self.value(states)), attn_mask=mask
        )
        out: Tensor = self.out(attended.transpose(1, 2).reshape(batch, time, WIDTH))
        return out


class Block(nn.Module):
    """One residual attention block of Whisper's encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.attn_ln = nn.LayerNorm(WIDTH)
        self.attn = Attention()
        self.mlp_ln = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Map states (batch, time, WIDTH) to the same shape."""
        states = states + self.attn(self.attn_ln(states), mask)
        out: Tensor = states + self.mlp(self.mlp_ln(states))
        return out


class Encoder(nn.Module):
    """The first blocks of Whisper's encoder, giving the states after some of them.

    Parameters
    ----------
    taps : tuple of int
        Numbers (from 1) of the blocks whose states are returned; blocks after the last are left out.
    """

    def __init__(self, taps: tuple[int, ...]) -> None:
        super().__init__()
        self.taps = taps
        self.conv1 = nn.Conv1d(BANDS, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.positional_embedding = nn.Parameter(torch.zeros(POSITIONS, WIDTH))
        self.blocks = nn.ModuleList(Block() for _ in range(max(taps)))

    def forward(self, mel: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Encode log-mel spectrograms.

        Parameters
        ----------
        mel : Tensor, shape (batch, BANDS, frames)
            Frames of 10 ms, an even number, at most 2 x POSITIONS.
        lengths : Tensor of int64, shape (batch,), optional
            Valid frames of each; None where all are.

        Returns
        -------
        Tensor, shape (batch, frames // 2, len(taps) * WIDTH)
            States of the tapped blocks side by side, one each 20 ms.
        """
        states = functional.gelu(self.conv2(functional.gelu(self.conv1(mel)))).transpose(1, 2)
        states = states + self.positional_embedding[: states.shape[1]]
        mask = None
        if lengths is not None:
            valid = torch.arange(states.shape[1])[None] < ((lengths + 1) // 2)[:, None]
            mask = valid[:, None, None, :]
        tapped = []
        for number, block in enumerate(self.blocks, 1):
            states = block(states, mask)
            if number in self.taps:
                tapped.append(states)
        return torch.cat(tapped, dim=-1)


class Head(nn.Module):
    """Names the phone of every 10 ms from the encoder's states.

    A LayerNorm a tap, a projection, two residual convolutions over 3 states (60 ms; the encoder has
    looked further already), and a linear layer that gives two frames a state.
    """

    def __init__(self, taps: int, dropout: float = 0.15) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(taps))
        self.project = nn.Linear(taps * WIDTH, HEAD_WIDTH)
        self.convolutions = nn.ModuleList(
            nn.Sequential(
                nn.Conv1d(HEAD_WIDTH, HEAD_WIDTH, 3, padding=1),
                nn.BatchNorm1d(HEAD_WIDTH),
                nn.ReLU(),
                nn.Dropout(dropout),
            )
            for _ in range(2)
        )
        self.name = nn.Linear(HEAD_WIDTH, SUBFRAMES * PHONES)

    def forward(self, states: Tensor) -> Tensor:
        """Map states (batch, time, taps * WIDTH) to log-posteriors (batch, 2 * time, PHONES)."""
        parts = states.chunk(len(self.norms), dim=-1)
        normed = torch.cat([norm(part) for norm, part in zip(self.norms, parts, strict=True)], dim=-1)
        hidden = self.project(normed).transpose(1, 2)
        for convolution in self.convolutions:
            hidden = hidden + convolution(hidden)
        logits = self.name(hidden.transpose(1, 2)).reshape(states.shape[0], -1, PHONES)
        return functional.log_softmax(logits, dim=-1)


def load_encoder(path: Path, taps: tuple[int, ...]) -> Encoder:
    """Load the pretrained encoder of Whisper base.

    Parameters
    ----------
    path : Path
        OpenAI's ``base.pt``, a hub folder's ``model.safetensors`` or ``pytorch_model.bin``, or
        an ``.npz`` with OpenAI's tensor names.
    taps : tuple of int
        Blocks whose states are read.

    Raises
    ------
    ModelError
        If the file cannot be read or lacks a tensor.
    """
    encoder = Encoder(taps)
    tensors = _openai_names(_read_tensors(path))
    wanted = encoder.state_dict()
    missing = sorted(set(wanted) - set(tensors))
    if missing:
        raise ModelError(f"{path} is not a Whisper base encoder: it has no tensor {missing[0]!r}.")
    for name, tensor in wanted.items():
        if tensors[name].shape != tensor.shape:
            raise ModelError(f"{path} is not Whisper base: {name!r} has shape {tuple(tensors[name].shape)}.")
    encoder.load_state_dict({name: tensors[name].float() for name in wanted})
    return encoder.eval()


def _read_tensors(path: Path) -> Mapping[str, Tensor]:
    try:
        if path.suffix == ".npz":
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return {name: torch.from_numpy(arrays[name]) for name in arrays.files}
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return dict(load_file(path))
        loaded = torch.load(path, map_location="cpu", weights_only=True)
        return dict(loaded.get("model_state_dict", loaded))
    except Exception as problem:  # the three libraries' own exceptions have no common base
        raise ModelError(f"{path} cannot be read as model weights: {problem}") from problem


def _openai_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename a hub checkpoint's tensors to OpenAI's names, without the encoder's prefix."""
    renamed = {}
    for name, tensor in tensors.items():
        for prefix in _HUB_PREFIXES:
            name = name.removeprefix(prefix)
        for hub, ours in _HUB_NAMES.items():
            name = name.replace(hub, ours)
        renamed[name] = tensor
    return renamed
