"""What is deleted is gone, from every file of the library, and nothing private is ever logged."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.library import attempts, backups, learners, privacy
from app.library.archive import export_all, import_archive
from app.library.attempts import Purpose
from app.library.backups import back_up
from app.library.errors import LibraryError
from app.library.models import Learner, now
from app.library.privacy import (
    delete_learner,
    erase_traces,
    purge_backups,
    remove_old_recordings,
    remove_unused,
)
from app.library.records import LearnerRow
from app.library.store import Store, open_store
from app.library.upkeep import upkeep
from assessment.control import Control
from tests.app.library.conftest import STARTED, Read, tone
from tests.app.library.filled import attempts_of, everything, fill, put, rows
from tests.assessment import examples

NAME = "Zebulon Quartermaine"
DAY = 24 * 60


def holds(folder: Path, wanted: str) -> list[str]:
    """Return which files of a folder hold a text, the database and its log included."""
    return [
        path.name
        for path in sorted(folder.rglob("*"))
        if path.is_file() and wanted.encode() in path.read_bytes()
    ]


def aged(store: Store, digest: str, hours: float) -> None:
    moment = now().timestamp() - hours * 3_600
    os.utime(store.audio.path(digest), (moment, moment))


# --- recordings as the settings say ---------------------------------------------------------


@pytest.mark.parametrize(("keeping", "left"), [("always", 3), ("30-days", 2), ("never", 0)])
def test_recordings_are_deleted_as_the_settings_say(
    store: Store, read: Read, keeping: str, left: int
) -> None:
    ids = [read(-days * DAY, tone(300 + days)) for days in (1, 29, 31)]
    assert remove_old_recordings(store, keeping, STARTED) == 3 - left
    kept = [attempts.load(store, each) for each in ids]
    assert [each.recording is not None for each in kept] == [True] * left + [False] * (3 - left)
    assert [each.row.recording is not None for each in kept] == [True] * left + [False] * (3 - left)
    assert all(each.row.overall == 68.0 for each in kept)
    assert len(store.audio.digests()) == left


def test_a_recording_that_a_newer_reading_has_too_stays(store: Store, read: Read) -> None:
    old, new = read(-40 * DAY), read()
    assert remove_old_recordings(store, "30-days", STARTED) == 0
    assert attempts.load(store, old).recording is None
    assert attempts.load(store, new).recording is not None


def test_model_recordings_and_spoken_comments_are_not_the_learners(store: Store) -> None:
    fill(store, "Mia")
    assert remove_old_recordings(store, "never", now()) == 2
    assert len(store.audio.digests()) == 2


def test_many_old_recordings_are_deleted(store: Store, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_AT_A_TIME", 3)
    for number in range(8):
        read(-40 * DAY - number, tone(300 + number))
    assert remove_old_recordings(store, "30-days", STARTED) == 8
    assert store.audio.digests() == set()


def test_a_recording_that_cannot_be_deleted_is_tried_again(
    store: Store, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = read(-40 * DAY)

    def fail(_digest: str) -> None:
        raise LibraryError("The recording cannot be deleted.")

    with monkeypatch.context() as broken:
        broken.setattr(store.audio, "remove", fail)
        with pytest.raises(LibraryError):
            remove_old_recordings(store, "30-days", STARTED)
    assert attempts.load(store, attempt).recording is not None
    assert remove_old_recordings(store, "30-days", STARTED) == 1


# --- recordings that nothing refers to ------------------------------------------------------


def test_unused_recordings_are_deleted_but_never_young_ones(store: Store, read: Read) -> None:
    used = attempts.load(store, read()).row.recording
    assert used
    old, young = store.audio.add(tone(500)), store.audio.add(tone(501))
    aged(store, used, 100)
    aged(store, old, 2)
    aged(store, young, 0.9)
    assert remove_unused(store) == 1
    assert store.audio.digests() == {used, young}


def test_recordings_of_lessons_and_comments_are_used(store: Store) -> None:
    fill(store, "Mia")
    for digest in store.audio.digests():
        aged(store, digest, 2)
    assert remove_unused(store) == 0


def test_a_recording_that_a_backup_refers_to_stays_for_the_time_when_it_is_restored(
    store: Store, read: Read
) -> None:
    before = back_up(store, STARTED)
    attempt = read()
    after = back_up(store, STARTED + timedelta(hours=1))
    assert before
    assert after
    store.close()
    backups.restore(store.folder, before, now())
    again = open_store(store.folder)
    (digest,) = again.audio.digests()
    aged(again, digest, 2)
    assert remove_unused(again) == 0
    again.close()
    backups.restore(store.folder, after, now())
    third = open_store(store.folder)
    assert attempts.load(third, attempt).recording is not None
    third.close()


# --- a learner with everything --------------------------------------------------------------


def test_a_learner_is_deleted_with_everything(store: Store) -> None:
    mia = fill(store, "Mia")
    before, recordings = rows(store), everything(store.folder)
    zeb = fill(store, NAME, 400)
    delete_learner(store, zeb.id)
    assert [each.name for each in learners.all_learners(store)] == ["Mia"]
    after = rows(store)
    for table in set(before) - {"lessons", "items", "classes"}:
        assert after[table] == before[table]
    # The lesson that came along is nobody's, and stays with its model recording.
    assert len(everything(store.folder)) == len(recordings) + 1
    assert len(attempts_of(store, mia)) == 2


def test_a_recording_that_somebody_else_has_too_stays(store: Store, learner: LearnerRow, read: Read) -> None:
    attempt = read()
    other = learners.add(store, NAME)
    attempts.add(store, Purpose(other.id), tone(220), examples.good_reading(), STARTED + timedelta(minutes=1))
    delete_learner(store, other.id)
    assert attempts.load(store, attempt).recording is not None


def test_nothing_of_a_deleted_learner_is_left_in_any_file(store: Store) -> None:
    fill(store, "Mia")
    zeb = learners.add(store, NAME)
    for number in range(60):  # so that they are spread over many pages
        reading = examples.good_reading()
        attempts.add(store, Purpose(zeb.id), tone(600), reading, STARTED + timedelta(hours=number))
        put(
            store,
            "comments",
            learner_id=zeb.id,
            attempt_id=None,
            word=None,
            text=f"{NAME} {number} " + "says " * number,
            recording=None,
        )
    assert holds(store.folder, NAME) == ["library.db-wal"] or "library.db" in holds(store.folder, NAME)
    delete_learner(store, zeb.id)
    assert holds(store.folder, NAME) == []
    assert holds(store.folder, zeb.id) == []
    assert "Mia" in [each.name for each in learners.all_learners(store)]
    assert holds(store.folder, "Mia") != []


def test_traces_wait_for_somebody_who_reads(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_PATIENCE_SECONDS", 0.2)
    zeb = fill(store, NAME)
    with store.reading() as session:
        session.connection().exec_driver_sql("SELECT * FROM learners").fetchone()
        assert "traces of it" in delete_learner(store, zeb.id)
    assert learners.all_learners(store) == []
    erase_traces(store)
    assert holds(store.folder, zeb.id) == []


def test_somebody_who_is_not_there_cannot_be_deleted(store: Store) -> None:
    with pytest.raises(LibraryError, match="not in the library"):
        delete_learner(store, "nobody")


def test_a_learner_on_a_server_is_deleted_with_everything(tmp_path: Path, url: str) -> None:
    on_server = open_store(tmp_path / "server", url)
    try:
        zeb = fill(on_server, NAME)
        assert remove_old_recordings(on_server, "never", now()) == 2
        assert delete_learner(on_server, zeb.id) == ""
        left = {table: found for table, found in rows(on_server).items() if zeb.id in repr(found)}
        assert left == {}
        assert remove_unused(on_server) == 0
    finally:
        on_server.close()


# --- backups --------------------------------------------------------------------------------


def test_a_learner_is_deleted_from_all_backups_and_the_others_stay(store: Store) -> None:
    fill(store, "Mia")
    first = back_up(store, STARTED)
    zeb = fill(store, NAME, 400)
    for hours in (1, 2):
        back_up(store, STARTED + timedelta(hours=hours))
    delete_learner(store, zeb.id)
    assert len(holds(store.folder / "backups", NAME)) == 2
    assert purge_backups(store.folder, zeb.id) == 2
    # The class and the lesson are not the learner's own.
    assert holds(store.folder / "backups", zeb.id) == []
    listed = backups.backups(store.folder)
    assert [backup.learners for backup in listed] == [1, 1, 1]
    assert first == listed[-1].path
    store.close()
    backups.restore(store.folder, listed[0].path, now())
    again = open_store(store.folder)
    assert [each.name for each in learners.all_learners(again)] == ["Mia"]
    again.close()


def test_nothing_of_a_learner_is_left_in_backups(store: Store) -> None:
    zeb = learners.add(store, NAME)
    put(store, "comments", learner_id=zeb.id, attempt_id=None, word=None, text=NAME * 300, recording=None)
    back_up(store, STARTED)
    delete_learner(store, zeb.id)
    assert holds(store.folder, NAME) != []
    purge_backups(store.folder, zeb.id)
    assert holds(store.folder, NAME) == []


def test_damaged_files_are_deleted_because_nobody_knows_who_is_in_them(store: Store) -> None:
    zeb = learners.add(store, NAME)
    damaged = store.folder / "backups" / "damaged-2026-05-01T00-00-00.db"
    backup = store.folder / "backups" / "library-2026-05-01T00-00-00.db"
    damaged.parent.mkdir()
    for path in (damaged, backup):
        path.write_bytes(NAME.encode() * 1000)
    assert purge_backups(store.folder, zeb.id) == 1
    assert list(damaged.parent.iterdir()) == []


def test_backups_without_the_learner_stay_as_they_are(store: Store, learner: LearnerRow) -> None:
    path = back_up(store, STARTED)
    assert path
    before = path.read_bytes()
    assert purge_backups(store.folder, "nobody") == 0
    assert path.read_bytes() == before


# --- upkeep and the log ---------------------------------------------------------------------


def test_upkeep_deletes_old_recordings_and_makes_a_backup(store: Store, read: Read) -> None:
    attempt = read(-40 * DAY)
    assert now() > datetime(2026, 5, 4, tzinfo=UTC)
    upkeep(store, "30-days")
    assert attempts.load(store, attempt).recording is None
    assert len(backups.backups(store.folder)) == 1


def test_names_texts_and_scores_are_never_logged(
    store: Store, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    zeb = fill(store, NAME)
    path = back_up(store, STARTED)
    assert path
    export_all(store, tmp_path / "all.elocute", Control())
    delete_learner(store, zeb.id)
    import_archive(store, tmp_path / "all.elocute", Control())
    upkeep(store, "never")
    with pytest.raises(LibraryError):
        learners.rename(store, "nobody", NAME)
    store.close()
    backups.restore(store.folder, path, now())
    for private in (NAME, "elephant", "68.0", "Well done"):
        assert private not in caplog.text


def test_what_goes_wrong_in_a_statement_does_not_tell_its_values(store: Store) -> None:
    def add_wrongly() -> None:
        with store.writing() as session:
            session.add(Learner(name=NAME, created=datetime(2026, 5, 4)))

    with pytest.raises(Exception, match="zone") as told:
        add_wrongly()
    assert NAME not in str(told.value)
