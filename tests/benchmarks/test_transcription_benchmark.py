"""The benchmark of speech to text counts errors rightly, and runs on very little data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.transcription import compared, main, spelling, word_errors

sentences = st.lists(st.sampled_from(["we", "will", "walk", "to"]), max_size=7)


@given(sentences)
def test_a_sentence_has_no_errors_beside_itself(words: list[str]) -> None:
    assert word_errors(words, words) == 0


@given(sentences, sentences)
def test_errors_are_symmetric_and_bounded(one: list[str], two: list[str]) -> None:
    errors = word_errors(one, two)
    assert errors == word_errors(two, one)
    assert abs(len(one) - len(two)) <= errors <= max(len(one), len(two))


def test_substitutions_deletions_and_insertions_count_once_each() -> None:
    assert compared("we will walk along the river", "You will along the big river") == (3, 6)


def test_numbers_and_spellings_count_as_one() -> None:
    assert compared(
        "TWENTY FIVE GREY NEIGHBOURS TRAVELLED TOWARDS ANY ONE", "25 gray neighbors traveled toward anyone."
    ) == (
        0,
        7,
    )


@pytest.mark.parametrize(
    "word", ["hour", "four", "rise", "wise", "prince", "our", "tour", "promise", "hence"]
)
def test_words_that_only_look_like_another_spelling_stay(word: str) -> None:
    assert spelling(word) == word


def test_it_runs_on_very_little_data(corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--corpora", str(corpora), "--limit", "2", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["recordings"] == 2
    assert 0.0 <= figures["word_error_rate"] < 1.0
    assert figures["relative"] > 0.0
