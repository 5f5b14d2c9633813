"""Corpora are aligned anew with trained heads, with the pronunciations that were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from assessment.phones import PHONE_INDEX, SILENCE
from assessment.training.corpora import Utterance
from assessment.training.frames import IGNORED, FrameAlignment
from assessment.training.head import Example
from assessment.training.network import PHONES, WIDTH, Head
from assessment.training.realign import log_posteriors, log_priors, realign
from assessment.training.states import StateStore
from tests.assessment.training.miniature import (
    CORPUS,
    alignment,
    filled_store,
    sentences,
    spoken,
    timed,
)

TEXTS = sentences(4, seed=5)
EVEN = np.zeros(PHONES, np.float32)


def realigned(head: Head, store: StateStore, utterances: Sequence[Utterance]) -> dict[str, FrameAlignment]:
    return {found.id: found for found in realign([head], EVEN, store, utterances)}


# --- priors and posteriors ----------------------------------------------------------------------


def test_priors_are_the_shares_of_the_aligned_frames() -> None:
    targets = np.array([PHONE_INDEX["T"]] * 300 + [PHONE_INDEX[SILENCE]] * 600 + [IGNORED] * 1_000)
    priors = np.exp(log_priors([Example(np.zeros((0, 0), np.float16), targets)]))
    assert priors.shape == (PHONES,)
    assert priors.sum() == pytest.approx(1.0, abs=1e-4)
    assert priors[PHONE_INDEX["T"]] == pytest.approx(301 / 940, rel=1e-4)
    assert priors[PHONE_INDEX["ZH"]] == pytest.approx(1 / 940, rel=1e-4)


def test_posteriors_of_several_heads_are_averaged(head: Head) -> None:
    torch.manual_seed(3)
    other = Head(1).eval()
    states = spoken(timed(["cat"]))
    one, two, both = (np.exp(log_posteriors(heads, states)) for heads in ([head], [other], [head, other]))
    assert both.shape == (2 * len(states), PHONES)
    np.testing.assert_allclose(both, (one + two) / 2, atol=1e-5)


# --- alignments ---------------------------------------------------------------------------------


def test_phones_are_found_where_they_were_said(head: Head, tmp_path: Path) -> None:
    store, utterances = filled_store(tmp_path, TEXTS, marked=False)
    found = realigned(head, store, utterances)
    assert list(found) == [utterance.id for utterance in utterances]
    for number, words in enumerate(TEXTS):
        truth = alignment(f"u{number}", words, timed(words, number))
        assert (found[truth.id].phones, found[truth.id].words) == (truth.phones, truth.words)
        np.testing.assert_allclose(found[truth.id].first, truth.first, atol=2)
        np.testing.assert_allclose(found[truth.id].last, truth.last, atol=2)


def test_phones_are_those_that_the_experts_marked(head: Head, tmp_path: Path) -> None:
    store, utterances = filled_store(tmp_path, [["cat", "neat"]])
    learner = replace(utterances[0], text="something quite different")
    assert realigned(head, store, [learner])["u0"].phones == ("K", "AE", "T", "N", "IY", "T")


def test_the_pronunciation_that_was_said_is_chosen(head: Head, tmp_path: Path) -> None:
    store = StateStore(tmp_path, WIDTH)
    reading = Utterance("u", CORPUS, "s", Path(), "neither cat")  # with IY or AY, a flap or not
    parts = [(SILENCE, 5), *((phone, 5) for phone in ("N", "IY", "T", "K", "AE", "T")), (SILENCE, 20)]
    store.add(reading, spoken(parts), 1.0)
    assert realigned(head, store, [reading])["u"].phones[:2] == ("N", "IY")


def test_recordings_without_states_are_left_out(head: Head, tmp_path: Path) -> None:
    store, utterances = filled_store(tmp_path, TEXTS[:1], marked=False)
    assert list(realigned(head, store, [replace(utterances[0], id="unknown"), *utterances])) == ["u0"]


@pytest.mark.parametrize("text", ["cat " * 200, "猫"])
def test_a_recording_that_cannot_be_aligned_is_left_out_with_a_warning(
    head: Head, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    store, utterances = filled_store(tmp_path, TEXTS[:2], marked=False)
    assert list(realigned(head, store, [replace(utterances[0], text=text), utterances[1]])) == ["u1"]
    assert "u0 left out" in caplog.text
