"""A model reading knows where its words are, and its melody follows a learner's words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from app.voice.espeak import EspeakVoice
from app.voice.hibari import HibariVoice
from app.voice.model_reading import MARGIN_SECONDS, ModelReading, aligned_pitch, read_model
from app.voice.recorded import RecordedVoice
from app.voice.speech import Spoken, VoiceError
from assessment import Assessor, Recording, ReferenceText
from assessment.control import Control
from assessment.errors import Cancelled
from assessment.pitch import PitchTrack
from assessment.results import Assessment, ErrorType, Word

TEXT = ReferenceText.parse("I live in London, and like to read at home. Is it far?")


@pytest.fixture(scope="module")
def model(assessor: Assessor) -> ModelReading:
    return read_model(assessor, HibariVoice(), TEXT)


@pytest.fixture(scope="module")
def assessed(assessor: Assessor, model: ModelReading) -> Assessment:
    return assessor.assess(model.recording, TEXT)


def check_times(model: ModelReading, words: int) -> None:
    assert len(model.words) == words
    assert all(start < end for start, end in model.words)
    assert all(one[1] <= two[0] for one, two in pairwise(model.words))
    assert model.words[0][0] >= 0.0
    assert model.words[-1][1] <= model.recording.duration
    assert model.recording.duration == pytest.approx(model.spoken.duration, abs=0.001)
    assert all(model.words[phone.word][0] <= phone.start for phone in model.phones)
    assert all(phone.end <= model.words[phone.word][1] for phone in model.phones)


def test_words_are_in_order_and_inside_the_recording(model: ModelReading) -> None:
    check_times(model, len(TEXT.words))


def test_phones_are_those_that_were_said(model: ModelReading) -> None:
    words = [
        [phone.symbol for phone in model.phones if phone.word == word] for word in range(len(model.words))
    ]
    assert words[1] == ["L", "IH1", "V"]
    assert words[7] == ["R", "IY1", "D"]


def test_a_phrase_with_a_pause_lies_around_it(model: ModelReading) -> None:
    after_home = model.words[10][0] - model.words[9][1]
    within = [two[0] - one[1] for one, two in pairwise(model.words[:10])]
    assert after_home > 0.3
    assert after_home > 2.0 * max(within)


def test_pitch_and_loudness_follow_the_sound(model: ModelReading) -> None:
    assert len(model.pitch.hz) == -(-len(model.recording.samples) // 160)
    median = model.pitch.median
    assert median is not None
    assert 140.0 < median < 280.0


def test_a_word_is_cut_out_with_faded_margins(model: ModelReading) -> None:
    start, end = model.words[3]
    samples = model.slice(3, 4)
    assert len(samples) / model.recording_rate == pytest.approx(end - start + 2 * MARGIN_SECONDS, abs=0.001)
    assert samples[0] == samples[-1] == 0.0
    middle = len(samples) // 2
    first = round((start - MARGIN_SECONDS) * model.recording_rate)
    assert samples[middle] == model.spoken.samples[first + middle]


def test_a_word_that_was_cut_out_is_understood(model: ModelReading, assessor: Assessor) -> None:
    word = np.pad(model.slice(3, 4), 4_800)
    result = assessor.assess(Recording.from_samples(word, model.recording_rate), "London")
    assert result.words[0].syllables
    assert result.words[0].accuracy > 60.0


def test_all_words_are_the_whole_sound(model: ModelReading) -> None:
    assert np.array_equal(model.slice(0, len(model.words)), model.spoken.samples)


@pytest.mark.parametrize("span", [(3, 3), (-1, 2), (0, 99)])
def test_words_that_do_not_exist_cannot_be_cut_out(model: ModelReading, span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no words"):
        model.slice(*span)


def test_every_voice_makes_a_model(assessor: Assessor, model: ModelReading, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "lesson.wav", model.recording.samples, 16_000)
    for voice in (EspeakVoice(), RecordedVoice(tmp_path / "lesson.wav")):
        check_times(read_model(assessor, voice, TEXT), len(TEXT.words))


def test_a_long_text_without_punctuation_is_read_to_its_end(assessor: Assessor) -> None:
    reference = ReferenceText.parse("we went along the river until it was late " * 12)
    check_times(read_model(assessor, HibariVoice(), reference), 108)


def test_progress_rises_to_the_end(assessor: Assessor) -> None:
    shares: list[float] = []
    read_model(assessor, HibariVoice(), TEXT, Control(shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


@pytest.mark.parametrize("moment", [0.1, 0.3, 0.9])
def test_it_can_be_stopped_at_any_moment(assessor: Assessor, moment: float) -> None:
    control = Control(lambda share: control.cancel() if share >= moment else None)
    with pytest.raises(Cancelled):
        read_model(assessor, HibariVoice(), TEXT, control)


def test_a_text_that_would_take_hours_is_refused(assessor: Assessor) -> None:
    with pytest.raises(VoiceError, match=r"5,001 words.*5,000"):
        read_model(assessor, HibariVoice(), ReferenceText.parse("go " * 5_001))


def test_a_recording_that_is_too_short_for_the_text_is_refused(assessor: Assessor, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "short.wav", 0.1 * np.sin(np.arange(3_200)), 16_000)
    with pytest.raises(VoiceError, match=r"0\.2 s, too short for the 13 words"):
        read_model(assessor, RecordedVoice(tmp_path / "short.wav"), TEXT)


# --- the melody over the learner's words ------------------------------------------------------------


def test_the_melody_of_the_same_reading_stays_where_it_is(model: ModelReading, assessed: Assessment) -> None:
    times, semitones = aligned_pitch(model, assessed)
    places = np.searchsorted(model.pitch.times, times)
    own = np.interp(times, model.pitch.times, model.pitch.semitones())
    both = ~np.isnan(own) & ~np.isnan(semitones)
    assert places.max() <= len(model.pitch.times)
    assert both.sum() > 100
    assert np.median(np.abs(own[both] - semitones[both])) < 0.5


def test_what_the_learner_left_out_has_no_melody(model: ModelReading, assessed: Assessment) -> None:
    left_out = assessed.words[3]
    words = list(assessed.words)
    words[3] = replace(left_out, end=left_out.start, syllables=(), error=ErrorType.OMISSION)
    times, semitones = aligned_pitch(model, replace(assessed, words=tuple(words)))
    inside = (times > left_out.start) & (times < left_out.end)
    assert not inside.any()
    following = int(np.searchsorted(times, words[4].start))
    assert np.isnan(semitones[following])


def test_words_beside_the_text_do_not_shift_it(model: ModelReading, assessed: Assessment) -> None:
    extra = replace(assessed.words[2], error=ErrorType.INSERTION, syllables=())
    words = (*assessed.words[:3], extra, *assessed.words[3:])
    with_extra = aligned_pitch(model, replace(assessed, words=words))
    without = aligned_pitch(model, assessed)
    assert all(np.array_equal(*pair, equal_nan=True) for pair in zip(with_extra, without, strict=True))


def test_another_text_is_refused(model: ModelReading, assessed: Assessment) -> None:
    with pytest.raises(ValueError, match="12"):
        aligned_pitch(model, replace(assessed, words=assessed.words[:-1]))


LENGTHS = st.tuples(st.floats(0.0, 0.3), st.floats(0.03, 0.6))


def spans(lengths: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Words after a gap each."""
    found, now = [], 0.05
    for gap, length in lengths:
        found.append((now + gap, now + gap + length))
        now = found[-1][1]
    return found


