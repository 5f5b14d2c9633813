"""Dataclasses from plain data: what fits comes back, what does not is refused by name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import ExchangeError
from assessment.plain_data import read_record


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True)
class Part:
    name: str
    weight: float

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError("weighs less than nothing")


@dataclass(frozen=True)
class Whole:
    size: Size
    count: int
    is_new: bool
    parts: tuple[Part, ...]
    spare: Part | None = None
    note: str | None = None


parts = st.builds(Part, st.text(st.characters(codec="utf-8")), st.floats(0, 1e6))
wholes = st.builds(
    Whole,
    st.sampled_from(Size),
    st.integers(),
    st.booleans(),
    st.lists(parts, max_size=3).map(tuple),
    st.none() | parts,
    st.none() | st.text(st.characters(codec="utf-8")),
)
GOOD: dict[str, Any] = asdict(Whole(Size.SMALL, 2, True, (Part("wheel", 1.5),)))


@given(wholes)
def test_plain_data_comes_back(whole: Whole) -> None:
    assert read_record(Whole, asdict(whole)) == whole


def test_whole_numbers_are_read_as_decimals_where_one_is_wanted() -> None:
    part = read_record(Part, {"name": "wheel", "weight": 2})
    assert (part.weight, type(part.weight)) == (2.0, float)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": "huge"}, "size cannot be 'huge'"),
        ({"count": 1.0}, "count is not a whole number"),
        ({"count": True}, "count is not a whole number"),
        ({"is_new": 1}, "is_new is neither true nor false"),
        ({"parts": "wheel"}, "parts is not a list"),
        ({"parts": [3]}, r"parts\[0\] is not an object"),
        ({"parts": [{"name": "wheel"}]}, r"parts\[0\].weight is missing"),
        ({"parts": [{"name": "wheel", "weight": -1.0}]}, r"parts\[0\] weighs less than nothing"),
        ({"spare": {"name": 3, "weight": 1.0}}, "spare.name is not a text"),
        ({"note": "\ud83d"}, "note cannot be"),
        ({"colour": "red"}, "colour is unknown"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ExchangeError, match=message):
        read_record(Whole, {**GOOD, **change})


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 10**400, "1.5", False])
def test_what_is_no_number_is_refused(weight: Any) -> None:
    with pytest.raises(ExchangeError, match="weight is not a"):
        read_record(Part, {"name": "wheel", "weight": weight})


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_what_is_no_object_is_refused(data: Any) -> None:
    with pytest.raises(ExchangeError, match="is not an object"):
        read_record(Part, data)
