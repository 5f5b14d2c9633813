"""The queue of the review: what is listed, in which order, and what is looked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.library.store import Store
from app.library.teaching import classes, review
from app.library.teaching.review import Queue
from app.windows.review.queue_filter import Choices, QueueFilter
from app.windows.review.queue_model import QueueModel, brief, described
from app.windows.review.queue_view import QueueView
from tests.app.windows.history.rows import a_row, many
from tests.app.windows.review.conftest import Teacher, begin
from tests.app.windows.review.readings import keep, people, ten_words

CHOICES = Choices([("a", "A2"), ("b", "B1")], [("animals", "Animals")], [("mia", "Mia"), ("jun", "Jun")])
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def filters(qtbot: QtBot) -> QueueFilter:
    made = QueueFilter()
    qtbot.addWidget(made)
    made.set_choices(CHOICES)
    made.show()
    return made


# --- what is looked for -------------------------------------------------------------------------


def test_everything_is_wanted_at_first(filters: QueueFilter) -> None:
    assert filters.wanted == Queue()
    assert not filters.is_active
    assert not filters.clear_button.isVisible()


def test_what_is_chosen_is_wanted(qtbot: QtBot, filters: QueueFilter) -> None:
    filters.class_.setCurrentIndex(1)
    filters.more.click()
    filters.lesson.setCurrentIndex(1)
    filters.learner.setCurrentIndex(2)
    filters.score.setCurrentIndex(2)
    for button in filters.flags.values():
        button.click()
    qtbot.keyClicks(filters.search, "home")
    qtbot.waitUntil(lambda: filters.wanted.search == "home")
    assert filters.wanted == Queue("a", "animals", "jun", 65.0, 85.0, True, True, True, "home")
    filters.clear_button.click()
    assert filters.wanted == Queue()
    assert filters.search.text() == ""
    assert filters.class_.currentIndex() == 0


def test_what_is_asked_elsewhere_is_shown(filters: QueueFilter) -> None:
    since = datetime(2026, 5, 4, tzinfo=UTC).astimezone()
    wanted = Queue("b", least=30.0, most=40.0, word="thought", phone="TH", since=since)
    filters.show_queue(wanted)
    assert filters.wanted == wanted
    assert filters.class_.currentText() == "B1"
    assert filters.score.currentText() == "30 to 40"
    assert filters.score.isVisible()
    assert filters.chips["word"].text() == "“thought” was wrong"
    assert filters.chips["phone"].text() == "/θ/ was wrong"
    assert filters.chips["time"].text().startswith("From")
    for chip in filters.chips.values():
        chip.click()
    assert filters.wanted == Queue("b", least=30.0, most=40.0)
    filters.score.setCurrentIndex(0)
    assert filters.score.findText("30 to 40") < 0


def test_a_class_that_is_gone_is_not_wanted_any_more(qtbot: QtBot, filters: QueueFilter) -> None:
    filters.show_queue(Queue("b", flagged=True))
    with qtbot.waitSignal(filters.changed):
        filters.set_choices(replace(CHOICES, classes=[("a", "A2")]))
    assert filters.wanted == Queue(flagged=True)


def test_the_same_again_lists_nothing_anew(qtbot: QtBot, filters: QueueFilter) -> None:
    filters.show_queue(Queue("a"))
    with qtbot.assertNotEmitted(filters.changed):
        filters.show_queue(Queue("a"))
        filters.set_choices(CHOICES)


# --- the list -----------------------------------------------------------------------------------


def test_going_on_leads_to_what_nobody_has_reviewed() -> None:
    model = QueueModel()
    done = a_row(1, reviewed=NOW)
    model.show_rows([a_row(0), done, a_row(2)], {})
    assert model.unreviewed == 2
    following = model.next_after("0")
    assert following is not None
    assert following.id == "2"
    again = model.next_after("2")
    assert again is not None
    assert again.id == "0"
    before = model.before("1")
    assert before is not None
    assert before.id == "0"
    assert model.before("0") is None


def test_a_change_shows_and_is_taken_back() -> None:
    model = QueueModel()
    model.show_rows([a_row(0), a_row(1)], {})
    model.change("1", lambda row: replace(row, reviewed=NOW, reviewer="Ms Adams"))
    assert model.unreviewed == 1
    assert model.rows[1].reviewer == "Ms Adams"
    model.change("1", lambda row: row)
    model.change("not listed", lambda row: row)
    assert model.unreviewed == 2


def test_a_row_is_told_to_screen_readers() -> None:
    row = a_row(0, is_flagged=True, is_handed_in=True)
    told = described(row)
    assert told.startswith("Mia, ")
    assert "overall 80, clear, with an accent; not reviewed; flagged; handed in. Mark is going" in told


def test_ten_thousand_attempts_are_listed_and_drawn(qtbot: QtBot) -> None:
    view = QueueView()
    qtbot.addWidget(view)
    view.resize(260, 500)
    view.attempts.show_rows(many(10_000), {})
    view.show()
    view.choose("9999")
    assert view.currentIndex().row() == 9_999
    assert not view.grab().isNull()
    view.choose("not listed")
    assert not view.selectedIndexes()


def test_the_list_is_walked_by_arrows_and_left_by_escape(qtbot: QtBot) -> None:
    view = QueueView()
    qtbot.addWidget(view)
    view.attempts.show_rows(many(3), {})
    view.choose("0")
    qtbot.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.open_asked) as asked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == ["1"]
    with qtbot.waitSignal(view.left):
        qtbot.keyClick(view, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(minutes=5), "11:55"),
        (timedelta(days=1), "Sun"),
        (timedelta(days=7), "27 Apr"),
        (timedelta(days=400), "30 Mar 2025"),
    ],
)
def test_times_are_short_in_the_list(ago: timedelta, told: str) -> None:
    local = NOW.replace(tzinfo=None).astimezone()
    assert brief(local - ago, local) == told


# --- with a library -----------------------------------------------------------------------------


def test_the_library_is_filtered(store: Store, teacher: Teacher) -> None:
    mia, jun = people(store, "Mia", "Jun")
    group = classes.add(store, "A2")
    classes.put(store, group.id, [jun.id])
    first = keep(store, mia, 0)
    second = keep(store, jun, 1, replace(ten_words(), text="Another text of home."))
    third = keep(store, jun, 2)
    review.set_flag(store, [third], True)
    review.set_reviewed(store, [second], "Ms Adams")
    begin(teacher)
    queue = teacher.page.queue
    listed = queue.view.attempts

    def ids() -> list[str]:
        teacher.settle()
        return [row.id for row in listed.rows]

    assert ids() == [first, third, second]
    assert queue.count.text() == "2 of 3 to review"
    queue.filters.class_.setCurrentIndex(1)
    assert ids() == [third, second]
    assert [queue.filters.learner.itemText(each) for each in range(queue.filters.learner.count())] == [
        "Any learner",
        "Jun",
    ]
    queue.filters.flags["unreviewed"].click()
    assert ids() == [third]
    queue.filters.flags["unreviewed"].click()
    queue.filters.flags["flagged"].click()
    assert ids() == [third]
    queue.filters.clear_button.click()
    queue.show_queue(Queue(search="another"))
    assert ids() == [second]
    queue.show_queue(Queue(search="nothing like it"))
    assert ids() == []
    assert queue.nothing.isVisible()
    assert teacher.shown == first


def test_a_row_that_was_reviewed_stays_until_it_is_listed_anew(store: Store, teacher: Teacher) -> None:
    (mia,) = people(store, "Mia")
    ids = [keep(store, mia, number) for number in range(2)]
    begin(teacher)
    teacher.page.show_queue(Queue(unreviewed=True))
    teacher.settle()
    teacher.press(Qt.Key.Key_N)
    teacher.settle()
    listed = teacher.page.queue.view.attempts
    assert [row.id for row in listed.rows] == ids
    teacher.page.refresh()
    teacher.settle()
    assert [row.id for row in listed.rows] == ids[1:]
