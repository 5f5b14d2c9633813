"""The lessons that ship come into a library, and up to date there, without attempts losing their texts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.library import attempts, catalogue, shipped_lessons
from app.library.lessons import FIRST, Item, Lesson, LessonError
from app.library.store import Store
from assessment.resources import resource
from tests.app.library.conftest import Read
from tests.app.library.lesson_packs import GOOD, WITH_AUDIO, folder, sound

Ship = Callable[..., None]
MORE = '[[items]]\ntext = "Goodbye."\n'


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ship:
    """Have Elocute ship other packs: manifests by their folders."""
    top = tmp_path / "shipped"
    monkeypatch.setattr(shipped_lessons, "resource", lambda *_parts: top)

    def shipping(**packs: str) -> None:
        folder(top, {f"{name}/lesson.toml": content for name, content in packs.items()})

    return shipping


def listed(store: Store) -> list[tuple[str, str]]:
    return [(row.id, row.origin) for row in catalogue.lessons(store, "")]


def test_all_that_ships_is_in_the_library_the_first_lesson_at_its_beginning(store: Store) -> None:
    catalogue.add_shipped(store)
    rows = catalogue.lessons(store, "")
    assert rows[0].id == FIRST
    assert {row.id for row in rows} == {path.name for path in resource("lessons").iterdir()}
    assert {row.origin for row in rows} == {"shipped"}
    assert all(len(row.id) <= 32 for row in rows), "PostgreSQL keeps no longer ids"
    assert [row.level for row in rows[1:]] == sorted(row.level for row in rows[1:])


def test_what_is_there_already_is_not_read_again(
    store: Store, ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(one=GOOD, two=GOOD)
    catalogue.add_shipped(store)
    before = [catalogue.lesson(store, name) for name in ("one", "two")]
    monkeypatch.setattr(shipped_lessons, "read_pack", lambda path: pytest.fail(f"{path} was read"))
    catalogue.add_shipped(store)
    assert [catalogue.lesson(store, name) for name in ("one", "two")] == before


def test_a_new_version_changes_a_lesson_and_attempts_stay_linked(
    store: Store, ship: Ship, read: Read
) -> None:
    ship(one=GOOD)
    catalogue.add_shipped(store)
    item = catalogue.lesson(store, "one").items[0].id
    attempt = read(lesson_id="one", item_id=item)
    ship(one=GOOD.replace('"T"', '"New"', 1).replace("[[items]]", f"{MORE}[[items]]"))
    catalogue.add_shipped(store)
    after = catalogue.lesson(store, "one")
    assert after.title == "New"
    assert [each.text for each in after.items] == ["Goodbye.", "Hello."]
    assert after.items[1].id == item == attempts.load(store, attempt).row.item_id


def test_a_new_lesson_comes_after_those_that_are_there(store: Store, ship: Ship) -> None:
    ship(two=GOOD)
    catalogue.add_shipped(store)
    own = catalogue.save_lesson(store, None, Lesson("Mine", "A1", (Item("One."),)))
    ship(one=GOOD)
    catalogue.add_shipped(store)
    assert listed(store) == [("two", "shipped"), (own, "own"), ("one", "shipped")]


def test_a_lesson_that_is_not_shipped_any_more_stays_until_it_is_deleted(
    store: Store, ship: Ship, tmp_path: Path
) -> None:
    ship(one=GOOD, two=GOOD)
    catalogue.add_shipped(store)
    (tmp_path / "shipped" / "two" / "lesson.toml").unlink()
    catalogue.add_shipped(store)
    assert listed(store) == [("one", "shipped"), ("two", "shipped")]
    catalogue.delete_lesson(store, "two")
    assert listed(store) == [("one", "shipped")]


def test_recordings_are_kept_once_and_removed_with_their_items(
    store: Store, ship: Ship, tmp_path: Path
) -> None:
    ship(one=WITH_AUDIO, two=WITH_AUDIO)
    for name in ("one", "two"):
        folder(tmp_path / "shipped" / name, {"said/hello.flac": sound()})
    catalogue.add_shipped(store)
    assert store.audio.digests() == {catalogue.lesson(store, "one").items[0].recording}
    ship(one=GOOD)
    catalogue.add_shipped(store)
    assert len(store.audio.digests()) == 1
    ship(two=GOOD)
    catalogue.add_shipped(store)
    assert store.audio.digests() == set()


def test_a_damaged_lesson_changes_nothing(store: Store, ship: Ship) -> None:
    ship(one=GOOD, two="title = 3")
    with pytest.raises(LessonError, match="two"):
        catalogue.add_shipped(store)
    assert listed(store) == []


def test_a_library_that_is_read_only_is_left_as_it_is(store: Store, ship: Ship) -> None:
    ship(one=GOOD)
    store.is_read_only = True
    catalogue.add_shipped(store)
    assert listed(store) == []


def test_several_programs_may_add_them_at_once(store: Store, ship: Ship) -> None:
    ship(one=GOOD, two=GOOD, three=GOOD)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: catalogue.add_shipped(store), range(4)))
    assert listed(store) == [("one", "shipped"), ("three", "shipped"), ("two", "shipped")]
