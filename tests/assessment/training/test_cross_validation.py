"""Out-of-fold predictions are kept without loss, and summarised as their definitions say."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.errors import CorpusError
from assessment.training.corpora import MarkedWord, Marks, Utterance
from assessment.training.cross_validation import (
    REPORT_COLUMNS,
    Summary,
    card_section,
    detection_lines,
    report_table,
    summarise,
)
from assessment.training.evaluation import ASPECTS, PHONES
from assessment.training.predictions import Prediction, load_predictions, save_predictions

Change = Callable[[Prediction], Prediction]

SPEAKERS = 10
FOLDS = 5
# A recording of each speaker; the speaker's fold is the number modulo `FOLDS`.
STEP = 1 / 65535


def recording(number: int, *, experts: int = 0) -> Utterance:
    """Return a sentence of two words, of two phones and one, whose marks are between 0.4 and 0.6 of full."""
    draw = np.random.default_rng(number)

    def word(phones: tuple[str, ...]) -> MarkedWord:
        marks = tuple(draw.uniform(0.8, 1.2, len(phones)).tolist())
        accuracy, stress, total = draw.uniform(4, 6, 3).tolist()
        raters = {"accuracy": tuple(draw.uniform(4, 6, experts).tolist())} if experts else {}
        return MarkedWord("a", phones, marks, accuracy, stress, total, raters)

    words = (word(("AH0", "T")), word(("S",)))
    return Utterance(
        f"u{number}", "mini", f"s{number}", Path("none"), "a a", Marks(*draw.uniform(4, 6, 4), words)
    )


def perfect(utterance: Utterance, seed: int = 0) -> Prediction:
    """Return the prediction that equals the marks."""
    assert utterance.marks is not None
    words = utterance.marks.words
    return Prediction(
        utterance.id,
        int(utterance.id[1:]) % FOLDS,
        seed,
        np.array([mark / 2 for word in words for mark in word.phone_marks], np.float32),
        np.array([[word.accuracy / 10, word.stress / 10, word.total / 10] for word in words], np.float32),
        np.array(
            [getattr(utterance.marks, name) / 10 for name in ("accuracy", "fluency", "prosody", "total")],
            np.float32,
        ),
    )


def shifted(prediction: Prediction, by: float) -> Prediction:
    """Return the prediction with all scores higher."""
    parts = {name: getattr(prediction, name) + np.float32(by) for name in ("phones", "words", "utterance")}
    return replace(prediction, **parts)


CORPUS = [recording(number) for number in range(SPEAKERS)]


# --- the file -----------------------------------------------------------------------------------

scores = st.floats(0.0, 1.0, width=32)


@st.composite
def predictions(draw: st.DrawFn) -> Prediction:
    def some(*shape: int) -> NDArray[np.float32]:
        count = int(np.prod(shape))
        return np.array(draw(st.lists(scores, min_size=count, max_size=count)), np.float32).reshape(shape)

    phones, words = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    name = draw(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8))
    return Prediction(
        name, draw(st.integers(0, 9)), draw(st.integers(0, 99)), some(phones), some(words, 3), some(4)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("predictions")


@given(st.lists(predictions(), min_size=1, max_size=5))
def test_predictions_come_back_from_their_file(folder: Path, kept: list[Prediction]) -> None:
    path = folder / "kept.npz"
    save_predictions(kept, path)
    found = load_predictions(path)
    assert [(one.utterance_id, one.fold, one.seed) for one in found] == [
        (one.utterance_id, one.fold, one.seed) for one in kept
    ]
    for one, other in zip(found, kept, strict=True):
        for name in ("phones", "words", "utterance"):
            assert getattr(one, name).dtype == np.float32
            assert getattr(one, name).shape == getattr(other, name).shape
            assert np.abs(getattr(one, name) - getattr(other, name)).max() <= STEP


def test_scores_beyond_the_scale_are_kept_at_its_end(tmp_path: Path) -> None:
    save_predictions([shifted(perfect(CORPUS[0]), 5.0)], tmp_path / "new" / "p.npz")
    assert load_predictions(tmp_path / "new" / "p.npz")[0].phones.tolist() == [1.0, 1.0, 1.0]


def test_many_predictions_make_a_small_file(tmp_path: Path) -> None:
    save_predictions(
        [perfect(utterance, seed) for utterance in CORPUS for seed in range(100)], tmp_path / "p.npz"
    )
    # 13 scores each.
    assert (tmp_path / "p.npz").stat().st_size < 1000 * 40


def test_a_missing_file_is_an_error_that_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no file of predictions .*p\.npz.*step validate"):
        load_predictions(tmp_path / "p.npz")


def saved_arrays(folder: Path) -> dict[str, Any]:
    save_predictions([perfect(utterance) for utterance in CORPUS], folder / "whole.npz")
    with np.load(folder / "whole.npz") as file:
        return dict(file)


@pytest.mark.parametrize(
    "change",
    [
        {"form": np.array(2)},
        {"folds": np.arange(3)},
        {"words": np.zeros((20, 4), np.uint16)},
        {"phones": np.zeros(29, np.uint16)},
        {"phone_counts": np.full(10, "x")},
        {"utterances": np.zeros(10, np.uint16)},
        {"ids": np.array(["u0", None], object)},
        {"seeds": None},
        {"form": None},
    ],
)
def test_a_file_of_other_contents_is_an_error_that_names_it(tmp_path: Path, change: dict[str, Any]) -> None:
    arrays = {name: array for name, array in (saved_arrays(tmp_path) | change).items() if array is not None}
    np.savez(tmp_path / "p.npz", **arrays)
    with pytest.raises(CorpusError, match=r"predictions in .*p\.npz are damaged"):
        load_predictions(tmp_path / "p.npz")


@given(st.data())
def test_a_cut_off_or_altered_file_is_read_right_or_an_error(folder: Path, data: st.DataObject) -> None:
    save_predictions([perfect(utterance) for utterance in CORPUS], folder / "whole.npz")
    whole = bytearray((folder / "whole.npz").read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        whole = whole[:place]
    else:
        whole[place] ^= data.draw(st.integers(1, 255))
    (folder / "p.npz").write_bytes(whole)
    try:
        found = load_predictions(folder / "p.npz")
    except CorpusError as problem:
        assert "p.npz" in str(problem)  # noqa: PT017
    else:
        assert len(found) == SPEAKERS


@pytest.mark.parametrize("place", [4, 6])
def test_a_file_of_another_zip_version_or_encrypted_is_an_error_or_read_right(
    folder: Path, place: int
) -> None:
    save_predictions([perfect(utterance) for utterance in CORPUS], folder / "whole.npz")
    whole = (folder / "whole.npz").read_bytes()
    central = bytearray(whole)
    central[whole.index(b"PK\x01\x02") + place + 2] ^= 0x41
    (folder / "p.npz").write_bytes(central)
    with pytest.raises(CorpusError, match="damaged"):
        load_predictions(folder / "p.npz")


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x03\x04"])
def test_a_file_that_is_none_of_ours_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.npz").write_bytes(content)
    with pytest.raises(CorpusError, match="damaged"):
        load_predictions(tmp_path / "p.npz")


def test_a_single_array_is_not_taken_for_predictions(tmp_path: Path) -> None:
    with (tmp_path / "p.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(CorpusError, match="damaged"):
        load_predictions(tmp_path / "p.npz")


def test_nothing_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no predictions"):
        save_predictions([], tmp_path / "p.npz")


def test_a_score_that_is_not_a_number_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"u0 \(fold 0, seed 0\) is not a number"):
        save_predictions([shifted(perfect(CORPUS[0]), np.nan)], tmp_path / "p.npz")


# --- figures ------------------------------------------------------------------------------------


def test_predictions_that_equal_the_marks_agree_fully() -> None:
    summary = summarise([perfect(utterance) for utterance in CORPUS], CORPUS)
    assert (summary.utterances, summary.speakers, summary.folds, summary.seeds) == (
        SPEAKERS,
        SPEAKERS,
        FOLDS,
        1,
    )
    assert list(summary.aspects) == list(ASPECTS)
    counts = {"phone": 30, "word": 20, "utterance": 10}
    for (level, _), figures in summary.aspects.items():
        assert figures.averaged.pcc == pytest.approx(1.0)
        assert figures.averaged.mse == pytest.approx(0.0, abs=1e-12)
        assert figures.averaged.count == counts[level]
        assert figures.folds.std.pcc == pytest.approx(0.0, abs=1e-6)
        assert figures.ceiling is None


def test_seeds_are_averaged_and_their_spread_is_kept() -> None:
    # One seed is 0.1 too high, the other 0.1 too low: together they are right.
    both = [
        shifted(perfect(utterance, seed), by) for utterance in CORPUS for seed, by in ((3, 0.1), (8, -0.1))
    ]
    for figures in summarise(both, CORPUS).aspects.values():
        assert figures.averaged.mse == pytest.approx(0.0, abs=1e-9)
        assert figures.seeds.mean.mse == pytest.approx(4 * 0.1**2, rel=1e-4)
        assert figures.seeds.mean.count == 2
        assert figures.seeds.std.pcc == pytest.approx(0.0, abs=1e-6)


def test_seeds_that_differ_differ_in_their_figures() -> None:
    both = [
        shifted(perfect(utterance, seed), by) for utterance in CORPUS for seed, by in ((0, 0.1), (1, 0.3))
    ]
    for figures in summarise(both, CORPUS).aspects.values():
        assert figures.averaged.mse == pytest.approx(4 * 0.2**2, rel=1e-4)
        assert figures.seeds.mean.mse == pytest.approx(4 * (0.1**2 + 0.3**2) / 2, rel=1e-4)
        assert figures.seeds.std.mse == pytest.approx(4 * (0.3**2 - 0.1**2) / 2**0.5, rel=1e-4)


def test_folds_are_summarised_one_by_one() -> None:
    # Each fold is off by a constant of its own: the correlation in each is full, all together it is not.
    off = [0.0, 0.1, 0.2, 0.3, 0.4]
    every = [shifted(perfect(utterance), off[number % FOLDS]) for number, utterance in enumerate(CORPUS)]
    errors = [4 * error**2 for error in off]
    for figures in summarise(every, CORPUS).aspects.values():
        assert figures.folds.mean.pcc == pytest.approx(1.0)
        assert figures.averaged.pcc < 0.99
        assert figures.averaged.mse == pytest.approx(np.mean(errors), rel=1e-4)
        assert figures.folds.mean.mse == pytest.approx(np.mean(errors), rel=1e-4)
        assert figures.folds.std.mse == pytest.approx(np.std(errors, ddof=1), rel=1e-4)


def test_scores_are_compared_with_the_marks_of_their_own_aspect() -> None:
    every = [perfect(utterance) for utterance in CORPUS]
    for prediction in every:
        prediction.words[:, 1] = 1 - prediction.words[:, 1]
        prediction.utterance[2] = 1 - prediction.utterance[2]
    for aspect, figures in summarise(every, CORPUS).aspects.items():
        turned = aspect in {("word", "stress"), ("utterance", "prosody")}
        assert figures.averaged.pcc == pytest.approx(-1.0 if turned else 1.0)


def test_scores_beyond_the_scale_count_as_its_end() -> None:
    every = [shifted(perfect(utterance), 3.0) for utterance in CORPUS]
    for pair in summarise(every, CORPUS).aspects[PHONES].reliability:
        assert pair[0] == 100.0


def test_neither_order_nor_unmarked_recordings_matter() -> None:
    every = [shifted(perfect(utterance, seed), 0.05 * seed) for utterance in CORPUS for seed in (0, 1)]
    unmarked = replace(CORPUS[0], id="other", marks=None)
    expected = summarise(every, CORPUS).to_dict()
    assert summarise(every[::-1], [unmarked, *CORPUS[::-1]]).to_dict() == expected


def test_experts_are_compared_on_the_same_recordings() -> None:
    rated = [recording(number, experts=3) for number in range(SPEAKERS)]
    summary = summarise([perfect(utterance) for utterance in rated[:8]], rated)
    ceiling = summary.aspects["word", "accuracy"].ceiling
    assert ceiling is not None
    assert ceiling.low.count == 16
    assert summary.aspects["word", "stress"].ceiling is None


# --- wrong phones -------------------------------------------------------------------------------


def readers(count: int) -> list[Utterance]:
    """Return speakers who say the first phone wrong, the second with an accent and the third right."""
    words = (
        MarkedWord("a", ("AH0", "T"), (0.0, 1.5), 5.0, 10.0, 6.0),
        MarkedWord("a", ("S",), (2.0,), 10.0, 10.0, 10.0),
    )
    return [replace(recording(number), marks=Marks(5.0, 6.0, 7.0, 8.0, words)) for number in range(count)]


def test_wrong_and_nearly_right_phones_are_found_by_thresholds() -> None:
    corpus = readers(SPEAKERS)
    found = summarise([perfect(utterance) for utterance in corpus], corpus).detection
    # Scores are 0, 75 and 100, so that the thresholds may rise to the next of these.
    assert (found.detection.auc, found.detection.f1, found.detection.wrong) == (1.0, 1.0, SPEAKERS)
    assert (found.wrong.threshold, found.wrong.precision, found.wrong.recall) == (75.0, 1.0, 1.0)
    assert found.fold_precisions == (1.0,) * FOLDS
    assert (found.nearly.threshold, found.nearly.precision, found.nearly.recall) == (100.0, 1.0, 0.5)
    assert found.to_dict()["nearly_calls"] == {
        "threshold": 100.0,
        "precision": 1.0,
        "recall": 0.5,
        "count": 10,
    }


def test_without_a_precise_threshold_nothing_is_called() -> None:
    corpus = readers(SPEAKERS)
    turned = [perfect(utterance) for utterance in corpus]
    for prediction in turned:
        prediction.phones[:] = [0.9, 0.5, 0.1]
    summary = summarise(turned, corpus)
    assert summary.detection.wrong.count == 0
    assert "none, for no threshold is precise enough" in detection_lines(summary)[1]


# --- predictions that cannot be summarised ------------------------------------------------------


def told(prediction: Prediction) -> list[Prediction]:
    return [perfect(utterance) for utterance in CORPUS[1:]] + [prediction]


FIRST = perfect(CORPUS[0])


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ([], "same recordings and folds"),
        ([FIRST], "same recordings and folds, at least two"),
        ([*told(FIRST), FIRST], "hold u0 twice with seed 0"),
        ([*told(FIRST), replace(FIRST, seed=1)], "same recordings and folds"),
        (told(replace(FIRST, utterance_id="zebra")), "no marked recording zebra"),
        (told(replace(FIRST, phones=FIRST.phones[:2])), "u0 are not for its 2 words and 3 phones"),
        (told(replace(FIRST, words=FIRST.words[:1])), "u0 are not for its 2 words"),
        (told(replace(FIRST, utterance=FIRST.utterance[:3])), "predictions of u0"),
    ],
)
def test_predictions_that_do_not_fit_are_an_error_that_says_why(
    broken: Sequence[Prediction], message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        summarise(broken, CORPUS)


def test_a_speaker_in_two_folds_is_an_error() -> None:
    corpus = [replace(utterance, speaker=f"s{number // 2}") for number, utterance in enumerate(CORPUS)]
    with pytest.raises(CorpusError, match="one speaker in several folds"):
        summarise([perfect(utterance) for utterance in corpus], corpus)


# --- reports ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def summary() -> Summary:
    rated = [recording(number, experts=3) for number in range(SPEAKERS)]
    draw = np.random.default_rng(5)
    noisy = [shifted(perfect(one, seed), draw.normal(0, 0.05)) for one in rated for seed in (0, 1)]
    return summarise(noisy, rated)


def test_a_summary_is_plain_data(summary: Summary) -> None:
    data = json.loads(json.dumps(summary.to_dict(), allow_nan=False))
    assert data["folds"] == FOLDS
    assert data["utterance"].keys() == {"accuracy", "fluency", "prosody", "total"}
    phones = data["phone"]["accuracy"]
    assert phones["pcc"] == round(summary.aspects[PHONES].averaged.pcc, 4)
    assert phones["folds"]["std"].keys() == {"pcc", "scc", "mse"}
    assert len(phones["reliability"]) == 10
    assert data["word"]["accuracy"]["expert"].keys() == {"pcc", "scc", "mse"}
    assert data["detection"]["auc"] == round(summary.detection.detection.auc, 4)
    # In two folds nothing was called wrong.
    assert data["detection"]["fold_precisions"].count(None) == 2


def test_the_table_has_a_row_for_each_aspect(summary: Summary) -> None:
    rows = report_table(summary)
    assert [row[:2] for row in rows] == list(ASPECTS)
    assert {len(row) for row in rows} == {len(REPORT_COLUMNS)}
    figures = summary.aspects["word", "accuracy"]
    assert figures.ceiling is not None
    assert rows[1][2:] == (
        f"{figures.averaged.pcc:.3f}",
        f"{figures.folds.mean.pcc:.3f} ± {figures.folds.std.pcc:.3f}",
        f"{figures.seeds.mean.pcc:.3f} ± {figures.seeds.std.pcc:.3f}",
        f"{figures.averaged.scc:.3f}",
        f"{figures.averaged.mse:.3f}",
        f"{figures.ceiling.low.pcc:.3f}",
    )
    assert rows[2][-1] == "-"


def test_one_seed_has_no_spread() -> None:
    rows = report_table(summarise([perfect(utterance) for utterance in CORPUS], CORPUS))
    assert {row[4] for row in rows} == {"1.000"}


def test_constant_marks_leave_a_dash() -> None:
    corpus = readers(SPEAKERS)
    rows = report_table(summarise([perfect(utterance) for utterance in corpus], corpus))
    assert rows[-1][2] == "-"


def test_the_card_holds_every_figure_of_the_table(summary: Summary) -> None:
    card = card_section(summary)
    lines = card.splitlines()
    for level, aspect, *cells in report_table(summary):
        assert f"| {level} {aspect} | {' | '.join(cells)} |" in lines
    for line in detection_lines(summary):
        assert line in lines
    assert f"{SPEAKERS} learners ({SPEAKERS} sentences) in {FOLDS} folds" in card
    # Every row of a table has as many cells as its title.
    tables = [block.split("\n") for block in card.strip().split("\n\n") if block.startswith("|")]
    assert len(tables) == 2
    for table in tables:
        assert len({row.count("|") for row in table}) == 1
        assert len(table) == 2 + len(ASPECTS)
