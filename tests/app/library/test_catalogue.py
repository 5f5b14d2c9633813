"""The lessons of a library: listed with what was read, imported, changed, copied, moved and deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.library import attempts, catalogue, models
from app.library.catalogue import KeptLesson
from app.library.errors import LibraryError
from app.library.lesson_rows import recording_digest, recording_name
from app.library.lessons import FIRST, Item, Lesson, LessonError
from app.library.packs import read_pack
from app.library.records import LearnerRow
from app.library.store import Store
from assessment.audio import SAMPLE_RATE, Recording
from tests.app.library.conftest import Read, tone
from tests.app.library.lesson_packs import WITH_AUDIO, archive, sound

SAID = {"one": ("W AH1 N", "W AO1 N")}
LESSON = Lesson(
    "Numbers",
    "A1",
    (Item("One.", ("W",), "Round lips.", None, SAID), Item("Two."), Item("Three.")),
    licence="CC0",
)


def saved(store: Store, lesson: Lesson = LESSON) -> KeptLesson:
    return catalogue.lesson(store, catalogue.save_lesson(store, None, lesson))


def texts(lesson: KeptLesson) -> list[str]:
    return [item.text for item in lesson.items]


def ids(lesson: KeptLesson) -> list[str]:
    return [item.id for item in lesson.items]


def titles(store: Store) -> list[str]:
    return [row.title for row in catalogue.lessons(store, "")]


def with_recording(name: str = "new.flac") -> Lesson:
    return Lesson("Heard", "B1", (Item("One.", recording=Path(name)), Item("Two.")))


# --- reading ------------------------------------------------------------------------------------


def test_an_empty_library_has_no_lessons(store: Store) -> None:
    assert catalogue.lessons(store, "") == []


def test_a_lesson_comes_back_as_it_was_kept(store: Store) -> None:
    kept = saved(store)
    assert kept.to_lesson() == LESSON
    assert (kept.origin, kept.can_be_changed, kept.position) == ("own", True, 0)
    assert [item.position for item in kept.items] == [0, 1, 2]


def test_a_lesson_that_is_not_there_is_told(store: Store) -> None:
    for act in (catalogue.lesson, catalogue.copy_lesson):
        with pytest.raises(LibraryError, match="not in the library any more"):
            act(store, "nothing")
    with pytest.raises(LibraryError, match="not in the library any more"):
        catalogue.move_lesson(store, "nothing", 0)
    with pytest.raises(LibraryError, match="not in the library any more"):
        catalogue.save_lesson(store, "nothing", LESSON)


def test_a_list_tells_how_far_a_learner_has_come(store: Store, learner: LearnerRow, read: Read) -> None:
    kept, other = saved(store), saved(store, replace(LESSON, title="Others"))
    for minutes, item in ((0, 0), (1, 0), (2, 1)):
        read(minutes, lesson_id=kept.id, item_id=kept.items[item].id)
    read(9)
    with store.writing() as session:
        scores = dict(
            zip(
                session.scalars(select(models.Attempt.id).order_by(models.Attempt.started)),
                (50, 70, 90, 10),
                strict=True,
            )
        )
        for attempt, score in scores.items():
            session.get_one(models.Attempt, attempt).overall = score
    first, second = catalogue.lessons(store, learner.id)
    assert (first.id, first.title, first.items, first.attempted, first.best) == (
        kept.id,
        "Numbers",
        3,
        2,
        80.0,
    )
    assert (second.id, second.items, second.attempted, second.best) == (other.id, 3, 0, None)
    assert [row.attempted for row in catalogue.lessons(store, "somebody else")] == [0, 0]


# --- packs --------------------------------------------------------------------------------------


def test_a_pack_is_imported_with_its_recordings(store: Store, tmp_path: Path) -> None:
    pack = archive(tmp_path / "pack.zip", {"lesson.toml": WITH_AUDIO, "said/hello.flac": sound(pitch=300)})
    kept = catalogue.lesson(store, catalogue.import_pack(store, pack))
    assert (kept.title, kept.origin, texts(kept)) == ("T", "imported", ["Hello."])
    digest = kept.items[0].recording
    assert digest is not None
    assert store.audio.digests() == {digest}
    assert store.audio.open(digest).duration == pytest.approx(0.5)


def test_an_exported_lesson_can_be_imported_again(store: Store, tmp_path: Path) -> None:
    kept = catalogue.lesson(
        store, catalogue.save_lesson(store, None, with_recording(), audio={"new.flac": tone(300)})
    )
    catalogue.export_lesson(store, kept.id, tmp_path / "out.zip")
    again = catalogue.lesson(store, catalogue.import_pack(store, tmp_path / "out.zip"))
    assert again.to_lesson() == kept.to_lesson()
    assert again.id != kept.id
    assert len(store.audio.digests()) == 1
    assert read_pack(tmp_path / "out.zip").lesson == kept.to_lesson()


def test_a_lesson_whose_recording_is_gone_is_not_exported(store: Store, tmp_path: Path) -> None:
    lesson_id = catalogue.save_lesson(store, None, with_recording(), audio={"new.flac": tone(300)})
    for digest in store.audio.digests():
        store.audio.remove(digest)
    with pytest.raises(LibraryError, match="recording of the lesson cannot be read"):
        catalogue.export_lesson(store, lesson_id, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_an_import_that_fails_in_the_database_leaves_no_recordings(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = archive(tmp_path / "pack.zip", {"lesson.toml": WITH_AUDIO, "said/hello.flac": sound()})

    def fail(*_args: object) -> None:
        assert store.audio.digests()
        raise LibraryError("The disk is full.")

    monkeypatch.setattr(catalogue, "put", fail)
    with pytest.raises(LibraryError, match="full"):
        catalogue.import_pack(store, pack)
    assert store.audio.digests() == set()
    assert catalogue.lessons(store, "") == []


def test_an_import_that_fails_leaves_the_recordings_of_others(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = archive(tmp_path / "pack.zip", {"lesson.toml": WITH_AUDIO, "said/hello.flac": sound()})
    catalogue.import_pack(store, pack)
    before = store.audio.digests()
    monkeypatch.setattr(catalogue, "put", lambda *_args: pytest.fail("stop here"))
    with pytest.raises(pytest.fail.Exception):
        catalogue.import_pack(store, pack)
    assert store.audio.digests() == before


# --- changes ------------------------------------------------------------------------------------


def test_a_change_keeps_the_ids_of_texts_that_are_the_same(store: Store) -> None:
    kept = saved(store)
    changed = replace(LESSON, title="Less", items=(Item("Three."), Item("New."), Item("One.", note="Other.")))
    assert catalogue.save_lesson(store, kept.id, changed) == kept.id
    after = catalogue.lesson(store, kept.id)
    assert after.to_lesson() == changed
    assert ids(after)[0] == ids(kept)[2]
    assert ids(after)[2] == ids(kept)[0]
    assert ids(after)[1] not in ids(kept)


def test_the_same_text_twice_stays_two_items(store: Store) -> None:
    twice = replace(LESSON, items=(Item("One."), Item("One.")))
    kept = saved(store, twice)
    catalogue.save_lesson(store, kept.id, replace(twice, items=(*twice.items, Item("One."))))
    assert ids(catalogue.lesson(store, kept.id))[:2] == ids(kept)


def test_a_text_that_was_changed_keeps_the_id_that_it_is_given(store: Store) -> None:
    kept = saved(store)
    first, second, _third = ids(kept)
    changed = replace(LESSON, items=(Item("2."), Item("1."), Item("One.")))
    catalogue.save_lesson(store, kept.id, changed, item_ids=[second, first, None])
    after = catalogue.lesson(store, kept.id)
    assert ids(after)[:2] == [second, first]
    assert ids(after)[2] not in ids(kept)
    assert texts(after) == ["2.", "1.", "One."]


def test_attempts_stay_linked_to_a_text_that_was_moved(store: Store, read: Read) -> None:
    kept = saved(store)
    attempt = read(lesson_id=kept.id, item_id=kept.items[2].id)
    catalogue.save_lesson(store, kept.id, replace(LESSON, items=LESSON.items[::-1]))
    assert attempts.load(store, attempt).row.item_id == kept.items[2].id
    assert texts(catalogue.lesson(store, kept.id)) == ["Three.", "Two.", "One."]


def test_what_was_read_of_a_text_that_is_taken_out_stays(store: Store, read: Read) -> None:
    kept = saved(store)
    attempt = read(lesson_id=kept.id, item_id=kept.items[0].id)
    catalogue.save_lesson(store, kept.id, replace(LESSON, items=LESSON.items[1:]))
    row = attempts.load(store, attempt).row
    assert (row.item_id, row.lesson_id) == (None, kept.id)


@pytest.mark.parametrize(
    "bad", [replace(LESSON, title="<b>"), replace(LESSON, items=()), replace(LESSON, items=(Item("☺"),))]
)
def test_a_lesson_that_is_not_in_order_is_not_kept(store: Store, bad: Lesson) -> None:
    kept = saved(store)
    for lesson_id in (None, kept.id):
        with pytest.raises(LessonError):
            catalogue.save_lesson(store, lesson_id, bad)
    assert [catalogue.lesson(store, row.id) for row in catalogue.lessons(store, "")] == [kept]


def test_a_recording_is_kept_changed_and_taken_out(store: Store) -> None:
    lesson_id = catalogue.save_lesson(store, None, with_recording(), audio={"new.flac": tone(300)})
    (first,) = store.audio.digests()
    kept = catalogue.lesson(store, lesson_id).to_lesson()
    assert kept.items[0].recording == Path(recording_name(first))
    catalogue.save_lesson(store, lesson_id, replace(kept, title="Still heard"))
    assert store.audio.digests() == {first}
    catalogue.save_lesson(store, lesson_id, with_recording(), audio={"new.flac": tone(400)})
    (second,) = store.audio.digests()
    assert second != first
    catalogue.save_lesson(store, lesson_id, replace(kept, items=(Item("One."),)))
    assert store.audio.digests() == set()


@pytest.mark.parametrize("name", ["new.flac", recording_name("0" * 64), "recordings/../../library.db"])
def test_a_recording_that_is_not_there_is_told(store: Store, name: str) -> None:
    with pytest.raises(LessonError, match="is not there any more"):
        catalogue.save_lesson(store, None, with_recording(name))


def test_a_recording_that_is_too_long_is_refused(store: Store) -> None:
    long = Recording.from_samples([0.1, -0.1] * (SAMPLE_RATE * 61), SAMPLE_RATE)
    with pytest.raises(LessonError, match="longer than 120 seconds"):
        catalogue.save_lesson(store, None, with_recording(), audio={"new.flac": long})
    assert store.audio.digests() == set()


def test_a_recording_has_the_digest_of_its_name() -> None:
    assert recording_digest(recording_name("ab" * 32)) == "ab" * 32


def test_a_copy_is_ones_own_and_shares_the_recordings(store: Store) -> None:
    kept = catalogue.lesson(
        store, catalogue.save_lesson(store, None, with_recording(), audio={"new.flac": tone(300)})
    )
    copy = catalogue.lesson(store, catalogue.copy_lesson(store, kept.id))
    assert copy.to_lesson() == replace(kept.to_lesson(), title="Heard (copy)")
    assert (copy.origin, copy.position) == ("own", 1)
    assert not set(ids(copy)) & set(ids(kept))
    catalogue.delete_lesson(store, kept.id)
    assert store.audio.digests() == {copy.items[0].recording}


def test_a_copy_of_a_long_title_can_be_saved(store: Store) -> None:
    copy = catalogue.lesson(
        store, catalogue.copy_lesson(store, saved(store, replace(LESSON, title="x" * 200)).id)
    )
    assert len(copy.title) == 200
    assert catalogue.save_lesson(store, copy.id, copy.to_lesson()) == copy.id


def test_a_lesson_is_deleted_with_its_texts_and_recordings(store: Store, read: Read) -> None:
    lesson_id = catalogue.save_lesson(store, None, with_recording(), audio={"new.flac": tone(300)})
    kept = catalogue.lesson(store, lesson_id)
    attempt = read(lesson_id=lesson_id, item_id=kept.items[0].id)
    row = attempts.load(store, attempt).row
    catalogue.delete_lesson(store, lesson_id)
    assert catalogue.lessons(store, "") == []
    assert store.audio.digests() == {row.recording}
    with store.reading() as session:
        assert session.scalar(select(func.count(models.Item.id))) == 0
    after = attempts.load(store, attempt).row
    assert (after.lesson_id, after.item_id, after.text) == (None, None, row.text)
    catalogue.delete_lesson(store, lesson_id)


def test_what_ships_is_neither_changed_nor_deleted_but_copied(store: Store) -> None:
    catalogue.add_shipped(store)
    shipped = catalogue.lesson(store, FIRST)
    assert not shipped.can_be_changed
    with pytest.raises(LibraryError, match="cannot be changed"):
        catalogue.save_lesson(store, FIRST, LESSON)
    with pytest.raises(LibraryError, match="cannot be deleted"):
        catalogue.delete_lesson(store, FIRST)
    assert catalogue.lesson(store, FIRST) == shipped
    copy = catalogue.copy_lesson(store, FIRST)
    assert catalogue.save_lesson(store, copy, LESSON) == copy


@pytest.mark.parametrize(
    ("moved", "to", "order"),
    [("C", 0, "CABD"), ("A", 2, "BCAD"), ("B", 99, "ACDB"), ("D", -3, "DABC"), ("B", 1, "ABCD")],
)
def test_a_lesson_is_moved(store: Store, moved: str, to: int, order: str) -> None:
    known = {title: saved(store, replace(LESSON, title=title)).id for title in "ABCD"}
    catalogue.move_lesson(store, known[moved], to)
    assert "".join(titles(store)) == order
    saved(store, replace(LESSON, title="E"))
    assert "".join(titles(store)) == f"{order}E"
