"""Which letters of a word spell which of its phones, so that feedback can point at letters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from assessment.phones import base, is_vowel, syllabify

_SPELLINGS = {
    "AA": "a o ah e ow au ea",
    "AE": "a ai au",
    "AH": "a e i o u y ou oo ai ia eo oe io au ea ei",
    "AO": "o a au aw ough augh oa ou oo",
    "AW": "ou ow ough au",
    "AY": "i y igh ie ei eye uy ai ye eigh",
    "B": "b bb",
    "CH": "ch tch t c cz te ti",
    "D": "d dd ed ld de",
    "DH": "th the",
    "EH": "e ea a ai ie eo u ei ay",
    "ER": "er ir ur or ear ar our re err yr olo ier ure irr urr eur ere oar oor",
    "EY": "a ai ay ei ey ea eigh e et aigh au",
    "F": "f ff ph gh fe",
    "G": "g gg gh gu gue",
    "HH": "h wh",
    "IH": "i y e ui u o a ie ee ea ey ai ia",
    "IY": "e ee ea ie ei y ey i eo oe ay ae",
    "JH": "j g dge dg d gg di ge dj",
    "K": "k c ck ch cc q qu que cq kh lk ke cu",
    "L": "l ll le",
    "M": "m mm mb mn lm me",
    "N": "n nn kn gn pn ne",
    "NG": "n ng ngue",
    "OW": "o oa ow oe ou ough ew eau oh",
    "OY": "oi oy uoy",
    "P": "p pp pe",
    "R": "r rr wr rh re",
    "S": "s ss c sc ce st ps sw se z",
    "SH": "sh ti ci ssi si s ch ce sci sch ss xi",
    "T": "t tt ed th bt ght pt te tte cht d",
    "TH": "th the",
    "UH": "oo u ou o",
    "UW": "oo u ue ui o ew ou oe ough wo eu ieu",
    "V": "v f ve ph vv",
    "W": "w wh u o",
    "Y": "y i u",
    "Z": "z s zz ss x se ze",
    "ZH": "s si g z ge ti su",
}
_GRAPHEMES = {phone: frozenset(letters.split()) for phone, letters in _SPELLINGS.items()}
_LONGEST = max(len(grapheme) for graphemes in _GRAPHEMES.values() for grapheme in graphemes)
# Letters that stand for several phones: the phones that the first phone's letters say, too.
_SHARED = {
    "x": {("K", "S"), ("G", "Z"), ("K", "SH")},
    "u": {("Y", "UW"), ("Y", "UH"), ("Y", "AH"), ("Y", "ER")},
    "ew": {("Y", "UW")},
    "eau": {("Y", "UW")},
    "ue": {("Y", "UW")},
    "o": {("W", "AH")},
    "le": {("AH", "L")},
    "m": {("AH", "M")},
    "zz": {("T", "S")},
    "z": {("T", "S")},
}
# Costs of letters that say nothing, of phones without letters, and of a letter that does not fit.
_SILENT = {"e": 0.2, "'": 0.0, "-": 0.0, ".": 0.0, " ": 0.0}
_SILENT_OTHER = 0.9
_UNWRITTEN = 1.5
_UNFIT = 2.0
# Words whose letters fit worse than this for each phone are foreign or abbreviated.
_WORST = 0.5

# Letters [start, end) of each phone.
Spans = tuple[tuple[int, int], ...]
# Cost, number of letters, number of phones.
_Step = tuple[float, int, int]


def letters(word: str, phones: Sequence[str]) -> tuple[str, ...]:
    """Return the letters that spell each phone of a word.

    Parameters
    ----------
    word : str
        As written, in any case.
    phones : sequence of str
        ARPAbet; stress is ignored.

    Returns
    -------
    tuple of str
        As many as phones, in lower case; empty for phones without letters of their own, and for
        all phones of a word whose letters do not fit them.
    """
    spans = _spans(word.lower(), tuple(map(base, phones)))
    return tuple(word.lower()[start:end] for start, end in spans or ((0, 0),) * len(phones))


def syllable_letters(word: str, phones: Sequence[str]) -> tuple[str, ...]:
    """Divide the letters of a word by its syllables.

    Returns
    -------
    tuple of str
        As many as `syllabify` gives; together they are the word. Empty if the letters do not fit.
    """
    spans = _spans(word.lower(), tuple(map(base, phones)))
    if not spans:
        return ()
    counts = [len(syllable) for syllable in syllabify(phones)]
    firsts = [sum(counts[:number]) for number in range(1, len(counts))]
    bounds = [0, *(spans[first][0] for first in firsts), len(word)]
    return tuple(word[start:end] for start, end in pairwise(bounds))


@lru_cache(maxsize=4096)
def _spans(word: str, phones: tuple[str, ...]) -> Spans:
    """Find the cheapest way to spell the phones with the letters in order; empty if none is cheap."""
    steps: dict[tuple[int, int], _Step] = {}
    best = {(0, 0): 0.0}
    for at in range(len(word) + 1):
        for done in range(len(phones) + 1):
            if (at, done) not in best:
                continue
            for cost, taken, said in _ways(word, at, phones, done):
                place, total = (at + taken, done + said), best[at, done] + cost
                if total < best.get(place, math.inf):
                    best[place], steps[place] = total, (cost, taken, said)
    end = (len(word), len(phones))
    if best.get(end, math.inf) > _WORST * len(phones):
        return ()
    return _walked(steps, end)


def _walked(steps: dict[tuple[int, int], _Step], end: tuple[int, int]) -> Spans:
    spans: list[tuple[int, int]] = []
    at, done = end
    while (at, done) != (0, 0):
        cost, taken, said = steps[at, done]
        at, done = at - taken, done - said
        # The second of two phones that share their letters has the same ones; letters that do not fit
        # are nobody's.
        spans += [(at, at if cost == _UNFIT else at + taken)] * said
    return tuple(spans[::-1])


def _ways(word: str, at: int, phones: Sequence[str], done: int) -> list[_Step]:
    """Return what may come next."""
    ways: list[_Step] = []
    if at < len(word):
        ways.append((_SILENT.get(word[at], _SILENT_OTHER), 1, 0))
    if done == len(phones):
        return ways
    phone = phones[done]
    ways.append((_UNWRITTEN if not is_vowel(phone) else 1.0, 0, 1))
    if at < len(word):
        ways.append((_UNFIT, 1, 1))
    for size in range(1, min(_LONGEST, len(word) - at) + 1):
        grapheme = word[at : at + size]
        if grapheme in _GRAPHEMES[phone] or _is_double(grapheme, phone):
            ways.append((0.0, size, 1))
        if tuple(phones[done : done + 2]) in _SHARED.get(grapheme, ()):
            ways.append((0.1, size, 2))
    return ways


def _is_double(grapheme: str, phone: str) -> bool:
    return len(grapheme) == 2 and grapheme[0] == grapheme[1] and grapheme[0] in _GRAPHEMES[phone]
