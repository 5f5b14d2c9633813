"""An archive brings a library, or a part of it, into another one: wholly or not at all, and once."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from app.library import archive, attempts, learners
from app.library.archive import Exported, Imported, export_all, import_archive, look
from app.library.archive_rows import TABLES as ARCHIVED
from app.library.archive_rows import ArchiveError
from app.library.errors import LibraryError
from app.library.store import Store, open_store
from assessment.control import Control
from assessment.errors import Cancelled
from tests.app.library.conftest import STARTED, tone
from tests.app.library.disk import small_disk
from tests.app.library.filled import TABLES, attempts_of, everything, fill, put, rows


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """Another library, empty."""
    opened = open_store(tmp_path / "other")
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the archive goes."""
    folder = tmp_path / "archives"
    folder.mkdir()
    return folder / "all.elocute"


def count(store: Store) -> dict[str, int]:
    return {name: len(found) for name, found in rows(store).items() if found}


def without(dump: dict[str, list[Any]], *tables: str) -> dict[str, list[Any]]:
    return {name: found for name, found in dump.items() if name not in tables}


def stopping_at(share: float) -> Control:
    """Return a control that stops the work once a share of it is done."""

    def look_at(done: float) -> None:
        if done >= share:
            control.cancel()

    control = Control(look_at)
    return control


# --- all of it ------------------------------------------------------------------------------


def test_everything_comes_back_in_another_library(store: Store, other: Store, path: Path) -> None:
    fill(store, "Mia")
    fill(store, "Jon", 400)
    assert export_all(store, path, Control()) == Exported(path, 2, 4, 2, 8, 0)
    assert import_archive(other, path, Control()) == Imported(2, 4, 2, 8, 0)
    assert rows(other) == rows(store)
    assert everything(other.folder) == everything(store.folder)
    assert not all(found == [] for found in rows(store).values())