@given(data=st.data())
def test_melodies_lie_in_the_learners_words(
    assessed_word: Word, assessed: Assessment, data: st.DataObject
) -> None:
    mine = spans(data.draw(st.lists(LENGTHS, min_size=1, max_size=6)))
    theirs = spans(data.draw(st.lists(LENGTHS, min_size=len(mine), max_size=len(mine))))
    read = data.draw(st.lists(st.booleans(), min_size=len(mine), max_size=len(mine)))
    frames = round(theirs[-1][1] * 100.0) + 10
    pitch = PitchTrack(np.linspace(100.0, 200.0, frames, dtype=np.float32))
    samples = np.full(160 * frames, 0.1, np.float32)
    samples[::2] *= -1.0
    model = ModelReading(
        Spoken(samples, 16_000),
        Recording.from_samples(samples, 16_000),
        tuple(theirs),
        (),
        pitch,
    )
    words = tuple(
        replace(assessed_word, start=start, end=end, syllables=assessed_word.syllables if was_read else ())
        for (start, end), was_read in zip(mine, read, strict=True)
    )
    times, semitones = aligned_pitch(model, replace(assessed, words=words))
    assert times.shape == semitones.shape
    assert (np.diff(times) > 0.0).all()
    voiced = times[~np.isnan(semitones)]
    inside = [
        (start < voiced) & (voiced < end) for (start, end), said in zip(mine, read, strict=True) if said
    ]
    assert np.sum(inside, axis=0).sum() == len(voiced)
    # The melody rises all the way, as that of the model does.
    assert (np.diff(semitones[~np.isnan(semitones)]) > 0.0).all()


@pytest.fixture(scope="module")
def assessed_word(assessed: Assessment) -> Word:
    return assessed.words[0]
