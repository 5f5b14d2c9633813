"""Variants of natives: what is said in running speech is no error, what learners confuse is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.phones import PHONES, is_vowel
from assessment.results import NO_PHONE
from assessment.variants import FUNCTION_WORDS, TOUCH_SECONDS, Context, contexts, is_native_variant

STEP = 0.08


def context(text: str) -> tuple[str, Context]:
    """Read "get:G EH1 [T] | it:IH0 T": words with their phones, the phone in question in brackets."""
    words = [part.strip().split(":") for part in text.split("|")]
    phones = [(number, symbol) for number, (_, said) in enumerate(words) for symbol in said.split()]
    (place,) = [row for row, (_, symbol) in enumerate(phones) if symbol.startswith("[")]
    placed = [
        (number, symbol.strip("[]"), STEP * row, STEP * (row + 1))
        for row, (number, symbol) in enumerate(phones)
    ]
    return placed[place][1], contexts(placed, [word for word, _ in words])[place]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        # Taps.
        ("city:S IH1 [T] IY0", "D"),
        ("ladder:L AE1 [D] ER0", "T"),
        ("party:P AA1 R [T] IY0", "D"),
        ("get:G EH1 [T] | it:IH1 T", "D"),
        # Elision.
        ("just:JH AH1 S [T] | now:N AW1", NO_PHONE),
        ("old:OW1 L [D] | man:M AE1 N", NO_PHONE),
        ("asked:AE1 S [K] T", NO_PHONE),
        ("good:G UH1 [D] | day:D EY1", NO_PHONE),
        ("twenty:T W EH1 N [T] IY0", NO_PHONE),
        ("button:B AH1 [T] N", NO_PHONE),
        ("and:AE1 N [D]", NO_PHONE),
        ("tell:T EH1 L | him:[HH] IH1 M", NO_PHONE),
        ("clothes:K L OW1 [DH] Z", NO_PHONE),
        ("in:IH1 N | the:[DH] AH0", "N"),
        ("family:F AE1 M [AH0] L IY0", NO_PHONE),
        ("car:K AA1 [R]", NO_PHONE),
        ("new:N [Y] UW1", NO_PHONE),
        ("this:DH IH1 [S] | ship:SH IH1 P", NO_PHONE),
        ("this:DH IH1 [S] | ship:SH IH1 P", "SH"),
        ("calm:K AA1 M | all:AO1 [L] | late:L EY1 T", NO_PHONE),
        ("some:S AH1 [M] | more:M AO1 R", NO_PHONE),
        # Reduced vowels and weak forms.
        ("record:R [EH0] K AO1 R D", "IH"),
        ("can:K [AE1] N", "AH"),
        ("happy:HH AE1 P [IY0]", "IH"),
        ("about:[AH0] B AW1 T", "IH"),
        ("brother:B R AH1 DH [ER0]", "AH"),
        ("bird:B [ER1] D", "R"),
        # Mergers.
        ("caught:K [AO1] T", "AA"),
        ("hot:HH [AA1] T", "AO"),
        ("here:HH [IH1] R", "IY"),
        ("think:TH [IH1] NG K", "IY"),
        # Assimilation.
        ("in:IH1 [N] | bed:B EH1 D", "M"),
        ("in:IH1 [N] | case:K EY1 S", "NG"),
        ("did:D IH1 [D] | you:Y UW1", "JH"),
        ("tree:[T] R IY1", "CH"),
        ("spy:S [P] AY1", "B"),
        ("is:IH1 [Z] | so:S OW1", "S"),
        ("have:HH AE1 [V] | to:T UW1", "F"),
        # Weak consonants.
        ("going:G OW1 IH0 [NG]", "N"),
        ("milk:M IH1 [L] K", "OW"),
        ("on:AA1 N | the:[DH] AH0", "D"),
        ("tree:T [R] IY1", "ER"),
    ],
)
def test_what_natives_say_is_a_variant(text: str, heard: str) -> None:
    expected, where = context(text)
    assert is_native_variant(expected, heard, where)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        # The confusions of learners.
        ("think:[TH] IH1 NG K", "S"),
        ("think:[TH] IH1 NG K", "F"),
        ("brother:B R AH1 [DH] ER0", "D"),
        ("brother:B R AH1 [DH] ER0", "Z"),
        ("very:[V] EH1 R IY0", "W"),
        ("wine:[W] AY1 N", "V"),
        ("red:[R] EH1 D", "L"),
        ("light:[L] AY1 T", "R"),
        ("sit:S [IH1] T", "IY"),
        ("sheep:SH [IY1] P", "IH"),
        ("bad:B [AE1] D", "EH"),
        ("bed:B [EH1] D", "AE"),
        ("zoo:[Z] UW1", "S"),
        ("eyes:AY1 [Z]", "S"),
        ("sing:S IH1 [NG]", "M"),
        ("she:[SH] IY1", "S"),
        ("big:[B] IH1 G", "P"),
        ("day:[D] EY1", "T"),
        ("chair:[CH] EH1 R", "SH"),
        ("book:B [UH1] K", "UW"),
        ("no:[N] OW1", "L"),
        # Dropped finals before a vowel or a pause, dropped beginnings.
        ("bag:B AE1 [G]", NO_PHONE),
        ("house:HH AW1 [S]", NO_PHONE),
        ("late:L EY1 [T]", NO_PHONE),
        ("house:[HH] AW1 S", NO_PHONE),
        ("tell:[T] EH1 L", NO_PHONE),
        ("car:K [AA1] R", "AO"),
        ("tell:T [EH1] L", NO_PHONE),
    ],
)
def test_what_learners_confuse_is_no_variant(text: str, heard: str) -> None:
    expected, where = context(text)
    assert not is_native_variant(expected, heard, where)


def test_h_is_not_dropped_after_a_pause() -> None:
    expected, where = context("he:[HH] IY1")
    assert not is_native_variant(expected, NO_PHONE, where)


def test_neighbours_across_a_pause_do_not_touch() -> None:
    phones = [
        (0, "T", 0.0, 0.1),
        (1, "Y", 0.1 + TOUCH_SECONDS / 2, 0.3),
        (1, "UW1", 0.3 + TOUCH_SECONDS, 0.5),
    ]
    first, second, third = contexts(phones, ["get", "you"])
    assert (first.before, first.after) == (None, "Y")
    assert (second.before, second.after) == ("T", None)
    assert (third.word, third.before, third.is_first, third.is_last) == ("you", None, False, True)
    assert (first.is_first, first.is_last, second.is_first) == (True, True, True)


symbols = st.sampled_from([f"{phone}1" if is_vowel(phone) else phone for phone in PHONES])
places = st.builds(
    Context,
    st.sampled_from(["think", "running", *sorted(FUNCTION_WORDS)]),
    st.none() | symbols,
    st.none() | symbols,
    st.booleans(),
    st.booleans(),
)


@given(symbols, places)
def test_a_phone_is_always_a_variant_of_itself(symbol: str, where: Context) -> None:
    assert is_native_variant(symbol, symbol.rstrip("012"), where)


@given(symbols, st.sampled_from([*PHONES, NO_PHONE]), places)
def test_every_phone_can_be_judged_in_every_place(symbol: str, heard: str, where: Context) -> None:
    assert is_native_variant(symbol, heard, where) in (True, False)


@given(st.sampled_from(["TH", "S", "SH", "F", "V", "Z", "CH", "JH"]), st.sampled_from(PHONES), places)
def test_fricatives_never_become_vowels(symbol: str, heard: str, where: Context) -> None:
    if is_vowel(heard) and heard not in (where.before, where.after):
        touching = {(each or "").rstrip("012") for each in (where.before, where.after)}
        assert heard in touching or not is_native_variant(symbol, heard, where)
