"""Scores are compared with the experts' phone by phone and word by word, and experts with each other."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.audio import Recording
from assessment.engine import Assessor
from assessment.errors import CorpusError
from assessment.lexicon import Lexicon
from assessment.resources import resource
from assessment.results import Assessment, ErrorType
from assessment.text import ReferenceText
from assessment.training.corpora import MarkedWord, Marks, Utterance
from assessment.training.evaluation import (
    ASPECTS,
    PHONES,
    UTTERANCE_ASPECTS,
    WORD_ASPECTS,
    Comparison,
    ceilings,
    evaluate,
    marked_text,
    phone_ceiling,
    single_raters,
)
from tests.assessment.audio_samples import RATE, write

TEXT = "On Thursday we will walk along the river and visit my brother's old library."

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


def test_wrong_phones_are_looked_for_among_the_phones() -> None:
    comparison = Comparison()
    assert comparison.detection() is None
    for score, mark in ((10.0, 0.0), (60.0, 0.8), (55.0, 1.0), (90.0, 2.0)):
        comparison.add("phone", "accuracy", score, mark)
    found = comparison.detection()
    assert found is not None
    assert (found.wrong, found.count, found.auc) == (2, 4, 0.75)
    assert (found.best.threshold, found.best.count) == (pytest.approx(75.0), 3)


def test_text_of_marked_words_is_one_sentence_of_them() -> None:
    text = marked_text(["MARK", "IS", "TWENTY-ONE"])
    assert text.text == "MARK IS TWENTY-ONE"
    assert [text.display(word) for word in text.words] == ["MARK", "IS", "TWENTY-ONE"]
    assert [word.spoken for word in text.words] == ["mark", "is", "twenty-one"]
    assert {word.sentence for word in text.words} == {0}
    assert [word.break_after for word in text.words] == ["", "", "major"]


# --- a single expert beside the others -----------------------------------------------------------


def test_a_single_expert_is_compared_with_the_others() -> None:
    # The third contradicts the first two, beside whom each of those sees a middle that never changes.
    first, second, third = single_raters([[0, 0, 2], [2, 2, 0]], "word")
    assert math.isnan(first.pcc)
    assert (first.mse, second.mse, third.mse) == (1.0, 1.0, 4.0)
    assert third.pcc == pytest.approx(-1.0)


@pytest.mark.parametrize(("level", "others"), [("phone", 0.5), ("word", 0.0), ("utterance", 0.0)])
def test_others_are_averaged_as_the_corpus_does(level: str, others: float) -> None:
    # A mean for phones, a median for words and sentences.
    assert single_raters([[1, 0, 0, 0, 2]], level)[0].mse == pytest.approx((1 - others) ** 2)


def rated(rows: Sequence[Sequence[float]], *, phones: bool = True) -> list[Marks]:
    """Return sentences of one word of one phone for which each expert gave the same mark (0-2) everywhere."""
    sentences = []
    for row in rows:
        tens = {aspect: tuple(5 * mark for mark in row) for aspect in ("accuracy", "stress", "total")}
        mean = sum(row) / len(row)
        alone = ((*row,),) if phones else ()
        word = MarkedWord("A", ("AH0",), (mean,), 5 * mean, 5 * mean, 5 * mean, tens, alone)
        whole = dict.fromkeys(UTTERANCE_ASPECTS, tens["total"])
        sentences.append(Marks(5 * mean, 5 * mean, 5 * mean, 5 * mean, (word,), whole))
    return sentences


def test_the_ceiling_is_the_mean_over_the_experts_on_the_scale_of_phones() -> None:
    found = ceilings(rated([[0, 0, 2], [2, 2, 0]]))
    assert found.keys() == set(ASPECTS)
    for aspect in ASPECTS:
        assert found[aspect].known
        assert found[aspect].low.pcc == pytest.approx(-1.0)  # the two that see no change have none
        assert found[aspect].low.mse == pytest.approx(2.0)
        assert found[aspect].low.count == 2
    assert found["word", "total"].to_dict() == {"pcc": -1.0, "scc": -1.0, "mse": 2.0}


def test_experts_of_one_mind_agree_fully() -> None:
    for ceiling in ceilings(rated([[mark] * 5 for mark in (0, 1, 2, 2)])).values():
        assert (ceiling.low.pcc, ceiling.low.mse) == (pytest.approx(1.0), 0.0)


def test_without_single_marks_there_is_no_ceiling() -> None:
    bare = [
        replace(sentence, raters={}, words=tuple(replace(word, raters={}) for word in sentence.words))
        for sentence in rated([[0, 1], [2, 1]], phones=False)
    ]
    assert ceilings(bare) == {}
    assert ceilings([]) == {}
    assert ceilings(rated([[2.0], [1.0]])) == {}  # one expert has nobody to agree with


def test_experts_of_different_number_are_an_error_that_says_where() -> None:
    with pytest.raises(CorpusError, match=r"2 experts in one place and of 3 in another \(phone accuracy\)"):
        ceilings(rated([[0, 1], [2, 1, 0]]))


def test_mean_marks_of_phones_leave_bounds() -> None:
    found = ceilings(rated([[2, 0, 0, 0, 0], [2, 2, 2, 2, 2], [1, 1, 1, 1, 0]], phones=False))[PHONES]
    assert not found.known
    assert found.low.pcc < found.high.pcc
    assert found.to_dict().keys() == {"low", "high"}
    # Means 0.4, 2.0, 0.8: the marks are 1 1 0 0 0 and 1 1 1 1 0 at best, 2 0 0 0 0 and 2 2 0 0 0 at worst.
    # (expert - mean of the others) squared, over five: (0.75² 2 + 0.5² 3) / 5 and so on.
    assert found.high.mse == pytest.approx((0.375 + 0.0 + 0.25) / 3)
    assert found.low.mse == pytest.approx((1.0 + 0.0 + 1.5) / 3)


tables = st.lists(st.lists(st.integers(0, 2), min_size=5, max_size=5), min_size=1, max_size=12)


@given(tables)
def test_experts_errors_are_within_the_bounds(table: list[list[int]]) -> None:
    bounds = phone_ceiling(np.mean(table, axis=1), 5)
    assert bounds is not None
    true = np.mean([one.mse for one in single_raters(table, "phone")])
    assert bounds.high.mse - 1e-9 <= true <= bounds.low.mse + 1e-9


@pytest.mark.parametrize("means", [[], [0.5, 2.0], [1.99]])
def test_means_that_five_experts_cannot_give_leave_none(means: list[float]) -> None:
    assert phone_ceiling(means, 5) is None


def test_means_that_only_one_set_of_marks_gives_leave_one_figure() -> None:
    bounds = phone_ceiling([2.0, 1.8, 0.2, 0.0], 5)
    assert bounds is not None
    assert bounds.known


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
    assert counts["word", "stress"] == 28
    assert {counts["utterance", aspect] for aspect in UTTERANCE_ASPECTS} == {2}


def test_words_that_were_left_out_are_compared_with_their_marks_too(
    comparison: Comparison, assessor: Assessor, corpus: list[Utterance]
) -> None:
    result: Assessment = assessor.assess(Recording.open(corpus[1].audio), TEXT)
    gone = [number for number, word in enumerate(result.words) if word.error is ErrorType.OMISSION]
    assert [result.words[number].text for number in gone] == ["old"]
    scores, _ = comparison.pairs["word", "accuracy"]
    assert scores[14 + gone[0]] == min(scores)


def test_better_recordings_score_higher(comparison: Comparison) -> None:
    for level, aspect in (("utterance", "accuracy"), ("utterance", "total"), ("word", "accuracy")):
        agreement = comparison.agreement(level, aspect)
        assert agreement is not None
        assert agreement.pcc > 0


def test_experts_are_compared_with_each_other_where_the_corpus_lets_us(
    comparison: Comparison, assessor: Assessor, corpus: list[Utterance]
) -> None:
    assert comparison.ceilings == {}
    assert corpus[0].marks is not None
    marks = replace(corpus[0].marks, raters={"total": (9.0, 10.0, 8.0)})
    found = next(evaluate(assessor, [replace(corpus[0], marks=marks)]))
    assert found.ceilings.keys() == {("utterance", "total"), PHONES}


def test_progress_is_shown_after_each_recording(assessor: Assessor, corpus: list[Utterance]) -> None:
    steps = evaluate(assessor, corpus)
    counts = [len(comparison.pairs["utterance", "total"][0]) for comparison in steps]
    assert counts == [1, 2]


def test_recordings_that_cannot_be_assessed_are_left_out_with_the_reason(
    assessor: Assessor, corpus: list[Utterance], tmp_path: Path
) -> None:
    short = write(tmp_path / "short.wav", np.zeros(RATE // 20, np.float32))
    bad = [
        replace(corpus[0], id="missing", audio=tmp_path / "missing.wav"),
        replace(corpus[0], id="short", audio=short),
        replace(corpus[0], id="unmarked", marks=None),
    ]
    found = list(evaluate(assessor, [*bad, corpus[0]]))[-1]
    assert [line.split(":")[0] for line in found.skipped] == ["missing", "short"]
    assert len(found.pairs["utterance", "total"][0]) == 1


def test_a_corpus_without_marks_is_an_error(assessor: Assessor, corpus: list[Utterance]) -> None:
    with pytest.raises(CorpusError, match="no experts' marks"):
        list(evaluate(assessor, [replace(corpus[0], marks=None)]))


def test_aspects_are_those_of_the_marks() -> None:
    assert set(WORD_ASPECTS) <= set(MarkedWord.__dataclass_fields__)
    assert set(UTTERANCE_ASPECTS) <= set(Marks.__dataclass_fields__)
