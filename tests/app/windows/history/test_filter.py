"""What can be looked for in the history, and how it is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.library.history import Filter
from app.windows.history.filter import FilterBar
from app.windows.tokens import LIGHT
from assessment.bands import BANDS

NOW = datetime(2026, 5, 4, 15, 30).astimezone()
LESSONS = (("a", "Animals"), ("z", "Zoo"))


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    made = FilterBar()
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1000, 80)
    made.show()
    return made


def wanted(bar: FilterBar) -> Filter:
    return bar.wanted("mia", NOW)


def test_at_first_everything_is_wanted(bar: FilterBar) -> None:
    assert wanted(bar) == Filter("mia")
    assert not bar.is_active
    assert bar.clear_button.isHidden()
    assert bar.phone_chip.isHidden()


def test_typing_is_told_once_when_it_rests(qtbot: QtBot, bar: FilterBar) -> None:
    told: list[str] = []
    bar.changed.connect(lambda: told.append(bar.search.text()))
    with qtbot.waitSignal(bar.changed):
        qtbot.keyClicks(bar.search, "elephant")
        assert told == []
    assert told == ["elephant"]
    assert wanted(bar).search == "elephant"
    assert bar.clear_button.isVisible()


def test_spaces_alone_are_nothing_to_look_for(bar: FilterBar) -> None:
    bar.search.setText("   ")
    assert not bar.is_active


@pytest.mark.parametrize(("place", "days"), [(1, 0), (2, 6), (3, 29)])
def test_days_begin_at_midnight(qtbot: QtBot, bar: FilterBar, place: int, days: int) -> None:
    with qtbot.waitSignal(bar.changed):
        bar.time.setCurrentIndex(place)
    since = wanted(bar).since
    assert since is not None
    assert since == (datetime(2026, 5, 4) - timedelta(days=days)).astimezone()
    assert (since.hour, since.tzinfo is None) == (0, False)


def test_each_band_of_scores_reaches_up_to_the_one_before(bar: FilterBar) -> None:
    bounds = []
    for place, band in enumerate(BANDS["overall"], start=1):
        assert bar.score.itemText(place) == band.name.capitalize()
        bar.score.setCurrentIndex(place)
        bounds.append((wanted(bar).least, wanted(bar).most))
    assert bounds[0] == (85.0, None)
    assert bounds[-1][0] == 0.0
    assert all(lower[1] == upper[0] for upper, lower in pairwise(bounds))


def test_buttons_ask_for_stars_and_recordings(qtbot: QtBot, bar: FilterBar) -> None:
    for button in (bar.starred, bar.with_recording):
        with qtbot.waitSignal(bar.changed):
            button.click()
    assert wanted(bar) == Filter("mia", starred=True, with_recording=True)


def test_lessons_can_be_chosen_and_stay_chosen(qtbot: QtBot, bar: FilterBar) -> None:
    bar.set_lessons(LESSONS)
    bar.lesson.setCurrentText("Zoo")
    assert wanted(bar).lesson_id == "z"
    with qtbot.assertNotEmitted(bar.changed):
        bar.set_lessons((("b", "Birds"), *LESSONS))
    assert (wanted(bar).lesson_id, bar.lesson.count()) == ("z", 4)


def test_a_lesson_that_is_gone_is_not_looked_for_any_more(qtbot: QtBot, bar: FilterBar) -> None:
    bar.set_lessons(LESSONS)
    bar.lesson.setCurrentText("Zoo")
    with qtbot.waitSignal(bar.changed):
        bar.set_lessons(LESSONS[:1])
    assert wanted(bar).lesson_id is None
    assert bar.clear_button.isHidden()


def test_a_phone_is_looked_for_alone_and_a_click_ends_it(qtbot: QtBot, bar: FilterBar) -> None:
    bar.search.setText("cat")
    bar.starred.setChecked(True)
    told: list[Filter] = []
    bar.changed.connect(lambda: told.append(wanted(bar)))
    bar.show_phone("TH", "ipa")
    assert bar.phone_chip.text() == "/θ/ was wrong"
    assert bar.phone_chip.isVisible()
    bar.phone_chip.click()
    assert told == [Filter("mia", phone="TH"), Filter("mia")]
    assert bar.phone_chip.isHidden()
    bar.show_phone("TH", "arpabet")
    assert bar.phone_chip.text() == "/TH/ was wrong"


def test_all_filters_are_cleared_at_once(qtbot: QtBot, bar: FilterBar) -> None:
    bar.set_lessons(LESSONS)
    bar.show_phone("TH", "ipa")
    bar.search.setText("cat")
    for box in (bar.time, bar.lesson, bar.score):
        box.setCurrentIndex(1)
    bar.starred.setChecked(True)
    told: list[Filter] = []
    bar.changed.connect(lambda: told.append(wanted(bar)))
    bar.clear_button.click()
    assert told == [Filter("mia")]
    assert not bar.is_active
    assert bar.search.text() == ""
    # What was typed is not looked for afterwards.
    qtbot.wait(200)
    assert len(told) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down])
def test_keys_lead_from_the_search_to_the_list(qtbot: QtBot, bar: FilterBar, key: Qt.Key) -> None:
    with qtbot.waitSignal(bar.search.left):
        qtbot.keyClick(bar.search, key)


def test_esc_empties_the_search(qtbot: QtBot, bar: FilterBar) -> None:
    bar.search.setText("cat")
    qtbot.keyClick(bar.search, Qt.Key.Key_Escape)
    assert bar.search.text() == ""


@pytest.mark.parametrize("width", [400, 640, 1400])
def test_everything_is_inside_however_narrow_it_is(qtbot: QtBot, bar: FilterBar, width: int) -> None:
    bar.show_phone("TH", "ipa")
    bar.resize(width, bar.heightForWidth(width))
    qtbot.waitUntil(lambda: bar.layout().geometry().width() == width)
    for part in (bar.search, bar.lesson, bar.with_recording, bar.phone_chip, bar.clear_button):
        assert bar.rect().contains(part.geometry())
