"""What to work on: what is told, and what its buttons ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.windows.problems import ProblemsPanel, practice
from app.windows.tokens import DARK, LIGHT
from assessment.results import Assessment, Problem
from tests.assessment import examples

FLAWED = examples.flawed_reading()
PHONE, OMISSION, BREAK = FLAWED.problems


@pytest.fixture
def panel(qtbot: QtBot) -> ProblemsPanel:
    made = ProblemsPanel()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    return made


def showing(panel: ProblemsPanel, *problems: Problem, overall: float = 60.0) -> Assessment:
    reading = replace(FLAWED, problems=problems, scores=replace(FLAWED.scores, overall=overall))
    panel.show_problems(reading)
    QCoreApplication.processEvents()
    return reading


def told(panel: ProblemsPanel) -> list[str]:
    return [each.text() for each in panel.findChildren(QLabel) if each.isVisible()]


def buttons(panel: ProblemsPanel) -> dict[str, QPushButton]:
    return {each.text(): each for each in panel.findChildren(QPushButton) if each.isVisible()}


def test_each_problem_is_a_numbered_row_with_what_to_do(panel: ProblemsPanel) -> None:
    showing(panel, PHONE, OMISSION, BREAK)
    texts = told(panel)
    assert texts[0] == "What to work on"
    for number, problem in enumerate((PHONE, OMISSION, BREAK), start=1):
        assert {str(number), problem.message, problem.tip} <= set(texts)


def test_rows_stand_below_each_other_within_the_panel(panel: ProblemsPanel) -> None:
    showing(panel, PHONE, OMISSION, BREAK)
    panel.resize(420, panel.heightForWidth(420))
    QCoreApplication.processEvents()
    places = {
        each.text(): each.mapTo(panel, each.rect().topLeft()).y() for each in panel.findChildren(QLabel)
    }
    tops = [places[problem.message] for problem in (PHONE, OMISSION, BREAK)]
    assert tops == sorted(set(tops))
    for button in buttons(panel).values():
        corner = button.mapTo(panel, button.rect().bottomRight())
        assert corner.x() < panel.width()
        assert corner.y() < panel.height()


def test_the_buttons_of_a_sound_lead_to_its_sounds_its_word_and_its_mouth(
    panel: ProblemsPanel, qtbot: QtBot
) -> None:
    showing(panel, PHONE)
    found = buttons(panel)
    assert list(found) == ["Mine", "Model", "In the text", "Mouth", "Practise see – she"]
    for name in ("Mine", "Model"):
        with qtbot.waitSignal(panel.play_asked) as asked:
            found[name].click()
        assert asked.args == [4, name.lower()]
    with qtbot.waitSignal(panel.word_asked) as shown:
        found["In the text"].click()
    assert shown.args == [4]
    with qtbot.waitSignal(panel.mouth_asked) as mouth:
        found["Mouth"].click()
    assert mouth.args == ["S", "SH"]
    with qtbot.waitSignal(panel.practice_asked) as practised:
        found["Practise see – she"].click()
    assert practised.args == [("see", "she")]


def test_each_row_leads_to_its_own_word(panel: ProblemsPanel, qtbot: QtBot) -> None:
    showing(panel, PHONE, BREAK)
    rows = [each for each in panel.findChildren(QPushButton) if each.text() == "In the text"]
    asked: list[int] = []
    panel.word_asked.connect(asked.append)
    for row in rows:
        row.click()
    assert asked == [4, 3]


def test_a_word_that_was_left_out_without_a_time_has_only_a_model(panel: ProblemsPanel) -> None:
    gone = replace(FLAWED.words[1], start=0.5, end=0.5)
    words = (FLAWED.words[0], gone, *FLAWED.words[2:])
    panel.show_problems(replace(FLAWED, words=words, problems=(OMISSION,)))
    QCoreApplication.processEvents()
    assert list(buttons(panel)) == ["Model", "In the text"]


def test_a_word_that_was_said_again_has_no_model(panel: ProblemsPanel) -> None:
    showing(panel, replace(OMISSION, kind="repetition", words=(5,)))
    assert list(buttons(panel)) == ["Mine", "In the text"]


def test_a_problem_of_the_whole_reading_has_no_buttons(panel: ProblemsPanel) -> None:
    showing(panel, replace(BREAK, kind="pace", words=()))
    assert buttons(panel) == {}


def test_a_good_reading_without_problems_is_praised(panel: ProblemsPanel) -> None:
    showing(panel, overall=95.0)
    assert told(panel) == ["Well read", "Nothing stands out to work on. Go on with the next text."]


def test_a_weak_reading_without_problems_is_not(panel: ProblemsPanel) -> None:
    showing(panel, overall=30.0)
    assert told(panel) == []


def test_the_problems_of_the_reading_before_are_gone(panel: ProblemsPanel) -> None:
    showing(panel, PHONE, OMISSION)
    showing(panel, BREAK)
    texts = told(panel)
    assert BREAK.message in texts
    assert PHONE.message not in texts
    assert "2" not in texts


def test_the_theme_can_change_after_problems_were_replaced(panel: ProblemsPanel) -> None:
    showing(panel, PHONE, OMISSION)
    showing(panel, PHONE)
    light = buttons(panel)["Mine"].icon().pixmap(20, 20).toImage()
    panel.set_tokens(DARK)
    assert buttons(panel)["Mine"].icon().pixmap(20, 20).toImage() != light
    panel.set_tokens(LIGHT)
    assert buttons(panel)["Mine"].icon().pixmap(20, 20).toImage() == light


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (PHONE, ("see", "she")),
        (replace(PHONE, pair=()), ("see",)),
        (replace(PHONE, pair=(), kind="stress", words=(7,)), ("elephant",)),
        (replace(PHONE, pair=(), words=()), ()),
        (OMISSION, ()),
        (BREAK, ()),
    ],
)
def test_a_pair_or_the_word_itself_is_practised(problem: Problem, words: tuple[str, ...]) -> None:
    assert practice(problem, FLAWED) == words
