"""Rules that read numbers with a meaning: money, measures, times of day, dates."""

from __future__ import annotations

import re

from assessment.text_characters import SUPERSCRIPT, VULGAR_FRACTIONS
from assessment.text_numbers import (
    CURRENCY_SIGNS,
    NUMBER,
    SET_PHRASES,
    cardinal,
    number_words,
    ordinal,
    two_digits,
    year,
)
from assessment.text_rules import (
    Kind,
    Reading,
    Readings,
    Rule,
    after,
    before,
    letters,
    spread,
    whole,
    word_before,
)

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
# What the abbreviations of months and days stand for.
CALENDAR = {month[:3]: month for month in MONTHS} | {
    "sept": "september",
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday",
    "thur": "thursday", "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday",
}  # fmt: skip
CALENDAR_NAMES = frozenset(CALENDAR) | frozenset(CALENDAR.values())

# One unit, several, one hundredth, several hundredths.
_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}
_SCALES = {
    "k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "tn": "trillion",
}  # fmt: skip
# After an amount of money these leave the currency in the singular: "two five dollar bills".
_PRICED = re.compile(r"[ -](?:bill|note|coin|fee|fine|ticket|gift|prize|check|cheque|discount|tip)s?\b")

# Written after a number: what is spoken after one, and after any other number.
_UNITS = {
    "km": ("kilometer", "kilometers"),
    "m": ("meter", "meters"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "μm": ("micrometer", "micrometers"),
    "nm": ("nanometer", "nanometers"),
    "mi": ("mile", "miles"),
    "yd": ("yard", "yards"),
    "ft": ("foot", "feet"),
    "in.": ("inch", "inches"),
    "sq ft": ("square foot", "square feet"),
    "sq km": ("square kilometer", "square kilometers"),
    "m²": ("square meter", "square meters"),
    "km²": ("square kilometer", "square kilometers"),
    "cm²": ("square centimeter", "square centimeters"),
    "m³": ("cubic meter", "cubic meters"),
    "cm³": ("cubic centimeter", "cubic centimeters"),
    "ha": ("hectare", "hectares"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"),
    "gal": ("gallon", "gallons"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "m/s": ("meter per second", "meters per second"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
    "yr": ("year", "years"),
    "yrs": ("year", "years"),
    "°C": ("degree celsius", "degrees celsius"),
    "°F": ("degree fahrenheit", "degrees fahrenheit"),
    "° C": ("degree celsius", "degrees celsius"),
    "° F": ("degree fahrenheit", "degrees fahrenheit"),
    "°": ("degree", "degrees"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "KB": ("kilobyte", "kilobytes"),
    "kB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "V": ("volt", "volts"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "cal": ("calorie", "calories"),
    "kcal": ("kilocalorie", "kilocalories"),
    "%": ("percent", "percent"),
    "¢": ("cent", "cents"),
} | {sign: (one, many) for sign, (one, many, _, _) in _CURRENCIES.items()}
_UNITS_AS_FOLDED = {
    unit.replace("²", SUPERSCRIPT + "2").replace("³", SUPERSCRIPT + "3"): words
    for unit, words in _UNITS.items()
}

_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS_AS_FOLDED, key=len, reverse=True))
_MIXED_NUMBER = re.compile(rf"\d ?[{VULGAR_FRACTIONS}] ?$|\d[ -]\d+/\d+ ?$")
_FRACTION_OR_PER = re.compile(rf"(?:[{VULGAR_FRACTIONS}]|\d/\d+) ?$|[\d)]/$")
_HALF_OF_DAY = r"(?P<half>(?i:[ap]m|[ap]\.m\.?))(?![A-Za-z])"
_MONTH_NAME = "|".join(name.capitalize() for month in MONTHS for name in (month, month[:3]))


def _read_money(match: re.Match[str]) -> Readings:
    sign, digits, upper, scale = match.group("sign", "digits", "upper", "scale")
    one, many, cent, cents = _CURRENCIES[sign]
    if word_before(match) in {"a", "an"} or _PRICED.match(after(match)):
        many = one
    if scale or upper:
        amounts = (*number_words(digits), *(("to", *number_words(upper)) if upper else ()))
        scales = (_SCALES.get(scale.lower(), scale.strip().lower()),) if scale else ()
        return whole((*amounts, *scales, many), match)
    units, _, hundredths = digits.partition(".")
    if len(hundredths) not in (0, 2):
        return whole((*number_words(digits), many), match)
    amount = (*number_words(units or "0"), one if units == "1" else many)
    if not int(hundredths or 0):
        return whole(amount, match)
    small = (*cardinal(int(hundredths)), cent if hundredths == "01" else cents)
    return whole(small if units in ("", "0") else (*amount, "and", *small), match)


def _read_measure(match: re.Match[str]) -> Readings:
    digits, gap, unit = match.group("digits", "gap", "unit")
    one, many = _UNITS_AS_FOLDED[unit]
    words = one if digits == "1" or gap == "-" else many
    return [
        *whole(number_words(digits), match, "digits"),
        *spread(words.split(), match.start("unit"), match.end()),
    ]


def _read_unit(match: re.Match[str]) -> Readings:
    """Read a unit that stands alone after a fraction or after "per"."""
    one, many = _UNITS_AS_FOLDED[match.group("unit")]
    if _MIXED_NUMBER.search(before(match)):
        return whole(many.split(), match)
    return whole(one.split(), match) if _FRACTION_OR_PER.search(before(match)) else None


def _read_height(match: re.Match[str]) -> Readings:
    feet, inches = number_words(match.group(1)), number_words(match.group(2))
    return [*whole((*feet, "foot"), match, 1), *spread(inches, match.start(2), match.end())]


def _read_time(match: re.Match[str]) -> Readings:
    hour, minute, second, half = match.group("hour", "minute", "second", "half")
    if int(hour) > 24:
        return None
    words = list(cardinal(int(hour)))
    if second or minute != "00":
        words += two_digits(minute)
    elif not half:
        words.append("o'clock" if 1 <= int(hour) <= 12 else "hundred")
    words += two_digits(second) if second else ()
    return [*spread(words, match.start(), match.end("clock")), *_half_of_day(match)]


def _read_hour(match: re.Match[str]) -> Readings:
    return [*whole(cardinal(int(match.group("hour"))), match, "hour"), *_half_of_day(match)]


def _half_of_day(match: re.Match[str]) -> list[Reading]:
    return letters(match.group("half") or "", match.start("half"))


def _read_date(match: re.Match[str]) -> Readings:
    """Read a date in the order month, day, year; the day first only where it cannot be a month."""
    month, day, digits = int(match.group("month")), int(match.group("day")), match.group("year")
    dated = digits or day > 20 or word_before(match).lower() in {"on", "by", "until", *CALENDAR_NAMES}
    if not dated or match.group() in SET_PHRASES:
        return None
    if month > 12 >= day:
        month, day = day, month
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    words = (MONTHS[month - 1], *ordinal(day))
    return whole((*words, *_year_of_date(digits)) if digits else words, match)


def _year_of_date(digits: str) -> tuple[str, ...]:
    century = "" if len(digits) == 4 else "20" if digits < "50" else "19"
    return year(int(century + digits))


def _read_day_after_month(match: re.Match[str]) -> Readings:
    month = word_before(match)
    if not month[:1].isupper() or CALENDAR.get(month.lower(), month.lower()) not in MONTHS:
        return None
    if not re.search(r"[A-Za-z]\.? ?$", before(match)) or not 1 <= int(match.group(1)) <= 31:
        return None
    last = whole(("to", *ordinal(int(match.group(2)))), match, 2) if match.group(2) else []
    return [*whole(ordinal(int(match.group(1))), match, 1), *last]


def _read_day_before_month(match: re.Match[str]) -> Readings:
    if not 1 <= int(match.group()) <= 31:
        return None
    article = () if word_before(match).lower() == "the" else ("the",)
    return whole((*article, *ordinal(int(match.group())), "of"), match)


_UNIT_AND_DOT = rf"(?P<unit>{_UNIT})(?![A-Za-z0-9{SUPERSCRIPT}])(?:\.(?= [a-z]))?"

UNIT_RULE = Rule("unit", re.compile(_UNIT_AND_DOT), _read_unit, kind=Kind.ABBREVIATION)
MEASURE_RULES = (
    Rule("date", re.compile(r"(?P<year>\d{4})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?![\d-])"), _read_date),
    Rule(
        "date with slashes",
        re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}|\d\d))?(?![\d/])"),
        _read_date,
    ),
    Rule(
        "time",
        re.compile(
            r"(?P<clock>(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?)(?!\d)"
            rf"(?: ?{_HALF_OF_DAY})?"
        ),
        _read_time,
        kind=Kind.ABBREVIATION,
    ),
    Rule("hour", re.compile(rf"(?P<hour>\d{{1,2}}) ?{_HALF_OF_DAY}"), _read_hour, kind=Kind.ABBREVIATION),
    Rule("height", re.compile(r"(\d)' ?(\d{1,2})(?:\"|'')?(?![\d'])"), _read_height),
    Rule(
        "money",
        re.compile(
            rf"(?P<sign>[{CURRENCY_SIGNS}]) ?(?P<digits>{NUMBER})(?:[-–](?P<upper>{NUMBER})(?![\d-]))?"
            r"(?P<scale>(?i:k|mn?|bn?|tn)(?![A-Za-z])| (?i:hundred|thousand|million|billion|trillion)\b)?"
        ),
        _read_money,
    ),
    Rule(
        "measure",
        re.compile(rf"(?P<digits>{NUMBER})(?P<gap>[ -]?){_UNIT_AND_DOT}"),
        _read_measure,
        kind=Kind.ABBREVIATION,
    ),
    Rule(
        "day after month",
        re.compile(r"(\d{1,2})(?: ?[-–] ?(\d{1,2}))?(?![\d%/:A-Za-z]|[.,]\d|-\d)"),
        _read_day_after_month,
    ),
    Rule("day before month", re.compile(rf"\d{{1,2}}(?= (?:{_MONTH_NAME})\b)"), _read_day_before_month),
)
