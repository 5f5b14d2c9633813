"""The heat map: a colour and a number for each learner and sound, and the recordings behind them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.windows.classes.heat_map import HeatMap, state_of, step_of, tint
from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens
from assessment.phones import PHONES
from tests.app.windows.classes.overviews import learner, overview

LEFT = Qt.MouseButton.LeftButton
HEAT = {
    ("ali", "TH"): (30.0, 9), ("mia", "TH"): (50.0, 9),
    ("ali", "R"): (95.0, 30), ("mia", "R"): (65.0, 10),
    ("mia", "S"): (90.0, 2),
}  # fmt: skip
CLASS = overview(learner("Ali"), learner("Mia"), learner("Zoe", 0), heat=HEAT)
SPOKEN, TIP = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole


@pytest.fixture
def heat(qtbot: QtBot) -> HeatMap:
    """The map of three learners, shown."""
    made = HeatMap()
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(500, 300)
    made.show_overview(CLASS, "ipa")
    made.show()
    return made


def names(heat: HeatMap) -> list[str]:
    return [heat.sounds.headerData(row, Qt.Orientation.Vertical) for row in range(heat.sounds.rowCount())]


def numbers(heat: HeatMap, row: int) -> list[str]:
    return [heat.sounds.index(row, column).data() for column in range(heat.sounds.columnCount())]


def place(heat: HeatMap, row: int, column: int) -> QPoint:
    return heat.visualRect(heat.sounds.index(row, column)).center()


def test_the_hardest_sounds_come_first_and_the_whole_class_on_top(heat: HeatMap) -> None:
    letters = [heat.sounds.headerData(each, Qt.Orientation.Horizontal) for each in range(3)]
    assert letters == ["θ", "ɹ", "s"]
    assert names(heat) == ["Whole class", "Ali", "Mia", "Zoe"]


def test_the_class_is_the_mean_of_all_that_was_said(heat: HeatMap) -> None:
    # Of /ɹ/: 30 times 95 and 10 times 65.
    assert numbers(heat, 0) == ["40", "88", "90"]
    assert numbers(heat, 1) == ["30", "95", ""]


def test_sounds_can_be_written_in_another_alphabet(heat: HeatMap) -> None:
    heat.show_overview(CLASS, "arpabet")
    assert heat.sounds.headerData(0, Qt.Orientation.Horizontal) == "TH"


def test_a_cell_tells_whose_sound_it_is_and_how_often_it_was_said(heat: HeatMap) -> None:
    assert heat.sounds.index(1, 0).data(SPOKEN) == "Ali, /θ/ as in “think”: 30, said 9 times"
    assert heat.sounds.index(3, 0).data(SPOKEN) == "Zoe, /θ/ as in “think”: not said yet"
    assert heat.sounds.index(1, 0).data(TIP).startswith("<qt>Ali,")


def test_a_cell_leads_to_the_recordings_of_its_learner_and_sound(qtbot: QtBot, heat: HeatMap) -> None:
    with qtbot.waitSignal(heat.asked) as asked:
        qtbot.mouseClick(heat.viewport(), LEFT, pos=place(heat, 2, 1))
    assert asked.args == [{"learner_id": "mia", "phone": "R"}]


def test_a_cell_of_the_whole_class_leads_to_those_of_everybody(qtbot: QtBot, heat: HeatMap) -> None:
    heat.setCurrentIndex(heat.sounds.index(0, 0))
    with qtbot.waitSignal(heat.asked) as asked:
        qtbot.keyClick(heat, Qt.Key.Key_Return)
    assert asked.args == [{"phone": "TH"}]


def test_a_sound_that_was_not_said_leads_nowhere(qtbot: QtBot, heat: HeatMap) -> None:
    with qtbot.assertNotEmitted(heat.asked):
        qtbot.mouseClick(heat.viewport(), LEFT, pos=place(heat, 3, 0))


def test_arrows_walk_and_what_is_walked_to_is_told(qtbot: QtBot, heat: HeatMap) -> None:
    with qtbot.waitSignal(heat.pointed) as pointed:
        qtbot.keyClick(heat, Qt.Key.Key_Down)
    assert pointed.args == ["Ali, /θ/ as in “think”: 30, said 9 times"]
    with qtbot.waitSignal(heat.pointed) as pointed:
        qtbot.keyClick(heat, Qt.Key.Key_Right)
    assert pointed.args == ["Ali, /ɹ/ as in “red”: 95, said 30 times"]


def test_o_sorts_learners_by_a_sound_below_the_class(qtbot: QtBot, heat: HeatMap) -> None:
    heat.setCurrentIndex(heat.sounds.index(1, 1))
    qtbot.keyClick(heat, Qt.Key.Key_O)
    assert names(heat) == ["Whole class", "Mia", "Ali", "Zoe"]
    qtbot.keyClick(heat, Qt.Key.Key_O)
    assert names(heat) == ["Whole class", "Ali", "Mia", "Zoe"]


def test_the_place_stays_when_numbers_change(heat: HeatMap) -> None:
    heat.setCurrentIndex(heat.sounds.index(2, 1))
    heat.show_overview(CLASS, "ipa")
    assert (heat.currentIndex().row(), heat.currentIndex().column()) == (2, 1)


def test_a_map_without_sounds_is_empty(heat: HeatMap) -> None:
    heat.show_overview(overview(learner("Zoe", 0)), "ipa")
    assert (heat.sounds.rowCount(), heat.sounds.columnCount()) == (2, 0)
    assert not heat.grab().isNull()


# --- looks --------------------------------------------------------------------------------------


def test_the_worse_a_sound_the_stronger_its_colour() -> None:
    states = [state_of(mean) for mean in (85.0, 84.9, 60.0, 59.9, 0.0)]
    assert states == ["", "nearly", "nearly", "wrong", "wrong"]
    strengths = [tint("#000000", state_of(mean), step_of(mean)).alpha() for mean in range(84, -1, -1)]
    reds = strengths[84 - 59 :]
    assert reds == sorted(reds)
    assert reds[0] < reds[-1]


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK], ids=lambda each: each.name)
@pytest.mark.parametrize("mean", [84.0, 61.0, 59.0, 0.0])
def test_numbers_can_be_read_on_every_colour(tokens: Tokens, mean: float) -> None:
    state = state_of(mean)
    fill = tint(getattr(tokens, state), state, step_of(mean))
    assert contrast(over(fill, QColor(tokens.surface)), QColor(tokens.text)) >= 4.5


def test_few_repetitions_have_a_frame_and_no_colour(heat: HeatMap) -> None:
    heat.show_overview(
        overview(learner("Ali"), heat={("ali", "TH"): (30.0, 4), ("ali", "R"): (30.0, 5)}), "ipa"
    )
    heat.setCurrentIndex(heat.sounds.index(0, 0))
    picture = heat.viewport().grab().toImage()

    def corner(letter: str) -> str:
        box = heat.visualRect(heat.sounds.index(1, heat.sounds.phones.index(letter)))
        return str(picture.pixelColor(box.left() + 5, box.top() + 5).name())

    assert corner("TH") == LIGHT.surface.lower()
    assert corner("R") != LIGHT.surface.lower()


def test_fifty_learners_and_all_sounds_are_drawn(heat: HeatMap) -> None:
    learners = [learner(f"Learner {number}") for number in range(50)]
    cells = {
        (each.learner.id, phone): (float(each.learner.id[8:]), 9) for each in learners for phone in PHONES
    }
    heat.show_overview(overview(*learners, heat=cells), "ipa")
    heat.resize(1900, 1000)
    assert (heat.sounds.rowCount(), heat.sounds.columnCount()) == (51, len(PHONES))
    assert not heat.grab().isNull()


def over(colour: QColor, ground: QColor) -> QColor:
    """What is seen of a colour that lets some of its ground through."""
    share = colour.alphaF()
    parts = zip(colour.getRgbF()[:3], ground.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(share * one + (1.0 - share) * other for one, other in parts))


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
