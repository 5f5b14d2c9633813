"""Step `export`: write trained networks as ONNX with a manifest, and check that ONNX equals torch."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from assessment.acoustic import MANIFEST, file_digest
from assessment.errors import ModelError
from assessment.log_mel import BANDS
from assessment.phones import MODEL_PHONES
from assessment.scoring import Thresholds
from assessment.training.network import POSITIONS, WIDTH, Encoder, Head
from assessment.training.scorer import Ensemble, sample_inputs

log = logging.getLogger(__name__)

ACOUSTIC = "acoustic.onnx"
SCORING = "scoring.onnx"
# Weights larger than this many numbers are stored as float16.
_SMALL = 1_024


class AcousticNetwork(nn.Module):
    """Encoder, head and projection of the states in one network.

    Parameters
    ----------
    encoder : Encoder
        Frozen.
    head : Head
        Trained on its states.
    projection : Projection
        Of the states that the scoring model reads.
    """

    def __init__(self, encoder: Encoder, head: Head, projection: Projection) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.projection = projection

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Map log-mel (1, BANDS, frames) to log-posteriors (1, frames, 40) and states (1, frames / 2, n)."""
        states = self.encoder(mel)
        return self.head(states), self.projection(states[..., -WIDTH:])


class Projection(nn.Module):
    """Principal components of the last tap's states, scaled to unit variance.

    Parameters
    ----------
    mean : ndarray of float32, shape (WIDTH,)
    components : ndarray of float32, shape (dimensions, WIDTH)
    """

    def __init__(self, mean: NDArray[np.float32], components: NDArray[np.float32]) -> None:
        super().__init__()
        self.linear = nn.Linear(WIDTH, len(components))
        with torch.no_grad():
            self.linear.weight.copy_(torch.from_numpy(components))
            self.linear.bias.copy_(torch.from_numpy(-components @ mean))

    @classmethod
    def fit(cls, states: NDArray[np.float32], dimensions: int) -> Projection:
        """Fit whitened principal components to states, shape (n, WIDTH), n > dimensions."""
        mean = states.mean(axis=0)
        covariance = np.cov((states - mean).T)
        values, vectors = np.linalg.eigh(covariance)
        order = np.argsort(-values)[:dimensions]
        components = vectors[:, order].T / np.sqrt(values[order])[:, None]
        return cls(mean.astype(np.float32), components.astype(np.float32))

    @classmethod
    def load(cls, path: Path) -> Projection:
        """Load a projection from its saved ``state_dict``."""
        weights = torch.load(path, weights_only=True)
        projection = cls(np.zeros(WIDTH, np.float32), weights["linear.weight"].numpy())
        projection.load_state_dict(weights)
        return projection

    def forward(self, states: Tensor) -> Tensor:
        """Project states (..., WIDTH) to (..., dimensions)."""
        projected: Tensor = self.linear(states)
        return projected


def export_acoustic(network: AcousticNetwork, path: Path) -> None:
    """Write the acoustic network to ONNX with float16 weights and float32 arithmetic."""
    half = torch.export.Dim("half", min=8, max=POSITIONS)
    program = torch.onnx.export(
        network.eval(),
        (torch.randn(1, BANDS, 400),),
        dynamo=True,
        input_names=["mel"],
        output_names=["log_posteriors", "states"],
        dynamic_shapes=({2: 2 * half},),
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    store_as_float16(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(model, path)


def save(model: onnx.ModelProto, path: Path) -> None:
    """Write a model without the exporter's notes, which hold stack traces with local paths."""
    for item in (*model.graph.node, *model.graph.initializer, *model.graph.value_info):
        item.ClearField("metadata_props")
        item.ClearField("doc_string")
    for whole in (model, model.graph, *model.graph.input, *model.graph.output, *model.functions):
        whole.ClearField("metadata_props")
    onnx.save_model(model, path)


def store_as_float16(model: onnx.ModelProto) -> None:
    """Store large float32 weights as float16, widened again when the model is opened.

    ONNX Runtime folds the casts at loading, so that the arithmetic stays float32 and results do
    not depend on the processor's support for smaller numbers.
    """
    graph = model.graph
    casts = []
    for weight in graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) <= _SMALL:
            continue
        name, narrow = weight.name, numpy_helper.to_array(weight).astype(np.float16)
        weight.CopyFrom(numpy_helper.from_array(narrow, f"{name}_float16"))
        casts.append(helper.make_node("Cast", [f"{name}_float16"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)


def export_scorer(scorer: Ensemble, path: Path) -> None:
    """Write the scoring model to ONNX."""
    phones, words = torch.export.Dim("phones", min=2), torch.export.Dim("words", min=1)
    inputs = sample_inputs(scorer.width, 12)
    program = torch.onnx.export(
        scorer.eval(),
        tuple(torch.from_numpy(array) for array in inputs.values()),
        dynamo=True,
        input_names=list(inputs),
        output_names=["phones", "words", "utterance"],
        dynamic_shapes=({1: phones}, {1: phones}, {1: phones}, {1: words, 2: phones}),
        verbose=False,
    )
    assert program is not None
    save(program.model_proto, path)


def check_equal(network: nn.Module, path: Path, inputs: dict[str, NDArray[Any]], tolerance: float) -> float:
    """Compare an exported network with torch on the same input.

    Returns
    -------
    float
        Largest absolute difference over all outputs.

    Raises
    ------
    ModelError
        If the difference exceeds `tolerance`.
    """
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        expected = network(*(torch.from_numpy(array) for array in inputs.values()))
    found = session.run(None, inputs)
    difference = max(
        float(np.abs(ours - theirs.numpy()).max()) for ours, theirs in zip(found, expected, strict=True)
    )
    log.info("%s: ONNX differs from torch by at most %.2g", path.name, difference)
    if difference > tolerance:
        raise ModelError(f"{path} differs from the torch network by {difference:.3g}: the export is wrong.")
    return difference


def write_manifest(
    folder: Path,
    version: str,
    log_priors: NDArray[np.float32],
    boundary_offset_seconds: float,
    thresholds: Thresholds,
) -> None:
    """Write ``model.json`` over the ONNX files of a model folder."""
    files = {path.name: file_digest(path) for path in sorted(folder.glob("*.onnx"))}
    manifest = {
        "name": "elocute-en-US",
        "version": version,
        "language": "en-US",
        "phones": list(MODEL_PHONES),
        "log_priors": [round(float(value), 4) for value in log_priors],
        "boundary_offset_seconds": boundary_offset_seconds,
        "thresholds": vars(thresholds),
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
