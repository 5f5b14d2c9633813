"""The page of classes: with and without classes, learners and readings; what it asks and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from app.library import learners
from app.library.models import Attempt
from app.library.store import Store
from app.library.teaching import classes
from app.library.teaching.records import Adjustment, ClassRow
from app.library.teaching.review import Queue
from app.reports.data import Wanted
from app.windows.classes import page as module
from app.windows.classes.comparison_view import ComparisonView
from app.windows.classes.learner_dialogs import KnownLearners, NewLearner
from app.windows.classes.loading import load
from app.windows.classes.number_views import HeatView, ScoresView
from app.windows.classes.page import NO_CLASS, NO_LEARNERS, NO_READINGS, NOTHING_FITS, ClassesPage
from app.windows.library.question import Question
from app.windows.services import Services
from app.windows.tokens import DARK, LIGHT
from tests.app.library.progress_readings import read_at

LEFT = Qt.MouseButton.LeftButton
DAY = timedelta(days=1)


@pytest.fixture
def library(qtbot: QtBot, services: Services) -> Store:
    """The library of `services`."""
    services.open_library()
    qtbot.waitUntil(lambda: services.store is not None and bool(services.learner_id), timeout=20_000)
    assert services.store is not None
    return services.store


@pytest.fixture
def page(qtbot: QtBot, services: Services) -> ClassesPage:
    """The page, shown."""
    made = ClassesPage(services)
    qtbot.addWidget(made)
    made.set_tokens(LIGHT)
    made.resize(1400, 700)
    made.show()
    return made


@pytest.fixture
def school_class(library: Store) -> ClassRow:
    """A class of three: Ali has read twice, Mia three times, Zoe not yet; Ali's were handed in."""
    made = classes.add(library, "9b")
    ali, mia, zoe = (learners.add(library, name).id for name in ("Ali", "Mia", "Zoe"))
    classes.put(library, made.id, [ali, mia, zoe])
    now = datetime.now(UTC)
    handed_in = read_at(library, ali, now - DAY, now, phones={"TH": (6, 3, 50.0)}, overall=60.0)
    read_at(library, mia, now - 60 * DAY, now - DAY, now, phones={"TH": (9, 1, 80.0)}, overall=85.0)
    with library.writing() as session:
        session.execute(update(Attempt).where(Attempt.id.in_(handed_in)).values(is_handed_in=True))
    return made


@pytest.fixture
def full(qtbot: QtBot, page: ClassesPage, school_class: ClassRow) -> ClassesPage:
    """The page of `school_class`."""
    show(qtbot, page)
    return page


def show(qtbot: QtBot, page: ClassesPage) -> None:
    page.refresh()
    settle(qtbot, page)


def settle(qtbot: QtBot, page: ClassesPage) -> None:
    qtbot.waitUntil(lambda: not page.is_loading, timeout=20_000)
    QApplication.processEvents()


