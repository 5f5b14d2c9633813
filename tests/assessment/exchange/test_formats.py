"""The list of formats in which an assessment leaves the program."""

from __future__ import annotations

import json

from hypothesis import given

from assessment.exchange import FORMATS
from assessment.exchange.textgrid import read_textgrid
from assessment.results import Assessment
from tests.assessment import examples


def test_the_formats_have_their_names() -> None:
    assert set(FORMATS) == {"json", "azure", "csv", "textgrid"}


@given(examples.assessments())
def test_every_valid_assessment_can_leave_in_every_format(assessment: Assessment) -> None:
    texts = {name: write(assessment) for name, write in FORMATS.items()}
    assert Assessment.from_json(texts["json"]) == assessment
    assert len(json.loads(texts["azure"])["NBest"][0]["Words"]) == len(assessment.words)
    assert texts["csv"].startswith("text,duration,")
    assert read_textgrid(texts["textgrid"]).end == assessment.duration
