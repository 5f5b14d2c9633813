"""The scoring model learns marks from features, whatever the company a sentence is trained in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.phones import PHONES
from assessment.scoring import ScorerInput, places_in_words
from assessment.training import scorer as module
from assessment.training.scorer import (
    Ensemble,
    ScoredExample,
    Scorer,
    ScorerPlan,
    load_ensemble,
    marked_example,
    native_example,
    sample_inputs,
    train_scorer,
    unread_example,
    wrong_example,
)
from tests.assessment.training.miniature import marks

FEATURES = 6
PLAN = ScorerPlan(epochs=12, batch=8, learning_rate=3e-3, seeds=(0,))


def sentence(seed: int, words: int = 4) -> ScorerInput:
    draw = np.random.default_rng(seed)
    lengths = draw.integers(1, 5, words)
    numbers = np.repeat(np.arange(words), lengths)
    features = draw.normal(5.0, 3.0, (len(numbers), FEATURES)).astype(np.float32)
    return ScorerInput(
        features, draw.integers(0, len(PHONES), len(numbers)), places_in_words(numbers), numbers
    )


def judged(given: ScorerInput) -> ScoredExample:
    """Mark a sentence by the first of its features, for experts who look at nothing else."""
    phones = (1.0 / (1.0 + np.exp(5.0 - given.features[:, 0]))).astype(np.float32)
    words = given.pooling() @ phones
    return ScoredExample(given, phones, np.stack([words] * 3, axis=1), np.full(4, phones.mean(), np.float32))


@pytest.fixture(scope="module")
def data() -> list[ScoredExample]:
    return [judged(sentence(seed, 2 + seed % 5)) for seed in range(80)]


@pytest.fixture(scope="module")
def trained(data: Sequence[ScoredExample]) -> Ensemble:
    return Ensemble([train_scorer(data, PLAN, 0)]).eval()


def score(scorer: torch.nn.Module, given: ScorerInput) -> list[NDArray[np.float32]]:
    with torch.inference_mode():
        scores = scorer(*(torch.from_numpy(array)[None] for array in given.inputs().values()))
    return [each[0].numpy() for each in scores]


# --- targets ------------------------------------------------------------------------------------


def test_marks_become_targets_between_0_and_1() -> None:
    sentence_marks = replace(marks(["cat", "keen"], 1.6), fluency=3.0, prosody=10.0)
    target = marked_example(sentence(0), sentence_marks)
    np.testing.assert_allclose(target.phones, [0.8] * 6)
    np.testing.assert_allclose(target.words, [[0.8, 0.8, 0.8]] * 2)
    np.testing.assert_allclose(target.utterance, [0.8, 0.3, 1.0, 0.8])


def test_what_was_not_read_has_no_accuracy_and_no_fluency_or_stress_of_its_own() -> None:
    target = unread_example(sentence(0, words=2))
    assert (target.phones == 0).all()
    np.testing.assert_array_equal(target.words, [[0, np.nan, 0]] * 2)
    np.testing.assert_array_equal(target.utterance, [0, np.nan, np.nan, 0])


def test_a_native_reading_has_full_marks() -> None:
    target = native_example(sentence(0, words=2))
    assert {1.0} == {*target.phones.tolist(), *target.words.ravel().tolist(), *target.utterance.tolist()}
    assert (target.words.shape, target.utterance.shape) == ((2, 3), (4,))


@pytest.mark.parametrize(("wrong", "mark"), [(1, 0.5), (2, 0.25), (4, 0.25)])
def test_a_wrong_phone_is_marked_with_its_word_by_the_experts_rubric(wrong: int, mark: float) -> None:
    words = np.repeat([0, 1, 2], 4)
    given = ScorerInput(np.zeros((12, FEATURES), np.float32), words * 0, places_in_words(words), words)
    exchanged = np.zeros(12, bool)
    exchanged[4 : 4 + wrong] = True
    target = wrong_example(native_example(given), given, exchanged)
    assert target.phones.tolist() == [float(not each) for each in exchanged]
    np.testing.assert_array_equal(target.words, [[1, 1, 1], [mark, np.nan, mark], [1, 1, 1]])
    loss = module.ACCURACY_LOSS * wrong / 12
    np.testing.assert_allclose(
        target.utterance, [max(0, 1 - loss), np.nan, np.nan, max(0, 1 - loss)], atol=1e-6
    )


def test_a_word_that_experts_marked_lower_keeps_its_mark() -> None:
    words = np.array([0, 0, 0, 0])
    given = ScorerInput(np.zeros((4, FEATURES), np.float32), words, places_in_words(words), words)
    said = marked_example(given, marks(["cat"], 0.2))
    said = replace(said, phones=np.full(4, 0.1, np.float32))
    target = wrong_example(said, given, np.array([True, False, False, False]))
    assert target.words[0, 0] == pytest.approx(0.1)
    np.testing.assert_allclose(target.phones, [0.0, 0.1, 0.1, 0.1])


# --- training -----------------------------------------------------------------------------------


def test_scorer_learns_what_experts_look_at(trained: Ensemble) -> None:
    unseen = [judged(sentence(1_000 + seed)) for seed in range(20)]
    found = [score(trained, each.given) for each in unseen]
    for level, target in enumerate(("phones", "words", "utterance")):
        scores = np.concatenate([each[level].ravel() for each in found])
        expected = np.concatenate([getattr(each, target).ravel() for each in unseen])
        assert np.corrcoef(scores, expected)[0, 1] > (0.9 if target != "utterance" else 0.7), target


def test_training_is_the_same_every_time(data: Sequence[ScoredExample]) -> None:
    plan = replace(PLAN, epochs=1)
    one, two, other = (score(train_scorer(data[:16], plan, seed), data[0].given) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one[0], two[0])
    assert not np.array_equal(one[0], other[0])


def test_an_example_counts_as_much_as_its_weight(data: Sequence[ScoredExample]) -> None:
    scorer = Scorer(np.zeros(FEATURES, np.float32), np.ones(FEATURES, np.float32), dropout=0.0)
    whole, half = (module._loss(scorer, [replace(data[0], weight=weight)]).item() for weight in (1.0, 0.5))
    assert half == pytest.approx(whole / 2)


@hypothesis.settings(max_examples=20, deadline=None)
@hypothesis.given(st.lists(st.integers(1, 30), min_size=1, max_size=60), st.integers(1, 9))
def test_every_sentence_is_in_one_batch(lengths: list[int], size: int) -> None:
    examples = [judged(sentence(number, words=words)) for number, words in enumerate(lengths)]
    batches = list(module._batches(examples, size, random.Random(0)))
    assert all(len(batch) <= size for batch in batches)
    assert sorted(id(item) for batch in batches for item in batch) == sorted(map(id, examples))


def test_open_targets_teach_nothing(data: Sequence[ScoredExample]) -> None:
    scorer = Scorer(np.zeros(FEATURES, np.float32), np.ones(FEATURES, np.float32), dropout=0.0)
    nothing = replace(
        data[0], words=np.full_like(data[0].words, np.nan), utterance=np.full(4, np.nan, np.float32)
    )
    both = module._loss(scorer, [data[1], nothing])
    assert torch.isfinite(both)
    torch.autograd.backward(both)
    assert all(torch.isfinite(weight.grad).all() for weight in scorer.parameters() if weight.grad is not None)


def test_ensemble_is_the_mean_of_its_scorers(data: Sequence[ScoredExample]) -> None:
    two = Ensemble([train_scorer(data[:16], replace(PLAN, epochs=1), seed) for seed in (0, 1)]).eval()
    each = [score(scorer, data[0].given) for scorer in two.scorers]
    for level, mean in enumerate(score(two, data[0].given)):
        np.testing.assert_allclose(mean, (each[0][level] + each[1][level]) / 2, atol=1e-6)


def test_saved_ensemble_is_loaded_as_it_was(trained: Ensemble, tmp_path: Path) -> None:
    torch.save(trained.state_dict(), tmp_path / "scorer.pt")
    loaded = load_ensemble(tmp_path / "scorer.pt")
    for one, two in zip(score(trained, sentence(3)), score(loaded, sentence(3)), strict=True):
        np.testing.assert_array_equal(one, two)


# --- the network --------------------------------------------------------------------------------


def test_a_sentence_is_scored_in_a_batch_as_alone(trained: Ensemble) -> None:
    short, long = sentence(1, words=2), sentence(2, words=6)
    inputs = [
        module._pad([getattr(item, name) for item in (short, long)])
        for name in ("features", "expected", "places")
    ]
    pooling = module._pad([item.pooling() for item in (short, long)])
    padding = module._pad([np.zeros(len(item.words), bool) for item in (short, long)], fill=True)
    with torch.inference_mode():
        phones, words, utterance = trained.scorers[0](*inputs, pooling, padding)
    for row, given in enumerate((short, long)):
        alone = score(trained.scorers[0], given)
        np.testing.assert_allclose(phones[row, : len(given.words)].numpy(), alone[0], atol=1e-5)
        np.testing.assert_allclose(words[row, : given.words[-1] + 1].numpy(), alone[1], atol=1e-5)
        np.testing.assert_allclose(utterance[row].numpy(), alone[2], atol=1e-5)


def test_features_are_normalised_with_the_means_of_the_training(
    trained: Ensemble, data: Sequence[ScoredExample]
) -> None:
    rows = np.concatenate([each.given.features for each in data])
    np.testing.assert_allclose(trained.scorers[0].mean.numpy(), rows.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(trained.scorers[0].scale.numpy(), rows.std(axis=0), atol=2e-3)


@pytest.mark.parametrize("phones", [1, 2, 12, 100])
def test_sample_inputs_fit_the_network(trained: Ensemble, phones: int) -> None:
    given = [torch.from_numpy(array) for array in sample_inputs(FEATURES, phones).values()]
    with torch.inference_mode():
        assert [tuple(each.shape) for each in trained(*given)] == [
            (1, phones),
            (1, -(-phones // 3), 3),
            (1, 4),
        ]
