"""The command `transcribe`: text with word times, several files, live, and plain errors."""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from app.transcribe import add_transcribe, transcribe
from assessment.audio import Recording
from assessment.errors import ElocuteError
from assessment.live_transcription import LiveText
from assessment.resources import resource
from assessment.text import ReferenceText
from tests.assessment.audio_samples import Floats, silence, write

Capture = pytest.CaptureFixture[str]

DEMO = resource("demo", "well_read.flac")
TEXT = str(
    tomllib.loads((resource("demo") / "demo.toml").read_text(encoding="utf-8"))["recordings"][0]["text"]
)


def run(*arguments: str | Path) -> None:
    parser = argparse.ArgumentParser()
    add_transcribe(parser)
    options = parser.parse_args(["--threads", "1", *map(str, arguments)])
    assert options.command is transcribe
    options.command(options)


def spoken(text: str) -> list[str]:
    return [word.spoken for word in ReferenceText.parse(text).words]


def test_text_comes_first_then_a_line_for_each_word(capsys: Capture) -> None:
    run(DEMO)
    lines = capsys.readouterr().out.splitlines()
    assert spoken(lines[0]) == spoken(TEXT)
    assert lines[1] == ""
    words = [line.split() for line in lines[2:]]
    assert " ".join(word for _, _, word in words) == lines[0]
    assert all(0.0 <= float(start) <= float(end) <= 5.3 for start, end, _ in words)


def test_json_is_one_transcript_for_one_file(capsys: Capture) -> None:
    run(DEMO, "--format", "json")
    data = json.loads(capsys.readouterr().out)
    assert data["format"] == "elocute-transcript"
    assert spoken(data["text"]) == spoken(TEXT)


def test_several_files_are_headed_by_their_names(capsys: Capture, tmp_path: Path) -> None:
    quiet = write(tmp_path / "quiet.wav", silence(1.0))
    run(DEMO, quiet)
    printed = capsys.readouterr().out
    assert printed.startswith(f"{DEMO}\n\n")
    assert f"\n\n{quiet}\n\nNote: No speech was found" in printed


def test_json_of_several_files_is_a_list_with_their_names(capsys: Capture) -> None:
    run(DEMO, DEMO, "--format", "json")
    assert [each["file"] for each in json.loads(capsys.readouterr().out)] == [str(DEMO), str(DEMO)]


def test_a_bad_file_is_named_and_the_others_go_on(capsys: Capture, tmp_path: Path) -> None:
    with pytest.raises(ElocuteError, match="1 of 2 recordings could not be transcribed"):
        run(tmp_path / "missing.wav", DEMO)
    printed = capsys.readouterr()
    assert "missing.wav does not exist" in printed.err
    assert "Thursday" in printed.out


def test_json_stays_json_where_a_file_is_bad(capsys: Capture, tmp_path: Path) -> None:
    with pytest.raises(ElocuteError, match="1 of 2"):
        run(tmp_path / "missing.wav", DEMO, "--format", "json")
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_a_single_bad_file_is_one_error(capsys: Capture, tmp_path: Path) -> None:
    with pytest.raises(ElocuteError, match="does not exist"):
        run(tmp_path / "missing.wav")
    assert capsys.readouterr() == ("", "")


def test_output_goes_to_a_file(capsys: Capture, tmp_path: Path) -> None:
    target = tmp_path / "text.txt"
    run(DEMO, "--output", target)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert str(target) in printed.err
    assert spoken(target.read_text(encoding="utf-8").splitlines()[0]) == spoken(TEXT)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ElocuteError, match="cannot be written"):
        run(DEMO, "--output", tmp_path / "missing" / "text.txt")


@pytest.mark.parametrize("arguments", [[], ["--live", str(DEMO)]], ids=["neither", "both"])
def test_recordings_or_live_is_wanted(arguments: list[str]) -> None:
    with pytest.raises(ElocuteError, match="Name the recordings"):
        run(*arguments)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ElocuteError, match="holds no Whisper model"):
        run(DEMO, "--model", tmp_path)


def test_no_threads_is_refused(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        run(DEMO, "--threads", "0")
    assert "not a number of threads" in capsys.readouterr().err


# --- live ---------------------------------------------------------------------------------------


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A microphone that hears the demonstration, and then Ctrl-C: no machine that tests has a real one."""
    samples = np.concatenate([Recording.open(DEMO).samples, silence(1.0)])

    class Microphone:
        def __init__(self, device: int | str | None = None) -> None:
            self.closed = False

        def __enter__(self) -> Microphone:
            return self

        def __exit__(self, *problem: object) -> None:
            self.closed = True

        def blocks(self) -> Iterator[Floats]:
            for first in range(0, len(samples), 800):
                yield samples[first : first + 800]
            raise KeyboardInterrupt

    module = ModuleType("app.audio.capture")
    module.Microphone = Microphone  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "app.audio", ModuleType("app.audio"))
    monkeypatch.setitem(sys.modules, "app.audio.capture", module)


@pytest.mark.usefixtures("speaker")
def test_live_prints_the_final_text_when_it_is_ended(capsys: Capture) -> None:
    run("--live")
    printed = capsys.readouterr()
    assert "Ctrl-C" in printed.err
    text, blank, *words = printed.out.splitlines()
    assert blank == ""
    assert "Thursday" in text
    assert " ".join(line.split()[2] for line in words) == text


@pytest.mark.usefixtures("speaker")
def test_live_shows_partial_text_on_a_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[LiveText] = []
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("app.transcribe._on_screen", lambda text: shown.append(text) or text.text)
    run("--live", "--format", "json")
    assert len(shown) >= 5
    assert any(text.partial for text in shown)
    printed = capsys.readouterr().out
    assert '"format": "elocute-transcript"' in printed
    assert "library" in printed
