"""Attempts are deleted when nobody can want them back any more, and then for sure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from app.library import history, learners
from app.library.history import Filter
from app.library.store import Store, open_store
from app.windows.history import deleting as history_deleting
from app.windows.history.deleting import Deleting
from app.windows.services import Services
from tests.app.library.weak_readings import add_reading
from tests.app.windows.history.rows import NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "library")
    yield opened
    opened.close()


@pytest.fixture
def ids(store: Store) -> list[str]:
    """Three attempts in `store`."""
    learner = learners.add(store, "Mia")
    for minutes in range(3):
        add_reading(store, learner.id, NOW.replace(minute=minutes), {"S": (1, 90.0)})
    return left(store)


@pytest.fixture
def deleting(services: Services) -> Deleting:
    return Deleting(services, services)


def left(store: Store) -> list[str]:
    return [row.id for row in history.attempts(store, Filter(None))]


def test_what_is_asked_for_is_hidden_at_once_and_deleted_later(
    qtbot: QtBot, deleting: Deleting, store: Store, ids: list[str]
) -> None:
    deleting.ask(store, ids[:2])
    assert deleting.hidden == set(ids[:2])
    assert deleting.can_undo
    assert left(store) == ids
    with qtbot.waitSignal(deleting.deleted):
        deleting.finish()
        assert not deleting.can_undo
        assert deleting.hidden == set(ids[:2])
    assert left(store) == ids[2:]
    assert deleting.hidden == frozenset()


def test_what_is_undone_stays(qtbot: QtBot, deleting: Deleting, store: Store, ids: list[str]) -> None:
    deleting.ask(store, ids)
    assert deleting.undo() == set(ids)
    assert deleting.hidden == frozenset()
    with qtbot.assertNotEmitted(deleting.deleted):
        deleting.finish()
    assert left(store) == ids


def test_the_time_to_undo_ends(
    qtbot: QtBot, services: Services, store: Store, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_deleting, "UNDO_MILLISECONDS", 20)
    deleting = Deleting(services, services)
    with qtbot.waitSignal(deleting.expired):
        deleting.ask(store, ids)
    deleting.undo()
    with qtbot.assertNotEmitted(deleting.expired, wait=60):
        deleting.ask(store, ids)
        deleting.undo()


def test_another_deletion_ends_the_one_before(
    qtbot: QtBot, deleting: Deleting, store: Store, ids: list[str]
) -> None:
    deleting.ask(store, ids[:1])
    with qtbot.waitSignal(deleting.deleted):
        deleting.ask(store, ids[1:2])
    assert left(store) == ids[1:]
    assert deleting.hidden == {ids[1]}
    assert deleting.undo() == {ids[1]}


def test_it_is_deleted_even_if_the_program_ends_at_once(
    deleting: Deleting, services: Services, store: Store, ids: list[str]
) -> None:
    deleting.ask(store, ids)
    deleting.finish()
    services.tasks.close()
    assert left(store) == []


def test_it_is_deleted_even_if_all_threads_are_busy_and_the_program_ends(
    deleting: Deleting, services: Services, store: Store, ids: list[str]
) -> None:
    free = Event()
    for _ in range(8):
        services.tasks.run(lambda _control: free.wait(10), lambda _: None, pytest.fail)
    deleting.ask(store, ids)
    deleting.finish()
    free.set()
    services.tasks.close()
    assert left(store) == []


def test_it_is_deleted_even_if_no_work_is_taken_any_more(
    deleting: Deleting, services: Services, store: Store, ids: list[str]
) -> None:
    deleting.ask(store, ids)
    services.tasks.close()
    deleting.finish()
    assert left(store) == []
    assert deleting.hidden == frozenset()


@pytest.mark.parametrize("is_closed", [False, True])
def test_what_cannot_be_deleted_comes_back_and_it_is_said_why(
    qtbot: QtBot, deleting: Deleting, services: Services, store: Store, ids: list[str], is_closed: bool
) -> None:
    deleting.ask(store, ids)
    store.is_read_only = True
    if is_closed:
        services.tasks.close()
    with qtbot.waitSignal(deleting.failed) as failed:
        deleting.finish()
    assert "newer Elocute" in failed.args[0]
    assert deleting.hidden == frozenset()
    assert left(store) == ids
