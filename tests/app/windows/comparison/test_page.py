"""Two readings above each other: what differs is told, walked through and heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.library import attempts, learners
from app.library.records import Purpose
from app.library.store import Store
from app.windows.comparison.page import ComparisonPage
from app.windows.services import Services
from app.windows.tokens import DARK, LIGHT
from tests.app.library.conftest import tone
from tests.app.windows.conftest import NotedPlayer
from tests.assessment.examples import flawed_reading, good_reading

SEE = 4
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(qtbot: QtBot, services: Services) -> Store:
    """The library of `services`."""
    services.open_library()
    qtbot.waitUntil(lambda: services.store is not None and bool(services.learner_id), timeout=20_000)
    assert services.store is not None
    return services.store


@pytest.fixture
def page(qtbot: QtBot, services: Services, store: Store, player: NotedPlayer) -> ComparisonPage:
    """The page, shown, without readings."""
    made = ComparisonPage(services)
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1024, 700)
    made.show()
    return made


def add(store: Store, learner_id: str, *, good: bool, hours: int, keep: bool = True) -> str:
    read = good_reading() if good else flawed_reading()
    when = NOW + timedelta(hours=hours)
    return attempts.add(store, Purpose(learner_id), tone(200 + hours), read, when, keep_recording=keep)


@pytest.fixture
def both(qtbot: QtBot, page: ComparisonPage, services: Services, store: Store) -> tuple[str, str]:
    """The page with a flawed reading above a good one; their ids."""
    ids = (
        add(store, services.learner_id, good=False, hours=0),
        add(store, services.learner_id, good=True, hours=1),
    )
    page.show_attempts(*ids)
    settle(qtbot, page)
    return ids


def settle(qtbot: QtBot, page: ComparisonPage) -> None:
    qtbot.waitUntil(lambda: not page.is_loading, timeout=20_000)
    qtbot.wait(10)


def titles(page: ComparisonPage) -> list[str]:
    return [pane.text.reference.text if pane.text.reference else "" for pane in page.panes]


def test_both_texts_are_shown_with_what_differs(page: ComparisonPage, both: tuple[str, str]) -> None:
    assert titles(page) == ["Mark is going to see the elephant."] * 2
    assert page.panes[0].isVisible()
    assert page.swap.isEnabled()


def test_walking_in_one_text_walks_in_the_other_and_tells_about_both(
    qtbot: QtBot, page: ComparisonPage, both: tuple[str, str]
) -> None:
    page.panes[0].text.go_to(SEE)
    assert page.panes[1].text.current == SEE
    assert "see" in page.told.text()
    page.panes[0].text.go_to(5)  # "the" that was said again is only here
    assert page.panes[1].text.current == -1


def test_swapping_shows_the_second_first(qtbot: QtBot, page: ComparisonPage, both: tuple[str, str]) -> None:
    qtbot.keyClick(page, Qt.Key.Key_S)
    settle(qtbot, page)
    page.panes[0].text.go_to(SEE)
    asked: list[str] = []
    page.attempt_asked.connect(asked.append)
    page.panes[0].open_asked.emit()
    assert asked == [both[1]]


def test_a_reading_is_heard_and_stopped_by_its_number(
    qtbot: QtBot, page: ComparisonPage, both: tuple[str, str], player: NotedPlayer
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_2)
    assert len(player.played) == 1
    assert len(player.played[0][0]) == len(tone(201).samples)
    qtbot.keyClick(page, Qt.Key.Key_2)
    assert page.playback.is_playing is False


def test_a_word_is_heard_from_both_readings_one_after_the_other(
    qtbot: QtBot, page: ComparisonPage, both: tuple[str, str], player: NotedPlayer
) -> None:
    page.panes[0].text.word_played.emit(0, False)
    assert len(player.played) == 1
    player.done()
    qtbot.waitUntil(lambda: len(player.played) == 2)
    player.done()
    page.panes[0].text.word_played.emit(0, True)
    player.done()
    qtbot.wait(400)
    assert len(player.played) == 3


def test_escape_is_silent_first_and_then_leaves(
    qtbot: QtBot, page: ComparisonPage, both: tuple[str, str]
) -> None:
    closed: list[bool] = []
    page.closed.connect(lambda: closed.append(True))
    qtbot.keyClick(page, Qt.Key.Key_1)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert closed == []
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert closed == [True]


def test_without_a_recording_there_is_nothing_to_hear(
    qtbot: QtBot, page: ComparisonPage, services: Services, store: Store, player: NotedPlayer
) -> None:
    ids = [add(store, services.learner_id, good=True, hours=hours, keep=False) for hours in (0, 1)]
    page.show_attempts(ids[0], ids[1])
    settle(qtbot, page)
    page.toggle_reading(0)
    assert player.played == []
    assert "recording" in page.banner.text


def test_of_two_learners_it_is_said_who_is_who(
    qtbot: QtBot, page: ComparisonPage, store: Store, services: Services
) -> None:
    names = ("Mia", "Ben")
    ids = [add(store, learners.add(store, name).id, good=True, hours=0) for name in names]
    page.show_attempts(ids[0], ids[1])
    settle(qtbot, page)
    assert [name in pane.title.text() for name, pane in zip(names, page.panes, strict=True)] == [True, True]


def test_a_reading_that_is_gone_is_told(qtbot: QtBot, page: ComparisonPage, both: tuple[str, str]) -> None:
    page.show_attempts(both[0], "0" * 32)
    settle(qtbot, page)
    assert "not in the library any more" in page.banner.text
    assert not page.swap.isEnabled()


def test_colours_can_change_at_any_time(page: ComparisonPage, both: tuple[str, str]) -> None:
    light = page.grab().toImage()
    page.set_tokens(DARK)
    assert page.grab().toImage() != light


@pytest.mark.parametrize("wide", [1400, 1920, 2600])
def test_what_was_wide_fits_a_narrow_window(
    qtbot: QtBot, page: ComparisonPage, both: tuple[str, str], wide: int
) -> None:
    page.resize(wide, 900)
    settle(qtbot, page)
    page.resize(900, 700)
    settle(qtbot, page)
    assert page._content.width() <= 900
    assert page.panes[0].text.left < 200
