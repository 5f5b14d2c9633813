"""The page of weak sounds: what is due, what is read for it, and what can be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.library import learners
from app.library.store import Store
from app.windows.services import Services
from app.windows.tokens import DARK, LIGHT
from app.windows.weak_sounds.page import WeakSoundsPage
from tests.app.library.weak_readings import add_lessons, add_reading, heard_as

DAY = timedelta(days=1)
WEAK = {"TH": (9, 40.0), "V": (9, 63.0), "L": (9, 66.0), "S": (20, 95.0)}


@pytest.fixture
def library(qtbot: QtBot, services: Services) -> Store:
    """The library of `services`, with lessons."""
    services.open_library()
    qtbot.waitUntil(lambda: services.store is not None and bool(services.learner_id), timeout=20_000)
    assert services.store is not None
    add_lessons(services.store)
    return services.store


@pytest.fixture
def page(qtbot: QtBot, services: Services) -> WeakSoundsPage:
    """The page, shown."""
    made = WeakSoundsPage(services)
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1024, 700)
    made.show()
    return made


def practise(
    store: Store, learner_id: str, *days: float, phones: dict[str, tuple[int, float]] = WEAK
) -> None:
    """Keep readings of so many days ago."""
    now = datetime.now(UTC)
    for day in days:
        add_reading(store, learner_id, now - day * DAY, phones, assessment=heard_as("TH", "S", 4, 6))


def show(qtbot: QtBot, page: WeakSoundsPage) -> None:
    """Refresh the page and wait until it shows what was found."""
    page.refresh()
    settle(qtbot, page)


def settle(qtbot: QtBot, page: WeakSoundsPage) -> None:
    qtbot.waitUntil(lambda: not page.is_looking, timeout=20_000)


@pytest.fixture
def due(qtbot: QtBot, services: Services, library: Store, page: WeakSoundsPage) -> WeakSoundsPage:
    """The page of somebody of whose sounds three are due."""
    practise(library, services.learner_id, 6, 5, 4)
    show(qtbot, page)
    return page


def test_it_tells_which_sounds_are_due_and_why(due: WeakSoundsPage) -> None:
    assert due.summary.text() == "3 sounds are due. The worst 2 are practised now."
    assert [row.phone.phone for row in due.rows] == ["TH", "V"]
    assert due.rows[0].phone.reason == "Often sounds like /s/. Not said well yet."
    assert due.start.text() == "Start"


def test_it_shows_what_will_be_read(due: WeakSoundsPage) -> None:
    assert due.texts[0].text.accessibleName().startswith("Think, sink. ")
    assert "<u>Th</u>" in due.texts[0].text.text()
    assert due.texts_head.text() == "What you will read · about 5 minutes"


def test_start_asks_for_the_session_that_is_shown(qtbot: QtBot, due: WeakSoundsPage) -> None:
    with qtbot.waitSignal(due.session_asked) as asked:
        due.start.click()
    (session,) = asked.args
    assert [item.text for item in session.items] == [row.text.accessibleName() for row in due.texts]


def test_a_longer_session_has_more(qtbot: QtBot, due: WeakSoundsPage) -> None:
    short = len(due.texts)
    due.lengths.button(15).click()
    settle(qtbot, due)
    assert len(due.rows) == 4
    assert len(due.texts) > short
    assert due.summary.text() == "3 sounds are due."


def test_a_session_cannot_be_started_while_another_is_composed(qtbot: QtBot, due: WeakSoundsPage) -> None:
    due.lengths.button(10).click()
    assert not due.start.isEnabled()
    settle(qtbot, due)
    assert due.start.isEnabled()


def test_the_readings_with_a_sound_can_be_asked_for(qtbot: QtBot, due: WeakSoundsPage) -> None:
    with qtbot.waitSignal(due.phone_asked) as asked:
        due.rows[1].show_readings.click()
    assert asked.args == ["V"]


def test_what_goes_wrong_is_told_in_the_banner(due: WeakSoundsPage) -> None:
    due.rows[0].failed.emit("The tips are lost.")
    assert due.banner.text == "The tips are lost."


def test_who_has_read_nothing_is_asked_to_read(qtbot: QtBot, library: Store, page: WeakSoundsPage) -> None:
    show(qtbot, page)
    assert page.why.isVisible()
    assert page.why.text().startswith("Read a few texts first.")
    with qtbot.waitSignal(page.practice_asked):
        page.read.click()


def test_when_nothing_is_due_one_may_practise_anyway(
    qtbot: QtBot, services: Services, library: Store, page: WeakSoundsPage
) -> None:
    practise(library, services.learner_id, 6, 5, 0)
    show(qtbot, page)
    assert page.summary.text() == (
        "Nothing is due: you have practised your sounds. The first of these is due tomorrow. "
        "You can practise them anyway."
    )
    assert page.start.text() == "Practise anyway"
    assert page.texts
    with qtbot.waitSignal(page.session_asked):
        page.start.click()


def test_another_learner_sees_nothing_of_the_one_before(
    qtbot: QtBot, services: Services, library: Store, due: WeakSoundsPage
) -> None:
    other = learners.add(library, "Amina")
    services.choose_learner(other.id, other.name)
    assert not due.start.isVisible()
    settle(qtbot, due)
    assert due.why.isVisible()
    assert due.rows == []


def test_it_waits_for_the_library(qtbot: QtBot, services: Services, page: WeakSoundsPage) -> None:
    page.refresh()
    assert not page.start.isVisible()
    assert not page.why.isVisible()
    with qtbot.assertNotEmitted(page.practice_asked):
        qtbot.keyClick(page, Qt.Key.Key_Return)
    services.open_library()
    qtbot.waitUntil(page.why.isVisible, timeout=20_000)


def test_a_library_that_cannot_be_read_is_told(
    qtbot: QtBot, services: Services, library: Store, page: WeakSoundsPage
) -> None:
    practise(library, services.learner_id, 6, 5, 4)
    with library.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE phone_results")
    show(qtbot, page)
    assert "cannot be used" in page.banner.text


def test_sounds_are_written_in_the_alphabet_of_the_settings(
    qtbot: QtBot, services: Services, due: WeakSoundsPage
) -> None:
    services.change("marking", alphabet="arpabet")
    settle(qtbot, due)
    assert due.rows[0].accessibleName().startswith("/TH/ as in “think”. Often sounds like /S/.")


# --- the keyboard --------------------------------------------------------------------------------


def test_enter_starts_and_presses_what_has_the_focus(qtbot: QtBot, due: WeakSoundsPage) -> None:
    due.setFocus()
    with qtbot.waitSignal(due.session_asked):
        qtbot.keyClick(due, Qt.Key.Key_Return)
    tip = due.rows[0].show_tip
    tip.setFocus()
    qtbot.keyClick(tip, Qt.Key.Key_Return)
    assert due.rows[0].tip.isVisible()


def test_the_tab_key_goes_through_everything_in_the_order_of_the_page(due: WeakSoundsPage) -> None:
    due.start.setFocus()
    seen = [QApplication.focusWidget()]
    for _ in range(7):
        due.focusNextChild()
        seen.append(QApplication.focusWidget())
    length = due.lengths.checkedButton()
    first, second = due.rows
    wanted = [due.start, length, first.show_tip, first.show_readings, second.show_tip, second.show_readings]
    places = [seen.index(each) for each in wanted]
    assert places == sorted(places)


def test_the_page_can_be_scrolled_by_keys(qtbot: QtBot, due: WeakSoundsPage) -> None:
    due.resize(500, 300)
    QApplication.processEvents()
    due.start.setFocus()
    qtbot.keyClick(due.start, Qt.Key.Key_PageDown)
    assert due.start.visibleRegion().isEmpty()
    qtbot.keyClick(due.start, Qt.Key.Key_PageUp)
    assert not due.start.visibleRegion().isEmpty()


def test_themes_change_the_colours_of_all_parts(due: WeakSoundsPage) -> None:
    due.set_tokens(DARK)
    assert all(DARK.accent in row.text.text() for row in due.texts if row.text.text().count("<u>"))


@pytest.mark.parametrize("width", [480, 1024, 1920])
def test_nothing_is_wider_than_the_page(due: WeakSoundsPage, width: int) -> None:
    due.resize(width, 700)
    QApplication.processEvents()
    for row in (*due.rows, *due.texts):
        right = row.mapTo(due, row.rect().topRight()).x()
        assert 0 < right <= width
