"""The words of reports in several languages, with dates and numbers as each language writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from app.reports.errors import ReportError
from assessment.resources import resource

DEFAULT = "en"
_SUFFIX = ".toml"


@dataclass(frozen=True)
class Words:
    """What a report says, in one language.

    Attributes
    ----------
    language : str
        Such as "de" or "pt_BR".
    texts : mapping of str to str
        By their keys; what is missing is said in English.
    """

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with values in it.

        With a number `n` there are texts for each way of the language to count: ``KEY_one``, ``KEY_other``
        and so on, as Unicode's CLDR calls them.

        Raises
        ------
        ReportError
            If there is no such text, or it wants other values.
        """
        if isinstance(n := values.get("n"), int):
            counted = f"{key}_{self._locale.plural_form(n)}"
            key = counted if counted in self.texts else f"{key}_other"
            values["n"] = self.number(n)
        try:
            return self.texts[key].format(**values)
        except (KeyError, IndexError, ValueError, AttributeError) as problem:
            why = f"it has no value for {problem}" if key in self.texts else "there is none"
            raise ReportError(
                f'The text "{key}" of the language "{self.language}" cannot be used: {why}. Mend the file '
                f'"{self.language}{_SUFFIX}" or the template that asks for it.'
            ) from problem

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return self.language.replace("_", "-")

    @property
    def direction(self) -> str:
        """Whether it is written from left to right, "ltr", or from right to left, "rtl"."""
        return str(self._locale.text_direction)

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)

    def day(self, value: date) -> str:
        """Write a day."""
        return format_date(value, "long", self._locale)

    def short_day(self, value: date | datetime) -> str:
        """Write a day, in short; of a moment, the day in the zone of the computer."""
        here = value.astimezone().date() if isinstance(value, datetime) else value
        return format_date(here, "medium", self._locale)

    def moment(self, value: datetime) -> str:
        """Write a day and a time, in the zone of the computer."""
        here = value.astimezone()
        day = format_date(here, "medium", self._locale)
        return f"{day}, {format_time(here, 'short', locale=self._locale)}"

    def number(self, value: float | None, digits: int = 0) -> str:
        """Write a number; a dash for none."""
        if value is None:
            return "–"
        pattern = "#,##0" if digits == 0 else f"#,##0.{'0' * digits}"
        return format_decimal(round(value, digits), pattern, self._locale)

    def signed(self, value: float | None, digits: int = 0) -> str:
        """Write a number with its sign; nothing for none."""
        if value is None:
            return ""
        rounded = round(value, digits) + 0.0  # not -0
        sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
        return f"{sign}{self.number(abs(rounded), digits)}"

    def listed(self, values: Sequence[str]) -> str:
        """Write several things one after the other, as in "a, b, and c"."""
        return format_list(values, locale=self._locale)


def languages(templates: Path | None = None) -> tuple[str, ...]:
    """Return the languages that reports can be written in, English first.

    Parameters
    ----------
    templates : Path, optional
        A school's folder of templates, which may bring languages of its own.
    """
    found = {path.stem for folder in _folders(templates) for path in folder.glob(f"*{_SUFFIX}")}
    return (DEFAULT, *sorted(found - {DEFAULT}))


def words(language: str, templates: Path | None = None) -> Words:
    """Return the words of a language.

    Parameters
    ----------
    language : str
        One of `languages`.
    templates : Path, optional
        A school's folder of templates, whose words are taken instead of ours.

    Raises
    ------
    ReportError
        If there is no such language, or its file is damaged.
    """
    if language not in languages(templates):
        raise ReportError(
            f'There are no reports in "{language}". Choose one of {", ".join(languages(templates))}.'
        )
    texts = dict(_shipped(DEFAULT))
    for folder in _folders(templates):
        path = folder / f"{language}{_SUFFIX}"
        if path.is_file():
            texts |= _read(path)
    _locale(language)
    return Words(language, texts)


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as problem:
        raise ReportError(
            f'"{language}" is no language. Call the file by its code, such as de.toml.'
        ) from problem


def _folders(templates: Path | None) -> list[Path]:
    own = [templates] if templates is not None else []
    return [resource("translations", "report"), *own]


@cache
def _shipped(language: str) -> dict[str, str]:
    return _read(resource("translations", "report") / f"{language}{_SUFFIX}")


def _read(path: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ReportError(f'The words in "{path}" cannot be read ({problem}). Mend the file.') from problem
    if wrong := [key for key, value in found.items() if not isinstance(value, str)]:
        raise ReportError(f'In "{path}", "{wrong[0]}" is not a text. Mend the file.')
    return found
