"""Reads abbreviations, addresses and symbols, and goes through a text rule by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assessment.text_characters import BULLET, GREEK_LETTERS
from assessment.text_measures import CALENDAR, CALENDAR_NAMES, MEASURE_RULES, MONTHS, UNIT_RULE
from assessment.text_numbers import NUMBER_RULES, cardinal, digit_by_digit
from assessment.text_rules import (
    Kind,
    Reading,
    Readings,
    Rule,
    after,
    before,
    letters,
    nothing,
    spread,
    whole,
    word_after,
    word_before,
    word_set,
)
from assessment.text_words import FUNCTION_WORDS, LETTERED, WORD_RULES, read_letters

# Written short, never with a full stop of their own.
_SHORT_FORMS = {
    "ok": "okay", "btw": "by the way", "km": "kilometers", "kg": "kilograms", "cm": "centimeters",
    "mph": "miles per hour", "hrs": "hours", "mins": "minutes", "wwi": "world war one",
    "wwii": "world war two",
}  # fmt: skip
# Written with a full stop or without.
_ABBREVIATIONS = {
    "mr": "mister", "mrs": "missus", "ms": "ms", "prof": "professor", "jr": "junior", "sr": "senior",
    "vs": "versus", "eg": "for example", "ie": "that is", "govt": "government", "dept": "department",
}  # fmt: skip
# Written with a full stop, which tells them from words.
_DOTTED_ABBREVIATIONS = {
    "approx": "approximately", "assn": "association", "ave": "avenue", "blvd": "boulevard",
    "bros": "brothers", "cf": "compare", "co": "company", "corp": "corporation", "esp": "especially",
    "etc": "et cetera", "hwy": "highway", "inc": "incorporated", "incl": "including", "ltd": "limited",
    "misc": "miscellaneous", "rd": "road", "ref": "reference", "tel": "telephone", "univ": "university",
}  # fmt: skip
# Written with a full stop before a name.
_TITLES = {
    "capt": "captain", "col": "colonel", "fr": "father", "ft": "fort", "gen": "general", "gov": "governor",
    "hon": "honorable", "lt": "lieutenant", "maj": "major", "mt": "mount", "pres": "president",
    "rep": "representative", "rev": "reverend", "sen": "senator", "sgt": "sergeant",
}  # fmt: skip
# Spoken before a name, so that a capital after them begins no sentence.
TITLES = frozenset({"mister", "missus", "ms", "professor", "doctor", "saint", *_TITLES.values()})
# Written with a full stop before a number.
_LABELS = {
    "no": "number", "nos": "numbers", "vol": "volume", "p": "page", "pp": "pages", "ch": "chapter",
    "ex": "exercise", "fig": "figure", "art": "article", "sec": "section", "ext": "extension",
    "est": "established", "apt": "apartment",
}  # fmt: skip
# Months and days that with a full stop may as well be a word that ends a sentence.
_AMBIGUOUS_DAYS = frozenset({"jan", "mar", "sat", "sun"})
_DATE_FOLLOWS = re.compile(r",? ?(?:\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))")
_DAY_FOLLOWS = re.compile(r" \d")
_LINE_START = re.compile(rf"(?:^|\n)[ {BULLET}*-]{{0,10}}\(?$")
_LATIN_PHRASES = {"eg": "for example", "ie": "that is"}
# Words that begin with an apostrophe.
_CLIPPED = "cause|em|til|tis|twas|bout|round"

# Symbols that are spoken after a number or word; between two; before a number; in an address.
_SPOKEN_AFTER = {"+": "plus", "°": "degrees", "%": "percent", "&": "and", "@": "at"}
_SPOKEN_BETWEEN = {
    "=": "equals", "×": "times", "÷": "divided by", "±": "plus or minus", "≤": "is at most",
    "≥": "is at least", "≠": "is not equal to", "≈": "is about",
}  # fmt: skip
_SPOKEN_BETWEEN_NUMBERS = {"*": "times", "<": "is less than", ">": "is greater than", "/": "slash"}
_SPOKEN_BETWEEN_SPACES = {"<": "is less than", ">": "is greater than"}
_SPOKEN_BEFORE = {
    "#": "number", "~": "about", "≈": "about", "±": "plus or minus", "+": "plus", "§": "section",
    "√": "the square root of", "<": "less than", ">": "more than",
}  # fmt: skip
_SYMBOLS = "".join({*_SPOKEN_AFTER, *_SPOKEN_BETWEEN, *_SPOKEN_BETWEEN_NUMBERS, *_SPOKEN_BEFORE})
_SPOKEN_IN_ADDRESS = {
    ".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", ":": "colon", "?": "question mark",
    "=": "equals", "&": "and", "#": "hash", "+": "plus", "~": "tilde", "%": "percent",
}  # fmt: skip
_WORDS_IN_ADDRESS = word_set("co of to in on my me we go at by do up is it an")
_TOP_DOMAINS = "com|org|net|edu|gov|info|io|co|uk|us|ca|au|de|fr|eu|tv|dev"
_FILE_ENDINGS = (
    "ai|csv|docx?|exe|gif|html?|io|jpe?g|js|json|md|mp[34]|net|pdf|png|pptx?|py|txt|wav|xlsx?|xml|zip|com|org"
)
_PER = (
    "month|year|day|hour|week|night|person|minute|second|mile|kilometer|pound|kilogram|gallon|student|piece"
    "|h|hr|kg|km|lb|L|mi|min|oz|s|sec|yr"
)

_LONGEST_WORD = 100  # letters; what is longer is no word


@dataclass(frozen=True, slots=True)
class Token:
    """The folded characters [start, end) that one rule has matched, and how they are read."""

    kind: Kind
    start: int
    end: int
    readings: tuple[Reading, ...]


def tokens(characters: str) -> Iterator[Token]:
    """Go through folded text and yield what the rules match, in order.

    Parameters
    ----------
    characters : str
        As in `assessment.text_characters.FoldedText`.

    Yields
    ------
    Token
        Tokens do not overlap; between them are only spaces, punctuation and symbols that are not spoken.
        Only tokens of the kind SKIPPED, and raised footnote marks, have no readings.
    """
    position = 0
    while position < len(characters):
        token = None if characters[position].isspace() else _token(characters, position)
        if token:
            yield token
        position = token.end if token else position + 1


def _token(characters: str, position: int) -> Token | None:
    first = characters[position]
    for rule in _LETTER_RULES if first.isascii() and first.isalpha() else _OTHER_RULES:
        match = rule.pattern.match(characters, position)
        readings = rule.read(match) if match else None
        if match and readings is not None:
            kind = rule.kind
            if kind is Kind.ABBREVIATION and not match.group().endswith("."):
                kind = Kind.WORD
            return Token(kind, match.start(), match.end(), tuple(readings))
    return None


def _read_label(match: re.Match[str]) -> Readings:
    """Read the number or letter of a list item, at the beginning of a line."""
    label = match.group(1)
    abbreviates = re.match(r" \d" if label in _LABELS else r" [A-Z]\.", after(match))
    if abbreviates or not _LINE_START.search(before(match)):
        return None
    return whole(cardinal(int(label)), match, 1) if label.isdigit() else letters(label, match.start(1))


def _read_short_form(match: re.Match[str]) -> Readings:
    words = _SHORT_FORMS.get(match.group().lower())
    return whole(words.split(), match) if words else None


def _read_abbreviation(match: re.Match[str]) -> Readings:
    written, dot = match.groups()
    words = _abbreviation(written, bool(dot), match)
    return whole(words.split(), match) if words else None


def _abbreviation(written: str, dotted: bool, match: re.Match[str]) -> str | None:
    key = written.lower()
    if key in _ABBREVIATIONS:
        return _ABBREVIATIONS[key]
    if key in CALENDAR and written[0].isupper():
        return _calendar_name(key, dotted, after(match))
    if not dotted:
        return None
    if key in _LABELS and re.match(r" ?\d", after(match)):
        return _LABELS[key]
    if key in _TITLES and written[0].isupper() and re.match(r" ?[A-Z]", after(match)):
        return _TITLES[key]
    return _DOTTED_ABBREVIATIONS.get(key)


def _calendar_name(key: str, dotted: bool, following: str) -> str | None:
    if dotted and key not in _AMBIGUOUS_DAYS:
        return CALENDAR[key]
    if dotted or CALENDAR[key] in MONTHS:
        dated = (_DATE_FOLLOWS if dotted else _DAY_FOLLOWS).match(following)
        return CALENDAR[key] if dated else None
    return None


def _read_saint_or_doctor(match: re.Match[str]) -> Readings:
    """Read St. and Dr. as Street and Drive after a house number or where no name follows, else as titles."""
    in_address = re.search(r"\d[\w.]* (?:[A-Z][\w.]* ){0,3}$", before(match))
    named = re.match(r" ?[A-Z]", after(match)) and word_after(match).lower() not in FUNCTION_WORDS
    if match.group(1).lower() == "st":
        return whole(("saint" if named and not in_address else "street",), match)
    return whole(("drive" if in_address and not named else "doctor",), match)


def _read_degree(match: re.Match[str]) -> Readings:
    return letters(match.group(), match.start())


def _read_dotted_letters(match: re.Match[str]) -> Readings:
    """Read "U.S.A.", "e.g." and the like."""
    phrase = _LATIN_PHRASES.get(match.group(1).replace(".", "").lower())
    if phrase:
        return whole(phrase.split(), match)
    readings = letters(match.group(1), match.start())
    if match.group(2):
        last = readings[-1]
        readings[-1] = Reading(last.spoken + "'s", last.start, match.end())
    return readings


def _read_initial(match: re.Match[str]) -> Readings:
    """Read a capital with a full stop as an initial of a name, not where it ends a sentence."""
    following = r" ?[A-Z]\." if match.group() == "I." else r" ?[A-Z]"
    if not re.match(following, after(match)) or word_before(match).lower() in LETTERED:
        return None
    return letters(match.group(), match.start())


def _read_with(match: re.Match[str]) -> Readings:
    return whole(("with" if match.group() == "w/" else "without",), match)


def _read_by(match: re.Match[str]) -> Readings:
    return whole(("by",), match) if re.search(r"\d ?$", before(match)) else None


def _read_and(match: re.Match[str]) -> Readings:
    return whole(("and",), match)


def _read_itself(match: re.Match[str]) -> Readings:
    return whole((match.group().lower(),), match)


def _read_greek(match: re.Match[str]) -> Readings:
    return whole((GREEK_LETTERS[match.group()],), match)


def _read_address(match: re.Match[str]) -> Readings:
    """Read a web or e-mail address part by part; the protocol is not spoken."""
    start = match.start("address")
    readings: list[Reading] = []
    for part in re.finditer(r"[A-Za-z]+|\d+|[./@_:?=&#+~%-]", match.group("address")):
        readings += _read_address_part(part.group(), start + part.start())
    readings[0] = replace(readings[0], start=match.start())
    return readings


def _read_address_part(part: str, start: int) -> list[Reading]:
    if part.isalpha():
        spelled = len(part) < 3 and part not in _WORDS_IN_ADDRESS
        return letters(part, start) if spelled else read_letters(part, start)
    if part.isdigit():
        words = cardinal(int(part)) if len(part) < 3 and part[0] != "0" else digit_by_digit(part)
    else:
        words = tuple(_SPOKEN_IN_ADDRESS[part].split())
    return spread(words, start, start + len(part))


def _read_emoticon(match: re.Match[str]) -> Readings:
    return [] if re.search(r"(?:^|\s)$", before(match)) else None


def _read_per(match: re.Match[str]) -> Readings:
    return whole(("per",), match) if re.search(r"\d[^\n/]{0,12}$", before(match)) else None


def _read_span_of_days(match: re.Match[str]) -> Readings:
    days = {word_before(match).lower(), word_after(match).lower()}
    return whole(("to",), match) if days <= CALENDAR_NAMES and before(match)[-1:] != " " else None


def _read_dot(match: re.Match[str]) -> Readings:
    return whole(("dot",), match) if re.search(r"\w$", before(match)) else None


def _read_sharp_or_hash(match: re.Match[str]) -> Readings:
    if re.search(r"(?<![A-Za-z])[A-G]$", before(match)):
        return whole(("sharp",), match)
    return whole(("hashtag",), match) if re.match("[A-Za-z]", after(match)) else None


def _read_symbol(match: re.Match[str]) -> Readings:
    """Read a symbol by its neighbours; symbols that only decorate are not spoken."""
    symbol = match.group()
    left, right = before(match).rstrip(" ")[-1:], after(match).lstrip(" ")[:1]
    after_word = left.isalnum() or left == ")"
    words = None
    if left.isdigit() and right.isdigit():
        words = _SPOKEN_BETWEEN_NUMBERS.get(symbol)
    if not words and after_word and right.isalnum() and before(match).endswith(" "):
        words = _SPOKEN_BETWEEN_SPACES.get(symbol)
    if not words and after_word and (right.isalnum() or right in "([-+√."):
        words = _SPOKEN_BETWEEN.get(symbol)
    if not words and (after_word or (left and left == symbol == "+")):
        words = _SPOKEN_AFTER.get(symbol)
    if not words and re.match(r"[$£€¥₹]?\.?\d", after(match)):
        words = _SPOKEN_BEFORE.get(symbol)
    if not words and symbol in "&@" and right.isalnum():
        words = _SPOKEN_AFTER[symbol]
    return whole(words.split(), match) if words else None


_ADDRESS_RULES = (
    Rule(
        "web address",
        re.compile(
            r"(?:(?i:https?://)|(?=www\.))(?P<address>[\w.~:/?#\[\]@!$&'()*+,;=%-]{0,2000}[\w/])", re.ASCII
        ),
        _read_address,
    ),
    Rule(
        "e-mail address",
        re.compile(r"(?P<address>[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})", re.ASCII),
        _read_address,
    ),
    Rule(
        "web site",
        re.compile(
            rf"(?P<address>[a-zA-Z0-9-]{{1,63}}(?:\.[a-zA-Z0-9-]{{1,63}}){{0,4}}\.(?:{_TOP_DOMAINS})"
            r"(?![\w-]|\.[A-Za-z])(?:/[\w.~/?#=&%+-]{0,500}(?<=[\w/]))?)",
            re.ASCII,
        ),
        _read_address,
    ),
)
_UNREADABLE_RULES = (
    Rule(
        "emoticon",
        re.compile(r"(?:[:;=]['-]?[DPpOoXx]|<3|[xX]D+)(?![A-Za-z0-9])"),
        _read_emoticon,
        Kind.SKIPPED,
    ),
    Rule("phonetic symbols", re.compile(r"[A-Za-z]{0,50}[ɐ-˿][A-Za-zɐ-˿]*"), nothing, Kind.SKIPPED),
    Rule("no word", re.compile(rf"[A-Za-z']{{{_LONGEST_WORD + 1},}}"), nothing, Kind.SKIPPED),
)
_LABEL_RULE = Rule("label", re.compile(r"(\d{1,3}|[A-Za-z])[.)](?=\s)"), _read_label, Kind.LABEL)

_LETTER_RULES = (
    *_ADDRESS_RULES,
    *_UNREADABLE_RULES,
    _LABEL_RULE,
    Rule("with", re.compile(r"w/o?(?![A-Za-z/])"), _read_with),
    Rule("by", re.compile(r"x(?= ?\d)"), _read_by),
    UNIT_RULE,
    Rule("short form", re.compile(r"[A-Za-z]{2,5}+(?![A-Za-z'])"), _read_short_form),
    Rule(
        "saint or doctor",
        re.compile(r"(S[tT]|D[rR])(?![A-Za-z'])\.?"),
        _read_saint_or_doctor,
        Kind.ABBREVIATION,
    ),
    Rule(
        "abbreviation",
        re.compile(r"([A-Za-z]{1,8}+)(?![A-Za-z'])(\.?)"),
        _read_abbreviation,
        Kind.ABBREVIATION,
    ),
    Rule(
        "degree",
        re.compile(r"(?:Ph\.D|[BM]\.Sc|[BM]\.Ed)(?![A-Za-z])\.?"),
        _read_degree,
        Kind.ABBREVIATION,
    ),
    Rule(
        "dotted letters",
        re.compile(r"((?:[A-Za-z]\.){1,10}[A-Za-z](?![A-Za-z])\.?)('s)?"),
        _read_dotted_letters,
        Kind.ABBREVIATION,
    ),
    Rule("initial", re.compile(r"[A-Z]\."), _read_initial, Kind.ABBREVIATION),
    *WORD_RULES,
)
_OTHER_RULES = (
    *_ADDRESS_RULES,
    *_UNREADABLE_RULES,
    _LABEL_RULE,
    Rule("and", re.compile(r"'[nN](?:'|(?![A-Za-z]))"), _read_and),
    Rule("clipped word", re.compile(rf"'(?:{_CLIPPED}|Tis|Twas|Cause|Til)(?![A-Za-z'])"), _read_itself),
    *MEASURE_RULES,
    *NUMBER_RULES,
    Rule("Greek letter", re.compile(rf"(?<![^\W_])[{''.join(GREEK_LETTERS)}](?![^\W_])"), _read_greek),
    Rule("per", re.compile(rf"/(?=(?:{_PER})\b)"), _read_per),
    Rule("span of days", re.compile("[-–](?=[A-Z])"), _read_span_of_days),
    Rule("dot", re.compile(rf"\.(?=(?:{_FILE_ENDINGS})(?![A-Za-z0-9]))"), _read_dot),
    Rule("hash", re.compile("#"), _read_sharp_or_hash),
    Rule("symbol", re.compile(f"[{re.escape(_SYMBOLS)}]"), _read_symbol),
    Rule("other script", re.compile(r"(?:(?![A-Za-z0-9])[^\W_])+"), nothing, Kind.SKIPPED),
)