def test_a_reading_from_an_archive_is_shown_and_heard(store: Store, other: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    for attempt in attempts_of(store, mia):
        before, after = attempts.load(store, attempt), attempts.load(other, attempt)
        assert (before.row, before.assessment) == (after.row, after.assessment)
        assert after.recording is not None


def test_importing_twice_is_importing_once(store: Store, other: Store, path: Path) -> None:
    fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    once, files = rows(other), everything(other.folder)
    again = import_archive(other, path, Control())
    assert (again.learners, again.attempts, again.lessons, again.recordings) == (0, 0, 0, 0)
    assert again.skipped == sum(len(once[table.name]) for table in ARCHIVED)
    assert rows(other) == once
    assert everything(other.folder) == files


def test_importing_where_it_came_from_changes_nothing(store: Store, path: Path) -> None:
    fill(store, "Mia")
    before = rows(store)
    export_all(store, path, Control())
    assert import_archive(store, path, Control()).attempts == 0
    assert rows(store) == before


def test_two_libraries_become_one(store: Store, other: Store, path: Path) -> None:
    fill(store, "Mia")
    fill(other, "Jon", 400)
    export_all(store, path, Control())
    import_archive(other, path, Control())
    assert [each.name for each in learners.all_learners(other)] == ["Jon", "Mia"]
    assert count(other) == {name: 2 * number for name, number in count(store).items()}


def test_an_empty_library_can_be_exported(store: Store, other: Store, path: Path) -> None:
    export_all(store, path, Control())
    assert import_archive(other, path, Control()) == Imported(0, 0, 0, 0, 0)


def test_the_archive_is_plain_json_and_flac(store: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    export_all(store, path, Control())
    with zipfile.ZipFile(path) as opened:
        names = opened.namelist()
        attempt = json.loads(opened.read("tables/attempts.jsonl").splitlines()[0])
        (learner,) = map(json.loads, opened.read("tables/learners.jsonl").splitlines())
    assert learner["name"] == "Mia"
    assert learner["created"] == mia.created.isoformat()
    assert attempt["assessment"]["format"] == "elocute-assessment"
    assert {name.partition("/")[0] for name in names} == {"manifest.json", "tables", "recordings"}


def test_an_archive_tells_what_is_in_it(store: Store, path: Path) -> None:
    fill(store, "Mia")
    export_all(store, path, Control())
    told = look(path)
    assert told.created is not None
    assert told.program.startswith("Elocute ")
    assert (told.counts["learners"], told.counts["attempts"], told.counts["recordings"]) == (1, 2, 4)


def test_progress_goes_up_to_the_end(store: Store, other: Store, path: Path) -> None:
    fill(store, "Mia")
    shares: list[float] = []
    export_all(store, path, Control(shares.append))
    assert shares == sorted(shares)
    assert shares[0] < 0.2
    shares.clear()
    import_archive(other, path, Control(shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_library_moves_to_a_server_and_back(
    store: Store, other: Store, path: Path, tmp_path: Path, url: str
) -> None:
    mia = fill(store, "Mia")
    fill(store, "Jon", 400)
    on_server = open_store(tmp_path / "server", url)
    try:
        export_all(store, path, Control())
        assert import_archive(on_server, path, Control()) == Imported(2, 4, 2, 8, 0)
        assert import_archive(on_server, path, Control()).attempts == 0
        # On a server the recordings are in the database, too.
        assert without(rows(on_server), "shared_recordings") == without(rows(store), "shared_recordings")
        export_all(on_server, path, Control())
        import_archive(other, path, Control())
        assert rows(other) == rows(store)
        attempts.delete(on_server, attempts_of(on_server, mia))
        with pytest.raises(Cancelled):
            import_archive(on_server, path, stopping_at(0.95))
        assert attempts_of(on_server, mia) == []
    finally:
        on_server.close()


# --- a part of it ---------------------------------------------------------------------------


def test_chosen_learners_take_all_of_theirs_with_them(store: Store, other: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    alone = count(store)
    fill(store, "Jon", 400)
    export_all(store, path, Control(), learners=[mia.id])
    import_archive(other, path, Control())
    assert count(other) == alone
    assert [each.name for each in learners.all_learners(other)] == ["Mia"]
    assert b"Jon" not in b"".join(map(repr_bytes, rows(other).values()))
    assert len(other.audio.digests()) == 4


def repr_bytes(value: object) -> bytes:
    return repr(value).encode()


def test_chosen_attempts_take_only_what_they_need_with_them(store: Store, other: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    fill(store, "Jon", 400)
    own, in_lesson = attempts_of(store, mia)
    export_all(store, path, Control(), attempts=[in_lesson])
    import_archive(other, path, Control())
    found = count(other)
    assert found.pop("phone_results") > 5
    assert found.pop("word_results") == 7
    assert found == {
        "learners": 1,
        "lessons": 1,
        "items": 1,
        "sessions": 1,
        "attempts": 1,
        "assessments": 1,
        "comments": 1,
    }
    assert attempts.load(other, in_lesson).row == attempts.load(store, in_lesson).row
    with pytest.raises(LibraryError):
        attempts.load(other, own)


def test_of_chosen_learners_attempts_can_be_chosen(store: Store, other: Store, path: Path) -> None:
    mia, jon = fill(store, "Mia"), fill(store, "Jon", 400)
    chosen = attempts_of(store, mia)[:1] + attempts_of(store, jon)
    export_all(store, path, Control(), learners=[mia.id], attempts=chosen)
    import_archive(other, path, Control())
    assert attempts_of(other, mia) == chosen[:1]
    assert count(other)["learners"] == 1


# --- merging --------------------------------------------------------------------------------


def test_what_is_here_is_kept(store: Store, other: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    learners.rename(other, mia.id, "Mia B.")
    attempt = attempts_of(other, mia)[0]
    attempts.star(other, attempt, True)
    import_archive(other, path, Control())
    assert learners.all_learners(other)[0].name == "Mia B."
    assert attempts.load(other, attempt).row.is_starred


def test_a_sitting_becomes_as_long_as_both(store: Store, other: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    with store.writing() as session:
        session.execute(update(TABLES["sessions"]).values(ended=STARTED + timedelta(hours=1)))
    with other.writing() as session:
        session.execute(update(TABLES["sessions"]).values(started=STARTED - timedelta(hours=1)))
    export_all(store, path, Control(), learners=[mia.id])
    import_archive(other, path, Control())
    column = list(TABLES["sessions"].columns.keys())
    for row in rows(other)["sessions"]:
        assert row[column.index("started")] == STARTED - timedelta(hours=1)
        assert row[column.index("ended")] == STARTED + timedelta(hours=1)


@pytest.mark.parametrize(("hours", "stability"), [(1, 9.0), (-1, 2.5), (None, 2.5)])
def test_the_card_that_was_practised_last_counts(
    store: Store, other: Store, path: Path, hours: int | None, stability: float
) -> None:
    fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    cards = TABLES["cards"]
    last = None if hours is None else (STARTED + timedelta(hours=hours)).isoformat()
    state = {"card_id": 1, "state": 2, "stability": 9.0, "last_review": last}
    with store.writing() as session:
        session.execute(update(cards).where(cards.c.phone == "ZH").values(state=state, due=STARTED))
    export_all(store, path, Control())
    import_archive(other, path, Control())
    (kept,) = (row for row in rows(other)["cards"] if row[1] == "ZH")
    assert kept[2]["stability"] == stability


@pytest.mark.parametrize(("minutes", "score"), [(5, 90.0), (-5, 40.0)])
@pytest.mark.parametrize("is_the_same", [True, False])
def test_of_two_marks_of_one_author_the_newer_counts(
    store: Store, other: Store, path: Path, minutes: int, score: float, is_the_same: bool
) -> None:
    fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    marks = TABLES["marks"]
    number = len(rows(store)["marks"])
    with store.writing() as session:
        said = session.execute(marks.select().where(marks.c.word == 1)).mappings().one()
        changed = {**said, "score": 90.0, "created": said["created"] + timedelta(minutes=minutes)}
        session.execute(delete(marks).where(marks.c.word == 1))
        session.execute(insert(marks).values(**(changed if is_the_same else {**changed, "id": "another"})))
    export_all(store, path, Control())
    for _ in range(2):
        import_archive(other, path, Control())
        scores = [row[4] for row in rows(other)["marks"] if row[2] == 1]
        assert scores == [score]
        assert len(rows(other)["marks"]) == number


def test_a_lesson_that_is_here_keeps_its_items(store: Store, other: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    in_lesson = attempts_of(store, mia)[1]
    with other.writing() as session:
        session.execute(delete(TABLES["items"]))
    attempts.delete(other, [in_lesson])
    import_archive(other, path, Control())
    assert rows(other)["items"] == []
    row = attempts.load(other, in_lesson).row
    assert row.item_id is None
    assert row.lesson == "Mia’s lesson"


def test_a_recording_that_was_lost_comes_back_from_an_archive(store: Store, other: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    for digest in other.audio.digests():
        other.audio.remove(digest)
    assert import_archive(other, path, Control()).recordings == 4
    assert attempts.load(other, attempts_of(other, mia)[0]).recording is not None


def test_a_recording_that_was_deleted_does_not_come_back(store: Store, other: Store, path: Path) -> None:
    mia = fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    own = attempts.load(other, attempts_of(other, mia)[0]).row
    assert own.recording
    with other.writing() as session:
        session.execute(update(TABLES["attempts"]).values(recording=None))
    other.audio.remove(own.recording)
    assert import_archive(other, path, Control()).recordings == 0
    assert own.recording not in other.audio.digests()


def test_recordings_that_are_missing_or_damaged_are_left_out_and_told(
    store: Store, other: Store, path: Path
) -> None:
    mia = fill(store, "Mia")
    missing, damaged = (attempts.load(store, each).row.recording or "" for each in attempts_of(store, mia))
    store.audio.remove(missing)
    store.audio.path(damaged).write_bytes(b"fLaC but another")
    exported = export_all(store, path, Control())
    assert (exported.recordings, exported.missing) == (2, 2)
    imported = import_archive(other, path, Control())
    assert imported.recordings == 2
    assert imported.notes == (
        "Recordings that are not in the archive: 2. The scores of these readings are kept.",
    )
    assert attempts.load(other, attempts_of(other, mia)[0]).recording is None


# --- whole or not at all --------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.1, 0.45, 0.85])
def test_an_export_that_is_stopped_leaves_what_was_there(store: Store, path: Path, share: float) -> None:
    fill(store, "Mia")
    path.write_text("an older archive")
    with pytest.raises(Cancelled):
        export_all(store, path, stopping_at(share))
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.read_text() == "an older archive"


def test_an_export_to_a_full_disk_leaves_what_was_there(store: Store, path: Path) -> None:
    fill(store, "Mia")
    path.write_text("an older archive")
    with small_disk(5_000), pytest.raises(LibraryError, match="disk is not full"):
        export_all(store, path, Control())
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.read_text() == "an older archive"


def test_a_folder_that_is_not_there_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be written"):
        export_all(store, tmp_path / "nowhere" / "all.elocute", Control())


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6, 0.92, 0.99])
def test_an_import_that_is_stopped_leaves_nothing(
    store: Store, other: Store, path: Path, share: float
) -> None:
    fill(store, "Mia")
    fill(other, "Jon", 400)
    export_all(store, path, Control())
    before, files = rows(other), everything(other.folder)
    with pytest.raises(Cancelled):
        import_archive(other, path, stopping_at(share))
    assert rows(other) == before
    assert everything(other.folder) == files


@pytest.mark.parametrize("limit", [1_000, 50_000, 120_000])
def test_an_import_to_a_full_disk_leaves_nothing(store: Store, other: Store, path: Path, limit: int) -> None:
    for number in range(8):
        fill(store, f"Mia {number}", 300 + 10 * number)
    export_all(store, path, Control())
    before, files = rows(other), everything(other.folder)
    with small_disk(limit), pytest.raises(LibraryError, match=r"full|room"):
        import_archive(other, path, Control())
    assert rows(other) == before
    assert everything(other.folder) == files
    assert import_archive(other, path, Control()).learners == 8


def test_a_library_that_can_only_be_read_takes_nothing_in(store: Store, other: Store, path: Path) -> None:
    fill(store, "Mia")
    export_all(store, path, Control())
    other.is_read_only, other.note = True, "It was written by a newer Elocute."
    with pytest.raises(LibraryError, match="newer Elocute"):
        import_archive(other, path, Control())


def test_a_recording_that_another_reading_uses_stays_when_an_import_is_stopped(
    store: Store, other: Store, path: Path
) -> None:
    mia, jon = fill(store, "Mia"), learners.add(other, "Jon")
    own = attempts.load(store, attempts_of(store, mia)[0])
    export_all(store, path, Control())
    put(other, "sessions", id="s", learner_id=jon.id)
    assert other.audio.add(tone(300)) == own.row.recording
    attempts.add(other, attempts.Purpose(jon.id), tone(300), own.assessment, STARTED)
    with pytest.raises(Cancelled):
        import_archive(other, path, stopping_at(0.95))
    assert other.audio.digests() == {own.row.recording}


def test_a_recording_that_is_deleted_during_an_import_is_there_in_the_end(
    store: Store, other: Store, path: Path
) -> None:
    mia = fill(store, "Mia")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    learners.delete(other, mia.id)

    before: set[str] = set()

    def delete_meanwhile(share: float) -> None:
        if share >= 0.9 and not before:
            before.update(other.audio.digests())
            for digest in before:
                other.audio.remove(digest)

    import_archive(other, path, Control(delete_meanwhile))
    assert other.audio.digests() == before == store.audio.digests()


def test_another_learners_attempt_under_a_known_id_is_refused(store: Store, other: Store, path: Path) -> None:
    mia, jon = fill(store, "Mia"), learners.add(store, "Jon")
    export_all(store, path, Control())
    import_archive(other, path, Control())
    with other.writing() as session:
        for name in ("sessions", "attempts"):
            session.execute(update(TABLES[name]).values(learner_id=jon.id))
    before = rows(other)
    with pytest.raises(ArchiveError, match="another learner's"):
        import_archive(other, path, Control())
    assert rows(other) == before
    assert attempts_of(other, mia) == []


def test_the_format_names_its_version() -> None:
    assert (archive.FORMAT, archive.FORMAT_VERSION, archive.SUFFIX) == ("elocute-archive", 1, ".elocute")
