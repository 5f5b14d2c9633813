"""Corpora are read in both layouts, and damaged ones are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import CorpusError
from assessment.training.corpora import FOLDS, Marks, Utterance, fold_of, read_corpus
from tests.assessment.training.miniature import (
    score_entry,
    write_manifest_corpus,
    write_published_corpus,
)

ROWS = [("a1", "audio/a1.wav", "ann", "Cat sat."), ("b1", "audio/b1.wav", "bob", 'A "keen" seat')]
TRAIN = [("000010011", "0001", "CAT SAT"), ("000010012", "0001", "NEAT SEAT")]
TEST = [("000030012", "0003", "KEEN CAT")]
SCORES = {
    "000010011": score_entry(["cat", "sat"], 1.6),
    "000010012": score_entry(["neat", "seat"], 2.0, phones_as_text=True),
    "000030012": score_entry(["keen", "cat"], 0.4),
}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return write_published_corpus(tmp_path / "speechocean762", {"train": TRAIN, "test": TEST}, SCORES)


# --- a manifest ---------------------------------------------------------------------------------


def test_a_manifest_is_read_in_its_order(tmp_path: Path) -> None:
    folder = write_manifest_corpus(tmp_path / "mini", ROWS)
    assert read_corpus(folder) == [
        Utterance("a1", "mini", "ann", folder / "audio" / "a1.wav", "Cat sat."),
        Utterance("b1", "mini", "bob", folder / "audio" / "b1.wav", 'A "keen" seat'),
    ]


def test_marks_are_joined_to_a_manifest_where_there_are_some(tmp_path: Path) -> None:
    folder = write_manifest_corpus(tmp_path / "mini", ROWS, {"a1": score_entry(["cat", "sat"], 1.0)})
    marked, unmarked = read_corpus(folder)
    assert unmarked.marks is None
    assert marked.marks is not None
    assert marked.marks.accuracy == 5.0


@pytest.mark.parametrize("split", [None, "train", "test"])
def test_a_manifest_has_one_half_only(tmp_path: Path, split: str | None) -> None:
    assert len(read_corpus(write_manifest_corpus(tmp_path / "mini", ROWS), split)) == 2


# --- the published layout -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("split", "ids"),
    [
        ("train", ["000010011", "000010012"]),
        ("test", ["000030012"]),
        (None, ["000010011", "000010012", "000030012"]),
    ],
)
def test_halves_of_the_published_layout_are_read(published: Path, split: str | None, ids: list[str]) -> None:
    assert [utterance.id for utterance in read_corpus(published, split)] == ids


def test_an_utterance_of_the_published_layout_is_complete(published: Path) -> None:
    first = read_corpus(published, "train")[0]
    assert first.speaker == "0001"
    assert first.text == "CAT SAT"
    assert first.corpus == "speechocean762"
    assert first.audio == published / "WAVE" / "SPEAKER0001" / "000010011.WAV"
    assert first.marks is not None
    assert (first.marks.accuracy, first.marks.prosody) == (8.0, 8.0)
    word = first.marks.words[0]
    assert (word.text, word.phones, word.phone_marks) == ("CAT", ("K", "AE1", "T"), (1.6, 1.6, 1.6))
    assert (word.accuracy, word.stress, word.total) == (8.0, 10.0, 8.0)


def test_phones_are_read_from_a_list_and_from_a_text(published: Path) -> None:
    listed, written = read_corpus(published, "train")
    assert listed.marks is not None
    assert written.marks is not None
    assert listed.marks.words[1].phones == ("S", "AE1", "T")
    assert written.marks.words[1].phones == ("S", "IY1", "T")


# --- single experts -----------------------------------------------------------------------------

# As in the corpus' description; the third expert heard a sound between the second and third phone.
DETAIL: dict[str, Any] = {
    "accuracy": [7, 9, 8],
    "completeness": [1.0, 1.0, 1.0],
    "fluency": [10, 9, 8],
    "prosodic": [6, 5, 4],
    "total": [7.6, 9, 7.9],
    "words": [
        {
            "text": "CAT",
            "accuracy": [3, 7, 10],
            "stress": [10, 10, 5],
            "total": [4.4, 7.6, 10],
            "phones": ["K (AE1) (T)", "{K} AE1 {T}", "K AE1 [L] T"],
            "ref-phones": "K AE1 T",
        },
        {
            "text": "SAT",
            "accuracy": [10, 10, 10],
            "stress": [10, 10, 10],
            "total": [10, 10, 10],
            "phones": ["S AE1 T", "S AE1 T", "S AE1 T"],
            "ref-phones": "S AE1 T",
        },
    ],
}


def write_detail(folder: Path, detail: Any) -> None:
    text = detail if isinstance(detail, str) else json.dumps(detail)
    (folder / "resource" / "scores-detail.json").write_text(text, encoding="utf-8")


def marks_of(folder: Path, split: str | None = None) -> list[Marks]:
    return [utterance.marks for utterance in read_corpus(folder, split) if utterance.marks is not None]


def test_what_each_expert_gave_is_read_from_the_published_details(published: Path) -> None:
    write_detail(published, {"000010011": DETAIL})
    detailed, bare = marks_of(published, "train")
    assert detailed.raters == {
        "accuracy": (7.0, 9.0, 8.0),
        "fluency": (10.0, 9.0, 8.0),
        "prosody": (6.0, 5.0, 4.0),
        "total": (7.6, 9.0, 7.9),
    }
    word = detailed.words[0]
    assert word.raters == {
        "accuracy": (3.0, 7.0, 10.0),
        "stress": (10.0, 10.0, 5.0),
        "total": (4.4, 7.6, 10.0),
    }
    assert word.phone_raters == ((2.0, 1.0, 2.0), (0.0, 2.0, 2.0), (0.0, 1.0, 2.0))
    # The marks of all together are those of the other file.
    assert (detailed.accuracy, word.phone_marks) == (8.0, (1.6, 1.6, 1.6))
    assert (bare.raters, bare.words[0].raters, bare.words[0].phone_raters) == ({}, {}, ())


def test_what_each_expert_gave_is_read_from_the_marks_themselves(tmp_path: Path) -> None:
    entry = score_entry(["cat"], 1.6)
    entry["raters"] = {"accuracy": [7, 9], "fluency": [10, 9], "prosodic": [6, 5], "total": [7.6, 9]}
    entry["words"][0]["raters"] = {"accuracy": [3, 7], "stress": [10, 5], "total": [4.4, 7.6]}
    marks = marks_of(write_manifest_corpus(tmp_path / "mini", ROWS, {"a1": entry}))[0]
    assert marks.raters["prosody"] == (6.0, 5.0)
    assert marks.words[0].raters["stress"] == (10.0, 5.0)
    assert marks.words[0].phone_raters == ()


@pytest.mark.parametrize(
    ("notation", "marks"),
    [
        ("K AE1 T", (2.0, 2.0, 2.0)),
        ("{K} (AE1) T", (1.0, 0.0, 2.0)),
        ("K (EH1) T", (2.0, 0.0, 2.0)),
        ("[AH0] K AE1 [L] T [AH0]", (2.0, 2.0, 2.0)),
        ("K () T", (2.0, 0.0, 2.0)),
        ("K (AE1 T)", (2.0, 0.0, 0.0)),
        ("K{AE1}T", (2.0, 1.0, 2.0)),
    ],
)
def test_an_experts_notation_is_understood(published: Path, notation: str, marks: tuple[float, ...]) -> None:
    word = {**DETAIL["words"][0], "phones": [notation]}
    write_detail(published, {"000010011": {**DETAIL, "words": [word, DETAIL["words"][1]]}})
    assert marks_of(published)[0].words[0].phone_raters == tuple((mark,) for mark in marks)


@pytest.mark.parametrize("notation", ["", "K AE1", "K AE1 T S"])
def test_an_expert_who_wrote_other_phones_leaves_the_words_phones_without(
    published: Path, notation: str
) -> None:
    word = {**DETAIL["words"][0], "phones": ["K AE1 T", notation]}
    write_detail(published, {"000010011": {**DETAIL, "words": [word, DETAIL["words"][1]]}})
    first, second = marks_of(published)[0].words
    assert first.phone_raters == ()
    assert first.raters["accuracy"] == (3.0, 7.0, 10.0)
    assert len(second.phone_raters) == 3


@pytest.mark.parametrize(
    "detail",
    [
        "",
        "[1]",
        {"000010011": {**DETAIL, "words": DETAIL["words"][:1]}},
        {"000010011": {**DETAIL, "accuracy": 8}},
        {"000010011": {**DETAIL, "fluency": ["good"]}},
        {"000010011": {**DETAIL, "words": [3, 4]}},
        {"000010011": {**DETAIL, "words": [{**DETAIL["words"][0], "phones": [2, 0]}, DETAIL["words"][1]]}},
    ],
)
def test_damaged_details_are_an_error_that_names_the_corpus(published: Path, detail: Any) -> None:
    write_detail(published, detail)
    with pytest.raises(CorpusError, match="speechocean762 is damaged"):
        read_corpus(published)


# --- damage -------------------------------------------------------------------------------------


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no corpus folder .*nowhere"):
        read_corpus(tmp_path / "nowhere")


def test_a_folder_that_is_no_corpus_is_an_error_that_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"neither manifest\.tsv nor resource/scores\.json"):
        read_corpus(tmp_path)


def test_a_missing_half_is_an_error_that_names_it(tmp_path: Path) -> None:
    folder = write_published_corpus(tmp_path / "half", {"train": TRAIN}, SCORES)
    with pytest.raises(CorpusError, match="no folder test"):
        read_corpus(folder, "test")


@pytest.mark.parametrize("table", ["wav.scp", "text", "utt2spk"])
def test_a_missing_table_is_an_error_that_names_it(published: Path, table: str) -> None:
    (published / "train" / table).unlink()
    with pytest.raises(CorpusError, match=table.replace(".", r"\.")):
        read_corpus(published)


@pytest.mark.parametrize("table", ["text", "utt2spk"])
def test_a_recording_that_a_table_does_not_know_is_an_error(published: Path, table: str) -> None:
    (published / "train" / table).write_text("000010011\tX\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="000010012"):
        read_corpus(published)


def _without(entry: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != name}


@pytest.mark.parametrize(
    "scores",
    [
        "",
        "{",
        "[1]",
        json.dumps({"000010011": 3}),
        json.dumps({"000010011": _without(SCORES["000010011"], "prosodic")}),
        json.dumps({"000010011": SCORES["000010011"] | {"words": [{"text": "CAT"}]}}),
        json.dumps({"000010011": SCORES["000010011"] | {"accuracy": "good"}}),
    ],
)
def test_damaged_marks_are_an_error_that_names_the_corpus(published: Path, scores: str) -> None:
    (published / "resource" / "scores.json").write_text(scores, encoding="utf-8")
    with pytest.raises(CorpusError, match="speechocean762 is damaged"):
        read_corpus(published)


def test_a_word_with_fewer_marks_than_phones_is_an_error(published: Path) -> None:
    broken = score_entry(["cat", "sat"])
    broken["words"][0]["phones-accuracy"].pop()
    (published / "resource" / "scores.json").write_text(json.dumps({"000010011": broken}), encoding="utf-8")
    with pytest.raises(CorpusError, match="as many marks as phones"):
        read_corpus(published)


@pytest.mark.parametrize("content", ["id\taudio\tspeaker\na1\ta1.wav\tann\n", "nothing\nhere\n"])
def test_a_manifest_without_a_column_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match="damaged"):
        read_corpus(tmp_path)


def test_a_cut_off_manifest_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    folder = write_manifest_corpus(tmp_path / "mini", [*ROWS, ("c1", "audio/c1.wav", "cyd", "Neat.")])
    path = folder / "manifest.tsv"
    path.write_text(path.read_text(encoding="utf-8").removesuffix("\tNeat.\n"), encoding="utf-8")
    with pytest.raises(CorpusError, match="line 4"):
        read_corpus(folder)


def test_a_manifest_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "manifest.tsv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(CorpusError, match="damaged"):
        read_corpus(tmp_path)


# --- folds --------------------------------------------------------------------------------------

speakers = st.lists(st.text("abc0", min_size=1, max_size=4), min_size=1, max_size=40)


def by(names: list[str]) -> list[Utterance]:
    return [Utterance(str(number), "mini", name, Path(), "") for number, name in enumerate(names)]


@given(speakers, st.randoms(use_true_random=False))
def test_folds_do_not_depend_on_the_order_of_the_corpus(names: list[str], random: Any) -> None:
    shuffled = random.sample(names, len(names))
    assert fold_of(by(names)) == fold_of(by(shuffled))


@given(speakers)
def test_folds_are_of_equal_size_to_within_a_speaker(names: list[str]) -> None:
    folds = list(fold_of(by(names)).values())
    sizes = [folds.count(fold) for fold in range(FOLDS)]
    assert sum(sizes) == len(set(names))
    assert max(sizes) - min(sizes) <= 1


def test_sorted_speakers_are_dealt_in_turn() -> None:
    assert fold_of(by(["b", "a", "d", "c", "b"]), folds=3) == {"a": 0, "b": 1, "c": 2, "d": 0}