def seen(page: ClassesPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


def names(page: ClassesPage) -> list[str]:
    return [row.learner.name for row in page.learners.table.sheet.rows]


def choose(page: ClassesPage, *wanted: str) -> None:
    table = page.learners.table
    table.show_rows(
        table.sheet.rows, {row.learner.id for row in table.sheet.rows if row.learner.name in wanted}
    )


def id_of(page: ClassesPage, name: str) -> str:
    return next(row.learner.id for row in page.learners.table.sheet.rows if row.learner.name == name)


def accept(qtbot: QtBot, page: ClassesPage, kind: type[QDialog]) -> None:
    """Accept the dialog that is open."""
    dialog = page.changes.dialog
    assert isinstance(dialog, kind)
    dialog.accept()
    settle(qtbot, page)


# --- nothing yet --------------------------------------------------------------------------------


def test_without_a_class_it_says_what_classes_are_for(
    qtbot: QtBot, library: Store, page: ClassesPage
) -> None:
    show(qtbot, page)
    assert seen(page) == list(NO_CLASS)
    assert page.no_class.home.hasFocus()
    with qtbot.waitSignal(page.roster_asked) as asked:
        qtbot.mouseClick(page.no_class.buttons[1], LEFT)
    assert asked.args == [""]


def test_the_first_class_is_made_and_shown(qtbot: QtBot, library: Store, page: ClassesPage) -> None:
    show(qtbot, page)
    qtbot.keyClick(page.no_class.buttons[0], Qt.Key.Key_Space)
    assert isinstance(page.changes.dialog, QInputDialog)
    page.changes.dialog.setTextValue("  9b ")
    accept(qtbot, page, QInputDialog)
    assert [each.name for each in classes.all_classes(library)] == ["9b"]
    assert page.bar.choice.currentText() == "9b (0 learners)"
    assert set(NO_LEARNERS) <= set(seen(page))


def test_a_class_without_a_name_is_not_made(qtbot: QtBot, library: Store, page: ClassesPage) -> None:
    show(qtbot, page)
    page.changes.new_class()
    accept(qtbot, page, QInputDialog)
    assert classes.all_classes(library) == []


def test_before_the_library_is_open_nothing_is_claimed(page: ClassesPage) -> None:
    page.refresh()
    assert seen(page) == []
    assert not page.is_loading


def test_learners_without_readings_are_listed_and_the_rest_says_what_to_do(
    qtbot: QtBot, library: Store, page: ClassesPage
) -> None:
    made = classes.add(library, "9b")
    classes.put(library, made.id, [learners.add(library, "Mia").id])
    show(qtbot, page)
    assert names(page) == ["Mia"]
    for name in page.sections.names[1:]:
        page.sections.choose(name)
        QApplication.processEvents()
        assert set(NO_READINGS) <= set(seen(page))
    with qtbot.waitSignal(page.hand_ins_asked) as asked:
        qtbot.mouseClick(page.no_readings.buttons[0], LEFT)
    assert asked.args == [made.id]


def test_a_library_that_is_opened_while_the_page_is_shown_fills_it(
    qtbot: QtBot, services: Services, page: ClassesPage
) -> None:
    page.refresh()
    services.open_library()
    qtbot.waitUntil(lambda: NO_CLASS[0] in seen(page), timeout=20_000)


# --- what is shown ------------------------------------------------------------------------------


def test_the_numbers_of_the_class_stand_in_one_sentence(full: ClassesPage) -> None:
    assert [button.text() for button in full.numbers.numbers] == [
        "5 readings",
        "2 handed in",
        "5 to review",
        "0 flagged",
    ]
    assert "Overall about 75: clear, with an accent." in seen(full)
    assert names(full) == ["Ali", "Mia", "Zoe"]
    assert full.learners.table.hasFocus()


def test_only_some_readings_count_if_that_is_wanted(qtbot: QtBot, full: ClassesPage) -> None:
    full.scope_bar.handed_in.setChecked(True)
    settle(qtbot, full)
    assert full.numbers.readings.text() == "2 readings"
    full.scope_bar.handed_in.setChecked(False)
    full.scope_bar.time.setCurrentText("Last 30 days")
    settle(qtbot, full)
    assert full.numbers.readings.text() == "4 readings"
    qtbot.mouseClick(full.scope_bar.clear_button, LEFT)
    settle(qtbot, full)
    assert full.numbers.readings.text() == "5 readings"


def test_where_no_reading_fits_filters_can_be_cleared(
    qtbot: QtBot, library: Store, full: ClassesPage
) -> None:
    with library.writing() as session:
        session.execute(update(Attempt).values(is_handed_in=False))
    full.sections.choose("Scores")
    full.scope_bar.handed_in.setChecked(True)
    settle(qtbot, full)
    assert set(NOTHING_FITS) <= set(seen(full))
    qtbot.mouseClick(full.nothing_fits.buttons[0], LEFT)
    settle(qtbot, full)
    assert "Overall scores" in seen(full)


def test_scores_are_shown_as_the_teacher_marks_if_that_is_known(
    qtbot: QtBot, library: Store, school_class: ClassRow, full: ClassesPage
) -> None:
    assert not full.scope_bar.as_marked.isVisible()
    classes.set_adjustment(library, school_class.id, Adjustment(0.5, 50.0))
    show(qtbot, full)
    assert full.scope_bar.as_marked.isVisible()
    assert [row.scores.overall for row in full.learners.table.sheet.rows] == [80.0, 92.5, None]
    full.scope_bar.as_marked.setChecked(False)
    assert [row.scores.overall for row in full.learners.table.sheet.rows] == [60.0, 85.0, None]


def test_another_class_can_be_chosen_and_stays_so(qtbot: QtBot, library: Store, full: ClassesPage) -> None:
    other = classes.add(library, "10a")
    show(qtbot, full)
    full.bar.choice.setCurrentIndex(full.bar.choice.findData(other.id))
    settle(qtbot, full)
    assert full.class_id == other.id
    show(qtbot, full)
    assert full.class_id == other.id


def test_who_is_chosen_stays_so_when_numbers_are_new(qtbot: QtBot, full: ClassesPage) -> None:
    choose(full, "Mia")
    show(qtbot, full)
    assert [row.learner.name for row in full.learners.chosen] == ["Mia"]


def test_sounds_are_written_as_the_settings_say(qtbot: QtBot, services: Services, full: ClassesPage) -> None:
    heat = full.sections.choose("Heat map")
    assert isinstance(heat, HeatView)
    assert heat.map.sounds.headerData(0, Qt.Orientation.Horizontal) == "θ"
    services.change("marking", alphabet="arpabet")
    assert heat.map.sounds.headerData(0, Qt.Orientation.Horizontal) == "TH"


def test_it_takes_another_theme(full: ClassesPage) -> None:
    scores = full.sections.choose("Scores")
    assert isinstance(scores, ScoresView)
    full.set_tokens(DARK)
    assert scores.histogram.tokens is DARK
    full.sections.choose("Heat map")
    assert not full.grab().isNull()


# --- what is asked ------------------------------------------------------------------------------


def test_numbers_lead_to_the_recordings_behind_them(
    qtbot: QtBot, school_class: ClassRow, full: ClassesPage
) -> None:
    with qtbot.waitSignal(full.review_asked) as asked:
        qtbot.mouseClick(full.numbers.to_review, LEFT)
    assert asked.args == [Queue(class_id=school_class.id, unreviewed=True)]
    assert not full.numbers.flagged.isEnabled()


def test_what_is_asked_is_what_is_looked_at(qtbot: QtBot, school_class: ClassRow, full: ClassesPage) -> None:
    full.scope_bar.handed_in.setChecked(True)
    settle(qtbot, full)
    choose(full, "Ali")
    with qtbot.waitSignal(full.review_asked) as asked:
        qtbot.keyClick(full.learners.table, Qt.Key.Key_Return)
    assert asked.args == [Queue(class_id=school_class.id, learner_id=id_of(full, "Ali"), handed_in=True)]


def test_bars_days_and_cells_ask_for_theirs(qtbot: QtBot, school_class: ClassRow, full: ClassesPage) -> None:
    asked: list[Queue] = []
    full.review_asked.connect(asked.append)
    scores, heat = full.sections.choose("Scores"), full.sections.choose("Heat map")
    assert isinstance(scores, ScoresView)
    assert isinstance(heat, HeatView)
    for widget, keys in (
        (scores.histogram, (Qt.Key.Key_Right,) * 9),
        (scores.trend, (Qt.Key.Key_Home,)),
        (heat.map, (Qt.Key.Key_Down,)),
    ):
        for key in (*keys, Qt.Key.Key_Return):
            qtbot.keyClick(widget, key)
    bar, day, cell = asked
    assert (bar.least, bar.most) == (80.0, 90.0)
    assert day.since is not None
    assert day.until == day.since + DAY
    assert (cell.learner_id, cell.phone) == (id_of(full, "Ali"), "TH")
    assert {each.class_id for each in asked} == {school_class.id}


def test_a_report_of_the_class_or_of_a_learner_is_asked(
    qtbot: QtBot, school_class: ClassRow, full: ClassesPage
) -> None:
    with qtbot.waitSignal(full.report_asked) as asked:
        qtbot.mouseClick(full.bar.report, LEFT)
    assert asked.args == [Wanted(class_id=school_class.id)]
    choose(full, "Mia")
    with qtbot.waitSignal(full.report_asked) as asked:
        qtbot.mouseClick(full.learners.report, LEFT)
    assert asked.args == [Wanted(learner_id=id_of(full, "Mia"))]


@pytest.mark.parametrize("name", ["collect", "hand_ins", "roster"])
def test_things_are_taken_in_for_the_class_that_is_shown(
    qtbot: QtBot, school_class: ClassRow, full: ClassesPage, name: str
) -> None:
    with qtbot.waitSignal(getattr(full, f"{name}_asked")) as asked:
        part = getattr(full.bar, name)
        part.trigger() if name == "roster" else part.click()
    assert asked.args == [school_class.id]


def test_two_learners_are_compared_with_what_both_have_read(qtbot: QtBot, full: ClassesPage) -> None:
    choose(full, "Ali", "Mia")
    qtbot.keyClick(full.learners.table, Qt.Key.Key_C)
    settle(qtbot, full)
    comparison = full.sections.section("Compare two")
    assert isinstance(comparison, ComparisonView)
    assert comparison.isVisible()
    assert comparison.pair == (id_of(full, "Ali"), id_of(full, "Mia"))
    with qtbot.waitSignal(full.comparison_asked) as asked:
        qtbot.mouseClick(comparison.readings, LEFT)
    assert len(set(asked.args)) == 2


def test_one_learner_is_not_compared_and_it_says_how_to_choose_two(qtbot: QtBot, full: ClassesPage) -> None:
    qtbot.keyClick(full.learners.table, Qt.Key.Key_C)
    assert full.banner.text.startswith("Choose two learners")


# --- what is changed ----------------------------------------------------------------------------


def test_a_class_is_renamed(qtbot: QtBot, full: ClassesPage) -> None:
    full.bar.rename.trigger()
    assert isinstance(full.changes.dialog, QInputDialog)
    full.changes.dialog.setTextValue("9c")
    accept(qtbot, full, QInputDialog)
    assert full.bar.choice.currentText() == "9c (3 learners)"


def test_a_class_is_deleted_once_that_is_confirmed_and_its_learners_stay(
    qtbot: QtBot, library: Store, full: ClassesPage
) -> None:
    full.bar.delete.trigger()
    assert isinstance(full.changes.dialog, Question)
    full.changes.dialog.reject()
    assert len(classes.all_classes(library)) == 1
    full.bar.delete.trigger()
    accept(qtbot, full, Question)
    assert classes.all_classes(library) == []
    assert {"Ali", "Mia", "Zoe"} <= {each.name for each in learners.all_learners(library)}
    assert NO_CLASS[0] in seen(full)
    assert full.banner.text == "The class “9b” is deleted."


def test_somebody_new_is_put_into_the_class(qtbot: QtBot, full: ClassesPage) -> None:
    full.learners.add_new.trigger()
    dialog = full.changes.dialog
    assert isinstance(dialog, NewLearner)
    assert not dialog.action.isEnabled()
    dialog.name.setText("王小明")
    dialog.number.setText("S7")
    accept(qtbot, full, NewLearner)
    added = next(row.learner for row in full.learners.table.sheet.rows if row.learner.name == "王小明")
    assert added.number == "S7"


def test_a_number_that_is_somebody_elses_is_told_and_nobody_is_added(
    qtbot: QtBot, library: Store, full: ClassesPage
) -> None:
    classes.set_number(library, id_of(full, "Ali"), "S7")
    full.learners.add_new.trigger()
    assert isinstance(full.changes.dialog, NewLearner)
    full.changes.dialog.name.setText("Bo")
    full.changes.dialog.number.setText("S7")
    accept(qtbot, full, NewLearner)
    assert '"S7" is that of Ali' in full.banner.text
    assert names(full) == ["Ali", "Mia", "Zoe"]
    assert "Bo" not in {each.name for each in learners.all_learners(library)}


def test_learners_of_the_library_are_put_into_the_class(
    qtbot: QtBot, library: Store, full: ClassesPage
) -> None:
    learners.add(library, "Bo")
    learners.add(library, "Cleo")
    full.learners.add_known.trigger()
    settle(qtbot, full)
    dialog = full.changes.dialog
    assert isinstance(dialog, KnownLearners)
    offered = [dialog.list.item(row) for row in range(dialog.list.count())]
    assert not any(item.text().startswith("Ali") for item in offered)
    dialog.search.setText("bo")
    assert [item.text() for item in offered if not item.isHidden()] == ["Bo · 0 readings"]
    next(item for item in offered if item.text().startswith("Bo")).setCheckState(Qt.CheckState.Checked)
    assert dialog.action.text() == "Add 1 learner"
    accept(qtbot, full, KnownLearners)
    assert names(full) == ["Ali", "Bo", "Mia", "Zoe"]


def test_who_was_taken_out_can_be_brought_back(qtbot: QtBot, full: ClassesPage) -> None:
    choose(full, "Mia")
    qtbot.keyClick(full.learners.table, Qt.Key.Key_Delete)
    settle(qtbot, full)
    assert names(full) == ["Ali", "Zoe"]
    assert full.banner.text == "Mia is no longer in this class. All readings are kept."
    undo = next(button for button in full.banner.findChildren(QPushButton) if button.text() == "Undo")
    qtbot.mouseClick(undo, LEFT)
    settle(qtbot, full)
    assert names(full) == ["Ali", "Mia", "Zoe"]


def test_keys_bring_back_who_was_taken_out_but_only_once(qtbot: QtBot, full: ClassesPage) -> None:
    choose(full, "Ali", "Zoe")
    full.take_out_chosen()
    settle(qtbot, full)
    assert full.banner.text == "2 learners are no longer in this class. All readings are kept."
    for _ in range(2):
        qtbot.keyClick(full.learners.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, full)
        assert names(full) == ["Ali", "Mia", "Zoe"]
    assert full.banner.text == ""


def test_consent_is_noted_once_it_is_confirmed_what_it_means(qtbot: QtBot, full: ClassesPage) -> None:
    def consents() -> list[bool]:
        return [row.learner.may_be_shared for row in full.learners.table.sheet.rows]

    full.learners.table.consent_asked.emit(full.learners.table.sheet.rows[1])
    assert isinstance(full.changes.dialog, Question)
    assert "Mia" in full.changes.dialog.accessibleDescription()
    full.changes.dialog.reject()
    assert consents() == [False, False, False]
    for after in ([False, True, False], [False, False, False]):
        full.learners.table.consent_asked.emit(full.learners.table.sheet.rows[1])
        accept(qtbot, full, Question)
        assert consents() == after


def test_recordings_are_kept_for_a_shorter_time_only_if_that_is_confirmed(
    qtbot: QtBot, library: Store, full: ClassesPage
) -> None:
    def keep(days: int | None) -> None:
        keeping = full.learners.keeping
        keeping.setCurrentIndex(keeping.findData(days))
        keeping.activated.emit(keeping.currentIndex())

    keep(90)
    assert isinstance(full.changes.dialog, Question)
    full.changes.dialog.reject()
    assert full.learners.keeping.currentText() == "always"
    keep(90)
    accept(qtbot, full, Question)
    assert classes.all_classes(library)[0].keep_days == 90
    # More is lost by none of these: nothing is asked.
    before = full.changes.dialog
    keep(365)
    settle(qtbot, full)
    assert full.changes.dialog is before
    assert classes.all_classes(library)[0].keep_days == 365


def test_trouble_is_told_and_the_page_stays(qtbot: QtBot, library: Store, full: ClassesPage) -> None:
    library.is_read_only = True
    choose(full, "Mia")
    full.take_out_chosen()
    settle(qtbot, full)
    assert full.banner.text
    assert names(full) == ["Ali", "Mia", "Zoe"]
    qtbot.keyClick(full, Qt.Key.Key_Escape)
    assert full.banner.text == ""


# --- keys and stale results ---------------------------------------------------------------------


def test_keys_go_from_section_to_section(qtbot: QtBot, full: ClassesPage) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    shown = []
    for key in (Qt.Key.Key_PageDown,) * 5 + (Qt.Key.Key_PageUp,):
        qtbot.keyClick(full.sections.home, key, control)
        shown.append(full.sections.name)
        assert full.sections.home.hasFocus()
    assert shown == [*full.sections.names[1:], full.sections.names[0], full.sections.names[-1]]


def test_everything_that_takes_keys_has_a_name(full: ClassesPage) -> None:
    for name in full.sections.names:
        full.sections.choose(name)
        QApplication.processEvents()
        buttons = [each for each in full.findChildren(QPushButton) if each.isVisible()]
        assert all(each.accessibleName() or each.text() for each in buttons)
        assert full.sections.home.accessibleName()
    for part in (full.bar.choice, full.scope_bar.time, full.scope_bar.lesson, full.learners.keeping):
        assert part.accessibleName()


def held(monkeypatch: pytest.MonkeyPatch, until: Callable[[str], Event | None]) -> None:
    """Let loading a class wait for an event."""

    def slow(store: Store, class_id: str, *rest: object) -> object:
        event = until(class_id)
        if event is not None:
            assert event.wait(20.0)
        return load(store, class_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "load", slow)


def test_a_slow_result_never_overwrites_a_newer_one(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, library: Store, school_class: ClassRow, full: ClassesPage
) -> None:
    other, release = classes.add(library, "10a"), Event()
    held(monkeypatch, lambda class_id: release if class_id == school_class.id else None)
    full.show_class(school_class.id)
    full.show_class(other.id)
    settle(qtbot, full)
    release.set()
    qtbot.wait(50)
    assert full.class_id == other.id


def test_what_is_looked_for_is_forgotten_when_the_page_is_left(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, library: Store, full: ClassesPage
) -> None:
    release = Event()
    held(monkeypatch, lambda _class_id: release)
    classes.put(library, full.class_id, [learners.add(library, "Bo").id])
    full.refresh()
    full.hide()
    assert not full.is_loading
    release.set()
    qtbot.wait(50)
    assert names(full) == ["Ali", "Mia", "Zoe"]


@pytest.mark.parametrize("size", [(1024, 640), (1920, 1000)])
def test_the_page_fits_into_the_window(full: ClassesPage, size: tuple[int, int]) -> None:
    for name in full.sections.names:
        full.sections.choose(name)
        full.resize(*size)
        QApplication.processEvents()
        assert (full.width(), full.height()) == size
