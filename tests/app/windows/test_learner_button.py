"""Whoever practises is named at the top; others can take over, be added, and change their names."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu

from app.library import learners
from app.library.store import Store
from tests.app.windows.stage import Stage


def library(window: Stage) -> Store:
    window.ready().wait(lambda: bool(window.services.learner_id))
    assert window.services.store is not None
    return window.services.store


def entries(window: Stage) -> dict[str, QAction]:
    button = window.window.learner
    menu = button.findChild(QMenu)
    button.click()
    window.wait(menu.isVisible)
    found = {entry.text(): entry for entry in menu.actions() if entry.text()}
    menu.close()
    return found


def answer(window: Stage, name: str) -> None:
    (dialog,) = window.window.learner.findChildren(QInputDialog)
    dialog.setTextValue(name)
    dialog.accept()


def test_a_learner_without_a_name_is_called_learner(window: Stage) -> None:
    library(window)
    assert window.window.learner.text() == "Learner ▾"
    assert list(entries(window)) == ["Learner (0 readings)", "Add a learner …", "Change this name …"]


def test_somebody_new_practises_from_then_on(window: Stage) -> None:
    store = library(window)
    entries(window)["Add a learner …"].trigger()
    answer(window, "  Berit   Berg ")
    window.wait(lambda: window.window.learner.text() == "Berit Berg ▾")
    assert sorted(each.name for each in learners.all_learners(store)) == ["", "Berit Berg"]
    found = entries(window)
    assert found["Berit Berg (0 readings)"].isChecked()
    found["Learner (0 readings)"].trigger()
    assert window.window.learner.text() == "Learner ▾"


def test_a_name_is_changed_everywhere(window: Stage) -> None:
    store = library(window)
    entries(window)["Change this name …"].trigger()
    answer(window, "Amina & Sons")
    assert window.services.settings.learner.name == "Amina & Sons"
    window.wait(lambda: [each.name for each in learners.all_learners(store)] == ["Amina & Sons"])
    assert "Amina && Sons (0 readings)" in entries(window)


def test_no_name_changes_nothing(window: Stage) -> None:
    store = library(window)
    for wanted in ("Add a learner …", "Change this name …"):
        entries(window)[wanted].trigger()
        answer(window, "   ")
    assert [each.name for each in learners.all_learners(store)] == [""]


def test_a_name_that_is_too_long_is_told(window: Stage) -> None:
    store = library(window)
    entries(window)["Add a learner …"].trigger()
    answer(window, "x" * 201)
    window.wait(lambda: "longer than 200 characters" in window.page.banner.text)
    assert len(learners.all_learners(store)) == 1


def test_a_long_name_is_cut_at_the_top_but_not_for_screen_readers(window: Stage) -> None:
    library(window)
    name = "Maximiliane Wolkenstein-Trostburg von und zu Hohenstaufen"
    window.services.change("learner", name=name)
    assert window.window.learner.text().endswith("… ▾")
    assert name in window.window.learner.accessibleName()


def test_the_name_that_a_newcomer_gives_before_the_library_is_open_is_kept(window: Stage) -> None:
    window.services.change("learner", name="Amina")
    store = library(window)
    window.wait(lambda: [each.name for each in learners.all_learners(store)] == ["Amina"])
    assert window.window.learner.text() == "Amina ▾"
