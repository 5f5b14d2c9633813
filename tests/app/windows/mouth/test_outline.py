"""The drawings of the mouth: nothing goes through anything, and phones look as they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.windows.mouth.curves import held_within, smooth
from app.windows.mouth.front import front_outline
from app.windows.mouth.outline import side_outline
from app.windows.mouth.shape import articulation, between
from assessment.phones import FEATURES, PHONES

positions = st.sampled_from([position for phone in PHONES for position in articulation(phone)])
shares = st.floats(0.0, 1.0)


def crossings(curve, wall):
    """Count the pairs of pieces of two lines that cross."""
    p, r = curve[:-1, None], np.diff(curve, axis=0)[:, None]
    q, s = wall[None, :-1], np.diff(wall, axis=0)[None]

    def cross(a, b):
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]

    with np.errstate(divide="ignore", invalid="ignore"):
        t, u = cross(q - p, s) / cross(r, s), cross(q - p, r) / cross(r, s)
    return int(((t >= 0) & (t <= 1) & (u >= 0) & (u <= 1)).sum())


def side(phone, which=0):
    return side_outline(articulation(phone)[which])


def front(phone):
    return front_outline(articulation(phone)[0])


def room(outline):
    """Return the least distance between the tongue and what is above it."""
    apart = np.linalg.norm(outline.tongue_surface[:, None] - outline.above[None], axis=2)
    return apart.min()


def height(curve):
    return np.ptp(curve[:, 1])


def width(curve):
    return np.ptp(curve[:, 0])


@settings(max_examples=120, deadline=None)
@given(positions, positions, shares)
def test_the_tongue_never_crosses_roof_teeth_throat_or_floor(a, b, share):
    outline = side_outline(between(a, b, share))
    closed = np.vstack([outline.tongue, outline.tongue[:1]])
    assert crossings(closed, outline.above) == 0
    assert crossings(outline.tongue_surface, outline.below) == 0


def test_the_check_for_crossings_finds_one():
    assert crossings(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])) == 1


@settings(max_examples=60, deadline=None)
@given(positions, positions, shares)
def test_all_that_matters_stays_in_the_unit_square(a, b, share):
    outline = side_outline(between(a, b, share))
    for curve in (outline.tongue, outline.stream, outline.upper_lip, outline.lower_lip, *outline.noise):
        assert np.isfinite(curve).all()
        assert curve.min() >= 0.0
        assert curve.max() <= 1.0
    seen = front_outline(between(a, b, share))
    assert seen.lips.min() >= 0.0
    assert seen.lips.max() <= 1.0


@settings(max_examples=60, deadline=None)
@given(positions, positions, st.floats(0.01, 0.98))
def test_a_small_step_of_the_slider_is_a_small_step_of_the_tongue(a, b, share):
    before, after = (side_outline(between(a, b, s)).tongue for s in (share, share + 0.01))
    apart = np.linalg.norm(after[:, None] - before[None], axis=2)
    assert max(apart.min(axis=0).max(), apart.min(axis=1).max()) < 0.03


@pytest.mark.parametrize("phone", PHONES)
def test_lips_close_only_for_bilabial_stops_and_nasals(phone):
    opening = height(front(phone).opening)
    assert (opening < 0.005) == (FEATURES[phone].place == "bilabial")


@pytest.mark.parametrize("phone", ["T", "D", "N", "L", "K", "G", "NG", "CH", "JH"])
def test_the_tongue_touches_the_roof_for_stops_nasals_and_l(phone):
    assert room(side(phone)) < 0.012
    assert side(phone).focus.strength == 1.0


@pytest.mark.parametrize("phone", ["S", "Z", "SH", "ZH", "Y"])
def test_fricatives_leave_a_narrow_way(phone):
    assert 0.008 < room(side(phone)) < 0.03
    assert not side(phone).blocked


@pytest.mark.parametrize("phone", [p for p, f in FEATURES.items() if f.kind == "vowel"])
def test_vowels_leave_the_way_open_and_point_at_nothing(phone):
    if phone != "ER":
        assert side(phone).focus.strength == 0.0
    assert not side(phone).blocked


@pytest.mark.parametrize("phone", ["P", "B", "T", "D", "K", "G", "M", "N", "NG"])
def test_stops_and_nasals_block_the_air_in_the_mouth(phone):
    assert side(phone).blocked


def test_the_tip_is_beyond_the_teeth_for_th_and_behind_them_for_s():
    teeth = side("TH").upper_tooth[:, 0].min()
    assert side("TH").tongue[:, 0].min() < teeth
    assert side("S").tongue[:, 0].min() > teeth
    assert front("TH").tongue_before_teeth
    assert not front("S").tongue_before_teeth


def test_the_contact_is_further_back_for_k_than_for_ch_and_for_ch_than_for_t():
    t, ch, k = (side(phone).focus.line[:, 0].mean() for phone in ("T", "CH", "K"))
    assert t < ch < k


def test_the_velum_hangs_for_nasals():
    lowest = [side(phone).palate[side(phone).palate[:, 0] > 0.6][:, 1].max() for phone in ("N", "D")]
    assert lowest[0] > lowest[1]


def test_the_tongue_is_highest_at_the_front_for_iy_and_at_the_back_for_uw():
    def peak(phone):
        surface = side(phone).tongue_surface
        return surface[surface[:, 1].argmin()]

    assert peak("IY")[0] < peak("UW")[0]
    assert peak("IY")[1] < peak("EH")[1] < peak("AA")[1]


def test_the_lower_lip_is_at_the_upper_teeth_for_f():
    edge = side("F").upper_tooth[:, 1].max()
    assert abs(side("F").lower_lip[:, 1].min() - edge) < 0.02


def test_rounded_lips_are_narrow_and_spread_ones_wide():
    assert width(front("UW").opening) < 0.7 * width(front("AH").opening) < width(front("IY").opening)
    assert height(front("AA").opening) > 2.5 * height(front("IY").opening)


def test_the_lips_stand_out_for_w():
    assert side("W").upper_lip[:, 0].min() < side("IY").upper_lip[:, 0].min() - 0.03


def test_sides_are_drawn_lower_for_l_higher_for_s_and_not_for_t():
    def lift(phone):
        outline = side(phone)
        middle = outline.tongue_surface[70 : 70 + len(outline.tongue_sides)]
        return (outline.tongue_sides - middle)[:, 1].mean()

    assert lift("L") > 0.01
    assert lift("S") < -0.005
    assert side("T").tongue_sides is None


def test_the_folds_wave_with_voice_only():
    assert height(np.vstack(side("Z").voice)) > 0.03
    assert height(np.vstack(side("S").voice)) == pytest.approx(0.0)


def test_a_smooth_curve_goes_through_its_points():
    points = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0], [4.0, 4.0]])
    curve = smooth(points, steps=7)
    assert np.allclose(curve[::7], points)
    assert len(smooth(points, closed=True, steps=7)) == 28


def test_points_behind_a_wall_are_pulled_before_it_and_others_stay():
    wall = np.array([[2.0, -5.0], [2.0, 5.0]])
    held = held_within(np.array([[4.0, 0.0], [1.0, 1.0]]), np.array([0.0, 0.0]), wall, 0.5)
    assert np.allclose(held, [[1.5, 0.0], [1.0, 1.0]])
