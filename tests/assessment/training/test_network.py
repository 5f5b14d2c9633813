"""Whisper's encoder in all the forms in which its weights are published, and the head on top of it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from assessment.errors import ModelError
from assessment.log_mel import BANDS
from assessment.training.network import PHONES, WIDTH, Encoder, Head, load_encoder
from tests.assessment.training.miniature import TAPS, random_encoder

HUB_NAMES = [
    ("attn.query", "self_attn.q_proj"),
    ("attn.key", "self_attn.k_proj"),
    ("attn.value", "self_attn.v_proj"),
    ("attn.out", "self_attn.out_proj"),
    ("attn_ln", "self_attn_layer_norm"),
    ("mlp_ln", "final_layer_norm"),
    ("mlp.0", "fc1"),
    ("mlp.2", "fc2"),
    ("positional_embedding", "embed_positions.weight"),
    ("blocks.", "layers."),
]


def spectrogram(frames: int, seed: int = 0) -> Tensor:
    return torch.randn(1, BANDS, frames, generator=torch.Generator().manual_seed(seed))


def openai(encoder: Encoder) -> dict[str, Tensor]:
    """Name the weights as OpenAI does, with more of Whisper around them."""
    tensors = {f"encoder.{name}": tensor for name, tensor in encoder.state_dict().items()}
    rest = {"encoder.ln_post.weight": torch.ones(WIDTH), "decoder.blocks.0.attn.query.bias": torch.zeros(3)}
    return {**tensors, **rest}


def hub(encoder: Encoder, prefix: str = "model.encoder.") -> dict[str, Tensor]:
    """Name the weights as the hub does, with more of Whisper around them."""
    tensors = {}
    for name, tensor in encoder.state_dict().items():
        for ours, theirs in HUB_NAMES:
            name = name.replace(ours, theirs)
        tensors[prefix + name] = tensor
    rest = {"model.decoder.layers.0.fc1.bias": torch.zeros(3), f"{prefix}layer_norm.bias": torch.zeros(WIDTH)}
    return {**tensors, **rest}


def write_npz(encoder: Encoder, path: Path) -> Path:
    np.savez(path, **{name: tensor.numpy() for name, tensor in openai(encoder).items()})
    return path


def write_base_pt(encoder: Encoder, path: Path) -> Path:
    torch.save({"dims": {"n_mels": 80}, "model_state_dict": openai(encoder)}, path)
    return path


def write_bin(encoder: Encoder, path: Path) -> Path:
    torch.save(hub(encoder), path)
    return path


def write_safetensors(encoder: Encoder, path: Path) -> Path:
    from safetensors.torch import save_file

    save_file(hub(encoder, "encoder."), path)
    return path


def write_own(encoder: Encoder, path: Path) -> Path:
    torch.save(encoder.state_dict(), path)
    return path


# --- published weights --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (write_npz, "whisper.npz"),
        (write_base_pt, "base.pt"),
        (write_bin, "pytorch_model.bin"),
        (write_safetensors, "model.safetensors"),
        (write_own, "encoder-full.pt"),
    ],
)
def test_weights_are_the_same_from_every_published_form(
    encoder: Encoder, tmp_path: Path, write: Callable[[Encoder, Path], Path], name: str
) -> None:
    loaded = load_encoder(write(encoder, tmp_path / name), TAPS)
    assert loaded.state_dict().keys() == encoder.state_dict().keys()
    for key, tensor in encoder.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], tensor), key
    assert not loaded.training


def test_weights_in_half_precision_are_widened(encoder: Encoder, tmp_path: Path) -> None:
    torch.save({name: tensor.half() for name, tensor in hub(encoder).items()}, tmp_path / "half.bin")
    loaded = load_encoder(tmp_path / "half.bin", TAPS)
    assert {tensor.dtype for tensor in loaded.state_dict().values()} == {torch.float32}
    torch.testing.assert_close(loaded.conv1.weight, encoder.conv1.weight, rtol=1e-3, atol=1e-4)


def test_blocks_after_the_last_tap_are_left_out(tmp_path: Path) -> None:
    deep = random_encoder((2,))
    loaded = load_encoder(write_own(deep, tmp_path / "deep.pt"), (1,))
    assert len(loaded.blocks) == 1
    assert torch.equal(loaded.blocks[0].mlp[0].weight, deep.blocks[0].mlp[0].weight)


def test_weights_that_lack_a_block_are_an_error_that_names_file_and_tensor(
    encoder: Encoder, tmp_path: Path
) -> None:
    path = write_npz(encoder, tmp_path / "shallow.npz")
    with pytest.raises(ModelError, match=r"shallow\.npz is not a Whisper base .*blocks\.1\.attn"):
        load_encoder(path, (2,))


def test_weights_of_another_size_are_an_error_that_names_file_and_tensor(
    encoder: Encoder, tmp_path: Path
) -> None:
    other = openai(encoder) | {"encoder.conv1.weight": torch.zeros(384, BANDS, 3)}
    torch.save(other, tmp_path / "tiny.pt")
    with pytest.raises(ModelError, match=r"tiny\.pt is not Whisper base.*conv1\.weight.*384"):
        load_encoder(tmp_path / "tiny.pt", TAPS)


class NotWeights:
    """Something that only runs code when a pickle is opened."""

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("opened"),))


def pickled_code() -> bytes:
    import pickle

    return pickle.dumps(NotWeights())


@pytest.mark.parametrize("name", ["model.safetensors", "base.pt", "pytorch_model.bin", "whisper.npz"])
@pytest.mark.parametrize(
    "content",
    [b"", b"no weights at all", b"PK\x03\x04 cut off", struct.pack("<Q", 2**60) + b"{}", pickled_code()],
    ids=["empty", "text", "cut off", "huge header", "pickle"],
)
def test_a_file_that_holds_no_weights_is_an_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name} cannot be read as model weights"):
        load_encoder(tmp_path / name, TAPS)
    assert not (tmp_path / "opened").exists()


def test_weights_that_are_a_list_are_an_error_that_names_the_file(tmp_path: Path) -> None:
    torch.save([1, 2], tmp_path / "list.pt")
    with pytest.raises(ModelError, match=r"list\.pt cannot be read as model weights"):
        load_encoder(tmp_path / "list.pt", TAPS)


@pytest.mark.parametrize("name", ["model.safetensors", "base.pt", "whisper.npz"])
def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=name):
        load_encoder(tmp_path / name, TAPS)


# --- the encoder --------------------------------------------------------------------------------


@pytest.mark.parametrize("frames", [16, 100, 402, 3_000])
def test_encoder_gives_a_state_for_every_two_frames(encoder: Encoder, frames: int) -> None:
    with torch.inference_mode():
        assert encoder(spectrogram(frames)).shape == (1, frames // 2, WIDTH)


def test_states_of_the_taps_stand_side_by_side() -> None:
    both = random_encoder((1, 2))
    last = random_encoder((2,))
    last.load_state_dict(both.state_dict())
    mel = spectrogram(60)
    with torch.inference_mode():
        states = both(mel)
        assert states.shape[-1] == 2 * WIDTH
        torch.testing.assert_close(states[..., WIDTH:], last(mel))
        assert not torch.allclose(states[..., :WIDTH], states[..., WIDTH:])


def test_a_recording_is_encoded_in_a_batch_as_alone(encoder: Encoder) -> None:
    short, long = spectrogram(60), spectrogram(100, seed=1)
    batch = torch.zeros(2, BANDS, 100)
    batch[0, :, :60], batch[1] = short[0], long[0]
    with torch.inference_mode():
        states = encoder(batch, torch.tensor([60, 100]))
        torch.testing.assert_close(states[:1, :30], encoder(short), rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(states[1:], encoder(long), rtol=1e-4, atol=1e-4)


# --- the head -----------------------------------------------------------------------------------


def test_head_gives_two_distributions_over_phones_for_each_state() -> None:
    with torch.inference_mode():
        log_posteriors = Head(2).eval()(torch.randn(3, 7, 2 * WIDTH))
    assert log_posteriors.shape == (3, 14, PHONES)
    torch.testing.assert_close(log_posteriors.exp().sum(-1), torch.ones(3, 14))


def test_head_looks_two_states_far() -> None:
    states = torch.randn(1, 20, WIDTH)
    changed = states.clone()
    changed[:, 10] += 1.0
    head = Head(1).eval()
    with torch.inference_mode():
        different = (head(states) != head(changed)).any(-1)[0].reshape(20, 2).any(-1)
    assert different.nonzero().flatten().tolist() == [8, 9, 10, 11, 12]
