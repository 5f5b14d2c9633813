"""The line above the history counts, and lets only that be pressed which can be done."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pytestqt.qtbot import QtBot

from app.library.records import AttemptRow
from app.windows.history.actions import ActionBar, count_words
from app.windows.tokens import LIGHT
from tests.app.windows.history.rows import a_row

HEARD, SILENT = a_row(0), a_row(1, recording=None)


@pytest.fixture
def bar(qtbot: QtBot) -> ActionBar:
    made = ActionBar()
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    return made


@pytest.mark.parametrize(("counts", "words"), [
    ((0, 0, 0), "0 readings"),
    ((1, 1, 1), "1 reading"),
    ((312, 312, 0), "312 readings"),
    ((0, 1, 0), "0 of 1 reading"),
    ((12, 1_312, 1), "12 of 1,312 readings"),
    ((10_000, 10_000, 2_000), "10,000 readings · 2,000 chosen"),
])  # fmt: skip
def test_numbers_are_told_in_words(counts: tuple[int, int, int], words: str) -> None:
    assert count_words(*counts) == words


@pytest.mark.parametrize(("chosen", "names"), [
    ([], ""),
    ([HEARD], "Open Play Star Hand in Delete"),
    ([SILENT], "Open Star Hand in Delete"),
    ([HEARD, SILENT], "Star Compare Hand in Delete"),
    ([HEARD, SILENT, a_row(2)], "Star Hand in Delete"),
])  # fmt: skip
def test_only_that_can_be_pressed_which_can_be_done(
    bar: ActionBar, chosen: Sequence[AttemptRow], names: str
) -> None:
    bar.show_choice(chosen, 5, 9)
    assert " ".join(button.text() for button in bar.buttons if button.isEnabled()) == names
    assert bar.count.text().startswith("5 of 9 readings")


def test_what_plays_can_be_stopped(bar: ActionBar) -> None:
    picture = bar.play.icon().pixmap(20, 20).toImage()
    bar.show_playing(True)
    assert bar.play.text() == "Stop"
    assert bar.play.icon().pixmap(20, 20).toImage() != picture
    bar.show_playing(False)
    assert bar.play.text() == "Play"


def test_every_key_is_told(bar: ActionBar) -> None:
    for button, key in zip(bar.buttons, ("Enter", "Space", "S", "C", "H", "Delete"), strict=True):
        assert f"({key})" in button.toolTip()
