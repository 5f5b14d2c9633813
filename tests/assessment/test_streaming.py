"""A reader is followed while audio arrives, in blocks of any size, to the same assessment as at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from assessment.audio import SAMPLE_RATE, Recording
from assessment.engine import Assessor
from assessment.errors import RecordingError, TextError
from assessment.resources import resource
from assessment.results import Assessment
from assessment.streaming import END_SILENCE_SECONDS, Follower, Position

Floats = NDArray[np.float32]
BEHIND_SECONDS = 0.3


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor.load(threads=1)


@pytest.fixture(scope="module")
def text() -> str:
    entries = tomllib.loads((resource("demo") / "demo.toml").read_text(encoding="utf-8"))["recordings"]
    return str(entries[0]["text"])


@pytest.fixture(scope="module")
def samples() -> Floats:
    speech = Recording.open(resource("demo", "well_read.flac")).samples
    return np.concatenate([speech, np.zeros(2 * SAMPLE_RATE, np.float32)])


@pytest.fixture(scope="module")
def well_read(assessor: Assessor, text: str, samples: Floats) -> Assessment:
    return assessor.assess(Recording.from_samples(samples, SAMPLE_RATE, "the recording"), text)


def positions(follower: Follower, samples: Floats, block: int) -> Iterator[Position]:
    for first in range(0, len(samples), block):
        yield follower.feed(samples[first : first + block])


@pytest.mark.parametrize("block", [160, 800, 4_001])
def test_the_place_is_known_within_a_word_at_all_times(
    assessor: Assessor, text: str, samples: Floats, well_read: Assessment, block: int
) -> None:
    ends = [word.end for word in well_read.words]
    for position in positions(assessor.follow(text), samples, block):
        place = len(ends) if position.current is None else position.current
        latest = sum(end <= position.seconds for end in ends)
        behind = position.seconds - BEHIND_SECONDS - block / SAMPLE_RATE
        assert sum(end <= behind for end in ends) - 1 <= place <= latest + 1


def test_the_assessment_is_that_of_the_recording_bit_for_bit(
    assessor: Assessor, text: str, samples: Floats, well_read: Assessment
) -> None:
    for block in (37_000, 999):
        follower = assessor.follow(text)
        list(positions(follower, samples, block))
        assert follower.finish() == well_read


def test_the_end_is_found_soon_after_the_last_word(
    assessor: Assessor, text: str, samples: Floats, well_read: Assessment
) -> None:
    follower = assessor.follow(text)
    end = next(each for each in positions(follower, samples, 480) if each.end is not None)
    assert end.end == "read"
    assert end.current is None
    assert 0.0 < end.seconds - well_read.words[-1].end <= 1.2


def test_long_silence_ends_a_reading_that_stopped_half_way(
    assessor: Assessor, text: str, samples: Floats
) -> None:
    half = samples[: round(2.2 * SAMPLE_RATE)]
    silence = np.zeros(round((END_SILENCE_SECONDS + 1.0) * SAMPLE_RATE), np.float32)
    *_, last = positions(assessor.follow(text), np.concatenate([half, silence]), 1_600)
    assert last.end == "silence"
    assert last.current is not None


def test_words_passed_have_preliminary_scores_in_the_order_of_the_text(
    assessor: Assessor, text: str, samples: Floats
) -> None:
    *_, last = positions(assessor.follow(text), samples, 800)
    assert [word.text for word in last.words] == text.rstrip(".").split()
    assert [word.index for word in last.words] == list(range(14))
    assert all(word.is_read and word.score is not None and 50.0 < word.score <= 100.0 for word in last.words)
    assert all(one.end <= two.start for one, two in zip(last.words, last.words[1:], strict=False))


def test_skipped_word_is_told_as_not_read(assessor: Assessor, text: str, samples: Floats) -> None:
    follower = assessor.follow(text.replace("will walk", "will slowly walk"))
    *_, last = positions(follower, samples, 800)
    assert [word.text for word in last.words if not word.is_read] == ["slowly"]
    assert [word.score for word in last.words if not word.is_read] == [None]


def test_level_is_that_of_the_newest_block(assessor: Assessor, text: str) -> None:
    follower = assessor.follow(text)
    assert follower.feed(np.zeros(800, np.float32)).level == -120.0
    assert follower.feed(np.ones(800, np.float32)).level == 0.0
    assert follower.feed(np.full(800, 0.1, np.float32)).level == pytest.approx(-20.0, abs=0.05)
    assert follower.feed(np.zeros(0, np.float32)).level == pytest.approx(-20.0, abs=0.05)


def test_too_little_audio_cannot_be_assessed(assessor: Assessor, text: str) -> None:
    follower = assessor.follow(text)
    follower.feed(np.zeros(100, np.float32))
    with pytest.raises(RecordingError, match="too short"):
        follower.finish()


def test_a_text_without_words_cannot_be_followed(assessor: Assessor) -> None:
    with pytest.raises(TextError):
        assessor.follow("…")
