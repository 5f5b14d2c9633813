"""The encoder's last blocks learn together with a head, the same way every time, interrupted or not."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from assessment.training import finetune as module
from assessment.training.corpora import Utterance
from assessment.training.finetune import FinetunePlan, finetune
from assessment.training.frames import FrameAlignment
from assessment.training.network import Encoder, Head
from tests.assessment.training.miniature import CORPUS, random_encoder, recordings

PLAN = FinetunePlan(blocks=1, epochs=3, batch=2)
Networks = tuple[Encoder, Head]


@pytest.fixture(scope="module")
def utterances(tmp_path_factory: pytest.TempPathFactory) -> list[Utterance]:
    return recordings(tmp_path_factory.mktemp("recordings"), 4)


@pytest.fixture(scope="module")
def alignments(utterances: list[Utterance]) -> dict[tuple[str, str], FrameAlignment]:
    """Each syllable of `speech` is a hiss of 0.07 s and a vowel of 0.18 s, after 0.1 s."""
    found = {}
    for number, each in enumerate(utterances):
        syllables = 3 + number % 2
        starts = [10 + 25 * syllable + extra for syllable in range(syllables) for extra in (0, 7)]
        phones = ("S", "AA", "S", "IY", "S", "UW", "S", "AA")[: 2 * syllables]
        words = tuple(at // 2 for at in range(2 * syllables))
        ends = (*starts[1:], 10 + 25 * syllables)
        found[CORPUS, each.id] = FrameAlignment(each.id, CORPUS, phones, words, tuple(starts), ends)
    return found


@pytest.fixture(scope="module")
def untrained() -> Networks:
    encoder = random_encoder((2,))
    return encoder, Head(1)


def copies(networks: Networks) -> Networks:
    return deepcopy(networks[0]), deepcopy(networks[1])


def trained(
    networks: Networks,
    utterances: list[Utterance],
    alignments: Mapping[tuple[str, str], FrameAlignment],
    path: Path,
    plan: FinetunePlan = PLAN,
) -> Networks:
    encoder, head = copies(networks)
    finetune(encoder, head, utterances, alignments, [], plan, path)
    return encoder, head


def same(one: torch.nn.Module, two: torch.nn.Module) -> bool:
    return all(torch.equal(two.state_dict()[name], tensor) for name, tensor in one.state_dict().items())


def test_only_the_last_blocks_and_the_head_learn(
    untrained: Networks,
    utterances: list[Utterance],
    alignments: dict[tuple[str, str], FrameAlignment],
    tmp_path: Path,
) -> None:
    encoder, head = trained(
        untrained, utterances, alignments, tmp_path / "check.part", replace(PLAN, epochs=1)
    )
    before = untrained[0].state_dict()
    changed = {
        name.split(".")[1] if name.startswith("blocks") else name
        for name, tensor in encoder.state_dict().items()
        if not torch.equal(before[name], tensor)
    }
    assert changed == {"1"}
    assert not same(untrained[1], head)
    assert not encoder.training
    assert not head.training


def test_training_lowers_the_loss(
    untrained: Networks,
    utterances: list[Utterance],
    alignments: dict[tuple[str, str], FrameAlignment],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    trained(untrained, utterances, alignments, tmp_path / "check.part", replace(PLAN, distorted=0.0))
    losses = [float(record.getMessage().split()[-1]) for record in caplog.records]
    assert len(losses) == 3
    assert losses[2] < losses[0] - 0.3


def test_an_interrupted_training_ends_like_one_that_was_not(
    untrained: Networks,
    utterances: list[Utterance],
    alignments: dict[tuple[str, str], FrameAlignment],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = trained(untrained, utterances, alignments, tmp_path / "whole.part")
    epochs: list[int] = []
    epoch = module._epoch

    def interrupted(*given: Any) -> float:
        if len(epochs) == 1:
            epochs.append(-1)
            raise KeyboardInterrupt
        epochs.append(given[-1])
        return epoch(*given)

    monkeypatch.setattr(module, "_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trained(untrained, utterances, alignments, tmp_path / "parts.part")
    torch.manual_seed(77)
    resumed = trained(untrained, utterances, alignments, tmp_path / "parts.part")
    assert epochs == [0, -1, 1, 2]
    assert same(resumed[0], whole[0])
    assert same(resumed[1], whole[1])


def test_recordings_without_alignment_are_left_out(
    untrained: Networks,
    utterances: list[Utterance],
    alignments: dict[tuple[str, str], FrameAlignment],
    tmp_path: Path,
) -> None:
    missing = replace(utterances[0], id="unaligned", audio=tmp_path / "missing.wav")
    plan = replace(PLAN, epochs=1)
    one = trained(untrained, utterances, alignments, tmp_path / "one.part", plan)
    two = trained(untrained, [*utterances, missing], alignments, tmp_path / "two.part", plan)
    assert same(one[1], two[1])
