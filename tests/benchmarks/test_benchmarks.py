"""The benchmarks run on very little data, print their figures, and their arithmetic is right."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks import alignment, bad_audio, speed, wrong_text

needs_flite = pytest.mark.skipif(
    shutil.which("flite") is None, reason="needs flite: install your system's package of that name"
)

Run = Callable[[Callable[[Sequence[str]], int], Sequence[object]], Any]


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a benchmark and return the JSON that it prints."""

    def run(benchmark: Callable[[Sequence[str]], int], arguments: Sequence[object]) -> Any:
        code = benchmark([*map(str, arguments), "--json"])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        return json.loads(printed.out)

    return run


# --- alignment ----------------------------------------------------------------------------------


@needs_flite
def test_phones_of_synthetic_speech_are_found_within_25_ms_on_average(figures: Run) -> None:
    found = figures(alignment.main, ["--sentences", 2])
    assert found["sentences"] == 2
    assert list(found["voices"]) == list(alignment.VOICES)
    assert found["total"]["phones"] == sum(voice["phones"] for voice in found["voices"].values()) > 100
    assert found["total"]["mae_ms"] < 25
    assert found["total"]["within_25_ms"] <= found["total"]["within_50_ms"] <= 1


def test_what_flite_prints_is_read_as_phrases_between_pauses() -> None:
    printed = "pau:0.159 sh:0.297 iy:0.395 pau:0.420 dh:0.475 ax:0.512 pau:0.7 \n"
    assert alignment.parse_phrases(printed) == [[("SH", 0.159), ("IY", 0.297)], [("DH", 0.42), ("AH", 0.475)]]


def test_sentences_are_various_and_of_6_to_14_words() -> None:
    sentences = alignment.SENTENCES.read_text(encoding="utf-8").splitlines()
    assert len(set(sentences)) == len(sentences) >= 100
    assert all(6 <= len(sentence.split()) <= 14 for sentence in sentences)


def test_missing_flite_is_an_error_of_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert alignment.main([]) == 2
    assert "flite is not installed" in capsys.readouterr().err


@given(
    st.lists(st.floats(-500, 500), min_size=1, max_size=50).map(np.array),
    st.floats(-100, 100),
)
def test_figures_without_offset_do_not_depend_on_a_constant_error(
    errors: np.ndarray, constant: float
) -> None:
    before, after = alignment.statistics(errors), alignment.statistics(errors + constant)
    assert after["offset_ms"] == pytest.approx(before["offset_ms"] + constant, abs=0.02)
    assert after["without_offset"]["mae_ms"] == pytest.approx(before["without_offset"]["mae_ms"], abs=0.02)


def test_errors_are_summarised_in_ms() -> None:
    found = alignment.statistics(np.array([10.0, -20.0, 40.0, 90.0]))
    assert found == {
        "phones": 4,
        "mae_ms": 40.0,
        "within_25_ms": 0.5,
        "within_50_ms": 0.75,
        "offset_ms": 30.0,
        "without_offset": {"mae_ms": 35.0, "within_25_ms": 0.5, "within_50_ms": 0.75},
    }


# --- speed --------------------------------------------------------------------------------------


def test_speed_is_measured_beside_pocketsphinx_and_by_length(figures: Run, corpora: Path) -> None:
    found = figures(speed.main, ["--corpora", corpora, "--files", 4, "--rounds", 1, "--lengths", 20, 10])
    assert found["load"].keys() == {"import_seconds", "load_seconds"}
    assert [round(row["audio_seconds"], -1) for row in found["lengths"]] == [10, 20]
    for row in found["lengths"]:
        assert row["relative"] == pytest.approx(row["seconds"] / row["audio_seconds"])
        assert row["peak_megabytes"] > 30
    beside = found["side_by_side"]
    assert beside["files"] + beside["left_out"] == 4
    total = beside["total"]
    assert total["ratio"] == pytest.approx(total["elocute"] / total["pocketsphinx"])
    assert total["audio_seconds"] == pytest.approx(
        sum(each["audio_seconds"] for each in beside["corpora"].values()), abs=0.2
    )


# --- wrong text ---------------------------------------------------------------------------------


def test_right_texts_score_above_wrong_ones(figures: Run, corpora: Path) -> None:
    found = figures(wrong_text.main, ["--corpora", corpora, "--recordings", 8])
    assert found["recordings"] == 8
    assert found["auc"] > 0.95
    for kind in found["kinds"].values():
        assert kind["recordings"] == 4
        for text in ("own", "wrong"):
            assert 0 <= kind[text]["p5"] <= kind[text]["p50"] <= kind[text]["p95"] <= 100
        assert kind["own"]["refused"] == 0
    assert all(row["own_text"] != row["wrong_text"] for row in found["best_wrong"])


def test_benchmark_without_corpora_is_an_error_of_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ELOCUTE_CORPORA", raising=False)
    assert speed.main([]) == 2
    assert "--corpora" in capsys.readouterr().err


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_area_under_the_curve_is_the_chance_that_a_right_one_scores_higher(
    right: list[int], other: list[int]
) -> None:
    wins = sum((one > two) + 0.5 * (one == two) for one in right for two in other)
    assert wrong_text.area_under_curve(right, other) == pytest.approx(wins / len(right) / len(other))


def test_other_text_is_the_closest_in_length_and_different() -> None:
    draw = random.Random(0)
    texts = ["go home", "stay there", "stay away", "we like to stay here"]
    assert wrong_text.similar_length("stay away", texts, draw) == "stay there"


# --- bad audio ----------------------------------------------------------------------------------


def test_bad_audio_is_refused_or_scores_low(figures: Run) -> None:
    found = {row["name"]: row for row in figures(bad_audio.main, [])["recordings"]}
    speech = found.pop("speech")
    assert speech["accuracy"] > 60
    assert len(found) >= 9
    for row in found.values():
        assert row["refused"] or row["accuracy"] < 40


def test_shuffled_speech_has_the_samples_of_the_speech_in_another_order() -> None:
    speech = np.arange(20_000.0)
    mixed = bad_audio.shuffled(speech, np.random.default_rng(0))
    assert not np.array_equal(mixed, speech)
    np.testing.assert_array_equal(np.sort(mixed), speech)
