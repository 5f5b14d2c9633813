from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.windows.sound.data import Tier, WordSpan
from app.windows.sound.stretch import Selection, Stretch, walked, words_selected
from tests.assessment.examples import good_reading

WORDS = Tier.of([WordSpan(index, word) for index, word in enumerate(good_reading().words)])
SPANS = WORDS.spans
LAST = len(SPANS) - 1


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    duration = draw(st.floats(0.1, 1800.0))
    zoomed = Stretch.whole(duration).zoomed(draw(st.floats(0.0, duration)), draw(st.floats(1.0, 1000.0)))
    return zoomed.moved(draw(st.floats(-duration, duration)))


def is_inside(stretch: Stretch) -> bool:
    return 0.0 <= stretch.start < stretch.end <= stretch.duration


@given(stretches(), st.floats(0.0, 1.0), st.floats(0.01, 100.0), st.floats(-100.0, 100.0))
def test_what_is_seen_is_always_in_the_recording(stretch, share, factor, seconds):
    at = stretch.start + share * stretch.length
    assert is_inside(stretch.zoomed(at, factor))
    assert is_inside(stretch.moved(seconds))
    assert is_inside(stretch.around(at, min(at + 0.3, stretch.duration)))


@given(stretches(), st.floats(0.05, 0.95), st.floats(1.0, 3.0))
def test_zooming_in_keeps_the_time_at_its_place(stretch, share, factor):
    at = stretch.start + share * stretch.length
    closer = stretch.zoomed(at, factor)
    assert (at - closer.start) / closer.length == pytest.approx(share, abs=1e-6)


@given(stretches(), st.floats(-10.0, 10.0))
def test_moving_keeps_the_length(stretch, seconds):
    assert stretch.moved(seconds).length == pytest.approx(stretch.length, abs=1e-9)


@given(stretches(), st.floats(0.0, 1.0), st.floats(0.001, 0.02))
def test_a_span_is_brought_into_sight(stretch, share, length):
    start = share * (stretch.duration - length)
    moved = stretch.with_inside(start, start + length)
    assert moved.start <= start + 1e-9
    assert moved.end >= start + length - 1e-9
    if stretch.shows(start, start + length):
        assert moved == stretch


def test_zooming_far_out_shows_everything():
    assert Stretch(3.0, 4.0, 60.0).zoomed(3.5, 1e-6).is_whole


def test_around_a_word_something_before_and_after_is_seen():
    seen = Stretch.whole(60.0).around(30.0, 30.5)
    assert seen.start < 29.7
    assert seen.end > 30.8
    assert seen.length < 3.0


def test_without_a_selection_the_first_word_in_sight_is_selected():
    chosen = walked(WORDS, None, 1, extend=False, seen=SPANS[2].start - 0.01)
    assert chosen == words_selected(WORDS, 2, 2)


@given(st.lists(st.sampled_from([-1, 1]), min_size=1, max_size=12))
def test_walking_selects_one_whole_word_after_another(steps):
    chosen, place = words_selected(WORDS, 3, 3), 3
    for step in steps:
        place = min(max(place + step, 0), LAST)
        found = walked(WORDS, chosen, step, extend=False, seen=0.0)
        assert found == words_selected(WORDS, place, place)
        chosen = found


def test_extending_there_and_back_again():
    chosen = words_selected(WORDS, 3, 3)
    for step, first, last in ((1, 3, 4), (1, 3, 5), (-1, 3, 4), (-1, 3, 3), (-1, 2, 3)):
        found = walked(WORDS, chosen, step, extend=True, seen=0.0)
        assert found is not None
        assert (found.start, found.end) == (SPANS[first].start, SPANS[last].end)
        chosen = found


@given(st.floats(0.0, 2.4), st.floats(0.001, 0.5), st.sampled_from([-1, 1]), st.booleans())
def test_from_any_span_a_step_leads_to_words(start, length, step, extend):
    by_hand = Selection(start, min(start + length, 2.5))
    found = walked(WORDS, by_hand, step, extend=extend, seen=0.0)
    assert found is not None
    assert found.start in WORDS.starts
    assert found.end in WORDS.ends
    assert found.end > found.start


def test_from_a_part_of_a_word_a_step_leads_to_the_next_word():
    second = SPANS[2]
    by_hand = Selection(second.start + 0.01, second.start + 0.05)
    assert walked(WORDS, by_hand, 1, extend=False, seen=0.0) == words_selected(WORDS, 3, 3)
    assert walked(WORDS, by_hand, -1, extend=False, seen=0.0) == words_selected(WORDS, 1, 1)
    extended = walked(WORDS, by_hand, 1, extend=True, seen=0.0)
    assert extended == words_selected(WORDS, 2, 3)


def test_without_words_there_is_nothing_to_walk_to():
    empty: Tier[WordSpan] = Tier.of(())
    assert walked(empty, None, 1, extend=False, seen=0.0) is None
