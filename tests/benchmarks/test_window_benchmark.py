"""The benchmark `window`, once."""

from __future__ import annotations

import json

import pytest

from tests.benchmarks import window


@pytest.mark.timeout(300)
def test_the_moments_of_a_start_are_told_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert window.main(["--rounds", "1", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == set(window.MOMENTS)
    assert 0.0 < figures["visible"]["median"] <= figures["ready"]["median"]
    assert figures["scored"]["median"] > 0.0
