"""Folds any text to plain characters that keep their positions, and names the scripts it cannot fold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Stands before the digits of a superscript, so that "x²" is not taken for "x2".
SUPERSCRIPT = "\ue000"
BULLET = "•"
VULGAR_FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
GREEK_LETTERS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "delta", "Σ": "sigma", "Ω": "omega",
}  # fmt: skip

# Characters that have a meaning of their own for the rules and stay as they are.
_KEPT = frozenset("–—…€£¥¢₹°×÷±≤≥≠≈√∞§" + BULLET + VULGAR_FRACTIONS)
# Groups of look-alikes, each folded to the character it is used for.
_LOOK_ALIKES = {
    "'": "‘’‚‛ʻʼʹ′`´＇",
    '"': "“”„‟«»″〝〞",
    "-": "‐‑‒−﹣",
    "—": "―",
    BULLET: "‣◦●○■□▪▫►▶▸➢➤✓✔✦⁃∙",
    "°": "º˚",
    "/": "⁄∕",
    ".": "。",
    ",": "、，",
    "\n": "\v\f\x1c\x1d\x1e\x85\u2028\u2029",
    " ": "\t\x1f",
    "": "ª©®™℠ℹⓂ",
}
# Latin letters that Unicode does not decompose.
_LATIN_LETTERS = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "ng",
    "Ŋ": "Ng", "ĸ": "k", "ſ": "s",
}  # fmt: skip
_REPLACED = _LATIN_LETTERS | {
    character: plain for plain, group in _LOOK_ALIKES.items() for character in group
}

_SCRIPTS = {
    "CJK": "Chinese characters",
    "HIRAGANA": "Japanese characters",
    "KATAKANA": "Japanese characters",
    "HANGUL": "Korean characters",
    "CYRILLIC": "the Cyrillic alphabet",
    "GREEK": "the Greek alphabet",
    "ARABIC": "the Arabic script",
    "HEBREW": "the Hebrew alphabet",
    "THAI": "the Thai script",
    "DEVANAGARI": "the Devanagari script",
    "LATIN": "phonetic symbols",
    "MODIFIER": "phonetic symbols",
}


@dataclass(frozen=True)
class FoldedText:
    """A text in plain characters, each of which knows where it came from.

    Attributes
    ----------
    characters : str
        ASCII, the few symbols that the reading rules know, and letters of other scripts as they are.
    starts, ends : tuple of int
        For each of `characters`, the span [start, end) of the original text that it stands for.
    """

    characters: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text behind the folded span [start, end), not empty."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> FoldedText:
    """Fold a text: accents, ligatures, full-width forms, typographic quotes and invisible characters.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    FoldedText
        Its plain characters. Invisible characters and accents vanish; an accent written as a
        character of its own belongs to the letter before it; symbols become spaces.
    """
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(text.replace("\r\n", " \n").replace("\r", "\n")):
        folded = _fold_character(character)
        if not folded and ends and ends[-1] == index and unicodedata.category(character)[0] == "M":
            ends[-1] = index + 1
        characters.extend(folded)
        starts.extend([index] * len(folded))
        ends.extend([index + 1] * len(folded))
    return FoldedText("".join(characters), tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _REPLACED:
        return _REPLACED[character]
    if character in _KEPT or (character.isascii() and (character.isprintable() or character == "\n")):
        return character
    category = unicodedata.category(character)
    if category == "Cf" or category[0] == "M":
        return ""
    if category[0] in "CZ":
        return " "
    return _fold_visible(character)


def _fold_visible(character: str) -> str:
    """Fold a letter, digit or symbol beyond ASCII by what Unicode says that it is made of."""
    parts = unicodedata.normalize("NFKD", character)
    plain = "".join(_REPLACED.get(part, part) for part in parts if unicodedata.category(part)[0] != "M")
    if plain in GREEK_LETTERS or (plain.isascii() and plain.isprintable() and plain.strip()):
        return _superscript(character) + plain
    if character.isalpha() or character.isdigit():
        return _named_letter(character)
    return " "


def _superscript(character: str) -> str:
    raised = unicodedata.decomposition(character).startswith("<super>") and character.isdigit()
    return SUPERSCRIPT if raised else ""


def _named_letter(character: str) -> str:
    """Return the letter that the Unicode name gives, such as "h" for a h with a hook, or the character."""
    words = unicodedata.name(character, "").split()
    if words[:1] != ["LATIN"] or is_phonetic(character) or len(words) < 4 or len(words[3]) > 1:
        return character
    return words[3].lower() if words[1] == "SMALL" else words[3]


def is_phonetic(character: str) -> bool:
    """Tell whether a character is a letter or mark of the International Phonetic Alphabet."""
    return "\u0250" <= character <= "\u02ff"


def script(text: str) -> str:
    """Name in plain words the script that most letters of a text are written in.

    Parameters
    ----------
    text : str
        Text in another script than the Latin one, not empty.
    """
    names = [unicodedata.name(character, "UNKNOWN").split()[0] for character in text if character.isalpha()]
    if not names:
        return "another script"
    kana = next((name for name in names if name in {"HIRAGANA", "KATAKANA"}), None)
    first = kana or max(dict.fromkeys(names), key=names.count)
    return _SCRIPTS.get(first, f"the {first.capitalize()} script")
