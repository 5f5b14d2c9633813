"""The looks of all windows: a style sheet and a palette from the colours of a theme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication, QPalette, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.settings import THEMES
from app.windows import theme
from app.windows.flow import label
from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens
from assessment.phones import ipa
from tests.assessment.examples import CONSONANTS, VOWELS

each_theme = pytest.mark.parametrize(
    "tokens", [LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK], ids=lambda tokens: tokens.name
)


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    """The application, which gets its looks back."""
    style, palette, sheet = qapp.style().objectName(), QPalette(qapp.palette()), qapp.styleSheet()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setStyle(style)


@each_theme
def test_the_sheet_has_no_gaps_and_no_colours_of_its_own(tokens: Tokens) -> None:
    sheet = theme.stylesheet(tokens)
    assert not re.search(r"\{\w*\}|\{\{|\}\}", sheet)
    assert sheet.count("{") == sheet.count("}") > 40
    assert set(re.findall("#[0-9A-F]{6}", sheet)) <= set(vars(tokens).values())


@each_theme
def test_the_pictures_that_the_sheet_names_are_there(tokens: Tokens) -> None:
    pictures = re.findall(r'url\("(.+?)"\)', theme.stylesheet(tokens))
    assert len(pictures) == 2
    for picture in pictures:
        assert Path(picture).is_file()
        assert ("on-dark" in picture) == tokens.is_dark


@each_theme
def test_windows_take_the_colours_without_a_complaint_of_qt(
    application: QApplication, qtbot: QtBot, qtlog: object, tokens: Tokens
) -> None:
    theme.apply(application, tokens)
    page = QWidget()
    page.setObjectName("page")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    qtbot.addWidget(page)
    button = QPushButton("Read")
    button.setProperty("primary", True)
    column = QVBoxLayout(page)
    column.addWidget(button)
    column.addWidget(label("Text"))
    page.resize(200, 120)
    page.show()
    image = page.grab().toImage()
    assert image.pixelColor(2, 2).name().upper() == tokens.background
    inside = button.geometry().topLeft()
    assert image.pixelColor(inside.x() + 12, inside.y() + 8).name().upper() == tokens.accent
    complaints = [record.message for record in qtlog.records if "stylesheet" in record.message.lower()]  # type: ignore[attr-defined]
    assert complaints == []


def test_headings_are_larger_and_quiet_text_is_quieter(application: QApplication, qtbot: QtBot) -> None:
    theme.apply(application, LIGHT)
    plain, heading, quiet = label("a"), label("a", heading=True), label("a", quiet=True)
    for each in (plain, heading, quiet):
        qtbot.addWidget(each)
        each.ensurePolished()
    assert heading.sizeHint().height() > plain.sizeHint().height()
    role = QPalette.ColorRole.WindowText
    colours = [each.palette().color(role).name().upper() for each in (plain, quiet)]
    assert colours == [LIGHT.text, LIGHT.quiet]


def test_what_is_disabled_is_quiet(application: QApplication, qtbot: QtBot) -> None:
    theme.apply(application, DARK)
    field = QLabel("a")
    qtbot.addWidget(field)
    colour = application.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert colour.name().upper() == DARK.quiet


@pytest.mark.parametrize(
    ("choice", "on_light", "on_dark"),
    [
        ("system", LIGHT, DARK),
        ("light", LIGHT, LIGHT),
        ("dark", DARK, DARK),
        ("high-contrast", CONTRAST_LIGHT, CONTRAST_DARK),
    ],
)
def test_a_choice_of_the_settings_leads_to_its_colours(
    qapp: QApplication, choice: str, on_light: Tokens, on_dark: Tokens
) -> None:
    assert choice in THEMES
    expected = on_dark if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else on_light
    assert theme.tokens_for(choice) == expected


def is_missing(letter: str, font: QFont) -> bool:
    """Say whether no font has a letter, so that a box stands for it."""
    layout = QTextLayout(letter, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return any(0 in run.glyphIndexes() for run in layout.glyphRuns())


@pytest.mark.parametrize("pixels", [13, 22])
def test_the_letters_of_the_ipa_are_not_boxes(qtbot: QtBot, pixels: int) -> None:
    font = theme.ipa_font(pixels)
    assert font.pixelSize() == pixels
    letters = {letter for phone in (*VOWELS, *CONSONANTS, "NG", "TH", "SH", "JH") for letter in ipa(phone)}
    assert len(letters) > 25
    assert [letter for letter in sorted(letters) if is_missing(letter, font)] == []
