"""The commands: what they print, what they write, and one plain line for whatever cannot be used."""

from __future__ import annotations

import csv
import io
import json
import os
import platform
import sys
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import soxr

from app.cli import FORMATS, main
from assessment.audio import Recording
from assessment.exchange.csv import HEADER
from assessment.exchange.textgrid import open_textgrid, read_textgrid
from assessment.lexicon import Lexicon
from assessment.resources import resource
from assessment.results import Assessment
from assessment.text import ReferenceText
from tests.assessment.audio_samples import (
    RATE,
    Floats,
    cut,
    declare_flac_frames,
    rustling,
    speech,
    tone,
    white_noise,
    write,
)

THREE_HOURS = 3 * 3_600

Capture = pytest.CaptureFixture[str]


def demo(name: str = "well_read") -> Path:
    return resource("demo", f"{name}.flac")


@cache
def text() -> str:
    entries = tomllib.loads((resource("demo") / "demo.toml").read_text(encoding="utf-8"))["recordings"]
    return str(entries[0]["text"])


def words() -> list[str]:
    return [word.spoken for word in ReferenceText.parse(text()).words]


def elocute(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def output(capsys: Capture, *arguments: str | Path) -> str:
    """Run a command that succeeds and return what it printed."""
    assert elocute(*arguments) == 0
    return capsys.readouterr().out


def assert_refused(capsys: Capture, *arguments: str | Path) -> str:
    """Run a command that must fail with one line, and return that line."""
    assert elocute(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("elocute: ")
    assert printed.err.count("\n") == 1
    assert printed.err.endswith("\n")
    assert "Traceback" not in printed.err
    return printed.err


# --- assess -------------------------------------------------------------------------------------


def test_table_shows_scores_and_every_word(capsys: Capture) -> None:
    printed = output(capsys, "assess", demo(), "--text", text())
    cells = printed.split()
    assert all(word in cells for word in text().rstrip(".").split())
    assert printed.startswith("Overall")


def test_json_can_be_read_back(capsys: Capture) -> None:
    printed = output(capsys, "assess", demo(), "--text", text(), "--format", "json")
    result = Assessment.from_json(printed)
    assert [word.spoken for word in result.words] == words()
    assert result.text == text()


def test_azure_json_names_every_word(capsys: Capture) -> None:
    printed = json.loads(output(capsys, "assess", demo(), "--text", text(), "--format", "azure"))
    found = [word["Word"].lower() for word in printed["NBest"][0]["Words"]]
    assert found == words()


def test_csv_has_a_row_for_each_phone(capsys: Capture) -> None:
    printed = output(capsys, "assess", demo(), "--text", text(), "--format", "csv")
    header, *rows = csv.reader(io.StringIO(printed, newline=""))
    assert tuple(header) == HEADER
    spoken = [row[header.index("spoken")] for row in rows if row[header.index("phone_index")] == "0"]
    assert spoken == words()


def test_textgrid_has_all_tiers(capsys: Capture) -> None:
    grid = read_textgrid(output(capsys, "assess", demo(), "--text", text(), "--format", "textgrid"))
    assert [tier.name for tier in grid.tiers] == [
        "words",
        "syllables",
        "phones",
        "ipa",
        "scores",
        "verdicts",
        "heard",
    ]


@pytest.mark.parametrize("kind", ["table", "json", "csv"])
def test_output_goes_to_a_file_and_is_announced(capsys: Capture, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "result"
    assert elocute("assess", demo(), "--text", text(), "--format", kind, "--output", target) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"Wrote {target}.\n")
    written = target.read_text(encoding="utf-8")
    assert "Thursday" in written
    assert "\x1b" not in written


def test_output_that_cannot_be_written_is_refused(capsys: Capture, tmp_path: Path) -> None:
    line = assert_refused(capsys, "assess", demo(), "--text", text(), "--output", tmp_path / "no" / "where")
    assert "--output" in line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_text_is_read_from_a_file(capsys: Capture, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "text.txt"
    file.write_text(text(), encoding=encoding)
    printed = output(capsys, "assess", demo(), "--text-file", file, "--format", "json")
    assert json.loads(printed)["text"] == text()


def test_lexicon_of_the_user_is_used(capsys: Capture, tmp_path: Path) -> None:
    lexicon = tmp_path / "mine.txt"
    lexicon.write_text("river  R IH1 V AH0\n", encoding="utf-8")
    printed = output(capsys, "assess", demo(), "--text", text(), "--lexicon", lexicon, "--format", "json")
    river = next(word for word in Assessment.from_json(printed).words if word.spoken == "river")
    assert [phone.symbol for phone in river.phones] == ["R", "IH1", "V", "AH0"]


# --- bad input ----------------------------------------------------------------------------------


def directory(folder: Path) -> Path:
    return folder


def missing(folder: Path) -> Path:
    return folder / "nowhere.wav"


def empty_file(folder: Path) -> Path:
    path = folder / "empty.wav"
    path.touch()
    return path


def text_as_audio(folder: Path) -> Path:
    path = folder / "letter.wav"
    path.write_text("Dear reader, this is not a recording.\n" * 50, encoding="utf-8")
    return path


def truncated_header(folder: Path) -> Path:
    path = write(folder / "cut.wav", tone())
    path.write_bytes(path.read_bytes()[:20])
    return path


def no_samples(folder: Path) -> Path:
    return write(folder / "none.wav", np.zeros(0, np.float32))


def lying_flac(folder: Path) -> Path:
    return declare_flac_frames(write(folder / "hours.flac", speech()), THREE_HOURS * RATE)


def not_numbers(folder: Path) -> Path:
    return write(folder / "nan.wav", np.full(RATE, np.nan, np.float32), subtype="FLOAT")


def cut_flac(folder: Path) -> Path:
    return cut(write(folder / "cut.flac", tone()), 0.001)


@pytest.mark.parametrize("command", ["assess", "align"])
@pytest.mark.parametrize(
    "make",
    [
        missing,
        directory,
        empty_file,
        text_as_audio,
        truncated_header,
        no_samples,
        lying_flac,
        not_numbers,
        cut_flac,
    ],
)
def test_bad_recording_gives_one_line(
    capsys: Capture, tmp_path: Path, make: Callable[[Path], Path], command: str
) -> None:
    recording = make(tmp_path)
    line = assert_refused(capsys, command, recording, "--text", text())
    assert recording.name in line


def test_silence_is_assessed_as_nothing_read_and_cannot_be_aligned(capsys: Capture, tmp_path: Path) -> None:
    silence = write(tmp_path / "silence.wav", np.zeros(3 * RATE, np.float32))
    assert "Nothing was heard" in output(capsys, "assess", silence, "--text", text())
    assert "silence.wav" in assert_refused(capsys, "align", silence, "--text", text())


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("", "empty"),
        ("!!! 😀", "no word"),
        ("今天天气很好。", "Chinese"),
    ],
    ids=["empty", "no words", "Chinese"],
)
def test_bad_text_gives_one_line(capsys: Capture, bad: str, named: str) -> None:
    assert named in assert_refused(capsys, "assess", demo(), "--text", bad)


@pytest.mark.parametrize(
    ("content", "named"),
    [(None, "No such file"), (b"\xff\xfe caf\xe9", "UTF-8"), (b"", "empty")],
    ids=["missing", "not UTF-8", "empty"],
)
def test_bad_text_file_gives_one_line(
    capsys: Capture, tmp_path: Path, content: bytes | None, named: str
) -> None:
    file = tmp_path / "text.txt"
    if content is not None:
        file.write_bytes(content)
    assert named in assert_refused(capsys, "assess", demo(), "--text-file", file)


@pytest.mark.parametrize(
    "content", [None, "river  R QQ1\n", "river\n"], ids=["missing", "phone", "no phones"]
)
def test_bad_lexicon_gives_one_line(capsys: Capture, tmp_path: Path, content: str | None) -> None:
    lexicon = tmp_path / "mine.txt"
    if content is not None:
        lexicon.write_text(content, encoding="utf-8")
    line = assert_refused(capsys, "assess", demo(), "--text", text(), "--lexicon", lexicon)
    assert "mine.txt" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess"],
        ["align", "a.wav"],
        ["assess", "a.wav", "--text", "a", "--text-file", "b"],
        ["assess", "a.wav", "--text", "a", "--format", "xml"],
        ["evaluate", "corpus", "--limit", "0"],
    ],
)
def test_wrong_usage_is_explained(capsys: Capture, arguments: Sequence[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: elocute" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are always text on Windows")
@pytest.mark.parametrize("kind", FORMATS)
def test_bytes_that_are_no_text_do_no_harm(capsys: Capture, tmp_path: Path, kind: str) -> None:
    broken = os.fsdecode(b"On Thursday \xff\xfe " + text()[12:].encode())
    target = tmp_path / "result"
    options = ("--text", broken, "--format", kind, "--output", target)
    assert elocute("assess", demo(), *options) == 0
    assert "thursday" in target.read_text(encoding="utf-8").lower()
    capsys.readouterr()
    printed = output(capsys, "assess", demo(), *options[:2], "--format", "json")
    assert Assessment.from_json(printed).text == text().replace("Thursday ", "Thursday ?? ")


# --- recordings that are scored, with a warning or low ------------------------------------------


def stereo_with_dead_channel(samples: Floats) -> Floats:
    return np.stack([np.zeros_like(samples), samples], axis=1)


def telephone(samples: Floats) -> Floats:
    return np.asarray(soxr.resample(samples, 2 * RATE, RATE), np.float32)


def with_a_click(samples: Floats) -> Floats:
    clicked = samples.copy()
    clicked[1_000] = np.nan
    return clicked


@pytest.mark.parametrize(
    ("change", "rate", "notice"),
    [
        (stereo_with_dead_channel, RATE, "dead-channel"),
        (telephone, RATE // 2, "narrow-band"),
        (with_a_click, RATE, "non-finite"),
    ],
)
def test_odd_recording_is_scored_with_a_notice(
    capsys: Capture, tmp_path: Path, change: Callable[[Floats], Floats], rate: int, notice: str
) -> None:
    samples = change(Recording.open(demo()).samples)
    path = write(tmp_path / "odd.wav", samples, rate, subtype="FLOAT")
    printed = json.loads(output(capsys, "assess", path, "--text", text(), "--format", "json"))
    assert notice in [each["code"] for each in printed["notices"]]
    assert printed["scores"]["accuracy"] > 60


def test_truncated_recording_is_scored_with_a_notice(capsys: Capture, tmp_path: Path) -> None:
    path = cut(write(tmp_path / "cut.wav", Recording.open(demo()).samples), 0.7)
    printed = json.loads(output(capsys, "assess", path, "--text", text(), "--format", "json"))
    assert "truncated" in [each["code"] for each in printed["notices"]]
    assert printed["scores"]["completeness"] < 100


def noise(seconds: float) -> Floats:
    return white_noise(seconds)


def hiss(seconds: float) -> Floats:
    return rustling(seconds)


def music(seconds: float) -> Floats:
    notes = [tone(0.25, hertz=220.0 * 2 ** (step / 12), peak=0.3) for step in (3, 7, 10, 12, 15, 12, 10, 7)]
    return np.resize(np.concatenate([note * np.hanning(len(note)) for note in notes]), round(seconds * RATE))


def shuffled(seconds: float) -> Floats:
    pieces = Recording.open(demo()).samples[: 25 * 3_200].reshape(25, -1)
    return np.random.default_rng(0).permutation(pieces).ravel()


@pytest.mark.parametrize("make", [noise, hiss, music, shuffled])
def test_what_is_no_reading_is_refused_or_flagged_with_low_scores(
    capsys: Capture, tmp_path: Path, make: Callable[[float], Floats]
) -> None:
    path = write(tmp_path / "none.wav", make(5.0).astype(np.float32))
    code = elocute("assess", path, "--text", text(), "--format", "json")
    printed = capsys.readouterr()
    if code == 2:
        assert "none.wav" in printed.err
        assert printed.err.count("\n") == 1
        return
    result = Assessment.from_json(printed.out)
    assert result.scores.accuracy < 30
    assert result.scores.overall < 50
    assert "text-mismatch" in [notice.code for notice in result.notices]


# --- align --------------------------------------------------------------------------------------


def test_align_writes_words_and_phones(capsys: Capture, tmp_path: Path) -> None:
    target = tmp_path / "demo.TextGrid"
    assert elocute("align", demo(), "--text", text(), "--output", target) == 0
    assert capsys.readouterr().out == ""
    grid = open_textgrid(target)
    assert [tier.name for tier in grid.tiers] == ["words", "phones"]
    assert [interval.label for interval in grid.tiers[0].intervals if interval.label] == words()


# --- evaluate -----------------------------------------------------------------------------------


def marked(level: int) -> dict[str, object]:
    """Marks as experts give them for the demo's text; a higher level is better in all."""
    lexicon = Lexicon.load()
    entries = []
    for number, word in enumerate(words()):
        phones = lexicon.pronunciations(word)[0]
        marks = [max(0.0, 2.0 - (2 - level) * ((number + place) % 3) / 2) for place in range(len(phones))]
        mark = 4 + level + number % 3
        entries.append(
            {
                "text": word.upper(),
                "phones": list(phones),
                "phones-accuracy": marks,
                "accuracy": mark,
                "stress": 5 if number % 4 == 0 else 10,
                "total": mark,
            }
        )
    aspects = {"accuracy": 6 + level, "fluency": 7 + level, "prosodic": 5 + level, "total": 6 + level}
    return {"text": text().upper(), "words": entries, **aspects}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three marked utterances: the demo's two recordings, and the first under another name."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    rows = ["id\taudio\tspeaker\ttext"]
    recordings = (("a", "with_mistakes"), ("b", "well_read"), ("c", "well_read"))
    for name, recording in recordings:
        (folder / f"{name}.flac").write_bytes(demo(recording).read_bytes())
        rows.append(f"{name}\t{name}.flac\tspeaker-{name}\t{text()}")
    (folder / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    scores = {name: marked(level) for level, (name, _) in enumerate(recordings)}
    (folder / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    return folder


def test_evaluate_prints_figures_of_every_aspect(capsys: Capture, corpus: Path) -> None:
    figures = json.loads(output(capsys, "evaluate", corpus, "--json"))
    assert figures.keys() == {"phone", "word", "utterance"}
    assert figures["word"].keys() == {"accuracy", "stress", "total"}
    assert figures["utterance"].keys() == {"accuracy", "fluency", "prosody", "total"}
    for agreement in (figures["phone"], *figures["word"].values(), *figures["utterance"].values()):
        assert agreement.keys() == {"pcc", "scc", "mse"}
        assert 0.0 <= agreement["mse"] <= 4.0


def test_limit_takes_that_many_recordings(capsys: Capture, corpus: Path) -> None:
    one = json.loads(output(capsys, "evaluate", corpus, "--json", "--limit", "1"))
    # Of a single utterance there is no correlation, yet there is an error.
    assert one["utterance"]["total"]["pcc"] is None
    assert one["utterance"]["total"]["mse"] >= 0.0
    assert one["phone"]["pcc"] is not None


def test_evaluate_shows_a_table(capsys: Capture, corpus: Path) -> None:
    printed = output(capsys, "evaluate", corpus, "--limit", "1").lower()
    assert all(name in printed for name in ("phone", "stress", "fluency", "prosody", "one expert"))
    assert "wrong phones (mean mark below 1;" in printed


def test_a_cross_validation_of_some_recordings_only_is_refused(capsys: Capture, corpus: Path) -> None:
    assert elocute("evaluate", corpus, "--cross-validation", "--limit", "3") == 2
    assert "--limit" in capsys.readouterr().err


def test_recording_that_cannot_be_used_is_left_out_and_named(capsys: Capture, corpus: Path) -> None:
    (corpus / "a.flac").unlink()
    assert elocute("evaluate", corpus, "--json") == 0
    printed = capsys.readouterr()
    assert "left out a: a.flac does not exist" in printed.err
    assert json.loads(printed.out)["phone"] is not None


def test_folder_that_is_no_corpus_is_refused(capsys: Capture, tmp_path: Path) -> None:
    assert "manifest.tsv" in assert_refused(capsys, "evaluate", tmp_path)
    assert "no corpus folder" in assert_refused(capsys, "evaluate", tmp_path / "nowhere")


# --- demo and info ------------------------------------------------------------------------------


def test_info_names_versions_model_and_sound(capsys: Capture) -> None:
    lines = output(capsys, "info").splitlines()
    facts = dict(line.split(maxsplit=1) for line in lines)
    assert facts["elocute"] == metadata.version("elocute")
    assert facts["python"].startswith(platform.python_version())
    assert facts["onnxruntime"] == metadata.version("onnxruntime")
    assert "sha256" in facts["model"]
    assert facts["sound"]


def test_demo_shows_both_recordings(capsys: Capture) -> None:
    printed = output(capsys, "demo")
    assert printed.index("Read well") < printed.index("Read with three mistakes")
    assert printed.count("Overall") == 2
    assert "You left out “old”." in printed
    assert "elocute assess" in printed
