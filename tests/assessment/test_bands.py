"""Bands: what scores mean, in the words of the rubric."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.bands import BANDS, band

aspects = st.sampled_from(sorted(BANDS))


@pytest.mark.parametrize(
    ("aspect", "score", "name"),
    [
        ("accuracy", 100.0, "clear"),
        ("accuracy", 85.0, "clear"),
        ("accuracy", 84.9, "clear, with an accent"),
        ("overall", 50.0, "partly unclear"),
        ("overall", 0.0, "hardly recognisable"),
        ("fluency", 80.0, "fluent"),
        ("fluency", 40.0, "many breaks"),
        ("prosody", 90.0, "natural"),
        ("completeness", 99.9, "nearly every word"),
        ("word", 59.9, "partly unclear"),
    ],
)
def test_a_score_is_put_into_the_words_of_its_band(aspect: str, score: float, name: str) -> None:
    assert band(aspect, score).name == name


@given(aspects, st.floats(0, 100), st.floats(0, 100))
def test_a_better_score_is_never_in_a_worse_band(aspect: str, one: float, two: float) -> None:
    assert band(aspect, max(one, two)).level <= band(aspect, min(one, two)).level


@given(aspects)
def test_bands_reach_from_100_to_0_and_differ_in_name_and_description(aspect: str) -> None:
    bands = BANDS[aspect]
    assert [each.level for each in bands] == list(range(len(bands)))
    assert all(better.lower > worse.lower for better, worse in pairwise(bands))
    assert bands[-1].lower == 0.0
    assert bands[0].lower <= 100.0
    for words in ("name", "description"):
        assert len({getattr(each, words) for each in bands}) == len(bands)


def test_an_unknown_aspect_has_no_bands() -> None:
    with pytest.raises(KeyError):
        band("melody", 50.0)
