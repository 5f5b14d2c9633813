"""Every language says everything, with the same values in it."""

from __future__ import annotations

import string
import tomllib
from datetime import date
from pathlib import Path

import pytest

from app.reports.errors import ReportError
from app.reports.translations import languages, words
from assessment.bands import BANDS
from assessment.resources import resource


def texts(language: str) -> dict[str, str]:
    path = resource("translations", "report") / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_english_comes_first() -> None:
    assert languages()[0] == "en"
    assert set(languages()) >= {"en", "de", "es", "fr", "zh"}


@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    english, found = texts("en"), texts(language)
    plurals = {key for key in english if key.endswith("_one")}
    assert set(found) - plurals == set(english) - plurals
    assert {key: places(text) for key, text in found.items()} == {key: places(english[key]) for key in found}


@pytest.mark.parametrize(
    ("language", "one", "many", "number", "day"),
    [
        ("en", "1 reading", "3 readings", "1,234.5", "May 4, 2026"),
        ("de", "1 Aufnahme", "3 Aufnahmen", "1.234,5", "4. Mai 2026"),
        ("zh", "1 次朗读", "3 次朗读", "1,234.5", "2026年5月4日"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(
    language: str, one: str, many: str, number: str, day: str
) -> None:
    said = words(language)
    assert (said("readings", n=1), said("readings", n=3)) == (one, many)
    assert said.number(1234.5, 1) == number
    assert said.number(None) == "–"
    assert said.day(date(2026, 5, 4)) == day


def test_a_school_brings_a_language_and_other_words(tmp_path: Path) -> None:
    (tmp_path / "it.toml").write_text('overall = "Totale"', encoding="utf-8")
    (tmp_path / "en.toml").write_text('overall = "In all"', encoding="utf-8")
    assert "it" in languages(tmp_path)
    assert words("it", tmp_path)("overall") == "Totale"
    assert words("it", tmp_path)("accuracy") == "Accuracy"
    assert words("en", tmp_path)("overall") == "In all"


@pytest.mark.parametrize(
    ("language", "written", "problem"),
    [
        ("xx", None, "no reports in"),
        ("it", "overall = ", "cannot be read"),
        ("it", "overall = 3", '"overall" is not a text'),
        ("what-is-this", 'overall = "x"', "is no language"),
    ],
)
def test_words_that_cannot_be_used_are_told(
    tmp_path: Path, language: str, written: str | None, problem: str
) -> None:
    if written is not None:
        (tmp_path / f"{language}.toml").write_text(written, encoding="utf-8")
    with pytest.raises(ReportError, match=problem):
        words(language, tmp_path)


def test_signs_and_lists_are_written_as_people_do() -> None:
    said = words("en")
    assert [said.signed(each) for each in (2.4, -2.4, -0.2, None)] == ["+2", "−2", "±0", ""]
    assert said.listed(["a", "b", "c"]) == "a, b, and c"
    assert words("de").listed(["a", "b", "c"]) == "a, b und c"


def test_a_region_can_be_written_with_either_sign(tmp_path: Path) -> None:
    for name in ("pt_BR", "pt-BR"):
        (tmp_path / f"{name}.toml").write_text('overall = "Total"', encoding="utf-8")
        assert words(name, tmp_path).tag == "pt-BR"
        assert words(name, tmp_path).number(0.5, 1) == "0,5"


def test_a_text_that_wants_another_value_is_told(tmp_path: Path) -> None:
    (tmp_path / "it.toml").write_text('made = "Fatto {datum}"', encoding="utf-8")
    with pytest.raises(ReportError, match=r'"made" of the language "it".*no value for .datum.'):
        words("it", tmp_path)("made", date="x", version="1")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("aspect", [each for each in BANDS if each != "word"])
def test_every_band_has_its_words(language: str, aspect: str) -> None:
    for each in BANDS[aspect]:
        assert words(language)(f"band_{aspect}_{each.level}")
    if language == "en":
        assert [words("en")(f"band_{aspect}_{each.level}") for each in BANDS[aspect]] == [
            each.name for each in BANDS[aspect]
        ]
