"""What an assessment promises: lossless JSON, and a clear refusal of anything else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import ExchangeError
from assessment.results import NO_PHONE, Assessment, Syllable, Verdict
from tests.assessment import examples
from tests.assessment.examples import a_phone

OTHER_TYPES: list[Any] = [None, True, 3, "text", [], {}]


def fields(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to every field of the objects in `data`."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        if isinstance(data, dict):
            yield (*path, key)
        yield from fields(value, (*path, key))


def holder(data: Any, path: tuple[Any, ...]) -> Any:
    """Return the object that holds the field at `path`."""
    for key in path[:-1]:
        data = data[key]
    return data


PITCH = {f"pitch_{measure}" for measure in ("median", "range", "deviation", "slope")}
OPTIONAL_NUMBERS = {"stress", "total", "snr_db", "completeness", "final_slope", "vowel_variability"} | PITCH
OPTIONAL_SCORES = {("scores", "fluency"), ("scores", "prosody")}
OPTIONAL_OBJECTS = {"lexical_stress", "break_before"}


def is_same_kind(value: Any, other: Any, path: tuple[Any, ...]) -> bool:
    """Tell whether `other` is an allowed type where `value` stands."""
    if path[-1] in OPTIONAL_OBJECTS:
        return other is None or isinstance(other, dict)
    if path[-1] in OPTIONAL_NUMBERS or path[-2:] in OPTIONAL_SCORES:
        return other is None or is_number(other)
    return is_number(other) if is_number(value) else type(value) is type(other)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


READINGS = [reading.to_json() for reading in examples.readings()]
FIELDS = [(text, path) for text in READINGS for path in fields(json.loads(text))]


@given(examples.assessments(), st.sampled_from([None, 2]))
def test_json_is_lossless(assessment: Assessment, indent: int | None) -> None:
    assert Assessment.from_json(assessment.to_json(indent)) == assessment


@pytest.mark.parametrize("reading", examples.readings())
def test_plain_data_is_lossless(reading: Assessment) -> None:
    assert Assessment.from_dict(reading.to_dict()) == reading


def test_whole_numbers_of_other_programs_are_read_as_decimals() -> None:
    data = json.loads(examples.good_reading().to_json())
    data["scores"]["accuracy"] = 92
    accuracy = Assessment.from_dict(data).scores.accuracy
    assert (accuracy, type(accuracy)) == (92.0, float)


@given(st.sampled_from(FIELDS))
def test_a_missing_field_is_refused(field: tuple[str, tuple[Any, ...]]) -> None:
    text, path = field
    data = json.loads(text)
    del holder(data, path)[path[-1]]
    with pytest.raises(ExchangeError, match=str(path[-1])):
        Assessment.from_json(json.dumps(data))


@given(st.sampled_from(FIELDS), st.sampled_from(OTHER_TYPES))
def test_a_field_of_another_type_is_refused(field: tuple[str, tuple[Any, ...]], value: Any) -> None:
    text, path = field
    data = json.loads(text)
    target = holder(data, path)
    if is_same_kind(target[path[-1]], value, path):
        return
    target[path[-1]] = value
    with pytest.raises(ExchangeError):
        Assessment.from_json(json.dumps(data))


@given(st.sampled_from([path for path in FIELDS if len(path[1]) > 1]))
def test_an_unknown_field_is_refused(field: tuple[str, tuple[Any, ...]]) -> None:
    text, path = field
    data = json.loads(text)
    holder(data, path)["colour"] = "red"
    with pytest.raises(ExchangeError, match="colour is unknown"):
        Assessment.from_json(json.dumps(data))


@given(st.integers(0, len(READINGS[0]) - 1))
def test_a_cut_file_is_refused(length: int) -> None:
    with pytest.raises(ExchangeError):
        Assessment.from_json(READINGS[0][:length])


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_other_json_is_refused(data: Any) -> None:
    with pytest.raises(ExchangeError):
        Assessment.from_json(json.dumps(data))


@given(st.text())
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ExchangeError):
        Assessment.from_json(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400, "9" * 5000])
def test_numbers_that_are_no_measurements_are_refused(number: str) -> None:
    text = READINGS[0].replace('"duration": 2.5', f'"duration": {number}')
    with pytest.raises(ExchangeError):
        Assessment.from_json(text)


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(ExchangeError):
        Assessment.from_json("[" * 200_000)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ExchangeError, match="text"):
        Assessment.from_json(READINGS[0].replace('"text": "Mark is', r'"text": "\ud83d is'))


def test_a_newer_format_is_refused_with_the_way_out() -> None:
    with pytest.raises(ExchangeError, match=r"version 2,.*update Elocute"):
        Assessment.from_dict({**examples.good_reading().to_dict(), "version": 2})


def test_the_message_names_the_damaged_field() -> None:
    data = json.loads(READINGS[0])
    data["words"][2]["syllables"][1]["phones"][0]["score"] = "good"
    field = re.escape("words[2].syllables[1].phones[0].score is not a number")
    with pytest.raises(ExchangeError, match=field):
        Assessment.from_dict(data)


def test_a_syllable_has_phones() -> None:
    with pytest.raises(ValueError, match="without phones"):
        Syllable((), 50.0)
    data = json.loads(READINGS[0])
    data["words"][0]["syllables"][0]["phones"] = []
    with pytest.raises(ExchangeError, match=r"words\[0\]\.syllables\[0\]"):
        Assessment.from_dict(data)


def test_a_word_knows_its_phones_and_a_syllable_its_time() -> None:
    elephant = examples.good_reading().words[-1]
    assert " ".join(phone.symbol for phone in elephant.phones) == "EH1 L AH0 F AH0 N T"
    assert (elephant.syllables[0].start, elephant.syllables[-1].end) == (elephant.start, elephant.end)


# --- what was heard -----------------------------------------------------------------------------


def test_nothing_else_is_said_to_be_heard_in_place_of_a_right_phone() -> None:
    assert a_phone("S", Verdict.RIGHT, "SH", "S").heard_instead is None


@pytest.mark.parametrize("verdict", [Verdict.NEARLY, Verdict.WRONG])
def test_what_leads_is_said_to_be_heard_in_place_of_another_phone(verdict: Verdict) -> None:
    assert a_phone("S", verdict, "SH", "S").heard_instead == "SH"
    assert a_phone("AA1", verdict, "AO", "AA").heard_instead == "AO"
    assert a_phone("T", verdict, NO_PHONE, "T").heard_instead == NO_PHONE


def test_nothing_is_said_to_be_heard_where_the_expected_phone_leads() -> None:
    assert a_phone("S", Verdict.WRONG).heard_instead is None
    assert a_phone("S", Verdict.WRONG, "S", "SH").heard_instead is None
