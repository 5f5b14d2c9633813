"""Rules that read numbers: whole, decimal, ordinal, years, fractions, ranges, telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assessment.text_characters import SUPERSCRIPT, VULGAR_FRACTIONS
from assessment.text_rules import (
    Reading,
    Readings,
    Rule,
    after,
    before,
    spread,
    whole,
    word_before,
    word_set,
)

# A number as written: with commas between groups or without, with a decimal point or without.
NUMBER = r"(?:(?:\d{1,3}(?:,\d{2,3}){0,5},\d{3}(?!\d)|\d+)(?:\.\d+)?|\.\d+)"
CURRENCY_SIGNS = "$£€¥₹"

_LONGEST_NUMBER = 15  # digits; longer ones are read digit by digit
_LARGEST_FRACTION = 20  # below this a denominator is read as an ordinal, above it as "over" a number
_FRACTION_NAMES = {2: ("half", "halves"), 4: ("quarter", "quarters")}
_POWERS = {"2": ("squared",), "3": ("cubed",)}
SET_PHRASES = {"24/7": ("twenty", "four", "seven"), "9/11": ("nine", "eleven"), "50/50": ("fifty", "fifty")}
# Words after which four digits are a year even if they are below 1100 or stand before a plural.
_YEAR_WORDS = word_set("in since until till from by before after around about circa year during")
# After a number, a plural noun says that something is counted; these only look like one.
_COUNTED = re.compile(r"\s+(?!(?:was|is|as|has|his|its|this|us|does|thus)\b)[a-z]+s\b")
_HYPHEN_BETWEEN_NUMBERS = re.compile(r"(?:\d|[%°¢€]|\d ?[apAP]\.?[mM]\.?|\d[a-zA-Z]{1,3}|°[CF]) ?$")
_EQUATION = re.compile(rf" ?{NUMBER} ?=")


@lru_cache(maxsize=4096)
def cardinal(number: int) -> tuple[str, ...]:
    """Return the words of a number, without "and": 123 gives one, hundred, twenty, three."""
    return _words(number, "cardinal")


@lru_cache(maxsize=4096)
def ordinal(number: int) -> tuple[str, ...]:
    """Return the words of an ordinal number: 22 gives twenty, second."""
    return _words(number, "ordinal")


@lru_cache(maxsize=4096)
def year(number: int) -> tuple[str, ...]:
    """Return the words of a year: 1905 gives nineteen, oh, five."""
    return _words(number, "year")


def _words(number: int, kind: str) -> tuple[str, ...]:
    # Imported here: a window without a number in its text need not wait for it.
    from num2words import num2words  # type: ignore[import-untyped]

    phrase: str = num2words(number, to=kind)
    return tuple(word for word in re.findall("[a-z]+", phrase) if word != "and")


def digit_by_digit(digits: str) -> tuple[str, ...]:
    """Return the name of each digit of a text; other characters are passed over."""
    return tuple(word for digit in digits if digit.isdigit() for word in cardinal(int(digit)))


def two_digits(digits: str) -> tuple[str, ...]:
    """Return the words of the minutes of a time or the end of a year: "05" gives oh, five."""
    if digits[0] != "0":
        return cardinal(int(digits))
    return ("oh", "oh") if digits == "00" else ("oh", *cardinal(int(digits)))


def number_words(digits: str) -> tuple[str, ...]:
    """Return the words of a whole or decimal number as written, such as "1,234.50"."""
    units, point, decimals = digits.replace(",", "").partition(".")
    if len(units) > _LONGEST_NUMBER or (len(units) > 1 and units[0] == "0"):
        words = digit_by_digit(units)
    else:
        words = cardinal(int(units)) if units else ()
    return (*words, "point", *digit_by_digit(decimals)) if point else words


def _plural(words: tuple[str, ...]) -> tuple[str, ...]:
    last = words[-1]
    if last.endswith("y"):
        return (*words[:-1], last[:-1] + "ies")
    return (*words[:-1], last + ("es" if last.endswith("x") else "s"))


def _is_year(digits: str, match: re.Match[str]) -> bool:
    """Tell whether bare digits are read in pairs: as years are, and numbers after letters ("BA2490")."""
    if not re.fullmatch(r"[1-9]\d{3}", digits):
        return False
    if re.search("[A-Za-z]$", before(match)):
        return True
    if digits > "2099":
        return False
    if word_before(match).lower() in _YEAR_WORDS:
        return True
    return digits >= "1100" and not _COUNTED.match(after(match))


def _read_number(match: re.Match[str]) -> Readings:
    digits = match.group()
    return whole(year(int(digits)) if _is_year(digits, match) else number_words(digits), match)


def _read_digits(match: re.Match[str]) -> Readings:
    """Read each group of digits digit by digit, and a plus before them."""
    readings: list[Reading] = []
    for group in re.finditer(r"\d+|\+", match.group()):
        words = ("plus",) if group.group() == "+" else digit_by_digit(group.group())
        readings += spread(words, match.start() + group.start(), match.start() + group.end())
    return readings


def _read_dotted(match: re.Match[str]) -> Readings:
    words = [word for group in match.group().split(".") for word in ("point", *number_words(group))]
    return whole(words[1:], match)


def _read_ordinal(match: re.Match[str]) -> Readings:
    digits = match.group(1).replace(",", "")
    return whole(ordinal(int(digits)), match) if len(digits) <= _LONGEST_NUMBER else None


def _read_decade(match: re.Match[str]) -> Readings:
    digits = match.group(1)
    return whole(_plural(year(int(digits)) if len(digits) == 4 else number_words(digits)), match)


def _read_short_year(match: re.Match[str]) -> Readings:
    return whole(two_digits(match.group(1)), match)


def _fraction(above: int, below: int) -> tuple[str, ...]:
    if below == 1 or (below > _LARGEST_FRACTION and below not in (32, 64, 100)):
        return (*cardinal(above), "over", *cardinal(below))
    names = _FRACTION_NAMES.get(below)
    one, many = ((names[0],), (names[1],)) if names else (ordinal(below), _plural(ordinal(below)))
    return (*cardinal(above), *(one if above == 1 else many))


def _read_fraction(match: re.Match[str]) -> Readings:
    if match.group() in SET_PHRASES:
        return whole(SET_PHRASES[match.group()], match)
    above, below = int(match.group(2)), int(match.group(3))
    return _mixed(match, _fraction(above, below), match.start(2), match.end(3)) if below else None


def _read_vulgar_fraction(match: re.Match[str]) -> Readings:
    above, below = unicodedata.normalize("NFKC", match.group(2)).split("\N{FRACTION SLASH}")
    return _mixed(match, _fraction(int(above), int(below)), *match.span(2))


def _mixed(match: re.Match[str], fraction: tuple[str, ...], start: int, end: int) -> list[Reading]:
    """Return the readings of a whole number, if there is one, and a fraction: "three and a half"."""
    if not match.group(1):
        return spread(fraction, start, end)
    fraction = ("a", *fraction[1:]) if fraction[0] == "one" else fraction
    return [*whole(number_words(match.group(1)), match, 1), *spread(("and", *fraction), start, end)]


def _read_ratio(match: re.Match[str]) -> Readings:
    above, below = cardinal(int(match.group(1))), cardinal(int(match.group(2)))
    return [*whole(above, match, 1), *whole(("to", *below), match, 2)]


def _read_power(match: re.Match[str]) -> Readings:
    """Read a raised number as a power after a number, a single letter or a bracket, else as a footnote."""
    digits = re.sub(r"\D", "", match.group())
    if match.group()[0] == SUPERSCRIPT and not re.search(r"(?:[\d)]|\b[A-Za-z]{1,2})$", before(match)):
        return []
    power = ordinal(int(digits)) if len(digits) <= 2 else digit_by_digit(digits)
    return whole(_POWERS.get(digits, ("to", "the", *power)), match)


def _read_dash(match: re.Match[str]) -> Readings:
    """Read a dash before a number as "to" between numbers, as "minus" before a lone one, else not at all."""
    spaced = after(match).startswith(" ")
    if _HYPHEN_BETWEEN_NUMBERS.search(before(match)) and spaced == before(match).endswith(" "):
        return whole(("minus",) if spaced and _EQUATION.match(after(match)) else ("to",), match)
    return whole(("minus",), match) if not spaced and re.search(r"(?:^|[\s(\[=])$", before(match)) else None


NUMBER_RULES = (
    Rule("dash", re.compile(rf"[-–—](?= ?[{CURRENCY_SIGNS}]?\.?\d)"), _read_dash),
    Rule("international number", re.compile(r"\+\d{1,3}(?:[ -]\d{2,4}){2,5}(?!\d)"), _read_digits),
    Rule("telephone with area", re.compile(r"(?:\(\d{3}\) ?|\d{3}[. -])\d{3}[. -]\d{4}(?!\d)"), _read_digits),
    Rule("telephone", re.compile(r"\d{3}-\d{4}(?<!000)(?![\d-])"), _read_digits),
    Rule("free call", re.compile(r"1-8\d\d(?=-[A-Z])"), _read_digits),
    Rule("digit groups", re.compile(r"\d+(?:-\d+){2,}"), _read_digits),
    Rule("version", re.compile(r"\d+(?:\.\d+){2,}"), _read_dotted),
    Rule("ratio", re.compile(r"(\d{1,2}):(\d{1,2})(?!\d)"), _read_ratio),
    Rule("fraction", re.compile(r"(?:(\d{1,15})[ -])?(\d{1,3})/(\d{1,3})(?![\d/])"), _read_fraction),
    Rule("vulgar fraction", re.compile(rf"(?:(\d{{1,15}}) ?)?([{VULGAR_FRACTIONS}])"), _read_vulgar_fraction),
    Rule(
        "ordinal", re.compile(r"(\d{1,3}(?:,\d{3}){1,4}|\d+)(?i:st|nd|rd|th)(?![A-Za-z0-9])"), _read_ordinal
    ),
    Rule("decade", re.compile(r"'?(\d+)'?s(?![A-Za-z0-9])"), _read_decade),
    Rule("short year", re.compile(r"'(\d\d)(?![\dA-Za-z'])"), _read_short_year),
    Rule("number", re.compile(NUMBER), _read_number),
    Rule("power", re.compile(rf"(?:{SUPERSCRIPT}\d)+|\^\d+"), _read_power),
)
