from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.windows.sound.data import Bars, Curve, PhoneSpan, Tier, WordSpan, sound_data
from assessment import Recording
from assessment.audio import SAMPLE_RATE
from assessment.control import Control
from assessment.errors import Cancelled
from assessment.results import ErrorType
from tests.assessment.examples import flawed_reading, good_reading


def voice(seconds: float) -> Recording:
    """Return a buzz that rises from 120 to 240 Hz, after a tenth of silence and before another."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2.0 * np.pi * np.cumsum(120.0 * 2.0 ** (time / seconds)) / SAMPLE_RATE
    buzz = sum(np.sin(number * phase) / number for number in range(1, 12))
    loud = (time > 0.1 * seconds) & (time < 0.9 * seconds)
    return Recording.from_samples((0.2 * buzz * loud).astype(np.float32), SAMPLE_RATE)


@pytest.fixture(scope="module")
def data():
    return sound_data(voice(3.2), flawed_reading())


def test_pitch_is_told_in_semitones_around_the_median(data):
    assert np.nanmedian(data.pitch.values) == pytest.approx(0.0, abs=0.1)
    middle = np.isfinite(data.pitch.values)
    low, high = data.pitch.spread(0.02, 0.98)
    assert high - low == pytest.approx(0.8 * 12.0, abs=1.0)
    assert np.polyfit(data.pitch.times[middle], data.pitch.values[middle], 1)[0] == pytest.approx(
        3.75, abs=0.2
    )


def test_loudness_falls_where_nobody_speaks(data):
    loud = np.interp([0.1, 1.6, 3.1], data.loudness.times, data.loudness.values)
    assert loud[1] > -20.0
    assert max(loud[0], loud[2]) < -60.0


def test_words_that_were_left_out_have_no_place(data):
    shown = {span.index for span in data.words.spans}
    words = data.assessment.words
    assert shown == {index for index, word in enumerate(words) if word.error is not ErrorType.OMISSION}
    assert {index for index, word in enumerate(words) if word.error is ErrorType.REPETITION} <= shown


def test_every_phone_knows_its_word(data):
    for span in data.phones.spans:
        assert span.phone in data.assessment.words[span.index].phones
    assert len(data.phones.spans) == sum(len(word.phones) for word in data.assessment.words)


def test_the_span_at_a_time_is_found(data):
    for span in data.words.spans:
        middle = (span.start + span.end) / 2.0
        assert data.words.at(middle).start <= middle < data.words.at(middle).end
    assert data.words.at(0.05) is None
    assert data.words.at(3.19) is None


def test_the_computation_tells_its_progress_and_can_be_stopped():
    shares: list[float] = []
    sound_data(voice(2.5), good_reading(), Control(shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        sound_data(voice(2.5), good_reading(), control)


@given(st.integers(1, 3000), st.integers(0, 99), st.floats(0.0, 0.9), st.floats(0.01, 1.0))
def test_phones_that_are_not_right_are_never_hidden_by_those_that_are(count, seed, start, length):
    phones = flawed_reading().words[4].phones
    rng = np.random.default_rng(seed)
    edges = np.sort(rng.uniform(0.0, 10.0, count + 1))
    spans = [
        PhoneSpan(0, _moved(phones[int(rng.random() < 0.1) ^ 1], first, last))
        for first, last in pairwise(edges)
    ]
    tier = Tier.of(spans)
    begin, end = 10.0 * start, min(10.0 * (start + length), 10.0)
    place = (end - begin) / 300.0
    shown = tier.visible(begin, end, place)
    assert len(shown) <= 304
    assert np.all(np.diff(shown) > 0)
    flawed_places = {int(tier.starts[number] // place) for number in shown if tier.flaws[number] > 0}
    for number in np.flatnonzero((tier.starts < end) & (tier.ends > begin) & (tier.flaws > 0)):
        assert int(tier.starts[number] // place) in flawed_places


def _moved(phone, start, end):
    return type(phone)(phone.symbol, start, end, phone.score, phone.gop, phone.verdict, phone.candidates)


def curves() -> st.SearchStrategy[Curve]:
    values = st.lists(st.floats(-20, 20, width=32) | st.just(float("nan")), min_size=1, max_size=400)
    return values.map(lambda numbers: Curve.of(0.01 * np.arange(len(numbers)), numbers))


@given(curves(), st.floats(0.0, 2.0), st.floats(0.02, 4.0), st.integers(1, 60))
def test_bars_hold_all_the_values_of_their_stretch(curve, start, length, columns):
    end = start + length
    bars = curve.bars(start, end, columns)
    assert len(bars.times) <= 2 * columns + 2
    there = np.isfinite(bars.low)
    assert np.all(bars.low[there] <= bars.high[there])
    inside = curve.values[(curve.times >= start) & (curve.times <= end)]
    if np.isfinite(inside).any():
        assert np.nanmin(bars.low) <= np.nanmin(inside)
        assert np.nanmax(bars.high) >= np.nanmax(inside)


@given(curves(), st.floats(0.0, 2.0), st.floats(0.02, 4.0))
def test_a_line_runs_on_to_the_edges_of_its_stretch(curve, start, length):
    line = curve.between(start, start + length)
    assert len(line.times) == 0 or line.times[0] <= start or line.times[0] == curve.times[0]
    assert len(line.times) == 0 or line.times[-1] >= start + length or line.times[-1] == curve.times[-1]
    for time, value in zip(curve.times, curve.values, strict=True):
        if start <= time <= start + length:
            assert np.array_equal(line.values[line.times == time], [value], equal_nan=True)


@given(curves())
def test_joined_bars_leave_no_gaps_and_lose_nothing(curve):
    whole = Curve.of(curve.times, np.nan_to_num(curve.values))
    bars = whole.bars(0.0, 4.0, 30)
    joined = bars.joined()
    assert np.all(joined.low <= bars.low)
    assert np.all(joined.high >= bars.high)
    assert np.all(joined.low[1:] <= bars.high[:-1])
    assert np.all(joined.high[1:] >= bars.low[:-1])


def test_a_curve_is_parted_where_the_reader_pauses():
    curve = Curve.of([0.0, 0.01, 0.02, 0.8, 0.81], [1.0, 1.0, 1.0, 2.0, 2.0]).parted(0.1)
    assert np.array_equal(np.isnan(curve.values), [False, False, False, True, False, False])
    assert np.all(np.diff(curve.times) > 0)


def test_a_sampled_curve_has_the_values_between_the_points_and_no_others():
    curve = Curve.of([0.0, 1.0, 2.0, 3.0], [0.0, 10.0, np.nan, 4.0])
    sampled = curve.sampled(-1.0, 4.0, 0.5)
    there = dict(zip(sampled.times.tolist(), sampled.values.tolist(), strict=True))
    assert (there[0.0], there[0.5], there[1.0], there[3.0]) == (0.0, 5.0, 10.0, 4.0)
    assert all(np.isnan(there[time]) for time in (-1.0, -0.5, 1.5, 2.0, 2.5, 3.5, 4.0))


def test_times_and_values_must_belong_together():
    with pytest.raises(ValueError, match="shape"):
        Curve.of([0.0, 1.0], [1.0])


def test_a_curve_without_values_has_no_spread():
    assert Curve.of([0.0, 1.0], [np.nan, np.nan]).spread(0.0, 1.0) is None


def test_spans_without_a_length_are_left_out():
    mark, *rest = good_reading().words
    spans = [WordSpan(0, replace(mark, end=mark.start)), *(WordSpan(1, word) for word in rest)]
    assert [span.word for span in Tier.of(spans).spans] == rest


def test_bars_keep_their_shape_when_joined():
    bars = Bars(np.arange(3.0), np.float32([0, 5, 1]), np.float32([1, 6, 2])).joined()
    assert bars.low.tolist() == [0, 1, 1]
    assert bars.high.tolist() == [1, 6, 5]
