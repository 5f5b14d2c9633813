"""Positions of the mouth: every phone has one, they differ as phones do, and they can be mixed."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.windows.mouth.shape import PLACES, Articulation, articulation, between
from assessment.phones import FEATURES, PHONES

phones = st.sampled_from(PHONES)
shares = st.floats(0.0, 1.0)


@pytest.mark.parametrize("phone", PHONES)
def test_every_phone_has_a_position_and_those_that_move_have_two(phone):
    moves = FEATURES[phone].glide is not None or FEATURES[phone].manner == "affricate"
    assert len(articulation(phone)) == (2 if moves else 1)


@pytest.mark.parametrize("phone", PHONES)
def test_voicing_and_nose_are_those_of_the_phone(phone):
    for position in articulation(phone):
        assert position.voicing == float(FEATURES[phone].voiced)
        assert position.velum == float(FEATURES[phone].manner == "nasal")


def test_stress_does_not_matter():
    assert articulation("IY1") == articulation("IY0") == articulation("IY")


def test_there_is_no_position_for_what_is_no_phone():
    with pytest.raises(KeyError):
        articulation("XX")


def test_numbers_outside_the_range_are_refused():
    with pytest.raises(ValueError, match=r"jaw must be from 0 to 1, not 1\.5"):
        Articulation(jaw=1.5)


@given(phones, phones)
def test_a_mix_begins_and_ends_with_its_ends(first, second):
    a, b = articulation(first)[0], articulation(second)[-1]
    assert between(a, b, 0.0) == a
    assert between(a, b, 1.0) == b
    assert between(a, b, -3.0) == a
    assert between(a, b, 3.0) == b


@given(phones, phones, shares)
def test_a_mix_lies_between_its_ends(first, second, share):
    a, b = articulation(first)[0], articulation(second)[-1]
    for low, high, mixed in zip(astuple(a), astuple(b), astuple(between(a, b, share)), strict=True):
        assert min(low, high) - 1e-12 <= mixed <= max(low, high) + 1e-12


def test_the_tip_is_further_forward_for_th_than_for_s_and_for_s_than_for_sh():
    th, s, sh = (articulation(phone)[0] for phone in ("TH", "S", "SH"))
    assert th.tip_advance > s.tip_advance > sh.tip_advance
    assert th.place < s.place < sh.place
    assert s.groove > th.groove


def test_m_closes_the_lips_and_opens_the_nose():
    m = articulation("M")[0]
    assert m.lip_opening == 0.0
    assert m.velum == 1.0


def test_rounded_vowels_are_narrower_at_the_lips_than_their_neighbours():
    assert articulation("UW")[0].lip_opening < articulation("IY")[0].lip_opening
    assert articulation("UW")[0].lip_rounding > articulation("UH")[0].lip_rounding > 0.0
    assert articulation("IY")[0].lip_spread > articulation("IH")[0].lip_spread > 0.0


def test_the_jaw_opens_for_low_vowels():
    jaws = [articulation(phone)[0].jaw for phone in ("IY", "IH", "EH", "AE", "AA")]
    assert jaws == sorted(jaws)


def test_an_affricate_begins_closed_and_ends_as_its_fricative():
    closed, released = articulation("CH")
    assert closed.degree == 1.0
    assert released == articulation("SH")[0]


def test_a_diphthong_ends_near_the_vowel_that_it_glides_to():
    assert articulation("AY")[1] == articulation("IH")[0]
    assert articulation("OW")[1] == articulation("UH")[0]


def test_only_voiceless_stops_puff():
    assert articulation("P")[0].noise > articulation("B")[0].noise == 0.0


def test_places_go_from_the_lips_to_the_throat():
    order = ["bilabial", "labiodental", "dental", "alveolar", "postalveolar", "palatal", "velar", "glottal"]
    assert sorted(order, key=PLACES.__getitem__) == order
