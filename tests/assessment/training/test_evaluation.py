"""Agreement with experts is computed as published, and compared phone by phone, word by word."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.audio import Recording
from assessment.engine import Assessor
from assessment.errors import CorpusError
from assessment.lexicon import Lexicon
from assessment.resources import resource
from assessment.results import Assessment, ErrorType
from assessment.text import ReferenceText
from assessment.training.corpora import MarkedWord, Marks, Utterance
from assessment.training.evaluation import (
    UTTERANCE_ASPECTS,
    WORD_ASPECTS,
    Agreement,
    Comparison,
    evaluate,
    marked_text,
)
from tests.assessment.audio_samples import RATE, write

TEXT = "On Thursday we will walk along the river and visit my brother's old library."

Floats = NDArray[np.float64]
# On a grid, so that neither rounding nor ties depend on the last bits.
values = st.lists(st.integers(-100, 100), min_size=3, max_size=30)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Return two rows of numbers of the same length, neither constant."""
    one = draw(values)
    two = draw(st.lists(st.integers(-100, 100), min_size=len(one), max_size=len(one)))
    assume(len(set(one)) > 1 and len(set(two)) > 1)
    return np.array(one, float), np.array(two, float)


# --- agreement ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "marks", "pcc", "scc", "mse"),
    [
        ([0, 1, 2], [0, 1, 2], 1.0, 1.0, 0.0),
        ([2, 1, 0], [0, 1, 2], -1.0, -1.0, 8 / 3),
        ([1, 2, 3, 4], [1, 3, 2, 4], 0.8, 0.8, 0.5),
        ([0, 0, 1, 9], [0, 1, 2, 3], 14 / math.sqrt(57.0 * 5), math.sqrt(0.9), 9.5),
        ([1, 2, 3, 4], [1, 8, 27, 64], 104 / math.sqrt(5.0 * 2_390), 1.0, 1053.0),
    ],
)
def test_agreement_is_what_hand_computation_gives(
    scores: list[float], marks: list[float], pcc: float, scc: float, mse: float
) -> None:
    found = Agreement.of(scores, marks)
    assert found.pcc == pytest.approx(pcc)
    assert found.scc == pytest.approx(scc)
    assert found.mse == pytest.approx(mse)
    assert found.count == len(scores)


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    # Ranks 1.5 1.5 3 4 against 1 2.5 2.5 4.
    assert Agreement.of([4, 4, 7, 8], [0, 5, 5, 9]).scc == pytest.approx(3.75 / 4.5)


@given(pairs(), st.integers(1, 50), st.integers(-100, 100))
def test_pearson_does_not_care_for_scale_and_offset(
    given: tuple[Floats, Floats], scale: int, offset: int
) -> None:
    scores, marks = given
    before = Agreement.of(scores, marks).pcc
    assert Agreement.of(scale * scores + offset, marks).pcc == pytest.approx(before, abs=1e-9)
    assert Agreement.of(scores, scale * marks + offset).pcc == pytest.approx(before, abs=1e-9)
    assert Agreement.of(-scores, marks).pcc == pytest.approx(-before, abs=1e-9)


@given(pairs(), st.sampled_from([np.exp, np.arctan, np.cbrt]))
def test_spearman_cares_for_the_order_only(
    given: tuple[Floats, Floats], monotone: Callable[[Floats], Floats]
) -> None:
    scores, marks = given
    before = Agreement.of(scores, marks).scc
    assert Agreement.of(monotone(scores / 20), marks).scc == pytest.approx(before, abs=1e-9)


@given(pairs())
def test_agreement_is_symmetric_and_within_its_bounds(given: tuple[Floats, Floats]) -> None:
    one, two = Agreement.of(*given), Agreement.of(*reversed(given))
    assert (one.pcc, one.scc, one.mse) == pytest.approx((two.pcc, two.scc, two.mse), abs=1e-9)
    assert -1 - 1e-9 <= one.pcc <= 1 + 1e-9
    assert -1 - 1e-9 <= one.scc <= 1 + 1e-9
    assert one.mse >= 0


@pytest.mark.parametrize(("scores", "marks"), [([1, 2, 3], [2, 2, 2]), ([1, 1], [0, 2]), ([1], [2])])
def test_correlation_with_a_constant_is_not_a_number(scores: list[float], marks: list[float]) -> None:
    found = Agreement.of(scores, marks)
    assert math.isnan(found.pcc)
    assert math.isnan(found.scc)
    assert found.mse == pytest.approx(np.mean((np.array(scores) - marks) ** 2))
    assert found.to_dict() == {"pcc": None, "scc": None, "mse": round(found.mse, 4)}


# --- comparisons --------------------------------------------------------------------------------


def test_scores_and_marks_are_compared_on_the_experts_scale() -> None:
    comparison = Comparison()
    comparison.add("phone", "accuracy", 80.0, 2.0)
    comparison.add("phone", "accuracy", 10.0, 0.0)
    assert comparison.pairs == {("phone", "accuracy"): ([1.6, 0.2], [2.0, 0.0])}


