"""The scores of a reading as people see and hear them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.windows.scores import ASPECTS, ScoreBar, ScoresPanel, colour_of, summary
from app.windows.tokens import DARK, LIGHT
from assessment.bands import BANDS, band
from assessment.results import Assessment, Confidence, Scores
from tests.assessment import examples

GOOD = examples.good_reading()


@pytest.fixture
def panel(qtbot: QtBot) -> ScoresPanel:
    made = ScoresPanel()
    qtbot.addWidget(made)
    made.resize(900, 200)
    made.show()
    return made


def told(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


def scoring(overall: float) -> Assessment:
    return replace(GOOD, scores=replace(GOOD.scores, overall=overall))


def cells(bar: ScoreBar, colour: str) -> int:
    """How many of the ten cells are filled with a colour."""
    image = bar.grab().toImage()
    middle = image.height() // 2
    row = [image.pixelColor(x, middle).name().upper() == colour for x in range(image.width())]
    runs, long_runs = 0, 0
    for is_filled in [*row, False]:
        runs = runs + 1 if is_filled else 0
        long_runs += runs == 4
    return long_runs


def bar_of(qtbot: QtBot) -> ScoreBar:
    bar = ScoreBar()
    qtbot.addWidget(bar)
    bar.resize(140, 14)
    return bar


def test_every_score_is_a_number_with_the_words_of_its_band(panel: ScoresPanel) -> None:
    panel.show_scores(GOOD)
    texts = told(panel)
    assert "91" in texts
    assert band("overall", 91.2).name.capitalize() in texts
    assert band("overall", 91.2).description in texts
    for aspect in ASPECTS:
        score = getattr(GOOD.scores, aspect)
        assert aspect.capitalize() in texts
        assert f"{score:.0f}" in texts
        assert band(aspect, score).name in texts


def test_an_aspect_that_was_not_scored_has_no_number(panel: ScoresPanel) -> None:
    panel.show_scores(replace(GOOD, scores=Scores(80.0, 80.0)))
    texts = told(panel)
    assert texts.count("not scored") == texts.count("–") == 3
    panel.show_scores(GOOD)
    assert "not scored" not in told(panel)


@pytest.mark.parametrize(
    ("overall", "before", "sentence"),
    [
        (82.0, 75.0, "7 more than last time (75)."),
        (75.0, 82.0, "7 less than last time (82)."),
        (82.2, 81.8, "As last time (82)."),
        (0.0, 0.0, "As last time (0)."),
    ],
)
def test_the_last_time_is_compared_as_the_numbers_are_shown(
    panel: ScoresPanel, overall: float, before: float, sentence: str
) -> None:
    panel.show_scores(scoring(overall), before)
    assert sentence in told(panel)
    panel.show_scores(scoring(overall))
    assert not any("last time" in text for text in told(panel))


def test_a_rough_estimate_says_why(panel: ScoresPanel) -> None:
    panel.show_scores(replace(GOOD, confidence=Confidence(0.1, ("it is noisy",))))
    assert "These scores are a rough estimate: it is noisy." in told(panel)
    panel.show_scores(replace(GOOD, confidence=Confidence(1.0)))
    assert not any("rough" in text for text in told(panel))


@pytest.mark.parametrize(
    ("score", "count"), [(None, 0), (0.0, 0), (34.0, 3), (50.0, 5), (96.0, 10), (100.0, 10)]
)
def test_a_bar_has_as_many_full_cells_as_tens(qtbot: QtBot, score: float | None, count: int) -> None:
    bar = bar_of(qtbot)
    bar.set_score(score, 0, is_rough=False)
    assert cells(bar, LIGHT.good) == count


def test_a_bar_of_a_rough_score_is_outlined_and_not_filled(qtbot: QtBot) -> None:
    bar = bar_of(qtbot)
    bar.set_score(70.0, 0, is_rough=True)
    assert cells(bar, LIGHT.good) == 0
    rough = bar.grab().toImage()
    bar.set_score(20.0, 0, is_rough=True)
    assert bar.grab().toImage() != rough


def test_a_lower_band_has_another_colour(qtbot: QtBot) -> None:
    assert [colour_of(level, LIGHT) for level in range(5)] == [
        LIGHT.good,
        LIGHT.nearly,
        LIGHT.wrong,
        LIGHT.wrong,
        LIGHT.wrong,
    ]
    bar = bar_of(qtbot)
    bar.set_score(50.0, 2, is_rough=False)
    assert cells(bar, LIGHT.wrong) == 5


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_best_band_has_the_colour_of_what_is_good(aspect: str) -> None:
    assert colour_of(BANDS[aspect][0].level, DARK) == DARK.good


def test_the_theme_reaches_the_bars(panel: ScoresPanel) -> None:
    def picture() -> QImage:
        return panel.findChildren(ScoreBar)[0].grab().toImage()

    panel.show_scores(GOOD)
    light = picture()
    panel.set_tokens(DARK)
    assert picture() != light


def test_a_screen_reader_is_told_all_scores_in_one_sentence(panel: ScoresPanel) -> None:
    panel.show_scores(GOOD)
    assert panel.accessibleDescription() == (
        "Overall 91; accuracy 92, clear; fluency 90, fluent; completeness 100, every word; "
        "prosody 88, natural."
    )
    names = [bar.accessibleName() for bar in panel.findChildren(ScoreBar)]
    assert names == ["Accuracy 92", "Fluency 90", "Completeness 100", "Prosody 88"]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=30)
@given(examples.assessments())
def test_any_reading_can_be_shown(panel: ScoresPanel, assessment: Assessment) -> None:
    panel.show_scores(assessment, 50.0)
    assert f"{assessment.scores.overall:.0f}" in told(panel)
    assert summary(assessment).startswith(f"Overall {assessment.scores.overall:.0f}")


@pytest.mark.parametrize("width", [700, 900])
def test_no_number_is_cut_off(panel: ScoresPanel, width: int) -> None:
    panel.show_scores(replace(GOOD, scores=Scores(100.0, 100.0, 100.0, 100.0, 100.0)), 12.0)
    panel.resize(width, panel.heightForWidth(width))
    panel.grab()
    for each in panel.findChildren(QLabel):
        if each.isVisible() and not each.wordWrap():
            assert each.width() >= each.sizeHint().width(), each.text()
