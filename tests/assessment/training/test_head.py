"""A head learns to name phones, the same way every time, interrupted or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from assessment.errors import CorpusError
from assessment.phones import PHONE_INDEX
from assessment.training import head as module
from assessment.training.corpora import MarkedWord, Marks, Utterance
from assessment.training.frames import IGNORED
from assessment.training.head import (
    Example,
    HeadPlan,
    badly_said,
    examples,
    frames_right,
    load_head,
    smoothed_loss,
    train_head,
)
from assessment.training.network import PHONES, Head
from tests.assessment.training.miniature import alignment, example, filled_store, sentences, timed

PLAN = HeadPlan(epochs=3, batch_rows=120, learning_rate=1e-3)


@pytest.fixture(scope="module")
def data() -> list[Example]:
    return [example(words, number) for number, words in enumerate(sentences(8))]


def same(one: Head, two: Head) -> bool:
    return all(torch.equal(two.state_dict()[name], tensor) for name, tensor in one.state_dict().items())


# --- training -----------------------------------------------------------------------------------


def test_a_head_learns_to_name_phones_that_it_has_not_seen(head: Head) -> None:
    unseen = [example(words, 100 + number) for number, words in enumerate(sentences(6, seed=1))]
    torch.manual_seed(0)
    assert frames_right(Head(1).eval(), unseen) < 0.3
    assert frames_right(head, unseen) > 0.95


def test_training_is_the_same_every_time(data: Sequence[Example], tmp_path: Path) -> None:
    one = train_head(data, PLAN, tmp_path / "one.pt")
    torch.manual_seed(1234)
    two = train_head(data, PLAN, tmp_path / "two.pt")
    other = train_head(data, replace(PLAN, seed=1), tmp_path / "other.pt")
    assert same(one, two)
    assert not same(one, other)
    assert same(load_head(tmp_path / "one.pt", 1), one)


@pytest.mark.parametrize("epoch", [1, 2])
def test_an_interrupted_training_ends_like_one_that_was_not(
    data: Sequence[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: int
) -> None:
    whole = train_head(data, PLAN, tmp_path / "whole.pt")
    trained: list[int] = []
    train_epoch = module._train_epoch

    def interrupted(*given: Any) -> float:
        if len(trained) == epoch:
            trained.append(-1)
            raise KeyboardInterrupt
        trained.append(given[-1])
        return train_epoch(*given)

    monkeypatch.setattr(module, "_train_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train_head(data, PLAN, tmp_path / "parts.pt")
    assert not (tmp_path / "parts.pt").exists()
    torch.manual_seed(99)
    resumed = train_head(data, PLAN, tmp_path / "parts.pt")
    assert [number for number in trained if number >= 0] == [0, 1, 2]
    assert same(resumed, whole)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["parts.pt", "whole.pt"]


def test_a_head_can_start_from_another(data: Sequence[Example], tmp_path: Path) -> None:
    first = train_head(data, replace(PLAN, epochs=6), tmp_path / "first.pt")
    short = replace(PLAN, epochs=1, learning_rate=1e-4)
    adapted = train_head(data, short, tmp_path / "adapted.pt", start=tmp_path / "first.pt")
    alone = train_head(data, short, tmp_path / "alone.pt")
    assert not same(first, adapted)
    assert frames_right(adapted, data) > 0.9 > frames_right(alone, data)


def test_ignored_frames_teach_nothing(data: Sequence[Example], tmp_path: Path) -> None:
    wrong = []
    for each in data:
        targets = each.targets.copy()
        targets[each.targets == PHONE_INDEX["T"]] = IGNORED
        wrong.append(Example(each.states, targets))
    head = train_head(wrong, replace(PLAN, epochs=5), tmp_path / "head.pt")
    with torch.inference_mode():
        found = head(torch.from_numpy(np.array(data[0].states, np.float32))[None])[0].argmax(-1)
    assert PHONE_INDEX["T"] not in found
    assert frames_right(head, wrong) > 0.9


def test_without_data_there_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="run the steps before"):
        train_head([], PLAN, tmp_path / "head.pt")


# --- the loss -----------------------------------------------------------------------------------


def test_loss_is_cross_entropy_with_a_share_for_all_phones() -> None:
    probabilities = torch.full((1, 3, PHONES), 0.5 / (PHONES - 1))
    probabilities[0, 0, 4] = probabilities[0, 1, 7] = 0.5
    targets = torch.tensor([[4, 9, IGNORED]])
    rest = 0.5 / (PHONES - 1)
    right = -(math.log(0.5) + math.log(rest)) / 2
    spread = -(math.log(0.5) + (PHONES - 1) * math.log(rest)) / PHONES
    loss = smoothed_loss(probabilities.log(), targets, 0.1).item()
    assert loss == pytest.approx(0.9 * right + 0.1 * spread, rel=1e-5)


def test_loss_without_smoothing_is_zero_for_certain_right_answers() -> None:
    log_posteriors = torch.full((1, 2, PHONES), -100.0)
    log_posteriors[0, :, 3] = 0.0
    assert smoothed_loss(log_posteriors, torch.tensor([[3, IGNORED]]), 0.0).item() == 0.0


# --- data ---------------------------------------------------------------------------------------


def test_states_and_alignments_are_joined_by_recording(tmp_path: Path) -> None:
    texts = [["cat", "sat"], ["neat"], ["keen"]]
    store, utterances = filled_store(tmp_path, texts, marked=False)
    aligned = {
        (each.corpus, each.id): alignment(each.id, words, timed(words, number))
        for number, (each, words) in enumerate(zip(utterances, texts, strict=True))
        if number != 1
    }
    unknown = replace(utterances[0], id="unknown")
    first, third = examples(store, aligned, [unknown, *utterances])
    np.testing.assert_array_equal(first.targets, example(texts[0], 0).targets)
    np.testing.assert_array_equal(third.states, example(texts[2], 2).states)


def test_phones_that_experts_marked_low_teach_nothing(tmp_path: Path) -> None:
    store, utterances = filled_store(tmp_path, [["cat", "sat"]])
    assert utterances[0].marks is not None
    cat, sat = utterances[0].marks.words
    marked = replace(utterances[0].marks, words=(replace(cat, phone_marks=(2.0, 0.4, 1.6)), sat))
    learner = replace(utterances[0], marks=marked)
    aligned = {(learner.corpus, learner.id): alignment("u0", ["cat", "sat"], timed(["cat", "sat"]))}
    (joined,) = examples(store, aligned, [learner])
    (clean,) = examples(store, aligned, [utterances[0]])
    ignored = joined.targets == IGNORED
    assert set(clean.targets[ignored].tolist()) == {PHONE_INDEX["AE"]}
    assert (clean.targets == PHONE_INDEX["AE"]).sum() > ignored.sum() > 0


def test_positions_of_badly_said_phones_are_counted_over_the_sentence() -> None:
    words = (
        MarkedWord("a", ("AH0",), (1.4,), 5, 5, 5),
        MarkedWord("cat", ("K", "AE1", "T"), (1.5, 2.0, 0.0), 5, 5, 5),
    )
    marked = Utterance("u", "mini", "s", Path(), "a cat", Marks(5, 5, 5, 5, words))
    assert badly_said(marked) == [0, 3]
    assert badly_said(replace(marked, marks=None)) == []


def test_frames_right_counts_speech_only() -> None:
    class Always(torch.nn.Module):
        def forward(self, states: torch.Tensor) -> torch.Tensor:
            scores = torch.zeros(1, 2 * states.shape[1], PHONES)
            scores[..., PHONE_INDEX["T"]] = 1.0
            return scores

    silence, t, s = PHONE_INDEX["SIL"], PHONE_INDEX["T"], PHONE_INDEX["S"]
    data = [Example(np.zeros((4, 2), np.float16), np.array([silence, t, t, s, IGNORED, silence, t, silence]))]
    assert frames_right(Always(), data) == pytest.approx(3 / 4)  # type: ignore[arg-type]
