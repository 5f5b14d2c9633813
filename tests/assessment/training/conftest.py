"""What the tests of the training share, made once: an encoder that has learnt nothing and a trained head."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from onnxruntime import InferenceSession

from assessment.acoustic import open_session
from assessment.training.network import Encoder, Head
from assessment.training.states import export_encoder
from tests.assessment.training import miniature


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Let torch use one thread: these networks are small, and other tests may need the rest."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return miniature.random_encoder()


@pytest.fixture(scope="session")
def exported(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> InferenceSession:
    """The encoder in ONNX Runtime."""
    path = tmp_path_factory.mktemp("encoder") / "encoder.onnx"
    with miniature.exporting():
        export_encoder(encoder, path)
    return open_session(path, 1)


@pytest.fixture(scope="session")
def head(tmp_path_factory: pytest.TempPathFactory) -> Head:
    """A head that tells the sounds of `miniature` apart."""
    return miniature.trained_head(tmp_path_factory.mktemp("head") / "head.pt")
