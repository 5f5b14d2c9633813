"""What the scoring model is shown, how long readings are cut for it, and how scores are combined."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.acoustic import Evidence, Manifest
from assessment.alignment import AlignedPhone
from assessment.errors import ModelError
from assessment.gop import FLOOR, phone_features, pooled_states
from assessment.phones import MODEL_PHONES
from assessment.resources import resource
from assessment.results import Candidate
from assessment.scoring import (
    LEAD_LOSS,
    MAX_PHONES,
    ScorerInput,
    ScoringModel,
    input_features,
    leads,
    lowered,
    overall,
    places_in_words,
    scorer_input,
    sentence_parts,
)

STATES = 64


def reading(*words: int, gap: int = 0, seed: int = 0) -> ScorerInput:
    """Return the input for words of these numbers of phones with random evidence."""
    random = np.random.default_rng(seed)
    symbols = random.choice([phone for phone in MODEL_PHONES if phone != "SIL"], sum(words))
    phones, frame = [], 0
    for symbol, word in zip(symbols, np.repeat(np.arange(len(words)), words), strict=True):
        frame += gap if phones and phones[-1].word != word else 0
        phones.append(AlignedPhone(str(symbol), int(word), frame, frame + 8))
        frame += 8
    log_posteriors = np.log(random.dirichlet(np.full(len(MODEL_PHONES), 0.1), frame) + 1e-6)
    states = random.normal(size=(-(-frame // 2), STATES))
    evidence = Evidence(log_posteriors.astype(np.float32), states.astype(np.float32))
    return scorer_input(evidence, phone_features(evidence.log_posteriors, phones), phones)


# --- what the model is shown --------------------------------------------------------------------


def test_places_tell_where_in_its_word_a_phone_stands() -> None:
    words = np.array([0, 1, 1, 2, 2, 2, 2])
    assert places_in_words(words).tolist() == [0, 1, 3, 1, 2, 2, 3]


def test_states_are_averaged_over_each_phone() -> None:
    states = np.arange(10, dtype=np.float32)[:, None] * np.ones(3, np.float32)
    evidence = Evidence(np.zeros((20, len(MODEL_PHONES)), np.float32), states)
    phones = [AlignedPhone("S", 0, 0, 4), AlignedPhone("T", 0, 4, 5), AlignedPhone("AE1", 0, 5, 20)]
    assert pooled_states(evidence, phones)[:, 0].tolist() == [0.5, 2.0, 5.5]


def test_a_phone_at_the_very_end_has_a_state() -> None:
    evidence = Evidence(np.zeros((5, len(MODEL_PHONES)), np.float32), np.ones((3, 2), np.float32))
    assert np.isfinite(pooled_states(evidence, [AlignedPhone("S", 0, 3, 5)])).all()


def test_input_has_126_features_beside_the_states() -> None:
    given = reading(3, 1, 4)
    assert given.features.shape == (8, 126 + STATES)
    assert given.features.dtype == np.float32
    assert np.abs(given.features[:, :126]).max() <= -FLOOR


def test_speech_rate_counts_the_pauses_between_words() -> None:
    fluent, halting = reading(4, 4), reading(4, 4, gap=80)
    rate = 40 + 40 + 40 + 4
    assert fluent.features[0, rate] - halting.features[0, rate] == pytest.approx(
        np.log((8 * 8 + 80) / (8 * 8)), abs=1e-4
    )


def test_pooling_averages_the_phones_of_each_word() -> None:
    given = reading(2, 1, 3)
    expected = [[1 / 2, 1 / 2, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(given.pooling(), expected, rtol=1e-6)


def test_a_part_numbers_its_words_from_zero() -> None:
    part = reading(2, 1, 3).part(2, 6)
    assert part.words.tolist() == [0, 1, 1, 1]
    assert part.pooling().shape == (2, 4)
    assert len(part.features) == len(part.expected) == len(part.places) == 4


def test_features_of_a_single_phone_are_finite() -> None:
    assert np.isfinite(reading(1).features).all()


def test_features_of_a_phone_do_not_depend_on_its_number_in_a_batch() -> None:
    features = phone_features(
        np.full((20, len(MODEL_PHONES)), -3.0, np.float32),
        [AlignedPhone("S", 0, 0, 10), AlignedPhone("S", 0, 10, 20)],
    )
    rows = input_features(features, np.zeros((2, STATES), np.float32))
    np.testing.assert_array_equal(rows[0], rows[1])


# --- cutting long readings ----------------------------------------------------------------------

texts = st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=12), min_size=1, max_size=6)


def laid_out(text: list[list[int]]) -> tuple[NDArray[np.int64], list[int]]:
    """Return the word of each phone and the sentence of each word of a text of word lengths."""
    lengths = [length for sentence in text for length in sentence]
    sentences = [number for number, sentence in enumerate(text) for _ in sentence]
    return np.repeat(np.arange(len(lengths)), lengths), sentences


@given(texts)
@example([[MAX_PHONES], [1]])
@example([[MAX_PHONES + 20]])
@example([[1, MAX_PHONES + 20, 1]])
@example([[1]])
def test_parts_are_whole_words_of_one_sentence_and_not_too_long(text: list[list[int]]) -> None:
    words, sentences = laid_out(text)
    parts = list(sentence_parts(words, sentences))
    assert [phone for first, last in parts for phone in range(first, last)] == list(range(len(words)))
    for first, last in parts:
        inside = set(words[first:last].tolist())
        assert len({sentences[word] for word in inside}) == 1
        assert inside.isdisjoint(words[:first].tolist() + words[last:].tolist())
        assert last - first <= MAX_PHONES or len(inside) == 1


@given(texts)
def test_a_sentence_is_cut_only_where_it_must_be(text: list[list[int]]) -> None:
    words, sentences = laid_out(text)
    parts = list(sentence_parts(words, sentences))
    for (first, middle), (_, last) in itertools.pairwise(parts):
        next_word_end = int(np.flatnonzero(words == words[middle])[-1]) + 1
        same_sentence = sentences[words[first]] == sentences[words[middle]]
        assert not same_sentence or next_word_end - first > MAX_PHONES
        assert last > middle


# --- the model ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> ScoringModel:
    return ScoringModel(Manifest.read(resource("models", "en-US")))


def test_scores_are_on_the_scale_and_one_for_each_phone_and_word(model: ScoringModel) -> None:
    scores = model.score(reading(3, 1, 4), [0, 0, 0])
    assert [scores.phones.shape, scores.words.shape, scores.utterance.shape] == [(8,), (3, 3), (4,)]
    for each in (lowered(scores.phones, np.zeros(8, np.float32)), scores.words, scores.utterance):
        assert (each >= 0).all()
        assert (each <= 100).all()


def test_sentences_are_scored_as_if_each_stood_alone(model: ScoringModel) -> None:
    given = reading(3, 2, 4, 5)
    both = model.score(given, [0, 0, 1, 1])
    first, second = model.score(given.part(0, 5), [0, 0]), model.score(given.part(5, 14), [0, 0])
    np.testing.assert_allclose(both.phones, np.concatenate([first.phones, second.phones]), atol=1e-3)
    np.testing.assert_allclose(both.words, np.concatenate([first.words, second.words]), atol=1e-3)
    mean = (5 * first.utterance + 9 * second.utterance) / 14
    np.testing.assert_allclose(both.utterance, mean, atol=1e-3)


def test_a_single_phone_can_be_scored(model: ScoringModel) -> None:
    assert model.score(reading(1), [0]).phones.shape == (1,)


@pytest.mark.parametrize("thresholds", [None, {}, {"wrong": 40.0}, {"wrong": "low", "nearly": 60.0}])
def test_damaged_thresholds_are_an_error_that_names_the_model(thresholds: object) -> None:
    shipped = Manifest.read(resource("models", "en-US"))
    with pytest.raises(ModelError, match="thresholds"):
        ScoringModel(Manifest(shipped.folder, {**shipped.data, "thresholds": thresholds}))


# --- phones that sounded like others ---


def heard(**probabilities: float) -> tuple[Candidate, ...]:
    ordered = sorted(probabilities.items(), key=lambda pair: -pair[1])
    return tuple(Candidate(phone, probability) for phone, probability in ordered)


def test_a_phone_lags_behind_the_likeliest_other() -> None:
    phones = [
        AlignedPhone(symbol, 0, 10 * place, 10 * place + 10)
        for place, symbol in enumerate(("TH", "IH1", "K"))
    ]
    found = [heard(S=0.7, TH=0.2, F=0.1), heard(IH=0.9, IY=0.1), heard(T=0.6, G=0.4)]
    np.testing.assert_allclose(leads(phones, found), [0.5, 0.0, 0.6], rtol=1e-6)


@given(st.lists(st.tuples(st.floats(-20, 120), st.floats(0, 1)), min_size=1, max_size=20))
def test_scores_fall_by_at_most_the_loss_and_stay_on_the_scale(pairs: list[tuple[float, float]]) -> None:
    raw, ahead = np.array(pairs, np.float32).T
    scores = lowered(raw, ahead)
    assert ((scores >= 0) & (scores <= 100)).all()
    clipped = np.clip(raw, 0, 100)
    assert (scores <= clipped).all()
    assert (scores >= clipped - LEAD_LOSS - 1e-3).all()


# --- overall ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((100.0, 74.0, 100.0, None), 84.4),
        ((92.0, 81.0, 93.0, None), 85.6),
        ((100.0, 100.0, 100.0, 87.8), 95.1),
        ((80.0, 60.0, None, None), 68.0),
        ((80.0, 60.0, None, 70.0), 66.0),
    ],
)
def test_overall_score_follows_the_published_rule(
    given: tuple[float, float, float | None, float | None], expected: float
) -> None:
    assert round(overall(*given), 1) == expected


scores = st.floats(0, 100)


@given(scores, scores, st.none() | scores, st.none() | scores)
def test_overall_score_lies_between_the_worst_and_the_best(
    accuracy: float, fluency: float, completeness: float | None, prosody: float | None
) -> None:
    given = [score for score in (accuracy, fluency, completeness, prosody) if score is not None]
    assert min(given) - 1e-9 <= overall(accuracy, fluency, completeness, prosody) <= max(given) + 1e-9


@given(st.lists(scores, min_size=4, max_size=4), st.permutations(range(4)))
def test_overall_score_does_not_care_which_aspect_is_weak(given: list[float], order: list[int]) -> None:
    assert overall(*(given[index] for index in order)) == pytest.approx(overall(*given))


@given(st.lists(scores, min_size=4, max_size=4), st.integers(0, 3), scores)
def test_overall_score_never_falls_when_an_aspect_improves(
    given: list[float], index: int, better: float
) -> None:
    improved = [*given]
    improved[index] = max(improved[index], better)
    assert overall(*improved) >= overall(*given) - 1e-9
