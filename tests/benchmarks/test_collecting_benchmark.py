"""The benchmark `collecting`, with a few short recordings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assessment.audio import SAMPLE_RATE, Recording
from assessment.resources import resource
from tests.benchmarks import collecting

RECORDINGS = 14


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of short recordings, each louder than the one before."""
    said = Recording.open(resource("demo", "well_read.flac")).samples[: 2 * SAMPLE_RATE]
    lines = ["id\taudio\tspeaker\ttext"]
    for number in range(RECORDINGS):
        soundfile.write(tmp_path / f"{number}.wav", said * np.float32(0.5 + number / 40), SAMPLE_RATE)
        lines.append(f"{number:02}\t{number}.wav\t{number % 2}\tON THURSDAY WE WILL WALK")
    (tmp_path / "manifest.tsv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_both_numbers_of_processes_are_timed_and_a_kill_costs_nothing(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--corpus", str(corpus), "--recordings", str(RECORDINGS), "--timed", "9", "--rounds", "1"]
    assert collecting.main([*arguments, "--kill", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    (turn,) = figures["turns"]
    assert turn["recordings"] == 9
    assert figures["ratio"] == turn["ratio"] == turn["per_second"][1] / turn["per_second"][0] > 0.0
    killed = figures["killed"]
    assert RECORDINGS // 2 <= killed["kept_before"] < killed["kept_after"] == RECORDINGS
    assert (killed["lost"], killed["repeated"]) == (0, 0)
    assert [each.partition(":")[0] for each in killed["failed"]] == ["line 16", "line 17", "line 18"]
    lines = list(collecting.describe(figures))
    assert f"{RECORDINGS} kept, 0 lost, 0 repeated" in lines[3]


def test_too_few_recordings_are_refused(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert collecting.main(["--corpus", str(corpus), "--recordings", "8"]) == 2
    assert "Give more than 8" in capsys.readouterr().err
