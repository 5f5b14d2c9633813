"""What ``elocute listen`` shows of a reading while it goes on, and how it puts problems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from app.audio.devices import InputDevice
from app.cli import main
from app.listen import Lines, _save, followed_text
from assessment.audio import Recording
from assessment.errors import ElocuteError
from assessment.streaming import FollowedWord, Position
from assessment.text import ReferenceText

TEXT = ReferenceText.parse("The river costs $25, doesn't it?")


def passed(index: int, score: float | None) -> FollowedWord:
    display = TEXT.display(TEXT.words[index])
    return FollowedWord(index, display, score is not None, score, 0.1 * index, 0.1 * index + 0.1)


def shown(position: Position, text: ReferenceText = TEXT, width: int = 60, colours: bool = False) -> str:
    console = Console(width=width, force_terminal=colours, color_system="standard" if colours else None)
    with console.capture() as capture:
        console.print(followed_text(text, position))
    return capture.get()


def test_the_whole_text_is_shown_as_it_is_written_under_a_level_meter() -> None:
    meter, _, *lines = shown(Position(level=-30.0)).splitlines()
    assert meter.count("█") == meter.count("░") == 12
    assert " ".join(line.strip() for line in lines) == TEXT.text


@pytest.mark.parametrize("width", [12, 40, 200])
def test_the_text_fits_screens_of_any_width(width: int) -> None:
    assert all(len(line) <= width for line in shown(Position(), width=width).splitlines()[2:])


def test_words_light_up_by_their_scores_and_the_current_one_stands_out() -> None:
    position = Position(current=3, words=(passed(0, 95.0), passed(1, 20.0), passed(2, None)))
    text = shown(position, colours=True)
    assert "\x1b[32mThe" in text
    assert "\x1b[1;31mriver" in text
    assert "\x1b[9;31mcosts" in text
    assert "\x1b[1;4m$25" in text


def test_of_a_long_text_the_readers_surroundings_are_shown() -> None:
    long = ReferenceText.parse(" ".join(f"word{chr(97 + number % 26)}" for number in range(2_000)))
    assert len(shown(Position(current=1_000), long).split()) < 200


def test_a_voice_that_is_too_loud_is_told() -> None:
    assert "too loud" in shown(Position(level=-2.0))
    assert "too loud" not in shown(Position(level=-20.0))


def test_programs_read_a_line_for_each_word_once_and_one_for_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = Lines(TEXT)
    lines.show(Position(seconds=0.5, words=(passed(0, 95.4),)))
    lines.show(Position(seconds=0.6, words=(passed(0, 95.4),)))
    lines.show(Position(seconds=1.0, words=(passed(0, 95.4), passed(1, None)), end="read"))
    assert capsys.readouterr().out.splitlines() == [
        "0.50 word 1 of 8 “The” 95",
        "1.00 word 2 of 8 “river” skipped",
        "1.00 end: read",
    ]


def test_a_recording_that_cannot_be_kept_is_told_with_the_name(tmp_path: Path) -> None:
    recording = Recording.from_samples(np.zeros(4_000, np.float32), 16_000)
    with pytest.raises(ElocuteError, match=r"said\.txt.*\.flac or \.wav"):
        _save(recording, tmp_path / "said.txt")
    with pytest.raises(ElocuteError, match=r"nowhere"):
        _save(recording, tmp_path / "nowhere" / "said.wav")


def test_without_a_microphone_one_line_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.audio.devices.input_devices", lambda: [])
    assert main(["listen", "--text", "The river."]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_microphone_that_is_not_there_is_told_beside_those_that_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [InputDevice(3, "Built-in Audio", 48_000, is_default=True)]
    monkeypatch.setattr("app.audio.devices.input_devices", lambda: there)
    assert main(["listen", "--text", "The river.", "--device", "headset"]) == 2
    line = capsys.readouterr().err
    assert "headset" in line
    assert "3 Built-in Audio" in line


@pytest.mark.parametrize("text", ["", "…"])
def test_a_text_without_words_is_refused(capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert main(["listen", "--text", text]) == 2
    assert capsys.readouterr().err.count("\n") == 1
