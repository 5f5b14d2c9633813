from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.windows.sound.envelope import Envelope
from assessment.audio import SAMPLE_RATE


@st.composite
def views(draw: st.DrawFn) -> tuple[np.ndarray, int, int, int]:
    """Return samples, a stretch of them, and how many columns to draw it on."""
    length = draw(st.integers(1, 40_000))
    samples = np.random.default_rng(draw(st.integers(0, 99))).standard_normal(length).astype(np.float32)
    start = draw(st.integers(0, length - 1))
    return samples, start, draw(st.integers(start + 1, length)), draw(st.integers(1, 400))


@given(views())
def test_every_column_holds_the_extremes_of_its_samples(view):
    samples, start, end, columns = view
    outline = Envelope.of(samples).outline(start, end, columns)
    assert np.all(outline.low <= outline.high)
    for column, (low, high) in enumerate(zip(outline.low, outline.high, strict=True)):
        first = outline.first + column * outline.size
        inside = samples[first : first + outline.size]
        assert (low, high) == (inside.min(), inside.max())


@given(views())
def test_an_outline_covers_the_stretch_and_hardly_more(view):
    samples, start, end, columns = view
    outline = Envelope.of(samples).outline(start, end, columns)
    assert outline.first <= start < outline.first + outline.size
    assert end <= outline.first + len(outline.low) * outline.size < end + outline.size
    assert outline.low.min() <= samples[start:end].min()
    assert outline.high.max() >= samples[start:end].max()


@given(views())
def test_there_are_about_as_many_columns_as_wanted(view):
    samples, start, end, columns = view
    found = len(Envelope.of(samples).outline(start, end, columns).low)
    assert min(columns, end - start) <= found <= 2 * columns + 2


def test_columns_stand_still_while_the_stretch_moves():
    samples = np.random.default_rng(1).standard_normal(200_000).astype(np.float32)
    envelope = Envelope.of(samples)
    one, other = envelope.outline(0, 100_000, 500), envelope.outline(7_777, 107_777, 500)
    shared = sorted(set(one.times) & set(other.times))
    assert len(shared) > 400
    assert np.array_equal(one.low[np.isin(one.times, shared)], other.low[np.isin(other.times, shared)])


def test_single_samples_stand_at_their_times():
    samples = np.linspace(-1.0, 1.0, 100, dtype=np.float32)
    outline = Envelope.of(samples).outline(10, 20, 50)
    assert np.allclose(outline.times, np.arange(10, 20) / SAMPLE_RATE)
    assert np.array_equal(outline.low, samples[10:20])


@given(views())
def test_the_peak_is_the_sample_furthest_from_zero(view):
    samples = view[0]
    assert Envelope.of(samples).peak == np.abs(samples).max()
