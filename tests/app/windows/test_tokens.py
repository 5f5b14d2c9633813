"""The colours of all themes can be told from what lies behind them."""

from __future__ import annotations

import re
from dataclasses import astuple, fields

import pytest

from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens

THEMES = (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)
READ = ("text", "quiet", "good", "nearly", "wrong", "added", "accent")
MARKS = ("good", "nearly", "wrong", "added", "accent", "quiet")
each_theme = pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#FF0000", "#FFFFFF") == pytest.approx(4.0, abs=0.01)


@each_theme
def test_every_token_is_a_colour(tokens: Tokens) -> None:
    name, *colours = astuple(tokens)
    assert name
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in colours)


@each_theme
@pytest.mark.parametrize("behind", ["background", "surface"])
@pytest.mark.parametrize("token", READ)
def test_text_can_be_read_on_the_page_and_on_what_lies_on_it(tokens: Tokens, token: str, behind: str) -> None:
    assert contrast(getattr(tokens, token), getattr(tokens, behind)) >= 4.5


@each_theme
@pytest.mark.parametrize("behind", ["background", "surface"])
@pytest.mark.parametrize("token", MARKS)
def test_marks_can_be_seen_on_the_page_and_on_what_lies_on_it(
    tokens: Tokens, token: str, behind: str
) -> None:
    assert contrast(getattr(tokens, token), getattr(tokens, behind)) >= 3.0


@each_theme
def test_text_can_be_read_on_the_accent(tokens: Tokens) -> None:
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5


@pytest.mark.parametrize("tokens", [CONTRAST_LIGHT, CONTRAST_DARK], ids=lambda tokens: tokens.name)
def test_high_contrast_reaches_the_enhanced_level(tokens: Tokens) -> None:
    for token in (*READ, "line"):
        assert contrast(getattr(tokens, token), tokens.background) >= 7.0, token


@each_theme
def test_a_theme_knows_whether_it_is_dark(tokens: Tokens) -> None:
    assert tokens.is_dark == (luminance(tokens.text) > luminance(tokens.background))


def test_themes_have_names_of_their_own() -> None:
    assert len({tokens.name for tokens in THEMES}) == len(THEMES)
    assert {field.name for field in fields(Tokens)} >= {*READ, *MARKS}