def test_figures_have_the_documented_names_and_no_figure_for_what_was_not_scored() -> None:
    comparison = Comparison()
    for score, mark in ((0.0, 0.0), (50.0, 1.0), (100.0, 1.0)):
        comparison.add("phone", "accuracy", score, mark)
        comparison.add("word", "stress", None, mark)
        comparison.add("utterance", "total", 40.0, 1.0)
    figures = json.loads(json.dumps(comparison.to_dict(), allow_nan=False))
    assert figures["phone"] == {"pcc": 0.866, "scc": 0.866, "mse": 0.3333}
    assert figures["word"] == {"accuracy": None, "stress": None, "total": None}
    assert set(figures["utterance"]) == {"accuracy", "fluency", "prosody", "total"}
    assert figures["utterance"]["total"] == {"pcc": None, "scc": None, "mse": 0.04}


def test_text_of_marked_words_is_one_sentence_of_them() -> None:
    text = marked_text(["MARK", "IS", "TWENTY-ONE"])
    assert text.text == "MARK IS TWENTY-ONE"
    assert [text.display(word) for word in text.words] == ["MARK", "IS", "TWENTY-ONE"]
    assert [word.spoken for word in text.words] == ["mark", "is", "twenty-one"]
    assert {word.sentence for word in text.words} == {0}
    assert [word.break_after for word in text.words] == ["", "", "major"]


# --- evaluation ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor.load()


def learner(name: str, mark: float) -> Utterance:
    """Return a demonstration recording that experts marked."""
    lexicon = Lexicon.load()
    words = []
    for word in ReferenceText.parse(TEXT).words:
        phones = lexicon.pronunciations(word.spoken)[0]
        words.append(MarkedWord(word.spoken.upper(), phones, (mark,) * len(phones), 5 * mark, 10.0, 5 * mark))
    marks = Marks(5 * mark, 5 * mark, 5 * mark, 5 * mark, tuple(words))
    return Utterance(name, "mini", name, resource("demo", f"{name}.flac"), TEXT.upper(), marks)


@pytest.fixture(scope="module")
def corpus() -> list[Utterance]:
    return [learner("well_read", 2.0), learner("with_mistakes", 1.0)]


@pytest.fixture(scope="module")
def comparison(assessor: Assessor, corpus: list[Utterance]) -> Comparison:
    return list(evaluate(assessor, corpus))[-1]


def test_every_phone_word_and_utterance_is_compared(comparison: Comparison, corpus: list[Utterance]) -> None:
    assert comparison.skipped == []
    assert corpus[0].marks is not None
    phones = sum(len(word.phones) for word in corpus[0].marks.words)
    counts = {key: len(scores) for key, (scores, _) in comparison.pairs.items()}
    assert counts["phone", "accuracy"] == 2 * phones
    assert counts["word", "accuracy"] == counts["word", "total"] == 28
    assert counts["word", "stress"] == 27  # one word was left out: it has no stress
    assert {counts["utterance", aspect] for aspect in UTTERANCE_ASPECTS} == {2}


def test_phones_of_a_left_out_word_score_nothing(
    comparison: Comparison, assessor: Assessor, corpus: list[Utterance]
) -> None:
    result: Assessment = assessor.assess(Recording.open(corpus[1].audio), TEXT)
    assert [word.text for word in result.words if word.error is ErrorType.OMISSION] == ["old"]
    scores, _ = comparison.pairs["phone", "accuracy"]
    assert scores.count(0.0) >= 3


def test_better_recordings_score_higher(comparison: Comparison) -> None:
    for level, aspect in (("utterance", "accuracy"), ("utterance", "total"), ("word", "accuracy")):
        agreement = comparison.agreement(level, aspect)
        assert agreement is not None
        assert agreement.pcc > 0


def test_progress_is_shown_after_each_recording(assessor: Assessor, corpus: list[Utterance]) -> None:
    steps = evaluate(assessor, corpus)
    counts = [len(comparison.pairs["utterance", "total"][0]) for comparison in steps]
    assert counts == [1, 2]


def test_recordings_that_cannot_be_assessed_are_left_out_with_the_reason(
    assessor: Assessor, corpus: list[Utterance], tmp_path: Path
) -> None:
    silent = write(tmp_path / "silent.wav", np.zeros(2 * RATE, np.float32))
    bad = [
        replace(corpus[0], id="missing", audio=tmp_path / "missing.wav"),
        replace(corpus[0], id="silent", audio=silent),
        replace(corpus[0], id="unmarked", marks=None),
    ]
    found = list(evaluate(assessor, [*bad, corpus[0]]))[-1]
    assert [line.split(":")[0] for line in found.skipped] == ["missing", "silent"]
    assert len(found.pairs["utterance", "total"][0]) == 1


def test_a_corpus_without_marks_is_an_error(assessor: Assessor, corpus: list[Utterance]) -> None:
    with pytest.raises(CorpusError, match="no experts' marks"):
        list(evaluate(assessor, [replace(corpus[0], marks=None)]))


def test_aspects_are_those_of_the_marks() -> None:
    assert set(WORD_ASPECTS) <= set(MarkedWord.__dataclass_fields__)
    assert set(UTTERANCE_ASPECTS) <= set(Marks.__dataclass_fields__)
