"""First alignments come from pocketsphinx: plausible, resumable, with the experts' phones."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assessment.audio import Recording
from assessment.engine import Assessor
from assessment.lexicon import Lexicon
from assessment.phones import PHONES
from assessment.resources import resource
from assessment.training.bootstrap import SphinxAligner, bootstrap, reference_words
from assessment.training.corpora import Utterance
from assessment.training.frames import FrameAlignment, read_alignments
from tests.assessment.audio_samples import RATE, write
from tests.assessment.training.miniature import marks


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Utterance:
    """The demonstration's well-read sentence."""
    folder = resource("demo")
    entry = tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))["recordings"][0]
    return Utterance("well", "mini", "s", folder / entry["file"], entry["text"])


@pytest.fixture(scope="module")
def aligned(reading: Utterance, tmp_path_factory: pytest.TempPathFactory) -> FrameAlignment:
    path = tmp_path_factory.mktemp("bootstrap") / "alignments.jsonl"
    bootstrap([reading], path)
    return read_alignments(path)["mini", "well"]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


# --- alignments ---------------------------------------------------------------------------------


def test_every_word_is_aligned_with_one_of_its_pronunciations(
    aligned: FrameAlignment, reading: Utterance, lexicon: Lexicon
) -> None:
    words = reference_words(reading, lexicon)
    for number, variants in enumerate(words):
        said = tuple(
            phone for phone, word in zip(aligned.phones, aligned.words, strict=True) if word == number
        )
        assert said in variants
    assert aligned.words[-1] == len(words) - 1


def test_phones_follow_each_other_within_the_recording(aligned: FrameAlignment) -> None:
    first, last = np.array(aligned.first), np.array(aligned.last)
    assert (first < last).all()
    assert (last[:-1] <= first[1:]).all()
    assert first[0] >= 0
    assert last[-1] <= 518


def test_words_are_where_the_shipped_model_finds_them(aligned: FrameAlignment, reading: Utterance) -> None:
    found = Assessor.load().assess(Recording.open(reading.audio), reading.text).words
    begins = [aligned.first[aligned.words.index(number)] / 100 for number in range(len(found))]
    differences = np.abs(np.array(begins) - [word.start for word in found])
    assert np.median(differences) < 0.05
    assert (differences < 0.1).mean() > 0.8


# --- pronunciations -----------------------------------------------------------------------------


def test_words_have_all_their_pronunciations_without_stress_and_repetition(lexicon: Lexicon) -> None:
    (variants,) = reference_words(Utterance("u", "mini", "s", Path(), "either"), lexicon)
    assert {("IY", "DH", "ER"), ("AY", "DH", "ER")} <= set(variants)
    assert len(set(variants)) == len(variants)
    assert {phone for variant in variants for phone in variant} <= set(PHONES)


def test_marked_words_have_the_experts_pronunciation_only(lexicon: Lexicon) -> None:
    marked = Utterance("u", "mini", "s", Path(), "quite different", marks(["cat", "keen"]))
    assert reference_words(marked, lexicon) == [(("K", "AE", "T"),), (("K", "IY", "N"),)]


def test_a_word_may_have_other_pronunciations_in_the_next_recording(reading: Utterance) -> None:
    aligner, words = SphinxAligner(), [(("T", "EH", "S", "T"),)]
    for pronunciation in ((("AA", "N"),), (("AO", "N"), ("AA", "N"))):
        found = aligner.align(reading.audio, [pronunciation, *words])
        assert found is not None
        assert [phone for phone, *_ in found][1:] == ["N", "T", "EH", "S", "T"]


# --- many recordings ----------------------------------------------------------------------------


@pytest.fixture
def three(reading: Utterance) -> list[Utterance]:
    return [replace(reading, id=name) for name in ("one", "two", "three")]


def names(path: Path) -> list[str]:
    return [name for _, name in read_alignments(path)]


def test_only_recordings_without_alignment_are_aligned(three: Sequence[Utterance], tmp_path: Path) -> None:
    path = tmp_path / "alignments.jsonl"
    bootstrap(three[:1], path)
    before = path.read_bytes()
    bootstrap(three, path, processes=2)
    assert path.read_bytes().startswith(before)
    assert sorted(names(path)) == ["one", "three", "two"]


def test_recordings_that_cannot_be_aligned_are_left_out(reading: Utterance, tmp_path: Path) -> None:
    click = write(tmp_path / "click.wav", np.zeros(RATE // 20, np.float32), subtype="PCM_16")
    bad = [
        replace(reading, id="too short", audio=click),
        replace(reading, id="not English", text="猫"),
        replace(reading, id="missing", audio=tmp_path / "missing.wav"),
    ]
    path = tmp_path / "alignments.jsonl"
    bootstrap([*bad, reading], path)
    assert names(path) == ["well"]
