"""Pronunciations that natives use in running speech though the dictionary says another phone: no errors.

The rules follow descriptions of General American and of connected speech (Wells 1982; Cruttenden 2014;
Ladefoged and Johnson 2015): taps, elision and assimilation of consonants, reduced vowels, mergers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assessment.phones import FEATURES, base, is_vowel, stress
from assessment.results import NO_PHONE

# From this silence on, in seconds, neighbours do not touch.
TOUCH_SECONDS = 0.1

# Words that lose stress, vowel quality and H in a sentence.
FUNCTION_WORDS = frozenset(
    "a an the this that these those and but or nor as than if so because at by for from in into of off on "
    "onto to up with upon i me my we us our you your he him his she her it its they them their there who "
    "what am is are was were be been being have has had do does did can could shall should will would may "
    "might must not just some any".split()
)
_NASALS = frozenset(("M", "N", "NG"))
_STOPS = frozenset(("P", "B", "T", "D", "K", "G"))
_CLOSED = _STOPS | {"CH", "JH"}
_ALVEOLARS = frozenset(("T", "D", "N", "S", "Z", "L"))
_POSTALVEOLARS = frozenset(("SH", "CH", "JH"))
_BACK_VOWELS = frozenset(("AO", "OW", "UH", "AH"))

Pair = frozenset[str]


def _pairs(text: str) -> frozenset[Pair]:
    return frozenset(frozenset(pair.split("-")) for pair in text.split())


_MERGED_BEFORE_R = _pairs("AO-OW IH-IY UH-UW UH-AO UH-ER EH-AE EH-EY")
_MERGED_BEFORE_NG = _pairs("AE-EY IH-IY")
_MERGED_BEFORE_L = _pairs("UH-OW AO-OW")
_MERGED = _pairs("AA-AO")


@dataclass(frozen=True)
class Context:
    """Where a phone stands.

    Attributes
    ----------
    word : str
        As spoken, lower case.
    before, after : str or None
        The phones that touch it, in other words too, ARPAbet with stress; None beside a pause.
    is_first, is_last : bool
        Whether it begins or ends its word.
    """

    word: str
    before: str | None
    after: str | None
    is_first: bool
    is_last: bool


# Index of the word, ARPAbet with stress, start and end in seconds.
Placed = tuple[int, str, float, float]


def contexts(phones: Sequence[Placed], words: Sequence[str]) -> list[Context]:
    """Say of each phone of a reading where it stands.

    Parameters
    ----------
    phones : sequence of (int, str, float, float)
        Index of the word, ARPAbet with stress, start and end in seconds; in time order.
    words : sequence of str
        All words of the text as spoken, lower case.
    """
    return [_context(phones, row, words) for row in range(len(phones))]


def _context(phones: Sequence[Placed], row: int, words: Sequence[str]) -> Context:
    word, _, start, end = phones[row]
    before = phones[row - 1] if row else None
    after = phones[row + 1] if row + 1 < len(phones) else None
    return Context(
        words[word],
        before[1] if before and start - before[3] < TOUCH_SECONDS else None,
        after[1] if after and after[2] - end < TOUCH_SECONDS else None,
        is_first=before is None or before[0] != word,
        is_last=after is None or after[0] != word,
    )


def is_native_variant(expected: str, heard: str, context: Context) -> bool:
    """Tell whether natives say one phone, or none, for another in some place.

    Parameters
    ----------
    expected : str
        ARPAbet with stress.
    heard : str
        ARPAbet, or `NO_PHONE`.
    context : Context
        Where it stands.
    """
    phone, said = base(expected), base(heard)
    if phone == said:
        return True
    # A phone that became the same as its neighbour is gone.
    is_gone = said == NO_PHONE or _is(context.before, (said,)) or _is(context.after, (said,))
    if is_gone and phone in _ELISIONS and _ELISIONS[phone](expected, context):
        return True
    if said == NO_PHONE:
        return False
    rules = (_is_reduced, _is_merged) if is_vowel(phone) else (_is_tapped, _is_assimilated, _is_weak)
    return any(rule(expected, said, context) for rule in rules)


def _is(symbol: str | None, phones: Iterable[str]) -> bool:
    return symbol is not None and base(symbol) in phones


def _is_vowel(symbol: str | None) -> bool:
    return symbol is not None and is_vowel(symbol)


def _is_consonant(symbol: str | None) -> bool:
    return symbol is not None and not is_vowel(symbol)


def _is_voiceless(symbol: str | None) -> bool:
    return symbol is not None and not FEATURES[base(symbol)].voiced


# --- vowels -------------------------------------------------------------------------------------


def _is_reduced(expected: str, heard: str, context: Context) -> bool:
    """Tell whether an unstressed vowel drifted towards the middle of the mouth, or R-colour was lost."""
    phone = base(expected)
    if phone == "ER" and heard in ("AH", "R", "UH"):
        return True
    if stress(expected) != 0 and context.word not in FUNCTION_WORDS:
        return False
    if heard in ("AH", "IH", "UH") or {phone, heard} == {"IY", "IH"}:
        return True
    return phone in ("AH", "IH") and heard in ("EH", "ER", "UW")


def _is_merged(expected: str, heard: str, context: Context) -> bool:
    """Tell whether many Americans do not tell two vowels apart: "cot", "caught", and before R, L, NG."""
    pair = frozenset((base(expected), heard))
    if _is(context.after, ("R",)):
        return pair in _MERGED_BEFORE_R
    if _is(context.after, ("NG",)):
        return pair in _MERGED | _MERGED_BEFORE_NG
    return pair in (_MERGED | _MERGED_BEFORE_L if _is(context.after, ("L",)) else _MERGED)


# --- consonants ---------------------------------------------------------------------------------


def _is_tapped(expected: str, heard: str, context: Context) -> bool:
    """Tell whether T or D is a tap between voiced sounds and a weak vowel: "city", "party", "get it"."""
    if base(expected) not in ("T", "D") or heard not in ("T", "D", "DH", "R", "N"):
        return False
    follows = _is_vowel(context.before) or _is(context.before, ("R", "N", "L"))
    weak = context.is_last or (context.after is not None and stress(context.after) == 0)
    return follows and weak and _is_vowel(context.after)


def _is_assimilated(expected: str, heard: str, context: Context) -> bool:
    """Tell whether a consonant became more like its neighbour."""
    return (base(expected), heard) in set(_assimilations(context))


def _assimilations(context: Context) -> Iterator[tuple[str, str]]:
    """Yield the expected and the heard phone of each change that the neighbours allow."""
    before, after = context.before, context.after
    if _is(after, ("P", "B", "M")):
        yield "N", "M"
    if _is(after, ("K", "G")):
        yield "N", "NG"
    if _is(after, ("Y",)) or (context.is_last and _is(after, _POSTALVEOLARS)):
        yield from (("T", "CH"), ("D", "JH"), ("S", "SH"), ("Z", "ZH"))
    if _is(after, ("R",)):
        yield from (("T", "CH"), ("D", "JH"), ("S", "SH"))
    if _is(before, ("S",)) and not context.is_first:
        yield from (("P", "B"), ("T", "D"), ("K", "G"))
    if context.is_last and _is_voiceless(after):
        yield from (("Z", "S"), ("V", "F"), ("D", "T"), ("DH", "TH"))


def _is_weak(expected: str, heard: str, context: Context) -> bool:
    """Tell whether a consonant has a weak form here: -in for -ing, a dark L like a vowel, "the" after N."""
    phone = base(expected)
    before_vowel = _is_vowel(context.after)
    if phone == "NG":
        return heard == "N" and context.is_last and context.word.endswith("ing")
    if phone == "L":
        return not before_vowel and heard in ("OW", "UH", "AO", "AH", "UW", "W")
    if phone == "R":
        return not context.is_first and heard in ("ER", "AH")
    if phone == "DH":
        after_twin = _is(context.before, _ALVEOLARS) and heard in ("D", base(context.before or ""))
        return context.word in FUNCTION_WORDS and after_twin
    return not context.is_first and (phone, heard) in (("Y", "IY"), ("W", "UW"))


# --- phones that fall silent --------------------------------------------------------------------


def _stop_is_silent(expected: str, context: Context) -> bool:
    """Tell whether a stop is lost among consonants ("asked", "next day") or before a stop ("good day")."""
    between = _is_consonant(context.before) and _is_consonant(context.after)
    return between or (context.is_last and _is(context.after, _CLOSED))


def _tongue_tip_is_silent(expected: str, context: Context) -> bool:
    """Tell whether T or D is lost: at the end ("just"), before N ("button"), after N ("twenty")."""
    final = context.is_last and (_is_consonant(context.before) or _is_consonant(context.after))
    weak = context.after is not None and stress(context.after) == 0
    after_n = _is(context.before, ("N",)) and (weak or context.is_last)
    return final or after_n or _is(context.after, ("N", "M", "L")) or _stop_is_silent(expected, context)


def _h_is_silent(expected: str, context: Context) -> bool:
    weak = context.word in FUNCTION_WORDS and context.before is not None
    return weak or _is(context.after, ("W", "Y"))


def _th_is_silent(expected: str, context: Context) -> bool:
    """Tell whether TH or DH is lost before S ("clothes", "months") or in "the" after N, T, D, L, S, Z."""
    weak = context.word in FUNCTION_WORDS and _is(context.before, _ALVEOLARS)
    return weak or _is(context.after, ("S", "Z", "TH"))


def _weak_vowel_is_silent(expected: str, context: Context) -> bool:
    """Tell whether an unstressed vowel is lost inside a word ("family") or in a function word."""
    return stress(expected) == 0 and (not context.is_first or context.word in FUNCTION_WORDS)


def _r_is_silent(expected: str, context: Context) -> bool:
    """Tell whether R is lost after a vowel, as in England, or beside another R-coloured phone."""
    final = _is_vowel(context.before) and not _is_vowel(context.after)
    return final or _is(context.before, ("ER",)) or _is(context.after, ("ER",))


def _y_is_silent(expected: str, context: Context) -> bool:
    return _is(context.before, _ALVEOLARS | _POSTALVEOLARS | {"TH"})


def _nasal_is_silent(expected: str, context: Context) -> bool:
    return _is(context.after, _NASALS)


def _l_is_silent(expected: str, context: Context) -> bool:
    """Tell whether L is one of two, or a dark one after a back vowel."""
    dark = _is(context.before, _BACK_VOWELS) and not context.is_first and not _is_vowel(context.after)
    return dark or _is(context.after, ("L",))


def _fricative_is_silent(expected: str, context: Context) -> bool:
    """Tell whether the next word goes on with a fricative made at the same place ("this ship", "of fish")."""
    if not context.is_last or context.after is None or is_vowel(context.after):
        return False
    one, other = FEATURES[base(expected)], FEATURES[base(context.after)]
    sibilants = {one.place, other.place} <= {"alveolar", "postalveolar"}
    return one.manner == other.manner == "fricative" and (one.place == other.place or sibilants)


_ELISIONS: dict[str, Callable[[str, Context], bool]] = {
    **dict.fromkeys(("P", "B", "K", "G"), _stop_is_silent),
    **dict.fromkeys(("T", "D"), _tongue_tip_is_silent),
    **dict.fromkeys(("TH", "DH"), _th_is_silent),
    **dict.fromkeys(("AH", "IH", "ER"), _weak_vowel_is_silent),
    **dict.fromkeys(("S", "Z", "SH", "F", "V"), _fricative_is_silent),
    **dict.fromkeys(("M", "N"), _nasal_is_silent),
    "HH": _h_is_silent,
    "R": _r_is_silent,
    "Y": _y_is_silent,
    "L": _l_is_silent,
}
