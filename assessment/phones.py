"""The phone inventory: ARPAbet symbols, their IPA and SAPI names, articulation, and syllables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

Kind = Literal["vowel", "consonant"]
Manner = Literal["stop", "affricate", "fricative", "nasal", "lateral", "approximant"]
Place = Literal[
    "bilabial",
    "labiodental",
    "dental",
    "alveolar",
    "postalveolar",
    "palatal",
    "velar",
    "labial-velar",
    "glottal",
]
Height = Literal["high", "near-high", "high-mid", "mid", "low-mid", "near-low", "low"]
Backness = Literal["front", "near-front", "central", "near-back", "back"]


@dataclass(frozen=True, slots=True)
class Features:
    """How a phone of General American is articulated.

    Attributes
    ----------
    kind : {"vowel", "consonant"}
        Whether it can be the nucleus of a syllable.
    voiced : bool
        Whether the vocal folds vibrate; always for vowels.
    manner, place : str or None
        Of a consonant; None for vowels.
    height, backness : str or None
        Position of the tongue at the start of a vowel; None for consonants.
    rounded : bool
        Whether the lips are rounded, at the start of a diphthong.
    rhotic : bool
        Whether it is coloured by r.
    glide : str or None
        The vowel (ARPAbet) towards which a diphthong moves; None for the rest.
    """

    kind: Kind
    voiced: bool = True
    manner: Manner | None = None
    place: Place | None = None
    height: Height | None = None
    backness: Backness | None = None
    rounded: bool = False
    rhotic: bool = False
    glide: str | None = None


def _consonant(manner: Manner, place: Place, *, voiced: bool) -> Features:
    return Features("consonant", voiced, manner, place, rounded=place == "labial-velar")


def _vowel(
    height: Height,
    backness: Backness,
    *,
    rounded: bool = False,
    rhotic: bool = False,
    glide: str | None = None,
) -> Features:
    return Features("vowel", height=height, backness=backness, rounded=rounded, rhotic=rhotic, glide=glide)


FEATURES: Mapping[str, Features] = MappingProxyType(
    {
        "AA": _vowel("low", "back"),
        "AE": _vowel("near-low", "front"),
        "AH": _vowel("mid", "central"),
        "AO": _vowel("low-mid", "back", rounded=True),
        "AW": _vowel("low", "central", glide="UH"),
        "AY": _vowel("low", "central", glide="IH"),
        "B": _consonant("stop", "bilabial", voiced=True),
        "CH": _consonant("affricate", "postalveolar", voiced=False),
        "D": _consonant("stop", "alveolar", voiced=True),
        "DH": _consonant("fricative", "dental", voiced=True),
        "EH": _vowel("low-mid", "front"),
        "ER": _vowel("mid", "central", rhotic=True),
        "EY": _vowel("high-mid", "front", glide="IH"),
        "F": _consonant("fricative", "labiodental", voiced=False),
        "G": _consonant("stop", "velar", voiced=True),
        "HH": _consonant("fricative", "glottal", voiced=False),
        "IH": _vowel("near-high", "near-front"),
        "IY": _vowel("high", "front"),
        "JH": _consonant("affricate", "postalveolar", voiced=True),
        "K": _consonant("stop", "velar", voiced=False),
        "L": _consonant("lateral", "alveolar", voiced=True),
        "M": _consonant("nasal", "bilabial", voiced=True),
        "N": _consonant("nasal", "alveolar", voiced=True),
        "NG": _consonant("nasal", "velar", voiced=True),
        "OW": _vowel("high-mid", "back", rounded=True, glide="UH"),
        "OY": _vowel("low-mid", "back", rounded=True, glide="IH"),
        "P": _consonant("stop", "bilabial", voiced=False),
        "R": Features("consonant", manner="approximant", place="postalveolar", rhotic=True),
        "S": _consonant("fricative", "alveolar", voiced=False),
        "SH": _consonant("fricative", "postalveolar", voiced=False),
        "T": _consonant("stop", "alveolar", voiced=False),
        "TH": _consonant("fricative", "dental", voiced=False),
        "UH": _vowel("near-high", "near-back", rounded=True),
        "UW": _vowel("high", "back", rounded=True),
        "V": _consonant("fricative", "labiodental", voiced=True),
        "W": _consonant("approximant", "labial-velar", voiced=True),
        "Y": _consonant("approximant", "palatal", voiced=True),
        "Z": _consonant("fricative", "alveolar", voiced=True),
        "ZH": _consonant("fricative", "postalveolar", voiced=True),
    }
)
PHONES: tuple[str, ...] = tuple(FEATURES)
SILENCE = "SIL"
# The order of the columns of the acoustic model's posteriors.
MODEL_PHONES: tuple[str, ...] = (*PHONES, SILENCE)
PHONE_INDEX: Mapping[str, int] = MappingProxyType({phone: index for index, phone in enumerate(MODEL_PHONES)})

_STRESS_DIGITS = frozenset("012")
_IPA = {
    "AA": "ɑ",
    "AE": "æ",
    "AH": "ʌ",
    "AO": "ɔ",
    "AW": "aʊ",
    "AY": "aɪ",
    "B": "b",
    "CH": "tʃ",
    "D": "d",
    "DH": "ð",
    "EH": "ɛ",
    "ER": "ɝ",
    "EY": "eɪ",
    "F": "f",
    "G": "ɡ",
    "HH": "h",
    "IH": "ɪ",
    "IY": "i",
    "JH": "dʒ",
    "K": "k",
    "L": "l",
    "M": "m",
    "N": "n",
    "NG": "ŋ",
    "OW": "oʊ",
    "OY": "ɔɪ",
    "P": "p",
    "R": "ɹ",
    "S": "s",
    "SH": "ʃ",
    "T": "t",
    "TH": "θ",
    "UH": "ʊ",
    "UW": "u",
    "V": "v",
    "W": "w",
    "Y": "j",
    "Z": "z",
    "ZH": "ʒ",
}
_UNSTRESSED_IPA = {"AH0": "ə", "ER0": "ɚ"}
_IPA_STRESS = {1: "ˈ", 2: "ˌ"}


def base(symbol: str) -> str:
    """Return a symbol without its stress digit, as ``AA`` for ``AA1``."""
    return symbol[:-1] if symbol[-1:] in _STRESS_DIGITS else symbol


def stress(symbol: str) -> int | None:
    """Return 1 (primary), 2 (secondary) or 0 (none); None where the symbol does not say."""
    return int(symbol[-1]) if symbol[-1:] in _STRESS_DIGITS else None


def stressed_syllable(phones: Sequence[str]) -> int | None:
    """Return which syllable of a word has the main stress, from 0; None if none has."""
    digits = [stress(phone) for phone in phones if is_vowel(phone)]
    return digits.index(1) if 1 in digits else None


def is_vowel(symbol: str) -> bool:
    """Tell whether a symbol, with or without stress, is a vowel."""
    features = FEATURES.get(base(symbol))
    return features is not None and features.kind == "vowel"


def is_phone(symbol: str) -> bool:
    """Tell whether a symbol is ARPAbet; only vowels may carry a stress digit."""
    return symbol in FEATURES or is_vowel(symbol)


def ipa(symbol: str) -> str:
    """Return the IPA of a phone of General American, without stress marks.

    AH0 and ER0 are the reduced vowels ə and ɚ; with stress, or where the symbol does not say,
    they are ʌ and ɝ.

    Raises
    ------
    KeyError
        The symbol is not an ARPAbet phone.
    """
    return _UNSTRESSED_IPA.get(symbol) or _IPA[base(symbol)]


def ipa_word(phones: Sequence[str]) -> str:
    """Return the IPA of a word, with ˈ and ˌ before its stressed syllables.

    A word of one syllable gets no stress mark.

    Raises
    ------
    KeyError
        A symbol is not an ARPAbet phone.
    """
    syllables = syllabify(phones)
    if len(syllables) == 1:
        return "".join(map(ipa, phones))
    return "".join(_stress_mark(syllable) + "".join(map(ipa, syllable)) for syllable in syllables)


def _stress_mark(syllable: Sequence[str]) -> str:
    return next((_IPA_STRESS.get(stress(phone) or 0, "") for phone in syllable if is_vowel(phone)), "")


def sapi(symbol: str) -> str:
    """Return the phoneme name that Azure Speech and SAPI use for en-US.

    They are the lower-case symbols, but for ``h`` (HH) and ``ax`` (AH0).

    Raises
    ------
    KeyError
        The symbol is not an ARPAbet phone.
    """
    phone = base(symbol)
    if phone not in FEATURES:
        raise KeyError(symbol)
    return {"AH0": "ax", "HH": "h"}.get(symbol, phone.lower())


# Positions on scales from 0 to 1, used by feature_distance.
_HEIGHTS: dict[Height | None, float] = {
    "high": 1.0,
    "near-high": 0.85,
    "high-mid": 0.7,
    "mid": 0.5,
    "low-mid": 0.35,
    "near-low": 0.15,
    "low": 0.0,
}
_BACKNESSES: dict[Backness | None, float] = {
    "front": 0.0,
    "near-front": 0.25,
    "central": 0.5,
    "near-back": 0.75,
    "back": 1.0,
}
# Lips to glottis. W is made at both ends of the mouth; its place is heard at the lips.
_PLACES: dict[Place | None, float] = {
    "bilabial": 0.0,
    "labial-velar": 0.1,
    "labiodental": 0.15,
    "dental": 0.3,
    "alveolar": 0.4,
    "postalveolar": 0.55,
    "palatal": 0.65,
    "velar": 0.8,
    "glottal": 1.0,
}
# How unlike two manners are; those not listed share nothing.
_MANNERS: dict[frozenset[Manner | None], float] = {
    frozenset(("stop", "affricate")): 0.3,
    frozenset(("affricate", "fricative")): 0.3,
    frozenset(("lateral", "approximant")): 0.3,
    frozenset(("stop", "fricative")): 0.5,
    frozenset(("stop", "nasal")): 0.5,
    frozenset(("nasal", "lateral")): 0.5,
    frozenset(("fricative", "approximant")): 0.6,
}
# A glide and the vowel that it starts from are the same gesture at another speed.
_GLIDES = (frozenset(("Y", "IY")), frozenset(("W", "UW")), frozenset(("R", "ER")))
_GLIDE_DISTANCE = 0.4


def feature_distance(a: str, b: str) -> float:
    """Return how differently two phones are articulated.

    Two consonants differ by place (weight 0.4; distance on a scale from the lips to the glottis),
    manner (0.35; a table of related manners), voicing (0.15) and r-colour (0.1). Two vowels differ
    by height (0.4), backness (0.3), rounding (0.15) and r-colour (0.15), at the start (weight 0.6)
    and at the end (0.4), which differ for diphthongs. A vowel and a consonant are at 1, but Y and
    IY, W and UW, R and ER at 0.4. The scales and weights are ours, chosen by phonetic judgement, not fitted.

    Parameters
    ----------
    a, b : str
        ARPAbet; stress is ignored.

    Returns
    -------
    float
        In [0, 1], symmetric; 0 only for the same phone.

    Raises
    ------
    KeyError
        A symbol is not an ARPAbet phone.
    """
    first, second = FEATURES[base(a)], FEATURES[base(b)]
    if first.kind != second.kind:
        return _GLIDE_DISTANCE if frozenset((base(a), base(b))) in _GLIDES else 1.0
    if first.kind == "consonant":
        return _consonant_distance(first, second)
    return 0.6 * _vowel_distance(first, second) + 0.4 * _vowel_distance(_vowel_end(first), _vowel_end(second))


def _consonant_distance(a: Features, b: Features) -> float:
    place = abs(_PLACES[a.place] - _PLACES[b.place])
    manner = 0.0 if a.manner == b.manner else _MANNERS.get(frozenset((a.manner, b.manner)), 1.0)
    return 0.4 * place + 0.35 * manner + 0.15 * (a.voiced != b.voiced) + 0.1 * (a.rhotic != b.rhotic)


def _vowel_distance(a: Features, b: Features) -> float:
    height = abs(_HEIGHTS[a.height] - _HEIGHTS[b.height])
    backness = abs(_BACKNESSES[a.backness] - _BACKNESSES[b.backness])
    return 0.4 * height + 0.3 * backness + 0.15 * (a.rounded != b.rounded) + 0.15 * (a.rhotic != b.rhotic)


def _vowel_end(vowel: Features) -> Features:
    return FEATURES[vowel.glide] if vowel.glide else vowel


# Onsets of two and three consonants that a syllable inside a word may begin with. Those of loan
# words only (sf, sv, shl, ...) are left out: inside a word such a group belongs to two syllables.
_CLUSTERS = frozenset(
    {
        *("P L", "P R", "B L", "B R", "T R", "T W", "D R", "D W", "K L", "K R", "K W", "G L", "G R", "G W"),
        *("F L", "F R", "TH R", "TH W", "SH R", "HH W", "S P", "S T", "S K", "S M", "S N", "S L", "S W"),
        *("S P L", "S P R", "S T R", "S K R", "S K W"),
    }
)
# In General American Y follows these in an onset, and only before these vowels ("cute", "particular").
_BEFORE_Y = frozenset({"P", "B", "F", "V", "M", "K", "G", "HH", "S P", "S K"})
_AFTER_Y = frozenset({"UW", "UH", "AH", "ER"})
_LONGEST_ONSET = 3


def syllabify(phones: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Divide a word into syllables by the maximal onset principle.

    Of the consonants between two vowels as many begin the second syllable as English allows at
    the beginning of one (Kahn 1976); NG never does.

    Parameters
    ----------
    phones : sequence of str
        ARPAbet, with or without stress.

    Returns
    -------
    tuple of tuple of str
        The syllables in order, with one vowel each; together they are `phones`. A word without a
        vowel is one syllable; no phones are no syllables.
    """
    if not phones:
        return ()
    bounds = [0, *_boundaries(phones), len(phones)]
    return tuple(tuple(phones[start:end]) for start, end in pairwise(bounds))


def _boundaries(phones: Sequence[str]) -> Iterator[int]:
    """Yield where every syllable but the first starts."""
    vowels = [index for index, phone in enumerate(phones) if is_vowel(phone)]
    for before, vowel in pairwise(vowels):
        earliest = max(before + 1, vowel - _LONGEST_ONSET)
        yield next(
            start
            for start in range(earliest, vowel + 1)
            if _is_onset(phones[start:vowel], base(phones[vowel]))
        )


def _is_onset(consonants: Sequence[str], vowel: str) -> bool:
    if len(consonants) < 2:
        return "NG" not in consonants
    if consonants[-1] == "Y":
        return " ".join(consonants[:-1]) in _BEFORE_Y and vowel in _AFTER_Y
    return " ".join(consonants) in _CLUSTERS
