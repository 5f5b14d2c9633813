"""Exported networks give what torch gives for every length, in half the space."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from onnxruntime import InferenceSession

from assessment.acoustic import AcousticModel, Manifest, open_session
from assessment.errors import ModelError
from assessment.log_mel import BANDS
from assessment.phones import MODEL_PHONES
from assessment.scoring import Thresholds
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
from assessment.training.network import PHONES, WIDTH, Encoder, Head
from assessment.training.scorer import Ensemble, Scorer, sample_inputs
from assessment.training.scoring_data import Listener
from assessment.training.states import encode
from tests.assessment.audio_samples import speech
from tests.assessment.training.miniature import exporting

DIMENSIONS = 8
FEATURES = 126 + DIMENSIONS
PRIORS = np.log(np.full(PHONES, 1 / PHONES, np.float32))

# torch's exporter is slow where other programs compute beside it.
pytestmark = pytest.mark.timeout(600)


def mel(frames: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0.0, 0.5, (1, BANDS, frames)).astype(np.float32)


@pytest.fixture(scope="module")
def projection() -> Projection:
    states = np.random.default_rng(0).normal(size=(2_000, WIDTH)).astype(np.float32)
    return Projection.fit(states, DIMENSIONS)


@pytest.fixture(scope="module")
def network(encoder: Encoder, head: Head, projection: Projection) -> AcousticNetwork:
    return AcousticNetwork(encoder, head, projection).eval()


@pytest.fixture(scope="module")
def scorer() -> Ensemble:
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    mean, scale = random.normal(size=(2, FEATURES)).astype(np.float32)
    return Ensemble([Scorer(mean, np.abs(scale) + np.float32(0.1)) for _ in range(2)]).eval()


@pytest.fixture(scope="module")
def folder(network: AcousticNetwork, scorer: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole model folder."""
    target = tmp_path_factory.mktemp("model") / "en-US"
    with exporting():
        export_acoustic(network, target / ACOUSTIC)
        export_scorer(scorer, target / SCORING)
    write_manifest(target, "7", PRIORS, 0.011, Thresholds(40.0, 60.0))
    return target


# --- the acoustic network -----------------------------------------------------------------------


@pytest.mark.parametrize("frames", [16, 18, 400, 702, 3_000])
def test_acoustic_network_gives_what_torch_gives_for_any_length(
    network: AcousticNetwork, folder: Path, frames: int
) -> None:
    assert check_equal(network, folder / ACOUSTIC, {"mel": mel(frames)}, 0.02) <= 0.02
    log_posteriors, states = open_session(folder / ACOUSTIC, 1).run(None, {"mel": mel(frames)})
    assert log_posteriors.shape == (1, frames, PHONES)
    assert states.shape == (1, frames // 2, DIMENSIONS)


def test_large_weights_are_stored_as_float16_and_nothing_is_lost(
    network: AcousticNetwork, folder: Path
) -> None:
    model = onnx.load(folder / ACOUSTIC)
    large = [weight for weight in model.graph.initializer if np.prod(weight.dims) > 1_024]
    assert {weight.data_type for weight in large} == {TensorProto.FLOAT16}
    parameters = sum(weight.numel() for weight in network.parameters())
    assert (folder / ACOUSTIC).stat().st_size < 2.15 * parameters
    onnx.checker.check_model(model)


def test_arithmetic_stays_float32(folder: Path) -> None:
    session = open_session(folder / ACOUSTIC, 1)
    assert {each.type for each in (*session.get_inputs(), *session.get_outputs())} == {"tensor(float)"}


def test_everything_is_in_one_file(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [ACOUSTIC, "model.json", SCORING]


def test_exported_model_hears_what_the_training_heard(
    exported: InferenceSession, head: Head, projection: Projection, folder: Path
) -> None:
    samples = speech(4, pause=0.2)
    shipped = AcousticModel(Manifest.read(folder), 1).analyse(samples)
    heard = Listener(head, PRIORS, projection).evidence(encode(exported, samples))
    frames = len(heard.log_posteriors)
    assert abs(frames - len(shipped.log_posteriors)) <= 2
    np.testing.assert_allclose(
        np.exp(shipped.log_posteriors[:frames]), np.exp(heard.log_posteriors), atol=0.03
    )
    np.testing.assert_allclose(shipped.states[: frames // 2], heard.states[: frames // 2], atol=0.05)


# --- the projection -----------------------------------------------------------------------------


def test_projection_keeps_the_directions_that_vary_most() -> None:
    random = np.random.default_rng(1)
    states = random.normal(3.0, 0.1, (3_000, WIDTH))
    states[:, 5] += random.normal(0.0, 9.0, 3_000)
    states[:, 7] += random.normal(0.0, 4.0, 3_000)
    projection = Projection.fit(states.astype(np.float32), 2)
    with torch.inference_mode():
        projected = projection(torch.from_numpy(states.astype(np.float32))).numpy()
    for column, row in ((0, 5), (1, 7)):
        assert abs(np.corrcoef(projected[:, column], states[:, row])[0, 1]) > 0.99
    np.testing.assert_allclose(projected.mean(axis=0), 0.0, atol=0.01)
    np.testing.assert_allclose(projected.std(axis=0), 1.0, atol=0.01)


def test_saved_projection_is_loaded_as_it_was(projection: Projection, tmp_path: Path) -> None:
    torch.save(projection.state_dict(), tmp_path / "projection.pt")
    states = torch.randn(5, WIDTH)
    with torch.inference_mode():
        assert torch.equal(Projection.load(tmp_path / "projection.pt")(states), projection(states))


# --- the scoring model --------------------------------------------------------------------------


@pytest.mark.parametrize("phones", [1, 2, 3, 12, 100, 250])
def test_scoring_model_gives_what_torch_gives_for_any_length(
    scorer: Ensemble, folder: Path, phones: int
) -> None:
    assert check_equal(scorer, folder / SCORING, sample_inputs(FEATURES, phones), 1e-4) <= 1e-4


# --- the check and the manifest -----------------------------------------------------------------


def test_an_export_that_differs_is_an_error_that_names_the_file(
    encoder: Encoder, projection: Projection, folder: Path
) -> None:
    torch.manual_seed(9)
    other = AcousticNetwork(encoder, Head(1), projection).eval()
    with pytest.raises(ModelError, match=r"acoustic\.onnx differs from the torch network"):
        check_equal(other, folder / ACOUSTIC, {"mel": mel(100)}, 0.02)


def test_manifest_is_what_the_engine_reads(folder: Path) -> None:
    manifest = Manifest.read(folder)
    assert (manifest.info.name, manifest.info.version) == ("elocute-en-US", "7")
    model = AcousticModel(manifest, 1)
    assert model.boundary_offset == 0.011
    np.testing.assert_allclose(model.log_priors, PRIORS, atol=1e-4)
    data = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert data["phones"] == list(MODEL_PHONES)
    assert set(data["files"]) == {ACOUSTIC, SCORING}
