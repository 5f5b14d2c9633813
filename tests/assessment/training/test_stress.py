"""The stress network is taught by the sound: the stress of words is moved before they are said."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from assessment.acoustic import open_session
from assessment.lexicon import Lexicon
from assessment.misaki import misaki_word
from assessment.phones import base, is_vowel, stress
from assessment.training.stress import (
    KEPT_WEIGHT,
    StressExample,
    StressNetworks,
    export_stress,
    fit,
    moved,
    sentence,
)
from tests.assessment.training.miniature import exporting

BANANA = ("B", "AH0", "N", "AE1", "N", "AH0")
WIDTH = 6


@given(st.integers(0, 2**32 - 1))
def test_a_moved_stress_is_the_only_main_one_and_consonants_stay(seed: int) -> None:
    said, weight = moved(BANANA, random.Random(seed))
    assert [stress(phone) for phone in said if is_vowel(phone)].count(1) == 1
    assert [phone for phone in said if not is_vowel(phone)] == ["B", "N", "N"]
    if weight == KEPT_WEIGHT:
        assert list(map(base, said)) == list(map(base, BANANA))
        assert said != BANANA


def test_all_kinds_of_words_are_said() -> None:
    draw = random.Random(0)
    kinds = {(said == BANANA, weight) for said, weight in (moved(BANANA, draw) for _ in range(100))}
    assert len(kinds) == 3


def test_a_sentence_holds_the_chosen_words_and_its_punctuation() -> None:
    spoken, said, weights = sentence("Is this a {}?", ["banana"], Lexicon.load(), random.Random(3))
    assert spoken.endswith("?")
    assert len(said) == len(weights) == len(spoken.split()) == 4
    assert [weight is None for weight in weights] == [True, True, True, False]
    assert spoken.split()[3] == misaki_word(said[3], {"1": "ˈ", "2": "ˌ"}) + "?"


def words(count: int) -> list[StressExample]:
    """Return words whose stressed vowel has the largest first feature."""
    draw = np.random.default_rng(0)
    rows = [draw.normal(size=(2 + number % 3, WIDTH)).astype(np.float32) for number in range(count)]
    return [StressExample(features, int(features[:, 0].argmax()), 1.0) for features in rows]


def test_the_network_learns_what_marks_the_stress_and_is_exported_as_it_is(tmp_path: Path) -> None:
    data = words(600)
    networks = StressNetworks([fit(data[:500], seed, epochs=20, batch=50) for seed in (0, 1)]).eval()
    with torch.inference_mode():
        found = [int(networks(torch.from_numpy(each.features)).mean(0).argmax()) for each in data[500:]]
    assert np.mean([place == each.stressed for place, each in zip(found, data[500:], strict=True)]) > 0.85
    with exporting():
        export_stress(networks, WIDTH, tmp_path / "stress.onnx")
    (logits,) = open_session(tmp_path / "stress.onnx", 1).run(None, {"features": data[7].features})
    with torch.inference_mode():
        np.testing.assert_allclose(logits, networks(torch.from_numpy(data[7].features)).numpy(), atol=1e-5)
