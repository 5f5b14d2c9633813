"""The history page: what was read is listed, found, heard, starred, deleted, brought back and compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, select

from app.library import attempts, history, learners
from app.library.history import Filter
from app.library.models import Attempt, Lesson, PhoneResult, new_id
from app.library.models import Session as Sitting
from app.library.records import Purpose
from app.library.store import Store
from app.windows.history.model import Column
from app.windows.history.page import EMPTY, NOTHING_FOUND, TWO, HistoryPage
from app.windows.services import Services
from app.windows.tokens import DARK, LIGHT
from tests.app.library.conftest import tone
from tests.app.windows.conftest import NotedPlayer
from tests.assessment.examples import flawed_reading, good_reading

CTRL = Qt.KeyboardModifier.ControlModifier
NOW = datetime.now(UTC)
Read = Callable[..., str]


@pytest.fixture
def store(qtbot: QtBot, services: Services) -> Store:
    """The library of `services`."""
    services.open_library()
    qtbot.waitUntil(lambda: services.store is not None and bool(services.learner_id), timeout=20_000)
    assert services.store is not None
    return services.store


@pytest.fixture
def read(store: Store, services: Services) -> Read:
    """Keep a reading of so many hours ago; gives its id."""

    def add(hours: float, text: str = "", learner_id: str = "", *, keep: bool = True, **why: str) -> str:
        assessment = flawed_reading() if hours else good_reading()
        purpose = Purpose(learner_id or services.learner_id, **why)
        return attempts.add(
            store,
            purpose,
            tone(200 + round(hours)),
            replace(assessment, text=text or assessment.text),
            NOW - timedelta(hours=hours),
            keep_recording=keep,
        )

    return add


@pytest.fixture
def page(qtbot: QtBot, services: Services) -> HistoryPage:
    """The page, shown."""
    made = HistoryPage(services)
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1024, 600)
    made.show()
    return made


@pytest.fixture
def three(qtbot: QtBot, read: Read, page: HistoryPage) -> HistoryPage:
    """The page of somebody who has read three times: "one", "two" and "three" hours ago."""
    for hours, text in ((3, "three"), (2, "two"), (1, "one")):
        read(hours, text)
    show(qtbot, page)
    return page


def settle(qtbot: QtBot, page: HistoryPage) -> None:
    """Wait until the page shows what was found."""
    qtbot.waitUntil(lambda: not page.is_loading, timeout=20_000)
    QApplication.processEvents()


def show(qtbot: QtBot, page: HistoryPage) -> None:
    """Refresh the page, as when it is shown."""
    page.refresh()
    page.setFocus()
    settle(qtbot, page)


def listed(page: HistoryPage) -> list[str]:
    return [row.text for row in page.table.attempts.rows]


def chosen(page: HistoryPage) -> list[str]:
    return [row.text for row in page.table.chosen]


def choose(page: HistoryPage, *texts: str) -> None:
    page.table.show_rows(
        page.table.attempts.rows, [row.id for row in page.table.attempts.rows if row.text in texts]
    )


def kept(store: Store) -> list[str]:
    """Return the texts of all attempts in the library, the newest first."""
    return [row.text for row in history.attempts(store, Filter(None))]


def said(page: HistoryPage) -> set[str]:
    """Return all labels and buttons that are seen."""
    return {
        each.text()  # type: ignore[attr-defined]
        for each in page.findChildren(QWidget)
        if each.isVisible() and hasattr(each, "text") and callable(each.text)
    }


def press(qtbot: QtBot, page: HistoryPage, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    focused = page.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key, held or Qt.KeyboardModifier.NoModifier)


# --- what is listed -----------------------------------------------------------------------------


def test_the_newest_reading_stands_first_and_all_are_counted(three: HistoryPage) -> None:
    assert listed(three) == ["one", "two", "three"]
    assert three.bar.count.text() == "3 readings"
    assert chosen(three) == ["one"]
    assert three.table.hasFocus()


def test_somebody_new_is_led_to_practice(qtbot: QtBot, store: Store, page: HistoryPage) -> None:
    show(qtbot, page)
    assert EMPTY in said(page)
    assert not page.filters.isVisible()
    assert page.start.hasFocus()
    with qtbot.waitSignal(page.practice_asked):
        qtbot.keyClick(page.start, Qt.Key.Key_Space)


def test_without_a_library_nothing_is_claimed(qtbot: QtBot, page: HistoryPage) -> None:
    page.refresh()
    assert EMPTY not in said(page)
    assert not page.is_loading


def test_it_is_listed_as_soon_as_the_library_is_open(
    qtbot: QtBot, page: HistoryPage, services: Services
) -> None:
    page.refresh()
    services.open_library()
    qtbot.waitUntil(lambda: EMPTY in said(page), timeout=20_000)


def test_only_the_learner_of_the_moment_is_listed(
    qtbot: QtBot, three: HistoryPage, read: Read, store: Store, services: Services
) -> None:
    ben = learners.add(store, "Ben")
    read(9, "Ben's", ben.id)
    three.filters.starred.setChecked(True)
    services.choose_learner(ben.id, "Ben")
    settle(qtbot, three)
    assert listed(three) == ["Ben's"]
    assert three.learner_id == ben.id
    assert not three.filters.is_active
    assert three.table.isColumnHidden(Column.LEARNER)


def test_everybody_is_listed_with_names_when_that_is_wanted(
    qtbot: QtBot, three: HistoryPage, read: Read, store: Store, services: Services
) -> None:
    ben = learners.add(store, "Ben")
    read(9, "Ben's", ben.id)
    three.learner_id = None
    settle(qtbot, three)
    assert listed(three) == ["one", "two", "three", "Ben's"]
    assert not three.table.isColumnHidden(Column.LEARNER)
    services.choose_learner(ben.id, "Ben")
    settle(qtbot, three)
    assert len(listed(three)) == 4
    three.learner_id = ben.id
    settle(qtbot, three)
    assert listed(three) == ["Ben's"]


def test_names_of_the_only_learner_are_not_shown(qtbot: QtBot, three: HistoryPage) -> None:
    three.learner_id = None
    settle(qtbot, three)
    assert three.table.isColumnHidden(Column.LEARNER)


def test_what_was_read_meanwhile_is_listed_when_it_is_shown_again(
    qtbot: QtBot, three: HistoryPage, read: Read
) -> None:
    choose(three, "two")
    read(0.5, "new")
    show(qtbot, three)
    assert listed(three) == ["new", "one", "two", "three"]
    assert chosen(three) == ["two"]


# --- looking for something ----------------------------------------------------------------------


def test_typing_finds_and_enter_leads_to_what_was_found(qtbot: QtBot, three: HistoryPage) -> None:
    press(qtbot, three, Qt.Key.Key_F, CTRL)
    assert three.filters.search.hasFocus()
    qtbot.keyClicks(three.filters.search, "TWO")
    qtbot.waitUntil(lambda: listed(three) == ["two"], timeout=20_000)
    assert three.bar.count.text() == "1 of 3 readings"
    assert three.filters.search.hasFocus()
    press(qtbot, three, Qt.Key.Key_Return)
    assert three.table.hasFocus()


def test_where_nothing_is_found_all_can_be_shown_again(qtbot: QtBot, three: HistoryPage) -> None:
    three.filters.search.setText("zebra")
    qtbot.waitUntil(lambda: NOTHING_FOUND in said(three), timeout=20_000)
    assert three.show_all.hasFocus()
    assert not three.filters.clear_button.isVisible()
    three.show_all.click()
    settle(qtbot, three)
    assert len(listed(three)) == 3
    assert three.table.hasFocus()
    assert three.filters.search.text() == ""


def test_lessons_that_were_read_can_be_chosen(
    qtbot: QtBot, three: HistoryPage, store: Store, read: Read
) -> None:
    with store.writing() as session:
        session.add(Lesson(id="animals", title="Animals", level="A1"))
    read(5, "cat", kind="lesson", lesson_id="animals")
    show(qtbot, three)
    three.filters.lesson.setCurrentText("Animals")
    settle(qtbot, three)
    assert listed(three) == ["cat"]
    assert three.table.attempts.rows[0].lesson == "Animals"


def test_readings_in_which_a_sound_was_wrong_are_shown(qtbot: QtBot, three: HistoryPage, read: Read) -> None:
    read(0, "all right")
    three.show_phone("S")
    settle(qtbot, three)
    assert listed(three) == ["one", "two", "three"]
    assert "/s/ was wrong" in said(three)
    three.filters.phone_chip.click()
    settle(qtbot, three)
    assert listed(three) == ["all right", "one", "two", "three"]


# --- opening and comparing ----------------------------------------------------------------------


def test_enter_opens_the_reading(qtbot: QtBot, three: HistoryPage) -> None:
    choose(three, "two")
    wanted = three.table.chosen[0].id
    with qtbot.waitSignal(three.attempt_asked) as asked:
        press(qtbot, three, Qt.Key.Key_Return)
    assert asked.args == [wanted]
    with qtbot.waitSignal(three.attempt_asked):
        three.bar.open.click()


def test_c_compares_two_the_older_one_first(qtbot: QtBot, three: HistoryPage) -> None:
    choose(three, "one", "three")
    newer, older = (row.id for row in three.table.chosen)
    with qtbot.waitSignal(three.comparison_asked) as asked:
        press(qtbot, three, Qt.Key.Key_C)
    assert asked.args == [older, newer]


@pytest.mark.parametrize("texts", [("one",), ("one", "two", "three")])
def test_it_takes_two_to_compare(qtbot: QtBot, three: HistoryPage, texts: tuple[str, ...]) -> None:
    choose(three, *texts)
    with qtbot.assertNotEmitted(three.comparison_asked):
        press(qtbot, three, Qt.Key.Key_C)
    assert three.banner.text == TWO


# --- stars --------------------------------------------------------------------------------------


def starred(store: Store) -> list[str]:
    return [row.text for row in history.attempts(store, Filter(None, starred=True))]


def test_s_stars_and_takes_the_star_away(qtbot: QtBot, three: HistoryPage, store: Store) -> None:
    press(qtbot, three, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: starred(store) == ["one"], timeout=20_000)
    assert three.table.attempts.is_starred(three.table.attempts.rows[0])
    choose(three, "one", "two")
    press(qtbot, three, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: starred(store) == ["one", "two"], timeout=20_000)
    press(qtbot, three, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: starred(store) == [], timeout=20_000)


def test_a_star_is_still_there_when_the_list_is_read_again(
    qtbot: QtBot, three: HistoryPage, store: Store
) -> None:
    press(qtbot, three, Qt.Key.Key_S)
    three.refresh()
    settle(qtbot, three)
    assert three.table.attempts.is_starred(three.table.attempts.rows[0])
    three.filters.starred.setChecked(True)
    qtbot.waitUntil(lambda: starred(store) == ["one"], timeout=20_000)
    show(qtbot, three)
    assert listed(three) == ["one"]


def test_a_star_that_cannot_be_kept_is_taken_back(
    qtbot: QtBot, three: HistoryPage, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise attempts.LibraryError("The disk is full.")

    monkeypatch.setattr(history, "star", fail)
    press(qtbot, three, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: three.banner.text == "The disk is full.", timeout=20_000)
    settle(qtbot, three)
    assert not three.table.attempts.is_starred(three.table.attempts.rows[0])


@pytest.mark.parametrize("key", [Qt.Key.Key_S, Qt.Key.Key_Delete])
def test_a_library_of_a_newer_program_is_only_looked_at(
    qtbot: QtBot, three: HistoryPage, store: Store, key: Qt.Key
) -> None:
    store.is_read_only, store.note = True, "Written by a newer Elocute."
    press(qtbot, three, key)
    assert three.banner.text == "Written by a newer Elocute."
    assert listed(three) == ["one", "two", "three"]
    assert not three.table.attempts.stars


# --- deleting -----------------------------------------------------------------------------------


def undo(page: HistoryPage) -> None:
    next(each for each in page.banner.findChildren(QPushButton) if each.text() == "Undo").click()


def test_what_is_deleted_goes_at_once_and_comes_back_when_that_is_undone(
    qtbot: QtBot, three: HistoryPage, store: Store
) -> None:
    choose(three, "one", "two")
    press(qtbot, three, Qt.Key.Key_Delete)
    assert listed(three) == ["three"]
    assert three.banner.text == "2 readings are deleted."
    assert three.bar.count.text() == "1 reading"
    undo(three)
    qtbot.wait(20)
    assert listed(three) == ["one", "two", "three"]
    assert chosen(three) == ["one", "two"]
    assert three.bar.count.text() == "3 readings · 2 chosen"
    assert kept(store) == ["one", "two", "three"]


def test_ctrl_z_undoes_too_but_once(qtbot: QtBot, three: HistoryPage, store: Store) -> None:
    press(qtbot, three, Qt.Key.Key_Delete)
    assert three.banner.text == "1 reading is deleted."
    press(qtbot, three, Qt.Key.Key_Z, CTRL)
    assert listed(three) == ["one", "two", "three"]
    three.banner.tell("Something else.")
    press(qtbot, three, Qt.Key.Key_Z, CTRL)
    assert three.banner.text == "Something else."


def close_message(qtbot: QtBot, page: HistoryPage) -> None:
    press(qtbot, page, Qt.Key.Key_Escape)


def wait_out(qtbot: QtBot, page: HistoryPage) -> None:
    page.deleting.expired.emit()


def leave(qtbot: QtBot, page: HistoryPage) -> None:
    page.finish_deleting()


def say_something_else(qtbot: QtBot, page: HistoryPage) -> None:
    press(qtbot, page, Qt.Key.Key_C)


@pytest.mark.parametrize("end", [close_message, wait_out, leave, say_something_else])
def test_it_is_deleted_for_good_when_the_message_goes(
    qtbot: QtBot, three: HistoryPage, store: Store, end: Callable[[QtBot, HistoryPage], None]
) -> None:
    press(qtbot, three, Qt.Key.Key_Delete)
    assert len(kept(store)) == 3
    end(qtbot, three)
    qtbot.waitUntil(lambda: kept(store) == ["two", "three"], timeout=20_000)
    qtbot.waitUntil(lambda: not three.deleting.hidden, timeout=20_000)
    settle(qtbot, three)
    assert listed(three) == ["two", "three"]
    assert three.bar.count.text() == "2 readings"
    assert len(store.audio.digests()) == 2


def test_what_is_being_deleted_is_not_listed_again(qtbot: QtBot, three: HistoryPage, store: Store) -> None:
    press(qtbot, three, Qt.Key.Key_Delete)
    show(qtbot, three)
    assert listed(three) == ["two", "three"]
    assert three.bar.count.text() == "2 readings"
    assert three.banner.text == "1 reading is deleted."


def test_the_next_one_is_chosen_and_in_the_end_somebody_is_new_again(
    qtbot: QtBot, three: HistoryPage, store: Store
) -> None:
    press(qtbot, three, Qt.Key.Key_Delete)
    assert chosen(three) == ["two"]
    for _ in range(2):
        press(qtbot, three, Qt.Key.Key_Delete)
    assert EMPTY in said(three)
    assert three.start.hasFocus()
    three.finish_deleting()
    qtbot.waitUntil(lambda: kept(store) == [], timeout=20_000)


def test_what_cannot_be_deleted_is_listed_again(
    qtbot: QtBot, three: HistoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise attempts.LibraryError("The recording is in use.")

    monkeypatch.setattr(attempts, "delete", fail)
    press(qtbot, three, Qt.Key.Key_Delete)
    three.finish_deleting()
    qtbot.waitUntil(lambda: three.banner.text == "The recording is in use.", timeout=20_000)
    assert listed(three) == ["one", "two", "three"]


def test_another_learner_ends_the_time_to_undo(
    qtbot: QtBot, three: HistoryPage, store: Store, services: Services
) -> None:
    press(qtbot, three, Qt.Key.Key_Delete)
    services.choose_learner(learners.add(store, "Ben").id, "Ben")
    qtbot.waitUntil(lambda: kept(store) == ["two", "three"], timeout=20_000)
    assert three.banner.text == ""


# --- hearing ------------------------------------------------------------------------------------


def test_space_plays_the_recording_and_stops_it(
    qtbot: QtBot, three: HistoryPage, player: NotedPlayer
) -> None:
    press(qtbot, three, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(player.played) == 1, timeout=20_000)
    samples, rate = player.played[0]
    assert (len(samples), rate) == (8_000, 16_000)
    assert three.table.attempts.playing == three.table.attempts.rows[0].id
    assert three.bar.play.text() == "Stop"
    press(qtbot, three, Qt.Key.Key_Space)
    assert three.table.attempts.playing is None
    assert three.bar.play.text() == "Play"
    assert player.stops


def test_when_it_is_over_it_can_be_played_again(
    qtbot: QtBot, three: HistoryPage, player: NotedPlayer
) -> None:
    three.bar.play.click()
    qtbot.waitUntil(lambda: len(player.played) == 1, timeout=20_000)
    player.done()
    qtbot.waitUntil(lambda: three.table.attempts.playing is None, timeout=20_000)
    three.bar.play.click()
    qtbot.waitUntil(lambda: len(player.played) == 2, timeout=20_000)


def test_another_recording_takes_the_place_of_the_first(
    qtbot: QtBot, three: HistoryPage, player: NotedPlayer
) -> None:
    press(qtbot, three, Qt.Key.Key_Space)
    press(qtbot, three, Qt.Key.Key_Down)
    press(qtbot, three, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(player.played) >= 1 and three.bar.play.text() == "Stop", timeout=20_000)
    assert three.table.attempts.playing == three.table.attempts.rows[1].id
    press(qtbot, three, Qt.Key.Key_Escape)
    assert three.table.attempts.playing is None


def test_a_recording_that_is_not_kept_is_told(
    qtbot: QtBot, three: HistoryPage, read: Read, player: NotedPlayer
) -> None:
    read(0.5, "silent", keep=False)
    show(qtbot, three)
    choose(three, "silent")
    assert not three.bar.play.isEnabled()
    press(qtbot, three, Qt.Key.Key_Space)
    assert three.banner.text == "The recording of this reading is not kept any more."
    assert player.played == []


def test_a_recording_that_is_missing_is_told(
    qtbot: QtBot, three: HistoryPage, store: Store, player: NotedPlayer
) -> None:
    for digest in store.audio.digests():
        store.audio.remove(digest)
    press(qtbot, three, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(three.banner.text), timeout=20_000)
    assert three.table.attempts.playing is None
    assert three.bar.play.text() == "Play"


def test_a_loudspeaker_that_is_not_ready_is_told(qtbot: QtBot, three: HistoryPage) -> None:
    press(qtbot, three, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "loudspeaker" in three.banner.text, timeout=20_000)
    assert three.table.attempts.playing is None


def test_it_is_silent_on_other_pages_and_after_deleting(
    qtbot: QtBot, three: HistoryPage, player: NotedPlayer
) -> None:
    press(qtbot, three, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(player.played) == 1, timeout=20_000)
    before = player.stops
    press(qtbot, three, Qt.Key.Key_Delete)
    assert player.stops == before + 1
    assert three.table.attempts.playing is None
    press(qtbot, three, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(player.played) == 2, timeout=20_000)
    three.hide()
    assert three.table.attempts.playing is None


# --- keys, colours, many ------------------------------------------------------------------------


def test_esc_is_left_to_the_window_when_there_is_nothing_to_close(qtbot: QtBot, three: HistoryPage) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    seen: list[int] = []
    outer.keyPressEvent = lambda event: seen.append(event.key())  # type: ignore[method-assign]
    three.setParent(outer)
    outer.show()
    three.show()
    three.table.setFocus()
    press(qtbot, three, Qt.Key.Key_Escape)
    # Each is closed by itself: what lies in another would be deleted with it.
    three.setParent(None)
    assert seen == [Qt.Key.Key_Escape]


def test_everything_takes_the_colours_of_the_theme(three: HistoryPage) -> None:
    before = three.grab().toImage()
    three.set_tokens(DARK)
    assert three.grab().toImage() != before


def test_ten_thousand_attempts_of_fifty_learners_are_listed(
    qtbot: QtBot, page: HistoryPage, store: Store
) -> None:
    people = [learners.add(store, f"Learner {number}") for number in range(50)]
    common = {
        "seconds": 3.0, "is_rough": False, "is_starred": False, "is_handed_in": False,
        "engine_version": "1", "model": "m", "overall": 70.0,
    }  # fmt: skip
    with store.writing() as session:
        sittings = [{"id": new_id(), "learner_id": each.id, "kind": "own"} for each in people]
        session.execute(insert(Sitting), [each | {"started": NOW, "ended": NOW} for each in sittings])
        rows = [
            common
            | {
                "id": f"{number:032}",
                "learner_id": sittings[number % 50]["learner_id"],
                "session_id": sittings[number % 50]["id"],
                "text": f"Text {number}",
                "started": NOW - timedelta(minutes=number),
            }
            for number in range(10_000)
        ]
        session.execute(insert(Attempt), rows)
        session.execute(
            insert(PhoneResult),
            [
                {"attempt_id": row["id"], "phone": "TH", "said": 2, "wrong": 1, "mean": 40.0}
                for row in rows[::10]
            ],
        )
    page.learner_id = None
    show(qtbot, page)
    assert page.bar.count.text() == "10,000 readings"
    assert listed(page)[:2] == ["Text 0", "Text 1"]
    page.table.selectAll()
    assert page.bar.count.text() == "10,000 readings · 10,000 chosen"
    page.filters.search.setText("text 999")
    qtbot.waitUntil(lambda: page.bar.count.text().startswith("11 of 10,000"), timeout=20_000)
    page.show_phone("TH")
    qtbot.waitUntil(lambda: page.bar.count.text().startswith("1,000 of 10,000"), timeout=20_000)
    with store.reading() as session:
        assert len(session.scalars(select(Attempt.id)).all()) == 10_000
