"""Stored states and experts' marks become the scoring model's training data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from assessment.acoustic import TAIL_SAMPLES
from assessment.errors import AlignmentError
from assessment.phones import MODEL_PHONES, PHONE_INDEX, PHONES, is_vowel
from assessment.scoring import MAX_PHONES, STATES_COLUMN
from assessment.training.corpora import Utterance
from assessment.training.export import Projection
from assessment.training.network import WIDTH, Head
from assessment.training.scoring_data import (
    UNHEARD_LPP,
    Listener,
    fit_projection,
    marked_readings,
    native_readings,
    substituted,
    unread_examples,
)
from assessment.training.states import StateStore
from tests.assessment.training.miniature import WORDS, alignment, filled_store, sentences, spoken, timed

DIMENSIONS = 8
TEXTS = sentences(12, seed=9)
EVEN = np.zeros(len(MODEL_PHONES), np.float32)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[StateStore, list[Utterance]]:
    return filled_store(tmp_path_factory.mktemp("store"), TEXTS)


@pytest.fixture(scope="module")
def listener(head: Head, filled: tuple[StateStore, list[Utterance]]) -> Listener:
    return Listener(head, EVEN, fit_projection(filled[0], DIMENSIONS))


# --- evidence -----------------------------------------------------------------------------------


def test_evidence_ends_where_the_recording_does(listener: Listener) -> None:
    states = spoken(timed(["cat"]))
    evidence = listener.evidence(states)
    tail = TAIL_SAMPLES // 160
    assert evidence.log_posteriors.shape == (2 * len(states) - tail, len(MODEL_PHONES))
    assert evidence.states.shape == (len(states) - tail // 2, DIMENSIONS)


def test_evidence_names_what_is_said(listener: Listener) -> None:
    parts = timed(["cat"])
    heard = listener.evidence(spoken(parts)).log_posteriors.argmax(axis=1)
    said = np.concatenate([[PHONE_INDEX[phone]] * 2 * states for phone, states in parts])[: len(heard)]
    assert (heard == said).mean() > 0.9


def test_projected_states_are_spread_evenly(filled: tuple[StateStore, Sequence[Utterance]]) -> None:
    rows = np.array(filled[0].open(), np.float32)
    projected = fit_projection(filled[0], DIMENSIONS)
    with torch.inference_mode():
        covariance = np.cov(projected(torch.from_numpy(rows)).numpy().T)
    np.testing.assert_allclose(covariance, np.eye(DIMENSIONS), atol=0.01)


def test_projection_of_a_sample_is_like_that_of_all_states(
    filled: tuple[StateStore, Sequence[Utterance]],
) -> None:
    every, some = (fit_projection(filled[0], 2, sample).linear.weight for sample in (10**6, 300))
    cosine = (every * some).sum(-1) / (every.norm(dim=-1) * some.norm(dim=-1))
    assert (cosine.abs() > 0.8).all()


# --- marked readings ----------------------------------------------------------------------------


def test_each_marked_recording_becomes_an_example(
    listener: Listener, filled: tuple[StateStore, list[Utterance]]
) -> None:
    readings = list(marked_readings(listener, *filled))
    assert len(readings) == len(TEXTS)
    for number, (reading, words) in enumerate(zip(readings, TEXTS, strict=True)):
        phones = sum(len(WORDS[word]) for word in words)
        example = reading.example
        assert example.given.features.shape == (phones, 126 + DIMENSIONS)
        assert example.given.words.tolist() == [at for at, word in enumerate(words) for _ in WORDS[word]]
        np.testing.assert_allclose(example.phones, 1.0 - number % 3 / 4)
        assert reading.features.lpp.mean() > -0.7


def test_recordings_without_marks_or_states_are_left_out(
    listener: Listener, filled: tuple[StateStore, list[Utterance]]
) -> None:
    store, utterances = filled
    some = [replace(utterances[0], marks=None), replace(utterances[1], id="unknown"), utterances[2]]
    (reading,) = marked_readings(listener, store, some)
    assert len(reading.example.words) == len(TEXTS[2])


# --- texts that were not read -------------------------------------------------------------------


def test_recordings_are_paired_with_other_texts_of_about_their_length(
    listener: Listener, filled: tuple[StateStore, list[Utterance]]
) -> None:
    unread = list(unread_examples(listener, *filled, share=1.0, seed=0))
    assert len(TEXTS) / 2 < len(unread) <= len(TEXTS)
    own = {len(reading.example.phones): reading for reading in marked_readings(listener, *filled)}
    for example in unread:
        assert (example.phones == 0).all()
        assert len(example.phones) in own


def test_texts_that_were_not_read_sound_worse_than_those_that_were(
    listener: Listener, filled: tuple[StateStore, list[Utterance]]
) -> None:
    lpp = 3 * len(MODEL_PHONES) + 3  # the feature "LPP of the expected phone"
    read = [reading.example.given for reading in marked_readings(listener, *filled)]
    unread = [example.given for example in unread_examples(listener, *filled, share=1.0, seed=0)]
    means = [np.mean([given.features[:, lpp].mean() for given in group]) for group in (read, unread)]
    assert means[0] > means[1] + 0.5


def test_the_share_of_recordings_is_drawn_by_the_seed(
    listener: Listener, filled: tuple[StateStore, list[Utterance]]
) -> None:
    def drawn(share: float, seed: int) -> list[int]:
        return [len(each.phones) for each in unread_examples(listener, *filled, share=share, seed=seed)]

    assert drawn(0.0, 0) == []
    assert drawn(0.5, 1) == drawn(0.5, 1)
    assert len(drawn(0.5, 1)) < len(TEXTS)
    assert len({tuple(drawn(0.5, seed)) for seed in range(6)}) > 1


def test_a_text_too_long_for_a_recording_is_not_paired_with_it(listener: Listener, tmp_path: Path) -> None:
    store, utterances = filled_store(tmp_path, [["cat"], ["seat"] * 30])
    evidence = listener.evidence(spoken(timed(["cat"])))
    with pytest.raises(AlignmentError):
        listener.align(evidence, [(WORDS["seat"],)] * 30)
    found = [len(each.phones) for each in unread_examples(listener, store, utterances, 1.0, seed=0)]
    assert found in ([], [3])


# --- native readings and exchanged phones -------------------------------------------------------


def test_native_readings_have_full_marks(
    listener: Listener, filled: tuple[StateStore, list[Utterance]]
) -> None:
    store, utterances = filled
    known = {
        (each.corpus, each.id): alignment(each.id, words, timed(words, number))
        for number, (each, words) in enumerate(zip(utterances[:3], TEXTS, strict=False))
    }
    readings = list(native_readings(listener, store, known, utterances))
    assert [len(reading.example.phones) for reading in readings] == [
        sum(len(WORDS[word]) for word in words) for words in TEXTS[:3]
    ]
    assert all((reading.example.phones == 1.0).all() for reading in readings)


def test_native_readings_longer_than_a_sentence_are_left_out(listener: Listener, tmp_path: Path) -> None:
    words = ["cat"] * (MAX_PHONES // 3 + 1)
    store, utterances = filled_store(tmp_path, [words])
    known = {(utterances[0].corpus, "u0"): alignment("u0", words, timed(words))}
    assert list(native_readings(listener, store, known, utterances)) == []


def test_exchanged_phones_were_clearly_not_said_and_get_no_marks(
    listener: Listener, filled: tuple[StateStore, list[Utterance]]
) -> None:
    random = np.random.default_rng(0)
    readings = [each for each in marked_readings(listener, *filled) if each.example.phones[0] == 1.0]
    changed = [(reading, substituted(reading, 0.5, random)) for reading in readings]
    assert any(example is not None for _, example in changed)
    for reading, example in changed:
        if example is None:
            continue
        before, after = reading.example.given, example.given
        wrong = before.expected != after.expected
        np.testing.assert_array_equal(example.phones, np.where(wrong, 0.0, 1.0))
        assert (reading.features.mean[wrong, after.expected[wrong]] < UNHEARD_LPP).all()
        for one, other in zip(before.expected[wrong], after.expected[wrong], strict=True):
            assert is_vowel(PHONES[one]) == is_vowel(PHONES[other])
        np.testing.assert_array_equal(after.features[~wrong][:, :40], before.features[~wrong][:, :40])
        np.testing.assert_array_equal(after.features[:, STATES_COLUMN:], before.features[:, STATES_COLUMN:])
        lpp = 3 * len(MODEL_PHONES) + 3
        assert (after.features[wrong, lpp] < before.features[wrong, lpp]).all()


def test_badly_said_phones_are_not_exchanged(
    listener: Listener, filled: tuple[StateStore, list[Utterance]]
) -> None:
    random = np.random.default_rng(0)
    bad = [each for each in marked_readings(listener, *filled) if each.example.phones[0] < 0.9]
    assert bad
    assert all(substituted(reading, 1.0, random) is None for reading in bad)


def test_a_listener_hears_with_the_last_tap(head: Head) -> None:
    random = np.random.default_rng(0)
    projection = Projection(np.zeros(WIDTH, np.float32), random.normal(size=(3, WIDTH)).astype(np.float32))
    two = Listener(Head(2).eval(), EVEN, projection)
    states = random.normal(size=(40, 2 * WIDTH)).astype(np.float16)
    expected = states[:25, WIDTH:].astype(np.float32) @ projection.linear.weight.detach().numpy().T
    np.testing.assert_allclose(two.evidence(states).states, expected, atol=1e-3)
