"""The formats in which an assessment leaves the program: one module each, listed in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from assessment.exchange.azure_json import azure_json
from assessment.exchange.csv import assessment_csv
from assessment.exchange.textgrid import assessment_textgrid
from assessment.results import Assessment

FORMATS: Mapping[str, Callable[[Assessment], str]] = MappingProxyType(
    {
        "json": Assessment.to_json,
        "azure": azure_json,
        "csv": assessment_csv,
        "textgrid": assessment_textgrid,
    }
)
"""What turns an assessment into the text of a file, by the name of the format."""

__all__ = ["FORMATS"]
