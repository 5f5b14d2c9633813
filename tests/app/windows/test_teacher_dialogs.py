"""From the window to the pages and dialogs of teachers, and between them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from app.library.attempts import load
from app.library.teaching import classes
from app.library.teaching.review import Queue
from app.reports.data import Wanted
from tests.app.windows.stage import Stage
from tests.app.windows.test_house import opened, press, titles


def dialogs(window: Stage) -> list[QDialog]:
    return [each for each in window.window.findChildren(QDialog) if each.isVisible()]


def the_dialog(window: Stage) -> QDialog:
    window.wait(lambda: bool(dialogs(window)))
    (dialog,) = dialogs(window)
    return dialog


def closed(window: Stage) -> None:
    dialog = the_dialog(window)
    window.wait(lambda: not dialog.work.is_busy)  # type: ignore[attr-defined]
    dialog.reject()
    window.wait(lambda: not dialogs(window))


@pytest.mark.parametrize(("keys", "title"), [("Ctrl+6", "Classes"), ("Ctrl+7", "Review")])
def test_a_page_for_teachers_is_opened_by_its_key_and_left_with_escape(
    window: Stage, keys: str, title: str
) -> None:
    opened(window)
    press(window, keys)
    assert title in titles(window)
    window.qtbot.keyClick(window.window, Qt.Key.Key_Escape)
    assert window.page.isVisible()


@pytest.mark.parametrize(
    ("keys", "title"),
    [
        ("Ctrl+P", "Report"),
        ("Ctrl+Shift+H", "Take in hand-ins"),
        ("Ctrl+Shift+O", "Assess a folder of recordings"),
    ],
)
def test_a_dialog_is_opened_by_its_key(window: Stage, keys: str, title: str) -> None:
    opened(window)
    press(window, keys)
    assert the_dialog(window).windowTitle() == title
    closed(window)


def test_readings_are_handed_in_from_the_history(window: Stage) -> None:
    opened(window).read(0)
    press(window, "Ctrl+4")
    history = window.window.house.page("history")
    window.wait(lambda: bool(history.table.chosen))
    window.qtbot.keyClick(history.table, Qt.Key.Key_H)
    assert the_dialog(window).windowTitle() == "Hand in"
    closed(window)


def test_a_number_of_the_class_leads_to_the_readings_and_these_to_the_next(window: Stage) -> None:
    opened(window).read(0)
    window.read(1)
    store = window.services.store
    assert store is not None
    class_id = classes.add(store, "A2").id
    classes.put(store, class_id, [window.services.learner_id])
    press(window, "Ctrl+6")
    house = window.window.house
    house.page("classes").review_asked.emit(Queue(class_id=class_id, unreviewed=True))
    review = house.page("review")
    window.wait(lambda: review.isVisible() and not review.is_loading and review.desk.shown is not None)
    first = review.desk.shown.kept.row.id
    press(window, "Ctrl+Right")  # on this page it does not go to the next text
    window.wait(lambda: review.desk.shown is not None and review.desk.shown.kept.row.id != first)
    window.wait(lambda: load(store, first).row.reviewed is not None)


def test_what_a_page_asks_opens_its_dialog(window: Stage) -> None:
    opened(window)
    house = window.window.house
    page = house.show_page("classes")
    for ask, title in (
        (lambda: page.hand_ins_asked.emit(""), "Take in hand-ins"),
        (lambda: page.collect_asked.emit(""), "Assess a folder of recordings"),
        (lambda: page.roster_asked.emit(""), "Import a roster"),
        (lambda: page.report_asked.emit(Wanted(learner_id=window.services.learner_id)), "Report"),
    ):
        ask()
        assert the_dialog(window).windowTitle() == title
        closed(window)


def test_a_report_of_the_learner_under_review(window: Stage) -> None:
    opened(window)
    review = window.window.house.show_page("review")
    review.learner_report_asked.emit(window.services.learner_id)
    assert the_dialog(window).windowTitle() == "Report"
    closed(window)
    review.classes_asked.emit()
    assert "Classes" in titles(window)


def test_from_a_comparison_it_goes_back_to_where_it_was_asked(window: Stage) -> None:
    opened(window).read(0)
    window.read(1)
    one, other = (kept.row.id for kept in window.kept())
    house = window.window.house
    page = house.show_page("classes")
    page.comparison_asked.emit(one, other)
    assert "Comparison" in titles(window)
    house.page("comparison").closed.emit()
    assert "Classes" in titles(window)
