"""The rows of weak sounds and of the texts for them: what they say, show and ask for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.library.weak_phones import WeakPhone
from app.library.weak_sounds import SessionItem
from app.windows.tokens import DARK, LIGHT
from app.windows.weak_sounds import rows as weak_rows
from app.windows.weak_sounds.rows import SoundRow, TextRow, emphasised
from assessment.errors import ElocuteError

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
THINK = WeakPhone("TH", "θ", 42.0, 12, 6, NOW, True, "S", "Often sounds like /s/. Last said well yesterday.")
ITEM = SessionItem("1", "2", "Think <b>thank</b>.", "TH", "Words with /θ/.", ((0, 2), (9, 11)))


@pytest.fixture
def row(qtbot: QtBot) -> SoundRow:
    made = SoundRow(THINK, NOW, "ipa", LIGHT)
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show()
    return made


def told(row: SoundRow) -> list[str]:
    return [each.text() for each in row.findChildren(QLabel) if each.isVisible()]


def test_a_sound_is_told_with_a_word_and_why_it_is_practised(row: SoundRow) -> None:
    assert told(row) == ["/θ/ as in “think” · due now", THINK.reason]
    assert row.accessibleName() == f"/θ/ as in “think”. {THINK.reason} Due now"


def test_a_sound_without_a_date_has_only_its_name(qtbot: QtBot) -> None:
    phone = WeakPhone("TH", "θ", 95.0, 12, 0, None, False, None, "")
    made = SoundRow(phone, NOW, "arpabet", LIGHT)
    qtbot.addWidget(made)
    made.show()
    assert told(made)[0] == "/TH/ as in “think”"
    later = SoundRow(
        WeakPhone("TH", "θ", 70.0, 9, 0, NOW + timedelta(days=4), False, None, ""), NOW, "ipa", DARK
    )
    qtbot.addWidget(later)
    later.show()
    assert told(later)[0].endswith("due in 4 days")


def test_the_tip_is_for_what_was_heard_and_goes_away_again(row: SoundRow) -> None:
    row.show_tip.click()
    assert row.tip.isVisible()
    assert row.tip.text().endswith("Compare: think\u00a0–\u00a0sink.")
    row.show_tip.click()
    assert not row.tip.isVisible()


def test_tips_that_are_missing_are_told_and_not_thrown(
    qtbot: QtBot, row: SoundRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_phones: object) -> None:
        raise ElocuteError("The tips are lost.")

    monkeypatch.setattr(weak_rows, "phone_tip", lost)
    with qtbot.waitSignal(row.failed) as failed:
        row.show_tip.click()
    assert failed.args == ["The tips are lost."]
    assert not row.tip.isVisible()


def test_the_readings_with_a_sound_can_be_asked_for(qtbot: QtBot, row: SoundRow) -> None:
    with qtbot.waitSignal(row.readings_asked) as asked:
        row.show_readings.click()
    assert asked.args == ["TH"]


@pytest.mark.parametrize(
    ("mean", "colour", "words"),
    [
        (30.0, LIGHT.wrong, "Hard to understand"),
        (70.0, LIGHT.nearly, "Partly unclear"),
        (92.0, LIGHT.good, "Clear"),
    ],
)
def test_the_bar_is_as_long_as_the_sound_is_good(qtbot: QtBot, mean: float, colour: str, words: str) -> None:
    phone = WeakPhone("TH", "θ", mean, 12, 6, NOW, True, None, "")
    tile = weak_rows.SoundTile(phone, "ipa", LIGHT)
    qtbot.addWidget(tile)
    image = tile.grab().toImage()
    width = image.width() / tile.width()
    line = [image.pixelColor(x, round(54 * width)).name().upper() for x in range(image.width())]
    assert line.count(colour) / width == pytest.approx(40 * mean / 100.0, abs=2.0)
    assert tile.accessibleName() == f"θ. {words}: about {mean:.0f} of 100"


def test_themes_change_the_colours(qtbot: QtBot, row: SoundRow) -> None:
    before = row.grab().toImage()
    row.set_tokens(DARK)
    assert row.grab().toImage() != before


def test_a_text_shows_its_letters_and_takes_nothing_for_mark_up(qtbot: QtBot) -> None:
    made = TextRow(3, ITEM, "ipa", LIGHT)
    qtbot.addWidget(made)
    document = QTextDocument()
    document.setHtml(made.text.text())
    assert document.toPlainText() == ITEM.text
    assert re.findall("<u>(.*?)</u>", made.text.text()) == ["Th", "th"]
    assert made.text.accessibleName() == ITEM.text
    assert made.text.accessibleDescription() == made.toolTip() == ITEM.why
    assert {"3", "/θ/"} < {each.text() for each in made.findChildren(QLabel)}
    made.set_tokens(DARK)
    assert DARK.accent in made.text.text()
    assert LIGHT.accent not in made.text.text()


@given(
    st.text(st.sampled_from("ab<>&;\"' \nθ"), max_size=20),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6),
)
def test_emphasis_never_changes_a_text(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(start, end) for start, end in spans if start < end <= len(text)]
    rich = emphasised(text, inside, LIGHT)
    plain = re.sub("<br>", "\n", rich)
    plain = re.sub("</?[bu][^>]*>", "", plain)
    for name, sign in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("#x27", "'"), ("amp", "&")):
        plain = plain.replace(f"&{name};", sign)
    assert plain == text
