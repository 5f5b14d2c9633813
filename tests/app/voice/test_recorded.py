"""The recording of a lesson is played as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.voice.recorded import RecordedVoice
from assessment import ReferenceText
from assessment.control import Control
from assessment.errors import Cancelled, RecordingError

TEXT = ReferenceText.parse("Good morning.")
SAID = [("G", "UH1", "D"), ("M", "AO1", "R", "N", "IH0", "NG")]


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.flac"
    soundfile.write(path, 0.3 * np.sin(0.1 * np.arange(44_100)), 44_100)
    return path


def test_the_recording_is_what_is_heard(lesson: Path) -> None:
    spoken = RecordedVoice(lesson).say(TEXT, SAID)
    assert spoken.duration == pytest.approx(1.0)
    assert np.abs(spoken.samples).max() == pytest.approx(0.3, abs=0.02)


def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"gone\.wav"):
        RecordedVoice(tmp_path / "gone.wav").say(TEXT, SAID)


def test_it_can_be_stopped(lesson: Path) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        RecordedVoice(lesson).say(TEXT, SAID, control=control)
